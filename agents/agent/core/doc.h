/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as the vault keeps them: JSON, compact; the text is wiped once it is in. Room-internal. */
#ifndef TOLD_AGENT_WORK_DOC_H
#define TOLD_AGENT_WORK_DOC_H

#include "agents/agent/core/state.h"

/* The document's text as JSON, the caller's; NULL: it is none. */
json_t *told_doc_read(struct told_bytes doc);
/* Puts doc, which stays the caller's, under what row says; row's own doc is not looked at. NULL: TOLD_E_MEMORY. */
enum told_status told_doc_put(struct told_agent *agent, const struct told_kept_row *row, const json_t *doc);
/* The same for the one document that the vault has under a name. */
enum told_status told_doc_put_named(struct told_agent *agent, const char *name, const json_t *doc);

#endif
