/* SPDX-License-Identifier: Apache-2.0 */
/* The directory: which version of an agreement governs, who signed which bytes, suspensions, and workers. */
#include "agree/text.h"

#include "broker/agree/directory.h"
#include "told/seal.h"

struct world {
	struct told_parties *parties;
	struct told_directory *directory;
	uint64_t number; /* of the next entry */
	uint32_t hou, tt, emp, asc, nok;
};

static int64_t day(const char *text)
{
	int64_t utc_ms;
	assert_int_equal(told_date_parse(told_text(text), &utc_ms), TOLD_OK);
	return utc_ms;
}

static struct told_entry next(struct world *w)
{
	return (struct told_entry){.number = w->number++, .utc_ms = day("2026-11-22")};
}

static struct told_when now(void)
{
	return (struct told_when){.utc_ms = day("2026-11-22"), .log_size = TOLD_WHOLE_LOG};
}

static void enrol(struct world *w, uint32_t party)
{
	uint8_t seed[32] = {(uint8_t)party, 9}, key[32];
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	struct told_partner_fact fact = {.party = party, .action = TOLD_PARTNER_ACTION_ENROL, .identity_key = key};
	assert_int_equal(told_directory_apply_partner(w->directory, next(w), &fact), TOLD_OK);
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	assert_non_null(w);
	assert_int_equal(told_parties_new(&w->parties), TOLD_OK);
	assert_int_equal(told_directory_new(&w->directory), TOLD_OK);
	const struct {
		const char *name;
		uint32_t *party;
	} names[] = {{"HOU", &w->hou}, {"TT", &w->tt}, {"EMP", &w->emp}, {"ASC", &w->asc}, {"NOK", &w->nok}};
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(told_party_intern(w->parties, told_text(names[i].name), names[i].party), TOLD_OK);
	enrol(w, w->hou);
	enrol(w, w->tt);
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;
	told_directory_free(w->directory);
	told_parties_free(w->parties);
	free(w);
	return 0;
}

/* The demo's agreement as another version, or with other bytes; put into the directory. */
static told_hash put(struct world *w, unsigned version, const char *from, const char *comment)
{
	char lines[64];
	snprintf(lines, sizeof lines, "version: %u\n", version);
	snprintf(lines, sizeof lines, "\nversion: %u\n", version);
	char *text = replaced(northtown(), "\nversion: 3\n", lines);
	snprintf(lines, sizeof lines, "from: %s\nuntil:", from);
	text = replaced(text, "from: 2026-01-01\nuntil:", lines);
	text = replaced(text, "# Northtown:", comment);
	struct told_agreement *agreement = loaded(w->parties, text);
	told_hash sha256;
	memcpy(sha256.b, agreement->sha256, sizeof sha256.b);
	assert_int_equal(told_directory_apply_agreement(w->directory, next(w), &agreement), TOLD_OK);
	assert_null(agreement);
	free(text);
	return sha256;
}

static enum told_status sign(struct world *w, uint32_t party, const told_hash *sha256)
{
	return told_directory_apply_signature(w->directory, next(w), party, sha256);
}

static enum told_status act(struct world *w, uint32_t party, enum told_agreement_action action)
{
	return told_directory_apply_agreement_action(w->directory, next(w), party, told_text("ISA-MD3"), action);
}

/* The version that governs; 0 for none. */
static unsigned governs(const struct world *w, uint32_t a, uint32_t b, struct told_when when)
{
	const struct told_agreement *agreement =
		told_directory_governing(w->directory, told_text("ISA-MD3"), a, b, when);
	return agreement != NULL ? agreement->version : 0;
}

