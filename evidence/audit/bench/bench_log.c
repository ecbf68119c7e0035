/* SPDX-License-Identifier: Apache-2.0 */
/* Makes up entries of the size and kind that a broker writes: facts of four sections, a ruling of one recipient, a
 * person. Nothing in them is about anybody. Touches the files that are named. */
#include "evidence/audit/bench/bench_log.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/read/import.h"
#include "proto/leaf.h"
#include "told/codes.h"
#include "told/proof.h"
#include "told/vocabulary.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ORIGIN    "bench/1"
#define TIME_MS   UINT64_C(1795000000000) /* of the first entry */
#define LEVELS    7u
#define TILE_BITS 8u
#define SECTIONS  4u
#define PARTS     3

enum statement { PUT_ENTRY, PUT_DETAIL, PUT_TILE, PUT_HEAD, PUT_NOTE, STATEMENTS };

static const char *const texts[STATEMENTS] = {
	[PUT_ENTRY] = "INSERT INTO entry VALUES (1, ?1, ?2, ?3)",
	[PUT_DETAIL] = "INSERT INTO detail VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[PUT_TILE] = "INSERT INTO tile VALUES (1, ?1, ?2, ?3)",
	[PUT_HEAD] = "INSERT INTO tree_head VALUES (1, ?1, ?2)",
	[PUT_NOTE] = "INSERT INTO checkpoint VALUES (1, ?1, ?2)",
};

/* One entry before it is written. */
struct made {
	struct told_buf leaf, parts[PARTS];
	uint8_t salts[PARTS][TOLD_LEAF_SALT_BYTES];
	told_hash commitments[PARTS], hash;
};

struct told_bench_log {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	uint64_t random, ns;
	struct told_signer *signer;
	uint8_t key[TOLD_KEY_BYTES];
	struct told_frontier frontier;
	told_hash tiles[LEVELS][TOLD_TILE_WIDTH];
	unsigned widths[LEVELS];
	struct told_buf note;
	enum told_status status; /* sticky: tiles are written from within the tree */
	struct made turn[TOLD_TURN_MAX];
};

