/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that do not come: an agency with two connections, a broker that stands still, a claim to have seen more of
 * the log than there is. Nobody waits for ever. */
#include "flow/kit.h"

#include "support/backup.h"
#include "told/codes.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
};

static struct rig *rig_of(void **state)
{
	return *state;
}

static const struct flow_answer *find(const struct flow_peer *peer, const uint8_t id[TOLD_ID_BYTES], bool busy)
{
	for (size_t i = 0; i < peer->answer_count; i++)
		if (memcmp(peer->answers[i].id, id, TOLD_ID_BYTES) == 0 && peer->answers[i].busy == busy)
			return &peer->answers[i];
	return NULL;
}

struct wanted {
	struct flow_peer *peer;
	const uint8_t *id;
	bool busy;
};

static bool heard(void *ctx)
{
	const struct wanted *w = ctx;
	return find(w->peer, w->id, w->busy) != NULL;
}

/* The clock goes on by 21 s while the broker stands still. */
static void test_an_answer_that_does_not_come_is_busy_and_the_same_bytes_get_the_same_receipt(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	struct wanted busy = {rig->hou, message.id, true}, answer = {rig->hou, message.id, false};
	flow_until_ready(rig->hou);
	assert_int_equal(kill(rig->flow->world.broker, SIGSTOP), 0);
	flow_send(rig->hou, &message);
	rig->flow->boot_shift_ms += 21 * TOLD_MS_SECOND;
	assert_true(flow_until(rig->flow, heard, &busy, FLOW_WAIT_MS));
	flow_send(rig->hou, &message);
	assert_int_equal(kill(rig->flow->world.broker, SIGCONT), 0);
	assert_true(flow_until(rig->flow, heard, &answer, FLOW_WAIT_MS));
	uint64_t index = find(rig->hou, message.id, false)->index;
	assert_int_equal(flow_say(rig->hou, &message)->index, index);
	for (size_t i = 0; i < rig->hou->answer_count; i++)
		if (memcmp(rig->hou->answers[i].id, message.id, TOLD_ID_BYTES) == 0 && !rig->hou->answers[i].busy)
			assert_int_equal(rig->hou->answers[i].index, index);
	assert_int_equal(rig->hou->fault, TOLD_OK);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message.id), 1);
}

/* In one turn both are answered where the agency last spoke: who hears nothing asks again. */
static void until_answered(struct flow_peer *peer, const struct told_outgoing *message)
{
	struct wanted answer = {peer, message->id, false}, busy = {peer, message->id, true};
	if (flow_until(peer->flow, heard, &answer, TOLD_MS_SECOND))
		return;
	peer->flow->boot_shift_ms += 21 * TOLD_MS_SECOND;
	assert_true(flow_until(peer->flow, heard, &busy, FLOW_WAIT_MS));
	flow_send(peer, message);
	assert_true(flow_until(peer->flow, heard, &answer, FLOW_WAIT_MS));
}

static void test_two_connections_of_one_agency_both_get_their_receipts(void **state)
{
	struct rig *rig = rig_of(state);
	struct flow_peer *other = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_until_ready(other);
	for (int i = 0; i < 5; i++) {
		struct told_outgoing one = flow_update(rig->flow, &(struct flow_twist){0});
		struct told_outgoing two = flow_update(rig->flow, &(struct flow_twist){0});
		flow_send(rig->hou, &one);
		flow_send(other, &two);
		until_answered(rig->hou, &one);
		until_answered(other, &two);
		assert_non_null(flow_parcel(rig->emp, one.id, FLOW_WAIT_MS));
		assert_non_null(flow_parcel(rig->emp, two.id, FLOW_WAIT_MS));
	}
	flow_leave(other);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(rig->hou->fault, TOLD_OK);
	assert_int_equal(other->fault, TOLD_OK);
}

/* Parcels go to the newest connection, and back to the older one when that ends without having acknowledged them. */
static void test_parcels_find_the_connection_that_is_left(void **state)
{
	struct rig *rig = rig_of(state);
	struct flow_peer *other = flow_join(rig->flow, &rig->flow->world.consumer, true);
	struct told_outgoing one = flow_update(rig->flow, &(struct flow_twist){0});
	uint8_t not_believed[TOLD_ID_BYTES] = {0}; /* it has folded nothing, so it is shown nothing */
	other->silent = true;
	flow_until_ready(other);
	assert_int_equal(flow_say(rig->hou, &one)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(other, not_believed, FLOW_WAIT_MS));
	assert_int_equal(flow_times(rig->emp, one.id), 0);
	flow_leave(other);
	assert_non_null(flow_parcel(rig->emp, one.id, FLOW_WAIT_MS));
	flow_still_good(rig->hou, rig->emp);
}

static bool forked(void *ctx)
{
	const struct flow_peer *peer = ctx;
	return peer->fault == TOLD_E_FORK;
}

/* An operator who starts the broker on an old copy of its whole folder, anchor and all: every agency has seen more. */
static void test_an_agency_that_has_seen_more_than_the_log_holds_stops(void **state)
{
	struct rig *rig = rig_of(state);
	struct flow *flow = rig->flow;
	char copy[PATH_MAX];
	snprintf(copy, sizeof copy, "%.4000s/copy", flow->world.dir);
	flow_leave(rig->emp);
	flow_leave(rig->hou);
	assert_int_equal(flow_broker_stop(flow), 0);
	told_test_copy_tree(flow->world.broker_dir, copy);
	flow_broker_start(flow);
	flow_rejoin(rig->emp);
	flow_rejoin(rig->hou);
	flow_still_good(rig->hou, rig->emp);
	flow_until_ready(rig->hou);
	flow->world.sender.checkpoint =
		told_arena_copy(flow->arena, told_client_checkpoint(rig->hou->client, NULL, NULL));
	flow_leave(rig->emp);
	flow_leave(rig->hou);
	assert_int_equal(flow_broker_stop(flow), 0);
	told_test_copy_tree(copy, flow->world.broker_dir);
	flow_broker_start(flow);
	flow_rejoin(rig->hou);
	assert_true(flow_until(flow, forked, rig->hou, FLOW_WAIT_MS));
	assert_false(told_client_ready(rig->hou->client));
	print_message("%s\n", told_client_advice(rig->hou->client));
	struct told_outgoing message = flow_update(flow, &(struct flow_twist){0});
	assert_int_equal(told_client_send(rig->hou->client, &message), TOLD_E_BUSY);
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->flow = flow_new(1);
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
		cmocka_unit_test(test_an_answer_that_does_not_come_is_busy_and_the_same_bytes_get_the_same_receipt),
		cmocka_unit_test(test_two_connections_of_one_agency_both_get_their_receipts),
		cmocka_unit_test(test_parcels_find_the_connection_that_is_left),
		cmocka_unit_test(test_an_agency_that_has_seen_more_than_the_log_holds_stops),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
