/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in notes and proofs from outside, and compares them with the roots of the walk. Touches the table entry only.
 */
#include "evidence/audit/verify/anchors.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/base/words.h"
#include "proto/leaf.h"
#include "proto/page/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LEAF_ARENA_BYTES (TOLD_DECODE_FACTOR * TOLD_LEAF_MAX_BYTES + TOLD_DECODE_EXTRA_BYTES)

#define TODO_FILE                                                                                                      \
	"Ask whoever gave you this file for it again; if it stays so, it is not from this log, or not from this "      \
	"broker."
#define TODO_FORK                                                                                                      \
	"This store is not the history that others were shown. Keep both, tell every agency, and stop the broker "     \
	"until "                                                                                                       \
	"it is known who changed what: the signed note from outside is the proof."

#define TODO_SHORT                                                                                                     \
	"Either the end of this store was cut off, or it was copied before these receipts were given: the files "      \
	"alone "                                                                                                       \
	"do not tell. Copy it again; or say when it was copied (--at TIME): receipts of later are then passed over."
#define TODO_CUT                                                                                                       \
	"The end of this store was cut off, or it was copied earlier than the time given with --at. Keep both, tell "  \
	"every agency, and ask the operator for the store itself."

void told_anchors_init(struct told_anchors *anchors, const struct told_policy *policy, struct told_audit_store *store,
		       struct told_report *report)
{
	*anchors = (struct told_anchors){.policy = policy, .store = store, .report = report};
}

void told_anchors_free(struct told_anchors *anchors)
{
	for (size_t i = 0; i < anchors->count; i++)
		free(anchors->items[i].from);
	free(anchors->items);
	anchors->items = NULL;
	anchors->count = 0;
}

/* What is wrong with a file, whatever the store says. */
__attribute__((format(printf, 3, 4))) static void file_fault(struct told_anchors *anchors, const char *path,
							     const char *format, ...)
{
	char what[256];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	told_report_fault(anchors->report, TOLD_CLAIM_ANCHORED, TOLD_NO_ENTRY, TOLD_NO_ENTRY, TODO_FILE, "%s: %s", path,
			  what);
}

/* ---- taking in ---- */

static enum told_status add(struct told_anchors *anchors, const struct told_judged_note *note, const char *path)
{
	if (anchors->count == TOLD_AUDIT_NOTES_MAX)
		return TOLD_E_LIMIT;
	if (anchors->count == anchors->room) {
		size_t room = anchors->room == 0 ? 64 : anchors->room * 2;
		struct told_anchor_note *more = realloc(anchors->items, room * sizeof *more);
		if (more == NULL)
			return TOLD_E_MEMORY;
		anchors->items = more;
		anchors->room = room;
	}
	struct told_anchor_note *item = &anchors->items[anchors->count];
	*item = (struct told_anchor_note){
		.log = note->log,
		.size = note->checkpoint.size,
		.root = note->checkpoint.root,
		.cosigned_s = note->cosigned_s,
		.from = strdup(path),
	};
	for (size_t i = 0; i < TOLD_POLICY_KEYS_MAX; i++)
		item->signed_by[i / 64] |= (uint64_t)note->signed_by[i] << (i % 64);
	if (item->from == NULL)
		return TOLD_E_MEMORY;
	anchors->count++;
	return TOLD_OK;
}

/* before: lines of the file that stand before the note. */
static enum told_status take_note(struct told_anchors *anchors, struct told_bytes note, size_t before, const char *path,
				  struct told_judged_note *judged, bool *good)
{
	struct told_policy_fault fault;
	char why[TOLD_NOTE_FAULT_BYTES];
	*good = told_note_judge(anchors->policy, note, judged, &fault) == TOLD_OK;
	if (*good)
		return add(anchors, judged, path);
	if (fault.line > 0)
		fault.line += before;
	told_note_fault_put(&fault, why);
	file_fault(anchors, path, "%s", why);
	return TOLD_OK;
}

enum told_status told_anchors_note(struct told_anchors *anchors, const char *path)
{
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_judged_note judged;
	bool good = false;
	enum told_status status = told_audit_read(path, &note);
	if (status == TOLD_E_LIMIT)
		file_fault(anchors, path, "it is longer than a checkpoint can be");
	if (status == TOLD_OK)
		status = take_note(anchors, told_buf_view(&note), 0, path, &judged, &good);
	else if (status == TOLD_E_LIMIT)
		status = TOLD_OK;
	anchors->files += good;
	told_buf_free(&note);
	return status;
}

