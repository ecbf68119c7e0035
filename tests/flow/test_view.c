/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the log through the running broker: an agency at its own flows, an auditor under an order, the operator at
 * everybody's; what none of them gets; and that told-audit shows afterwards who looked, when and why. A real broker and
 * the commands that people type. */
#include "flow/consent_world.h"
#include "flow/kit.h"

#include "agents/exit/exit.h"

#include <time.h>

static struct world world;
static struct person ann, bob; /* ann's goes to TT, bob's to EMP */
static char store[PATH_MAX], policy[PATH_MAX], until[16], sent_to_tt[40];

/* An update that goes; id gets its message's. */
static void tell(struct world *w, const struct person *p, const char *to, char id[40])
{
	const json_t *reply = world_call(w, "HOU", told_agent_update,
					 json_pack("{s:s, s:s, s:o}", "client", p->client, "to", to, "categories",
						   consent_list("DEM.ID,HOU.SIT")));
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	assert_string_equal(json_string_value(json_object_get(message, "state")), "sent");
	snprintf(id, 40, "%s", json_string_value(json_object_get(message, "id")));
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	struct tm parts;
	char id[40];
	world_open(w);
	snprintf(store, sizeof store, "%.4000s/told.db", w->broker_dir);
	snprintf(policy, sizeof policy, "%.4000s/policy", w->broker_dir);
	time_t later = time(NULL) + 30 * 86400;
	assert_non_null(gmtime_r(&later, &parts));
	strftime(until, sizeof until, "%Y-%m-%d", &parts);
	ann = consent_person(w);
	bob = consent_person(w);
	consent_record(w, "HOU", consent_ask(&ann, "TT", "DEM.ID,HOU.SIT"), id);
	consent_record(w, "HOU", consent_ask(&bob, "EMP", "DEM.ID,HOU.SIT"), id);
	tell(w, &ann, "TT", sent_to_tt);
	tell(w, &bob, "EMP", id);
	for (size_t i = 0; i < 40; i++)
		world_turns(w);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- asking ---- */

static json_t *why(const char *purpose)
{
	return json_pack("{s:s}", "purpose", purpose);
}

/* The first worker of an agency asks; NULL where the query was refused. */
static const json_t *view(const char *party, json_t *request)
{
	const json_t *reply = world_call(&world, party, told_agent_audit_view, request);
	return json_object_get(reply, "view");
}

static bool is(const json_t *row, const char *member, const char *value)
{
	const char *text = json_string_value(json_object_get(row, member));
	return text != NULL && strcmp(text, value) == 0;
}

static size_t count(const json_t *entries, const char *member, const char *value)
{
	size_t n = 0, i = 0;
	const json_t *row = NULL;
	json_array_foreach(entries, i, row) n += is(row, member, value);
	return n;
}

static const json_t *entries_of(const json_t *given)
{
	assert_non_null(given);
	return json_object_get(given, "entries");
}

/* ---- an agency ---- */

static void test_an_agency_sees_what_it_sent_and_what_reached_it_and_nothing_else(void **state)
{
	(void)state;
	const char *const parties[] = {"HOU", "TT", "EMP", "SUD"};
	for (size_t p = 0; p < 4; p++) {
		const json_t *given = view(parties[p], why("internal")), *row = NULL;
		size_t i = 0;
		assert_true(json_array_size(entries_of(given)) > 3);
		json_array_foreach(entries_of(given), i, row) assert_true(
			is(row, "from", parties[p]) || (is(row, "to", parties[p]) && is(row, "phase", "delivered")));
		assert_null(json_object_get(given, "missing"));
	}
	assert_int_equal(count(entries_of(view("TT", why("internal"))), "client", bob.client), 0);
	assert_true(count(entries_of(view("TT", why("internal"))), "client", ann.client) > 0);
}

static void test_what_is_asked_for_narrows_what_is_given(void **state)
{
	(void)state;
	json_t *only =
		json_pack("{s:s, s:s, s:s}", "purpose", "complaint", "type", "STATUS_UPDATE", "phase", "accepted");
	assert_int_equal(json_array_size(entries_of(view("HOU", only))), 2);
	only = json_pack("{s:s, s:s, s:s, s:s}", "purpose", "complaint", "type", "STATUS_UPDATE", "with", "TT",
			 "client", ann.client);
	const json_t *given = entries_of(view("HOU", only));
	assert_int_equal(json_array_size(given), 1); /* the delivery, which names TT */
	assert_true(is(json_array_get(given, 0), "phase", "delivered"));
}

static void test_pages_follow_one_another_and_each_is_a_query(void **state)
{
	(void)state;
	const json_t *whole = entries_of(view("HOU", why("log-check")));
	size_t total = json_array_size(whole), seen = 0, pages = 0;
	json_int_t next = 0, last = -1,
		   end = json_integer_value(json_object_get(json_array_get(whole, total - 1), "entry"));
	do {
		const json_t *row = NULL;
		json_t *request =
			json_pack("{s:s, s:i, s:I}", "purpose", "log-check", "limit", 5, "from", (json_int_t)next);
		const json_t *given = view("HOU", request);
		size_t i = 0;
		json_array_foreach(entries_of(given), i, row)
		{
			assert_true(json_integer_value(json_object_get(row, "entry")) > last);
			last = json_integer_value(json_object_get(row, "entry"));
			seen += last <= end; /* behind it stand these very queries */
		}
		next = json_integer_value(json_object_get(given, "next"));
		assert_true(++pages < 1000);
	} while (next > 0 && last < end);
	assert_int_equal(seen, total);
	assert_true(pages > 2);
}

/* The same shape for a person of whom the asker has nothing and for one whom nobody knows. */
static void test_a_person_of_others_and_a_person_of_nobody_look_alike(void **state)
{
	(void)state;
	static const char nobody[] = "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q";
	const json_t *theirs = view("TT", json_pack("{s:s, s:s}", "purpose", "complaint", "client", bob.client));
	const json_t *none = view("TT", json_pack("{s:s, s:s}", "purpose", "complaint", "client", nobody));
	assert_int_equal(json_array_size(entries_of(theirs)), 0);
	assert_int_equal(json_array_size(entries_of(none)), 0);
	assert_int_equal(json_object_size(theirs), json_object_size(none));
}

static void test_a_party_that_asks_for_another_s_flows_is_refused_and_that_is_logged(void **state)
{
	(void)state;
	const json_t *reply = world_call(&world, "TT", told_agent_audit_view,
					 json_pack("{s:s, s:s}", "purpose", "complaint", "of", "HOU"));
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	assert_null(json_object_get(reply, "view"));
	assert_true(is(message, "state", "refused"));
	char *text = json_dumps(message, 0);
	assert_non_null(strstr(text, "E_NOT_ALLOWED"));
	free(text);
	reply = world_call(&world, "TT", told_agent_audit_view,
			   json_pack("{s:s, s:b}", "purpose", "complaint", "all", true));
	assert_null(json_object_get(reply, "view"));
	assert_true(is(json_array_get(json_object_get(reply, "messages"), 0), "state", "refused"));
}

static void test_a_worker_who_leads_nothing_does_not_look(void **state)
{
	(void)state;
	struct world_agent *a = world_agent(&world, "TT");
	uint32_t roles = a->caller.roles;
	a->caller.roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER);
	world_refused(&world, "TT", told_agent_audit_view, why("complaint"), TOLD_E_NOT_ALLOWED);
	a->caller.roles = roles;
}

