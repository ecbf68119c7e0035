/* SPDX-License-Identifier: Apache-2.0 */
/* What a query of the log gives: the entries that its own entry states, read back from the record after the commit. */
#include "broker/deliver/frames.h"

static enum told_status read_back(struct told_record *record, struct told_arena *arena, const struct told_look *look,
				  const struct told_receipt ***out)
{
	const struct told_receipt **entries = told_arena_alloc(arena, look->count * sizeof *entries);
	enum told_status status = entries == NULL ? TOLD_E_MEMORY : TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < look->count; i++)
		status = told_record_looked(record, arena, look, i, &entries[i]);
	*out = entries;
	return status;
}

/* Under which checkpoint: of a log that ended its last; a single message's under one with a quorum; else the newest. */
static enum told_status prove_under(struct told_record *record, struct told_arena *arena, const struct told_look *look,
				    uint64_t confirmed, struct told_log_view *log, struct told_view *view)
{
	enum told_status status = told_record_log(record, look->log, log);
	if (status == TOLD_OK && look->one && look->count == 1 && !log->ended)
		status = told_record_checkpoint_at(record, arena, look->items[0].index, &log->size, &log->note);
	if (status != TOLD_OK)
		return status;
	view->checkpoint = log->note;
	view->from_size = log->ended ? 0 : confirmed;
	return log->ended ? TOLD_OK : told_consistency_views(log, arena, confirmed, log->size, &view->consistency);
}

enum told_status told_view_build(struct told_record *record, struct told_arena *arena,
				 const struct told_receipt *receipt, uint64_t confirmed, struct told_frames *out)
{
	const struct told_look *look = told_receipt_look(receipt);
	const struct told_receipt **entries = NULL;
	struct told_log_view log;
	struct told_view view = {.in_reply_to = told_receipt_message(receipt), .next = look->next};
	enum told_status status = read_back(record, arena, look, &entries);
	if (status == TOLD_OK)
		status = prove_under(record, arena, look, confirmed, &log, &view);
	if (status == TOLD_OK)
		status = told_runs_of(&log, arena, entries, look->count, &view.runs);
	return status == TOLD_OK ? told_frames_of(arena, TOLD_SESSION_VIEW, TOLD_SCHEMA_VIEW, &view, out) : status;
}
