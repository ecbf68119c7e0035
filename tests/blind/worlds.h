/* SPDX-License-Identifier: Apache-2.0 */
/* Two worlds. In one, Talking Therapies works with a man, knows the woman whom he harms in every way that it can know
 * somebody, and sits in her MARAC; the worker who works with him is named. In the other she does not exist. And how two
 * answers are laid beside each other: what still has to be masked, and why, is one table. */
#ifndef TOLD_TEST_BLIND_WORLDS_H
#define TOLD_TEST_BLIND_WORLDS_H

#include "agent/meeting.h"
#include "blind/numbers.h"

#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"

#include <ctype.h>

static struct world world;
static struct told_caller contact, named;
static char named_token[2 * TOLD_TOKEN_BYTES + 1], own_client[64];
static int64_t began_ms;

#define PASSPHRASE "correct horse battery staple"

/* ---- what is masked ---- */

enum mask {
	MASK_DAY,     /* a time: how many days it lies from the day on which the world was built is compared */
	MASK_COUNTED, /* a number that the log counts over all agencies alike */
	MASK_DRAWN    /* drawn at random: its length is compared, and where else in the answer the same one stands */
};
/* clang-format off */
static const struct {
	const char *field; /* of JSON; *x: every name that ends so; NULL: every text of that shape, also inside words */
	enum mask how;
	const char *why;
} masks[] = {
	{"*_ms", MASK_DAY, "the two worlds are built one after the other, some seconds apart"},
	{"entry", MASK_COUNTED, "the place in the log: the public end of it says how much all agencies together wrote"},
	{"known", MASK_COUNTED, "the same: the end of the log that our agent has checked"},
	{"statement", MASK_DRAWN, "a statement's own number, by which the person may ask about it"},
	{NULL, MASK_DRAWN, "ids, keys and references are drawn at random, in both worlds alike"},
};
#define MASKS (sizeof masks / sizeof masks[0])
static size_t mask_used[MASKS];
/* clang-format on */

static inline bool is_field(const char *name, const char *field)
{
	size_t len = strlen(name), tail;
	if (field == NULL || field[0] != '*')
		return field != NULL && strcmp(name, field) == 0;
	tail = strlen(++field);
	return len > tail && strcmp(name + len - tail, field) == 0;
}

/* From the world's own beginning, to the nearest day: what is now is 0, and no midnight lies between. */
static inline json_t *days(json_int_t ms)
{
	json_int_t half = TOLD_MS_DAY / 2;
	return json_integer(ms == 0 ? 0 : 1000000 + (ms - began_ms + 1000 * TOLD_MS_DAY + half) / TOLD_MS_DAY);
}

static inline json_t *hidden_by(enum mask how, const json_t *value)
{
	if (how != MASK_DRAWN)
		return how == MASK_DAY ? days(json_integer_value(value)) : json_integer(0);
	char *stars = strdup(json_string_value(value) == NULL ? "" : json_string_value(value));
	memset(stars, '*', strlen(stars));
	json_t *out = json_string(stars);
	free(stars);
	return out;
}

static inline json_t *masked(const json_t *value, const char *name)
{
	const char *key = NULL;
	json_t *one = NULL, *out = json_is_object(value) ? json_object() : json_array();
	size_t i = 0;
	if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, key, one)
			json_object_set_new(out, key, masked(one, key));
		return out;
	}
	json_array_foreach(value, i, one) json_array_append_new(out, masked(one, name));
	if (json_is_array(value))
		return out;
	json_decref(out);
	for (size_t m = 0; m < MASKS; m++)
		if (is_field(name, masks[m].field) && json_is_integer(value) == (masks[m].how != MASK_DRAWN)) {
			mask_used[m]++;
			return hidden_by(masks[m].how, value);
		}
	return json_deep_copy(value);
}

/* ---- what is drawn ---- */

#define DRAWN_MAX 4096u

struct drawing {
	char *seen[DRAWN_MAX];
	size_t count;
};

/* The how-manieth of those that stand in this answer. */
static inline size_t which(struct drawing *drawing, const char *value, size_t len)
{
	for (size_t i = 0; i < drawing->count; i++)
		if (strlen(drawing->seen[i]) == len && strncmp(drawing->seen[i], value, len) == 0)
			return i;
	assert_true(drawing->count < DRAWN_MAX);
	drawing->seen[drawing->count] = strndup(value, len);
	return drawing->count++;
}

