/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, the turn of the loop, closing. A turn: wait, take what came, follow it, commit once, then send, confirm,
 * acknowledge; then the local API. */
#include "agents/agent/agent.h"
#include "agents/agent/call/hear.h"
#include "agents/agent/core/log.h"
#include "agents/agent/core/sight.h"
#include "agents/agent/core/state.h"
#include "agents/agent/turn.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/plan.h"
#include "agents/agent/work/referral.h"

#include "broker/base/file.h"
#include "broker/base/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SWEEP_MS TOLD_MS_MINUTE /* dates pass: whom a permission no longer covers, whom it now does */
#define REST_MS  TOLD_MS_SECOND /* after a turn that could not be kept: the disk may be full for long */
#define QUIET_MS TOLD_MS_SECOND /* without a parcel, after the session stands: nothing waits for us */

/* ---- events ---- */

static enum told_status on_fault(struct told_agent *agent, const struct told_client_event *event)
{
	told_log(&agent->log, TOLD_LOG_ERROR, "agent.broker_fault", TOLD_LOG_STATUS("status", event->status));
	if (event->status != TOLD_E_FORK)
		return TOLD_OK;
	agent->fault = TOLD_E_FORK;
	told_agent_keep_note(agent, "fork-kept", event->fault.kept);
	told_agent_keep_note(agent, "fork-shown", event->fault.note);
	/* A restart does not make it one history again. */
	enum told_status status = told_vault_put(agent->vault, "fork-kept", event->fault.kept);
	return status == TOLD_OK ? told_vault_put(agent->vault, "fork-shown", event->fault.note) : status;
}

static enum told_status on_event(void *ctx, const struct told_client_event *event)
{
	struct told_agent *agent = ctx;
	switch (event->kind) {
	case TOLD_CLIENT_READY:
		agent->ready_boot_ms = told_clock_now(&agent->clock).boot_ms;
		agent->sent_seq = 0; /* everything without a receipt goes again, the same bytes */
		told_log(&agent->log, TOLD_LOG_INFO, "agent.connected");
		return TOLD_OK;
	case TOLD_CLIENT_ANSWER: return told_agent_take_answer(agent, &event->answer);
	case TOLD_CLIENT_PARCEL:
		agent->quiet_boot_ms = told_clock_now(&agent->clock).boot_ms;
		return told_agent_take_parcel(agent, &event->parcel);
	case TOLD_CLIENT_VIEW: return told_agent_take_view(agent, &event->view);
	case TOLD_CLIENT_LOG_KEY: return told_agent_learn_log_key(agent, event->log_key);
	case TOLD_CLIENT_BUSY:
		agent->resend_boot_ms = told_clock_now(&agent->clock).boot_ms + 1 + event->busy.retry_ms;
		return TOLD_OK;
	case TOLD_CLIENT_DISCONNECTED: told_log(&agent->log, TOLD_LOG_WARNING, "agent.disconnected"); return TOLD_OK;
	case TOLD_CLIENT_NEW_LOG: return told_log_offered(agent, &event->new_log);
	case TOLD_CLIENT_FAULT: return on_fault(agent, event);
	}
	return TOLD_OK;
}

/* ---- the turn ---- */

static enum told_status save_checkpoint(struct told_agent *agent)
{
	uint64_t size = 0;
	struct told_bytes note = told_client_checkpoint(agent->client, &size, NULL);
	if (note.len == 0 || size == agent->saved_size)
		return TOLD_OK;
	enum told_status status = told_vault_put(agent->vault, "checkpoint", note);
	if (status == TOLD_OK)
		agent->saved_size = size;
	return status;
}

/* All that follows from what came, in the same transaction. */
static enum told_status follow_up(struct told_agent *agent)
{
	enum told_status status = TOLD_OK;
	if (agent->sweep_offers)
		status = told_offer_sweep(agent->vault, (uint64_t)told_clock_now(&agent->clock).wall_ms);
	agent->sweep_offers = false;
	if (status == TOLD_OK && told_client_ready(agent->client))
		status = told_agent_introduce(agent);
	if (status == TOLD_OK)
		status = told_agent_sweep(agent);
	if (status == TOLD_OK)
		status = told_overdue_sweep(agent);
	if (status == TOLD_OK)
		status = told_alert_sweep(agent);
	if (status == TOLD_OK)
		status = told_meeting_sweep(agent);
	if (status == TOLD_OK)
		status = told_opened_tell(agent);
	if (status == TOLD_OK)
		status = told_agent_acknowledge(agent);
	if (status == TOLD_OK || status == TOLD_E_NOT_FOUND)
		status = save_checkpoint(agent);
	return status;
}

