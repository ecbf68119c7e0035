/* SPDX-License-Identifier: Apache-2.0 */
/* The directory: parties and keys, and at which times a key may be believed (protocol section 1). */
#include "support/support.h"

#include "broker/agree/directory.h"
#include "told/seal.h"

#include <stdlib.h>
#include <string.h>

#define HOU  1u
#define TT   2u
#define HOUR TOLD_MS_HOUR
#define DAY  TOLD_MS_DAY
#define T0   INT64_C(1795305600000)

struct key {
	uint8_t b[32];
};

static struct key ed25519(uint8_t n)
{
	uint8_t seed[32] = {n, 1};
	struct key key;
	assert_int_equal(told_ed25519_public(seed, key.b), TOLD_OK);
	return key;
}

static struct key x25519(uint8_t n)
{
	uint8_t secret[32] = {0, n, 2}; /* the low bits of the first byte are clamped away */
	struct key key;
	assert_int_equal(told_x25519_public(secret, key.b), TOLD_OK);
	return key;
}

static struct told_entry at(uint64_t number, int64_t utc_ms)
{
	return (struct told_entry){.number = number, .utc_ms = utc_ms};
}

static struct told_when when(int64_t utc_ms, uint64_t log_size)
{
	return (struct told_when){.utc_ms = utc_ms, .log_size = log_size};
}

static enum told_status partner(struct told_directory *d, uint64_t number, uint32_t party,
				enum told_partner_action action, const struct key *identity, const struct key *session)
{
	struct told_partner_fact fact = {
		.party = party,
		.action = action,
		.identity_key = identity != NULL ? identity->b : NULL,
		.session_key = session != NULL ? session->b : NULL,
	};
	return told_directory_apply_partner(d, at(number, T0), &fact);
}

static struct told_key_fact issue(uint32_t party, enum told_key_purpose purpose, const struct key *key, uint32_t number)
{
	return (struct told_key_fact){
		.party = party,
		.action = TOLD_KEY_ACTION_ISSUE,
		.purpose = purpose,
		.key = key->b,
		.from_utc_ms = T0,
		.until_utc_ms = T0 + 365 * DAY,
		.number = number,
	};
}

static struct told_directory *enrolled(void)
{
	struct told_directory *d;
	struct key hou = ed25519(1), tt = ed25519(2);
	assert_int_equal(told_directory_new(&d), TOLD_OK);
	assert_int_equal(partner(d, 1, HOU, TOLD_PARTNER_ACTION_ENROL, &hou, NULL), TOLD_OK);
	assert_int_equal(partner(d, 2, TT, TOLD_PARTNER_ACTION_ENROL, &tt, NULL), TOLD_OK);
	return d;
}

static enum told_status believed(const struct told_directory *d, uint32_t party, enum told_key_purpose purpose,
				 const struct key *key, struct told_when w)
{
	const struct told_key *found;
	told_hash id;
	told_key_id(key->b, &id);
	enum told_status status = told_directory_key(d, party, purpose, &id, w, &found);
	assert_true((found != NULL) == (status == TOLD_OK));
	return status;
}

