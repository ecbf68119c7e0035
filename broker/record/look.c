/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the log through the running broker (AUDIT_VIEW): who may look at what, and which entries that are. What is
 * found is written into the entry of the query before anything of it leaves. Reads entries, details and orders for
 * copies; changes nothing. */
#include "broker/record/room.h"

#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

/* ---- who may ---- */

/* An order for a copy that names the asker, covers what is asked for, and is not over. */
static bool order_covers(const struct told_record *record, const struct told_header *order,
			 const struct told_header *query)
{
	const struct told_audit_copy_part *copy = order->audit_copy;
	return copy != NULL && told_bytes_equal(copy->asker, query->sender) &&
	       told_bytes_equal(copy->party, query->audit_view->of) && (int64_t)copy->until_ms > record->when.utc_ms;
}

static enum told_status find_order(struct told_record *record, const struct told_header *query, uint64_t *order)
{
	struct told_arena *arena = NULL;
	sqlite3_stmt *orders = told_sql(&record->store, TOLD_SQL_FACT_COPIES);
	enum told_status status = told_arena_new(TOLD_FRAME_MAX_BYTES, &arena);
	*order = 0;
	while (status == TOLD_OK && *order == 0 && (status = told_sql_next(orders)) == TOLD_OK) {
		struct told_opened_envelope opened;
		struct told_place place = {.log = told_column_u64(orders, 0), .index = told_column_u64(orders, 1)};
		told_arena_reset(arena);
		status = told_envelope_open(arena, told_arena_copy(arena, told_column(orders, 2)), &opened);
		if (status == TOLD_OK && order_covers(record, opened.header, query))
			*order = told_position(record, place) + 1;
	}
	sqlite3_reset(orders);
	told_arena_free(arena);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_E_NOT_ALLOWED;
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
}

static bool is_operator(const struct told_header *query)
{
	return told_bytes_equal(query->sender, told_text(TOLD_BROKER_PARTY));
}

/* Whose entries are asked for; empty: everybody's. */
static struct told_bytes whose(const struct told_header *query)
{
	const struct told_audit_view_part *view = query->audit_view;
	return view->of.len > 0 || view->all == TOLD_YES_NO_YES ? view->of : query->sender;
}

/* One's own needs no leave, and the operator has the store; anybody else an order that is logged. */
static enum told_status leave_for(struct told_record *record, const struct told_header *query, uint64_t *order)
{
	*order = 0;
	if (is_operator(query) || told_bytes_equal(whose(query), query->sender))
		return TOLD_OK;
	return find_order(record, query, order);
}

enum told_status told_look_may(struct told_record *record, const struct told_header *query)
{
	uint64_t order = 0;
	if (query->audit_view->log > record->log_number)
		return TOLD_E_NOT_FOUND;
	return leave_for(record, query, &order);
}

/* ---- what is found ---- */

struct search {
	struct told_record *record;
	struct told_arena *arena;
	const struct told_header *query;
	const struct told_audit_view_part *view;
	struct told_bytes whose;
	struct told_look *look;
	size_t bytes;
};

/* How far an entry is opened; 0: not at all. Everybody's entries are shown without persons, as a copy of the
 * partnership is; to the operator no other kind. */
static unsigned parts_of(const struct search *s, const struct told_leaf *leaf)
{
	if (s->whose.len == 0)
		return TOLD_ENTRY_WHOLE & ~TOLD_ENTRY_SUBJECT;
	unsigned parts = told_leaf_open_to(leaf, s->whose);
	return is_operator(s->query) ? parts & ~TOLD_ENTRY_SUBJECT : parts;
}

static bool fits(const struct search *s, const struct told_leaf *leaf)
{
	const struct told_audit_view_part *v = s->view;
	bool with = v->with.len == 0 || told_bytes_equal(v->with, leaf->sender) ||
		    told_bytes_equal(v->with, leaf->recipient);
	return with && (v->type == 0 || v->type == leaf->type) && (v->phase == 0 || v->phase == leaf->phase) &&
	       leaf->time_ms >= v->since_ms && (v->until_ms == 0 || leaf->time_ms < v->until_ms);
}

/* Whether its detail is of the person asked for, and how much there is to send. */
static enum told_status weigh(struct search *s, uint64_t index, bool *theirs, size_t *bytes)
{
	sqlite3_stmt *get = told_sql(&s->record->store, TOLD_SQL_DETAIL_WEIGHT);
	told_bind_u64(get, 1, s->look->log);
	told_bind_u64(get, 2, index);
	enum told_status status = told_sql_next(get);
	*theirs = s->query->client_ref.len == 0 ||
		  (status == TOLD_OK && told_bytes_equal(told_column(get, 1), s->query->client_ref));
	*bytes = status == TOLD_OK ? (size_t)told_column_u64(get, 0) : 0;
	sqlite3_reset(get);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status; /* erased: the entry alone */
}

/* Takes an entry if it is one of those; *full: it belongs to the next answer. */
static enum told_status take(struct search *s, uint64_t index, struct told_bytes data, bool *full)
{
	struct told_leaf *leaf = NULL;
	bool theirs = false;
	size_t bytes = 0;
	enum told_status status = told_leaf_decode(data, s->arena, &leaf);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
	unsigned parts = parts_of(s, leaf);
	if (parts == 0 || !fits(s, leaf))
		return TOLD_OK;
	status = weigh(s, index, &theirs, &bytes);
	if (status != TOLD_OK || !theirs)
		return status;
	*full = s->look->count == s->view->count || s->bytes + bytes + data.len > TOLD_VIEW_MAX_BYTES;
	if (*full)
		return TOLD_OK;
	s->look->items[s->look->count++] = (struct told_looked){.index = index, .parts = parts};
	s->bytes += bytes + data.len;
	return TOLD_OK;
}

