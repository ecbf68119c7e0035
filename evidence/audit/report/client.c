/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit client: who has been sent one person's story, when, why and under what. The auditor sees all rows; what
 * the person's own statement would leave off is marked (practice.md section 4). */
#include "evidence/audit/report/client.h"

#include "evidence/audit/base/words.h"
#include "evidence/audit/report/report_common.h"
#include "proto/page/page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	struct told_common common;
	const char *reference, *reason;
};

/* The first five as in Estonia's findUsage 1.6; the rest is what an auditor needs besides. */
static const struct told_sheet_column columns[] = {
	[TOLD_CLIENT_LOGTIME] = {"logtime", "When", false},
	[TOLD_CLIENT_ACTION] = {"action", "What", false},
	[TOLD_CLIENT_CODE] = {"receiverCode", "Receiver", false},
	[TOLD_CLIENT_NAME] = {"receiverName", "Name", false},
	[TOLD_CLIENT_SYSTEM] = {"receiverSystem", "System", false},
	[TOLD_CLIENT_SENDER] = {"senderCode", "Sender", false},
	[TOLD_CLIENT_CATEGORIES] = {"categories", "Categories", false},
	[TOLD_CLIENT_PURPOSE] = {"purpose", "Purpose", false},
	[TOLD_CLIENT_AGREEMENT] = {"agreement", "Agreement", false},
	[TOLD_CLIENT_CLAUSE] = {"clause", "Clause", false},
	[TOLD_CLIENT_BASIS] = {"basis", "Basis", false},
	[TOLD_CLIENT_STATEMENT] = {"statement", "On the person's statement", false},
	[TOLD_CLIENT_ENTRY] = {"entry", "Entry", true},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* ---- the person ---- */

static bool is_alias(const struct told_client_report *client, struct told_bytes reference)
{
	for (size_t i = 0; i < client->alias_count; i++)
		if (told_bytes_equal(reference, told_bytes(client->aliases[i], TOLD_ID_BYTES)))
			return true;
	return false;
}

/* Takes up one of two merged references when the other is the person's. */
static bool follow(struct told_client_report *client, struct told_bytes a, struct told_bytes b)
{
	struct told_bytes other = is_alias(client, a) ? b : is_alias(client, b) ? a : told_bytes(NULL, 0);
	if (other.len != TOLD_ID_BYTES || is_alias(client, other) || client->alias_count == TOLD_ALIASES_MAX)
		return false;
	memcpy(client->aliases[client->alias_count++], other.data, TOLD_ID_BYTES);
	return true;
}

static enum told_status merges_once(struct told_client_report *client, struct told_audit_store *store, bool *found)
{
	static const char sql[] = "SELECT envelope FROM fact WHERE type = ?1 ORDER BY log, idx";
	const int64_t type = TOLD_TYPE_REFERENCE;
	struct told_arena *arena = NULL;
	struct told_rows rows;
	enum told_status status = told_beside_open(store, sql, told_bytes(NULL, 0), &type, 1, &rows);
	if (status == TOLD_OK)
		status = told_arena_new(4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES, &arena);
	for (*found = false; status == TOLD_OK && rows.there; status = told_rows_next(&rows)) {
		struct told_envelope *envelope = NULL;
		struct told_header *header = NULL;
		told_arena_reset(arena);
		if (told_envelope_decode(told_rows_bytes(&rows, 0), arena, &envelope) == TOLD_OK &&
		    told_header_decode(envelope->header, arena, &header) == TOLD_OK && header->reference != NULL)
			*found |= follow(client, header->client_ref, header->reference->other);
	}
	told_rows_close(&rows);
	told_arena_free(arena);
	return status;
}

/* References are aliases of one person: a merged one is the same. */
static enum told_status find_aliases(struct told_client_report *client, struct told_audit_store *store)
{
	bool found = true;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && found)
		status = merges_once(client, store, &found);
	return status;
}

/* ---- the log ---- */

size_t told_client_name(char out[TOLD_NAME_MAX_BYTES], struct told_bytes name)
{
	size_t len = name.len < TOLD_NAME_MAX_BYTES ? name.len : TOLD_NAME_MAX_BYTES;
	if (len > 0)
		memcpy(out, name.data, len);
	return len;
}