/* ---- proofs ---- */

/* Whether the entry (its bytes and hash in a row) is what the proof carries, if it carries one. Of an entry that is
 * withheld from a copy for audit the hash says which it is. */
static bool is_the_one(const struct told_rows *row, const struct told_proof_file *proof, told_hash *leaf)
{
	struct told_bytes entry = told_rows_bytes(row, 0), kept = told_rows_bytes(row, 1);
	if (proof->has_extra)
		told_leaf_hash(told_buf_view(&proof->extra), leaf);
	else if (entry.len > 0)
		told_leaf_hash(entry, leaf);
	else if (kept.len == sizeof leaf->b)
		memcpy(leaf->b, kept.data, sizeof leaf->b);
	if (entry.len == 0)
		return told_bytes_equal(kept, told_bytes(leaf->b, sizeof leaf->b));
	return !proof->has_extra || told_bytes_equal(entry, told_buf_view(&proof->extra));
}

static bool is_lost(const struct told_anchors *anchors, uint64_t log, uint64_t index)
{
	return anchors->endings != NULL && told_ending_lost(anchors->endings, log, index);
}

/* When the proven entry was made, as the leaf says that the proof carries; 0: it carries none. */
static uint64_t made_ms(const struct told_proof_file *proof)
{
	struct told_arena *arena = NULL;
	struct told_leaf *leaf = NULL;
	uint64_t ms = 0;
	if (!proof->has_extra || told_arena_new(LEAF_ARENA_BYTES, &arena) != TOLD_OK)
		return 0;
	if (told_leaf_decode(told_buf_view(&proof->extra), arena, &leaf) == TOLD_OK)
		ms = leaf->time_ms;
	told_arena_free(arena);
	return ms;
}

/* An entry that is proven and not in the store: whether it was there when the copy was made. */
static void check_missing(struct told_anchors *anchors, const struct told_proof_file *proof, const char *path)
{
	uint64_t ms = made_ms(proof);
	char when[TOLD_TIME_BYTES];
	bool later = anchors->copied_ms > 0 && ms > anchors->copied_ms;
	bool sooner = anchors->copied_ms > 0 && ms > 0 && !later;
	anchors->later += later;
	anchors->sooner += sooner;
	if (later)
		return;
	told_time_format(ms, when);
	told_report_fault(anchors->report, TOLD_CLAIM_ANCHORED, proof->index, proof->index,
			  sooner ? TODO_CUT : TODO_SHORT,
			  "entry %" PRIu64 " is missing: %s proves that it was in the log%s%s", proof->index, path,
			  ms > 0 ? " at " : "", ms > 0 ? when : "");
}

/* The entry itself, from the store: its bytes must be the leaf that the proof carries, if it carries one. */
static enum told_status check_entry(struct told_anchors *anchors, const struct told_proof_file *proof, uint64_t log,
				    const char *path, told_hash *leaf, bool *good)
{
	struct told_rows row;
	int64_t args[] = {(int64_t)log, (int64_t)(proof->index & INT64_MAX)};
	enum told_status status = told_rows_open(anchors->store, TOLD_AUDIT_SQL_ENTRY_AT, args, 2, &row);
	*good = false;
	if (status == TOLD_OK && !row.there && is_lost(anchors, log, proof->index)) {
		anchors->lost++;
	} else if (status == TOLD_OK && !row.there && anchors->part) {
		anchors->beyond++;
	} else if (status == TOLD_OK && !row.there) {
		check_missing(anchors, proof, path);
	} else if (status == TOLD_OK) {
		*good = is_the_one(&row, proof, leaf);
		if (!*good)
			told_report_fault(anchors->report, TOLD_CLAIM_ANCHORED, proof->index, proof->index, TODO_FORK,
					  "entry %" PRIu64 " is not the one that %s proves", proof->index, path);
	}
	told_rows_close(&row);
	return status;
}

static bool leads(struct told_anchors *anchors, const struct told_proof_file *proof, const told_hash *leaf,
		  const struct told_checkpoint *checkpoint, const char *path)
{
	if (told_inclusion_check(leaf, proof->index, checkpoint->size, proof->path, proof->count, &checkpoint->root) ==
	    TOLD_OK)
		return true;
	file_fault(anchors, path, "its path does not lead from entry %" PRIu64 " to the root of its checkpoint",
		   proof->index);
	return false;
}

