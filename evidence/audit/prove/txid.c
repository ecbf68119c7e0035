/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a transaction: where its time says, or everywhere. Reads entries, judges none of them. */
#include "evidence/audit/prove/txid.h"

#include "evidence/audit/read/reader.h"

/* Whether an entry was written before that time; what is no leaf says nothing of it. */
static enum told_status is_before(struct told_source *source, int64_t log, uint64_t index, uint64_t ms, bool *before)
{
	struct told_reader reader;
	enum told_status status = told_reader_open(source, log, index, &reader);
	*before = status == TOLD_OK && reader.there && reader.leaf != NULL && reader.leaf->time_ms < ms;
	told_reader_close(&reader);
	return status;
}

/* The first entry of that time or later. */
static enum told_status first_at(struct told_source *source, int64_t log, uint64_t ms, uint64_t *index)
{
	uint64_t low = 0, high = told_source_entries(source, log);
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		bool before = false;
		enum told_status status = is_before(source, log, middle, ms, &before);
		if (status != TOLD_OK)
			return status;
		if (before)
			low = middle + 1;
		else
			high = middle;
	}
	*index = low;
	return TOLD_OK;
}

/* From an entry on, as long as entries are no later than that time. */
static enum told_status look_from(struct told_source *source, int64_t log, uint64_t from, uint64_t until_ms,
				  struct told_bytes txid, uint64_t *index, bool *found)
{
	struct told_reader reader;
	enum told_status status = told_reader_open(source, log, from, &reader);
	while (status == TOLD_OK && reader.there && !*found) {
		if (reader.leaf != NULL && reader.leaf->time_ms > until_ms)
			break;
		*found = reader.leaf != NULL && told_bytes_equal(reader.leaf->txid, txid);
		*index = reader.index;
		if (!*found)
			status = told_reader_next(&reader);
	}
	told_reader_close(&reader);
	return status;
}

enum told_status told_txid_seek(struct told_source *source, int64_t log, struct told_bytes txid, uint64_t *index,
				bool *found)
{
	uint64_t from = 0;
	*found = false;
	enum told_status status = first_at(source, log, told_txid_ms(txid), &from);
	return status == TOLD_OK ? look_from(source, log, from, told_txid_ms(txid), txid, index, found) : status;
}

enum told_status told_txid_scan(struct told_source *source, int64_t log, struct told_bytes txid, uint64_t *index,
				bool *found)
{
	*found = false;
	return look_from(source, log, 0, UINT64_MAX, txid, index, found);
}
