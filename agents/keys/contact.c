/* SPDX-License-Identifier: Apache-2.0 */
/* Files of contacts' keys: a salt and a sealed secret as hexadecimal digits on one line. Wiped on every path. */
#include "agents/keys/contact.h"

#include "broker/base/file.h"
#include "told/seal.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOX_BYTES  (12u + TOLD_KEY_BYTES + 16u) /* nonce, secret, tag */
#define FILE_BYTES (TOLD_SALT_BYTES + BOX_BYTES)
#define LINE_BYTES (2u * FILE_BYTES)

static enum told_status path_of(const struct told_contact_name *name, char path[PATH_MAX])
{
	if (strlen(name->worker) == 0 || strchr(name->worker, '/') != NULL || name->number == 0 ||
	    name->number > TOLD_KEY_NUMBERS_MAX)
		return TOLD_E_USAGE;
	int n = snprintf(path, PATH_MAX, "%s/contacts/%s-%u.key", name->dir, name->worker, name->number);
	return n > 0 && n < PATH_MAX ? TOLD_OK : TOLD_E_LIMIT;
}

static enum told_status folder_of(const struct told_contact_name *name)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/contacts", name->dir);
	return n > 0 && n < PATH_MAX ? told_dir_make(path) : TOLD_E_LIMIT;
}

/* A file that was moved to another worker's name opens nothing. */
static enum told_status place_of(const struct told_contact_name *name, struct told_buf *aad)
{
	told_buf_printf(aad, "told/contact/%s/%u", name->worker, name->number);
	return aad->status;
}

/* out: salt and box. */
static enum told_status seal(const struct told_contact_name *name, struct told_bytes passphrase,
			     const uint8_t secret[TOLD_KEY_BYTES], struct told_buf *out)
{
	uint8_t salt[TOLD_SALT_BYTES], key[TOLD_KEY_BYTES];
	struct told_buf aad = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	enum told_status status = passphrase.len < TOLD_PASSPHRASE_MIN_BYTES ? TOLD_E_MALFORMED : place_of(name, &aad);
	if (status == TOLD_OK)
		status = told_random(salt, sizeof salt);
	if (status == TOLD_OK)
		status = told_passphrase_key(passphrase, salt, key);
	if (status == TOLD_OK) {
		told_buf_put(out, salt, sizeof salt);
		status = told_box_seal(key, told_buf_view(&aad), told_bytes(secret, TOLD_KEY_BYTES), out);
	}
	told_wipe(key, sizeof key);
	told_buf_free(&aad);
	return status;
}

static enum told_status unseal(const struct told_contact_name *name, struct told_bytes passphrase,
			       const uint8_t file[FILE_BYTES], uint8_t secret[TOLD_KEY_BYTES])
{
	uint8_t key[TOLD_KEY_BYTES];
	struct told_buf aad = TOLD_BUF(TOLD_TEXT_MAX_BYTES), plain = TOLD_BUF(FILE_BYTES);
	enum told_status status = place_of(name, &aad);
	if (status == TOLD_OK)
		status = told_passphrase_key(passphrase, file, key);
	if (status == TOLD_E_MALFORMED)
		status = TOLD_E_NOT_ALLOWED;
	if (status == TOLD_OK) {
		struct told_bytes box = told_bytes(file + TOLD_SALT_BYTES, BOX_BYTES);
		status = told_box_open(key, told_buf_view(&aad), box, &plain);
		status = status == TOLD_E_TAG ? TOLD_E_NOT_ALLOWED : status;
	}
	if (status == TOLD_OK)
		memcpy(secret, plain.data, TOLD_KEY_BYTES);
	told_wipe(key, sizeof key);
	told_buf_free(&aad);
	told_buf_free(&plain);
	return status;
}

static enum told_status write_line(const char *path, struct told_bytes file, bool new)
{
	char line[LINE_BYTES + 2];
	if (file.len != FILE_BYTES)
		return TOLD_E_INTERNAL;
	told_hex(file.data, file.len, line);
	line[LINE_BYTES] = '\n';
	struct told_bytes text = told_bytes(line, LINE_BYTES + 1);
	mode_t mode = S_IRUSR | S_IWUSR;
	return new ? told_file_write_new(path, text, mode) : told_file_write(path, text, mode);
}

static enum told_status read_line(const char *path, uint8_t file[FILE_BYTES])
{
	struct told_buf text = TOLD_BUF(LINE_BYTES + 2);
	enum told_status status = told_file_read_secret(path, LINE_BYTES + 2, &text);
	if (status == TOLD_OK)
		status = text.len == LINE_BYTES + 1 &&
					 told_unhex(told_bytes(text.data, LINE_BYTES), file, FILE_BYTES) == TOLD_OK
				 ? TOLD_OK
				 : TOLD_E_CONFIG;
	told_buf_free(&text);
	return status == TOLD_E_LIMIT ? TOLD_E_CONFIG : status;
}

enum told_status told_contact_key_make(const struct told_contact_name *name, struct told_bytes passphrase,
				       struct told_keypair *pair)
{
	char path[PATH_MAX];
	struct told_buf file = TOLD_BUF(FILE_BYTES);
	told_wipe(pair, sizeof *pair);
	enum told_status status = path_of(name, path);
	if (status == TOLD_OK)
		status = folder_of(name);
	if (status == TOLD_OK)
		status = told_random(pair->secret, sizeof pair->secret);
	if (status == TOLD_OK)
		status = told_x25519_public(pair->secret, pair->key);
	if (status == TOLD_OK)
		status = seal(name, passphrase, pair->secret, &file);
	if (status == TOLD_OK)
		status = write_line(path, told_buf_view(&file), true);
	if (status != TOLD_OK)
		told_wipe(pair, sizeof *pair);
	told_buf_free(&file);
	return status;
}

enum told_status told_contact_key_open(const struct told_contact_name *name, struct told_bytes passphrase,
				       struct told_keypair *pair)
{
	char path[PATH_MAX];
	uint8_t file[FILE_BYTES];
	told_wipe(pair, sizeof *pair);
	enum told_status status = path_of(name, path);
	if (status == TOLD_OK)
		status = read_line(path, file);
	if (status == TOLD_OK)
		status = unseal(name, passphrase, file, pair->secret);
	if (status == TOLD_OK)
		status = told_x25519_public(pair->secret, pair->key);
	if (status != TOLD_OK)
		told_wipe(pair, sizeof *pair);
	return status;
}

enum told_status told_contact_key_change(const struct told_contact_name *name, struct told_bytes from,
					 struct told_bytes to)
{
	char path[PATH_MAX];
	struct told_keypair pair;
	struct told_buf file = TOLD_BUF(FILE_BYTES);
	if (to.len < TOLD_PASSPHRASE_MIN_BYTES)
		return TOLD_E_MALFORMED;
	enum told_status status = told_contact_key_open(name, from, &pair);
	if (status == TOLD_OK)
		status = seal(name, to, pair.secret, &file);
	if (status == TOLD_OK)
		status = path_of(name, path);
	if (status == TOLD_OK)
		status = write_line(path, told_buf_view(&file), false);
	told_wipe(&pair, sizeof pair);
	told_buf_free(&file);
	return status;
}

enum told_status told_contact_key_destroy(const struct told_contact_name *name)
{
	char path[PATH_MAX];
	enum told_status status = path_of(name, path);
	if (status != TOLD_OK)
		return status;
	return unlink(path) == 0 || errno == ENOENT ? TOLD_OK : TOLD_E_SYSTEM;
}
