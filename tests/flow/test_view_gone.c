/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever has the broker's machine hides an entry from the agency that sent it: its bytes are wiped, or its row is
 * taken away. The agency that asks to see its own says which one it has a receipt for; the broker passes over no gap. A
 * real broker on a store that was edited behind its back. */
#include "flow/consent_world.h"
#include "flow/kit.h"

#include <sqlite3.h>

#define DEEP 256 /* above entries before this stand hashes: the store opens with one of them gone */

static struct world world;
static char gone[40]; /* the message whose entry goes */
static long long gone_entry;

static const char *text_of(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	return text == NULL ? "" : text;
}

static json_t *sections(void)
{
	json_t *list = json_array();
	for (size_t i = 0; i < 32; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "category", "HOU.SIT", "text", "On a sofa"));
	return list;
}

/* Entries, and enough behind the one that goes. */
static void fill(struct world *w)
{
	const struct person ann = consent_person(w);
	for (long long last = 0; last <= DEEP;) {
		const json_t *message = NULL;
		size_t i = 0;
		world_call(w, "HOU", told_agent_tell,
			   json_pack("{s:s, s:o}", "client", ann.client, "sections", sections()));
		const json_t *reply = world_call(w, "HOU", told_agent_sent, json_pack("{s:s}", "client", ann.client));
		json_array_foreach(json_object_get(reply, "messages"), i, message)
		{
			last = json_integer_value(json_object_get(message, "entry"));
			if (gone[0] == '\0' && strcmp(text_of(message, "type"), "DEPOSIT") == 0) {
				snprintf(gone, sizeof gone, "%s", text_of(message, "id"));
				gone_entry = last;
			}
		}
	}
	assert_true(gone_entry > 0 && gone_entry < DEEP);
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	fill(w);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* With the broker stopped, as whoever has its machine; then it runs again. */
static void edit_store(struct world *w, const char *sql)
{
	static const char drop[] = "DROP TRIGGER IF EXISTS entry_dense; DROP TRIGGER IF EXISTS entry_kept;"
				   "DROP TRIGGER IF EXISTS entry_fixed;";
	char path[PATH_MAX], statement[256];
	sqlite3 *db = NULL;
	world_stop_broker(w, SIGTERM);
	snprintf(path, sizeof path, "%.4000s/told.db", w->broker_dir);
	snprintf(statement, sizeof statement, "%s WHERE idx = %lld", sql, gone_entry);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, drop, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, statement, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_changes(db), 1);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	world_start_broker(w);
	for (size_t i = 0; i < 20; i++)
		world_turns(w); /* whoever fell silent notices it */
	world_until(w, consent_connected, NULL, "every agent connected again");
}

static json_t *page_from(json_int_t from)
{
	return json_pack("{s:s, s:I}", "purpose", "log-check", "from", from);
}

static const json_t *one_message(struct world *w, const char *message)
{
	const json_t *reply = world_call(w, "HOU", told_agent_audit_view,
					 json_pack("{s:s, s:s}", "purpose", "log-check", "message", message));
	return json_object_get(reply, "view");
}

/* What every page together says is missing; the caller's. */
static json_t *missing(struct world *w)
{
	json_t *all = json_array();
	json_int_t next = 0;
	do {
		const json_t *reply = world_call(w, "HOU", told_agent_audit_view, page_from(next));
		const json_t *view = json_object_get(reply, "view");
		assert_non_null(view);
		json_array_extend(all, json_object_get(view, "missing"));
		next = json_integer_value(json_object_get(view, "next"));
	} while (next > 0);
	return all;
}

/* Asked for the one message, the broker says that it has none of that number. */
static void test_a_message_that_the_broker_disowns_is_missed_by_who_has_its_receipt(void **state)
{
	static const char nobody[] = "0192f0c1a2b37c4d8e5f60718293a4b5";
	struct world *w = *state;
	const json_t *view = one_message(w, nobody);
	assert_null(json_object_get(view, "missing")); /* there is no receipt of such a message */
	view = one_message(w, gone);
	assert_null(json_object_get(view, "missing"));
	assert_int_equal(json_array_size(json_object_get(view, "entries")), 1);
	edit_store(w, "DELETE FROM duplicate");
	view = one_message(w, gone);
	assert_int_equal(json_array_size(json_object_get(view, "entries")), 0);
	assert_string_equal(json_string_value(json_array_get(json_object_get(view, "missing"), 0)), gone);
}

static void test_a_wiped_entry_is_missed_by_the_agency_that_has_its_receipt(void **state)
{
	struct world *w = *state;
	json_t *none = missing(w);
	assert_int_equal(json_array_size(none), 0);
	json_decref(none);
	edit_store(w, "UPDATE entry SET data = zeroblob(length(data))");
	json_t *one = missing(w);
	assert_int_equal(json_array_size(one), 1);
	assert_string_equal(json_string_value(json_array_get(one, 0)), gone);
	json_decref(one);
}

static bool has_ended(struct world *w, void *ctx)
{
	int *how = ctx;
	return w->broker > 0 && waitpid(w->broker, how, WNOHANG) == w->broker;
}

static void test_a_broker_passes_over_no_gap_in_its_store(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	int how = 0;
	edit_store(w, "DELETE FROM entry");
	json_t *request = page_from(gone_entry - 5);
	assert_int_equal(told_agent_audit_view(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	json_decref(request);
	world_until(w, has_ended, &how, "the broker to stop over the gap");
	w->broker = 0;
	assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 5);
	assert_null(json_object_get(reply.json, "view"));
	told_reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_message_that_the_broker_disowns_is_missed_by_who_has_its_receipt),
		cmocka_unit_test(test_a_wiped_entry_is_missed_by_the_agency_that_has_its_receipt),
		cmocka_unit_test(test_a_broker_passes_over_no_gap_in_its_store),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
