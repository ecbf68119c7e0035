/* SPDX-License-Identifier: Apache-2.0 */
/* For the sender: every code, the fix, who can cure it, and for each section the rule, clause and permission that
 * decided it. Touches only its arguments. */
#include "agents/explain/say.h"

/* What of the sections is told together: those that went, wait, stay. */
static const struct {
	const char *heading;
	uint8_t effect; /* enum told_section_effect */
} groups[] = {
	{"Goes", TOLD_SECTION_EFFECT_RELEASE},
	{"Waits", TOLD_SECTION_EFFECT_HOLD},
	{"Does not go", TOLD_SECTION_EFFECT_WITHHOLD},
};

static void say_opening(const struct told_rendering *r, struct told_buf *out)
{
	const struct told_message_facts *m = &r->question->message;
	char when[TOLD_WHEN_BYTES];
	size_t went = 0;
	for (size_t i = 0; i < r->decision->section_count; i++)
		went += told_section_went(r, i);
	told_when_text(r->decision->t_utc_ms, when);
	told_buf_printf(out, "%s %s %s: %s", told_party_name(r->parties, m->sender), told_is_request(r) ? "asks" : "to",
			told_party_name(r->parties, m->recipient), told_code(TOLD_LIST_TYPE, m->type));
	if (m->purposes)
		told_buf_put_text(out, " for ");
	told_say_purposes(m->purposes, ", ", false, out);
	told_buf_printf(out, ", as of %s\n%s: %zu of %u parts go", when, told_effect_word(r->decision->effect), went,
			r->decision->section_count);
	if (r->decision->agreement_id.len)
		told_buf_printf(out, ", under %.*s version %u", (int)r->decision->agreement_id.len,
				(const char *)r->decision->agreement_id.data, r->decision->agreement_version);
	told_buf_put_text(out, "\n");
}

static void say_cure(const struct told_code_row *row, struct told_buf *out)
{
	if (row->cure != TOLD_CURE_NOBODY)
		told_buf_printf(out, "\n      To mend it: %s Who: %s.", row->fix, told_cure_words(row->cure));
}

static void say_grounds(const struct told_section_decision *s, struct told_buf *out)
{
	char permission[TOLD_PERMISSION_BYTES];
	told_permission_text(s->consent_id, permission);
	if (s->rule == TOLD_RULE_RIGHT)
		told_buf_put_text(out, " [a right]");
	else if (s->clause[0] != '\0')
		told_buf_printf(out, " [%s %s%s%s]", s->rule == TOLD_RULE_PROFILE ? "override" : "clause", s->clause,
				permission[0] != '\0' ? ", permission " : "", permission);
}

static void say_section(const struct told_rendering *r, size_t i, struct told_buf *out)
{
	const struct told_section_decision *s = &r->decision->sections[i];
	const struct told_code_row *row = told_code_row(s->code);
	told_buf_printf(out, "  %-10s %-6s %s", told_section_name(r, i), row->name, row->sender);
	say_grounds(s, out);
	say_cure(row, out);
	told_buf_put_text(out, "\n");
}

static void say_group(const struct told_rendering *r, size_t group, struct told_buf *out)
{
	bool any = false;
	for (size_t i = 0; i < r->decision->section_count; i++) {
		if (r->decision->sections[i].effect != groups[group].effect)
			continue;
		if (!any)
			told_buf_printf(out, "%s\n", groups[group].heading);
		any = true;
		say_section(r, i, out);
	}
}

static bool said_with_a_section(const struct told_decision *d, unsigned code)
{
	for (size_t i = 0; i < d->section_count; i++)
		if (d->sections[i].code == code)
			return true;
	return false;
}

/* An override passed over it: a notice, with nothing to mend. */
static bool passed_over(const struct told_decision *d, unsigned code)
{
	for (size_t i = 0; i < d->section_count; i++)
		if (d->sections[i].notice == code)
			return true;
	return false;
}

static void say_other_codes(const struct told_rendering *r, struct told_buf *out)
{
	bool any = false;
	for (size_t i = 0; i < r->decision->code_count; i++) {
		const struct told_code_row *row = told_code_row(r->decision->codes[i]);
		if (said_with_a_section(r->decision, row->code))
			continue;
		if (!any)
			told_buf_put_text(out, "Also\n");
		any = true;
		told_buf_printf(out, "  %-6s %s", row->name, row->sender);
		if (passed_over(r->decision, row->code))
			told_buf_put_text(out, " The override passes it over.");
		else
			say_cure(row, out);
		told_buf_put_text(out, "\n");
	}
}

static void say_duty(const struct told_rendering *r, const struct told_obligation *o, struct told_buf *out)
{
	char when[TOLD_WHEN_BYTES];
	told_when_text(o->due_utc_ms, when);
	told_buf_printf(out, "  %-20s %s", told_obligation_word(o->kind), told_who_words(o->who));
	if (o->party)
		told_buf_printf(out, "%s%s", o->who == TOLD_WHO_BROKER ? ", to " : " of ",
				told_party_name(r->parties, o->party));
	if (o->kind == TOLD_OBLIGATION_RETAIN_UNTIL)
		told_buf_printf(out, ", %s%s", o->due_utc_ms ? "until " : "the agreement names no end",
				o->due_utc_ms ? when : "");
	else
		told_buf_printf(out, ", %s%s", o->due_utc_ms ? "by " : "", when);
	if (o->kind == TOLD_OBLIGATION_CURE_BY)
		told_buf_printf(out, " (%s)", told_code_row(o->detail)->name);
	told_buf_put_text(out, "\n");
}

static void say_duties(const struct told_rendering *r, struct told_buf *out)
{
	told_buf_put_text(out, "To be done\n");
	for (size_t i = 0; i < r->decision->obligation_count; i++)
		say_duty(r, &r->decision->obligations[i], out);
}

void told_render_sender(const struct told_rendering *r, struct told_buf *out)
{
	say_opening(r, out);
	for (size_t group = 0; group < sizeof groups / sizeof groups[0]; group++)
		say_group(r, group, out);
	say_other_codes(r, out);
	say_duties(r, out);
}