static void test_a_party_goes_only_the_ways_of_the_table(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key fresh = ed25519(3), session = x25519(3);
	const struct told_when now = when(T0, TOLD_WHOLE_LOG);
	assert_int_equal(told_directory_party(d, HOU, now), TOLD_PARTY_ENROLLED);
	assert_int_equal(told_directory_party(d, 77, now), TOLD_PARTY_UNKNOWN);
	assert_int_equal(partner(d, 3, HOU, TOLD_PARTNER_ACTION_ENROL, &fresh, NULL), TOLD_E_EXISTS);
	assert_int_equal(partner(d, 3, 77, TOLD_PARTNER_ACTION_SUSPEND, NULL, NULL), TOLD_E_NOT_FOUND);
	assert_int_equal(partner(d, 3, HOU, TOLD_PARTNER_ACTION_RESUME, NULL, NULL), TOLD_E_EXISTS);
	assert_int_equal(partner(d, 3, HOU, TOLD_PARTNER_ACTION_SUSPEND, NULL, NULL), TOLD_OK);
	assert_int_equal(told_directory_party(d, HOU, now), TOLD_PARTY_SUSPENDED);
	assert_int_equal(told_directory_party(d, HOU, when(T0, 3)), TOLD_PARTY_ENROLLED); /* as it stood */
	assert_int_equal(partner(d, 4, HOU, TOLD_PARTNER_ACTION_RESUME, NULL, NULL), TOLD_OK);
	assert_int_equal(partner(d, 5, HOU, TOLD_PARTNER_ACTION_LEAVE, NULL, NULL), TOLD_OK);
	assert_int_equal(told_directory_party(d, HOU, now), TOLD_PARTY_LEFT);
	assert_int_equal(partner(d, 6, HOU, TOLD_PARTNER_ACTION_SUSPEND, NULL, NULL), TOLD_E_NOT_FOUND);
	assert_int_equal(partner(d, 6, HOU, TOLD_PARTNER_ACTION_ENROL, &fresh, &session), TOLD_OK);
	assert_int_equal(told_directory_party(d, HOU, now), TOLD_PARTY_ENROLLED);
	assert_int_equal(believed(d, HOU, TOLD_KEY_SESSION, &session, now), TOLD_OK);
	told_directory_free(d);
	told_directory_free(NULL);
}

static void test_a_revoked_party_has_no_key_left_until_it_enrols_anew(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key signing = ed25519(10), old = ed25519(1), fresh = ed25519(11);
	struct told_key_fact fact = issue(HOU, TOLD_KEY_SIGNING, &signing, 1);
	assert_int_equal(told_directory_apply_key(d, at(3, T0), &fact), TOLD_OK);
	assert_int_equal(partner(d, 4, HOU, TOLD_PARTNER_ACTION_REVOKE, NULL, NULL), TOLD_OK);
	assert_int_equal(believed(d, HOU, TOLD_KEY_SIGNING, &signing, when(T0, 5)), TOLD_E_KEY);
	assert_int_equal(believed(d, HOU, TOLD_KEY_SIGNING, &signing, when(T0, 4)), TOLD_OK);
	assert_int_equal(partner(d, 5, HOU, TOLD_PARTNER_ACTION_ENROL, &old, NULL), TOLD_E_KEY);
	assert_int_equal(told_directory_party(d, HOU, when(T0, TOLD_WHOLE_LOG)), TOLD_PARTY_REVOKED);
	assert_int_equal(partner(d, 5, HOU, TOLD_PARTNER_ACTION_ENROL, &fresh, NULL), TOLD_OK);
	assert_int_equal(believed(d, HOU, TOLD_KEY_IDENTITY, &fresh, when(T0, 6)), TOLD_OK);
	told_directory_free(d);
}

static void test_an_enrolment_with_one_bad_key_changes_nothing(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key identity = ed25519(20), zero = {{0}};
	const struct told_when now = when(T0, TOLD_WHOLE_LOG);
	assert_int_equal(partner(d, 3, 9, TOLD_PARTNER_ACTION_ENROL, &identity, &zero), TOLD_E_KEY);
	assert_int_equal(told_directory_party(d, 9, now), TOLD_PARTY_UNKNOWN);
	assert_int_equal(believed(d, 9, TOLD_KEY_IDENTITY, &identity, now), TOLD_E_KEY);
	assert_int_equal(partner(d, 3, 9, TOLD_PARTNER_ACTION_ENROL, NULL, NULL), TOLD_E_KEY);
	assert_int_equal(partner(d, 3, 9, TOLD_PARTNER_ACTION_ENROL, &identity, NULL), TOLD_OK);
	assert_int_equal(believed(d, 9, TOLD_KEY_IDENTITY, &identity, now), TOLD_OK);
	told_directory_free(d);
}

