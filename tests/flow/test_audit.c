/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit over a store that real processes made: what its reports count is what was really done; and copies for
 * audit, ordered from the running broker with the command that operators type. */
#include "flow/consent_world.h"
#include "flow/kit.h"

#include "agents/exit/exit.h"
#include "proto/code.h"

#include <sys/stat.h>
#include <time.h>

static struct world world;
static struct person ann, bob; /* ann's goes to TT, bob's to EMP */
static char store[PATH_MAX], policy[PATH_MAX], copy[PATH_MAX], until[16];
static char receipts[WORLD_AGENTS][PATH_MAX];

/* What was done, counted where it was done. */
static struct {
	size_t to_tt, to_emp, refused, overrides;
} done;

/* ---- the world ---- */

/* She is in danger: a message goes under an override. */
static void raise_alert(struct world *w)
{
	world_call(w, "HOU", told_agent_alert,
		   json_pack("{s:s, s:s, s:s, s:[s], s:s, s:s}", "client", ann.client, "to", "TT", "kind",
			     "safeguarding", "categories", "DEM.ID", "concern", "He is coming back tonight", "reason",
			     "Asking her would raise the risk"));
	done.overrides = 1;
}

static void count(struct world *w, const struct person *p, const char *to, size_t *sent)
{
	const char *state = consent_update(w, p, to, "DEM.ID,HOU.SIT", NULL);
	*sent += strcmp(state, "sent") == 0;
	done.refused += strcmp(state, "refused") == 0;
}

static size_t rows_of(const char *type, const char *phase)
{
	struct told_buf text = TOLD_BUF(1u << 20);
	const char *argv[] = {"told-audit", "search",  "--store", store,   "--type",
			      type,         "--phase", phase,     "--csv", NULL};
	flow_run(argv, &text);
	size_t lines = 0;
	for (const char *at = told_buf_cstr(&text); (at = strstr(at, "\r\n")) != NULL; at += 2)
		lines++;
	told_buf_free(&text);
	return lines - 1;
}

/* Nobody waits for a receipt any more. */
static bool all_answered(struct world *w)
{
	bool answered = true;
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		struct told_reply reply = TOLD_REPLY;
		size_t at;
		json_t *message;
		assert_int_equal(told_agent_sent(w->agents[i].agent, &w->agents[i].caller, NULL, &reply), TOLD_OK);
		json_array_foreach(json_object_get(reply.json, "messages"), at, message) answered &=
			strcmp(json_string_value(json_object_get(message, "state")), "waiting") != 0;
		told_reply_free(&reply);
	}
	return answered;
}

/* The alert too, whose arrival the other side says by itself. */
static bool all_delivered(struct world *w, void *ctx)
{
	(void)ctx;
	return rows_of("STATUS_UPDATE", "delivered") == done.to_tt + done.to_emp &&
	       rows_of("ALERT_RECORD", "accepted") > 0 && all_answered(w);
}

