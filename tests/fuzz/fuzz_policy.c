/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: all keys together make every quorum, none makes none; a refusal says where and why. */
#include "evidence/policy.h"
#include "fuzz/fuzz.h"
#include "fuzz/log.h"

#include <string.h>

void fuzz_seeds(void)
{
	struct told_buf text = TOLD_BUF(4096);
	told_buf_put_text(&text, "# ours\nlog ");
	told_vkey_format(&fuzz_vkeys()[0], &text);
	told_buf_put_text(&text, " https://example.org/\nwitness housing ");
	told_vkey_format(&fuzz_vkeys()[1], &text);
	told_buf_put_text(&text, "\ngroup g all housing\nquorum g\n");
	fuzz_seed(told_buf_view(&text));
	told_buf_free(&text);
	fuzz_seed(told_text("quorum none\n"));
	fuzz_seed(told_text("group g any a b\n"));
}

void fuzz_one(struct told_bytes input)
{
	static struct told_policy policy;
	struct told_policy_fault fault;
	bool signed_by[TOLD_POLICY_KEYS_MAX] = {false};
	if (told_policy_parse(input, &policy, &fault) != TOLD_OK) {
		FUZZ_REQUIRE(fault.what != NULL && fault.line <= fuzz_lines(input));
		return;
	}
	FUZZ_REQUIRE(policy.key_count <= TOLD_POLICY_KEYS_MAX && policy.name_count <= TOLD_POLICY_NAMES_MAX);
	FUZZ_REQUIRE(policy.quorum == TOLD_POLICY_NONE || policy.quorum < policy.name_count);
	FUZZ_REQUIRE(told_policy_met(&policy, signed_by) == (policy.quorum == TOLD_POLICY_NONE));
	memset(signed_by, 1, sizeof signed_by);
	FUZZ_REQUIRE(told_policy_met(&policy, signed_by));
}
