/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, signatures, Merkle proofs, signed notes, checkpoints: all that an auditor needs and nothing else.
 * Sources: RFC 6962 section 2.1, RFC 9162 section 2.1, C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0,
 * tlog-cosignature v1.0.1, tlog-tiles v0.1.0, tlog-proof (draft of 2026-07-22). */
#ifndef TOLD_PROOF_H
#define TOLD_PROOF_H

#include "told/bytes.h"
#include "told/limits.h"

typedef struct told_hash {
	uint8_t b[TOLD_HASH_BYTES];
} told_hash;

/* SHA-256. Failure of the library aborts, as no input can cause it. */
void told_sha256(struct told_bytes bytes, told_hash *out);
/* SHA-256 of n parts one after another, without joining them. */
void told_sha256_parts(const struct told_bytes *parts, size_t n, told_hash *out);
/* HMAC-SHA256 (RFC 2104). */
void told_hmac(struct told_bytes key, struct told_bytes bytes, told_hash *out);
bool told_hash_equal(const told_hash *a, const told_hash *b);

/* Ed25519 (RFC 8032). seed: 32 secret bytes; key: 32 public bytes. */
TOLD_MUST_USE enum told_status told_ed25519_public(const uint8_t seed[32], uint8_t key[32]);
TOLD_MUST_USE enum told_status told_ed25519_sign(const uint8_t seed[32], struct told_bytes message,
						 uint8_t signature[64]);
/* TOLD_E_SIGNATURE when it does not verify, TOLD_E_KEY for a key that told_ed25519_key_check refuses. */
TOLD_MUST_USE enum told_status told_ed25519_verify(const uint8_t key[32], struct told_bytes message,
						   const uint8_t signature[64]);
/* Refuses small-order and non-canonical public keys with TOLD_E_KEY (OpenSSL 3.0 accepts them). */
TOLD_MUST_USE enum told_status told_ed25519_key_check(const uint8_t key[32]);

/* Prepared keys, for whoever signs or verifies often: the library's key object is made once. NULL-safe free. */
struct told_signer;
struct told_verifier;
TOLD_MUST_USE enum told_status told_signer_new(const uint8_t seed[32], struct told_signer **out);
TOLD_MUST_USE enum told_status told_signer_sign(struct told_signer *signer, struct told_bytes message,
						uint8_t signature[64]);
void told_signer_free(struct told_signer *signer); /* wipes */
TOLD_MUST_USE enum told_status told_verifier_new(const uint8_t key[32], struct told_verifier **out);
TOLD_MUST_USE enum told_status told_verifier_check(struct told_verifier *verifier, struct told_bytes message,
						   const uint8_t signature[64]);
void told_verifier_free(struct told_verifier *verifier);

/* ---- Merkle tree (RFC 6962 section 2.1) ---- */

void told_leaf_hash(struct told_bytes entry, told_hash *out);                       /* SHA-256(0x00 || entry) */
void told_node_hash(const told_hash *left, const told_hash *right, told_hash *out); /* SHA-256(0x01 || left || right) */

/* Root over n leaf hashes; of none, SHA-256(""). */
void told_merkle_root(const told_hash *leaves, size_t n, told_hash *root);
/* Inclusion path of one of n <= 2^32 leaf hashes, leaf's sibling first. *count <= TOLD_PROOF_MAX. index < n. */
void told_merkle_path(const told_hash *leaves, size_t n, size_t index, told_hash *path, size_t *count);

/* RFC 9162 section 2.1.3.2. TOLD_E_PROOF unless the path leads from the leaf to exactly this root. */
TOLD_MUST_USE enum told_status told_inclusion_check(const told_hash *leaf, uint64_t index, uint64_t size,
						    const told_hash *path, size_t count, const told_hash *root);
/* RFC 9162 section 2.1.4.2, with the edge rules of evidence.md section 2.1: old 0, old > new, a proof that is
 * empty where it may not be or the reverse are all TOLD_E_PROOF. */
TOLD_MUST_USE enum told_status told_consistency_check(uint64_t old_size, const told_hash *old_root, uint64_t new_size,
						      const told_hash *new_root, const told_hash *path, size_t count);
/* A run of neighbouring leaves [first, first + n) under one root, proved by the perfect subtrees on both sides of it.
 * left: of [0, first), the edge of the tree of size first: one for each set bit of first, the largest first.
 * right: of [first + n, size), from the left: at position p the largest 2^k that divides p and is at most size - p.
 * To check: take left as a frontier of size first, append the leaves, then each right subtree (like a leaf, but 2^k
 * at once); its root is the root. TOLD_E_PROOF unless the counts are exactly these and the roots are equal. */
