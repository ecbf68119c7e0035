/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of an alert, end to end: a real broker, agents with clocks of their own, a pager that is handed in. An
 * agent that is stopped and an alert that nobody opens each end in a call that is written down. */
#include "agent/world.h"

#include "agents/agent/core/state.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/risk.h"
#include "agents/alert/pager.h"

static struct world world;
static struct told_time hou_time; /* how far the clock of HOU is ahead */
static char client[64];
static char id[40];

static struct told_time ahead(void *ctx)
{
	const struct told_time *shift = ctx;
	struct told_clock clock = told_clock_system();
	struct told_time now = told_clock_now(&clock);
	now.wall_ms += shift->wall_ms;
	return now;
}

/* The agent looks at its alerts anew under another clock. Back in time it is started again: what it acknowledged under
 * the other clock was refused. */
static void hou_is_ahead(int64_t ms)
{
	struct world_agent *hou = world_agent(&world, "HOU");
	if (ms == 0 && hou_time.wall_ms != 0) {
		told_agent_close(hou->agent);
		world_open_agent(hou);
	}
	hou_time.wall_ms = ms;
	told_agent_set_clock(hou->agent, (struct told_clock){.now = ahead, .ctx = &hou_time});
}

/* ---- a pager that is handed in ---- */

#define FAKE_MAX 64u
struct fake {
	struct told_paged done[FAKE_MAX];
	char line[FAKE_MAX][TOLD_PAGE_MAX_BYTES];
	size_t count, told;
	bool fails;
} fake;

static enum told_status fake_start(void *ctx, const struct told_page *page, int64_t boot_ms)
{
	struct fake *f = ctx;
	struct told_buf line = TOLD_BUF(TOLD_PAGE_MAX_BYTES);
	(void)boot_ms;
	assert_true(f->count < FAKE_MAX);
	assert_int_equal(told_page_json(page, &line), TOLD_OK);
	snprintf(f->line[f->count], sizeof f->line[0], "%s", told_buf_cstr(&line));
	told_buf_free(&line);
	f->done[f->count] = (struct told_paged){.whom = page->whom, .reached = !f->fails};
	memcpy(f->done[f->count++].alert, page->alert, sizeof page->alert);
	return TOLD_OK;
}

static enum told_status fake_poll(void *ctx, int64_t boot_ms, struct told_paged *out)
{
	struct fake *f = ctx;
	(void)boot_ms;
	if (f->told == f->count)
		return TOLD_E_NOT_FOUND;
	*out = f->done[f->told++];
	return TOLD_OK;
}

static bool fake_waits(const void *ctx)
{
	const struct fake *f = ctx;
	return f->told < f->count;
}

static void use_fake(bool fails)
{
	fake = (struct fake){.fails = fails};
	told_agent_set_pager(world_agent(&world, "HOU")->agent,
			     (struct told_pager){fake_start, fake_poll, fake_waits, &fake});
}

/* ---- calling ---- */

static json_t *hou(told_agent_call *call, json_t *request)
{
	return world_call(&world, "HOU", call, request);
}

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *raised(const char *to)
{
	json_t *reply = hou(told_agent_alert, json_pack("{s:s, s:s, s:s, s:[s,s], s:s, s:s}", "client", client, "to",
							to, "kind", "safeguarding", "categories", "DEM.ID", "DEM.TEL",
							"concern", "She said he is coming back tonight", "reason",
							"Asking her would raise the risk"));
	snprintf(id, sizeof id, "%s", text(json_object_get(reply, "alert"), "id"));
	return reply;
}

static json_t *alert_now(void)
{
	json_t *list = json_object_get(hou(told_agent_alerts, json_object()), "alerts");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(text(json_array_get(list, i), "id"), id) == 0)
			return json_array_get(list, i);
	fail_msg("no alert %s", id);
	return NULL;
}

static bool stands(struct world *w, void *ctx)
{
	(void)w;
	return strcmp(text(alert_now(), "stands"), ctx) == 0;
}

static void until(const char *state)
{
	world_until(&world, stands, (void *)(uintptr_t)state, state);
}

/* What stands on this worker's screen, of one kind; the caller's. */
static json_t *screen(const char *party, const struct told_caller *caller, const char *what)
{
	struct world_agent *a = world_agent(&world, party);
	json_t *reply = json_object(), *found = json_array();
	assert_int_equal(told_agent_attention(a->agent, caller == NULL ? &a->caller : caller, NULL, reply), TOLD_OK);
	const json_t *list = json_object_get(reply, "look_now");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(text(json_array_get(list, i), "what"), what) == 0)
			json_array_append(found, json_array_get(list, i));
	json_decref(reply);
	return found;
}

