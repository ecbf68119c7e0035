/* SPDX-License-Identifier: Apache-2.0 */
/* A case's facts beside message and consents: agreements with what differs, person, directory, workers, workflow. And
 * the small readings of a node that all of the runner uses. */
#include "decide/fixture_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fixture_fail(struct fixture *f, const char *format, ...)
{
	va_list args;
	if (f->fault)
		return;
	f->fault = true;
	va_start(args, format);
	vsnprintf(f->why, sizeof f->why, format, args);
	va_end(args);
}

void *fixture_room(struct fixture *f, size_t count, size_t size)
{
	void *room = told_arena_alloc(f->arena, (count ? count : 1) * size);
	if (!room)
		abort();
	return room;
}

size_t fixture_count(const struct told_node *list)
{
	return list ? list->count : 0;
}

const char *fixture_text(struct fixture *f, const struct told_node *node)
{
	return node ? told_arena_text(f->arena, node->text) : "";
}

bool fixture_is(const struct told_node *node, const char *key, const char *word)
{
	const struct told_node *value = told_node_get(node, key);
	return value && told_bytes_equal(value->text, told_text(word));
}

bool fixture_yes(const struct told_node *node, const char *key)
{
	return fixture_is(node, key, "yes");
}

unsigned fixture_value(struct fixture *f, const struct told_node *node, const char *key, enum told_list list,
		       unsigned missing)
{
	const struct told_node *value = told_node_get(node, key);
	if (!value)
		return missing;
	if (told_bytes_equal(value->text, told_text("none")))
		return 0;
	unsigned found = told_value(list, value->text);
	if (!found)
		fixture_fail(f, "line %u: \"%s\" is no %s", value->at.line, fixture_text(f, value), key);
	return found;
}

/* "2026-11-22", "2026-11-22T10:00Z", "2026-11-22T10:00:00Z". */
static bool parse_time(struct told_bytes text, bool end, int64_t *out)
{
	unsigned hour, minute, second = 0;
	char clock[16] = "";
	if (text.len == 10)
		return (end ? told_date_parse_end(text, out) : told_date_parse(text, out)) == TOLD_OK;
	if (text.len < 17 || text.len > 20 || told_date_parse(told_bytes(text.data, 10), out) != TOLD_OK)
		return false;
	memcpy(clock, text.data + 11, text.len - 11);
	if (sscanf(clock, "%2u:%2u:%2uZ", &hour, &minute, &second) < 2)
		return false;
	*out += ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
	return true;
}

int64_t fixture_time(struct fixture *f, const struct told_node *node, const char *key, int64_t missing, bool end)
{
	const struct told_node *value = told_node_get(node, key);
	int64_t t = missing;
	if (value && !parse_time(value->text, end, &t))
		fixture_fail(f, "line %u: \"%s\" is no time", value->at.line, fixture_text(f, value));
	return t;
}

uint64_t fixture_number(struct fixture *f, const struct told_node *node, const char *key, uint64_t missing)
{
	const struct told_node *value = told_node_get(node, key);
	uint64_t number = missing;
	if (value && told_decimal(value->text, UINT32_MAX, &number) != TOLD_OK)
		fixture_fail(f, "line %u: \"%s\" is no number", value->at.line, fixture_text(f, value));
	return number;
}

uint32_t fixture_name(struct fixture *f, struct told_parties *table, struct told_bytes name)
{
	uint32_t number = 0;
	if (told_party_intern(table, name, &number) != TOLD_OK)
		fixture_fail(f, "\"%.*s\" is no name", (int)name.len, (const char *)name.data);
	return number;
}

uint32_t fixture_party(struct fixture *f, const struct told_node *node, const char *key)
{
	const struct told_node *value = told_node_get(node, key);
	return value ? fixture_name(f, f->parties, value->text) : 0;
}

uint32_t fixture_party_team(struct fixture *f, struct told_bytes text, uint32_t *team)
{
	const uint8_t *slash = text.len ? memchr(text.data, '/', text.len) : NULL;
	size_t len = slash ? (size_t)(slash - text.data) : text.len;
	*team = slash ? fixture_name(f, f->teams, told_bytes(slash + 1, text.len - len - 1)) : 0;
	return fixture_name(f, f->parties, told_bytes(text.data, len));
}

