/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit drill: proves on a copy of the store at hand that tampering with it would be seen. */
#include "evidence/audit/drill/drill.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/base/given.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/read/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE 16u /* places of one kind, spread over the log, unless all are asked for */

static const char usage[] =
	"usage: told-audit drill --store FILE|--tiles DIR --policy FILE [--against NOTE...] [--receipts DIR...] [--at "
	"TIME]\n"
	"       [--key FILE] [--all]\n"
	"\n"
	"Tries every way of tampering on a private copy, one at a time, and shows which verdict of verify catches it.\n"
	"The store or export itself is never touched. It must verify as it is.\n"
	"\n"
	"  --store, --tiles, --policy, --against, --receipts, --at   as for verify\n"
	"  --key FILE   the log's key (keys/log.key): tries what its thief could do too\n"
	"  --all        every row and every bit, not 16 places of each kind; for small logs\n"
	"\n"
	"Exit: 0 all is detected, 5 something is missed or the store does not verify, 2 wrong use, 6 a file cannot be "
	"read.\n";

/* ---- one tampering ---- */

static const char *const claims[TOLD_CLAIM_COUNT] = {
	[TOLD_CLAIM_SIGNATURE] = "signature", [TOLD_CLAIM_INTEGRITY] = "integrity",
	[TOLD_CLAIM_ANCHORED] = "anchored",   [TOLD_CLAIM_FRESHNESS] = "freshness",
	[TOLD_CLAIM_QUORUM] = "quorum",       [TOLD_CLAIM_COMPLETENESS] = "completeness",
	[TOLD_CLAIM_ERASURES] = "erasures",
};

/* Which verdicts a verification gives as failed or not shown; a store that cannot be read fails integrity. Gives its
 * exit code; err: where it complains. */
static int verify_to(struct told_drill *drill, FILE *err, unsigned *out)
{
	struct told_report report;
	struct told_audit_io to = *drill->io;
	unsigned failed = 0;
	to.err = err;
	told_report_init(&report);
	int code = told_verify_log(&drill->request, &to, &report);
	if (code == TOLD_AUDIT_INTEGRITY)
		failed = 1u << TOLD_CLAIM_INTEGRITY;
	for (unsigned i = 0; code == TOLD_AUDIT_GOOD && i < TOLD_CLAIM_COUNT; i++)
		if (report.verdicts[i].state == TOLD_VERDICT_FAILED ||
		    report.verdicts[i].state == TOLD_VERDICT_NOT_SHOWN)
			failed |= 1u << i;
	told_report_free(&report);
	*out = failed;
	return code;
}

static unsigned failed_claims(struct told_drill *drill)
{
	unsigned failed = 0;
	FILE *null = fopen("/dev/null", "w");
	if (null == NULL)
		return 0;
	(void)verify_to(drill, null, &failed);
	fclose(null);
	return failed;
}

static enum told_status sql(struct told_drill *drill, const char *text)
{
	return sqlite3_exec(drill->db, text, NULL, NULL, NULL) == SQLITE_OK ? TOLD_OK : TOLD_E_STORE;
}

/* *caught: the verdicts that were good before and are not now; 0: missed. TOLD_E_NOT_FOUND: nothing to do here. */
static enum told_status try_place(struct told_drill *drill, const struct told_tampering *kind, uint64_t place,
				  unsigned before, unsigned *caught)
{
	enum told_status status = sql(drill, "SAVEPOINT drill");
	if (status != TOLD_OK)
		return status;
	const struct told_verify_request request = drill->request;
	status = kind->apply(drill, kind, place);
	if (status == TOLD_OK)
		*caught = failed_claims(drill) & ~before;
	drill->request = request;
	enum told_status back = sql(drill, "ROLLBACK TO drill; RELEASE drill");
	if (drill->folder != NULL && back == TOLD_OK)
		back = told_folder_restore(drill->folder);
	return back != TOLD_OK ? back : status;
}

/* ---- a kind ---- */

static void print_kind(struct told_drill *drill, const struct told_tampering *kind, uint64_t tried, uint64_t missed,
		       uint64_t first_missed, unsigned caught)
{
	FILE *out = drill->io->out;
	fprintf(out, "%-54s ", kind->name);
	if (tried == 0) {
		fprintf(out, "%s\n",
			kind->needs_key && drill->seed == NULL ? "not tried: it needs --key"
							       : "nothing of the kind here");
		return;
	}
	fprintf(out, "%6" PRIu64 " of %" PRIu64 " detected:", tried - missed, tried);
	for (unsigned i = 0; i < TOLD_CLAIM_COUNT; i++)
		if ((caught >> i & 1) != 0)
			fprintf(out, " %s", claims[i]);
	if (missed > 0)
		fprintf(out, "  MISSED %" PRIu64 ", first at place %" PRIu64, missed, first_missed);
	fputc('\n', out);
}

