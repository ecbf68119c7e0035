/* SPDX-License-Identifier: Apache-2.0 */
/* What is no message at all: strangers' keys, too many frames, too large ones, cut and random bytes. It is turned away
 * or refused, counted in the log where it cannot be answered, and the way stays open. */
#include "flow/kit.h"

#include "agents/client/socket/socket.h"
#include "broker/base/loop.h"
#include "proto/leaf.h"
#include "told/codes.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
	unsigned dropped; /* frames that must be counted in heartbeat entries */
};

static struct rig *rig_of(void **state)
{
	return *state;
}

/* A bare DEALER with the session key of an enrolled agency. */
struct bare {
	void *context, *dealer;
};

static struct bare open_bare(struct rig *rig, const struct bench_party *party)
{
	struct bare bare = {.context = zmq_ctx_new()};
	int none = 0, wait_ms = (int)FLOW_WAIT_MS;
	const struct told_keypair *pair = &party->keys.of[TOLD_AGENCY_KEY_SESSION];
	bare.dealer = zmq_socket(bare.context, ZMQ_DEALER);
	assert_int_equal(zmq_setsockopt(bare.dealer, ZMQ_LINGER, &none, sizeof none), 0);
	assert_int_equal(zmq_setsockopt(bare.dealer, ZMQ_SNDTIMEO, &wait_ms, sizeof wait_ms), 0);
	assert_int_equal(zmq_setsockopt(bare.dealer, ZMQ_CURVE_SERVERKEY,
					rig->flow->world.partnership.broker_session_key, TOLD_KEY_BYTES),
			 0);
	assert_int_equal(zmq_setsockopt(bare.dealer, ZMQ_CURVE_PUBLICKEY, pair->key, TOLD_KEY_BYTES), 0);
	assert_int_equal(zmq_setsockopt(bare.dealer, ZMQ_CURVE_SECRETKEY, pair->secret, TOLD_KEY_BYTES), 0);
	assert_int_equal(zmq_connect(bare.dealer, rig->flow->world.endpoint), 0);
	return bare;
}

static void close_bare(struct bare *bare)
{
	zmq_close(bare->dealer);
	zmq_ctx_term(bare->context);
}

static void put_frame(struct bare *bare, const void *data, size_t len, bool more)
{
	assert_int_equal(zmq_send(bare->dealer, data, len, more ? ZMQ_SNDMORE : 0), (int)len);
}

/* The entry of a refusal that names no message: its sender's answer reaches the bare socket. */
static void expect_answer(struct bare *bare)
{
	zmq_pollitem_t item = {.socket = bare->dealer, .events = ZMQ_POLLIN};
	assert_int_equal(zmq_poll(&item, 1, (long)FLOW_WAIT_MS), 1);
	for (int more = 1; more != 0;) {
		size_t size = sizeof more;
		zmq_msg_t part;
		zmq_msg_init(&part);
		assert_true(zmq_msg_recv(&part, bare->dealer, 0) >= 0);
		assert_int_equal(zmq_getsockopt(bare->dealer, ZMQ_RCVMORE, &more, &size), 0);
		zmq_msg_close(&part);
	}
}

/* ---- strangers ---- */

static bool is_refused(void *ctx)
{
	const struct flow_peer *peer = ctx;
	return strcmp(told_client_advice(peer->client), told_socket_advice(TOLD_SOCKET_REFUSED)) == 0;
}

static void test_an_unknown_key_is_not_let_in_and_told_what_to_do(void **state)
{
	struct rig *rig = rig_of(state);
	struct bench_party stranger = rig->flow->world.sender;
	const char *dir = told_test_dir();
	assert_int_equal(told_keys_make(dir), TOLD_OK);
	assert_int_equal(told_keys_load(dir, &stranger.keys, NULL), TOLD_OK);
	struct flow_peer *peer = flow_join(rig->flow, &stranger, false);
	assert_true(flow_until(rig->flow, is_refused, peer, FLOW_WAIT_MS));
	print_message("%s\n", told_client_advice(peer->client));
	assert_int_equal(peer->ready_count, 0);
	flow_leave(peer);
	told_keys_wipe(&stranger.keys);
	flow_still_good(rig->hou, rig->emp);
	rig->dropped++;
}

/* ---- shapes ---- */

static void test_extra_frames_are_dropped_and_counted(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	struct bare bare = open_bare(rig, &rig->flow->world.sender);
	put_frame(&bare, message.envelope.data, message.envelope.len, true);
	put_frame(&bare, message.body.data, message.body.len, true);
	put_frame(&bare, "more", 4, false);
	put_frame(&bare, message.envelope.data, message.envelope.len, false);
	/* The two right frames behind them are a message, which shows that those before were seen. */
	struct told_outgoing good = flow_update(rig->flow, &(struct flow_twist){0});
	put_frame(&bare, good.envelope.data, good.envelope.len, true);
	put_frame(&bare, good.body.data, good.body.len, false);
	assert_non_null(flow_parcel(rig->emp, good.id, FLOW_WAIT_MS));
	close_bare(&bare);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message.id), 0);
	rig->dropped += 2;
}

