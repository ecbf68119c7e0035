/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies: what C2SP tlog-policy allows is read, everything else is refused with line and reason. */
#include "support/support.h"

#include "evidence/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A verifier key with a name of its own; static memory, 16 at a time. */
static const char *vkey(const char *name, enum told_note_kind kind, uint8_t seed_byte)
{
	static char texts[64][128];
	static unsigned at;
	uint8_t seed[32] = {seed_byte}, key[32];
	struct told_vkey made;
	struct told_buf text = TOLD_BUF(127);
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	told_vkey_make(told_text(name), kind, key, &made);
	told_vkey_format(&made, &text);
	char *out = texts[at++ % 64];
	snprintf(out, sizeof texts[0], "%s", told_buf_cstr(&text));
	told_buf_free(&text);
	return out;
}

#define LOG(byte)     vkey("northtown/1", TOLD_NOTE_ED25519, byte)
#define WITNESS(byte) vkey("w", TOLD_NOTE_COSIGNATURE, byte)

static enum told_status parse(const char *text, struct told_policy *policy, struct told_policy_fault *fault)
{
	return told_policy_parse(told_text(text), policy, fault);
}

/* Adds lines to a policy of a log and witnesses A to E (lines 1 to 6), and parses it. */
static enum told_status with(const char *lines, struct told_policy *policy, struct told_policy_fault *fault)
{
	static char text[8192];
	int n = snprintf(text, sizeof text, "log %s\n", LOG(1));
	for (char name = 'A'; name <= 'E'; name++)
		n += snprintf(text + n, sizeof text - (size_t)n, "witness %c %s https://w.example/%c\n", name,
			      WITNESS((uint8_t)name), name);
	snprintf(text + n, sizeof text - (size_t)n, "%s", lines);
	return parse(text, policy, fault);
}

