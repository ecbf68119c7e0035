/* SPDX-License-Identifier: Apache-2.0 */
/* Checking what the broker hands over: checkpoint, place in the log, signature under a key that our own directory
 * knows, our own name, digests, wraps, commitments, tags, in that order (protocol section 3). Nothing is shown before
 * the last. */
#include "agents/client/state.h"

#include "proto/leaf.h"
#include "proto/types.h"

#include <string.h>

/* One message of the parcel while it is checked. */
struct piece {
	const struct told_carried *carried;
	struct told_opened_envelope opened;
	struct told_body *body;
	struct told_leaf *leaf;
	told_hash path[TOLD_PROOF_MAX];
	uint64_t entry; /* its place counted over all logs */
	struct told_read_section *sections;
	struct told_buf *contents; /* one each, wiped at the end */
	size_t section_count, content_count;
	const struct told_grant_part *grant;
};

struct opening {
	struct told_client *client;
	const struct told_parcel *parcel;
	struct told_point point;
	struct piece *pieces;
	size_t count;
};

/* ---- the log's word: a failure here is the broker's, and nobody is acknowledged ---- */

static bool same_facts(const struct piece *piece)
{
	const struct told_header *header = piece->opened.header;
	const struct told_leaf *leaf = piece->leaf;
	return told_bytes_equal(leaf->sender, header->sender) && leaf->type == header->type &&
	       leaf->sender_seq == header->sender_seq &&
	       told_bytes_equal(leaf->signer_key_id, piece->opened.envelope->key_id);
}

static bool accepted(uint32_t phase)
{
	return phase == TOLD_PHASE_ACCEPTED || phase == TOLD_PHASE_OVERRIDE || phase == TOLD_PHASE_ANSWERED ||
	       phase == TOLD_PHASE_OPENED || (phase >= TOLD_PHASE_KEY && phase <= TOLD_PHASE_ADMIN);
}

static enum told_status check_place(struct opening *o, struct piece *piece)
{
	told_hash hash;
	struct told_point point = o->point;
	uint64_t base = o->client->base;
	enum told_status status = told_hashes_of(piece->carried->path, piece->path, TOLD_PROOF_MAX);
	if (status == TOLD_OK && piece->carried->checkpoint.len > 0) /* of a log that ended */
		status = told_client_ended(o->client, piece->carried->checkpoint, &point, &base);
	if (status != TOLD_OK)
		return status == TOLD_E_FORK ? status : TOLD_E_PROOF;
	piece->entry = base + piece->carried->index;
	told_leaf_hash(piece->carried->leaf, &hash);
	status = told_inclusion_check(&hash, piece->carried->index, point.size, piece->path, piece->carried->path.count,
				      &point.root);
	return status == TOLD_OK && accepted(piece->leaf->phase) && same_facts(piece) ? TOLD_OK : TOLD_E_PROOF;
}

static enum told_status open_piece(struct opening *o, const struct told_carried *carried, struct piece *piece)
{
	struct told_arena *arena = o->client->arena;
	piece->carried = carried;
	enum told_status status = told_envelope_open(arena, carried->envelope, &piece->opened);
	if (status == TOLD_OK)
		status = told_body_decode(carried->body, arena, &piece->body);
	if (status == TOLD_OK)
		status = told_leaf_decode(carried->leaf, arena, &piece->leaf);
	return status == TOLD_OK ? check_place(o, piece) : status;
}

static enum told_status open_pieces(struct opening *o)
{
	size_t n = o->parcel->carried.count;
	o->pieces = told_arena_alloc(o->client->arena, n * sizeof *o->pieces);
	if (n == 0 || o->pieces == NULL)
		return n == 0 ? TOLD_E_MALFORMED : TOLD_E_LIMIT;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < n; i++)
		status = open_piece(o, &o->parcel->carried.items[i], &o->pieces[i]);
	o->count = n;
	return status;
}

/* ---- the sender's word: a failure here is acknowledged as such ---- */

static enum told_status prepared(struct told_client *client, const uint8_t key[TOLD_KEY_BYTES],
				 struct told_verifier **out)
{
	for (size_t i = 0; i < TOLD_CLIENT_KEYS_KEPT; i++) {
		if (client->keys[i].verifier != NULL && memcmp(client->keys[i].key, key, TOLD_KEY_BYTES) == 0) {
			*out = client->keys[i].verifier;
			return TOLD_OK;
		}
	}
	enum told_status status = told_verifier_new(key, out);
	if (status != TOLD_OK)
		return status;
	struct told_client_key *kept = &client->keys[client->next_key++ % TOLD_CLIENT_KEYS_KEPT];
	told_verifier_free(kept->verifier);
	kept->verifier = *out;
	memcpy(kept->key, key, TOLD_KEY_BYTES);
	return TOLD_OK;
}

