/* SPDX-License-Identifier: Apache-2.0 */
/* The contact for conferences: a key of that worker's own, to which alone a conference's safe address and abuse are
 * sealed; renewed, taken back, gone with the worker. With a real broker. */
#include "agent/world.h"

#include "agents/agent/core/card.h"
#include "agents/agent/core/state.h"
#include "agents/agent/turn.h"
#include "agents/agent/work/contact.h"
#include "agents/agent/work/content.h"
#include "broker/decide/conference.h"

#include <dirent.h>
#include <sys/stat.h>

#define MDT_DATA "data: [DEM.ID, HOU.SIT, NED, STR, GOA, PLN, EMP.STAT, MH.ATT, SUD.ATT, PRF.*]"

static struct world world;
static char client[64];
static const char passphrase[] = "correct horse battery staple", other[] = "another long passphrase";

struct person {
	struct told_caller caller;
};
static struct person contact, deputy, stranger;

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

/* A call in the name of a worker of TT, which waits for the broker. */
static json_t *calls(const struct person *p, told_agent_call *call, json_t *request)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_caller first = a->caller;
	a->caller = p->caller;
	json_t *reply = world_call(&world, "TT", call, request);
	a->caller = first;
	return reply;
}

static void refused(const struct person *p, told_agent_call *call, json_t *request, enum told_status expected)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_caller first = a->caller;
	a->caller = p->caller;
	world_refused(&world, "TT", call, request, expected);
	a->caller = first;
}

static void adds_worker(struct person *p)
{
	struct world_agent *a = world_agent(&world, "TT");
	json_t *made = world_call(&world, "TT", told_agent_worker_add, json_pack("{s:[s]}", "roles", "practitioner"));
	assert_int_equal(told_agent_caller(a->agent, told_text(text(made, "token")), &p->caller), TOLD_OK);
}

static int open_world(void **state)
{
	*state = &world;
	world_with = (struct world_change){MDT_DATA, "data: [DEM.ID, DEM.LOC, SAF.DA, HOU.SIT, NED, STR, GOA, PLN, "
						     "EMP.STAT, MH.ATT, SUD.ATT, PRF.*]"};
	world_open(&world);
	adds_worker(&contact);
	adds_worker(&deputy);
	adds_worker(&stranger);
	json_t *card = world_call(&world, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	world_call(&world, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s,s], s:[s,s,s,s], s:s}", "client", client, "recipients", "TT",
			     "purposes", "MDT", "COORD", "include", "DEM.ID", "DEM.LOC", "NED", "HOU.*", "evidence",
			     "signature"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- keys ---- */

static bool key_is(const char *worker, int number, const char *state)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_reply reply = TOLD_REPLY;
	size_t i = 0;
	json_t *key = NULL;
	bool is = false;
	assert_int_equal(told_agent_contacts(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "keys"), i,
			   key) if (strcmp(text(key, "worker"), worker) == 0 &&
				    json_integer_value(json_object_get(key, "number")) == number) is =
		strcmp(text(key, "state"), state) == 0;
	told_reply_free(&reply);
	return is;
}

struct wanted {
	const char *worker, *state;
	int number;
};
static bool is_so(struct world *w, void *ctx)
{
	struct wanted *wanted = ctx;
	(void)w;
	return key_is(wanted->worker, wanted->number, wanted->state);
}

static void until_key(const char *worker, int number, const char *state)
{
	struct wanted wanted = {worker, state, number};
	world_until(&world, is_so, &wanted, "the contact's key as wanted");
}

/* How many of TT's contacts HOU would seal to now. */
static size_t seen_by_housing(void)
{
	struct told_seal_to to[TOLD_RECIPIENTS_MAX];
	return told_contact_keys(world_agent(&world, "HOU")->agent, told_text("TT"), to, TOLD_RECIPIENTS_MAX);
}

static bool housing_sees(struct world *w, void *ctx)
{
	(void)w;
	return seen_by_housing() == *(size_t *)ctx;
}

