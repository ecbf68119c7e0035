/* SPDX-License-Identifier: Apache-2.0 */
/* Adds up what was delivered and fills the sheet of flows. Touches the store through events only. */
#include "evidence/audit/report/flows.h"

#include "proto/types.h"

#include <stdlib.h>
#include <string.h>

static const struct told_sheet_column columns[TOLD_FLOW_COLUMNS] = {
	[TOLD_FLOW_STANDING] = {"standing", "Standing", false},
	[TOLD_FLOW_FROM] = {"from", "From", false},
	[TOLD_FLOW_TO] = {"to", "To", false},
	[TOLD_FLOW_CATEGORY] = {"category", "Category", false},
	[TOLD_FLOW_PURPOSE] = {"purpose", "Purpose", false},
	[TOLD_FLOW_AGREEMENT] = {"agreement", "Agreement", false},
	[TOLD_FLOW_CLAUSE] = {"clause", "Clause", false},
	[TOLD_FLOW_SENT] = {"sent", "Sent", true},
	[TOLD_FLOW_FIRST] = {"first", "First", false},
	[TOLD_FLOW_LAST] = {"last", "Last", false},
};

void told_flows_free(struct told_flows *flows)
{
	told_declared_free(&flows->declared);
	told_sheet_free(&flows->sheet);
	free(flows->rows);
	*flows = (struct told_flows){0};
}

uint64_t told_flows_differing(const struct told_flows *flows)
{
	uint64_t count = 0;
	for (unsigned i = 0; i < TOLD_STANDING_COUNT; i++)
		count += told_standing_differs(i) ? flows->standing[i] : 0;
	return count;
}

/* ---- adding up ---- */

static void copy_name(char *out, size_t size, struct told_bytes name)
{
	size_t len = name.len < size ? name.len : size - 1;
	if (len > 0)
		memcpy(out, name.data, len);
}

static uint32_t bits_of(const struct told_u32_list *values)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < values->count; i++)
		bits |= values->items[i] >= 1 && values->items[i] <= 32 ? TOLD_BIT32(values->items[i]) : 0;
	return bits;
}

static enum told_status make_room(struct told_flows *flows)
{
	if (flows->count < flows->room)
		return TOLD_OK;
	size_t room = flows->room == 0 ? 256 : 2 * flows->room;
	if (room > TOLD_AUDIT_FLOWS_MAX)
		return TOLD_E_LIMIT;
	struct told_flow_row *rows = realloc(flows->rows, room * sizeof *rows);
	if (rows == NULL)
		return TOLD_E_MEMORY;
	flows->rows = rows;
	flows->room = room;
	return TOLD_OK;
}

