/* SPDX-License-Identifier: Apache-2.0 */
/* Folding a conference out of its messages: at the broker, who saw the call; at an agency, which saw its invitation. */
#include "broker/rule/person.h"
#include "support/support.h"

#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)
#define NOW_MS   INT64_C(1795348800000)

static struct told_person *person;
static struct told_parties *parties;
static uint64_t entries;
static uint8_t ids[64][TOLD_ID_BYTES];

static int set_up(void **state)
{
	static const uint8_t ref[TOLD_ID_BYTES] = {7};
	(void)state;
	entries = 0;
	OK(told_parties_new(&parties));
	OK(told_person_new(ref, &person));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_person_free(person);
	told_parties_free(parties);
	return 0;
}

/* One message: who says what to whom. Gives its id. */
static struct told_bytes say(const char *from, uint32_t type, uint32_t event, struct told_bytes about, const char *to,
			     uint64_t due_ms)
{
	struct told_bytes names[1] = {told_text(to)};
	uint32_t purpose = TOLD_PURPOSE_MDT;
	struct told_workflow_part part = {.referral = about, .event = event, .due_ms = due_ms};
	uint8_t *id = ids[entries % 64];
	memset(id, (int)entries + 1, TOLD_ID_BYTES);
	struct told_header h = {.type = type,
				.sender = told_text(from),
				.id = told_bytes(id, TOLD_ID_BYTES),
				.recipients = {names, 1},
				.purposes = {&purpose, 1},
				.workflow = &part};
	struct told_entry entry = {.number = entries, .utc_ms = NOW_MS + (int64_t)entries};
	entries++;
	OK(told_person_apply(person, parties, &h, entry));
	return h.id;
}

static struct told_bytes none(void)
{
	return told_bytes(NULL, 0);
}

static bool sits(const struct told_conference_facts *c, const char *party)
{
	return told_partyset_has(&c->members, told_party_find(parties, told_text(party)));
}

static size_t live(int64_t at_ms)
{
	size_t n = 0;
	for (size_t i = 0; i < person->relationship_count; i++) {
		const struct told_relationship_facts *r = &person->relationships[i];
		n += r->kind == TOLD_RELATIONSHIP_CONFERENCE && (r->until_utc_ms == 0 || r->until_utc_ms > at_ms);
	}
	return n;
}

static void test_a_call_opens_one_and_invitations_fill_it(void **state)
{
	(void)state;
	struct told_bytes id = say("HOU", TOLD_TYPE_CONF_CALL, TOLD_CONFERENCE_EVENT_CALL, none(), "TT", 0);
	const struct told_conference_facts *c = told_person_conference(person, id);
	assert_non_null(c);
	assert_true(c->whole);
	assert_int_equal(c->state, TOLD_CONFERENCE_CALLED);
	assert_string_equal(told_party_name(parties, c->chair), "HOU");
	say("HOU", TOLD_TYPE_CONF_LIST, TOLD_CONFERENCE_EVENT_LIST, id, "TT", 0);
	say("HOU", TOLD_TYPE_CONF_INVITE, TOLD_CONFERENCE_EVENT_INVITE, id, "SUD", (uint64_t)NOW_MS + 1000);
	c = told_person_conference(person, id);
	assert_int_equal(c->state, TOLD_CONFERENCE_LISTED);
	assert_true(sits(c, "HOU"));
	assert_true(sits(c, "SUD"));
	assert_true(sits(c, "TT")); /* heard the call */
	assert_false(sits(c, "EMP"));
}

