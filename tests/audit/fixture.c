/* SPDX-License-Identifier: Apache-2.0 */
/* Writes stores for the tests of told-audit. */
#include "audit/fixture.h"

#include "broker/record/leaf.h"
#include "broker/record/schema.h"
#include "evidence/audit/base/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const senders[] = {"HOUSING", "IAPT", "ADDICTION"};

void fixture_write(const char *path, struct told_bytes content)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(content.data, 1, content.len, file), content.len);
	assert_int_equal(fclose(file), 0);
}

static void exec(struct fixture *f, const char *sql)
{
	char *why = NULL;
	if (sqlite3_exec(f->db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static void write_policy(struct fixture *f)
{
	struct told_buf text = TOLD_BUF(1024);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&f->vkey, &text);
	told_buf_put_text(&text, "\nquorum none\n");
	fixture_write(f->policy, told_buf_view(&text));
	told_buf_free(&text);
}

/* A folder below the one that this process removes at its end. */
static void make_dir(char dir[256])
{
	static const char *base;
	static unsigned count;
	if (base == NULL)
		base = told_test_dir();
	snprintf(dir, 256, "%s/%u", base, count++);
	assert_int_equal(mkdir(dir, 0700), 0);
}

struct fixture *fixture_new(uint8_t key)
{
	uint8_t seed[32] = {key};
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	make_dir(f->dir);
	snprintf(f->store, sizeof f->store, "%s/told.db", f->dir);
	snprintf(f->policy, sizeof f->policy, "%s/policy", f->dir);
	snprintf(f->receipts, sizeof f->receipts, "%s/receipts", f->dir);
	assert_int_equal(mkdir(f->receipts, 0700), 0);
	assert_int_equal(told_ed25519_public(seed, f->key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &f->signer), TOLD_OK);
	told_vkey_make(told_text(FIXTURE_ORIGIN), TOLD_NOTE_ED25519, f->key, &f->vkey);
	assert_int_equal(sqlite3_open(f->store, &f->db), SQLITE_OK);
	for (unsigned i = 0; told_schema_step(i) != NULL; i++)
		exec(f, told_schema_step(i));
	exec(f, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
	fixture_put_blob(f, "INSERT INTO meta(key, value) SELECT 'log_key', ?1 WHERE ?2",
			 told_bytes(f->key, sizeof f->key), 1);
	fixture_put_blob(f, "INSERT INTO meta(key, value) SELECT 'partnership', ?1 WHERE ?2",
			 told_bytes(FIXTURE_ORIGIN, sizeof FIXTURE_ORIGIN - sizeof "/1"), 1);
	f->time_ms = FIXTURE_TIME_MS;
	f->note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	write_policy(f);
	return f;
}

struct fixture *fixture_full(uint8_t key, size_t entries, size_t turn)
{
	struct fixture *f = fixture_new(key);
	while (f->count < entries)
		fixture_turn(f, entries - f->count < turn ? entries - f->count : turn);
	fixture_receipts(f, 7);
	return f;
}

void fixture_free(struct fixture *f)
{
	sqlite3_close(f->db);
	told_signer_free(f->signer);
	told_buf_free(&f->note);
	free(f->out);
	free(f);
}

/* ---- statements ---- */

static sqlite3_stmt *prepare(struct fixture *f, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(f->db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(f->db));
	return statement;
}

static void bind_blob(sqlite3_stmt *statement, int at, const void *data, size_t len)
{
	assert_int_equal(sqlite3_bind_blob(statement, at, len > 0 ? data : "", (int)len, SQLITE_TRANSIENT), SQLITE_OK);
}

static void run(struct fixture *f, sqlite3_stmt *statement)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		fail_msg("%s", sqlite3_errmsg(f->db));
	sqlite3_finalize(statement);
}

void fixture_sql(struct fixture *f, const char *sql, int64_t a, int64_t b)
{
	sqlite3_stmt *statement = prepare(f, sql);
	int wanted = sqlite3_bind_parameter_count(statement);
	if (wanted >= 1)
		sqlite3_bind_int64(statement, 1, a);
	if (wanted >= 2)
		sqlite3_bind_int64(statement, 2, b);
	run(f, statement);
}

struct told_bytes fixture_blob(struct fixture *f, const char *sql, int64_t a)
{
	sqlite3_stmt *statement = prepare(f, sql);
	sqlite3_bind_int64(statement, 1, a);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	size_t len = (size_t)sqlite3_column_bytes(statement, 0);
	uint8_t *copy = malloc(len + 1);
	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, sqlite3_column_blob(statement, 0), len);
	sqlite3_finalize(statement);
	return told_bytes(copy, len);
}

void fixture_put_blob(struct fixture *f, const char *sql, struct told_bytes blob, int64_t a)
{
	sqlite3_stmt *statement = prepare(f, sql);
	bind_blob(statement, 1, blob.data, blob.len);
	sqlite3_bind_int64(statement, 2, a);
	run(f, statement);
}

void fixture_drop_triggers(struct fixture *f)
{
	for (;;) {
		sqlite3_stmt *statement = prepare(f, "SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1");
		char sql[128] = "";
		if (sqlite3_step(statement) == SQLITE_ROW)
			snprintf(sql, sizeof sql, "DROP TRIGGER %s", (const char *)sqlite3_column_text(statement, 0));
		sqlite3_finalize(statement);
		if (sql[0] == '\0')
			return;
		exec(f, sql);
	}
}

/* ---- turns ---- */

void fixture_begin(struct fixture *f)
{
	exec(f, "BEGIN IMMEDIATE");
	f->time_ms += 1000;
	if (f->note.len > 0) {
		sqlite3_stmt *put = prepare(f, "INSERT INTO checkpoint(log, size, note) VALUES (1, ?1, ?2)");
		sqlite3_bind_int64(put, 1, (int64_t)f->note_size);
		bind_blob(put, 2, f->note.data, f->note.len);
		run(f, put);
	}
}

static void put_tiles(struct fixture *f)
{
	if (f->count % TOLD_TILE_WIDTH != 0)
		return;
	sqlite3_stmt *put = prepare(f, "INSERT INTO tile(log, level, n, data) VALUES (1, 0, ?1, ?2)");
	sqlite3_bind_int64(put, 1, (int64_t)(f->count / TOLD_TILE_WIDTH - 1));
	bind_blob(put, 2, &f->hashes[f->count - TOLD_TILE_WIDTH], TOLD_TILE_WIDTH * TOLD_HASH_BYTES);
	run(f, put);
}

static void put_detail(struct fixture *f, const struct told_leaf_made *made)
{
	sqlite3_stmt *put =
		prepare(f, "INSERT INTO detail(log, idx, facts_salt, facts, ruling_salt, ruling, subject_salt, subject,"
			   " client) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7,"
			   " CASE WHEN substr(?7, 1, 2) = x'0a10' THEN substr(?7, 3, 16) END)");
	const struct told_part_bytes *parts[] = {&made->facts, &made->ruling, &made->subject};
	sqlite3_bind_int64(put, 1, (int64_t)f->count);
	for (int i = 0; i < 3; i++) {
		bind_blob(put, 2 + 2 * i, parts[i]->salt, sizeof parts[i]->salt);
		bind_blob(put, 3 + 2 * i, parts[i]->bytes.data, parts[i]->bytes.len);
	}
	run(f, put);
}

static void put_entry(struct fixture *f, struct told_bytes leaf)
{
	told_hash hash;
	told_leaf_hash(leaf, &hash);
	sqlite3_stmt *put = prepare(f, "INSERT INTO entry(log, idx, data, leaf_hash) VALUES (1, ?1, ?2, ?3)");
	sqlite3_bind_int64(put, 1, (int64_t)f->count);
	bind_blob(put, 2, leaf.data, leaf.len);
	bind_blob(put, 3, hash.b, sizeof hash.b);
	run(f, put);
	assert_true(f->count < FIXTURE_MAX);
	told_frontier_append(&f->frontier, &hash, NULL, NULL);
	f->hashes[f->count++] = hash;
	put_tiles(f);
}

/* What the test leaves open. */
static void fill(struct fixture *f, struct told_leaf *leaf, uint8_t txid[16])
{
	size_t who = f->count % 3;
	if (leaf->phase == 0)
		leaf->phase = TOLD_PHASE_ACCEPTED;
	if (leaf->time_ms == 0)
		leaf->time_ms = f->time_ms;
	if (leaf->txid.len == 0) {
		assert_int_equal(told_random(txid, 16), TOLD_OK);
		leaf->txid = told_bytes(txid, 16);
	}
	if (leaf->sender.len == 0) {
		leaf->sender = told_text(senders[who]);
		leaf->sender_seq = ++f->numbers[who];
		leaf->type = TOLD_TYPE_NOTE;
	}
}

void fixture_entry(struct fixture *f, struct told_leaf *leaf, const struct told_leaf_facts *facts)
{
	static const uint8_t header_hash[32] = {7}, client[16] = {9};
	struct told_leaf_facts plain = {.header_hash = told_bytes(header_hash, sizeof header_hash)};
	struct told_leaf_subject subject = {.client_ref = told_bytes(client, sizeof client), .worker = told_text("W1")};
	struct told_leaf_ruling ruling = {.status = 1 + (uint32_t)f->count};
	struct told_buf ruled = TOLD_BUF(64);
	struct told_leaf_made made;
	struct told_arena *arena = NULL;
	uint8_t txid[16];
	fill(f, leaf, txid);
	assert_int_equal(told_leaf_ruling_encode(&ruling, &ruled), TOLD_OK);
	assert_int_equal(told_arena_new(1 << 20, &arena), TOLD_OK);
	assert_int_equal(told_leaf_make(arena, leaf, facts != NULL ? facts : &plain, told_buf_view(&ruled), &subject,
					NULL, &made),
			 TOLD_OK);
	put_detail(f, &made);
	put_entry(f, made.leaf);
	told_arena_free(arena);
	told_buf_free(&ruled);
}

static void sign(struct fixture *f, const told_hash *root)
{
	struct told_checkpoint checkpoint = {.origin = told_text(FIXTURE_ORIGIN), .size = f->count, .root = *root};
	struct told_buf text = TOLD_BUF(1024);
	told_checkpoint_format(&checkpoint, &text);
	told_buf_free(&f->note);
	assert_int_equal(told_note_sign(told_buf_view(&text), checkpoint.origin, f->signer, f->key, &f->note), TOLD_OK);
	f->note_size = f->count;
	told_buf_free(&text);
}

void fixture_end(struct fixture *f)
{
	told_hash root;
	told_frontier_root(&f->frontier, &root);
	sqlite3_stmt *put = prepare(f, "INSERT INTO tree_head(log, size, root) VALUES (1, ?1, ?2)");
	sqlite3_bind_int64(put, 1, (int64_t)f->count);
	bind_blob(put, 2, root.b, sizeof root.b);
	run(f, put);
	exec(f, "COMMIT");
	sign(f, &root);
}

void fixture_turn(struct fixture *f, size_t entries)
{
	fixture_begin(f);
	for (size_t i = 0; i < entries; i++) {
		struct told_leaf leaf = {0};
		fixture_entry(f, &leaf, NULL);
	}
	fixture_end(f);
}

/* ---- receipts ---- */

void fixture_proof(struct fixture *f, size_t index, bool extra, struct told_buf *out)
{
	struct told_proof_file proof = {.index = index, .has_extra = extra, .checkpoint = told_buf_view(&f->note)};
	struct told_bytes leaf = fixture_blob(f, "SELECT data FROM entry WHERE idx = ?1", (int64_t)index);
	proof.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES);
	told_buf_put_bytes(&proof.extra, leaf);
	told_merkle_path(f->hashes, f->count, index, proof.path, &proof.count);
	told_proof_file_format(&proof, out);
	assert_int_equal(out->status, TOLD_OK);
	told_buf_free(&proof.extra);
	free((void *)(uintptr_t)leaf.data);
}

