/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the C2SP text formats; not a public header. */
#ifndef TOLD_EVIDENCE_LINE_H
#define TOLD_EVIDENCE_LINE_H

#include "told/proof.h"

/* Cuts the first line off rest, without its newline; false, and rest unchanged, when no newline is left. */
bool told_line_take(struct told_bytes *rest, struct told_bytes *line);
/* Cuts a prefix off a line; false, and the line unchanged, when it starts otherwise. */
bool told_line_skip(struct told_bytes *line, const char *prefix);
/* The hash whose base64 is the whole line. */
TOLD_MUST_USE enum told_status told_line_hash(struct told_bytes line, told_hash *out);
void told_line_put_hash(struct told_buf *out, const told_hash *hash);
/* UTF-8 without a byte below 0x20 other than newline. */
bool told_text_printable(struct told_bytes text);
/* A key's name (signed-note): printable, not empty, no '+', no Unicode white space, no newline. */
bool told_name_valid(struct told_bytes name);

#endif
