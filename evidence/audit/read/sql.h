/* SPDX-License-Identifier: Apache-2.0 */
/* Every statement of the auditor's program: X(NAME, "SQL"). Included by store.h and store.c only, hence no guard. */
/* The next log number after ?1, by one seek a table. */
X(LOG_OF_ENTRY, "SELECT min(log) FROM entry WHERE log > ?1")
X(LOG_OF_TILE, "SELECT min(log) FROM tile WHERE log > ?1")
X(LOG_OF_HEAD, "SELECT min(log) FROM tree_head WHERE log > ?1")
X(LOG_OF_CHECKPOINT, "SELECT min(log) FROM checkpoint WHERE log > ?1")
X(LOG_OF_COSIGNATURE, "SELECT min(log) FROM cosignature WHERE log > ?1")
X(LOG_OF_DETAIL, "SELECT min(log) FROM detail WHERE log > ?1")

/* Read side by side, in the order of the log; entries and details from ?2 on. */
X(ENTRIES, "SELECT idx, data, leaf_hash FROM entry WHERE log = ?1 AND idx >= ?2 ORDER BY idx")
X(DETAILS, "SELECT idx, facts_salt, facts, ruling_salt, ruling, subject_salt, subject FROM detail"
	   " WHERE log = ?1 AND idx >= ?2 ORDER BY idx")
X(FACTS_AT, "SELECT facts_salt, facts FROM detail WHERE log = ?1 AND idx = ?2")
X(TILES, "SELECT n, data FROM tile WHERE log = ?1 AND level = ?2 ORDER BY n")
X(TILES_ELSEWHERE, "SELECT level, n FROM tile WHERE log = ?1 AND (level < 0 OR level > ?2) LIMIT 1")
X(HEADS, "SELECT size, root FROM tree_head WHERE log = ?1 ORDER BY size")
X(CHECKPOINTS, "SELECT size, note FROM checkpoint WHERE log = ?1 ORDER BY size")
X(COSIGNATURES, "SELECT size, name, line FROM cosignature WHERE log = ?1 ORDER BY size, name")

X(ENTRY_AT, "SELECT data, leaf_hash FROM entry WHERE log = ?1 AND idx = ?2")
X(ENTRY_LAST, "SELECT max(idx) FROM entry WHERE log = ?1")

/* Which entry a message has, by the id that its sender gave it. */
X(MESSAGE_BY_ID, "SELECT log, idx FROM message WHERE id = ?1")

/* For proofs and exports. */
X(TILE_AT, "SELECT data FROM tile WHERE log = ?1 AND level = ?2 AND n = ?3")
X(HASHES, "SELECT leaf_hash FROM entry WHERE log = ?1 AND idx >= ?2 ORDER BY idx")
X(NOTE_AT, "SELECT note FROM checkpoint WHERE log = ?1 AND size = ?2")
X(LINES_AT, "SELECT line FROM cosignature WHERE log = ?1 AND size = ?2 ORDER BY name")
X(NOTE_BEYOND, "SELECT min(size) FROM checkpoint WHERE log = ?1 AND size > ?2")
/* Of the next checkpoints that anybody cosigned the one that most did: a quorum may come with the second. The newest is
 * cosigned before it comes into its table. */
X(COSIGNED_BEYOND, "SELECT size FROM (SELECT size, count(*) AS lines FROM cosignature WHERE log = ?1 AND size > ?2"
		   " AND EXISTS (SELECT 1 FROM checkpoint c WHERE c.log = ?1 AND c.size = cosignature.size)"
		   " GROUP BY size ORDER BY size LIMIT 64) ORDER BY lines DESC, size LIMIT 1")
X(NOTE_LAST, "SELECT max(size) FROM checkpoint WHERE log = ?1")
X(COSIGNED_LAST, "SELECT max(size) FROM cosignature WHERE log = ?1"
		 " AND EXISTS (SELECT 1 FROM checkpoint c WHERE c.log = ?1 AND c.size = cosignature.size)")
X(LOG_KEY, "SELECT value FROM meta WHERE key = 'log_key'")