void fixture_receipts(struct fixture *f, size_t step)
{
	char path[400];
	snprintf(path, sizeof path, "%s/housing", f->receipts);
	if (mkdir(path, 0700) != 0)
		assert_int_equal(access(path, F_OK), 0);
	snprintf(path, sizeof path, "%s/housing/checkpoint", f->receipts);
	fixture_write(path, told_buf_view(&f->note));
	for (size_t i = 0; i < f->count; i += step) {
		struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
		fixture_proof(f, i, true, &proof);
		snprintf(path, sizeof path, "%s/housing/%zu.tlog-proof", f->receipts, i);
		fixture_write(path, told_buf_view(&proof));
		told_buf_free(&proof);
	}
}

/* ---- told-audit ---- */

#define WORDS_MAX 24

int fixture_run(struct fixture *f, ...)
{
	char *words[WORDS_MAX] = {(char *)(uintptr_t) "told-audit"};
	int count = 1;
	size_t len = 0;
	va_list list;
	va_start(list, f);
	for (char *word; (word = va_arg(list, char *)) != NULL;) {
		assert_true(count < WORDS_MAX);
		words[count++] = word;
	}
	va_end(list);
	free(f->out);
	f->out = NULL;
	FILE *out = open_memstream(&f->out, &len);
	assert_non_null(out);
	struct told_audit_io io = {
		.out = out, .err = out, .now_ms = f->now_ms != 0 ? f->now_ms : FIXTURE_TIME_MS + 3600000};
	int code = told_audit_run(count, words, &io);
	assert_int_equal(fclose(out), 0);
	return code;
}