static size_t on_screen(const char *party, const struct told_caller *caller, const char *what)
{
	json_t *found = screen(party, caller, what);
	size_t count = json_array_size(found);
	json_decref(found);
	return count;
}

/* The alert in hand, as one that must be rung for, or as one whose review is due. */
static bool it_is_on_screen(const struct told_caller *caller, const char *what)
{
	json_t *found = screen("HOU", caller, what);
	bool is = false;
	for (size_t i = 0; i < json_array_size(found); i++)
		is |= strcmp(text(json_array_get(found, i), "alert"), id) == 0;
	json_decref(found);
	return is;
}

static json_t *calls_as(const char *who)
{
	return hou(told_agent_alert_called, json_pack("{s:s, s:s}", "id", id, "who_answered", who));
}

static void refused(told_agent_call *call, json_t *request, enum told_status expected, const char *words)
{
	struct world_agent *a = world_agent(&world, "HOU");
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(call(a->agent, &a->caller, request, &reply), expected);
	if (strstr(told_buf_cstr(&reply.why), words) == NULL)
		fail_msg("not said: %s\nbut: %s", words, told_buf_cstr(&reply.why));
	json_decref(request);
	told_reply_free(&reply);
}

/* ---- the whole life ---- */

static void test_it_arrives_is_opened_and_is_over(void **state)
{
	(void)state;
	raised("TT");
	refused(told_agent_alert_close, json_pack("{s:s}", "id", id), TOLD_E_REFUSED, "Telephone");
	until("delivered");
	assert_int_equal(on_screen("TT", NULL, "incoming"), 1);
	world_call(&world, "TT", told_agent_inbox, NULL);
	assert_int_equal(on_screen("TT", NULL, "incoming"), 0);
	until("opened");
	json_t *reply = hou(told_agent_alert_close, json_pack("{s:s}", "id", id));
	assert_string_equal(text(json_object_get(reply, "alert"), "stands"), "closed");
	assert_string_equal(text(json_array_get(json_object_get(reply, "messages"), 0), "type"), "ALERT_RECORD");
	assert_string_equal(text(json_array_get(json_object_get(reply, "messages"), 0), "state"), "sent");
	refused(told_agent_alert_close, json_pack("{s:s}", "id", id), TOLD_E_REFUSED, "over already");
}

static void test_what_nobody_opens_is_overdue_pages_both_and_ends_in_a_call(void **state)
{
	(void)state;
	use_fake(false);
	raised("TT");
	until("delivered");
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	until("paged");
	assert_int_equal(fake.count, 2);
	for (size_t i = 0; i < fake.count; i++) {
		assert_non_null(strstr(fake.line[i], "alert_unopened"));
		assert_null(strstr(fake.line[i], client));
		assert_null(strstr(fake.line[i], "tonight"));
	}
	assert_true(fake.done[0].whom != fake.done[1].whom);
	assert_non_null(strstr(fake.line[1], "01632 960012"));
	assert_true(it_is_on_screen(NULL, "alert"));
	hou_is_ahead(0);
	calls_as("nobody");
	calls_as("voicemail");
	assert_true(it_is_on_screen(NULL, "alert")); /* nobody was reached */
	json_t *reply = calls_as("on_call");
	assert_string_equal(text(json_array_get(json_object_get(reply, "messages"), 0), "state"), "sent");
	assert_string_equal(text(alert_now(), "stands"), "called");
	assert_false(it_is_on_screen(NULL, "alert"));
	assert_int_equal(json_array_size(json_object_get(alert_now(), "calls")), 3);
}

static void test_an_agent_that_is_stopped_is_silent_and_ends_in_a_call(void **state)
{
	(void)state;
	struct world_agent *tt = world_agent(&world, "TT");
	told_agent_close(tt->agent);
	tt->agent = NULL;
	use_fake(false);
	raised("TT");
	assert_string_equal(text(alert_now(), "stands"), "sent");
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	until("paged");
	assert_non_null(strstr(fake.line[0], "agent_silent"));
	json_t *overdue = json_object_get(hou(told_agent_alerts, json_pack("{s:s}", "only", "overdue")), "alerts");
	assert_int_equal(json_array_size(overdue), 1);
	hou_is_ahead(0);
	calls_as("switchboard");
	assert_string_equal(text(alert_now(), "stands"), "called");
	world_open_agent(tt);
	world_call(&world, "TT", told_agent_inbox, NULL); /* comes late, and changes nothing */
	assert_string_equal(text(alert_now(), "stands"), "called");
}

