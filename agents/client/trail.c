/* SPDX-License-Identifier: Apache-2.0 */
/* The trail of checkpoints: each must be signed by a key of the log and contain every one that we named before. What
 * the broker showed between two that we named is held to the same roots by its receipts, which an auditor can check
 * (evidence 3.2). */
#include "agents/client/state.h"

#include <string.h>

enum told_status told_hashes_of(struct told_bytes_list list, told_hash *out, size_t room)
{
	if (list.count > room)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].len != sizeof out[i].b)
			return TOLD_E_MALFORMED;
		memcpy(out[i].b, list.items[i].data, sizeof out[i].b);
	}
	return TOLD_OK;
}

/* The log's keys as they are known now. */
struct keys {
	struct told_log_key known[TOLD_LOG_KEYS_MAX];
	struct told_vkey vkeys[TOLD_LOG_KEYS_MAX];
	size_t count;
};

static void load_keys(const struct told_trail *trail, struct keys *keys)
{
	keys->count = trail->log_keys != NULL ? trail->log_keys(trail->ctx, keys->known) : 0;
	if (keys->count == 0) {
		memcpy(keys->known[0].key, trail->vkey.key, TOLD_KEY_BYTES);
		keys->known[0].ends_utc_ms = INT64_MAX;
		keys->count = 1;
	}
	for (size_t i = 0; i < keys->count; i++)
		told_vkey_make(trail->vkey.name, TOLD_NOTE_ED25519, keys->known[i].key, &keys->vkeys[i]);
}

void told_trail_key_id(const struct told_trail *trail, told_hash *id)
{
	struct keys keys;
	load_keys(trail, &keys);
	told_key_id(keys.known[keys.count - 1].key, id);
}

