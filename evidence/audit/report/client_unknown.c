/* SPDX-License-Identifier: Apache-2.0 */
/* Deliveries of which a copy does not show whom they were about, added up by who sent and who was sent: all of them in
 * a folder of tiles, elsewhere what was erased or held back. Touches memory only. */
#include "evidence/audit/report/client.h"

#include "proto/page/page.h"
#include "proto/types.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct told_sheet_column columns[] = {
	{"senderCode", "Sender", false},     {"receiverCode", "Receiver", false}, {"deliveries", "Deliveries", true},
	{"categories", "Categories", false}, {"first", "First", false},           {"last", "Last", false},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* Keys, agreements and the like are about nobody. */
static bool about_somebody(uint32_t type)
{
	const struct told_type_rule *rule = told_type_rule(type);
	return rule == NULL || ((rule->needs | rule->may) & TOLD_PART_CLIENT) != 0;
}

/* An answer to an ask is sent by those who were asked, and its entry names who asked. */
static struct told_bytes sender_of(const struct told_leaf *leaf)
{
	bool answer = leaf->type == TOLD_TYPE_ASK || leaf->type == TOLD_TYPE_KNOWN;
	return answer ? told_text("(not said)") : leaf->sender;
}

static bool is_pair(const struct told_unknown_pair *pair, const struct told_leaf *leaf)
{
	return told_bytes_equal(told_bytes(pair->from, pair->from_len), sender_of(leaf)) &&
	       told_bytes_equal(told_bytes(pair->to, pair->to_len), leaf->recipient);
}

static enum told_status pair_of(struct told_unknown *unknown, const struct told_leaf *leaf,
				struct told_unknown_pair **out)
{
	for (size_t i = 0; i < unknown->count; i++)
		if (is_pair(*out = &unknown->pairs[i], leaf))
			return TOLD_OK;
	if (unknown->count == unknown->room) {
		size_t room = unknown->room == 0 ? 16 : 2 * unknown->room;
		struct told_unknown_pair *more = realloc(unknown->pairs, room * sizeof *more);
		if (more == NULL)
			return TOLD_E_MEMORY;
		unknown->pairs = more;
		unknown->room = room;
	}
	*out = &unknown->pairs[unknown->count++];
	**out = (struct told_unknown_pair){.first_ms = leaf->time_ms};
	(*out)->from_len = told_client_name((*out)->from, sender_of(leaf));
	(*out)->to_len = told_client_name((*out)->to, leaf->recipient);
	return TOLD_OK;
}

enum told_status told_unknown_hear(struct told_unknown *unknown, const struct told_audit_event *event)
{
	const struct told_leaf *leaf = event->leaf;
	struct told_unknown_pair *pair = NULL;
	if (event->subject != NULL || event->person.len > 0 || !about_somebody(leaf->type))
		return TOLD_OK;
	unknown->refused += leaf->phase == TOLD_PHASE_REFUSED;
	unknown->told += leaf->phase == TOLD_PHASE_ACCEPTED && leaf->type == TOLD_TYPE_DISCLOSURE_RECORD;
	if (leaf->phase != TOLD_PHASE_DELIVERED)
		return TOLD_OK;
	enum told_status status = pair_of(unknown, leaf, &pair);
	if (status != TOLD_OK)
		return status;
	unknown->deliveries++;
	pair->deliveries++;
	pair->last_ms = leaf->time_ms;
	for (size_t i = 0; i < leaf->released.count; i++)
		told_catset_add(&pair->categories, leaf->released.items[i]);
	return TOLD_OK;
}

static enum told_status fill(const struct told_unknown *unknown, struct told_sheet *sheet)
{
	told_sheet_init(sheet, columns, COLUMNS);
	for (size_t i = 0; i < unknown->count; i++) {
		const struct told_unknown_pair *pair = &unknown->pairs[i];
		struct told_buf categories = TOLD_BUF(4096);
		for (unsigned c = 1; c <= told_list_max(TOLD_LIST_CATEGORY); c++)
			if (told_catset_has(&pair->categories, c))
				told_join(&categories, told_code(TOLD_LIST_CATEGORY, c));
		told_sheet_put(sheet, told_bytes(pair->from, pair->from_len));
		told_sheet_put(sheet, told_bytes(pair->to, pair->to_len));
		told_sheet_number(sheet, pair->deliveries);
		told_sheet_put(sheet, told_buf_view(&categories));
		told_sheet_time(sheet, pair->first_ms);
		told_sheet_time(sheet, pair->last_ms);
		told_buf_free(&categories);
	}
	return sheet->status;
}

enum told_status told_unknown_print(const struct told_unknown *unknown, bool tiles, const struct told_audit_io *io)
{
	FILE *out = io->out;
	struct told_sheet sheet;
	enum told_status status = fill(unknown, &sheet);
	if (tiles)
		fputs("This copy cannot answer that. An export of tiles holds no details: it does not show whom an "
		      "entry is about,\nso nothing below is known to be about this person, and nothing is known not "
		      "to be. Ask for a copy of the store:\ntold-audit client REFERENCE --reason TEXT --store FILE\n",
		      out);
	if (unknown->deliveries > 0)
		fprintf(out, "\nOf %" PRIu64 " deliver%s about%s. %s went\n\n", unknown->deliveries,
			told_many(unknown->deliveries, "y it does not show whom it was",
				  "ies it does not show whom they were"),
			tiles ? "" : " (erased, or held back)", told_many(unknown->deliveries, "It", "They"));
	else if (tiles)
		fputs("\nIt does show that nothing about any person was delivered to anybody in this log.\n", out);
	if (unknown->deliveries > 0 && status == TOLD_OK)
		told_sheet_print(&sheet, io);
	if (unknown->deliveries > 0 && tiles)
		fputs("\nWhoever is not a receiver there was delivered nothing about any person in this log.\n", out);
	if (unknown->told > 0)
		fprintf(out, "\n%" PRIu64 " entr%s something told in person, and not to whom or of whom.\n",
			unknown->told, told_many(unknown->told, "y records", "ies record"));
	told_sheet_free(&sheet);
	return status;
}

enum told_status told_unknown_json(const struct told_unknown *unknown, FILE *out)
{
	struct told_sheet sheet;
	enum told_status status = fill(unknown, &sheet);
	fprintf(out,
		"\"notShown\":{\"deliveries\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"toldInPerson\":%" PRIu64
		",\"flows\":",
		unknown->deliveries, unknown->refused, unknown->told);
	told_sheet_json(&sheet, out);
	fputs("},", out);
	told_sheet_free(&sheet);
	return status;
}

void told_unknown_free(struct told_unknown *unknown)
{
	free(unknown->pairs);
	*unknown = (struct told_unknown){0};
}
