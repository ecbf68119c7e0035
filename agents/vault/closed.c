/* SPDX-License-Identifier: Apache-2.0 */
/* What came for our conference contact alone: kept as it came, because this vault cannot open it. Touches the table
 * closed only. */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_closed_put(struct told_vault *vault, const struct told_closed_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_CLOSED_PUT);
	told_vault_bind(s, 1, row->message);
	told_vault_bind(s, 2, row->client);
	told_vault_bind(s, 3, row->parcel);
	told_vault_bind_text(s, 4, row->sender);
	told_vault_bind_u64(s, 5, row->received_ms);
	told_vault_bind(s, 6, row->header);
	told_vault_bind(s, 7, row->body);
	return told_vault_run(s);
}

static enum told_status take(sqlite3_stmt *s, struct told_arena *arena, struct told_closed_row *out)
{
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_closed_row){
		.seq = told_vault_column_u64(s, 0),
		.message = told_vault_copy(s, 1, arena),
		.client = told_vault_copy(s, 2, arena),
		.parcel = told_vault_copy(s, 3, arena),
		.sender = told_vault_copy(s, 4, arena),
		.received_ms = told_vault_column_u64(s, 5),
		.header = told_vault_copy(s, 6, arena),
		.body = told_vault_copy(s, 7, arena),
	};
	sqlite3_reset(s);
	return out->header.len > 0 && out->body.len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_closed_next(struct told_vault *vault, struct told_arena *arena, uint64_t after,
				  struct told_closed_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_CLOSED_NEXT);
	told_vault_bind_u64(s, 1, after);
	return take(s, arena, out);
}

enum told_status told_closed_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes message,
				 struct told_closed_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_CLOSED_GET);
	told_vault_bind(s, 1, message);
	return take(s, arena, out);
}
