/* SPDX-License-Identifier: Apache-2.0 */
/* The small words of the renderings, and the choice between the four. Touches only its arguments. */
#include "agents/explain/say.h"

#include <stdio.h>
#include <string.h>

bool told_is_request(const struct told_rendering *r)
{
	unsigned type = r->question->message.type;
	return type == TOLD_TYPE_ASK || type == TOLD_TYPE_KNOWN;
}

const char *told_giver_name(const struct told_rendering *r)
{
	const struct told_message_facts *m = &r->question->message;
	return told_party_name(r->parties, told_is_request(r) ? m->recipient : m->sender);
}

const char *told_taker_name(const struct told_rendering *r)
{
	const struct told_message_facts *m = &r->question->message;
	return told_party_name(r->parties, told_is_request(r) ? m->sender : m->recipient);
}

const char *told_section_name(const struct told_rendering *r, size_t i)
{
	const struct told_section_facts *s = &r->question->message.sections[i];
	if (r->sections)
		return r->sections[i];
	return s->kind == TOLD_SECTION_COUNTS ? "counts" : told_code(TOLD_LIST_CATEGORY, s->category);
}

bool told_section_went(const struct told_rendering *r, size_t i)
{
	return r->decision->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE;
}

bool told_anything_went(const struct told_rendering *r)
{
	return r->decision->effect == TOLD_EFFECT_RELEASE || r->decision->effect == TOLD_EFFECT_PARTIAL;
}

bool told_reports(const struct told_decision *d, unsigned code)
{
	for (size_t i = 0; i < d->code_count; i++)
		if (d->codes[i] == code)
			return true;
	return false;
}

const char *told_effect_word(unsigned effect)
{
	static const char *const words[] = {"?", "RELEASE", "PARTIAL", "HOLD", "DENY", "REJECT"};
	return effect < sizeof words / sizeof words[0] ? words[effect] : "?";
}

const char *told_section_effect_word(unsigned effect)
{
	switch (effect) {
	case TOLD_SECTION_EFFECT_RELEASE: return "release";
	case TOLD_SECTION_EFFECT_HOLD: return "hold";
	default: return "withhold";
	}
}

const char *told_rule_word(unsigned rule)
{
	static const char *const words[] = {"", "flow", "override", "right"};
	return rule < sizeof words / sizeof words[0] ? words[rule] : "";
}

const char *told_who_words(unsigned who)
{
	static const char *const words[] = {
		[TOLD_WHO_BROKER] = "the broker",
		[TOLD_WHO_AUTHOR] = "the worker who sent it",
		[TOLD_WHO_WORKER] = "a worker",
		[TOLD_WHO_SENIOR] = "a named senior",
		[TOLD_WHO_ON_CALL] = "the on-call authoriser",
		[TOLD_WHO_DPO] = "the data protection officer",
		[TOLD_WHO_CALDICOTT] = "the Caldicott Guardian",
		[TOLD_WHO_SPOC] = "the contact point",
		[TOLD_WHO_OPERATOR] = "the operator",
	};
	return who < sizeof words / sizeof words[0] ? words[who] : "?";
}

void told_when_text(int64_t utc_ms, char out[TOLD_WHEN_BYTES])
{
	char date[11];
	int64_t minutes = utc_ms / TOLD_MS_MINUTE;
	if (utc_ms == 0) {
		snprintf(out, TOLD_WHEN_BYTES, "at once");
		return;
	}
	told_date_text(utc_ms, date);
	snprintf(out, TOLD_WHEN_BYTES, "%sT%02u:%02uZ", date, (unsigned)(minutes / 60 % 24), (unsigned)(minutes % 60));
}

static bool in_letters(const uint8_t id[TOLD_ID_BYTES])
{
	size_t len = strnlen((const char *)id, TOLD_ID_BYTES);
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		if (i < len ? id[i] < 0x21 || id[i] > 0x7e : id[i] != 0)
			return false;
	return true;
}

void told_permission_text(const uint8_t id[TOLD_ID_BYTES], char out[TOLD_PERMISSION_BYTES])
{
	if (in_letters(id))
		snprintf(out, TOLD_PERMISSION_BYTES, "%.*s", (int)TOLD_ID_BYTES, (const char *)id);
	else
		told_hex(id, TOLD_ID_BYTES, out);
}

void told_say_purposes(uint32_t purposes, const char *between, bool words, struct told_buf *out)
{
	bool first = true;
	for (unsigned purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++) {
		if (!(purposes & TOLD_BIT32(purpose)))
			continue;
		told_buf_printf(out, "%s%s", first ? "" : between,
				words ? told_words(TOLD_LIST_PURPOSE, purpose) : told_code(TOLD_LIST_PURPOSE, purpose));
		first = false;
	}
}

unsigned told_marker_of(const struct told_decision *d)
{
	for (size_t i = 0; i < d->obligation_count; i++)
		if (d->obligations[i].kind == TOLD_OBLIGATION_MARKER)
			return d->obligations[i].detail;
	return TOLD_PARCEL_MARKER_NONE;
}
