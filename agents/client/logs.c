/* SPDX-License-Identifier: Apache-2.0 */
/* One log after another (protocol section 10): what is proved under the last checkpoint of a log that ended, and how
 * the next one began. Nothing is accepted here: that is for the agency's lead, unless there was nothing to lose. */
#include "agents/client/state.h"

#include "proto/leaf.h"

#include <inttypes.h>
#include <string.h>

#define WHENEVER_MS  INT64_MIN /* the end of a log was accepted: any key that it ever had names it */

#define BROKER_PARTY "broker"

/* ---- names ---- */

/* Up to the line's end, or the plus sign behind the name of a verifier key. */
static struct told_bytes name_in(struct told_bytes text)
{
	size_t len = 0;
	while (len < text.len && text.data[len] != '\n' && text.data[len] != '+')
		len++;
	return told_bytes(text.data, len);
}

static struct told_bytes number_in(struct told_bytes name)
{
	size_t at = name.len;
	while (at > 0 && name.data[at - 1] != '/')
		at--;
	return at == 0 ? told_bytes(NULL, 0) : told_bytes(name.data + at, name.len - at);
}

uint64_t told_log_number_of(struct told_bytes text)
{
	uint64_t number = 0;
	struct told_bytes digits = number_in(name_in(text));
	return digits.len > 0 && told_decimal(digits, TOLD_LOGS_MAX, &number) == TOLD_OK ? number : 0;
}

static void put_origin(struct told_bytes partnership, uint64_t number, struct told_buf *out)
{
	told_buf_put_bytes(out, partnership);
	told_buf_printf(out, "/%" PRIu64, number);
}

enum told_status told_log_vkey_of(const char *vkey, uint64_t number, struct told_buf *out)
{
	struct told_vkey parsed, other;
	struct told_buf origin = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	if (told_vkey_parse(told_text(vkey), &parsed) != TOLD_OK)
		return TOLD_E_CONFIG;
	struct told_bytes digits = number_in(parsed.name);
	if (digits.len == 0)
		return TOLD_E_CONFIG;
	put_origin(told_bytes(parsed.name.data, parsed.name.len - digits.len - 1), number, &origin);
	told_vkey_make(told_buf_view(&origin), TOLD_NOTE_ED25519, parsed.key, &other);
	told_vkey_format(&other, out);
	enum told_status status = origin.status == TOLD_OK ? out->status : origin.status;
	told_buf_free(&origin);
	return status;
}

/* A note of another log under the same keys, as they stood at that time. */
static enum told_status read_as(const struct told_client *client, uint64_t number, int64_t as_of_ms,
				struct told_bytes note, struct told_point *out)
{
	struct told_trail other = client->trail;
	struct told_buf origin = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	put_origin(told_buf_view(&client->partnership), number, &origin);
	told_vkey_make(told_buf_view(&origin), TOLD_NOTE_ED25519, client->trail.vkey.key, &other.vkey);
	other.wall_ms = as_of_ms;
	other.told_count = 0;
	other.newest.size = 0;
	enum told_status status = origin.status == TOLD_OK ? told_trail_read(&other, note, out) : origin.status;
	told_buf_free(&origin);
	return status;
}

/* ---- what is proved of a log that ended ---- */

static const struct told_client_log *ended_of(const struct told_client *client, struct told_bytes note)
{
	uint64_t number = told_log_number_of(note);
	for (size_t i = 0; number != 0 && i < client->ended_count; i++)
		if (client->ended[i].number == number)
			return &client->ended[i];
	return NULL;
}

bool told_client_is_ended(const struct told_client *client, struct told_bytes note)
{
	return ended_of(client, note) != NULL;
}

enum told_status told_client_ended(const struct told_client *client, struct told_bytes note, struct told_point *point,
				   uint64_t *base)
{
	const struct told_client_log *ended = ended_of(client, note);
	if (ended == NULL)
		return TOLD_E_PROOF;
	enum told_status status = read_as(client, ended->number, WHENEVER_MS, note, point);
	if (status != TOLD_OK)
		return status;
	*base = ended->base;
	return point->size == ended->size && told_hash_equal(&point->root, &ended->root) ? TOLD_OK : TOLD_E_FORK;
}

/* ---- how the next log began ---- */

struct succession {
	struct told_client *client;
	const struct told_restore *restore;
	struct told_leaf_facts *facts;
	struct told_point next, ended;
	bool proved;
};

/* The first entry of the next log, opened, under a checkpoint of that log. */
static enum told_status check_first(struct succession *s)
{
	const struct told_restore *r = s->restore;
	struct told_arena *arena = s->client->arena;
	struct told_leaf *leaf = NULL;
	told_hash hash, path[TOLD_PROOF_MAX];
	enum told_status status =
		read_as(s->client, s->client->log_number + 1, s->client->trail.wall_ms, r->checkpoint, &s->next);
	if (status == TOLD_OK)
		status = told_hashes_of(r->path, path, TOLD_PROOF_MAX);
	told_leaf_hash(r->leaf, &hash);
	if (status == TOLD_OK)
		status = told_inclusion_check(&hash, 0, s->next.size, path, r->path.count, &s->next.root);
	if (status == TOLD_OK)
		status = told_leaf_decode(r->leaf, arena, &leaf);
	if (status == TOLD_OK)
		status = told_leaf_facts_decode(r->facts, arena, &s->facts);
	if (status != TOLD_OK)
		return status;
	told_hmac(r->facts_salt, r->facts, &hash);
	bool right = leaf->phase == TOLD_PHASE_RESTORE && told_bytes_equal(leaf->sender, told_text(BROKER_PARTY)) &&
		     told_bytes_equal(leaf->facts, told_bytes(hash.b, sizeof hash.b));
	return right ? TOLD_OK : TOLD_E_PROOF;
}

