/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of this room: agreement files with a few words changed, loaded. */
#ifndef TOLD_TEST_AGREE_TEXT_H
#define TOLD_TEST_AGREE_TEXT_H

#include "support/support.h"

#include "broker/agree/load.h"
#include "told/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file of the source tree, NUL-terminated, malloc'd. */
static inline char *source_text(const char *path)
{
	char full[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(full, sizeof full, "%s/%s", source != NULL ? source : ".", path);
	struct told_bytes bytes = told_test_read(full);
	char *text = calloc(1, bytes.len + 1);
	assert_non_null(text);
	memcpy(text, bytes.data, bytes.len);
	free((void *)(uintptr_t)bytes.data);
	return text;
}

/* The text with each occurrence of `from` replaced; the test fails when there is none. Frees the old text. */
static inline char *replaced(char *text, const char *from, const char *to)
{
	struct told_buf out = TOLD_BUF(4u << 20);
	char *at = text;
	size_t found = 0;
	for (char *hit; (hit = strstr(at, from)) != NULL; at = hit + strlen(from), found++) {
		told_buf_put(&out, at, (size_t)(hit - at));
		told_buf_put_text(&out, to);
	}
	if (found == 0)
		fail_msg("\"%s\" is not in the text", from);
	told_buf_put_text(&out, at);
	char *result = strdup(told_buf_cstr(&out));
	assert_non_null(result);
	told_buf_free(&out);
	free(text);
	return result;
}

/* The demo's agreement with fingerprints made up from the names. */
static inline char *northtown(void)
{
	static const char *const names[] = {"HOU", "TT", "SUD", "EMP"};
	char *text = source_text("agents/demo/northtown.yaml.in");
	for (size_t i = 0; i < 4; i++) {
		char from[32], to[96], hex[65];
		told_hash hash;
		told_sha256(told_text(names[i]), &hash);
		told_hex(hash.b, sizeof hash.b, hex);
		snprintf(from, sizeof from, "key: KEY_%s\n", names[i]);
		snprintf(to, sizeof to, "key: SHA256:%s\n", hex);
		text = replaced(text, from, to);
	}
	return text;
}

/* The same with everything that the format has. */
static inline char *everything(void)
{
	char *text = northtown();
	text = replaced(
		text, "consent-max: 12m\n",
		"consent-max: 6m\nunder: ISA-WIDE\nseal: [SAF.DA]\nthresholds:\n  - tool: DASH\n    version: 1\n"
		"    score: 14\n    ways: [score, judgement, escalation, repeat]\n    repeat-within: 12m\n");
	text = replaced(text, "    to: [SUPPORTER]\n",
			"    to: [SUPPORTER]\n    threshold: true\n    onward: never\n    marker: per-section\n    "
			"consent-max: 3m\n"
			"    statutory-exceptions: [gender_history, family_court]\n    benefit-warning: [PLN]\n");
	text = replaced(
		text, "overrides:\n",
		"  - clause: 8.1\n    from: [HOU]\n    to: [EMP]\n    types: [AGGREGATE]\n    purposes: [EVAL]\n"
		"    counts: true\n    smallest-cell: 5\n    consent: none\n    powers: [no_person]\noverrides:\n"
		"  - clause: 7.4\n    kind: law\n    from: [HOU]\n    to: [ASC]\n    types: [ALERT]\n    purposes: "
		"[SAFECHILD]\n"
		"    any: true\n    mandatory-report: true\n    art6: [c]\n    confidentiality: [law_or_court]\n"
		"    declare: [anyone]\n    expires: 72h\n"
		"  - clause: 7.3\n    kind: law\n    from: [HOU]\n    to: [NOK]\n    types: [DISCLOSURE_RECORD]\n    "
		"purposes: [COURT]\n"
		"    what-the-order-names: true\n    art6: [c]\n    art10: [official]\n    confidentiality: "
		"[law_or_court]\n"
		"    declare: [dpo, lawyer]\n    expires: 28d\n");
	text = replaced(text, "  - version: 3\n    from: 2026-06-01\n",
			"  - version: 3\n    from: 2026-06-01\n    changed:\n      from: [HOU]\n      to: [EMP]\n"
			"      purposes: [COORD]\n      data: [RSK.*]\n");
	text = replaced(text, "    contact: only\n    marks: [public, hsc, s213b]\n",
			"    contact: only\n    nation: wales\n    role: processor\n    acts-for: HOU\n");
	return text;
}

/* Loads what must be good; prints the faults when it is not. */
static inline struct told_agreement *loaded(struct told_parties *parties, const char *text)
{
	struct told_agreement *agreement = NULL;
	struct told_faults *faults = calloc(1, sizeof *faults);
	assert_non_null(faults);
	enum told_status status = told_agreement_load(told_text(text), "good.yaml", parties, &agreement, faults);
	struct told_buf out = TOLD_BUF(1u << 20);
	told_faults_print(faults, &out);
	if (status != TOLD_OK)
		print_message("%s", told_buf_cstr(&out));
	assert_int_equal(status, TOLD_OK);
	assert_false(told_faults_any(faults));
	told_buf_free(&out);
	told_faults_free(faults);
	free(faults);
	return agreement;
}

#endif
