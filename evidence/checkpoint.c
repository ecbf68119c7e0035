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

enum told_status told_checkpoint_parse(struct told_bytes text, struct told_checkpoint *out)
{
	struct told_bytes origin, size, root, rest = text;
	if (!told_line_take(&rest, &origin) || !told_line_take(&rest, &size) || !told_line_take(&rest, &root) ||
	    rest.len != 0 || origin.len == 0 || !told_text_printable(origin))
		return TOLD_E_MALFORMED;
	struct told_checkpoint parsed = {.origin = origin};
	enum told_status status = told_decimal(size, UINT64_MAX, &parsed.size);
	if (status == TOLD_OK)
		status = told_line_hash(root, &parsed.root);
	if (status != TOLD_OK)
		return status;
	*out = parsed;
	return TOLD_OK;
}
