/* SPDX-License-Identifier: Apache-2.0 */
/* What the reporting subcommands have in common: the copy that they read, and what they must own up to. */
#ifndef TOLD_AUDIT_REPORT_REPORT_COMMON_H
#define TOLD_AUDIT_REPORT_REPORT_COMMON_H

#include "evidence/audit/base/audit.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/read/source.h"
#include "told/limits.h"

/* Options that every report has. */
struct told_common {
	const char *store, *tiles;
	bool json;
};
#define TOLD_COMMON_OPTIONS(common)                                                                                    \
	{"--store", TOLD_OPTION_VALUE, false, &(common)->store},                                                       \
		{"--tiles", TOLD_OPTION_VALUE, false, &(common)->tiles},                                               \
	{                                                                                                              \
		"--json", TOLD_OPTION_FLAG, false, &(common)->json                                                     \
	}

/* "--help" alone prints usage; else the options are read. Gives an exit code; *go: nothing was printed, go on. */
TOLD_MUST_USE int told_common_read(int argc, char **args, const char *usage, const struct told_option *options,
				   size_t n, const struct told_audit_io *io, bool *go);
/* Opens what the options name and has `report` read it, whole; gives an exit code. */
typedef int told_common_report(void *ctx, struct told_source *source, const struct told_audit_io *io);
TOLD_MUST_USE int told_common_run(const struct told_common *common, told_common_report *report, void *ctx,
				  const struct told_audit_io *io);
/* Complains of a status that ended a report, and gives its exit code. */
int told_common_fail(enum told_status status, const struct told_audit_io *io);
/* Below a report for people: how many entries it rests on, and what of them could not be read. */
void told_common_seen(const struct told_events_seen *seen, FILE *out);
/* The same as members of a JSON object, each with a comma behind it. */
void told_common_seen_json(const struct told_events_seen *seen, FILE *out);
/* The phase of that word (told_phase_word); 0 for none. */
unsigned told_phase_named(const char *word);
/* A card's reference as it is read out, check symbol and all, or 32 hexadecimal digits. TOLD_E_MALFORMED. */
TOLD_MUST_USE enum told_status told_reference_read(struct told_bytes text, uint8_t out[TOLD_ID_BYTES]);
/* A time from an option; says on err when it is none. */
TOLD_MUST_USE bool told_common_time(const char *text, uint64_t *ms, FILE *err);

#endif
