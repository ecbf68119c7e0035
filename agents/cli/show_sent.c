/* SPDX-License-Identifier: Apache-2.0 */
/* What became of what was sent: to whom, which sections, what was left out and why. */
#include "agents/cli/show.h"

#include "told/vocabulary.h"
#include <string.h>

/* How a state ends a command: refused outranks waiting. */
int told_exit_of_reply(const json_t *reply)
{
	const char *effect = told_text_of(json_object_get(reply, "preview"), "effect");
	int exit = strcmp(effect, "deny") == 0 || strcmp(effect, "reject") == 0 ? TOLD_EXIT_REFUSED : TOLD_EXIT_DONE;
	/* That a ruling would not have let it go either is no failure of writing down that it was not told. */
	bool declined = strcmp(told_text_of(json_object_get(reply, "record"), "outcome"), "declined") == 0;
	size_t i = 0;
	json_t *item = NULL;
	json_array_foreach(json_object_get(reply, "messages"), i, item)
	{
		const char *state = told_text_of(item, "state");
		if (strcmp(state, "refused") == 0 && !declined)
			exit = TOLD_EXIT_REFUSED;
		else if ((strcmp(state, "waiting") == 0 || strcmp(state, "expired") == 0) && exit == TOLD_EXIT_DONE)
			exit = TOLD_EXIT_TIMEOUT;
	}
	json_array_foreach(json_object_get(reply, "checks"), i, item) exit =
		json_is_false(json_object_get(item, "ok")) ? TOLD_EXIT_CHECK : exit;
	return exit;
}

/* Nothing goes before a senior has decided (OVR-09): what else is said of a section then speaks of what would come
 * after, as if the first set had gone. */
static bool waits_for_a_senior(const json_t *codes)
{
	size_t i = 0;
	json_t *code = NULL;
	json_array_foreach(codes, i, code)
	{
		if (strcmp(told_text_of(code, "code"), "OVR-09") == 0)
			return true;
	}
	return false;
}

/* "who the person is, debts (the reason)" of the sections with an effect; how many. */
static size_t print_effect(FILE *out, const json_t *sections, const char *effect, bool equal, const char *before,
			   bool reasons)
{
	size_t i = 0, count = 0;
	json_t *section = NULL;
	json_array_foreach(sections, i, section)
	{
		if ((strcmp(told_text_of(section, "effect"), effect) == 0) != equal)
			continue;
		fprintf(out, "%s%s", count++ > 0 ? (reasons ? "\n    " : ", ") : before,
			told_category_words(told_text_of(section, "category")));
		const json_t *code = json_object_get(section, "code");
		if (reasons && code != NULL) {
			fputs(": ", out);
			told_print_code(out, code);
		}
	}
	if (count > 0)
		fputs(reasons ? "\n" : ".", out);
	return count;
}

static void print_sections(struct told_cli *cli, const json_t *sections, const json_t *codes)
{
	if (print_effect(cli->out, sections, "release", true, "  Shared: ", false) > 0)
		fputc('\n', cli->out);
	if (!waits_for_a_senior(codes))
		print_effect(cli->out, sections, "release", false, "  Not shared:\n    ", true);
	else if (print_effect(cli->out, sections, "release", false, "  Nothing has gone. Not shared: ", false) > 0)
		fputc('\n', cli->out);
}

/* What must happen, by when, where somebody has to act; the rest is bookkeeping between machines. */
static void print_due(FILE *out, const json_t *obligations)
{
	static const char *const acts[][2] = {
		{"cure_by", "this must be mended"},
		{"ack_by", "they answer"},
		{"review_by", "this must be looked at again"},
		{"call_if_unopened", "if nobody opened it, telephone"},
		{"renew_consent", "ask the person again"},
	};
	size_t i = 0;
	json_t *duty = NULL;
	json_array_foreach(obligations, i, duty)
	{
		char when[40];
		told_time_words(json_object_get(duty, "due_ms"), when);
		for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++)
			if (strcmp(acts[k][0], told_text_of(duty, "what")) == 0 &&
			    json_integer_value(json_object_get(duty, "due_ms")) > 0)
				fprintf(out, "  By %s: %s (%s).\n", when, acts[k][1], told_text_of(duty, "who"));
	}
}

