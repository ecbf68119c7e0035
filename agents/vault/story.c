/* SPDX-License-Identifier: Apache-2.0 */
/* What our agency was told: content and section keys sealed (V3); cards, of which only the words' key is kept; grants.
 */
#include "agents/vault/db.h"

#include <string.h>

static void bind_story(sqlite3_stmt *s, const struct told_story_row *row, struct told_bytes key,
		       struct told_bytes content)
{
	told_vault_bind(s, 1, row->message);
	told_vault_bind(s, 2, row->client);
	told_vault_bind(s, 3, row->deposit);
	told_vault_bind_u64(s, 4, row->version);
	told_vault_bind_u64(s, 5, row->category);
	told_vault_bind_u64(s, 6, row->voice);
	told_vault_bind_u64(s, 7, row->recorded_ms);
	told_vault_bind(s, 8, row->digest);
	told_vault_bind(s, 9, row->header);
	told_vault_bind(s, 10, key);
	told_vault_bind(s, 11, content);
}

enum told_status told_story_put(struct told_vault *vault, const struct told_story_row *row)
{
	struct told_buf key = TOLD_BUF(256), content = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES + 64u);
	enum told_status status =
		told_vault_seal(vault, "story-key", row->message, told_bytes(row->key, sizeof row->key), &key);
	if (status == TOLD_OK)
		status = told_vault_seal(vault, "story", row->message, row->content, &content);
	sqlite3_stmt *old = told_vault_sql(vault, TOLD_VAULT_SQL_STORY_OLD);
	told_vault_bind(old, 1, row->deposit);
	if (status == TOLD_OK)
		status = told_vault_run(old);
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_STORY_PUT);
	bind_story(s, row, told_buf_view(&key), told_buf_view(&content));
	if (status == TOLD_OK)
		status = told_vault_run(s);
	told_vault_sql(vault, TOLD_VAULT_SQL_STORY_PUT); /* lets go of what was bound */
	told_buf_free(&key);
	told_buf_free(&content);
	return status;
}

static enum told_status take_key(struct told_vault *vault, sqlite3_stmt *s, struct told_arena *arena,
				 struct told_story_row *out)
{
	struct told_bytes key;
	enum told_status status =
		told_vault_unseal(vault, "story-key", out->message, told_vault_column(s, 10), arena, &key);
	if (status == TOLD_OK && key.len != sizeof out->key)
		status = TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		memcpy(out->key, key.data, sizeof out->key);
	return status;
}

static enum told_status take_story(struct told_vault *vault, sqlite3_stmt *s, struct told_arena *arena,
				   struct told_story_row *out)
{
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_story_row){
		.id = told_vault_column_u64(s, 0),
		.message = told_vault_copy(s, 1, arena),
		.client = told_vault_copy(s, 2, arena),
		.deposit = told_vault_copy(s, 3, arena),
		.version = (uint32_t)told_vault_column_u64(s, 4),
		.category = (uint32_t)told_vault_column_u64(s, 5),
		.voice = (uint32_t)told_vault_column_u64(s, 6),
		.recorded_ms = told_vault_column_u64(s, 7),
		.digest = told_vault_copy(s, 8, arena),
		.header = told_vault_copy(s, 9, arena),
		.newest = told_vault_column_u64(s, 12) != 0,
	};
	status = take_key(vault, s, arena, out);
	if (status == TOLD_OK)
		status =
			told_vault_unseal(vault, "story", out->message, told_vault_column(s, 11), arena, &out->content);
	sqlite3_reset(s);
	return status;
}

enum told_status told_story_next(struct told_vault *vault, struct told_arena *arena, struct told_bytes client,
				 uint64_t after, struct told_story_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_STORY_CLIENT);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind(s, 2, client);
	return take_story(vault, s, arena, out);
}

enum told_status told_story_next_of_category(struct told_vault *vault, struct told_arena *arena,
					     struct told_bytes client, uint32_t category, uint64_t after,
					     struct told_story_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_STORY_CATEGORY);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind(s, 2, client);
	told_vault_bind_u64(s, 3, category);
	return take_story(vault, s, arena, out);
}

