/* SPDX-License-Identifier: Apache-2.0 */
/* Under which key of the log a checkpoint is believed: each while it is in force, and an old one only for what lies
 * within what was believed before. */
#include "client/log.h"

#define NOW_MS INT64_C(1793606400000)

/* The log's second key, and how the caller says that both stand. */
struct second {
	struct test_log *log;
	uint8_t seed[32], key[32];
	struct told_signer *signer;
	struct told_log_key known[2];
	size_t count;
};

static size_t known_keys(void *ctx, struct told_log_key *out)
{
	const struct second *s = ctx;
	memcpy(out, s->known, s->count * sizeof *out);
	return s->count;
}

/* A client that confirmed ten entries under the first key, and knows of `count` keys. */
static struct second begin(struct test_log *log, size_t count)
{
	struct second s = {.log = log, .count = count};
	assert_int_equal(told_random(s.seed, 32), TOLD_OK);
	assert_int_equal(told_ed25519_public(s.seed, s.key), TOLD_OK);
	assert_int_equal(told_signer_new(s.seed, &s.signer), TOLD_OK);
	memcpy(s.known[0].key, log->key, 32);
	memcpy(s.known[1].key, s.key, 32);
	s.known[0].ends_utc_ms = s.known[1].ends_utc_ms = INT64_MAX;
	log_fill(log, 10);
	log_client(log, 10);
	log_fill(log, 20);
	log->client->trail.wall_ms = NOW_MS;
	return s;
}

static void tell(struct second *s)
{
	s->log->client->trail.log_keys = known_keys;
	s->log->client->trail.ctx = s;
}

/* Both lines under one text, as the broker writes them. */
static struct told_bytes both(struct second *s, size_t size)
{
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_bytes text, first = log_note(s->log, size);
	told_buf_put_bytes(&note, first);
	assert_int_equal(told_note_text(first, &text), TOLD_OK);
	assert_int_equal(told_note_sign_line(text, told_text(LOG_ORIGIN), s->signer, s->key, &note), TOLD_OK);
	return log_keep(s->log, &note);
}

static struct told_bytes second_only(struct second *s, size_t size)
{
	return log_note_as(s->log, size, LOG_ORIGIN, s->signer, s->key);
}

static enum told_status follow(struct second *s, struct told_bytes note, size_t from, size_t size)
{
	struct told_point point;
	return told_trail_follow(&s->log->client->trail, note, from, log_consistency(s->log, from, size), &point);
}

static enum told_status read(struct second *s, struct told_bytes note)
{
	struct told_point point;
	return told_trail_read(&s->log->client->trail, note, &point);
}

static void whoever_does_not_know_the_second_key_believes_the_first(void **state)
{
	struct second s = begin(*state, 1);
	tell(&s);
	assert_int_equal(follow(&s, both(&s, 12), 10, 12), TOLD_OK);
	assert_int_equal(read(&s, both(&s, 12)), TOLD_OK);
	assert_int_equal(follow(&s, second_only(&s, 14), 10, 14), TOLD_E_SIGNATURE);
	told_signer_free(s.signer);
}

static void each_of_the_two_is_enough_while_both_are_in_force(void **state)
{
	struct second s = begin(*state, 2);
	s.known[0].ends_utc_ms = NOW_MS + 1;
	tell(&s);
	assert_int_equal(follow(&s, log_note(s.log, 11), 10, 11), TOLD_OK);
	assert_int_equal(follow(&s, both(&s, 12), 10, 12), TOLD_OK);
	assert_int_equal(follow(&s, second_only(&s, 13), 10, 13), TOLD_OK);
	told_signer_free(s.signer);
}

/* A known key whose line does not verify spoils the note, whatever else stands in it. */
static void a_wrong_line_of_a_known_key_spoils_the_note(void **state)
{
	struct second s = begin(*state, 2);
	tell(&s);
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_bytes other = second_only(&s, 12), good = log_note(s.log, 11);
	told_buf_put_bytes(&note, good);
	for (size_t i = other.len - 1; i > 0; i--) /* the second's line, but over another text */
		if (other.data[i - 1] == '\n') {
			told_buf_put(&note, other.data + i, other.len - i);
			break;
		}
	assert_int_equal(read(&s, good), TOLD_OK);
	assert_int_equal(read(&s, told_buf_view(&note)), TOLD_E_SIGNATURE);
	told_buf_free(&note);
	told_signer_free(s.signer);
}

static void a_key_whose_time_is_over_signs_nothing_new(void **state)
{
	struct second s = begin(*state, 2);
	s.known[0].ends_utc_ms = NOW_MS;
	tell(&s);
	assert_int_equal(read(&s, log_note(s.log, 12)), TOLD_E_SIGNATURE);
	assert_int_equal(follow(&s, log_note(s.log, 12), 10, 12), TOLD_E_SIGNATURE);
	assert_int_equal(follow(&s, both(&s, 12), 10, 12), TOLD_OK);
	told_signer_free(s.signer);
}

/* A receipt that is given again is proved under the checkpoint of its day, which the old key signed. */
static void an_old_signature_counts_within_what_was_believed_since(void **state)
{
	struct second s = begin(*state, 2);
	s.known[0].ends_utc_ms = NOW_MS;
	tell(&s);
	assert_int_equal(follow(&s, second_only(&s, 20), 10, 20), TOLD_OK);
	told_trail_tell(&s.log->client->trail);
	assert_int_equal(follow(&s, log_note(s.log, 15), 20, 15), TOLD_OK);
	/* From a size below it nothing says that it lies within; and nothing proves a parcel alone. */
	assert_int_equal(follow(&s, log_note(s.log, 15), 10, 15), TOLD_E_SIGNATURE);
	assert_int_equal(follow(&s, log_note(s.log, 15), 0, 15), TOLD_E_SIGNATURE);
	assert_int_equal(read(&s, log_note(s.log, 15)), TOLD_E_SIGNATURE);
	assert_int_equal(s.log->client->trail.newest.size, 20);
	told_signer_free(s.signer);
}

/* What was kept was believed when it was kept, whoever may sign now. */
static void a_kept_checkpoint_opens_under_a_key_whose_time_is_over(void **state)
{
	struct second s = begin(*state, 2);
	s.known[0].ends_utc_ms = 0;
	struct told_trail trail;
	char vkey[256];
	log_vkey(s.log, vkey);
	struct told_client_config config = {
		.log_vkey = vkey, .checkpoint = log_note(s.log, 12), .log_keys = known_keys, .ctx = &s};
	assert_int_equal(told_trail_open(&trail, &config), TOLD_OK);
	assert_int_equal(trail.newest.size, 12);
	told_trail_free(&trail);
	told_signer_free(s.signer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, log_open, log_close)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whoever_does_not_know_the_second_key_believes_the_first),
		TEST(each_of_the_two_is_enough_while_both_are_in_force),
		TEST(a_wrong_line_of_a_known_key_spoils_the_note),
		TEST(a_key_whose_time_is_over_signs_nothing_new),
		TEST(an_old_signature_counts_within_what_was_believed_since),
		TEST(a_kept_checkpoint_opens_under_a_key_whose_time_is_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
