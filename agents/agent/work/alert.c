/* SPDX-License-Identifier: Apache-2.0 */
/* The document of an alert: read from the vault and put back, and how it stands at a given moment. No clock, no queue.
 */
#include "agents/agent/work/alert.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/incident.h"

#include <string.h>

/* ---- the document ---- */

/* One that was kept before its state was. */
static enum told_alert_state found(const json_t *doc)
{
	if (json_array_size(json_object_get(doc, "calls")) > 0 || json_array_size(json_object_get(doc, "by_hand")) > 0)
		return TOLD_ALERT_CALLED;
	if (json_object_get(doc, "opened") != NULL)
		return TOLD_ALERT_OPENED;
	return json_object_get(json_object_get(doc, "needs"), "by_hand") != NULL ? TOLD_ALERT_BY_HAND : TOLD_ALERT_SENT;
}

/* What lies at rest has a number of its own in the vault, behind all states, so that time passes over the others only.
 */
#define AT_REST ((uint32_t)TOLD_ALERT_STATE_COUNT)

static enum told_alert_state state_of_row(const struct told_kept_row *row, const json_t *doc)
{
	if (row->state == TOLD_ALERT_NONE)
		return found(doc);
	return row->state == AT_REST ? TOLD_ALERT_CLOSED : (enum told_alert_state)row->state;
}

static enum told_status read_row(const struct told_kept_row *row, struct told_alert *out)
{
	*out = (struct told_alert){.doc = told_doc_read(row->doc)};
	if (out->doc == NULL || row->id.len != TOLD_ID_BYTES || row->client.len != TOLD_ID_BYTES) {
		told_alert_free(out);
		return TOLD_E_CORRUPT;
	}
	out->state = state_of_row(row, out->doc);
	memcpy(out->id, row->id.data, TOLD_ID_BYTES);
	memcpy(out->client, row->client.data, TOLD_ID_BYTES);
	return TOLD_OK;
}

enum told_status told_alert_load(struct told_agent *agent, struct told_bytes id, struct told_alert *out)
{
	struct told_kept_row row;
	*out = (struct told_alert){0};
	enum told_status status = told_kept_next(agent->vault, agent->arena, "alert", TOLD_KEPT_ID, id, 0, 0, &row);
	return status == TOLD_OK ? read_row(&row, out) : status;
}

static enum told_status walk(struct told_agent *agent, enum told_kept_which which, uint32_t state,
			     struct told_kept_row *row, struct told_alert *out)
{
	*out = (struct told_alert){0};
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, "alert", which, told_bytes(NULL, 0), state, row->seq, row);
	return status == TOLD_OK ? read_row(row, out) : status;
}

enum told_status told_alert_walk(struct told_agent *agent, struct told_kept_row *row, struct told_alert *out)
{
	return walk(agent, TOLD_KEPT_ALL, 0, row, out);
}

enum told_status told_alert_walk_open(struct told_agent *agent, enum told_alert_state state, struct told_kept_row *row,
				      struct told_alert *out)
{
	return walk(agent, TOLD_KEPT_STATE, state, row, out);
}

/* Nothing can become of it, and nobody has to look at it again. */
static bool at_rest(const struct told_alert *alert)
{
	return alert->state == TOLD_ALERT_CLOSED && told_alert_ms(alert, "review_ms") == 0;
}

enum told_status told_alert_save(struct told_agent *agent, const struct told_alert *alert)
{
	struct told_kept_row row = {.kind = "alert",
				    .id = told_bytes(alert->id, TOLD_ID_BYTES),
				    .client = told_bytes(alert->client, TOLD_ID_BYTES),
				    .state = at_rest(alert) ? AT_REST : (uint32_t)alert->state};
	return told_doc_put(agent, &row, alert->doc);
}

void told_alert_free(struct told_alert *alert)
{
	json_decref(alert->doc);
	alert->doc = NULL;
}

int64_t told_alert_ms(const struct told_alert *alert, const char *member)
{
	return json_integer_value(json_object_get(alert->doc, member));
}

const char *told_alert_text(const struct told_alert *alert, const char *member)
{
	const char *text = json_string_value(json_object_get(alert->doc, member));
	return text == NULL ? "" : text;
}

bool told_alert_needs(const struct told_alert *alert, const char *what)
{
	return json_is_true(json_object_get(json_object_get(alert->doc, "needs"), what));
}

void told_alert_met(struct told_alert *alert, const char *what)
{
	json_object_del(json_object_get(alert->doc, "needs"), what);
}

bool told_alert_needs_any(const struct told_alert *alert)
{
	return json_object_size(json_object_get(alert->doc, "needs")) > 0;
}

bool told_alert_over(const struct told_alert *alert, int64_t now_ms)
{
	int64_t expires_ms = told_alert_ms(alert, "expires_ms");
	return told_alert_ms(alert, "ended_ms") != 0 || (expires_ms != 0 && now_ms >= expires_ms);
}