static void test_a_page_that_fails_is_tried_again_and_is_never_called_a_page(void **state)
{
	(void)state;
	use_fake(true);
	raised("TT");
	until("delivered");
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	until("overdue");
	world_turns(&world);
	size_t first = fake.count;
	assert_true(first >= 2);
	assert_string_equal(text(alert_now(), "stands"), "overdue");
	fake.fails = false;
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	until("paged");
	assert_int_equal(fake.count, first + 2);
	hou_is_ahead(0);
	calls_as("worker");
}

static void test_opening_it_too_late_does_not_end_it(void **state)
{
	(void)state;
	use_fake(true);
	raised("TT");
	until("delivered");
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	until("overdue");
	hou_is_ahead(0);
	world_call(&world, "TT", told_agent_inbox, NULL);
	for (int i = 0; i < 1000 && json_object_get(alert_now(), "opened") == NULL; i++)
		world_turns(&world);
	assert_non_null(json_object_get(alert_now(), "opened"));
	assert_string_equal(text(alert_now(), "stands"), "overdue");
	assert_non_null(strstr(text(alert_now(), "warning"), "too late"));
	calls_as("on_call");
	assert_string_equal(text(alert_now(), "stands"), "called");
}

static void test_a_call_that_cannot_have_been_is_refused_and_nothing_changes(void **state)
{
	(void)state;
	int64_t now_ms = told_clock_now(&(struct told_clock){.now = ahead, .ctx = &hou_time}).wall_ms;
	raised("TT");
	until("delivered");
	refused(told_agent_alert_called, json_pack("{s:s}", "id", id), TOLD_E_USAGE, "who-answered");
	refused(told_agent_alert_called, json_pack("{s:s, s:s}", "id", id, "who_answered", "right"), TOLD_E_UNKNOWN,
		"voicemail");
	refused(told_agent_alert_called,
		json_pack("{s:s, s:s, s:I}", "id", id, "who_answered", "worker", "at_ms",
			  (json_int_t)(now_ms + TOLD_MS_HOUR)),
		TOLD_E_USAGE, "mend the time");
	refused(told_agent_alert_called,
		json_pack("{s:s, s:s, s:I}", "id", id, "who_answered", "worker", "at_ms",
			  (json_int_t)(now_ms - TOLD_MS_HOUR)),
		TOLD_E_USAGE, "mend the time");
	assert_null(json_object_get(alert_now(), "calls"));
}

/* ---- contact: only ---- */

static void test_the_sheet_has_what_the_ruling_allows_and_the_record_ends_it(void **state)
{
	(void)state;
	use_fake(false);
	raised("ASC");
	assert_string_equal(text(alert_now(), "stands"), "by_hand");
	json_t *reply = hou(told_agent_alert_sheet, json_pack("{s:s}", "id", id));
	const json_t *say = json_object_get(json_object_get(reply, "sheet"), "say");
	bool words = false;
	for (size_t i = 0; i < json_array_size(say); i++) {
		const char *category = text(json_array_get(say, i), "category");
		assert_null(strstr(category, "FIN"));
		words |= strcmp(category, "NARR") == 0;
	}
	assert_true(words && json_array_size(say) >= 3);
	refused(told_agent_alert_called, json_pack("{s:s, s:s}", "id", id, "who_answered", "on_call"), TOLD_E_REFUSED,
		"disclosure record");
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	until("paged");
	assert_non_null(strstr(fake.line[fake.count - 1], "no_agent"));
	hou_is_ahead(0);
	refused(told_agent_alert_called, json_pack("{s:s, s:s}", "id", id, "who_answered", "on_call"), TOLD_E_REFUSED,
		"disclosure record");
	hou(told_agent_disclosure, json_pack("{s:s, s:s, s:[s,s], s:s, s:s}", "client", client, "to", "ASC",
					     "categories", "DEM.ID", "NARR", "why", "They send somebody", "alert", id));
	assert_string_equal(text(alert_now(), "stands"), "called");
	assert_false(it_is_on_screen(NULL, "alert"));
}

