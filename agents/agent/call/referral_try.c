/* SPDX-License-Identifier: Apache-2.0 */
/* Writing down that somebody was tried: by which way, whether we met, or whether it was we who called it off. Nothing
 * of it leaves the agency, but that a meeting did not come about: the lead worker hears that. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/rule.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/lead.h"
#include "agents/agent/work/referral.h"

#include <string.h>

static int64_t day_of(int64_t utc_ms)
{
	return utc_ms / TOLD_MS_DAY;
}

/* Not before it was sent here, and not tomorrow. A date stands for the end of its day. */
static int64_t time_of(struct told_request *r, const struct told_referral_facts *f)
{
	int64_t now_ms = told_clock_now(&r->agent->clock).wall_ms, at_ms = (int64_t)told_request_number(r, "at_ms");
	if (at_ms == 0 || day_of(at_ms) == day_of(now_ms))
		return now_ms;
	if (at_ms > now_ms)
		told_request_refuse(r, TOLD_E_USAGE,
				    TOLD_DAY_TO_COME "A try lies behind you: this day is still to come.");
	else if (day_of(at_ms) < day_of(f->sent_utc_ms))
		told_request_refuse(r, TOLD_E_USAGE,
				    "This day lies before the referral was sent. A try counts from the day it came.");
	return at_ms;
}

static json_t *try_json(struct told_request *r, const struct told_caller *caller, const struct told_referral_facts *f)
{
	uint32_t way = told_request_word(r, "way", told_try_ways, TOLD_TRY_WAY_COUNT, TOLD_TRY_WAY_NONE);
	uint32_t result = told_request_word(r, "result", told_try_results, TOLD_TRY_RESULT_COUNT, TOLD_TRY_RESULT_NONE);
	uint32_t through =
		told_request_word(r, "through", told_try_throughs, TOLD_TRY_THROUGH_COUNT, TOLD_TRY_OURSELVES);
	struct told_bytes note = told_request_text(r, "note", false);
	int64_t at_ms = time_of(r, f);
	if (way == TOLD_TRY_WAY_NONE || result == TOLD_TRY_RESULT_NONE)
		told_request_refuse(r, TOLD_E_USAGE,
				    "\"way\" and \"result\" are needed: how you tried, and whether you met.");
	if (r->status != TOLD_OK)
		return NULL;
	json_t *row =
		json_pack("{s:s, s:s, s:b, s:b, s:I, s:s}", "way", told_try_ways[way], "result",
			  told_try_results[result], "their_way", told_request_flag(r, "their_way") == TOLD_YES_NO_YES,
			  "their_place", told_request_flag(r, "their_place") == TOLD_YES_NO_YES, "at_ms",
			  (json_int_t)at_ms, "by", caller->number);
	if (row != NULL && through != TOLD_TRY_OURSELVES)
		json_object_set_new(row, "through", json_string(told_try_throughs[through]));
	if (row != NULL && note.len > 0)
		json_object_set_new(row, "note", told_text_json(note));
	return row;
}

static json_t *reply_json(const struct told_found_referral *f, const struct told_search *search)
{
	struct told_buf missing = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	json_t *json = json_pack("{s:o, s:o}", "referral", told_id_json(told_referral_id(f)), "attendance",
				 told_book_attendance(search));
	if (json != NULL && !told_search_enough(search, &missing))
		json_object_set_new(json, "missing", told_text_json(told_buf_view(&missing)));
	told_buf_free(&missing);
	return json;
}

/* Of a referral to us that is open. */
static void ours_and_open(struct told_request *r, const struct told_referral_facts *f)
{
	if (f->referred_to != r->agent->self)
		told_request_refuse(r, TOLD_E_REFUSED, "WFL-08: tries are written down by the service that was asked.");
	else if (told_referral_closed(f->state))
		told_request_refuse(r, TOLD_E_REFUSED, "WFL-02: this referral is closed. told referral back opens it.");
}

/* A meeting that did not come about is something to hear of, whoever cancelled it; that somebody was met is not. */
static enum told_status tell_lead(struct told_agent *agent, const struct told_caller *caller,
				  const struct told_found_referral *f, const json_t *row)
{
	static const char *const words[TOLD_TRY_RESULT_COUNT] = {
		[TOLD_TRY_NOT_MET] = "We did not meet.", [TOLD_TRY_CANCELLED_BY_US] = "We cancelled a meeting."};
	const char *result = json_string_value(json_object_get(row, "result")), *what = NULL;
	for (size_t i = 1; i < TOLD_TRY_RESULT_COUNT && what == NULL; i++)
		what = result != NULL && strcmp(result, told_try_results[i]) == 0 ? words[i] : NULL;
	const struct told_lead_news news = {.client = f->client, .what = what, .referral = told_referral_id(f)};
	return what == NULL ? TOLD_OK : told_lead_tell(agent, caller, &news);
}

enum told_status told_agent_referral_tried(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	struct told_found_referral f = {.person = NULL};
	struct told_search search;
	json_t *book = NULL, *row = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(
		agent, request, "referral way result their_way their_place through at_ms note", reply);
	status = told_referral_named(&r, caller, &f);
	if (status == TOLD_OK) {
		ours_and_open(&r, f.facts);
		row = try_json(&r, caller, f.facts);
		status = r.status;
	}
	if (status == TOLD_OK)
		status = told_book_load(agent, told_referral_id(&f), &book);
	if (status == TOLD_OK)
		status = told_json_add(json_object_get(book, "tries"), row) ? TOLD_OK : TOLD_E_MEMORY;
	else
		json_decref(row);
	if (status == TOLD_OK)
		status = told_book_search(book, &search);
	if (status == TOLD_OK)
		status = told_book_save(agent, &f, book);
	if (status == TOLD_OK)
		status = tell_lead(agent, caller, &f, row);
	if (status == TOLD_OK)
		reply->json = reply_json(&f, &search);
	json_decref(book);
	told_referral_drop(&f);
	return told_call_end(agent, status, reply);
}