void told_alert_append(struct told_alert *alert, const char *list, const char *by, int64_t now_ms, json_t *extra)
{
	json_t *line = json_pack("{s:s, s:I}", "by", by, "time_ms", (json_int_t)now_ms);
	json_t *lines = json_object_get(alert->doc, list);
	if (lines == NULL) {
		lines = json_array();
		json_object_set_new(alert->doc, list, lines);
	}
	if (line != NULL && extra != NULL)
		json_object_update(line, extra);
	json_decref(extra);
	told_json_add(lines, line);
}

/* ---- how it stands ---- */

/* Who can meet a need. */
static const struct {
	const char *need, *who, *what;
} needs[] = {
	{"by_hand", "author", "telephone them, then write down what was said: told disclosure record"},
	{"decision", "senior", "a named senior decides: told override decide"},
	{"declarer", "declarer", "someone whose role may declare it takes it on: told override confirm"},
	{"second", "authoriser", "a second worker confirms: told override confirm"},
	{"reason", "author", "write down why: told override reason"},
};

static json_t *waits_for(const struct told_alert *alert, int64_t now_ms)
{
	json_t *list = json_array();
	int64_t due_ms = told_alert_ms(alert, "cure_ms");
	for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
		if (!told_alert_needs(alert, needs[i].need))
			continue;
		told_json_add(list, json_pack("{s:s, s:s, s:s, s:I, s:b}", "need", needs[i].need, "who", needs[i].who,
					      "what", needs[i].what, "due_ms", (json_int_t)due_ms, "late",
					      due_ms != 0 && now_ms >= due_ms));
	}
	return list;
}

static const char *state_of(const struct told_alert *alert, int64_t now_ms)
{
	if (told_alert_ms(alert, "ended_ms") != 0)
		return "ended";
	if (told_alert_over(alert, now_ms))
		return "expired";
	return told_alert_needs_any(alert) ? "waiting" : "open";
}

/* Until somebody there was told, the number is what matters. */
static void add_call(const struct told_alert *alert, int64_t now_ms, json_t *view)
{
	int64_t call_ms = told_alert_ms(alert, "call_ms");
	bool overdue = told_alert_is_overdue(alert->state), waits = told_alert_waits(alert->state);
	if (call_ms == 0 || !(overdue || waits) || told_alert_ms(alert, "ended_ms") != 0)
		return;
	json_object_set_new(view, "call_ms", json_integer(call_ms));
	if (!overdue && now_ms < call_ms)
		return;
	bool late = json_object_get(alert->doc, "opened") != NULL, recalled = alert->state == TOLD_ALERT_RECALLED;
	const char *number = told_alert_text(alert, "telephone");
	json_object_set_new(view, "call_now", json_true());
	json_object_set_new(
		view, "warning",
		json_sprintf("%s Telephone now: %s",
			     recalled ? "You called this back: somebody there may be acting on it. Tell them that it "
					"was wrong."
			     : late   ? "It was opened too late to count on."
				      : "Nobody has opened this.",
			     number[0] != '\0'
				     ? number
				     : "no number of theirs is left in the agreement, so ring their switchboard"));
}

bool told_alert_review_due(const struct told_alert *alert, int64_t now_ms)
{
	int64_t review_ms = told_alert_ms(alert, "review_ms");
	return review_ms != 0 && now_ms >= review_ms;
}

json_t *told_alert_view(const struct told_alert *alert, int64_t now_ms)
{
	static const char *const copied[] = {
		"to",          "type",       "kind",      "clause",      "purpose",      "author",     "rest",
		"raised_ms",   "expires_ms", "review_ms", "authoriser",  "telephone",    "opened",     "calls",
		"reviews",     "ended_ms",   "decision",  "declared_by", "by_hand",      "arrived_ms", "overdue_ms",
		"answered_ms", "closed_ms",  "paged",     "recalled_ms", "wrong_numbers"};
	json_t *view = json_pack(
		"{s:o, s:o, s:s, s:s, s:s, s:b, s:b, s:o}", "id", told_id_json(told_bytes(alert->id, TOLD_ID_BYTES)),
		"client", told_client_json(told_bytes(alert->client, TOLD_ID_BYTES)), "state", state_of(alert, now_ms),
		"stands", told_alert_state_code(alert->state), "stands_words", told_alert_state_words(alert->state),
		"overdue", told_alert_is_overdue(alert->state), "review_due", told_alert_review_due(alert, now_ms),
		"waits_for", told_alert_over(alert, now_ms) ? json_array() : waits_for(alert, now_ms));
	for (size_t i = 0; view != NULL && i < sizeof copied / sizeof copied[0]; i++) {
		json_t *value = json_object_get(alert->doc, copied[i]);
		if (value != NULL)
			json_object_set(view, copied[i], value);
	}
	if (view != NULL)
		add_call(alert, now_ms, view);
	return view;
}
