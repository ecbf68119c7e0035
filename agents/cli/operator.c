/* SPDX-License-Identifier: Apache-2.0 */
/* One signed message to the broker through libtold, and its receipt. Reads the broker's folder; holds the operator's
 * key for as long as it signs. */
#include "agents/cli/operator.h"

#include "agents/keys/keys.h"
#include "agents/keys/log_say.h"
#include "broker/base/clock.h"
#include "broker/base/file.h"
#include "broker/base/loop.h"
#include "proto/message.h"
#include "told/client.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define ANSWER_MS       INT64_C(10000)
#define ARENA_MAX_BYTES (1u << 20)

struct talk {
	struct told_client *client;
	uint8_t id[TOLD_ID_BYTES];
	struct told_operator_receipt *receipt;
	told_operator_view_fn *view; /* of a query; NULL: none is put */
	void *view_ctx;
	bool answered;
	enum told_status status, said; /* said: why the broker refused, when it says */
};

static struct told_time now(void)
{
	struct told_clock clock = told_clock_system();
	return told_clock_now(&clock);
}

/* The address that the daemon wrote at its start, where it chose the port itself. */
static void find_endpoint(const char *dir, struct told_partnership *partnership)
{
	char path[PATH_MAX];
	struct told_buf text = TOLD_BUF(TOLD_ENDPOINT_MAX_BYTES - 1);
	snprintf(path, sizeof path, "%s/endpoint", dir);
	if (told_file_read(path, TOLD_ENDPOINT_MAX_BYTES - 1, &text) == TOLD_OK && text.len > 0) {
		size_t len = strcspn(told_buf_cstr(&text) != NULL ? (const char *)text.data : "", "\r\n");
		if (len > 0)
			snprintf(partnership->endpoint, sizeof partnership->endpoint, "%.*s", (int)len,
				 (const char *)text.data);
	}
	told_buf_free(&text);
}

static enum told_status read_folder(const char *dir, struct told_partnership *partnership,
				    struct told_broker_keys *keys, struct told_buf *why)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/partnership.json", dir);
	if (n < 0 || (size_t)n >= sizeof path)
		return TOLD_E_LIMIT;
	enum told_status status = told_partnership_read(path, partnership, why);
	if (status == TOLD_OK)
		status = told_broker_keys_load(dir, keys, why);
	if (status == TOLD_OK)
		find_endpoint(dir, partnership);
	return status;
}

/* The message: signed, ready to go. */
static enum told_status write_message(const struct told_partnership *partnership, const struct told_broker_keys *keys,
				      const struct told_header *says, const uint8_t epoch[TOLD_ID_BYTES],
				      struct told_arena *arena, struct told_outgoing *out)
{
	const struct told_keypair *operator= & keys->of[TOLD_BROKER_KEY_OPERATOR];
	struct told_buf header_bytes = TOLD_BUF(TOLD_HEADER_MAX_BYTES), body_bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	struct told_signer *signer = NULL;
	struct told_header header = *says;
	enum told_status status = told_operator_header(told_text(partnership->partnership), epoch,
						       (uint64_t)now().wall_ms, out->id, &header);
	if (status == TOLD_OK)
		status = told_header_encode(&header, &header_bytes);
	if (status == TOLD_OK)
		status = told_body_encode(&(struct told_body){0}, &body_bytes);
	out->type = says->type;
	out->sender_seq = 1;
	out->header = told_arena_copy(arena, told_buf_view(&header_bytes));
	out->body = told_arena_copy(arena, told_buf_view(&body_bytes));
	if (status == TOLD_OK)
		status = told_signer_new(operator->secret, &signer);
	if (status == TOLD_OK)
		status = told_outgoing_sign(arena, signer, operator->key, out, 1);
	told_signer_free(signer);
	told_buf_free(&header_bytes);
	told_buf_free(&body_bytes);
	return status;
}

static enum told_status connect_to(const struct told_partnership *partnership, const struct told_broker_keys *keys,
				   const uint8_t epoch[TOLD_ID_BYTES], struct told_client **out)
{
	const struct told_keypair *session = &keys->of[TOLD_BROKER_KEY_OPERATOR_SESSION];
	struct told_client_config config = {.endpoint = partnership->endpoint,
					    .partnership = told_text(partnership->partnership),
					    .party = told_text(TOLD_OPERATOR_PARTY),
					    .log_vkey = partnership->log_vkey,
					    .program = "told partner"};
	memcpy(config.broker_key, partnership->broker_session_key, TOLD_KEY_BYTES);
	memcpy(config.session_key, session->key, TOLD_KEY_BYTES);
	memcpy(config.session_secret, session->secret, TOLD_KEY_BYTES);
	memcpy(config.epoch, epoch, TOLD_ID_BYTES);
	enum told_status status = told_client_open(&config, out);
	told_wipe(&config, sizeof config);
	return status;
}

