/* SPDX-License-Identifier: Apache-2.0 */
/* What comes first: a withdrawal before what rests on the permission, the second ruling at delivery, a revoked key,
 * credit, the parcel that stays until it is acknowledged, a restart in between. */
#include "flow/kit.h"

#include "told/codes.h"

#include <string.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
};

static struct rig *rig_of(void **state)
{
	return *state;
}

/* The person of this test; each has their own. */
static const uint8_t *person(struct rig *rig, uint32_t which)
{
	return rig->flow->world.refs[which];
}

static void test_a_withdrawal_bites_before_a_message_of_the_same_batch_that_went_before_it(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing batch[2] = {
		flow_update(rig->flow, &(struct flow_twist){.person = 1}),
		flow_withdrawal(rig->flow, &rig->flow->world.sender, person(rig, 1)),
	};
	const struct bench_party *hou = &rig->flow->world.sender;
	assert_int_equal(
		told_outgoing_sign(rig->flow->arena, hou->signing, hou->keys.of[TOLD_AGENCY_KEY_SIGNING].key, batch, 2),
		TOLD_OK);
	flow_send(rig->hou, &batch[0]);
	flow_send(rig->hou, &batch[1]);
	const struct flow_answer *withdrawal = flow_answer(rig->hou, batch[1].id);
	const struct flow_answer *update = flow_answer(rig->hou, batch[0].id);
	assert_int_equal(withdrawal->outcome, TOLD_ANSWER_ACCEPTED);
	/* In one turn the withdrawal is entered first and the update is refused. Should the wire have split the batch
	 * into two turns, the update was accepted before anybody had withdrawn anything, and is not delivered any more.
	 */
	if (withdrawal->index < update->index)
		assert_int_equal(update->outcome, TOLD_ANSWER_REFUSED);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, batch[0].id), 0);
}

static bool second_entry(void *ctx)
{
	struct flow_peer *peer = ctx;
	return peer->answer_count > 0 && peer->answers[peer->answer_count - 1].outcome == TOLD_ANSWER_REFUSED;
}

static void test_what_is_withdrawn_in_the_queue_is_not_delivered_and_its_sender_is_told(void **state)
{
	struct rig *rig = rig_of(state);
	flow_leave(rig->emp);
	struct told_outgoing update = flow_update(rig->flow, &(struct flow_twist){.person = 2});
	const struct flow_answer *accepted = flow_say(rig->hou, &update);
	assert_int_equal(accepted->outcome, TOLD_ANSWER_ACCEPTED);
	struct told_outgoing withdrawal = flow_withdrawal(rig->flow, &rig->flow->world.sender, person(rig, 2));
	assert_int_equal(flow_say(rig->hou, &withdrawal)->outcome, TOLD_ANSWER_ACCEPTED);
	flow_rejoin(rig->emp);
	assert_true(flow_until(rig->flow, second_entry, rig->hou, FLOW_WAIT_MS));
	const struct flow_answer *refused = flow_answer(rig->hou, update.id);
	assert_int_equal(refused->outcome, TOLD_ANSWER_REFUSED);
	assert_true(refused->code >= TOLD_FAMILY_CON * 100 && refused->code < TOLD_FAMILY_SEC * 100);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, update.id), 0);
}

/* ---- parcels ---- */

static bool got_two_more(void *ctx)
{
	struct flow_peer *peer = ctx;
	return peer->ack_count >= 2;
}

static void test_a_parcel_stays_until_it_is_acknowledged_over_a_restart_too(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing update = flow_update(rig->flow, &(struct flow_twist){.content = "stay"});
	rig->emp->silent = true;
	assert_int_equal(flow_say(rig->hou, &update)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(rig->emp, update.id, FLOW_WAIT_MS));
	flow_leave(rig->emp);
	flow_broker_kill(rig->flow);
	flow_broker_start(rig->flow);
	size_t before = flow_times(rig->emp, update.id);
	flow_rejoin(rig->emp);
	struct told_outgoing next = flow_update(rig->flow, &(struct flow_twist){.content = "next"});
	assert_int_equal(flow_say(rig->hou, &next)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_true(flow_until(rig->flow, got_two_more, rig->emp, FLOW_WAIT_MS));
	assert_int_equal(flow_times(rig->emp, update.id), before + 1);
	rig->emp->silent = false;
	flow_still_good(rig->hou, rig->emp);
	flow_leave(rig->emp); /* acknowledged by now: it does not come a third time */
	flow_rejoin(rig->emp);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, update.id), before + 1);
}

#define MORE_THAN_CREDIT (TOLD_CREDIT_MAX + 44u)

