/* SPDX-License-Identifier: Apache-2.0 */
/* The session: hello, welcome, heartbeats, credit, cosignatures; every frame goes to the file that checks its kind. */
#include "agents/client/state.h"

#include <stdlib.h>
#include <string.h>

#define PUMP_FRAMES         256u
#define HELLO_AGAIN_MS      (10 * TOLD_MS_SECOND) /* no welcome: ask again */
#define BEAT_MS             (15 * TOLD_MS_SECOND)
#define SILENCE_MS          (60 * TOLD_MS_SECOND) /* nothing at all, not even a heartbeat: not connected */
#define ANSWER_MS           (20 * TOLD_MS_SECOND) /* the broker answers in the turn: an answer this late was lost */
#define LOOK_MS             TOLD_MS_SECOND        /* how often what has no answer is looked at */
#define SESSION_FRAME_BYTES 131072u               /* the largest is a cosignature's note line or a hello */

/* ---- open, close ---- */

static enum told_status open_socket(struct told_client *client, const struct told_client_config *config)
{
	struct told_socket_config socket = {.endpoint = config->endpoint};
	memcpy(socket.server_key, config->broker_key, TOLD_KEY_BYTES);
	memcpy(socket.public_key, config->session_key, TOLD_KEY_BYTES);
	memcpy(socket.secret_key, config->session_secret, TOLD_KEY_BYTES);
	enum told_status status = told_socket_open(&socket, &client->socket);
	told_wipe(&socket, sizeof socket);
	return status;
}

static enum told_status copy_names(struct told_client *client, const struct told_client_config *config)
{
	client->partnership = TOLD_BUF(TOLD_NAME_MAX_BYTES);
	client->party = TOLD_BUF(TOLD_NAME_MAX_BYTES);
	client->program = TOLD_BUF(TOLD_NAME_MAX_BYTES);
	told_buf_put_bytes(&client->partnership, config->partnership);
	told_buf_put_bytes(&client->party, config->party);
	told_buf_put_text(&client->program, config->program == NULL ? "libtold" : config->program);
	if (client->partnership.status != TOLD_OK || client->party.status != TOLD_OK ||
	    client->program.status != TOLD_OK)
		return TOLD_E_CONFIG;
	return TOLD_OK;
}

static enum told_status fill(struct told_client *client, const struct told_client_config *config)
{
	if (config->sealing_count > TOLD_SEALING_KEYS_MAX || config->ended_count > TOLD_LOGS_MAX)
		return TOLD_E_USAGE;
	if (config->ended_count > 0)
		memcpy(client->ended, config->ended, config->ended_count * sizeof client->ended[0]);
	client->ended_count = config->ended_count;
	client->base = config->base;
	client->log_number = told_log_number_of(told_text(config->log_vkey));
	client->knows_nothing = config->checkpoint.len == 0;
	memcpy(client->epoch, config->epoch, sizeof client->epoch);
	memcpy(client->sealing, config->sealing, sizeof client->sealing);
	memcpy(client->witness_key, config->witness_key, sizeof client->witness_key);
	client->sealing_count = config->sealing_count;
	client->shut = config->shut;
	client->key_of = config->key_of;
	client->key_ctx = config->ctx;
	enum told_status status = told_trail_open(&client->trail, config);
	if (status == TOLD_OK)
		status = copy_names(client, config);
	if (status == TOLD_OK)
		status = told_arena_new(TOLD_CLIENT_HEAP, &client->arena);
	if (status == TOLD_OK)
		status = told_arena_new(TOLD_CLIENT_HEAP, &client->scratch);
	if (status == TOLD_OK && config->witness_seed != NULL)
		status = told_signer_new(config->witness_seed, &client->witness);
	return status == TOLD_OK ? open_socket(client, config) : status;
}

