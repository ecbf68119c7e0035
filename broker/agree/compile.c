/* SPDX-License-Identifier: Apache-2.0 */
/* The agreement as a whole: its dates and defaults, its parties, groups, notices, thresholds and retention. */
#include "broker/agree/compile.h"
#include "broker/agree/meaning.h"

#include <string.h>

/* Decision 5.2 and 4.7: what holds where the paper is silent. */
static const struct told_span default_grace = {60, TOLD_SPAN_DAYS};
static const struct told_span default_consent_max = {12, TOLD_SPAN_MONTHS};

/* ---- parties ---- */

static uint16_t marks(const struct file_party *party)
{
	uint16_t bits = 0;
	for (unsigned i = 0; i < party->marks.count; i++)
		bits |= (uint16_t)(1u << told_word_at(&told_mark_words, told_text(party->marks.items[i])));
	if (party->contact == FILE_CONTACT_ONLY)
		bits |= TOLD_MARK_PAPER;
	if (party->contact == FILE_CONTACT_PERSON)
		bits |= TOLD_MARK_PERSON;
	return bits;
}

/* A party with an agent signs, and is asked for its key and its assurance; the others for neither. */
static void contact_rules(struct compiler *c, const struct file_party *from, const struct told_node *node)
{
	bool agent = from->contact == FILE_CONTACT_AGENT;
	if (agent && from->key == NULL)
		told_fault_add(c->faults, node->at, "Partners believe only keys whose fingerprint they have signed.",
			       "Add \"key\", read out by telephone, or \"contact: only\" where the party has no agent.",
			       "\"%s\" has no \"key\"", from->party);
	if (agent && from->assurance == NULL)
		told_fault_add(c->faults, node->at,
			       "Partners send only where security is assured, and until when it is.",
			       "Add \"assurance\" with the last day of its assurance (for example its DSPT).",
			       "\"%s\" has no \"assurance\"", from->party);
	if (!agent && from->key != NULL)
		told_fault_add(c->faults, told_compile_place(node, "key"),
			       "Who has no agent has no key and signs nothing.",
			       "Take \"key\" out, or leave \"contact\" out.", "\"%s\" has a \"key\" but no agent",
			       from->party);
}

/* A number beyond the sets would be in none of them: a `never` line would forbid nothing. */
static void check_number(struct compiler *c, const char *name, struct told_place at, uint32_t party)
{
	if (party > TOLD_PARTYSET_MAX)
		told_fault_add(c->faults, at, "Sets of parties are of a fixed size.",
			       "Ask the operator; it is one number in the program.",
			       "\"%s\" is party number %u of this partnership, %u can be in agreements", name, party,
			       TOLD_PARTYSET_MAX);
}

static void add_listed(struct compiler *c, const struct file_party *from, const struct told_node *node, uint32_t party)
{
	check_number(c, from->party, node->at, party);
	if (told_partyset_has(&c->listed, party))
		told_fault_add(c->faults, told_compile_place(node, "party"), "Two entries could contradict each other.",
			       "Keep one of the two.", "the party \"%s\" stands here twice", from->party);
	told_partyset_add(&c->listed, party);
	if (from->contact == FILE_CONTACT_AGENT)
		told_partyset_add(&c->senders, party);
}

static uint32_t intern(struct compiler *c, const char *name)
{
	uint32_t party = TOLD_PARTY_NONE;
	if (name != NULL) {
		enum told_status status = told_party_intern(c->names, told_text(name), &party);
		if (status != TOLD_OK && c->status == TOLD_OK)
			c->status = status == TOLD_E_MALFORMED ? TOLD_E_INTERNAL : status;
	}
	return party;
}

static void contact(struct compiler *c, const struct file_party *from, const struct told_node *node,
		    struct told_party *out)
{
	out->party = intern(c, from->party);
	add_listed(c, from, node, out->party);
	contact_rules(c, from, node);
	out->acts_for = intern(c, from->acts_for);
	out->control = (uint8_t)from->role;
	out->nation = (uint8_t)from->nation;
	out->marks = marks(from);
	out->signed_version = from->signed_version != 0 ? from->signed_version : c->file->version;
	out->assurance_until_utc_ms = TOLD_FOREVER;
	told_compile_end(c, from->assurance, &out->assurance_until_utc_ms);
	if (from->key != NULL && told_fingerprint_parse(told_text(from->key), out->identity_key) != TOLD_OK)
		c->status = TOLD_E_INTERNAL;
	out->legal_name = told_compile_text(c, from->name);
	out->dpo = told_compile_text(c, from->dpo);
	out->spoc = told_compile_text(c, from->spoc);
	out->on_call = told_compile_text(c, from->on_call);
	out->ico = told_compile_text(c, from->ico);
}

