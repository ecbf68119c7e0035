/* SPDX-License-Identifier: Apache-2.0 */
/* JSON into the vault and out of it. What was written out for the vault is wiped on every path. */
#include "agents/agent/core/doc.h"

#include <stdlib.h>
#include <string.h>

json_t *told_doc_read(struct told_bytes doc)
{
	return json_loadb((const char *)doc.data, doc.len, JSON_REJECT_DUPLICATES, NULL);
}

static char *write_out(const json_t *doc)
{
	return doc == NULL ? NULL : json_dumps(doc, JSON_COMPACT);
}

static void wipe_out(char *text)
{
	if (text != NULL)
		told_wipe(text, strlen(text));
	free(text);
}

enum told_status told_doc_put(struct told_agent *agent, const struct told_kept_row *row, const json_t *doc)
{
	struct told_kept_row kept = *row;
	char *text = write_out(doc);
	enum told_status status = TOLD_E_MEMORY;
	if (text != NULL) {
		kept.doc = told_text(text);
		status = told_kept_put(agent->vault, &kept);
	}
	wipe_out(text);
	return status;
}

enum told_status told_doc_put_named(struct told_agent *agent, const char *name, const json_t *doc)
{
	char *text = write_out(doc);
	enum told_status status = text == NULL ? TOLD_E_MEMORY : told_vault_put(agent->vault, name, told_text(text));
	wipe_out(text);
	return status;
}
