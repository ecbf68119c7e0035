/* SPDX-License-Identifier: Apache-2.0 */
/* Is a decoded header a whole one of its type? Form only: who signed it, when, and whether it may pass come after. */
#include "types.h"

#include <string.h>

#define PARTY_MAX_BYTES 32u

static bool is_id(struct told_bytes bytes)
{
	return bytes.len == TOLD_ID_BYTES;
}

static bool is_hash(struct told_bytes bytes)
{
	return bytes.len == TOLD_HASH_BYTES;
}

static bool is_name(struct told_bytes bytes)
{
	return bytes.len > 0;
}

/* A party id: [A-Z0-9_]{1,32}. */
static bool is_party(struct told_bytes id)
{
	for (size_t i = 0; i < id.len; i++) {
		uint8_t c = id.data[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return id.len >= 1 && id.len <= PARTY_MAX_BYTES;
}

/* RFC 9562: version 7, variant 10. */

/* The operator signs as "broker", which no agency can be called; everybody else under a party id. */
static bool is_sender(const struct told_header *h)
{
	const struct told_type_rule *rule = told_type_rule(h->type);
	bool operator= rule != NULL && told_type_signed_by(rule, h->sender) == TOLD_KEY_OPERATOR;
	return operator? told_bytes_equal(h->sender, told_text("broker")) : is_party(h->sender);
}

static bool is_uuid7(struct told_bytes id)
{
	return is_id(id) && id.data[6] >> 4 == 7 && id.data[8] >> 6 == 2;
}

/* ---- Inside the parts: what a part must hold to be one ---- */

static bool agreement_whole(const struct told_header *h)
{
	return is_name(h->agreement->id) && h->agreement->version > 0 && is_hash(h->agreement->sha256);
}

static bool override_whole(const struct told_header *h)
{
	return h->override_block->kind != TOLD_OVERRIDE_NONE;
}

static bool deposit_whole(const struct told_header *h)
{
	return is_id(h->deposit->deposit_id) && h->deposit->version > 0;
}

static bool grants_whole(const struct told_header *h)
{
	for (size_t i = 0; i < h->grants.count; i++) {
		const struct told_grant_part *g = &h->grants.items[i];
		if (!is_party(g->recipient) || told_bytes_equal(g->recipient, h->sender))
			return false;
		if (!is_hash(g->sealing_key_id) || !is_hash(g->section_digest) || !is_hash(g->wrap_hash))
			return false;
		if (!is_id(g->message_id) || !is_id(g->deposit_id) || g->deposit_version == 0)
			return false;
		if (!is_name(g->agreement) || g->agreement_version == 0 || !is_name(g->clause))
			return false;
	}
	return true;
}

static bool key_is_x25519(unsigned purpose)
{
	return purpose == TOLD_KEY_SEALING || purpose == TOLD_KEY_CONTACT || purpose == TOLD_KEY_SESSION;
}

static bool key_whole(const struct told_header *h)
{
	const struct told_key_part *k = h->key_record;
	bool issue = k->action == TOLD_KEY_ACTION_ISSUE;
	size_t proof = !issue ? 0 : key_is_x25519(k->purpose) ? TOLD_HASH_BYTES : TOLD_SIGNATURE_BYTES;
	if (k->purpose == TOLD_KEY_NONE || k->action == TOLD_KEY_ACTION_NONE)
		return false;
	if (k->key.len != TOLD_KEY_BYTES || k->number == 0 || k->possession.len != proof)
		return false;
	if (issue && (k->from_ms == 0 || k->until_ms <= k->from_ms))
		return false;
	return (k->purpose == TOLD_KEY_CONTACT) == is_name(k->worker);
}

static bool consent_whole(const struct told_header *h)
{
	const struct told_consent_part *c = h->consent;
	for (size_t i = 0; i < c->recipients.count; i++)
		if (!is_party(c->recipients.items[i].party))
			return false;
	return c->kind != TOLD_CONSENT_KIND_NONE && c->state != TOLD_CONSENT_STATE_NONE && c->given_ms > 0;
}

/* A HOLD says why and when somebody looks at it again; lifting it needs no date. */
static bool flag_whole(const struct told_header *h)
{
	const struct told_flag_part *f = h->flag;
	if (h->type == TOLD_TYPE_HOLD)
		return f->kind == TOLD_FLAG_LEGAL_HOLD && f->hold != TOLD_HOLD_NONE &&
		       (f->state == TOLD_FLAG_STATE_CLEARED ||
			(f->state == TOLD_FLAG_STATE_SET && f->review_ms > h->created_ms));
	return h->flag->kind != TOLD_FLAG_NONE && h->flag->state != TOLD_FLAG_STATE_NONE;
}

static bool relationship_whole(const struct told_header *h)
{
	const struct told_relationship_part *r = h->relationship;
	return r->kind != TOLD_RELATIONSHIP_NONE && r->live != TOLD_YES_NO_NONE && r->from_ms > 0;
}

static bool agreement_sign_whole(const struct told_header *h)
{
	const struct told_agreement_sign_part *s = h->agreement_sign;
	return is_name(s->id) && s->version > 0 && is_hash(s->sha256);
}

static bool agreement_suspend_whole(const struct told_header *h)
{
	return is_name(h->agreement_suspend->id) && h->agreement_suspend->action != TOLD_AGREEMENT_ACTION_NONE;
}

static bool reference_whole(const struct told_header *h)
{
	const struct told_reference_part *r = h->reference;
	if (r->action == TOLD_REFERENCE_ACTION_MERGE)
		return is_id(r->other) && !told_bytes_equal(r->other, h->client_ref);
	return r->action != TOLD_REFERENCE_ACTION_NONE && r->other.len == 0;
}

static bool workers_whole(const struct told_header *h)
{
	for (size_t i = 0; i < h->workers.count; i++) {
		const struct told_worker_part *w = &h->workers.items[i];
		if (!is_name(w->number) || w->kind == TOLD_WORKER_KIND_NONE || w->from_ms == 0)
			return false;
	}
	return true;
}

/* It has no end of its own: the one after it says when its time is over. */
static bool log_key_whole(const struct told_key_part *k)
{
	bool issue = k->action == TOLD_KEY_ACTION_ISSUE;
	bool proved = k->possession.len == (issue ? TOLD_SIGNATURE_BYTES : 0);
	return k->purpose == TOLD_KEY_LOG && (issue || k->action == TOLD_KEY_ACTION_REVOKE) && proved &&
	       k->key.len == TOLD_KEY_BYTES && k->number > 0 && k->from_ms == 0 && k->until_ms == 0 &&
	       k->worker.len == 0;
}

static bool partner_whole(const struct told_header *h)
{
	const struct told_partner_part *p = h->partner;
	bool enrol = p->action == TOLD_PARTNER_ACTION_ENROL;
	bool keys = p->identity_key.len == TOLD_KEY_BYTES && p->session_key.len == TOLD_KEY_BYTES;
	if (p->action == TOLD_PARTNER_ACTION_LOG_KEY)
		return p->party.len == 0 && p->log_key != NULL && log_key_whole(p->log_key);
	if (p->log_key != NULL)
		return false;
	if (p->action == TOLD_PARTNER_ACTION_CLOCK)
		return p->party.len == 0; /* about no partner */
	return p->action != TOLD_PARTNER_ACTION_NONE && is_party(p->party) && (!enrol || keys);
}

static bool lines_whole(const struct told_header *h)
{
	return h->lines->count > 0 && is_hash(h->lines->root);
}

/* A request names the person and why; an answer names the request, goes to who asked, and never names the person. */
static bool erasure_whole(const struct told_header *h)
{
	const struct told_erasure_part *e = h->erasure;
	bool kept = e->state == TOLD_ERASURE_STATE_KEPT || e->state == TOLD_ERASURE_STATE_PARTLY;
	if (h->client_ref.len > 0)
		return e->reason != TOLD_ERASURE_REASON_NONE && e->state == TOLD_ERASURE_STATE_NONE &&
		       e->kept_until_ms == 0 && e->law.len == 0 && h->in_reply_to.len == 0 && h->recipients.count == 0;
	return e->reason == TOLD_ERASURE_REASON_NONE && e->state != TOLD_ERASURE_STATE_NONE && is_id(h->in_reply_to) &&
	       h->recipients.count <= 1 && kept == (e->law.len > 0) && kept == (e->kept_until_ms > 0);
}

/* A recall names the person and what is called back; its answer, or a correction's, names that and never the person. */
static bool recall_whole(const struct told_header *h)
{
	const struct told_recall_part *r = h->recall;
	bool answers = r->deleted != TOLD_YES_NO_NONE || r->opened_by.count > 0 || r->passed_on.count > 0;
	bool corrects = r->corrected != TOLD_YES_NO_NONE;
	if (h->recipients.count != 1)
		return false;
	if (h->type == TOLD_TYPE_RECALL)
		return r->kind != TOLD_INCIDENT_NONE && r->messages.count > 0 && !answers && !corrects;
	if (corrects)
		return r->kind == TOLD_INCIDENT_NONE && r->messages.count == 0 && !answers;
	for (size_t i = 0; i < r->passed_on.count; i++)
		if (!is_party(r->passed_on.items[i]))
			return false;
	return r->kind == TOLD_INCIDENT_NONE && r->messages.count == 0 && r->deleted != TOLD_YES_NO_NONE;
}

/* For whom, why, who asked, until when: codes and party ids, and no longer than a year. */
static bool audit_copy_whole(const struct told_header *h)
{
	const struct told_audit_copy_part *c = h->audit_copy;
	bool parties = (c->party.len == 0 || is_party(c->party)) && (c->asker.len == 0 || is_party(c->asker));
	return parties && c->purpose != TOLD_AUDIT_PURPOSE_NONE && c->asked_by != TOLD_AUDIT_ASKER_NONE &&
	       c->until_ms > h->created_ms && c->until_ms - h->created_ms <= (uint64_t)TOLD_AUDIT_COPY_MAX_MS;
}

/* The operator asks for all or for one party, and about no person. One message is named or none of what narrows a
 * search.
 */
static bool audit_view_whole(const struct told_header *h)
{
	const struct told_audit_view_part *v = h->audit_view;
	bool by_operator = told_bytes_equal(h->sender, told_text("broker"));
	bool all = v->all == TOLD_YES_NO_YES, person = h->client_ref.len > 0, one = v->message.len > 0;
	bool narrowed =
		v->from > 0 || v->since_ms > 0 || v->until_ms > 0 || v->type != 0 || v->phase != 0 || v->with.len > 0;
	if ((all && (v->of.len > 0 || person)) || v->all == TOLD_YES_NO_NO)
		return false;
	if ((v->of.len > 0 && !is_party(v->of)) || (v->with.len > 0 && !is_party(v->with)))
		return false;
	return v->purpose != TOLD_AUDIT_PURPOSE_NONE && v->count > 0 && !(one && (narrowed || person || all)) &&
	       (!by_operator || (!person && (all || v->of.len > 0)));
}

/* What machines notice has no author, what people do has one; only a call and a review have an outcome, each its own.
 */
static bool alert_record_whole(const struct told_header *h)
{
	const struct told_alert_record_part *a = h->alert_record;
	static const struct {
		bool by_somebody;
		uint32_t first, last, also;
	} events[] = {
		[TOLD_ALERT_EVENT_ARRIVED] = {false, 0, 0, 0},
		[TOLD_ALERT_EVENT_PAGED] = {false, 0, 0, 0},
		[TOLD_ALERT_EVENT_CALLED] = {true, TOLD_ALERT_OUTCOME_ON_CALL, TOLD_ALERT_OUTCOME_NOBODY,
					     TOLD_ALERT_OUTCOME_WRONG_NUMBER},
		[TOLD_ALERT_EVENT_REVIEWED] = {true, TOLD_ALERT_OUTCOME_RIGHT, TOLD_ALERT_OUTCOME_ENDED, 0},
		[TOLD_ALERT_EVENT_CLOSED] = {true, 0, 0, 0},
	};
	if (a->event == TOLD_ALERT_EVENT_NONE || a->event >= sizeof events / sizeof events[0])
		return false;
	bool among = a->outcome >= events[a->event].first && a->outcome <= events[a->event].last;
	return (h->author.len > 0) == events[a->event].by_somebody &&
	       (among || (a->outcome != 0 && a->outcome == events[a->event].also)) && a->at_ms > 0 &&
	       a->at_ms <= h->created_ms && h->recipients.count <= 1;
}

/* A person to have said it and what they are; team and second person only beside them. */
static bool author_there(const struct told_header *h)
{
	return is_name(h->author) || h->role != TOLD_ROLE_NONE || is_name(h->team) || is_name(h->authoriser);
}

static bool author_whole(const struct told_header *h)
{
	return is_name(h->author) && h->role != TOLD_ROLE_NONE;
}

/* One row a part: whether it is there, and whether it is whole. */
#define THERE(name, test)                                                                                              \
	static bool name##_there(const struct told_header *h)                                                          \
	{                                                                                                              \
		return test;                                                                                           \
	}
THERE(client, h->client_ref.len > 0)
THERE(recipients, h->recipients.count > 0)
THERE(reply, h->in_reply_to.len > 0)
THERE(purposes, h->purposes.count > 0)
THERE(bases, h->bases.count > 0)
THERE(agreement, h->agreement != NULL)
THERE(workflow, h->workflow != NULL)
THERE(override, h->override_block != NULL)
THERE(sections, h->section_digests.count > 0)
THERE(asked, h->asked.count > 0)
THERE(deposit, h->deposit != NULL)
THERE(grants, h->grants.count > 0)
THERE(key, h->key_record != NULL)
THERE(consent, h->consent != NULL)
THERE(withdrawal, h->withdrawal != NULL)
THERE(flag, h->flag != NULL)
THERE(relationship, h->relationship != NULL)
THERE(agreement_sign, h->agreement_sign != NULL)
THERE(agreement_suspend, h->agreement_suspend != NULL)
THERE(reference, h->reference != NULL)
THERE(workers, h->workers.count > 0)
THERE(partner, h->partner != NULL)
THERE(lines, h->lines != NULL)
THERE(presence, h->presence.len > 0)
THERE(erasure, h->erasure != NULL)
THERE(recall, h->recall != NULL)
THERE(audit_copy, h->audit_copy != NULL)
THERE(alert_record, h->alert_record != NULL)
THERE(audit_view, h->audit_view != NULL)

static bool whole(const struct told_header *h)
{
	(void)h;
	return true;
}

static const struct {
	uint32_t part;
	bool (*there)(const struct told_header *h);
	bool (*whole)(const struct told_header *h);
} PARTS[] = {
	{TOLD_PART_CLIENT, client_there, whole},
	{TOLD_PART_RECIPIENTS, recipients_there, whole},
	{TOLD_PART_REPLY, reply_there, whole},
	{TOLD_PART_AUTHOR, author_there, author_whole},
	{TOLD_PART_PURPOSES, purposes_there, whole},
	{TOLD_PART_BASES, bases_there, whole},
	{TOLD_PART_AGREEMENT, agreement_there, agreement_whole},
	{TOLD_PART_WORKFLOW, workflow_there, whole},
	{TOLD_PART_OVERRIDE, override_there, override_whole},
	{TOLD_PART_SECTIONS, sections_there, whole},
	{TOLD_PART_ASKED, asked_there, whole},
	{TOLD_PART_DEPOSIT, deposit_there, deposit_whole},
	{TOLD_PART_GRANTS, grants_there, grants_whole},
	{TOLD_PART_KEY, key_there, key_whole},
	{TOLD_PART_CONSENT, consent_there, consent_whole},
	{TOLD_PART_WITHDRAWAL, withdrawal_there, whole},
	{TOLD_PART_FLAG, flag_there, flag_whole},
	{TOLD_PART_RELATIONSHIP, relationship_there, relationship_whole},
	{TOLD_PART_AGREEMENT_SIGN, agreement_sign_there, agreement_sign_whole},
	{TOLD_PART_AGREEMENT_SUSPEND, agreement_suspend_there, agreement_suspend_whole},
	{TOLD_PART_REFERENCE, reference_there, reference_whole},
	{TOLD_PART_WORKERS, workers_there, workers_whole},
	{TOLD_PART_PARTNER, partner_there, partner_whole},
	{TOLD_PART_LINES, lines_there, lines_whole},
	{TOLD_PART_PRESENCE, presence_there, whole},
	{TOLD_PART_ERASURE, erasure_there, erasure_whole},
	{TOLD_PART_RECALL, recall_there, recall_whole},
	{TOLD_PART_AUDIT_COPY, audit_copy_there, audit_copy_whole},
	{TOLD_PART_ALERT_RECORD, alert_record_there, alert_record_whole},
	{TOLD_PART_AUDIT_VIEW, audit_view_there, audit_view_whole},
};

/* ---- What every header has ---- */

static bool base_whole(const struct told_header *h)
{
	if (!is_uuid7(h->id) || !is_name(h->partnership) || !is_sender(h))
		return false;
	if (h->sender_seq == 0 || !is_id(h->epoch))
		return false;
	return (h->seen_size == 0) == (h->seen_root.len == 0);
}

static bool times_whole(const struct told_header *h)
{
	return h->created_ms > 0 && h->expires_ms > h->created_ms &&
	       h->expires_ms - h->created_ms <= (uint64_t)TOLD_EXPIRES_MAX_MS;
}

static bool recipients_whole(const struct told_header *h)
{
	for (size_t i = 0; i < h->recipients.count; i++) {
		struct told_bytes to = h->recipients.items[i];
		if (!is_party(to) || told_bytes_equal(to, h->sender))
			return false;
		for (size_t j = 0; j < i; j++)
			if (told_bytes_equal(to, h->recipients.items[j]))
				return false;
	}
	return true;
}

/* Padded lists only, and for a deposit that of its one section. */
static bool digests_whole(const struct told_header *h)
{
	size_t n = h->section_digests.count;
	if (h->type == TOLD_TYPE_DEPOSIT)
		return n == 4;
	return n == 0 || n == 4 || n == 8 || n == 16 || n == TOLD_SECTIONS_MAX;
}

static bool parts_whole(const struct told_header *h, const struct told_type_rule *rule)
{
	uint32_t there = 0;
	for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
		if (!PARTS[i].there(h))
			continue;
		if (!PARTS[i].whole(h))
			return false;
		there |= PARTS[i].part;
	}
	return (there & rule->needs) == rule->needs && (there & ~(rule->needs | rule->may)) == 0;
}

enum told_status told_header_check(const struct told_header *header)
{
	const struct told_type_rule *rule = told_type_rule(header->type);
	if (rule == NULL || !rule->carried || header->version != 1)
		return TOLD_E_UNKNOWN;
	bool ok = base_whole(header) && times_whole(header) && recipients_whole(header) && digests_whole(header) &&
		  parts_whole(header, rule);
	return ok ? TOLD_OK : TOLD_E_MALFORMED;
}
