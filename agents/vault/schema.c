/* SPDX-License-Identifier: Apache-2.0 */
/* The vault's schema in numbered steps. A step that has shipped is never edited: a change is a new step at the end.
 *
 * Invariants that tests cite:
 *  V1 a message is in outbox, signed, committed, before it is sent; a re-send sends the stored bytes.
 *  V2 a parcel is acknowledged only after its inbox row is committed; a parcel or message is shown once.
 *  V3 content, section keys and card keys lie in the file only sealed under the vault key.
 *  V4 fact rows are signed bytes that we verified; what is in memory is folded from them and from nothing else.
 *  V5 sender_seq and checkpoint in meta move with the rows that they belong to, in one transaction.
 *  V6 what becomes of an alert moves with the messages that say so, in one transaction.
 *  V7 what is of a person goes by our own answer to an erasure, and then all of it in one transaction.
 *  V8 entries are numbered over all logs of the partnership; a log's end, its successor's checkpoint and what is
 * offered again change in one transaction. */
#include "agents/vault/schema.h"

static const char *const steps[] = {
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"

	/* state: 1 waiting, 2 accepted, 3 held, 4 refused, 5 answered, 6 expired, 7 forgotten. AUTOINCREMENT: what was
	 * forgotten must not lend its number to another, or "sent up to here" would skip it. */
	"CREATE TABLE outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, type INTEGER NOT NULL, "
	"ticket BLOB NOT NULL,"
	" client BLOB NOT NULL, signed_by INTEGER NOT NULL, state INTEGER NOT NULL, queued_ms INTEGER NOT NULL,"
	" expires_ms INTEGER NOT NULL, header BLOB NOT NULL, envelope BLOB NOT NULL, body BLOB NOT NULL,"
	" entry INTEGER NOT NULL, time_ms INTEGER NOT NULL, status INTEGER NOT NULL, ruling BLOB NOT NULL,"
	" receipt BLOB NOT NULL, author TEXT NOT NULL, exported INTEGER NOT NULL) STRICT;"
	"CREATE INDEX outbox_waiting ON outbox(seq) WHERE state IN (1, 3);"
	"CREATE INDEX outbox_ticket ON outbox(ticket, seq) WHERE ticket <> x'';"
	"CREATE INDEX outbox_client ON outbox(client, seq) WHERE client <> x'';"
	"CREATE INDEX outbox_unexported ON outbox(seq) WHERE exported = 0;"

	/* result: enum told_ack_result; 1 is stored, the others were rejected and hold no content */
	"CREATE TABLE inbox(seq INTEGER PRIMARY KEY, parcel BLOB NOT NULL UNIQUE, type INTEGER NOT NULL, sender TEXT "
	"NOT NULL,"
	" client BLOB NOT NULL, message BLOB NOT NULL, reply BLOB NOT NULL, referral BLOB NOT NULL, entry INTEGER NOT "
	"NULL,"
	" time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, marker INTEGER NOT NULL, result INTEGER NOT NULL,"
	" envelope BLOB NOT NULL, acked INTEGER NOT NULL) STRICT;"
	"CREATE INDEX inbox_unacked ON inbox(seq) WHERE acked = 0;"
	"CREATE INDEX inbox_message ON inbox(message);"
	"CREATE INDEX inbox_client ON inbox(client, seq);"
	"CREATE INDEX inbox_reply ON inbox(reply, seq) WHERE reply <> x'';"
	"CREATE INDEX inbox_referral ON inbox(referral, seq) WHERE referral <> x'';"

	"CREATE TABLE section(id INTEGER PRIMARY KEY, inbox INTEGER NOT NULL, message BLOB NOT NULL, number INTEGER "
	"NOT NULL,"
	" client BLOB NOT NULL, originator TEXT NOT NULL, category INTEGER NOT NULL, voice INTEGER NOT NULL,"
	" recorded_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, deposit BLOB NOT NULL, version INTEGER NOT NULL,"
	" consent BLOB NOT NULL, purposes INTEGER NOT NULL, hidden INTEGER NOT NULL, content BLOB NOT NULL,"
	" UNIQUE(message, number)) STRICT;"
	"CREATE INDEX section_client ON section(client, id);"
	"CREATE INDEX section_inbox ON section(inbox, id);"

	"CREATE TABLE story(id INTEGER PRIMARY KEY, message BLOB NOT NULL UNIQUE, client BLOB NOT NULL, deposit BLOB "
	"NOT NULL,"
	" version INTEGER NOT NULL, category INTEGER NOT NULL, voice INTEGER NOT NULL, recorded_ms INTEGER NOT NULL,"
	" digest BLOB NOT NULL, header BLOB NOT NULL, key BLOB NOT NULL, content BLOB NOT NULL, newest INTEGER NOT "
	"NULL,"
	" UNIQUE(deposit, version)) STRICT;"
	"CREATE INDEX story_client ON story(client, id);"

	"CREATE TABLE card(client BLOB PRIMARY KEY, key BLOB NOT NULL, made_ms INTEGER NOT NULL, retired INTEGER NOT "
	"NULL)"
	" STRICT, WITHOUT ROWID;"

	/* present: the presence proof of a CONSENT verified under the card's words */
	"CREATE TABLE fact(entry INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, type INTEGER NOT NULL, client BLOB NOT "
	"NULL,"
	" sender TEXT NOT NULL, present INTEGER NOT NULL, envelope BLOB NOT NULL, attachment BLOB NOT NULL) STRICT;"
	"CREATE INDEX fact_client ON fact(client, entry);"

	/* token: SHA-256 of 256 random bits; state: 1 active, 2 suspended, 3 left */
	"CREATE TABLE worker(id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, token BLOB NOT NULL UNIQUE,"
	" roles INTEGER NOT NULL, teams TEXT NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,"
	" from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, queued INTEGER NOT NULL) STRICT;"

	"CREATE TABLE granted(deposit BLOB NOT NULL, recipient TEXT NOT NULL, key_id BLOB NOT NULL, message BLOB NOT "
	"NULL,"
	" PRIMARY KEY(deposit, recipient, key_id)) STRICT, WITHOUT ROWID;",

	/* alert: one sharing without permission, or one alert, and what became of it: JSON, sealed (V3).
	 * message: every message of ours that belongs to it. opened: who of us opened which parcel, and whether the log
	 * knows it. */
	"CREATE TABLE alert(seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, client BLOB NOT NULL, doc BLOB NOT NULL)"
	" STRICT;"
	"CREATE TABLE alert_message(message BLOB PRIMARY KEY, alert BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE opened(seq INTEGER PRIMARY KEY, parcel BLOB NOT NULL, worker TEXT NOT NULL, message BLOB NOT "
	"NULL,"
	" sender TEXT NOT NULL, time_ms INTEGER NOT NULL, told INTEGER NOT NULL, UNIQUE(parcel, worker)) STRICT;"
	"CREATE INDEX opened_untold ON opened(seq) WHERE told = 0;",
	/* Erasures asked of us and by us; client is empty once everything of the person was erased here. */
	"CREATE TABLE erasure(id BLOB PRIMARY KEY, asker TEXT NOT NULL, reason INTEGER NOT NULL, asked_ms INTEGER NOT "
	"NULL,"
	" client BLOB NOT NULL, state INTEGER NOT NULL, answered_ms INTEGER NOT NULL, kept_until_ms INTEGER NOT NULL,"
	" law TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE erasure_heard(request BLOB NOT NULL, party TEXT NOT NULL, state INTEGER NOT NULL,"
	" kept_until_ms INTEGER NOT NULL, law TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(request, party)) "
	"STRICT,"
	" WITHOUT ROWID;",
	/* proof: the receipt of what others sent us, so that both ends can show it */
	"CREATE TABLE proof(message BLOB PRIMARY KEY, text BLOB NOT NULL) STRICT, WITHOUT ROWID;",
	/* incident: of ours, JSON, sealed (V3). recall: one party asked about one person; incident is empty where we
	 * are the ones asked. opened_there: who of others opened what we sent. */
	"CREATE TABLE incident(seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, doc BLOB NOT NULL) STRICT;"
	"CREATE TABLE recall(seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, incident BLOB NOT NULL, client BLOB NOT "
	"NULL, doc BLOB NOT NULL) STRICT;"
	"CREATE INDEX recall_incident ON recall(incident, seq);"
	"CREATE TABLE opened_there(message BLOB NOT NULL, party TEXT NOT NULL, worker TEXT NOT NULL, time_ms INTEGER "
	"NOT "
	"NULL, PRIMARY KEY(message, party, worker)) STRICT, WITHOUT ROWID;",
	/* kept: what this agency writes down of a person for itself, a document a thing, sealed (V3). kind: "risk",
	 * "note"; state: as the kind has it. */
	"CREATE TABLE kept(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id BLOB NOT NULL UNIQUE, client BLOB NOT NULL,"
	" state INTEGER NOT NULL, doc BLOB NOT NULL) STRICT;"
	"CREATE INDEX kept_client ON kept(kind, client, seq);",
	/* docket: what was said and promised about a person's statement, one document each, sealed (V3): statements
	 * given, flows marked safe to tell, disagreements, complaints. kind: enum told_docket_kind. */
	"CREATE TABLE docket(seq INTEGER PRIMARY KEY, id BLOB NOT NULL, kind INTEGER NOT NULL, client BLOB NOT NULL,"
	" doc BLOB NOT NULL, UNIQUE(id, kind)) STRICT;"
	"CREATE INDEX docket_client ON docket(client, kind, seq);",
	/* Whom a section is about and who told it, where that is not the person of the message. */
	"ALTER TABLE section ADD COLUMN about BLOB NOT NULL DEFAULT x'';"
	"ALTER TABLE section ADD COLUMN told_by "
	"BLOB NOT NULL DEFAULT x'';",
	/* ended_log: a log that ended when a restore lost its last entries, as its end was accepted. base: the number
	 * of its first entry here. size, root: as it was restored; old_size: as the broker had anchored it; known: as
	 * we had checked it. reoffer: bodies of what was answered, to be offered again after such a restore. */
	"CREATE TABLE ended_log(number INTEGER PRIMARY KEY, base INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB "
	"NOT "
	"NULL, next_base INTEGER NOT NULL, old_size INTEGER NOT NULL, known INTEGER NOT NULL, accepted_ms INTEGER NOT "
	"NULL, author TEXT NOT NULL) STRICT;"
	"CREATE TABLE reoffer(message BLOB PRIMARY KEY, client BLOB NOT NULL, until_ms INTEGER NOT NULL, body BLOB NOT "
	"NULL)"
	" STRICT;"
	"CREATE INDEX reoffer_until ON reoffer(until_ms);"
	"CREATE INDEX reoffer_client ON reoffer(client) WHERE client <> x'';"
	"CREATE INDEX outbox_entry ON outbox(entry) WHERE state IN (2, 5, 7);"
	"CREATE INDEX outbox_forgotten ON outbox(seq) WHERE state = 7;",
	/* referral: what we wrote down about one, JSON, sealed (V3). trained: who of us may do what needs supervision.
	 */
	"CREATE TABLE referral(id BLOB PRIMARY KEY, client BLOB NOT NULL, doc BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE trained(need TEXT NOT NULL, worker TEXT NOT NULL, PRIMARY KEY(need, worker)) STRICT, WITHOUT "
	"ROWID;"
	"CREATE INDEX fact_type ON fact(type, client);",
	/* closed: sections sealed to our conference contact's own key, as they came: header and body of the message. */
	"CREATE TABLE closed(seq INTEGER PRIMARY KEY, message BLOB NOT NULL UNIQUE, client BLOB NOT NULL, parcel BLOB "
	"NOT NULL, sender TEXT NOT NULL, received_ms INTEGER NOT NULL, header BLOB NOT NULL, body BLOB NOT NULL) "
	"STRICT;",
	/* Alerts and incidents lie with what else is kept; each stays sealed as it was. state: enum told_alert_state.
	 * Of one message several things may be kept: an id is one of its kind. */
	"CREATE TABLE kept_by_kind(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id BLOB NOT NULL, client BLOB NOT NULL,"
	" state INTEGER NOT NULL, doc BLOB NOT NULL, UNIQUE(kind, id)) STRICT;"
	"INSERT INTO kept_by_kind SELECT seq, kind, id, client, state, doc FROM kept ORDER BY seq;"
	"DROP TABLE kept;"
	"ALTER TABLE kept_by_kind RENAME TO kept;"
	"CREATE INDEX kept_client ON kept(kind, client, seq);"
	"INSERT INTO kept(kind, id, client, state, doc) SELECT 'alert', id, client, 0, doc FROM alert ORDER BY seq;"
	"INSERT INTO kept(kind, id, client, state, doc) SELECT 'incident', id, x'', 0, doc FROM incident ORDER BY seq;"
	"DROP TABLE alert;"
	"DROP TABLE incident;",
	/* mine: rows that a worker wrote of a person whom they do not see, by table and key: those they see (sight.c).
	 */
	"CREATE TABLE mine(place TEXT NOT NULL, id ANY NOT NULL, worker TEXT NOT NULL, PRIMARY KEY(place, id)) STRICT;",
	/* What must be looked at on every reply is found by its state, past all that is over. */
	"CREATE INDEX kept_state ON kept(kind, state, seq);",
	/* unnamed: every message of a MARAC whose contact here has not yet said from whom it is kept, and the
	 * conference itself. author: who of us called it; '' where somebody else did. */
	"CREATE TABLE unnamed(message BLOB PRIMARY KEY, conference BLOB NOT NULL, client BLOB NOT NULL, author TEXT NOT"
	" NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX unnamed_conference ON unnamed(conference);"
	"CREATE INDEX unnamed_client ON unnamed(client);",
};

const char *told_vault_step(unsigned version)
{
	return version < sizeof steps / sizeof steps[0] ? steps[version] : (const char *)0;
}
