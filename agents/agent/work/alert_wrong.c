/* SPDX-License-Identifier: Apache-2.0 */
/* An alert that went wrong: the number is not theirs, or the alert itself should not have gone. Both stay on screen
 * until somebody there was told on the telephone. */
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/attention.h"

/* ---- the number ---- */

static bool is_wrong(const struct told_alert *alert, struct told_bytes number)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(json_object_get(alert->doc, "wrong_numbers"), i,
			   one) if (told_bytes_equal(told_text(json_string_value(one)), number)) return true;
	return false;
}

static void note_wrong(struct told_alert *alert)
{
	json_t *list = json_object_get(alert->doc, "wrong_numbers"), *number = json_object_get(alert->doc, "telephone");
	if (list == NULL)
		json_object_set_new(alert->doc, "wrong_numbers", list = json_array());
	json_array_append(list, number);
	told_alert_not_paged(alert);
}

void told_alert_try_another(struct told_agent *agent, struct told_alert *alert, bool wrong)
{
	const struct told_party *line = told_alert_line(agent, told_text(told_alert_text(alert, "to")));
	struct told_bytes now = told_arena_copy(agent->arena, told_text(told_alert_text(alert, "telephone"))),
			  next = now;
	struct told_bytes numbers[] = {line == NULL ? now : line->on_call, line == NULL ? now : line->spoc};
	if (wrong && now.len > 0)
		note_wrong(alert);
	for (size_t i = 0; i < 2 && (told_bytes_equal(next, now) || is_wrong(alert, next)); i++)
		if (numbers[i].len > 0 && !told_bytes_equal(numbers[i], now) && !is_wrong(alert, numbers[i]))
			next = numbers[i];
	if (is_wrong(alert, next))
		next = told_bytes(NULL, 0);
	json_object_set_new(alert->doc, "telephone", told_text_json(next));
	told_alert_look_soon(agent);
}

/* ---- the alert ---- */

enum told_status told_alert_recall(struct told_agent *agent, const struct told_caller *caller, struct told_bytes id)
{
	struct told_alert alert;
	int64_t now_ms = told_clock_now(&agent->clock).wall_ms;
	enum told_status status = told_alert_load(agent, id, &alert);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	if (told_alert_ms(&alert, "call_ms") != 0) {
		enum told_alert_actor actor =
			told_alert_lead(&alert, caller) ? TOLD_ALERT_ACTOR_OUR_LEAD : TOLD_ALERT_ACTOR_OUR_WORKER;
		status = told_alert_happen(&alert, TOLD_ALERT_ACT_RECALL, actor, now_ms);
		if (status == TOLD_OK)
			status = told_alert_save(agent, &alert);
	}
	told_alert_free(&alert);
	return status == TOLD_E_REFUSED ? TOLD_OK : status;
}

/* ---- on the other side ---- */

static enum told_status find(struct told_agent *agent, struct told_bytes message, struct told_kept_row *row)
{
	return told_kept_next(agent->vault, agent->arena, "incoming", TOLD_KEPT_ID, message, 0, 0, row);
}

/* Only whoever sent it calls it back. */
enum told_status told_alert_came_wrong(struct told_agent *agent, struct told_bytes from, struct told_bytes message)
{
	struct told_kept_row row;
	enum told_status status = find(agent, message, &row);
	json_t *doc = status == TOLD_OK ? told_doc_read(row.doc) : NULL;
	const char *sender = json_string_value(json_object_get(doc, "from"));
	bool theirs = sender != NULL && told_bytes_equal(told_text(sender), from);
	row.state = TOLD_INCOMING_RECALLED;
	if (status == TOLD_OK && theirs)
		status = told_kept_put(agent->vault, &row);
	json_decref(doc);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_alert_wrong_answered(struct told_agent *agent, struct told_bytes message)
{
	struct told_kept_row row;
	enum told_status status = find(agent, message, &row);
	if (status != TOLD_OK || row.state != TOLD_INCOMING_RECALLED)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	row.state = TOLD_INCOMING_OPENED;
	return told_kept_put(agent->vault, &row);
}
