/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit reconcile: agencies' receipts against the broker's log, in both directions, and the gaps in what senders
 * numbered. What a tree cannot show, an entry that was never made, shows here. */
#include "evidence/audit/base/file.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/read/endings.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/read/notes.h"
#include "evidence/audit/read/senders.h"
#include "evidence/audit/report/report_common.h"
#include "evidence/audit/report/sheet.h"
#include "proto/page/page.h"
#include "told/proof.h"

#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	struct told_common common;
	struct told_words receipts;
	bool csv;
};

enum column { FINDING, SENDER, FIRST, LAST, ENTRY, KIND, FILE_NAME };
static const struct told_sheet_column columns[] = {
	[FINDING] = {"finding", "Finding", false},  [SENDER] = {"sender", "Sender", false},
	[FIRST] = {"first_number", "Number", true}, [LAST] = {"last_number", "to", true},
	[ENTRY] = {"entry", "Entry", true},         [KIND] = {"type", "Type", false},
	[FILE_NAME] = {"file", "File", false},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* A message that somebody has a receipt of. */
struct known {
	char sender[TOLD_NAME_MAX_BYTES + 1];
	uint64_t number;
};

/* A receipt of an entry that a restore lost. */
struct lost {
	struct known message;
	uint64_t entry;
	uint32_t type;
	bool back; /* it is in the log again */
};

struct reconcile {
	const struct arguments *arguments;
	struct told_audit_store *store;
	struct told_arena *arena;
	struct told_events_seen seen;
	struct told_sheet sheet;
	struct told_senders *senders;
	struct known *known; /* sorted once all receipts are read */
	size_t count, room;
	struct told_endings endings;
	struct lost *lost;
	size_t lost_count, lost_room;
	uint64_t receipts, wrong, missing, gaps, not_back;
};

static void put_row(struct reconcile *r, const char *finding, const struct told_leaf *leaf, uint64_t entry,
		    const char *file)
{
	told_sheet_text(&r->sheet, finding);
	told_sheet_put(&r->sheet, leaf != NULL ? leaf->sender : told_bytes(NULL, 0));
	told_sheet_number(&r->sheet, leaf != NULL ? leaf->sender_seq : 0);
	told_sheet_number(&r->sheet, leaf != NULL ? leaf->sender_seq : 0);
	told_sheet_number(&r->sheet, entry);
	told_sheet_text(&r->sheet, leaf != NULL ? told_code(TOLD_LIST_TYPE, leaf->type) : "");
	told_sheet_text(&r->sheet, file);
}

/* ---- from receipts to the log ---- */

static enum told_status know(struct reconcile *r, const struct told_leaf *leaf)
{
	if (leaf->sender.len > TOLD_NAME_MAX_BYTES || r->count == TOLD_AUDIT_NOTES_MAX)
		return TOLD_E_LIMIT;
	if (r->count == r->room) {
		size_t room = r->room == 0 ? 256 : 2 * r->room;
		struct known *more = realloc(r->known, room * sizeof *more);
		if (more == NULL)
			return TOLD_E_MEMORY;
		r->known = more;
		r->room = room;
	}
	struct known *next = &r->known[r->count++];
	memset(next, 0, sizeof *next);
	if (leaf->sender.len > 0)
		memcpy(next->sender, leaf->sender.data, leaf->sender.len);
	next->number = leaf->sender_seq;
	return TOLD_OK;
}

/* Its loss is named by the log that came after; whether it is back shows later. */
static enum told_status lose(struct reconcile *r, const struct told_leaf *leaf, uint64_t entry)
{
	if (r->lost_count == r->lost_room) {
		size_t room = r->lost_room == 0 ? 256 : 2 * r->lost_room;
		struct lost *more = realloc(r->lost, room * sizeof *more);
		if (more == NULL)
			return TOLD_E_MEMORY;
		r->lost = more;
		r->lost_room = room;
	}
	struct lost *next = &r->lost[r->lost_count];
	*next = (struct lost){.entry = entry, .type = leaf->type, .message.number = leaf->sender_seq};
	if (leaf->sender.len > TOLD_NAME_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (leaf->sender.len > 0)
		memcpy(next->message.sender, leaf->sender.data, leaf->sender.len);
	r->lost_count++;
	return TOLD_OK;
}

/* The first line of a checkpoint names its log. */
static uint64_t log_of(struct told_bytes note)
{
	const uint8_t *end = note.len > 0 ? memchr(note.data, '\n', note.len) : NULL;
	return end != NULL ? told_origin_number(told_bytes(note.data, (size_t)(end - note.data))) : 0;
}

static enum told_status compare(struct reconcile *r, const struct told_proof_file *proof, const char *file)
{
	const int64_t args[] = {(int64_t)log_of(proof->checkpoint), (int64_t)(proof->index & INT64_MAX)};
	struct told_bytes leaf_bytes = told_buf_view(&proof->extra);
	struct told_leaf *leaf = NULL;
	struct told_rows row;
	told_arena_reset(r->arena);
	if (!proof->has_extra || told_leaf_decode(leaf_bytes, r->arena, &leaf) != TOLD_OK) {
		put_row(r, "a receipt that holds no entry", NULL, proof->index, file);
		r->wrong++;
		return TOLD_OK;
	}
	r->receipts++;
	enum told_status status = told_rows_open(r->store, TOLD_AUDIT_SQL_ENTRY_AT, args, 2, &row);
	if (status == TOLD_OK && !row.there && told_ending_lost(&r->endings, log_of(proof->checkpoint), proof->index)) {
		status = lose(r, leaf, proof->index);
	} else if (status == TOLD_OK && !row.there) {
		put_row(r, "a receipt of an entry that the log lacks", leaf, proof->index, file);
		r->wrong++;
	} else if (status == TOLD_OK && told_rows_bytes(&row, 0).len > 0 &&
		   !told_bytes_equal(told_rows_bytes(&row, 0), leaf_bytes)) {
		put_row(r, "a receipt of another entry than the log's", leaf, proof->index, file);
		r->wrong++;
	}
	told_rows_close(&row);
	return status == TOLD_OK ? know(r, leaf) : status;
}

static enum told_status take_receipt(struct reconcile *r, const char *path)
{
	struct told_buf text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	struct told_proof_file proof = {0};
	size_t line;
	enum told_status status = told_audit_read(path, &text);
	if (status == TOLD_OK && told_proof_file_parse_at(told_buf_view(&text), &proof, &line) != TOLD_OK) {
		char what[64];
		snprintf(what, sizeof what, "a file that is no receipt: see its line %zu", line);
		put_row(r, what, NULL, 0, path);
		r->wrong++;
	} else if (status == TOLD_OK) {
		status = compare(r, &proof, path);
		told_buf_free(&proof.extra);
	}
	told_buf_free(&text);
	return status;
}

static int in_order(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static enum told_status take_found(struct reconcile *r, const FTSENT *file)
{
	size_t len = strlen(file->fts_name), tail = strlen(".tlog-proof");
	if (file->fts_info == FTS_DNR || file->fts_info == FTS_NS || file->fts_info == FTS_ERR)
		return file->fts_errno == ENOENT ? TOLD_E_NOT_FOUND : TOLD_E_PERMISSION;
	bool receipt = file->fts_info == FTS_F && len > tail && strcmp(file->fts_name + len - tail, ".tlog-proof") == 0;
	return receipt ? take_receipt(r, file->fts_accpath) : TOLD_OK;
}

static enum told_status take_folder(struct reconcile *r, const char *dir)
{
	char *start = strdup(dir);
	FTS *tree = start != NULL
			    ? fts_open((char *[]){start, NULL}, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, in_order)
			    : NULL;
	enum told_status status = tree != NULL ? TOLD_OK : TOLD_E_SYSTEM;
	for (FTSENT *file; status == TOLD_OK && (file = fts_read(tree)) != NULL;)
		status = take_found(r, file);
	if (tree != NULL)
		fts_close(tree);
	free(start);
	return status;
}

/* ---- from the log to receipts ---- */

static int by_sender(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int order = strcmp(x->sender, y->sender);
	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/* Somebody gave receipts of this sender. */
static bool speaks_for(const struct reconcile *r, struct told_bytes sender)
{
	for (size_t i = 0; i < r->count; i++)
		if (told_bytes_equal(told_text(r->known[i].sender), sender))
			return true;
	return false;
}

static bool has_receipt(const struct reconcile *r, const struct told_leaf *leaf)
{
	struct known wanted = {.number = leaf->sender_seq};
	if (leaf->sender.len > TOLD_NAME_MAX_BYTES || r->count == 0)
		return false;
	if (leaf->sender.len > 0)
		memcpy(wanted.sender, leaf->sender.data, leaf->sender.len);
	return bsearch(&wanted, r->known, r->count, sizeof wanted, by_sender) != NULL;
}

/* What a sender keeps a receipt of: not of what only says that parcels came; what became of a message later rests on
 * the same number. */
static bool is_first(uint32_t phase)
{
	return phase != TOLD_PHASE_DELIVERED && phase != TOLD_PHASE_EXPIRED && phase != TOLD_PHASE_ACKNOWLEDGED &&
	       phase != TOLD_PHASE_OPENED;
}

static void come_back(struct reconcile *r, const struct told_leaf *leaf)
{
	for (size_t i = 0; leaf->sender_seq != 0 && i < r->lost_count; i++)
		r->lost[i].back |= r->lost[i].message.number == leaf->sender_seq &&
				   told_bytes_equal(told_text(r->lost[i].message.sender), leaf->sender);
}

static enum told_status hear(void *ctx, const struct told_audit_event *event)
{
	struct reconcile *r = ctx;
	const struct told_leaf *leaf = event->leaf;
	come_back(r, leaf);
	enum told_status status = told_senders_add(r->senders, leaf->sender, leaf->sender_seq);
	if (status != TOLD_OK || leaf->sender_seq == 0 || !is_first(leaf->phase) || !speaks_for(r, leaf->sender) ||
	    has_receipt(r, leaf))
		return status;
	put_row(r, "an entry without a receipt", leaf, event->index, "");
	r->missing++;
	return TOLD_OK;
}

static enum told_status put_gaps(struct reconcile *r)
{
	struct told_report *report = calloc(1, sizeof *report);
	if (report == NULL)
		return TOLD_E_MEMORY;
	told_report_init(report);
	told_senders_end(r->senders, report);
	r->gaps = report->gap_count;
	for (uint64_t i = 0; i < report->gap_count && i < TOLD_AUDIT_GAPS_MAX; i++) {
		told_sheet_text(&r->sheet, "numbers that no entry has");
		told_sheet_text(&r->sheet, report->gaps[i].sender);
		told_sheet_number(&r->sheet, report->gaps[i].from);
		told_sheet_number(&r->sheet, report->gaps[i].to);
		told_sheet_text(&r->sheet, "");
		told_sheet_text(&r->sheet, "");
		told_sheet_text(&r->sheet, "");
	}
	told_report_free(report);
	free(report);
	return TOLD_OK;
}

static void put_lost(struct reconcile *r)
{
	for (size_t i = 0; i < r->lost_count; i++) {
		const struct lost *lost = &r->lost[i];
		if (lost->back)
			continue;
		r->not_back++;
		told_sheet_text(&r->sheet, "lost in a restore, and not offered again");
		told_sheet_text(&r->sheet, lost->message.sender);
		told_sheet_number(&r->sheet, lost->message.number);
		told_sheet_number(&r->sheet, lost->message.number);
		told_sheet_number(&r->sheet, lost->entry);
		told_sheet_text(&r->sheet, told_code(TOLD_LIST_TYPE, lost->type));
		told_sheet_text(&r->sheet, "");
	}
}

/* ---- the command ---- */

static void show(const struct reconcile *r, const struct told_audit_io *io)
{
	if (r->arguments->csv) {
		told_sheet_csv(&r->sheet, io->out);
	} else if (r->arguments->common.json) {
		fputc('{', io->out);
		told_common_seen_json(&r->seen, io->out);
		fprintf(io->out,
			"\"receipts\":%" PRIu64 ",\"wrong\":%" PRIu64 ",\"without_receipt\":%" PRIu64
			",\"gaps\":%" PRIu64 ",\"lost\":%zu,\"lost_for_good\":%" PRIu64 ",\"findings\":",
			r->receipts, r->wrong, r->missing, r->gaps, r->lost_count, r->not_back);
		told_sheet_json(&r->sheet, io->out);
		fputs("}\n", io->out);
	} else {
		if (told_sheet_rows(&r->sheet) > 0)
			told_sheet_print(&r->sheet, io);
		fprintf(io->out,
			"\n%" PRIu64 " receipt%s compared: %" PRIu64 " %s not fit the log, %" PRIu64
			" entr%s theirs, %" PRIu64 " gap%s in what senders numbered.",
			r->receipts, told_many(r->receipts, "", "s"), r->wrong, told_many(r->wrong, "does", "do"),
			r->missing, told_many(r->missing, "y lacks", "ies lack"), r->gaps, told_many(r->gaps, "", "s"));
		if (r->lost_count > 0)
			fprintf(io->out,
				" %zu %s of entries that a restore lost, as the next log says: of those, "
				"%" PRIu64 " %s not in the log again.",
				r->lost_count, told_many(r->lost_count, "receipt is", "receipts are"), r->not_back,
				told_many(r->not_back, "is", "are"));
		told_common_seen(&r->seen, io->out);
	}
}

static enum told_status take_folders(struct reconcile *r, const struct told_audit_io *io, int *code)
{
	const struct told_words *folders = &r->arguments->receipts;
	for (size_t i = 0; i < folders->count; i++) {
		enum told_status status = take_folder(r, folders->items[i]);
		if (status == TOLD_E_MEMORY || status == TOLD_E_CORRUPT)
			return status;
		if (status != TOLD_OK) {
			fputs("told-audit: ", io->err);
			told_print_plain(io->err, told_text(folders->items[i]));
			fprintf(io->err, ": %s\nGive folders that may be read, with the agencies' receipts.\n",
				told_status_text(status));
			*code = TOLD_AUDIT_CONFIG;
			return TOLD_OK;
		}
	}
	if (r->count > 0)
		qsort(r->known, r->count, sizeof *r->known, by_sender);
	return TOLD_OK;
}

static int report(void *ctx, struct told_source *source, const struct told_audit_io *io)
{
	struct reconcile *r = ctx;
	int code = TOLD_AUDIT_GOOD;
	r->store = &source->store;
	enum told_status status = told_endings_read(source, &r->endings);
	if (status == TOLD_OK)
		status = take_folders(r, io, &code);
	if (code != TOLD_AUDIT_GOOD)
		return code;
	if (status == TOLD_OK)
		status = told_events_each(source, hear, r, &r->seen);
	if (status == TOLD_OK)
		put_lost(r);
	if (status == TOLD_OK)
		status = put_gaps(r);
	if (status == TOLD_OK)
		status = r->sheet.status;
	if (status != TOLD_OK)
		return told_common_fail(status, io);
	show(r, io);
	if (r->wrong > 0)
		return TOLD_AUDIT_INTEGRITY;
	return r->missing > 0 || r->gaps > 0 || r->not_back > 0 ? TOLD_AUDIT_CHECK_FAILED : TOLD_AUDIT_GOOD;
}

static const char usage[] = "usage: told-audit reconcile --store FILE|--tiles DIR --receipts DIR... [--csv|--json]\n"
			    "\n"
			    "Compares every receipt (*.tlog-proof) with the entry that it names, every entry of a "
			    "sender whose receipts are\n"
			    "given with those receipts, and names the gaps in each sender's numbers.\n"
			    "\n"
			    "Exit: 0 all fits, 1 an entry lacks its receipt or numbers are missing, 2 wrong use, 5 a "
			    "receipt does not fit the\n"
			    "log or the copy is damaged, 6 a file cannot be read.\n";

static int go(const struct arguments *a, const struct told_audit_io *io)
{
	struct reconcile r = {.arguments = a};
	if (a->receipts.count == 0) {
		fprintf(io->err, "told-audit: missing: --receipts\n%s", usage);
		return TOLD_AUDIT_WRONG_USE;
	}
	told_sheet_init(&r.sheet, columns, COLUMNS);
	enum told_status status = told_arena_new(4 * TOLD_DECODE_FACTOR * TOLD_LEAF_MAX_BYTES, &r.arena);
	if (status == TOLD_OK)
		status = told_senders_new(&r.senders);
	int code = status == TOLD_OK ? told_common_run(&a->common, report, &r, io) : told_common_fail(status, io);
	told_senders_free(r.senders);
	told_arena_free(r.arena);
	told_sheet_free(&r.sheet);
	free(r.known);
	free(r.lost);
	return code;
}

int told_audit_reconcile(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	const struct told_option options[] = {
		TOLD_COMMON_OPTIONS(&a.common),
		{"--receipts", TOLD_OPTION_LIST, false, &a.receipts},
		{"--csv", TOLD_OPTION_FLAG, false, &a.csv},
	};
	bool good = false;
	int code = told_common_read(argc, args, usage, options, sizeof options / sizeof options[0], io, &good);
	if (good)
		code = go(&a, io);
	free(a.receipts.items);
	return code;
}