static enum told_status keep_delivered(struct told_client_report *client, const struct told_audit_event *event)
{
	const struct told_leaf *leaf = event->leaf;
	if (leaf->txid.len != TOLD_ID_BYTES)
		return TOLD_OK;
	if (client->delivered_count == client->delivered_room) {
		size_t room = client->delivered_room == 0 ? 64 : 2 * client->delivered_room;
		struct told_delivered *more = realloc(client->delivered, room * sizeof *more);
		if (more == NULL)
			return TOLD_E_MEMORY;
		client->delivered = more;
		client->delivered_room = room;
	}
	struct told_delivered *row = &client->delivered[client->delivered_count++];
	*row = (struct told_delivered){.index = event->index, .type = leaf->type};
	memcpy(row->txid, leaf->txid.data, TOLD_ID_BYTES);
	row->from_len = told_client_name(row->from, leaf->sender);
	row->to_len = told_client_name(row->to, leaf->recipient);
	return TOLD_OK;
}

/* What of the person went to this party in that transaction. */
static const struct told_delivered *delivered_to(const struct told_client_report *client, struct told_bytes party,
						 struct told_bytes txid)
{
	for (size_t i = 0; i < client->delivered_count; i++) {
		const struct told_delivered *row = &client->delivered[i];
		if (told_bytes_equal(txid, told_bytes(row->txid, TOLD_ID_BYTES)) &&
		    told_bytes_equal(party, told_bytes(row->to, row->to_len)))
			return row;
	}
	return NULL;
}

static struct told_disclosure disclosure_of(const struct told_audit_event *event, const char *verb)
{
	return (struct told_disclosure){.event = event,
					.from = event->leaf->sender,
					.to = event->leaf->recipient,
					.agreement = event->leaf->agreement,
					.version = event->leaf->agreement_version,
					.clause = event->leaf->clause,
					.verb = verb};
}

/* One row for each who sent: an answer to an ask has a part of the ruling for each holder, anything else one. */
static enum told_status put_parts(struct told_client_report *client, const struct told_audit_event *event,
				  const char *verb)
{
	bool answer = event->leaf->type == TOLD_TYPE_ASK || event->leaf->type == TOLD_TYPE_KNOWN, any = false;
	bool delivered = event->leaf->phase == TOLD_PHASE_DELIVERED;
	struct told_disclosure d = disclosure_of(event, verb);
	enum told_status status = TOLD_OK;
	for (size_t i = 0; event->ruling != NULL && status == TOLD_OK && i < event->ruling->recipients.count; i++) {
		d.part = &event->ruling->recipients.items[i];
		if (answer && d.part->effect != TOLD_EFFECT_RELEASE && d.part->effect != TOLD_EFFECT_PARTIAL)
			continue;
		if (answer)
			d.from = d.part->recipient;
		else if (!delivered)
			d.to = d.part->recipient;
		else if (!told_bytes_equal(d.part->recipient, event->leaf->recipient))
			continue;
		if (d.part->agreement.len > 0) {
			d.agreement = d.part->agreement;
			d.version = d.part->agreement_version;
		}
		d.clause = d.part->clause.len > 0 ? d.part->clause : d.clause;
		any = true;
		status = told_disclosure_put(client, &d);
	}
	d.part = NULL;
	d.from = answer ? told_text("(not said)") : event->leaf->sender;
	return any || status != TOLD_OK ? status : told_disclosure_put(client, &d);
}

/* "Opened" only where an entry says so, by the transactions of what its agency was sent: it speaks of many at once. */
static enum told_status put_opened(struct told_client_report *client, const struct told_audit_event *event)
{
	enum told_status status = TOLD_OK;
	struct told_disclosure d = disclosure_of(event, NULL);
	d.to = event->leaf->sender;
	for (size_t i = 0; event->facts != NULL && status == TOLD_OK && i < event->facts->txids.count; i++) {
		d.opened = delivered_to(client, d.to, event->facts->txids.items[i]);
		if (d.opened == NULL)
			continue;
		d.from = told_bytes(d.opened->from, d.opened->from_len);
		status = told_disclosure_put(client, &d);
	}
	return status;
}

