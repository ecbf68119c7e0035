/* SPDX-License-Identifier: Apache-2.0 */
/* Key files: read and written whole, wiped on every path. Touches the file system through broker/base only. */
#include "agents/keys/keyfile.h"

#include "broker/base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_BYTES (2u * TOLD_KEY_BYTES)

static enum told_status path_of(const char *dir, const char *name, char path[PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%s/%s.key", dir, name);
	return n > 0 && n < PATH_MAX ? TOLD_OK : TOLD_E_LIMIT;
}

enum told_status told_keyfile_write(const char *dir, const char *name, const uint8_t secret[TOLD_KEY_BYTES])
{
	char path[PATH_MAX], line[LINE_BYTES + 2];
	enum told_status status = path_of(dir, name, path);
	if (status != TOLD_OK)
		return status;
	told_hex(secret, TOLD_KEY_BYTES, line);
	line[LINE_BYTES] = '\n';
	status = told_file_write_new(path, told_bytes(line, LINE_BYTES + 1), S_IRUSR | S_IWUSR);
	told_wipe(line, sizeof line);
	return status;
}

static enum told_status secret_of(struct told_bytes text, uint8_t secret[TOLD_KEY_BYTES])
{
	if (text.len == LINE_BYTES + 1 && text.data[LINE_BYTES] == '\n')
		text.len--;
	return told_unhex(text, secret, TOLD_KEY_BYTES) == TOLD_OK ? TOLD_OK : TOLD_E_CONFIG;
}

static void explain(const char *path, enum told_status status, struct told_buf *why)
{
	const char *what = told_status_text(status), *fix = "restore it from the copy that you keep";
	if (status == TOLD_E_PERMISSION)
		fix = "it must be a file of the agent's own user with mode 0600 (chmod 600)";
	if (status == TOLD_E_CONFIG)
		what = "it does not hold one line of 64 hexadecimal digits";
	if (why != NULL)
		told_buf_printf(why, "%s: %s; %s.", path, what, fix);
}

enum told_status told_keyfile_read(const char *dir, const char *name, uint8_t secret[TOLD_KEY_BYTES],
				   struct told_buf *why)
{
	char path[PATH_MAX];
	struct told_buf text = TOLD_BUF(LINE_BYTES + 2);
	told_wipe(secret, TOLD_KEY_BYTES);
	enum told_status status = path_of(dir, name, path);
	if (status != TOLD_OK)
		return status;
	status = told_file_read_secret(path, LINE_BYTES + 2, &text);
	if (status == TOLD_E_LIMIT)
		status = TOLD_E_CONFIG;
	if (status == TOLD_OK)
		status = secret_of(told_buf_view(&text), secret);
	if (status != TOLD_OK) {
		told_wipe(secret, TOLD_KEY_BYTES);
		explain(path, status, why);
	}
	told_buf_free(&text);
	return status;
}

enum told_status told_keyfile_destroy(const char *dir, const char *name)
{
	char path[PATH_MAX];
	enum told_status status = path_of(dir, name, path);
	if (status != TOLD_OK)
		return status;
	return unlink(path) == 0 || errno == ENOENT ? TOLD_OK : TOLD_E_SYSTEM;
}
