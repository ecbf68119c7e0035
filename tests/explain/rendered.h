/* SPDX-License-Identifier: Apache-2.0 */
/* A case of the table, ruled and rendered for the tests of the renderings. */
#ifndef TOLD_TEST_EXPLAIN_RENDERED_H
#define TOLD_TEST_EXPLAIN_RENDERED_H

#include "agents/explain/render.h"
#include "broker/cases/cases.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline const char *table(const char *file)
{
	static char path[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/tests/table/decision/%s", source ? source : ".", file);
	return path;
}

static inline struct told_casebook *open_book(const char *path, struct told_faults *faults)
{
	struct told_casebook *book = NULL;
	*faults = TOLD_FAULTS(path);
	enum told_status status = told_casebook_open(path, faults, &book);
	if (status != TOLD_OK)
		fail_msg("%s: %s", path, told_status_text(status));
	return book;
}

/* What the first recipient's ruling of a case reads like for an audience; the caller's. */
static inline char *render_at(const struct told_casebook *book, size_t index, enum told_audience audience, bool json)
{
	struct told_case *c = NULL;
	struct told_decision *d = calloc(1, sizeof *d);
	struct told_buf text = TOLD_BUF(1048576);
	assert_int_equal(told_case_open(book, index, &c), TOLD_OK);
	const struct told_question *q = told_case_question(c, 0);
	told_decide(q, d);
	told_question_digest(q, &d->inputs);
	struct told_rendering r = {q, d, told_case_parties(c), told_case_labels(c)};
	char *out = NULL;
	if (json) {
		json_t *value = NULL;
		assert_int_equal(told_render_json(&r, audience, &value), TOLD_OK);
		out = json_dumps(value, JSON_COMPACT | JSON_PRESERVE_ORDER);
		json_decref(value);
	} else {
		told_render_text(&r, audience, &text);
		out = strdup(told_buf_cstr(&text));
	}
	assert_non_null(out);
	told_buf_free(&text);
	told_case_close(c);
	free(d);
	return out;
}

static inline char *render_case(const char *file, const char *id, enum told_audience audience, bool json)
{
	struct told_faults faults;
	struct told_casebook *book = open_book(table(file), &faults);
	char *out = NULL;
	for (size_t i = 0; i < told_casebook_count(book); i++)
		if (strcmp(told_casebook_id(book, i), id) == 0)
			out = render_at(book, i, audience, json);
	told_casebook_close(book);
	if (!out)
		fail_msg("%s has no case %s", file, id);
	return out;
}

#endif
