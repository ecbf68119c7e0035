/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit overrides: every override with who declared it, who seconded it, what it opened to whom, and whether its
 * review is due. What the leaf does not say stands in the signed header, where that is still kept. */
#include "broker/decide/decide.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/report/report_common.h"
#include "evidence/audit/report/sheet.h"

#include <inttypes.h>

struct arguments {
	struct told_common common;
	const char *at;
	bool csv;
	uint64_t at_ms;
};

enum column {
	ENTRY,
	TIME,
	KIND,
	SENDER,
	AUTHOR,
	SECOND,
	CLAUSE,
	RECIPIENTS,
	REASON,
	EXPIRES,
	REVIEW,
	STANDING,
	TXID,
	CATEGORIES
};
static const struct told_sheet_column columns[] = {
	[ENTRY] = {"entry", "Entry", true},
	[TIME] = {"time", "Declared", false},
	[KIND] = {"kind", "Kind", false},
	[SENDER] = {"sender", "By", false},
	[AUTHOR] = {"author", "Worker", false},
	[SECOND] = {"second", "Second", false},
	[CLAUSE] = {"clause", "Clause", false},
	[RECIPIENTS] = {"recipients", "Recipients", false},
	[REASON] = {"reason_given", "Reason given", false},
	[EXPIRES] = {"expires", "Ends", false},
	[REVIEW] = {"review_due", "Review due", false},
	[STANDING] = {"review", "Review", false},
	[TXID] = {"txid", "Transaction", false},
	[CATEGORIES] = {"categories", "Categories", false},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

struct overrides {
	const struct arguments *arguments;
	struct told_headers headers;
	struct told_events_seen seen;
	struct told_sheet sheet;
	uint64_t overdue;
	uint64_t at_ms;
};

/* The earliest review that the rulings ask for; 0: none. */
static uint64_t review_of(const struct told_leaf_ruling *ruling)
{
	uint64_t due = 0;
	for (size_t i = 0; ruling != NULL && i < ruling->recipients.count; i++) {
		const struct told_leaf_obligation_list *list = &ruling->recipients.items[i].obligations;
		for (size_t o = 0; o < list->count; o++)
			if (list->items[o].kind == TOLD_OBLIGATION_REVIEW_BY &&
			    (due == 0 || list->items[o].due_ms < due))
				due = list->items[o].due_ms;
	}
	return due;
}

static void recipients_of(const struct told_audit_event *event, const struct told_header *header,
			  struct told_buf *parties, struct told_buf *categories)
{
	struct told_catset released = {0};
	for (size_t i = 0; event->ruling != NULL && i < event->ruling->recipients.count; i++) {
		const struct told_leaf_recipient_ruling *part = &event->ruling->recipients.items[i];
		told_join(parties, "");
		told_buf_put_bytes(parties, part->recipient);
		for (size_t s = 0; s < part->sections.count; s++)
			if (part->sections.items[s].effect == TOLD_SECTION_EFFECT_RELEASE)
				told_catset_add(&released, part->sections.items[s].category);
	}
	for (size_t i = 0; event->ruling == NULL && header != NULL && i < header->recipients.count; i++) {
		told_join(parties, "");
		told_buf_put_bytes(parties, header->recipients.items[i]);
	}
	for (unsigned c = 1; c <= told_list_max(TOLD_LIST_CATEGORY); c++)
		if (told_catset_has(&released, c))
			told_join(categories, told_code(TOLD_LIST_CATEGORY, c));
}

static void put_header(struct told_sheet *sheet, const struct told_audit_event *event, const struct told_header *header)
{
	const struct told_override_part *part = header != NULL ? header->override_block : NULL;
	struct told_bytes worker = event->subject != NULL ? event->subject->worker : told_bytes(NULL, 0);
	told_sheet_text(sheet, part != NULL ? told_code(TOLD_LIST_OVERRIDE, part->kind) : "not kept");
	told_sheet_put(sheet, event->leaf->sender);
	told_sheet_put(sheet, header != NULL ? header->author : worker);
	told_sheet_put(sheet, header != NULL ? header->authoriser : told_text("not kept"));
	told_sheet_put(sheet, part != NULL && part->clause.len > 0 ? part->clause : event->leaf->clause);
}

/* Before the review's time it is due; whether it was held is not yet written into the log. */
static const char *standing(struct overrides *overrides, uint64_t due_ms)
{
	if (due_ms == 0)
		return "none asked for";
	bool over = due_ms < overrides->at_ms;
	overrides->overdue += over;
	return over ? "time is over: ask for its record" : "due";
}

static enum told_status put_row(struct overrides *overrides, const struct told_audit_event *event,
				const struct told_header *header)
{
	const struct told_override_part *part = header != NULL ? header->override_block : NULL;
	struct told_buf parties = TOLD_BUF(65536), categories = TOLD_BUF(4096);
	struct told_sheet *sheet = &overrides->sheet;
	uint64_t due_ms = review_of(event->ruling);
	recipients_of(event, header, &parties, &categories);
	told_sheet_number(sheet, event->index);
	told_sheet_time(sheet, event->leaf->time_ms);
	put_header(sheet, event, header);
	told_sheet_put(sheet, told_buf_view(&parties));
	told_sheet_text(sheet, part == NULL ? "not kept" : part->reason_given == TOLD_YES_NO_YES ? "yes" : "no");
	told_sheet_time(sheet, part != NULL ? part->expires_ms : 0);
	told_sheet_time(sheet, due_ms);
	told_sheet_text(sheet, standing(overrides, due_ms));
	told_sheet_hex(sheet, event->leaf->txid);
	told_sheet_put(sheet, told_buf_view(&categories));
	told_buf_free(&parties);
	told_buf_free(&categories);
	return sheet->status;
}

/* Accepted, held or refused alike; a delivery under it is no new override. */
static enum told_status hear(void *ctx, const struct told_audit_event *event)
{
	struct overrides *overrides = ctx;
	const struct told_header *header = NULL;
	if (event->leaf->phase != TOLD_PHASE_OVERRIDE)
		return TOLD_OK;
	enum told_status status = told_headers_at(&overrides->headers, event, &header);
	return status == TOLD_OK ? put_row(overrides, event, header) : status;
}

static void show(const struct overrides *overrides, const struct told_audit_io *io)
{
	const struct told_sheet *sheet = &overrides->sheet;
	if (overrides->arguments->csv) {
		told_sheet_csv(sheet, io->out);
	} else if (overrides->arguments->common.json) {
		fputc('{', io->out);
		told_common_seen_json(&overrides->seen, io->out);
		fprintf(io->out, "\"review_time_over\":%" PRIu64 ",\"overrides\":", overrides->overdue);
		told_sheet_json(sheet, io->out);
		fputs("}\n", io->out);
	} else {
		told_sheet_print(sheet, io->out);
		fprintf(io->out, "\n%zu overrides; the time for the review of %" PRIu64 " is over.",
			told_sheet_rows(sheet), overrides->overdue);
		told_common_seen(&overrides->seen, io->out);
	}
}

static int report(void *ctx, struct told_source *source, const struct told_audit_io *io)
{
	struct overrides *overrides = ctx;
	overrides->at_ms = overrides->arguments->at != NULL ? overrides->arguments->at_ms : io->now_ms;
	enum told_status status = told_headers_open(&source->store, &overrides->headers);
	if (status == TOLD_OK)
		status = told_events_each(source, hear, overrides, &overrides->seen);
	told_headers_close(&overrides->headers);
	if (status != TOLD_OK)
		return told_common_fail(status, io);
	show(overrides, io);
	return overrides->overdue > 0 ? TOLD_AUDIT_CHECK_FAILED : TOLD_AUDIT_GOOD;
}

static const char usage[] =
	"usage: told-audit overrides --store FILE|--tiles DIR [--at TIME] [--csv|--json]\n"
	"\n"
	"Every override: kind, who declared and who seconded it, recipients, categories, when it ends, when its review "
	"is\n"
	"due. --at TIME judges that as of then.\n"
	"\n"
	"Exit: 0 done, 1 the time for a review is over, 2 wrong use, 5 the copy is damaged, 6 a file cannot be read.\n";

int told_audit_overrides(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	const struct told_option options[] = {
		TOLD_COMMON_OPTIONS(&a.common),
		{"--at", TOLD_OPTION_VALUE, false, &a.at},
		{"--csv", TOLD_OPTION_FLAG, false, &a.csv},
	};
	bool go = false;
	int code = told_common_read(argc, args, usage, options, sizeof options / sizeof options[0], io, &go);
	if (!go)
		return code;
	if (!told_common_time(a.at, &a.at_ms, io->err))
		return TOLD_AUDIT_WRONG_USE;
	struct overrides overrides = {.arguments = &a};
	told_sheet_init(&overrides.sheet, columns, COLUMNS);
	code = told_common_run(&a.common, report, &overrides, io);
	told_sheet_free(&overrides.sheet);
	return code;
}
