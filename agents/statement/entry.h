/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of one entry. Room-internal, but for told_entry_say (page.h). */
#ifndef TOLD_STATEMENT_ENTRY_H
#define TOLD_STATEMENT_ENTRY_H

#include "agents/statement/page.h"

#define TOLD_ENTRY_MAX_BYTES 8192u /* every category and purpose that there is, in words */

/* A member's text, "" when there is none. */
const char *told_entry_text(const json_t *object, const char *member);
/* Codes as "your name, your home and what you need"; what has the same words is said once. */
void told_entry_parts(const json_t *codes, const struct told_catalogue *words, struct told_buf *out);
const char *told_entry_name(const json_t *entry, const struct told_catalogue *words);
void told_entry_why(const json_t *entry, const struct told_catalogue *words, struct told_buf *out);
void told_entry_opened(const json_t *entry, const json_t *opened, const struct told_catalogue *words,
		       struct told_buf *out);

#endif
