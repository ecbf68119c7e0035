/* SPDX-License-Identifier: Apache-2.0 */
/* Entries one by one, decoded, with the parts that the store still holds: what reports and exports are made of. It
 * judges nothing but commitments; whether the log is whole is for told-audit verify. */
#ifndef TOLD_AUDIT_READ_READER_H
#define TOLD_AUDIT_READ_READER_H

#include "evidence/audit/read/excerpt.h"
#include "evidence/audit/read/source.h"
#include "proto/leaf.h"

enum told_part_state {
	TOLD_PART_GONE,  /* not kept: erased, or the source is a folder of tiles */
	TOLD_PART_FALSE, /* kept, and not what the entry commits to: not opened */
	TOLD_PART_OPEN,
	TOLD_PART_WITHHELD, /* from a copy for audit, or from whoever asks */
};

enum told_part { TOLD_PART_FACTS, TOLD_PART_RULING, TOLD_PART_SUBJECT, TOLD_PART_COUNT };

/* The current entry: everything is good until the next call. */
struct told_reader {
	bool there;
	uint64_t index;
	struct told_bytes entry;      /* its bytes in the log */
	const struct told_leaf *leaf; /* NULL: the bytes are no leaf */
	enum told_part_state state[TOLD_PART_COUNT];
	struct told_bytes salt[TOLD_PART_COUNT], part[TOLD_PART_COUNT]; /* empty unless OPEN */
	const struct told_leaf_facts *facts;                            /* NULL unless OPEN and well-formed */
	const struct told_leaf_ruling *ruling;
	const struct told_leaf_subject *subject;
	struct told_bytes person, worker; /* their names in a copy of the partnership; empty elsewhere */
	struct told_rows entries, details;
	struct told_withheld withheld;
	struct told_arena *arena;
};

/* Goes to the first entry of a log at or behind `from`; told_reader_close also after failure.
 * TOLD_E_CORRUPT: the store cannot be read there. */
TOLD_MUST_USE enum told_status told_reader_open(struct told_source *source, int64_t log, uint64_t from,
						struct told_reader *out);
TOLD_MUST_USE enum told_status told_reader_next(struct told_reader *reader);
/* Withholds from the current entry what this party may not see of it (told_leaf_open_to); false: it is none of theirs.
 */
bool told_reader_narrow(struct told_reader *reader, struct told_bytes party);
void told_reader_close(struct told_reader *reader);

/* The time with which the number of a transaction begins: when the broker made it, in milliseconds. */
uint64_t told_txid_ms(struct told_bytes txid);

#endif
