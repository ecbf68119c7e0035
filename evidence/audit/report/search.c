/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit search: entries by who, what, when, why, and under which clause. Nobody is found by their reference here:
 * that is told-audit client, which asks for a reason. */
#include "broker/decide/codes.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/report/report_common.h"
#include "evidence/audit/report/sheet.h"

#include <string.h>

struct arguments {
	struct told_common common;
	const char *party, *type, *phase, *from, *until, *code, *message, *txid, *agreement, *clause;
	bool csv;
	/* read from them; 0 asks for nothing */
	unsigned type_number, phase_number, code_number;
	uint64_t from_ms, until_ms;
	uint8_t message_id[TOLD_ID_BYTES], txid_bytes[TOLD_ID_BYTES];
};

enum column { ENTRY, TIME, PHASE, TYPE, SENDER, NUMBER, RECIPIENT, AGREEMENT, CLAUSE, CODES, TXID, CATEGORIES };
static const struct told_sheet_column columns[] = {
	[ENTRY] = {"entry", "Entry", true},
	[TIME] = {"time", "Time", false},
	[PHASE] = {"phase", "Phase", false},
	[TYPE] = {"type", "Type", false},
	[SENDER] = {"sender", "Sender", false},
	[NUMBER] = {"sender_seq", "Number", true},
	[RECIPIENT] = {"recipient", "Recipient", false},
	[AGREEMENT] = {"agreement", "Agreement", false},
	[CLAUSE] = {"clause", "Clause", false},
	[CODES] = {"codes", "Codes", false},
	[TXID] = {"txid", "Transaction", false},
	[CATEGORIES] = {"categories", "Categories", false},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

struct search {
	struct arguments *arguments;
	struct told_events_seen seen;
	struct told_sheet sheet;
	uint64_t message_log, message_index; /* the entry of the message that was named */
	bool message_found, txid_known;
};

/* ---- does an entry fit ---- */

typedef bool fits(const struct search *search, const struct told_audit_event *event);

static bool is_named(struct told_bytes text, const char *name)
{
	return told_bytes_equal(text, told_text(name));
}

static bool fits_party(const struct search *search, const struct told_audit_event *event)
{
	const char *party = search->arguments->party;
	if (party == NULL || is_named(event->leaf->sender, party) || is_named(event->leaf->recipient, party))
		return true;
	for (size_t i = 0; event->ruling != NULL && i < event->ruling->recipients.count; i++)
		if (is_named(event->ruling->recipients.items[i].recipient, party))
			return true;
	return false;
}

static bool fits_kind(const struct search *search, const struct told_audit_event *event)
{
	const struct arguments *a = search->arguments;
	return (a->type_number == 0 || event->leaf->type == a->type_number) &&
	       (a->phase_number == 0 || event->leaf->phase == a->phase_number);
}

static bool fits_time(const struct search *search, const struct told_audit_event *event)
{
	const struct arguments *a = search->arguments;
	return event->leaf->time_ms >= a->from_ms && (a->until_ms == 0 || event->leaf->time_ms < a->until_ms);
}

static bool part_has_code(const struct told_leaf_recipient_ruling *part, unsigned code)
{
	for (size_t i = 0; i < part->codes.count; i++)
		if (part->codes.items[i] == code)
			return true;
	for (size_t i = 0; i < part->sections.count; i++)
		if (part->sections.items[i].code == code)
			return true;
	return part->primary == code;
}

static bool fits_code(const struct search *search, const struct told_audit_event *event)
{
	unsigned code = search->arguments->code_number;
	for (size_t i = 0; code != 0 && event->ruling != NULL && i < event->ruling->recipients.count; i++)
		if (part_has_code(&event->ruling->recipients.items[i], code))
			return true;
	return code == 0;
}

static bool part_has_clause(const struct told_leaf_recipient_ruling *part, const char *clause)
{
	for (size_t i = 0; i < part->sections.count; i++)
		if (is_named(part->sections.items[i].clause, clause))
			return true;
	return is_named(part->clause, clause);
}

static bool fits_clause(const struct search *search, const struct told_audit_event *event)
{
	const struct arguments *a = search->arguments;
	bool agreement = a->agreement == NULL || is_named(event->leaf->agreement, a->agreement);
	bool clause = a->clause == NULL || is_named(event->leaf->clause, a->clause);
	for (size_t i = 0; event->ruling != NULL && i < event->ruling->recipients.count; i++) {
		const struct told_leaf_recipient_ruling *part = &event->ruling->recipients.items[i];
		agreement |= is_named(part->agreement, a->agreement != NULL ? a->agreement : "");
		clause |= a->clause != NULL && part_has_clause(part, a->clause);
	}
	return agreement && clause;
}

/* A message is found by its first entry, and by its txid whatever became of it later. */
static bool fits_message(const struct search *search, const struct told_audit_event *event)
{
	const struct arguments *a = search->arguments;
	bool same = search->txid_known &&
		    told_bytes_equal(event->leaf->txid, told_bytes(a->txid_bytes, sizeof a->txid_bytes));
	return (a->message == NULL && a->txid == NULL) || same;
}

static fits *const tests[] = {fits_party, fits_kind, fits_time, fits_code, fits_clause, fits_message};

/* ---- rows ---- */

static void put_codes(struct told_sheet *sheet, const struct told_leaf_ruling *ruling)
{
	struct told_buf text = TOLD_BUF(65536);
	for (size_t i = 0; ruling != NULL && i < ruling->recipients.count; i++) {
		const struct told_u32_list *codes = &ruling->recipients.items[i].codes;
		for (size_t c = 0; c < codes->count; c++) {
			const struct told_code_row *row = told_code_row(codes->items[c]);
			told_join(&text, row != NULL ? row->name : "?");
		}
	}
	if (ruling != NULL && ruling->status != 0)
		told_join(&text, told_status_text((enum told_status)ruling->status));
	told_sheet_put(sheet, told_buf_view(&text));
	told_buf_free(&text);
}

static enum told_status put_row(struct search *search, const struct told_audit_event *event)
{
	struct told_sheet *sheet = &search->sheet;
	const struct told_leaf *leaf = event->leaf;
	struct told_buf categories = TOLD_BUF(4096);
	told_join_codes(&categories, TOLD_LIST_CATEGORY, &leaf->released);
	told_sheet_number(sheet, event->index);
	told_sheet_time(sheet, leaf->time_ms);
	told_sheet_text(sheet, told_phase_word(leaf->phase));
	told_sheet_text(sheet, leaf->type != 0 ? told_code(TOLD_LIST_TYPE, leaf->type) : "");
	told_sheet_put(sheet, leaf->sender);
	told_sheet_number(sheet, leaf->sender_seq);
	told_sheet_put(sheet, leaf->recipient);
	told_sheet_put(sheet, leaf->agreement);
	told_sheet_put(sheet, leaf->clause);
	put_codes(sheet, event->ruling);
	told_sheet_hex(sheet, leaf->txid);
	told_sheet_put(sheet, told_buf_view(&categories));
	told_buf_free(&categories);
	return sheet->status;
}

static enum told_status hear(void *ctx, const struct told_audit_event *event)
{
	struct search *search = ctx;
	if (search->message_found && event->log == search->message_log && event->index == search->message_index &&
	    event->leaf->txid.len == TOLD_ID_BYTES) {
		memcpy(search->arguments->txid_bytes, event->leaf->txid.data, TOLD_ID_BYTES);
		search->txid_known = true;
	}
	for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
		if (!tests[i](search, event))
			return TOLD_OK;
	return put_row(search, event);
}

/* Ids of messages stand in headers, not in leaves: where the store keeps rows of a message, they tell its entry. */
static enum told_status find_message(struct search *search, struct told_audit_store *store)
{
	static const char *const places[] = {"SELECT log, idx FROM message WHERE id = ?1 ORDER BY seq",
					     "SELECT log, idx FROM duplicate WHERE id = ?1"};
	const struct arguments *a = search->arguments;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; a->message != NULL && !search->message_found && i < 2 && status == TOLD_OK; i++) {
		struct told_rows rows;
		status = told_beside_open(store, places[i], told_bytes(a->message_id, TOLD_ID_BYTES), NULL, 0, &rows);
		if (status == TOLD_OK && rows.there) {
			search->message_found = true;
			search->message_log = told_rows_u64(&rows, 0);
			search->message_index = told_rows_u64(&rows, 1);
		}
		told_rows_close(&rows);
	}
	return status;
}

