/* SPDX-License-Identifier: Apache-2.0 */
/* A small broker's store, written as the broker writes it (broker/record), without a broker: turns of entries with
 * details, tiles, heads, checkpoints; a policy; a folder of receipts. And told-audit run over it in this process. */
#ifndef TOLD_TEST_AUDIT_FIXTURE_H
#define TOLD_TEST_AUDIT_FIXTURE_H

#include "support/support.h"

#include "proto/leaf.h"
#include "told/codes.h"
#include "told/proof.h"

#include <sqlite3.h>

#define FIXTURE_ORIGIN  "northtown/1"
#define FIXTURE_MAX     2048u
#define FIXTURE_TIME_MS UINT64_C(1795000000000) /* of the first turn: 2026-11-18 */

struct fixture {
	char dir[256], store[300], policy[300], receipts[300];
	sqlite3 *db;
	struct told_signer *signer;
	uint8_t key[32];
	struct told_vkey vkey;
	told_hash hashes[FIXTURE_MAX];
	size_t count;
	struct told_frontier frontier;
	struct told_buf note; /* of the newest head; its row comes with the next turn */
	uint64_t note_size;
	uint64_t time_ms;
	uint64_t numbers[3]; /* last of each sender */
	uint64_t now_ms;     /* when told-audit runs; 0: an hour after the first turn */
	char *out;           /* what told-audit printed last */
};

/* An empty store and its policy; key: first byte of the log's seed. */
struct fixture *fixture_new(uint8_t key);
/* That, with `entries` entries in turns of `turn`, and receipts. */
struct fixture *fixture_full(uint8_t key, size_t entries, size_t turn);
void fixture_free(struct fixture *f);

/* A turn is begin, entries, end. An entry that leaves time, txid or sender open gets them; facts may be NULL. */
void fixture_begin(struct fixture *f);
void fixture_entry(struct fixture *f, struct told_leaf *leaf, const struct told_leaf_facts *facts);
void fixture_end(struct fixture *f);
void fixture_turn(struct fixture *f, size_t entries);

/* receipts/housing/checkpoint, and a proof of every `step`th entry under the newest note, named <index>.tlog-proof. */
void fixture_receipts(struct fixture *f, size_t step);
void fixture_proof(struct fixture *f, size_t index, bool extra, struct told_buf *out);
void fixture_write(const char *path, struct told_bytes content);

/* One statement; ?1, ?2 are numbers. */
void fixture_sql(struct fixture *f, const char *sql, int64_t a, int64_t b);
/* A blob of one row, malloc'd. */
struct told_bytes fixture_blob(struct fixture *f, const char *sql, int64_t a);
/* UPDATE with ?1 the blob and ?2 a number. */
void fixture_put_blob(struct fixture *f, const char *sql, struct told_bytes blob, int64_t a);
/* What an intruder does first. */
void fixture_drop_triggers(struct fixture *f);

/* Runs told-audit with these words (NULL-terminated), "verify" and so on; gives the exit code and keeps the output. */
int fixture_run(struct fixture *f, ...) __attribute__((sentinel));
/* verify --store --policy --receipts. */
int fixture_verify(struct fixture *f);
/* The same without receipts. */
int fixture_verify_alone(struct fixture *f);
/* The output has this text. */
void fixture_says(const struct fixture *f, const char *text);

/* A file with the seed of the log's key, as told init writes it. */
void fixture_key(const struct fixture *f, uint8_t key, char path[400]);
/* The line that a drill printed of a kind; and that it missed nothing, and this verdict caught it. */
void fixture_line(const struct fixture *f, const char *name, char out[256]);
void fixture_caught(const struct fixture *f, const char *name, const char *verdict);

#endif