/* ---- programs ---- */

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

static void test_an_order_for_a_copy_lets_the_auditor_whom_it_names_look(void **state)
{
	(void)state;
	char copy[PATH_MAX];
	struct told_buf text;
	snprintf(copy, sizeof copy, "%.4000s/for-sud.db", world.dir);
	json_t *request = json_pack("{s:s, s:s, s:s}", "purpose", "external", "of", "HOU", "type", "STATUS_UPDATE");
	assert_null(view("SUD", json_incref(request)));
	int code = RUN(&text, "told", "audit", "copy", copy, "--broker", world.broker_dir, "--for", "HOU", "--purpose",
		       "external", "--asked-by", "auditor:SUD", "--until", until);
	if (code != 0)
		fail_msg("%d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
	const json_t *given = entries_of(view("SUD", request));
	assert_int_equal(count(given, "phase", "accepted"), 2);
	assert_int_equal(count(given, "client", ann.client), 2); /* the update, and its delivery */
	assert_null(view("SUD", json_pack("{s:s, s:s}", "purpose", "external", "of", "TT")));
	assert_null(view("SUD", json_pack("{s:s, s:b}", "purpose", "external", "all", true)));
	assert_null(view("EMP", json_pack("{s:s, s:s}", "purpose", "external", "of", "HOU")));
}

static void test_the_operator_sees_everybody_s_entries_and_no_person(void **state)
{
	(void)state;
	int code = 0;
	json_t *all = JSON(&code, "told", "audit", "view", "--broker", world.broker_dir, "--all", "--purpose",
			   "incident", "--limit", "2000", "--json");
	const json_t *entries = json_object_get(all, "entries"), *row = NULL;
	size_t i = 0;
	assert_int_equal(code, 0);
	assert_true(count(entries, "from", "HOU") > 0 && count(entries, "from", "TT") > 0);
	json_array_foreach(entries, i, row)
		assert_true(json_object_get(row, "client") == NULL && json_object_get(row, "worker") == NULL);
	json_decref(all);
	struct told_buf text;
	assert_int_equal(RUN(&text, "told", "audit", "view", "--broker", world.broker_dir, "--client", ann.client,
			     "--purpose", "incident"),
			 TOLD_EXIT_USAGE);
	told_buf_free(&text);
	assert_int_equal(RUN(&text, "told", "audit", "view", "--broker", world.broker_dir, "--of", "TT", "--flows",
			     "--purpose", "incident"),
			 0);
	assert_non_null(strstr(told_buf_cstr(&text), "STATUS_UPDATE"));
	told_buf_free(&text);
}

static void test_one_message_comes_with_a_proof_that_stands_alone(void **state)
{
	(void)state;
	char path[PATH_MAX];
	struct told_buf text;
	const json_t *given = view("HOU", json_pack("{s:s, s:s}", "purpose", "log-check", "message", sent_to_tt));
	const char *proof = json_string_value(json_object_get(given, "proof"));
	assert_non_null(proof);
	assert_true(is(json_array_get(entries_of(given), 0), "type", "STATUS_UPDATE"));
	snprintf(path, sizeof path, "%.4000s/one.tlog-proof", world.dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(proof, file);
	fclose(file);
	int code = RUN(&text, "told-audit", "check-proof", path, "--policy", policy);
	if (code != 0 && code != 1) /* 1: too few witnesses so far */
		fail_msg("%d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
	given = view("TT", json_pack("{s:s, s:s}", "purpose", "log-check", "message", sent_to_tt));
	assert_int_equal(json_array_size(entries_of(given)), 0); /* TT sent no message of that id */
}

/* ---- afterwards ---- */

static void test_told_audit_shows_who_looked_when_and_why(void **state)
{
	(void)state;
	int code = 0;
	(void)view("EMP", json_pack("{s:s, s:s}", "purpose", "access", "client", bob.client));
	json_t *report = JSON(&code, "told-audit", "looks", "--store", store, "--json");
	const json_t *looks = json_object_get(report, "looks"), *row = NULL, *last = NULL;
	size_t i = 0;
	assert_int_equal(code, 0);
	json_array_foreach(looks, i, row) last = is(row, "by", "EMP") ? row : last;
	assert_true(is(last, "how", "view") && is(last, "why", "access") && is(last, "whose", "EMP"));
	assert_true(is(last, "person", "yes"));
	assert_true(is(last, "worker", world_agent(&world, "EMP")->caller.number));
	assert_true(json_string_length(json_object_get(last, "time")) > 15);
	assert_true(json_integer_value(json_object_get(last, "given")) > 0);
	assert_true(count(looks, "how", "view refused") >= 4);
	assert_int_equal(count(looks, "how", "copy ordered"), 1);
	assert_true(count(looks, "by", "broker") > 1);
	size_t under_order = 0;
	json_array_foreach(looks, i, row) under_order += json_string_length(json_object_get(row, "order")) > 0;
	assert_int_equal(under_order, 1);
	json_decref(report);
}

/* How many checks of this name stand on her statement at HOU. */
static size_t checks_named(const struct person *p, const char *party)
{
	const json_t *reply = world_call(
		&world, "HOU", told_agent_statement,
		json_pack("{s:s, s:b, s:b, s:b}", "client", p->client, "identity", 1, "alone", 1, "take_away", 1));
	return count(json_object_get(reply, "checks"), "party", party);
}

/* Ours, made to check ourselves; not one that a complaint asked for, nor one about somebody else. What an auditor asked
 * under an order shows as that order, to everybody whose flows it opens (0039). */
static void test_a_look_about_a_person_stands_on_that_person_s_statement(void **state)
{
	(void)state;
	size_t before = checks_named(&ann, "HOU"), other = checks_named(&bob, "HOU"),
	       orders = checks_named(&ann, "SUD");
	assert_int_equal(orders, checks_named(&bob, "SUD"));
	assert_non_null(view("HOU", json_pack("{s:s, s:s}", "purpose", "complaint", "client", ann.client)));
	assert_int_equal(checks_named(&ann, "HOU"), before);
	assert_non_null(view("HOU", json_pack("{s:s, s:s}", "purpose", "internal", "client", ann.client)));
	assert_int_equal(checks_named(&ann, "HOU"), before + 1);
	assert_int_equal(checks_named(&bob, "HOU"), other);
	assert_non_null(
		view("SUD", json_pack("{s:s, s:s, s:s}", "purpose", "external", "of", "HOU", "client", ann.client)));
	assert_int_equal(checks_named(&ann, "SUD"), orders);
	assert_int_equal(orders, 1);
}

static void test_the_log_with_its_queries_still_verifies(void **state)
{
	(void)state;
	char receipts[PATH_MAX];
	struct told_buf text;
	snprintf(receipts, sizeof receipts, "%.4000s/receipts", world_agent(&world, "HOU")->dir);
	for (size_t i = 0; i < 40; i++)
		world_turns(&world);
	int code = RUN(&text, "told-audit", "verify", "--store", store, "--policy", policy, "--receipts", receipts);
	if (code != 0)
		fail_msg("%d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_agency_sees_what_it_sent_and_what_reached_it_and_nothing_else),
		cmocka_unit_test(test_what_is_asked_for_narrows_what_is_given),
		cmocka_unit_test(test_pages_follow_one_another_and_each_is_a_query),
		cmocka_unit_test(test_a_person_of_others_and_a_person_of_nobody_look_alike),
		cmocka_unit_test(test_a_party_that_asks_for_another_s_flows_is_refused_and_that_is_logged),
		cmocka_unit_test(test_a_worker_who_leads_nothing_does_not_look),
		cmocka_unit_test(test_an_order_for_a_copy_lets_the_auditor_whom_it_names_look),
		cmocka_unit_test(test_the_operator_sees_everybody_s_entries_and_no_person),
		cmocka_unit_test(test_one_message_comes_with_a_proof_that_stands_alone),
		cmocka_unit_test(test_told_audit_shows_who_looked_when_and_why),
		cmocka_unit_test(test_a_look_about_a_person_stands_on_that_person_s_statement),
		cmocka_unit_test(test_the_log_with_its_queries_still_verifies),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
