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

size_t told_proof_file_lines(const struct told_proof_file *proof)
{
	return 3 + proof->has_extra + proof->count;
}

/* One line, which is cut off the rest only when it is good: what is left then starts with the bad one. */
static enum told_status take_version(struct told_bytes *rest)
{
	struct told_bytes after = *rest, line;
	if (!told_line_take(&after, &line) || !told_bytes_equal(line, told_text(FIRST_LINE)))
		return TOLD_E_MALFORMED;
	*rest = after;
	return TOLD_OK;
}

static enum told_status take_extra(struct told_bytes *rest, struct told_proof_file *out)
{
	struct told_bytes after = *rest, line;
	if (!told_line_take(&after, &line) || !told_line_skip(&line, "extra "))
		return TOLD_OK;
	enum told_status status = told_unbase64(line, &out->extra);
	if (status != TOLD_OK)
		return status;
	out->has_extra = true;
	*rest = after;
	return TOLD_OK;
}

static enum told_status take_index(struct told_bytes *rest, struct told_proof_file *out)
{
	struct told_bytes after = *rest, line;
	if (!told_line_take(&after, &line) || !told_line_skip(&line, "index "))
		return TOLD_E_MALFORMED;
	enum told_status status = told_decimal(line, UINT64_MAX, &out->index);
	if (status == TOLD_OK)
		*rest = after;
	return status;
}

/* The hashes, and the empty line behind them. */
static enum told_status take_path(struct told_bytes *rest, struct told_proof_file *out)
{
	struct told_bytes after = *rest, line;
	for (; told_line_take(&after, &line); *rest = after) {
		if (line.len == 0) {
			*rest = after;
			return TOLD_OK;
		}
		if (out->count == TOLD_PROOF_MAX)
			return TOLD_E_LIMIT;
		enum told_status status = told_line_hash(line, &out->path[out->count]);
		if (status != TOLD_OK)
			return status;
		out->count++;
	}
	return TOLD_E_MALFORMED;
}

static enum told_status parse(struct told_bytes *rest, struct told_proof_file *out)
{
	enum told_status status = take_version(rest);
	if (status == TOLD_OK)
		status = take_extra(rest, out);
	if (status == TOLD_OK)
		status = take_index(rest, out);
	if (status == TOLD_OK)
		status = take_path(rest, out);
	if (status != TOLD_OK)
		return status;
	if (rest->len > TOLD_NOTE_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (rest->len == 0 || rest->data[rest->len - 1] != '\n')
		return TOLD_E_MALFORMED;
	out->checkpoint = *rest;
	return TOLD_OK;
}

/* The line in which the rest begins. */
static size_t line_of(struct told_bytes text, struct told_bytes rest)
{
	size_t line = 1;
	for (size_t i = 0; i < text.len - rest.len; i++)
		line += text.data[i] == '\n';
	return line;
}

enum told_status told_proof_file_parse_at(struct told_bytes text, struct told_proof_file *out, size_t *line)
{
	struct told_bytes rest = text;
	*out = (struct told_proof_file){.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES)};
	enum told_status status = parse(&rest, out);
	if (status == TOLD_OK)
		return TOLD_OK;
	*line = line_of(text, rest);
	told_buf_free(&out->extra);
	*out = (struct told_proof_file){.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES)};
	return status;
}

enum told_status told_proof_file_parse(struct told_bytes text, struct told_proof_file *out)
{
	size_t line;
	return told_proof_file_parse_at(text, out, &line);
}