static void test_an_agreement_is_in_force_only_after_both_signed_the_same_bytes(void **state)
{
	struct world *w = *state;
	told_hash one = put(w, 3, "2026-01-01", "# one"), other = put(w, 3, "2026-01-01", "# other");
	assert_int_equal(governs(w, w->hou, w->tt, now()), 0);
	assert_int_equal(sign(w, w->hou, &one), TOLD_OK);
	assert_int_equal(governs(w, w->hou, w->tt, now()), 0);
	assert_int_equal(sign(w, w->tt, &other), TOLD_OK); /* the same version, other bytes */
	assert_int_equal(governs(w, w->hou, w->tt, now()), 0);
	assert_int_equal(sign(w, w->emp, &one), TOLD_OK);
	assert_int_equal(governs(w, w->hou, w->emp, now()), 3);
	assert_int_equal(governs(w, w->emp, w->hou, now()), 3);
	assert_int_equal(governs(w, w->tt, w->emp, now()), 0);
	assert_int_equal(sign(w, w->tt, &one), TOLD_E_EQUIVOCATION);
	const struct told_agreement *best =
		told_directory_agreement(w->directory, told_text("ISA-MD3"), 3, NULL, now());
	assert_memory_equal(best->sha256, one.b, sizeof one.b); /* the one that more have signed */
	best = told_directory_agreement(w->directory, told_text("ISA-MD3"), 3, &other, now());
	assert_memory_equal(best->sha256, other.b, sizeof other.b);
	assert_null(told_directory_agreement(w->directory, told_text("ISA-MD3"), 4, NULL, now()));
	assert_null(told_directory_agreement(w->directory, told_text("ISA-MD9"), 3, NULL, now()));
}

static void test_the_log_decides_since_when_a_signature_counts(void **state)
{
	struct world *w = *state;
	told_hash sha256 = put(w, 3, "2026-01-01", "# one");
	assert_int_equal(sign(w, w->hou, &sha256), TOLD_OK);
	uint64_t last = w->number;
	assert_int_equal(sign(w, w->tt, &sha256), TOLD_OK);
	struct told_when before = {.utc_ms = day("2026-11-22"), .log_size = last};
	struct told_when after = {.utc_ms = day("2026-11-22"), .log_size = last + 1};
	assert_int_equal(governs(w, w->hou, w->tt, before), 0);
	assert_int_equal(governs(w, w->hou, w->tt, after), 3);
}

static void test_only_who_signs_and_is_named_can_sign(void **state)
{
	struct world *w = *state;
	told_hash sha256 = put(w, 3, "2026-01-01", "# one"), unknown = {{1}};
	uint32_t stranger;
	assert_int_equal(told_party_intern(w->parties, told_text("GAM"), &stranger), TOLD_OK);
	assert_int_equal(sign(w, w->hou, &unknown), TOLD_E_NOT_FOUND);
	assert_int_equal(sign(w, stranger, &sha256), TOLD_E_NOT_ALLOWED);
	assert_int_equal(sign(w, w->asc, &sha256), TOLD_E_NOT_ALLOWED); /* contact: only */
	assert_int_equal(sign(w, w->hou, &sha256), TOLD_OK);
	assert_int_equal(sign(w, w->hou, &sha256), TOLD_E_EXISTS);
	assert_int_equal(governs(w, w->hou, w->asc, now()), 3); /* who has no agent need only be named */
	assert_int_equal(governs(w, w->hou, w->nok, now()), 3);
	assert_int_equal(governs(w, w->asc, w->nok, now()), 0);
	assert_int_equal(governs(w, w->hou, stranger, now()), 0);
}

