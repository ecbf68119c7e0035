/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 1, the parties: PTY-01 to 09. Known, in good standing, role, team, conflict, assurance, need to know. */
#include "broker/decide/hearing.h"

/* What goes to the broker itself names no recipient. */
static bool to_broker(const struct told_hearing *h)
{
	return h->m->recipient == 0 && h->traits & (TOLD_TRAIT_ADMIN | TOLD_TRAIT_RIGHT);
}

static void sender_known(struct told_hearing *h)
{
	if (h->sender->standing == TOLD_STANDING_UNKNOWN)
		told_stop_message(h, TOLD_PTY_01, TOLD_EFFECT_REJECT);
}

/* A withdrawal counts whoever took it (protocol.md section 4). */
static void sender_in_standing(struct told_hearing *h)
{
	uint8_t at = h->sender->standing;
	if ((at == TOLD_STANDING_SUSPENDED || at == TOLD_STANDING_LEFT) && h->m->type != TOLD_TYPE_WITHDRAWAL)
		told_stop_message(h, TOLD_PTY_02, TOLD_EFFECT_DENY);
}

static void recipient_known(struct told_hearing *h)
{
	if (!to_broker(h) && h->recipient->standing == TOLD_STANDING_UNKNOWN)
		told_stop_message(h, TOLD_PTY_03, TOLD_EFFECT_DENY);
}

static void recipient_here(struct told_hearing *h)
{
	if (h->recipient->standing == TOLD_STANDING_LEFT)
		told_stop_message(h, TOLD_PTY_04, TOLD_EFFECT_DENY);
}

/* Each row that names the role must allow the type; a role that no row names may send every type. */
static bool role_may_send(const struct told_hearing *h)
{
	bool named = false, allowed = false;
	for (size_t i = 0; i < h->q->role_count; i++) {
		const struct told_role_facts *row = &h->q->roles[i];
		if (row->role != h->m->role || (row->party && row->party != h->m->sender))
			continue;
		named = true;
		allowed |= (row->types & TOLD_BIT64(h->m->type)) != 0;
	}
	return !named || allowed;
}

static bool signs_without_worker(const struct told_hearing *h)
{
	return h->m->author == 0 && (h->traits & TOLD_TRAIT_MACHINE || h->sender->operator);
}

static bool author_may(const struct told_hearing *h)
{
	const struct told_worker_facts *author = told_find_worker(h->q, h->m->author);
	return told_worker_is_live(author, h->m->sender, h->q->t_utc_ms) && h->m->role != TOLD_ROLE_NONE &&
	       author->roles & TOLD_BIT32(h->m->role) && role_may_send(h);
}

/* Of an alert this holds only what lies beyond the first set; stage 5 knows what that is. */
static void role_allows(struct told_hearing *h)
{
	if (signs_without_worker(h) || author_may(h))
		return;
	if (h->alert)
		h->author_may_not = true;
	else
		told_stop_message(h, TOLD_PTY_05, TOLD_EFFECT_DENY);
}

static void team_named(struct told_hearing *h)
{
	if (told_marked(h->taker_line, TOLD_MARK_BYTEAM) && !h->taker_team)
		told_stop_message(h, TOLD_PTY_06, TOLD_EFFECT_HOLD);
}

/* One human may have several numbers: whoever is excluded is excluded under each. */
static bool excluded(const struct told_question *q, uint32_t worker)
{
	const struct told_worker_facts *asked = told_find_worker(q, worker);
	for (size_t i = 0; i < q->person.excluded_worker_count; i++) {
		const struct told_worker_facts *barred = told_find_worker(q, q->person.excluded_workers[i]);
		if (q->person.excluded_workers[i] == worker)
			return true;
		if (asked && barred && asked->human && asked->human == barred->human)
			return true;
	}
	return false;
}

