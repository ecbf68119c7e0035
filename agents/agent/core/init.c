/* SPDX-License-Identifier: Apache-2.0 */
/* A fresh agent's folder. */
#include "agents/agent/core/init.h"

#include "agents/agent/core/worker.h"
#include "agents/keys/keys.h"
#include "agents/keys/partnership.h"
#include "broker/agree/party.h"
#include "broker/base/clock.h"
#include "broker/base/file.h"
#include "told/seal.h"
#include "told/vocabulary.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static enum told_status at(const char *dir, const char *name, char path[PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%s/%s", dir, name);
	return n > 0 && n < PATH_MAX ? TOLD_OK : TOLD_E_LIMIT;
}

static enum told_status make_folder(const char *dir, const char *name)
{
	char path[PATH_MAX];
	enum told_status status = at(dir, name, path);
	return status == TOLD_OK ? told_dir_make(path) : status;
}

static enum told_status make_folders(const char *dir)
{
	static const char *const closed[] = {"run", "receipts", "workers"};
	enum told_status status = told_dir_make(dir);
	for (size_t i = 0; status == TOLD_OK && i < sizeof closed / sizeof closed[0]; i++)
		status = make_folder(dir, closed[i]);
	return status;
}

static enum told_status copy_partnership(const struct told_init_agency *what, struct told_buf *why)
{
	struct told_partnership partnership;
	struct told_buf text = TOLD_BUF(TOLD_PARTNERSHIP_MAX_BYTES);
	char path[PATH_MAX];
	enum told_status status = told_partnership_read(what->partnership_file, &partnership, why);
	if (status == TOLD_OK)
		status = told_file_read(what->partnership_file, TOLD_PARTNERSHIP_MAX_BYTES, &text);
	if (status == TOLD_OK)
		status = at(what->dir, "partnership.json", path);
	if (status == TOLD_OK)
		status = told_file_write_new(path, told_buf_view(&text), S_IRUSR | S_IWUSR | S_IRGRP);
	told_buf_free(&text);
	return status;
}

static enum told_status write_settings(const struct told_init_agency *what)
{
	struct told_buf text = TOLD_BUF(3 * PATH_MAX);
	char path[PATH_MAX];
	told_buf_printf(&text,
			"# Settings of told-agent. Paths are relative to this folder unless they begin with a slash.\n"
			"party: %s\n"
			"profile: %s\n"
			"socket: run/api.sock\n"
			"# endpoint: tcp://HOST:PORT      instead of the one in partnership.json\n"
			"# endpoint-file: PATH            a file whose first line is the endpoint\n",
			what->party, what->profile);
	enum told_status status = text.status == TOLD_OK ? at(what->dir, "agent.yaml", path) : text.status;
	if (status == TOLD_OK)
		status = told_file_write_new(path, told_buf_view(&text), S_IRUSR | S_IWUSR);
	told_buf_free(&text);
	return status;
}

static enum told_status write_token(const char *dir, const struct told_new_worker *worker, char path[PATH_MAX])
{
	char line[sizeof worker->token + 1];
	int n = snprintf(path, PATH_MAX, "%s/workers/%s.token", dir, worker->number);
	int m = snprintf(line, sizeof line, "%s\n", worker->token);
	enum told_status status = TOLD_E_LIMIT;
	if (n > 0 && n < PATH_MAX && m > 0)
		status = told_file_write_new(path, told_bytes(line, (size_t)m), S_IRUSR | S_IWUSR);
	told_wipe(line, sizeof line);
	return status;
}

static enum told_status fill_vault(struct told_vault *vault, struct told_new_worker *worker)
{
	uint8_t epoch[TOLD_ID_BYTES];
	enum told_status status = told_random(epoch, sizeof epoch);
	if (status == TOLD_OK)
		status = told_vault_begin(vault);
	if (status != TOLD_OK)
		return status;
	status = told_vault_put(vault, "epoch", told_bytes(epoch, sizeof epoch));
	if (status == TOLD_OK)
		status = told_worker_make(vault, worker);
	if (status == TOLD_OK)
		return told_vault_commit(vault);
	told_vault_rollback(vault);
	return status;
}

static enum told_status make_vault(const struct told_init_agency *what, const struct told_keys *keys,
				   struct told_init_agency_made *made, struct told_buf *why)
{
	struct told_vault *vault = NULL;
	char path[PATH_MAX];
	struct told_clock clock = told_clock_system();
	uint32_t first = 1u << (TOLD_ROLE_PRACTITIONER - 1) | 1u << (TOLD_ROLE_SENIOR - 1);
	struct told_new_worker worker = {
		.teams = told_text(what->teams),
		.roles = what->roles != 0 ? what->roles : first,
		.kind = TOLD_WORKER_KIND_EMPLOYED,
		.now_ms = (uint64_t)told_clock_now(&clock).wall_ms,
	};
	enum told_status status = at(what->dir, "vault.db", path);
	if (status == TOLD_OK)
		status = told_vault_open(path, keys->of[TOLD_AGENCY_KEY_VAULT].secret, &vault, why);
	if (status == TOLD_OK)
		status = fill_vault(vault, &worker);
	told_vault_close(vault);
	if (status == TOLD_OK)
		status = write_token(what->dir, &worker, made->token_file);
	memcpy(made->worker, worker.number, sizeof made->worker);
	told_wipe(&worker, sizeof worker);
	return status;
}

static enum told_status make_all(const struct told_init_agency *what, struct told_init_agency_made *made,
				 struct told_buf *why)
{
	struct told_keys keys;
	enum told_status status = make_folders(what->dir);
	if (status == TOLD_OK)
		status = copy_partnership(what, why);
	if (status == TOLD_OK)
		status = told_keys_make(what->dir);
	if (status != TOLD_OK)
		return status;
	status = told_keys_load(what->dir, &keys, why);
	if (status == TOLD_OK)
		status = make_vault(what, &keys, made, why);
	if (status == TOLD_OK) {
		told_fingerprint(keys.of[TOLD_AGENCY_KEY_IDENTITY].key, made->fingerprint);
		memcpy(made->identity_key, keys.of[TOLD_AGENCY_KEY_IDENTITY].key, TOLD_KEY_BYTES);
		memcpy(made->session_key, keys.of[TOLD_AGENCY_KEY_SESSION].key, TOLD_KEY_BYTES);
		status = write_settings(what);
	}
	told_keys_wipe(&keys);
	return status;
}

enum told_status told_init_agency(const struct told_init_agency *what, struct told_init_agency_made *made,
				  struct told_buf *why)
{
	enum told_status status = TOLD_E_USAGE;
	memset(made, 0, sizeof *made);
	if (told_party_name_valid(told_text(what->party)))
		status = make_all(what, made, why);
	if (status != TOLD_OK && why != NULL && why->len == 0)
		told_buf_printf(why, "%s: %s. The folder must be new, or empty and writable by you alone.", what->dir,
				told_status_text(status));
	return status;
}