/* Where a key stands or belongs. */
static size_t place_of(const struct told_flows *flows, const struct told_flow_key *key)
{
	size_t low = 0, high = flows->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (memcmp(&flows->rows[middle].key, key, sizeof *key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum told_status count(struct told_flows *flows, const struct told_flow_key *key, const struct told_leaf *leaf)
{
	size_t at = place_of(flows, key);
	if (at == flows->count || memcmp(&flows->rows[at].key, key, sizeof *key) != 0) {
		enum told_status status = make_room(flows);
		if (status != TOLD_OK)
			return status;
		memmove(&flows->rows[at + 1], &flows->rows[at], (flows->count - at) * sizeof flows->rows[0]);
		flows->rows[at] = (struct told_flow_row){.key = *key, .first_ms = leaf->time_ms};
		flows->count++;
	}
	flows->rows[at].sent++;
	flows->rows[at].last_ms = leaf->time_ms;
	flows->rows[at].types |= leaf->type >= 1 && leaf->type <= 64 ? TOLD_BIT64(leaf->type) : 0;
	return TOLD_OK;
}

static struct told_flow_key key_of(const struct told_leaf *leaf)
{
	struct told_flow_key key;
	memset(&key, 0, sizeof key); /* compared as bytes */
	copy_name(key.from, sizeof key.from, leaf->sender);
	copy_name(key.to, sizeof key.to, leaf->recipient);
	copy_name(key.agreement, sizeof key.agreement, leaf->agreement);
	copy_name(key.clause, sizeof key.clause, leaf->clause);
	key.version = leaf->agreement_version;
	key.purposes = bits_of(&leaf->purposes);
	return key;
}

static bool released(const struct told_leaf *leaf, uint32_t category)
{
	for (size_t i = 0; i < leaf->released.count; i++)
		if (leaf->released.items[i] == category)
			return true;
	return false;
}

/* An answer to an ask comes from whoever deposited it, and goes to whoever asked: the ruling has a part a holder. */
static bool is_answer(const struct told_leaf *leaf)
{
	return leaf->type == TOLD_TYPE_ASK || leaf->type == TOLD_TYPE_KNOWN;
}

/* Sections of one part of a ruling, each under its own clause. seen: the categories that were counted. */
static enum told_status count_ruled(struct told_flows *flows, const struct told_leaf *leaf,
				    const struct told_leaf_recipient_ruling *part, struct told_catset *seen)
{
	enum told_status status = TOLD_OK;
	struct told_catset once = {0};
	for (size_t i = 0; status == TOLD_OK && i < part->sections.count; i++) {
		const struct told_leaf_section_ruling *section = &part->sections.items[i];
		if (section->effect != TOLD_SECTION_EFFECT_RELEASE || !released(leaf, section->category) ||
		    told_catset_has(&once, section->category))
			continue;
		struct told_flow_key key = key_of(leaf);
		if (is_answer(leaf)) {
			memset(key.from, 0, sizeof key.from);
			copy_name(key.from, sizeof key.from, part->recipient);
		}
		if (part->agreement.len > 0) {
			memset(key.agreement, 0, sizeof key.agreement);
			copy_name(key.agreement, sizeof key.agreement, part->agreement);
			key.version = part->agreement_version;
		}
		memset(key.clause, 0, sizeof key.clause);
		copy_name(key.clause, sizeof key.clause, section->clause);
		key.category = section->category;
		told_catset_add(&once, section->category);
		told_catset_add(seen, section->category);
		status = count(flows, &key, leaf);
	}
	return status;
}

/* Only the leaf is left: it has one clause for all, and does not say who answered an ask. */
static enum told_status count_leaf(struct told_flows *flows, const struct told_leaf *leaf,
				   const struct told_catset *seen)
{
	struct told_flow_key key = key_of(leaf);
	enum told_status status = TOLD_OK;
	if (is_answer(leaf)) {
		memset(key.from, 0, sizeof key.from);
		copy_name(key.from, sizeof key.from, told_text("(not said)"));
	}
	for (size_t i = 0; status == TOLD_OK && i < leaf->released.count; i++) {
		key.category = leaf->released.items[i];
		if (!told_catset_has(seen, key.category))
			status = count(flows, &key, leaf);
	}
	if (status == TOLD_OK && leaf->released.count == 0)
		status = count(flows, &key, leaf);
	return status;
}

static enum told_status hear(void *ctx, const struct told_audit_event *event)
{
	struct told_flows *flows = ctx;
	const struct told_type_rule *rule = told_type_rule(event->leaf->type);
	struct told_catset seen = {0};
	enum told_status status = TOLD_OK;
	if (event->leaf->phase != TOLD_PHASE_DELIVERED || rule == NULL || !rule->ruled)
		return TOLD_OK;
	for (size_t i = 0; event->ruling != NULL && status == TOLD_OK && i < event->ruling->recipients.count; i++)
		if (is_answer(event->leaf) ||
		    told_bytes_equal(event->ruling->recipients.items[i].recipient, event->leaf->recipient))
			status = count_ruled(flows, event->leaf, &event->ruling->recipients.items[i], &seen);
	return status == TOLD_OK ? count_leaf(flows, event->leaf, &seen) : status;
}

/* ---- the sheet ---- */

static void judge(struct told_flows *flows)
{
	const struct told_parties *parties = flows->declared.parties;
	for (size_t i = 0; i < flows->count; i++) {
		struct told_flow_row *row = &flows->rows[i];
		const struct told_sent sent = {
			.from = told_party_find(parties, told_text(row->key.from)),
			.to = told_party_find(parties, told_text(row->key.to)),
			.category = row->key.category,
			.types = row->types,
			.purposes = row->key.purposes,
			.agreement = told_text(row->key.agreement),
			.clause = told_text(row->key.clause),
			.version = row->key.version,
		};
		row->standing = told_declared_judge(&flows->declared, &sent);
	}
}

static void put_agreement(struct told_sheet *sheet, const char *id, size_t len, uint32_t version)
{
	char text[TOLD_NAME_MAX_BYTES + 16];
	snprintf(text, sizeof text, len > 0 ? "%.*s v%u" : "%.*s", (int)len, id, version);
	told_sheet_text(sheet, text);
}

static void put_purposes(struct told_sheet *sheet, uint32_t bits)
{
	struct told_buf text = TOLD_BUF(4096);
	for (unsigned i = 1; i <= told_list_max(TOLD_LIST_PURPOSE); i++)
		if (bits & TOLD_BIT32(i))
			told_join(&text, told_code(TOLD_LIST_PURPOSE, i));
	told_sheet_put(sheet, told_buf_view(&text));
	told_buf_free(&text);
}

static void put_observed(struct told_flows *flows, const struct told_flow_row *row)
{
	struct told_sheet *sheet = &flows->sheet;
	told_sheet_text(sheet, told_standing_words(row->standing));
	told_sheet_text(sheet, row->key.from);
	told_sheet_text(sheet, row->key.to);
	told_sheet_number(sheet, row->sent);
	put_agreement(sheet, row->key.agreement, strlen(row->key.agreement), row->key.version);
	told_sheet_text(sheet, row->key.clause);
	put_purposes(sheet, row->key.purposes);
	told_sheet_time(sheet, row->first_ms);
	told_sheet_time(sheet, row->last_ms);
	told_sheet_text(sheet,
			row->key.category != 0 ? told_code(TOLD_LIST_CATEGORY, row->key.category) : "(header only)");
	flows->standing[row->standing]++;
}

/* What was sent between two under a clause of an agreement, of any purpose. */
static struct told_catset seen_between(const struct told_flows *flows, const struct told_agreement *agreement,
				       const struct told_flow *flow, const char *from, const char *to)
{
	struct told_catset seen = {0};
	for (size_t i = 0; i < flows->count; i++) {
		const struct told_flow_key *key = &flows->rows[i].key;
		if (strcmp(key->from, from) == 0 && strcmp(key->to, to) == 0 &&
		    strcmp(key->clause, flow->clause) == 0 && key->version == agreement->version &&
		    told_bytes_equal(told_text(key->agreement), agreement->id))
			told_catset_add(&seen, key->category);
	}
	return seen;
}

/* Categories that a clause allows between two and that nobody sent: one row. */
static void put_unseen(struct told_flows *flows, const struct told_agreement *agreement, const struct told_flow *flow,
		       const char *from, const char *to)
{
	const struct told_catset seen = seen_between(flows, agreement, flow, from, to);
	struct told_buf categories = TOLD_BUF(4096);
	struct told_sheet *sheet = &flows->sheet;
	for (unsigned c = 1; c <= told_list_max(TOLD_LIST_CATEGORY); c++)
		if (told_catset_has(&flow->data, c) && !told_catset_has(&seen, c))
			told_join(&categories, told_code(TOLD_LIST_CATEGORY, c));
	if (categories.len > 0) {
		told_sheet_text(sheet, told_standing_words(TOLD_STANDING_NEVER_SEEN));
		told_sheet_text(sheet, from);
		told_sheet_text(sheet, to);
		told_sheet_number(sheet, 0);
		put_agreement(sheet, (const char *)agreement->id.data, agreement->id.len, agreement->version);
		told_sheet_text(sheet, flow->clause);
		put_purposes(sheet, flow->purposes);
		told_sheet_text(sheet, "");
		told_sheet_text(sheet, "");
		told_sheet_put(sheet, told_buf_view(&categories));
		flows->standing[TOLD_STANDING_NEVER_SEEN]++;
	}
	told_buf_free(&categories);
}

static void put_unseen_of(struct told_flows *flows, const struct told_agreement *agreement,
			  const struct told_flow *flow)
{
	const struct told_parties *parties = flows->declared.parties;
	for (uint32_t from = 1; from <= told_party_count(parties); from++)
		for (uint32_t to = 1; to <= told_party_count(parties); to++)
			if (from != to && told_partyset_has(&flow->from, from) && told_partyset_has(&flow->to, to))
				put_unseen(flows, agreement, flow, told_party_name(parties, from),
					   told_party_name(parties, to));
}

/* Differences first: what is not declared, what was never seen; then the rest. */
static void fill_sheet(struct told_flows *flows)
{
	for (unsigned standing = 0; standing < TOLD_STANDING_COUNT; standing++) {
		for (size_t i = 0; i < flows->count; i++)
			if (flows->rows[i].standing == standing)
				put_observed(flows, &flows->rows[i]);
		for (size_t i = 0; standing == TOLD_STANDING_NEVER_SEEN && i < flows->declared.count; i++) {
			const struct told_agreement *agreement = flows->declared.items[i];
			for (size_t f = 0;
			     told_declared_newest(&flows->declared, agreement) && f < agreement->flow_count; f++)
				put_unseen_of(flows, agreement, &agreement->flows[f]);
		}
	}
}

enum told_status told_flows_read(struct told_flows *flows, struct told_source *source)
{
	told_sheet_init(&flows->sheet, columns, TOLD_FLOW_COLUMNS);
	enum told_status status = told_events_each(source, hear, flows, &flows->seen);
	if (status != TOLD_OK)
		return status;
	judge(flows);
	fill_sheet(flows);
	return flows->sheet.status;
}