static void test_the_version_both_last_signed_governs_until_both_signed_the_next(void **state)
{
	struct world *w = *state;
	told_hash three = put(w, 3, "2026-01-01", "# three"), four = put(w, 4, "2026-10-01", "# four");
	told_hash five = put(w, 5, "2027-01-01", "# five");
	assert_int_equal(sign(w, w->hou, &three), TOLD_OK);
	assert_int_equal(sign(w, w->tt, &three), TOLD_OK);
	assert_int_equal(sign(w, w->hou, &four), TOLD_OK);
	assert_int_equal(governs(w, w->hou, w->tt, now()), 3);
	assert_int_equal(sign(w, w->tt, &four), TOLD_OK);
	assert_int_equal(governs(w, w->hou, w->tt, now()), 4);
	assert_int_equal(sign(w, w->hou, &five), TOLD_OK);
	assert_int_equal(sign(w, w->tt, &five), TOLD_OK);
	assert_int_equal(governs(w, w->hou, w->tt, now()), 4); /* five begins next year */
	struct told_when later = {.utc_ms = day("2027-01-01"), .log_size = TOLD_WHOLE_LOG};
	assert_int_equal(governs(w, w->hou, w->tt, later), 5);
	struct told_when early = {.utc_ms = day("2025-06-01"), .log_size = TOLD_WHOLE_LOG};
	assert_int_equal(governs(w, w->hou, w->tt, early), 3); /* none has begun: the first to begin */
}

static void test_a_suspension_ends_when_each_of_the_two_has_lifted_it(void **state)
{
	struct world *w = *state;
	const struct told_bytes id = told_text("ISA-MD3");
	told_hash sha256 = put(w, 3, "2026-01-01", "# one");
	assert_int_equal(act(w, w->hou, TOLD_AGREEMENT_ACTION_SUSPEND), TOLD_E_NOT_FOUND);
	assert_int_equal(sign(w, w->hou, &sha256), TOLD_OK);
	assert_int_equal(sign(w, w->tt, &sha256), TOLD_OK);
	assert_int_equal(sign(w, w->emp, &sha256), TOLD_OK);
	uint64_t before = w->number;
	assert_int_equal(act(w, w->emp, TOLD_AGREEMENT_ACTION_SUSPEND), TOLD_OK);
	assert_true(told_directory_suspended(w->directory, id, w->hou, w->emp, now()));
	assert_true(told_directory_suspended(w->directory, id, w->emp, w->tt, now()));
	assert_false(told_directory_suspended(w->directory, id, w->hou, w->tt, now())); /* others carry on */
	assert_false(told_directory_suspended(w->directory, told_text("ISA-X"), w->hou, w->emp, now()));
	struct told_when then = {.log_size = before};
	assert_false(told_directory_suspended(w->directory, id, w->hou, w->emp, then));
	assert_int_equal(act(w, w->emp, TOLD_AGREEMENT_ACTION_LIFT), TOLD_OK);
	assert_true(told_directory_suspended(w->directory, id, w->hou, w->emp, now())); /* HOU has not */
	assert_int_equal(act(w, w->hou, TOLD_AGREEMENT_ACTION_LIFT), TOLD_OK);
	assert_false(told_directory_suspended(w->directory, id, w->hou, w->emp, now()));
	assert_true(told_directory_suspended(w->directory, id, w->tt, w->emp, now()));
	assert_int_equal(act(w, w->emp, TOLD_AGREEMENT_ACTION_SUSPEND), TOLD_OK); /* old lifts do not count for it */
	assert_true(told_directory_suspended(w->directory, id, w->hou, w->emp, now()));
	assert_int_equal(act(w, w->emp, TOLD_AGREEMENT_ACTION_NONE), TOLD_E_UNKNOWN);
}

static void test_a_suspension_towards_who_has_no_agent_is_lifted_alone(void **state)
{
	struct world *w = *state;
	told_hash sha256 = put(w, 3, "2026-01-01", "# one");
	assert_int_equal(sign(w, w->hou, &sha256), TOLD_OK);
	assert_int_equal(act(w, w->hou, TOLD_AGREEMENT_ACTION_SUSPEND), TOLD_OK);
	assert_true(told_directory_suspended(w->directory, told_text("ISA-MD3"), w->hou, w->asc, now()));
	assert_int_equal(act(w, w->hou, TOLD_AGREEMENT_ACTION_LIFT), TOLD_OK);
	assert_false(told_directory_suspended(w->directory, told_text("ISA-MD3"), w->hou, w->asc, now()));
}

