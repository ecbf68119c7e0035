/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on the page of a conference, in the order of the meeting: who sits there, the agenda, what was said with
 * fact apart from opinion, what was decided, the minutes with objections beside them. */
#include "agents/conference/page.h"

#include "told/limits.h"
#include "told/vocabulary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 8192u

static const char *text_of(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	return text == NULL ? "" : text;
}

__attribute__((format(printf, 3, 4))) static void put(const struct told_conference_page *page,
						      enum told_conference_line kind, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	page->line(page->ctx, kind, line);
}

static const char *category_words(const json_t *section)
{
	const char *code = text_of(section, "category");
	uint32_t value = told_value(TOLD_LIST_CATEGORY, told_text(code));
	return value == 0 ? code : told_words(TOLD_LIST_CATEGORY, value);
}

/* ---- what somebody said ---- */

/* The person's own words are quoted as such; what is on record stands apart from what a worker makes of it. */
static void put_section(const struct told_conference_page *page, const json_t *section)
{
	const char *voice = text_of(section, "voice"), *said = text_of(json_object_get(section, "story"), "text");
	if (strcmp(voice, told_words(TOLD_LIST_VOICE, TOLD_VOICE_PERSON)) == 0)
		put(page, TOLD_CONFERENCE_QUOTE, "%s: \"%s\"", category_words(section), said);
	else if (strcmp(voice, told_words(TOLD_LIST_VOICE, TOLD_VOICE_MEASURED)) == 0)
		put(page, TOLD_CONFERENCE_ITEM, "Fact, %s: %s", category_words(section), said);
	else
		put(page, TOLD_CONFERENCE_ITEM, "View, %s: %s", category_words(section), said);
}

static void put_sections(const struct told_conference_page *page, const json_t *sections)
{
	size_t i = 0;
	json_t *section = NULL;
	json_array_foreach(sections, i, section) put_section(page, section);
}

static void put_words(const struct told_conference_page *page, const char *before, const json_t *sections)
{
	size_t i = 0;
	json_t *section = NULL;
	json_array_foreach(sections, i, section) if (strcmp(text_of(section, "category"), "DEM.ID") != 0)
		put(page, TOLD_CONFERENCE_MORE, "%s%s", before, text_of(json_object_get(section, "story"), "text"));
}

/* What only the contact may open is named by its number, and stays closed here. */
static void put_closed(const struct told_conference_page *page, const json_t *object)
{
	if (json_object_get(object, "closed") != NULL)
		put(page, TOLD_CONFERENCE_MORE,
		    "Sealed to our contact for conferences: told contact open %s --passphrase FILE",
		    text_of(object, "closed"));
}

/* ---- head ---- */

static void put_head(const struct told_conference_page *page, const json_t *c)
{
	char date[40];
	const char *state = text_of(c, "state"), *threshold = text_of(c, "threshold");
	bool marac = strcmp(text_of(c, "kind"), "marac") == 0;
	put(page, TOLD_CONFERENCE_TITLE, "%s about %s", marac ? "MARAC" : "Meeting of services", text_of(c, "client"));
	put(page, TOLD_CONFERENCE_PLAIN, "Conference %s: %s. Chair: %s.", text_of(c, "conference"), state,
	    page->party(page->ctx, text_of(c, "chair")));
	if (threshold[0] != '\0')
		put(page, TOLD_CONFERENCE_PLAIN, "Threshold met by: %s.", threshold);
	page->date(json_object_get(json_object_get(c, "repeat"), "called_ms"), date);
	if (date[0] != '\0')
		put(page, TOLD_CONFERENCE_PLAIN,
		    "A repeat within 12 months: the last was called on %s (told conference show %s).", date,
		    text_of(json_object_get(c, "repeat"), "conference"));
	page->date(json_object_get(c, "review_ms"), date);
	if (date[0] != '\0')
		put(page, TOLD_CONFERENCE_PLAIN, "Next review: %s.", date);
	if (json_object_get(c, "handed_to") != NULL)
		put(page, TOLD_CONFERENCE_PLAIN, "Handed over to %s.", page->party(page->ctx, text_of(c, "handed_to")));
	if (strcmp(text_of(c, "access"), "over") == 0)
		put(page, TOLD_CONFERENCE_PLAIN, "Our access to what was said has ended.");
	if (json_object_get(c, "statement") != NULL || json_object_get(c, "names_first") != NULL)
		put(page, TOLD_CONFERENCE_HEADING, "Before anything is shown");
	if (json_object_get(c, "names_first") != NULL)
		put(page, TOLD_CONFERENCE_PLAIN, "%s", text_of(c, "names_first"));
	if (json_object_get(c, "statement") != NULL) {
		put(page, TOLD_CONFERENCE_STATEMENT_LINE, "%s", text_of(c, "statement"));
		put(page, TOLD_CONFERENCE_PLAIN, "To accept it: told conference promise %s", text_of(c, "conference"));
	}
}

/* ---- who sits there ---- */

static const struct {
	const char *member, *value, *words;
} answers[] = {
	{"research", "known", "known here"},
	{"research", "not-known", "not known here"},
	{"research", "not-sharing", "does not share"},
	{"attendance", "attends", "attends"},
	{"attendance", "apology-sent", "sends apologies and information"},
	{"attendance", "apology", "sends apologies"},
	{"minutes", "acknowledge", "has acknowledged the minutes"},
	{"minutes", "object", "objects to the minutes"},
};