static void refused(const char *lines, size_t line, const char *why)
{
	struct told_policy policy;
	struct told_policy_fault fault = {0};
	if (with(lines, &policy, &fault) == TOLD_OK)
		fail_msg("accepted: %s", lines);
	assert_int_equal(fault.line, line);
	if (strstr(fault.what, why) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", why, fault.what);
}

static void test_a_policy_without_witnesses_is_read(void **state)
{
	(void)state;
	char text[512];
	struct told_policy policy;
	struct told_policy_fault fault;
	bool nobody[TOLD_POLICY_KEYS_MAX] = {false};
	snprintf(text, sizeof text, " # the log of Northtown\n\n\tlog \t %s   https://log.example \n\nquorum none\t\n",
		 LOG(1));
	assert_int_equal(parse(text, &policy, &fault), TOLD_OK);
	assert_int_equal(policy.log_count, 1);
	assert_int_equal(policy.key_count, 1);
	assert_true(told_bytes_equal(policy.keys[0].name, told_text("northtown/1")));
	assert_true(policy.quorum == TOLD_POLICY_NONE);
	assert_true(told_policy_met(&policy, nobody));
}

/* Which of A..E sign, as a string of their names. */
static bool met(const struct told_policy *policy, const char *who)
{
	bool signed_by[TOLD_POLICY_KEYS_MAX] = {false};
	for (; *who != '\0'; who++)
		signed_by[1 + (*who - 'A')] = true;
	return told_policy_met(policy, signed_by);
}

static void test_a_quorum_counts_members_of_groups(void **state)
{
	(void)state;
	struct told_policy policy;
	struct told_policy_fault fault;
	assert_int_equal(with("group three 2 A B C\ngroup both all D E\ngroup top all three both\nquorum top\n",
			      &policy, &fault),
			 TOLD_OK);
	assert_true(met(&policy, "ABDE"));
	assert_true(met(&policy, "ABCDE"));
	assert_true(met(&policy, "BCDE"));
	assert_false(met(&policy, "ADE"));
	assert_false(met(&policy, "ABCD"));
	assert_false(met(&policy, ""));
	assert_int_equal(with("quorum C\n", &policy, &fault), TOLD_OK);
	assert_true(met(&policy, "C"));
	assert_false(met(&policy, "ABDE"));
	assert_int_equal(with("group g 3 A B C D E\nquorum g\n", &policy, &fault), TOLD_OK);
	assert_true(met(&policy, "ACE"));
	assert_false(met(&policy, "AC"));
}

static void test_quorums_that_could_share_no_witness_are_refused(void **state)
{
	(void)state;
	refused("group g any A B\nquorum g\n", 8, "share no witness");
	refused("group g 2 A B C D\nquorum g\n", 8, "share no witness");
	refused("group g 2 A B C D E\nquorum g\n", 8, "share no witness");
	refused("group x any A B\ngroup y any C D\ngroup g all x y\nquorum g\n", 10, "share no witness");
	struct told_policy policy;
	struct told_policy_fault fault;
	/* any of A and B can be on both sides, but all of C D E cannot */
	assert_int_equal(with("group x any A B\ngroup y 2 C D E\ngroup g all x y\nquorum g\n", &policy, &fault),
			 TOLD_OK);
	assert_int_equal(with("group x any A\nquorum x\n", &policy, &fault), TOLD_OK);
}

/* Every rule that the parser follows, against trying all pairs of disjoint sides. */
static void test_the_rule_about_shared_witnesses_is_exact(void **state)
{
	(void)state;
	for (unsigned k1 = 1; k1 <= 3; k1++)
		for (unsigned k2 = 1; k2 <= 2; k2++)
			for (unsigned k3 = 1; k3 <= 2; k3++) {
				char lines[128];
				struct told_policy policy;
				struct told_policy_fault fault;
				snprintf(lines, sizeof lines,
					 "group x %u A B C\ngroup y %u D E\ngroup g %u x y\nquorum g\n", k1, k2, k3);
				bool accepted = with(lines, &policy, &fault) == TOLD_OK;
				bool splits = false;
				for (unsigned side = 0; side < 32; side++) {
					unsigned a = 0, b = 0, c = 0, d = 0;
					for (unsigned w = 0; w < 5; w++) {
						a += w < 3 && (side >> w & 1);
						b += w >= 3 && (side >> w & 1);
						c += w < 3 && !(side >> w & 1);
						d += w >= 3 && !(side >> w & 1);
					}
					bool one = (a >= k1) + (b >= k2) >= (int)k3,
					     other = (c >= k1) + (d >= k2) >= (int)k3;
					splits |= one && other;
				}
				if (accepted == splits)
					fail_msg("%s: accepted %d, splits %d", lines, accepted, splits);
			}
}

static void test_lines_with_faults_are_refused_with_their_number(void **state)
{
	(void)state;
	refused("", 0, "no quorum line");
	refused("quorum none\nquorum none\n", 8, "one quorum line");
	refused("quorum none", 7, "does not end in a newline");
	refused("quorum\n", 7, "quorum NAME");
	refused("quorum nobody\n", 7, "not defined");
	refused("quorum A B\n", 7, "quorum NAME");
	refused("Quorum none\n", 7, "log, witness, group or quorum");
	refused("witnesses A\n", 7, "log, witness, group or quorum");
	refused("group g all\nquorum none\n", 7, "a group line is");
	refused("group g all Z\n", 7, "not defined");
	refused("group g all g\n", 7, "not defined");
	refused("group g all none\n", 7, "not defined");
	refused("group g all A A\n", 7, "a group already");
	refused("group g all A\ngroup h all A\n", 8, "a group already");
	refused("group A all B\n", 7, "earlier line");
	refused("group none all B\n", 7, "no quorum");
	refused("group g 0 A B\n", 7, "threshold");
	refused("group g 3 A B\n", 7, "threshold");
	refused("group g 02 A B\n", 7, "threshold");
	refused("group g -1 A B\n", 7, "threshold");
	refused("group g most A B\n", 7, "threshold");
	refused("quorum none\r\n", 7, "control character");
	refused("# bell \a\n", 7, "control character");
	refused("# delete \x7f\n", 7, "control character");
}

static void test_keys_with_faults_are_refused(void **state)
{
	(void)state;
	char line[512];
	const char *good = vkey("other/1", TOLD_NOTE_ED25519, 9);
	snprintf(line, sizeof line, "log %s\n", WITNESS(50));
	refused(line, 7, "type 1");
	snprintf(line, sizeof line, "witness F %s\n", vkey("f", TOLD_NOTE_ED25519, 50));
	refused(line, 7, "type 4");
	snprintf(line, sizeof line, "log %s\n", vkey("another/name", TOLD_NOTE_ED25519, 1));
	refused(line, 7, "earlier line");
	snprintf(line, sizeof line, "witness F %s\n", WITNESS('B'));
	refused(line, 7, "earlier line");
	snprintf(line, sizeof line, "log %s\n", LOG(1));
	refused(line, 7, "earlier line");
	snprintf(line, sizeof line, "log %s x y\n", good);
	refused(line, 7, "a log line is");
	refused("log\n", 7, "a log line is");
	refused("witness F\n", 7, "a witness line is");
	snprintf(line, sizeof line, "log %.*s\n", (int)strlen(good) - 1, good);
	refused(line, 7, "verifier key");
	snprintf(line, sizeof line, "log x%s\n", good);
	refused(line, 7, "verifier key");
	uint8_t zero[32] = {0};
	struct told_vkey unsafe;
	struct told_buf text = TOLD_BUF(256);
	told_vkey_make(told_text("zero/1"), TOLD_NOTE_ED25519, zero, &unsafe);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&unsafe, &text);
	told_buf_put_text(&text, "\n");
	refused(told_buf_cstr(&text), 7, "not a safe");
	told_buf_free(&text);
}