struct told_partyset fixture_parties(struct fixture *f, const struct told_node *list)
{
	struct told_partyset set = {0};
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		told_partyset_add(&set, fixture_name(f, f->parties, n->text));
	return set;
}

struct told_catset fixture_data(struct fixture *f, const struct told_node *list)
{
	struct told_catset set = {0};
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		if (told_catset_add_code(&set, n->text) != TOLD_OK)
			fixture_fail(f, "line %u: \"%s\" is no category", n->at.line, fixture_text(f, n));
	return set;
}

uint32_t fixture_purposes(struct fixture *f, const struct told_node *list)
{
	uint32_t set = 0;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		unsigned purpose = told_value(TOLD_LIST_PURPOSE, n->text);
		if (purpose)
			set |= TOLD_BIT32(purpose);
		else
			fixture_fail(f, "line %u: \"%s\" is no purpose", n->at.line, fixture_text(f, n));
	}
	return set;
}

void fixture_id(const struct told_node *node, uint8_t id[TOLD_ID_BYTES])
{
	memset(id, 0, TOLD_ID_BYTES);
	if (node)
		memcpy(id, node->text.data, node->text.len < TOLD_ID_BYTES ? node->text.len : TOLD_ID_BYTES);
}

/* ---- agreements ---- */

static struct told_bytes read_whole(struct fixture *f, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = fixture_room(f, TOLD_AGREEMENT_MAX_BYTES, 1);
	size_t len = file ? fread(bytes, 1, TOLD_AGREEMENT_MAX_BYTES, file) : 0;
	if (file)
		fclose(file);
	return told_bytes(bytes, len);
}

/* What differs from the agreement's file: one place found, once, and what stands there instead. */
static struct told_bytes put_instead(struct fixture *f, struct told_bytes text, const struct told_node *change)
{
	const struct told_node *find = told_node_get(change, "find"), *put = told_node_get(change, "put");
	uint8_t *at = find && put ? memmem(text.data, text.len, find->text.data, find->text.len) : NULL;
	struct told_bytes rest = at ? told_bytes(at + 1, (size_t)(text.data + text.len - at) - 1) : told_bytes(NULL, 0);
	if (!at || memmem(rest.data, rest.len, find->text.data, find->text.len)) {
		fixture_fail(f, "line %u: what differs must stand once in the agreement", change->at.line);
		return text;
	}
	size_t before = (size_t)(at - text.data), after = text.len - before - find->text.len;
	uint8_t *out = fixture_room(f, before + put->text.len + after, 1);
	memcpy(out, text.data, before);
	memcpy(out + before, put->text.data, put->text.len);
	memcpy(out + before + put->text.len, at + find->text.len, after);
	return told_bytes(out, before + put->text.len + after);
}

static void load_agreement(struct fixture *f, struct told_bytes name, const struct told_node *changes)
{
	char path[4096];
	struct told_faults faults = TOLD_FAULTS(path);
	struct told_buf out = TOLD_BUF(65536);
	snprintf(path, sizeof path, "%s/%.*s.yaml", f->folder, (int)name.len, (const char *)name.data);
	struct told_bytes text = read_whole(f, path);
	for (const struct told_node *n = changes ? changes->first : NULL; n; n = n->next)
		text = put_instead(f, text, n);
	struct told_agreement **slot = &f->loaded[f->agreement_count];
	if (told_agreement_load(text, path, f->parties, slot, &faults) == TOLD_OK) {
		f->agreements[f->agreement_count++] = (struct told_agreement_facts){.agreement = *slot};
	} else {
		told_faults_print(&faults, &out);
		fixture_fail(f, "%s", told_buf_cstr(&out) ? told_buf_cstr(&out) : "");
	}
	told_faults_free(&faults);
	told_buf_free(&out);
}

static void read_agreements(struct fixture *f)
{
	const struct told_node *named = told_node_get(f->node, "agreement"), *also = told_node_get(f->node, "also");
	if (named)
		load_agreement(f, named->text, told_node_get(f->node, "with"));
	for (const struct told_node *n = also ? also->first : NULL; n; n = n->next)
		load_agreement(f, n->text, NULL);
	f->q.agreements = f->agreements;
	f->q.agreement_count = f->agreement_count;
	if (named && f->agreement_count) {
		f->q.message.agreement_id = f->loaded[0]->id;
		f->q.message.agreement_version = f->loaded[0]->version;
	}
}

/* ---- person, directory, workflow ---- */