static void test_access_ends_by_itself_and_with_the_conference(void **state)
{
	(void)state;
	struct told_bytes id = say("HOU", TOLD_TYPE_CONF_CALL, TOLD_CONFERENCE_EVENT_CALL, none(), "TT", 0);
	say("HOU", TOLD_TYPE_CONF_LIST, TOLD_CONFERENCE_EVENT_LIST, id, "TT", 0);
	say("HOU", TOLD_TYPE_CONF_INVITE, TOLD_CONFERENCE_EVENT_INVITE, id, "SUD", (uint64_t)NOW_MS + 1000);
	say("HOU", TOLD_TYPE_CONF_INVITE, TOLD_CONFERENCE_EVENT_INVITE, id, "TT", (uint64_t)NOW_MS + 5000);
	assert_int_equal(live(NOW_MS + 10), 2);
	assert_int_equal(live(NOW_MS + 1000), 1);
	say("HOU", TOLD_TYPE_CONF_LIST, TOLD_CONFERENCE_EVENT_END, id, "TT", 0);
	assert_int_equal(live(NOW_MS + 10), 0);
	assert_int_equal(told_person_conference(person, id)->state, TOLD_CONFERENCE_ENDED);
}

static void test_a_marac_is_chaired_by_whom_it_is_asked_of(void **state)
{
	(void)state;
	struct told_bytes names[1] = {told_text("MARAC")};
	uint32_t purpose = TOLD_PURPOSE_MARAC;
	struct told_workflow_part part = {.event = TOLD_CONFERENCE_EVENT_CALL};
	struct told_header h = {.type = TOLD_TYPE_CONF_CALL,
				.sender = told_text("HOU"),
				.id = told_bytes(ids[63], TOLD_ID_BYTES),
				.recipients = {names, 1},
				.purposes = {&purpose, 1},
				.workflow = &part};
	OK(told_person_apply(person, parties, &h, (struct told_entry){.number = 0, .utc_ms = NOW_MS}));
	const struct told_conference_facts *c = told_person_conference(person, h.id);
	assert_string_equal(told_party_name(parties, c->chair), "MARAC");
	assert_true(sits(c, "HOU"));
}

static void test_who_was_invited_knows_it_from_the_invitation_on(void **state)
{
	(void)state;
	struct told_bytes id = told_bytes(ids[62], TOLD_ID_BYTES);
	memset(ids[62], 0x44, TOLD_ID_BYTES);
	say("HOU", TOLD_TYPE_CONF_MINUTES, TOLD_CONFERENCE_EVENT_MINUTES, id, "SUD", 0);
	assert_null(told_person_conference(person, id));
	say("HOU", TOLD_TYPE_CONF_INVITE, TOLD_CONFERENCE_EVENT_INVITE, id, "SUD", 0);
	const struct told_conference_facts *c = told_person_conference(person, id);
	assert_non_null(c);
	assert_false(c->whole);
	assert_int_equal(c->state, TOLD_CONFERENCE_LISTED);
	say("HOU", TOLD_TYPE_CONF_LIST, TOLD_CONFERENCE_EVENT_START, id, "SUD", 0);
	assert_int_equal(told_person_conference(person, id)->state, TOLD_CONFERENCE_STARTED);
}

/* A message is ruled again at delivery: how it found the conference is kept. */
static void test_how_each_message_found_it_is_kept(void **state)
{
	(void)state;
	struct told_bytes id = say("HOU", TOLD_TYPE_CONF_CALL, TOLD_CONFERENCE_EVENT_CALL, none(), "TT", 0);
	struct told_bytes list = say("HOU", TOLD_TYPE_CONF_LIST, TOLD_CONFERENCE_EVENT_LIST, id, "TT", 0);
	OK(told_person_settle(person));
	assert_int_equal(person->move_count, 1);
	assert_memory_equal(person->moves[0].message, list.data, TOLD_ID_BYTES);
	assert_int_equal(person->moves[0].before, TOLD_CONFERENCE_CALLED);
	assert_int_equal(told_person_conference(person, id)->state, TOLD_CONFERENCE_LISTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_call_opens_one_and_invitations_fill_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_access_ends_by_itself_and_with_the_conference, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_marac_is_chaired_by_whom_it_is_asked_of, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_who_was_invited_knows_it_from_the_invitation_on, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_how_each_message_found_it_is_kept, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
