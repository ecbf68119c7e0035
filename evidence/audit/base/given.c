/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what a command was given. Touches the files that are named and the stream for complaints. */
#include "evidence/audit/base/given.h"

#include "evidence/audit/base/audit.h"
#include "evidence/audit/base/file.h"
#include "evidence/audit/base/words.h"

#define UUID_LEN 36u

int told_complain(FILE *err, const char *path, enum told_status status, const char *todo)
{
	fputs("told-audit: ", err);
	told_print_plain(err, told_text(path));
	fprintf(err, ": %s\n%s\n", told_status_text(status), todo);
	return TOLD_AUDIT_CONFIG;
}

int told_policy_read(const char *path, FILE *err, struct told_buf *text, struct told_policy *out)
{
	struct told_policy_fault fault;
	enum told_status status = told_audit_read(path, text);
	if (status != TOLD_OK)
		return told_complain(err, path, status,
				     "The policy file holds the log's verifier key: ask the operator for it.");
	status = told_policy_parse(told_buf_view(text), out, &fault);
	if (status == TOLD_OK && out->log_count == 0) {
		fault = (struct told_policy_fault){.what = "it has no log line, so no log can be believed"};
		status = TOLD_E_CONFIG;
	}
	if (status == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	fputs("told-audit: ", err);
	told_print_plain(err, told_text(path));
	if (fault.line > 0)
		fprintf(err, ": line %zu", fault.line);
	fprintf(err, ": %s\nCorrect the policy; its form is in told-audit(1).\n", fault.what);
	return TOLD_AUDIT_CONFIG;
}

enum told_status told_id_parse(struct told_bytes text, uint8_t id[TOLD_ID_BYTES])
{
	uint8_t digits[UUID_LEN];
	size_t count = 0;
	if (text.len != UUID_LEN)
		return told_unhex(text, id, TOLD_ID_BYTES);
	for (size_t i = 0; i < text.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash != (text.data[i] == '-'))
			return TOLD_E_MALFORMED;
		if (!dash)
			digits[count++] = text.data[i];
	}
	return told_unhex(told_bytes(digits, count), id, TOLD_ID_BYTES);
}

int told_seed_read(const char *path, FILE *err, uint8_t seed[TOLD_KEY_BYTES])
{
	struct told_buf text = TOLD_BUF(256);
	enum told_status status = told_audit_read(path, &text);
	if (status == TOLD_OK) {
		struct told_bytes line = told_buf_view(&text);
		line.len -= line.len > 0 && line.data[line.len - 1] == '\n';
		status = told_unhex(line, seed, TOLD_KEY_BYTES);
	}
	told_buf_free(&text); /* wiped */
	if (status == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	return told_complain(err, path, status, "A key file holds 64 hexadecimal digits, as told init writes them.");
}
