/* SPDX-License-Identifier: Apache-2.0 */
/* A story from its telling to its reading, through verify, rule, record and deliver: what is released arrives with
 * proofs that hold, and nothing else arrives. */
#include "support/agency.h"

#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

static int set_up(void **state)
{
	struct test_world *w = *state = test_world_ready();
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		assert_true(test_drain(w, &w->of[i]) > 0);
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

/* HOU deposited name and housing situation; the person said yes to TT; TT works with the person; HOU granted. */
struct granted {
	struct test_message *name, *home, *consent, *grant_name, *grant_home;
};

static void deposit_both(struct test_world *w, struct granted *g)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	g->name = test_deposit(w, hou, TOLD_CATEGORY_DEM_ID);
	g->home = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	test_phase(w, hou, g->name, TOLD_PHASE_ACCEPTED);
	test_phase(w, hou, g->home, TOLD_PHASE_ACCEPTED);
}

static void consent(struct test_world *w, struct granted *g)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	g->consent = test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2);
	test_phase(w, hou, g->consent, TOLD_PHASE_CONSENT);
}

static void relate(struct test_world *w)
{
	struct test_agency *tt = &w->of[TEST_TT];
	test_phase(w, tt, test_relationship(w, tt, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
}

static void grant_both(struct test_world *w, struct granted *g)
{
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	g->grant_name = test_grant(w, hou, g->name, tt, g->consent);
	g->grant_home = test_grant(w, hou, g->home, tt, g->consent);
	test_phase(w, hou, g->grant_name, TOLD_PHASE_ACCEPTED);
	test_phase(w, hou, g->grant_home, TOLD_PHASE_ACCEPTED);
}

static struct granted granted(struct test_world *w)
{
	struct granted g;
	deposit_both(w, &g);
	consent(w, &g);
	relate(w);
	grant_both(w, &g);
	test_drain(w, &w->of[TEST_HOU]);
	test_drain(w, &w->of[TEST_TT]);
	return g;
}

static const struct told_receipt *ask_home(struct test_world *w, struct test_message **ask)
{
	struct test_agency *tt = &w->of[TEST_TT];
	*ask = test_ask(w, tt, &w->of[TEST_HOU], w->person, TOLD_CATEGORY_HOU_SIT);
	return test_phase(w, tt, *ask, TOLD_PHASE_ANSWERED);
}

/* The place of the entry that released these categories to TT last; the test fails when there is none. */
static struct told_leaf *last_delivered(struct test_world *w)
{
	for (uint64_t i = told_record_size(w->record); i > 0; i--) {
		struct told_leaf *leaf = test_leaf(w, i - 1);
		if (leaf->phase == TOLD_PHASE_DELIVERED && leaf->released.count > 0)
			return leaf;
	}
	fail();
	return NULL;
}

/* ---- asking ---- */

static void test_an_ask_is_answered_with_what_was_granted(void **state)
{
	struct test_world *w = *state;
	struct test_agency *tt = &w->of[TEST_TT];
	struct granted g = granted(w);
	struct test_message *ask;
	struct test_parcels parcels;
	ask_home(w, &ask);
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 1);
	const struct told_parcel *parcel = parcels.items[0].parcel;
	assert_int_equal(parcel->type, TOLD_TYPE_ASK_REPLY);
	assert_true(told_bytes_equal(parcel->in_reply_to, ask->id));
	assert_int_equal(parcel->carried.count, 4);
	assert_int_equal(parcel->marker, TOLD_PARCEL_MARKER_NONE);
	test_check_parcel(w, parcel);
	struct test_message *const deposits[] = {g.name, g.home};
	for (size_t i = 0; i < 2; i++) {
		struct told_buf content = TOLD_BUF(4096);
		OK(test_read(w, tt, parcel, 2 * i, &content));
		assert_true(told_bytes_equal(told_buf_view(&content), deposits[i]->sections[0].content));
		told_buf_free(&content);
	}
	struct told_leaf *leaf = last_delivered(w);
	assert_true(told_bytes_equal(leaf->recipient, tt->party));
	assert_int_equal(leaf->released.count, 2);
	assert_int_equal(leaf->released.items[0], TOLD_CATEGORY_DEM_ID);
	assert_int_equal(leaf->released.items[1], TOLD_CATEGORY_HOU_SIT);
}

static void test_an_ask_before_the_grant_is_answered_when_it_comes(void **state)
{
	struct test_world *w = *state;
	struct test_agency *tt = &w->of[TEST_TT];
	struct granted g;
	struct test_message *ask;
	struct test_parcels parcels;
	deposit_both(w, &g);
	consent(w, &g);
	relate(w);
	test_drain(w, tt);
	ask_home(w, &ask);
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 0);
	grant_both(w, &g);
	test_deliver(w, tt, &parcels);
	assert_true(parcels.count > 0);
	const struct told_parcel *last = parcels.items[parcels.count - 1].parcel;
	assert_true(told_bytes_equal(last->in_reply_to, ask->id));
	assert_int_equal(last->carried.count, 4);
	test_check_parcel(w, last);
}

