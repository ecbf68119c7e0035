/* SPDX-License-Identifier: Apache-2.0 */
/* The forms in which a log is given away. */
#ifndef TOLD_AUDIT_EXPORT_EXPORT_H
#define TOLD_AUDIT_EXPORT_EXPORT_H

#include "evidence/audit/base/progress.h"
#include "evidence/audit/read/reader.h"

struct told_export {
	struct told_source *source;
	int64_t log;
	struct told_progress *progress;
	FILE *out;
	/* of tiles: */
	const char *dir;
	bool cosigned;    /* up to the newest checkpoint that a witness has signed */
	uint64_t size;    /* that was written */
	uint64_t skipped; /* of --fhir: entries that are no disclosure */
};

/* C2SP tlog-tiles: tiles and bundles first, then vkey, the checkpoint last, so that whoever reads meanwhile finds all
 * that the checkpoint calls for. TOLD_E_PROOF: the entries do not give the root that was signed, and no checkpoint is
 * written; TOLD_E_NOT_FOUND: nothing is signed yet; TOLD_E_SIGNATURE: not by the log's own key; TOLD_E_FULL and so on
 * about the folder. */
TOLD_MUST_USE enum told_status told_export_tiles(struct told_export *export);

/* One line an entry. */
void told_export_jsonl_entry(struct told_export *export, const struct told_reader *entry);
void told_export_csv_head(struct told_export *export);
void told_export_csv_entry(struct told_export *export, const struct told_reader *entry);
/* FHIR R4 AuditEvents in the shape of IHE BALP PrivacyDisclosure (Source, Recipient), a line each: two for what was
 * delivered, one for what was refused, none for other entries. */
void told_export_fhir_entry(struct told_export *export, const struct told_reader *entry);

#endif
