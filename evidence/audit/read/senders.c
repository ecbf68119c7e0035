/* SPDX-License-Identifier: Apache-2.0 */
/* A window over each sender's numbers: what slides out of it unseen is a gap. Touches memory only. */
#include "evidence/audit/read/senders.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW TOLD_AUDIT_TURN_WINDOW

struct sender {
	char name[TOLD_NAME_MAX_BYTES + 1];
	size_t len;
	uint64_t next; /* every number below it is settled: seen, or a gap */
	uint64_t top;  /* highest seen */
	bool seen[WINDOW];
};

struct told_senders {
	struct sender *items[TOLD_AUDIT_SENDERS_MAX];
	size_t count, last;
	uint64_t gap_count;
	struct told_gap gaps[TOLD_AUDIT_GAPS_MAX];
};

enum told_status told_senders_new(struct told_senders **out)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

void told_senders_free(struct told_senders *senders)
{
	if (senders == NULL)
		return;
	for (size_t i = 0; i < senders->count; i++)
		free(senders->items[i]);
	free(senders);
}

static bool is(const struct sender *sender, struct told_bytes name)
{
	return sender->len == name.len && memcmp(sender->name, name.data, name.len) == 0;
}

static enum told_status find(struct told_senders *senders, struct told_bytes name, struct sender **out)
{
	if (senders->count > 0 && is(senders->items[senders->last], name)) {
		*out = senders->items[senders->last];
		return TOLD_OK;
	}
	for (size_t i = 0; i < senders->count; i++)
		if (is(senders->items[i], name)) {
			senders->last = i;
			*out = senders->items[i];
			return TOLD_OK;
		}
	if (senders->count == TOLD_AUDIT_SENDERS_MAX || name.len > TOLD_NAME_MAX_BYTES)
		return TOLD_E_LIMIT;
	struct sender *sender = calloc(1, sizeof *sender);
	if (sender == NULL)
		return TOLD_E_MEMORY;
	memcpy(sender->name, name.data, name.len);
	sender->len = name.len;
	sender->next = 1; /* the first message of an agent has number 1 */
	senders->last = senders->count;
	senders->items[senders->count++] = *out = sender;
	return TOLD_OK;
}

/* from..to of a sender are in no entry; joins the gap before when they touch. */
static void gap(struct told_senders *senders, const struct sender *sender, uint64_t from, uint64_t to)
{
	struct told_gap *last = senders->gap_count > 0 && senders->gap_count <= TOLD_AUDIT_GAPS_MAX
					? &senders->gaps[senders->gap_count - 1]
					: NULL;
	if (last != NULL && strcmp(last->sender, sender->name) == 0 && last->to + 1 == from) {
		last->to = to;
		return;
	}
	if (senders->gap_count < TOLD_AUDIT_GAPS_MAX) {
		struct told_gap *next = &senders->gaps[senders->gap_count];
		memcpy(next->sender, sender->name, sizeof next->sender);
		next->from = from;
		next->to = to;
	}
	senders->gap_count++;
}

/* Settles every number below `to`. */
static void settle(struct told_senders *senders, struct sender *sender, uint64_t to)
{
	uint64_t in_window = to - sender->next < WINDOW ? to : sender->next + WINDOW;
	for (; sender->next < in_window; sender->next++) {
		bool *seen = &sender->seen[sender->next % WINDOW];
		if (!*seen)
			gap(senders, sender, sender->next, sender->next);
		*seen = false;
	}
	if (sender->next < to) {
		gap(senders, sender, sender->next, to - 1);
		sender->next = to;
	}
}

enum told_status told_senders_add(struct told_senders *senders, struct told_bytes name, uint64_t number)
{
	struct sender *sender;
	if (number == 0 || name.len == 0)
		return TOLD_OK;
	enum told_status status = find(senders, name, &sender);
	if (status != TOLD_OK || number < sender->next)
		return status;
	if (number - sender->next >= WINDOW)
		settle(senders, sender, number - WINDOW + 1);
	sender->seen[number % WINDOW] = true;
	sender->top = number > sender->top ? number : sender->top;
	while (sender->seen[sender->next % WINDOW])
		sender->seen[sender->next++ % WINDOW] = false;
	return TOLD_OK;
}

void told_senders_end(struct told_senders *senders, struct told_report *report)
{
	for (size_t i = 0; i < senders->count; i++)
		if (senders->items[i]->top >= senders->items[i]->next)
			settle(senders, senders->items[i], senders->items[i]->top + 1);
	report->senders += senders->count;
	for (uint64_t i = 0; i < senders->gap_count; i++, report->gap_count++)
		if (i < TOLD_AUDIT_GAPS_MAX && report->gap_count < TOLD_AUDIT_GAPS_MAX)
			report->gaps[report->gap_count] = senders->gaps[i];
}
