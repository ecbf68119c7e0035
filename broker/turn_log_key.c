/* SPDX-License-Identifier: Apache-2.0 */
/* After the commit: whoever keeps the files of the log's keys hears of a new one, and of one that is over. Changes
 * nothing in the record. */
#include "broker/turn.h"

#include "told/limits.h"

/* Over for good: the log itself has come past its time. */
static size_t count_over(const struct told_record_log_key *keys, size_t count)
{
	size_t over = 0;
	for (size_t i = 0; i < count; i++)
		over += keys[i].last_size != TOLD_WHOLE_LOG;
	return over;
}

static int64_t next_end(const struct told_record_log_key *keys, size_t count)
{
	int64_t next_ms = INT64_MAX;
	for (size_t i = 0; i < count; i++)
		if (keys[i].last_size == TOLD_WHOLE_LOG && keys[i].ends_utc_ms < next_ms)
			next_ms = keys[i].ends_utc_ms;
	return next_ms;
}

/* Of the key that signs. */
static uint64_t age_days(const struct told_record_log_key *newest, int64_t utc_ms)
{
	bool known = newest->since_utc_ms > 0 && newest->since_utc_ms < utc_ms;
	return known ? (uint64_t)((utc_ms - newest->since_utc_ms) / TOLD_MS_DAY) : 0;
}

enum told_status told_turn_log_keys(struct told_broker *broker, struct told_turn *turn)
{
	struct told_record_log_key keys[TOLD_LOG_KEYS_MAX];
	struct told_log_key_news *news = &broker->log_keys;
	size_t count = 0;
	bool look = !news->told || turn->parties_changed || turn->when.utc_ms >= news->next_utc_ms;
	if (!look || !told_health_time_counts(&broker->health))
		return TOLD_OK;
	uint64_t log = 0;
	(void)told_record_origin(broker->record, &log);
	enum told_status status = told_record_log_keys(broker->record, broker->arena, log, keys, &count);
	if (status != TOLD_OK)
		return status;
	size_t over = count_over(keys, count);
	news->next_utc_ms = next_end(keys, count);
	if (news->told && news->count == count && news->over == over)
		return TOLD_OK;
	told_log(&broker->log, TOLD_LOG_INFO, "log.keys", TOLD_LOG_NUMBER("known", count),
		 TOLD_LOG_NUMBER("over", over), TOLD_LOG_NUMBER("days", age_days(&keys[count - 1], turn->when.utc_ms)));
	*news = (struct told_log_key_news){news->hear, news->ctx, news->next_utc_ms, count, over, true};
	broker->witnessing.counted = false; /* the policy names the keys */
	if (news->hear != NULL)
		status = news->hear(news->ctx, told_record_origin(broker->record, NULL), keys, count);
	if (status != TOLD_OK)
		told_log(&broker->log, TOLD_LOG_ERROR, "log.key_files", TOLD_LOG_STATUS("status", status));
	return TOLD_OK;
}
