/* SPDX-License-Identifier: Apache-2.0 */
/* Erasure through real agents and a real broker: asked by one, answered by each, and afterwards a search of every file
 * of the broker and of each vault whose agency erased finds nothing; the log verifies all the same. */
#include "agent/world.h"

#include "agents/agent/core/card.h"

#include <dirent.h>

static struct world world;
static char client[64];
static uint8_t person[TOLD_ID_BYTES];

#define NAME  "Marguerite Oyelaran-Finch"
#define WORDS "Sleeping on a sofa in Fenwick Row"

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- the search ---- */

static size_t count_in(struct told_bytes file, struct told_bytes what)
{
	size_t found = 0;
	for (const uint8_t *at = file.data; what.len > 0 && at != NULL;) {
		at = memmem(at, file.len - (size_t)(at - file.data), what.data, what.len);
		found += at != NULL;
		at = at != NULL ? at + 1 : NULL;
	}
	return found;
}

/* The reference raw, in hexadecimal and as on the card; the name; the words. */
static size_t in_file(const char *path)
{
	char hex[2 * TOLD_ID_BYTES + 1], bare[64] = "";
	size_t len = 0;
	struct told_bytes file = told_test_read(path);
	told_hex(person, sizeof person, hex);
	for (const char *c = client; *c != '\0'; c++)
		if (*c != '-')
			bare[len++] = *c;
	size_t found = count_in(file, told_bytes(person, sizeof person)) + count_in(file, told_text(hex)) +
		       count_in(file, told_text(client)) + count_in(file, told_text(bare)) +
		       count_in(file, told_text(NAME)) + count_in(file, told_text(WORDS));
	free((void *)(uintptr_t)file.data);
	if (found > 0)
		print_message("%zu in %s\n", found, path);
	return found;
}

static size_t in_folder(const char *folder)
{
	size_t found = 0;
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char path[PATH_MAX];
		int n = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		assert_true(n > 0 && n < PATH_MAX);
		if (entry->d_type == DT_REG)
			found += in_file(path);
		else if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			found += in_folder(path);
	}
	closedir(dir);
	return found;
}

/* ---- the life that is erased ---- */

static const char *state_of(const json_t *reply)
{
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	const char *text = json_string_value(json_object_get(message, "state"));
	return text == NULL ? "" : text;
}

static bool referral_is_there(struct world *w, void *ctx)
{
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	(void)ctx;
	assert_int_equal(told_agent_inbox(tt->agent, &tt->caller, NULL, &reply), TOLD_OK);
	size_t count = json_array_size(json_object_get(reply.json, "parcels"));
	told_reply_free(&reply);
	return count > 0;
}

static void much_is_said_of_somebody(void **state)
{
	struct world *w = *state;
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", json_string_value(json_object_get(card, "client")));
	assert_int_equal(told_code_read(told_text(client), person), TOLD_OK);
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category",
			     "DEM.ID", "text", NAME, "category", "HOU.SIT", "text", WORDS, "category", "PRF.ACC",
			     "text", "Large print"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s,s], s:[s,s], s:[s,s,s,s], s:s}", "client", client, "recipients", "TT", "SUD",
			     "purposes", "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "PRF.ACC", "NED",
			     "evidence", "signature"));
	json_t *sent = world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	assert_string_equal(state_of(sent), "sent");
	world_until(w, referral_is_there, NULL, "the referral at TT");
	world_call(w, "TT", told_agent_ask, json_pack("{s:s}", "client", client));
	assert_true(in_folder(w->broker_dir) > 0); /* the search finds what is there */
	assert_true(in_folder(world_agent(w, "HOU")->dir) > 0);
	assert_true(in_folder(world_agent(w, "TT")->dir) > 0);
}

/* ---- holds ---- */