/* A reason that stands beside a section already. */
static bool said(const json_t *sections, const char *code)
{
	size_t i = 0;
	json_t *section = NULL;
	json_array_foreach(sections, i, section)
	{
		const json_t *own = json_object_get(section, "code");
		const char *name = json_is_object(own) ? told_text_of(own, "code") : json_string_value(own);
		if (name != NULL && strcmp(name, code) == 0)
			return true;
	}
	return false;
}

static void print_codes(FILE *out, const json_t *codes, const json_t *sections)
{
	size_t i = 0;
	json_t *code = NULL;
	json_array_foreach(codes, i, code)
	{
		if (said(sections, told_text_of(code, "code")))
			continue;
		fputs("  ", out);
		told_print_code(out, code);
		fputc('\n', out);
	}
}

/* X(state, words before the recipients) */
static const struct {
	const char *state, *words;
} states[] = {
	{"sent", "Sent"},        {"held", "Held, somebody must act first:"},
	{"refused", "Not sent"}, {"waiting", "Waiting"},
	{"answered", "Asked"},   {"expired", "Too late, its time is over:"},
};

/* Codes of kinds of message in words; others are shown as they are. */
static const struct {
	const char *type, *words;
} types[] = {
	{"DEPOSIT", "story kept, and logged"},
	{"REFERRAL", "referral"},
	{"REFERRAL_ANSWER", "answer to the referral"},
	{"STATUS_UPDATE", "update"},
	{"CONSENT", "permission"},
	{"WITHDRAWAL", "withdrawal"},
	{"ASK", "question"},
	{"RELATIONSHIP", "who works with the person"},
	{"FLAG", "flag"},
	{"WORKER_REGISTER", "register of workers"},
	{"AGREEMENT_SIGN", "signature of the agreement"},
	{"AGREEMENT_SUSPEND", "the agreement"},
	{"REFERENCE", "card"},
	{"CLOSURE", "closure"},
	{"CANCEL", "cancellation"},
	{"KEY_RECORD", "our keys"},
	{"ASK_REPLY", "what we asked for"},
	{"WITHDRAWAL_NOTICE", "the person took a permission back"},
	{"ALERT", "ALERT"},
	{"CORRECTION", "correction"},
	{"NOTE", "note"},
	{"ERASURE", "erasure"},
	{"HOLD", "hold"},
	{"DISCLOSURE_RECORD", "what was told by hand"},
	{"PLAN_STEP", "a step of the plan"},
	{"ALERT_RECORD", "what became of the alert"},
	{"CONF_CALL", "call for a conference"},
	{"CONF_LIST", "how the conference stands"},
	{"CONF_INVITE", "invitation to the conference"},
	{"CONF_RESEARCH", "question before the conference"},
	{"CONF_CONTRIB", "answer for the conference"},
	{"CONF_MINUTES", "minutes of the conference"},
	{"CONF_ACTION", "action of the conference"},
};

const char *told_type_words(const char *type)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].words;
	return type;
}

static const char *state_words(const char *state)
{
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (strcmp(states[i].state, state) == 0)
			return states[i].words;
	return state;
}

/* Released by the log before this agency had heard of the permission: the keys were not sent then. */
static void print_rest(FILE *out, json_int_t sections)
{
	if (sections > 0)
		fprintf(out,
			"  %lld of its sections cannot be opened there yet: their keys go by themselves as soon as "
			"this "
			"agency has heard of the permission. If this stays, send them again: told update.\n",
			(long long)sections);
}