static enum told_status check_proof(struct told_anchors *anchors, const struct told_proof_file *proof, const char *path)
{
	struct told_judged_note judged;
	bool good = false, entry_good = false;
	told_hash leaf;
	enum told_status status =
		take_note(anchors, proof->checkpoint, told_proof_file_lines(proof), path, &judged, &good);
	if (status != TOLD_OK || !good)
		return status;
	/* the leaf that it carries proves itself, whatever the store says */
	if (proof->has_extra) {
		told_leaf_hash(told_buf_view(&proof->extra), &leaf);
		if (!leads(anchors, proof, &leaf, &judged.checkpoint, path))
			return TOLD_OK;
	}
	status = check_entry(anchors, proof, judged.log, path, &leaf, &entry_good);
	if (status != TOLD_OK || !entry_good)
		return status;
	if (!proof->has_extra && !leads(anchors, proof, &leaf, &judged.checkpoint, path))
		return TOLD_OK;
	anchors->files++;
	anchors->proofs++;
	return TOLD_OK;
}

enum told_status told_anchors_proof(struct told_anchors *anchors, const char *path)
{
	struct told_buf text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	struct told_proof_file proof;
	size_t line;
	enum told_status status = told_audit_read(path, &text);
	if (status == TOLD_OK && told_proof_file_parse_at(told_buf_view(&text), &proof, &line) != TOLD_OK)
		file_fault(anchors, path, "line %zu is not that of a proof in the form of C2SP (tlog-proof)", line);
	else if (status == TOLD_E_LIMIT)
		file_fault(anchors, path, "it is longer than a proof can be");
	else if (status == TOLD_OK) {
		status = check_proof(anchors, &proof, path);
		told_buf_free(&proof.extra);
	}
	told_buf_free(&text);
	return status == TOLD_E_LIMIT && anchors->count < TOLD_AUDIT_NOTES_MAX ? TOLD_OK : status;
}

/* ---- the walk ---- */

static int by_place(const void *a, const void *b)
{
	const struct told_anchor_note *x = a, *y = b;
	if (x->log != y->log)
		return x->log < y->log ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return memcmp(x->root.b, y->root.b, sizeof x->root.b);
}

static void join(struct told_anchor_note *kept, struct told_anchor_note *other)
{
	for (size_t i = 0; i < TOLD_ANCHOR_WORDS; i++)
		kept->signed_by[i] |= other->signed_by[i];
	if (other->cosigned_s > kept->cosigned_s)
		kept->cosigned_s = other->cosigned_s;
	free(other->from);
}

void told_anchors_sort(struct told_anchors *anchors)
{
	if (anchors->count == 0)
		return;
	qsort(anchors->items, anchors->count, sizeof anchors->items[0], by_place);
	size_t kept = 0;
	for (size_t i = 1; i < anchors->count; i++) {
		if (by_place(&anchors->items[kept], &anchors->items[i]) == 0)
			join(&anchors->items[kept], &anchors->items[i]);
		else
			anchors->items[++kept] = anchors->items[i];
	}
	anchors->count = kept + 1;
}

uint64_t told_anchors_due(const struct told_anchors *anchors, uint64_t log)
{
	bool due = anchors->at < anchors->count && anchors->items[anchors->at].log == log;
	return due ? anchors->items[anchors->at].size : UINT64_MAX;
}

static void meet(struct told_anchors *anchors, const struct told_anchor_note *item)
{
	struct told_judged_note note = {.checkpoint = {.size = item->size, .root = item->root}, .log = item->log};
	for (size_t i = 0; i < TOLD_POLICY_KEYS_MAX; i++)
		note.signed_by[i] = item->signed_by[i / 64] >> (i % 64) & 1;
	note.cosigned_s = item->cosigned_s;
	told_witnessed(anchors->report, anchors->policy, &note);
	anchors->met += item->size > 0; /* a note of nothing anchors nothing */
	anchors->good = item->size;
}

void told_anchors_at(struct told_anchors *anchors, uint64_t size, const told_hash *root)
{
	const struct told_anchor_note *item = &anchors->items[anchors->at++];
	if (told_hash_equal(&item->root, root)) {
		meet(anchors, item);
		return;
	}
	uint64_t to = size > 0 ? size - 1 : 0;
	uint64_t from = anchors->good <= to ? anchors->good : to;
	told_report_fault(anchors->report, TOLD_CLAIM_ANCHORED, from, to, TODO_FORK,
			  "%s: signed for size %" PRIu64 " with another root; the first bad entry is from %" PRIu64
			  " to %" PRIu64,
			  item->from, size, from, to);
}

