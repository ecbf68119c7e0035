/* SPDX-License-Identifier: Apache-2.0 */
/* Whose rows are seen through the vault now. Every statement that reads goes through a view over its table, made here
 * at opening from the tables themselves, so that no table and no statement of a later day is forgotten. While somebody
 * is unseen their rows are neither read, changed nor deleted; what whoever looks writes about them meanwhile is theirs
 * to see, because of a stranger they would see it, too. Touches no table but mine. */
#include "agents/vault/db.h"

#include <stdio.h>
#include <string.h>

void told_vault_look(struct told_vault *vault, struct told_bytes who, const uint8_t (*unseen)[TOLD_ID_BYTES],
		     size_t count)
{
	vault->unseen = unseen;
	vault->unseen_count = count;
	vault->who = who;
}

bool told_vault_sees(const struct told_vault *vault, struct told_bytes client)
{
	for (size_t i = 0; i < vault->unseen_count; i++)
		if (told_bytes_equal(client, told_bytes(vault->unseen[i], TOLD_ID_BYTES)))
			return false;
	return true;
}

bool told_vault_is_mine(struct told_vault *vault, const char *table, uint64_t id, struct told_bytes who)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_MINE);
	told_vault_bind_text(s, 1, told_text(table));
	told_vault_bind_u64(s, 2, id);
	told_vault_bind_text(s, 3, who);
	bool is = told_vault_row(s) == TOLD_OK;
	sqlite3_reset(s);
	return is;
}

int64_t told_vault_changes(const struct told_vault *vault)
{
	return sqlite3_total_changes64(vault->db);
}

struct told_sight told_vault_open_eyes(struct told_vault *vault)
{
	struct told_sight was = {vault->unseen, vault->unseen_count};
	vault->unseen_count = 0;
	return was;
}

void told_vault_narrow(struct told_vault *vault, struct told_sight was)
{
	vault->unseen = was.unseen;
	vault->unseen_count = was.count;
}

/* ---- in SQL ---- */

static void seen(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct told_vault *vault = sqlite3_user_data(context);
	(void)count;
	bool is = vault->unseen_count == 0 ||
		  told_vault_sees(vault,
				  told_bytes(sqlite3_value_blob(values[0]), (size_t)sqlite3_value_bytes(values[0])));
	sqlite3_result_int(context, is);
}

static void narrowed(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct told_vault *vault = sqlite3_user_data(context);
	(void)count;
	(void)values;
	sqlite3_result_int(context, vault->unseen_count > 0);
}

static void looker(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct told_vault *vault = sqlite3_user_data(context);
	(void)count;
	(void)values;
	sqlite3_result_text(context, (const char *)vault->who.data, (int)vault->who.len, SQLITE_TRANSIENT);
}

static int add_functions(struct told_vault *vault)
{
	static const struct {
		const char *name;
		int arguments;
		void (*run)(sqlite3_context *, int, sqlite3_value **);
	} rows[] = {{"seen", 1, seen}, {"narrowed", 0, narrowed}, {"looker", 0, looker}};
	int code = SQLITE_OK;
	for (size_t i = 0; code == SQLITE_OK && i < sizeof rows / sizeof rows[0]; i++)
		code = sqlite3_create_function(vault->db, rows[i].name, rows[i].arguments,
					       SQLITE_UTF8 | SQLITE_INNOCUOUS, vault, rows[i].run, NULL, NULL);
	return code;
}

/* ---- the views ---- */

