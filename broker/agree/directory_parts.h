/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a directory, for the directory_*.c files only. Facts are appended and never rewritten, except that a
 * key's end is noted on it; every question filters by entry number, so that a replay sees what a ruling saw. */
#ifndef TOLD_AGREE_DIRECTORY_PARTS_H
#define TOLD_AGREE_DIRECTORY_PARTS_H

#include "broker/agree/directory.h"
#include "broker/agree/index.h"

#define TOLD_NOTHING UINT32_MAX /* no position */

struct party_change {
	enum told_party_state state;
	struct told_entry entry;
	uint32_t older; /* position of the party's change before, or TOLD_NOTHING */
};

struct agreement_signature {
	uint32_t party;
	struct told_entry entry;
};

struct agreement_file {
	struct told_agreement *agreement;
	struct told_entry entry;
	struct agreement_signature *signatures;
	size_t count, cap;
};

/* Where a party is named: positions in the list of files, in order. */
struct party_files {
	uint32_t *at;
	size_t count, cap;
};

struct agreement_act {
	char *id;
	uint32_t party;
	enum told_agreement_action action;
	struct told_entry entry;
};

struct worker_line {
	struct told_worker worker; /* its text is owned, in one block */
	char *text;
	struct told_entry entry;
};

struct told_directory {
	uint64_t next_number; /* no entry below the one applied last */
	uint32_t *party_last; /* by party number: position of its newest change */
	size_t party_cap;
	struct party_change *changes;
	size_t change_count, change_cap;
	struct told_key *keys;
	size_t key_count, key_cap;
	struct told_index key_by_id, key_by_job;
	struct agreement_file *files;
	size_t file_count, file_cap;
	struct told_index file_by_hash;
	struct party_files *files_of; /* by party number */
	size_t files_of_cap;
	struct agreement_act *acts;
	size_t act_count, act_cap;
	struct worker_line *workers;
	size_t worker_count, worker_cap;
	struct told_index worker_by_number;
};

static inline bool told_counts(struct told_entry entry, struct told_when when)
{
	return entry.number < when.log_size;
}

/* E_USAGE for an entry below the last one. */
TOLD_MUST_USE enum told_status told_directory_order(const struct told_directory *directory, struct told_entry entry);
/* Notes the entry as the last one; called when a fact was applied. */
void told_directory_applied(struct told_directory *directory, struct told_entry entry);
/* The party's state after all that was applied. */
enum told_party_state told_directory_party_now(const struct told_directory *directory, uint32_t party);

/* Would this key be accepted: safe, and new. The statuses of told_directory_apply_key. */
TOLD_MUST_USE enum told_status told_key_check_new(const struct told_directory *directory,
						  const struct told_key_fact *fact);
/* Adds a checked key. */
TOLD_MUST_USE enum told_status told_key_add(struct told_directory *directory, struct told_entry entry,
					    const struct told_key_fact *fact);
/* Takes back the keys beyond count, added for the same fact. Their index entries stay and find nothing. */
void told_keys_cut(struct told_directory *directory, size_t count);
void told_keys_revoke_all(struct told_directory *directory, struct told_entry entry, uint32_t party);

void told_directory_free_agreements(struct told_directory *directory);
void told_directory_free_workers(struct told_directory *directory);

#endif
