/* SPDX-License-Identifier: Apache-2.0 */
/* Values under a name, and counters; sealed, each for its place. */
#include "agents/vault/db.h"
#include "told/seal.h"

#define SEALED_MAX_BYTES (TOLD_CIPHERTEXT_MAX_BYTES + 64u)

static enum told_status place(const char *table, struct told_bytes id, struct told_buf *aad)
{
	told_buf_printf(aad, "told/vault/%s/", table);
	told_buf_put_bytes(aad, id);
	return aad->status;
}

enum told_status told_vault_seal(const struct told_vault *vault, const char *table, struct told_bytes id,
				 struct told_bytes plain, struct told_buf *out)
{
	struct told_buf aad = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	enum told_status status = place(table, id, &aad);
	if (status == TOLD_OK)
		status = told_box_seal(vault->key, told_buf_view(&aad), plain, out);
	told_buf_free(&aad);
	return status;
}

enum told_status told_vault_unseal(const struct told_vault *vault, const char *table, struct told_bytes id,
				   struct told_bytes sealed, struct told_arena *arena, struct told_bytes *out)
{
	struct told_buf aad = TOLD_BUF(TOLD_TEXT_MAX_BYTES), plain = TOLD_BUF(SEALED_MAX_BYTES);
	enum told_status status = place(table, id, &aad);
	if (status == TOLD_OK)
		status = told_box_open(vault->key, told_buf_view(&aad), sealed, &plain);
	if (status == TOLD_OK) {
		*out = told_arena_copy(arena, told_buf_view(&plain));
		status = out->len == plain.len ? TOLD_OK : TOLD_E_MEMORY;
	} else if (told_status_class(status) == TOLD_CLASS_PEER) {
		status = TOLD_E_CORRUPT;
	}
	told_buf_free(&aad);
	told_buf_free(&plain);
	return status;
}

enum told_status told_vault_get(struct told_vault *vault, const char *name, struct told_buf *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_META_GET);
	told_vault_bind_text(s, 1, told_text(name));
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	told_buf_put_bytes(out, told_vault_column(s, 0));
	sqlite3_reset(s);
	return out->status;
}

enum told_status told_vault_put(struct told_vault *vault, const char *name, struct told_bytes value)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_META_PUT);
	told_vault_bind_text(s, 1, told_text(name));
	told_vault_bind(s, 2, value);
	return told_vault_run(s);
}

enum told_status told_vault_number(struct told_vault *vault, const char *name, uint64_t *out)
{
	struct told_buf value = TOLD_BUF(sizeof *out);
	enum told_status status = told_vault_get(vault, name, &value);
	*out = 0;
	if (status == TOLD_OK && value.len != sizeof *out)
		status = TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		*out = told_u64(value.data);
	told_buf_free(&value);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_vault_count_up(struct told_vault *vault, const char *name, uint64_t *out)
{
	struct told_buf value = TOLD_BUF(sizeof *out);
	enum told_status status = told_vault_number(vault, name, out);
	if (status != TOLD_OK)
		return status;
	told_buf_put_u64(&value, ++*out);
	status = value.status == TOLD_OK ? told_vault_put(vault, name, told_buf_view(&value)) : value.status;
	told_buf_free(&value);
	return status;
}