/* Of the processor, so that other work on the machine counts for nothing. */
static uint64_t now_ns(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* splitmix64: repeatable, and good enough for what nobody has to guess. */
static uint64_t random64(struct told_bench_log *log)
{
	uint64_t x = log->random += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static struct told_bytes fill(struct told_bench_log *log, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i += sizeof(uint64_t)) {
		uint64_t x = random64(log);
		memcpy(out + i, &x, len - i < sizeof x ? len - i : sizeof x);
	}
	return told_bytes(out, len);
}

/* ---- rows ---- */

static void put(struct told_bench_log *log, enum statement which, const uint64_t *numbers, int n,
		const struct told_bytes *blobs, int count)
{
	sqlite3_stmt *statement = log->statements[which];
	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(statement, 1 + i, (int64_t)numbers[i]);
	for (int i = 0; i < count; i++)
		sqlite3_bind_blob64(statement, 1 + n + i, blobs[i].data != NULL ? blobs[i].data : (const void *)"",
				    blobs[i].len, SQLITE_STATIC);
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	if (code != SQLITE_DONE && log->status == TOLD_OK)
		log->status = code == SQLITE_FULL ? TOLD_E_FULL : TOLD_E_SYSTEM;
}

static void sql(struct told_bench_log *log, const char *text)
{
	int code = sqlite3_exec(log->db, text, NULL, NULL, NULL);
	if (code != SQLITE_OK && log->status == TOLD_OK)
		log->status = code == SQLITE_FULL ? TOLD_E_FULL : TOLD_E_SYSTEM;
}

/* ---- one entry ---- */

static void make_parts(struct told_bench_log *log, struct made *made)
{
	uint8_t hashes[SECTIONS + 2][TOLD_HASH_BYTES];
	struct told_bytes digests[SECTIONS];
	struct told_leaf_section_ruling sections[SECTIONS];
	uint32_t codes[] = {700};
	for (unsigned i = 0; i < SECTIONS; i++) {
		digests[i] = fill(log, hashes[i], TOLD_HASH_BYTES);
		sections[i] = (struct told_leaf_section_ruling){
			.number = i + 1, .category = 9 + i, .effect = TOLD_SECTION_EFFECT_RELEASE, .code = 700};
	}
	struct told_leaf_facts facts = {.header_hash = fill(log, hashes[SECTIONS], TOLD_HASH_BYTES),
					.section_digests = {digests, SECTIONS}};
	struct told_leaf_recipient_ruling recipient = {.recipient = told_text("IAPT"),
						       .effect = TOLD_EFFECT_RELEASE,
						       .primary = 700,
						       .codes = {codes, 1},
						       .agreement = told_text("northtown-core"),
						       .agreement_version = 3,
						       .clause = told_text("4.2"),
						       .sections = {sections, SECTIONS},
						       .input_sha256 =
							       fill(log, hashes[SECTIONS + 1], TOLD_HASH_BYTES)};
	struct told_leaf_ruling ruling = {.recipients = {&recipient, 1}};
	uint8_t client[TOLD_ID_BYTES];
	struct told_leaf_subject subject = {.client_ref = fill(log, client, sizeof client),
					    .worker = told_text("W794921")};
	if (told_leaf_facts_encode(&facts, &made->parts[0]) != TOLD_OK ||
	    told_leaf_ruling_encode(&ruling, &made->parts[1]) != TOLD_OK ||
	    told_leaf_subject_encode(&subject, &made->parts[2]) != TOLD_OK)
		log->status = TOLD_E_INTERNAL;
}

static void make_leaf(struct told_bench_log *log, uint64_t index, struct made *made)
{
	static const char *const senders[] = {"HOUSING", "IAPT", "ADDICTION", "EMPLOYABILITY"};
	uint8_t txid[TOLD_ID_BYTES], key_id[TOLD_HASH_BYTES], tag[TOLD_SUBJECT_TAG_BYTES];
	uint32_t purposes[] = {1};
	struct told_leaf leaf = {
		.version = 1,
		.phase = TOLD_PHASE_ACCEPTED,
		.time_ms = TIME_MS + index / 4,
		.txid = fill(log, txid, sizeof txid),
		.sender = told_text(senders[index % 4]),
		.sender_seq = index / 4 + 1,
		.signer_key_id = fill(log, key_id, sizeof key_id),
		.type = TOLD_TYPE_REFERRAL,
		.agreement = told_text("northtown-core"),
		.agreement_version = 3,
		.purposes = {purposes, 1},
		.as_of = index,
		.subject_tag = fill(log, tag, sizeof tag),
	};
	leaf.facts = told_bytes(made->commitments[0].b, TOLD_HASH_BYTES);
	leaf.ruling = told_bytes(made->commitments[1].b, TOLD_HASH_BYTES);
	leaf.subject = told_bytes(made->commitments[2].b, TOLD_HASH_BYTES);
	if (told_leaf_encode(&leaf, &made->leaf) != TOLD_OK)
		log->status = TOLD_E_INTERNAL;
}

static void make(struct told_bench_log *log, struct made *made)
{
	*made = (struct made){.leaf = TOLD_BUF(TOLD_LEAF_MAX_BYTES)};
	for (int i = 0; i < PARTS; i++) {
		made->parts[i] = TOLD_BUF(TOLD_LEAF_PART_MAX_BYTES);
		fill(log, made->salts[i], TOLD_LEAF_SALT_BYTES);
	}
	make_parts(log, made);
}

static void commit_to_parts(struct told_bench_log *log, size_t count)
{
	uint64_t before = now_ns();
	for (struct made *made = log->turn; made < log->turn + count; made++)
		for (int i = 0; i < PARTS; i++)
			told_hmac(told_bytes(made->salts[i], TOLD_LEAF_SALT_BYTES), told_buf_view(&made->parts[i]),
				  &made->commitments[i]);
	log->ns += now_ns() - before;
}

static void write_entry(struct told_bench_log *log, uint64_t index, struct made *made)
{
	struct told_bytes entry[] = {told_buf_view(&made->leaf), {made->hash.b, TOLD_HASH_BYTES}};
	struct told_bytes detail[2 * PARTS];
	for (int i = 0; i < PARTS; i++) {
		detail[2 * i] = told_bytes(made->salts[i], TOLD_LEAF_SALT_BYTES);
		detail[2 * i + 1] = told_buf_view(&made->parts[i]);
	}
	put(log, PUT_ENTRY, &index, 1, entry, 2);
	put(log, PUT_DETAIL, &index, 1, detail, 2 * PARTS);
	told_buf_free(&made->leaf);
	for (int i = 0; i < PARTS; i++)
		told_buf_free(&made->parts[i]);
}

/* ---- a turn ---- */

static void add(void *ctx, unsigned height, uint64_t index, const told_hash *hash)
{
	struct told_bench_log *log = ctx;
	unsigned level = height / TILE_BITS;
	if (height % TILE_BITS != 0 || level >= LEVELS)
		return;
	log->tiles[level][log->widths[level]++] = *hash;
	if (log->widths[level] < TOLD_TILE_WIDTH)
		return;
	log->widths[level] = 0;
	struct told_bytes tile = told_bytes(log->tiles[level], sizeof log->tiles[level]);
	put(log, PUT_TILE, (uint64_t[]){level, index / TOLD_TILE_WIDTH}, 2, &tile, 1);
}

/* What the evidence costs a turn: hashes, tree, tiles, root, signature. The checkpoint goes in with the next turn. */
static void append(struct told_bench_log *log, size_t count, told_hash *root)
{
	struct told_buf text = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	uint64_t before = now_ns();
	for (size_t i = 0; i < count; i++) {
		told_leaf_hash(told_buf_view(&log->turn[i].leaf), &log->turn[i].hash);
		add(log, 0, log->frontier.size, &log->turn[i].hash);
		told_frontier_append(&log->frontier, &log->turn[i].hash, add, log);
	}
	told_frontier_root(&log->frontier, root);
	struct told_checkpoint checkpoint = {.origin = told_text(ORIGIN), .size = log->frontier.size, .root = *root};
	told_checkpoint_format(&checkpoint, &text);
	told_buf_free(&log->note);
	enum told_status status =
		told_note_sign(told_buf_view(&text), checkpoint.origin, log->signer, log->key, &log->note);
	log->ns += now_ns() - before;
	if (status != TOLD_OK)
		log->status = status;
	told_buf_free(&text);
}

static void turn(struct told_bench_log *log, size_t count)
{
	told_hash root;
	uint64_t first = log->frontier.size;
	struct told_bytes note = told_buf_view(&log->note);
	if (note.len > 0)
		put(log, PUT_NOTE, &first, 1, &note, 1);
	for (size_t i = 0; i < count; i++)
		make(log, &log->turn[i]);
	commit_to_parts(log, count);
	for (size_t i = 0; i < count; i++)
		make_leaf(log, first + i, &log->turn[i]);
	append(log, count, &root);
	for (size_t i = 0; i < count; i++)
		write_entry(log, first + i, &log->turn[i]);
	struct told_bytes bytes = told_bytes(root.b, sizeof root.b);
	put(log, PUT_HEAD, &log->frontier.size, 1, &bytes, 1);
}

enum told_status told_bench_log_grow(struct told_bench_log *log, uint64_t entries, const char *note)
{
	sql(log, "BEGIN");
	while (log->status == TOLD_OK && log->frontier.size < entries) {
		uint64_t left = entries - log->frontier.size;
		turn(log, left < TOLD_TURN_MAX ? (size_t)left : TOLD_TURN_MAX);
	}
	sql(log, "COMMIT");
	return log->status == TOLD_OK ? told_audit_write(note, told_buf_view(&log->note)) : log->status;
}

/* ---- beginning and end ---- */

static enum told_status write_policy(const struct told_bench_log *log, const char *path)
{
	struct told_buf text = TOLD_BUF(1024);
	struct told_vkey vkey;
	told_vkey_make(told_text(ORIGIN), TOLD_NOTE_ED25519, log->key, &vkey);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&vkey, &text);
	told_buf_put_text(&text, "\nquorum none\n");
	enum told_status status = text.status == TOLD_OK ? told_audit_write(path, told_buf_view(&text)) : text.status;
	told_buf_free(&text);
	return status;
}