static enum told_status check_signature(struct opening *o, const struct piece *piece)
{
	const struct told_header *header = piece->opened.header;
	uint8_t key[TOLD_KEY_BYTES];
	told_hash key_id;
	struct told_verifier *verifier = NULL;
	memcpy(key_id.b, piece->opened.envelope->key_id.data, sizeof key_id.b);
	if (!told_bytes_equal(header->partnership, told_buf_view(&o->client->partnership)))
		return TOLD_E_SIGNATURE;
	enum told_status status =
		o->client->key_of(o->client->key_ctx, header->sender, told_type_rule(header->type)->signed_by, &key_id,
				  piece->entry, piece->leaf->time_ms, header->section_digests.count > 0, key);
	if (status == TOLD_OK)
		status = prepared(o->client, key, &verifier);
	if (status == TOLD_OK)
		status = told_envelope_verify(&piece->opened, verifier, key);
	return status;
}

static bool names_us(const struct opening *o, const struct told_header *header)
{
	for (size_t i = 0; i < header->recipients.count; i++)
		if (told_bytes_equal(header->recipients.items[i], told_buf_view(&o->client->party)))
			return true;
	return false;
}

/* Our name stands in the header, or the type goes to everyone concerned, or it is a deposit, which its grant must open.
 */
static enum told_status check_name(const struct opening *o, const struct piece *piece)
{
	const struct told_header *header = piece->opened.header;
	bool spread = told_type_rule(header->type)->spread != TOLD_SPREAD_NONE;
	bool answer = o->parcel->type == TOLD_TYPE_ASK_REPLY &&
		      (header->type == TOLD_TYPE_DEPOSIT || header->type == TOLD_TYPE_GRANT);
	return spread || answer || names_us(o, header) ? TOLD_OK : TOLD_E_NOT_FOR_ME;
}

static void open_with(const struct told_client *client, const struct told_sealing_key *pair, struct told_open_with *out)
{
	out->recipient = told_buf_view(&client->party);
	memcpy(out->key, pair->key, sizeof out->key);
	memcpy(out->secret, pair->secret, sizeof out->secret);
}

/* The sealing key of ours that a wrap is to; NULL when it is not ours. */
static const struct told_sealing_key *key_for(const struct told_client *client, const struct told_wrap *wrap)
{
	told_hash id;
	if (!told_bytes_equal(wrap->recipient, told_buf_view(&client->party)))
		return NULL;
	for (size_t i = 0; i < client->sealing_count; i++) {
		told_key_id(client->sealing[i].key, &id);
		if (told_bytes_equal(wrap->key_id, told_bytes(id.b, sizeof id.b)))
			return &client->sealing[i];
	}
	return NULL;
}

static const struct told_wrap *own_wrap(const struct told_client *client, const struct told_wrap_list *wraps)
{
	for (size_t i = 0; i < wraps->count; i++)
		if (key_for(client, &wraps->items[i]) != NULL)
			return &wraps->items[i];
	return NULL;
}

/* The grant behind a deposit that names it for us; its wrap must be exactly the one granted. */
static enum told_status granted(const struct opening *o, struct piece *piece, const struct told_sealed_section *section,
				const struct told_open_with *with, const struct told_wrap *wrap)
{
	const struct piece *grant = piece + 1;
	enum told_status status = TOLD_E_NOT_FOR_ME;
	if (grant == o->pieces + o->count || grant->opened.header->type != TOLD_TYPE_GRANT)
		return status;
	const struct told_header *header = grant->opened.header;
	for (size_t i = 0; status != TOLD_OK && i < header->grants.count; i++) {
		status = told_grant_check(header, &header->grants.items[i], piece->opened.header, section, wrap, with);
		if (status == TOLD_OK)
			piece->grant = &header->grants.items[i];
	}
	return status;
}

static enum told_status read_section(struct opening *o, struct piece *piece, const struct told_sealed_section *section,
				     const struct told_section_header *header)
{
	const struct told_wrap *wrap = own_wrap(o->client, &section->wraps);
	const struct piece *next = piece + 1;
	bool by_grant = wrap == NULL;
	if (by_grant && next < o->pieces + o->count && next->opened.header->type == TOLD_TYPE_GRANT)
		wrap = own_wrap(o->client, &next->body->wraps);
	if (wrap == NULL) /* not given to us: as if it were not there */
		return TOLD_OK;
	struct told_open_with with;
	struct told_buf *content = &piece->contents[piece->content_count++];
	open_with(o->client, key_for(o->client, wrap), &with);
	enum told_status status = by_grant ? granted(o, piece, section, &with, wrap) : TOLD_OK;
	if (status == TOLD_OK)
		status = told_section_read(piece->opened.header, section, wrap, &with, content, NULL);
	told_wipe(&with, sizeof with);
	if (status != TOLD_OK)
		return status;
	struct told_read_section *read = &piece->sections[piece->section_count++];
	told_hash commitment;
	memcpy(commitment.b, section->commitment.data, sizeof commitment.b);
	*read = (struct told_read_section){.header = header, .content = told_buf_view(content)};
	told_section_digest(section->salt.data, section->header, section->ciphertext, &commitment, &read->digest);
	return TOLD_OK;
}