static int run(struct told_vault *vault, char *sql)
{
	int code = sql == NULL ? SQLITE_NOMEM : sqlite3_exec(vault->db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return code;
}

static int add_view(struct told_vault *vault, const char *table, const char *key)
{
	/* A fact is one's own when the message that said so is. */
	if (strcmp(table, "fact") == 0)
		return run(vault, sqlite3_mprintf("CREATE TEMP VIEW fact AS SELECT * FROM main.fact AS t WHERE"
						  " seen(t.client) OR EXISTS (SELECT 1 FROM main.outbox AS o JOIN"
						  " main.mine AS m ON m.place = 'outbox' AND m.id = o.seq AND m.worker"
						  " = looker() WHERE o.entry = t.entry AND o.state IN (2, 5, 7))"));
	return run(vault, sqlite3_mprintf("CREATE TEMP VIEW \"%w\" AS SELECT * FROM main.\"%w\" AS t WHERE"
					  " seen(t.client) OR EXISTS (SELECT 1 FROM main.mine AS m WHERE m.place = '%q'"
					  " AND m.id = t.%s AND m.worker = looker())",
					  table, table, table, key));
}

/* Nobody changes what they do not see; what they add is noted as theirs. */
static int add_triggers(struct told_vault *vault, const char *table, const char *key)
{
	static const char *const deeds[] = {"UPDATE", "DELETE"};
	int code = SQLITE_OK;
	for (size_t i = 0; code == SQLITE_OK && i < 2; i++)
		code = run(vault, sqlite3_mprintf("CREATE TEMP TRIGGER \"%w_%s\" BEFORE %s ON main.\"%w\" WHEN NOT"
						  " seen(old.client) AND NOT EXISTS (SELECT 1 FROM mine AS m WHERE"
						  " m.place = '%q' AND m.id = old.%s AND m.worker = looker())"
						  " BEGIN SELECT RAISE(IGNORE); END",
						  table, deeds[i], deeds[i], table, table, key));
	if (code == SQLITE_OK)
		code = run(vault, sqlite3_mprintf("CREATE TEMP TRIGGER \"%w_INSERT\" AFTER INSERT ON main.\"%w\" WHEN"
						  " narrowed() AND NOT seen(new.client) BEGIN INSERT OR IGNORE INTO"
						  " mine(place, id, worker) VALUES ('%q', new.%s, looker()); END",
						  table, table, table, key));
	/* A number that is given again must not be somebody's by its former row. */
	if (code == SQLITE_OK)
		code = run(vault, sqlite3_mprintf("CREATE TEMP TRIGGER \"%w_gone\" AFTER DELETE ON main.\"%w\" BEGIN"
						  " DELETE FROM mine WHERE place = '%q' AND id = old.%s; END",
						  table, table, table, key));
	return code;
}

/* What is named by a message alone is of whoever the message is about. */
static int add_by_message(struct told_vault *vault)
{
	static const char *const views[] = {
		"CREATE TEMP VIEW proof AS SELECT * FROM main.proof AS t WHERE NOT narrowed() OR"
		" seen((SELECT client FROM main.inbox WHERE message = t.message LIMIT 1))",
		"CREATE TEMP VIEW opened AS SELECT * FROM main.opened AS t WHERE NOT narrowed() OR"
		" seen((SELECT client FROM main.inbox WHERE message = t.message LIMIT 1))",
		"CREATE TEMP VIEW opened_there AS SELECT * FROM main.opened_there AS t WHERE NOT narrowed() OR"
		" seen((SELECT client FROM main.outbox WHERE id = t.message))",
		"CREATE TEMP VIEW alert_message AS SELECT * FROM main.alert_message AS t WHERE NOT narrowed() OR"
		" seen((SELECT client FROM main.outbox WHERE id = t.message))",
	};
	int code = SQLITE_OK;
	for (size_t i = 0; code == SQLITE_OK && i < sizeof views / sizeof views[0]; i++)
		code = sqlite3_exec(vault->db, views[i], NULL, NULL, NULL);
	return code;
}

#define TABLES_MAX 64u

/* Every table that says of whom a row is; key: the column by which its rows are told apart. */
static int add_all(struct told_vault *vault)
{
	char tables[TABLES_MAX][64], keys[TABLES_MAX][64];
	size_t count = 0;
	sqlite3_stmt *s = NULL;
	int code = sqlite3_prepare_v2(vault->db,
				      "SELECT t.name, k.name FROM main.sqlite_schema AS t"
				      " JOIN pragma_table_info(t.name) AS c ON c.name = 'client'"
				      " JOIN pragma_table_info(t.name) AS k ON k.pk = 1 WHERE t.type = 'table'",
				      -1, &s, NULL);
	while (code == SQLITE_OK && count < TABLES_MAX && sqlite3_step(s) == SQLITE_ROW) {
		snprintf(tables[count], sizeof tables[0], "%s", (const char *)sqlite3_column_text(s, 0));
		snprintf(keys[count++], sizeof keys[0], "%s", (const char *)sqlite3_column_text(s, 1));
	}
	sqlite3_finalize(s);
	for (size_t i = 0; code == SQLITE_OK && i < count; i++)
		code = add_view(vault, tables[i], keys[i]);
	for (size_t i = 0; code == SQLITE_OK && i < count; i++)
		code = add_triggers(vault, tables[i], keys[i]);
	return code;
}

enum told_status told_vault_views(struct told_vault *vault)
{
	int code = add_functions(vault);
	if (code == SQLITE_OK)
		code = add_all(vault);
	if (code == SQLITE_OK)
		code = add_by_message(vault);
	return code == SQLITE_OK ? TOLD_OK : TOLD_E_STORE;
}

/* A statement that writes names its table itself: the view of that name is for reading. */
char *told_vault_writing(const char *sql)
{
	static const char *const verbs[] = {"INSERT INTO ", "UPDATE ", "DELETE FROM "};
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strncmp(sql, verbs[i], strlen(verbs[i])) == 0)
			return sqlite3_mprintf("%smain.%s", verbs[i], sql + strlen(verbs[i]));
	return sqlite3_mprintf("%s", sql);
}
