/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the vault's file, its settings, its schema and transactions. */
#include "agents/vault/db.h"

#include "agents/vault/schema.h"
#include "told/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const texts[] = {
#define X(name, sql) sql,
#include "agents/vault/sql.h"
#undef X
};

static enum told_status run_text(struct told_vault *vault, const char *sql)
{
	return told_sqlite_status(sqlite3_exec(vault->db, sql, NULL, NULL, NULL));
}

/* Settings that must take: WAL, every commit synced, one process. */
static enum told_status settings(struct told_vault *vault)
{
	static const char *const pragmas[] = {
		"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = FULL",       "PRAGMA foreign_keys = ON",
		"PRAGMA trusted_schema = OFF",     "PRAGMA secure_delete = ON",
		"PRAGMA cell_size_check = ON",     "PRAGMA mmap_size = 0",
		"PRAGMA temp_store = MEMORY",      "PRAGMA journal_size_limit = 67108864",
	};
	int unused = 0;
	if (sqlite3_db_config(vault->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &unused) != SQLITE_OK)
		return TOLD_E_STORE;
	enum told_status status = told_sqlite_status(sqlite3_busy_timeout(vault->db, 0));
	for (size_t i = 0; status == TOLD_OK && i < sizeof pragmas / sizeof pragmas[0]; i++)
		status = run_text(vault, pragmas[i]);
	return status;
}

static enum told_status schema_version(struct told_vault *vault, unsigned *version)
{
	sqlite3_stmt *statement = NULL;
	enum told_status status =
		told_sqlite_status(sqlite3_prepare_v2(vault->db, "PRAGMA user_version", -1, &statement, NULL));
	if (status == TOLD_OK)
		status = sqlite3_step(statement) == SQLITE_ROW ? TOLD_OK : TOLD_E_STORE;
	if (status == TOLD_OK)
		*version = (unsigned)sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return status;
}

static enum told_status migrate(struct told_vault *vault)
{
	unsigned version = 0;
	enum told_status status = schema_version(vault, &version);
	if (status == TOLD_OK && version > 0 && told_vault_step(version - 1) == NULL)
		return TOLD_E_CORRUPT; /* of a later program */
	for (; status == TOLD_OK && told_vault_step(version) != NULL; version++) {
		char mark[48];
		snprintf(mark, sizeof mark, "PRAGMA user_version = %u", version + 1);
		status = run_text(vault, "BEGIN IMMEDIATE");
		if (status == TOLD_OK)
			status = run_text(vault, told_vault_step(version));
		if (status == TOLD_OK)
			status = run_text(vault, mark);
		if (status == TOLD_OK)
			status = run_text(vault, "COMMIT");
	}
	return status;
}

static enum told_status prepare(struct told_vault *vault)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < TOLD_VAULT_SQL_COUNT; i++) {
		char *text = told_vault_writing(texts[i]);
		status = text == NULL
				 ? TOLD_E_MEMORY
				 : told_sqlite_status(sqlite3_prepare_v3(vault->db, text, -1, SQLITE_PREPARE_PERSISTENT,
									 &vault->statements[i], NULL));
		sqlite3_free(text);
	}
	return status;
}

/* Makes the file closed to others, or judges the one that is there by what was opened. */
static enum told_status own_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return errno == ELOOP || errno == EACCES ? TOLD_E_PERMISSION : TOLD_E_STORE;
	bool ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		    (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
	close(fd);
	return ours ? TOLD_OK : TOLD_E_PERMISSION;
}

