/* SPDX-License-Identifier: Apache-2.0 */
/* Taking: what the wire has becomes verified, refused, or a session's business. */
#include "broker/turn.h"

#include "proto/session.h"
#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

#define TAKE_MAX_BYTES             (16u * 1024u * 1024u) /* of one turn: what more there is waits for the next */
#define SESSION_ENVELOPE_MAX_BYTES 8u                    /* an envelope that holds only its kind */

/* What an agency says of its session. Wrong forms are dropped: nothing of them is believed or answered. */
struct say {
	struct told_broker *broker;
	struct told_turn *turn;
	struct told_agency *session;
	uint64_t wire;
	struct told_bytes body;
};

static enum told_status say_hello(struct say *say)
{
	struct told_hello *hello = NULL;
	uint64_t kept = 0, unused = 0;
	enum told_status status = told_hello_decode(say->body, say->broker->arena, &hello);
	if (status != TOLD_OK)
		return status;
	if (!told_bytes_equal(hello->partnership, say->broker->verify.partnership) || hello->epoch.len != TOLD_ID_BYTES)
		return TOLD_E_MALFORMED;
	status = told_record_party(say->broker->record, say->session->party, hello->epoch, &kept, &unused);
	if (status != TOLD_OK)
		return status;
	/* Who claims to have checked more than there is gets the checkpoint and no proof: nothing leads there. Who
	 * knows only a log that has ended has checked nothing of this one. */
	uint64_t size = told_record_size(say->broker->record), number = 0;
	struct told_heard_hello heard = {.log = hello->log == 0 ? 1 : hello->log,
					 .confirmed = hello->confirmed_size,
					 .log_key = told_arena_copy(say->broker->arena, hello->log_key)};
	(void)told_record_origin(say->broker->record, &number);
	bool here = heard.log == number && heard.confirmed <= size;
	uint64_t confirmed = here ? heard.confirmed : 0;
	if (heard.log == number)
		heard.confirmed = confirmed;
	told_agency_begin(say->session, say->wire, confirmed);
	memcpy(say->session->epoch, hello->epoch.data, TOLD_ID_BYTES);
	if (say->turn->hello_count < TOLD_TURN_MAX) {
		say->turn->hellos[say->turn->hello_count].wire = say->wire;
		say->turn->hellos[say->turn->hello_count++].heard = heard;
	}
	return told_record_confirm(say->broker->record, say->session->party, hello->epoch, confirmed);
}

static enum told_status say_credit(struct say *say)
{
	struct told_credit *credit = NULL;
	enum told_status status = told_credit_decode(say->body, say->broker->arena, &credit);
	if (status != TOLD_OK)
		return status;
	told_agency_link(say->session, say->wire)->credit =
		credit->parcels > TOLD_CREDIT_MAX ? TOLD_CREDIT_MAX : credit->parcels;
	told_agency_look_again(say->session); /* from what could not be sent before */
	return TOLD_OK;
}

/* Its clock against ours as it reads, not as we correct it: a clock that was moved is confirmed or doubted by this. */
static void hear_clock(struct say *say, const struct told_heartbeat *beat)
{
	int64_t now_ms = told_clock_now(&say->broker->clock).wall_ms;
	say->session->clock_known = beat->now_ms != 0 && beat->now_ms < INT64_MAX;
	say->session->clock_ahead_ms = say->session->clock_known ? (int64_t)beat->now_ms - now_ms : 0;
}

static enum told_status say_heartbeat(struct say *say)
{
	struct told_heartbeat *beat = NULL;
	struct told_frames frames;
	enum told_status status = told_heartbeat_decode(say->body, say->broker->arena, &beat);
	if (status == TOLD_OK)
		hear_clock(say, beat);
	if (status == TOLD_OK)
		status = told_heartbeat_build(say->broker->arena, told_record_size(say->broker->record),
					      say->turn->when.utc_ms, &frames);
	if (status != TOLD_OK)
		return status;
	return told_wire_send(say->broker->wire, say->wire, 0, frames.envelope, frames.body);
}

/* A cosignature says how far the agency has checked the log. It is checked, and kept with the log's evidence. */
static enum told_status say_cosignature(struct say *say)
{
	struct told_cosignature *line = NULL;
	enum told_status status = told_cosignature_decode(say->body, say->broker->arena, &line);
	if (status == TOLD_OK)
		status = told_record_cosigned(say->broker->record, say->session->party, line->size, line->line);
	if (status != TOLD_OK) {
		told_log(&say->broker->log, TOLD_LOG_WARNING, "witness.refused",
			 TOLD_LOG_PARTY("party", say->session->party), TOLD_LOG_STATUS("status", status));
		return status;
	}
	told_witness_signed(say->broker, say->turn, line->size);
	struct told_link *link = told_agency_link(say->session, say->wire);
	link->confirmed = line->size;
	uint64_t heard = told_link_heard(link, told_record_position(say->broker->record, line->size));
	if (heard > 0)
		status = told_record_heard(say->broker->record, say->session->party, heard);
	if (status != TOLD_OK)
		return status;
	return told_record_confirm(say->broker->record, say->session->party,
				   told_bytes(say->session->epoch, TOLD_ID_BYTES), line->size);
}