/* Of a log that lost its end, as the next one names it: nothing beyond what was anchored was ever signed, and that had
 * one root. */
static bool of_lost_end(const struct told_anchors *anchors, const struct told_anchor_note *item)
{
	const struct told_ending *ending =
		anchors->endings == NULL ? NULL : told_ending_of(anchors->endings, item->log);
	return ending != NULL && item->size > ending->restored && item->size <= ending->anchored &&
	       (item->size < ending->anchored || told_hash_equal(&item->root, &ending->root));
}

static void not_met(struct told_anchors *anchors, uint64_t entries)
{
	const struct told_anchor_note *item = &anchors->items[anchors->at++];
	if (of_lost_end(anchors, item)) {
		anchors->lost++;
		return;
	}
	if (anchors->part) {
		anchors->beyond++;
		return;
	}
	/* A note says no time, and a cosignature only that it was there by then. */
	bool sooner = anchors->copied_ms > 0 && item->cosigned_s > 0 && item->cosigned_s * 1000 <= anchors->copied_ms;
	if (anchors->later > 0 && anchors->sooner == 0 && !sooner) {
		anchors->later++;
		return;
	}
	told_report_fault(anchors->report, TOLD_CLAIM_ANCHORED, entries, entries, sooner ? TODO_CUT : TODO_SHORT,
			  "%s: signed for size %" PRIu64 " of log %" PRIu64 ", but the store has %" PRIu64
			  " entries: those from %" PRIu64 " on are missing",
			  item->from, item->size, item->log, entries, entries);
}

void told_anchors_log_begin(struct told_anchors *anchors, uint64_t log)
{
	anchors->good = 0;
	while (anchors->at < anchors->count && anchors->items[anchors->at].log < log)
		not_met(anchors, 0); /* a log that the store does not have */
}

void told_anchors_log_end(struct told_anchors *anchors, uint64_t log, uint64_t entries)
{
	anchors->report->anchored += anchors->good;
	while (anchors->at < anchors->count && anchors->items[anchors->at].log == log)
		not_met(anchors, entries);
}

void told_anchors_end(struct told_anchors *anchors)
{
	struct told_report *report = anchors->report;
	told_anchors_log_begin(anchors, UINT64_MAX);
	if (anchors->met == 0) {
		told_report_say(report, TOLD_CLAIM_ANCHORED, TOLD_VERDICT_NOT_SHOWN,
				"not anchored: nothing from outside the store to compare with");
		report->verdicts[TOLD_CLAIM_ANCHORED].todo =
			report->verdicts[TOLD_CLAIM_ANCHORED].todo != NULL
				? report->verdicts[TOLD_CLAIM_ANCHORED].todo
				: "Give a checkpoint that an agency or a witness keeps (--against FILE) or an agency's "
				  "receipts (--receipts DIR): without one a rewritten log looks whole.";
		return;
	}
	char rest[128] = "";
	if (report->anchored < report->entries)
		snprintf(rest, sizeof rest, "; the last %" PRIu64 " are not", report->entries - report->anchored);
	else if (anchors->beyond > 0)
		snprintf(rest, sizeof rest, "; %" PRIu64 " more are newer than this export", anchors->beyond);
	char later[128] = "";
	if (anchors->later > 0)
		snprintf(later, sizeof later, "; %" PRIu64 " more were given after the time of this copy",
			 anchors->later);
	char lost[128] = "";
	if (anchors->lost > 0)
		snprintf(lost, sizeof lost,
			 "; %" PRIu64 " more are of entries that a restore lost, as the next log says", anchors->lost);
	told_report_say(report, TOLD_CLAIM_ANCHORED, TOLD_VERDICT_OK,
			"%" PRIu64 " of %" PRIu64 " entr%s, by %" PRIu64 " file%s from outside (%" PRIu64
			" proof%s)%s%s%s",
			report->anchored, report->entries, told_many(report->entries, "y", "ies"), anchors->files,
			told_many(anchors->files, "", "s"), anchors->proofs, told_many(anchors->proofs, "", "s"), rest,
			later, lost);
}