/* Every time that matters, of a key issued at entry 3, retired at 4, another revoked at 5. */
static void test_a_key_is_believed_exactly_when_it_may_be(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key kept = ed25519(30), retired = ed25519(31), revoked = ed25519(32);
	struct told_key_fact fact = issue(HOU, TOLD_KEY_SIGNING, &kept, 1);
	fact.until_utc_ms = T0 + 30 * DAY;
	assert_int_equal(told_directory_apply_key(d, at(3, T0), &fact), TOLD_OK);
	fact = issue(HOU, TOLD_KEY_SIGNING, &retired, 2);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_OK);
	fact = issue(HOU, TOLD_KEY_SIGNING, &revoked, 3);
	assert_int_equal(told_directory_apply_key(d, at(5, T0), &fact), TOLD_OK);
	struct told_key_fact end = issue(HOU, TOLD_KEY_SIGNING, &retired, 2);
	end.action = TOLD_KEY_ACTION_RETIRE;
	assert_int_equal(told_directory_apply_key(d, at(6, T0 + 10 * DAY), &end), TOLD_OK);
	end = issue(HOU, TOLD_KEY_SIGNING, &revoked, 3);
	end.action = TOLD_KEY_ACTION_REVOKE;
	assert_int_equal(told_directory_apply_key(d, at(7, T0 + 10 * DAY), &end), TOLD_OK);

	const struct {
		const struct key *key;
		int64_t t;
		uint64_t log;
		enum told_key_standing standing;
	} matrix[] = {
		{&kept, T0 - 1, 9, TOLD_KEY_NOT_YET},
		{&kept, T0, 9, TOLD_KEY_CURRENT},
		{&kept, T0, 3, TOLD_KEY_UNKNOWN}, /* the log did not hold it yet */
		{&kept, T0, 4, TOLD_KEY_CURRENT},
		{&kept, T0 + 30 * DAY - 1, 9, TOLD_KEY_CURRENT},
		{&kept, T0 + 30 * DAY, 9, TOLD_KEY_ENDED}, /* an end that everybody knew has no grace */
		{&retired, T0 + 10 * DAY, 6, TOLD_KEY_CURRENT},
		{&retired, T0 + 10 * DAY, 7, TOLD_KEY_GRACE},
		{&retired, T0 + 17 * DAY - 1, 9, TOLD_KEY_GRACE},
		{&retired, T0 + 17 * DAY, 9, TOLD_KEY_ENDED},
		{&revoked, T0 + 10 * DAY, 7, TOLD_KEY_CURRENT},
		{&revoked, T0 + 10 * DAY, 8, TOLD_KEY_REVOKED}, /* none at all */
		{&revoked, T0 + 9 * DAY, 8, TOLD_KEY_REVOKED},  /* nor for what was signed before and is judged now */
	};
	for (size_t i = 0; i < sizeof matrix / sizeof matrix[0]; i++) {
		bool good = matrix[i].standing == TOLD_KEY_CURRENT || matrix[i].standing == TOLD_KEY_GRACE;
		struct told_when w = when(matrix[i].t, matrix[i].log);
		assert_int_equal(believed(d, HOU, TOLD_KEY_SIGNING, matrix[i].key, w), good ? TOLD_OK : TOLD_E_KEY);
		const struct told_key *found;
		told_hash id;
		told_key_id(matrix[i].key->b, &id);
		if (told_directory_key(d, HOU, TOLD_KEY_SIGNING, &id, w, &found) == TOLD_OK)
			assert_int_equal(told_key_standing(found, w), matrix[i].standing);
	}
	told_directory_free(d);
}

static void test_a_key_counts_for_its_party_and_purpose_only(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key signing = ed25519(40);
	struct told_key_fact fact = issue(HOU, TOLD_KEY_SIGNING, &signing, 1);
	assert_int_equal(told_directory_apply_key(d, at(3, T0), &fact), TOLD_OK);
	struct told_when now = when(T0, 9);
	assert_int_equal(believed(d, HOU, TOLD_KEY_SIGNING, &signing, now), TOLD_OK);
	assert_int_equal(believed(d, TT, TOLD_KEY_SIGNING, &signing, now), TOLD_E_KEY);
	assert_int_equal(believed(d, HOU, TOLD_KEY_IDENTITY, &signing, now), TOLD_E_KEY);
	assert_int_equal(believed(d, HOU, TOLD_KEY_WITNESS, &signing, now), TOLD_E_KEY);
	told_directory_free(d);
}

