/* SPDX-License-Identifier: Apache-2.0 */
/* Every statement of the vault: X(NAME, "SQL"). Included by db.h and db.c only, hence no guard. Lists are walked by
 * "the next after ?1", so that no statement stays open between calls. */
#define OUTBOX                                                                                                         \
	"SELECT seq, id, type, ticket, client, signed_by, state, queued_ms, expires_ms, header, envelope, body, "      \
	"entry,"                                                                                                       \
	" time_ms, status, ruling, receipt, author FROM outbox WHERE seq > ?1 "
#define INBOX                                                                                                          \
	"SELECT seq, parcel, type, sender, client, message, reply, referral, entry, time_ms, received_ms, marker,"     \
	" result, envelope FROM inbox WHERE seq > ?1 "
#define SECTION                                                                                                        \
	"SELECT id, inbox, message, number, client, originator, category, voice, recorded_ms, received_ms, deposit,"   \
	" version, consent, purposes, hidden, content, about, told_by,"                                                \
	" (SELECT type FROM inbox WHERE seq = section.inbox) FROM section WHERE id > ?1 "
#define STORY                                                                                                          \
	"SELECT id, message, client, deposit, version, category, voice, recorded_ms, digest, header, key, content,"    \
	" newest FROM story WHERE id > ?1 "
#define FACT "SELECT entry, time_ms, type, client, sender, present, envelope, attachment FROM fact WHERE entry >= ?1 "
#define WORKER                                                                                                         \
	"SELECT id, number, token, roles, teams, kind, state, from_ms, until_ms, queued FROM worker WHERE id > ?1 "

X(BEGIN, "BEGIN IMMEDIATE")
X(COMMIT, "COMMIT")
X(ROLLBACK, "ROLLBACK")
X(META_GET, "SELECT value FROM meta WHERE name = ?1")
X(META_PUT, "INSERT INTO meta(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value")

X(OUTBOX_PUT, "INSERT INTO outbox(id, type, ticket, client, signed_by, state, queued_ms, expires_ms, header, envelope,"
	      " body, entry, time_ms, status, ruling, receipt, author, exported)"
	      " VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, x'', ?9, 0, 0, 0, x'', x'', ?10, 0)")
X(OUTBOX_UNSIGNED, OUTBOX "AND state = 1 AND length(envelope) = 0 ORDER BY seq LIMIT 1")
X(OUTBOX_WAITING, OUTBOX "AND state IN (1, 3) AND length(envelope) > 0 ORDER BY seq LIMIT 1")
X(OUTBOX_TICKET, OUTBOX "AND state < 7 AND ticket = ?2 ORDER BY seq LIMIT 1")
X(OUTBOX_CLIENT, OUTBOX "AND state < 7 AND client = ?2 ORDER BY seq LIMIT 1")
X(OUTBOX_ALL, OUTBOX "AND state < 7 ORDER BY seq LIMIT 1")
X(OUTBOX_UNEXPORTED, OUTBOX "AND exported = 0 AND length(receipt) > 0 ORDER BY seq LIMIT 1")
X(OUTBOX_ID, OUTBOX "AND id = ?2")
X(OUTBOX_SIGN, "UPDATE outbox SET envelope = ?2 WHERE seq = ?1")
X(OUTBOX_UNSIGN, "UPDATE outbox SET envelope = x'' WHERE signed_by = ?1 AND state = 1")
X(OUTBOX_ANSWER, "UPDATE outbox SET state = ?2, entry = ?3, time_ms = ?4, status = ?5, ruling = ?6, receipt = ?7,"
		 " body = CASE WHEN ?2 = 3 THEN body ELSE x'' END, exported = 0 WHERE id = ?1")
X(OUTBOX_KEEP, "INSERT INTO reoffer(message, client, until_ms, body) SELECT id, client, min(expires_ms, ?2), body FROM"
	       " outbox WHERE id = ?1 AND state IN (1, 3) ON CONFLICT(message) DO UPDATE SET"
	       " until_ms = excluded.until_ms")
X(OFFER_SWEEP, "DELETE FROM reoffer WHERE until_ms < ?1")
X(OFFER_AGAIN, "UPDATE outbox SET state = 1, body = (SELECT body FROM main.reoffer WHERE message = outbox.id)"
	       " WHERE state IN (2, 5, 7) AND entry >= ?1 AND id IN (SELECT message FROM main.reoffer)")
