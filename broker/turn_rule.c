/* SPDX-License-Identifier: Apache-2.0 */
/* Ruling: state first, then the rest, then what is due for delivery. Everything ruled is recorded in the same breath. */
#include "broker/turn.h"

#include "broker/rule/register.h"
#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

/* The table of a message: directory, the person it speaks of, this turn's time. */
static enum told_status table_for(struct told_broker *broker, struct told_bytes client, struct told_table *table)
{
	*table = (struct told_table){
	    .directory = told_record_directory(broker->record),
	    .parties = told_record_parties(broker->record),
	    .when = told_record_when(broker->record),
	};
	return told_record_person(broker->record, client, &table->person);
}

static enum told_status ruling_of(struct told_broker *broker, const struct told_verified *verified, bool queued, struct told_bytes only,
				  const struct told_ruling **ruling)
{
	struct told_table table;
	struct told_deposit_source deposits = told_record_deposits(broker->record);
	enum told_status status = table_for(broker, told_verified_header(verified)->client_ref, &table);
	return status == TOLD_OK ? told_rule(&table, &deposits, broker->arena, verified, queued, only, ruling) : status;
}

static void add_receipt(struct told_turn *turn, const struct told_receipt *receipt)
{
	if (receipt != NULL && turn->receipt_count < sizeof turn->receipts / sizeof turn->receipts[0])
		turn->receipts[turn->receipt_count++] = receipt;
}

static void note_change(struct told_turn *turn, const struct told_header *header)
{
	turn->parties_changed |= told_register_cares(header->type);
	if (!told_person_cares(header->type) || header->client_ref.len == 0)
		return;
	for (size_t i = 0; i < turn->changed_count; i++)
		if (told_bytes_equal(turn->changed[i], header->client_ref))
			return;
	if (turn->changed_count < TOLD_TURN_MAX)
		turn->changed[turn->changed_count++] = header->client_ref;
}

/* Parcels that an acknowledgement names are no longer on their way. */
static enum told_status land(struct told_broker *broker, struct told_agency *session, const struct told_verified *ack)
{
	const struct told_bytes_list *lines = &told_verified_body(ack)->lines;
	for (size_t i = 0; i < lines->count; i++) {
		struct told_ack_line *line = NULL;
		enum told_status status = told_ack_line_decode(lines->items[i], broker->arena, &line);
		if (status != TOLD_OK)
			return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
		told_agency_landed(session, line->parcel);
	}
	return TOLD_OK;
}

/* Verified again, it is refused, because its id is taken by now. */
static enum told_status equivocated(struct told_broker *broker, struct told_turn *turn, struct told_taken *taken)
{
	const struct told_receipt *receipt = NULL;
	struct told_bytes envelope = told_verified_envelope(taken->verified);
	struct told_bytes body = told_verified_body_bytes(taken->verified);
	enum told_status status = told_verify(&broker->verify, broker->arena, taken->session->party, envelope, body,
					      told_record_when(broker->record), &taken->verified, &taken->refused);
	if (status == TOLD_OK && taken->refused != NULL)
		status = told_record_refused(broker->record, broker->arena, taken->refused, &receipt);
	add_receipt(turn, receipt);
	return status;
}

static enum told_status record_verified(struct told_broker *broker, struct told_turn *turn, struct told_taken *taken)
{
	const struct told_receipt *receipt = NULL;
	const struct told_ruling *ruling = NULL;
	const struct told_header *header = told_verified_header(taken->verified);
	enum told_status seen = told_record_seen(broker->record, header->sender, header->id,
						 &told_verified_opened(taken->verified)->hash);
	if (seen == TOLD_E_EQUIVOCATION) /* two of one id in this very turn: the first stands */
		return equivocated(broker, turn, taken);
	if (seen == TOLD_E_REPLAY) {
		enum told_status status = told_record_again(broker->record, broker->arena, taken->verified, &receipt);
		add_receipt(turn, receipt);
		return status;
	}
	enum told_status status = ruling_of(broker, taken->verified, false, told_bytes(NULL, 0), &ruling);
	if (status == TOLD_OK)
		status = told_record_ruled(broker->record, broker->arena, ruling, &receipt);
	if (status != TOLD_OK)
		return status;
	add_receipt(turn, receipt);
	note_change(turn, header);
	return header->type == TOLD_TYPE_ACK ? land(broker, taken->session, taken->verified) : TOLD_OK;
}