TOLD_MUST_USE enum told_status told_run_check(const told_hash *leaves, size_t n, uint64_t first, uint64_t size,
					      const told_hash *left, size_t left_count, const told_hash *right,
					      size_t right_count, const told_hash *root);
/* The inclusion path of one leaf of a checked run (which: its number in the run), so that it can be kept as a proof of
 * its own. The roots are not compared again. path holds TOLD_PROOF_MAX. Costs about n + 64 hashes. */
TOLD_MUST_USE enum told_status told_run_path(const told_hash *leaves, size_t n, uint64_t first, uint64_t size,
					     const told_hash *left, size_t left_count, const told_hash *right,
					     size_t right_count, size_t which, told_hash *path, size_t *count);

/* The right edge of a growing tree: one hash for each set bit of size, largest subtree first. */
struct told_frontier {
	uint64_t size;
	told_hash edge[TOLD_PROOF_MAX];
};
/* Appends a leaf hash. For each perfect subtree that this completes (level 1 up), done(ctx, level, index, hash) is
 * called, so that a store can keep what tiles need; done may be NULL. */
void told_frontier_append(struct told_frontier *frontier, const told_hash *leaf,
			  void (*done)(void *ctx, unsigned level, uint64_t index, const told_hash *hash), void *ctx);
void told_frontier_root(const struct told_frontier *frontier, told_hash *root);

/* Proofs out of a store: node(ctx, level, index, out) gives the hash of the 2^level leaves from index * 2^level on,
 * always a perfect subtree; level 0 is a leaf. Its failures are handed on. Arguments out of range are TOLD_E_USAGE,
 * sizes over 2^63 - 1 TOLD_E_LIMIT. path holds TOLD_PROOF_MAX; *count is 0 after failure.
 * Many paths in one small tree: keep what a frontier's done() names and let node() look it up. */
typedef enum told_status (*told_node_fn)(void *ctx, unsigned level, uint64_t index, told_hash *out);
/* The right edge of the tree of this size, so that it can go on growing. After failure the frontier is empty. */
TOLD_MUST_USE enum told_status told_frontier_load(told_node_fn node, void *ctx, uint64_t size,
						  struct told_frontier *frontier);
TOLD_MUST_USE enum told_status told_tree_root(told_node_fn node, void *ctx, uint64_t size, told_hash *root);
TOLD_MUST_USE enum told_status told_tree_inclusion(told_node_fn node, void *ctx, uint64_t index, uint64_t size,
						   told_hash *path, size_t *count);
TOLD_MUST_USE enum told_status told_tree_consistency(told_node_fn node, void *ctx, uint64_t old_size, uint64_t new_size,
						     told_hash *path, size_t *count);
/* left and right hold TOLD_PROOF_MAX each, enough for every tree below 2^33 leaves; TOLD_E_LIMIT beyond.
 * n >= 1, first + n <= size. */
TOLD_MUST_USE enum told_status told_tree_run(told_node_fn node, void *ctx, uint64_t first, uint64_t n, uint64_t size,
					     told_hash *left, size_t *left_count, told_hash *right,
					     size_t *right_count);

/* ---- Signed notes and checkpoints (C2SP) ---- */

enum told_note_kind { TOLD_NOTE_ED25519 = 1, TOLD_NOTE_COSIGNATURE = 4 };

/* A verifier key: name+hex(id)+base64(type || key). name points into the text that was parsed. */
struct told_vkey {
	struct told_bytes name;
	uint8_t kind; /* enum told_note_kind */
	uint8_t id[4];
	uint8_t key[32];
};
/* Refuses a wrong id, an empty name, a name with '+' or a space, an unknown type, a key that is unsafe. */
TOLD_MUST_USE enum told_status told_vkey_parse(struct told_bytes text, struct told_vkey *out);
void told_vkey_make(struct told_bytes name, enum told_note_kind kind, const uint8_t key[32], struct told_vkey *out);
void told_vkey_format(const struct told_vkey *vkey, struct told_buf *out);

/* origin points into the note that was parsed. */
struct told_checkpoint {
	struct told_bytes origin;
	uint64_t size;
	told_hash root;
};
/* "<origin>\n<size>\n<base64 root>\n": the text that is signed. */
void told_checkpoint_format(const struct told_checkpoint *checkpoint, struct told_buf *out);
/* Exactly three lines, no extension, 32-byte root, canonical decimal. The tree is not looked at: a checkpoint of size 0
 * must still have the root of the empty tree. */