static void until_seen(size_t count)
{
	world_until(&world, housing_sees, &count, "the contacts' keys known to another agency");
}

static size_t key_files(void)
{
	char path[PATH_MAX + 16];
	size_t count = 0;
	struct dirent *entry;
	snprintf(path, sizeof path, "%s/contacts", world_agent(&world, "TT")->dir);
	DIR *dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		count += entry->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return count;
}

static void makes_key(const struct person *p, int number)
{
	json_t *reply = calls(p, told_agent_contact_key, json_pack("{s:s}", "passphrase", passphrase));
	assert_int_equal(json_integer_value(json_object_get(reply, "number")), number);
	until_key(p->caller.number, number, "current");
}

static void only_who_was_named_by_a_senior_has_a_contact_key(void **state)
{
	(void)state;
	refused(&contact, told_agent_contact_key, json_pack("{s:s}", "passphrase", passphrase), TOLD_E_NOT_ALLOWED);
	refused(&contact, told_agent_contact_name, json_pack("{s:s}", "worker", contact.caller.number),
		TOLD_E_NOT_ALLOWED);
	json_t *named =
		world_call(&world, "TT", told_agent_contact_name, json_pack("{s:s}", "worker", contact.caller.number));
	assert_string_equal(text(named, "seat"), "contact");
	world_call(&world, "TT", told_agent_contact_name,
		   json_pack("{s:s, s:b}", "worker", deputy.caller.number, "deputy", 1));
	refused(&contact, told_agent_contact_key, json_pack("{s:s}", "passphrase", "too short"), TOLD_E_MALFORMED);
	assert_int_equal(key_files(), 0);
	makes_key(&contact, 1);
	until_seen(1);
}

/* ---- what is sealed to it ---- */

static const char safe_address[] = "Flat 9, the refuge";

static struct told_section_header header_of(uint32_t category)
{
	struct told_agent *agent = world_agent(&world, "HOU")->agent;
	return (struct told_section_header){.category = category,
					    .voice = TOLD_VOICE_WORKER,
					    .recorded_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms,
					    .originator = told_agent_self(agent)};
}

/* HOU calls a conference of TT about the person, with who they are and where they are safe. */
static void housing_calls(uint8_t id[TOLD_ID_BYTES])
{
	struct world_agent *a = world_agent(&world, "HOU");
	struct told_agent *agent = a->agent;
	struct told_draft draft;
	struct told_to_send sections[2] = {{.header = header_of(TOLD_CATEGORY_DEM_ID)},
					   {.header = header_of(TOLD_CATEGORY_DEM_LOC)}};
	struct told_workflow_part part = {.event = TOLD_CONFERENCE_EVENT_CALL};
	json_t *preview = NULL;
	struct told_buf why = TOLD_BUF(4096);
	assert_int_equal(told_call_begin(agent), TOLD_OK);
	uint8_t *ref = told_arena_alloc(agent->arena, TOLD_ID_BYTES);
	assert_int_equal(told_code_read(told_text(client), ref), TOLD_OK);
	assert_int_equal(
		told_draft_begin(agent, TOLD_TYPE_CONF_CALL, &a->caller, told_bytes(ref, TOLD_ID_BYTES), &draft),
		TOLD_OK);
	draft.header.workflow = &part;
	assert_int_equal(told_note_content(agent, told_text("Ada"), &sections[0].content), TOLD_OK);
	assert_int_equal(told_note_content(agent, told_text(safe_address), &sections[1].content), TOLD_OK);
	assert_int_equal(
		told_send_content(agent, &draft, told_text("TT"), TOLD_PURPOSE_MDT, sections, 2, false, &preview, &why),
		TOLD_OK);
	assert_string_equal(text(preview, "effect"), "release");
	json_decref(preview);
	told_buf_free(&why);
	memcpy(id, draft.id, TOLD_ID_BYTES);
	struct told_reply done = TOLD_REPLY;
	done.json = json_object();
	assert_int_equal(told_call_end(agent, TOLD_OK, &done), TOLD_OK);
	told_reply_free(&done);
}

