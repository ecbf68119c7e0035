/* SPDX-License-Identifier: Apache-2.0 */
/* The receipts folder: what an auditor anchors the log with (told-audit --receipts). A copy of what the vault has;
 * whatever fails here is tried again. */
#include "agents/agent/core/state.h"

#include "broker/base/file.h"

#include <stdio.h>
#include <sys/stat.h>

#define EXPORT_A_TURN 64u
#define FILE_MODE     (S_IRUSR | S_IWUSR)

void told_agent_keep_note(struct told_agent *agent, const char *name, struct told_bytes note)
{
	char path[PATH_MAX + 64];
	snprintf(path, sizeof path, "%s/receipts/%s", agent->dir, name);
	enum told_status status = told_file_write(path, note, FILE_MODE);
	if (status != TOLD_OK)
		told_log(&agent->log, TOLD_LOG_WARNING, "agent.receipts_folder", TOLD_LOG_STATUS("status", status),
			 TOLD_LOG_PATH("path", path));
}

static enum told_status export_one(struct told_agent *agent, const struct told_outbox_row *row)
{
	char path[PATH_MAX + 64];
	snprintf(path, sizeof path, "%s/receipts/%020llu.tlog-proof", agent->dir, (unsigned long long)row->entry);
	enum told_status status = told_file_write(path, row->receipt, FILE_MODE);
	return status == TOLD_OK ? told_outbox_exported(agent->vault, row->seq) : status;
}

enum told_status told_agent_export_receipts(struct told_agent *agent)
{
	struct told_outbox_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK, wrote = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && wrote == TOLD_OK && i < EXPORT_A_TURN; i++) {
		told_arena_reset(agent->arena);
		status = told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_UNEXPORTED, told_bytes(NULL, 0),
					  after, &row);
		if (status == TOLD_OK)
			wrote = export_one(agent, &row);
		after = row.seq;
	}
	if (wrote != TOLD_OK)
		told_log(&agent->log, TOLD_LOG_WARNING, "agent.receipts_folder", TOLD_LOG_STATUS("status", wrote));
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
