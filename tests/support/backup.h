/* SPDX-License-Identifier: Apache-2.0 */
/* A backup of a broker's folder as an operator makes one, and its restore: the store and the spool, never the anchor.
 */
#ifndef TOLD_TEST_BACKUP_H
#define TOLD_TEST_BACKUP_H

/* Copies told.db, told.db-wal and spool/ of a folder whose broker is stopped into another, made if it is not there;
 * what stood there of them goes first. Fails the test when that does not work. */
void told_test_backup(const char *from, const char *to);
/* A whole folder as it is, in place of whatever stands at `to`. */
void told_test_copy_tree(const char *from, const char *to);

#endif