static char message[2 * TOLD_ID_BYTES + 1];

static bool has_closed(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	size_t i = 0;
	json_t *one = NULL;
	bool has = false;
	const struct person *p = ctx;
	assert_int_equal(told_agent_contact_closed(a->agent, &p->caller, NULL, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "messages"), i, one) has |=
		strcmp(text(one, "message"), message) == 0;
	told_reply_free(&reply);
	return has;
}

static void until_closed(const struct person *p)
{
	world_until(&world, has_closed, (void *)(uintptr_t)p, "what is sealed to the contact");
}

static json_t *opening(const char *with)
{
	return json_pack("{s:s, s:s}", "message", message, "passphrase", with);
}

static bool says(const json_t *json, const char *words)
{
	char *dump = json_dumps(json, 0);
	bool is = dump != NULL && strstr(dump, words) != NULL;
	free(dump);
	return is;
}

static bool said_opened(struct world *w, void *ctx)
{
	struct told_agent *agent = world_agent(w, "HOU")->agent;
	struct told_bytes worker = told_bytes(NULL, 0);
	uint64_t when = 0;
	uint8_t id[TOLD_ID_BYTES];
	(void)ctx;
	assert_int_equal(told_unhex(told_text(message), id, sizeof id), TOLD_OK);
	told_arena_reset(agent->arena);
	bool is = false;
	while (!is && told_opened_next(agent->vault, agent->arena, told_bytes(id, sizeof id), told_text("TT"), worker,
				       &worker, &when) == TOLD_OK)
		is = told_bytes_equal(worker, told_text(contact.caller.number));
	return is;
}

static void a_safe_address_is_opened_by_the_contact_alone_and_that_is_recorded(void **state)
{
	uint8_t id[TOLD_ID_BYTES];
	(void)state;
	housing_calls(id);
	told_hex(id, sizeof id, message);
	until_closed(&contact);
	refused(&stranger, told_agent_contact_closed, json_object(), TOLD_E_NOT_ALLOWED);
	refused(&stranger, told_agent_contact_open, opening(passphrase), TOLD_E_NOT_ALLOWED);
	refused(&deputy, told_agent_contact_open, opening(passphrase), TOLD_E_NOT_ALLOWED);
	refused(&contact, told_agent_contact_open, opening("a wrong passphrase"), TOLD_E_NOT_ALLOWED);
	/* The first worker of the agency, a senior, whose agent has the vault's key. */
	assert_false(says(world_call(&world, "TT", told_agent_inbox, json_object()), safe_address));
	json_t *opened = calls(&contact, told_agent_contact_open, opening(passphrase));
	assert_true(says(opened, safe_address));
	assert_false(says(opened, "Ada"));
	world_until(&world, said_opened, NULL, "the sender hears who opened it");
}

/* ---- files that would open it ---- */

static void assert_nowhere(const char *path, const char *words)
{
	struct told_bytes file = told_test_read(path);
	assert_null(memmem(file.data, file.len, words, strlen(words)));
	free((void *)(uintptr_t)file.data);
}

static void what_was_opened_lies_nowhere_in_the_vault(void **state)
{
	static const char *const files[] = {"vault.db", "vault.db-wal"};
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char path[PATH_MAX + 16];
		struct stat st;
		snprintf(path, sizeof path, "%s/%s", world_agent(&world, "TT")->dir, files[i]);
		if (stat(path, &st) == 0)
			assert_nowhere(path, safe_address);
	}
}

static void another_passphrase_opens_the_same_and_the_old_one_nothing(void **state)
{
	(void)state;
	refused(&contact, told_agent_contact_passphrase,
		json_pack("{s:s, s:s}", "passphrase", passphrase, "new", "short"), TOLD_E_MALFORMED);
	calls(&contact, told_agent_contact_passphrase, json_pack("{s:s, s:s}", "passphrase", passphrase, "new", other));
	refused(&contact, told_agent_contact_open, opening(passphrase), TOLD_E_NOT_ALLOWED);
	assert_true(says(calls(&contact, told_agent_contact_open, opening(other)), safe_address));
}