enum told_status told_client_open(const struct told_client_config *config, struct told_client **out)
{
	struct told_client *client = calloc(1, sizeof *client);
	*out = NULL;
	if (client == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = fill(client, config);
	if (status == TOLD_OK)
		*out = client;
	else
		told_client_close(client);
	return status;
}

void told_client_close(struct told_client *client)
{
	if (client == NULL)
		return;
	told_socket_close(client->socket);
	told_arena_free(client->arena);
	told_arena_free(client->scratch);
	told_trail_free(&client->trail);
	told_signer_free(client->witness);
	told_buf_free(&client->partnership);
	told_buf_free(&client->party);
	told_buf_free(&client->program);
	for (size_t i = 0; i < TOLD_CLIENT_KEYS_KEPT; i++)
		told_verifier_free(client->keys[i].verifier);
	told_wipe(client, sizeof *client);
	free(client);
}

/* ---- asked from outside ---- */

int told_client_fd(const struct told_client *client)
{
	return told_socket_fd(client->socket);
}

static int64_t until(int64_t due_ms, int64_t boot_ms)
{
	return due_ms > boot_ms ? due_ms - boot_ms : 0;
}

static bool connected(const struct told_client *client)
{
	return told_socket_state(client->socket) == TOLD_SOCKET_CONNECTED;
}

int64_t told_client_timeout_ms(struct told_client *client, int64_t boot_ms)
{
	int64_t timeout = told_socket_timeout_ms(client->socket, boot_ms);
	if (!connected(client) || client->shut)
		return timeout;
	int64_t own = client->ready ? until(client->beaten_boot_ms + BEAT_MS, boot_ms)
				    : until(client->hailed_boot_ms + HELLO_AGAIN_MS, boot_ms);
	if (client->flights.count > 0) {
		int64_t look = until(client->looked_boot_ms + LOOK_MS, boot_ms);
		own = look < own ? look : own;
	}
	if (!client->hailed)
		own = 0;
	return timeout < 0 || own < timeout ? own : timeout;
}

bool told_client_ready(const struct told_client *client)
{
	return client->ready;
}

const char *told_client_advice(const struct told_client *client)
{
	if (client->shut)
		return "The broker showed two histories of its log. Nothing is sent until people have looked: keep "
		       "both "
		       "checkpoints in the receipts folder and call the operator and the auditor.";
	if (connected(client) && !client->ready)
		return "Connected, but the broker has not welcomed us yet. If it stays so, its log says why.";
	return told_socket_advice(told_socket_state(client->socket));
}

int64_t told_client_broker_utc_ms(const struct told_client *client, int64_t boot_ms)
{
	return client->told_utc_ms == 0 ? 0 : client->told_utc_ms + (boot_ms - client->told_boot_ms);
}

static void hear_time(struct told_client *client, uint64_t utc_ms, int64_t boot_ms)
{
	client->told_utc_ms = utc_ms < (uint64_t)INT64_MAX / 2 ? (int64_t)utc_ms : 0;
	client->told_boot_ms = boot_ms;
}

int64_t told_client_cosigned_boot_ms(const struct told_client *client)
{
	return client->cosigned_boot_ms;
}

struct told_bytes told_client_checkpoint(const struct told_client *client, uint64_t *size, told_hash *root)
{
	if (size != NULL)
		*size = client->trail.newest.size;
	if (root != NULL)
		*root = client->trail.newest.root;
	return told_buf_view(&client->trail.note);
}

/* ---- what we say ---- */

static enum told_status say(struct told_client *client, enum told_session_kind kind, enum told_schema schema,
			    const void *message)
{
	struct told_envelope envelope = {.session = kind};
	struct told_buf head = TOLD_BUF(TOLD_ENVELOPE_MAX_BYTES), body = TOLD_BUF(SESSION_FRAME_BYTES);
	enum told_status status = told_envelope_encode(&envelope, &head);
	if (status == TOLD_OK)
		status = told_encode(schema, message, &body);
	if (status == TOLD_OK)
		status = told_socket_send(client->socket, told_buf_view(&head), told_buf_view(&body));
	told_buf_free(&head);
	told_buf_free(&body);
	return status == TOLD_E_BUSY ? TOLD_OK
				     : status; /* the connection ended under our hands: we say it again later */
}

/* Only whoever keeps the operator's messages can be led from key to key. */
static bool may_be_led(const struct told_client *client)
{
	return client->trail.log_keys != NULL && client->key_of != NULL;
}

static enum told_status hail(struct told_client *client, int64_t boot_ms)
{
	told_hash log_key;
	told_trail_key_id(&client->trail, &log_key);
	struct told_hello hello = {
		.partnership = told_buf_view(&client->partnership),
		.epoch = told_bytes(client->epoch, sizeof client->epoch),
		.confirmed_size = client->trail.newest.size,
		.program = told_buf_view(&client->program),
		.log = client->log_number > 1 ? client->log_number : 0,
		.log_key = told_bytes(log_key.b, may_be_led(client) ? sizeof log_key.b : 0),
	};
	told_trail_tell(&client->trail);
	client->trail.from_nothing = client->trail.newest.size == 0;
	client->hailed = true;
	client->hailed_size = client->trail.newest.size;
	client->hailed_boot_ms = client->heard_boot_ms = boot_ms;
	client->connections = told_socket_connections(client->socket);
	return say(client, TOLD_SESSION_HELLO, TOLD_SCHEMA_HELLO, &hello);
}

static enum told_status ask_for_parcels(struct told_client *client)
{
	struct told_credit credit = {.parcels = TOLD_CREDIT_MAX};
	if (client->key_of == NULL || client->credit > TOLD_CREDIT_MAX / 2)
		return TOLD_OK;
	client->credit = TOLD_CREDIT_MAX;
	return say(client, TOLD_SESSION_CREDIT, TOLD_SCHEMA_CREDIT, &credit);
}

static enum told_status beat(struct told_client *client, int64_t wall_ms, int64_t boot_ms)
{
	struct told_heartbeat heartbeat = {.now_ms = (uint64_t)wall_ms, .log_size = client->trail.newest.size};
	client->beaten_boot_ms = boot_ms;
	return say(client, TOLD_SESSION_HEARTBEAT, TOLD_SCHEMA_HEARTBEAT, &heartbeat);
}

static enum told_status cosign(struct told_client *client, int64_t wall_ms)
{
	struct told_checkpoint checkpoint = {.origin = client->trail.vkey.name,
					     .size = client->trail.newest.size,
					     .root = client->trail.newest.root};
	struct told_buf text = TOLD_BUF(TOLD_NOTE_MAX_BYTES), line = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	told_checkpoint_format(&checkpoint, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_note_cosign(told_buf_view(&text), (uint64_t)(wall_ms / TOLD_MS_SECOND),
					  told_buf_view(&client->party), client->witness, client->witness_key, &line);
	struct told_cosignature cosignature = {.size = checkpoint.size, .line = told_buf_view(&line)};
	if (status == TOLD_OK)
		status = say(client, TOLD_SESSION_COSIGNATURE, TOLD_SCHEMA_COSIGNATURE, &cosignature);
	told_buf_free(&text);
	told_buf_free(&line);
	return status;
}

enum told_status told_client_confirm(struct told_client *client, int64_t wall_ms, int64_t boot_ms)
{
	if (!client->ready)
		return TOLD_OK;
	enum told_status status = ask_for_parcels(client);
	if (status != TOLD_OK || !client->offered)
		return status;
	client->offered = false;
	told_trail_tell(&client->trail);
	client->cosigned_boot_ms = boot_ms;
	return cosign(client, wall_ms);
}

enum told_status told_client_again(struct told_client *client, const struct told_again_ref *ref)
{
	struct told_entry_ref entry = {.message_id = told_bytes(ref->message, TOLD_ID_BYTES)};
	struct told_again again = {.entries = {.items = &entry, .count = 1}};
	if (!client->ready)
		return TOLD_E_BUSY;
	if (!ref->came && ref->entry < client->base)
		return TOLD_E_NOT_FOUND;
	if (ref->came) {
		entry.parcel = told_bytes(ref->parcel, TOLD_ID_BYTES);
	} else {
		entry.log = client->log_number;
		entry.index = ref->entry - client->base;
	}
	return say(client, TOLD_SESSION_AGAIN, TOLD_SCHEMA_AGAIN, &again);
}

/* ---- what we hear ---- */

enum told_status told_client_fault(struct told_client *client, enum told_status status, struct told_bytes note,
				   told_client_event_fn *fn, void *ctx)
{
	struct told_client_event event = {.kind = TOLD_CLIENT_FAULT, .status = status};
	event.fault.kept = told_buf_view(&client->trail.note);
	event.fault.note = note;
	if (status == TOLD_E_FORK) {
		client->shut = true;
		client->ready = false;
		told_flights_clear(&client->flights);
	}
	return fn(ctx, &event);
}

enum told_status told_client_begin_anew(struct told_client *client, told_client_event_fn *fn, void *ctx)
{
	bool was = client->ready;
	struct told_client_event event = {.kind = TOLD_CLIENT_DISCONNECTED, .status = TOLD_E_UNREACHABLE};
	client->hailed = client->ready = client->offered = false;
	client->credit = 0;
	told_flights_clear(&client->flights);
	return was ? fn(ctx, &event) : TOLD_OK;
}

/* What we are to sign as a witness is signed before anything newer is heard: a witness signs the largest that it has
 * seen. */
static void offered(struct told_client *client, const struct told_point *point)
{
	client->offered = client->witness != NULL && point->size == client->trail.newest.size && point->size > 0;
}

struct hearing {
	struct told_client *client;
	int64_t wall_ms, boot_ms;
	told_client_event_fn *fn;
	void *ctx;
};

/* A newer key of the log comes before anything else; the next welcome is proved from what this one has led to. */
static enum told_status be_led(struct hearing *h, const struct told_log_key_proof *proof)
{
	enum told_status status = told_client_take_log_key(h->client, proof, h->fn, h->ctx);
	if (status == TOLD_E_EXISTS) /* of a hello that was said twice */
		return TOLD_OK;
	return status == TOLD_OK ? told_client_begin_anew(h->client, h->fn, h->ctx)
				 : told_client_fault(h->client, status, proof->checkpoint, h->fn, h->ctx);
}

static enum told_status hear_welcome(struct hearing *h, struct told_bytes body)
{
	struct told_client *client = h->client;
	struct told_welcome *welcome = NULL;
	struct told_point point;
	uint64_t confirmed = client->hailed_size;
	if (client->ready) /* of a hello that was said twice */
		return TOLD_OK;
	enum told_status status = told_welcome_decode(body, client->arena, &welcome);
	if (status != TOLD_OK)
		return told_client_fault(client, status, told_bytes(NULL, 0), h->fn, h->ctx);
	if (welcome->log_key != NULL && may_be_led(client))
		return be_led(h, welcome->log_key);
	uint64_t log = told_log_number_of(welcome->checkpoint);
	if (log != 0 && log != client->log_number)
		return told_client_hear_other(client, welcome, h->fn, h->ctx);
	status = told_trail_follow(&client->trail, welcome->checkpoint, confirmed, welcome->consistency, &point);
	if (status == TOLD_OK && point.size < confirmed)
		status = TOLD_E_FORK; /* the log is shorter than what we have checked: it was rolled back */
	if (status != TOLD_OK)
		return told_client_fault(client, status, welcome->checkpoint, h->fn, h->ctx);
	hear_time(client, welcome->now_ms, h->boot_ms);
	client->ready = true;
	client->knows_nothing = false;
	client->credit = 0;
	client->beaten_boot_ms = h->boot_ms;
	offered(client, &point);
	struct told_client_event event = {.kind = TOLD_CLIENT_READY};
	event.ready.sender_seq = welcome->sender_seq;
	status = h->fn(h->ctx, &event);
	return status == TOLD_OK ? ask_for_parcels(client) : status;
}

static enum told_status hear_answer(struct hearing *h, struct told_bytes body)
{
	return h->client->ready ? told_client_take_answer(h->client, body, h->fn, h->ctx) : TOLD_OK;
}

static enum told_status hear_parcel(struct hearing *h, struct told_bytes body)
{
	return h->client->ready ? told_client_take_parcel(h->client, body, h->fn, h->ctx) : TOLD_OK;
}

static enum told_status hear_view(struct hearing *h, struct told_bytes body)
{
	return h->client->ready ? told_client_take_view(h->client, body, h->fn, h->ctx) : TOLD_OK;
}

static enum told_status hear_heartbeat(struct hearing *h, struct told_bytes body)
{
	struct told_heartbeat *heartbeat = NULL;
	enum told_status status = told_heartbeat_decode(body, h->client->arena, &heartbeat);
	if (status != TOLD_OK)
		return told_client_fault(h->client, status, told_bytes(NULL, 0), h->fn, h->ctx);
	hear_time(h->client, heartbeat->now_ms, h->boot_ms);
	return TOLD_OK;
}

static enum told_status hear_checkpoint(struct hearing *h, struct told_bytes body)
{
	struct told_checkpoint_message *message = NULL;
	struct told_point point;
	struct told_bytes note = {0};
	if (!h->client->ready) /* of a session that is over: the welcome is proved from what our hello named */
		return TOLD_OK;
	enum told_status status = told_checkpoint_message_decode(body, h->client->arena, &message);
	if (status == TOLD_OK) {
		note = message->note;
		status = told_trail_follow(&h->client->trail, note, message->from_size, message->consistency, &point);
	}
	if (status == TOLD_E_UNKNOWN && note.len > 0)
		return told_client_begin_anew(h->client, h->fn, h->ctx);
	if (status == TOLD_OK)
		offered(h->client, &point);
	return status == TOLD_OK ? TOLD_OK : told_client_fault(h->client, status, note, h->fn, h->ctx);
}

static enum told_status (*const hears[])(struct hearing *, struct told_bytes) = {
	[TOLD_SESSION_WELCOME] = hear_welcome,       [TOLD_SESSION_ANSWER] = hear_answer,
	[TOLD_SESSION_PARCEL] = hear_parcel,         [TOLD_SESSION_HEARTBEAT] = hear_heartbeat,
	[TOLD_SESSION_CHECKPOINT] = hear_checkpoint, [TOLD_SESSION_VIEW] = hear_view,
};

static enum told_status hear(struct hearing *h, struct told_bytes head, struct told_bytes body)
{
	struct told_envelope *envelope = NULL;
	told_arena_reset(h->client->arena);
	enum told_status status = told_envelope_decode(head, h->client->arena, &envelope);
	uint32_t kind = status == TOLD_OK ? envelope->session : 0;
	if (kind >= sizeof hears / sizeof hears[0] || hears[kind] == NULL)
		return told_client_fault(h->client, status == TOLD_OK ? TOLD_E_UNKNOWN : status, told_bytes(NULL, 0),
					 h->fn, h->ctx);
	return hears[kind](h, body);
}

/* ---- the pump ---- */

static enum told_status keep_up(struct hearing *h)
{
	struct told_client *client = h->client;
	enum told_status status = TOLD_OK;
	bool same = client->connections == told_socket_connections(client->socket);
	bool silent = client->ready && h->boot_ms - client->heard_boot_ms > SILENCE_MS;
	if (client->hailed && (!connected(client) || !same || silent))
		status = told_client_begin_anew(client, h->fn, h->ctx);
	if (status != TOLD_OK || client->shut || !connected(client))
		return status;
	bool again = !client->ready && h->boot_ms - client->hailed_boot_ms >= HELLO_AGAIN_MS;
	if (!client->hailed || again)
		return hail(client, h->boot_ms);
	if (client->ready && h->boot_ms - client->beaten_boot_ms >= BEAT_MS)
		return beat(client, h->wall_ms, h->boot_ms);
	return TOLD_OK;
}

/* The broker drops an answer that finds the pipe full, or the agency's other connection took it: the caller hears busy,
 * sends the same bytes again and gets the same receipt. */
static enum told_status give_up_waiting(struct hearing *h)
{
	struct told_client *client = h->client;
	struct told_flight *flight = NULL;
	enum told_status status = TOLD_OK;
	if (h->boot_ms - client->looked_boot_ms < LOOK_MS)
		return TOLD_OK;
	client->looked_boot_ms = h->boot_ms;
	while (status == TOLD_OK && (flight = told_flights_overdue(&client->flights, h->boot_ms - ANSWER_MS)) != NULL) {
		struct told_client_event event = {.kind = TOLD_CLIENT_BUSY};
		memcpy(event.busy.id, flight->id, TOLD_ID_BYTES);
		told_flights_remove(&client->flights, flight);
		status = h->fn(h->ctx, &event);
	}
	return status;
}

enum told_status told_client_pump(struct told_client *client, int64_t wall_ms, int64_t boot_ms,
				  told_client_event_fn *fn, void *ctx)
{
	struct hearing h = {.client = client, .wall_ms = wall_ms, .boot_ms = boot_ms, .fn = fn, .ctx = ctx};
	client->boot_ms = boot_ms;
	client->trail.wall_ms = wall_ms;
	client->offered = false;
	enum told_status status = told_socket_pump(client->socket, boot_ms);
	if (status == TOLD_OK)
		status = keep_up(&h);
	for (size_t i = 0; status == TOLD_OK && i < PUMP_FRAMES && !client->shut && !client->offered; i++) {
		struct told_bytes head, body;
		enum told_status got = told_socket_receive(client->socket, &head, &body);
		if (got == TOLD_E_BUSY)
			break;
		client->heard_boot_ms = boot_ms;
		if (got == TOLD_OK)
			status = hear(&h, head, body);
		else if (got != TOLD_E_MALFORMED)
			status = got;
	}
	return status == TOLD_OK && client->ready ? give_up_waiting(&h) : status;
}
