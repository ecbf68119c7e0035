/* SPDX-License-Identifier: Apache-2.0 */
/* Until an agency's contact has named its workers for the other party, a MARAC is there for the contact and the deputy
 * alone, and for who called it: whoever else asks gets what they would if there were none, in each call that there is.
 */
#include "agent/meeting.h"

#include "agents/api/route.h"

static struct world world;
static struct told_caller contact, deputy, plain, colleague;
static char ada[64], bea[64], of_ada[40], of_bea[40]; /* SUD knows Ada, and not Bea */

#define NOWHERE "0192f0c1a2b37c4d8e5f60718293a4b5"

static const struct asked_call {
	const char *method, *path, *request, *why;
} calls[] = {
#define X(method, path, request, why) {method, path, request, why},
#include "blind/calls.h"
#undef X
};
#define CALLS (sizeof calls / sizeof calls[0])

/* ---- the world ---- */

static struct told_caller adds(const char *party, const char *role)
{
	struct told_caller caller;
	json_t *made = world_call(&world, party, told_agent_worker_add, json_pack("{s:[s]}", "roles", role));
	assert_int_equal(told_agent_caller(world_agent(&world, party)->agent, told_text(text(made, "token")), &caller),
			 TOLD_OK);
	return caller;
}

static void card(char out[64], const char *name)
{
	json_t *made = world_call(&world, "EMP", told_agent_card_new, json_object());
	snprintf(out, 64, "%s", text(made, "client"));
	world_call(&world, "EMP", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s}]}", "client", out, "sections", "category", "DEM.ID", "text", name));
}

/* The workers just made stand in the log too; no message of SUD's own is on its way any more. */
static bool has_said_all(struct world *w, void *ctx)
{
	json_t *sent_by = world_call(w, "SUD", told_agent_sent, json_object());
	size_t registers = 0, i = 0;
	json_t *one = NULL;
	(void)ctx;
	json_array_foreach(json_object_get(sent_by, "messages"), i, one) registers +=
		strcmp(text(one, "type"), "WORKER_REGISTER") == 0;
	return registers > 1 && !says(sent_by, "\"waiting\"");
}

static int open_world(void **state)
{
	size_t second = 1;
	*state = &world;
	world_open(&world);
	char *paper = world_paper(&world, "marac.yaml.in");
	world_sign(&world, paper);
	world_until(&world, world_agreed, &second, "the second agreement signed by all");
	free(paper);
	card(ada, "Ada");
	card(bea, "Bea");
	world_call(&world, "SUD", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s}]}", "client", ada, "sections", "category", "SUD.USE", "text", "Less"));
	contact = adds("SUD", "practitioner");
	deputy = adds("SUD", "practitioner");
	plain = adds("SUD", "senior");
	colleague = adds("EMP", "senior");
	world_call(&world, "SUD", told_agent_contact_name, json_pack("{s:s}", "worker", contact.number));
	world_call(&world, "SUD", told_agent_contact_name,
		   json_pack("{s:s, s:b}", "worker", deputy.number, "deputy", true));
	world_turns(&world);
	world_until(&world, has_said_all, NULL, "the workers of SUD in the log");
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- asking as a worker ---- */

static enum told_status ask(const char *party, const struct told_caller *who, told_agent_call *call, json_t *request,
			    struct told_reply *reply)
{
	struct told_agent *agent = world_agent(&world, party)->agent;
	assert_int_equal(told_agent_as(agent, who), TOLD_OK);
	enum told_status status = call(agent, who, request, reply);
	if (reply->json == NULL)
		reply->json = json_object();
	assert_int_equal(told_agent_attention(agent, who, request, reply->json), TOLD_OK);
	assert_int_equal(told_agent_as(agent, NULL), TOLD_OK);
	json_decref(request);
	return status;
}

/* Whether anything that is shown of one kind has these words. */
static bool shows(const char *party, const struct told_caller *who, told_agent_call *call, const char *words)
{
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(ask(party, who, call, json_object(), &reply), TOLD_OK);
	bool is = says(reply.json, words);
	told_reply_free(&reply);
	return is;
}

/* ---- every call that there is ---- */

/* Times and numbers that the log counts over all agencies say nothing. */
static json_t *scrubbed(const json_t *value, const char *name)
{
	const char *key = NULL;
	json_t *one = NULL, *out = json_is_object(value) ? json_object() : json_array();
	size_t i = 0, len = strlen(name);
	bool counted = strcmp(name, "known") == 0 || strcmp(name, "entry") == 0 || strcmp(name, "size") == 0 ||
		       strcmp(name, "statement") == 0 || (len > 3 && strcmp(name + len - 3, "_ms") == 0);
	json_object_foreach((json_t *)(uintptr_t)value, key, one) json_object_set_new(out, key, scrubbed(one, key));
	json_array_foreach(value, i, one) json_array_append_new(out, scrubbed(one, name));
	if (json_is_object(value) || json_is_array(value))
		return out;
	json_decref(out);
	return counted ? json_null() : json_deep_copy(value);
}

