/* SPDX-License-Identifier: Apache-2.0 */
/* Folding signed headers into what is known of a person. One small function a type, one table. */
#include "broker/rule/person_consent.h"
#include "broker/rule/person_fold.h"

#include "broker/decide/decide.h"
#include "broker/rule/settle.h"
#include "told/codes.h"

#include <stdlib.h>
#include <string.h>

/* A ceiling for memory, above what TOLD_PERSON_RECORDS_MAX lets any person need: whether a fact fits is then a matter
 * of its number alone, the same for whoever folds it. */
#define PERSON_MAX_BYTES (96u * 1024u * 1024u)
#define PERSON_NEW_BYTES 16384u /* the first block of an arena */

uint64_t told_person_number(const uint8_t ref[TOLD_ID_BYTES])
{
	uint64_t number = told_u64(ref);
	return number == 0 || number == TOLD_PERSON_OTHER ? told_u64(ref + 8) | 1 : number;
}

enum told_status told_person_new(const uint8_t ref[TOLD_ID_BYTES], struct told_person **out)
{
	*out = NULL;
	struct told_person *person = calloc(1, sizeof *person);
	if (person == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = told_arena_new(PERSON_MAX_BYTES, &person->arena);
	if (status != TOLD_OK) {
		free(person);
		return status;
	}
	memcpy(person->ref, ref, sizeof person->ref);
	person->number = told_person_number(ref);
	person->bytes = sizeof *person + PERSON_NEW_BYTES;
	*out = person;
	return TOLD_OK;
}

void told_person_free(struct told_person *person)
{
	if (person == NULL)
		return;
	told_arena_free(person->arena);
	told_wipe(person, sizeof *person);
	free(person);
}

static struct told_partyset parties_of(struct told_fold *f, struct told_bytes_list names)
{
	struct told_partyset set = {0};
	for (size_t i = 0; i < names.count; i++)
		told_partyset_add(&set, told_fold_party(f, names.items[i]));
	return set;
}

static struct told_catset categories_of(struct told_u32_list list)
{
	struct told_catset set = {0};
	for (size_t i = 0; i < list.count; i++)
		told_catset_add(&set, list.items[i]);
	return set;
}

static uint16_t consent_flags(const struct told_consent_part *part, bool presence)
{
	bool empty = part->state == TOLD_CONSENT_STATE_GIVEN &&
		     (part->recipients.count == 0 || part->purposes.count == 0 || part->include.count == 0);
	return (uint16_t)((part->freely_given == TOLD_YES_NO_NO ? TOLD_CONSENT_NOT_FREE : 0) |
			  (empty ? TOLD_CONSENT_NOT_SPECIFIC : 0) | (presence ? TOLD_CONSENT_PRESENCE : 0) |
			  (part->seen_alone == TOLD_YES_NO_YES ? TOLD_CONSENT_SEEN_ALONE : 0) |
			  (part->benefit_warning == TOLD_YES_NO_YES ? TOLD_CONSENT_WARNED : 0) |
			  (part->refer_yes == TOLD_YES_NO_YES ? TOLD_CONSENT_REFER : 0) |
			  (part->contact_yes == TOLD_YES_NO_YES ? TOLD_CONSENT_CONTACT : 0) |
			  (part->reason_named == TOLD_YES_NO_YES ? TOLD_CONSENT_REASON : 0));
}

static enum told_status consent_recipients(struct told_fold *f, const struct told_consent_part *part,
					   struct told_consent *consent)
{
	size_t n = part->recipients.count;
	struct told_consent_recipient *list = told_arena_alloc(f->person->arena, n * sizeof *list);
	if (list == NULL)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < n; i++) {
		const struct told_consent_recipient_part *one = &part->recipients.items[i];
		list[i].party = told_fold_party(f, one->party);
		list[i].team = told_team_number(one->team);
		list[i].role = (uint8_t)one->role;
	}
	consent->recipients = list;
	consent->recipient_count = n;
	return TOLD_OK;
}

