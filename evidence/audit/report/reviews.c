/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers reviews from the signed headers that are kept, before the overrides that they are about are shown. */
#include "evidence/audit/report/reviews.h"

#include "broker/agree/index.h"
#include "evidence/audit/read/events.h"
#include "told/codes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gathering {
	struct told_reviews *reviews;
	struct told_headers headers;
	uint64_t until_ms;
};

static void name_put(char out[TOLD_NAME_MAX_BYTES + 1], struct told_bytes name)
{
	snprintf(out, TOLD_NAME_MAX_BYTES + 1, "%.*s", (int)name.len, (const char *)name.data);
}

static enum told_status add(struct told_reviews *reviews, const struct told_header *header, uint64_t logged_ms)
{
	struct told_review *more =
		told_list_room(reviews->items, reviews->count, &reviews->room, sizeof *more, UINT32_MAX);
	if (more == NULL)
		return TOLD_E_MEMORY;
	reviews->items = more;
	struct told_review *review = &reviews->items[reviews->count++];
	*review = (struct told_review){.outcome = header->alert_record->outcome,
				       .held_ms = header->alert_record->at_ms,
				       .logged_ms = logged_ms};
	memcpy(review->message, header->in_reply_to.data, TOLD_ID_BYTES);
	name_put(review->sender, header->sender);
	name_put(review->reviewer, header->author);
	return TOLD_OK;
}

static enum told_status hear(void *ctx, const struct told_audit_event *event)
{
	struct gathering *gathering = ctx;
	const struct told_leaf *leaf = event->leaf;
	const struct told_header *header = NULL;
	if (leaf->type != TOLD_TYPE_ALERT_RECORD || leaf->phase != TOLD_PHASE_ACCEPTED ||
	    leaf->time_ms > gathering->until_ms)
		return TOLD_OK;
	enum told_status status = told_headers_at(&gathering->headers, event, &header);
	bool whole = header != NULL && header->alert_record != NULL && header->in_reply_to.len == TOLD_ID_BYTES &&
		     told_bytes_equal(header->sender, leaf->sender);
	gathering->reviews->not_kept += !whole;
	if (status != TOLD_OK || !whole || header->alert_record->event != TOLD_ALERT_EVENT_REVIEWED)
		return status;
	return add(gathering->reviews, header, leaf->time_ms);
}

static int compare(const void *left, const void *right)
{
	const struct told_review *a = left, *b = right;
	int order = memcmp(a->message, b->message, TOLD_ID_BYTES);
	return order != 0 ? order : (a->logged_ms > b->logged_ms) - (a->logged_ms < b->logged_ms);
}

enum told_status told_reviews_read(struct told_source *source, uint64_t until_ms, struct told_reviews *out)
{
	struct gathering gathering = {.reviews = out, .until_ms = until_ms};
	struct told_events_seen seen;
	enum told_status status = told_headers_open(&source->store, &gathering.headers);
	if (status == TOLD_OK)
		status = told_events_each(source, hear, &gathering, &seen);
	told_headers_close(&gathering.headers);
	if (out->count > 0)
		qsort(out->items, out->count, sizeof *out->items, compare);
	return status;
}

void told_reviews_free(struct told_reviews *reviews)
{
	free(reviews->items);
	*reviews = (struct told_reviews){0};
}

/* Where the first of this message is, or would be. */
static size_t first_of(const struct told_reviews *reviews, struct told_bytes message)
{
	size_t from = 0, to = reviews->count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (memcmp(reviews->items[middle].message, message.data, TOLD_ID_BYTES) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

const struct told_review *told_reviews_find(const struct told_reviews *reviews, struct told_bytes message,
					    struct told_bytes sender)
{
	if (message.len != TOLD_ID_BYTES)
		return NULL;
	for (size_t i = first_of(reviews, message); i < reviews->count; i++) {
		const struct told_review *review = &reviews->items[i];
		if (memcmp(review->message, message.data, TOLD_ID_BYTES) != 0)
			return NULL;
		if (told_bytes_equal(told_text(review->sender), sender))
			return review;
	}
	return NULL;
}