/* Who works with the other side of a conference says nothing in it; nobody is told that they are on the list. */
static void no_conflict_of_author(struct told_hearing *h)
{
	if (h->traits & TOLD_TRAIT_CONF && h->m->author && excluded(h->q, h->m->author))
		told_stop_message(h, TOLD_PTY_07, TOLD_EFFECT_DENY);
}

static void no_conflict(struct told_hearing *h)
{
	if (!h->taker_worker || !excluded(h->q, h->taker_worker))
		return;
	told_stop_message(h, TOLD_PTY_07, h->traits & TOLD_TRAIT_REQUEST ? TOLD_EFFECT_DENY : TOLD_EFFECT_HOLD);
}

/* Who protected a person lifts it, and not with the hand of the one whom they are protected from (decision 0045). */
static void lifts_own(struct told_hearing *h)
{
	static const uint16_t codes[] = {
		[TOLD_LIFT_NOT_OWN] = TOLD_WFL_08,
		[TOLD_LIFT_OF_AUTHOR] = TOLD_PTY_07,
	};
	if (h->m->lifts < sizeof codes / sizeof codes[0] && codes[h->m->lifts] != TOLD_NO_CODE)
		told_stop_message(h, codes[h->m->lifts], TOLD_EFFECT_DENY);
}

static bool lapsed(const struct told_party *line, int64_t t)
{
	return line && !told_marked(line, TOLD_MARK_PAPER | TOLD_MARK_PERSON) && t >= line->assurance_until_utc_ms;
}

static void assurance_of(struct told_hearing *h, const struct told_party *line)
{
	if (!lapsed(line, h->q->t_utc_ms))
		return;
	int64_t grace_until = told_span_after(line->assurance_until_utc_ms, h->agreement->grace);
	if (h->agreement->assurance_late == TOLD_LATE_DENY)
		told_stop_message(h, TOLD_PTY_08, TOLD_EFFECT_DENY);
	else if (h->agreement->assurance_late == TOLD_LATE_HOLD || h->q->t_utc_ms >= grace_until)
		told_stop_message(h, TOLD_PTY_08, TOLD_EFFECT_HOLD);
	else
		told_notice(h, TOLD_PTY_08);
}

static void assurance_lives(struct told_hearing *h)
{
	assurance_of(h, h->giver_line);
	assurance_of(h, h->taker_line);
}

/* Somebody present is present to the worker who recorded it, and to nobody else of the team. */
static bool relates(const struct told_hearing *h, const struct told_relationship_facts *r)
{
	bool grant = h->m->type == TOLD_TYPE_GRANT;
	if (r->person != h->m->person || r->party != h->taker ||
	    !told_within(r->from_utc_ms, r->until_utc_ms, h->q->t_utc_ms))
		return false;
	if (r->kind == TOLD_RELATIONSHIP_PRESENT)
		return grant || (r->worker && r->worker == h->taker_worker);
	if (grant)
		return true;
	return (!r->team || r->team == h->taker_team) && (!r->worker || r->worker == h->taker_worker);
}

static void need_to_know(struct told_hearing *h)
{
	if (!(h->traits & TOLD_TRAIT_REQUEST) && h->m->type != TOLD_TYPE_GRANT)
		return;
	for (size_t i = 0; i < h->q->relationship_count; i++)
		if (relates(h, &h->q->relationships[i]))
			return;
	told_stop_message(h, TOLD_PTY_09, TOLD_EFFECT_DENY);
}

/* A notice that somebody withdrew is never blocked: it is asked only who sends and who gets it. */
void told_stage_parties(struct told_hearing *h)
{
	static void (*const checks[])(struct told_hearing *) = {
		sender_known, recipient_known,       sender_in_standing, recipient_here,  role_allows,  team_named,
		no_conflict,  no_conflict_of_author, lifts_own,          assurance_lives, need_to_know,
	};
	size_t count = h->m->type == TOLD_TYPE_WITHDRAWAL_NOTICE ? 2 : sizeof checks / sizeof checks[0];
	for (size_t i = 0; i < count; i++)
		checks[i](h);
}