static void a_renewed_key_opens_what_is_new_and_the_old_one_what_was(void **state)
{
	uint8_t id[TOLD_ID_BYTES];
	(void)state;
	makes_key(&contact, 2);
	until_key(contact.caller.number, 1, "retired");
	makes_key(&deputy, 1); /* the contact's own keys are not touched */
	assert_true(key_is(contact.caller.number, 2, "current"));
	until_seen(2);
	assert_true(says(calls(&contact, told_agent_contact_open, opening(other)), safe_address));
	housing_calls(id);
	told_hex(id, sizeof id, message);
	until_closed(&deputy);
	assert_true(says(calls(&contact, told_agent_contact_open, opening(passphrase)), safe_address));
	assert_true(says(calls(&deputy, told_agent_contact_open, opening(passphrase)), safe_address));
}

/* ---- what should have been sealed to it, and was not ---- */

/* As the client hands over what it could open: both sections, the address wrapped to the agency's own key as well. */
static void forge(struct told_agent *from, struct told_bytes id, struct told_carried_message *out)
{
	struct told_outbox_row row;
	struct told_header *header = NULL;
	struct told_body *body = NULL;
	uint8_t *other_id = told_arena_alloc(from->arena, TOLD_ID_BYTES);
	struct told_section_header **headers = NULL;
	struct told_read_section *sections = told_arena_alloc(from->arena, 2 * sizeof *sections);
	assert_int_equal(told_outbox_get(from->vault, from->arena, id, &row), TOLD_OK);
	assert_int_equal(told_header_decode(row.header, from->arena, &header), TOLD_OK);
	assert_int_equal(told_body_decode(row.body, from->arena, &body), TOLD_OK);
	assert_int_equal(told_sections_check(from->arena, header, body, &headers), TOLD_OK);
	assert_int_equal(told_random(other_id, TOLD_ID_BYTES), TOLD_OK);
	header->id = told_bytes(other_id, TOLD_ID_BYTES);
	body->sections.items[1].wraps = body->sections.items[0].wraps;
	*out = (struct told_carried_message){
		.header = header, .body = body, .envelope = row.envelope, .sections = sections, .section_count = 2};
	for (size_t i = 0; i < 2; i++)
		sections[i] = (struct told_read_section){.header = headers[i], .content = told_text(safe_address)};
}

static size_t sections_of(struct told_agent *agent, struct told_bytes ref)
{
	struct told_section_row row = {0};
	size_t count = 0;
	told_arena_reset(agent->arena);
	while (told_section_next_of_client(agent->vault, agent->arena, ref, row.id, &row) == TOLD_OK)
		count++;
	return count;
}

static void what_came_wrapped_to_the_agency_instead_is_not_kept_and_its_sender_hears_so(void **state)
{
	uint8_t id[TOLD_ID_BYTES], ref[TOLD_ID_BYTES], acked[TOLD_ID_BYTES];
	struct told_agent *tt = world_agent(&world, "TT")->agent;
	struct told_carried_message forged;
	uint32_t result = 0;
	uint64_t after = 0;
	(void)state;
	housing_calls(id); /* its body is here until it is answered */
	assert_int_equal(told_code_read(told_text(client), ref), TOLD_OK);
	size_t before = sections_of(tt, told_bytes(ref, sizeof ref));
	struct told_agent *hou = world_agent(&world, "HOU")->agent;
	told_arena_reset(hou->arena);
	forge(hou, told_bytes(id, sizeof id), &forged);
	struct told_parcel_event parcel = {
		.type = TOLD_TYPE_CONF_CALL, .result = TOLD_ACK_STORED, .carried = &forged, .count = 1};
	assert_int_equal(told_random(parcel.id, sizeof parcel.id), TOLD_OK);
	assert_int_equal(told_vault_begin(tt->vault), TOLD_OK);
	assert_int_equal(told_agent_take_parcel(tt, &parcel), TOLD_OK);
	assert_int_equal(sections_of(tt, told_bytes(ref, sizeof ref)), before);
	assert_int_equal(told_inbox_unacked(tt->vault, after, &after, acked, &result), TOLD_OK);
	assert_memory_equal(acked, parcel.id, sizeof acked);
	assert_int_equal(result, TOLD_ACK_NOT_FOR_ME);
	told_vault_rollback(tt->vault);
}