static enum told_status read_sections(struct opening *o, struct piece *piece)
{
	struct told_arena *arena = o->client->arena;
	size_t n = piece->body->sections.count;
	struct told_section_header **headers = NULL;
	enum told_status status = told_sections_check(arena, piece->opened.header, piece->body, &headers);
	if (status != TOLD_OK || n == 0)
		return status;
	struct told_buf *contents = told_arena_alloc(arena, n * sizeof *contents);
	piece->sections = told_arena_alloc(arena, n * sizeof *piece->sections);
	if (contents == NULL || piece->sections == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < n; i++)
		contents[i] = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES);
	piece->contents = contents;
	for (size_t i = 0; status == TOLD_OK && i < n; i++)
		status = read_section(o, piece, &piece->body->sections.items[i], headers[i]);
	return status;
}

/* The attachment of a signed agreement is the file that the header names. */
static enum told_status check_attachment(const struct piece *piece)
{
	const struct told_agreement_sign_part *part = piece->opened.header->agreement_sign;
	told_hash hash;
	if (part == NULL)
		return TOLD_OK;
	told_sha256(piece->body->attachment, &hash);
	return told_bytes_equal(part->sha256, told_bytes(hash.b, sizeof hash.b)) ? TOLD_OK : TOLD_E_DIGEST;
}

/* The lines of an OPENED are those that the header commits to. */
static enum told_status check_lines(struct opening *o, const struct piece *piece)
{
	const struct told_lines_part *part = piece->opened.header->lines;
	told_hash root;
	if (part == NULL)
		return TOLD_OK;
	enum told_status status = told_lines_root(o->client->arena, &piece->body->lines, &root);
	if (status != TOLD_OK)
		return status;
	return told_bytes_equal(part->root, told_bytes(root.b, sizeof root.b)) ? TOLD_OK : TOLD_E_DIGEST;
}

static enum told_status believe(struct opening *o)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < o->count; i++)
		status = check_signature(o, &o->pieces[i]);
	for (size_t i = 0; status == TOLD_OK && i < o->count; i++)
		status = check_name(o, &o->pieces[i]);
	for (size_t i = 0; status == TOLD_OK && i < o->count; i++)
		status = check_attachment(&o->pieces[i]);
	for (size_t i = 0; status == TOLD_OK && i < o->count; i++)
		status = check_lines(o, &o->pieces[i]);
	for (size_t i = 0; status == TOLD_OK && i < o->count; i++)
		status = read_sections(o, &o->pieces[i]);
	return status;
}

/* ---- the event ---- */

static uint32_t result_of(enum told_status status)
{
	switch (status) {
	case TOLD_OK: return TOLD_ACK_STORED;
	case TOLD_E_NOT_FOR_ME: return TOLD_ACK_NOT_FOR_ME;
	case TOLD_E_DIGEST: return TOLD_ACK_DIGEST;
	case TOLD_E_COMMITMENT: return TOLD_ACK_COMMITMENT;
	case TOLD_E_TAG: return TOLD_ACK_TAG;
	default: return TOLD_ACK_SIGNATURE;
	}
}

static enum told_status list_pieces(const struct opening *o, const struct told_carried_message **out)
{
	struct told_carried_message *list = told_arena_alloc(o->client->arena, o->count * sizeof *list);
	*out = list;
	if (list == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < o->count; i++) {
		const struct piece *p = &o->pieces[i];
		list[i] = (struct told_carried_message){
			.header = p->opened.header,
			.body = p->body,
			.envelope = p->carried->envelope,
			.index = p->carried->index,
			.entry = p->entry,
			.note = p->carried->checkpoint.len > 0 ? p->carried->checkpoint : o->parcel->checkpoint,
			.time_ms = p->leaf->time_ms,
			.leaf = p->carried->leaf,
			.path = p->path,
			.path_count = p->carried->path.count,
			.sections = p->sections,
			.section_count = p->section_count,
			.grant = p->grant,
		};
	}
	return TOLD_OK;
}