/* Ids and keys (32 or 64 hexadecimal digits) and references (a card's 30 signs with three dashes) at a place; 0: none.
 */
static inline size_t drawn_at(const char *at)
{
	size_t hex = strspn(at, "0123456789abcdef"), card = strspn(at, "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U-");
	if (hex == 32 || hex == 64)
		return hex;
	return card > 30 && strcspn(at, "-") == 5 ? card : 0;
}

static inline char *drawn(const char *text)
{
	struct told_buf out = TOLD_BUF(16u << 20);
	struct drawing drawing = {.count = 0};
	bool word = false;
	for (const char *at = text; *at != '\0';) {
		size_t len = word ? 0 : drawn_at(at);
		if (len > 0) {
			mask_used[MASKS - 1]++;
			told_buf_printf(&out, "<%zu#%zu>", len, which(&drawing, at, len));
			at += len;
			continue;
		}
		word = isalnum((unsigned char)*at) != 0;
		told_buf_put(&out, at++, 1);
	}
	for (size_t i = 0; i < drawing.count; i++)
		free(drawing.seen[i]);
	char *all = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	return all;
}

/* 2026-11-22 before it; a card's signs may look like the end of one. */
static inline bool is_day(const char *day)
{
	static const char form[] = "0000-00-00";
	for (size_t i = 0; i < sizeof form - 1; i++)
		if (form[i] == '-' ? day[i] != '-' : !isdigit((unsigned char)day[i]))
			return false;
	return true;
}

/* Seconds and minutes in words: 2026-11-22T12:00Z. The day stays. */
static inline void without_minutes(char *text)
{
	for (char *at = text; (at = strchr(at, 'T')) != NULL; at++)
		if (at - text >= 10 && is_day(at - 10) && isdigit((unsigned char)at[1]))
			for (char *digit = at + 1; isdigit((unsigned char)*digit) || *digit == ':' || *digit == '.';
			     digit++)
				*digit = '0';
}

/* Whoever has a name here is called by it; what is drawn, by its place. Takes the text. */
static inline char *plain(char *text)
{
	const char *are[] = {client,         own_client,   meeting,
			     contact.number, named.number, world_agent(&world, "TT")->caller.number,
			     world.dir};
	const char *as[] = {"HER", "HIM", "THERE", "CONTACT", "NAMED", "FIRST", "DIR"};
	without_minutes(text);
	for (size_t i = 0; i < sizeof are / sizeof are[0]; i++)
		text = put_for(text, are[i], as[i]);
	char *all = drawn(text);
	free(text);
	return all;
}

/* The persons of this world for their marks, in a text that is taken. */
static inline char *with_people(char *text)
{
	static const char *const marks[] = {"$V", "$P", "$C", "$W", "$F"};
	const char *with[] = {client, own_client, meeting, named.number, world_agent(&world, "TT")->caller.number};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		text = put_for(text, marks[i], with[i]);
	return text;
}

/* A request of calls.h with the persons of this world in it; the caller's. */
static inline char *filled(const char *request)
{
	char review[32];
	snprintf(review, sizeof review, "%lld", (long long)(began_ms + 30 * TOLD_MS_DAY));
	char *all = put_for(put_for(strdup(request), "'", "\""), "$R", review);
	return with_people(put_numbers(all, NULL));
}

/* ---- building ---- */

static inline struct told_caller adds(const char *roles, char *token)
{
	struct told_caller caller;
	struct world_agent *a = world_agent(&world, "TT");
	json_t *request = json_pack("{s:o}", "roles", json_loads(roles, 0, NULL));
	json_t *made = world_call(&world, "TT", told_agent_worker_add, request);
	assert_int_equal(told_agent_caller(a->agent, told_text(text(made, "token")), &caller), TOLD_OK);
	if (token != NULL)
		snprintf(token, 2 * TOLD_TOKEN_BYTES + 1, "%s", text(made, "token"));
	return caller;
}

static inline json_t *as(const struct told_caller *who, told_agent_call *call, json_t *request)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_caller first = a->caller;
	a->caller = *who;
	json_t *json = world_call(&world, "TT", call, request);
	a->caller = first;
	return json;
}

static inline void tells(const char *party, const char *who, const char *category, const char *words)
{
	world_call(&world, party, told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s}]}", "client", who, "sections", "category", category, "text", words));
}

static inline json_t *does(const char *party, told_agent_call *call, const char *request)
{
	char *all = filled(request);
	json_t *json = json_loads(all, 0, NULL);
	assert_non_null(json);
	free(all);
	return world_call(&world, party, call, json);
}