static void put_attendee(const struct told_conference_page *page, const json_t *a)
{
	char line[LINE_MAX_BYTES], until[40];
	size_t len = (size_t)snprintf(line, sizeof line, "%s", page->party(page->ctx, text_of(a, "party")));
	for (size_t i = 0; i < sizeof answers / sizeof answers[0] && len < sizeof line; i++)
		if (strcmp(text_of(a, answers[i].member), answers[i].value) == 0)
			len += (size_t)snprintf(line + len, sizeof line - len, "; %s", answers[i].words);
	if (json_object_get(a, "reason") != NULL && len < sizeof line)
		len += (size_t)snprintf(line + len, sizeof line - len, " (%s)", text_of(a, "reason"));
	size_t accepted = json_array_size(json_object_get(a, "confidants"));
	if (accepted > 0 && len < sizeof line)
		len += (size_t)snprintf(line + len, sizeof line - len, "; statement accepted by %zu", accepted);
	page->date(json_object_get(a, "until_ms"), until);
	if (until[0] != '\0' && len < sizeof line)
		snprintf(line + len, sizeof line - len, "; access until %s", until);
	put(page, TOLD_CONFERENCE_ITEM, "%s", line);
	put_words(page, "Objection: ", json_object_get(a, "objection"));
}

static void put_attendees(const struct told_conference_page *page, const json_t *c)
{
	size_t i = 0;
	json_t *one = NULL, *codes = NULL;
	const char *party;
	put(page, TOLD_CONFERENCE_HEADING, "Who sits there");
	json_array_foreach(json_object_get(c, "attendees"), i, one) put_attendee(page, one);
	json_object_foreach(json_object_get(c, "outside"), party, codes)
		put(page, TOLD_CONFERENCE_ITEM, "%s: has no view; the person has not agreed to it",
		    page->party(page->ctx, party));
}

/* ---- agenda, contributions, actions, minutes ---- */

static void put_agenda(const struct told_conference_page *page, const json_t *agenda, bool marac)
{
	size_t i = 0, p = 0;
	json_t *item = NULL, *party = NULL;
	bool own_words = json_is_true(json_object_get(json_array_get(agenda, 0), "own_words")); /* they stand first */
	if (json_array_size(agenda) > 0)
		put(page, TOLD_CONFERENCE_HEADING, "Agenda");
	if (agenda != NULL && marac && !own_words)
		put(page, TOLD_CONFERENCE_PLAIN,
		    "The person's own views are missing. They are the first item: ask their advocate.");
	json_array_foreach(agenda, i, item)
	{
		put(page, TOLD_CONFERENCE_ITEM, "%zu. %s, from %s%s", i + 1, text_of(item, "words"),
		    page->party(page->ctx, text_of(item, "from")),
		    json_is_true(json_object_get(item, "own_words")) ? " (the person's own words)" : "");
		json_array_foreach(json_object_get(item, "not_for"), p, party)
			put(page, TOLD_CONFERENCE_MORE, "%s: not for this item",
			    page->party(page->ctx, json_string_value(party)));
	}
}

static void put_contributions(const struct told_conference_page *page, const json_t *c)
{
	size_t i = 0;
	json_t *one = NULL;
	const json_t *list = json_object_get(c, "contributions"), *grounds = json_object_get(c, "grounds");
	if (json_array_size(grounds) > 0) {
		put(page, TOLD_CONFERENCE_HEADING, "Grounds");
		put_words(page, "", grounds);
		put_closed(page, c);
	}
	if (json_array_size(list) > 0)
		put(page, TOLD_CONFERENCE_HEADING, "What was said");
	json_array_foreach(list, i, one)
	{
		put(page, TOLD_CONFERENCE_PLAIN, "%s:", page->party(page->ctx, text_of(one, "from")));
		put_sections(page, json_object_get(one, "sections"));
		put_closed(page, one);
	}
}

static void put_actions(const struct told_conference_page *page, const json_t *actions)
{
	size_t i = 0;
	json_t *one = NULL;
	char due[40];
	if (json_array_size(actions) > 0)
		put(page, TOLD_CONFERENCE_HEADING, "Decisions and actions");
	json_array_foreach(actions, i, one)
	{
		page->date(json_object_get(one, "due_ms"), due);
		put(page, TOLD_CONFERENCE_ITEM, "%s, by %s: %s%s", page->party(page->ctx, text_of(one, "owner")), due,
		    text_of(one, "state"), json_is_true(json_object_get(one, "late")) ? " (LATE)" : "");
		put_words(page, "", json_object_get(one, "sections"));
		put_closed(page, one);
		if (json_object_get(one, "reason") != NULL)
			put(page, TOLD_CONFERENCE_MORE, "Reason: %s", text_of(one, "reason"));
		put_words(page, "Answer: ", json_object_get(one, "answer"));
		put(page, TOLD_CONFERENCE_MORE, "Action %s", text_of(one, "action"));
	}
}

static void put_minutes(const struct told_conference_page *page, const json_t *minutes)
{
	char approved[40];
	if (minutes == NULL)
		return;
	page->date(json_object_get(minutes, "approved_ms"), approved);
	bool draft = json_integer_value(json_object_get(minutes, "approved_ms")) == 0;
	put(page, TOLD_CONFERENCE_HEADING, "Minutes%s%s", draft ? " (a draft)" : ", approved ", draft ? "" : approved);
	put_words(page, "", json_object_get(minutes, "sections"));
	put_closed(page, minutes);
}

void told_conference_lines(const json_t *c, const struct told_conference_page *page)
{
	put_head(page, c);
	put_attendees(page, c);
	put_agenda(page, json_object_get(c, "agenda"), strcmp(text_of(c, "kind"), "marac") == 0);
	put_contributions(page, c);
	put_actions(page, json_object_get(c, "actions"));
	put_minutes(page, json_object_get(c, "minutes"));
}
