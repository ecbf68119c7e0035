/* SPDX-License-Identifier: Apache-2.0 */
/* A query as people write it, and what a broker may give to it: nothing of others, nothing out of its bounds. */
#include "support/support.h"

#include "agents/view/view.h"
#include "proto/leaf.h"
#include "told/codes.h"

#include <string.h>

static struct told_arena *arena;

static int open_arena(void **state)
{
	(void)state;
	return told_arena_new(1u << 20, &arena) == TOLD_OK ? 0 : -1;
}

static int free_arena(void **state)
{
	(void)state;
	told_arena_free(arena);
	return 0;
}

static struct told_bytes encoded(enum told_schema schema, const void *message)
{
	struct told_buf buf = TOLD_BUF(1u << 16);
	assert_int_equal(told_encode(schema, message, &buf), TOLD_OK);
	struct told_bytes kept = told_arena_copy(arena, told_buf_view(&buf));
	told_buf_free(&buf);
	return kept;
}

/* An entry; to is empty unless it was delivered. */
static struct told_bytes leaf_of(const char *from, const char *to, uint64_t time_ms)
{
	static const uint8_t zero[32] = {0}, txid[16] = {7};
	struct told_leaf leaf = {.version = 1,
				 .phase = to[0] != '\0' ? TOLD_PHASE_DELIVERED : TOLD_PHASE_ACCEPTED,
				 .time_ms = time_ms,
				 .txid = told_bytes(txid, sizeof txid),
				 .sender = told_text(from),
				 .recipient = told_text(to),
				 .type = TOLD_TYPE_NOTE,
				 .facts = told_bytes(zero, 32),
				 .ruling = told_bytes(zero, 32),
				 .subject = told_bytes(zero, 32)};
	return encoded(TOLD_SCHEMA_LEAF, &leaf);
}

static enum told_status judged(const struct told_audit_view_part *asked, const char *asker,
			       const struct told_viewed_entry *entries, size_t count, uint64_t next)
{
	struct told_view_event view = {.entries = entries, .count = count, .next = next, .size = 100};
	return told_view_check(asked, told_text(asker), &view);
}

static const struct told_audit_view_part own = {.purpose = TOLD_AUDIT_PURPOSE_COMPLAINT, .count = 2, .from = 10};

static void test_what_is_ours_passes(void **state)
{
	(void)state;
	struct told_viewed_entry entries[] = {{.index = 10, .leaf = leaf_of("HOU", "", 5)},
					      {.index = 11, .leaf = leaf_of("TT", "HOU", 6)}};
	assert_int_equal(judged(&own, "HOU", entries, 2, 0), TOLD_OK);
	assert_int_equal(judged(&own, "HOU", entries, 2, 12), TOLD_OK);
	assert_int_equal(judged(&own, "HOU", entries, 0, 0), TOLD_OK);
}

static void test_an_entry_of_others_is_refused(void **state)
{
	(void)state;
	struct told_viewed_entry sent = {.index = 10, .leaf = leaf_of("TT", "", 5)};
	struct told_viewed_entry got = {.index = 10, .leaf = leaf_of("TT", "EMP", 5)};
	assert_int_equal(judged(&own, "HOU", &sent, 1, 0), TOLD_E_NOT_FOR_ME);
	assert_int_equal(judged(&own, "HOU", &got, 1, 0), TOLD_E_NOT_FOR_ME);
}

static void test_a_ruling_that_is_the_sender_s_is_refused(void **state)
{
	(void)state;
	struct told_leaf_ruling ruling = {.status = 1};
	struct told_viewed_entry got = {
		.index = 10, .leaf = leaf_of("TT", "HOU", 5), .ruling = encoded(TOLD_SCHEMA_LEAF_RULING, &ruling)};
	assert_int_equal(judged(&own, "HOU", &got, 1, 0), TOLD_E_NOT_FOR_ME);
}

