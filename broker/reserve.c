/* SPDX-License-Identifier: Apache-2.0 */
/* Touches nothing but its own struct, the disk's interface and the log. */
#include "broker/reserve.h"

static void say(const struct told_reserve *reserve, uint64_t free_bytes, const struct told_log *log)
{
	if (reserve->low)
		told_log(log, TOLD_LOG_ERROR, "disk.low", TOLD_LOG_NUMBER("free_mib", free_bytes >> 20),
			 TOLD_LOG_NUMBER("stories_wait_below_mib", reserve->low_bytes >> 20));
	else
		told_log(log, TOLD_LOG_WARNING, "disk.room_again", TOLD_LOG_NUMBER("free_mib", free_bytes >> 20));
}

static void keep(struct told_reserve *reserve, const struct told_log *log)
{
	enum told_status status = reserve->disk.keep(reserve->disk.ctx);
	reserve->kept = status == TOLD_OK;
	reserve->given = false;
	if (status != TOLD_OK)
		told_log(log, TOLD_LOG_WARNING, "disk.nothing_kept_back", TOLD_LOG_STATUS("status", status));
}

/* From where stories come again: an eighth above the mark, and with room for what was given up. */
static uint64_t enough(const struct told_reserve *reserve)
{
	return reserve->low_bytes + (reserve->low ? reserve->low_bytes / 8 : 0) +
	       (reserve->given ? TOLD_DISK_KEPT_BYTES : 0);
}

/* An earlier run may have left room held back that is not wanted any more. */
static void begin(struct told_reserve *reserve, const struct told_log *log)
{
	reserve->looked = true;
	if (reserve->low_bytes > 0)
		keep(reserve, log);
	else
		(void)reserve->disk.give(reserve->disk.ctx);
}

void told_reserve_look(struct told_reserve *reserve, const struct told_log *log)
{
	uint64_t free_bytes = 0;
	bool was_low = reserve->low;
	if (reserve->disk.free_bytes == NULL)
		return;
	if (!reserve->looked)
		begin(reserve, log);
	if (reserve->low_bytes == 0)
		return;
	reserve->low =
		reserve->disk.free_bytes(reserve->disk.ctx, &free_bytes) != TOLD_OK || free_bytes < enough(reserve);
	if (reserve->low != was_low)
		say(reserve, free_bytes, log);
	if (reserve->given && !reserve->low)
		keep(reserve, log);
}

void told_reserve_give(struct told_reserve *reserve, const struct told_log *log)
{
	if (!reserve->kept)
		return;
	reserve->kept = false;
	reserve->given = true;
	enum told_status status = reserve->disk.give(reserve->disk.ctx);
	told_log(log, TOLD_LOG_ERROR, "disk.reserve_given", TOLD_LOG_STATUS("status", status));
}

bool told_reserve_lets(const struct told_reserve *reserve, const struct told_header *header)
{
	return !reserve->low || header->section_digests.count == 0 || header->type == TOLD_TYPE_ALERT ||
	       header->override_block != NULL;
}
