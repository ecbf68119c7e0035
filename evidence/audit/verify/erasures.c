/* SPDX-License-Identifier: Apache-2.0 */
/* Matches missing details with the erasures that name them. Touches memory only. */
#include "evidence/audit/verify/erasures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct row {
	uint8_t txid[TOLD_ID_BYTES];
	uint64_t index;
};

struct rows {
	struct row *items;
	size_t count, room;
};

struct told_erasures {
	struct rows gone, named;
	uint64_t beyond; /* gone, and no room to match them */
	uint64_t first_beyond;
};

enum told_status told_erasures_new(struct told_erasures **out)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

void told_erasures_free(struct told_erasures *erasures)
{
	if (erasures == NULL)
		return;
	free(erasures->gone.items);
	free(erasures->named.items);
	free(erasures);
}

static enum told_status add(struct rows *rows, struct told_bytes txid, uint64_t index)
{
	if (rows->count == TOLD_AUDIT_ERASED_MAX)
		return TOLD_E_LIMIT;
	if (rows->count == rows->room) {
		size_t room = rows->room == 0 ? 64 : rows->room * 2;
		struct row *more = realloc(rows->items, room * sizeof *more);
		if (more == NULL)
			return TOLD_E_MEMORY;
		rows->items = more;
		rows->room = room;
	}
	struct row *row = &rows->items[rows->count++];
	*row = (struct row){.index = index};
	if (txid.len == sizeof row->txid)
		memcpy(row->txid, txid.data, sizeof row->txid);
	return TOLD_OK;
}

enum told_status told_erasures_gone(struct told_erasures *erasures, uint64_t index, struct told_bytes txid)
{
	enum told_status status = add(&erasures->gone, txid, index);
	if (status == TOLD_E_LIMIT && erasures->beyond++ == 0)
		erasures->first_beyond = index;
	return status == TOLD_E_LIMIT ? TOLD_OK : status;
}

/* Past the limit an erasure goes unheard: what it names then counts as gone without one, never the reverse. */
enum told_status told_erasures_named(struct told_erasures *erasures, struct told_bytes txid)
{
	enum told_status status = txid.len == TOLD_ID_BYTES ? add(&erasures->named, txid, 0) : TOLD_OK;
	return status == TOLD_E_LIMIT ? TOLD_OK : status;
}

static int by_txid(const void *a, const void *b)
{
	return memcmp(((const struct row *)a)->txid, ((const struct row *)b)->txid, TOLD_ID_BYTES);
}

static bool is_named(const struct rows *named, const struct row *gone)
{
	return named->count > 0 && bsearch(gone, named->items, named->count, sizeof named->items[0], by_txid) != NULL;
}

#define TODO "Ask the operator who deleted these details, and under what authority: an erasure is an entry of the log."

void told_erasures_end(struct told_erasures *erasures, struct told_report *report)
{
	struct rows *named = &erasures->named;
	if (named->count > 0)
		qsort(named->items, named->count, sizeof named->items[0], by_txid);
	for (size_t i = 0; i < erasures->gone.count; i++) {
		const struct row *gone = &erasures->gone.items[i];
		if (is_named(named, gone))
			report->erased++;
		else
			told_report_fault(report, TOLD_CLAIM_ERASURES, gone->index, gone->index, TODO,
					  "entry %" PRIu64 ": its details are gone and no erasure entry names it",
					  gone->index);
	}
	if (erasures->beyond > 0)
		told_report_fault(report, TOLD_CLAIM_ERASURES, erasures->first_beyond, erasures->first_beyond, TODO,
				  "from entry %" PRIu64 " on: more details are gone than can be matched (%" PRIu64 ")",
				  erasures->first_beyond, erasures->beyond);
}