static void read_restrictions(struct fixture *f, const struct told_node *list)
{
	struct told_restriction_facts *all = fixture_room(f, fixture_count(list), sizeof *all);
	f->q.person.restrictions = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_restriction_facts *r = &all[f->q.person.restriction_count++];
		r->kind = fixture_is(n, "kind", "objection")  ? TOLD_FLAG_OBJECTION
			  : fixture_is(n, "kind", "disputed") ? TOLD_FLAG_DISPUTED
							      : TOLD_FLAG_RESTRICTED;
		r->state = fixture_is(n, "state", "upheld")    ? TOLD_FLAG_STATE_UPHELD
			   : fixture_is(n, "state", "cleared") ? TOLD_FLAG_STATE_CLEARED
			   : fixture_is(n, "state", "looking") ? TOLD_FLAG_STATE_BEING_LOOKED_AT
							       : TOLD_FLAG_STATE_SET;
		r->since_utc_ms = fixture_time(f, n, "since", 0, false);
		r->party = fixture_party(f, n, "to");
		r->purposes = fixture_purposes(f, told_node_get(n, "for"));
		r->categories = fixture_data(f, told_node_get(n, "data"));
	}
}

static void read_holds(struct fixture *f, const struct told_node *list)
{
	static const char *const kinds[] = {"",         "inquiry", "court", "complaint", "access-request",
					    "incident", "review"};
	struct told_hold_facts *all = fixture_room(f, fixture_count(list), sizeof *all);
	f->q.person.holds = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_hold_facts *hold = &all[f->q.person.hold_count++];
		for (uint8_t i = 1; i < sizeof kinds / sizeof kinds[0]; i++)
			if (fixture_is(n, "kind", kinds[i]))
				hold->kind = i;
		hold->since_utc_ms = fixture_time(f, n, "since", 0, false);
		hold->until_utc_ms = fixture_time(f, n, "until", 0, true);
	}
}

static void read_excluded(struct fixture *f, const struct told_node *list)
{
	uint32_t *all = fixture_room(f, fixture_count(list), sizeof *all);
	f->q.person.excluded_workers = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		all[f->q.person.excluded_worker_count++] = fixture_name(f, f->workers, n->text);
}

static void read_person(struct fixture *f)
{
	const struct told_node *n = told_node_get(f->node, "person");
	struct told_person_facts *p = &f->q.person;
	p->matches = (uint32_t)fixture_number(f, n, "matches", 1);
	p->age = fixture_is(n, "age", "under-16")   ? TOLD_UNDER_16
		 : fixture_is(n, "age", "16-or-17") ? TOLD_16_OR_17
						    : TOLD_ADULT;
	p->capacity = fixture_is(n, "capacity", "lacks")         ? TOLD_CAPACITY_LACKS
		      : fixture_is(n, "capacity", "fluctuating") ? TOLD_CAPACITY_FLUCTUATING
								 : TOLD_CAPACITY_HAS;
	p->merge_pending = fixture_yes(n, "merge-pending");
	p->location_protected = fixture_yes(n, "location-protected");
	p->died_utc_ms = fixture_time(f, n, "died", 0, false);
	p->do_not_notify_since_utc_ms = fixture_time(f, n, "do-not-notify-since", 0, false);
	read_restrictions(f, told_node_get(n, "restrictions"));
	read_holds(f, told_node_get(n, "holds"));
	read_excluded(f, told_node_get(n, "excluded-workers"));
}

static bool listed(const struct told_node *list, struct told_bytes name)
{
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		if (told_bytes_equal(n->text, name))
			return true;
	return false;
}

/* Everybody whom the case names is enrolled and active, unless it says otherwise. */
static void read_directory(struct fixture *f)
{
	const struct told_node *n = told_node_get(f->node, "directory");
	uint32_t count = told_party_count(f->parties);
	struct told_directory_facts *all = fixture_room(f, count, sizeof *all);
	f->q.directory = all;
	f->q.directory_count = count;
	for (uint32_t party = 1; party <= count; party++) {
		struct told_bytes name = told_text(told_party_name(f->parties, party));
		struct told_directory_facts *d = &all[party - 1];
		d->party = party;
		d->operator= told_bytes_equal(name, told_text("broker"));
		d->location_protected = listed(told_node_get(n, "location-protected"), name);
		d->standing = TOLD_STANDING_ACTIVE;
		if (listed(told_node_get(n, "unknown"), name))
			d->standing = TOLD_STANDING_UNKNOWN;
		if (listed(told_node_get(n, "suspended"), name))
			d->standing = TOLD_STANDING_SUSPENDED;
		if (listed(told_node_get(n, "left"), name))
			d->standing = TOLD_STANDING_LEFT;
	}
}