/* ---- who is asked ---- */

static struct told_caller colleague(const char *role, char number[TOLD_NAME_MAX_BYTES + 1])
{
	struct told_caller caller;
	json_t *made = hou(told_agent_worker_add, json_pack("{s:[s]}", "roles", role));
	snprintf(number, TOLD_NAME_MAX_BYTES + 1, "%s", text(made, "number"));
	assert_int_equal(told_agent_caller(world_agent(&world, "HOU")->agent, told_text(text(made, "token")), &caller),
			 TOLD_OK);
	return caller;
}

static void test_what_is_raised_goes_to_the_named_person_and_to_who_stands_in(void **state)
{
	(void)state;
	char first[TOLD_NAME_MAX_BYTES + 1], second[TOLD_NAME_MAX_BYTES + 1], third[TOLD_NAME_MAX_BYTES + 1];
	struct told_caller contact = colleague("practitioner", first), deputy = colleague("practitioner", second);
	struct told_caller other = colleague("practitioner", third);
	hou(told_agent_duty_set, json_pack("{s:s, s:s}", "contact", first, "deputy", second));
	hou(told_agent_tell, json_pack("{s:s, s:[{s:s,s:s}]}", "client", client, "sections", "category", "RSK.OTH",
				       "text", "He has a knife"));
	json_t *risks = screen("HOU", &contact, "");
	assert_int_equal(json_array_size(risks), 1);
	assert_string_equal(text(json_array_get(risks, 0), "item"), "RSK.OTH");
	assert_string_equal(text(json_array_get(risks, 0), "for"), first);
	json_decref(risks);
	assert_int_equal(on_screen("HOU", &deputy, ""), 0);
	assert_int_equal(on_screen("HOU", &other, ""), 0);
	json_int_t until_ms =
		(json_int_t)(told_clock_now(&(struct told_clock){.now = ahead, .ctx = &hou_time}).wall_ms +
			     TOLD_MS_DAY);
	hou(told_agent_duty_away, json_pack("{s:s, s:I}", "worker", first, "until_ms", until_ms));
	assert_int_equal(on_screen("HOU", &contact, ""), 0);
	assert_int_equal(on_screen("HOU", &deputy, ""), 1);
	hou(told_agent_risk_hand, json_pack("{s:s, s:s}", "client", client, "to", third));
	assert_int_equal(on_screen("HOU", &other, ""), 1);
	hou(told_agent_risk_done, json_pack("{s:s, s:s}", "client", client, "did", "Police are told"));
	assert_int_equal(on_screen("HOU", &deputy, "") + on_screen("HOU", &other, ""), 0);
}

/* An agency that asks twice is sent the same section twice. */
static void test_a_risk_that_comes_twice_is_raised_once(void **state)
{
	(void)state;
	struct told_agent *tt = world_agent(&world, "TT")->agent;
	const uint8_t message[TOLD_ID_BYTES] = {7}, person[TOLD_ID_BYTES] = {9};
	const struct told_header header = {.id = told_bytes(message, sizeof message),
					   .client_ref = told_bytes(person, sizeof person),
					   .sender = told_text("HOU")};
	struct told_section_header section = {.number = 1, .category = TOLD_CATEGORY_RSK_SELF};
	const size_t before = on_screen("TT", NULL, "");
	for (int times = 0; times < 3; times++)
		assert_int_equal(told_risk_came(tt, &header, &section), TOLD_OK);
	assert_int_equal(on_screen("TT", NULL, ""), before + 1);
	section.number = 2; /* other words are raised of their own */
	assert_int_equal(told_risk_came(tt, &header, &section), TOLD_OK);
	assert_int_equal(on_screen("TT", NULL, ""), before + 2);
}

static void test_a_wrong_code_is_named_with_the_nearest(void **state)
{
	(void)state;
	refused(told_agent_tell,
		json_pack("{s:s, s:[{s:s,s:s}]}", "client", client, "sections", "category", "HOU.STI", "text", "x"),
		TOLD_E_UNKNOWN, "\"category\" cannot be \"HOU.STI\". Did you mean \"HOU.SIT\"?");
}

