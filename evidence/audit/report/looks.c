/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit looks: who read the log: each query of the running broker and each copy that was ordered, with when, why,
 * at whose entries and how many were given; refused ones too. */
#include "evidence/audit/read/events.h"
#include "evidence/audit/report/report_common.h"
#include "evidence/audit/report/sheet.h"

#include "proto/page/page.h"
#include "told/codes.h"

#include <inttypes.h>

struct arguments {
	struct told_common common;
	bool csv;
};

enum column { ENTRY, TIME, BY, WORKER, HOW, WHY, WHOSE, PERSON, MESSAGE, GIVEN, NEXT, ORDER, TXID };
static const struct told_sheet_column columns[] = {
	[ENTRY] = {"entry", "Entry", true},
	[TIME] = {"time", "When", false},
	[BY] = {"by", "By", false},
	[WORKER] = {"worker", "Worker", false},
	[HOW] = {"how", "How", false},
	[WHY] = {"why", "Why", false},
	[WHOSE] = {"whose", "Whose entries", false},
	[PERSON] = {"person", "One person's", false},
	[MESSAGE] = {"message", "One message", false},
	[GIVEN] = {"given", "Given", true},
	[NEXT] = {"looked_until", "Looked until", true},
	[ORDER] = {"order", "Under the order in", false},
	[TXID] = {"txid", "Transaction", false},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

struct looks {
	const struct arguments *arguments;
	struct told_headers headers;
	struct told_events_seen seen;
	struct told_sheet sheet;
	uint64_t refused;
};

static void put_worker(struct told_sheet *sheet, const struct told_audit_event *event)
{
	bool open = event->subject != NULL;
	told_sheet_put(sheet, open ? event->subject->worker : told_text("not shown"));
}

static void put_order(struct told_sheet *sheet, uint64_t order)
{
	char number[24] = "";
	if (order > 0)
		snprintf(number, sizeof number, "%" PRIu64, order - 1);
	told_sheet_text(sheet, number);
}

/* What the broker states of a query, as it was asked. */
static void put_view(struct looks *looks, const struct told_audit_event *event)
{
	const struct told_audit_viewed *viewed = event->facts != NULL ? event->facts->viewed : NULL;
	const struct told_audit_view_part *asked = viewed != NULL ? viewed->asked : NULL;
	bool refused = event->leaf->phase == TOLD_PHASE_REFUSED, all = asked != NULL && asked->all != 0;
	struct told_sheet *sheet = &looks->sheet;
	looks->refused += refused;
	told_sheet_text(sheet, refused ? "view refused" : "view");
	told_sheet_text(sheet, asked != NULL ? told_code(TOLD_LIST_AUDIT_PURPOSE, asked->purpose) : "not kept");
	told_sheet_put(sheet, asked == NULL       ? told_text("not kept")
			      : all               ? told_text("all")
			      : asked->of.len > 0 ? asked->of
						  : event->leaf->sender);
	told_sheet_text(sheet, event->subject == NULL               ? "not shown"
			       : event->subject->client_ref.len > 0 ? "yes"
								    : "no");
	told_sheet_hex(sheet, asked != NULL ? asked->message : told_bytes(NULL, 0));
	told_sheet_number(sheet, viewed != NULL ? viewed->count : 0);
	told_sheet_number(sheet, viewed != NULL ? viewed->next : 0);
	put_order(sheet, viewed != NULL ? viewed->order : 0);
}

static void put_copy(struct looks *looks, const struct told_header *header)
{
	const struct told_audit_copy_part *copy = header != NULL ? header->audit_copy : NULL;
	struct told_sheet *sheet = &looks->sheet;
	told_sheet_text(sheet, "copy ordered");
	told_sheet_text(sheet, copy != NULL ? told_code(TOLD_LIST_AUDIT_PURPOSE, copy->purpose) : "not kept");
	told_sheet_put(sheet, copy == NULL          ? told_text("not kept")
			      : copy->party.len > 0 ? copy->party
						    : told_text("all"));
	told_sheet_text(sheet, "no");
	told_sheet_text(sheet, "");
	told_sheet_number(sheet, 0);
	told_sheet_number(sheet, 0);
	told_sheet_text(sheet, "");
}

static enum told_status hear(void *ctx, const struct told_audit_event *event)
{
	struct looks *looks = ctx;
	const struct told_leaf *leaf = event->leaf;
	const struct told_header *header = NULL;
	bool copy = leaf->type == TOLD_TYPE_AUDIT_COPY && leaf->phase == TOLD_PHASE_ADMIN;
	if (leaf->type != TOLD_TYPE_AUDIT_VIEW && !copy)
		return TOLD_OK;
	enum told_status status = copy ? told_headers_at(&looks->headers, event, &header) : TOLD_OK;
	if (status != TOLD_OK)
		return status;
	told_sheet_number(&looks->sheet, event->index);
	told_sheet_time(&looks->sheet, leaf->time_ms);
	told_sheet_put(&looks->sheet, leaf->sender);
	put_worker(&looks->sheet, event);
	if (copy)
		put_copy(looks, header);
	else
		put_view(looks, event);
	told_sheet_hex(&looks->sheet, leaf->txid);
	return looks->sheet.status;
}

static void show(const struct looks *looks, const struct told_audit_io *io)
{
	const struct told_sheet *sheet = &looks->sheet;
	if (looks->arguments->csv) {
		told_sheet_csv(sheet, io->out);
	} else if (looks->arguments->common.json) {
		fputc('{', io->out);
		told_common_seen_json(&looks->seen, io->out);
		fprintf(io->out, "\"refused\":%" PRIu64 ",\"looks\":", looks->refused);
		told_sheet_json(sheet, io->out);
		fputs("}\n", io->out);
	} else {
		told_sheet_print(sheet, io);
		fprintf(io->out, "\nThe log was read %zu time%s; %" PRIu64 " of these %s refused.",
			told_sheet_rows(sheet), told_many(told_sheet_rows(sheet), "", "s"), looks->refused,
			told_many(looks->refused, "was", "were"));
		told_common_seen(&looks->seen, io->out);
	}
}

static int report(void *ctx, struct told_source *source, const struct told_audit_io *io)
{
	struct looks *looks = ctx;
	enum told_status status = told_headers_open(&source->store, &looks->headers);
	if (status == TOLD_OK)
		status = told_events_each(source, hear, looks, &looks->seen);
	told_headers_close(&looks->headers);
	if (status != TOLD_OK)
		return told_common_fail(status, io);
	show(looks, io);
	return TOLD_AUDIT_GOOD;
}

static const char usage[] = "usage: told-audit looks --store FILE|--tiles DIR [--csv|--json]\n"
			    "\n"
			    "Who read the log: every look through the running broker and every copy that was ordered, "
			    "refused ones too, with\n"
			    "when, why, by which worker, at whose entries, and how many were given.\n"
			    "\n"
			    "Exit: 0 done, 2 wrong use, 5 the copy is damaged, 6 a file cannot be read.\n";

int told_audit_looks(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	const struct told_option options[] = {
		TOLD_COMMON_OPTIONS(&a.common),
		{"--csv", TOLD_OPTION_FLAG, false, &a.csv},
	};
	bool go = false;
	int code = told_common_read(argc, args, usage, options, sizeof options / sizeof options[0], io, &go);
	if (!go)
		return code;
	struct looks looks = {.arguments = &a};
	told_sheet_init(&looks.sheet, columns, COLUMNS);
	code = told_common_run(&a.common, report, &looks, io);
	told_sheet_free(&looks.sheet);
	return code;
}