static enum told_status tell(const struct opening *o, enum told_status believed, told_client_event_fn *fn, void *ctx)
{
	const struct told_parcel *parcel = o->parcel;
	struct told_client_event event = {.kind = TOLD_CLIENT_PARCEL};
	struct told_parcel_event *p = &event.parcel;
	memcpy(p->id, parcel->parcel_id.data, TOLD_ID_BYTES);
	p->type = parcel->type;
	p->in_reply_to = parcel->in_reply_to;
	p->marker = parcel->marker != TOLD_PARCEL_MARKER_NONE;
	p->deliveries = parcel->deliveries;
	p->note = parcel->checkpoint;
	p->result = result_of(believed);
	p->count = believed == TOLD_OK ? o->count : 0;
	enum told_status status = believed == TOLD_OK ? list_pieces(o, &p->carried) : TOLD_OK;
	return status == TOLD_OK ? fn(ctx, &event) : status;
}

static void wipe_contents(struct opening *o)
{
	for (size_t i = 0; i < o->count; i++)
		for (size_t j = 0; j < o->pieces[i].content_count; j++)
			told_buf_free(&o->pieces[i].contents[j]);
}

/* Ours to stop for, not the sender's fault. */
static bool is_local(enum told_status status)
{
	enum told_status_class class = told_status_class(status);
	return class == TOLD_CLASS_FATAL || class == TOLD_CLASS_BUG || class == TOLD_CLASS_LOCAL;
}

enum told_status told_client_take_parcel(struct told_client *client, struct told_bytes body, told_client_event_fn *fn,
					 void *ctx)
{
	struct told_parcel *parcel = NULL;
	struct opening o = {.client = client};
	enum told_status status = told_parcel_decode(body, client->arena, &parcel);
	if (status == TOLD_OK && (parcel->parcel_id.len != TOLD_ID_BYTES || client->key_of == NULL))
		status = TOLD_E_MALFORMED;
	if (status != TOLD_OK)
		return told_client_fault(client, status, told_bytes(NULL, 0), fn, ctx);
	if (client->credit > 0)
		client->credit--;
	o.parcel = parcel;
	status = told_trail_read(&client->trail, parcel->checkpoint, &o.point);
	if (status == TOLD_OK)
		status = open_pieces(&o);
	if (status != TOLD_OK)
		return is_local(status) && status != TOLD_E_FORK
			       ? status
			       : told_client_fault(client, status, parcel->checkpoint, fn, ctx);
	enum told_status believed = believe(&o);
	status = is_local(believed) ? believed : tell(&o, believed, fn, ctx);
	wipe_contents(&o);
	return status;
}

/* ---- a key of the log ---- */

static bool is_newest_log_key(const struct told_client *client, const struct told_key_part *key)
{
	told_hash newest, said;
	told_trail_key_id(&client->trail, &newest);
	told_key_id(key->key.data, &said);
	return told_hash_equal(&newest, &said);
}

/* The operator's word for a new one; the caller must take it as the newest. */
static enum told_status tell_log_key(const struct opening *o, told_client_event_fn *fn, void *ctx)
{
	const struct told_partner_part *partner = o->pieces[0].opened.header->partner;
	const struct told_key_part *key = partner != NULL ? partner->log_key : NULL;
	struct told_client_event event = {.kind = TOLD_CLIENT_LOG_KEY};
	if (key == NULL || key->action != TOLD_KEY_ACTION_ISSUE || key->key.len != TOLD_KEY_BYTES)
		return TOLD_E_KEY;
	if (is_newest_log_key(o->client, key))
		return TOLD_E_EXISTS;
	enum told_status status = list_pieces(o, &event.log_key);
	if (status == TOLD_OK)
		status = fn(ctx, &event);
	return status != TOLD_OK || is_newest_log_key(o->client, key) ? status : TOLD_E_KEY;
}

enum told_status told_client_take_log_key(struct told_client *client, const struct told_log_key_proof *proof,
					  told_client_event_fn *fn, void *ctx)
{
	if (proof->carried == NULL || proof->carried->checkpoint.len > 0)
		return TOLD_E_MALFORMED;
	struct told_parcel parcel = {.checkpoint = proof->checkpoint, .carried = {.items = proof->carried, .count = 1}};
	struct opening o = {.client = client, .parcel = &parcel};
	enum told_status status =
		told_trail_follow(&client->trail, proof->checkpoint, proof->from_size, proof->consistency, &o.point);
	if (status == TOLD_OK)
		status = open_pieces(&o);
	if (status == TOLD_OK)
		status = check_signature(&o, &o.pieces[0]);
	return status == TOLD_OK ? tell_log_key(&o, fn, ctx) : status;
}