static void test_a_grant_of_something_else_wakes_an_ask_but_delivers_nothing(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct granted g;
	struct test_message *ask;
	struct test_parcels parcels;
	deposit_both(w, &g);
	consent(w, &g);
	relate(w);
	test_drain(w, tt);
	ask = test_ask(w, tt, hou, w->person, TOLD_CATEGORY_HOU_DUTY);
	test_phase(w, tt, ask, TOLD_PHASE_ANSWERED);
	test_phase(w, hou, test_grant(w, hou, g.home, tt, g.consent), TOLD_PHASE_ACCEPTED);
	test_deliver(w, tt, &parcels);
	for (size_t i = 0; i < parcels.count; i++) {
		assert_false(parcels.items[i].released);
		assert_null(parcels.items[i].receipt); /* who asks learns nothing */
	}
	for (uint64_t i = 0; i < told_record_size(w->record); i++)
		assert_int_equal(test_leaf(w, i)->released.count, 0);
}

/* A withdrawal takes the wraps at once: asked again, nothing is there. */
static void test_a_withdrawal_sweeps_the_wraps_and_tells_whoever_was_told(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct granted g = granted(w);
	struct test_message *ask;
	struct test_parcels parcels;
	struct told_carried_deposit deposit;
	ask_home(w, &ask);
	test_drain(w, tt);
	OK(told_record_deposit(w->record, w->arena, g.home->id, tt->party, &deposit));
	test_begin(w);
	assert_int_equal(test_say(w, hou, test_withdrawal(w, hou, NULL)).phase, TOLD_PHASE_CONSENT);
	test_follow(w, NULL, 0);
	test_commit(w);
	assert_int_equal(told_record_deposit(w->record, w->arena, g.home->id, tt->party, &deposit), TOLD_E_NOT_FOUND);
	ask_home(w, &ask);
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 1);
	assert_int_equal(parcels.items[0].parcel->type, TOLD_TYPE_WITHDRAWAL_NOTICE);
	test_check_parcel(w, parcels.items[0].parcel);
}

static void test_an_answer_that_waits_is_not_delivered_after_a_withdrawal(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	granted(w);
	struct test_message *ask;
	struct test_parcels parcels;
	ask_home(w, &ask);
	test_begin(w);
	test_say(w, hou, test_withdrawal(w, hou, NULL));
	test_follow(w, NULL, 0);
	test_commit(w);
	test_deliver(w, tt, &parcels);
	for (size_t i = 0; i < parcels.count; i++)
		if (parcels.items[i].delivery.row.type == TOLD_TYPE_ASK_REPLY) {
			assert_false(parcels.items[i].released);
			assert_null(parcels.items[i].receipt);
		}
	test_deliver(w, tt, &parcels); /* dropped, not kept for later */
	for (size_t i = 0; i < parcels.count; i++)
		assert_int_equal(parcels.items[i].delivery.row.type, TOLD_TYPE_WITHDRAWAL_NOTICE);
}