static void test_used_and_unsafe_keys_are_refused(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key signing = ed25519(50), sealing = x25519(50), identity = ed25519(1), next = ed25519(51);
	struct key zero = {{0}}, one = {{1}}, big;
	memset(big.b, 0xff, sizeof big.b);
	struct told_key_fact fact = issue(HOU, TOLD_KEY_SIGNING, &signing, 1);
	assert_int_equal(told_directory_apply_key(d, at(3, T0), &fact), TOLD_OK);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_EXISTS);
	fact = issue(TT, TOLD_KEY_SIGNING, &signing, 1);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_KEY); /* another party's */
	fact = issue(HOU, TOLD_KEY_WITNESS, &signing, 1);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_KEY); /* another job's */
	fact = issue(HOU, TOLD_KEY_SIGNING, &identity, 2);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_KEY);
	const struct key *unsafe[] = {&zero, &one, &big};
	for (size_t i = 0; i < 3; i++) {
		fact = issue(HOU, TOLD_KEY_SIGNING, unsafe[i], 2);
		assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_KEY);
		fact = issue(HOU, TOLD_KEY_SEALING, unsafe[i], 2);
		assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_KEY);
	}
	fact = issue(HOU, TOLD_KEY_SIGNING, &next, 1);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_KEY); /* the number was used */
	fact = issue(77, TOLD_KEY_SIGNING, &next, 1);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_NOT_FOUND);
	fact = issue(HOU, TOLD_KEY_SEALING, &sealing, 1);
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_OK);
	fact.action = TOLD_KEY_ACTION_NONE;
	assert_int_equal(told_directory_apply_key(d, at(5, T0), &fact), TOLD_E_UNKNOWN);
	told_directory_free(d);
}

/* A fresh folder with fresh keys: the agency counts from one again, and the key to use is the new one. */
static void test_an_agency_enrolled_anew_counts_its_keys_from_one(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	const struct told_key *current = NULL;
	struct key old = ed25519(70), fresh = ed25519(71), identity = ed25519(72), session = x25519(73);
	struct told_key_fact fact = issue(HOU, TOLD_KEY_SIGNING, &old, 3);
	assert_int_equal(told_directory_apply_key(d, at(3, T0), &fact), TOLD_OK);
	assert_int_equal(partner(d, 4, HOU, TOLD_PARTNER_ACTION_LEAVE, NULL, NULL), TOLD_OK);
	assert_int_equal(partner(d, 5, HOU, TOLD_PARTNER_ACTION_ENROL, &identity, &session), TOLD_OK);
	fact = issue(HOU, TOLD_KEY_SIGNING, &fresh, 1);
	assert_int_equal(told_directory_apply_key(d, at(6, T0), &fact), TOLD_OK);
	assert_int_equal(
		told_directory_current_key(d, HOU, TOLD_KEY_SIGNING, told_bytes(NULL, 0), when(T0, 7), &current),
		TOLD_OK);
	assert_memory_equal(current->key, fresh.b, TOLD_KEY_BYTES);
	told_directory_free(d);
}

static void test_a_key_is_ended_once_and_by_its_own_party(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key signing = ed25519(60);
	struct told_key_fact fact = issue(HOU, TOLD_KEY_SIGNING, &signing, 1);
	assert_int_equal(told_directory_apply_key(d, at(3, T0), &fact), TOLD_OK);
	fact.action = TOLD_KEY_ACTION_RETIRE;
	fact.party = TT;
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_E_NOT_FOUND);
	fact.party = HOU;
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_OK);
	assert_int_equal(told_directory_apply_key(d, at(5, T0), &fact), TOLD_E_EXISTS);
	fact.action = TOLD_KEY_ACTION_REVOKE; /* retired, then lost: revoked beats grace */
	assert_int_equal(told_directory_apply_key(d, at(5, T0), &fact), TOLD_OK);
	assert_int_equal(believed(d, HOU, TOLD_KEY_SIGNING, &signing, when(T0, 9)), TOLD_E_KEY);
	assert_int_equal(told_directory_apply_key(d, at(6, T0), &fact), TOLD_E_EXISTS);
	told_directory_free(d);
}

