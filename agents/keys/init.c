/* SPDX-License-Identifier: Apache-2.0 */
/* A fresh broker folder. Touches the file system through broker/base only. */
#include "agents/keys/init.h"

#include "agents/keys/keys.h"
#include "broker/base/file.h"
#include "told/proof.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PUBLIC_MODE (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

static enum told_status at(const char *dir, const char *name, char path[PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%s/%s", dir, name);
	return n > 0 && n < PATH_MAX ? TOLD_OK : TOLD_E_LIMIT;
}

/* A name that is safe in an origin, a file and a log line. */
static bool name_ok(const char *name)
{
	size_t len = strlen(name);
	return len > 0 && len <= TOLD_NAME_MAX_BYTES &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == len;
}

static enum told_status describe(const struct told_broker_keys *keys, const char *name, const char *endpoint,
				 struct told_partnership *out)
{
	char origin[TOLD_NAME_MAX_BYTES + 3];
	struct told_buf text = TOLD_BUF(TOLD_VKEY_MAX_BYTES - 1);
	struct told_vkey vkey;
	memset(out, 0, sizeof *out);
	snprintf(origin, sizeof origin, "%s/1", name);
	told_vkey_make(told_text(origin), TOLD_NOTE_ED25519, keys->of[TOLD_BROKER_KEY_LOG].key, &vkey);
	told_vkey_format(&vkey, &text);
	if (text.status == TOLD_OK)
		memcpy(out->log_vkey, text.data, text.len);
	snprintf(out->partnership, sizeof out->partnership, "%s", name);
	snprintf(out->endpoint, sizeof out->endpoint, "%s", endpoint);
	memcpy(out->broker_session_key, keys->of[TOLD_BROKER_KEY_SESSION].key, TOLD_KEY_BYTES);
	memcpy(out->operator_key, keys->of[TOLD_BROKER_KEY_OPERATOR].key, TOLD_KEY_BYTES);
	memcpy(out->enrolment_key, keys->of[TOLD_BROKER_KEY_ENROLMENT].key, TOLD_KEY_BYTES);
	enum told_status status = text.status;
	told_buf_free(&text);
	return status;
}

static enum told_status write_settings(const char *dir, const struct told_partnership *p)
{
	struct told_buf text = TOLD_BUF(TOLD_PARTNERSHIP_MAX_BYTES);
	char path[PATH_MAX];
	told_buf_printf(&text,
			"# Settings of told-broker. Paths are relative to this folder unless they begin with a slash.\n"
			"partnership: %s\n"
			"# Port 0 lets the system choose; the real one is written to the file \"endpoint\".\n"
			"endpoint: %s\n"
			"# The anchor is best on another disk: with it a rolled-back store is noticed at start.\n"
			"anchor: anchor\n",
			p->partnership, p->endpoint);
	enum told_status status = text.status == TOLD_OK ? at(dir, "broker.yaml", path) : text.status;
	if (status == TOLD_OK)
		status = told_file_write_new(path, told_buf_view(&text), S_IRUSR | S_IWUSR);
	told_buf_free(&text);
	return status;
}

static enum told_status write_policy(const char *dir, const struct told_partnership *p)
{
	struct told_buf text = TOLD_BUF(TOLD_PARTNERSHIP_MAX_BYTES);
	char path[PATH_MAX];
	told_buf_printf(&text, "log %s\nquorum none\n", p->log_vkey);
	enum told_status status = text.status == TOLD_OK ? at(dir, "policy", path) : text.status;
	if (status == TOLD_OK)
		status = told_file_write_new(path, told_buf_view(&text), PUBLIC_MODE);
	told_buf_free(&text);
	return status;
}

static enum told_status fill(const char *dir, const char *name, const char *endpoint)
{
	struct told_broker_keys keys;
	struct told_partnership partnership;
	char path[PATH_MAX];
	enum told_status status = told_broker_keys_make(dir);
	if (status != TOLD_OK)
		return status;
	status = told_broker_keys_load(dir, &keys, NULL);
	if (status == TOLD_OK)
		status = describe(&keys, name, endpoint, &partnership);
	told_broker_keys_wipe(&keys);
	if (status == TOLD_OK)
		status = at(dir, "spool", path);
	if (status == TOLD_OK)
		status = told_dir_make(path);
	if (status == TOLD_OK)
		status = write_policy(dir, &partnership);
	if (status == TOLD_OK)
		status = at(dir, "partnership.json", path);
	if (status == TOLD_OK)
		status = told_partnership_write(path, &partnership);
	return status == TOLD_OK ? write_settings(dir, &partnership) : status;
}

enum told_status told_init_broker(const char *dir, const char *partnership, const char *endpoint, struct told_buf *why)
{
	enum told_status status = TOLD_E_USAGE;
	const char *fix = "give a name of letters, digits, '-', '.' and '_', and an endpoint like tcp://HOST:PORT";
	if (name_ok(partnership) && strncmp(endpoint, "tcp://", 6) == 0 && strlen(endpoint) < TOLD_ENDPOINT_MAX_BYTES) {
		fix = "the folder must be new or empty, and yours alone (0700)";
		status = told_dir_make(dir);
	}
	if (status == TOLD_OK)
		status = fill(dir, partnership, endpoint);
	if (status != TOLD_OK && why != NULL)
		told_buf_printf(why, "%s: %s; %s.", dir, told_status_text(status), fix);
	return status;
}