static void test_too_much_of_anything_is_refused(void **state)
{
	(void)state;
	struct told_policy policy;
	struct told_policy_fault fault;
	uint8_t *big = malloc(TOLD_POLICY_MAX_BYTES + 1);
	assert_non_null(big);
	memset(big, '\n', TOLD_POLICY_MAX_BYTES + 1);
	assert_int_equal(told_policy_parse(told_bytes(big, TOLD_POLICY_MAX_BYTES + 1), &policy, &fault), TOLD_E_LIMIT);
	free(big);
	struct told_buf text = TOLD_BUF(65536);
	told_buf_put_text(&text, "group g all");
	for (unsigned i = 0; i < 200; i++)
		told_buf_put_text(&text, " A");
	told_buf_put_text(&text, "\n");
	assert_int_equal(told_policy_parse(told_buf_view(&text), &policy, &fault), TOLD_E_LIMIT);
	told_buf_free(&text);
	for (unsigned i = 0; i <= TOLD_POLICY_LOGS_MAX; i++)
		told_buf_printf(&text, "log %s\n", LOG((uint8_t)(i + 1)));
	told_buf_put_text(&text, "quorum none\n");
	assert_int_equal(told_policy_parse(told_buf_view(&text), &policy, &fault), TOLD_E_LIMIT);
	assert_int_equal(fault.line, TOLD_POLICY_LOGS_MAX + 1);
	told_buf_free(&text);
}

static void test_every_cut_of_a_policy_is_refused_or_read_and_never_more(void **state)
{
	(void)state;
	char text[1024];
	struct told_policy policy;
	struct told_policy_fault fault;
	int n = snprintf(text, sizeof text, "log %s\nwitness A %s\nwitness B %s\ngroup g all A B\nquorum g\n", LOG(1),
			 WITNESS(2), WITNESS(3));
	for (int len = 0; len < n; len++) {
		uint8_t *exact = malloc((size_t)len + 1); /* so that a read beyond is seen */
		assert_non_null(exact);
		memcpy(exact, text, (size_t)len);
		assert_int_not_equal(told_policy_parse(told_bytes(exact, (size_t)len), &policy, &fault), TOLD_OK);
		free(exact);
	}
	assert_int_equal(told_policy_parse(told_bytes(text, (size_t)n), &policy, &fault), TOLD_OK);
}

static void test_a_log_that_ended_has_a_line_of_its_own(void **state)
{
	(void)state;
	char text[1024];
	struct told_policy policy;
	struct told_policy_fault fault;
	const char *now = vkey("northtown/2", TOLD_NOTE_ED25519, 1);
	snprintf(text, sizeof text, "log %s\n#told-log %s 17\nquorum none\n", now, LOG(1));
	assert_int_equal(parse(text, &policy, &fault), TOLD_OK);
	assert_int_equal(policy.log_count, 2);
	assert_true(policy.last_size[0] == UINT64_MAX);
	assert_int_equal(policy.last_size[1], 17);
	assert_true(told_bytes_equal(policy.keys[1].name, told_text("northtown/1")));
	/* What is written is what is read. */
	struct told_buf out = TOLD_BUF(512);
	told_policy_put_log(&policy.keys[1], 17, &out);
	assert_non_null(strstr(text, told_buf_cstr(&out)));
	told_buf_free(&out);
}