static void test_no_more_parcels_are_on_their_way_than_there_is_credit(void **state)
{
	struct rig *rig = rig_of(state);
	static struct told_outgoing updates[MORE_THAN_CREDIT];
	flow_leave(rig->emp);
	for (size_t i = 0; i < MORE_THAN_CREDIT; i++) {
		updates[i] = flow_update(rig->flow, &(struct flow_twist){0});
		flow_send(rig->hou, &updates[i]);
	}
	for (size_t i = 0; i < MORE_THAN_CREDIT; i++)
		assert_int_equal(flow_answer(rig->hou, updates[i].id)->outcome, TOLD_ANSWER_ACCEPTED);
	rig->emp->silent = true;
	flow_rejoin(rig->emp);
	size_t before = rig->emp->parcel_count;
	assert_non_null(flow_parcel(rig->emp, updates[TOLD_CREDIT_MAX - 1].id, FLOW_WAIT_MS));
	/* Whatever the broker could still send of its own accord comes before the answer to this. */
	struct told_outgoing probe = flow_update(rig->flow, &(struct flow_twist){.person = 3});
	assert_int_equal(flow_say(rig->hou, &probe)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(rig->emp->parcel_count - before, TOLD_CREDIT_MAX);
	rig->emp->silent = false;
	assert_non_null(flow_parcel(rig->emp, updates[MORE_THAN_CREDIT - 1].id, FLOW_WAIT_MS));
	for (size_t i = 0; i < MORE_THAN_CREDIT; i++)
		assert_int_equal(flow_times(rig->emp, updates[i].id), 1);
}

/* ---- the broker's end ---- */

static void test_a_stop_under_load_ends_in_order_and_loses_nothing_that_was_acknowledged(void **state)
{
	struct rig *rig = rig_of(state);
	static struct told_outgoing updates[200];
	for (size_t i = 0; i < 200; i++)
		updates[i] = flow_update(rig->flow, &(struct flow_twist){0});
	for (size_t i = 0; i < 200; i++)
		flow_send(rig->hou, &updates[i]);
	assert_int_equal(flow_answer(rig->hou, updates[0].id)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	flow_broker_start(rig->flow);
	flow_leave(rig->hou);
	flow_rejoin(rig->hou);
	/* The same bytes again, as an outbox does: what was acknowledged keeps its place. */
	for (size_t i = 0; i < 200; i++) {
		uint64_t index = 0;
		for (size_t j = 0; j < rig->hou->answer_count; j++)
			if (memcmp(rig->hou->answers[j].id, updates[i].id, TOLD_ID_BYTES) == 0)
				index = rig->hou->answers[j].index;
		const struct flow_answer *again = flow_say(rig->hou, &updates[i]);
		assert_int_equal(again->outcome, TOLD_ANSWER_ACCEPTED);
		if (index != 0)
			assert_int_equal(again->index, index);
	}
	for (size_t i = 0; i < 200; i++)
		assert_non_null(flow_parcel(rig->emp, updates[i].id, FLOW_WAIT_MS));
}

/* ---- a revoked agency ---- */

static bool was_cut(void *ctx)
{
	const struct flow_peer *peer = ctx;
	return peer->lost_count > 0;
}

/* The text that `told doctor` shows. */
static bool is_shut_out(void *ctx)
{
	const struct flow_peer *peer = ctx;
	return strstr(told_client_advice(peer->client), "does not know this agency's session key") != NULL;
}

static void test_a_revoked_agency_is_cut_within_a_second_and_sends_nothing_more(void **state)
{
	struct rig *rig = rig_of(state);
	struct flow_peer *operator= flow_join_operator(rig->flow);
	struct told_outgoing revoke = flow_partner(rig->flow, TOLD_PARTNER_ACTION_REVOKE, &rig->flow->world.sender);
	flow_still_good(rig->hou, rig->emp);
	rig->hou->lost_count = 0;
	assert_int_equal(flow_say(operator, & revoke)->outcome, TOLD_ANSWER_ACCEPTED);
	uint64_t revoked = flow_answer(operator, revoke.id)->index;
	if (told_client_ready(rig->hou->client)) {
		struct told_outgoing late = flow_update(rig->flow, &(struct flow_twist){.content = "too late"});
		assert_int_equal(told_client_send(rig->hou->client, &late), TOLD_OK);
	}
	assert_true(flow_until(rig->flow, was_cut, rig->hou, TOLD_MS_SECOND));
	for (size_t i = 0; i < rig->hou->answer_count; i++)
		assert_true(rig->hou->answers[i].outcome != TOLD_ANSWER_ACCEPTED ||
			    rig->hou->answers[i].index < revoked);
	assert_true(flow_until(rig->flow, is_shut_out, rig->hou, FLOW_WAIT_MS));
	flow_keep_checkpoint(operator);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	assert_int_equal(flow_audit(rig->flow), 0);
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->flow = flow_new(4);
	flow_fix_endpoint(rig->flow);
	rig->emp = flow_join(rig->flow, &rig->flow->world.consumer, true);
	rig->hou = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_still_good(rig->hou, rig->emp);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = rig_of(state);
	flow_free(rig->flow);
	test_free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_withdrawal_bites_before_a_message_of_the_same_batch_that_went_before_it),
		cmocka_unit_test(test_what_is_withdrawn_in_the_queue_is_not_delivered_and_its_sender_is_told),
		cmocka_unit_test(test_a_parcel_stays_until_it_is_acknowledged_over_a_restart_too),
		cmocka_unit_test(test_no_more_parcels_are_on_their_way_than_there_is_credit),
		cmocka_unit_test(test_a_stop_under_load_ends_in_order_and_loses_nothing_that_was_acknowledged),
		cmocka_unit_test(test_a_revoked_agency_is_cut_within_a_second_and_sends_nothing_more),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
