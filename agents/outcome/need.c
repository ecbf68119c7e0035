/* SPDX-License-Identifier: Apache-2.0 */
/* The document of a need. Only the first rating and the last are kept: what was between them is in nobody's figures. */
#include "agents/outcome/need.h"

const char *const told_change_words[] = {"less in the way", "as before", "more in the way", "not asked again"};

bool told_need_name_ok(struct told_bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return name.len >= 1 && name.len <= 40;
}

static json_t *rating_json(const struct told_rating *r)
{
	return json_pack("{s:i, s:i, s:I}", "person", r->person, "worker", r->worker, "at_ms",
			 (json_int_t)r->at_utc_ms);
}

static struct told_rating rating_of(const json_t *json)
{
	return (struct told_rating){
		.person = (int)json_integer_value(json_object_get(json, "person")),
		.worker = (int)json_integer_value(json_object_get(json, "worker")),
		.at_utc_ms = json_integer_value(json_object_get(json, "at_ms")),
	};
}

enum told_status told_need_rate(json_t **doc, const char *need, const struct told_rating *r)
{
	bool asked = r->person > 0 || r->worker > 0;
	if (!asked || r->person < 0 || r->worker < 0 || r->person > TOLD_IN_THE_WAY_MAX ||
	    r->worker > TOLD_IN_THE_WAY_MAX)
		return TOLD_E_USAGE;
	if (*doc == NULL) {
		*doc = json_pack("{s:s, s:o}", "need", need, "first", rating_json(r));
		return *doc != NULL ? TOLD_OK : TOLD_E_MEMORY;
	}
	return json_object_set_new(*doc, "last", rating_json(r)) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

struct told_rating told_need_first(const json_t *doc)
{
	return rating_of(json_object_get(doc, "first"));
}

enum told_change told_need_change(const json_t *doc, bool worker)
{
	struct told_rating first = told_need_first(doc), last = rating_of(json_object_get(doc, "last"));
	int before = worker ? first.worker : first.person, after = worker ? last.worker : last.person;
	if (before == 0 || after == 0)
		return TOLD_CHANGE_NOT_ASKED;
	return after < before ? TOLD_CHANGE_BETTER : after > before ? TOLD_CHANGE_WORSE : TOLD_CHANGE_SAME;
}
