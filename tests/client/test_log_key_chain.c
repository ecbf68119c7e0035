/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever was away while the log's key was renewed is led to the new one by its welcome: along the operator's signed
 * messages, each under a checkpoint that the key before it signed, and by nothing else that a broker may say. */
#include "client/log.h"

#include "told/codes.h"

#define KEYS 4u

/* The log's later keys, and what the caller has learned of them. */
struct chain {
	struct test_log *log;
	struct {
		uint8_t seed[32], key[32];
		struct told_signer *signer;
	} keys[KEYS]; /* the first is the log's own */
	uint64_t entries[KEYS];
	struct told_bytes envelopes[KEYS];
	struct told_log_key known[KEYS];
	size_t known_count;
	bool deaf; /* the caller takes no key for the newest */
	struct told_carried carried;
	struct told_log_key_proof proof;
	struct told_welcome welcome;
};

static struct chain chain;

static size_t known_keys(void *ctx, struct told_log_key *out)
{
	const struct chain *c = ctx;
	memcpy(out, c->known, c->known_count * sizeof *out);
	return c->known_count;
}

static enum told_status hear_event(void *ctx, const struct told_client_event *event)
{
	struct chain *c = ctx;
	if (event->kind == TOLD_CLIENT_LOG_KEY && !c->deaf) {
		struct told_log_key *next = &c->known[c->known_count++];
		memcpy(next->key, event->log_key->header->partner->log_key->key.data, 32);
		next->ends_utc_ms = INT64_MAX;
		next[-1].ends_utc_ms = 0; /* long over, now that we hear of it */
	}
	return log_hear(c->log, event);
}

/* The operator's message about key `k`, in the log. */
static void issue(struct chain *c, size_t k, uint32_t action)
{
	struct test_log *log = c->log;
	struct told_bytes facts, bytes;
	uint8_t salt[32], possession[64] = {1};
	bool issues = action == TOLD_KEY_ACTION_ISSUE;
	struct told_header header = log_header(log, TOLD_TYPE_PARTNER, "broker");
	struct told_key_part key = {.purpose = TOLD_KEY_LOG,
				    .action = action,
				    .number = (uint32_t)k + 1,
				    .key = told_bytes(c->keys[k].key, 32),
				    .possession = told_bytes(possession, issues ? sizeof possession : 0)};
	struct told_partner_part partner = {.action = TOLD_PARTNER_ACTION_LOG_KEY, .log_key = &key};
	header.client_ref = told_bytes(NULL, 0);
	header.partner = &partner;
	bytes = log_encode(log, TOLD_SCHEMA_HEADER, &header);
	c->entries[k] = log_accept(log, &header, TOLD_PHASE_ADMIN, bytes, &facts, salt);
	c->envelopes[k] = log_sign(log, bytes, TOLD_TYPE_PARTNER);
}

static struct told_bytes signed_by(struct chain *c, size_t size, size_t k)
{
	return log_note_as(c->log, size, LOG_ORIGIN, c->keys[k].signer, c->keys[k].key);
}

/* What an honest broker says of key k to a client that has checked `from`; the note is of the key before it. */
static void lead(struct chain *c, size_t k, size_t from)
{
	size_t size = c->entries[k] + 1;
	c->carried = (struct told_carried){.envelope = c->envelopes[k],
					   .leaf = c->log->entries[c->entries[k]],
					   .index = c->entries[k],
					   .path = log_path(c->log, c->entries[k], size)};
	c->proof = (struct told_log_key_proof){.carried = &c->carried,
					       .checkpoint = signed_by(c, size, k - 1),
					       .from_size = from,
					       .consistency = log_consistency(c->log, from, size)};
	c->welcome = (struct told_welcome){
		.now_ms = 1, .checkpoint = signed_by(c, c->log->size, KEYS - 1), .log_key = &c->proof};
}

static enum told_status take(struct chain *c)
{
	told_arena_reset(c->log->client->arena);
	return told_client_take_log_key(c->log->client, &c->proof, hear_event, c);
}

/* Ten entries under the first key, which the client has checked; then three more keys come and the client is away. */
static struct chain *begin(struct test_log *log)
{
	struct chain *c = &chain;
	*c = (struct chain){.log = log, .known_count = 1};
	memcpy(c->keys[0].key, log->key, 32);
	assert_int_equal(told_signer_new(log->seed, &c->keys[0].signer), TOLD_OK);
	log_fill(log, 10);
	log_client(log, 10);
	for (size_t k = 1; k < KEYS; k++) {
		assert_int_equal(told_random(c->keys[k].seed, 32), TOLD_OK);
		assert_int_equal(told_ed25519_public(c->keys[k].seed, c->keys[k].key), TOLD_OK);
		assert_int_equal(told_signer_new(c->keys[k].seed, &c->keys[k].signer), TOLD_OK);
		log_fill(log, 3);
		issue(c, k, TOLD_KEY_ACTION_ISSUE);
	}
	log_fill(log, 3);
	memcpy(c->known[0].key, log->key, 32);
	c->known[0].ends_utc_ms = INT64_MAX;
	log->client->trail.log_keys = known_keys;
	log->client->trail.ctx = c;
	return c;
}

static void end(struct chain *c)
{
	for (size_t k = 0; k < KEYS; k++)
		told_signer_free(c->keys[k].signer);
}