static enum told_status fold_consent(struct told_fold *f)
{
	const struct told_consent_part *part = f->header->consent;
	struct told_consent *c = TOLD_FOLD_ADD(f->person, consent);
	if (c == NULL)
		return TOLD_E_LIMIT;
	*c = (struct told_consent){
		.kind = (uint8_t)part->kind,
		.state = (uint8_t)part->state,
		.giver = (uint8_t)part->giver,
		.evidence = (uint8_t)part->evidence,
		.capacity = (uint8_t)part->capacity,
		.authority = (uint8_t)part->authority,
		.flags = consent_flags(part, f->header->presence.len > 0),
		.person = f->person->number,
		.given_utc_ms = (int64_t)part->given_ms,
		.from_utc_ms = (int64_t)part->from_ms,
		.until_utc_ms = (int64_t)part->until_ms,
		.ended_utc_ms = (int64_t)part->ended_ms,
		.data_from_utc_ms = (int64_t)part->data_from_ms,
		.data_until_utc_ms = (int64_t)part->data_until_ms,
		.purposes = told_fold_purposes(part->purposes),
		.notice_version = part->notice_version,
		.taken_by = told_fold_party(f, f->header->sender),
		.location_named = told_fold_party(f, part->location_named),
		.chosen = told_fold_party(f, part->chosen_authority),
		.include = categories_of(part->include),
		.exclude = categories_of(part->exclude),
		.not_to = parties_of(f, part->exclude_recipients),
		.not_from = parties_of(f, part->exclude_originators),
	};
	for (size_t i = 0; i < part->plan_steps.count; i++)
		if (part->plan_steps.items[i] >= 1 && part->plan_steps.items[i] <= 64)
			c->plan_steps |= TOLD_BIT64(part->plan_steps.items[i]);
	told_fold_id(c->id, f->header->id);
	told_fold_id(c->supersedes, part->supersedes);
	enum told_status status = consent_recipients(f, part, c);
	if (status == TOLD_OK) {
		told_consent_confirms(f->person, c);
		told_consent_carries(f->person, c);
	}
	return status;
}

static enum told_status fold_withdrawal(struct told_fold *f)
{
	const struct told_withdrawal_part *part = f->header->withdrawal;
	struct told_withdrawal_facts *w = TOLD_FOLD_ADD(f->person, withdrawal);
	if (w == NULL)
		return TOLD_E_LIMIT;
	*w = (struct told_withdrawal_facts){
		.recipients = parties_of(f, part->recipients),
		.purposes = told_fold_purposes(part->purposes),
		.categories = categories_of(part->categories),
		.at_utc_ms = f->entry.utc_ms,
	};
	told_fold_id(w->consent_id, part->consent_id);
	return TOLD_OK;
}

/* A later word of the same service about the same takes the place of the earlier one: a restriction that whoever set it
 * has cleared is over. Nobody else lifts it, the service that it keeps out least of all. */
static enum told_status fold_restriction(struct told_fold *f)
{
	const struct told_flag_part *part = f->header->flag;
	struct told_restriction_facts facts = {
		.kind = (uint8_t)part->kind,
		.state = (uint8_t)part->state,
		.party = told_fold_party(f, part->party),
		.since_utc_ms = (int64_t)(part->since_ms != 0 ? part->since_ms : (uint64_t)f->entry.utc_ms),
		.by = told_fold_party(f, f->header->sender),
	};
	told_catset_add(&facts.categories, part->category);
	for (size_t i = 0; i < f->person->restriction_count; i++) {
		struct told_restriction_facts *r = &f->person->restrictions[i];
		if (r->by == facts.by && r->kind == facts.kind && r->party == facts.party &&
		    memcmp(&r->categories, &facts.categories, sizeof facts.categories) == 0) {
			*r = facts;
			return TOLD_OK;
		}
	}
	struct told_restriction_facts *r = TOLD_FOLD_ADD(f->person, restriction);
	if (r == NULL)
		return TOLD_E_LIMIT;
	*r = facts;
	return TOLD_OK;
}

