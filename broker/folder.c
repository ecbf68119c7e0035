/* SPDX-License-Identifier: Apache-2.0 */
/* May touch: the files of one broker's folder, and standard error. */
#include "broker/folder.h"

#include "agents/keys/partnership.h"
#include "agents/keys/settings.h"
#include "broker/base/file.h"

#include <stdio.h>
#include <string.h>

bool told_folder_path(char out[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s%s%s", name[0] == '/' ? "" : dir, name[0] == '/' ? "" : "/", name);
	return n > 0 && n < PATH_MAX;
}

enum told_status told_broker_settings_read(const char *dir, struct told_broker_settings *s, struct told_buf *why)
{
	char path[PATH_MAX], anchor[PATH_MAX] = "anchor";
	*s = (struct told_broker_settings){.quota = "0", .quorum = "majority", .front = "process", .disk_low = "256"};
	const struct told_setting rows[] = {
		{"partnership", s->partnership, sizeof s->partnership, true},
		{"endpoint", s->endpoint, sizeof s->endpoint, true},
		{"anchor", anchor, sizeof anchor, false},
		{"quota_per_second", s->quota, sizeof s->quota, false},
		{"witness_quorum", s->quorum, sizeof s->quorum, false},
		{"front", s->front, sizeof s->front, false},
		{"disk_low_mib", s->disk_low, sizeof s->disk_low, false},
		{"backups", s->backups, sizeof s->backups, false},
	};
	snprintf(s->dir, sizeof s->dir, "%s", dir);
	if (!told_folder_path(path, dir, "broker.yaml") || !told_folder_path(s->policy, dir, "policy"))
		return TOLD_E_LIMIT;
	enum told_status status = told_settings_read(path, rows, sizeof rows / sizeof rows[0], why);
	return status == TOLD_OK && !told_folder_path(s->anchor, dir, anchor) ? TOLD_E_LIMIT : status;
}

/* ---- the keys of the log ---- */

static enum told_status log_signer(void *ctx, const uint8_t key[TOLD_KEY_BYTES], struct told_signer **out)
{
	return told_log_ring_signer(ctx, key, out);
}

static enum told_status put_vkey(struct told_bytes origin, const uint8_t key[TOLD_KEY_BYTES],
				 char out[TOLD_VKEY_MAX_BYTES])
{
	struct told_vkey vkey;
	struct told_buf text = TOLD_BUF(TOLD_VKEY_MAX_BYTES - 1);
	told_vkey_make(origin, TOLD_NOTE_ED25519, key, &vkey);
	told_vkey_format(&vkey, &text);
	memset(out, 0, TOLD_VKEY_MAX_BYTES);
	if (text.status == TOLD_OK)
		memcpy(out, text.data, text.len);
	enum told_status status = text.status;
	told_buf_free(&text);
	return status;
}

/* Who joins from now on is given the newest key, and those before it as what they are. */
static enum told_status rewrite_partnership(const char *dir, struct told_bytes origin,
					    const struct told_record_log_key *keys, size_t count)
{
	char path[PATH_MAX];
	struct told_partnership old, fresh;
	if (!told_folder_path(path, dir, "partnership.json"))
		return TOLD_E_LIMIT;
	enum told_status status = told_partnership_read(path, &old, NULL);
	fresh = old;
	fresh.log_keys_before = count - 1;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = put_vkey(origin, keys[i].key, i + 1 < count ? fresh.log_vkeys_before[i] : fresh.log_vkey);
	if (status != TOLD_OK || memcmp(&old, &fresh, sizeof old) == 0)
		return status;
	return told_partnership_write(path, &fresh);
}

enum told_status told_folder_hear_log_keys(void *ctx, struct told_bytes origin, const struct told_record_log_key *keys,
					   size_t count)
{
	struct told_log_ring *ring = ctx;
	enum told_status status = rewrite_partnership(ring->dir, origin, keys, count);
	for (size_t i = 0; status == TOLD_OK && i + 1 < count; i++)
		if (keys[i].last_size != TOLD_WHOLE_LOG)
			status = told_log_ring_destroy(ring, keys[i].key);
	return status;
}

/* ---- the record ---- */

struct told_record_config told_broker_record_config(const struct told_broker_settings *s, struct told_log_ring *ring,
						    const struct told_broker_keys *keys)
{
	struct told_record_config config = {
		.dir = s->dir,
		.anchor = s->anchor,
		.partnership = told_text(s->partnership),
		.signer_of = log_signer,
		.signer_ctx = ring,
		.segment_bytes = TOLD_SEGMENT_BYTES,
		.backups = s->backups,
	};
	memcpy(config.log_key, keys->of[TOLD_BROKER_KEY_LOG].key, TOLD_KEY_BYTES);
	memcpy(config.operator_key, keys->of[TOLD_BROKER_KEY_OPERATOR].key, TOLD_KEY_BYTES);
	return config;
}

int told_broker_explain(enum told_status status, const struct told_broker_settings *s, struct told_buf *why)
{
	const char *fix =
		status == TOLD_E_IN_USE
			? "another broker uses this folder or this port; stop it, or choose another endpoint"
		: status == TOLD_E_FORK
			? "The store is shorter than its anchor, or another one: entries that were signed are "
			  "not in it. Look for the newest store first. If this is the best that there is, "
			  "told-broker --new-log begins a new log that names what was lost; see told-broker(8), "
			  "RESTORE"
			: "see told-broker(8)";
	const char *text = told_buf_cstr(why);
	fprintf(stderr, "told-broker: %s: %s. %s%s%s.\n", s->dir, told_status_text(status), text != NULL ? text : "",
		text != NULL && text[0] != '\0' ? " " : "", fix);
	if (status == TOLD_E_FORK || status == TOLD_E_CORRUPT)
		return TOLD_EXIT_STORE;
	return TOLD_EXIT_CONFIG;
}
