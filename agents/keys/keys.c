/* SPDX-License-Identifier: Apache-2.0 */
/* Making and loading sets of keys: a table of names and kinds, one loop each. */
#include "agents/keys/keys.h"

#include "agents/keys/keyfile.h"
#include "broker/base/file.h"
#include "told/seal.h"

#include <limits.h>
#include <stdio.h>

enum kind { KIND_ED25519, KIND_X25519, KIND_SYMMETRIC };

struct job {
	const char *file;
	enum kind kind;
};

static const struct job agency_jobs[] = {
#define X(name, file, kind) {file, KIND_##kind},
	TOLD_AGENCY_KEYS(X)
#undef X
};
static const struct job broker_jobs[] = {
#define X(name, file, kind) {file, KIND_##kind},
	TOLD_BROKER_KEYS(X)
#undef X
};

static enum told_status public_half(enum kind kind, struct told_keypair *pair)
{
	switch (kind) {
	case KIND_ED25519: return told_ed25519_public(pair->secret, pair->key);
	case KIND_X25519: return told_x25519_public(pair->secret, pair->key);
	case KIND_SYMMETRIC: break;
	}
	return TOLD_OK;
}

static enum told_status folder(const char *dir, char path[PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%s/keys", dir);
	return n > 0 && n < PATH_MAX ? TOLD_OK : TOLD_E_LIMIT;
}

#define NAME_MAX_BYTES 32u

static enum told_status place(const char *dir, const struct job *job, unsigned number, char path[PATH_MAX],
			      char name[NAME_MAX_BYTES])
{
	int n = number == 1 ? snprintf(name, NAME_MAX_BYTES, "%s", job->file)
			    : snprintf(name, NAME_MAX_BYTES, "%s-%u", job->file, number);
	if (n <= 0 || (size_t)n >= NAME_MAX_BYTES || number == 0 || number > TOLD_KEY_NUMBERS_MAX)
		return TOLD_E_LIMIT;
	return folder(dir, path);
}

static enum told_status load_one(const char *dir, const struct job *job, unsigned number, struct told_keypair *pair,
				 struct told_buf *why)
{
	char path[PATH_MAX], name[NAME_MAX_BYTES];
	enum told_status status = place(dir, job, number, path, name);
	if (status == TOLD_OK)
		status = told_keyfile_read(path, name, pair->secret, why);
	if (status == TOLD_OK)
		status = public_half(job->kind, pair);
	if (status != TOLD_OK)
		told_wipe(pair, sizeof *pair);
	return status;
}

static enum told_status make(const char *dir, const struct job *jobs, size_t count)
{
	char path[PATH_MAX];
	enum told_status status = folder(dir, path);
	if (status == TOLD_OK)
		status = told_dir_make(path);
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		uint8_t secret[TOLD_KEY_BYTES];
		status = told_random(secret, sizeof secret);
		if (status == TOLD_OK)
			status = told_keyfile_write(path, jobs[i].file, secret);
		told_wipe(secret, sizeof secret);
	}
	return status;
}

/* The first that is there: an earlier one may have been destroyed. */
static enum told_status load_first(const char *dir, const struct job *job, unsigned most, struct told_keypair *pair,
				   struct told_buf *why)
{
	enum told_status status = TOLD_E_NOT_FOUND;
	for (unsigned number = 1; status == TOLD_E_NOT_FOUND && number <= most; number++)
		status = load_one(dir, job, number, pair, NULL);
	return status == TOLD_OK ? TOLD_OK : load_one(dir, job, 1, pair, why);
}

static enum told_status load(const char *dir, const struct job *jobs, size_t count, unsigned most,
			     struct told_keypair *pairs, struct told_buf *why)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = load_first(dir, &jobs[i], most, &pairs[i], why);
	if (status != TOLD_OK)
		told_wipe(pairs, count * sizeof *pairs);
	return status;
}

static enum told_status make_one(const char *dir, const struct job *job, unsigned number, struct told_keypair *pair)
{
	char path[PATH_MAX], name[NAME_MAX_BYTES];
	uint8_t secret[TOLD_KEY_BYTES];
	enum told_status status = place(dir, job, number, path, name);
	if (status == TOLD_OK)
		status = told_random(secret, sizeof secret);
	if (status == TOLD_OK)
		status = told_keyfile_write(path, name, secret);
	told_wipe(secret, sizeof secret);
	return status == TOLD_OK || status == TOLD_E_EXISTS ? load_one(dir, job, number, pair, NULL) : status;
}

static enum told_status destroy_one(const char *dir, const struct job *job, unsigned number)
{
	char path[PATH_MAX], name[NAME_MAX_BYTES];
	enum told_status status = place(dir, job, number, path, name);
	return status == TOLD_OK ? told_keyfile_destroy(path, name) : status;
}

enum told_status told_key_load(const char *dir, enum told_agency_key which, unsigned number, struct told_keypair *pair)
{
	return load_one(dir, &agency_jobs[which], number, pair, NULL);
}

enum told_status told_key_make(const char *dir, enum told_agency_key which, unsigned number, struct told_keypair *pair)
{
	return make_one(dir, &agency_jobs[which], number, pair);
}

enum told_status told_key_destroy(const char *dir, enum told_agency_key which, unsigned number)
{
	return destroy_one(dir, &agency_jobs[which], number);
}

enum told_status told_broker_key_load(const char *dir, enum told_broker_key which, unsigned number,
				      struct told_keypair *pair)
{
	return load_one(dir, &broker_jobs[which], number, pair, NULL);
}

enum told_status told_broker_key_make(const char *dir, enum told_broker_key which, unsigned number,
				      struct told_keypair *pair)
{
	return make_one(dir, &broker_jobs[which], number, pair);
}

enum told_status told_broker_key_destroy(const char *dir, enum told_broker_key which, unsigned number)
{
	return destroy_one(dir, &broker_jobs[which], number);
}

enum told_status told_keys_make(const char *dir)
{
	return make(dir, agency_jobs, TOLD_AGENCY_KEY_COUNT);
}

enum told_status told_keys_load(const char *dir, struct told_keys *keys, struct told_buf *why)
{
	told_wipe(keys, sizeof *keys);
	return load(dir, agency_jobs, TOLD_AGENCY_KEY_COUNT, TOLD_KEY_NUMBERS_MAX, keys->of, why);
}

void told_keys_wipe(struct told_keys *keys)
{
	told_wipe(keys, sizeof *keys);
}

enum told_status told_broker_keys_make(const char *dir)
{
	return make(dir, broker_jobs, TOLD_BROKER_KEY_COUNT);
}

enum told_status told_broker_keys_load(const char *dir, struct told_broker_keys *keys, struct told_buf *why)
{
	told_wipe(keys, sizeof *keys);
	return load(dir, broker_jobs, TOLD_BROKER_KEY_COUNT, TOLD_KEY_NUMBERS_MAX, keys->of, why);
}

void told_broker_keys_wipe(struct told_broker_keys *keys)
{
	told_wipe(keys, sizeof *keys);
}
