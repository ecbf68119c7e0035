/* SPDX-License-Identifier: Apache-2.0 */
/* A .tlog-proof file (C2SP tlog-proof, draft): one leaf's place in a log, to be kept for years and checked alone.
 * Touches memory only. */
#include "evidence/line.h"

#include <inttypes.h>

#define FIRST_LINE "c2sp.org/tlog-proof@v1"

void told_proof_file_format(const struct told_proof_file *proof, struct told_buf *out)
{
	told_buf_put_text(out, FIRST_LINE "\n");
	if (proof->has_extra) {
		told_buf_put_text(out, "extra ");
		told_base64(told_buf_view(&proof->extra), out);
		told_buf_put_text(out, "\n");
	}
	told_buf_printf(out, "index %" PRIu64 "\n", proof->index);
	for (size_t i = 0; i < proof->count; i++)
		told_line_put_hash(out, &proof->path[i]);
	told_buf_put_text(out, "\n");
	told_buf_put_bytes(out, proof->checkpoint);
}

/* The lines before the path: version, perhaps extra, index. */
static enum told_status parse_head(struct told_bytes *rest, struct told_proof_file *out)
{
	struct told_bytes line;
	if (!told_line_take(rest, &line) || !told_bytes_equal(line, told_text(FIRST_LINE)) ||
	    !told_line_take(rest, &line))
		return TOLD_E_MALFORMED;
	if (told_line_skip(&line, "extra ")) {
		enum told_status status = told_unbase64(line, &out->extra);
		if (status != TOLD_OK)
			return status;
		out->has_extra = true;
		if (!told_line_take(rest, &line))
			return TOLD_E_MALFORMED;
	}
	if (!told_line_skip(&line, "index "))
		return TOLD_E_MALFORMED;
	return told_decimal(line, UINT64_MAX, &out->index);
}

/* The hashes up to the empty line. */
static enum told_status parse_path(struct told_bytes *rest, struct told_proof_file *out)
{
	struct told_bytes line;
	while (told_line_take(rest, &line)) {
		if (line.len == 0)
			return TOLD_OK;
		if (out->count == TOLD_PROOF_MAX)
			return TOLD_E_LIMIT;
		enum told_status status = told_line_hash(line, &out->path[out->count]);
		if (status != TOLD_OK)
			return status;
		out->count++;
	}
	return TOLD_E_MALFORMED;
}

static enum told_status parse(struct told_bytes rest, struct told_proof_file *out)
{
	enum told_status status = parse_head(&rest, out);
	if (status == TOLD_OK)
		status = parse_path(&rest, out);
	if (status != TOLD_OK)
		return status;
	if (rest.len > TOLD_NOTE_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (rest.len == 0 || rest.data[rest.len - 1] != '\n')
		return TOLD_E_MALFORMED;
	out->checkpoint = rest;
	return TOLD_OK;
}

enum told_status told_proof_file_parse(struct told_bytes text, struct told_proof_file *out)
{
	*out = (struct told_proof_file){.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES)};
	enum told_status status = parse(text, out);
	if (status == TOLD_OK)
		return TOLD_OK;
	told_buf_free(&out->extra);
	*out = (struct told_proof_file){.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES)};
	return status;
}