enum told_status told_vault_next_client(struct told_vault *vault, enum told_vault_sql which,
					uint8_t client[TOLD_ID_BYTES], bool first)
{
	sqlite3_stmt *s = told_vault_sql(vault, which);
	told_vault_bind(s, 1, told_bytes(client, first ? 0 : TOLD_ID_BYTES));
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	struct told_bytes next = told_vault_column(s, 0);
	status = next.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		memcpy(client, next.data, TOLD_ID_BYTES);
	sqlite3_reset(s);
	return status;
}

enum told_status told_story_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first)
{
	return told_vault_next_client(vault, TOLD_VAULT_SQL_STORY_CLIENTS, client, first);
}

/* ---- cards ---- */

enum told_status told_card_put(struct told_vault *vault, const uint8_t client[TOLD_ID_BYTES],
			       const uint8_t key[TOLD_KEY_BYTES], uint64_t made_ms)
{
	struct told_buf sealed = TOLD_BUF(256);
	struct told_bytes ref = told_bytes(client, TOLD_ID_BYTES);
	enum told_status status = told_vault_seal(vault, "card", ref, told_bytes(key, TOLD_KEY_BYTES), &sealed);
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_CARD_PUT);
	told_vault_bind(s, 1, ref);
	told_vault_bind(s, 2, told_buf_view(&sealed));
	told_vault_bind_u64(s, 3, made_ms);
	if (status == TOLD_OK)
		status = told_vault_run(s);
	told_vault_sql(vault, TOLD_VAULT_SQL_CARD_PUT);
	told_buf_free(&sealed);
	return status;
}

static enum told_status take_card(struct told_vault *vault, sqlite3_stmt *s, struct told_bytes client,
				  uint8_t key[TOLD_KEY_BYTES])
{
	struct told_arena *arena = NULL;
	struct told_bytes plain;
	enum told_status status = told_arena_new(TOLD_TEXT_MAX_BYTES * 8, &arena);
	if (status == TOLD_OK)
		status = told_vault_unseal(vault, "card", client, told_vault_column(s, 0), arena, &plain);
	if (status == TOLD_OK && plain.len != TOLD_KEY_BYTES)
		status = TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		memcpy(key, plain.data, TOLD_KEY_BYTES);
	told_arena_free(arena);
	return status;
}

enum told_status told_card_get(struct told_vault *vault, struct told_bytes client, uint8_t key[TOLD_KEY_BYTES],
			       bool *retired)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_CARD_GET);
	told_vault_bind(s, 1, client);
	*retired = false;
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*retired = told_vault_column_u64(s, 2) != 0;
	status = *retired ? TOLD_E_NOT_FOUND : take_card(vault, s, client, key);
	sqlite3_reset(s);
	return status;
}

enum told_status told_card_retire(struct told_vault *vault, struct told_bytes client)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_CARD_RETIRE);
	told_vault_bind(s, 1, client);
	return told_vault_run(s);
}

/* ---- grants ---- */

enum told_status told_granted_put(struct told_vault *vault, struct told_bytes deposit, struct told_bytes recipient,
				  struct told_bytes key_id, struct told_bytes message)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_GRANTED_PUT);
	told_vault_bind(s, 1, deposit);
	told_vault_bind_text(s, 2, recipient);
	told_vault_bind(s, 3, key_id);
	told_vault_bind(s, 4, message);
	return told_vault_run(s);
}

enum told_status told_granted(struct told_vault *vault, struct told_bytes deposit, struct told_bytes recipient,
			      struct told_bytes key_id)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_GRANTED_GET);
	told_vault_bind(s, 1, deposit);
	told_vault_bind_text(s, 2, recipient);
	told_vault_bind(s, 3, key_id);
	enum told_status status = told_vault_row(s);
	if (status == TOLD_OK)
		sqlite3_reset(s);
	return status;
}

enum told_status told_granted_drop(struct told_vault *vault, struct told_bytes deposit, struct told_bytes recipient)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_GRANTED_DROP);
	told_vault_bind(s, 1, deposit);
	told_vault_bind_text(s, 2, recipient);
	return told_vault_run(s);
}