static void test_the_key_to_use_is_the_newest_that_is_current(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	struct key first = x25519(70), second = x25519(71), contact = x25519(72);
	const struct told_bytes nobody = {0}, worker = told_text("W-19");
	const struct told_key *key;
	struct told_when now = when(T0, 99);
	assert_int_equal(told_directory_current_key(d, HOU, TOLD_KEY_SEALING, nobody, now, &key), TOLD_E_NOT_FOUND);
	assert_null(key);
	struct told_key_fact fact = issue(HOU, TOLD_KEY_SEALING, &first, 1);
	assert_int_equal(told_directory_apply_key(d, at(3, T0), &fact), TOLD_OK);
	fact = issue(HOU, TOLD_KEY_SEALING, &second, 2);
	fact.from_utc_ms = T0 + DAY;
	assert_int_equal(told_directory_apply_key(d, at(4, T0), &fact), TOLD_OK);
	assert_int_equal(told_directory_current_key(d, HOU, TOLD_KEY_SEALING, nobody, now, &key), TOLD_OK);
	assert_memory_equal(key->key, first.b, 32);
	now.utc_ms = T0 + DAY;
	assert_int_equal(told_directory_current_key(d, HOU, TOLD_KEY_SEALING, nobody, now, &key), TOLD_OK);
	assert_memory_equal(key->key, second.b, 32);
	fact.action = TOLD_KEY_ACTION_RETIRE;
	assert_int_equal(told_directory_apply_key(d, at(5, T0 + DAY), &fact), TOLD_OK);
	assert_int_equal(told_directory_current_key(d, HOU, TOLD_KEY_SEALING, nobody, now, &key), TOLD_OK);
	assert_memory_equal(key->key, first.b, 32); /* a key in grace is believed, never chosen */

	fact = issue(HOU, TOLD_KEY_CONTACT, &contact, 1);
	assert_int_equal(told_directory_apply_key(d, at(6, T0), &fact), TOLD_E_KEY); /* whose? */
	fact.worker = worker;
	assert_int_equal(told_directory_apply_key(d, at(6, T0), &fact), TOLD_OK);
	assert_int_equal(told_directory_current_key(d, HOU, TOLD_KEY_CONTACT, worker, now, &key), TOLD_OK);
	assert_string_equal(key->worker, "W-19");
	assert_int_equal(told_directory_current_key(d, HOU, TOLD_KEY_CONTACT, told_text("W-2"), now, &key),
			 TOLD_E_NOT_FOUND);
	told_directory_free(d);
}

static void test_facts_come_in_the_order_of_the_log(void **state)
{
	(void)state;
	struct told_directory *d = enrolled();
	assert_int_equal(partner(d, 1, HOU, TOLD_PARTNER_ACTION_SUSPEND, NULL, NULL), TOLD_E_USAGE);
	assert_int_equal(partner(d, TOLD_WHOLE_LOG, HOU, TOLD_PARTNER_ACTION_SUSPEND, NULL, NULL), TOLD_E_USAGE);
	assert_int_equal(partner(d, 2, HOU, TOLD_PARTNER_ACTION_SUSPEND, NULL, NULL), TOLD_OK);
	told_directory_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_party_goes_only_the_ways_of_the_table),
		cmocka_unit_test(test_a_revoked_party_has_no_key_left_until_it_enrols_anew),
		cmocka_unit_test(test_an_enrolment_with_one_bad_key_changes_nothing),
		cmocka_unit_test(test_a_key_is_believed_exactly_when_it_may_be),
		cmocka_unit_test(test_a_key_counts_for_its_party_and_purpose_only),
		cmocka_unit_test(test_used_and_unsafe_keys_are_refused),
		cmocka_unit_test(test_an_agency_enrolled_anew_counts_its_keys_from_one),
		cmocka_unit_test(test_a_key_is_ended_once_and_by_its_own_party),
		cmocka_unit_test(test_the_key_to_use_is_the_newest_that_is_current),
		cmocka_unit_test(test_facts_come_in_the_order_of_the_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
