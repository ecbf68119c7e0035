/* SPDX-License-Identifier: Apache-2.0 */
/* Whose rows are seen through the vault now. Every statement that reads goes through a view over its table, made here
 * at opening from the tables themselves, so that no table and no statement of a later day is forgotten. While somebody
 * is unseen their rows are neither read, changed nor deleted; what whoever looks writes about them meanwhile is theirs
 * to see, because of a stranger they would see it, too. Touches no table but mine. */
#include "agents/vault/db.h"

#include <stdio.h>
#include <string.h>

void told_vault_look(struct told_vault *vault, struct told_sight sight)
{
	vault->sight = sight;
}

bool told_vault_sees(const struct told_vault *vault, struct told_bytes client)
{
	for (size_t i = 0; i < vault->sight.count; i++)
		if (told_bytes_equal(client, told_bytes(vault->sight.unseen[i], TOLD_ID_BYTES)))
			return false;
	return true;
}

bool told_vault_hides(struct told_vault *vault, struct told_bytes id)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_HIDES);
	told_vault_bind(s, 1, id);
	bool hides = (vault->sight.count > 0 || vault->sight.outside) && told_vault_row(s) == TOLD_OK;
	sqlite3_reset(s);
	return hides;
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
	struct told_sight was = vault->sight;
	vault->sight.count = 0;
	vault->sight.outside = false;
	return was;
}

void told_vault_narrow(struct told_vault *vault, struct told_sight was)
{
	vault->sight = was;
}

/* ---- in SQL ---- */

static void seen(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct told_vault *vault = sqlite3_user_data(context);
	(void)count;
	bool is = vault->sight.count == 0 || told_vault_sees(vault, told_bytes(sqlite3_value_blob(values[0]),
									       (size_t)sqlite3_value_bytes(values[0])));
	sqlite3_result_int(context, is);
}

static void narrowed(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct told_vault *vault = sqlite3_user_data(context);
	(void)count;
	(void)values;
	sqlite3_result_int(context, vault->sight.count > 0 || vault->sight.outside);
}

static void outside(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct told_vault *vault = sqlite3_user_data(context);
	(void)count;
	(void)values;
	sqlite3_result_int(context, vault->sight.outside);
}

static void looker(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct told_vault *vault = sqlite3_user_data(context);
	(void)count;
	(void)values;
	sqlite3_result_text(context, (const char *)vault->sight.who.data, (int)vault->sight.who.len, SQLITE_TRANSIENT);
}