static bool has_files(struct world *w, void *ctx)
{
	(void)w;
	return key_files() == *(size_t *)ctx;
}

static void who_leaves_opens_nothing_more_and_nothing_more_is_sealed_to_them(void **state)
{
	uint8_t id[TOLD_ID_BYTES];
	size_t left = 1;
	(void)state;
	world_call(&world, "TT", told_agent_worker_set,
		   json_pack("{s:s, s:s}", "number", contact.caller.number, "state", "left"));
	until_key(contact.caller.number, 2, "revoked");
	until_key(contact.caller.number, 1, "revoked");
	world_until(&world, has_files, &left, "the key files destroyed");
	refused(&contact, told_agent_contact_open, opening(passphrase), TOLD_E_NOT_ALLOWED);
	until_seen(1);
	housing_calls(id);
	told_hex(id, sizeof id, message);
	until_closed(&deputy);
	assert_true(says(calls(&deputy, told_agent_contact_open, opening(passphrase)), safe_address));
}

static void without_a_contact_it_is_wrapped_to_nobody(void **state)
{
	size_t none = 0;
	uint8_t id[TOLD_ID_BYTES];
	(void)state;
	world_call(&world, "TT", told_agent_contact_leave, json_pack("{s:s}", "worker", deputy.caller.number));
	until_key(deputy.caller.number, 1, "revoked");
	world_until(&world, has_files, &none, "the key file destroyed");
	until_seen(0);
	housing_calls(id);
	struct told_agent *agent = world_agent(&world, "HOU")->agent;
	struct told_outbox_row row;
	struct told_body *body = NULL;
	told_arena_reset(agent->arena);
	assert_int_equal(told_outbox_get(agent->vault, agent->arena, told_bytes(id, sizeof id), &row), TOLD_OK);
	assert_int_equal(told_body_decode(row.body, agent->arena, &body), TOLD_OK);
	assert_int_equal(body->sections.count, 2);
	assert_int_equal(body->sections.items[0].wraps.count + body->sections.items[1].wraps.count, 1);
}

/* ---- who becomes a contact later ---- */

static char conference[2 * TOLD_ID_BYTES + 1];

/* What lies closed of the conference at TT; message: the newest of it. */
static size_t closed_of_it(const struct person *p)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_reply reply = TOLD_REPLY;
	size_t i = 0, count = 0;
	json_t *one = NULL;
	assert_int_equal(told_agent_contact_closed(a->agent, &p->caller, NULL, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "messages"), i, one)
	{
		bool is = strcmp(text(one, "conference"), conference) == 0 ||
			  strcmp(text(one, "message"), conference) == 0;
		count += is;
		if (is)
			snprintf(message, sizeof message, "%s", text(one, "message"));
	}
	told_reply_free(&reply);
	return count;
}

/* Whether this person can open what there is of the conference. */
static bool can_open(struct world *w, void *ctx)
{
	struct person *p = ctx;
	struct world_agent *a = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	if (closed_of_it(p) == 0)
		return false;
	json_t *request = opening(passphrase);
	bool is = told_agent_contact_open(a->agent, &p->caller, request, &reply) == TOLD_OK &&
		  says(reply.json, safe_address);
	json_decref(request);
	told_reply_free(&reply);
	return is;
}

static void until_open(struct person *p)
{
	world_until(&world, can_open, p, "what was said before opens for who is the contact now");
}

static size_t queued_by_housing(void)
{
	struct told_agent *agent = world_agent(&world, "HOU")->agent;
	struct told_outbox_row row = {0};
	size_t count = 0;
	told_arena_reset(agent->arena);
	while (told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_ALL, told_bytes(NULL, 0), row.seq, &row) ==
	       TOLD_OK)
		count += row.type >= TOLD_TYPE_CONF_CALL && row.type <= TOLD_TYPE_CONF_ACTION;
	return count;
}

