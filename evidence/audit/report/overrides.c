/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit overrides: every override with who declared it, who seconded it, what it opened to whom, and what became
 * of its review; late ones first. What the leaf does not say stands in its ruling and in the signed header, where these
 * are still kept. */
#include "broker/decide/decide.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/report/report_common.h"
#include "evidence/audit/report/reviews.h"
#include "evidence/audit/report/sheet.h"
#include "proto/page/page.h"

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
	HELD,
	REVIEWER,
	FOUND,
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
	[HELD] = {"reviewed", "Reviewed", false},
	[REVIEWER] = {"reviewer", "Reviewer", false},
	[FOUND] = {"found", "It found", false},
	[TXID] = {"txid", "Transaction", false},
	[CATEGORIES] = {"categories", "Categories", false},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

struct overrides {
	const struct arguments *arguments;
	struct told_headers headers;
	struct told_events_seen seen;
	struct told_sheet late, others; /* one table: the late ones first */
	struct told_reviews reviews;
	uint64_t overdue, not_shown;
	uint64_t at_ms;
	bool tiles;
};

/* What stands where this copy does not say. */
static const char *absent(const struct overrides *overrides)
{
	return overrides->tiles ? "not in an export" : "not kept";
}

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

/* One override, as far as this copy shows it. */
struct row {
	const struct told_audit_event *event;
	const struct told_header *header; /* or NULL */
	const struct told_review *review; /* or NULL */
	uint64_t due_ms;
	const char *standing;
	bool late;
};

/* A review is late by the log's time, whatever time its record gives: that could be dated back. */
static void judge(struct overrides *overrides, struct row *row)
{
	const struct told_review *review = row->review;
	bool due = row->due_ms > 0, over = due && row->due_ms < overrides->at_ms && review == NULL;
	row->late = over || (due && review != NULL && review->logged_ms > row->due_ms);
	overrides->overdue += over;
	if (review != NULL)
		row->standing = !row->late                       ? "held"
				: review->held_ms <= row->due_ms ? "held, written down late"
								 : "held late";
	else if (row->event->ruling == NULL)
		row->standing = absent(overrides);
	else
		row->standing = over ? "time is over: ask for its record" : due ? "due" : "none asked for";
	overrides->not_shown += review == NULL && row->event->ruling == NULL;
}

static void put_parties(const struct overrides *overrides, struct told_sheet *sheet, const struct row *row)
{
	const struct told_header *header = row->header;
	const struct told_override_part *part = header != NULL ? header->override_block : NULL;
	const struct told_leaf_subject *subject = row->event->subject;
	struct told_bytes none = told_text(absent(overrides));
	told_sheet_text(sheet, part != NULL ? told_code(TOLD_LIST_OVERRIDE, part->kind) : absent(overrides));
	told_sheet_put(sheet, row->event->leaf->sender);
	told_sheet_put(sheet, header != NULL ? header->author : subject != NULL ? subject->worker : none);
	told_sheet_put(sheet, header != NULL ? header->authoriser : none);
	told_sheet_put(sheet, part != NULL && part->clause.len > 0 ? part->clause : row->event->leaf->clause);
}

static void put_review(struct told_sheet *sheet, const struct row *row)
{
	const struct told_review *review = row->review;
	told_sheet_time(sheet, row->due_ms);
	told_sheet_text(sheet, row->standing);
	told_sheet_time(sheet, review != NULL ? review->held_ms : 0);
	told_sheet_text(sheet, review != NULL ? review->reviewer : "");
	told_sheet_text(sheet, review != NULL ? told_code(TOLD_LIST_ALERT_OUTCOME, review->outcome) : "");
}

static enum told_status put_row(struct overrides *overrides, const struct row *row)
{
	const struct told_override_part *part = row->header != NULL ? row->header->override_block : NULL;
	struct told_buf parties = TOLD_BUF(65536), categories = TOLD_BUF(4096);
	struct told_sheet *sheet = row->late ? &overrides->late : &overrides->others;
	struct told_bytes none = told_text(absent(overrides));
	recipients_of(row->event, row->header, &parties, &categories);
	told_sheet_number(sheet, row->event->index);
	told_sheet_time(sheet, row->event->leaf->time_ms);
	put_parties(overrides, sheet, row);
	told_sheet_put(sheet, row->event->ruling == NULL && row->header == NULL ? none : told_buf_view(&parties));
	told_sheet_text(sheet, part == NULL ? absent(overrides) : part->reason_given == TOLD_YES_NO_YES ? "yes" : "no");
	told_sheet_time(sheet, part != NULL ? part->expires_ms : 0);
	put_review(sheet, row);
	told_sheet_hex(sheet, row->event->leaf->txid);
	told_sheet_put(sheet, row->event->ruling == NULL ? none : told_buf_view(&categories));
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
	if (status != TOLD_OK)
		return status;
	struct row row = {.event = event, .header = header, .due_ms = review_of(event->ruling)};
	if (header != NULL)
		row.review = told_reviews_find(&overrides->reviews, header->id, event->leaf->sender);
	judge(overrides, &row);
	return put_row(overrides, &row);
}

