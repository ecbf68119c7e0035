/* SPDX-License-Identifier: Apache-2.0 */
/* What we wrote down about one referral, as a sealed document of the vault. */
#include "agents/agent/work/referral.h"

#include "agents/agent/work/incident.h"

#include <stdlib.h>
#include <string.h>

enum told_status told_book_load(struct told_agent *agent, struct told_bytes referral, json_t **book)
{
	struct told_bytes doc;
	*book = NULL;
	enum told_status status = told_referral_doc_get(agent->vault, agent->arena, referral, &doc);
	if (status == TOLD_OK) {
		*book = told_doc_read(doc);
		return *book == NULL ? TOLD_E_CORRUPT : TOLD_OK;
	}
	if (status != TOLD_E_NOT_FOUND)
		return status;
	*book = json_pack("{s:[]}", "tries");
	return *book == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

enum told_status told_book_save(struct told_agent *agent, const struct told_found_referral *found, const json_t *book)
{
	char *text = json_dumps(book, JSON_COMPACT);
	enum told_status status = text == NULL ? TOLD_E_MEMORY
					       : told_referral_doc_put(agent->vault, told_referral_id(found),
								       found->client, told_text(text));
	if (text != NULL)
		told_wipe(text, strlen(text));
	free(text);
	return status;
}

static unsigned index_of(const char *const *words, size_t count, const json_t *value)
{
	const char *text = json_string_value(value);
	for (size_t i = 1; text != NULL && i < count; i++)
		if (words[i] != NULL && strcmp(words[i], text) == 0)
			return (unsigned)i;
	return 0;
}

static struct told_try try_of(const json_t *row)
{
	return (struct told_try){
		.way = index_of(told_try_ways, TOLD_TRY_WAY_COUNT, json_object_get(row, "way")),
		.result = index_of(told_try_results, TOLD_TRY_RESULT_COUNT, json_object_get(row, "result")),
		.through = index_of(told_try_throughs, TOLD_TRY_THROUGH_COUNT, json_object_get(row, "through")),
		.way_chosen = json_is_true(json_object_get(row, "their_way")),
		.place_chosen = json_is_true(json_object_get(row, "their_place")),
		.at_utc_ms = json_integer_value(json_object_get(row, "at_ms")),
	};
}

static int by_time(const void *a, const void *b)
{
	int64_t x = ((const struct told_try *)a)->at_utc_ms, y = ((const struct told_try *)b)->at_utc_ms;
	return x < y ? -1 : x > y;
}

enum told_status told_book_tries(const json_t *book, struct told_try out[TOLD_TRIES_MAX], size_t *count)
{
	const json_t *rows = json_object_get(book, "tries");
	*count = json_array_size(rows);
	if (*count > TOLD_TRIES_MAX)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < *count; i++)
		out[i] = try_of(json_array_get(rows, i));
	qsort(out, *count, sizeof out[0], by_time);
	return TOLD_OK;
}

enum told_status told_book_search(const json_t *book, struct told_search *out)
{
	struct told_try tries[TOLD_TRIES_MAX];
	size_t count = 0;
	memset(out, 0, sizeof *out);
	enum told_status status = told_book_tries(book, tries, &count);
	if (status != TOLD_OK)
		return status;
	told_search_count(tries, count, out);
	out->hard_asked = json_object_get(book, "hard") != NULL;
	out->message_left = json_object_get(book, "left") != NULL;
	out->reviewer_named = json_object_get(book, "reviewer") != NULL;
	out->referrer_told = json_object_get(book, "informed_ms") != NULL;
	return TOLD_OK;
}

json_t *told_book_attendance(const struct told_search *s)
{
	return json_pack("{s:i, s:i, s:i}", "we_met", (int)s->met, "we_did_not_meet", (int)s->not_met, "we_cancelled",
			 (int)s->cancelled_by_us);
}