static void do_things(struct world *w)
{
	char id[40];
	ann = consent_person(w);
	bob = consent_person(w);
	consent_record(w, "HOU", consent_ask(&ann, "TT", "DEM.ID,HOU.SIT"), id);
	consent_record(w, "HOU", consent_ask(&bob, "EMP", "DEM.ID,HOU.SIT"), id);
	count(w, &ann, "TT", &done.to_tt);
	count(w, &ann, "TT", &done.to_tt);
	count(w, &bob, "EMP", &done.to_emp);
	world_call(w, "HOU", told_agent_withdraw, json_pack("{s:s}", "client", bob.client));
	count(w, &bob, "EMP", &done.to_emp);
	assert_int_equal(done.to_tt, 2);
	assert_int_equal(done.to_emp, 1);
	assert_int_equal(done.refused, 1);
	raise_alert(w);
	world_until(w, all_delivered, NULL, "every update delivered, everything answered");
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	char day[16];
	struct tm parts;
	world_with =
		(struct world_change){.from = "to: [ASC]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD]\n",
				      .to = "to: [ASC, TT]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD]\n"};
	world_open(w);
	snprintf(store, sizeof store, "%.4000s/told.db", w->broker_dir);
	snprintf(policy, sizeof policy, "%.4000s/policy", w->broker_dir);
	snprintf(copy, sizeof copy, "%.4000s/copy.db", w->dir);
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		snprintf(receipts[i], sizeof receipts[i], "%.4000s/receipts", w->agents[i].dir);
	time_t later = time(NULL) + 30 * 86400;
	assert_non_null(gmtime_r(&later, &parts));
	strftime(day, sizeof day, "%Y-%m-%d", &parts);
	snprintf(until, sizeof until, "%s", day);
	do_things(w);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- told-audit ---- */

/* Runs a program of ours; the text is the caller's. */
static int run(struct told_buf *text, const char *const *argv)
{
	*text = TOLD_BUF(1u << 24);
	return flow_run(argv, text);
}
#define RUN(text, ...) run(text, (const char *const[]){__VA_ARGS__, NULL})

static json_t *json_of(int *code, const char *const *argv)
{
	struct told_buf text;
	*code = run(&text, argv);
	json_t *json = json_loads(told_buf_cstr(&text), 0, NULL);
	if (json == NULL)
		fail_msg("%d: %s", *code, told_buf_cstr(&text));
	told_buf_free(&text);
	return json;
}
#define JSON(code, ...) json_of(code, (const char *const[]){__VA_ARGS__, NULL})

static bool is(const json_t *row, const char *member, const char *value)
{
	const char *text = json_string_value(json_object_get(row, member));
	return text != NULL && strcmp(text, value) == 0;
}

static size_t found(const char *phase, const char *party)
{
	int code = 0;
	json_t *json = JSON(&code, "told-audit", "search", "--store", store, "--type", "STATUS_UPDATE", "--phase",
			    phase, "--party", party, "--json");
	size_t rows = json_array_size(json_object_get(json, "found"));
	json_decref(json);
	return rows;
}

static void test_search_finds_what_was_sent_and_what_was_refused(void **state)
{
	(void)state;
	assert_int_equal(found("accepted", "HOU"), done.to_tt + done.to_emp);
	assert_int_equal(found("delivered", "TT"), done.to_tt);
	assert_int_equal(found("delivered", "EMP"), done.to_emp);
	assert_int_equal(found("refused", "HOU"), done.refused);
}

/* How often a category went from one to another, over all rows. */
static json_int_t flowed(const json_t *json, const char *to, const char *category)
{
	json_int_t sent = 0;
	size_t i = 0;
	const json_t *row = NULL;
	json_array_foreach(json_object_get(json, "flows"), i,
			   row) if (is(row, "from", "HOU") && is(row, "to", to) && is(row, "category", category))
		sent += json_integer_value(json_object_get(row, "sent"));
	return sent;
}

static void test_flows_count_each_category_that_went_and_all_of_it_is_declared(void **state)
{
	(void)state;
	int code = 0;
	json_t *json = JSON(&code, "told-audit", "flows", "--store", store, "--json");
	assert_int_equal(code, 0);
	assert_int_equal(flowed(json, "TT", "HOU.SIT"), done.to_tt);
	assert_int_equal(flowed(json, "EMP", "HOU.SIT"), done.to_emp);
	assert_int_equal(flowed(json, "SUD", "HOU.SIT"), 0);
	json_decref(json);
}

static size_t sent_of(const struct person *p)
{
	int code = 0;
	size_t rows = 0, i = 0;
	const json_t *row = NULL;
	json_t *json =
		JSON(&code, "told-audit", "client", p->client, "--reason", "flow test", "--store", store, "--json");
	assert_int_equal(code, 0);
	assert_true(is(json, "reason", "flow test"));
	json_array_foreach(json_object_get(json, "usages"), i, row)
	{
		const char *what = json_string_value(json_object_get(row, "categories"));
		rows += what != NULL && strstr(what, "HOU.SIT") != NULL;
	}
	json_decref(json);
	return rows;
}

static void test_one_person_s_report_has_what_went_about_them_and_no_other(void **state)
{
	(void)state;
	assert_int_equal(sent_of(&ann), done.to_tt);
	assert_int_equal(sent_of(&bob), done.to_emp);
}

static bool reconciled(struct world *w, void *ctx)
{
	(void)w;
	(void)ctx;
	struct told_buf text;
	int code = RUN(&text, "told-audit", "reconcile", "--store", store, "--receipts", receipts[0], receipts[1],
		       receipts[2], receipts[3]);
	if (code != 0)
		print_message("%d: %s\n", code, told_buf_cstr(&text));
	told_buf_free(&text);
	return code == 0;
}

/* An agent writes its receipts' files a moment after the receipts have come. */
static void test_receipts_and_the_log_agree(void **state)
{
	(void)state;
	world_until(&world, reconciled, NULL, "receipts and the log agree");
}

static void test_every_override_is_listed(void **state)
{
	(void)state;
	int code = 0;
	json_t *json = JSON(&code, "told-audit", "overrides", "--store", store, "--json");
	assert_int_equal(json_array_size(json_object_get(json, "overrides")), done.overrides);
	json_decref(json);
}

/* ---- copies for audit ---- */

static int ordered(struct told_buf *text, const char *party, const char *last_day)
{
	unlink(copy);
	return RUN(text, "told", "audit", "copy", copy, "--broker", world.broker_dir, "--for", party, "--purpose",
		   "complaint", "--asked-by", "dpo:HOU", "--until", last_day, "--note", "letter of the 4th");
}

static void order(const char *party)
{
	struct told_buf text;
	/* The agents hear of the order before, and keep the newest checkpoint. Then they rest: what they kept is of the
	 * copy's past, which the copy must hold. */
	for (size_t i = 0; i < 40; i++)
		world_turns(&world);
	int code = ordered(&text, party, until);
	if (code != 0)
		fail_msg("%d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
}

static void verifies(const char *words)
{
	struct told_buf text;
	int code = RUN(&text, "told-audit", "verify", "--store", copy, "--policy", policy, "--receipts", receipts[0],
		       receipts[1], receipts[2], receipts[3]);
	if (code != 0 || strstr(told_buf_cstr(&text), words) == NULL)
		fail_msg("%d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
}

static bool file_holds(const uint8_t *bytes, size_t len)
{
	struct told_bytes file = told_test_read(copy);
	bool holds = memmem(file.data, file.len, bytes, len) != NULL;
	free((void *)(uintptr_t)file.data);
	return holds;
}

static bool holds_person(const struct person *p)
{
	uint8_t ref[TOLD_ID_BYTES];
	assert_int_equal(told_code_read(told_text(p->client), ref), TOLD_OK);
	return file_holds(ref, sizeof ref);
}

static void test_a_copy_for_one_agency_verifies_and_holds_that_agency_s_people_only(void **state)
{
	(void)state;
	order("TT");
	verifies("This is a copy for audit of the flows of TT; made for a complaint");
	assert_true(holds_person(&ann));
	assert_false(holds_person(&bob));
	order("EMP");
	assert_false(holds_person(&ann));
	assert_true(holds_person(&bob));
	order("SUD");
	assert_false(holds_person(&ann));
	assert_false(holds_person(&bob));
}

static void test_a_copy_of_the_partnership_names_nobody(void **state)
{
	(void)state;
	order("partnership");
	verifies("of the whole partnership, people and workers under other names");
	assert_false(holds_person(&ann));
	assert_false(holds_person(&bob));
}

static void test_the_log_and_the_operator_s_list_name_each_copy(void **state)
{
	(void)state;
	int code = 0;
	json_t *log = JSON(&code, "told-audit", "search", "--store", store, "--type", "AUDIT_COPY", "--phase", "admin",
			   "--json");
	json_t *list = JSON(&code, "told", "audit", "ls", "--broker", world.broker_dir, "--json");
	size_t copies = json_array_size(json_object_get(list, "copies"));
	assert_int_equal(copies, 4);
	assert_int_equal(json_array_size(json_object_get(log, "found")), copies);
	assert_true(is(json_array_get(json_object_get(list, "copies"), 0), "note", "letter of the 4th"));
	json_decref(log);
	json_decref(list);
}

static void refused(const char *party, const char *last_day, int expected, const char *words)
{
	struct told_buf text;
	struct stat st;
	int code = ordered(&text, party, last_day);
	if (code != expected || strstr(told_buf_cstr(&text), words) == NULL)
		fail_msg("%d: %s", code, told_buf_cstr(&text));
	assert_int_equal(stat(copy, &st), -1);
	told_buf_free(&text);
}

static void test_an_order_without_an_agency_or_an_end_is_refused(void **state)
{
	(void)state;
	refused("NOBODY", until, TOLD_EXIT_REFUSED, "The broker says");
	refused("HOU", "2020-01-01", TOLD_EXIT_USAGE, "not in the year to come");
	refused("HOU", "2199-01-01", TOLD_EXIT_USAGE, "not in the year to come");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search_finds_what_was_sent_and_what_was_refused),
		cmocka_unit_test(test_flows_count_each_category_that_went_and_all_of_it_is_declared),
		cmocka_unit_test(test_one_person_s_report_has_what_went_about_them_and_no_other),
		cmocka_unit_test(test_receipts_and_the_log_agree),
		cmocka_unit_test(test_every_override_is_listed),
		cmocka_unit_test(test_a_copy_for_one_agency_verifies_and_holds_that_agency_s_people_only),
		cmocka_unit_test(test_a_copy_of_the_partnership_names_nobody),
		cmocka_unit_test(test_the_log_and_the_operator_s_list_name_each_copy),
		cmocka_unit_test(test_an_order_without_an_agency_or_an_end_is_refused),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