/* A constant sealed at the first opening: the wrong key is noticed here and not at the first story. */
static enum told_status check_key(struct told_vault *vault)
{
	static const char name[] = "key-check", words[] = "this vault opens";
	struct told_buf sealed = TOLD_BUF(TOLD_TEXT_MAX_BYTES), plain = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	enum told_status status = told_vault_get(vault, name, &sealed);
	if (status == TOLD_E_NOT_FOUND) {
		status = told_vault_seal(vault, "meta", told_text(name), told_text(words), &sealed);
		if (status == TOLD_OK)
			status = told_vault_put(vault, name, told_buf_view(&sealed));
	} else if (status == TOLD_OK) {
		status = told_box_open(vault->key, told_text("told/vault/meta/key-check"), told_buf_view(&sealed),
				       &plain);
		status = status == TOLD_OK ? TOLD_OK : TOLD_E_CONFIG;
	}
	told_buf_free(&sealed);
	told_buf_free(&plain);
	return status;
}

static enum told_status open_file(struct told_vault *vault, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	enum told_status status = own_file(path);
	mode_t old = umask(077);
	if (status == TOLD_OK)
		status = told_sqlite_open(path, flags, &vault->db);
	if (status == TOLD_OK)
		status = settings(vault);
	if (status == TOLD_OK)
		status = migrate(vault);
	if (status == TOLD_OK)
		status = told_vault_views(vault);
	if (status == TOLD_OK)
		status = prepare(vault);
	if (status == TOLD_OK)
		status = check_key(vault);
	if (status == TOLD_OK)
		status = told_vault_shred(vault); /* an erasure may have been cut off behind its commit */
	umask(old);
	return status;
}

static void explain(const char *path, enum told_status status, struct told_buf *why)
{
	const char *fix = "keep a copy of the file and ask for help";
	if (status == TOLD_E_CONFIG)
		fix = "it was made under another vault key: put back keys/vault.key as it was";
	if (status == TOLD_E_PERMISSION)
		fix = "it must be a file of the agent's own user with mode 0600 (chmod 600)";
	if (status == TOLD_E_IN_USE)
		fix = "another told-agent runs on this folder";
	if (status == TOLD_E_FULL)
		fix = "make room on its disk";
	if (why != NULL)
		told_buf_printf(why, "%s: %s; %s.", path, told_status_text(status), fix);
}

enum told_status told_vault_open(const char *path, const uint8_t key[TOLD_KEY_BYTES], struct told_vault **out,
				 struct told_buf *why)
{
	*out = NULL;
	struct told_vault *vault = calloc(1, sizeof *vault);
	if (vault == NULL)
		return TOLD_E_MEMORY;
	memcpy(vault->key, key, sizeof vault->key);
	enum told_status status = open_file(vault, path);
	if (status == TOLD_OK) {
		*out = vault;
		return TOLD_OK;
	}
	explain(path, status, why);
	told_vault_close(vault);
	return status;
}

void told_vault_close(struct told_vault *vault)
{
	if (vault == NULL)
		return;
	if (vault->open)
		told_vault_rollback(vault);
	for (size_t i = 0; i < TOLD_VAULT_SQL_COUNT; i++)
		sqlite3_finalize(vault->statements[i]);
	sqlite3_close(vault->db);
	told_wipe(vault, sizeof *vault);
	free(vault);
}

/* ---- transactions ---- */

enum told_status told_vault_begin(struct told_vault *vault)
{
	if (vault->open)
		return TOLD_E_INTERNAL;
	enum told_status status = told_vault_run(told_vault_sql(vault, TOLD_VAULT_SQL_BEGIN));
	vault->open = status == TOLD_OK;
	return status;
}

enum told_status told_vault_commit(struct told_vault *vault)
{
	if (!vault->open)
		return TOLD_E_INTERNAL;
	enum told_status status = told_vault_run(told_vault_sql(vault, TOLD_VAULT_SQL_COMMIT));
	if (status != TOLD_OK)
		told_vault_rollback(vault);
	vault->open = false;
	return status;
}

void told_vault_rollback(struct told_vault *vault)
{
	/* After some failures SQLite has rolled back by itself: then there is nothing to do. */
	if (vault->open && sqlite3_get_autocommit(vault->db) == 0)
		(void)!told_vault_run(told_vault_sql(vault, TOLD_VAULT_SQL_ROLLBACK));
	vault->open = false;
}
