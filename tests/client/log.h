/* SPDX-License-Identifier: Apache-2.0 */
/* A log in memory that says what the test wants it to: entries, signed notes, proofs; and a client that is ready
 * without a connection, so that what it would be sent is handed to it directly. */
#ifndef TOLD_TEST_CLIENT_LOG_H
#define TOLD_TEST_CLIENT_LOG_H

#include "support/support.h"

#include "agents/client/state.h"
#include "proto/leaf.h"
#include "proto/message.h"

#include <stdlib.h>
#include <string.h>

#define LOG_ORIGIN "northtown.example/1"
#define LOG_MAX    64u
#define US         "TT"

struct test_log {
	told_hash leaves[LOG_MAX];
	struct told_bytes entries[LOG_MAX];
	size_t size;
	uint8_t seed[32], key[32];
	struct told_signer *signer;
	struct told_arena *arena; /* everything of the test */
	struct told_client *client;
	/* what the client told */
	struct told_client_event last;
	size_t events, answers, parcels, faults;
	struct told_buf content; /* of the last parcel's sections, joined */
	uint8_t last_header_hash[32];
	struct told_buf receipt;
	/* keys that the directory knows */
	uint8_t signing_seed[32], signing_key[32];
	struct told_signer *signing;
	bool unknown_key;
	struct told_sealing_key sealing;
};

static inline struct told_bytes log_keep(struct test_log *log, struct told_buf *buf)
{
	assert_int_equal(buf->status, TOLD_OK);
	struct told_bytes kept = told_arena_copy(log->arena, told_buf_view(buf));
	assert_int_equal(kept.len, buf->len);
	told_buf_free(buf);
	return kept;
}

static inline struct told_bytes log_encode(struct test_log *log, enum told_schema schema, const void *message)
{
	struct told_buf buf = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	assert_int_equal(told_encode(schema, message, &buf), TOLD_OK);
	return log_keep(log, &buf);
}

static inline enum told_status log_node(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	const struct test_log *log = ctx;
	told_merkle_root(log->leaves + (index << level), (size_t)1 << level, out);
	return TOLD_OK;
}

static inline uint64_t log_add(struct test_log *log, struct told_bytes entry)
{
	assert_true(log->size < LOG_MAX);
	log->entries[log->size] = told_arena_copy(log->arena, entry);
	told_leaf_hash(entry, &log->leaves[log->size]);
	return log->size++;
}

/* Entries of others, so that proofs have something to prove. */
static inline void log_fill(struct test_log *log, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t bytes[4] = {(uint8_t)log->size, 1, 2, 3};
		log_add(log, told_bytes(bytes, sizeof bytes));
	}
}

static inline struct told_bytes log_note_as(struct test_log *log, size_t size, const char *origin,
					    struct told_signer *signer, const uint8_t key[32])
{
	struct told_checkpoint checkpoint = {.origin = told_text(origin), .size = size};
	struct told_buf text = TOLD_BUF(4096), note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	told_merkle_root(log->leaves, size, &checkpoint.root);
	told_checkpoint_format(&checkpoint, &text);
	assert_int_equal(told_note_sign(told_buf_view(&text), told_text(LOG_ORIGIN), signer, key, &note), TOLD_OK);
	told_buf_free(&text);
	return log_keep(log, &note);
}

static inline struct told_bytes log_note(struct test_log *log, size_t size)
{
	return log_note_as(log, size, LOG_ORIGIN, log->signer, log->key);
}

static inline struct told_bytes_list log_list(struct test_log *log, const told_hash *hashes, size_t count)
{
	struct told_bytes_list list = {.items = told_arena_alloc(log->arena, count * sizeof *list.items),
				       .count = count};
	for (size_t i = 0; i < count; i++)
		list.items[i] = told_arena_copy(log->arena, told_bytes(hashes[i].b, sizeof hashes[i].b));
	return list;
}