static void show_text(const struct overrides *overrides, const struct told_audit_io *io)
{
	const struct told_sheet *sheet = &overrides->late;
	told_sheet_print(sheet, io);
	fprintf(io->out, "\n%zu override%s; the time for the review of %" PRIu64 " is over.", told_sheet_rows(sheet),
		told_many(told_sheet_rows(sheet), "", "s"), overrides->overdue);
	if (overrides->not_shown > 0)
		fprintf(io->out, "\nWhether a review was asked for: of %" PRIu64 " this copy does not say (%s).",
			overrides->not_shown, absent(overrides));
	if (overrides->reviews.not_kept > 0)
		fprintf(io->out,
			"\nOf %" PRIu64 " record%s of what became of an alert the message is %s: %s may be a review.",
			overrides->reviews.not_kept, told_many(overrides->reviews.not_kept, "", "s"), absent(overrides),
			told_many(overrides->reviews.not_kept, "it", "any"));
	told_common_seen(&overrides->seen, io->out);
}

static void show(const struct overrides *overrides, const struct told_audit_io *io)
{
	const struct told_sheet *sheet = &overrides->late;
	if (overrides->arguments->csv) {
		told_sheet_csv(sheet, io->out);
	} else if (overrides->arguments->common.json) {
		fputc('{', io->out);
		told_common_seen_json(&overrides->seen, io->out);
		fprintf(io->out,
			"\"review_time_over\":%" PRIu64 ",\"review_not_shown\":%" PRIu64
			",\"records_not_kept\":%" PRIu64 ",\"overrides\":",
			overrides->overdue, overrides->not_shown, overrides->reviews.not_kept);
		told_sheet_json(sheet, io->out);
		fputs("}\n", io->out);
	} else {
		show_text(overrides, io);
	}
}

static int report(void *ctx, struct told_source *source, const struct told_audit_io *io)
{
	struct overrides *overrides = ctx;
	overrides->at_ms = overrides->arguments->at != NULL ? overrides->arguments->at_ms : io->now_ms;
	overrides->tiles = source->tiles;
	enum told_status status = told_reviews_read(source, overrides->at_ms, &overrides->reviews);
	if (status == TOLD_OK)
		status = told_headers_open(&source->store, &overrides->headers);
	if (status == TOLD_OK)
		status = told_events_each(source, hear, overrides, &overrides->seen);
	told_headers_close(&overrides->headers);
	if (status == TOLD_OK)
		status = told_sheet_append(&overrides->late, &overrides->others);
	if (status != TOLD_OK)
		return told_common_fail(status, io);
	show(overrides, io);
	bool cannot_say = overrides->tiles && overrides->not_shown > 0;
	return overrides->overdue > 0 || cannot_say ? TOLD_AUDIT_CHECK_FAILED : TOLD_AUDIT_GOOD;
}

static const char usage[] =
	"usage: told-audit overrides --store FILE|--tiles DIR [--at TIME] [--csv|--json]\n"
	"\n"
	"Every override: kind, who declared and who seconded it, recipients, categories, when it ends, when its "
	"review\n"
	"is due, when it was held, by whom, and what it found; late ones first. --at TIME judges that as of then.\n"
	"A folder of tiles says that there were overrides, and nothing of their reviews.\n"
	"\n"
	"Exit: 0 done, 1 the time for a review is over or an export does not say, 2 wrong use, 5 the copy is damaged,\n"
	"6 a file cannot be read.\n";

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
	told_sheet_init(&overrides.late, columns, COLUMNS);
	told_sheet_init(&overrides.others, columns, COLUMNS);
	code = told_common_run(&a.common, report, &overrides, io);
	told_reviews_free(&overrides.reviews);
	told_sheet_free(&overrides.late);
	told_sheet_free(&overrides.others);
	return code;
}
