/* SPDX-License-Identifier: Apache-2.0 */
/* Intakes and asks as workers make them. Everything goes through the command told. */
#include "agents/demo/talk.h"

#include "agents/demo/figures.h"
#include "agents/demo/say.h"

#include <stdlib.h>
#include <string.h>

#define CATEGORIES_MAX_BYTES 1024u

/* ---- intake ---- */

/* Sam's answers to the questions of one list; what Sam was never asked to answer is left out. */
static enum told_status answer_list(const struct told_demo *demo, const json_t *lines, json_t *answers)
{
	size_t i;
	const json_t *line = NULL;
	json_array_foreach((json_t *)(uintptr_t)lines, i, line)
	{
		const char *question = told_member(line, "linkId");
		json_t *answer = json_object_get(demo->answers, question);
		if (answer != NULL && json_object_set(answers, question, answer) != 0)
			return TOLD_E_MEMORY;
	}
	return TOLD_OK;
}

/* {"answers", "confirmed"} for a screen: what is asked is answered, what is read back is still right. */
static enum told_status answer_screen(const struct told_demo *demo, const json_t *screen, json_t **out)
{
	static const char *const asked[] = {"ask", "always", "perhaps"};
	json_t *answers = json_object(), *confirmed = json_array();
	enum told_status status = answers != NULL && confirmed != NULL ? TOLD_OK : TOLD_E_MEMORY;
	for (size_t i = 0; i < sizeof asked / sizeof asked[0] && status == TOLD_OK; i++)
		status = answer_list(demo, json_object_get(screen, asked[i]), answers);
	size_t i;
	const json_t *line = NULL;
	json_array_foreach(json_object_get(screen, "confirm"), i, line)
	{
		if (json_array_append_new(confirmed, json_string(told_member(line, "linkId"))) != 0)
			status = TOLD_E_MEMORY;
	}
	*out = json_pack("{s:o, s:o}", "answers", answers, "confirmed", confirmed);
	return *out != NULL ? status : TOLD_E_MEMORY;
}

/* Hands the answers in; the reply's screen is the visit as it happened. */
static enum told_status hand_in(struct told_demo *demo, const struct told_demo_agency *agency, const json_t *answers,
				json_t **reply)
{
	char *text = json_dumps(answers, JSON_COMPACT);
	const struct told_demo_command command = {
		.agency = agency,
		.words = TOLD_WORDS("intake", demo->client, "--answers", "-"),
		.input = told_text(text),
		.shown = true,
	};
	enum told_status status = text != NULL ? told_demo_run(demo, &command, reply) : TOLD_E_MEMORY;
	if (text != NULL)
		told_wipe(text, strlen(text));
	free(text);
	json_int_t left = json_integer_value(json_object_get(json_object_get(*reply, "intake"), "left"));
	if (status == TOLD_OK && left != 0)
		return told_demo_fail(demo, TOLD_E_INTERNAL, "%lld questions of %s were left unanswered.",
				      (long long)left, agency->profile->id);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "told intake: %s.", told_status_text(status));
}

/* Of the list, what this visit asked: what hangs on an answer that was not given was not. */
static size_t many(const json_t *screen, const char *list)
{
	return json_array_size(json_object_get(screen, list));
}

enum told_status told_talk_intake(struct told_demo *demo, const struct told_demo_agency *agency, json_t **tells)
{
	json_t *before = NULL, *after = NULL, *answers = NULL;
	*tells = NULL;
	enum told_status status = told_demo_told(demo, agency, TOLD_WORDS("intake", demo->client), &before);
	if (status == TOLD_OK)
		status = answer_screen(demo, json_object_get(before, "intake"), &answers);
	if (status == TOLD_OK)
		status = hand_in(demo, agency, answers, &after);
	const json_t *screen = json_object_get(after, "intake");
	if (status == TOLD_OK)
		status = told_measure_screen(demo->measure, agency->form, screen);
	if (status == TOLD_OK) {
		told_say_line(demo, "Questions:",
			      "%zu filled in, %zu read back (\"Is this still right?\"), %zu asked, "
			      "%zu that are always asked",
			      many(screen, "prefilled"), many(screen, "confirm"), many(screen, "ask"),
			      many(screen, "always"));
		*tells = json_incref(json_object_get(after, "sections"));
	}
	json_decref(before);
	json_decref(answers);
	json_decref(after);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "The intake: %s.", told_status_text(status));
}

/* ---- asking ---- */

enum told_status told_talk_present(struct told_demo *demo, const struct told_demo_agency *agency)
{
	json_t *reply = NULL;
	const struct told_demo_command command = {
		.agency = agency,
		.words = TOLD_WORDS("relationship", "record", demo->client, "--kind", "present"),
		.shown = true,
	};
	enum told_status status = told_demo_run(demo, &command, &reply);
	json_decref(reply);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "That Sam is there could not be recorded.");
}