static inline struct told_bytes_list log_consistency(struct test_log *log, size_t from, size_t to)
{
	told_hash path[TOLD_PROOF_MAX];
	size_t count = 0;
	if (from == 0 || from == to)
		return (struct told_bytes_list){0};
	assert_int_equal(
		told_tree_consistency(log_node, log, from < to ? from : to, from < to ? to : from, path, &count),
		TOLD_OK);
	return log_list(log, path, count);
}

static inline struct told_bytes_list log_path(struct test_log *log, uint64_t index, size_t size)
{
	told_hash path[TOLD_PROOF_MAX];
	size_t count = 0;
	assert_int_equal(told_tree_inclusion(log_node, log, index, size, path, &count), TOLD_OK);
	return log_list(log, path, count);
}

/* ---- the client ---- */

static inline enum told_status log_key_of(void *ctx, struct told_bytes party, uint32_t purpose, const told_hash *key_id,
					  uint64_t index, uint64_t time_ms, bool content, uint8_t key[32])
{
	const struct test_log *log = ctx;
	told_hash id;
	(void)party;
	(void)purpose;
	(void)index;
	(void)time_ms;
	(void)content;
	told_key_id(log->signing_key, &id);
	if (log->unknown_key || !told_hash_equal(&id, key_id))
		return TOLD_E_KEY;
	memcpy(key, log->signing_key, 32);
	return TOLD_OK;
}

static inline enum told_status log_hear(void *ctx, const struct told_client_event *event)
{
	struct test_log *log = ctx;
	log->events++;
	log->last = *event;
	log->answers += event->kind == TOLD_CLIENT_ANSWER;
	log->parcels += event->kind == TOLD_CLIENT_PARCEL;
	log->faults += event->kind == TOLD_CLIENT_FAULT;
	if (event->kind == TOLD_CLIENT_ANSWER) {
		told_buf_free(&log->receipt);
		told_receipt_format(&event->answer, &log->receipt);
	}
	for (size_t i = 0; event->kind == TOLD_CLIENT_PARCEL && i < event->parcel.count; i++)
		for (size_t j = 0; j < event->parcel.carried[i].section_count; j++)
			told_buf_put_bytes(&log->content, event->parcel.carried[i].sections[j].content);
	return TOLD_OK;
}

static inline void log_vkey(const struct test_log *log, char out[256])
{
	struct told_vkey vkey;
	struct told_buf text = TOLD_BUF(255);
	told_vkey_make(told_text(LOG_ORIGIN), TOLD_NOTE_ED25519, log->key, &vkey);
	told_vkey_format(&vkey, &text);
	memcpy(out, told_buf_cstr(&text), text.len + 1);
	told_buf_free(&text);
}

/* A client that confirmed the log at this size (0: nothing yet) and has been welcomed. */
static inline void log_client(struct test_log *log, size_t confirmed)
{
	char vkey[256];
	struct told_client_config config = {.endpoint = "tcp://127.0.0.1:1",
					    .partnership = told_text("northtown.example"),
					    .party = told_text(US),
					    .log_vkey = vkey,
					    .sealing_count = 1,
					    .key_of = log_key_of,
					    .ctx = log};
	log_vkey(log, vkey);
	config.sealing[0] = log->sealing;
	memset(config.broker_key, 9, 32);
	assert_int_equal(told_x25519_public(config.broker_key, config.broker_key), TOLD_OK);
	assert_int_equal(told_random(config.session_secret, 32), TOLD_OK);
	assert_int_equal(told_x25519_public(config.session_secret, config.session_key), TOLD_OK);
	if (confirmed > 0)
		config.checkpoint = log_note(log, confirmed);
	told_client_close(log->client);
	log->client = NULL;
	assert_int_equal(told_client_open(&config, &log->client), TOLD_OK);
	told_trail_tell(&log->client->trail);
	log->client->trail.from_nothing = confirmed == 0;
	log->client->ready = true;
	log->client->credit = TOLD_CREDIT_MAX;
}

