/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit export: gives a log away, as tiles that anybody can verify, or as lines for other programs. */
#include "evidence/audit/base/audit.h"

#include "evidence/audit/base/given.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/export/export.h"
#include "proto/page/page.h"

#include <inttypes.h>
#include <string.h>

static const char usage[] =
	"usage: told-audit export --store FILE --tiles DIR [--cosigned] [--log N]\n"
	"       told-audit export --store FILE --jsonl|--csv|--fhir [--party PARTY] [--log N]\n"
	"\n"
	"  --store FILE  the broker's store (told.db)\n"
	"  --tiles DIR   writes a folder in the form of C2SP tlog-tiles, and DIR/vkey, the log's verifier key\n"
	"  --cosigned    up to the newest checkpoint that a witness has signed, not to the newest\n"
	"  --jsonl       to standard output: one line an entry, with the parts that the store still holds\n"
	"  --csv         the same as a table, without those parts\n"
	"  --fhir        what was delivered or refused, as FHIR R4 AuditEvents (IHE BALP PrivacyDisclosure)\n"
	"  --party PARTY one agency's flows only: what it sent whole, what reached it without the ruling\n"
	"  --log N       which log, where a store holds several; the newest if not given\n"
	"\n"
	"Exit: 0 written, 1 nothing is signed yet, 2 wrong use, 5 the store is not what was signed,\n"
	"6 a file cannot be read or written.\n";

struct arguments {
	const char *store, *tiles, *log, *party;
	bool cosigned, jsonl, csv, fhir;
};

static int read_arguments(struct arguments *a, int argc, char **args, FILE *err)
{
	const struct told_option options[] = {
		{"--store", TOLD_OPTION_VALUE, true, &a->store}, {"--tiles", TOLD_OPTION_VALUE, false, &a->tiles},
		{"--log", TOLD_OPTION_VALUE, false, &a->log},    {"--cosigned", TOLD_OPTION_FLAG, false, &a->cosigned},
		{"--jsonl", TOLD_OPTION_FLAG, false, &a->jsonl}, {"--csv", TOLD_OPTION_FLAG, false, &a->csv},
		{"--fhir", TOLD_OPTION_FLAG, false, &a->fhir},   {"--party", TOLD_OPTION_VALUE, false, &a->party},
	};
	bool good = told_options_read(argc, args, options, sizeof options / sizeof options[0], err) == TOLD_OK;
	if (good && (a->tiles != NULL) + a->jsonl + a->csv + a->fhir != 1) {
		fputs("told-audit: give one of --tiles DIR, --jsonl, --csv, --fhir\n", err);
		good = false;
	}
	if (good && a->tiles != NULL && a->party != NULL) {
		fputs("told-audit: tiles are of the whole log; --party goes with --jsonl, --csv, --fhir\n", err);
		good = false;
	}
	if (good)
		return TOLD_AUDIT_GOOD;
	fputs("Try: told-audit export --help\n", err);
	return TOLD_AUDIT_WRONG_USE;
}

/* ---- tiles ---- */

static int tiles_failed(const struct arguments *a, enum told_status status, FILE *err)
{
	static const struct {
		enum told_status status;
		int code;
		const char *todo;
	} rows[] = {
		{TOLD_E_NOT_FOUND, TOLD_AUDIT_CHECK_FAILED,
		 "No checkpoint is signed, or none cosigned, in this store yet: try again in a minute."},
		{TOLD_E_PROOF, TOLD_AUDIT_INTEGRITY,
		 "The entries do not give the root that was signed: told-audit verify says which."},
		{TOLD_E_SIGNATURE, TOLD_AUDIT_INTEGRITY,
		 "The newest checkpoint is not signed by the key that this store names as the log's."},
		{TOLD_E_CORRUPT, TOLD_AUDIT_INTEGRITY, "told-audit verify says what is wrong with the store."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].status == status) {
			told_complain(err, a->store, status, rows[i].todo);
			return rows[i].code;
		}
	return told_complain(err, a->tiles, status, "Give a folder that can be written to, with room for the log.");
}

static int export_tiles(struct told_export *export, const struct arguments *a, FILE *err)
{
	if (export->source->excerpt.party[0] != '\0')
		return told_complain(err, a->store, TOLD_E_NOT_ALLOWED,
				     "This copy for audit has the entries of one agency only: tiles need all of them.");
	enum told_status status = told_export_tiles(export);
	told_progress_end(export->progress);
	if (status != TOLD_OK)
		return tiles_failed(a, status, err);
	fprintf(err, "told-audit: %" PRIu64 " of %" PRIu64 " entries in ", export->size,
		told_source_entries(export->source, export->log));
	fprintf(err, "%s; compare its vkey with the log line of the policy\n", a->tiles);
	return TOLD_AUDIT_GOOD;
}

/* ---- lines ---- */

static int export_lines(struct told_export *export, const struct arguments *a, FILE *err)
{
	void (*put)(struct told_export *, const struct told_reader *) = a->jsonl ? told_export_jsonl_entry
									: a->csv ? told_export_csv_entry
										 : told_export_fhir_entry;
	struct told_reader reader;
	enum told_status status = told_reader_open(export->source, export->log, 0, &reader);
	if (status == TOLD_OK && a->csv)
		told_export_csv_head(export);
	while (status == TOLD_OK && reader.there) {
		if (a->party == NULL || told_reader_narrow(&reader, told_text(a->party)))
			put(export, &reader);
		told_progress_step(export->progress, reader.index);
		status = told_reader_next(&reader);
	}
	told_reader_close(&reader);
	told_progress_end(export->progress);
	if (status == TOLD_OK && a->fhir)
		fprintf(err, "told-audit: %" PRIu64 " entr%s no disclosure and left out\n", export->skipped,
			told_many(export->skipped, "y is", "ies are"));
	if (status == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	told_complain(err, a->store, status, "told-audit verify says what is wrong with the store.");
	return TOLD_AUDIT_INTEGRITY;
}

int told_audit_export(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	struct told_source source = {0};
	struct told_progress progress;
	struct told_export export = {.source = &source, .progress = &progress, .out = io->out};
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	int code = read_arguments(&a, argc, args, io->err);
	if (code == TOLD_AUDIT_GOOD)
		code = told_source_open(a.store, NULL, io, &source);
	if (code == TOLD_AUDIT_GOOD)
		code = told_source_choose_log(&source, a.log, io->err, &export.log);
	if (code == TOLD_AUDIT_GOOD) {
		export.dir = a.tiles;
		export.cosigned = a.cosigned;
		told_progress_start(&progress, io->err, told_source_entries(&source, export.log));
		code = a.tiles != NULL ? export_tiles(&export, &a, io->err) : export_lines(&export, &a, io->err);
	}
	told_source_close(&source);
	return code;
}