static void a_hold_stops_it_and_is_lifted(void **state)
{
	struct world *w = *state;
	json_int_t review_ms = (json_int_t)world_time().wall_ms + 30 * TOLD_MS_DAY;
	world_refused(w, "HOU", told_agent_hold, json_pack("{s:s,s:s}", "client", client, "reason", "complaint"),
		      TOLD_E_USAGE);
	json_t *set =
		world_call(w, "HOU", told_agent_hold,
			   json_pack("{s:s,s:s,s:I}", "client", client, "reason", "complaint", "review_ms", review_ms));
	assert_string_equal(state_of(set), "sent");
	json_t *held =
		world_call(w, "HOU", told_agent_erase, json_pack("{s:s,s:s}", "client", client, "reason", "withdrawn"));
	assert_string_equal(state_of(held), "held");
	json_t *list = json_object_get(world_call(w, "HOU", told_agent_holds, json_object()), "holds");
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "reason")), "complaint");
	world_call(w, "HOU", told_agent_hold_lift, json_pack("{s:s,s:s}", "client", client, "reason", "complaint"));
	list = json_object_get(world_call(w, "HOU", told_agent_holds, json_object()), "holds");
	assert_int_equal(json_array_size(list), 0);
}

/* ---- how long what came may stay ---- */

static struct told_time in_seven_years(void *ctx)
{
	struct told_time now = world_time();
	(void)ctx;
	now.wall_ms += 7 * 366 * TOLD_MS_DAY;
	return now;
}

static json_t *due_at_tt(struct world *w)
{
	return json_object_get(world_call(w, "TT", told_agent_retention, json_object()), "due");
}

static void what_came_may_stay_as_long_as_the_agreement_says(void **state)
{
	struct world *w = *state;
	struct told_agent *tt = world_agent(w, "TT")->agent;
	assert_int_equal(json_array_size(due_at_tt(w)), 0);
	told_agent_set_clock(tt, (struct told_clock){.now = in_seven_years});
	size_t due = json_array_size(due_at_tt(w));
	assert_true(due > 0);
	json_t *applied = world_call(w, "TT", told_agent_retention_apply, json_object());
	assert_int_equal(json_integer_value(json_object_get(applied, "deleted")), due);
	assert_int_equal(json_array_size(due_at_tt(w)), 0);
	told_agent_set_clock(tt, told_clock_system());
}

/* ---- the erasure that was held goes on by itself ---- */

struct asked {
	const char *party, *state;
	char id[40];
	size_t answers;
};

