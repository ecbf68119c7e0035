/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between this agency and its work: each fault with what to do about it. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/consent.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/contact.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/incident.h"
#include "broker/rule/log_key.h"
#include "proto/page/page.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define DISK_LOW_BYTES  (512ull * 1024 * 1024)
#define SILENT_MS       TOLD_WITNESS_SILENT_MS
#define WAITING_LONG_MS (15 * TOLD_MS_MINUTE)
#define LOG_KEY_DAYS    395 /* a year, and a month for somebody to see to it */

struct examination {
	struct told_agent *agent;
	json_t *checks;
};

static void say(struct examination *e, const char *check, bool ok, const char *what, const char *fix)
{
	json_t *json = json_pack("{s:s, s:b, s:s}", "check", check, "ok", ok, "what", what);
	if (json != NULL && !ok)
		json_object_set_new(json, "fix", json_string(fix));
	told_json_add(e->checks, json);
}

static void check_broker(struct examination *e)
{
	bool ready = told_client_ready(e->agent->client);
	say(e, "broker", ready, ready ? "connected" : "not connected", told_client_advice(e->agent->client));
	if (e->agent->offer.there)
		say(e, "new log", false, "our log has ended and another has begun: nothing goes and nothing comes",
		    "The broker lost entries and was restored. The lead reads told log ls, asks the operator what "
		    "happened, and accepts the new log with told log accept.");
	say(e, "log", e->agent->fault != TOLD_E_FORK,
	    e->agent->fault == TOLD_E_FORK ? "two histories were shown" : "one history",
	    told_client_advice(e->agent->client));
}

/* As a witness we are asked at least once a minute while we are connected. */
static void check_witness(struct examination *e)
{
	int64_t signed_ms = told_client_cosigned_boot_ms(e->agent->client);
	int64_t from_ms = signed_ms > e->agent->ready_boot_ms ? signed_ms : e->agent->ready_boot_ms;
	bool ok =
		!told_client_ready(e->agent->client) || told_clock_now(&e->agent->clock).boot_ms - from_ms < SILENT_MS;
	say(e, "witness", ok,
	    ok ? "the log's checkpoints are signed as they come" : "no checkpoint was signed for a quarter of an hour",
	    "The log has stood still, or the broker does not know this agency's witness key: ask the operator to look "
	    "at the broker's log for witness.silent.");
}

static void check_keys(struct examination *e)
{
	bool known = e->agent->signing_known;
	say(e, "keys", known,
	    known ? "the log knows this agency's keys" : "the log does not know this agency's keys yet",
	    "They go by themselves once the operator has enrolled this agency (told partner enrol) and the broker is "
	    "reached.");
}

/* The first key is as old as the first thing that is known here. */
static enum told_status began_ms(struct examination *e, const struct told_key *key, int64_t *out)
{
	struct told_fact_row first = {0};
	enum told_status status = TOLD_OK;
	*out = key->issued.utc_ms;
	if (*out == 0)
		status = told_fact_next(e->agent->vault, e->agent->arena, told_bytes(NULL, 0), 0, &first);
	if (*out == 0)
		*out = status == TOLD_OK ? (int64_t)first.time_ms : told_clock_now(&e->agent->clock).wall_ms;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status check_log_key(struct examination *e)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	char what[96];
	int64_t since_ms = 0;
	size_t count = told_log_keys(e->agent->directory, keys, TOLD_LOG_KEYS_MAX);
	if (count == 0)
		return TOLD_OK;
	enum told_status status = began_ms(e, keys[count - 1], &since_ms);
	int64_t days = (told_clock_now(&e->agent->clock).wall_ms - since_ms) / TOLD_MS_DAY;
	snprintf(what, sizeof what, "its key is number %u and %lld day%s old", (unsigned)keys[count - 1]->number,
		 (long long)(days < 0 ? 0 : days), told_many((uint64_t)days, "", "s"));
	say(e, "log key", days <= LOG_KEY_DAYS, what,
	    "The log's key is renewed once a year: ask the operator for told partner log-key rotate.");
	return status;
}

static void check_agreements(struct examination *e)
{
	const struct told_agreement *a;
	bool signed_one = false;
	for (size_t i = 0; (a = told_directory_agreement_at(e->agent->directory, i)) != NULL; i++)
		signed_one |= told_directory_signed(e->agent->directory, a, e->agent->self, told_agent_now(e->agent));
	say(e, "agreements", signed_one, signed_one ? "at least one is signed" : "none is signed",
	    "Sign the partnership's agreement: told agreement sign FILE.");
}

static enum told_status check_outbox(struct examination *e)
{
	uint64_t count = 0, oldest_ms = 0;
	enum told_status status = told_outbox_waiting(e->agent->vault, &count, &oldest_ms);
	uint64_t now_ms = (uint64_t)told_clock_now(&e->agent->clock).wall_ms;
	bool ok = count == 0 || now_ms < oldest_ms + (uint64_t)WAITING_LONG_MS;
	say(e, "outbox", ok, ok ? "nothing waits for long" : "messages wait for the broker",
	    "They are safe and go when the broker is reached. If something in them cannot wait, telephone.");
	return status;
}