static enum told_status hear(void *ctx, const struct told_client_event *event)
{
	struct talk *talk = ctx;
	if (event->kind == TOLD_CLIENT_FAULT)
		return event->status;
	if (event->kind == TOLD_CLIENT_VIEW && talk->view != NULL &&
	    told_bytes_equal(event->view.query, told_bytes(talk->id, TOLD_ID_BYTES)))
		return talk->view(talk->view_ctx, &event->view);
	if (event->kind != TOLD_CLIENT_ANSWER || memcmp(event->answer.id, talk->id, TOLD_ID_BYTES) != 0)
		return TOLD_OK;
	talk->answered = true;
	talk->status = event->answer.outcome == TOLD_ANSWER_ACCEPTED ? TOLD_OK : TOLD_E_REFUSED;
	talk->said = (enum told_status)event->answer.status;
	*talk->receipt = (struct told_operator_receipt){event->answer.index, event->answer.time_ms};
	return TOLD_OK;
}

/* One turn of the loop; a message that is lost with its connection is sent again, the same bytes. */
static enum told_status turn(struct talk *talk, const struct told_outgoing *message, int64_t left_ms)
{
	int64_t wait_ms = told_client_timeout_ms(talk->client, now().boot_ms);
	wait_ms = wait_ms < 0 || wait_ms > left_ms ? left_ms : wait_ms;
	enum told_status status = told_poll_one(told_client_fd(talk->client), POLLIN, wait_ms);
	if (status != TOLD_OK && status != TOLD_E_TIMEOUT)
		return status;
	status = told_client_pump(talk->client, now().wall_ms, now().boot_ms, hear, talk);
	if (status == TOLD_OK && !talk->answered && told_client_ready(talk->client)) {
		enum told_status sent = told_client_send(talk->client, message);
		status = sent == TOLD_E_BUSY ? TOLD_OK : sent;
	}
	return status;
}

static enum told_status converse(struct talk *talk, const struct told_outgoing *message)
{
	int64_t end_ms = now().boot_ms + ANSWER_MS;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && !talk->answered) {
		int64_t left_ms = end_ms - now().boot_ms;
		if (left_ms <= 0)
			return told_client_ready(talk->client) ? TOLD_E_TIMEOUT : TOLD_E_UNREACHABLE;
		status = turn(talk, message, left_ms);
	}
	return status == TOLD_OK ? talk->status : status;
}

static enum told_status talk_to(const char *dir, const struct told_header *says, struct talk *begun,
				struct told_buf *why)
{
	struct told_partnership partnership;
	struct told_broker_keys keys = {0};
	struct told_outgoing message = {0};
	struct told_arena *arena = NULL;
	struct talk talk = *begun;
	uint8_t epoch[TOLD_ID_BYTES];
	enum told_status status = read_folder(dir, &partnership, &keys, why);
	if (status == TOLD_OK)
		status = told_arena_new(ARENA_MAX_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_random(epoch, sizeof epoch);
	if (status == TOLD_OK)
		status = write_message(&partnership, &keys, says, epoch, arena, &message);
	if (status == TOLD_OK)
		status = connect_to(&partnership, &keys, epoch, &talk.client);
	if (status == TOLD_OK) {
		memcpy(talk.id, message.id, TOLD_ID_BYTES);
		status = converse(&talk, &message);
	}
	if (status == TOLD_E_REFUSED && talk.said != TOLD_OK)
		told_buf_printf(why, "The broker says: %s. told partner ls shows how each agency stands.",
				told_status_text(talk.said));
	else if (status == TOLD_E_UNREACHABLE)
		told_buf_printf(why, "No broker answers at %s. %s", partnership.endpoint,
				told_client_advice(talk.client));
	told_client_close(talk.client);
	told_broker_keys_wipe(&keys);
	told_arena_free(arena);
	return status;
}

enum told_status told_operator_send(const char *dir, const struct told_header *says,
				    struct told_operator_receipt *receipt, struct told_buf *why)
{
	struct talk talk = {.receipt = receipt, .status = TOLD_E_TIMEOUT};
	return talk_to(dir, says, &talk, why);
}

enum told_status told_operator_look(const char *dir, struct told_audit_view_part *part, told_operator_view_fn *fn,
				    void *ctx, struct told_operator_receipt *receipt, struct told_buf *why)
{
	const struct told_header says = {.type = TOLD_TYPE_AUDIT_VIEW, .audit_view = part};
	struct talk talk = {.receipt = receipt, .status = TOLD_E_TIMEOUT, .view = fn, .view_ctx = ctx};
	return talk_to(dir, &says, &talk, why);
}

enum told_status told_operator_say(const char *dir, const struct told_partner_part *part,
				   struct told_operator_receipt *receipt, struct told_buf *why)
{
	struct told_partner_part copy = *part;
	const struct told_header says = {.type = TOLD_TYPE_PARTNER, .partner = &copy};
	return told_operator_send(dir, &says, receipt, why);
}
