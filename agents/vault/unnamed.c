/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages are of a MARAC that waits for our contact to name workers: sight.c shows them to the contact alone.
 * Touches the table unnamed, and reads what else is kept of a person. */
#include "agents/vault/db.h"

enum told_status told_unnamed_put(struct told_vault *vault, const struct told_unnamed_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_UNNAMED_PUT);
	told_vault_bind(s, 1, row->message);
	told_vault_bind(s, 2, row->conference);
	told_vault_bind(s, 3, row->client);
	told_vault_bind_text(s, 4, row->author);
	return told_vault_run(s);
}

enum told_status told_unnamed_author(struct told_vault *vault, struct told_arena *arena, struct told_bytes conference,
				     struct told_bytes *author)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_UNNAMED_AUTHOR);
	told_vault_bind(s, 1, conference);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*author = told_vault_copy(s, 0, arena);
	sqlite3_reset(s);
	return TOLD_OK;
}

enum told_status told_unnamed_drop(struct told_vault *vault, struct told_bytes conference)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_UNNAMED_DROP);
	told_vault_bind(s, 1, conference);
	return told_vault_run(s);
}

enum told_status told_unnamed_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first)
{
	return told_vault_next_client(vault, TOLD_VAULT_SQL_UNNAMED_CLIENT, client, first);
}

enum told_status told_unnamed_known(struct told_vault *vault, struct told_bytes client, struct told_bytes worker,
				    bool *known)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_UNNAMED_KNOWN);
	told_vault_bind(s, 1, client);
	told_vault_bind_text(s, 2, worker);
	enum told_status status = told_vault_row(s);
	sqlite3_reset(s);
	*known = status == TOLD_OK;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

bool told_unnamed_shows(struct told_vault *vault, uint64_t entry)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_UNNAMED_SHOWS);
	told_vault_bind_u64(s, 1, entry);
	bool shows = told_vault_row(s) == TOLD_OK;
	sqlite3_reset(s);
	return shows;
}