static void check_clock(struct examination *e)
{
	struct told_time now = told_clock_now(&e->agent->clock);
	int64_t theirs_ms = told_client_broker_utc_ms(e->agent->client, now.boot_ms);
	int64_t off_ms = theirs_ms == 0 ? 0 : theirs_ms - now.wall_ms;
	bool ok = off_ms < TOLD_FUTURE_MAX_MS && off_ms > -TOLD_FUTURE_MAX_MS;
	say(e, "clock", ok, ok ? "agrees with the broker's" : "more than five minutes off the broker's",
	    "Set this machine's clock (timedatectl set-ntp true), or tell the operator if theirs is wrong.");
}

static void check_disk(struct examination *e)
{
	struct statvfs disk;
	bool known = statvfs(e->agent->dir, &disk) == 0;
	bool ok = known && (unsigned long long)disk.f_bavail * disk.f_frsize > DISK_LOW_BYTES;
	say(e, "disk", ok, ok ? "there is room" : "less than 512 MiB are free",
	    "Make room on the vault's disk before it is full.");
}

/* Nothing lapses silently (practice.md section 3). */
static enum told_status check_permissions(struct examination *e, const struct told_caller *caller)
{
	char what[96];
	json_t *due = json_array();
	enum told_status status = told_consents_due(e->agent, caller, due);
	size_t count = json_array_size(due);
	snprintf(what, sizeof what, count == 0 ? "none ends unasked" : "%zu to ask about again, or to confirm", count);
	if (status == TOLD_OK)
		say(e, "permissions", count == 0, what, "told consent due lists them, each with what to do.");
	json_decref(due);
	return status;
}

/* Incidents whose 72 hours are over, and recalls that nobody here has answered. */
static enum told_status check_incidents(struct examination *e)
{
	char what[96];
	struct told_kept_row incident = {0};
	struct told_recall_row recall = {0};
	size_t over = 0, asked = 0;
	int64_t now_ms = told_clock_now(&e->agent->clock).wall_ms;
	enum told_status status = TOLD_OK;
	json_t *doc = NULL;
	while ((status = told_incident_next(e->agent, incident.seq, &incident, &doc)) == TOLD_OK) {
		over += told_incident_over(doc, now_ms);
		json_decref(doc);
	}
	while (status == TOLD_E_NOT_FOUND && told_recall_next(e->agent->vault, e->agent->arena, told_bytes(NULL, 0),
							      recall.seq, &recall) == TOLD_OK) {
		doc = told_doc_read(recall.doc);
		asked += json_object_get(doc, "answer") == NULL;
		json_decref(doc);
	}
	snprintf(what, sizeof what, "%zu past 72 hours and not reported, %zu recall%s to answer", over, asked,
		 told_many(asked, "", "s"));
	say(e, "incidents", over + asked == 0, over + asked == 0 ? "none is overdue" : what,
	    "told incident ls lists them, each with what to do.");
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Without a program nobody is paged: whoever looks must know that the screens are all there is. */
static void check_pager(struct examination *e)
{
	bool set = e->agent->watch.pager.start != NULL;
	say(e, "pager", true, set ? "who is on call is paged" : "nobody is paged: there is no \"pager\" in agent.yaml",
	    "");
}

/* A MARAC is there for our contact alone at first: without one, for nobody. */
static enum told_status check_contact(struct examination *e)
{
	bool missing = false;
	enum told_status status = told_contact_missing(e->agent, &missing);
	say(e, "contact", !missing,
	    missing ? "nobody is our contact for conferences" : "there is one, or none is needed",
	    "A senior names one, and a deputy: told contact name WORKER.");
	return status;
}

/* What the person said is wrong, and what they complained of: each has its month. */
static enum told_status check_person_said(struct examination *e)
{
	char what[96];
	size_t complaints = 0, disagreements = 0;
	enum told_status status = told_docket_overdue(e->agent, &complaints, &disagreements);
	bool ok = complaints + disagreements == 0;
	snprintf(what, sizeof what, "%zu complaint%s not acknowledged in 30 days, %zu disagreement%s not decided",
		 complaints, told_many(complaints, "", "s"), disagreements, told_many(disagreements, "", "s"));
	say(e, "complaints", ok, ok ? "none is overdue" : what, "told complaint ls and told disagree ls list them.");
	return status;
}

enum told_status told_agent_doctor(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   struct told_reply *reply)
{
	struct examination e = {.agent = agent, .checks = json_array()};
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	if (status == TOLD_OK) {
		check_broker(&e);
		check_witness(&e);
		check_keys(&e);
		check_agreements(&e);
		check_clock(&e);
		check_disk(&e);
		status = check_outbox(&e);
	}
	if (status == TOLD_OK)
		status = check_log_key(&e);
	if (status == TOLD_OK)
		status = check_permissions(&e, caller);
	if (status == TOLD_OK)
		status = check_incidents(&e);
	if (status == TOLD_OK)
		check_pager(&e);
	if (status == TOLD_OK)
		status = check_contact(&e);
	if (status == TOLD_OK)
		status = check_person_said(&e);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "checks", e.checks);
	json_decref(e.checks);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