/* ---- the command ---- */

static int report(void *ctx, struct told_source *source, const struct told_audit_io *io)
{
	struct search *search = ctx;
	const struct arguments *a = search->arguments;
	enum told_status status = find_message(search, &source->store);
	if (status == TOLD_OK)
		status = told_events_each(source, hear, search, &search->seen);
	if (status != TOLD_OK)
		return told_common_fail(status, io);
	if (a->csv) {
		told_sheet_csv(&search->sheet, io->out);
	} else if (a->common.json) {
		fputc('{', io->out);
		told_common_seen_json(&search->seen, io->out);
		fputs("\"found\":", io->out);
		told_sheet_json(&search->sheet, io->out);
		fputs("}\n", io->out);
	} else {
		told_sheet_print(&search->sheet, io);
		fprintf(io->out, "\n%zu found.", told_sheet_rows(&search->sheet));
		told_common_seen(&search->seen, io->out);
	}
	return told_sheet_rows(&search->sheet) > 0 ? TOLD_AUDIT_GOOD : TOLD_AUDIT_CHECK_FAILED;
}

static const char usage[] =
	"usage: told-audit search --store FILE|--tiles DIR [--party PARTY] [--type TYPE] [--phase PHASE]\n"
	"       [--from TIME] [--until TIME] [--code CODE] [--message ID] [--txid ID] [--agreement ID] [--clause "
	"CLAUSE]\n"
	"       [--csv|--json]\n"
	"\n"
	"Shows the entries to which all of it applies. TYPE as REFERRAL, PHASE as delivered, CODE as CON-07, an ID of "
	"a\n"
	"message or transaction as 32 hexadecimal digits, TIME as 2026-11-22T13:45:00Z; --until is not included.\n"
	"\n"
	"Exit: 0 found, 1 nothing found, 2 wrong use, 5 the copy is damaged, 6 a file cannot be read.\n";