X(OFFER_GONE,
  "SELECT seq, id, type, client, entry, time_ms FROM main.outbox WHERE state IN (2, 5) AND entry >= ?1"
  " AND seq > ?2 AND NOT EXISTS (SELECT 1 FROM main.reoffer WHERE message = outbox.id) ORDER BY seq LIMIT 1")
X(LOG_PUT, "INSERT INTO ended_log(number, base, size, root, next_base, old_size, known, accepted_ms, author)"
	   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
X(LOG_NEXT, "SELECT number, base, size, root, next_base, old_size, known, accepted_ms, author FROM ended_log"
	    " WHERE number > ?1 ORDER BY number LIMIT 1")
X(LOG_ENTRIES,
  "SELECT max(ifnull((SELECT max(entry) + 1 FROM main.outbox), 0), ifnull((SELECT max(entry) + 1 FROM main.inbox), 0),"
  " ifnull((SELECT max(entry) + 1 FROM main.fact), 0))")
X(OUTBOX_RECEIPT, "UPDATE outbox SET receipt = ?2, exported = 0 WHERE seq = ?1")
X(OUTBOX_EXPORTED, "UPDATE outbox SET exported = 1 WHERE seq = ?1")
X(OUTBOX_FORGET, "UPDATE outbox SET state = 7, entry = ?2, body = x'', exported = 1 WHERE id = ?1")
X(OUTBOX_FORGOTTEN, "DELETE FROM outbox WHERE seq IN (SELECT seq FROM main.outbox WHERE state = 7 AND NOT EXISTS"
		    " (SELECT 1 FROM main.reoffer WHERE message = outbox.id))")
X(OUTBOX_BETWEEN, "SELECT id, entry FROM outbox WHERE state > 1 AND entry >= ?1 AND entry < ?2 ORDER BY entry LIMIT ?3")
X(OUTBOX_COUNT, "SELECT count(*), min(queued_ms) FROM outbox WHERE state = 1")

X(INBOX_PUT, "INSERT INTO inbox(parcel, type, sender, client, message, reply, referral, entry, time_ms, received_ms,"
	     " marker, result, envelope, acked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0)")
X(INBOX_PARCEL, INBOX "AND parcel = ?2")
X(INBOX_MESSAGE, INBOX "AND message = ?2 AND type = ?3 AND result = 1 LIMIT 1")
X(INBOX_NEXT, INBOX "AND result = 1 AND type > 0 ORDER BY seq LIMIT 1")
X(INBOX_CLIENT, INBOX "AND client = ?2 AND result = 1 AND type > 0 ORDER BY seq LIMIT 1")
X(INBOX_REPLY, INBOX "AND reply = ?2 AND result = 1 AND type > 0 ORDER BY seq LIMIT 1")
X(INBOX_REFERRAL, INBOX "AND referral = ?2 AND result = 1 AND type > 0 ORDER BY seq LIMIT 1")
X(INBOX_UNACKED, "SELECT seq, parcel, result FROM inbox WHERE seq > ?1 AND acked = 0 ORDER BY seq LIMIT 1")
X(INBOX_ACKED, "UPDATE inbox SET acked = 1 WHERE parcel = ?1")
X(INBOX_UNACK, "UPDATE inbox SET acked = 0 WHERE parcel = ?1")

X(PROOF_PUT, "INSERT INTO proof(message, text) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
X(PROOF_BETTER, "UPDATE proof SET text = ?2 WHERE message = ?1")
X(INBOX_PARCEL_OF, "SELECT parcel FROM inbox WHERE message = ?1 AND result = 1 LIMIT 1")
X(PROOF_GET, "SELECT text FROM proof WHERE message = ?1")

X(SECTION_PUT,
  "INSERT INTO section(inbox, message, number, client, originator, category, voice, recorded_ms, received_ms,"
  " deposit, version, consent, purposes, hidden, content, about, told_by)"
  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14, ?15, ?16)"
  " ON CONFLICT(message, number) DO UPDATE SET inbox = excluded.inbox, consent = excluded.consent,"
  " received_ms = excluded.received_ms, hidden = 0, content = excluded.content")
X(SECTION_CLIENT, SECTION "AND client = ?2 ORDER BY id LIMIT 1")
X(SECTION_INBOX, SECTION "AND inbox = ?2 ORDER BY id LIMIT 1")
X(SECTION_DUE, "SELECT id, client, originator, category, received_ms FROM section WHERE id > ?1 ORDER BY id LIMIT 1")
X(SECTION_DELETE, "DELETE FROM section WHERE id = ?1")
X(SECTION_HIDE, "UPDATE section SET hidden = 1 WHERE id = ?1")

X(STORY_OLD, "UPDATE story SET newest = 0 WHERE deposit = ?1")
X(STORY_PUT, "INSERT INTO story(message, client, deposit, version, category, voice, recorded_ms, digest, header, key,"
	     " content, newest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1)")
X(STORY_CLIENT, STORY "AND client = ?2 ORDER BY id LIMIT 1")
X(STORY_CATEGORY, STORY "AND client = ?2 AND category = ?3 AND newest = 1 ORDER BY id LIMIT 1")
X(STORY_CLIENTS, "SELECT DISTINCT client FROM story WHERE client > ?1 ORDER BY client LIMIT 1")

X(CARD_PUT, "INSERT INTO card(client, key, made_ms, retired) VALUES (?1, ?2, ?3, 0)"
	    " ON CONFLICT(client) DO UPDATE SET key = excluded.key")
X(CARD_GET, "SELECT key, made_ms, retired FROM card WHERE client = ?1")
X(CARD_RETIRE, "UPDATE card SET retired = 1, key = x'' WHERE client = ?1")

X(FACT_PUT, "INSERT INTO fact(entry, time_ms, type, client, sender, present, envelope, attachment)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(entry) DO NOTHING")
X(FACT_GLOBAL, FACT "AND client = x'' ORDER BY entry LIMIT 1")
X(FACT_CLIENTS, "SELECT DISTINCT client FROM fact WHERE client > ?1 ORDER BY client LIMIT 1")
X(FACT_CLIENT, FACT "AND client = ?2 ORDER BY entry LIMIT 1")

X(WORKER_PUT, "INSERT INTO worker(number, token, roles, teams, kind, state, from_ms, until_ms, queued)"
	      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)")
X(WORKER_STATE, "UPDATE worker SET state = ?2, until_ms = ?3, queued = 0 WHERE number = ?1")
X(WORKER_QUEUED, "UPDATE worker SET queued = 1 WHERE number = ?1")
X(WORKER_NEXT, WORKER "ORDER BY id LIMIT 1")
X(WORKER_NUMBER, WORKER "AND number = ?2")
X(WORKER_TOKEN, WORKER "AND token = ?2")

X(GRANTED_PUT,
  "INSERT INTO granted(deposit, recipient, key_id, message) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
X(GRANTED_GET, "SELECT message FROM granted WHERE deposit = ?1 AND recipient = ?2 AND key_id = ?3")
X(ALERT_MESSAGE_PUT, "INSERT INTO alert_message(message, alert) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
X(ALERT_MESSAGE_GET, "SELECT alert FROM alert_message WHERE message = ?1")

X(OPENED_PUT, "INSERT INTO opened(parcel, worker, message, sender, time_ms, told) VALUES (?1, ?2, ?3, ?4, ?5, 0)"
	      " ON CONFLICT DO NOTHING")
X(OPENED_UNTOLD, "SELECT seq, parcel, worker, message, sender, time_ms FROM opened WHERE seq > ?1 AND told = 0"
		 " ORDER BY seq LIMIT 1")
X(OPENED_TOLD, "UPDATE opened SET told = 1 WHERE seq = ?1")
X(OPENED_UNTELL, "UPDATE opened SET told = 0 WHERE parcel = ?1 AND worker = ?2")

X(RECALL_PUT, "INSERT INTO recall(id, incident, client, doc) VALUES (?1, ?2, ?3, ?4)"
	      " ON CONFLICT(id) DO UPDATE SET doc = excluded.doc")
X(RECALL_NEXT,
  "SELECT seq, id, incident, client, doc FROM recall WHERE seq > ?1 AND incident = ?2 ORDER BY seq LIMIT 1")
X(RECALL_GET, "SELECT seq, id, incident, client, doc FROM recall WHERE id = ?1")
X(OPENED_THERE_PUT, "INSERT INTO opened_there(message, party, worker, time_ms) VALUES (?1, ?2, ?3, ?4)"
		    " ON CONFLICT DO NOTHING")
X(OPENED_THERE_NEXT, "SELECT worker, time_ms FROM opened_there WHERE message = ?1 AND worker > ?2 AND party = ?3"
		     " ORDER BY worker LIMIT 1")
X(OPENED_HERE_NEXT, "SELECT worker, min(time_ms) FROM opened WHERE message = ?1 AND worker > ?2 GROUP BY worker"
		    " ORDER BY worker LIMIT 1")

#define KEPT "SELECT seq, id, client, state, doc FROM kept WHERE seq > ?1 AND kind = ?2 "
X(KEPT_PUT, "INSERT INTO kept(kind, id, client, state, doc) VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT(kind, id) DO UPDATE SET state = excluded.state, doc = excluded.doc")
X(KEPT_ALL, KEPT "ORDER BY seq LIMIT 1")
X(KEPT_STATE, KEPT "AND state = ?3 ORDER BY seq LIMIT 1")
X(KEPT_CLIENT, KEPT "AND client = ?3 ORDER BY seq LIMIT 1")
X(KEPT_GET, "SELECT seq, id, client, state, doc FROM kept WHERE seq > ?1 AND kind = ?2 AND id = ?3")
X(KEPT_CLIENTS, "SELECT DISTINCT client FROM kept WHERE kind = 'limit' AND client > ?1 ORDER BY client LIMIT 1")
X(KEPT_DROP, "DELETE FROM kept WHERE kind = ?1 AND id = ?2")
#undef KEPT

X(GRANTED_DROP, "DELETE FROM granted WHERE deposit = ?1 AND recipient = ?2")

/* Erasure. An inbox row keeps the numbers of parcel and message alone. */
#define ERASURE "SELECT id, asker, reason, asked_ms, client, state, answered_ms, kept_until_ms, law FROM erasure "
X(ERASURE_PUT, "INSERT INTO erasure(id, asker, reason, asked_ms, client, state, answered_ms, kept_until_ms, law)"
	       " VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, '') ON CONFLICT DO NOTHING")
X(ERASURE_ANSWER, "UPDATE erasure SET state = ?2, answered_ms = ?3, kept_until_ms = ?4, law = ?5 WHERE id = ?1")
X(ERASURE_NEXT, ERASURE "WHERE id > ?1 ORDER BY id LIMIT 1")
X(ERASURE_GET, ERASURE "WHERE id = ?1")
X(ERASURE_HEARD, "INSERT INTO erasure_heard(request, party, state, kept_until_ms, law, at_ms)"
		 " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(request, party) DO UPDATE SET state = excluded.state,"
		 " kept_until_ms = excluded.kept_until_ms, law = excluded.law, at_ms = excluded.at_ms")
X(ERASURE_NEXT_HEARD, "SELECT party, state, kept_until_ms, law, at_ms FROM erasure_heard WHERE request = ?1"
		      " AND party > ?2 ORDER BY party LIMIT 1")
X(ERASE_WAITS, "SELECT 1 FROM outbox WHERE client = ?1 AND client <> x'' AND state = 1 LIMIT 1")
X(ERASE_SECTIONS, "DELETE FROM section WHERE client = ?1")
X(ERASE_INBOX, "UPDATE inbox SET client = x'', envelope = x'', referral = x'', reply = x'', type = 0 WHERE client = ?1")
/* Plans and teams that others keep: we have what they told us. */
X(ERASE_PAPERS, "DELETE FROM kept WHERE client = ?1 AND kind IN ('plan', 'team') AND state = 2")
X(ERASE_TABLES, "SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS one ON one.name = 'client'"
		" WHERE m.type = 'table' AND m.name NOT IN ('inbox', 'erasure')")
X(ERASE_GRANTED, "DELETE FROM granted WHERE deposit IN (SELECT message FROM story WHERE client = ?1)")
/* That something went wrong stays on record without them (UK GDPR Article 33(5)). */
X(ERASE_INCIDENTS, "UPDATE kept SET client = x'' WHERE client = ?1 AND kind = 'incident'")
X(ERASE_REQUESTS, "UPDATE erasure SET client = x'' WHERE client = ?1")
X(FACT_REFERRED, "SELECT DISTINCT client FROM fact WHERE client > ?1 AND type = 6 ORDER BY client LIMIT 1")
X(REFERRAL_PUT,
  "INSERT INTO referral(id, client, doc) VALUES (?1, ?2, ?3) ON CONFLICT(id) DO UPDATE SET doc = excluded.doc")
X(REFERRAL_GET, "SELECT doc FROM referral WHERE id = ?1")
X(REFERRAL_NEXT, "SELECT id, client, doc FROM referral WHERE id > ?1 ORDER BY id LIMIT 1")
X(TRAINED_PUT, "INSERT INTO trained(worker, need) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
X(TRAINED_NEXT, "SELECT worker FROM trained WHERE need = ?1 AND worker > ?2 ORDER BY worker LIMIT 1")
#define CLOSED "SELECT seq, message, client, parcel, sender, received_ms, header, body FROM closed "
X(CLOSED_PUT, "INSERT INTO closed(message, client, parcel, sender, received_ms, header, body)"
	      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(message) DO UPDATE SET parcel = excluded.parcel,"
	      " received_ms = excluded.received_ms, header = excluded.header, body = excluded.body"
	      " WHERE sender = excluded.sender")
X(CLOSED_NEXT, CLOSED "WHERE seq > ?1 ORDER BY seq LIMIT 1")
X(CLOSED_GET, CLOSED "WHERE message = ?1")
#undef CLOSED
X(FACT_FLAGGED, "SELECT DISTINCT client FROM fact WHERE client > ?1 AND type = 18 ORDER BY client LIMIT 1")
X(MINE, "SELECT 1 FROM main.mine WHERE place = ?1 AND id = ?2 AND worker = ?3")
X(FACT_HELD, "SELECT DISTINCT client FROM fact WHERE client > ?1 AND type = 43 ORDER BY client LIMIT 1")
X(UNNAMED_PUT,
  "INSERT INTO unnamed(message, conference, client, author) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
X(UNNAMED_AUTHOR, "SELECT author FROM main.unnamed WHERE message = ?1 AND conference = ?1")
X(UNNAMED_DROP, "DELETE FROM unnamed WHERE conference = ?1")
X(UNNAMED_CLIENT, "SELECT DISTINCT client FROM main.unnamed WHERE client > ?1 ORDER BY client LIMIT 1")
/* What we wrote or hold of a person, whatever it is, but their MARAC. */
#define OTHERWISE(table, column)                                                                                       \
	" UNION ALL SELECT 1 FROM main." table " AS t WHERE t.client = ?1 AND NOT EXISTS"                              \
	" (SELECT 1 FROM main.unnamed AS u WHERE u.message = t." column ")"
X(UNNAMED_KNOWN, "SELECT 1 FROM main.unnamed WHERE client = ?1 AND author = ?2" OTHERWISE("story", "message")
			 OTHERWISE("section", "message") OTHERWISE("outbox", "id")
				 OTHERWISE("kept", "id") " AND t.kind NOT IN ('sight', 'rest')"
							 " UNION ALL SELECT 1 FROM main.card WHERE client = ?1 LIMIT 1")
#undef OTHERWISE
/* There, and not in the view of it. */
#define HIDDEN(table, column)                                                                                          \
	"SELECT 1 FROM main." table " AS t WHERE t." column " = ?1 AND t." column " NOT IN (SELECT v." column          \
	" FROM " table " AS v WHERE v." column " = ?1)"
X(HIDES,
  HIDDEN("kept", "id") " UNION ALL " HIDDEN("inbox", "message") " UNION ALL " HIDDEN(
	  "outbox",
	  "id") " UNION ALL " HIDDEN("recall",
				     "id") " UNION ALL " HIDDEN("docket",
								"id") " UNION ALL " HIDDEN("erasure",
											   "id") " UNION ALL SELECT 1 "
												 "FROM main.unnamed "
												 "WHERE message = ?1 "
												 "AND outside() AND "
												 "author <> looker() "
												 "LIMIT 1")
#undef HIDDEN
X(UNNAMED_SHOWS, "SELECT 1 WHERE NOT outside() OR NOT EXISTS (SELECT 1 FROM main.unnamed WHERE author <> looker())"
		 " OR EXISTS (SELECT 1 FROM fact WHERE entry = ?1)")
#undef ERASURE

#undef OUTBOX
#undef INBOX
#undef SECTION
#undef STORY
#undef FACT
#undef WORKER