enum told_status told_talk_ask(struct told_demo *demo, const struct told_talk_ask *ask, json_t **received)
{
	const char *words[16] = {"story", "ask", ask->client, "--for", "COORD", "--wait", ask->seconds};
	size_t count = 7;
	json_t *reply = NULL;
	if (ask->from != NULL) {
		words[count++] = "--from";
		words[count++] = ask->from->profile->id;
	}
	if (ask->categories != NULL) {
		words[count++] = "--category";
		words[count++] = ask->categories;
	}
	const struct told_demo_command command = {.agency = ask->by, .words = words, .shown = ask->shown};
	enum told_status status = told_demo_run(demo, &command, &reply);
	/* The time to wait is over and nothing came: that is an answer too. */
	if (status == TOLD_E_TIMEOUT && reply != NULL)
		status = TOLD_OK;
	*received = status == TOLD_OK ? json_incref(json_object_get(reply, "received")) : NULL;
	json_decref(reply);
	if (status == TOLD_OK && !json_is_array(*received))
		status = TOLD_E_MALFORMED;
	return status == TOLD_OK ? TOLD_OK
				 : told_demo_fail(demo, status, "told story ask: %s.", told_status_text(status));
}

enum told_status told_talk_story(struct told_demo *demo, const struct told_demo_agency *agency, bool own,
				 json_t **sections)
{
	json_t *reply = NULL;
	size_t i;
	json_t *section = NULL;
	*sections = json_array();
	enum told_status status = told_demo_told(demo, agency, TOLD_WORDS("story", "show", demo->client), &reply);
	json_array_foreach(json_object_get(reply, "sections"), i, section)
	{
		bool ours = strcmp(told_member(section, "from"), agency->profile->id) == 0;
		if ((ours || !own) && json_array_append(*sections, section) != 0)
			status = TOLD_E_MEMORY;
	}
	json_decref(reply);
	return status;
}

void told_talk_categories(const json_t *sections, struct told_buf *out)
{
	struct told_catset seen = {0};
	size_t i;
	const json_t *section = NULL;
	json_array_foreach((json_t *)(uintptr_t)sections, i, section)
	{
		unsigned category = told_value(TOLD_LIST_CATEGORY, told_text(told_member(section, "category")));
		if (category == 0 || told_catset_has(&seen, category))
			continue;
		told_catset_add(&seen, category);
		told_buf_put_text(out, out->len > 0 ? "," : "");
		told_buf_put_text(out, told_code(TOLD_LIST_CATEGORY, category));
	}
}

static bool holds(const json_t *sections, const char *category)
{
	size_t i;
	const json_t *section = NULL;
	json_array_foreach((json_t *)(uintptr_t)sections, i, section)
	{
		if (strcmp(told_member(section, "category"), category) == 0)
			return true;
	}
	return false;
}

/* Why the asker did not get the rest: whoever asks is never told, so the holder's own screen is asked, without sending.
 */
static enum told_status say_why(struct told_demo *demo, const struct told_talk_ask *ask, const json_t *held,
				const json_t *received)
{
	struct told_buf list = TOLD_BUF(CATEGORIES_MAX_BYTES);
	json_t *missing = json_array(), *reply = NULL, *section = NULL;
	size_t i;
	json_array_foreach((json_t *)(uintptr_t)held, i, section)
	{
		if (!holds(received, told_member(section, "category")))
			json_array_append(missing, section);
	}
	told_talk_categories(missing, &list);
	const char *categories = told_buf_cstr(&list);
	enum told_status status = categories != NULL ? TOLD_OK : TOLD_E_MEMORY;
	if (status == TOLD_OK && json_array_size(missing) > 0) {
		const struct told_demo_command command = {
			.agency = ask->from,
			.words = TOLD_WORDS("update", "send", demo->client, "--to", ask->by->profile->id, "--category",
					    categories, "--dry-run"),
		};
		status = told_demo_run(demo, &command, &reply);
		status = status == TOLD_E_REFUSED ? TOLD_OK : status; /* nothing of it may go: that is the point */
		told_say_withheld(demo, json_object_get(json_object_get(reply, "preview"), "sections"));
	}
	told_demo_count(demo, "sections.withheld", json_array_size(missing));
	json_decref(missing);
	json_decref(reply);
	told_buf_free(&list);
	return status;
}

enum told_status told_talk_share(struct told_demo *demo, const struct told_demo_agency *by,
				 const struct told_demo_agency *from)
{
	const struct told_talk_ask ask = {
		.by = by, .from = from, .client = demo->client, .seconds = "10", .shown = true};
	json_t *received = NULL, *held = NULL;
	enum told_status status = told_talk_ask(demo, &ask, &received);
	if (status == TOLD_OK)
		status = told_talk_story(demo, from, true, &held);
	if (status == TOLD_OK) {
		told_say_shared(demo, received);
		told_demo_count(demo, "sections.released", json_array_size(received));
		status = say_why(demo, &ask, held, received);
	}
	json_decref(received);
	json_decref(held);
	return status;
}