static enum told_status try_kind(struct told_drill *drill, const struct told_tampering *kind, unsigned before)
{
	uint64_t places = 0, tried = 0, missed = 0, first_missed = 0;
	unsigned all = 0;
	enum told_status status = TOLD_OK;
	if (!kind->needs_key || drill->seed != NULL)
		status = kind->places(drill, kind, &places);
	uint64_t count = drill->whole || places < SAMPLE ? places : SAMPLE;
	for (uint64_t i = 0; status == TOLD_OK && i < count; i++) {
		unsigned caught = 0;
		uint64_t place = count == places ? i : i * (places - 1) / (count - 1);
		status = try_place(drill, kind, place, before, &caught);
		tried += status == TOLD_OK;
		if (status == TOLD_OK && caught == 0 && missed++ == 0)
			first_missed = place;
		all |= caught;
		status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	}
	if (status != TOLD_OK)
		return status;
	print_kind(drill, kind, tried, missed, first_missed, all);
	fflush(drill->io->out); /* a kind takes seconds on a large log */
	drill->tried += tried;
	drill->missed += missed;
	return TOLD_OK;
}

/* ---- the command ---- */

static enum told_status all_kinds(struct told_drill *drill, unsigned before)
{
	static const struct {
		const struct told_tampering *(*kinds)(size_t);
		bool store, tiles;
	} lists[] = {
		{told_tampering_of_rows, true, false},    {told_tampering_of_tiles, false, true},
		{told_tampering_of_history, true, true},  {told_tampering_of_key, true, true},
		{told_tampering_of_excerpt, true, false},
	};
	enum told_status status = TOLD_OK;
	for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
		bool here = drill->folder != NULL ? lists[l].tiles : lists[l].store;
		const struct told_tampering *kind;
		for (size_t i = 0; here && status == TOLD_OK && (kind = lists[l].kinds(i)) != NULL; i++)
			status = try_kind(drill, kind, before);
	}
	return status;
}

static int say(struct told_drill *drill, const char *what, const char *todo)
{
	fprintf(drill->io->err, "told-audit drill: %s\n%s\n", what, todo);
	return TOLD_AUDIT_INTEGRITY;
}

/* A drill shows what would change the verdict: it needs one that is good. Freshness and quorum may be missing. */
static int run(struct told_drill *drill)
{
	const unsigned may_lack = 1u << TOLD_CLAIM_FRESHNESS | 1u << TOLD_CLAIM_QUORUM;
	unsigned before = 0;
	/* a policy or receipt that cannot be read is said, and no tampering that went unseen */
	if (verify_to(drill, drill->io->err, &before) == TOLD_AUDIT_CONFIG)
		return TOLD_AUDIT_CONFIG;
	if ((before & ~may_lack) != 0)
		return say(drill, "it does not verify as it is, or nothing from outside anchors it.",
			   "Run told-audit verify with the same options, and give --receipts or --against.");
	enum told_status status = all_kinds(drill, before);
	if (status != TOLD_OK)
		return say(drill, "the copy could not be changed.", "Free some space in TMPDIR and run it again.");
	fprintf(drill->io->out, "%" PRIu64 " detected, %" PRIu64 " missed\n", drill->tried - drill->missed,
		drill->missed);
	return drill->missed == 0 ? TOLD_AUDIT_GOOD : TOLD_AUDIT_INTEGRITY;
}

static enum told_status drop_triggers(sqlite3 *db)
{
	static const char *const names[] = {"entry_dense", "entry_kept", "entry_fixed", "tile_kept",  "tile_fixed",
					    "head_kept",   "head_fixed", "note_kept",   "note_fixed", "line_kept",
					    "line_fixed",  "token_kept", "token_fixed"};
	char text[80];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(text, sizeof text, "DROP TRIGGER IF EXISTS %s", names[i]);
		if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
			return TOLD_E_STORE;
	}
	return TOLD_OK;
}

