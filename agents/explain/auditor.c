/* SPDX-License-Identifier: Apache-2.0 */
/* For the auditor: everything that was found, and what a replay has to match: the digest of the inputs, the policy's
 * version, the time. Touches only its arguments. */
#include "agents/explain/say.h"

static void say_opening(const struct told_rendering *r, struct told_buf *out)
{
	const struct told_message_facts *m = &r->question->message;
	const struct told_decision *d = r->decision;
	char when[TOLD_WHEN_BYTES], digest[2 * TOLD_HASH_BYTES + 1];
	told_when_text(d->t_utc_ms, when);
	told_hex(d->inputs.b, TOLD_HASH_BYTES, digest);
	told_buf_printf(out, "message    %s from %s to %s, purposes ", told_code(TOLD_LIST_TYPE, m->type),
			told_party_name(r->parties, m->sender), told_party_name(r->parties, m->recipient));
	told_say_purposes(m->purposes, ", ", false, out);
	told_buf_printf(out, "\ninputs     %s\npolicy     %u\nas of      %s\neffect     %s\nprimary    %s, stage %u\n",
			digest, d->policy_version, when, told_effect_word(d->effect), told_code_row(d->primary)->name,
			d->stage);
	if (d->agreement_id.len)
		told_buf_printf(out, "agreement  %.*s version %u, clause %s\n", (int)d->agreement_id.len,
				(const char *)d->agreement_id.data, d->agreement_version,
				d->clause[0] != '\0' ? d->clause : "none");
	else
		told_buf_put_text(out, "agreement  none\n");
}

static void say_section(const struct told_rendering *r, size_t i, struct told_buf *out)
{
	const struct told_section_decision *s = &r->decision->sections[i];
	char permission[TOLD_PERMISSION_BYTES], until[TOLD_WHEN_BYTES];
	told_permission_text(s->consent_id, permission);
	told_when_text(s->retain_until_utc_ms, until);
	told_buf_printf(out, "section    %-10s %-8s %-6s %s %s", told_section_name(r, i),
			told_section_effect_word(s->effect), told_code_row(s->code)->name,
			s->rule != TOLD_RULE_NONE ? told_rule_word(s->rule) : "no rule", s->clause);
	if (permission[0] != '\0')
		told_buf_printf(out, " permission %s", permission);
	if (s->notice)
		told_buf_printf(out, " passed over %s", told_code_row(s->notice)->name);
	if (s->retain_until_utc_ms)
		told_buf_printf(out, " keep until %s", until);
	told_buf_put_text(out, "\n");
}

static void say_obligation(const struct told_rendering *r, const struct told_obligation *o, struct told_buf *out)
{
	char when[TOLD_WHEN_BYTES];
	told_when_text(o->due_utc_ms, when);
	told_buf_printf(out, "obligation %-20s %s of %s, %s, detail %u\n", told_obligation_word(o->kind),
			told_who_words(o->who), o->party ? told_party_name(r->parties, o->party) : "no party", when,
			o->detail);
}

void told_render_auditor(const struct told_rendering *r, struct told_buf *out)
{
	say_opening(r, out);
	for (size_t i = 0; i < r->decision->section_count; i++)
		say_section(r, i, out);
	for (size_t i = 0; i < r->decision->code_count; i++) {
		const struct told_code_row *row = told_code_row(r->decision->codes[i]);
		told_buf_printf(out, "code       %-6s %s\n", row->name, row->auditor);
	}
	for (size_t i = 0; i < r->decision->obligation_count; i++)
		say_obligation(r, &r->decision->obligations[i], out);
}
