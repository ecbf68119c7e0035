/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit prove: one message's place in the log, as a file that proves itself. */
#include "evidence/audit/base/audit.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/base/given.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/prove/prover.h"
#include "evidence/audit/prove/txid.h"
#include "evidence/audit/read/events.h"

#include <string.h>

static const char usage[] =
	"usage: told-audit prove ID --store FILE|--tiles DIR [--log N] [--out FILE]\n"
	"\n"
	"  ID            the number of an entry, or the id of a message: its own or the log's, 32 hexadecimal digits\n"
	"  --store FILE  the broker's store (told.db)\n"
	"  --tiles DIR   or an export of it, which knows a message by the log's id only\n"
	"  --log N       of which log, where a store holds several; the newest if not given\n"
	"  --out FILE    writes the .tlog-proof there; else to standard output\n"
	"\n"
	"Exit: 0 written, 1 there is no such entry or no checkpoint covers it yet, 2 wrong use,\n"
	"5 the store does not prove its own entry, 6 a file cannot be read or written.\n";

struct prove {
	const struct told_audit_io *io;
	const char *id, *store, *tiles, *log_word, *out;
	struct told_source source;
	int64_t log;
	uint64_t index;
};

static int say(const struct prove *prove, int code, const char *what, const char *todo)
{
	if (told_source_stood(&prove->source, prove->io->err) != TOLD_AUDIT_GOOD)
		return TOLD_AUDIT_CONFIG;
	fputs("told-audit: ", prove->io->err);
	told_print_plain(prove->io->err, told_text(prove->id));
	fprintf(prove->io->err, ": %s\n%s\n", what, todo);
	return code;
}

/* ---- which entry ---- */

static void take_place(struct prove *prove, const struct told_rows *row, bool *found)
{
	*found = row->there;
	if (!*found)
		return;
	prove->log = (int64_t)told_rows_u64(row, 0);
	prove->index = told_rows_u64(row, 1);
}

/* By the table of messages, which a store has until they are erased. */
static enum told_status find_message(struct prove *prove, struct told_bytes id, bool *found)
{
	struct told_rows row;
	enum told_status status = told_rows_find(&prove->source.store, TOLD_AUDIT_SQL_MESSAGE_BY_ID, id, &row);
	if (status == TOLD_OK)
		take_place(prove, &row, found);
	told_rows_close(&row);
	return status;
}

/* By what the store keeps against duplicates, which has every message that was answered, refused ones too, until long
 * after it is over: one seek for each party. */
static enum told_status find_answered(struct prove *prove, struct told_bytes id, bool *found)
{
	static const char sql[] =
		"SELECT log, idx FROM duplicate WHERE sender IN (SELECT party FROM party) AND id = ?1 LIMIT 1";
	struct told_rows row;
	enum told_status status = told_beside_open(&prove->source.store, sql, id, NULL, 0, &row);
	if (status == TOLD_OK)
		take_place(prove, &row, found);
	told_rows_close(&row);
	return status;
}

static enum told_status find_id(struct prove *prove, bool *found)
{
	uint8_t bytes[TOLD_ID_BYTES];
	struct told_bytes id = told_bytes(bytes, sizeof bytes);
	enum told_status status = told_id_parse(told_text(prove->id), bytes);
	if (status == TOLD_OK)
		status = find_answered(prove, id, found);
	if (status == TOLD_OK && !*found)
		status = told_txid_seek(&prove->source, prove->log, id, &prove->index, found);
	if (status == TOLD_OK && !*found)
		status = find_message(prove, id, found);
	if (status == TOLD_OK && !*found)
		status = told_txid_scan(&prove->source, prove->log, id, &prove->index, found);
	return status;
}