static inline void card(const char *party, char out[64])
{
	json_t *made = world_call(&world, party, told_agent_card_new, json_object());
	snprintf(out, 64, "%s", text(made, "client"));
}

/* A reference that nobody was ever given. */
static inline void nobody(char out[64])
{
	uint8_t ref[TOLD_ID_BYTES];
	assert_int_equal(told_random(ref, sizeof ref), TOLD_OK);
	json_t *json = told_client_json(told_bytes(ref, sizeof ref));
	snprintf(out, 64, "%s", json_string_value(json));
	json_decref(json);
}

/* When he is known and she is not yet, and after each step of what becomes of her. */
static void (*at_stage)(const char *stage);

static inline void reached(const char *stage)
{
	if (at_stage != NULL)
		at_stage(stage);
}

static inline const json_t *first_of(const json_t *reply, const char *list)
{
	return json_array_get(json_object_get(reply, list), 0);
}

static inline bool has_referral(struct world *w, void *ctx)
{
	(void)ctx;
	return says(world_call(w, "TT", told_agent_referrals, json_object()), number_of("$referral")->is);
}

/* All that Talking Therapies may come to hold of a person before there is a conference. */
static inline void is_known(void)
{
	card("HOU", client);
	tells("HOU", client, "DEM.ID", "Ada");
	tells("TT", client, "MH.PROB", "She does not sleep");
	tells("TT", client, "RSK.FROM", "She is afraid of him");
	keep("$consent",
	     does("HOU", told_agent_consent,
		  "{'client': '$V', 'recipients': ['TT'], 'purposes': ['REFERRAL', 'COORD'],"
		  " 'include': ['DEM.ID', 'HOU.SIT'], 'evidence': 'signature'}"),
	     "consent");
	keep("$referral", does("HOU", told_agent_refer, "{'client': '$V', 'to': 'TT'}"), "referral");
	does("TT", told_agent_relationship, "{'client': '$V', 'kind': 'team'}");
	does("TT", told_agent_need, "{'client': '$V', 'need': 'find-home', 'person': 5}");
	does("TT", told_agent_plan_add,
	     "{'client': '$V', 'goal': 'A lock', 'what': 'Ring the locksmith', 'who': 'us'}");
	world_until(&world, has_referral, NULL, "her referral");
	does("TT", told_agent_answer_referral, "{'referral': '$referral', 'act': 'accept'}");
	keep("$note", does("TT", told_agent_note_add, "{'client': '$V', 'text': 'Came alone', 'yes': true}"), "note");
	does("TT", told_agent_hold, "{'client': '$V', 'reason': 'complaint', 'review_ms': $R}");
	keep("$disagreement",
	     does("TT", told_agent_disagree, "{'client': '$V', 'categories': ['MH.PROB'], 'words': 'That is not so'}"),
	     "disagreement");
	keep("$complaint", does("TT", told_agent_complaint, "{'client': '$V', 'words': 'I waited too long'}"),
	     "complaint");
	does("TT", told_agent_onward_refuse,
	     "{'client': '$V', 'to': 'HOU', 'need': 'find-home', 'why': 'Can be done here'}");
	does("TT", told_agent_alert,
	     "{'client': '$V', 'to': 'ASC', 'kind': 'safeguarding', 'concern': 'She is alone',"
	     " 'reason': 'Asking her would raise the risk'}");
	keep("$sent", first_of(does("TT", told_agent_sent, "{'client': '$V'}"), "messages"), "id");
	keep("$alert", first_of(does("TT", told_agent_alerts, "{'client': '$V'}"), "alerts"), "id");
	keep("$warning",
	     first_of(does("HOU", told_agent_alert,
			   "{'client': '$V', 'to': 'TT', 'kind': 'safeguarding', 'categories': ['DEM.ID'],"
			   " 'concern': 'Bert, of card $P, is coming back',"
			   " 'reason': 'Asking her would raise the risk'}"),
		      "messages"),
	     "id");
}

/* Words in which he is named by his own reference, as far as anybody goes. */
static inline const char *of_him(const char *words)
{
	static char said[256];
	snprintf(said, sizeof said, "%s%s", words, own_client);
	return said;
}