static void test_what_is_out_of_bounds_is_refused(void **state)
{
	(void)state;
	struct told_viewed_entry three[] = {{.index = 10, .leaf = leaf_of("HOU", "", 5)},
					    {.index = 11, .leaf = leaf_of("HOU", "", 5)},
					    {.index = 12, .leaf = leaf_of("HOU", "", 5)}};
	struct told_viewed_entry before = {.index = 9, .leaf = leaf_of("HOU", "", 5)};
	struct told_audit_view_part late = own;
	assert_int_equal(judged(&own, "HOU", three, 3, 0), TOLD_E_NOT_FOR_ME);
	assert_int_equal(judged(&own, "HOU", &before, 1, 0), TOLD_E_NOT_FOR_ME);
	assert_int_equal(judged(&own, "HOU", three, 2, 11), TOLD_E_NOT_FOR_ME);  /* an entry behind where it stopped */
	assert_int_equal(judged(&own, "HOU", three, 0, 10), TOLD_E_NOT_FOR_ME);  /* a page that leads nowhere */
	assert_int_equal(judged(&own, "HOU", three, 0, 101), TOLD_E_NOT_FOR_ME); /* beyond the log */
	late.since_ms = 6;
	assert_int_equal(judged(&late, "HOU", three, 1, 0), TOLD_E_NOT_FOR_ME);
}

static void test_everybody_s_entries_come_without_persons(void **state)
{
	(void)state;
	struct told_audit_view_part all = {.purpose = 1, .count = 2, .all = TOLD_YES_NO_YES},
				    of = {.purpose = 1, .count = 2};
	struct told_leaf_subject person = {.worker = told_text("W1")};
	struct told_viewed_entry entry = {.index = 3, .leaf = leaf_of("TT", "", 5)};
	of.of = told_text("TT");
	assert_int_equal(judged(&all, "broker", &entry, 1, 0), TOLD_OK);
	assert_int_equal(judged(&of, "broker", &entry, 1, 0), TOLD_OK);
	entry.subject = encoded(TOLD_SCHEMA_LEAF_SUBJECT, &person);
	assert_int_equal(judged(&all, "broker", &entry, 1, 0), TOLD_E_NOT_FOR_ME);
	assert_int_equal(judged(&of, "broker", &entry, 1, 0), TOLD_E_NOT_FOR_ME);
	assert_int_equal(judged(&of, "SUD", &entry, 1, 0), TOLD_OK); /* an auditor under an order for that party */
}

static enum told_status read(const char *text, struct told_query *query)
{
	json_t *request = json_loads(text, 0, NULL);
	struct told_buf why = TOLD_BUF(4096);
	assert_non_null(request);
	enum told_status status = told_query_read(request, query, &why);
	assert_int_equal(status == TOLD_OK, why.len == 0);
	told_buf_free(&why);
	json_decref(request);
	return status;
}

static void test_a_query_is_read_as_it_was_meant_or_refused_with_why(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"{}",
		"{\"purpose\": \"curious\"}",
		"{\"purpose\": 3}",
		"{\"purpose\": \"complaint\", \"phase\": \"gone\"}",
		"{\"purpose\": \"complaint\", \"type\": \"NOTHING\"}",
		"{\"purpose\": \"complaint\", \"from\": -1}",
		"{\"purpose\": \"complaint\", \"message\": \"12\"}",
		"{\"purpose\": \"complaint\", \"message\": \"01a2058a0335700097faed68dd017a04\", \"from\": 3}",
		"{\"purpose\": \"complaint\", \"all\": true, \"of\": \"TT\"}",
	};
	struct told_query query;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(read(wrong[i], &query), TOLD_E_USAGE);
	assert_int_equal(read("{\"purpose\": \"court\", \"phase\": \"audit-query\", \"limit\": 7}", &query), TOLD_OK);
	assert_int_equal(query.part.purpose, TOLD_AUDIT_PURPOSE_COURT);
	assert_int_equal(query.part.phase, TOLD_PHASE_AUDIT_QUERY);
	assert_int_equal(query.part.count, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_ours_passes),
		cmocka_unit_test(test_an_entry_of_others_is_refused),
		cmocka_unit_test(test_a_ruling_that_is_the_sender_s_is_refused),
		cmocka_unit_test(test_what_is_out_of_bounds_is_refused),
		cmocka_unit_test(test_everybody_s_entries_come_without_persons),
		cmocka_unit_test(test_a_query_is_read_as_it_was_meant_or_refused_with_why),
	};
	return cmocka_run_group_tests(tests, open_arena, free_arena);
}
