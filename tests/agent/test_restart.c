/* SPDX-License-Identifier: Apache-2.0 */
/* What happens between the steps of the thread: broker away, agents killed, words of the card, workers who leave, a log
 * that was rolled back. */
#include "agent/world.h"
#include "agents/agent/turn.h"

#include "agents/agent/core/card.h"
#include "agents/agent/core/state.h"

static struct world world;
static char client[64], words[128];

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	json_t *card = world_call(&world, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", json_string_value(json_object_get(card, "client")));
	snprintf(words, sizeof words, "%s", json_string_value(json_object_get(card, "words")));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static json_t *section(const char *category, const char *text)
{
	return json_pack("{s:s, s:[{s:s,s:s}]}", "client", client, "sections", "category", category, "text", text);
}

/* Calls without waiting: the broker is away. */
static void queue(struct world *w, const char *party, told_agent_call *call, json_t *request)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(call(a->agent, &a->caller, request, &reply), TOLD_OK);
	assert_true(reply.waits);
	json_decref(request);
	told_reply_free(&reply);
}

static void reopen(struct world *w, const char *party)
{
	struct world_agent *a = world_agent(w, party);
	told_agent_close(a->agent);
	a->agent = NULL;
	world_open_agent(a);
}

static size_t in_state(struct world *w, const char *party, const char *type, const char *is)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	size_t n = 0;
	assert_int_equal(told_agent_sent(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	const json_t *list = json_object_get(reply.json, "messages");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *m = json_array_get(list, i);
		n += strcmp(json_string_value(json_object_get(m, "type")), type) == 0 &&
		     strcmp(json_string_value(json_object_get(m, "state")), is) == 0;
	}
	told_reply_free(&reply);
	return n;
}

struct wanted {
	const char *party, *type, *is;
	size_t n;
};

static bool has_so_many(struct world *w, void *ctx)
{
	const struct wanted *wanted = ctx;
	return in_state(w, wanted->party, wanted->type, wanted->is) == wanted->n;
}

static void what_was_told_while_the_broker_was_away_goes_when_it_is_back(void **state)
{
	struct world *w = *state;
	world_stop_broker(w, SIGKILL);
	queue(w, "HOU", told_agent_tell, section("HOU.SIT", "Sleeping on a sofa"));
	queue(w, "HOU", told_agent_tell, section("NED", "A place of her own"));
	queue(w, "HOU", told_agent_tell, section("DEM.ID", "Ada"));
	reopen(w, "HOU"); /* and the agent is started again meanwhile */
	assert_int_equal(in_state(w, "HOU", "DEPOSIT", "waiting"), 3);
	world_start_broker(w);
	struct wanted sent = {"HOU", "DEPOSIT", "sent", 3};
	world_until(w, has_so_many, &sent, "all sections in the log");
	assert_int_equal(in_state(w, "HOU", "DEPOSIT", "waiting"), 0);
}

static bool is_at_once(json_t *received, const char *text)
{
	size_t n = 0;
	for (size_t i = 0; i < json_array_size(received); i++) {
		const json_t *story = json_object_get(json_array_get(received, i), "story");
		const char *is = json_string_value(json_object_get(story, "text"));
		n += is != NULL && strcmp(is, text) == 0;
	}
	return n == 1;
}

static json_t *story_at(struct world *w, const char *party)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	assert_int_equal(told_agent_story(a->agent, &a->caller, request, &reply), TOLD_OK);
	json_decref(request);
	json_t *sections = json_incref(json_object_get(reply.json, "sections"));
	told_reply_free(&reply);
	return sections;
}

static void permit(struct world *w, const char *taker, const char *with_words)
{
	json_t *request = json_pack("{s:s, s:[s], s:[s,s], s:[s,s,s]}", "client", client, "recipients", "TT",
				    "purposes", "REFERRAL", "COORD", "include", "HOU.*", "NED", "DEM.ID");
	if (with_words != NULL)
		json_object_set_new(request, "words", json_string(with_words));
	json_t *reply = world_call(w, taker, told_agent_consent, request);
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	assert_string_equal(json_string_value(json_object_get(message, "state")), "sent");
}

