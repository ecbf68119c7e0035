/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that this agency keeps for itself, sealed (V3): risks that somebody has to look at, notes, alerts,
 * incidents. What is of a person goes with the person (V7). */
#include "agents/vault/db.h"

#include <string.h>

/* What lay in a table of its own before is sealed for the name of that table. */
static const char *sealed_for(const char *kind)
{
	static const char *const tables[] = {"alert", "incident"};
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		if (strcmp(kind, tables[i]) == 0)
			return tables[i];
	return "kept";
}

enum told_status told_kept_put(struct told_vault *vault, const struct told_kept_row *row)
{
	struct told_buf sealed = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES);
	enum told_status status = told_vault_seal(vault, sealed_for(row->kind), row->id, row->doc, &sealed);
	if (status == TOLD_OK) {
		sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_KEPT_PUT);
		told_vault_bind_text(s, 1, told_text(row->kind));
		told_vault_bind(s, 2, row->id);
		told_vault_bind(s, 3, row->client);
		told_vault_bind_u64(s, 4, row->state);
		told_vault_bind(s, 5, told_buf_view(&sealed));
		status = told_vault_run(s);
	}
	told_buf_free(&sealed);
	return status;
}

enum told_status told_kept_next(struct told_vault *vault, struct told_arena *arena, const char *kind,
				enum told_kept_which which, struct told_bytes key, uint32_t state, uint64_t after,
				struct told_kept_row *out)
{
	static const enum told_vault_sql statements[] = {
		[TOLD_KEPT_ALL] = TOLD_VAULT_SQL_KEPT_ALL,
		[TOLD_KEPT_STATE] = TOLD_VAULT_SQL_KEPT_STATE,
		[TOLD_KEPT_CLIENT] = TOLD_VAULT_SQL_KEPT_CLIENT,
		[TOLD_KEPT_ID] = TOLD_VAULT_SQL_KEPT_GET,
	};
	sqlite3_stmt *s = told_vault_sql(vault, statements[which]);
	memset(out, 0, sizeof *out);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind_text(s, 2, told_text(kind));
	if (which == TOLD_KEPT_STATE)
		told_vault_bind_u64(s, 3, state);
	else if (which != TOLD_KEPT_ALL)
		told_vault_bind(s, 3, key);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	out->kind = kind;
	out->seq = told_vault_column_u64(s, 0);
	out->id = told_vault_copy(s, 1, arena);
	out->client = told_vault_copy(s, 2, arena);
	out->state = (uint32_t)told_vault_column_u64(s, 3);
	status = told_vault_unseal(vault, sealed_for(kind), out->id, told_vault_column(s, 4), arena, &out->doc);
	sqlite3_reset(s);
	return status;
}

enum told_status told_kept_drop(struct told_vault *vault, const char *kind, struct told_bytes id)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_KEPT_DROP);
	told_vault_bind_text(s, 1, told_text(kind));
	told_vault_bind(s, 2, id);
	return told_vault_run(s);
}

enum told_status told_limit_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first)
{
	return told_vault_next_client(vault, TOLD_VAULT_SQL_KEPT_CLIENTS, client, first);
}
