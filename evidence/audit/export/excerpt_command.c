/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit copy: makes the copy that an AUDIT_COPY in the log orders. `told audit copy` sends the order and runs
 * this; without an order nothing is copied. */
#include "evidence/audit/export/excerpt_make.h"

#include "evidence/audit/base/audit.h"
#include "evidence/audit/base/file.h"
#include "evidence/audit/base/given.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/base/words.h"
#include "proto/page/page.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"usage: told-audit copy OUT --store FILE --entry N --key FILE [--log N]\n"
	"\n"
	"Makes the copy for audit that entry N of the log orders; told audit copy writes the order and runs this.\n"
	"\n"
	"  OUT           the file to make; it must not exist\n"
	"  --store FILE  the broker's store (told.db); it is copied and never touched\n"
	"  --entry N     the number of the order, as told audit copy printed it\n"
	"  --key FILE    the operator's key (keys/operator.key), which signed the order\n"
	"  --log N       which log, where a store holds several; the newest if not given\n"
	"\n"
	"Exit: 0 made, 2 wrong use, 5 the store is damaged, 6 no such order, another key, or a file cannot be "
	"written.\n";

struct command {
	const char *out, *store, *entry, *key, *log;
	uint64_t index;
	struct told_excerpt_making making;
	const struct told_audit_io *io;
};

static int read_arguments(struct command *c, int argc, char **args)
{
	FILE *err = c->io->err;
	const struct told_option options[] = {
		{"--store", TOLD_OPTION_VALUE, true, &c->store},
		{"--entry", TOLD_OPTION_VALUE, true, &c->entry},
		{"--key", TOLD_OPTION_VALUE, true, &c->key},
		{"--log", TOLD_OPTION_VALUE, false, &c->log},
	};
	bool good = told_options_named(argc, args, "OUT", options, sizeof options / sizeof options[0], err, &c->out) ==
		    TOLD_OK;
	if (good && told_decimal(told_text(c->entry), INT64_MAX, &c->index) != TOLD_OK) {
		fputs("told-audit: --entry takes the number of an entry\n", err);
		good = false;
	}
	if (good)
		return TOLD_AUDIT_GOOD;
	fputs("Try: told-audit copy --help\n", err);
	return TOLD_AUDIT_WRONG_USE;
}

/* The private copy, writable, with the new file beside it. */
static enum told_status attach(struct command *c, const char *private_copy, struct told_buf *why)
{
	struct told_audit_store *store = &c->making.source.store;
	sqlite3_stmt *attach = NULL;
	int code = sqlite3_open_v2(private_copy, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(store->db, "ATTACH ?1 AS made", -1, &attach, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(attach, 1, c->out, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(attach) == SQLITE_DONE ? SQLITE_OK : SQLITE_CANTOPEN;
	sqlite3_finalize(attach);
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db, told_excerpt_schema, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		return told_audit_store_begin(store, why);
	told_audit_store_close(store);
	return code == SQLITE_NOMEM ? TOLD_E_MEMORY : TOLD_E_STORE;
}

static enum told_status make(struct command *c)
{
	struct told_source *source = &c->making.source;
	int64_t log = 0;
	if (told_source_choose_log(source, c->log, c->io->err, &log) != TOLD_AUDIT_GOOD)
		return TOLD_E_CONFIG;
	enum told_status status = told_excerpt_order(source, log, c->index, &source->excerpt);
	if (status == TOLD_OK)
		status = told_excerpt_make(&c->making);
	if (status == TOLD_OK && sqlite3_exec(source->store.db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		status = TOLD_E_STORE;
	return status;
}

static int fail(const struct command *c, enum told_status status)
{
	static const struct {
		enum told_status status;
		int code;
		const char *todo;
	} rows[] = {
		{TOLD_E_NOT_FOUND, TOLD_AUDIT_CONFIG, "That entry orders no copy: told audit copy writes the order."},
		{TOLD_E_KEY, TOLD_AUDIT_CONFIG, "Give the operator's key that signed the order (keys/operator.key)."},
		{TOLD_E_PROOF, TOLD_AUDIT_INTEGRITY, "The order is not what was logged: run told-audit verify."},
		{TOLD_E_CORRUPT, TOLD_AUDIT_INTEGRITY, "told-audit verify says what is wrong with the store."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].status == status) {
			told_complain(c->io->err, c->store, status, rows[i].todo);
			return rows[i].code;
		}
	return told_complain(c->io->err, c->out, status, "Give a file that is not there yet, with room for the log.");
}

/* The file is ours alone from its first byte; what was begun and not finished is removed. */
static enum told_status to_file(struct command *c)
{
	struct told_copy copy;
	struct told_buf why = TOLD_BUF(1024);
	int fd = open(c->out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return TOLD_E_EXISTS;
	close(fd);
	enum told_status status = told_copy_make(c->store, &copy);
	bool copied = status == TOLD_OK;
	if (copied)
		status = attach(c, copy.db, &why);
	if (status == TOLD_OK)
		status = make(c);
	told_audit_store_close(&c->making.source.store);
	if (copied)
		told_copy_remove(&copy);
	if (status != TOLD_OK)
		unlink(c->out);
	told_buf_free(&why);
	return status;
}

static void say(const struct command *c)
{
	struct told_buf words = TOLD_BUF(1024);
	told_excerpt_words(&c->making.source.excerpt, &words);
	told_print_plain(c->io->out, told_text(c->out));
	fputs(": a copy for audit ", c->io->out);
	told_print_plain(c->io->out, told_buf_view(&words));
	fprintf(c->io->out, ".\n%" PRIu64 " entr%s can be read, of %" PRIu64 " it holds the hash only.\n",
		c->making.shown, told_many(c->making.shown, "y", "ies"), c->making.withheld);
	told_buf_free(&words);
}

int told_audit_copy(int argc, char **args, const struct told_audit_io *io)
{
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	struct command c = {.io = io};
	int code = read_arguments(&c, argc, args);
	if (code == TOLD_AUDIT_GOOD)
		code = told_seed_read(c.key, io->err, c.making.seed);
	if (code == TOLD_AUDIT_GOOD) {
		enum told_status status = to_file(&c);
		if (status == TOLD_OK)
			say(&c);
		else
			code = fail(&c, status);
	}
	told_wipe(c.making.seed, sizeof c.making.seed);
	return code;
}
