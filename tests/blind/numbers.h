/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers by which something of hers can be asked for. In the world without her each is one of the same form that
 * nobody ever gave. A request of calls.h has the mark. */
#ifndef TOLD_TEST_BLIND_NUMBERS_H
#define TOLD_TEST_BLIND_NUMBERS_H

#include "agent/world.h"

static struct number {
	const char *mark;
	char is[40];
} numbers_of_hers[] = {
	{"$note", ""},         /* a note that we wrote */
	{"$complaint", ""},    /* hers, about us */
	{"$disagreement", ""}, /* hers, with what we hold */
	{"$alert", ""},        /* one that we sent */
	{"$warning", ""},      /* the message of one that came */
	{"$incident", ""},     /* one that we opened */
	{"$recall", ""},       /* what another asks us to delete */
	{"$erasure", ""},      /* of what she asks us to erase; drawn: while there is a complaint nothing is erased */
	{"$consent", ""},      /* a permission of hers */
	{"$referral", ""},     /* one that came to us */
	{"$sent", ""},         /* a message of ours about her */
	{"$action", ""},       /* what was decided that we do */
	{"$closed", ""},       /* what came sealed to the contact */
};
#define NUMBERS_OF_HERS (sizeof numbers_of_hers / sizeof numbers_of_hers[0])

static inline struct number *number_of(const char *mark)
{
	for (size_t i = 0; i < NUMBERS_OF_HERS; i++)
		if (strcmp(numbers_of_hers[i].mark, mark) == 0)
			return &numbers_of_hers[i];
	fail_msg("no such number: %s", mark);
	return NULL;
}

static inline void keep(const char *mark, const json_t *reply, const char *member)
{
	const char *is = json_string_value(json_object_get(reply, member));
	if (is == NULL || strlen(is) != 2 * TOLD_ID_BYTES)
		fail_msg("no %s: %s", mark, json_dumps(reply, JSON_INDENT(1)));
	snprintf(number_of(mark)->is, sizeof number_of(mark)->is, "%s", is);
}

static inline void draw_numbers(int64_t now_ms)
{
	uint8_t id[TOLD_ID_BYTES];
	for (size_t i = 0; i < NUMBERS_OF_HERS; i++) {
		assert_int_equal(told_uuid7((uint64_t)now_ms, id), TOLD_OK);
		told_hex(id, sizeof id, numbers_of_hers[i].is);
	}
}

/* All of one mark, in a text that is taken. */
static inline char *put_for(char *text, const char *mark, const char *with)
{
	struct told_buf out = TOLD_BUF(16u << 20);
	world_replace(&out, text, mark, with);
	free(text);
	char *all = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	return all;
}

/* Every number of hers, or in each one's place the same. */
static inline char *put_numbers(char *text, const char *instead)
{
	for (size_t i = 0; i < NUMBERS_OF_HERS; i++)
		text = put_for(text, numbers_of_hers[i].mark, instead != NULL ? instead : numbers_of_hers[i].is);
	return text;
}

#endif