/* It names our log, as longer than it is now. */
static enum told_status check_named(const struct succession *s)
{
	struct told_bytes ours = s->client->trail.vkey.name;
	bool right = told_bytes_equal(s->facts->old_origin, ours) && s->facts->old_root.len == TOLD_HASH_BYTES &&
		     s->facts->size_restored < s->facts->old_size;
	return right ? TOLD_OK : TOLD_E_PROOF;
}

static enum told_status check_end(struct succession *s)
{
	if (s->facts->size_restored == 0) {
		s->ended = (struct told_point){0};
		return s->restore->ended.len == 0 ? TOLD_OK : TOLD_E_PROOF;
	}
	enum told_status status =
		read_as(s->client, s->client->log_number, s->client->trail.wall_ms, s->restore->ended, &s->ended);
	return status == TOLD_OK && s->ended.size != s->facts->size_restored ? TOLD_E_PROOF : status;
}

/* What we have checked must be in what was anchored, and in what was restored as far as that goes. */
static enum told_status check_known(struct succession *s)
{
	const struct told_point *known = &s->client->trail.newest;
	told_hash path[TOLD_PROOF_MAX];
	if (known->size > s->facts->old_size)
		return TOLD_E_FORK;
	if (known->size == s->facts->old_size && memcmp(known->root.b, s->facts->old_root.data, TOLD_HASH_BYTES) != 0)
		return TOLD_E_FORK;
	s->proved = known->size <= s->ended.size;
	if (known->size == 0 || !s->proved)
		return TOLD_OK;
	if (known->size == s->ended.size)
		return told_hash_equal(&known->root, &s->ended.root) ? TOLD_OK : TOLD_E_FORK;
	if (told_hashes_of(s->restore->consistency, path, TOLD_PROOF_MAX) != TOLD_OK)
		return TOLD_E_FORK;
	return told_consistency_check(known->size, &known->root, s->ended.size, &s->ended.root, path,
				      s->restore->consistency.count) == TOLD_OK
		       ? TOLD_OK
		       : TOLD_E_FORK;
}

static enum told_status check_all(struct succession *s)
{
	enum told_status status = check_first(s);
	if (status == TOLD_OK)
		status = check_named(s);
	if (status == TOLD_OK)
		status = check_end(s);
	return status == TOLD_OK ? check_known(s) : status;
}

/* There was nothing to lose: the next log is ours from now on, and the hello is said again. */
static enum told_status go_on(struct succession *s, const struct told_client_log *ended)
{
	struct told_client *client = s->client;
	struct told_buf vkey = TOLD_BUF(sizeof client->trail.vkey_text - 1);
	if (client->ended_count == TOLD_LOGS_MAX)
		return TOLD_E_LIMIT;
	enum told_status status = told_log_vkey_of(client->trail.vkey_text, client->log_number + 1, &vkey);
	if (status == TOLD_OK) {
		const struct told_client_config next = {
			.log_vkey = told_buf_cstr(&vkey), .log_keys = client->trail.log_keys, .ctx = client->trail.ctx};
		int64_t wall_ms = client->trail.wall_ms;
		told_trail_free(&client->trail);
		status = next.log_vkey == NULL ? TOLD_E_MEMORY : told_trail_open(&client->trail, &next);
		client->trail.wall_ms = wall_ms;
	}
	told_buf_free(&vkey);
	if (status != TOLD_OK)
		return status;
	client->ended[client->ended_count++] = *ended;
	client->base += ended->size;
	client->log_number++;
	client->hailed = false;
	return TOLD_OK;
}

static enum told_status tell(struct succession *s, told_client_event_fn *fn, void *ctx)
{
	struct told_client *client = s->client;
	struct told_client_event event = {.kind = TOLD_CLIENT_NEW_LOG};
	event.new_log = (struct told_new_log_event){
		.ended = {.number = client->log_number,
			  .base = client->base,
			  .size = s->ended.size,
			  .root = s->ended.root},
		.known = client->trail.newest.size,
		.old_size = s->facts->old_size,
		.proved = s->proved,
		.followed = client->knows_nothing,
		.ended_note = s->restore->ended,
		.note = s->restore->checkpoint,
	};
	enum told_status status = client->knows_nothing ? go_on(s, &event.new_log.ended) : TOLD_OK;
	return status == TOLD_OK ? fn(ctx, &event) : status;
}

enum told_status told_client_hear_other(struct told_client *client, const struct told_welcome *welcome,
					told_client_event_fn *fn, void *ctx)
{
	struct succession s = {.client = client, .restore = welcome->restore};
	enum told_status status = TOLD_E_PROOF;
	if (told_log_number_of(welcome->checkpoint) < client->log_number)
		status = TOLD_E_FORK; /* a log that has ended for us goes on */
	else if (welcome->restore != NULL)
		status = check_all(&s);
	return status == TOLD_OK ? tell(&s, fn, ctx) : told_client_fault(client, status, welcome->checkpoint, fn, ctx);
}