/* Refused: nothing is learned, and nothing is believed that was not before. */
static void refused(struct chain *c, enum told_status status)
{
	struct told_point point;
	assert_int_equal(take(c), status);
	assert_int_equal(c->known_count, 1);
	assert_int_equal(told_trail_read(&c->log->client->trail, signed_by(c, c->log->size, 1), &point),
			 TOLD_E_SIGNATURE);
	end(c);
}

static void each_key_leads_to_the_next(void **state)
{
	struct chain *c = begin(*state);
	struct told_trail *trail = &c->log->client->trail;
	struct told_point point;
	for (size_t k = 1; k < KEYS; k++) {
		lead(c, k, trail->newest.size);
		assert_int_equal(take(c), TOLD_OK);
		assert_int_equal(c->known_count, k + 1);
		assert_int_equal(trail->newest.size, c->entries[k] + 1);
		told_trail_tell(trail); /* the next hello names it */
	}
	size_t from = trail->newest.size, size = c->log->size;
	assert_int_equal(
		told_trail_follow(trail, c->welcome.checkpoint, from, log_consistency(c->log, from, size), &point),
		TOLD_OK);
	end(c);
}

static void what_is_known_already_is_no_news(void **state)
{
	struct chain *c = begin(*state);
	lead(c, 1, 10);
	assert_int_equal(take(c), TOLD_OK);
	c->known[0].ends_utc_ms = INT64_MAX; /* else the note alone would say so */
	assert_int_equal(take(c), TOLD_E_EXISTS);
	assert_int_equal(c->known_count, 2);
	end(c);
}

static void a_link_cannot_be_left_out(void **state)
{
	struct chain *c = begin(*state);
	lead(c, 2, 10); /* signed by the second key, which this client never heard of */
	refused(c, TOLD_E_SIGNATURE);
}

static void a_key_signs_nobody_in_but_under_the_one_before_it(void **state)
{
	struct chain *c = begin(*state);
	lead(c, 1, 10);
	c->proof.checkpoint = signed_by(c, c->entries[1] + 1, 1); /* its own word for itself */
	refused(c, TOLD_E_SIGNATURE);
}

/* Whoever has the old key, but not the operator's. */
static void a_key_that_the_operator_never_named_is_refused(void **state)
{
	struct chain *c = begin(*state);
	uint8_t seed[32], key[32];
	struct told_signer *own = c->log->signing, *other = NULL;
	uint8_t own_key[32];
	memcpy(own_key, c->log->signing_key, 32);
	assert_int_equal(told_random(seed, 32), TOLD_OK);
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &other), TOLD_OK);
	c->log->signing = other;
	memcpy(c->log->signing_key, key, 32);
	issue(c, 1, TOLD_KEY_ACTION_ISSUE);
	c->log->signing = own;
	memcpy(c->log->signing_key, own_key, 32);
	lead(c, 1, 10);
	refused(c, TOLD_E_KEY);
	told_signer_free(other);
}

static void what_only_says_that_a_key_ends_leads_nowhere(void **state)
{
	struct chain *c = begin(*state);
	issue(c, 1, TOLD_KEY_ACTION_REVOKE);
	lead(c, 1, 10);
	refused(c, TOLD_E_KEY);
}

static void a_key_that_does_not_stand_in_the_log_is_refused(void **state)
{
	struct chain *c = begin(*state);
	lead(c, 1, 10);
	c->carried.index--;
	refused(c, TOLD_E_PROOF);
}

static void the_message_is_the_one_that_the_log_holds(void **state)
{
	struct chain *c = begin(*state);
	lead(c, 1, 10);
	c->carried.envelope = c->envelopes[2];
	refused(c, TOLD_E_PROOF);
}

/* Signed by the right key, with the operator's message in it: but not the history that we have checked. */
static void another_history_is_a_fork(void **state)
{
	struct chain *c = begin(*state);
	struct test_log *log = c->log;
	log->leaves[4].b[0] ^= 1;
	lead(c, 1, 10);
	refused(c, TOLD_E_FORK);
}

static void a_proof_from_what_we_never_named_says_nothing(void **state)
{
	struct chain *c = begin(*state);
	lead(c, 1, 10);
	c->proof.from_size = 7;
	c->proof.consistency = log_consistency(c->log, 7, c->entries[1] + 1);
	refused(c, TOLD_E_UNKNOWN);
}

static void a_key_that_the_caller_does_not_take_leads_nowhere(void **state)
{
	struct chain *c = begin(*state);
	c->deaf = true;
	lead(c, 1, 10);
	refused(c, TOLD_E_KEY);
}

static void nothing_carried_is_refused(void **state)
{
	struct chain *c = begin(*state);
	lead(c, 1, 10);
	c->proof.carried = NULL;
	refused(c, TOLD_E_MALFORMED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, log_open, log_close)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_key_leads_to_the_next),
		TEST(what_is_known_already_is_no_news),
		TEST(a_link_cannot_be_left_out),
		TEST(a_key_signs_nobody_in_but_under_the_one_before_it),
		TEST(a_key_that_the_operator_never_named_is_refused),
		TEST(what_only_says_that_a_key_ends_leads_nowhere),
		TEST(a_key_that_does_not_stand_in_the_log_is_refused),
		TEST(the_message_is_the_one_that_the_log_holds),
		TEST(another_history_is_a_fork),
		TEST(a_proof_from_what_we_never_named_says_nothing),
		TEST(a_key_that_the_caller_does_not_take_leads_nowhere),
		TEST(nothing_carried_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