static char *filled(const char *words, const char *whom, const char *which)
{
	static const char *const marks[] = {"'", "$V", "$P", "$C", "$R"};
	const char *with[] = {"\"", whom, whom, which, "4102444800000"};
	char *all = strdup(words);
	for (size_t i = 0; i < 5; i++) {
		struct told_buf out = TOLD_BUF(65536);
		world_replace(&out, all, marks[i], with[i]);
		free(all);
		all = strdup(told_buf_cstr(&out));
		told_buf_free(&out);
	}
	return all;
}

/* What reads, and what would act on the conference's own number. */
static const struct told_route *asks_nothing_of_others(const struct asked_call *call)
{
	const struct told_route *route = NULL;
	if (call->request == NULL || (strcmp(call->method, "GET") != 0 && strstr(call->request, "$C") == NULL))
		return NULL;
	for (size_t i = 0; (route = told_route_at(i)) != NULL; i++)
		if (strcmp(route->method, call->method) == 0 && strcmp(route->path, call->path) == 0)
			return route->call == NULL ? NULL : route;
	return NULL;
}

static struct {
	char *text;
	uint64_t steps;
} answers[2][2 * CALLS];

static void ask_one(size_t round, size_t at, const char *whom, const char *which)
{
	const struct asked_call *call = &calls[at % CALLS];
	const struct told_route *route = asks_nothing_of_others(call);
	if (route == NULL)
		return;
	struct told_reply reply = TOLD_REPLY;
	char *words = filled(call->request, whom, which);
	json_t *request = json_loads(words, 0, NULL);
	if (route->state != NULL)
		json_object_set_new(request, "state", json_string(route->state));
	struct told_vault *vault = world_agent(&world, "SUD")->agent->vault;
	uint64_t before = told_vault_steps(vault);
	enum told_status status = ask("SUD", &plain, route->call, request, &reply);
	answers[round][at].steps = told_vault_steps(vault) - before;
	json_t *plainly = scrubbed(reply.json, "");
	char *dump = json_dumps(plainly, JSON_SORT_KEYS | JSON_INDENT(1)), *all = NULL;
	assert_true(asprintf(&all, "%s %s\n%s", told_status_name(status), told_buf_cstr(&reply.why), dump) > 0);
	struct told_buf out = TOLD_BUF(16u << 20);
	world_replace(&out, all, which, "THERE");
	free(answers[round][at].text);
	answers[round][at].text = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	free(all);
	free(dump);
	free(words);
	json_decref(plainly);
	told_reply_free(&reply);
}

static void ask_all(size_t round, const char *ada_at, const char *bea_at)
{
	for (size_t i = 0; i < CALLS; i++) {
		ask_one(round, i, ada, ada_at);
		ask_one(round, CALLS + i, bea, bea_at);
	}
}

static size_t compared(void)
{
	size_t told = 0;
	for (size_t i = 0; i < 2 * CALLS; i++) {
		const char *was = answers[0][i].text, *is = answers[1][i].text;
		if (was != NULL && strcmp(was, is) != 0)
			told += (size_t)(fprintf(stderr, "%s %s tells:\n--- before\n%s\n--- now\n%s\n",
						 calls[i % CALLS].method, calls[i % CALLS].path, was, is) > 0);
	}
	return told;
}

/* ---- the day ---- */

static void calls_one(const char *whom, char out[40])
{
	json_t *reply = world_call(&world, "EMP", told_agent_conference_call,
				   json_pack("{s:s, s:s, s:[s], s:s, s:s, s:i}", "client", whom, "kind", "marac", "to",
					     "HOU", "grounds", "Threats since Friday", "tool", "DASH", "score", 16));
	assert_int_equal(sent(reply, "sent"), 1);
	snprintf(out, 40, "%s", text(reply, "conference"));
	snprintf(meeting, sizeof meeting, "%s", out);
	until(&world, "HOU", "state", "called");
	act(&world, "HOU", asked("list"), 1);
	json_t *invite = in_a_month(asked("invite"));
	json_object_set_new(invite, "to", json_pack("[s,s]", "TT", "SUD"));
	act(&world, "HOU", invite, 2);
	act(&world, "HOU", asked("research"), 3);
	until(&world, "SUD", "state", "listed");
	until(&world, "TT", "state", "listed");
	act(&world, "SUD", asked("known"), 1);
	act(&world, "HOU", asked("start"), 3);
	act(&world, "HOU", in_a_month(list_of(with(asked("action"), "text", "Ring her"), "to", "SUD")), 1);
	act(&world, "HOU", with(asked("minutes"), "text", "Locks by Friday"), 3);
	act(&world, "HOU", asked("approve"), 3);
	until(&world, "SUD", "state", "approved");
}

