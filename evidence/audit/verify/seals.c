/* SPDX-License-Identifier: Apache-2.0 */
/* Judges notes by the keys of the policy, and each cosignature line by the text of its note alone: what the log signed
 * need not be judged once for each witness. Touches the tables checkpoint and cosignature only. */
#include "evidence/audit/verify/seals.h"

#include "evidence/audit/verify/ahead.h"
#include "told/proof.h"

#include <stdlib.h>

#define BATCH 16u /* a signature takes as long as some hundred rows of details */

/* As in openings.c: fewer than BATCH are the last. */
struct batch {
	struct told_seal seals[BATCH];
	size_t count;
	enum told_status status;
};

/* Of whoever fills. */
struct filler {
	struct told_rows notes, lines;
	const struct told_policy *policy;
};

struct told_seals {
	struct filler filler;
	struct told_ahead *ahead;
	size_t at; /* in the batch in hand */
};

/* ---- cosignatures ---- */

/* The witness of this name, or key_count. */
static size_t find_witness(const struct told_policy *policy, struct told_bytes name)
{
	size_t i = policy->log_count;
	while (i < policy->key_count && !told_bytes_equal(policy->keys[i].name, name))
		i++;
	return i;
}

/* Takes what a line adds; false: it is not a signature of that witness below this text. */
static bool take_line(const struct told_policy *policy, size_t witness, struct told_bytes text, struct told_bytes line,
		      struct told_judged_note *note)
{
	struct told_note_line found[TOLD_POLICY_KEYS_MAX];
	struct told_buf alone = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_bytes opened;
	size_t count = 0;
	told_buf_put_bytes(&alone, text);
	told_buf_put_text(&alone, "\n");
	told_buf_put_bytes(&alone, line);
	bool good = alone.status == TOLD_OK && told_note_open(told_buf_view(&alone), policy->keys, policy->key_count,
							      &opened, found, &count) == TOLD_OK;
	good = good && told_bytes_equal(opened, text); /* a line that brings a text of its own signs that */
	bool by_name = false;
	uint64_t time_s = 0;
	for (size_t i = 0; good && i < count; i++) {
		size_t key = found[i].vkey;
		if (key < policy->log_count)
			continue;
		note->signed_by[key] = true;
		by_name |= told_bytes_equal(policy->keys[key].name, policy->keys[witness].name);
		time_s = found[i].time_s > time_s ? found[i].time_s : time_s;
	}
	if (by_name && time_s > note->cosigned_s)
		note->cosigned_s = time_s;
	told_buf_free(&alone);
	return by_name;
}

/* Lines of smaller sizes have no checkpoint, or one that counts for nothing. */
static enum told_status take_lines(struct filler *filler, struct told_bytes text, struct told_seal *seal)
{
	struct told_rows *rows = &filler->lines;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && rows->there && told_rows_u64(rows, 0) <= seal->size) {
		size_t witness = find_witness(filler->policy, told_rows_bytes(rows, 1));
		if (told_rows_u64(rows, 0) == seal->size && witness < filler->policy->key_count)
			seal->forged[witness] |=
				!take_line(filler->policy, witness, text, told_rows_bytes(rows, 2), &seal->note);
		status = told_rows_next(rows);
	}
	return status;
}

/* ---- checkpoints ---- */

static void judge(struct filler *filler, struct told_seal *seal)
{
	struct told_bytes note = told_rows_bytes(&filler->notes, 1), text;
	*seal = (struct told_seal){.size = told_rows_u64(&filler->notes, 0)};
	seal->status = told_note_judge(filler->policy, note, &seal->note, &seal->fault);
	if (seal->status == TOLD_OK)
		seal->status = told_note_text(note, &text);
	if (seal->status == TOLD_OK)
		seal->lines = take_lines(filler, text, seal);
	seal->note.checkpoint.origin = told_bytes(NULL, 0); /* it was the row's */
}

static bool is_last(const struct batch *batch)
{
	return batch->count < BATCH || batch->status != TOLD_OK;
}

static bool fill(void *ctx, void *out)
{
	struct filler *filler = ctx;
	struct batch *batch = out;
	batch->count = 0;
	batch->status = TOLD_OK;
	while (batch->status == TOLD_OK && filler->notes.there && batch->count < BATCH) {
		judge(filler, &batch->seals[batch->count++]);
		batch->status = told_rows_next(&filler->notes);
	}
	return !is_last(batch);
}

/* ---- whoever compares ---- */

const struct told_seal *told_seals_now(const struct told_seals *seals)
{
	const struct batch *batch = told_ahead_batch(seals->ahead);
	return seals->at < batch->count ? &batch->seals[seals->at] : NULL;
}

enum told_status told_seals_next(struct told_seals *seals)
{
	const struct batch *batch = told_ahead_batch(seals->ahead);
	if (seals->at < batch->count)
		seals->at++;
	if (seals->at < batch->count)
		return TOLD_OK;
	if (is_last(batch))
		return batch->status;
	told_ahead_next(seals->ahead);
	seals->at = 0;
	return TOLD_OK;
}

enum told_status told_seals_new(struct told_source *source, int64_t log, const struct told_policy *policy,
				struct told_seals **out)
{
	bool thread = false;
	struct told_seals *seals = *out = calloc(1, sizeof *seals);
	if (seals == NULL)
		return TOLD_E_MEMORY;
	struct told_audit_store *store = told_source_ahead(source, TOLD_AHEAD_NOTES, &thread);
	seals->filler.policy = policy;
	enum told_status status = told_rows_open(store, TOLD_AUDIT_SQL_CHECKPOINTS, &log, 1, &seals->filler.notes);
	if (status == TOLD_OK)
		status = told_rows_open(store, TOLD_AUDIT_SQL_COSIGNATURES, &log, 1, &seals->filler.lines);
	if (status != TOLD_OK)
		return status;
	return told_ahead_new(fill, &seals->filler, sizeof(struct batch), thread, &seals->ahead);
}

void told_seals_free(struct told_seals *seals)
{
	if (seals == NULL)
		return;
	told_ahead_free(seals->ahead);
	told_rows_close(&seals->filler.notes);
	told_rows_close(&seals->filler.lines);
	free(seals);
}