static void test_who_left_is_bound_again_only_by_signing_again(void **state)
{
	struct world *w = *state;
	told_hash sha256 = put(w, 3, "2026-01-01", "# one");
	assert_int_equal(sign(w, w->hou, &sha256), TOLD_OK);
	assert_int_equal(sign(w, w->tt, &sha256), TOLD_OK);
	assert_int_equal(sign(w, w->emp, &sha256), TOLD_OK);
	assert_int_equal(act(w, w->tt, TOLD_AGREEMENT_ACTION_LEAVE), TOLD_OK);
	assert_int_equal(governs(w, w->hou, w->tt, now()), 0);
	assert_int_equal(governs(w, w->hou, w->emp, now()), 3);
	assert_int_equal(act(w, w->tt, TOLD_AGREEMENT_ACTION_LEAVE), TOLD_E_NOT_FOUND);
	assert_int_equal(sign(w, w->tt, &sha256), TOLD_OK);
	assert_int_equal(governs(w, w->hou, w->tt, now()), 3);
}

static void test_the_same_bytes_are_kept_once(void **state)
{
	struct world *w = *state;
	told_hash sha256 = put(w, 3, "2026-01-01", "# one");
	char *text = replaced(northtown(), "# Northtown:", "# one");
	struct told_agreement *again = loaded(w->parties, text);
	assert_memory_equal(again->sha256, sha256.b, sizeof sha256.b);
	assert_int_equal(told_directory_apply_agreement(w->directory, next(w), &again), TOLD_E_EXISTS);
	assert_null(again);
	assert_non_null(told_directory_agreement_at(w->directory, 0));
	assert_null(told_directory_agreement_at(w->directory, 1));
	free(text);
}

static void test_an_identity_key_is_vouched_for_only_by_an_agreement_signed_oneself(void **state)
{
	struct world *w = *state;
	told_hash sha256 = put(w, 3, "2026-01-01", "# one"), tt_key, other = {{7}};
	told_sha256(told_text("TT"), &tt_key); /* the fingerprint that the demo's file names */
	assert_false(told_directory_vouched(w->directory, w->hou, w->tt, &tt_key, now()));
	assert_int_equal(sign(w, w->tt, &sha256), TOLD_OK);
	assert_false(told_directory_vouched(w->directory, w->hou, w->tt, &tt_key, now()));
	assert_int_equal(sign(w, w->hou, &sha256), TOLD_OK);
	assert_true(told_directory_vouched(w->directory, w->hou, w->tt, &tt_key, now()));
	assert_false(told_directory_vouched(w->directory, w->hou, w->tt, &other, now()));
	assert_false(told_directory_vouched(w->directory, w->hou, w->emp, &tt_key, now()));
}

/* ---- workers ---- */

static struct told_worker line(const struct world *w, const char *number, const char *same_as)
{
	return (struct told_worker){
		.party = w->hou,
		.number = told_text(number),
		.kind = TOLD_WORKER_KIND_EMPLOYED,
		.roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER),
		.teams = {told_text("duty"), told_text("outreach")},
		.team_count = 2,
		.from_utc_ms = day("2026-01-01"),
		.until_utc_ms = day("2027-01-01"),
		.same_as = told_text(same_as),
	};
}

static void test_a_worker_is_live_between_from_and_until(void **state)
{
	struct world *w = *state;
	struct told_worker worker = line(w, "W-1", "");
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_OK);
	const struct told_worker *found = told_directory_worker(w->directory, w->hou, told_text("W-1"), now());
	assert_non_null(found);
	assert_true(told_bytes_equal(found->teams[1], told_text("outreach")));
	assert_false(told_worker_live(found, day("2026-01-01") - 1));
	assert_true(told_worker_live(found, day("2026-01-01")));
	assert_true(told_worker_live(found, day("2027-01-01") - 1));
	assert_false(told_worker_live(found, day("2027-01-01")));
	assert_null(told_directory_worker(w->directory, w->tt, told_text("W-1"), now()));
	assert_null(told_directory_worker(w->directory, w->hou, told_text("W-2"), now()));
}