static void print_message(struct told_cli *cli, const json_t *message)
{
	const char *state = told_text_of(message, "state");
	const json_t *to = json_object_get(message, "to"), *entry = json_object_get(message, "entry");
	fputs(state_words(state), cli->out);
	const bool refused = strcmp(state, "refused") == 0, named = refused || strcmp(state, "sent") == 0;
	if (json_array_size(to) > 0 && named) {
		fputs(" to ", cli->out);
		told_print_parties(cli, to);
	}
	fprintf(cli->out, "%s %s%s", named ? ":" : "", told_type_words(told_text_of(message, "type")),
		refused ? ", refused" : "");
	if (json_is_integer(entry))
		fprintf(cli->out, " (entry %lld of the log)", (long long)json_integer_value(entry));
	fputs(strcmp(state, "waiting") == 0 ? "; the broker has not answered yet, it goes by itself.\n" : ".\n",
	      cli->out);
	if (json_array_size(json_object_get(message, "sections")) > 0 &&
	    strcmp(told_text_of(message, "type"), "DEPOSIT") != 0)
		print_sections(cli, json_object_get(message, "sections"), json_object_get(message, "codes"));
	if (strcmp(state, "held") == 0 || refused)
		print_codes(cli->out, json_object_get(message, "codes"), json_object_get(message, "sections"));
	print_due(cli->out, json_object_get(message, "obligations"));
	print_rest(cli->out, json_integer_value(json_object_get(message, "rest")));
}

static void print_preview(struct told_cli *cli, const json_t *preview)
{
	const char *effect = told_text_of(preview, "effect");
	bool none = strcmp(effect, "deny") == 0 || strcmp(effect, "reject") == 0;
	fprintf(cli->out, none ? "%s would be sent nothing.\n" : "What %s would see:\n",
		told_party_words(cli, told_text_of(preview, "to")));
	if (!none)
		print_sections(cli, json_object_get(preview, "sections"), json_object_get(preview, "codes"));
	print_codes(cli->out, json_object_get(preview, "codes"), json_object_get(preview, "sections"));
}

/* What was refused has a number, and nobody who could be asked by it. */
static bool is_under_way(const json_t *messages)
{
	const char *state = told_text_of(json_array_get(messages, 0), "state");
	return state[0] != '\0' && strcmp(state, "refused") != 0 && strcmp(state, "expired") != 0;
}

void told_show_sent(struct told_cli *cli, const json_t *reply)
{
	const json_t *messages = json_object_get(reply, "messages"), *preview = json_object_get(reply, "preview");
	const char *number = told_text_of(reply, "referral");
	size_t i = 0;
	json_t *message = NULL;
	json_array_foreach(messages, i, message) print_message(cli, message);
	if (json_array_size(messages) == 0 && preview != NULL)
		print_preview(cli, preview);
	else if (json_array_size(messages) == 0)
		fputs("Nothing was sent.\n", cli->out);
	if (number[0] != '\0' && is_under_way(messages))
		fprintf(cli->out, "Referral %s\n", number);
	if (json_is_string(json_object_get(reply, "consent")))
		fprintf(cli->out, "Permission %s\n", told_text_of(reply, "consent"));
	json_array_foreach(json_object_get(reply, "notes"), i, message)
		fprintf(cli->out, "%s (%s)\n  %s\n", told_text_of(message, "what"), told_text_of(message, "code"),
			told_text_of(message, "fix"));
}

/* A story goes out as a message a part; people are told once. */
void told_show_told(struct told_cli *cli, const json_t *reply)
{
	const json_t *messages = json_object_get(reply, "messages");
	size_t i = 0;
	json_t *message = NULL;
	json_array_foreach(messages, i, message) if (strcmp(told_text_of(message, "state"), "sent") != 0)
	{
		told_show_sent(cli, reply);
		return;
	}
	fputs("Kept and logged: ", cli->out);
	json_array_foreach(json_object_get(reply, "sections"), i, message)
		fprintf(cli->out, "%s%s", i > 0 ? ", " : "", told_category_words(told_text_of(message, "category")));
	fputs(".\nNobody else sees it before the person permits it.\n", cli->out);
	told_print_holders(cli, json_object_get(reply, "holders"));
}