/* The first entry that is not before a time: entries stand in order of time. */
static enum told_status first_since(struct search *s, uint64_t size, uint64_t *index)
{
	uint64_t low = 0, high = s->view->since_ms == 0 ? 0 : size;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		struct told_place place = {.log = s->look->log, .index = middle};
		struct told_bytes data;
		struct told_leaf *leaf = NULL;
		enum told_status status = told_record_entry(s->record, s->arena, place, &data);
		if (status == TOLD_OK)
			status = told_leaf_decode(data, s->arena, &leaf);
		if (status != TOLD_OK)
			return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
		if (leaf->time_ms < s->view->since_ms)
			low = middle + 1;
		else
			high = middle;
	}
	*index = low;
	return TOLD_OK;
}

/* Nothing but an entry that names the party can be theirs: most are passed over for the price of reading them. */
static bool may_be(const struct search *s, struct told_bytes data)
{
	return s->whose.len == 0 || memmem(data.data, data.len, s->whose.data, s->whose.len) != NULL;
}

/* The next row is the next entry: one that is gone from the store is not passed over. */
static enum told_status row_of(sqlite3_stmt *rows, uint64_t index)
{
	enum told_status status = told_sql_next(rows);
	bool gone = status == TOLD_E_NOT_FOUND || (status == TOLD_OK && told_column_u64(rows, 0) != index);
	return gone ? TOLD_E_CORRUPT : status;
}

/* The work is the same whatever there is of others: how long it takes says nothing about them. */
static enum told_status search_log(struct search *s, uint64_t size)
{
	uint64_t from = 0;
	bool full = false;
	enum told_status status = first_since(s, size, &from);
	from = from > s->view->from ? from : s->view->from;
	uint64_t end = size > from && size - from > TOLD_VIEW_LOOK_MAX ? from + TOLD_VIEW_LOOK_MAX : size;
	sqlite3_stmt *rows = told_sql(&s->record->store, TOLD_SQL_ENTRY_RANGE);
	told_bind_u64(rows, 1, s->look->log);
	told_bind_u64(rows, 2, from);
	told_bind_u64(rows, 3, end);
	for (uint64_t index = from; status == TOLD_OK && !full && index < end; index++) {
		status = row_of(rows, index);
		if (status == TOLD_OK && may_be(s, told_column(rows, 1)))
			status = take(s, index, told_column(rows, 1), &full);
		end = full ? index : end;
	}
	sqlite3_reset(rows);
	s->look->next = end < size ? end : 0;
	return status;
}

/* The first entry of one message, by what is kept against duplicates. */
static enum told_status search_message(struct search *s)
{
	struct told_bytes data;
	bool full = false;
	sqlite3_stmt *get = told_sql(&s->record->store, TOLD_SQL_DUPLICATE_GET);
	told_bind_text(get, 1, s->whose);
	told_bind_blob(get, 2, s->view->message);
	enum told_status status = told_sql_next(get);
	struct told_place place = {0};
	if (status == TOLD_OK)
		place = (struct told_place){.log = told_column_u64(get, 1), .index = told_column_u64(get, 2)};
	sqlite3_reset(get);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	s->look->log = place.log;
	status = told_record_entry(s->record, s->arena, place, &data);
	return status == TOLD_OK ? take(s, place.index, data, &full) : status;
}

/* What the entry of the query states. */
static void state_it(struct told_look *look, const struct told_header *query, uint64_t size)
{
	look->viewed.asked = query->audit_view;
	look->viewed.next = look->next > 0 ? look->next : size;
	look->viewed.count = (uint32_t)look->count;
}

enum told_status told_look_take(struct told_record *record, struct told_arena *arena, const struct told_header *query,
				struct told_look **out)
{
	const struct told_audit_view_part *view = query->audit_view;
	struct told_look *look = told_arena_alloc(arena, sizeof *look);
	struct search s = {record, arena, query, view, whose(query), look, 0};
	if (look == NULL)
		return TOLD_E_MEMORY;
	look->log = view->log == 0 ? record->log_number : view->log;
	look->one = view->message.len > 0;
	look->items = told_arena_alloc(arena, view->count * sizeof *look->items);
	uint64_t size = told_ledger_size(told_ledger_of(record, look->log));
	enum told_status status = look->items == NULL ? TOLD_E_MEMORY : leave_for(record, query, &look->viewed.order);
	if (status == TOLD_OK)
		status = look->one ? search_message(&s) : search_log(&s, size);
	state_it(look, query, size);
	*out = look;
	return status;
}

/* ---- what leaves ---- */

const struct told_look *told_receipt_look(const struct told_receipt *receipt)
{
	return receipt->look;
}

enum told_status told_record_looked(struct told_record *record, struct told_arena *arena, const struct told_look *look,
				    size_t which, const struct told_receipt **out)
{
	struct told_receipt *receipt = told_arena_alloc(arena, sizeof *receipt);
	if (receipt == NULL)
		return TOLD_E_MEMORY;
	*receipt = (struct told_receipt){.place = {.log = look->log, .index = look->items[which].index}};
	enum told_status status = told_receipt_read(record, arena, true, receipt);
	receipt->show_subject = receipt->show_facts && (look->items[which].parts & TOLD_ENTRY_SUBJECT) != 0;
	receipt->show_facts &= (look->items[which].parts & TOLD_ENTRY_FACTS) != 0;
	receipt->show_ruling &= (look->items[which].parts & TOLD_ENTRY_RULING) != 0;
	*out = receipt;
	return status;
}