static int on_copy(struct told_drill *drill, const struct told_copy *copy)
{
	struct told_source source = {.path = drill->request.store};
	struct told_buf why = TOLD_BUF(1024);
	int code = TOLD_AUDIT_CONFIG;
	enum told_status status = sqlite3_open_v2(copy->db, &source.store.db,
						  SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK
					  ? told_drill_functions(source.store.db)
					  : TOLD_E_CONFIG;
	if (status == TOLD_OK)
		status = drop_triggers(source.store.db);
	if (status == TOLD_OK)
		status = told_audit_store_begin(&source.store, &why);
	drill->db = source.store.db;
	drill->request.source = &source;
	if (status == TOLD_OK)
		code = run(drill);
	else
		fprintf(drill->io->err,
			"told-audit drill: the store cannot be opened: %s\nGive the broker's told.db.\n",
			told_status_text(status));
	told_buf_free(&why);
	told_audit_store_close(&source.store);
	return code;
}

/* Files are changed in a copy of the folder; histories that are signed anew, in the rows that were read from it. */
static int on_folder(struct told_drill *drill)
{
	struct told_source source = {0};
	const char *dir = drill->request.tiles;
	int code = told_source_open(NULL, dir, drill->io, &source);
	if (code == TOLD_AUDIT_GOOD)
		code = told_source_whole(&source, drill->io->err) ? code : TOLD_AUDIT_INTEGRITY;
	if (code == TOLD_AUDIT_GOOD &&
	    (told_drill_functions(source.store.db) != TOLD_OK || told_folder_copy(dir, drill->folder) != TOLD_OK))
		code = told_complain(drill->io->err, dir, TOLD_E_SYSTEM, "The copy needs its size in TMPDIR.");
	drill->db = source.store.db;
	drill->request.tiles = drill->folder->dir;
	drill->request.source = &source;
	if (code == TOLD_AUDIT_GOOD)
		code = run(drill);
	told_source_close(&source);
	return code;
}

static int drill_tiles(struct told_drill *drill)
{
	struct told_copy copy;
	struct told_folder folder = {0};
	if (told_copy_empty(&copy) != TOLD_OK)
		return told_complain(drill->io->err, drill->request.tiles, TOLD_E_SYSTEM,
				     "No private folder could be made in TMPDIR.");
	snprintf(folder.dir, sizeof folder.dir, "%s/tiles", copy.dir);
	snprintf(drill->policy, sizeof drill->policy, "%s/policy", copy.dir);
	drill->folder = &folder;
	int code = on_folder(drill);
	told_folder_free(&folder);
	(void)unlink(drill->policy);
	told_copy_remove(&copy);
	return code;
}

static int drill_store(struct told_drill *drill)
{
	struct told_copy copy;
	enum told_status status = told_copy_make(drill->request.store, &copy);
	if (status != TOLD_OK) {
		fprintf(drill->io->err,
			"told-audit drill: the store cannot be copied: %s\nGive the broker's told.db.\n",
			told_status_text(status));
		return TOLD_AUDIT_CONFIG;
	}
	snprintf(drill->policy, sizeof drill->policy, "%s/policy", copy.dir);
	int code = on_copy(drill, &copy);
	(void)unlink(drill->policy);
	told_copy_remove(&copy);
	return code;
}

int told_audit_drill(int argc, char **args, const struct told_audit_io *io)
{
	struct told_drill drill = {.io = io};
	const char *at = NULL, *key = NULL;
	uint8_t seed[32];
	const struct told_option options[] = {
		{"--store", TOLD_OPTION_VALUE, false, &drill.request.store},
		{"--tiles", TOLD_OPTION_VALUE, false, &drill.request.tiles},
		{"--policy", TOLD_OPTION_VALUE, true, &drill.request.policy},
		{"--against", TOLD_OPTION_LIST, false, &drill.request.against},
		{"--receipts", TOLD_OPTION_LIST, false, &drill.request.receipts},
		{"--at", TOLD_OPTION_VALUE, false, &at},
		{"--key", TOLD_OPTION_VALUE, false, &key},
		{"--all", TOLD_OPTION_FLAG, false, &drill.whole},
	};
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	int code = TOLD_AUDIT_WRONG_USE;
	if (told_options_read(argc, args, options, sizeof options / sizeof options[0], io->err) == TOLD_OK &&
	    (at == NULL || told_time_parse(told_text(at), &drill.request.at_ms) == TOLD_OK))
		code = key != NULL ? told_seed_read(key, io->err, seed) : TOLD_AUDIT_GOOD;
	drill.request.at_given = at != NULL;
	drill.seed = key != NULL ? seed : NULL;
	if (code == TOLD_AUDIT_GOOD)
		code = told_source_one(drill.request.store, drill.request.tiles, io->err)
			       ? (drill.request.tiles != NULL ? drill_tiles : drill_store)(&drill)
			       : TOLD_AUDIT_WRONG_USE;
	told_wipe(seed, sizeof seed);
	free(drill.request.against.items);
	free(drill.request.receipts.items);
	return code;
}
