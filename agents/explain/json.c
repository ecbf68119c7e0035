/* SPDX-License-Identifier: Apache-2.0 */
/* Sender and auditor as JSON: the same facts as their texts. Touches only its arguments. */
#include "agents/explain/say.h"

static json_t *purposes_json(uint32_t purposes)
{
	json_t *list = json_array();
	for (unsigned purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++)
		if (purposes & TOLD_BIT32(purpose))
			json_array_append_new(list, json_string(told_code(TOLD_LIST_PURPOSE, purpose)));
	return list;
}

/* Nothing is said where there is nothing: an empty text would be a fact of its own. */
static json_t *text_or_null(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *when_json(int64_t utc_ms)
{
	char when[TOLD_WHEN_BYTES];
	told_when_text(utc_ms, when);
	return utc_ms ? json_string(when) : json_null();
}

static json_t *opening(const struct told_rendering *r)
{
	const struct told_message_facts *m = &r->question->message;
	const struct told_decision *d = r->decision;
	json_t *agreement = d->agreement_id.len ? json_pack("{s:s%, s:i}", "id", (const char *)d->agreement_id.data,
							    d->agreement_id.len, "version", (int)d->agreement_version)
						: json_null();
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:s}", "from", told_party_name(r->parties, m->sender),
			 "to", told_party_name(r->parties, m->recipient), "type", told_code(TOLD_LIST_TYPE, m->type),
			 "purposes", purposes_json(m->purposes), "as_of", when_json(d->t_utc_ms), "effect",
			 told_effect_word(d->effect), "agreement", agreement, "primary",
			 told_code_row(d->primary)->name);
}

static json_t *section_json(const struct told_rendering *r, size_t i)
{
	const struct told_section_decision *s = &r->decision->sections[i];
	char permission[TOLD_PERMISSION_BYTES];
	told_permission_text(s->consent_id, permission);
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "section", told_section_name(r, i), "effect",
			 told_section_effect_word(s->effect), "code", told_code_row(s->code)->name, "rule",
			 text_or_null(told_rule_word(s->rule)), "clause", text_or_null(s->clause), "permission",
			 text_or_null(permission));
}

static json_t *sections_json(const struct told_rendering *r, bool all)
{
	json_t *list = json_array();
	for (size_t i = 0; i < r->decision->section_count; i++) {
		const struct told_section_decision *s = &r->decision->sections[i];
		json_t *one = section_json(r, i);
		if (all) {
			json_object_set_new(one, "notice",
					    s->notice ? json_string(told_code_row(s->notice)->name) : json_null());
			json_object_set_new(one, "retain_until", when_json(s->retain_until_utc_ms));
		}
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *codes_json(const struct told_decision *d, bool auditor)
{
	json_t *list = json_array();
	for (size_t i = 0; i < d->code_count; i++) {
		const struct told_code_row *row = told_code_row(d->codes[i]);
		json_array_append_new(list, auditor ? json_pack("{s:s, s:i, s:s}", "code", row->name, "stage",
								(int)row->stage, "found", row->auditor)
						    : json_pack("{s:s, s:s, s:s, s:s}", "code", row->name, "text",
								row->sender, "fix", row->fix, "who",
								told_cure_words(row->cure)));
	}
	return list;
}

static json_t *obligation_json(const struct told_rendering *r, const struct told_obligation *o)
{
	json_t *one =
		json_pack("{s:s, s:s, s:o, s:o}", "kind", told_obligation_word(o->kind), "who", told_who_words(o->who),
			  "party", o->party ? json_string(told_party_name(r->parties, o->party)) : json_null(), "due",
			  when_json(o->due_utc_ms));
	if (o->kind == TOLD_OBLIGATION_CURE_BY)
		json_object_set_new(one, "code", json_string(told_code_row(o->detail)->name));
	else if (o->kind == TOLD_OBLIGATION_NO_ONWARD || o->kind == TOLD_OBLIGATION_TELL_ORIGINATOR ||
		 o->kind == TOLD_OBLIGATION_SEAL_CONTACT)
		json_object_set_new(one, "section", json_string(told_section_name(r, o->detail)));
	return one;
}

static json_t *obligations_json(const struct told_rendering *r)
{
	json_t *list = json_array();
	for (size_t i = 0; i < r->decision->obligation_count; i++)
		json_array_append_new(list, obligation_json(r, &r->decision->obligations[i]));
	return list;
}

/* Puts a member; a part that could not be made makes the whole NULL. */
static bool put(json_t *whole, const char *name, json_t *part)
{
	return part && json_object_set_new(whole, name, part) == 0;
}

json_t *told_json_sender(const struct told_rendering *r)
{
	json_t *whole = opening(r);
	if (put(whole, "sections", sections_json(r, false)) && put(whole, "codes", codes_json(r->decision, false)) &&
	    put(whole, "obligations", obligations_json(r)))
		return whole;
	json_decref(whole);
	return NULL;
}

static json_t *replay_json(const struct told_rendering *r)
{
	char digest[2 * TOLD_HASH_BYTES + 1];
	told_hex(r->decision->inputs.b, TOLD_HASH_BYTES, digest);
	return json_pack("{s:s, s:i, s:I}", "inputs_sha256", digest, "policy_version", (int)r->decision->policy_version,
			 "as_of_utc_ms", (json_int_t)r->decision->t_utc_ms);
}

json_t *told_json_auditor(const struct told_rendering *r)
{
	json_t *whole = opening(r);
	if (put(whole, "stage", json_integer(r->decision->stage)) && put(whole, "sections", sections_json(r, true)) &&
	    put(whole, "codes", codes_json(r->decision, true)) && put(whole, "obligations", obligations_json(r)) &&
	    put(whole, "replay", replay_json(r)))
		return whole;
	json_decref(whole);
	return NULL;
}