static int find(struct prove *prove)
{
	bool found = told_decimal(told_text(prove->id), INT64_MAX, &prove->index) == TOLD_OK;
	enum told_status status = found ? TOLD_OK : find_id(prove, &found);
	if (status == TOLD_E_MALFORMED)
		return say(prove, TOLD_AUDIT_WRONG_USE, "it is neither the number of an entry nor an id",
			   "Give a number, or 32 hexadecimal digits.");
	if (status != TOLD_OK)
		return say(prove, TOLD_AUDIT_INTEGRITY, told_status_text(status),
			   "told-audit verify says what is wrong with the store.");
	if (!found)
		return say(prove, TOLD_AUDIT_CHECK_FAILED, "no entry is about it",
			   prove->source.tiles
				   ? "An export knows entries by their number and by the log's id: give one "
				     "of these, or ask the store."
				   : "A message that was erased is found by the number of its entry.");
	return TOLD_AUDIT_GOOD;
}

/* ---- the proof ---- */

static int write_out(const struct prove *prove, const struct told_buf *proof)
{
	if (told_source_stood(&prove->source, prove->io->err) != TOLD_AUDIT_GOOD)
		return TOLD_AUDIT_CONFIG;
	if (prove->out == NULL)
		return fwrite(proof->data, 1, proof->len, prove->io->out) == proof->len ? TOLD_AUDIT_GOOD
											: TOLD_AUDIT_CONFIG;
	enum told_status status = told_audit_write(prove->out, told_buf_view(proof));
	if (status == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	return told_complain(prove->io->err, prove->out, status, "Give a place that can be written to.");
}

static int write_proof(struct prove *prove)
{
	struct told_prover *prover = NULL;
	struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	enum told_status status = told_prover_new(&prove->source, prove->log, &prover);
	if (status == TOLD_OK)
		status = told_prover_write(prover, prove->index, &proof);
	int code;
	if (status == TOLD_OK)
		code = write_out(prove, &proof);
	else if (status == TOLD_E_NOT_FOUND)
		code = say(prove, TOLD_AUDIT_CHECK_FAILED,
			   "there is no such entry, or no signed checkpoint in the store covers it yet",
			   "The newest commit's checkpoint comes into the store with the next: try again in a minute.");
	else if (status == TOLD_E_NOT_ALLOWED && prove->source.excerpt.there)
		code = say(prove, TOLD_AUDIT_CHECK_FAILED, "this copy for audit withholds that entry",
			   "Its proof is with those whose entry it is, and with the operator.");
	else
		code = say(prove, TOLD_AUDIT_INTEGRITY, told_status_text(status),
			   "Entry, tiles and checkpoint do not fit together: told-audit verify says what is wrong.");
	told_prover_free(prover);
	told_buf_free(&proof);
	return code;
}

static int read_arguments(struct prove *prove, int argc, char **args)
{
	const struct told_option options[] = {
		{"--store", TOLD_OPTION_VALUE, false, &prove->store},
		{"--tiles", TOLD_OPTION_VALUE, false, &prove->tiles},
		{"--log", TOLD_OPTION_VALUE, false, &prove->log_word},
		{"--out", TOLD_OPTION_VALUE, false, &prove->out},
	};
	if (told_options_named(argc, args, "ID", options, sizeof options / sizeof options[0], prove->io->err,
			       &prove->id) == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	fputs("Try: told-audit prove --help\n", prove->io->err);
	return TOLD_AUDIT_WRONG_USE;
}

int told_audit_prove(int argc, char **args, const struct told_audit_io *io)
{
	struct prove prove = {.io = io};
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	int code = read_arguments(&prove, argc, args);
	if (code != TOLD_AUDIT_GOOD)
		return code;
	code = told_source_open_still(prove.store, prove.tiles, io, &prove.source);
	if (code == TOLD_AUDIT_GOOD && !told_source_whole(&prove.source, io->err))
		code = TOLD_AUDIT_INTEGRITY;
	if (code == TOLD_AUDIT_GOOD)
		code = told_source_choose_log(&prove.source, prove.log_word, io->err, &prove.log);
	if (code == TOLD_AUDIT_GOOD)
		code = find(&prove);
	if (code == TOLD_AUDIT_GOOD)
		code = write_proof(&prove);
	told_source_close(&prove.source);
	return code;
}