void told_compile_contacts(struct compiler *c)
{
	struct told_party *parties = told_compile_room(c, c->file->parties_count, sizeof *parties);
	const struct told_node *node = told_node_get(c->root, "parties")->first;
	if (parties == NULL)
		return;
	for (unsigned i = 0; i < c->file->parties_count && node != NULL; i++, node = node->next)
		contact(c, &c->file->parties[i], node, &parties[i]);
	c->out->parties = parties;
	c->out->party_count = c->file->parties_count;
}

/* ---- the head ---- */

/* A party of a `never` line need not be a party of the agreement: mostly it is none. */
static void never_lines(struct compiler *c)
{
	const struct file_never *never = c->file->never;
	if (never == NULL)
		return;
	for (unsigned i = 0; i < never->to.count; i++) {
		uint32_t party = intern(c, never->to.items[i]);
		check_number(c, never->to.items[i], told_compile_place(c->root, "never"), party);
		told_partyset_add(&c->out->never_to, party);
	}
	c->out->never_for = (uint32_t)told_compile_bits(c, TOLD_LIST_PURPOSE, &never->purposes);
	if (never->to.count + never->purposes.count == 0)
		told_fault_add(c->faults, told_compile_place(c->root, "never"), "It would forbid nothing.",
			       "Write \"to\" or \"for\" under it, or leave it out.", "\"never\" is empty");
}

static void head(struct compiler *c)
{
	const struct file_agreement *file = c->file;
	struct told_agreement *out = c->out;
	out->id = told_compile_text(c, file->agreement);
	out->title = told_compile_text(c, file->title);
	out->under = told_compile_text(c, file->under);
	out->version = file->version;
	out->kind = (uint8_t)file->kind;
	out->status = (uint8_t)file->status;
	out->review_late = (uint8_t)file->review_late;
	out->assurance_late = (uint8_t)file->assurance_late;
	out->until_utc_ms = TOLD_FOREVER;
	out->review_utc_ms = TOLD_FOREVER;
	out->grace = default_grace;
	out->consent_max = default_consent_max;
	told_compile_date(c, file->from, &out->from_utc_ms);
	told_compile_end(c, file->until, &out->until_utc_ms);
	told_compile_date(c, file->review, &out->review_utc_ms);
	told_compile_span(c, file->grace, &out->grace);
	told_compile_span(c, file->consent_max, &out->consent_max);
	told_compile_categories(c, &file->seal, &out->seal);
}

static void check_head(struct compiler *c)
{
	const struct told_agreement *out = c->out;
	if (out->version == 0)
		told_fault_add(c->faults, told_compile_place(c->root, "version"), "Versions are counted from 1.",
			       "Write the version of the signed paper.", "the version is 0");
	if (out->until_utc_ms <= out->from_utc_ms)
		told_fault_add(c->faults, told_compile_place(c->root, "until"), "It would never be in force.",
			       "Correct one of the two dates.", "the agreement ends before it begins");
	if (out->under.len > 0 && told_bytes_equal(out->under, out->id))
		told_fault_add(c->faults, told_compile_place(c->root, "under"),
			       "It names the wider agreement, which is another.",
			       "Write the id of the wider agreement, or leave it out.",
			       "the agreement stands under itself");
}

/* ---- groups, notices, thresholds, retention ---- */

static void groups(struct compiler *c)
{
	struct told_group *items = told_compile_room(c, c->file->groups_count, sizeof *items);
	for (unsigned i = 0; items != NULL && i < c->file->groups_count; i++) {
		items[i].name = told_compile_text(c, c->file->groups[i].name);
		items[i].words = told_compile_text(c, c->file->groups[i].words);
		told_compile_categories(c, &c->file->groups[i].data, &items[i].data);
	}
	c->out->groups = items;
	c->out->group_count = items != NULL ? c->file->groups_count : 0;
}