/* C2SP tlog-policy: one public key in two log lines is a duplicate, even under two names. */
static void test_one_public_key_has_one_log_line(void **state)
{
	char line[256];
	(void)state;
	snprintf(line, sizeof line, "log %s\nquorum none\n", vkey("northtown/2", TOLD_NOTE_ED25519, 1));
	refused(line, 7, "stands in an earlier line");
}

/* To others the line is a comment, so it may not bring trust that they do not see. */
static void test_the_line_of_a_log_that_ended_brings_no_key_of_its_own(void **state)
{
	char line[256];
	(void)state;
	const char *const bad[][2] = {
		{vkey("northtown/0", TOLD_NOTE_ED25519, 2), "not that of an earlier log line"},
		{vkey("southtown/0", TOLD_NOTE_ED25519, 1), "not that of an earlier log line"},
		{vkey("northtown", TOLD_NOTE_ED25519, 1), "not that of an earlier log line"},
		{LOG(1), "stands in an earlier line"},
		{vkey("northtown/0", TOLD_NOTE_COSIGNATURE, 1), "type 1"},
		{"northtown/0", "form name+id+key"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(line, sizeof line, "#told-log %s 5\nquorum none\n", bad[i][0]);
		refused(line, 7, bad[i][1]);
	}
	snprintf(line, sizeof line, "#told-log %s\nquorum none\n", vkey("northtown/0", TOLD_NOTE_ED25519, 1));
	refused(line, 7, "#told-log VKEY SIZE");
	snprintf(line, sizeof line, "#told-log %s five\nquorum none\n", vkey("northtown/0", TOLD_NOTE_ED25519, 1));
	refused(line, 7, "#told-log VKEY SIZE");
}

/* It is checked like any other key, has no name that a group could take, and so makes no quorum. */
static void test_a_witnesss_former_key_verifies_and_makes_no_quorum(void **state)
{
	(void)state;
	char lines[512];
	struct told_policy policy;
	struct told_policy_fault fault;
	bool signed_by[TOLD_POLICY_KEYS_MAX] = {false};
	snprintf(lines, sizeof lines, "#told-witness %s\ngroup g 1 A\nquorum g\n",
		 vkey("A", TOLD_NOTE_COSIGNATURE, 'a'));
	assert_int_equal(with(lines, &policy, &fault), TOLD_OK);
	assert_int_equal(policy.key_count, 1 + 6);
	assert_true(told_bytes_equal(policy.keys[6].name, told_text("A")));
	signed_by[6] = true;
	assert_false(told_policy_met(&policy, signed_by));
	signed_by[1] = true;
	assert_true(told_policy_met(&policy, signed_by));
	refused("#told-witness\nquorum none\n", 7, "former key");
	snprintf(lines, sizeof lines, "#told-witness %s\nquorum none\n", WITNESS('A'));
	refused(lines, 7, "earlier line already");
	snprintf(lines, sizeof lines, "#told-witness %s\nquorum none\n", LOG('a'));
	refused(lines, 7, "type 4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_policy_without_witnesses_is_read),
		cmocka_unit_test(test_a_quorum_counts_members_of_groups),
		cmocka_unit_test(test_quorums_that_could_share_no_witness_are_refused),
		cmocka_unit_test(test_the_rule_about_shared_witnesses_is_exact),
		cmocka_unit_test(test_lines_with_faults_are_refused_with_their_number),
		cmocka_unit_test(test_a_log_that_ended_has_a_line_of_its_own),
		cmocka_unit_test(test_one_public_key_has_one_log_line),
		cmocka_unit_test(test_the_line_of_a_log_that_ended_brings_no_key_of_its_own),
		cmocka_unit_test(test_keys_with_faults_are_refused),
		cmocka_unit_test(test_too_much_of_anything_is_refused),
		cmocka_unit_test(test_every_cut_of_a_policy_is_refused_or_read_and_never_more),
		cmocka_unit_test(test_a_witnesss_former_key_verifies_and_makes_no_quorum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