static enum told_status fold_hold(struct told_fold *f)
{
	const struct told_flag_part *part = f->header->flag;
	if (part->state == TOLD_FLAG_STATE_CLEARED) { /* by whoever set it: their inquiry, their complaint */
		for (size_t i = 0; i < f->person->hold_count; i++) {
			struct told_hold_facts *h = &f->person->holds[i];
			bool live = h->until_utc_ms == 0 || h->until_utc_ms > f->entry.utc_ms;
			if (live && h->kind == part->hold && h->party == told_fold_party(f, f->header->sender))
				h->until_utc_ms = f->entry.utc_ms;
		}
		return TOLD_OK;
	}
	struct told_hold_facts *h = TOLD_FOLD_ADD(f->person, hold);
	if (h == NULL)
		return TOLD_E_LIMIT;
	*h = (struct told_hold_facts){.kind = (uint8_t)part->hold,
				      .party = told_fold_party(f, f->header->sender),
				      .since_utc_ms = (int64_t)part->since_ms,
				      .until_utc_ms = (int64_t)part->until_ms,
				      .review_utc_ms = (int64_t)part->review_ms};
	return TOLD_OK;
}

static size_t find_excluded(const struct told_person *p, struct told_bytes worker)
{
	size_t at = 0;
	while (at < p->excluded_count && !told_bytes_equal(p->excluded[at], worker))
		at++;
	return at;
}

bool told_person_excludes(const struct told_person *person, struct told_bytes worker, uint32_t party)
{
	size_t at = find_excluded(person, worker);
	return at < person->excluded_count && told_partyset_has(&person->excluded_by[at], party);
}

/* Of one of those who set something; whether nobody is left who has. */
static bool take_back(struct told_partyset *setters, uint32_t party)
{
	static const struct told_partyset nobody;
	if (told_partyset_has(setters, party))
		setters->w[(party - 1) / 64] &= ~(UINT64_C(1) << (party - 1) % 64);
	return memcmp(setters, &nobody, sizeof nobody) == 0;
}

static enum told_status add_excluded(struct told_fold *f, struct told_bytes worker)
{
	struct told_person *p = f->person;
	size_t room = p->excluded_room;
	p->excluded_by = told_fold_grown(p->arena, p->excluded_by, sizeof *p->excluded_by, p->excluded_count, &room);
	struct told_bytes *excluded = TOLD_FOLD_ADD_TO(p, excluded, excluded_count, excluded_room);
	if (excluded == NULL || p->excluded_by == NULL)
		return TOLD_E_LIMIT;
	p->excluded_by[p->excluded_count - 1] = (struct told_partyset){0};
	return told_fold_keep(f, worker, excluded);
}

/* Nobody lets themselves in again, and no service lets in whom another keeps out: that takes the hand that set it. */
static enum told_status fold_excluded(struct told_fold *f)
{
	const struct told_flag_part *part = f->header->flag;
	struct told_person *p = f->person;
	size_t at = find_excluded(p, part->worker);
	uint32_t sender = told_fold_party(f, f->header->sender);
	if (part->state == TOLD_FLAG_STATE_CLEARED) {
		if (at == p->excluded_count || told_bytes_equal(f->header->author, part->worker) ||
		    !told_partyset_has(&p->excluded_by[at], sender) || !take_back(&p->excluded_by[at], sender))
			return TOLD_OK;
		p->excluded[at] = p->excluded[--p->excluded_count];
		p->excluded_by[at] = p->excluded_by[p->excluded_count];
		return TOLD_OK;
	}
	enum told_status status = at == p->excluded_count ? add_excluded(f, part->worker) : TOLD_OK;
	if (status == TOLD_OK)
		told_partyset_add(&p->excluded_by[at], sender);
	return status;
}

static void fold_protected(struct told_fold *f, bool set)
{
	struct told_partyset *protectors = &f->person->protectors;
	uint32_t sender = told_fold_party(f, f->header->sender);
	if (set)
		told_partyset_add(protectors, sender);
	f->person->location_protected = set || !take_back(protectors, sender);
}