/* Receipts once more, as a retry of the same bytes would give them. What is not the agency's is passed over. */
static enum told_status say_again(struct say *say)
{
	struct told_again *again = NULL;
	struct told_turn *turn = say->turn;
	enum told_status status = told_again_decode(say->body, say->broker->arena, &again);
	for (size_t i = 0; status == TOLD_OK && i < again->entries.count; i++) {
		const struct told_entry_ref *ref = &again->entries.items[i];
		struct told_place place = {.log = ref->log, .index = ref->index};
		const struct told_receipt *receipt = NULL;
		if (turn->receipt_count == TOLD_TURN_MAX)
			return TOLD_OK; /* it asks again */
		status = ref->message_id.len == 0
				 ? TOLD_E_MALFORMED
				 : told_record_receipt(say->broker->record, say->broker->arena, say->session->party,
						       ref->message_id, place, ref->parcel, &receipt);
		if (status == TOLD_OK)
			turn->receipts[turn->receipt_count++] = receipt;
		status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	}
	say->session->wire = say->wire;
	return status;
}

static enum told_status (*const says[])(struct say *) = {
	[TOLD_SESSION_HELLO] = say_hello,         [TOLD_SESSION_CREDIT] = say_credit,
	[TOLD_SESSION_HEARTBEAT] = say_heartbeat, [TOLD_SESSION_COSIGNATURE] = say_cosignature,
	[TOLD_SESSION_AGAIN] = say_again,
};

static enum told_status take_session(struct say *say, struct told_bytes envelope_bytes)
{
	struct told_envelope *envelope = NULL;
	enum told_status status = told_envelope_decode(envelope_bytes, say->broker->arena, &envelope);
	if (status != TOLD_OK)
		return status;
	if (envelope->session >= sizeof says / sizeof says[0] || says[envelope->session] == NULL)
		return TOLD_E_UNKNOWN;
	if (envelope->session != TOLD_SESSION_HELLO && told_agency_link(say->session, say->wire) == NULL)
		return TOLD_E_NOT_ALLOWED;
	return says[envelope->session](say);
}

static void turn_away(struct told_broker *broker, struct told_turn *turn, struct told_agency *session,
		      struct told_bytes id)
{
	broker->busy++;
	if (turn->busy_count == TOLD_TURN_MAX)
		return;
	turn->busy[turn->busy_count].session = session;
	turn->busy[turn->busy_count++].message = id;
}

/* The id of a message that is turned away, where its form allows: so that the agency knows which to send again. */
static struct told_bytes id_of(struct told_broker *broker, struct told_bytes envelope)
{
	struct told_opened_envelope opened;
	return told_envelope_open(broker->arena, envelope, &opened) == TOLD_OK ? opened.header->id
									       : told_bytes(NULL, 0);
}

static enum told_status take_message(struct told_broker *broker, struct told_turn *turn, struct told_agency *session,
				     struct told_bytes envelope, struct told_bytes body)
{
	struct told_taken *taken = &turn->taken[turn->taken_count];
	if (!told_agency_quota(session, broker->quota_per_s, turn->time.boot_ms)) {
		turn_away(broker, turn, session, id_of(broker, envelope));
		return TOLD_OK;
	}
	*taken = (struct told_taken){.session = session, .envelope = envelope, .body = body};
	enum told_status status = told_verify(&broker->verify, broker->arena, session->party, envelope, body,
					      turn->when, &taken->verified, &taken->refused);
	if (status != TOLD_OK)
		return status;
	const struct told_header *header = taken->verified == NULL ? NULL : told_verified_header(taken->verified);
	if (header != NULL && !told_reserve_lets(&broker->reserve, header))
		turn_away(broker, turn, session, header->id);
	else
		turn->taken_count++;
	return TOLD_OK;
}

/* Before anything reads it. thing: a signed message, or a session's words about itself, with what only it knows. */
static bool take_in_hand(struct told_broker *broker, const struct told_agency *session, struct told_bytes thing)
{
	told_hash hash;
	told_sha256(thing, &hash);
	if (told_in_hand_take(broker->hand, hash.b))
		return true;
	told_log(&broker->log, TOLD_LOG_ERROR, "in_hand.put_aside", TOLD_LOG_PARTY("party", session->party),
		 TOLD_LOG_HEX("mark", hash.b, TOLD_IN_HAND_MARK_BYTES));
	return false;
}

