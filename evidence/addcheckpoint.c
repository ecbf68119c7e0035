/* SPDX-License-Identifier: Apache-2.0 */
/* The add-checkpoint call of tlog-witness, for witnesses that are no agencies. Touches memory only. */
#include "evidence/addcheckpoint.h"

#include "evidence/line.h"

#include <inttypes.h>

enum { GOOD = 200, BAD_REQUEST = 400, FORBIDDEN = 403, NOT_KNOWN = 404, CONFLICT = 409, NOT_CONSISTENT = 422 };

/* ---- the body ---- */

static enum told_status parse_path(struct told_bytes *rest, struct told_add_checkpoint *out)
{
	struct told_bytes line;
	while (told_line_take(rest, &line)) {
		if (line.len == 0)
			return TOLD_OK;
		if (out->count == TOLD_ADD_CHECKPOINT_PATH_MAX)
			return TOLD_E_LIMIT;
		enum told_status status = told_line_hash(line, &out->path[out->count]);
		if (status != TOLD_OK)
			return status;
		out->count++;
	}
	return TOLD_E_MALFORMED;
}

enum told_status told_add_checkpoint_parse(struct told_bytes body, struct told_add_checkpoint *out)
{
	struct told_bytes line;
	*out = (struct told_add_checkpoint){0};
	if (!told_line_take(&body, &line) || !told_line_skip(&line, "old "))
		return TOLD_E_MALFORMED;
	enum told_status status = told_decimal(line, UINT64_MAX, &out->old_size);
	if (status == TOLD_OK)
		status = parse_path(&body, out);
	if (status == TOLD_OK && body.len > TOLD_NOTE_MAX_BYTES)
		status = TOLD_E_LIMIT;
	if (status == TOLD_OK && body.len == 0)
		status = TOLD_E_MALFORMED;
	out->checkpoint = body;
	return status;
}

void told_add_checkpoint_format(const struct told_add_checkpoint *request, struct told_buf *out)
{
	told_buf_printf(out, "old %" PRIu64 "\n", request->old_size);
	for (size_t i = 0; i < request->count; i++)
		told_line_put_hash(out, &request->path[i]);
	told_buf_put_text(out, "\n");
	told_buf_put_bytes(out, request->checkpoint);
}

/* ---- the answer ---- */

static bool is_of(struct told_bytes note, struct told_bytes origin)
{
	struct told_bytes line;
	return told_line_take(&note, &line) && told_bytes_equal(line, origin);
}

/* The proof verifier has no proof from nothing: a first checkpoint comes without one, and an empty tree has one root.
 */
static bool consistent(const struct told_add_checkpoint *request, const told_hash *root,
		       const struct told_checkpoint *newest)
{
	told_hash empty;
	told_merkle_root(NULL, 0, &empty);
	if (newest->size == 0 && !told_hash_equal(&newest->root, &empty))
		return false;
	if (request->old_size == 0)
		return request->count == 0;
	return told_consistency_check(request->old_size, root, newest->size, &newest->root, request->path,
				      request->count) == TOLD_OK;
}

unsigned told_add_checkpoint_judge(const struct told_add_checkpoint *request, const struct told_vkey *log,
				   uint64_t size, const told_hash *root, struct told_checkpoint *newest)
{
	struct told_bytes text;
	struct told_note_line line;
	size_t count = 0;
	if (!is_of(request->checkpoint, log->name))
		return NOT_KNOWN;
	if (told_note_open(request->checkpoint, log, 1, &text, &line, &count) != TOLD_OK)
		return FORBIDDEN;
	if (told_checkpoint_parse(text, newest) != TOLD_OK || request->old_size > newest->size)
		return BAD_REQUEST;
	if (request->old_size != size)
		return CONFLICT;
	return consistent(request, root, newest) ? GOOD : NOT_CONSISTENT;
}
