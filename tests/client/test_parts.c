/* SPDX-License-Identifier: Apache-2.0 */
/* The small parts of the client: what is on its way, acknowledgements, opening. */
#include "client/log.h"

static void what_is_on_its_way_is_found_until_it_is_removed(void **state)
{
	struct told_flights *flights = calloc(1, sizeof *flights);
	uint64_t seed = told_test_seed();
	uint8_t ids[TOLD_FLIGHT_MAX][TOLD_ID_BYTES] = {{0}};
	bool there[TOLD_FLIGHT_MAX] = {false};
	(void)state;
	for (size_t i = 0; i < TOLD_FLIGHT_MAX; i++) {
		/* A few homes only, so that they collide. */
		memcpy(ids[i], &i, sizeof i);
		ids[i][15] = (uint8_t)(told_test_random(&seed) % 7);
	}
	for (size_t step = 0; step < 20000; step++) {
		size_t i = told_test_random(&seed) % TOLD_FLIGHT_MAX;
		struct told_flight *found = told_flights_find(flights, told_bytes(ids[i], TOLD_ID_BYTES));
		assert_int_equal(found != NULL, there[i]);
		if (found != NULL)
			told_flights_remove(flights, found);
		else
			assert_non_null(told_flights_add(flights, ids[i]));
		there[i] = !there[i];
	}
	free(flights);
}

static void no_more_is_sent_than_may_be_on_its_way(void **state)
{
	struct told_flights *flights = calloc(1, sizeof *flights);
	(void)state;
	for (uint32_t i = 0; i < TOLD_FLIGHT_MAX; i++) {
		uint8_t id[TOLD_ID_BYTES] = {(uint8_t)i, (uint8_t)(i >> 8)};
		assert_non_null(told_flights_add(flights, id));
		assert_null(told_flights_add(flights, id)); /* nor twice */
	}
	uint8_t more[TOLD_ID_BYTES] = {255, 255, 255};
	assert_null(told_flights_add(flights, more));
	free(flights);
}

static void each_line_of_an_acknowledgement_is_proved_on_its_own(void **state)
{
	struct test_log *log = *state;
	struct told_ack_entry entries[100];
	struct told_lines_part lines;
	struct told_bytes bytes;
	struct told_body *body = NULL;
	told_hash leaves[100], path[TOLD_PROOF_MAX], root;
	size_t count = 0, moved = 0;
	for (size_t i = 0; i < 100; i++) {
		memset(entries[i].parcel, (int)i, TOLD_ID_BYTES);
		entries[i].result = i % 3 == 0 ? TOLD_ACK_DIGEST : TOLD_ACK_STORED;
	}
	assert_int_equal(told_ack_make(log->arena, entries, 100, &lines, &bytes), TOLD_OK);
	assert_int_equal(told_body_decode(bytes, log->arena, &body), TOLD_OK);
	assert_int_equal(body->lines.count, 100);
	assert_int_equal(lines.count, 100);
	memcpy(root.b, lines.root.data, sizeof root.b);
	for (size_t i = 0; i < 100; i++)
		told_leaf_hash(body->lines.items[i], &leaves[i]);
	bool seen[100] = {false};
	for (size_t i = 0; i < 100; i++) {
		struct told_ack_line *line = NULL;
		assert_int_equal(told_ack_line_decode(body->lines.items[i], log->arena, &line), TOLD_OK);
		size_t which = line->parcel.data[0];
		assert_false(seen[which]);
		seen[which] = true;
		moved += which != i;
		assert_int_equal(line->result, entries[which].result);
		told_merkle_path(leaves, 100, i, path, &count);
		assert_int_equal(told_inclusion_check(&leaves[i], i, 100, path, count, &root), TOLD_OK);
	}
	assert_true(moved > 50); /* in random order */
	assert_int_equal(told_ack_make(log->arena, entries, 0, &lines, &bytes), TOLD_E_USAGE);
	assert_int_equal(told_ack_make(log->arena, entries, TOLD_ACK_LINES_MAX + 1, &lines, &bytes), TOLD_E_USAGE);
}

static void a_wrong_verifier_key_or_kept_checkpoint_does_not_open(void **state)
{
	struct test_log *log = *state;
	struct told_client *client = NULL;
	char vkey[256];
	struct told_client_config config = {.endpoint = "tcp://127.0.0.1:1",
					    .partnership = told_text("p"),
					    .party = told_text(US),
					    .log_vkey = "nothing"};
	assert_int_equal(told_client_open(&config, &client), TOLD_E_CONFIG);
	log_vkey(log, vkey);
	config.log_vkey = vkey;
	log_fill(log, 3);
	config.checkpoint = log_note_as(log, 3, LOG_ORIGIN, log->signing, log->key);
	assert_int_equal(told_client_open(&config, &client), TOLD_E_CONFIG);
	assert_null(client);
}

static void nothing_is_sent_before_the_welcome(void **state)
{
	struct test_log *log = *state;
	struct told_outgoing message = {.type = TOLD_TYPE_NOTE};
	log_client(log, 0);
	log->client->ready = false;
	assert_int_equal(told_client_send(log->client, &message), TOLD_E_BUSY);
	assert_int_equal(told_client_room(log->client), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, log_open, log_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_on_its_way_is_found_until_it_is_removed),
		TEST(no_more_is_sent_than_may_be_on_its_way),
		TEST(each_line_of_an_acknowledgement_is_proved_on_its_own),
		TEST(a_wrong_verifier_key_or_kept_checkpoint_does_not_open),
		TEST(nothing_is_sent_before_the_welcome),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