static bool hou_knows(struct world *w, void *ctx)
{
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	assert_int_equal(told_agent_consents(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	json_decref(request);
	bool yes = json_array_size(json_object_get(reply.json, "consents")) == *(size_t *)ctx;
	told_reply_free(&reply);
	return yes;
}

/* How many wraps to TT the originator believes it may have made. */
static size_t wraps_to_tt(struct world *w)
{
	struct told_agent *hou = world_agent(w, "HOU")->agent;
	uint8_t ref[TOLD_ID_BYTES];
	struct told_arena *arena = NULL;
	struct told_story_row row;
	const struct told_key *key = NULL;
	size_t n = 0;
	assert_int_equal(told_code_read(told_text(client), ref), TOLD_OK);
	assert_int_equal(told_arena_new(1u << 24, &arena), TOLD_OK);
	assert_int_equal(told_directory_current_key(hou->directory, told_party_find(hou->parties, told_text("TT")),
						    TOLD_KEY_SEALING, told_bytes(NULL, 0), told_agent_now(hou), &key),
			 TOLD_OK);
	for (uint64_t after = 0;
	     told_story_next(hou->vault, arena, told_bytes(ref, sizeof ref), after, &row) == TOLD_OK; after = row.id)
		n += told_granted(hou->vault, row.message, told_text("TT"), told_bytes(key->id.b, 32)) == TOLD_OK;
	told_arena_free(arena);
	return n;
}

static void who_would_gain_opens_nothing_without_the_cards_words(void **state)
{
	struct world *w = *state;
	size_t known = 1;
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s}", "client", client));
	permit(w, "TT", NULL);
	world_until(w, hou_knows, &known, "the permission, at the originator");
	for (int i = 0; i < 10; i++) /* it has had every chance to grant */
		world_turns(w);
	assert_int_equal(wraps_to_tt(w), 0);
}

static bool tt_has_it_once(struct world *w, void *ctx)
{
	json_t *sections = story_at(w, "TT");
	bool yes = is_at_once(sections, ctx);
	json_decref(sections);
	return yes;
}

static void the_cards_words_open_it(void **state)
{
	struct world *w = *state;
	permit(w, "TT", words);
	json_t *reply = world_call(w, "TT", told_agent_ask, json_pack("{s:s}", "client", client));
	assert_true(json_array_size(json_object_get(reply, "received")) > 0);
	char text[] = "Sleeping on a sofa";
	world_until(w, tt_has_it_once, text, "the story, at TT");
	assert_int_equal(wraps_to_tt(w), 3);
}

static void words_of_another_card_are_said_to_be_so(void **state)
{
	world_refused(*state, "HOU", told_agent_consent,
		      json_pack("{s:s, s:[s], s:[s], s:[s], s:s}", "client", client, "recipients", "TT", "purposes",
				"COORD", "include", "NED", "words", "apple apple apple apple"),
		      TOLD_E_USAGE);
}

/* Killed between storing and acknowledging: the parcel comes again, and is shown once. */
static void a_parcel_that_comes_again_is_shown_once(void **state)
{
	struct world *w = *state;
	struct told_agent *tt = world_agent(w, "TT")->agent;
	struct told_arena *arena = NULL;
	struct told_inbox_row row, again;
	size_t before = 0, after_count = 0;
	assert_int_equal(told_arena_new(1u << 24, &arena), TOLD_OK);
	assert_int_equal(told_inbox_next(tt->vault, arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), 0, &row), TOLD_OK);
	for (uint64_t at = 0;
	     told_inbox_next(tt->vault, arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), at, &again) == TOLD_OK;
	     at = again.seq)
		before++;
	struct told_carried_message carried = {.header = NULL};
	struct told_header *header = NULL;
	struct told_opened_envelope opened;
	struct told_body empty = {0};
	assert_int_equal(told_envelope_open(arena, row.envelope, &opened), TOLD_OK);
	header = opened.header;
	carried = (struct told_carried_message){
		.header = header, .body = &empty, .envelope = row.envelope, .index = row.entry, .time_ms = row.time_ms};
	struct told_parcel_event event = {.type = row.type, .carried = &carried, .count = 1, .result = TOLD_ACK_STORED};
	memcpy(event.id, row.parcel.data, TOLD_ID_BYTES);
	assert_int_equal(told_vault_begin(tt->vault), TOLD_OK);
	assert_int_equal(told_agent_take_parcel(tt, &event), TOLD_OK); /* the same parcel */
	event.id[0] ^= 1;
	assert_int_equal(told_agent_take_parcel(tt, &event), TOLD_OK); /* the same message in another */
	assert_int_equal(told_agent_acknowledge(tt), TOLD_OK);         /* both are acknowledged */
	assert_int_equal(told_agent_acknowledge(tt), TOLD_E_NOT_FOUND);
	told_vault_rollback(tt->vault);
	for (uint64_t at = 0;
	     told_inbox_next(tt->vault, arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), at, &again) == TOLD_OK;
	     at = again.seq)
		after_count++;
	assert_int_equal(before, after_count);
	told_arena_free(arena);
}

static void a_suspended_worker_is_nobody(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_caller caller;
	json_t *made = world_call(w, "HOU", told_agent_worker_add, json_pack("{s:s}", "number", "W7"));
	char token[2 * TOLD_TOKEN_BYTES + 1];
	snprintf(token, sizeof token, "%s", json_string_value(json_object_get(made, "token")));
	assert_int_equal(told_agent_caller(hou->agent, told_text(token), &caller), TOLD_OK);
	assert_string_equal(caller.number, "W7");
	/* A practitioner keeps no register. */
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(told_agent_worker_add(hou->agent, &caller, NULL, &reply), TOLD_E_NOT_ALLOWED);
	told_reply_free(&reply);
	world_refused(w, "HOU", told_agent_worker_add, json_pack("{s:s}", "number", "W7"), TOLD_E_EXISTS);
	struct wanted two = {"HOU", "WORKER_REGISTER", "sent", 2};
	world_until(w, has_so_many, &two, "the new worker in the log");
	world_call(w, "HOU", told_agent_worker_set, json_pack("{s:s,s:s}", "number", "W7", "state", "suspended"));
	assert_int_equal(told_agent_caller(hou->agent, told_text(token), &caller), TOLD_E_NOT_ALLOWED);
	assert_int_equal(told_agent_caller(hou->agent, told_text("not a token"), &caller), TOLD_E_NOT_ALLOWED);
	token[0] = token[0] == '0' ? '1' : '0';
	assert_int_equal(told_agent_caller(hou->agent, told_text(token), &caller), TOLD_E_NOT_ALLOWED);
	struct wanted sent = {"HOU", "WORKER_REGISTER", "sent", 3};
	world_until(w, has_so_many, &sent, "three lines of the register in the log");
}