static void test_an_oversized_frame_goes_nowhere(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	uint8_t *body = told_arena_alloc(rig->flow->arena, TOLD_BODY_MAX_BYTES + 1);
	assert_non_null(body);
	struct told_outgoing large = message;
	large.body = told_bytes(body, TOLD_BODY_MAX_BYTES + 1);
	flow_until_ready(rig->hou);
	assert_int_equal(told_client_send(rig->hou->client, &large), TOLD_E_LIMIT); /* our own client says so */
	struct bare bare = open_bare(rig, &rig->flow->world.sender);
	put_frame(&bare, message.envelope.data, message.envelope.len, true);
	put_frame(&bare, body, TOLD_BODY_MAX_BYTES + 1, false);
	struct told_outgoing good = flow_update(rig->flow, &(struct flow_twist){0});
	put_frame(&bare, good.envelope.data, good.envelope.len, true);
	put_frame(&bare, good.body.data, good.body.len, false);
	assert_non_null(flow_parcel(rig->emp, good.id, FLOW_WAIT_MS));
	close_bare(&bare);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message.id), 0);
}

static void test_truncated_bytes_are_refused_at_every_length(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	struct bare bare = open_bare(rig, &rig->flow->world.sender);
	for (size_t len = 9; len < message.envelope.len; len += 37) {
		put_frame(&bare, message.envelope.data, len, true);
		put_frame(&bare, message.body.data, message.body.len, false);
		expect_answer(&bare);
	}
	for (size_t len = 0; len < message.body.len; len += 61) {
		put_frame(&bare, message.envelope.data, message.envelope.len, true);
		put_frame(&bare, message.body.data, len, false);
		expect_answer(&bare);
	}
	close_bare(&bare);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message.id), 0);
}

static void test_random_bytes_are_refused(void **state)
{
	struct rig *rig = rig_of(state);
	uint64_t seed = told_test_seed();
	struct bare bare = open_bare(rig, &rig->flow->world.sender);
	for (int i = 0; i < 200; i++) {
		uint8_t bytes[512];
		for (size_t j = 0; j < sizeof bytes; j++)
			bytes[j] = (uint8_t)told_test_random(&seed);
		size_t head = 9 + told_test_random(&seed) % (sizeof bytes - 9),
		       body = told_test_random(&seed) % sizeof bytes;
		put_frame(&bare, bytes, head, true);
		put_frame(&bare, bytes, body, false);
		expect_answer(&bare);
	}
	close_bare(&bare);
	flow_still_good(rig->hou, rig->emp);
}

/* ---- the log of it ---- */

/* What heartbeat entries have counted, from the store of a broker that is not running. */
static unsigned counted(struct rig *rig)
{
	char path[PATH_MAX];
	sqlite3 *db = NULL;
	sqlite3_stmt *query = NULL;
	unsigned dropped = 0;
	snprintf(path, sizeof path, "%.4000s/told.db", rig->flow->world.broker_dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT facts FROM detail WHERE facts IS NOT NULL", -1, &query, NULL),
			 SQLITE_OK);
	while (sqlite3_step(query) == SQLITE_ROW) {
		struct told_leaf_facts *facts = NULL;
		struct told_bytes part =
			told_bytes(sqlite3_column_blob(query, 0), (size_t)sqlite3_column_bytes(query, 0));
		assert_int_equal(told_leaf_facts_decode(part, rig->flow->arena, &facts), TOLD_OK);
		dropped += facts->dropped;
	}
	sqlite3_finalize(query);
	sqlite3_close(db);
	return dropped;
}

struct growth {
	struct flow_peer *peer;
	int64_t until_ms;
};

static bool is_over(void *ctx)
{
	const struct growth *g = ctx;
	return bench_boot_ms() >= g->until_ms;
}

static void test_what_was_dropped_is_counted_in_the_log_and_the_log_verifies(void **state)
{
	struct rig *rig = rig_of(state);
	/* Counts go into the next heartbeat entry, at most one a second. */
	struct growth g = {rig->hou, bench_boot_ms() + 2 * TOLD_MS_SECOND};
	assert_true(flow_until(rig->flow, is_over, &g, FLOW_WAIT_MS));
	flow_still_good(rig->hou, rig->emp);
	flow_keep_checkpoint(rig->hou);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	assert_int_equal(flow_audit(rig->flow), 0);
	unsigned dropped = counted(rig);
	print_message("dropped and counted: %u\n", dropped);
	assert_true(dropped >= rig->dropped);
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
		cmocka_unit_test(test_an_unknown_key_is_not_let_in_and_told_what_to_do),
		cmocka_unit_test(test_extra_frames_are_dropped_and_counted),
		cmocka_unit_test(test_an_oversized_frame_goes_nowhere),
		cmocka_unit_test(test_truncated_bytes_are_refused_at_every_length),
		cmocka_unit_test(test_random_bytes_are_refused),
		cmocka_unit_test(test_what_was_dropped_is_counted_in_the_log_and_the_log_verifies),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