/* The erasure in this state at this agency, with so many answers. */
static bool is_asked(struct world *w, void *ctx)
{
	struct asked *asked = ctx;
	struct world_agent *a = world_agent(w, asked->party);
	struct told_reply reply = TOLD_REPLY;
	bool found = false;
	assert_int_equal(told_agent_erasures(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	const json_t *one = json_array_get(json_object_get(reply.json, "erasures"), 0);
	if (one != NULL) {
		snprintf(asked->id, sizeof asked->id, "%s", json_string_value(json_object_get(one, "erasure")));
		found = strcmp(json_string_value(json_object_get(one, "state")), asked->state) == 0 &&
			json_array_size(json_object_get(one, "answers")) >= asked->answers;
	}
	told_reply_free(&reply);
	return found;
}

static void every_holder_is_asked(void **state)
{
	struct world *w = *state;
	struct asked at_tt = {.party = "TT", .state = "open"}, at_hou = {.party = "HOU", .state = "open"};
	world_until(w, is_asked, &at_tt, "the request at TT");
	world_until(w, is_asked, &at_hou, "our own request, once it was accepted");
	assert_string_equal(at_tt.id, at_hou.id);
}

static bool broker_is_empty(struct world *w, void *ctx)
{
	(void)ctx;
	return in_folder(w->broker_dir) == 0;
}

static void nothing_is_left_at_the_broker(void **state)
{
	world_until(*state, broker_is_empty, NULL, "the broker's files without the person");
}

static void an_agency_keeps_what_a_law_says_and_the_asker_hears_of_it(void **state)
{
	struct world *w = *state;
	struct asked at_tt = {.party = "TT", .state = "open"}, at_hou = {.party = "HOU", .state = "open", .answers = 1};
	json_int_t until_ms = (json_int_t)world_time().wall_ms + 365 * TOLD_MS_DAY;
	world_until(w, is_asked, &at_tt, "the request at TT");
	world_refused(w, "TT", told_agent_erase_answer, json_pack("{s:s,s:s}", "erasure", at_tt.id, "state", "kept"),
		      TOLD_E_USAGE);
	world_call(w, "TT", told_agent_erase_answer,
		   json_pack("{s:s,s:s,s:I,s:s}", "erasure", at_tt.id, "state", "kept", "kept_until_ms", until_ms,
			     "law", "Limitation Act 1980 s.11"));
	assert_true(in_folder(world_agent(w, "TT")->dir) > 0); /* it is theirs to keep */
	world_until(w, is_asked, &at_hou, "TT's answer at HOU");
}

static void each_vault_is_erased_by_its_own_agency(void **state)
{
	struct world *w = *state;
	static const char *const parties[] = {"HOU", "TT"};
	for (size_t i = 0; i < 2; i++) {
		struct asked asked = {.party = parties[i], .state = i == 0 ? "open" : "kept"};
		world_until(w, is_asked, &asked, "the request");
		json_t *reply = world_call(w, parties[i], told_agent_erase_answer,
					   json_pack("{s:s,s:s}", "erasure", asked.id, "state", "erased"));
		assert_string_equal(state_of(reply), "sent");
		assert_int_equal(in_folder(world_agent(w, parties[i])->dir), 0);
		world_refused(w, parties[i], told_agent_erase_answer,
			      json_pack("{s:s,s:s}", "erasure", asked.id, "state", "erased"), TOLD_E_EXISTS);
	}
	assert_int_equal(in_folder(w->broker_dir), 0); /* the answers named nobody */
}

/* What told-audit prints, NUL-terminated. */
static void audit(struct world *w, char *text, size_t size)
{
	char program[PATH_MAX], store[PATH_MAX + 16], policy[PATH_MAX + 16], note[PATH_MAX + 32];
	const char *bin = getenv("TOLD_BIN");
	int out[2], how = 0;
	size_t len = 0;
	snprintf(program, sizeof program, "%s/told-audit", bin == NULL ? "." : bin);
	snprintf(store, sizeof store, "%s/told.db", w->broker_dir);
	snprintf(policy, sizeof policy, "%s/policy", w->broker_dir);
	snprintf(note, sizeof note, "%s/receipts/checkpoint", world_agent(w, "HOU")->dir);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(out[1], STDOUT_FILENO);
		execl(program, "told-audit", "verify", "--store", store, "--policy", policy, "--against", note,
		      (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	for (ssize_t n = 1; n > 0 && len<size - 1; len += n> 0 ? (size_t)n : 0)
		n = read(out[0], text + len, size - 1 - len);
	text[len] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(child, &how, 0), child);
}

static void the_log_still_verifies(void **state)
{
	static const char *const says[] = {"erasures      OK", "each named by an erasure", "integrity     OK"};
	char text[8192];
	world_stop_broker(*state, SIGTERM);
	audit(*state, text, sizeof text);
	for (size_t i = 0; i < sizeof says / sizeof says[0]; i++) {
		if (strstr(text, says[i]) == NULL)
			print_error("%s\n", text);
		assert_non_null(strstr(text, says[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(much_is_said_of_somebody),
		cmocka_unit_test(what_came_may_stay_as_long_as_the_agreement_says),
		cmocka_unit_test(a_hold_stops_it_and_is_lifted),
		cmocka_unit_test(every_holder_is_asked),
		cmocka_unit_test(nothing_is_left_at_the_broker),
		cmocka_unit_test(an_agency_keeps_what_a_law_says_and_the_asker_hears_of_it),
		cmocka_unit_test(each_vault_is_erased_by_its_own_agency),
		cmocka_unit_test(the_log_still_verifies),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
