/* SPDX-License-Identifier: Apache-2.0 */
/* The schema in numbered steps. A step that has shipped is never edited: a change is a new step at the end.
 *
 * Invariants that tests cite:
 *  R1 entry, tile, tree_head, checkpoint only grow, densely; nothing in them is updated or deleted.
 *  R2 message, entry, detail, duplicate of one message commit together or not at all.
 *  R3 no parcel row without the accepted entry of its message; none for a refused one.
 *  R4 a parcel leaves state 1 or 2 only by a signed acknowledgement, a ruling, its expiry or an erasure, each an entry.
 *  R5 fact rows are the signed bytes; what is in memory is folded from them and from nothing else.
 *  R6 a wrap stands only while a ruling would release its section to that recipient.
 *  R7 no row carries the reference of a person whose erasure was committed, but for the request on its way to holders.
 *  R8 an erasure row, its entry and all that the erasure deletes commit together; the file of erased transactions is
 *     never behind an answer.
 *  R9 an unheard row stands from the commit of its entry until its party has heard of it, or its time is over. */
#include "broker/record/schema.h"

static const char *const steps[] = {
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE entry(log INTEGER NOT NULL, idx INTEGER NOT NULL, data BLOB NOT NULL, leaf_hash BLOB NOT NULL,"
	" PRIMARY KEY(log, idx)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE tile(log INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL,"
	" PRIMARY KEY(log, level, n)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE tree_head(log INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,"
	" PRIMARY KEY(log, size)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE checkpoint(log INTEGER NOT NULL, size INTEGER NOT NULL, note BLOB NOT NULL,"
	" PRIMARY KEY(log, size)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE cosignature(log INTEGER NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL, line BLOB NOT NULL,"
	" PRIMARY KEY(log, size, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE timestamp(log INTEGER NOT NULL, size INTEGER NOT NULL, token BLOB NOT NULL,"
	" PRIMARY KEY(log, size)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE detail(log INTEGER NOT NULL, idx INTEGER NOT NULL, facts_salt BLOB, facts BLOB, ruling_salt BLOB,"
	" ruling BLOB, subject_salt BLOB, subject BLOB, PRIMARY KEY(log, idx)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE subject(client BLOB PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE duplicate(sender TEXT NOT NULL, id BLOB NOT NULL, header_hash BLOB NOT NULL, log INTEGER NOT "
	"NULL,"
	" idx INTEGER NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY(sender, id)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX duplicate_until ON duplicate(until_ms);"
	"CREATE TABLE message(seq INTEGER PRIMARY KEY, log INTEGER NOT NULL, idx INTEGER NOT NULL, txid BLOB NOT NULL,"
	" id BLOB NOT NULL, sender TEXT NOT NULL, type INTEGER NOT NULL, client BLOB, state INTEGER NOT NULL,"
	" expires_ms INTEGER NOT NULL, envelope BLOB NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,"
	" length INTEGER NOT NULL, body_hash BLOB) STRICT;"
	"CREATE INDEX message_held ON message(seq) WHERE state = 2;"
	"CREATE INDEX message_held_of ON message(client, seq) WHERE state = 2;"
	"CREATE INDEX message_held_due ON message(expires_ms) WHERE state = 2;"
	"CREATE INDEX message_body ON message(segment, offset) WHERE length > 0;"
	"CREATE TABLE parcel(seq INTEGER PRIMARY KEY, parcel_id BLOB NOT NULL UNIQUE, recipient TEXT NOT NULL,"
	" type INTEGER NOT NULL, reply BLOB, message INTEGER NOT NULL, client BLOB, state INTEGER NOT NULL,"
	" deliveries INTEGER NOT NULL, due_ms INTEGER NOT NULL, fact_log INTEGER NOT NULL, fact_idx INTEGER NOT NULL)"
	" STRICT;"
	"CREATE INDEX parcel_due ON parcel(due_ms) WHERE state < 3;"
	"CREATE INDEX parcel_waiting ON parcel(recipient, seq) WHERE state < 3;"
	"CREATE INDEX parcel_message ON parcel(message) WHERE state < 3;"
	"CREATE INDEX parcel_client ON parcel(client, recipient) WHERE client IS NOT NULL;"
	"CREATE TABLE fact(log INTEGER NOT NULL, idx INTEGER NOT NULL, type INTEGER NOT NULL, client BLOB,"
	" envelope BLOB NOT NULL, attachment BLOB, PRIMARY KEY(log, idx)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX fact_client ON fact(client, log, idx);"
	"CREATE TABLE deposit(id BLOB PRIMARY KEY, client BLOB NOT NULL, originator TEXT NOT NULL, deposit_id BLOB NOT "
	"NULL,"
	" version INTEGER NOT NULL, category INTEGER NOT NULL, log INTEGER NOT NULL, idx INTEGER NOT NULL,"
	" envelope BLOB NOT NULL, section BLOB NOT NULL) STRICT;"
	"CREATE INDEX deposit_client ON deposit(client, log, idx);"
	"CREATE TABLE wrap(deposit BLOB NOT NULL REFERENCES deposit(id), recipient TEXT NOT NULL, key_id BLOB NOT NULL,"
	" enc BLOB NOT NULL, sealed BLOB NOT NULL, grant_log INTEGER NOT NULL, grant_idx INTEGER NOT NULL,"
	" PRIMARY KEY(deposit, recipient, key_id)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE open_ask(message INTEGER PRIMARY KEY, asker TEXT NOT NULL, client BLOB NOT NULL,"
	" expires_ms INTEGER NOT NULL) STRICT;"
	"CREATE INDEX open_ask_client ON open_ask(client);"
	"CREATE INDEX open_ask_over ON open_ask(expires_ms);"
	"CREATE TABLE party(party TEXT PRIMARY KEY, epoch BLOB NOT NULL, sender_seq INTEGER NOT NULL,"
	" confirmed INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

	/* R1: triggers stop accidents; the tree and checkpoints held elsewhere stop the rest. */
	"CREATE TRIGGER entry_dense BEFORE INSERT ON entry WHEN NEW.idx <> (SELECT ifnull(max(idx) + 1, 0) FROM entry"
	" WHERE log = NEW.log) BEGIN SELECT RAISE(ABORT, 'entries are appended one by one'); END;"
	"CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries stay'); END;"
	"CREATE TRIGGER entry_fixed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries stay as they are'); END;"
	"CREATE TRIGGER tile_kept BEFORE DELETE ON tile BEGIN SELECT RAISE(ABORT, 'tiles stay'); END;"
	"CREATE TRIGGER tile_fixed BEFORE UPDATE ON tile BEGIN SELECT RAISE(ABORT, 'tiles stay as they are'); END;"
	"CREATE TRIGGER head_kept BEFORE DELETE ON tree_head BEGIN SELECT RAISE(ABORT, 'heads stay'); END;"
	"CREATE TRIGGER head_fixed BEFORE UPDATE ON tree_head BEGIN SELECT RAISE(ABORT, 'heads stay as they are'); END;"
	"CREATE TRIGGER note_kept BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;"
	"CREATE TRIGGER note_fixed BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;"
	"CREATE TRIGGER line_kept BEFORE DELETE ON cosignature BEGIN SELECT RAISE(ABORT, 'cosignatures stay'); END;"
	"CREATE TRIGGER line_fixed BEFORE UPDATE ON cosignature BEGIN SELECT RAISE(ABORT, 'cosignatures stay'); END;"
	"CREATE TRIGGER token_kept BEFORE DELETE ON timestamp BEGIN SELECT RAISE(ABORT, 'timestamps stay'); END;"
	"CREATE TRIGGER token_fixed BEFORE UPDATE ON timestamp BEGIN SELECT RAISE(ABORT, 'timestamps stay'); END;",

	/* Erasure: whose details an entry has, who holds something of a person, until when done rows are kept, and the
	 * erasures themselves. A body that is done keeps its place as a negative length, so that it can still be
	 * overwritten. */
	"ALTER TABLE detail ADD COLUMN client BLOB;"
	"UPDATE detail SET client = substr(subject, 3, 16) WHERE substr(subject, 1, 2) = x'0a10';"
	"CREATE INDEX detail_client ON detail(client) WHERE client IS NOT NULL;"
	"ALTER TABLE message ADD COLUMN until_ms INTEGER NOT NULL DEFAULT 0;"
	"UPDATE message SET until_ms = expires_ms + 3196800000;"
	"DROP INDEX message_held_of;"
	"CREATE INDEX message_client ON message(client, seq) WHERE client IS NOT NULL;"
	"DROP INDEX message_body;"
	"CREATE INDEX message_body ON message(segment, offset) WHERE length <> 0;"
	"CREATE INDEX message_live ON message(segment) WHERE length > 0;"
	"CREATE INDEX message_stripped ON message(seq) WHERE state = 5;"
	"CREATE INDEX message_over ON message(until_ms) WHERE length <= 0;"
	"ALTER TABLE parcel ADD COLUMN until_ms INTEGER NOT NULL DEFAULT 0;"
	"UPDATE parcel SET until_ms = iif(due_ms < 9000000000000000000, due_ms + 3196800000, 0);"
	"CREATE INDEX parcel_over ON parcel(until_ms) WHERE state >= 3;"
	"CREATE TABLE holder(client BLOB NOT NULL, party TEXT NOT NULL, PRIMARY KEY(client, party)) STRICT, WITHOUT "
	"ROWID;"
	"INSERT INTO holder SELECT DISTINCT client, recipient FROM parcel WHERE client IS NOT NULL AND state IN (2, 3);"
	"CREATE TABLE erasure(n INTEGER PRIMARY KEY, txid BLOB NOT NULL, log INTEGER NOT NULL, idx INTEGER NOT NULL,"
	" request INTEGER NOT NULL, finished INTEGER NOT NULL) STRICT;"
	"CREATE INDEX erasure_open ON erasure(n) WHERE finished = 0;",

	/* What became of a message after its sender was answered: kept until the sender has heard it. */
	"CREATE TABLE unheard(party TEXT NOT NULL, log INTEGER NOT NULL, idx INTEGER NOT NULL, message BLOB NOT NULL,"
	" until_ms INTEGER NOT NULL, PRIMARY KEY(party, log, idx)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX unheard_until ON unheard(until_ms);",

	/* What each was given of a message, as the numbers of its categories: whoever holds a wrong fact is found by
	   it. */
	"CREATE TABLE given(sender TEXT NOT NULL, message BLOB NOT NULL, recipient TEXT NOT NULL, client BLOB NOT NULL,"
	" released BLOB NOT NULL, PRIMARY KEY(sender, message, recipient)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX given_client ON given(client);",
};

const char *told_schema_step(unsigned number)
{
	return number < sizeof steps / sizeof steps[0] ? steps[number] : NULL;
}
