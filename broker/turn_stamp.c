/* SPDX-License-Identifier: Apache-2.0 */
/* Time from outside: once a heartbeat the newest checkpoint is written out to be stamped, and a token that the operator
 * has put beside it is filed with the log (evidence.md section 1 item 9). Never waits for anybody. */
#include "broker/turn.h"

#include "broker/base/file.h"
#include "evidence/timestamp.h"

#include <limits.h>
#include <stdio.h>

#define PUBLIC_MODE 0644

static void write_checkpoint(const struct told_broker *broker)
{
	char path[PATH_MAX];
	struct told_bytes note = told_record_checkpoint(broker->record);
	snprintf(path, sizeof path, "%.4000s/checkpoint", broker->dir);
	enum told_status status = note.len == 0 ? TOLD_OK : told_file_write(path, note, PUBLIC_MODE);
	if (status != TOLD_OK)
		told_log(&broker->log, TOLD_LOG_WARNING, "timestamp.checkpoint_file",
			 TOLD_LOG_STATUS("status", status));
}

enum told_status told_turn_stamp(struct told_broker *broker)
{
	char path[PATH_MAX];
	struct told_buf token = TOLD_BUF(TOLD_TIMESTAMP_MAX_BYTES);
	uint64_t size = 0;
	if (broker->dir == NULL)
		return TOLD_OK;
	write_checkpoint(broker);
	snprintf(path, sizeof path, "%.4000s/timestamp.tsr", broker->dir);
	enum told_status status = told_file_read(path, TOLD_TIMESTAMP_MAX_BYTES, &token);
	if (status == TOLD_OK)
		status = told_record_timestamp(broker->record, broker->arena, told_buf_view(&token), &size);
	if (status == TOLD_OK && size > 0)
		told_log(&broker->log, TOLD_LOG_INFO, "timestamp.filed", TOLD_LOG_NUMBER("size", size));
	else if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		told_log(&broker->log, TOLD_LOG_WARNING, "timestamp.refused", TOLD_LOG_STATUS("status", status));
	told_buf_free(&token);
	return told_status_class(status) == TOLD_CLASS_FATAL || status == TOLD_E_FULL ? status : TOLD_OK;
}