static enum told_status record_taken(struct told_broker *broker, struct told_turn *turn, struct told_taken *taken)
{
	const struct told_receipt *receipt = NULL;
	if (taken->verified != NULL)
		return record_verified(broker, turn, taken);
	enum told_status status = told_record_refused(broker->record, broker->arena, taken->refused, &receipt);
	add_receipt(turn, receipt);
	return status;
}

/* Judges what is still to be ruled by the keys as they stand now. A message that the turn recorded already under this id
 * is a replay now. */
static enum told_status verify_again(struct told_broker *broker, struct told_turn *turn, size_t from)
{
	for (size_t i = from; i < turn->taken_count; i++) {
		struct told_taken *taken = &turn->taken[i];
		if (taken->session == NULL || taken->verified == NULL)
			continue;
		struct told_bytes envelope = told_verified_envelope(taken->verified);
		struct told_bytes body = told_verified_body_bytes(taken->verified);
		memset(&broker->verify.cache, 0, sizeof broker->verify.cache);
		enum told_status status = told_verify(&broker->verify, broker->arena, taken->session->party, envelope, body,
						      told_record_when(broker->record), &taken->verified, &taken->refused);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static bool changes_state(const struct told_taken *taken)
{
	return taken->verified != NULL && told_type_rule(told_verified_header(taken->verified)->type)->changes_state;
}

enum told_status told_turn_changes(struct told_broker *broker, struct told_turn *turn)
{
	for (size_t i = 0; i < turn->taken_count; i++) {
		struct told_taken *taken = &turn->taken[i];
		if (!changes_state(taken))
			continue;
		bool parties = told_register_cares(told_verified_header(taken->verified)->type);
		enum told_status status = record_taken(broker, turn, taken);
		if (status != TOLD_OK)
			return status;
		taken->session = NULL; /* done */
		status = parties ? verify_again(broker, turn, 0) : TOLD_OK;
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

/* ---- what follows from a change ---- */

static enum told_status rule_held(struct told_broker *broker, struct told_turn *turn, struct told_bytes client)
{
	uint64_t seq = 0;
	const struct told_verified *held = NULL;
	enum told_status status;
	while ((status = told_record_held(broker->record, broker->arena, client, &seq, &held)) == TOLD_OK) {
		const struct told_ruling *ruling = NULL;
		const struct told_receipt *receipt = NULL;
		status = ruling_of(broker, held, true, told_bytes(NULL, 0), &ruling);
		if (status == TOLD_OK)
			status = told_record_reruled(broker->record, broker->arena, seq, ruling, false, &receipt);
		if (status != TOLD_OK)
			return status;
		add_receipt(turn, receipt);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status rule_overdue(struct told_broker *broker, struct told_turn *turn)
{
	uint64_t seq = 0;
	const struct told_verified *held = NULL;
	const struct told_ruling *ruling = NULL;
	const struct told_receipt *receipt = NULL;
	enum told_status status = told_record_overdue(broker->record, broker->arena, turn->when.utc_ms, &seq, &held);
	if (status == TOLD_OK)
		status = ruling_of(broker, held, true, told_bytes(NULL, 0), &ruling);
	if (status == TOLD_OK)
		status = told_record_reruled(broker->record, broker->arena, seq, ruling, true, &receipt);
	add_receipt(turn, receipt);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status expire(struct told_broker *broker, struct told_turn *turn)
{
	const struct told_receipt *receipt = NULL;
	enum told_status status = told_record_expire(broker->record, broker->arena, turn->when.utc_ms, &receipt);
	add_receipt(turn, receipt);
	turn->more |= receipt != NULL;
	return status;
}

enum told_status told_turn_follow(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < turn->changed_count; i++) {
		status = told_record_sweep(broker->record, broker->arena, turn->changed[i], told_record_when(broker->record));
		if (status == TOLD_OK && !turn->parties_changed)
			status = rule_held(broker, turn, turn->changed[i]);
	}
	if (status == TOLD_OK && turn->parties_changed)
		status = rule_held(broker, turn, told_bytes(NULL, 0));
	for (size_t i = 0; i < told_agencies_count(broker->agencies) && told_record_changed(broker->record); i++)
		told_agency_look_again(told_agency_at(broker->agencies, i));
	turn->changed_count = 0;
	return status;
}

/* What time alone causes: holds that are over are refused, parcels that are over expire. */
enum told_status told_turn_times(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = rule_overdue(broker, turn);
	return status == TOLD_OK ? expire(broker, turn) : status;
}

/* ---- the rest ---- */

/* Entries of one agency stand together, so that its answer is one run of the log. */
enum told_status told_turn_rest(struct told_broker *broker, struct told_turn *turn)
{
	for (size_t i = 0; i < turn->taken_count; i++) {
		struct told_agency *session = turn->taken[i].session;
		for (size_t j = i; session != NULL && j < turn->taken_count; j++) {
			if (turn->taken[j].session != session)
				continue;
			enum told_status status = record_taken(broker, turn, &turn->taken[j]);
			if (status != TOLD_OK)
				return status;
			turn->taken[j].session = NULL;
		}
	}
	return TOLD_OK;
}

/* ---- deliveries ---- */

static enum told_status deliver_row(struct told_broker *broker, struct told_turn *turn, struct told_agency *session,
				    const struct told_parcel_row *row)
{
	struct told_delivery *delivery = &turn->deliveries[turn->delivery_count];
	const struct told_receipt *receipt = NULL;
	bool released = false;
	*delivery = (struct told_delivery){.row = *row};
	enum told_status status =
	    told_record_carried(broker->record, broker->arena, row, &delivery->verified, &delivery->index);
	if (status == TOLD_OK && row->message != 0)
		status = ruling_of(broker, delivery->verified, true, row->recipient, &delivery->ruling);
	if (status == TOLD_OK)
		status = told_record_delivered(broker->record, broker->arena, row, delivery->verified, delivery->ruling,
					       &released, &receipt);
	if (status == TOLD_E_BUSY) {
		told_agency_skip(session, row->seq);
		return TOLD_OK;
	}
	if (status != TOLD_OK)
		return status;
	if (!released) {
		add_receipt(turn, receipt);
		return TOLD_OK;
	}
	turn->delivery_sessions[turn->delivery_count++] = session;
	told_agency_flies(session, row);
	return TOLD_OK;
}

#define ROWS_AT_ONCE 64u

static enum told_status deliver_to(struct told_broker *broker, struct told_turn *turn, struct told_agency *session)
{
	struct told_parcel_row rows[ROWS_AT_ONCE];
	size_t room = told_agency_room(session), left = TOLD_CREDIT_MAX - turn->delivery_count;
	size_t want = room < left ? room : left;
	size_t count = want < ROWS_AT_ONCE ? want : ROWS_AT_ONCE;
	if (count == 0)
		return TOLD_OK;
	size_t asked = count;
	enum told_status status =
	    told_record_waiting(broker->record, broker->arena, session->party, session->cursor, rows, &count);
	turn->more |= status == TOLD_OK && count == asked;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		if (rows[i].seq > turn->parcels_before) {
			turn->more = true;
			return TOLD_OK;
		}
		session->cursor = rows[i].seq;
		if (!told_agency_is_flying(session, rows[i].seq))
			status = deliver_row(broker, turn, session, &rows[i]);
	}
	return status;
}

enum told_status told_turn_deliveries(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < told_agencies_count(broker->agencies); i++)
		status = deliver_to(broker, turn, told_agency_at(broker->agencies, i));
	turn->more |= told_record_last_parcel(broker->record) > turn->parcels_before;
	return status;
}

enum told_status told_turn_heartbeat(struct told_broker *broker, struct told_turn *turn)
{
	bool counted = broker->busy + broker->dropped > 0;
	int64_t since_ms = turn->time.boot_ms - broker->heartbeat_boot_ms;
	if (since_ms < TOLD_HEARTBEAT_ENTRY_MS && !(counted && since_ms >= TOLD_MS_SECOND))
		return TOLD_OK;
	enum told_status status = told_record_heartbeat(broker->record, broker->arena, broker->busy, broker->dropped);
	if (status == TOLD_OK) {
		broker->busy = broker->dropped = 0;
		broker->heartbeat_boot_ms = turn->time.boot_ms;
	}
	return status;
}
