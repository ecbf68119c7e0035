/* SPDX-License-Identifier: Apache-2.0 */
/* Paging the on-call contacts of both sides about an alert that is overdue. Whom, by what number and why: codes, and
 * nothing of the person. Once both were reached the log has it. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include <string.h>

/* ---- by what ---- */

enum told_status told_agent_open_pager(struct told_agent *agent, struct told_buf *why)
{
	if (agent->settings.pager[0] == '\0')
		return TOLD_OK;
	enum told_status status = told_hook_new(agent->settings.pager, &agent->watch.hook, why);
	if (status == TOLD_OK)
		agent->watch.pager = told_hook_pager(agent->watch.hook);
	return status;
}

/* ---- beginning ---- */

static bool on_its_way(const struct told_alert_watch *watch, const uint8_t alert[TOLD_ID_BYTES],
		       enum told_page_whom whom)
{
	for (size_t i = 0; i < watch->page_count; i++)
		if (watch->pages[i].whom == whom && memcmp(watch->pages[i].alert, alert, TOLD_ID_BYTES) == 0)
			return true;
	return false;
}

static bool was_paged(const struct told_alert *alert, enum told_page_whom whom)
{
	const json_t *paged = json_object_get(alert->doc, "paged");
	for (size_t i = 0; i < json_array_size(paged); i++)
		if (json_integer_value(json_object_get(json_array_get(paged, i), "whom")) == whom &&
		    json_object_get(json_array_get(paged, i), "wrong_number") == NULL)
			return true;
	return false;
}

void told_alert_not_paged(struct told_alert *alert)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(json_object_get(alert->doc, "paged"), i,
			   one) if (json_integer_value(json_object_get(one, "whom")) == TOLD_PAGE_THEIRS)
		json_object_set_new(one, "wrong_number", json_true());
}

/* Numbers stand in the agreement that all have signed; our own also in our profile. */
static void describe(struct told_agent *agent, const struct told_alert *alert, enum told_page_whom whom,
		     struct told_page *page)
{
	struct told_bytes self = told_agent_self(agent);
	struct told_bytes own = told_alert_number(told_alert_line(agent, self));
	bool by_hand = told_alert_needs(alert, "by_hand"), ours = whom == TOLD_PAGE_OURS;
	struct told_bytes number = ours ? (own.len > 0 ? own : told_text(agent->emergency_telephone))
					: told_text(told_alert_text(alert, "telephone"));
	*page = (struct told_page){
		.whom = whom,
		.code = by_hand                                   ? "no_agent"
			: told_alert_ms(alert, "arrived_ms") != 0 ? "alert_unopened"
								  : "agent_silent",
		.party = ours ? agent->settings.party : told_alert_text(alert, "to"),
		.telephone = told_arena_text(agent->arena, number),
		.raised_ms = told_alert_ms(alert, "raised_ms"),
		.due_ms = told_alert_ms(alert, "call_ms"),
	};
	memcpy(page->alert, alert->id, TOLD_ID_BYTES);
}

/* One that cannot be begun is tried again with the next look. */
static void page(struct told_agent *agent, const struct told_alert *alert, enum told_page_whom whom, int64_t boot_ms)
{
	struct told_alert_watch *watch = &agent->watch;
	struct told_page one;
	if (watch->pager.start == NULL || watch->page_count == TOLD_AGENT_PAGES_MAX || was_paged(alert, whom) ||
	    on_its_way(watch, alert->id, whom))
		return;
	describe(agent, alert, whom, &one);
	if (one.telephone == NULL || one.telephone[0] == '\0')
		return;
	enum told_status status = watch->pager.start(watch->pager.ctx, &one, boot_ms);
	if (status != TOLD_OK) {
		told_log(&agent->log, TOLD_LOG_WARNING, "agent.not_paged", TOLD_LOG_STATUS("status", status),
			 TOLD_LOG_HEX("alert", alert->id, TOLD_ID_BYTES));
		return;
	}
	struct told_paged *slot = &watch->pages[watch->page_count++];
	*slot = (struct told_paged){.whom = whom};
	memcpy(slot->alert, alert->id, TOLD_ID_BYTES);
}

void told_alert_page(struct told_agent *agent, const struct told_alert *alert, int64_t boot_ms)
{
	page(agent, alert, TOLD_PAGE_OURS, boot_ms);
	page(agent, alert, TOLD_PAGE_THEIRS, boot_ms);
}

/* ---- what became of it ---- */

static enum told_status was_reached(struct told_agent *agent, const struct told_paged *paged, int64_t now_ms)
{
	static const char *const whom[TOLD_PAGE_WHOM_COUNT] = {"pager: our contact", "pager: their contact"};
	struct told_alert alert;
	enum told_status status = told_alert_load(agent, told_bytes(paged->alert, TOLD_ID_BYTES), &alert);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status; /* erased since */
	told_alert_append(&alert, "paged", whom[paged->whom], now_ms, json_pack("{s:i}", "whom", (int)paged->whom));
	bool both = was_paged(&alert, TOLD_PAGE_OURS) && was_paged(&alert, TOLD_PAGE_THEIRS);
	if (both && told_alert_happen(&alert, TOLD_ALERT_ACT_PAGE, TOLD_ALERT_ACTOR_OUR_AGENT, now_ms) == TOLD_OK) {
		struct told_alert_news news = {.event = TOLD_ALERT_EVENT_PAGED, .at_ms = now_ms};
		status = told_alert_say(agent, NULL, &alert, &news, NULL);
	}
	if (status == TOLD_OK)
		status = told_alert_save(agent, &alert);
	told_alert_free(&alert);
	return status;
}

static void forget_page(struct told_alert_watch *watch, const struct told_paged *paged)
{
	for (size_t i = 0; i < watch->page_count; i++)
		if (watch->pages[i].whom == paged->whom &&
		    memcmp(watch->pages[i].alert, paged->alert, TOLD_ID_BYTES) == 0) {
			watch->pages[i] = watch->pages[--watch->page_count];
			return;
		}
}

enum told_status told_alert_paged(struct told_agent *agent, struct told_time now)
{
	struct told_alert_watch *watch = &agent->watch;
	struct told_paged paged;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && watch->page_count > 0 &&
	       watch->pager.poll(watch->pager.ctx, now.boot_ms, &paged) == TOLD_OK) {
		forget_page(watch, &paged);
		if (paged.reached)
			status = was_reached(agent, &paged, now.wall_ms);
		else
			told_log(&agent->log, TOLD_LOG_WARNING, "agent.page_failed",
				 TOLD_LOG_HEX("alert", paged.alert, TOLD_ID_BYTES));
	}
	return status;
}