/* Parcels that wait come one behind the other as soon as the session stands; when none has come for a while, there is
 * none. Until then nobody may take what is shown for current. */
static enum told_status note_checked(struct told_agent *agent, struct told_time now)
{
	char text[24];
	if (!told_client_ready(agent->client)) {
		agent->checked = false;
		agent->quiet_boot_ms = 0;
		return TOLD_OK;
	}
	if (agent->quiet_boot_ms == 0)
		agent->quiet_boot_ms = now.boot_ms;
	agent->checked |= now.boot_ms - agent->quiet_boot_ms >= QUIET_MS;
	if (!agent->checked)
		return TOLD_OK;
	agent->checked_ms = (uint64_t)now.wall_ms;
	if (agent->checked_ms < agent->checked_kept_ms + (uint64_t)TOLD_MS_MINUTE)
		return TOLD_OK;
	agent->checked_kept_ms = agent->checked_ms;
	snprintf(text, sizeof text, "%llu", (unsigned long long)agent->checked_ms);
	return told_vault_put(agent->vault, "checked", told_text(text));
}

static enum told_status take(struct told_agent *agent, struct told_time now)
{
	enum told_status status = told_vault_begin(agent->vault);
	if (status != TOLD_OK)
		return status;
	status = told_client_pump(agent->client, now.wall_ms, now.boot_ms, on_event, agent);
	if (status == TOLD_OK)
		status = follow_up(agent);
	if (status == TOLD_OK)
		status = note_checked(agent, now);
	if (status == TOLD_OK && agent->remind)
		status = told_plan_remind(agent);
	agent->remind = agent->remind && status != TOLD_OK;
	if (status == TOLD_OK)
		return told_agent_commit(agent);
	told_vault_rollback(agent->vault);
	return status;
}

static void publish_checkpoint(struct told_agent *agent, int64_t boot_ms)
{
	if (agent->published_size == agent->saved_size || boot_ms < agent->published_boot_ms + TOLD_MS_SECOND)
		return;
	agent->published_boot_ms = boot_ms;
	agent->published_size = agent->saved_size;
	told_agent_keep_note(agent, "checkpoint", told_client_checkpoint(agent->client, NULL, NULL));
}

/* What was heard and not kept must be said again: a new session makes the broker do so. */
static enum told_status begin_again(struct told_agent *agent, enum told_status status)
{
	told_log(&agent->log, TOLD_LOG_ERROR, "agent.turn_lost", TOLD_LOG_STATUS("status", status));
	agent->rest_boot_ms = told_clock_now(&agent->clock).boot_ms + REST_MS;
	enum told_status folded = told_agent_fold_directory(agent);
	agent->all_dirty = true;
	return folded == TOLD_OK ? told_agent_connect(agent) : folded;
}