static inline int log_open(void **state)
{
	struct test_log *log = calloc(1, sizeof *log);
	assert_non_null(log);
	assert_int_equal(told_arena_new(64u << 20, &log->arena), TOLD_OK);
	assert_int_equal(told_random(log->seed, 32), TOLD_OK);
	assert_int_equal(told_ed25519_public(log->seed, log->key), TOLD_OK);
	assert_int_equal(told_signer_new(log->seed, &log->signer), TOLD_OK);
	assert_int_equal(told_random(log->signing_seed, 32), TOLD_OK);
	assert_int_equal(told_ed25519_public(log->signing_seed, log->signing_key), TOLD_OK);
	assert_int_equal(told_signer_new(log->signing_seed, &log->signing), TOLD_OK);
	assert_int_equal(told_random(log->sealing.secret, 32), TOLD_OK);
	assert_int_equal(told_x25519_public(log->sealing.secret, log->sealing.key), TOLD_OK);
	log->content = TOLD_BUF(1u << 20);
	log->receipt = TOLD_BUF(1u << 20);
	*state = log;
	return 0;
}

static inline int log_close(void **state)
{
	struct test_log *log = *state;
	told_client_close(log->client);
	told_signer_free(log->signer);
	told_signer_free(log->signing);
	told_buf_free(&log->content);
	told_buf_free(&log->receipt);
	told_arena_free(log->arena);
	free(log);
	return 0;
}

/* ---- messages ---- */

static inline struct told_header log_header(struct test_log *log, uint32_t type, const char *sender)
{
	static uint64_t seq;
	uint8_t id[TOLD_ID_BYTES], ref[TOLD_ID_BYTES] = {7};
	assert_int_equal(told_uuid7(1790000000000u, id), TOLD_OK);
	return (struct told_header){
		.version = 1,
		.type = type,
		.id = told_arena_copy(log->arena, told_bytes(id, sizeof id)),
		.partnership = told_text("northtown.example"),
		.sender = told_text(sender),
		.sender_seq = ++seq,
		.epoch = told_arena_copy(log->arena, told_bytes(ref, sizeof ref)),
		.client_ref = told_arena_copy(log->arena, told_bytes(ref, sizeof ref)),
		.created_ms = 1790000000000u,
		.expires_ms = 1790000000000u + 1000,
	};
}

/* The entry that accepts a signed message, in the log. */
static inline uint64_t log_accept(struct test_log *log, const struct told_header *header, uint32_t phase,
				  struct told_bytes header_bytes, struct told_bytes *facts, uint8_t salt[32])
{
	told_hash hash, key_id, commitment;
	uint8_t txid[TOLD_ID_BYTES];
	told_sha256(header_bytes, &hash);
	told_key_id(log->signing_key, &key_id);
	assert_int_equal(told_random(txid, sizeof txid), TOLD_OK);
	assert_int_equal(told_random(salt, 32), TOLD_OK);
	struct told_leaf_facts part = {.header_hash = told_bytes(hash.b, sizeof hash.b)};
	*facts = log_encode(log, TOLD_SCHEMA_LEAF_FACTS, &part);
	told_hmac(told_bytes(salt, 32), *facts, &commitment);
	struct told_leaf leaf = {
		.version = 1,
		.phase = phase,
		.time_ms = header->created_ms + 1,
		.txid = told_bytes(txid, sizeof txid),
		.sender = header->sender,
		.sender_seq = header->sender_seq,
		.signer_key_id = told_bytes(key_id.b, sizeof key_id.b),
		.type = header->type,
		.facts = told_bytes(commitment.b, sizeof commitment.b),
	};
	return log_add(log, log_encode(log, TOLD_SCHEMA_LEAF, &leaf));
}

static inline struct told_bytes log_sign(struct test_log *log, struct told_bytes header, uint32_t type)
{
	struct told_bytes envelope;
	assert_int_equal(told_envelopes_sign(log->arena, log->signing, log->signing_key, &header, &type, 1, &envelope),
			 TOLD_OK);
	return envelope;
}

#endif