static void requests_with_unknown_members_or_codes_are_refused(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_story, json_pack("{s:s,s:i}", "client", client, "more", 1), TOLD_E_USAGE);
	world_refused(w, "HOU", told_agent_refer,
		      json_pack("{s:s,s:s,s:[s]}", "client", client, "to", "TT", "categories", "HOU.NO"),
		      TOLD_E_UNKNOWN);
	world_refused(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "NOBODY"),
		      TOLD_E_UNKNOWN);
	world_refused(w, "HOU", told_agent_tell, json_pack("{s:s,s:[]}", "client", client, "sections"), TOLD_E_LIMIT);
	world_refused(w, "HOU", told_agent_agreement_sign, json_pack("{s:s}", "file", "agreement: [\n"), TOLD_E_CONFIG);
	world_refused(w, "HOU", told_agent_referral, json_pack("{s:s}", "referral", "00000000000000000000000000000000"),
		      TOLD_E_NOT_FOUND);
}

static bool doctor_says(struct world *w, void *ctx)
{
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	bool found = false;
	assert_int_equal(told_agent_doctor(hou->agent, &hou->caller, NULL, &reply), TOLD_OK);
	const json_t *checks = json_object_get(reply.json, "checks");
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (strcmp(json_string_value(json_object_get(check, "check")), ctx) == 0)
			found = json_is_false(json_object_get(check, "ok")) && json_object_get(check, "fix") != NULL;
	}
	told_reply_free(&reply);
	return found;
}

static void copy_store(const struct world *w, const char *from, const char *to)
{
	static const char *const names[] = {"told.db", "told.db-wal", "anchor"};
	for (size_t i = 0; i < 3; i++) {
		char source[PATH_MAX + 32], target[PATH_MAX + 32];
		struct told_buf bytes = TOLD_BUF(64u << 20);
		snprintf(source, sizeof source, "%s/%s%s", w->broker_dir, names[i], from);
		snprintf(target, sizeof target, "%s/%s%s", w->broker_dir, names[i], to);
		unlink(target);
		if (told_file_read(source, 64u << 20, &bytes) == TOLD_OK)
			assert_int_equal(told_file_write(target, told_buf_view(&bytes), 0600), TOLD_OK);
		told_buf_free(&bytes);
	}
}

/* Last: after this nothing is sent any more. */
static void a_log_that_was_rolled_back_is_noticed_and_nothing_more_is_sent(void **state)
{
	struct world *w = *state;
	char path[PATH_MAX + 64];
	world_stop_broker(w, SIGTERM);
	copy_store(w, "", ".old");
	world_start_broker(w);
	world_call(w, "HOU", told_agent_tell, section("STR", "Keeps going"));
	world_turns(w);
	char broker[] = "broker", log[] = "log";
	assert_false(doctor_says(w, broker));
	world_stop_broker(w, SIGTERM);
	world_until(w, doctor_says, broker, "the doctor to say that the broker is away");
	copy_store(w, ".old", "");
	world_start_broker(w);
	world_until(w, doctor_says, log, "the doctor to say that the log has two histories");
	queue(w, "HOU", told_agent_tell, section("GOA", "A flat"));
	for (int i = 0; i < 10; i++)
		world_turns(w);
	assert_int_equal(in_state(w, "HOU", "DEPOSIT", "waiting"), 1);
	snprintf(path, sizeof path, "%s/receipts/fork-kept", world_agent(w, "HOU")->dir);
	assert_int_equal(access(path, R_OK), 0);
	snprintf(path, sizeof path, "%s/receipts/fork-shown", world_agent(w, "HOU")->dir);
	assert_int_equal(access(path, R_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_told_while_the_broker_was_away_goes_when_it_is_back),
		cmocka_unit_test(who_would_gain_opens_nothing_without_the_cards_words),
		cmocka_unit_test(the_cards_words_open_it),
		cmocka_unit_test(words_of_another_card_are_said_to_be_so),
		cmocka_unit_test(a_parcel_that_comes_again_is_shown_once),
		cmocka_unit_test(a_suspended_worker_is_nobody),
		cmocka_unit_test(requests_with_unknown_members_or_codes_are_refused),
		cmocka_unit_test(a_log_that_was_rolled_back_is_noticed_and_nothing_more_is_sent),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
