/* SPDX-License-Identifier: Apache-2.0 */
/* What the client believes of a look at the log: what it did not check is a fault of the broker's, and no view. */
#include "client/log.h"

struct views {
	size_t heard, entries;
	enum told_status fault;
};

static enum told_status hear(void *ctx, const struct told_client_event *event)
{
	struct views *views = ctx;
	if (event->kind == TOLD_CLIENT_FAULT)
		views->fault = event->status;
	if (event->kind != TOLD_CLIENT_VIEW)
		return TOLD_OK;
	views->heard++;
	views->entries = event->view.count;
	return TOLD_OK;
}

static const uint8_t query[16] = {1, 2, 3}, salt[32] = {9};

/* Two entries of the log, apart, the first with its subject open. */
struct made {
	struct told_view view;
	struct told_run runs[2];
	struct told_opened_leaf leaves[2];
};

static void add_entry(struct test_log *log, uint64_t seq, struct told_bytes *subject)
{
	told_hash commitment;
	uint8_t zero[32] = {0}, txid[16] = {(uint8_t)seq};
	struct told_leaf_subject person = {.worker = told_text("W1")};
	*subject = log_encode(log, TOLD_SCHEMA_LEAF_SUBJECT, &person);
	told_hmac(told_bytes(salt, sizeof salt), *subject, &commitment);
	struct told_leaf leaf = {.version = 1,
				 .phase = TOLD_PHASE_ACCEPTED,
				 .time_ms = 1,
				 .txid = told_bytes(txid, sizeof txid),
				 .sender = told_text(US),
				 .sender_seq = seq,
				 .facts = told_bytes(zero, sizeof zero),
				 .ruling = told_bytes(zero, sizeof zero),
				 .subject = told_bytes(commitment.b, sizeof commitment.b)};
	log_add(log, log_encode(log, TOLD_SCHEMA_LEAF, &leaf));
}

static void prove(struct test_log *log, uint64_t index, struct told_opened_leaf *leaf, struct told_run *run)
{
	told_hash left[TOLD_PROOF_MAX], right[TOLD_PROOF_MAX];
	size_t left_count = 0, right_count = 0;
	assert_int_equal(told_tree_run(log_node, log, index, 1, log->size, left, &left_count, right, &right_count),
			 TOLD_OK);
	leaf->leaf = log->entries[index];
	*run = (struct told_run){.first = index,
				 .leaves = {.items = leaf, .count = 1},
				 .left = log_list(log, left, left_count),
				 .right = log_list(log, right, right_count)};
}

static void make(struct test_log *log, struct made *m)
{
	struct told_bytes subject, other;
	*m = (struct made){0};
	log_fill(log, 7);
	log_client(log, 5);
	add_entry(log, 1, &subject);
	log_fill(log, 3);
	add_entry(log, 2, &other);
	log_fill(log, 2);
	prove(log, 7, &m->leaves[0], &m->runs[0]);
	prove(log, 11, &m->leaves[1], &m->runs[1]);
	m->leaves[0].subject = subject;
	m->leaves[0].subject_salt = told_bytes(salt, sizeof salt);
	m->view = (struct told_view){.in_reply_to = told_bytes(query, sizeof query),
				     .checkpoint = log_note(log, log->size),
				     .from_size = 5,
				     .consistency = log_consistency(log, 5, log->size),
				     .runs = {.items = m->runs, .count = 2}};
}

static struct views say(struct test_log *log, const struct made *m)
{
	struct views views = {0};
	struct told_bytes body = log_encode(log, TOLD_SCHEMA_VIEW, &m->view);
	told_arena_reset(log->client->arena);
	assert_int_equal(told_client_take_view(log->client, body, hear, &views), TOLD_OK);
	return views;
}

static void refuses(struct test_log *log, const struct made *m, enum told_status why)
{
	struct views views = say(log, m);
	assert_int_equal(views.heard, 0);
	assert_int_equal(views.fault, why);
}

static void an_honest_view_is_heard_with_its_entries(void **state)
{
	struct made m;
	make(*state, &m);
	struct views views = say(*state, &m);
	assert_int_equal(views.heard, 1);
	assert_int_equal(views.entries, 2);
	assert_int_equal(views.fault, TOLD_OK);
}

static void an_entry_that_is_not_in_the_log_is_refused(void **state)
{
	struct test_log *log = *state;
	struct made m;
	make(log, &m);
	m.leaves[1].leaf = log->entries[7];
	refuses(log, &m, TOLD_E_PROOF);
}

static void an_entry_in_another_s_place_is_refused(void **state)
{
	struct made m;
	make(*state, &m);
	m.runs[1].first = 10;
	refuses(*state, &m, TOLD_E_PROOF);
}

static void a_part_that_was_changed_is_refused(void **state)
{
	struct made m;
	make(*state, &m);
	uint8_t other[32] = {8};
	m.leaves[0].subject_salt = told_bytes(other, sizeof other);
	refuses(*state, &m, TOLD_E_COMMITMENT);
}

static void an_entry_given_twice_is_refused(void **state)
{
	struct made m;
	make(*state, &m);
	m.runs[1] = m.runs[0];
	refuses(*state, &m, TOLD_E_PROOF);
}

static void a_checkpoint_of_another_history_is_a_fork(void **state)
{
	struct test_log *log = *state;
	struct made m;
	make(log, &m);
	m.view.consistency.items[0] = told_bytes(salt, sizeof salt);
	refuses(log, &m, TOLD_E_FORK);
}

static void a_view_without_a_query_is_malformed(void **state)
{
	struct made m;
	make(*state, &m);
	m.view.in_reply_to = told_bytes(NULL, 0);
	refuses(*state, &m, TOLD_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, log_open, log_close)
		TEST(an_honest_view_is_heard_with_its_entries), TEST(an_entry_that_is_not_in_the_log_is_refused),
		TEST(an_entry_in_another_s_place_is_refused),   TEST(a_part_that_was_changed_is_refused),
		TEST(an_entry_given_twice_is_refused),          TEST(a_checkpoint_of_another_history_is_a_fork),
		TEST(a_view_without_a_query_is_malformed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
