/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts of what others sent us: proofs that stand alone. Touches the table proof, and looks up in the inbox which
 * parcel brought one. */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_proof_put(struct told_vault *vault, struct told_bytes message, struct told_bytes text)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_PROOF_PUT);
	told_vault_bind(s, 1, message);
	told_vault_bind(s, 2, text);
	return told_vault_run(s);
}

enum told_status told_proof_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes message,
				struct told_bytes *text)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_PROOF_GET);
	told_vault_bind(s, 1, message);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*text = told_vault_copy(s, 0, arena);
	sqlite3_reset(s);
	return text->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_proof_better(struct told_vault *vault, struct told_bytes message, struct told_bytes text)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_PROOF_BETTER);
	told_vault_bind(s, 1, message);
	told_vault_bind(s, 2, text);
	return told_vault_run(s);
}

enum told_status told_proof_parcel(struct told_vault *vault, struct told_bytes message, uint8_t parcel[TOLD_ID_BYTES])
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_INBOX_PARCEL_OF);
	told_vault_bind(s, 1, message);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	struct told_bytes id = told_vault_column(s, 0);
	if (id.len == TOLD_ID_BYTES)
		memcpy(parcel, id.data, TOLD_ID_BYTES);
	else
		status = TOLD_E_CORRUPT;
	sqlite3_reset(s);
	return status;
}