static void test_a_newer_line_replaces_the_older_from_its_entry_on(void **state)
{
	struct world *w = *state;
	struct told_worker worker = line(w, "W-1", "");
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_OK);
	uint64_t change = w->number;
	worker.until_utc_ms = day("2026-06-01");
	worker.roles = TOLD_BIT32(TOLD_ROLE_SENIOR);
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_OK);
	struct told_when before = {.log_size = change};
	const struct told_worker *found = told_directory_worker(w->directory, w->hou, told_text("W-1"), before);
	assert_int_equal(found->roles, TOLD_BIT32(TOLD_ROLE_PRACTITIONER));
	found = told_directory_worker(w->directory, w->hou, told_text("W-1"), now());
	assert_int_equal(found->roles, TOLD_BIT32(TOLD_ROLE_SENIOR));
	assert_false(told_worker_live(found, day("2026-06-01")));
}

static void test_numbers_of_one_human_are_known_as_such(void **state)
{
	struct world *w = *state;
	const char *const lines[][2] = {{"A", ""},  {"B", "A"}, {"C", "B"}, {"D", ""},
					{"E", "F"}, {"F", "E"}, {"G", "A"}};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct told_worker worker = line(w, lines[i][0], lines[i][1]);
		assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_OK);
	}
	const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {{"A", "A", true},  {"A", "B", true}, {"A", "C", true},  {"C", "G", true},
		     {"A", "D", false}, {"E", "F", true}, {"E", "A", false}, {"D", "D", true},
		     {"D", "", false},  {"X", "X", true}, {"X", "A", false}};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct told_bytes a = told_text(pairs[i].a), b = told_text(pairs[i].b);
		assert_true(told_directory_same_human(w->directory, w->hou, a, b, now()) == pairs[i].same);
		assert_true(told_directory_same_human(w->directory, w->hou, b, a, now()) == pairs[i].same);
	}
}

static void test_a_line_that_is_none_is_refused(void **state)
{
	struct world *w = *state;
	char longer[TOLD_NAME_MAX_BYTES + 1];
	memset(longer, 'a', sizeof longer);
	struct told_worker worker = line(w, "", "");
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_E_MALFORMED);
	worker = line(w, "W-1", "");
	worker.number = told_bytes(longer, sizeof longer);
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_E_MALFORMED);
	worker = line(w, "W-1", "");
	worker.until_utc_ms = worker.from_utc_ms;
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_E_MALFORMED);
	worker = line(w, "W-1", "");
	worker.team_count = TOLD_WORKER_TEAMS_MAX + 1;
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_E_MALFORMED);
	worker = line(w, "W-1", "");
	worker.party = w->emp; /* not enrolled */
	assert_int_equal(told_directory_apply_worker(w->directory, next(w), &worker), TOLD_E_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(test_an_agreement_is_in_force_only_after_both_signed_the_same_bytes),
		TEST(test_the_log_decides_since_when_a_signature_counts),
		TEST(test_only_who_signs_and_is_named_can_sign),
		TEST(test_the_version_both_last_signed_governs_until_both_signed_the_next),
		TEST(test_a_suspension_ends_when_each_of_the_two_has_lifted_it),
		TEST(test_a_suspension_towards_who_has_no_agent_is_lifted_alone),
		TEST(test_who_left_is_bound_again_only_by_signing_again),
		TEST(test_the_same_bytes_are_kept_once),
		TEST(test_an_identity_key_is_vouched_for_only_by_an_agreement_signed_oneself),
		TEST(test_a_worker_is_live_between_from_and_until),
		TEST(test_a_newer_line_replaces_the_older_from_its_entry_on),
		TEST(test_numbers_of_one_human_are_known_as_such),
		TEST(test_a_line_that_is_none_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
