/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages belong to which alert (V6; the alert itself is kept, kept.c), and who of us opened which parcel. */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_alert_message(struct told_vault *vault, struct told_bytes message, struct told_bytes alert)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ALERT_MESSAGE_PUT);
	told_vault_bind(s, 1, message);
	told_vault_bind(s, 2, alert);
	return told_vault_run(s);
}

enum told_status told_alert_of_message(struct told_vault *vault, struct told_arena *arena, struct told_bytes message,
				       struct told_bytes *alert)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ALERT_MESSAGE_GET);
	told_vault_bind(s, 1, message);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*alert = told_vault_copy(s, 0, arena);
	sqlite3_reset(s);
	return alert->len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_MEMORY;
}

/* ---- opened ---- */

enum told_status told_opened_put(struct told_vault *vault, const struct told_opened_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OPENED_PUT);
	told_vault_bind(s, 1, row->parcel);
	told_vault_bind_text(s, 2, row->worker);
	told_vault_bind(s, 3, row->message);
	told_vault_bind_text(s, 4, row->sender);
	told_vault_bind_u64(s, 5, row->time_ms);
	return told_vault_run(s);
}

enum told_status told_opened_untold(struct told_vault *vault, struct told_arena *arena, uint64_t after,
				    struct told_opened_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OPENED_UNTOLD);
	told_vault_bind_u64(s, 1, after);
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_opened_row){
		.seq = told_vault_column_u64(s, 0),
		.parcel = told_vault_copy(s, 1, arena),
		.worker = told_vault_copy(s, 2, arena),
		.message = told_vault_copy(s, 3, arena),
		.sender = told_vault_copy(s, 4, arena),
		.time_ms = told_vault_column_u64(s, 5),
	};
	sqlite3_reset(s);
	return out->parcel.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_opened_told(struct told_vault *vault, uint64_t seq)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OPENED_TOLD);
	told_vault_bind_u64(s, 1, seq);
	return told_vault_run(s);
}

enum told_status told_opened_untell(struct told_vault *vault, struct told_bytes parcel, struct told_bytes worker)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OPENED_UNTELL);
	told_vault_bind(s, 1, parcel);
	told_vault_bind(s, 2, worker);
	return told_vault_run(s);
}