static void notices(struct compiler *c)
{
	struct told_notice *items = told_compile_room(c, c->file->notices_count, sizeof *items);
	const struct told_node *list = told_node_get(c->root, "notices");
	const struct told_node *node = list != NULL ? list->first : NULL;
	for (unsigned i = 0; items != NULL && i < c->file->notices_count && node != NULL; i++, node = node->next) {
		const struct file_notice *from = &c->file->notices[i];
		items[i].version = from->version;
		told_compile_date(c, from->from, &items[i].from_utc_ms);
		if (from->changed == NULL)
			continue;
		const struct told_node *changed = told_node_get(node, "changed");
		told_compile_parties(c, &from->changed->from, changed, "from", false, &items[i].changed_from);
		told_compile_parties(c, &from->changed->to, changed, "to", false, &items[i].changed_to);
		items[i].changed_purposes = (uint32_t)told_compile_bits(c, TOLD_LIST_PURPOSE, &from->changed->purposes);
		told_compile_categories(c, &from->changed->data, &items[i].changed_data);
	}
	c->out->notices = items;
	c->out->notice_count = items != NULL ? c->file->notices_count : 0;
}

/* The way bits of the file count from 0, those of enum told_threshold from 1, so bit i is TOLD_BIT32(value i + 1). */
static void threshold(struct compiler *c, const struct file_threshold *from, const struct told_node *node,
		      struct told_threshold_rule *out)
{
	out->tool = told_compile_text(c, from->tool);
	out->tool_version = from->version;
	out->score = from->score;
	for (unsigned i = 0; i < from->ways.count; i++)
		out->ways |= (uint8_t)(1u << told_word_at(&told_threshold_words, told_text(from->ways.items[i])));
	told_compile_span(c, from->repeat, &out->repeat_within);
	if ((out->ways & 1u) != 0 && from->score == 0)
		told_fault_add(c->faults, node->at, "Nobody could tell when it is reached.", "Add \"score\".",
			       "\"score\" is a way, and no score is given");
	if ((out->ways & 8u) != 0 && from->repeat == NULL)
		told_fault_add(c->faults, node->at, "Nobody could tell what counts as a repeat.",
			       "Add \"repeat-within\".", "\"repeat\" is a way, and no span is given");
}

static void thresholds(struct compiler *c)
{
	struct told_threshold_rule *items = told_compile_room(c, c->file->thresholds_count, sizeof *items);
	const struct told_node *list = told_node_get(c->root, "thresholds");
	const struct told_node *node = list != NULL ? list->first : NULL;
	for (unsigned i = 0; items != NULL && i < c->file->thresholds_count && node != NULL; i++, node = node->next)
		threshold(c, &c->file->thresholds[i], node, &items[i]);
	c->out->thresholds = items;
	c->out->threshold_count = items != NULL ? c->file->thresholds_count : 0;
}

static void retentions(struct compiler *c)
{
	struct told_retention *items = told_compile_room(c, c->file->retain_count, sizeof *items);
	const struct told_node *list = told_node_get(c->root, "retain");
	const struct told_node *node = list != NULL ? list->first : NULL;
	for (unsigned i = 0; items != NULL && i < c->file->retain_count && node != NULL; i++, node = node->next) {
		const struct file_retention *from = &c->file->retain[i];
		told_compile_categories(c, &from->data, &items[i].data);
		told_compile_parties(c, &from->parties, node, "parties", false, &items[i].parties);
		told_compile_span(c, from->span, &items[i].span);
		items[i].reason = told_compile_text(c, from->reason);
	}
	c->out->retentions = items;
	c->out->retention_count = items != NULL ? c->file->retain_count : 0;
}

void told_compile_extras(struct compiler *c)
{
	groups(c);
	notices(c);
	thresholds(c);
	retentions(c);
}

enum told_status told_compile(struct compiler *c)
{
	c->status = TOLD_OK;
	head(c);
	check_head(c);
	told_compile_contacts(c);
	never_lines(c);
	told_compile_parties(c, &c->file->locate, c->root, "locate", false, &c->out->locate);
	told_compile_flows(c);
	told_compile_overrides(c);
	told_compile_extras(c);
	if (c->status == TOLD_OK)
		told_compile_overlaps(c);
	return c->status;
}