static void what_was_said_before_goes_again_to_who_becomes_the_contact(void **state)
{
	(void)state;
	json_t *called =
		world_call(&world, "HOU", told_agent_conference_call,
			   json_pack("{s:s, s:[s], s:s, s:[{s:s, s:s}]}", "client", client, "to", "TT", "grounds",
				     "She has to move", "facts", "category", "DEM.LOC", "text", safe_address));
	snprintf(conference, sizeof conference, "%s", text(called, "conference"));
	adds_worker(&contact);
	world_call(&world, "TT", told_agent_contact_name, json_pack("{s:s}", "worker", contact.caller.number));
	assert_int_equal(closed_of_it(&contact), 0); /* nobody had a key when it was said */
	makes_key(&contact, 1);
	until_open(&contact);
}

static void of_two_contacts_each_opens_the_one_that_is_there(void **state)
{
	(void)state;
	adds_worker(&deputy);
	world_call(&world, "TT", told_agent_contact_name,
		   json_pack("{s:s, s:b}", "worker", deputy.caller.number, "deputy", 1));
	makes_key(&deputy, 1);
	until_open(&deputy);
	assert_int_equal(closed_of_it(&contact), 1);
	assert_true(can_open(&world, &contact));
}

static void who_renews_a_key_needs_nothing_again_and_who_revokes_one_does(void **state)
{
	size_t before = queued_by_housing();
	(void)state;
	makes_key(&contact, 2);
	until_key(contact.caller.number, 1, "retired");
	until_seen(2);
	world_turns(&world);
	assert_int_equal(queued_by_housing(), before);
	assert_true(can_open(&world, &contact));
	calls(&contact, told_agent_contact_revoke, json_pack("{s:s}", "number", "1"));
	until_key(contact.caller.number, 1, "revoked");
	until_open(&contact);
	assert_int_equal(queued_by_housing(), before + 1);
}

static void after_the_end_nothing_goes_to_anybody(void **state)
{
	size_t one = 1;
	(void)state;
	world_call(&world, "HOU", told_agent_conference_act,
		   json_pack("{s:s, s:s}", "conference", conference, "act", "end"));
	size_t before = queued_by_housing();
	world_call(&world, "TT", told_agent_contact_leave, json_pack("{s:s}", "worker", contact.caller.number));
	until_key(contact.caller.number, 2, "revoked");
	until_seen(one);
	adds_worker(&stranger);
	world_call(&world, "TT", told_agent_contact_name, json_pack("{s:s}", "worker", stranger.caller.number));
	makes_key(&stranger, 1);
	until_seen(2);
	world_turns(&world);
	assert_int_equal(queued_by_housing(), before);
	assert_false(can_open(&world, &stranger));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_who_was_named_by_a_senior_has_a_contact_key),
		cmocka_unit_test(a_safe_address_is_opened_by_the_contact_alone_and_that_is_recorded),
		cmocka_unit_test(what_was_opened_lies_nowhere_in_the_vault),
		cmocka_unit_test(another_passphrase_opens_the_same_and_the_old_one_nothing),
		cmocka_unit_test(a_renewed_key_opens_what_is_new_and_the_old_one_what_was),
		cmocka_unit_test(what_came_wrapped_to_the_agency_instead_is_not_kept_and_its_sender_hears_so),
		cmocka_unit_test(who_leaves_opens_nothing_more_and_nothing_more_is_sealed_to_them),
		cmocka_unit_test(without_a_contact_it_is_wrapped_to_nobody),
		cmocka_unit_test(what_was_said_before_goes_again_to_who_becomes_the_contact),
		cmocka_unit_test(of_two_contacts_each_opens_the_one_that_is_there),
		cmocka_unit_test(who_renews_a_key_needs_nothing_again_and_who_revokes_one_does),
		cmocka_unit_test(after_the_end_nothing_goes_to_anybody),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