/* live: a key signed whose time is not over. */
static enum told_status read_note(const struct told_trail *trail, struct told_bytes note, struct told_point *out,
				  bool *live)
{
	struct keys keys;
	struct told_bytes text;
	struct told_note_line lines[TOLD_LOG_KEYS_MAX];
	struct told_checkpoint checkpoint;
	size_t count = 0;
	load_keys(trail, &keys);
	*live = false;
	enum told_status status = told_note_open(note, keys.vkeys, keys.count, &text, lines, &count);
	if (status == TOLD_OK)
		status = told_checkpoint_parse(text, &checkpoint);
	if (status != TOLD_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		*live |= keys.known[lines[i].vkey].ends_utc_ms > trail->wall_ms;
	if (!told_bytes_equal(checkpoint.origin, trail->vkey.name))
		return TOLD_E_SIGNATURE; /* signed, but for another log */
	*out = (struct told_point){.size = checkpoint.size, .root = checkpoint.root};
	return TOLD_OK;
}

static void become_newest(struct told_trail *trail, const struct told_point *point, struct told_bytes note)
{
	trail->newest = *point;
	told_buf_free(&trail->note);
	told_buf_put_bytes(&trail->note, note);
}

enum told_status told_trail_open(struct told_trail *trail, const struct told_client_config *config)
{
	struct told_point point;
	struct told_bytes kept = config->checkpoint;
	bool live;
	memset(trail, 0, sizeof *trail);
	trail->note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	trail->log_keys = config->log_keys;
	trail->ctx = config->ctx;
	size_t len = strlen(config->log_vkey);
	if (len >= sizeof trail->vkey_text)
		return TOLD_E_CONFIG;
	memcpy(trail->vkey_text, config->log_vkey, len + 1);
	if (told_vkey_parse(told_text(trail->vkey_text), &trail->vkey) != TOLD_OK ||
	    trail->vkey.kind != TOLD_NOTE_ED25519)
		return TOLD_E_CONFIG;
	if (kept.len == 0)
		return TOLD_OK;
	if (read_note(trail, kept, &point, &live) != TOLD_OK) /* believed when it was kept */
		return TOLD_E_CONFIG;
	become_newest(trail, &point, kept);
	return trail->note.status;
}

void told_trail_free(struct told_trail *trail)
{
	told_buf_free(&trail->note);
}

void told_trail_tell(struct told_trail *trail)
{
	size_t last = (trail->told_next + TOLD_TRAIL_MAX - 1) % TOLD_TRAIL_MAX;
	if (trail->newest.size == 0 || (trail->told_count > 0 && trail->told[last].size == trail->newest.size))
		return;
	trail->told[trail->told_next] = trail->newest;
	trail->told_next = (trail->told_next + 1) % TOLD_TRAIL_MAX;
	if (trail->told_count < TOLD_TRAIL_MAX)
		trail->told_count++;
}

static const struct told_point *told_of_size(const struct told_trail *trail, uint64_t size)
{
	for (size_t i = 0; i < trail->told_count; i++)
		if (trail->told[i].size == size)
			return &trail->told[i];
	return NULL;
}

/* What was checked before under this size, if anything. */
static const struct told_point *seen_of_size(const struct told_trail *trail, uint64_t size)
{
	return size > 0 && trail->newest.size == size ? &trail->newest : told_of_size(trail, size);
}

/* The note, and that it is no other history than what was checked under its size. */
static enum told_status read_and_compare(const struct told_trail *trail, struct told_bytes note, struct told_point *out,
					 bool *live)
{
	enum told_status status = read_note(trail, note, out, live);
	if (status != TOLD_OK)
		return status;
	const struct told_point *seen = seen_of_size(trail, out->size);
	return seen == NULL || told_hash_equal(&seen->root, &out->root) ? TOLD_OK : TOLD_E_FORK;
}

enum told_status told_trail_read(const struct told_trail *trail, struct told_bytes note, struct told_point *out)
{
	bool live;
	enum told_status status = read_and_compare(trail, note, out, &live);
	return status == TOLD_OK && !live ? TOLD_E_SIGNATURE : status;
}

/* Both ways round: a receipt that is given again is proved under an older checkpoint than the one we named. */
static enum told_status consistent(const struct told_point *a, const struct told_point *b, struct told_bytes_list proof)
{
	told_hash path[TOLD_PROOF_MAX];
	const struct told_point *older = a->size < b->size ? a : b, *newer = a->size < b->size ? b : a;
	enum told_status status = told_hashes_of(proof, path, TOLD_PROOF_MAX);
	if (status != TOLD_OK)
		return status;
	if (older->size == newer->size)
		return told_hash_equal(&older->root, &newer->root) && proof.count == 0 ? TOLD_OK : TOLD_E_FORK;
	status = told_consistency_check(older->size, &older->root, newer->size, &newer->root, path, proof.count);
	return status == TOLD_OK ? TOLD_OK : TOLD_E_FORK;
}

static enum told_status proved(struct told_trail *trail, const struct told_point *point, uint64_t from_size,
			       struct told_bytes_list proof)
{
	if (from_size == 0 || point->size == 0) {
		bool may = from_size == 0 && (trail->from_nothing || trail->told_count == 0);
		return may && proof.count == 0 ? TOLD_OK : TOLD_E_UNKNOWN;
	}
	const struct told_point *from = told_of_size(trail, from_size);
	if (from == NULL)
		return TOLD_E_UNKNOWN;
	trail->from_nothing = false;
	return consistent(from, point, proof);
}

enum told_status told_trail_follow(struct told_trail *trail, struct told_bytes note, uint64_t from_size,
				   struct told_bytes_list proof, struct told_point *out)
{
	bool live;
	enum told_status status = read_and_compare(trail, note, out, &live);
	if (status != TOLD_OK)
		return status;
	/* Whoever stole a key whose time is over can sign what they like, but not put it into what was believed before.
	 */
	if (!live && from_size < out->size)
		return TOLD_E_SIGNATURE;
	status = proved(trail, out, from_size, proof);
	if (status != TOLD_OK)
		return status;
	if (out->size > trail->newest.size || trail->note.len == 0)
		become_newest(trail, out, note);
	return trail->note.status;
}