TOLD_MUST_USE enum told_status told_checkpoint_parse(struct told_bytes text, struct told_checkpoint *out);
/* The same, and where it went wrong: *line counts from 1; 4 is what stands behind the three. */
TOLD_MUST_USE enum told_status told_checkpoint_parse_at(struct told_bytes text, struct told_checkpoint *out,
							size_t *line);

/* Appends text, the blank line and one Ed25519 signature line to out. name: the key's name. */
TOLD_MUST_USE enum told_status told_note_sign(struct told_bytes text, struct told_bytes name,
					      struct told_signer *signer, const uint8_t key[32], struct told_buf *out);
/* Only the line, to stand behind those of a note of this text: a second key of the same name. */
TOLD_MUST_USE enum told_status told_note_sign_line(struct told_bytes text, struct told_bytes name,
						   struct told_signer *signer, const uint8_t key[32],
						   struct told_buf *line);
/* One cosignature/v1 line ("— name base64\n") over a checkpoint's text, at time_s (not 0). */
TOLD_MUST_USE enum told_status told_note_cosign(struct told_bytes text, uint64_t time_s, struct told_bytes name,
						struct told_signer *signer, const uint8_t key[32],
						struct told_buf *line);

/* What one known key's line said; time_s is 0 unless the line is a cosignature. */
struct told_note_line {
	size_t vkey; /* index into the keys given */
	uint64_t time_s;
};
/* Splits a note at its last blank line and judges each line whose (name, id) is that of a given key. *text is the
 * signed text; lines[0..*count) (room for n) are the keys that verified, of a witness that signed twice with the later
 * time. A line of a known key that fails is TOLD_E_SIGNATURE, and so is a note where none verifies; lines of unknown
 * keys are ignored. TOLD_E_MALFORMED: bad form. TOLD_E_LIMIT: over TOLD_NOTE_LINES_MAX lines or TOLD_NOTE_MAX_BYTES. */
TOLD_MUST_USE enum told_status told_note_open(struct told_bytes note, const struct told_vkey *vkeys, size_t n,
					      struct told_bytes *text, struct told_note_line *lines, size_t *count);
/* The same, and where it went wrong: *line counts from 1; 0 when no single line is to blame: too long, none verifies.
 */
TOLD_MUST_USE enum told_status told_note_open_at(struct told_bytes note, const struct told_vkey *vkeys, size_t n,
						 struct told_bytes *text, struct told_note_line *lines, size_t *count,
						 size_t *line);
/* The text of a note before anything is believed: no signature is looked at. TOLD_E_MALFORMED, TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_note_text(struct told_bytes note, struct told_bytes *text);
TOLD_MUST_USE enum told_status told_note_text_at(struct told_bytes note, struct told_bytes *text, size_t *line);

/* ---- Tile paths and proof files ---- */

/* "tile/<L>/<N>[.p/<W>]"; width 256 is a full tile. level -1: an entry bundle ("tile/entries/..."). */
void told_tile_path(int level, uint64_t index, unsigned width, struct told_buf *out);
/* The same, read: TOLD_E_MALFORMED for every text that told_tile_path would not have written. */
TOLD_MUST_USE enum told_status told_tile_parse(struct told_bytes path, int *level, uint64_t *index, unsigned *width);
/* Cuts the next entry off an entry bundle (a u16 length, then as many bytes); false when none is whole. */
bool told_bundle_take(struct told_bytes *bundle, struct told_bytes *entry);
/* How many hashes (level -1: entries) this tile has in a log of that size: 256, fewer at the right edge, or 0. */
unsigned told_tile_width(int level, uint64_t index, uint64_t size);

/* A .tlog-proof file; all views point into the text that was parsed, except extra and path. */
struct told_proof_file {
	bool has_extra;
	struct told_buf extra; /* owned: free with told_buf_free */
	uint64_t index;
	told_hash path[TOLD_PROOF_MAX];
	size_t count;
	struct told_bytes checkpoint; /* the note, signatures included */
};
TOLD_MUST_USE enum told_status told_proof_file_parse(struct told_bytes text, struct told_proof_file *out);
/* The same, and where it went wrong: *line counts from 1. */
TOLD_MUST_USE enum told_status told_proof_file_parse_at(struct told_bytes text, struct told_proof_file *out,
							size_t *line);
/* How many lines stand before the checkpoint. */
size_t told_proof_file_lines(const struct told_proof_file *proof);
void told_proof_file_format(const struct told_proof_file *proof, struct told_buf *out);

#endif