static enum told_status open_db(struct told_bench_log *log, const char *path)
{
	int code =
		sqlite3_open_v2(path, &log->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(log->db, told_import_schema, NULL, NULL, NULL);
	for (int i = 0; code == SQLITE_OK && i < STATEMENTS; i++)
		code = sqlite3_prepare_v2(log->db, texts[i], -1, &log->statements[i], NULL);
	return code == SQLITE_OK ? TOLD_OK : TOLD_E_SYSTEM;
}

enum told_status told_bench_log_new(const char *store, const char *policy, uint64_t seed, struct told_bench_log **out)
{
	uint8_t key_seed[TOLD_KEY_BYTES] = {1};
	*out = NULL;
	struct told_bench_log *log = calloc(1, sizeof *log);
	if (log == NULL)
		return TOLD_E_MEMORY;
	log->random = seed;
	log->note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	enum told_status status = told_ed25519_public(key_seed, log->key);
	if (status == TOLD_OK)
		status = told_signer_new(key_seed, &log->signer);
	if (status == TOLD_OK)
		status = open_db(log, store);
	if (status == TOLD_OK)
		status = write_policy(log, policy);
	if (status != TOLD_OK) {
		told_bench_log_free(log);
		return status;
	}
	*out = log;
	return TOLD_OK;
}

uint64_t told_bench_log_ns(const struct told_bench_log *log)
{
	return log->ns;
}

void told_bench_log_free(struct told_bench_log *log)
{
	if (log == NULL)
		return;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(log->statements[i]);
	sqlite3_close(log->db);
	told_signer_free(log->signer);
	told_buf_free(&log->note);
	free(log);
}
