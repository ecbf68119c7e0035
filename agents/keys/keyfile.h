/* SPDX-License-Identifier: Apache-2.0 */
/* One secret, one file: 64 hexadecimal digits on a line, 0600, judged by fstat(2) of what was opened. */
#ifndef TOLD_KEYS_KEYFILE_H
#define TOLD_KEYS_KEYFILE_H

#include "told/bytes.h"
#include "told/limits.h"

/* Writes a secret to DIR/NAME.key, never over another. TOLD_E_EXISTS; else as told_file_write_new. */
TOLD_MUST_USE enum told_status told_keyfile_write(const char *dir, const char *name,
						  const uint8_t secret[TOLD_KEY_BYTES]);

/* Reads it back; the caller wipes. After failure secret is zero and why (may be NULL) says which file, what is wrong
 * and what to do. TOLD_E_NOT_FOUND, TOLD_E_PERMISSION, TOLD_E_CONFIG (no such line in it). */
TOLD_MUST_USE enum told_status told_keyfile_read(const char *dir, const char *name, uint8_t secret[TOLD_KEY_BYTES],
						 struct told_buf *why);

/* Removes it; one that is gone already is TOLD_OK. TOLD_E_SYSTEM. What a disk keeps of a deleted file is the disk's
 * encryption to hide. */
TOLD_MUST_USE enum told_status told_keyfile_destroy(const char *dir, const char *name);

#endif