static enum told_status hear(void *ctx, const struct told_audit_event *event)
{
	struct told_client_report *client = ctx;
	const struct told_leaf *leaf = event->leaf;
	bool about = (event->subject != NULL && is_alias(client, event->subject->client_ref)) ||
		     (event->person.len > 0 && is_alias(client, event->person));
	client->first_ms = client->first_ms == 0 ? leaf->time_ms : client->first_ms;
	client->last_ms = leaf->time_ms;
	if (leaf->phase == TOLD_PHASE_OPENED)
		return put_opened(client, event);
	if (!about)
		return told_unknown_hear(&client->unknown, event);
	client->refused += leaf->phase == TOLD_PHASE_REFUSED;
	if (leaf->phase == TOLD_PHASE_ACCEPTED && leaf->type == TOLD_TYPE_DISCLOSURE_RECORD)
		return put_parts(client, event, "Told in person to");
	if (leaf->phase != TOLD_PHASE_DELIVERED)
		return TOLD_OK;
	enum told_status status = keep_delivered(client, event);
	return status == TOLD_OK ? put_parts(client, event, "Sent to") : status;
}

/* ---- showing ---- */

static void show_row(const struct told_sheet *sheet, size_t row, FILE *out)
{
	static const struct {
		const char *before;
		enum told_client_column column;
	} line[] = {
		{"", TOLD_CLIENT_LOGTIME},
		{"  ", TOLD_CLIENT_ACTION},
		{"\n    under ", TOLD_CLIENT_AGREEMENT},
		{", clause ", TOLD_CLIENT_CLAUSE},
		{"\n    resting on ", TOLD_CLIENT_BASIS},
		{"\n    on the person's statement: ", TOLD_CLIENT_STATEMENT},
		{"; entry ", TOLD_CLIENT_ENTRY},
	};
	for (size_t i = 0; i < sizeof line / sizeof line[0]; i++) {
		struct told_bytes cell = told_sheet_cell(sheet, row, line[i].column);
		if (cell.len == 0)
			continue;
		fputs(line[i].before, out);
		told_print_plain(out, cell);
	}
	fputc('\n', out);
}

/* "Nobody" is said only of a copy that would show it. */
static void show_known(const struct told_client_report *client, FILE *out)
{
	for (size_t r = 0; r < told_sheet_rows(&client->sheet); r++)
		show_row(&client->sheet, r, out);
	if (told_sheet_rows(&client->sheet) == 0 && client->unknown.deliveries == 0)
		fputs("Nothing about this person was sent to anybody, as far as this copy shows.\n", out);
	else if (told_sheet_rows(&client->sheet) == 0)
		fputs("Nothing that this copy shows to be about this person was sent to anybody.\n", out);
	fprintf(out, "\n%" PRIu64 " message%s refused and sent to nobody.\n", client->refused,
		told_many(client->refused, " about the person was", "s about the person were"));
}

static enum told_status show_text(const struct told_client_report *client, const struct told_audit_io *io)
{
	enum told_status status = TOLD_OK;
	char now[TOLD_TIME_BYTES];
	FILE *out = io->out;
	told_time_format(io->now_ms, now);
	fprintf(out, "Who has been sent this person's story. Made %s.\nReason given: ", now);
	told_print_plain(out, told_text(client->reason));
	fputs("\n\n", out);
	if (!client->tiles)
		show_known(client, out);
	if (client->tiles || client->unknown.deliveries > 0)
		status = told_unknown_print(&client->unknown, client->tiles, io);
	told_common_seen(&client->seen, out);
	return status;
}

