/* SPDX-License-Identifier: Apache-2.0 */
/* The pass: entry by entry through hash, tree, tiles, content; at each size that somebody signed, through the root.
 * What the store says of itself is compared and never used. */
#include "evidence/audit/verify/walk.h"

#include "evidence/audit/verify/content.h"
#include "evidence/audit/verify/heads.h"
#include "evidence/audit/verify/tiles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TODO                                                                                                           \
	"Keep this copy. Entries are never changed, deleted or renumbered: compare with a backup and with the "        \
	"agencies' "                                                                                                   \
	"receipts, and find out who wrote to the store."

struct walk {
	const struct told_walk_config *config;
	uint64_t log;
	struct told_rows entries;
	struct told_frontier frontier;
	uint64_t expected; /* number of the next entry */
	struct told_tiles tiles;
	struct told_heads heads;
	struct told_content content;
};

static enum told_status open_all(struct walk *walk, int64_t log)
{
	const struct told_walk_config *config = walk->config;
	struct told_source *source = config->source;
	const int64_t from[] = {log, INT64_MIN};
	enum told_status status = told_rows_open(&source->store, TOLD_AUDIT_SQL_ENTRIES, from, 2, &walk->entries);
	if (status == TOLD_OK)
		status = told_tiles_open(source, log, config->report, &walk->tiles);
	if (status == TOLD_OK)
		status = told_heads_open(source, log, config->policy, config->report, &walk->heads);
	walk->content.senders = config->senders;
	walk->content.erasures = config->erasures;
	walk->content.base = config->base;
	if (status == TOLD_OK)
		status = told_content_open(source, log, config->report, &walk->content);
	return status;
}

static void close_all(struct walk *walk)
{
	told_rows_close(&walk->entries);
	told_tiles_close(&walk->tiles);
	told_heads_close(&walk->heads);
	told_content_close(&walk->content);
}

/* ---- one entry ---- */

static void check_number(struct walk *walk, uint64_t index)
{
	struct told_report *report = walk->config->report;
	if (index == walk->expected)
		return;
	if (index < walk->expected || index > INT64_MAX) {
		told_report_fault(report, TOLD_CLAIM_INTEGRITY, walk->expected, walk->expected, TODO,
				  "entry %" PRIu64 ": another number stands in its place", walk->expected);
		return;
	}
	if (index == walk->expected + 1)
		told_report_fault(report, TOLD_CLAIM_INTEGRITY, walk->expected, walk->expected, TODO,
				  "entry %" PRIu64 " is missing", walk->expected);
	else
		told_report_fault(report, TOLD_CLAIM_INTEGRITY, walk->expected, index - 1, TODO,
				  "entries %" PRIu64 " to %" PRIu64 " are missing", walk->expected, index - 1);
}

static void check_hash(struct walk *walk, uint64_t index, const told_hash *hash)
{
	struct told_bytes kept = told_rows_bytes(&walk->entries, 2);
	if (told_bytes_equal(kept, told_bytes(hash->b, sizeof hash->b)))
		return;
	told_report_fault(walk->config->report, TOLD_CLAIM_INTEGRITY, index, index, TODO,
			  "entry %" PRIu64 ": its bytes do not give the hash that is kept beside them", index);
}

/* Everybody who wants the root of the size that the walk has reached. */
static enum told_status check_size(struct walk *walk)
{
	uint64_t size = walk->frontier.size;
	struct told_anchors *anchors = walk->config->anchors;
	bool head = told_heads_due(&walk->heads) <= size, anchor = told_anchors_due(anchors, walk->log) <= size;
	enum told_status status = TOLD_OK;
	told_hash root;
	if (!head && !anchor)
		return TOLD_OK;
	told_frontier_root(&walk->frontier, &root);
	while (status == TOLD_OK && told_heads_due(&walk->heads) <= size)
		status = told_heads_at(&walk->heads, size, &root);
	while (told_anchors_due(anchors, walk->log) <= size)
		told_anchors_at(anchors, size, &root);
	return status;
}

/* Of an entry that is withheld from a copy for audit: the tree above says whether this is its hash. */
static void take_hash(const struct walk *walk, told_hash *hash)
{
	struct told_bytes kept = told_rows_bytes(&walk->entries, 2);
	memset(hash, 0, sizeof *hash);
	if (kept.len == sizeof hash->b)
		memcpy(hash->b, kept.data, sizeof hash->b);
}

static enum told_status one_entry(struct walk *walk)
{
	uint64_t index = told_rows_u64(&walk->entries, 0);
	struct told_bytes entry = told_rows_bytes(&walk->entries, 1);
	bool whole = true;
	told_hash hash;
	check_number(walk, index);
	if (index > INT64_MAX)
		index = walk->expected;
	enum told_status status = told_content_at(&walk->content, index, entry, &whole);
	if (whole)
		told_leaf_hash(entry, &hash);
	else
		take_hash(walk, &hash);
	check_hash(walk, index, &hash);
	uint64_t position = walk->frontier.size;
	told_tiles_add(&walk->tiles, 0, position, &hash);
	told_frontier_append(&walk->frontier, &hash, told_tiles_add, &walk->tiles);
	if (status == TOLD_OK && whole)
		status = told_content_check(&walk->content, index, entry);
	walk->expected = index + 1;
	if (status == TOLD_OK)
		status = walk->tiles.status;
	return status == TOLD_OK ? check_size(walk) : status;
}

/* ---- the pass ---- */

static enum told_status pass(struct walk *walk)
{
	enum told_status status = check_size(walk); /* size 0 */
	while (status == TOLD_OK && walk->entries.there) {
		status = one_entry(walk);
		told_progress_step(walk->config->progress, walk->frontier.size);
		if (status == TOLD_OK)
			status = told_rows_next(&walk->entries);
	}
	return status;
}

/* The rows of this log end here, because there are no more or because they cannot be read. */
static enum told_status finish(struct walk *walk, int64_t log, enum told_status status)
{
	struct told_report *report = walk->config->report;
	uint64_t entries = walk->frontier.size;
	if (status == TOLD_OK)
		status = told_tiles_end(walk->config->source, log, &walk->tiles);
	if (status == TOLD_E_CORRUPT) {
		told_report_fault(report, TOLD_CLAIM_INTEGRITY, walk->expected, walk->expected, TODO,
				  "the database file is damaged: it cannot be read from entry %" PRIu64 " on",
				  walk->expected);
		report->cut_short = true;
		status = TOLD_OK;
	} else if (status == TOLD_OK) {
		told_heads_end(&walk->heads, entries);
		told_content_end(&walk->content);
	}
	told_anchors_log_end(walk->config->anchors, walk->log, entries);
	report->entries += entries;
	report->logs++;
	return status;
}

enum told_status told_walk(const struct told_walk_config *config, int64_t log)
{
	struct walk *walk = calloc(1, sizeof *walk); /* over 60 KiB: tiles */
	if (walk == NULL)
		return TOLD_E_MEMORY;
	walk->config = config;
	walk->log = (uint64_t)log;
	told_anchors_log_begin(config->anchors, walk->log);
	enum told_status status = open_all(walk, log);
	if (status == TOLD_OK)
		status = pass(walk);
	status = finish(walk, log, status);
	close_all(walk);
	free(walk);
	return status;
}