/* Up to minutes that are to be acknowledged, and an action that is ours. */
static inline void is_discussed(void)
{
	does("EMP", told_agent_relationship, "{'client': '$V', 'kind': 'team'}");
	json_t *reply =
		world_call(&world, "EMP", told_agent_conference_call,
			   json_pack("{s:s, s:s, s:[s], s:s, s:s, s:i}", "client", client, "kind", "marac", "to", "HOU",
				     "grounds", of_him("He is looking for her: "), "tool", "DASH", "score", 16));
	assert_int_equal(sent(reply, "sent"), 1);
	snprintf(meeting, sizeof meeting, "%s", text(reply, "conference"));
	until(&world, "HOU", "state", "called");
	reached("called");
	act(&world, "HOU", asked("list"), 1);
	act(&world, "HOU", in_a_month(list_of(asked("invite"), "to", "TT")), 1);
	until(&world, "TT", "state", "listed");
	reached("listed");
	act(&world, "HOU", list_of(asked("research"), "to", "TT"), 1);
	act(&world, "TT", asked("known"), 1);
	reached("researched");
	act(&world, "TT",
	    part(asked("contribute"), "views", "RSK.FROM", of_him("She is in danger from Bert, of card ")), 1);
	reached("contributed");
	act(&world, "HOU", list_of(asked("start"), "to", "TT"), 1);
	reached("started");
	keep("$action",
	     first_of(act(&world, "HOU",
			  in_a_month(list_of(with(asked("action"), "text", "See her alone"), "to", "TT")), 1),
		      "messages"),
	     "id");
	reached("decided");
	act(&world, "HOU", list_of(with(asked("minutes"), "text", of_him("He must not learn of it: ")), "to", "TT"), 1);
	reached("minuted");
	act(&world, "HOU", list_of(asked("approve"), "to", "TT"), 1);
	until(&world, "TT", "state", "approved");
	reached("approved");
}

static inline bool asked_of_us(struct world *w, void *ctx)
{
	(void)ctx;
	return first_of(world_call(w, "TT", told_agent_incidents, json_object()), "asked") != NULL;
}

/* What is asked of us about her, and what only the contact has. */
static inline void is_asked_for(void)
{
	does("HOU", told_agent_incident_open, "{'kind': 'wrong-recipient', 'client': '$V', 'to': 'TT'}");
	world_until(&world, asked_of_us, NULL, "what was called back");
	keep("$recall", first_of(world_call(&world, "TT", told_agent_incidents, json_object()), "asked"), "recall");
	keep("$closed", first_of(as(&contact, told_agent_contact_closed, json_object()), "messages"), "message");
}

static inline bool contact_known(struct world *w, void *ctx)
{
	json_t *json = world_call(w, "HOU", told_agent_contacts, json_object());
	(void)ctx;
	return says(json, "\"TT\"");
}

/* The worker who will be named is on call, so that everything is raised to them, and is a senior besides. */
static inline void build(bool with_her)
{
	size_t second = 1;
	world_open(&world);
	began_ms = world_time().wall_ms;
	char *paper = world_paper(&world, "marac.yaml.in");
	world_sign(&world, paper);
	free(paper);
	world_until(&world, world_agreed, &second, "the second agreement signed by all");
	contact = adds("[\"practitioner\"]", NULL);
	named = adds("[\"practitioner\", \"senior\", \"dpo\"]", named_token);
	world_call(&world, "TT", told_agent_contact_name, json_pack("{s:s}", "worker", contact.number));
	as(&contact, told_agent_contact_key, json_pack("{s:s}", "passphrase", PASSPHRASE));
	world_until(&world, contact_known, NULL, "the contact's key at the chair's agency");
	world_call(&world, "TT", told_agent_duty_set, json_pack("{s:s}", "contact", named.number));
	card("TT", own_client);
	tells("TT", own_client, "DEM.ID", "Bert");
	does("TT", told_agent_need, "{'client': '$P', 'need': 'find-home', 'person': 3}");
	nobody(client);
	draw_numbers(began_ms);
	snprintf(meeting, sizeof meeting, "0192f0c1a2b37c4d8e5f60718293a4b5");
	reached("begun");
	if (!with_her)
		return;
	is_known();
	reached("known, with an alert");
	is_discussed();
	keep("$incident",
	     as(&contact, told_agent_incident_open, json_pack("{s:s, s:s}", "kind", "wrong-person", "client", client)),
	     "incident");
	is_asked_for();
	as(&contact, told_agent_sight_name, json_pack("{s:s, s:[s]}", "conference", meeting, "alleged", named.number));
	reached("named");
}

#endif
