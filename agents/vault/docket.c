/* SPDX-License-Identifier: Apache-2.0 */
/* What was said and promised about a person's statement, as sealed documents (V3). It goes with the person (V7). */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_docket_put(struct told_vault *vault, const struct told_docket_row *row)
{
	struct told_buf sealed = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES);
	enum told_status status = told_vault_seal(vault, "docket", row->id, row->doc, &sealed);
	if (status == TOLD_OK) {
		sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_DOCKET_PUT);
		told_vault_bind(s, 1, row->id);
		told_vault_bind_u64(s, 2, row->kind);
		told_vault_bind(s, 3, row->client);
		told_vault_bind(s, 4, told_buf_view(&sealed));
		status = told_vault_run(s);
	}
	told_buf_free(&sealed);
	return status;
}

static enum told_status take_docket(struct told_vault *vault, sqlite3_stmt *s, struct told_arena *arena, uint32_t kind,
				    struct told_docket_row *out)
{
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	out->seq = told_vault_column_u64(s, 0);
	out->kind = kind;
	out->id = told_vault_copy(s, 1, arena);
	out->client = told_vault_copy(s, 2, arena);
	status = told_vault_unseal(vault, "docket", out->id, told_vault_column(s, 3), arena, &out->doc);
	sqlite3_reset(s);
	return status;
}

enum told_status told_docket_get(struct told_vault *vault, struct told_arena *arena, uint32_t kind,
				 struct told_bytes id, struct told_docket_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_DOCKET_GET);
	told_vault_bind(s, 1, id);
	told_vault_bind_u64(s, 2, kind);
	return take_docket(vault, s, arena, kind, out);
}

enum told_status told_docket_next(struct told_vault *vault, struct told_arena *arena, uint32_t kind,
				  struct told_bytes client, uint64_t after, struct told_docket_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_DOCKET_NEXT);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind_u64(s, 2, kind);
	told_vault_bind(s, 3, client);
	return take_docket(vault, s, arena, kind, out);
}
