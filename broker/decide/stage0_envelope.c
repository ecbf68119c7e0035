/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 0, the envelope: ENV-01 to 06. What verify reported, the two times that a ruling judges itself, and the codes
 * that must be there. Whatever fails here ends the run. */
#include "broker/decide/hearing.h"
#include "broker/decide/moves.h"

static bool signature_bad(const struct told_hearing *h)
{
	return h->m->faults & TOLD_FAULT_SIGNATURE;
}

static bool replayed(const struct told_hearing *h)
{
	return h->m->faults & TOLD_FAULT_REPLAY;
}

static bool expired(const struct told_hearing *h)
{
	return h->q->t_utc_ms >= h->m->expires_utc_ms;
}

static bool clock_ahead(const struct told_hearing *h)
{
	return h->m->created_utc_ms > h->q->t_utc_ms + TOLD_FUTURE_MAX_MS;
}

/* A state that needs a reason has one that fits; a redirect names where to. */
static bool reason_wrong(const struct told_message_facts *m)
{
	bool moves =
		m->type == TOLD_TYPE_REFERRAL_ANSWER || m->type == TOLD_TYPE_CANCEL || m->type == TOLD_TYPE_CLOSURE;
	bool needed = m->type == TOLD_TYPE_CLOSURE || (moves && told_state_needs_reason(m->sets_state));
	if (moves && m->reason != TOLD_REASON_NONE && m->sets_state != TOLD_REFERRAL_NONE)
		return !(told_reason_states(m->reason) >> m->sets_state & 1) ||
		       (m->reason == TOLD_REASON_WRONG_SERVICE && (!m->service || m->service == m->sender));
	return needed && (m->reason == TOLD_REASON_NONE || m->reason >= TOLD_REASON_COUNT);
}

static bool section_unknown(const struct told_message_facts *m, const struct told_section_facts *s)
{
	bool story = s->kind == TOLD_SECTION_STORY;
	return s->kind > TOLD_SECTION_COUNTS || s->category >= TOLD_CATEGORY_COUNT ||
	       (story && s->category == TOLD_CATEGORY_NONE) ||
	       (s->kind == TOLD_SECTION_ROW && m->type != TOLD_TYPE_AUDIT_VIEW) ||
	       (s->kind == TOLD_SECTION_COUNTS && m->type != TOLD_TYPE_AGGREGATE);
}

/* Out of the closed lists, or out of shape: whatever a check further down would have to guess about. */
static bool malformed(const struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	if (m->faults & TOLD_FAULT_MALFORMED || m->type == 0 || m->type >= TOLD_TYPE_COUNT)
		return true;
	if (m->expires_utc_ms <= m->created_utc_ms || m->expires_utc_ms - m->created_utc_ms > TOLD_EXPIRES_MAX_MS)
		return true;
	if (m->section_count > TOLD_SECTIONS_MAX || m->override.kind >= TOLD_OVERRIDE_COUNT || reason_wrong(m))
		return true;
	if (m->purposes >> (TOLD_PURPOSE_COUNT - 1))
		return true;
	for (size_t i = 0; i < m->section_count; i++)
		if (section_unknown(m, &m->sections[i]))
			return true;
	return false;
}

static bool digest_differs(const struct told_hearing *h)
{
	return h->m->faults & TOLD_FAULT_DIGEST;
}

static const struct {
	unsigned code;
	bool (*fails)(const struct told_hearing *h);
} checks[] = {
	{TOLD_ENV_01, signature_bad}, {TOLD_ENV_02, replayed},  {TOLD_ENV_03, expired},
	{TOLD_ENV_04, clock_ahead},   {TOLD_ENV_05, malformed}, {TOLD_ENV_06, digest_differs},
};

void told_stage_envelope(struct told_hearing *h)
{
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		if (checks[i].fails(h))
			told_stop_message(h, checks[i].code, TOLD_EFFECT_REJECT);
}
