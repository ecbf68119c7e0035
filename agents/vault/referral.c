/* SPDX-License-Identifier: Apache-2.0 */
/* What we wrote down about referrals, sealed (V3), and who of our workers is trained for what. */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_referral_doc_put(struct told_vault *vault, struct told_bytes referral, struct told_bytes client,
				       struct told_bytes doc)
{
	struct told_buf sealed = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES);
	enum told_status status = told_vault_seal(vault, "referral", referral, doc, &sealed);
	if (status == TOLD_OK) {
		sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_REFERRAL_PUT);
		told_vault_bind(s, 1, referral);
		told_vault_bind(s, 2, client);
		told_vault_bind(s, 3, told_buf_view(&sealed));
		status = told_vault_run(s);
	}
	told_buf_free(&sealed);
	return status;
}

enum told_status told_referral_doc_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes referral,
				       struct told_bytes *doc)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_REFERRAL_GET);
	told_vault_bind(s, 1, referral);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	status = told_vault_unseal(vault, "referral", referral, told_vault_column(s, 0), arena, doc);
	sqlite3_reset(s);
	return status;
}

enum told_status told_referral_doc_next(struct told_vault *vault, struct told_arena *arena, uint8_t id[TOLD_ID_BYTES],
					struct told_bytes *client, struct told_bytes *doc)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_REFERRAL_NEXT);
	told_vault_bind(s, 1, told_bytes(id, TOLD_ID_BYTES));
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	struct told_bytes next = told_vault_column(s, 0);
	status = next.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		memcpy(id, next.data, TOLD_ID_BYTES);
	*client = told_vault_copy(s, 1, arena);
	if (status == TOLD_OK)
		status = told_vault_unseal(vault, "referral", told_bytes(id, TOLD_ID_BYTES), told_vault_column(s, 2),
					   arena, doc);
	sqlite3_reset(s);
	return status;
}

enum told_status told_fact_next_referred(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first)
{
	return told_vault_next_client(vault, TOLD_VAULT_SQL_FACT_REFERRED, client, first);
}

enum told_status told_trained_put(struct told_vault *vault, struct told_bytes number, struct told_bytes need)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_TRAINED_PUT);
	told_vault_bind_text(s, 1, number);
	told_vault_bind_text(s, 2, need);
	return told_vault_run(s);
}

enum told_status told_trained_next(struct told_vault *vault, struct told_arena *arena, struct told_bytes need,
				   struct told_bytes after, struct told_bytes *number)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_TRAINED_NEXT);
	told_vault_bind_text(s, 1, need);
	told_vault_bind_text(s, 2, after);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*number = told_vault_copy(s, 0, arena);
	sqlite3_reset(s);
	return number->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}
