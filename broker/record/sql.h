/* SPDX-License-Identifier: Apache-2.0 */
/* Every statement of the record room: X(NAME, "SQL"). Included by store.h and store.c only, hence no guard. */
X(BEGIN, "BEGIN IMMEDIATE")
X(COMMIT, "COMMIT")
X(ROLLBACK, "ROLLBACK")
X(META_GET, "SELECT value FROM meta WHERE key = ?1")
X(META_PUT, "INSERT INTO meta(key, value) VALUES (?1, ?2)"
	    " ON CONFLICT(key) DO UPDATE SET value = excluded.value")

/* The log: appended to, never changed. */
X(ENTRY_PUT, "INSERT INTO entry(log, idx, data, leaf_hash) VALUES (?1, ?2, ?3, ?4)")
X(ENTRY_GET, "SELECT data, leaf_hash FROM entry WHERE log = ?1 AND idx = ?2")
X(ENTRY_HASHES, "SELECT idx, leaf_hash FROM entry WHERE log = ?1 AND idx >= ?2 AND idx < ?3 ORDER BY idx")
X(ENTRY_RANGE, "SELECT idx, data FROM entry WHERE log = ?1 AND idx >= ?2 AND idx < ?3 ORDER BY idx")
X(ENTRY_LAST, "SELECT idx, data FROM entry WHERE log = ?1 ORDER BY idx DESC LIMIT 1")
X(LOG_LAST, "SELECT log FROM entry ORDER BY log DESC LIMIT 1")
X(TILE_PUT, "INSERT INTO tile(log, level, n, data) VALUES (?1, ?2, ?3, ?4)")
X(TILE_GET, "SELECT data FROM tile WHERE log = ?1 AND level = ?2 AND n = ?3")
X(TILE_RANGE, "SELECT n, data FROM tile WHERE log = ?1 AND level = ?2 AND n >= ?3 ORDER BY n")
X(HEAD_PUT, "INSERT INTO tree_head(log, size, root) VALUES (?1, ?2, ?3)")
X(HEAD_LAST, "SELECT size, root FROM tree_head WHERE log = ?1 ORDER BY size DESC LIMIT 1")
X(CHECKPOINT_PUT, "INSERT INTO checkpoint(log, size, note) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
X(SIGNED_BEFORE, "SELECT 1 WHERE EXISTS (SELECT 1 FROM checkpoint WHERE log = ?1)"
		 " OR (SELECT count(*) FROM tree_head WHERE log = ?1) > 1")
X(CHECKPOINT_NEWEST, "SELECT size, note FROM checkpoint WHERE log = ?1 ORDER BY size DESC LIMIT ?2")
X(TIMESTAMP_PUT, "INSERT INTO timestamp(log, size, token) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
X(HEAD_AT, "SELECT root FROM tree_head WHERE log = ?1 AND size = ?2")
X(COSIGNATURE_PUT, "INSERT INTO cosignature(log, size, name, line) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
X(COSIGNATURES_AT, "SELECT line FROM cosignature WHERE log = ?1 AND size = ?2 ORDER BY name LIMIT ?3")
X(COSIGNATURE_COUNT, "SELECT count(*) FROM cosignature WHERE log = ?1 AND size = ?2")
X(QUORUM_NEWEST, "SELECT size FROM cosignature WHERE log = ?1 GROUP BY size HAVING count(*) >= ?2"
		 " ORDER BY size DESC LIMIT 1")
X(QUORUM_BEYOND, "SELECT size FROM cosignature WHERE log = ?1 AND size > ?2 AND size <= ?2 + ?4"
		 " GROUP BY size HAVING count(*) >= ?3 ORDER BY size LIMIT 1")
X(CHECKPOINT_AT, "SELECT size, note FROM checkpoint WHERE log = ?1 AND size > ?2 ORDER BY size LIMIT 1")

/* What a commitment hides, and what an erasure deletes. */
X(DETAIL_PUT, "INSERT INTO detail(log, idx, facts_salt, facts, ruling_salt, ruling, subject_salt, subject, client)"
	      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
X(DETAIL_GET, "SELECT facts_salt, facts, ruling_salt, ruling, subject_salt, subject FROM detail"
	      " WHERE log = ?1 AND idx = ?2")

X(DETAIL_WEIGHT, "SELECT length(facts) + length(ruling) + length(subject), client FROM detail"
		 " WHERE log = ?1 AND idx = ?2")

/* What a sender has still to hear. Without its detail an entry says nothing that could be believed. */
X(UNHEARD_PUT, "INSERT INTO unheard(party, log, idx, message, until_ms) VALUES (?1, ?2, ?3, ?4, ?5)")
X(UNHEARD_NEXT, "SELECT unheard.log, unheard.idx, message FROM unheard JOIN detail ON detail.log = unheard.log"
		" AND detail.idx = unheard.idx WHERE party = ?1 AND (unheard.log, unheard.idx) >= (?2, ?3)"
		" ORDER BY unheard.log, unheard.idx LIMIT 1")
X(UNHEARD_DELETE, "DELETE FROM unheard WHERE party = ?1 AND (log, idx) < (?2, ?3)")
X(UNHEARD_SWEEP, "DELETE FROM unheard WHERE (party, log, idx) IN"
		 " (SELECT party, log, idx FROM unheard WHERE until_ms < ?1 ORDER BY until_ms LIMIT 256)")

/* Messages and the duplicate check. */
X(DUPLICATE_GET, "SELECT header_hash, log, idx FROM duplicate WHERE sender = ?1 AND id = ?2")
X(DUPLICATE_PUT, "INSERT INTO duplicate(sender, id, header_hash, log, idx, until_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
X(DUPLICATE_SWEEP, "DELETE FROM duplicate WHERE (sender, id) IN"
		   " (SELECT sender, id FROM duplicate WHERE until_ms < ?1 ORDER BY until_ms LIMIT 4096)")
X(MESSAGE_PUT, "INSERT INTO message(seq, log, idx, txid, id, sender, type, client, state, expires_ms, envelope,"
	       " segment, offset, length, body_hash, until_ms)"
	       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)")
X(MESSAGE_GET, "SELECT log, idx, txid, id, sender, type, client, state, expires_ms, envelope, segment, offset,"
	       " max(length, 0), body_hash, seq FROM message WHERE seq = ?1")
X(MESSAGE_TXID, "SELECT txid FROM message WHERE seq = ?1")
X(MESSAGE_STATE, "UPDATE message SET state = ?2, log = ?3, idx = ?4 WHERE seq = ?1")
X(MESSAGE_LAST, "SELECT seq FROM message ORDER BY seq DESC LIMIT 1")
X(MESSAGE_HELD, "SELECT seq FROM message WHERE state = 2 AND seq > ?1 ORDER BY seq LIMIT 1")
X(MESSAGE_HELD_OF, "SELECT seq FROM message WHERE state = 2 AND client = ?1 AND seq > ?2 ORDER BY seq LIMIT 1")
X(MESSAGE_HELD_DUE, "SELECT seq FROM message WHERE state = 2 AND expires_ms <= ?1 ORDER BY expires_ms LIMIT 1")
X(BODY_END, "SELECT segment, offset + abs(length), seq FROM message WHERE length <> 0"
	    " ORDER BY segment DESC, offset DESC LIMIT 1")
X(SEGMENT_FIRST, "SELECT segment FROM message WHERE length > 0 ORDER BY segment LIMIT 1")
X(MESSAGE_DONE, "UPDATE message SET length = -length WHERE seq = ?1 AND length > 0 AND NOT EXISTS"
		" (SELECT 1 FROM open_ask WHERE open_ask.message = ?1) AND NOT EXISTS"
		" (SELECT 1 FROM parcel WHERE parcel.message = ?1 AND parcel.state < 3)")

/* Done rows whose time is over: what may still lie in the spool is stripped and overwritten first; the last rows stay,
 * because numbers and the end of the spool are read from them. */
#define OVER                                                                                                           \
	"until_ms < ?1 AND length <= 0 AND state <> 2 AND NOT EXISTS"                                                  \
	" (SELECT 1 FROM parcel WHERE parcel.message = message.seq AND parcel.state < 3)"
X(MESSAGE_STRIP_OLD, "UPDATE message SET client = NULL, envelope = x'', body_hash = NULL, state = 5 WHERE seq IN"
		     " (SELECT seq FROM message WHERE " OVER " AND state < 5 AND length < 0 AND segment >= ?2"
		     " ORDER BY until_ms LIMIT 64)")
X(MESSAGE_SWEEP, "DELETE FROM message WHERE seq IN (SELECT seq FROM message WHERE " OVER " AND state <> 5"
		 " AND (state = 6 OR length = 0 OR segment < ?2) AND seq <> ?3 AND seq < ?4 ORDER BY until_ms"
		 " LIMIT 256)")
X(PARCEL_SWEEP, "DELETE FROM parcel WHERE seq IN (SELECT seq FROM parcel WHERE until_ms < ?1 AND state >= 3"
		" AND seq < ?5 ORDER BY until_ms LIMIT 256)")
#undef OVER

/* Erasure: what a person has here, and what becomes of it. */
X(ERASE_ENTRIES, "SELECT entry.data FROM detail JOIN entry ON entry.log = detail.log AND entry.idx = detail.idx"
		 " WHERE detail.client = ?1")
X(ERASE_WRAPS, "DELETE FROM wrap WHERE deposit IN (SELECT id FROM deposit WHERE client = ?1)")
X(ERASE_DEPOSITS, "DELETE FROM deposit WHERE client = ?1")
X(ERASE_ASKS, "DELETE FROM open_ask WHERE client = ?1")
X(ERASE_PARCELS, "DELETE FROM parcel WHERE client = ?1")
X(ERASE_HOLDERS, "DELETE FROM holder WHERE client = ?1")
X(ERASE_GIVEN, "DELETE FROM given WHERE client = ?1")
X(ERASE_FACTS, "DELETE FROM fact WHERE client = ?1")
X(ERASE_DETAILS, "DELETE FROM detail WHERE client = ?1")
X(ERASE_SUBJECT, "DELETE FROM subject WHERE client = ?1")
X(ERASE_MESSAGES, "UPDATE message SET client = NULL, envelope = x'', body_hash = NULL, state = 5, length = -abs(length)"
		  " WHERE client = ?1")
X(ERASE_BODIES, "SELECT seq, segment, offset, -length FROM message WHERE state = 5 ORDER BY seq LIMIT ?1")
X(ERASE_BODY_GONE, "UPDATE message SET state = 6 WHERE seq = ?1")
X(ERASE_REQUEST_DONE, "DELETE FROM fact WHERE log = ?1 AND idx = ?2 AND type = 42 AND NOT EXISTS"
		      " (SELECT 1 FROM parcel WHERE state < 3 AND type = 42 AND fact_log = ?1 AND fact_idx = ?2)")
X(ERASURE_PUT, "INSERT INTO erasure(n, txid, log, idx, request, finished) VALUES (?1, ?2, ?3, ?4, ?5, 0)")
X(ERASURE_LAST, "SELECT ifnull(max(n), 0) FROM erasure")
X(ERASURE_AT, "SELECT log, idx FROM erasure WHERE n = ?1")
X(ERASURE_OPEN, "SELECT n, txid, request, EXISTS (SELECT 1 FROM fact WHERE fact.log = erasure.log"
		" AND fact.idx = erasure.request) FROM erasure WHERE finished = 0 AND n > ?1 ORDER BY n LIMIT 1")
X(ERASURE_FINISHED, "UPDATE erasure SET finished = 1 WHERE n = ?1")
X(REPLAY_ENTRIES, "SELECT detail.client, entry.data FROM detail JOIN entry ON entry.log = detail.log"
		  " AND entry.idx = detail.idx WHERE detail.client > x'' ORDER BY detail.client")

/* Parcels: what waits for an agency until it has acknowledged. */
X(PARCEL_PUT, "INSERT INTO parcel(seq, parcel_id, recipient, type, reply, message, client, state, deliveries, due_ms,"
	      " fact_log, fact_idx, until_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, 0, ?8, ?9, ?10, ?11)")
X(PARCEL_LAST, "SELECT seq FROM parcel ORDER BY seq DESC LIMIT 1")
X(PARCEL_WAITING, "SELECT seq, parcel_id, recipient, type, reply, message, client, state, deliveries, due_ms, fact_log,"
		  " fact_idx FROM parcel WHERE recipient = ?1 AND state < 3 AND seq > ?2 ORDER BY seq LIMIT ?3")
X(PARCEL_BY_ID, "SELECT seq, parcel_id, recipient, type, reply, message, client, state, deliveries, due_ms, fact_log,"
		" fact_idx FROM parcel WHERE parcel_id = ?1")
X(PARCEL_DUE, "SELECT seq, parcel_id, recipient, type, reply, message, client, state, deliveries, due_ms, fact_log,"
	      " fact_idx FROM parcel WHERE state < 3 AND due_ms <= ?1 ORDER BY due_ms LIMIT 1")
X(PARCEL_STATE, "UPDATE parcel SET state = ?2, deliveries = deliveries + ?3 WHERE seq = ?1")
X(PARCEL_HOLDERS, "SELECT party FROM holder WHERE client = ?1")
X(HOLDER_IS, "SELECT 1 FROM holder WHERE client = ?1 AND party = ?2")
X(HOLDER_PUT, "INSERT INTO holder(client, party) VALUES (?1, ?2) ON CONFLICT DO NOTHING")

/* What was given of a message, for a correction of it. */
X(GIVEN_PUT, "INSERT INTO given(sender, message, recipient, client, released) VALUES (?1, ?2, ?3, ?4, ?5)"
	     " ON CONFLICT DO UPDATE SET released = excluded.released WHERE released <> excluded.released")
X(GIVEN_NOT, "DELETE FROM given WHERE sender = ?1 AND message = ?2 AND recipient = ?3")
X(GIVEN_OF,
  "SELECT recipient, released FROM given WHERE sender = ?1 AND message = ?2 AND client = ?3 ORDER BY recipient"
  " LIMIT ?4")

/* Facts: the signed headers that state is folded from, in the order of the log. */
X(FACT_PUT, "INSERT INTO fact(log, idx, type, client, envelope, attachment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
X(FACT_GLOBAL, "SELECT fact.log, fact.idx, envelope, attachment, entry.data FROM fact JOIN entry"
	       " ON entry.log = fact.log AND entry.idx = fact.idx WHERE client IS NULL ORDER BY fact.log, fact.idx")
X(FACT_PERSON,
  "SELECT fact.log, fact.idx, envelope, attachment, entry.data FROM fact JOIN entry"
  " ON entry.log = fact.log AND entry.idx = fact.idx WHERE client = ?1 AND type <> 2 ORDER BY fact.log, fact.idx")
X(FACT_SPREAD, "SELECT log, idx, type FROM fact WHERE client IS NULL ORDER BY log, idx")
X(FACT_OF, "SELECT log, idx, envelope FROM fact WHERE client = ?1 AND type > 2 ORDER BY log, idx")
X(FACT_COPIES, "SELECT log, idx, envelope FROM fact WHERE client = x'' AND type = 45 ORDER BY log, idx")
X(FACT_AT, "SELECT envelope, attachment, type FROM fact WHERE log = ?1 AND idx = ?2")

/* Deposits, their wraps, the grants that allow them, and asks that are still open. */
X(DEPOSIT_PUT, "INSERT INTO deposit(id, client, originator, deposit_id, version, category, log, idx, envelope, section)"
	       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
X(DEPOSIT_GET, "SELECT id, client, originator, deposit_id, version, category, log, idx, envelope, section FROM deposit"
	       " WHERE id = ?1")
X(DEPOSIT_PERSON,
  "SELECT id, client, originator, deposit_id, version, category, log, idx, envelope, section FROM deposit"
  " WHERE client = ?1 AND (originator = ?2 OR ?2 = '') ORDER BY log, idx")
X(DEPOSIT_ORIGINATORS, "SELECT DISTINCT originator FROM deposit WHERE client = ?1")
X(DEPOSIT_OF, "SELECT 1 FROM deposit WHERE client = ?1 AND originator = ?2 LIMIT 1")
X(WRAP_PUT, "INSERT INTO wrap(deposit, recipient, key_id, enc, sealed, grant_log, grant_idx)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
	    " ON CONFLICT(deposit, recipient, key_id) DO UPDATE SET enc = excluded.enc, sealed = excluded.sealed,"
	    " grant_log = excluded.grant_log, grant_idx = excluded.grant_idx")
X(WRAP_GET, "SELECT key_id, enc, sealed, grant_log, grant_idx FROM wrap WHERE deposit = ?1 AND recipient = ?2"
	    " ORDER BY grant_log DESC, grant_idx DESC LIMIT 1")
X(WRAP_SIZE, "SELECT category, length(envelope) + length(section) FROM deposit WHERE id = ?1 AND EXISTS"
	     " (SELECT 1 FROM wrap WHERE deposit = ?1 AND recipient = ?2)")
X(WRAP_PERSON, "SELECT DISTINCT wrap.deposit, wrap.recipient FROM deposit JOIN wrap ON wrap.deposit = deposit.id"
	       " WHERE deposit.client = ?1 AND (wrap.deposit, wrap.recipient) > (?2, ?3) ORDER BY 1, 2 LIMIT 64")
X(WRAP_NEXT_PERSON, "SELECT client FROM deposit WHERE client > ?1 AND EXISTS"
		    " (SELECT 1 FROM wrap WHERE wrap.deposit = deposit.id) ORDER BY client LIMIT 1")
X(WRAP_KEY_DELETE, "DELETE FROM wrap WHERE recipient = ?1 AND key_id = ?2")
X(WRAP_DELETE, "DELETE FROM wrap WHERE deposit = ?1 AND recipient = ?2")
X(ASK_PUT, "INSERT INTO open_ask(message, asker, client, expires_ms) VALUES (?1, ?2, ?3, ?4)")
X(ASK_PERSON, "SELECT message, asker FROM open_ask WHERE client = ?1 AND expires_ms > ?2")
X(ASK_OVER, "SELECT message FROM open_ask WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT 1")
X(ASK_DELETE, "DELETE FROM open_ask WHERE message = ?1")

/* Per-person secret for subject tags. */
X(SUBJECT_GET, "SELECT key FROM subject WHERE client = ?1")
X(SUBJECT_PUT, "INSERT INTO subject(client, key) VALUES (?1, ?2)")

/* How far each agency is. */
X(PARTY_GET, "SELECT epoch, sender_seq, confirmed FROM party WHERE party = ?1")
X(PARTY_PUT, "INSERT INTO party(party, epoch, sender_seq, confirmed) VALUES (?1, ?2, ?3, ?4)"
	     " ON CONFLICT(party) DO UPDATE SET epoch = excluded.epoch, sender_seq = excluded.sender_seq,"
	     " confirmed = excluded.confirmed")