static enum told_status show_json(const struct told_client_report *client, const struct told_audit_io *io)
{
	char first[TOLD_TIME_BYTES] = "", last[TOLD_TIME_BYTES] = "";
	if (client->first_ms != 0)
		told_time_format(client->first_ms, first);
	if (client->last_ms != 0)
		told_time_format(client->last_ms, last);
	fputs("{\"reason\":", io->out);
	told_print_json(io->out, told_text(client->reason));
	fprintf(io->out, ",\"usagePeriod\":{\"from\":\"%s\",\"to\":\"%s\"},", first, last);
	told_common_seen_json(&client->seen, io->out);
	enum told_status status = told_unknown_json(&client->unknown, io->out);
	fprintf(io->out, "\"answered\":%s,", client->tiles ? "false" : "true");
	if (client->tiles) {
		fputs("\"refused\":null,\"usages\":null}\n", io->out);
		return status;
	}
	fprintf(io->out, "\"refused\":%" PRIu64 ",\"usages\":", client->refused);
	told_sheet_json(&client->sheet, io->out);
	fputs("}\n", io->out);
	return status;
}

static int report(void *ctx, struct told_source *source, const struct told_audit_io *io)
{
	struct told_client_report *client = ctx;
	client->tiles = source->tiles;
	enum told_status status = told_declared_init(&client->declared);
	if (status == TOLD_OK)
		status = told_declared_store(&client->declared, &source->store);
	if (status == TOLD_OK)
		status = find_aliases(client, &source->store);
	if (status == TOLD_OK)
		status = told_events_each(source, hear, client, &client->seen);
	told_sheet_reverse(&client->sheet); /* newest first */
	if (status == TOLD_OK)
		status = client->sheet.status;
	if (status != TOLD_OK)
		return told_common_fail(status, io);
	status = client->json ? show_json(client, io) : show_text(client, io);
	if (status != TOLD_OK)
		return told_common_fail(status, io);
	return client->tiles ? TOLD_AUDIT_CHECK_FAILED : TOLD_AUDIT_GOOD;
}

/* ---- the command ---- */

static const char usage[] =
	"usage: told-audit client REFERENCE --reason TEXT --store FILE|--tiles DIR [--json]\n"
	"\n"
	"  REFERENCE      the code of the person's card, or 32 hexadecimal digits: in a "
	"partnership's copy their name there\n"
	"  --reason TEXT  why you look at one person; it is written into the report\n"
	"  --store FILE   a copy of the broker's store, or a copy for audit\n"
	"  --tiles DIR    or an export: it does not show whom an entry is about, and so who was\n"
	"                 sent something of anybody\n"
	"  --json         one JSON object; usages in the form of Estonia's findUsage\n"
	"\n"
	"Exit: 0 done, 1 this copy cannot answer, 2 wrong use, 5 the copy is damaged, 6 a file cannot be read.\n";

static int go(struct arguments *a, const struct told_audit_io *io)
{
	struct told_client_report *client = calloc(1, sizeof *client);
	if (client == NULL)
		return told_common_fail(TOLD_E_MEMORY, io);
	client->reason = a->reason;
	client->json = a->common.json;
	client->alias_count = 1;
	told_sheet_init(&client->sheet, columns, COLUMNS);
	int code = TOLD_AUDIT_WRONG_USE;
	if (told_reference_read(told_text(a->reference), client->aliases[0]) == TOLD_OK)
		code = told_common_run(&a->common, report, client, io);
	else
		fputs("told-audit: this is no reference: a sign is wrong or missing, or two changed places.\n"
		      "Compare it with the card; blanks and hyphens do not matter.\n",
		      io->err);
	told_declared_free(&client->declared);
	told_sheet_free(&client->sheet);
	told_unknown_free(&client->unknown);
	free(client->delivered);
	free(client);
	return code;
}

int told_audit_client(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	const struct told_option options[] = {
		TOLD_COMMON_OPTIONS(&a.common),
		{"--reason", TOLD_OPTION_VALUE, true, &a.reason},
	};
	bool named = argc > 0 && strncmp(args[0], "--", 2) != 0, good = false;
	a.reference = named ? args[0] : "";
	int code = told_common_read(argc - named, args + named, usage, options, sizeof options / sizeof options[0], io,
				    &good);
	if (!good)
		return code;
	if (!named)
		fprintf(io->err, "told-audit: whose? The reference stands behind the command.\n%s", usage);
	return named ? go(&a, io) : TOLD_AUDIT_WRONG_USE;
}