static void test_whoever_is_not_the_contact_gets_what_they_would_if_there_were_none(void **state)
{
	(void)state;
	ask_all(0, NOWHERE, NOWHERE);
	calls_one(ada, of_ada);
	calls_one(bea, of_bea);
	ask_all(1, of_ada, of_bea);
	assert_int_equal(compared(), 0);
}

/* Beside the whole millisecond at which each answer leaves (decision 0035): the store does the same. */
static void test_it_is_no_more_work_than_a_number_that_there_is_not(void **state)
{
	(void)state;
	uint64_t there = 0, nowhere = 0;
	for (size_t i = 0; i < 2 * CALLS; i++) {
		if (answers[1][i].text == NULL || strstr(calls[i % CALLS].request, "$C") == NULL)
			continue;
		const char *was = answers[1][i].text;
		ask_one(0, i, i < CALLS ? ada : bea, NOWHERE); /* now, beside all that is hidden */
		there += answers[1][i].steps;
		nowhere += answers[0][i].steps;
		free((char *)(uintptr_t)was);
		answers[1][i].text = NULL;
	}
	print_message("steps: %llu for one that waits, %llu for one that is not\n", (unsigned long long)there,
		      (unsigned long long)nowhere);
	assert_true(there < nowhere + nowhere / 2);
}

static void test_the_contact_and_the_deputy_see_it_and_are_asked_for_names(void **state)
{
	(void)state;
	assert_true(shows("SUD", &contact, told_agent_conferences, of_ada));
	assert_true(shows("SUD", &deputy, told_agent_conferences, of_bea));
	assert_false(shows("SUD", &plain, told_agent_conferences, "conference\""));
	world_agent(&world, "SUD")->agent->watch.meeting_boot_ms = 0;
	world_turns(&world);
	assert_true(shows("SUD", &contact, told_agent_duty, "conference_names"));
	assert_true(shows("SUD", &deputy, told_agent_duty, of_ada));
	assert_false(shows("SUD", &plain, told_agent_duty, "look_now"));
}

/* The log that the broker keeps, of our own flows. */
static size_t entries_of_marac(const char *party, const struct told_caller *by)
{
	struct world_agent *a = world_agent(&world, party);
	struct told_caller first = a->caller;
	size_t i = 0, count = 0;
	json_t *entry = NULL;
	a->caller = *by;
	json_t *reply = world_call(&world, party, told_agent_audit_view, json_pack("{s:s}", "purpose", "internal"));
	a->caller = first;
	json_array_foreach(json_object_get(json_object_get(reply, "view"), "entries"), i, entry)
	{
		count += says(entry, "MARAC") || says(entry, "CONF_");
		/* they name no message: who counted them would count hidden ones */
		assert_false(says(entry, "\"ACK\"") || says(entry, "\"OPENED\""));
	}
	return count;
}

static void test_a_look_at_the_brokers_log_shows_none_of_it(void **state)
{
	(void)state;
	struct told_caller lead = adds("SUD", "senior");
	assert_int_equal(entries_of_marac("SUD", &plain), 0);
	assert_int_equal(entries_of_marac("EMP", &colleague), 0);
	assert_true(entries_of_marac("EMP", &world_agent(&world, "EMP")->caller) > 0);
	world_call(&world, "SUD", told_agent_contact_leave, json_pack("{s:s}", "worker", deputy.number));
	world_call(&world, "SUD", told_agent_contact_name,
		   json_pack("{s:s, s:b}", "worker", lead.number, "deputy", true));
	assert_false(shows("SUD", &deputy, told_agent_conferences, of_ada)); /* who left the seat */
	deputy = lead;
	assert_true(entries_of_marac("SUD", &deputy) > 0);
}