static bool bad(const char *what, const char *word, FILE *err)
{
	fprintf(err, "told-audit: there is no %s ", what);
	told_print_plain(err, told_text(word));
	fprintf(err, "\n%s", usage);
	return false;
}

static bool read_words(struct arguments *a, FILE *err)
{
	a->type_number = a->type != NULL ? told_value(TOLD_LIST_TYPE, told_text(a->type)) : 0;
	a->phase_number = a->phase != NULL ? told_phase_named(a->phase) : 0;
	a->code_number = a->code != NULL ? told_code_named(told_text(a->code)) : 0;
	if (a->type != NULL && a->type_number == 0)
		return bad("type of message", a->type, err);
	if (a->phase != NULL && a->phase_number == 0)
		return bad("phase", a->phase, err);
	if (a->code != NULL && a->code_number == 0)
		return bad("reason code", a->code, err);
	if (a->message != NULL && told_unhex(told_text(a->message), a->message_id, TOLD_ID_BYTES) != TOLD_OK)
		return bad("message id of the form", a->message, err);
	if (a->txid != NULL && told_unhex(told_text(a->txid), a->txid_bytes, TOLD_ID_BYTES) != TOLD_OK)
		return bad("transaction id of the form", a->txid, err);
	return told_common_time(a->from, &a->from_ms, err) && told_common_time(a->until, &a->until_ms, err);
}

int told_audit_search(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	const struct told_option options[] = {
		TOLD_COMMON_OPTIONS(&a.common),
		{"--party", TOLD_OPTION_VALUE, false, &a.party},
		{"--type", TOLD_OPTION_VALUE, false, &a.type},
		{"--phase", TOLD_OPTION_VALUE, false, &a.phase},
		{"--from", TOLD_OPTION_VALUE, false, &a.from},
		{"--until", TOLD_OPTION_VALUE, false, &a.until},
		{"--code", TOLD_OPTION_VALUE, false, &a.code},
		{"--message", TOLD_OPTION_VALUE, false, &a.message},
		{"--txid", TOLD_OPTION_VALUE, false, &a.txid},
		{"--agreement", TOLD_OPTION_VALUE, false, &a.agreement},
		{"--clause", TOLD_OPTION_VALUE, false, &a.clause},
		{"--csv", TOLD_OPTION_FLAG, false, &a.csv},
	};
	bool go = false;
	int code = told_common_read(argc, args, usage, options, sizeof options / sizeof options[0], io, &go);
	if (!go)
		return code;
	if (!read_words(&a, io->err))
		return TOLD_AUDIT_WRONG_USE;
	struct search search = {.arguments = &a, .txid_known = a.txid != NULL};
	told_sheet_init(&search.sheet, columns, COLUMNS);
	code = told_common_run(&a.common, report, &search, io);
	told_sheet_free(&search.sheet);
	return code;
}
