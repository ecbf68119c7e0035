/* SPDX-License-Identifier: Apache-2.0 */
/* A ruling for each reader, as text and as JSON: one table says who writes which. */
#include "agents/explain/say.h"

#include <string.h>

static const char *const audience_words[TOLD_AUDIENCE_COUNT] = {
	[TOLD_FOR_SENDER] = "sender",
	[TOLD_FOR_REQUESTER] = "requester",
	[TOLD_FOR_PERSON] = "person",
	[TOLD_FOR_AUDITOR] = "auditor",
};

enum told_audience told_audience_named(const char *word)
{
	unsigned audience = 0;
	while (audience < TOLD_AUDIENCE_COUNT && strcmp(audience_words[audience], word) != 0)
		audience++;
	return (enum told_audience)audience;
}

void told_render_text(const struct told_rendering *r, enum told_audience audience, struct told_buf *out)
{
	static void (*const renderings[TOLD_AUDIENCE_COUNT])(const struct told_rendering *, struct told_buf *) = {
		[TOLD_FOR_SENDER] = told_render_sender,
		[TOLD_FOR_REQUESTER] = told_render_requester,
		[TOLD_FOR_PERSON] = told_render_person,
		[TOLD_FOR_AUDITOR] = told_render_auditor,
	};
	renderings[audience](r, out);
}

enum told_status told_render_json(const struct told_rendering *r, enum told_audience audience, json_t **out)
{
	static json_t *(*const renderings[TOLD_AUDIENCE_COUNT])(const struct told_rendering *) = {
		[TOLD_FOR_SENDER] = told_json_sender,
		[TOLD_FOR_REQUESTER] = told_json_requester,
		[TOLD_FOR_PERSON] = told_json_person,
		[TOLD_FOR_AUDITOR] = told_json_auditor,
	};
	*out = renderings[audience](r);
	return *out ? TOLD_OK : TOLD_E_MEMORY;
}
