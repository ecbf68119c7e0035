/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a checkpoint (C2SP tlog-checkpoint), in its strictest form: no extension lines, because witnesses refuse
 * them. Touches memory only. */
#include "evidence/line.h"

#include <inttypes.h>

void told_checkpoint_format(const struct told_checkpoint *checkpoint, struct told_buf *out)
{
	told_buf_put_bytes(out, checkpoint->origin);
	told_buf_printf(out, "\n%" PRIu64 "\n", checkpoint->size);
	told_line_put_hash(out, &checkpoint->root);
}

enum told_status told_checkpoint_parse_at(struct told_bytes text, struct told_checkpoint *out, size_t *line)
{
	struct told_bytes word, rest = text;
	struct told_checkpoint parsed;
	*line = 1;
	if (!told_line_take(&rest, &parsed.origin) || parsed.origin.len == 0 || !told_text_printable(parsed.origin))
		return TOLD_E_MALFORMED;
	*line = 2;
	if (!told_line_take(&rest, &word))
		return TOLD_E_MALFORMED;
	enum told_status status = told_decimal(word, UINT64_MAX, &parsed.size);
	if (status != TOLD_OK)
		return status;
	*line = 3;
	if (!told_line_take(&rest, &word) || told_line_hash(word, &parsed.root) != TOLD_OK)
		return TOLD_E_MALFORMED;
	*line = 4;
	if (rest.len != 0)
		return TOLD_E_MALFORMED;
	*line = 0;
	*out = parsed;
	return TOLD_OK;
}

enum told_status told_checkpoint_parse(struct told_bytes text, struct told_checkpoint *out)
{
	size_t line;
	return told_checkpoint_parse_at(text, out, &line);
}
