/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of workers: numbers, roles and teams, never names. A newer line replaces an older; both are kept. */
#include "broker/agree/directory_parts.h"

#include <stdlib.h>
#include <string.h>

/* No human has so many numbers; a longer chain is treated as one human, which only ever refuses. */
#define SAME_HUMAN_MAX 16u

static uint64_t number_hash(uint32_t party, struct told_bytes number)
{
	return told_index_hash(told_index_hash(0, told_bytes(&party, sizeof party)), number);
}

static bool text_ok(struct told_bytes text)
{
	return text.len <= TOLD_NAME_MAX_BYTES && (text.len == 0 || told_utf8_valid(text));
}

static bool line_ok(const struct told_worker *worker)
{
	if (worker->number.len == 0 || !text_ok(worker->number) || !text_ok(worker->same_as) ||
	    worker->team_count > TOLD_WORKER_TEAMS_MAX)
		return false;
	for (size_t i = 0; i < worker->team_count; i++)
		if (!text_ok(worker->teams[i]))
			return false;
	return worker->until_utc_ms == 0 || worker->until_utc_ms > worker->from_utc_ms;
}

static void move_text(char **to, struct told_bytes *text)
{
	if (text->len > 0)
		memcpy(*to, text->data, text->len);
	*text = told_bytes(*to, text->len);
	*to += text->len;
}

/* A copy whose text lies in one block of its own. */
static bool copy_line(const struct told_worker *worker, struct worker_line *line)
{
	size_t len = worker->number.len + worker->same_as.len;
	for (size_t i = 0; i < worker->team_count; i++)
		len += worker->teams[i].len;
	line->text = malloc(len);
	if (line->text == NULL)
		return false;
	line->worker = *worker;
	if (line->worker.until_utc_ms == 0)
		line->worker.until_utc_ms = TOLD_NO_END;
	char *to = line->text;
	move_text(&to, &line->worker.number);
	move_text(&to, &line->worker.same_as);
	for (size_t i = 0; i < worker->team_count; i++)
		move_text(&to, &line->worker.teams[i]);
	return true;
}

static enum told_status add_line(struct told_directory *directory, struct told_entry entry,
				 const struct told_worker *worker)
{
	if (directory->worker_count >= TOLD_DIRECTORY_WORKERS_MAX)
		return TOLD_E_LIMIT;
	struct worker_line *lines = told_list_room(directory->workers, directory->worker_count, &directory->worker_cap,
						   sizeof *lines, TOLD_DIRECTORY_WORKERS_MAX);
	if (lines == NULL)
		return TOLD_E_MEMORY;
	directory->workers = lines;
	struct worker_line *line = &lines[directory->worker_count];
	line->entry = entry;
	if (!copy_line(worker, line))
		return TOLD_E_MEMORY;
	enum told_status status =
		told_index_put(&directory->worker_by_number, number_hash(worker->party, worker->number),
			       (uint32_t)directory->worker_count);
	if (status != TOLD_OK) {
		free(line->text);
		return status;
	}
	directory->worker_count++;
	return TOLD_OK;
}

enum told_status told_directory_apply_worker(struct told_directory *directory, struct told_entry entry,
					     const struct told_worker *worker)
{
	enum told_status status = told_directory_order(directory, entry);
	if (status != TOLD_OK)
		return status;
	if (!line_ok(worker))
		return TOLD_E_MALFORMED;
	enum told_party_state state = told_directory_party_now(directory, worker->party);
	if (state != TOLD_PARTY_ENROLLED && state != TOLD_PARTY_SUSPENDED)
		return TOLD_E_NOT_FOUND;
	status = add_line(directory, entry, worker);
	if (status == TOLD_OK)
		told_directory_applied(directory, entry);
	return status;
}

const struct told_worker *told_directory_worker(const struct told_directory *directory, uint32_t party,
						struct told_bytes number, struct told_when when)
{
	const struct told_worker *newest = NULL;
	uint32_t cursor = 0, at, newest_at = 0;
	while ((at = told_index_next(&directory->worker_by_number, number_hash(party, number), &cursor)) !=
	       TOLD_INDEX_NONE) {
		const struct worker_line *line = &directory->workers[at];
		if (line->worker.party != party || !told_bytes_equal(line->worker.number, number) ||
		    !told_counts(line->entry, when))
			continue;
		if (newest == NULL || at > newest_at) {
			newest = &line->worker;
			newest_at = at;
		}
	}
	return newest;
}

const struct told_worker *told_directory_worker_at(const struct told_directory *directory, size_t index)
{
	return index < directory->worker_count ? &directory->workers[index].worker : NULL;
}

bool told_worker_live(const struct told_worker *worker, int64_t t_utc_ms)
{
	bool open = worker->until_utc_ms == 0 || t_utc_ms < worker->until_utc_ms;
	return t_utc_ms >= worker->from_utc_ms && open;
}

/* The numbers that a number leads to over same_as, itself first. Each number leads to at most one other, so two numbers
 * belong to one human exactly when their chains meet. */
static size_t chain(const struct told_directory *directory, uint32_t party, struct told_bytes number,
		    struct told_when when, struct told_bytes out[SAME_HUMAN_MAX])
{
	size_t count = 0;
	while (number.len > 0 && count < SAME_HUMAN_MAX) {
		out[count++] = number;
		const struct told_worker *worker = told_directory_worker(directory, party, number, when);
		number = worker != NULL ? worker->same_as : told_bytes(NULL, 0);
	}
	return count;
}

bool told_directory_same_human(const struct told_directory *directory, uint32_t party, struct told_bytes a,
			       struct told_bytes b, struct told_when when)
{
	struct told_bytes from_a[SAME_HUMAN_MAX], from_b[SAME_HUMAN_MAX];
	size_t a_count = chain(directory, party, a, when, from_a);
	size_t b_count = chain(directory, party, b, when, from_b);
	for (size_t i = 0; i < a_count; i++)
		for (size_t j = 0; j < b_count; j++)
			if (told_bytes_equal(from_a[i], from_b[j]))
				return true;
	return a_count == SAME_HUMAN_MAX && b_count == SAME_HUMAN_MAX;
}

void told_directory_free_workers(struct told_directory *directory)
{
	for (size_t i = 0; i < directory->worker_count; i++)
		free(directory->workers[i].text);
	free(directory->workers);
	told_index_free(&directory->worker_by_number);
}