/* What does not fit into one parcel is left out and said to be missing; the entry names what went. */
static void test_an_answer_never_outgrows_a_parcel(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	enum { BYTES = 900000 };
	uint8_t *text = told_arena_alloc(w->arena, BYTES);
	memset(text, 'w', BYTES);
	struct granted g;
	deposit_both(w, &g);
	consent(w, &g);
	relate(w);
	grant_both(w, &g);
	for (size_t i = 0; i < 2; i++) {
		struct told_header header = test_header(w, hou, TOLD_TYPE_DEPOSIT);
		uint8_t *deposit_id = told_arena_alloc(w->arena, TOLD_ID_BYTES);
		struct told_deposit_part part = {told_bytes(deposit_id, TOLD_ID_BYTES), 1};
		OK(told_random(deposit_id, TOLD_ID_BYTES));
		header.deposit = &part;
		struct test_message *large =
			test_seal_large(w, hou, &header, &shared[1], 1, told_bytes(text, BYTES), NULL);
		test_phase(w, hou, large, TOLD_PHASE_ACCEPTED);
		test_phase(w, hou, test_grant(w, hou, large, tt, g.consent), TOLD_PHASE_ACCEPTED);
	}
	test_drain(w, tt);
	struct test_message *ask;
	struct test_parcels parcels;
	ask_home(w, &ask);
	test_deliver(w, tt, &parcels);
	const struct told_parcel *parcel = parcels.items[0].parcel;
	assert_int_equal(parcel->carried.count, 6); /* of four sections three fit */
	assert_int_equal(parcel->marker, TOLD_PARCEL_MARKER_GENERIC);
	test_check_parcel(w, parcel);
}

/* ---- the same answer for everybody who asks ---- */

struct answer_size {
	size_t frame, leaf;
};

/* The answer without its proof, whose length depends on the log's size alone. */
static struct answer_size answer_of(struct test_world *w, const struct told_receipt *receipt)
{
	struct told_bytes facts_salt, facts, ruling_salt, ruling;
	told_receipt_parts(receipt, &facts_salt, &facts, &ruling_salt, &ruling);
	assert_int_equal(facts_salt.len + facts.len + ruling_salt.len + ruling.len, 0);
	struct told_frames frames;
	struct told_answer *answer = NULL;
	OK(told_answer_build(w->record, w->arena, &receipt, 1, told_record_size(w->record), NULL, 0, &frames));
	OK(told_answer_decode(frames.body, w->arena, &answer));
	answer->runs.items[0].left.count = answer->runs.items[0].right.count = 0;
	answer->checkpoint = told_text("the note, whose numbers grow");
	answer->from_size = answer->runs.items[0].first = 1;
	struct told_buf bytes = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	OK(told_answer_encode(answer, &bytes));
	struct answer_size size = {bytes.len, told_receipt_leaf(receipt).len};
	told_buf_free(&bytes);
	return size;
}

static void test_every_ask_gets_the_same_answer(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT], *emp = &w->of[TEST_EMP];
	uint8_t nobody[TOLD_ID_BYTES];
	granted(w);
	OK(told_random(nobody, sizeof nobody));
	const struct test_message *asks[] = {
		test_ask(w, tt, hou, w->person, TOLD_CATEGORY_HOU_SIT),  /* released */
		test_ask(w, tt, hou, w->person, TOLD_CATEGORY_HOU_DUTY), /* nothing deposited */
		test_ask(w, tt, hou, w->person, TOLD_CATEGORY_CRM_OFF),  /* no flow allows it */
		test_ask(w, tt, hou, nobody, TOLD_CATEGORY_HOU_SIT),     /* nobody knows this person */
		test_ask(w, emp, hou, w->person, TOLD_CATEGORY_HOU_SIT), /* no relationship, no permission */
	};
	struct answer_size sizes[5];
	for (size_t i = 0; i < 5; i++)
		sizes[i] = answer_of(w, test_phase(w, i == 4 ? emp : tt, asks[i], TOLD_PHASE_ANSWERED));
	for (size_t i = 1; i < 4; i++) {
		assert_int_equal(sizes[i].frame, sizes[0].frame);
		assert_int_equal(sizes[i].leaf, sizes[0].leaf);
	}
	assert_int_equal(sizes[4].leaf, sizes[0].leaf + 1); /* the asker's own name has one letter more */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_an_ask_is_answered_with_what_was_granted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_ask_before_the_grant_is_answered_when_it_comes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_grant_of_something_else_wakes_an_ask_but_delivers_nothing,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_withdrawal_sweeps_the_wraps_and_tells_whoever_was_told, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_an_answer_that_waits_is_not_delivered_after_a_withdrawal, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_an_answer_never_outgrows_a_parcel, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_every_ask_gets_the_same_answer, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