static void test_who_is_on_call_is_said_by_who_may(void **state)
{
	(void)state;
	char number[TOLD_NAME_MAX_BYTES + 1];
	struct world_agent *a = world_agent(&world, "HOU");
	struct told_caller lead = a->caller;
	a->caller = colleague("practitioner", number);
	refused(told_agent_duty_set, json_pack("{s:s}", "contact", number), TOLD_E_NOT_ALLOWED, "senior");
	refused(told_agent_duty_away, json_pack("{s:s, s:i}", "worker", lead.number, "until_ms", 0), TOLD_E_NOT_ALLOWED,
		"somebody else");
	a->caller = lead;
	refused(told_agent_duty_set, json_pack("{s:s}", "contact", "W-nobody"), TOLD_E_UNKNOWN, "staff number");
	refused(told_agent_duty_set, json_pack("{s:s, s:s}", "contact", number, "deputy", number), TOLD_E_USAGE,
		"somebody else");
}

/* ---- reviews ---- */

static void test_a_review_that_is_due_is_raised_to_who_may_do_it_and_stands_in_the_log(void **state)
{
	(void)state;
	char number[TOLD_NAME_MAX_BYTES + 1];
	struct told_caller dpo = colleague("dpo", number);
	raised("TT");
	until("delivered");
	hou_is_ahead(10 * TOLD_MS_DAY);
	world_turns(&world);
	assert_true(it_is_on_screen(&dpo, "review"));
	json_t *list = json_object_get(hou(told_agent_alerts, json_pack("{s:s}", "only", "review")), "alerts");
	size_t due = json_array_size(list);
	assert_true(due >= 1);
	assert_false(it_is_on_screen(NULL, "review")); /* who raised it is not asked to review it */
	hou_is_ahead(0);
	struct world_agent *a = world_agent(&world, "HOU");
	struct told_caller lead = a->caller;
	refused(told_agent_override_review, json_pack("{s:s, s:s}", "id", id, "outcome", "right"), TOLD_E_NOT_ALLOWED,
		"reviews it");
	a->caller = dpo;
	json_t *reply = hou(told_agent_override_review, json_pack("{s:s, s:s, s:s}", "id", id, "outcome", "too_much",
								  "note", "No need for her number"));
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	assert_string_equal(text(message, "type"), "ALERT_RECORD");
	assert_string_equal(text(message, "state"), "sent");
	a->caller = lead;
}

/* ---- what is over ---- */

#define OVER_COUNT 10000u

/* Alerts of a year, all closed and reviewed, as the agency keeps them. */
static void add_over(struct told_agent *agent)
{
	struct told_alert alert = {.state = TOLD_ALERT_CLOSED};
	alert.doc =
		json_pack("{s:s, s:s, s:s, s:i}", "to", "TT", "type", "ALERT", "kind", "safeguarding", "review_ms", 0);
	assert_int_equal(told_vault_begin(agent->vault), TOLD_OK);
	for (uint32_t i = 1; i <= OVER_COUNT; i++) {
		memset(alert.id, 0xee, sizeof alert.id);
		memcpy(alert.id, &i, sizeof i);
		memset(alert.client, 0xdd, sizeof alert.client);
		assert_int_equal(told_alert_save(agent, &alert), TOLD_OK);
	}
	assert_int_equal(told_vault_commit(agent->vault), TOLD_OK);
	told_alert_free(&alert);
}

static void drop_over(struct told_agent *agent)
{
	uint8_t over[TOLD_ID_BYTES];
	assert_int_equal(told_vault_begin(agent->vault), TOLD_OK);
	for (uint32_t i = 1; i <= OVER_COUNT; i++) {
		memset(over, 0xee, sizeof over);
		memcpy(over, &i, sizeof i);
		assert_int_equal(told_kept_drop(agent->vault, "alert", told_bytes(over, sizeof over)), TOLD_OK);
	}
	assert_int_equal(told_vault_commit(agent->vault), TOLD_OK);
}

/* What the store does for one reply, and for one look of time over all alerts. */
static uint64_t cost_of_a_reply(struct told_agent *agent)
{
	uint64_t before = told_vault_steps(agent->vault);
	(void)on_screen("HOU", NULL, "alert");
	return told_vault_steps(agent->vault) - before;
}

static uint64_t cost_of_a_look(struct told_agent *agent)
{
	uint64_t before = told_vault_steps(agent->vault);
	assert_int_equal(told_vault_begin(agent->vault), TOLD_OK);
	told_alert_look_soon(agent);
	assert_int_equal(told_alert_sweep(agent), TOLD_OK);
	assert_int_equal(told_vault_commit(agent->vault), TOLD_OK);
	return told_vault_steps(agent->vault) - before;
}