static void read_workflow(struct fixture *f)
{
	const struct told_node *n = told_node_get(f->node, "workflow"), *under = told_node_get(n, "delivered-under");
	struct told_workflow_facts *w = &f->q.workflow;
	w->referral_state = (uint8_t)fixture_value(f, n, "referral", TOLD_LIST_REFERRAL, 0);
	w->referrer = fixture_party(f, n, "referrer");
	w->referred_to = fixture_party(f, n, "referred-to");
	w->open_duplicate = fixture_yes(n, "open-duplicate");
	w->rests_on_consent = told_node_get(n, "rests-on") != NULL;
	fixture_id(told_node_get(n, "rests-on"), w->consent_id);
	w->event = told_node_get(n, "acknowledge-by") ? TOLD_EVENT_ACK_OVERDUE : TOLD_EVENT_MESSAGE;
	w->ack_due_utc_ms = fixture_time(f, n, "acknowledge-by", 0, false);
	w->has_conference = told_node_get(n, "members") != NULL;
	w->members = fixture_parties(f, told_node_get(n, "members"));
	w->about_sender = fixture_party(f, n, "about-sender");
	w->about_known = w->about_sender != 0;
	w->about_recipients = fixture_parties(f, told_node_get(n, "about-recipients"));
	w->about_released = fixture_data(f, told_node_get(n, "about-released"));
	uint8_t(*ids)[TOLD_ID_BYTES] = fixture_room(f, fixture_count(under), sizeof *ids);
	w->delivered_under = (const uint8_t(*)[TOLD_ID_BYTES])ids;
	for (const struct told_node *id = under ? under->first : NULL; id; id = id->next)
		fixture_id(id, ids[w->delivered_under_count++]);
}

static void read_relationships(struct fixture *f, const struct told_node *list)
{
	struct told_relationship_facts *all = fixture_room(f, fixture_count(list), sizeof *all);
	f->q.relationships = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_relationship_facts *r = &all[f->q.relationship_count++];
		const struct told_node *worker = told_node_get(n, "worker");
		r->kind = (uint8_t)fixture_value(f, n, "kind", TOLD_LIST_RELATIONSHIP, 0);
		r->party = fixture_party(f, n, "party");
		r->worker = worker ? fixture_name(f, f->workers, worker->text) : 0;
		r->person = f->q.message.person;
		r->from_utc_ms = fixture_time(f, n, "from", 0, false);
		r->until_utc_ms = fixture_time(f, n, "until", 0, true);
	}
}

void fixture_read(struct fixture *f)
{
	f->q.t_utc_ms = fixture_time(f, f->node, "clock", 0, false);
	fixture_name(f, f->persons, told_text("S1"));
	read_agreements(f);
	if (f->fault)
		return;
	fixture_read_message(f, told_node_get(f->node, "message"));
	read_person(f);
	read_workflow(f);
	fixture_read_consents(f, told_node_get(f->node, "consents"));
	read_relationships(f, told_node_get(f->node, "relationships"));
	read_directory(f);
}

static uint32_t signed_by(const struct told_agreement *a, uint32_t party)
{
	for (size_t i = 0; i < a->party_count; i++)
		if (a->parties[i].party == party)
			return a->parties[i].signed_version;
	return 0;
}

void fixture_seat(struct fixture *f, size_t recipient)
{
	struct told_message_facts *m = &f->q.message;
	struct told_partyset out = fixture_parties(f, told_node_get(f->node, "suspended-in-agreement"));
	m->recipient = f->recipients[recipient];
	m->recipient_team = f->recipient_teams[recipient];
	for (size_t i = 0; i < f->agreement_count; i++) {
		struct told_agreement_facts *a = &f->agreements[i];
		a->sender_signed = signed_by(a->agreement, m->sender);
		a->recipient_signed = signed_by(a->agreement, m->recipient);
		a->sender_suspended = told_partyset_has(&out, m->sender);
		a->recipient_suspended = told_partyset_has(&out, m->recipient);
	}
	fixture_state_bases(f);
}