/* Flags that are one value about the person. */
static enum told_status fold_flag(struct told_fold *f)
{
	const struct told_flag_part *part = f->header->flag;
	bool set = part->state != TOLD_FLAG_STATE_CLEARED;
	int64_t since = (int64_t)(part->since_ms != 0 ? part->since_ms : (uint64_t)f->entry.utc_ms);
	switch (part->kind) {
	case TOLD_FLAG_LOCATION_PROTECTED: fold_protected(f, set); return TOLD_OK;
	case TOLD_FLAG_MERGE_PENDING: f->person->merge_pending = set; return TOLD_OK;
	case TOLD_FLAG_UNDER_16: f->person->under_16 = set; return TOLD_OK;
	case TOLD_FLAG_DECEASED: f->person->died_utc_ms = set ? since : 0; return TOLD_OK;
	case TOLD_FLAG_DO_NOT_NOTIFY: f->person->do_not_notify_since_utc_ms = set ? since : 0; return TOLD_OK;
	case TOLD_FLAG_LACKS_CAPACITY:
		f->person->capacity = set ? TOLD_CAPACITY_LACKS : TOLD_CAPACITY_NONE;
		return TOLD_OK;
	case TOLD_FLAG_LEGAL_HOLD: return fold_hold(f);
	case TOLD_FLAG_WORKER_EXCLUDED: return fold_excluded(f);
	case TOLD_FLAG_RESTRICTED:
	case TOLD_FLAG_DISPUTED:
	case TOLD_FLAG_OBJECTION: return fold_restriction(f);
	default: return TOLD_OK;
	}
}

static enum told_status fold_reference(struct told_fold *f)
{
	if (f->header->reference->action == TOLD_REFERENCE_ACTION_RETIRE)
		f->person->retired = true;
	else
		f->person->merge_pending = true;
	return TOLD_OK;
}

static told_fold_fn *const folds[TOLD_TYPE_COUNT] = {
	[TOLD_TYPE_CONSENT] = fold_consent,
	[TOLD_TYPE_WITHDRAWAL] = fold_withdrawal,
	[TOLD_TYPE_FLAG] = fold_flag,
	[TOLD_TYPE_HOLD] = fold_flag,
	[TOLD_TYPE_RELATIONSHIP] = told_fold_relationship,
	[TOLD_TYPE_REFERENCE] = fold_reference,
	[TOLD_TYPE_REFERRAL] = told_fold_referral,
	[TOLD_TYPE_REFERRAL_ANSWER] = told_fold_referral_event,
	[TOLD_TYPE_STATUS_UPDATE] = told_fold_referral_event,
	[TOLD_TYPE_CANCEL] = told_fold_referral_event,
	[TOLD_TYPE_CLOSURE] = told_fold_referral_event,
	[TOLD_TYPE_CONF_CALL] = told_fold_conference,
	[TOLD_TYPE_CONF_LIST] = told_fold_conference,
	[TOLD_TYPE_CONF_INVITE] = told_fold_conference,
	[TOLD_TYPE_CONF_RESEARCH] = told_fold_conference,
	[TOLD_TYPE_CONF_CONTRIB] = told_fold_conference,
	[TOLD_TYPE_CONF_MINUTES] = told_fold_conference,
	[TOLD_TYPE_CONF_ACTION] = told_fold_conference,
};

bool told_person_cares(unsigned type)
{
	return type < TOLD_TYPE_COUNT && (folds[type] != NULL || type == TOLD_TYPE_DEPOSIT);
}

enum told_status told_person_apply(struct told_person *person, struct told_parties *parties,
				   const struct told_header *header, struct told_entry entry)
{
	struct told_fold f = {.person = person, .parties = parties, .header = header, .entry = entry};
	enum told_status status = person->settled ? told_person_open(person, PERSON_MAX_BYTES) : TOLD_OK;
	if (status != TOLD_OK)
		return status;
	person->known = true;
	if (header->type == TOLD_TYPE_CONSENT || header->type == TOLD_TYPE_WITHDRAWAL || header->type == TOLD_TYPE_FLAG)
		person->records_digested = false;
	if (header->type >= TOLD_TYPE_COUNT || folds[header->type] == NULL)
		return TOLD_OK;
	return folds[header->type](&f);
}