/* At an agency without a contact it is there for nobody; whoever called one sees theirs, and no colleague does. */
static void test_without_a_contact_only_who_called_it_sees_it(void **state)
{
	(void)state;
	const struct told_caller *caller = &world_agent(&world, "EMP")->caller;
	assert_true(shows("EMP", caller, told_agent_conferences, of_ada));
	assert_true(shows("EMP", caller, told_agent_sent, "CONF_CALL"));
	assert_false(shows("EMP", &colleague, told_agent_conferences, of_ada));
	assert_false(shows("EMP", &colleague, told_agent_sent, "CONF_CALL"));
	assert_false(shows("TT", &world_agent(&world, "TT")->caller, told_agent_conferences, of_ada));
	assert_false(shows("HOU", &world_agent(&world, "HOU")->caller, told_agent_conferences, of_ada)); /* the chair */
}

/* Whether or not there is any: HOU's, where one waits, and TT's alike. */
static void test_that_nobody_is_the_contact_is_raised_to_who_could_name_one(void **state)
{
	(void)state;
	assert_true(shows("HOU", &world_agent(&world, "HOU")->caller, told_agent_duty, "no_contact"));
	assert_true(shows("EMP", &colleague, told_agent_duty, "no_contact"));
	assert_true(shows("EMP", &colleague, told_agent_doctor, "nobody is our contact"));
	assert_false(shows("SUD", &plain, told_agent_duty, "no_contact"));
}

/* What somebody does who may: through the same door as the API. */
static void does(const char *party, const struct told_caller *who, told_agent_call *call, json_t *request)
{
	struct world_agent *a = world_agent(&world, party);
	struct told_caller first = a->caller;
	a->caller = *who;
	assert_int_equal(told_agent_as(a->agent, who), TOLD_OK);
	world_call(&world, party, call, request);
	assert_int_equal(told_agent_as(a->agent, NULL), TOLD_OK);
	a->caller = first;
}

static void test_who_called_it_may_speak_in_it_before_their_contact_has_named(void **state)
{
	(void)state;
	snprintf(meeting, sizeof meeting, "%s", of_ada);
	does("EMP", &world_agent(&world, "EMP")->caller, told_agent_conference_act, asked("promise"));
	assert_true(shows("EMP", &world_agent(&world, "EMP")->caller, told_agent_conferences, "\"names\""));
	assert_false(shows("EMP", &colleague, told_agent_sent, "CONF_"));
}

static void test_after_the_names_it_is_there_for_all_but_the_named(void **state)
{
	(void)state;
	struct told_caller his = adds("SUD", "practitioner");
	does("SUD", &contact, told_agent_sight_name,
	     json_pack("{s:s, s:[s]}", "conference", of_ada, "alleged", his.number));
	assert_true(shows("SUD", &plain, told_agent_conferences, of_ada));
	assert_false(shows("SUD", &plain, told_agent_conferences, of_bea)); /* another is another */
	assert_false(shows("SUD", &his, told_agent_conferences, of_ada));
	assert_false(shows("SUD", &contact, told_agent_duty, of_ada));
	does("SUD", &deputy, told_agent_sight_name, json_pack("{s:s, s:b}", "conference", of_bea, "none", true));
	assert_true(shows("SUD", &plain, told_agent_conferences, of_bea));
}

static struct told_time in_seven_months(void *ctx)
{
	struct told_time now = world_time();
	(void)ctx;
	now.wall_ms += 210 * TOLD_MS_DAY;
	return now;
}

/* Only the clock that is looked at is ahead. */
static bool is_asked_to_look(const struct told_caller *who)
{
	struct told_agent *agent = world_agent(&world, "SUD")->agent;
	told_agent_set_clock(agent, (struct told_clock){.now = in_seven_months});
	assert_int_equal(told_vault_begin(agent->vault), TOLD_OK);
	agent->watch.meeting_boot_ms = 0;
	assert_int_equal(told_meeting_sweep(agent), TOLD_OK);
	assert_int_equal(told_vault_commit(agent->vault), TOLD_OK);
	bool is = shows("SUD", who, told_agent_duty, "names_review");
	told_agent_set_clock(agent, told_clock_system());
	return is;
}

/* Teams change: the contact looks again, and nothing is hidden or opened by that alone. */
static void test_after_half_a_year_the_contact_is_asked_to_look_at_the_names_again(void **state)
{
	(void)state;
	assert_true(is_asked_to_look(&contact));
	assert_true(is_asked_to_look(&deputy));
	assert_false(is_asked_to_look(&plain));
	assert_false(shows("SUD", &contact, told_agent_duty, "names_review")); /* today nobody is asked */
	assert_true(shows("SUD", &plain, told_agent_conferences, of_ada));
}