static int add_functions(struct told_vault *vault)
{
	static const struct {
		const char *name;
		int arguments;
		void (*run)(sqlite3_context *, int, sqlite3_value **);
	} rows[] = {{"seen", 1, seen}, {"narrowed", 0, narrowed}, {"outside", 0, outside}, {"looker", 0, looker}};
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

/* A message of a MARAC that waits for names, to who is neither the contact nor called it. */
#define WAITS(message)                                                                                                 \
	"(outside() AND EXISTS (SELECT 1 FROM main.unnamed AS u WHERE u.message = " message                            \
	" AND u.author <> looker()))"

/* A table that says of whom a row is. key: the column by which its rows are told apart; message: the one that says of
 * which message or thing a row is, where there is one. */
struct table {
	char name[64], key[64], message[64];
};

/* A fact is one's own when the message that said so is, and of a MARAC when that is. */
static int add_fact_view(struct told_vault *vault)
{
	return run(vault,
		   sqlite3_mprintf("CREATE TEMP VIEW fact AS SELECT * FROM main.fact AS t WHERE"
				   " (seen(t.client) OR EXISTS (SELECT 1 FROM main.outbox AS o JOIN"
				   " main.mine AS m ON m.place = 'outbox' AND m.id = o.seq AND m.worker"
				   " = looker() WHERE o.entry = t.entry AND o.state IN (2, 5, 7)))"
				   " AND NOT (outside() AND EXISTS (SELECT 1 FROM main.unnamed AS u WHERE"
				   " u.client = t.client AND u.author <> looker() AND (EXISTS (SELECT 1 FROM main.inbox"
				   " AS i WHERE i.message = u.message AND i.entry = t.entry) OR EXISTS (SELECT 1 FROM"
				   " main.outbox AS o WHERE o.id = u.message AND o.entry = t.entry))))"));
}

static int add_view(struct told_vault *vault, const struct table *t)
{
	if (strcmp(t->name, "fact") == 0)
		return add_fact_view(vault);
	char *waits = t->message[0] == '\0' ? sqlite3_mprintf("0") : sqlite3_mprintf(WAITS("t.%s"), t->message);
	int code = run(vault, sqlite3_mprintf("CREATE TEMP VIEW \"%w\" AS SELECT * FROM main.\"%w\" AS t WHERE"
					      " (seen(t.client) OR EXISTS (SELECT 1 FROM main.mine AS m WHERE m.place ="
					      " '%q' AND m.id = t.%s AND m.worker = looker())) AND NOT %s",
					      t->name, t->name, t->name, t->key, waits));
	sqlite3_free(waits);
	return code;
}

/* Nobody changes what they do not see; what they add is noted as theirs. */
static int add_triggers(struct told_vault *vault, const struct table *t)
{
	static const char *const deeds[] = {"UPDATE", "DELETE"};
	int code = SQLITE_OK;
	char *waits = t->message[0] == '\0' ? sqlite3_mprintf("0") : sqlite3_mprintf(WAITS("old.%s"), t->message);
	for (size_t i = 0; code == SQLITE_OK && i < 2; i++)
		code = run(vault, sqlite3_mprintf("CREATE TEMP TRIGGER \"%w_%s\" BEFORE %s ON main.\"%w\" WHEN %s OR"
						  " (NOT seen(old.client) AND NOT EXISTS (SELECT 1 FROM mine AS m WHERE"
						  " m.place = '%q' AND m.id = old.%s AND m.worker = looker()))"
						  " BEGIN SELECT RAISE(IGNORE); END",
						  t->name, deeds[i], deeds[i], t->name, waits, t->name, t->key));
	sqlite3_free(waits);
	if (code == SQLITE_OK)
		code = run(vault, sqlite3_mprintf("CREATE TEMP TRIGGER \"%w_INSERT\" AFTER INSERT ON main.\"%w\" WHEN"
						  " narrowed() AND NOT seen(new.client) BEGIN INSERT OR IGNORE INTO"
						  " mine(place, id, worker) VALUES ('%q', new.%s, looker()); END",
						  t->name, t->name, t->name, t->key));
	/* A number that is given again must not be somebody's by its former row. */
	if (code == SQLITE_OK)
		code = run(vault, sqlite3_mprintf("CREATE TEMP TRIGGER \"%w_gone\" AFTER DELETE ON main.\"%w\" BEGIN"
						  " DELETE FROM mine WHERE place = '%q' AND id = old.%s; END",
						  t->name, t->name, t->name, t->key));
	return code;
}

/* What is named by a message alone is of whoever the message is about. */
static int add_by_message(struct told_vault *vault)
{
#define BY_MESSAGE(table, client)                                                                                      \
	"CREATE TEMP VIEW " table " AS SELECT * FROM main." table " AS t WHERE (NOT narrowed() OR seen((" client       \
	"))) AND NOT " WAITS("t.message")
#define CAME "SELECT client FROM main.inbox WHERE message = t.message LIMIT 1"
#define WENT "SELECT client FROM main.outbox WHERE id = t.message"
	static const char *const views[] = {BY_MESSAGE("proof", CAME), BY_MESSAGE("opened", CAME),
					    BY_MESSAGE("opened_there", WENT), BY_MESSAGE("alert_message", WENT)};
	int code = SQLITE_OK;
	for (size_t i = 0; code == SQLITE_OK && i < sizeof views / sizeof views[0]; i++)
		code = sqlite3_exec(vault->db, views[i], NULL, NULL, NULL);
	return code;
}

#define TABLES_MAX 64u

static void column(sqlite3_stmt *s, int at, char out[64])
{
	const char *text = (const char *)sqlite3_column_text(s, at);
	snprintf(out, 64, "%s", text == NULL ? "" : text);
}

static int add_all(struct told_vault *vault)
{
	struct table tables[TABLES_MAX];
	size_t count = 0;
	sqlite3_stmt *s = NULL;
	int code = sqlite3_prepare_v2(vault->db,
				      "SELECT t.name, k.name, (SELECT i.name FROM pragma_table_info(t.name) AS i WHERE"
				      " i.name IN ('id', 'message') AND i.type = 'BLOB' ORDER BY i.name DESC LIMIT 1)"
				      " FROM main.sqlite_schema AS t"
				      " JOIN pragma_table_info(t.name) AS c ON c.name = 'client'"
				      " JOIN pragma_table_info(t.name) AS k ON k.pk = 1 WHERE t.type = 'table'",
				      -1, &s, NULL);
	while (code == SQLITE_OK && count < TABLES_MAX && sqlite3_step(s) == SQLITE_ROW) {
		struct table *t = &tables[count++];
		column(s, 0, t->name);
		column(s, 1, t->key);
		column(s, 2, t->message);
	}
	sqlite3_finalize(s);
	for (size_t i = 0; code == SQLITE_OK && i < count; i++)
		code = add_view(vault, &tables[i]);
	for (size_t i = 0; code == SQLITE_OK && i < count; i++)
		code = add_triggers(vault, &tables[i]);
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