static enum told_status work(struct told_agent *agent)
{
	struct told_time now = told_clock_now(&agent->clock);
	if (now.boot_ms < agent->rest_boot_ms)
		return TOLD_OK;
	if (now.boot_ms >= agent->swept_boot_ms + SWEEP_MS) {
		agent->swept_boot_ms = now.boot_ms;
		agent->remind = true;
		agent->all_dirty = true;
		agent->sweep_offers = true;
	}
	if (agent->resend_boot_ms != 0 && now.boot_ms >= agent->resend_boot_ms) {
		agent->resend_boot_ms = 0;
		agent->sent_seq = 0;
	}
	enum told_status status = take(agent, now);
	enum told_status_class class = told_status_class(status);
	if (class == TOLD_CLASS_BUSY || class == TOLD_CLASS_PEER)
		return begin_again(agent, status);
	if (status == TOLD_OK)
		status = told_agent_send(agent);
	if (status == TOLD_OK)
		status = told_client_confirm(agent->client, now.wall_ms, now.boot_ms);
	if (status == TOLD_OK)
		status = told_agent_export_receipts(agent);
	publish_checkpoint(agent, now.boot_ms);
	if (status == TOLD_OK && agent->ring_stale)
		status = told_agent_ring(agent);
	return status == TOLD_OK ? told_agent_follow_endpoint(agent, now.boot_ms) : status;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int64_t next_due(struct told_agent *agent, int64_t timeout_ms)
{
	int64_t boot_ms = told_clock_now(&agent->clock).boot_ms;
	int64_t sweep = agent->swept_boot_ms + SWEEP_MS - boot_ms;
	if (boot_ms < agent->rest_boot_ms)
		return sooner(timeout_ms, agent->rest_boot_ms - boot_ms);
	timeout_ms = sooner(timeout_ms, told_client_timeout_ms(agent->client, boot_ms));
	timeout_ms = sooner(timeout_ms, sweep > 0 ? sweep : 0);
	timeout_ms = sooner(timeout_ms, told_alert_due(agent, boot_ms));
	if (agent->resend_boot_ms != 0)
		timeout_ms = sooner(timeout_ms, agent->resend_boot_ms > boot_ms ? agent->resend_boot_ms - boot_ms : 0);
	if (agent->settings.endpoint_file[0] != '\0' && !told_client_ready(agent->client))
		timeout_ms = sooner(timeout_ms, TOLD_AGENT_ENDPOINT_MS);
	if (agent->published_size != agent->saved_size)
		timeout_ms = sooner(timeout_ms, TOLD_MS_SECOND);
	return agent->all_dirty || agent->sweeping || agent->dirty_count > 0 ? 0 : timeout_ms;
}

static enum told_status turn(struct told_agent *agent, const struct told_agent_watch *watch, int64_t timeout_ms,
			     int stop_fd, bool *stopped)
{
	struct pollfd fds[TOLD_AGENT_WATCH_MAX + 2] = {{.fd = told_client_fd(agent->client), .events = POLLIN},
						       {.fd = stop_fd, .events = POLLIN}};
	size_t watched = 0;
	timeout_ms = next_due(agent, timeout_ms);
	if (watch != NULL)
		watched = watch->prepare(watch->ctx, fds + 2, TOLD_AGENT_WATCH_MAX, &timeout_ms);
	enum told_status status = told_poll(fds, 2 + watched, timeout_ms);
	if (status != TOLD_OK && status != TOLD_E_TIMEOUT)
		return status;
	*stopped = fds[1].revents != 0;
	status = work(agent);
	if (status != TOLD_OK || watch == NULL)
		return status;
	watch->serve(watch->ctx, fds + 2, watched);
	return told_agent_send(agent);
}

enum told_status told_agent_turn(struct told_agent *agent, const struct told_agent_watch *watch, int64_t timeout_ms)
{
	bool stopped = false;
	return turn(agent, watch, timeout_ms, -1, &stopped);
}

enum told_status told_agent_run(struct told_agent *agent, const struct told_agent_watch *watch, int stop_fd)
{
	enum told_status status = TOLD_OK;
	bool stopped = false;
	while (status == TOLD_OK && !stopped)
		status = turn(agent, watch, -1, stop_fd, &stopped);
	return status;
}

/* ---- open, close ---- */

/* What stands on a paper for the person: whom to ring, and whether our very name says too much. */
static enum told_status copy_contact(struct told_agent *agent, const struct told_agency *agency)
{
	agent->specialist = agency->specialist;
	agent->telephone = strdup(agency->telephone == NULL ? "" : agency->telephone);
	return agent->telephone != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status copy_teams(struct told_agent *agent, const struct told_agency *agency)
{
	for (size_t i = 0; i < agency->team_count && i < TOLD_AGENT_TEAMS_MAX; i++) {
		agent->teams[i] = strdup(agency->teams[i]);
		if (agent->teams[i] == NULL)
			return TOLD_E_MEMORY;
		agent->team_count++;
	}
	return TOLD_OK;
}

static enum told_status copy_agency(struct told_agent *agent, const struct told_agency *agency)
{
	agent->name = strdup(agency->name == NULL ? agent->settings.party : agency->name);
	agent->emergency_telephone = strdup(agency->emergency_telephone == NULL ? "" : agency->emergency_telephone);
	agent->duty_team = strdup(agency->duty_team == NULL ? "" : agency->duty_team);
	agent->categories = agency->categories;
	agent->roles = agency->roles;
	agent->plan_wait_days = agency->plan_wait_days;
	agent->plan_wait_working = agency->plan_wait_working;
	agent->acknowledge = agency->acknowledge;
	agent->offers = agency->offers;
	agent->offer_count = agency->offer_count;
	return agent->name != NULL && agent->emergency_telephone != NULL && agent->duty_team != NULL
		       ? copy_teams(agent, agency)
		       : TOLD_E_MEMORY;
}

static enum told_status open_files(struct told_agent *agent, struct told_buf *why)
{
	char path[PATH_MAX + 64];
	snprintf(path, sizeof path, "%s/lock", agent->dir);
	enum told_status status = told_file_lock(path, &agent->lock_fd);
	if (status == TOLD_E_IN_USE)
		told_buf_printf(why, "%s: another told-agent runs on this folder.", agent->dir);
	else if (status != TOLD_OK)
		told_buf_printf(why, "%s: %s. Make it with told init --agency.", agent->dir, told_status_text(status));
	if (status == TOLD_OK)
		status = told_agent_settings_read(agent->dir, &agent->settings, why);
	snprintf(path, sizeof path, "%s/partnership.json", agent->dir);
	if (status == TOLD_OK)
		status = told_partnership_read(path, &agent->partnership, why);
	if (status == TOLD_OK)
		status = told_keys_load(agent->dir, &agent->keys, why);
	snprintf(path, sizeof path, "%s/vault.db", agent->dir);
	if (status == TOLD_OK)
		status = told_agent_open_pager(agent, why);
	if (status == TOLD_OK)
		status = told_vault_open(path, agent->keys.of[TOLD_AGENCY_KEY_VAULT].secret, &agent->vault, why);
	return status;
}

/* The epoch is made with the vault; a restored vault gets a new one (told agent restored), never its old numbers again.
 */
static enum told_status load_epoch(struct told_agent *agent)
{
	struct told_buf value = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	enum told_status status = told_vault_get(agent->vault, "epoch", &value);
	if (status == TOLD_OK)
		status = value.len == sizeof agent->epoch ? TOLD_OK : TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		memcpy(agent->epoch, value.data, value.len);
	told_buf_free(&value);
	if (status != TOLD_E_NOT_FOUND)
		return status;
	status = told_random(agent->epoch, sizeof agent->epoch);
	if (status == TOLD_OK)
		status = told_vault_begin(agent->vault);
	if (status == TOLD_OK) {
		status = told_vault_put(agent->vault, "epoch", told_bytes(agent->epoch, sizeof agent->epoch));
		if (status == TOLD_OK)
			status = told_vault_commit(agent->vault);
		else
			told_vault_rollback(agent->vault);
	}
	return status;
}

static enum told_status load_checked(struct told_agent *agent)
{
	struct told_buf text = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	enum told_status status = told_vault_get(agent->vault, "checked", &text);
	if (status == TOLD_OK)
		status = told_decimal(told_buf_view(&text), INT64_MAX, &agent->checked_ms) == TOLD_OK ? TOLD_OK
												      : TOLD_E_CORRUPT;
	agent->checked_kept_ms = agent->checked_ms;
	told_buf_free(&text);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status load_state(struct told_agent *agent)
{
	struct told_buf known = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	enum told_status status = told_parties_new(&agent->parties);
	if (status == TOLD_OK)
		status = told_party_intern(agent->parties, told_agent_self(agent), &agent->self);
	if (status == TOLD_OK)
		status = load_epoch(agent);
	if (status == TOLD_OK)
		status = load_checked(agent);
	if (status == TOLD_OK)
		status = told_agent_fold_directory(agent);
	if (status == TOLD_OK)
		status = told_vault_get(agent->vault, "signing-known", &known);
	agent->signing_known = status == TOLD_OK;
	if (status == TOLD_OK || status == TOLD_E_NOT_FOUND)
		status = told_vault_get(agent->vault, "fork-shown", &known);
	agent->fault = status == TOLD_OK ? TOLD_E_FORK : TOLD_OK;
	agent->all_dirty = true;
	told_buf_free(&known);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status open_rest(struct told_agent *agent, const struct told_agency *agency, struct told_buf *why)
{
	enum told_status status = copy_agency(agent, agency);
	if (status == TOLD_OK)
		status = copy_contact(agent, agency);
	if (status == TOLD_OK)
		status = told_arena_new(TOLD_AGENT_HEAP, &agent->arena);
	if (status == TOLD_OK)
		status = load_state(agent);
	if (status == TOLD_OK)
		status = told_meeting_keep_unnamed(agent);
	if (status == TOLD_OK)
		status = told_agent_ring(agent);
	if (status == TOLD_OK)
		status = told_signer_new(agent->keys.of[TOLD_AGENCY_KEY_IDENTITY].secret, &agent->identity);
	if (status == TOLD_OK)
		status = told_signer_new(agent->keys.of[TOLD_AGENCY_KEY_SIGNING].secret, &agent->signing);
	if (status == TOLD_OK)
		status = told_agent_connect(agent);
	if (status != TOLD_OK)
		told_buf_printf(why, "%s: %s.", agent->dir, told_status_text(status));
	return status;
}

enum told_status told_agent_open(const char *dir, const struct told_agency *agency, struct told_agent **out,
				 struct told_buf *why)
{
	struct told_agent *agent = calloc(1, sizeof *agent);
	*out = NULL;
	if (agent == NULL)
		return TOLD_E_MEMORY;
	agent->lock_fd = -1;
	agent->clock = told_clock_system();
	agent->log = (struct told_log){
		.clock = agent->clock, .program = "told-agent", .fd = STDERR_FILENO, .least = TOLD_LOG_INFO};
	enum told_status status = TOLD_E_LIMIT;
	if (strlen(dir) < sizeof agent->dir) {
		memcpy(agent->dir, dir, strlen(dir) + 1);
		status = open_files(agent, why);
	}
	if (status == TOLD_OK)
		status = open_rest(agent, agency, why);
	if (status == TOLD_OK)
		*out = agent;
	else
		told_agent_close(agent);
	return status;
}

void told_agent_close(struct told_agent *agent)
{
	if (agent == NULL)
		return;
	if (agent->client != NULL && agent->published_size != agent->saved_size)
		told_agent_keep_note(agent, "checkpoint", told_client_checkpoint(agent->client, NULL, NULL));
	told_client_close(agent->client);
	told_sight_free(agent);
	told_log_offer_free(&agent->offer);
	told_hook_free(agent->watch.hook);
	told_vault_close(agent->vault);
	told_signer_free(agent->identity);
	told_signer_free(agent->signing);
	told_directory_free(agent->directory);
	told_parties_free(agent->parties);
	told_arena_free(agent->arena);
	for (size_t i = 0; i < TOLD_AGENT_TICKETS_MAX; i++)
		json_decref(agent->tickets[i].base);
	free(agent->name);
	free(agent->telephone);
	free(agent->emergency_telephone);
	free(agent->duty_team);
	for (size_t i = 0; i < agent->team_count; i++)
		free(agent->teams[i]);
	if (agent->lock_fd >= 0)
		told_file_unlock(&agent->lock_fd);
	told_keys_wipe(&agent->keys);
	told_wipe(agent, sizeof *agent);
	free(agent);
}

void told_agent_set_pager(struct told_agent *agent, struct told_pager pager)
{
	agent->watch.pager = pager;
	agent->watch.page_count = 0;
}

void told_agent_set_clock(struct told_agent *agent, struct told_clock clock)
{
	agent->clock = clock;
	agent->watch.look_boot_ms = 0;
	agent->watch.meeting_boot_ms = 0;
	agent->log.clock = clock;
}

struct told_bytes told_agent_party(const struct told_agent *agent)
{
	return told_agent_self(agent);
}

const char *told_agent_socket(const struct told_agent *agent)
{
	return agent->settings.socket;
}
