/* SPDX-License-Identifier: Apache-2.0 */
/* For the person: what went to whom and why, what did not; read aloud as well as read. What could harm if somebody saw
 * it over their shoulder is not there, and leaves no gap: the closing sentence is always the same (practice.md section
 * 4). Touches only its arguments. */
#include "agents/explain/plain.h"
#include "agents/explain/say.h"

#include "told/quiet.h"

static const char closing[] =
	"Some entries may be left off by law or to keep someone safe. Ask us and a person will look.";

/* Codes whose very mention tells of another person, of a worker's private note, or of a concern being weighed. */
static bool unsafe_code(unsigned code)
{
	static const uint16_t codes[] = {TOLD_SEC_02, TOLD_SEC_08, TOLD_RGT_02, TOLD_RGT_03, TOLD_OVR_02, TOLD_OVR_03,
					 TOLD_OVR_04, TOLD_OVR_05, TOLD_OVR_06, TOLD_OVR_07, TOLD_OVR_08, TOLD_OVR_09};
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i] == code)
			return true;
	return false;
}

static bool specialist(const struct told_question *q, uint32_t party)
{
	for (size_t i = 0; i < q->agreement_count; i++)
		for (size_t j = 0; j < q->agreements[i].agreement->party_count; j++) {
			const struct told_party *line = &q->agreements[i].agreement->parties[j];
			if (line->party == party && line->marks & TOLD_MARK_SPECIALIST)
				return true;
		}
	return false;
}

/* Nothing of the whole ruling is told: purposes and parties of decision.md 4.3, a conference, or do-not-notify. */
static bool unsafe_message(const struct told_question *q)
{
	const struct told_message_facts *m = &q->message;
	bool quiet = q->person.do_not_notify_since_utc_ms || m->override.do_not_notify || told_quiet_type(m->type);
	for (unsigned purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++)
		quiet |= told_quiet_purpose(purpose) && m->purposes & TOLD_BIT32(purpose);
	return quiet || specialist(q, m->sender) || specialist(q, m->recipient);
}

static bool unsafe_section(const struct told_rendering *r, size_t i)
{
	const struct told_section_facts *s = &r->question->message.sections[i];
	bool safeguarding = told_quiet_category(s->category) || told_quiet_categories(&s->classified);
	bool others = s->about || s->told_by;
	return safeguarding || others || unsafe_code(r->decision->sections[i].code);
}

static bool said(const struct told_rendering *r, size_t i, bool went)
{
	return told_section_went(r, i) == went && !unsafe_section(r, i);
}

static bool says_any(const struct told_rendering *r, bool went)
{
	for (size_t i = 0; i < r->decision->section_count; i++)
		if (said(r, i, went))
			return true;
	return false;
}

/* The name that the agreement gives it, or its code. */
static void say_party(const struct told_rendering *r, const char *name, struct told_buf *out)
{
	const struct told_question *q = r->question;
	uint32_t party = told_party_find(r->parties, told_text(name));
	for (size_t i = 0; i < q->agreement_count; i++)
		for (size_t j = 0; j < q->agreements[i].agreement->party_count; j++) {
			const struct told_party *line = &q->agreements[i].agreement->parties[j];
			if (line->party == party && line->legal_name.len) {
				told_buf_put_bytes(out, line->legal_name);
				return;
			}
		}
	told_buf_put_text(out, name);
}

static void say_why(uint32_t purposes, struct told_buf *out)
{
	const char *before = "They have it ";
	for (unsigned purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++) {
		if (!(purposes & TOLD_BIT32(purpose)) || told_plain_purpose(purpose)[0] == '\0')
			continue;
		told_buf_printf(out, "%s%s", before, told_plain_purpose(purpose));
		before = " and ";
	}
	if (before[0] == ' ')
		told_buf_put_text(out, ".\n");
}

/* Only their own words are quoted as theirs. */
static const char *part_words(const struct told_section_facts *s)
{
	if (s->category == TOLD_CATEGORY_NARR && s->voice != TOLD_VOICE_PERSON)
		return "what a worker wrote about it";
	return told_plain_category(s->category);
}

/* Parts of one reason stand together, and the reason is said once. */
static void say_parts(const struct told_rendering *r, bool went, struct told_buf *out)
{
	const struct told_decision *d = r->decision;
	for (size_t code = 0; code < d->code_count; code++) {
		bool any = false;
		for (size_t i = 0; i < d->section_count; i++) {
			if (d->sections[i].code != d->codes[code] || !said(r, i, went))
				continue;
			any = true;
			told_buf_printf(out, "- %s\n", part_words(&r->question->message.sections[i]));
		}
		if (any)
			told_buf_printf(out, "%s\n", told_code_row(d->codes[code])->person);
	}
}

static void say_sections(const struct told_rendering *r, bool went, struct told_buf *out)
{
	if (!says_any(r, went))
		return;
	say_party(r, told_taker_name(r), out);
	told_buf_put_text(out, went ? " was told:\n" : " was not told:\n");
	say_parts(r, went, out);
	if (went)
		say_why(r->question->message.purposes, out);
}

/* A message without parts that can be named: what became of it, unless that is unsafe to tell. */
static void say_message(const struct told_rendering *r, struct told_buf *out)
{
	if (r->decision->section_count == 0 && !unsafe_code(r->decision->primary))
		told_buf_printf(out, "%s\n", told_code_row(r->decision->primary)->person);
}

void told_render_person(const struct told_rendering *r, struct told_buf *out)
{
	if (!unsafe_message(r->question)) {
		say_sections(r, true, out);
		say_sections(r, false, out);
		say_message(r, out);
	}
	told_buf_printf(out, "%s\n", closing);
}

/* Line for line what is read aloud. */
json_t *told_json_person(const struct told_rendering *r)
{
	struct told_buf text = TOLD_BUF(65536);
	json_t *lines = json_array();
	told_render_person(r, &text);
	const char *at = told_buf_cstr(&text);
	for (size_t len; at && *at; at += len + 1) {
		struct told_bytes rest = told_text(at);
		for (len = 0; len < rest.len && at[len] != '\n'; len++)
			;
		json_array_append_new(lines, json_stringn(at, len));
	}
	told_buf_free(&text);
	return at ? json_pack("{s:o}", "lines", lines) : lines ? (json_decref(lines), NULL) : NULL;
}