/* The worker learns nothing; our own log has that somebody asked, by whatever number. */
static void test_who_asks_by_the_number_of_something_hidden_is_in_our_log(void **state)
{
	const char *const numbers[] = {NOWHERE, of_ada};
	struct told_agent *agent = world_agent(&world, "EMP")->agent;
	int was = agent->log.fd;
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char path[PATH_MAX];
		struct told_buf lines = TOLD_BUF(1u << 20);
		struct told_reply reply = TOLD_REPLY;
		snprintf(path, sizeof path, "%.*s/log%zu", PATH_MAX - 16, world.dir, i);
		agent->log.fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		ask("EMP", &colleague, told_agent_conference, json_pack("{s:s}", "conference", numbers[i]), &reply);
		ask("EMP", &colleague, told_agent_receipt, json_pack("{s:s}", "message", numbers[i]), &reply);
		close(agent->log.fd);
		agent->log.fd = was;
		told_reply_free(&reply);
		assert_int_equal(told_file_read(path, 1u << 20, &lines), TOLD_OK);
		assert_int_equal(strstr(told_buf_cstr(&lines), "agent.kept_from") != NULL, i == 1);
		assert_null(strstr(told_buf_cstr(&lines), of_ada));
		assert_null(strstr(told_buf_cstr(&lines), colleague.number));
		told_buf_free(&lines);
	}
}

/* What an older program kept is found at the first start. */
static void test_a_vault_of_before_hides_it_from_the_first_start_on(void **state)
{
	struct world_agent *a = world_agent(&world, "EMP");
	struct told_vault *vault = a->agent->vault;
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t id[TOLD_ID_BYTES];
		assert_int_equal(told_unhex(told_text(i == 0 ? of_ada : of_bea), id, sizeof id), TOLD_OK);
		assert_int_equal(told_vault_begin(vault), TOLD_OK);
		assert_int_equal(told_unnamed_drop(vault, told_bytes(id, sizeof id)), TOLD_OK);
		assert_int_equal(told_vault_put(vault, "unnamed-kept", told_text("")), TOLD_OK);
		assert_int_equal(told_vault_commit(vault), TOLD_OK);
	}
	assert_true(shows("EMP", &colleague, told_agent_conferences, of_ada));
	told_agent_close(a->agent);
	world_open_agent(a);
	assert_false(shows("EMP", &colleague, told_agent_conferences, of_ada));
	assert_false(shows("EMP", &colleague, told_agent_sent, "CONF_"));
	assert_true(shows("EMP", &a->caller, told_agent_conferences, of_bea));
}

/* A meeting of services is there as ever. */
static void test_an_mdt_waits_for_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++)
		world_call(&world, i == 0 ? "EMP" : "TT", told_agent_consent,
			   json_pack("{s:s, s:[s], s:[s], s:[s,s,s], s:s}", "client", ada, "recipients",
				     i == 0 ? "TT" : "EMP", "purposes", "MDT", "include", "DEM.ID", "NED", "PLN",
				     "evidence", "signature"));
	json_t *reply = world_call(&world, "EMP", told_agent_conference_call,
				   json_pack("{s:s, s:[s], s:s}", "client", ada, "to", "TT", "grounds", "No plan"));
	assert_int_equal(sent(reply, "sent"), 1);
	snprintf(meeting, sizeof meeting, "%s", text(reply, "conference"));
	assert_true(shows("EMP", &colleague, told_agent_conferences, meeting));
	until(&world, "TT", "state", "called");
	assert_true(shows("TT", &world_agent(&world, "TT")->caller, told_agent_conferences, meeting));
	assert_false(shows("TT", &world_agent(&world, "TT")->caller, told_agent_conferences, of_ada));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whoever_is_not_the_contact_gets_what_they_would_if_there_were_none),
		cmocka_unit_test(test_it_is_no_more_work_than_a_number_that_there_is_not),
		cmocka_unit_test(test_the_contact_and_the_deputy_see_it_and_are_asked_for_names),
		cmocka_unit_test(test_without_a_contact_only_who_called_it_sees_it),
		cmocka_unit_test(test_that_nobody_is_the_contact_is_raised_to_who_could_name_one),
		cmocka_unit_test(test_a_look_at_the_brokers_log_shows_none_of_it),
		cmocka_unit_test(test_who_called_it_may_speak_in_it_before_their_contact_has_named),
		cmocka_unit_test(test_after_the_names_it_is_there_for_all_but_the_named),
		cmocka_unit_test(test_after_half_a_year_the_contact_is_asked_to_look_at_the_names_again),
		cmocka_unit_test(test_who_asks_by_the_number_of_something_hidden_is_in_our_log),
		cmocka_unit_test(test_a_vault_of_before_hides_it_from_the_first_start_on),
		cmocka_unit_test(test_an_mdt_waits_for_nobody),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