static enum told_status take_one(struct told_broker *broker, struct told_turn *turn,
				 const struct told_wire_message *message)
{
	struct told_agency *session = told_agency_of(broker->agencies, message->party);
	struct told_bytes envelope = told_arena_copy(broker->arena, message->envelope);
	struct told_bytes body = told_arena_copy(broker->arena, message->body);
	if (session == NULL || envelope.len != message->envelope.len || body.len != message->body.len) {
		broker->dropped++;
		return TOLD_OK;
	}
	bool is_message = envelope.len > SESSION_ENVELOPE_MAX_BYTES;
	if (!take_in_hand(broker, session, is_message ? envelope : body)) {
		broker->dropped++;
		return TOLD_OK;
	}
	if (is_message) {
		session->wire = message->session;
		return take_message(broker, turn, session, envelope, body);
	}
	struct say say = {broker, turn, session, message->session, body};
	enum told_status status = take_session(&say, envelope);
	if (told_status_class(status) != TOLD_CLASS_PEER)
		return status;
	broker->dropped++;
	return TOLD_OK;
}

static void log_failed(struct told_broker *broker, enum told_status status)
{
	told_log(&broker->log, TOLD_LOG_ERROR, "wire.failed", TOLD_LOG_STATUS("status", status));
}

/* A parcel that found the pipe full is looked at again: it still lies in the record. */
static void unsent(struct told_broker *broker, const struct told_wire_message *message)
{
	for (size_t i = 0; i < told_agencies_count(broker->agencies); i++) {
		struct told_agency *agency = told_agency_at(broker->agencies, i);
		if (told_agency_home(agency) == message->session && message->token != 0)
			told_agency_unsent(agency, message->token);
		if (message->token == 0)
			told_agency_deafen(agency, message->session);
	}
	if (message->token == 0)
		told_log(&broker->log, TOLD_LOG_WARNING, "wire.answer_unsent",
			 TOLD_LOG_NUMBER("session", message->session));
}

/* What is no message: the state of the wire. */
static enum told_status take_event(struct told_broker *broker, const struct told_wire_message *message)
{
	struct told_agency *session;
	switch (message->kind) {
	case TOLD_WIRE_READY:
		if (broker->ready != NULL)
			broker->ready(broker->ready_ctx, message->envelope);
		return TOLD_OK;
	case TOLD_WIRE_GONE:
		session = told_agency_of(broker->agencies, message->party);
		if (session != NULL)
			told_agency_end(session, message->session);
		return TOLD_OK;
	case TOLD_WIRE_UNSENT: unsent(broker, message); return TOLD_OK;
	case TOLD_WIRE_DROPPED:
		if (message->reason != TOLD_WIRE_DROP_SILENT) /* counts refused keys a second time */
			broker->dropped += (uint32_t)message->count;
		return TOLD_OK;
	case TOLD_WIRE_FAILED: log_failed(broker, message->status); return message->status;
	case TOLD_WIRE_HEALTH:
		told_log(&broker->log, message->status == TOLD_OK ? TOLD_LOG_INFO : TOLD_LOG_ERROR, "wire.health",
			 TOLD_LOG_STATUS("status", message->status));
		return TOLD_OK;
	default: return TOLD_OK;
	}
}

enum told_status told_turn_take(struct told_broker *broker, struct told_turn *turn)
{
	size_t bytes = 0, left = told_in_hand_most(broker->hand);
	memset(&broker->verify.cache, 0, sizeof broker->verify.cache);
	broker->verify.directory =
		told_record_directory(broker->record); /* another one after a turn that was rolled back */
	while (left > 0 && turn->taken_count < TOLD_TURN_MAX && turn->busy_count < TOLD_TURN_MAX &&
	       bytes < TAKE_MAX_BYTES) {
		struct told_wire_message message;
		enum told_status status = told_wire_next(broker->wire, &message);
		if (status == TOLD_E_BUSY)
			return TOLD_OK;
		if (status == TOLD_OK)
			status = message.kind == TOLD_WIRE_MESSAGE ? take_one(broker, turn, &message)
								   : take_event(broker, &message);
		if (status != TOLD_OK)
			return status == TOLD_E_UNREACHABLE ? TOLD_E_SYSTEM : status;
		bytes += message.envelope.len + message.body.len;
		left -= message.kind == TOLD_WIRE_MESSAGE;
	}
	turn->more = true;
	return TOLD_OK;
}
