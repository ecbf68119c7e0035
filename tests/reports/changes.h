/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody with the file can do to one value of a store, or to a table of it. */
#ifndef TOLD_TEST_REPORTS_CHANGES_H
#define TOLD_TEST_REPORTS_CHANGES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

enum change_way { CHANGE_TURNED, CHANGE_NULL, CHANGE_EMPTY, CHANGE_ANOTHERS, CHANGE_WAYS };
extern const char *const change_names[CHANGE_WAYS];

/* The words of a statement's first column, one behind the other; gives how many. */
size_t change_list(sqlite3 *db, const char *sql, char out[][64], size_t max);
/* Opens a store to write to it: without triggers, and without a column that must have a value. */
sqlite3 *change_open(const char *store);
/* Changes a column of the row numbered `row` of those that have a value there. False: there is no such row, or it can
 * have no such value: what is in the table's key cannot be NULL, and no other row has another. */
bool change_value(const char *store, const char *table, const char *column, enum change_way way, size_t row);
/* Runs a statement; false: it changed nothing. */
bool change_sql(const char *store, const char *sql);

#endif