int fixture_verify(struct fixture *f)
{
	return fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts, NULL);
}

int fixture_verify_alone(struct fixture *f)
{
	return fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, NULL);
}

void fixture_says(const struct fixture *f, const char *text)
{
	if (strstr(f->out, text) == NULL)
		fail_msg("\"%s\" is not in:\n%s", text, f->out);
}

/* ---- drills ---- */

void fixture_key(const struct fixture *f, uint8_t key, char path[400])
{
	uint8_t seed[32] = {key};
	char line[66];
	snprintf(path, 400, "%s/log.key", f->dir);
	told_hex(seed, sizeof seed, line);
	line[64] = '\n';
	fixture_write(path, told_bytes(line, 65));
}

void fixture_line(const struct fixture *f, const char *name, char out[256])
{
	const char *at = strstr(f->out, name);
	if (at == NULL)
		fail_msg("\"%s\" is not in:\n%s", name, f->out);
	snprintf(out, 256, "%.*s", (int)strcspn(at, "\n"), at);
}

void fixture_caught(const struct fixture *f, const char *name, const char *verdict)
{
	char line[256];
	fixture_line(f, name, line);
	if (strstr(line, verdict) == NULL || strstr(line, "MISSED") != NULL)
		fail_msg("%s: expected %s", line, verdict);
}
