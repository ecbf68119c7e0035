/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet of an alert that is read out on the telephone: our own ruling is asked anew when it is printed, for a
 * permission to say something is of its moment. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include <string.h>

static struct told_u32_list categories_of(struct told_agent *agent, const struct told_alert *alert)
{
	const json_t *say = json_object_get(alert->doc, "say");
	struct told_u32_list out = {0};
	out.items = told_arena_alloc(agent->arena, (json_array_size(say) + 1) * sizeof *out.items);
	for (size_t i = 0; out.items != NULL && i < json_array_size(say); i++)
		out.items[out.count++] =
			told_value(TOLD_LIST_CATEGORY, told_text(json_string_value(json_array_get(say, i))));
	return out;
}

/* What was told, and the worker's own words where they were kept for this. */
static enum told_status gather(struct told_agent *agent, const struct told_caller *caller,
			       const struct told_alert *alert, struct told_raise *raise)
{
	static const char *const words[] = {"words", "reason_words"};
	struct told_u32_list categories = categories_of(agent, alert);
	enum told_status status = told_override_again(agent, alert, raise);
	if (status == TOLD_OK && categories.count > 0)
		status = told_gather_story(agent, raise->client, categories, &raise->gathered);
	for (size_t i = 0; status == TOLD_OK && i < sizeof words / sizeof words[0]; i++)
		status = told_alert_words(agent, caller, "", told_text(told_alert_text(alert, words[i])),
					  (struct told_u32_list){0}, raise);
	return status;
}

enum told_status told_alert_sheet_now(struct told_agent *agent, const struct told_caller *caller,
				      const struct told_alert *alert, json_t **sheet, struct told_buf *why)
{
	json_t *preview = NULL;
	struct told_raise *raise = told_arena_alloc(agent->arena, sizeof *raise);
	const struct told_party *line = told_alert_line(agent, told_text(told_alert_text(alert, "to")));
	*sheet = NULL;
	if (raise == NULL)
		return TOLD_E_MEMORY;
	memset(raise, 0, sizeof *raise);
	if (line == NULL) {
		told_buf_put_text(why, "No agreement of ours names this party any more. Ring 999 if it is urgent.");
		return TOLD_E_REFUSED;
	}
	enum told_status status = gather(agent, caller, alert, raise);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, raise->type, caller, raise->client, &raise->draft);
	if (status == TOLD_OK) {
		raise->draft.header.author = told_text(told_alert_text(alert, "author"));
		raise->draft.header.authoriser = told_text(told_alert_text(alert, "authoriser"));
		raise->role = (uint32_t)told_alert_ms(alert, "role");
		status = told_alert_dispatch(agent, raise, true, &preview, why);
	}
	/* Nothing is sent: the number that the draft took goes back. */
	if (status == TOLD_OK)
		status = told_alert_unsent(agent);
	if (status == TOLD_OK)
		*sheet = told_alert_sheet(raise, preview, line);
	json_decref(preview);
	return status == TOLD_OK && *sheet == NULL ? TOLD_E_MEMORY : status;
}
