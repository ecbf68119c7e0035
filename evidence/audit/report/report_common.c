/* SPDX-License-Identifier: Apache-2.0 */
/* What the reporting subcommands have in common. Writes to the two streams that it is given. */
#include "evidence/audit/report/report_common.h"

#include "evidence/audit/base/words.h"
#include "proto/code.h"

#include "proto/leaf.h"
#include "proto/page/page.h"
#include "told/codes.h"

#include <inttypes.h>
#include <string.h>

int told_common_read(int argc, char **args, const char *usage, const struct told_option *options, size_t n,
		     const struct told_audit_io *io, bool *go)
{
	*go = false;
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	if (told_options_read(argc, args, options, n, io->err) != TOLD_OK) {
		fputs(usage, io->err);
		return TOLD_AUDIT_WRONG_USE;
	}
	*go = true;
	return TOLD_AUDIT_GOOD;
}

int told_common_fail(enum told_status status, const struct told_audit_io *io)
{
	fprintf(io->err, "told-audit: the report was not finished: %s\n", told_status_text(status));
	if (status != TOLD_E_CORRUPT)
		return TOLD_AUDIT_CONFIG;
	fputs("The copy is damaged. told-audit verify says where; take another copy or a backup.\n", io->err);
	return TOLD_AUDIT_INTEGRITY;
}

void told_common_seen(const struct told_events_seen *seen, FILE *out)
{
	fprintf(out, "\n%" PRIu64 " entr%s read", seen->entries, told_many(seen->entries, "y", "ies"));
	if (seen->withheld > 0)
		fprintf(out, "; of %" PRIu64 " this copy holds the hash only", seen->withheld);
	if (seen->closed > 0)
		fprintf(out, "; of %" PRIu64 " a part was erased or held back", seen->closed);
	fputs(". told-audit verify says whether the log can be believed.\n", out);
	if (seen->broken > 0)
		fprintf(out, "WARNING: %" PRIu64 " %s should be. Run told-audit verify.\n", seen->broken,
			told_many(seen->broken, "entry or part is not what it", "entries or parts are not what they"));
}

void told_common_seen_json(const struct told_events_seen *seen, FILE *out)
{
	fprintf(out, "\"entries\":%" PRIu64 ",\"withheld\":%" PRIu64 ",\"closed\":%" PRIu64 ",\"broken\":%" PRIu64 ",",
		seen->entries, seen->withheld, seen->closed, seen->broken);
}

bool told_common_time(const char *text, uint64_t *ms, FILE *err)
{
	if (text == NULL || told_time_parse(told_text(text), ms) == TOLD_OK)
		return true;
	fputs("told-audit: a time has the form 2026-11-22T13:45:00Z or 2026-11-22T13:45:00+00:00\n", err);
	return false;
}

int told_common_run(const struct told_common *common, told_common_report *report, void *ctx,
		    const struct told_audit_io *io)
{
	struct told_source source = {0};
	int code = told_source_open(common->store, common->tiles, io, &source);
	if (code == TOLD_AUDIT_GOOD)
		code = told_source_whole(&source, io->err) ? report(ctx, &source, io) : TOLD_AUDIT_INTEGRITY;
	told_source_close(&source);
	return code;
}

/* ---- words ---- */

unsigned told_phase_named(const char *word)
{
	for (unsigned i = TOLD_PHASE_NONE + 1; i <= TOLD_PHASE_FINISHED; i++)
		if (strcmp(told_phase_word(i), word) == 0)
			return i;
	return TOLD_PHASE_NONE;
}

/* ---- references ---- */

enum told_status told_reference_read(struct told_bytes text, uint8_t out[TOLD_ID_BYTES])
{
	bool hexadecimal = told_unhex(text, out, TOLD_ID_BYTES) == TOLD_OK;
	return hexadecimal ? TOLD_OK : told_code_read(text, out);
}