static void test_ten_thousand_that_are_over_cost_nothing_at_a_reply_or_a_look(void **state)
{
	(void)state;
	struct told_agent *agent = world_agent(&world, "HOU")->agent;
	uint64_t reply = cost_of_a_reply(agent), look = cost_of_a_look(agent);
	assert_true(reply > 0 && look > 0);
	add_over(agent);
	assert_int_equal(cost_of_a_reply(agent), reply);
	assert_int_equal(cost_of_a_look(agent), look);
	drop_over(agent);
}

/* Closed, its review still to come: it is looked at. Reviewed: it is at rest, and still in the list. */
static void test_what_is_closed_is_at_rest_once_its_review_is_over(void **state)
{
	(void)state;
	struct told_kept_row row = {0};
	struct told_alert alert, next;
	uint8_t alert_id[TOLD_ID_BYTES];
	struct told_agent *agent = world_agent(&world, "HOU")->agent;
	raised("TT");
	until("delivered");
	calls_as("worker");
	hou(told_agent_alert_close, json_pack("{s:s}", "id", id));
	assert_int_equal(told_unhex(told_text(id), alert_id, sizeof alert_id), TOLD_OK);
	told_arena_reset(agent->arena);
	assert_int_equal(told_alert_load(agent, told_bytes(alert_id, sizeof alert_id), &alert), TOLD_OK);
	bool walked = false;
	while (told_alert_walk_open(agent, TOLD_ALERT_CLOSED, &row, &next) == TOLD_OK) {
		walked |= memcmp(next.id, alert_id, sizeof alert_id) == 0;
		told_alert_free(&next);
	}
	assert_true(walked);
	json_object_set_new(alert.doc, "review_ms", json_integer(0));
	assert_int_equal(told_vault_begin(agent->vault), TOLD_OK);
	assert_int_equal(told_alert_save(agent, &alert), TOLD_OK);
	assert_int_equal(told_vault_commit(agent->vault), TOLD_OK);
	told_alert_free(&alert);
	row = (struct told_kept_row){0};
	while (told_alert_walk_open(agent, TOLD_ALERT_CLOSED, &row, &next) == TOLD_OK) {
		assert_memory_not_equal(next.id, alert_id, sizeof alert_id);
		told_alert_free(&next);
	}
	assert_string_equal(text(alert_now(), "stands"), "closed");
}

/* ---- the world ---- */

/* The demo's agreement, with adult social care's clause opened to TT. */
static int open_world(void **state)
{
	*state = &world;
	world_with = (struct world_change){.from = "to: [ASC]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD]",
					   .to = "to: [ASC, TT]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD]"};
	world_open(&world);
	json_t *card = hou(told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	hou(told_agent_tell, json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s},{s:s,s:s}]}", "client", client, "sections",
				       "category", "DEM.ID", "text", "Ada, 41", "category", "DEM.TEL", "text",
				       "01632 960100", "category", "FIN.DEBT", "text", "Owes rent"));
	hou_is_ahead(0);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_arrives_is_opened_and_is_over),
		cmocka_unit_test(test_what_nobody_opens_is_overdue_pages_both_and_ends_in_a_call),
		cmocka_unit_test(test_an_agent_that_is_stopped_is_silent_and_ends_in_a_call),
		cmocka_unit_test(test_a_page_that_fails_is_tried_again_and_is_never_called_a_page),
		cmocka_unit_test(test_opening_it_too_late_does_not_end_it),
		cmocka_unit_test(test_a_call_that_cannot_have_been_is_refused_and_nothing_changes),
		cmocka_unit_test(test_the_sheet_has_what_the_ruling_allows_and_the_record_ends_it),
		cmocka_unit_test(test_what_is_raised_goes_to_the_named_person_and_to_who_stands_in),
		cmocka_unit_test(test_a_risk_that_comes_twice_is_raised_once),
		cmocka_unit_test(test_a_wrong_code_is_named_with_the_nearest),
		cmocka_unit_test(test_who_is_on_call_is_said_by_who_may),
		cmocka_unit_test(test_what_is_closed_is_at_rest_once_its_review_is_over),
		cmocka_unit_test(test_ten_thousand_that_are_over_cost_nothing_at_a_reply_or_a_look),
		cmocka_unit_test(test_a_review_that_is_due_is_raised_to_who_may_do_it_and_stands_in_the_log),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
