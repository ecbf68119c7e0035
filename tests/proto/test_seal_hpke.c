/* SPDX-License-Identifier: Apache-2.0 */
/* HPKE contexts: sender and recipient reach the same exports; another key, info or encapsulated key does not. */
#include "proto/seal_cases.h"

struct pair {
	uint8_t secret[32], key[32];
};

static struct pair make_pair(uint8_t first)
{
	struct pair pair;
	count_up(pair.secret, sizeof pair.secret, first);
	assert_int_equal(told_x25519_public(pair.secret, pair.key), TOLD_OK);
	return pair;
}

static void export_of(const struct told_hpke *hpke, const char *context, uint8_t out[32])
{
	assert_int_equal(told_hpke_export(hpke, told_text(context), out, 32), TOLD_OK);
}

static void test_sender_and_recipient_export_the_same_and_each_context_its_own(void **state)
{
	(void)state;
	struct pair recipient = make_pair(1);
	struct told_hpke sent, received;
	uint8_t a[32], b[32], other[32];
	assert_int_equal(told_hpke_send(recipient.key, told_text("info"), &sent), TOLD_OK);
	assert_int_equal(told_hpke_receive(sent.enc, recipient.secret, told_text("info"), &received), TOLD_OK);
	assert_memory_equal(&sent, &received, sizeof sent);
	export_of(&sent, "one", a);
	export_of(&received, "one", b);
	export_of(&received, "two", other);
	assert_memory_equal(a, b, sizeof a);
	assert_memory_not_equal(a, other, sizeof a);
	told_hpke_wipe(&sent);
	assert_zero((const uint8_t *)&sent, sizeof sent);
	told_hpke_wipe(NULL);
}

static void test_two_contexts_for_one_recipient_share_nothing(void **state)
{
	(void)state;
	struct pair recipient = make_pair(1);
	struct told_hpke one, two;
	assert_int_equal(told_hpke_send(recipient.key, told_text("info"), &one), TOLD_OK);
	assert_int_equal(told_hpke_send(recipient.key, told_text("info"), &two), TOLD_OK);
	assert_memory_not_equal(one.enc, two.enc, 32);
	assert_memory_not_equal(one.exporter, two.exporter, 32);
}

static void test_another_recipient_or_info_reaches_another_secret(void **state)
{
	(void)state;
	struct pair recipient = make_pair(1), other = make_pair(2);
	struct told_hpke sent, received;
	assert_int_equal(told_hpke_send(recipient.key, told_text("info"), &sent), TOLD_OK);
	assert_int_equal(told_hpke_receive(sent.enc, other.secret, told_text("info"), &received), TOLD_OK);
	assert_memory_not_equal(sent.exporter, received.exporter, 32);
	assert_int_equal(told_hpke_receive(sent.enc, recipient.secret, told_text("Info"), &received), TOLD_OK);
	assert_memory_not_equal(sent.exporter, received.exporter, 32);
}

static void test_unsafe_keys_are_refused_at_both_ends_and_leave_nothing(void **state)
{
	(void)state;
	static const uint8_t unsafe[3][32] = {{0}, {1}, {[31] = 0x80}};
	struct pair recipient = make_pair(1);
	struct told_hpke hpke;
	for (size_t i = 0; i < 3; i++) {
		memset(&hpke, 0xee, sizeof hpke);
		assert_int_equal(told_hpke_send(unsafe[i], told_text("info"), &hpke), TOLD_E_KEY);
		assert_zero((const uint8_t *)&hpke, sizeof hpke);
		memset(&hpke, 0xee, sizeof hpke);
		assert_int_equal(told_hpke_receive(unsafe[i], recipient.secret, told_text("info"), &hpke), TOLD_E_KEY);
		assert_zero((const uint8_t *)&hpke, sizeof hpke);
	}
}

static void test_an_export_longer_than_hkdf_allows_is_refused(void **state)
{
	(void)state;
	static uint8_t out[255 * 32 + 1];
	struct pair recipient = make_pair(1);
	struct told_hpke hpke;
	assert_int_equal(told_hpke_send(recipient.key, told_text("info"), &hpke), TOLD_OK);
	assert_int_equal(told_hpke_export(&hpke, told_text(""), out, sizeof out), TOLD_E_LIMIT);
	assert_int_equal(told_hpke_export(&hpke, told_text(""), out, sizeof out - 1), TOLD_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sender_and_recipient_export_the_same_and_each_context_its_own),
		cmocka_unit_test(test_two_contexts_for_one_recipient_share_nothing),
		cmocka_unit_test(test_another_recipient_or_info_reaches_another_secret),
		cmocka_unit_test(test_unsafe_keys_are_refused_at_both_ends_and_leave_nothing),
		cmocka_unit_test(test_an_export_longer_than_hkdf_allows_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
