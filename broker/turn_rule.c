/* SPDX-License-Identifier: Apache-2.0 */
/* Ruling: state first, then the rest, then what is due for delivery. Everything ruled is recorded in the same breath.
 */
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

/* The sender's own referral that is held, which a message takes back; verified NULL: none. */
struct held {
	const struct told_verified *verified;
	uint64_t seq;
};

static enum told_status find_held(struct told_broker *broker, const struct told_header *header, struct held *out)
{
	struct held h = {NULL, 0};
	*out = h;
	if (header->type != TOLD_TYPE_CANCEL || header->workflow == NULL)
		return TOLD_OK;
	enum told_status status;
	while ((status = told_record_held(broker->record, broker->arena, header->client_ref, &h.seq, &h.verified)) ==
	       TOLD_OK) {
		const struct told_header *is = told_verified_header(h.verified);
		if (is->type == TOLD_TYPE_REFERRAL && is->recipients.count > 0 &&
		    told_bytes_equal(is->sender, header->sender) &&
		    told_bytes_equal(is->id, header->workflow->referral)) {
			*out = h;
			return TOLD_OK;
		}
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* What is ruled: anew or again, for all its recipients or for one, and what it takes back. */
struct asked {
	const struct told_verified *verified;
	bool queued;
	struct told_bytes only;
	const struct told_verified *held; /* NULL: nothing */
};

static enum told_status ruling_of(struct told_broker *broker, const struct asked *asked,
				  const struct told_ruling **ruling)
{
	struct told_table table;
	struct told_held_referral back;
	struct told_deposit_source deposits = told_record_deposits(broker->record);
	const struct told_header *header = told_verified_header(asked->verified);
	enum told_status status = table_for(broker, header->client_ref, &table);
	if (status == TOLD_OK)
		status = told_record_about(broker->record, broker->arena, header, &table.about);
	if (asked->held != NULL) {
		const struct told_header *held = told_verified_header(asked->held);
		back = (struct told_held_referral){held->id, held->recipients.items[0]};
		table.held = &back;
	}
	return status == TOLD_OK ? told_rule(&table, &deposits, broker->arena, asked->verified, asked->queued,
					     asked->only, ruling)
				 : status;
}

/* What waits, ruled again. */
static enum told_status ruling_again(struct told_broker *broker, const struct told_verified *verified,
				     struct told_bytes only, const struct told_ruling **ruling)
{
	struct asked asked = {.verified = verified, .queued = true, .only = only};
	return ruling_of(broker, &asked, ruling);
}

static void add_receipt(struct told_turn *turn, const struct told_receipt *receipt)
{
	if (receipt != NULL && turn->receipt_count < sizeof turn->receipts / sizeof turn->receipts[0])
		turn->receipts[turn->receipt_count++] = receipt;
}

static void note_change(struct told_turn *turn, const struct told_header *header)
{
	turn->clock_confirmed |=
		header->type == TOLD_TYPE_PARTNER && header->partner->action == TOLD_PARTNER_ACTION_CLOCK;
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

/* What was held and is taken back ends at once. Its recipient never heard of it. */
static enum told_status take_back(struct told_broker *broker, struct told_turn *turn, const struct held *held)
{
	const struct told_ruling *ruling = NULL;
	const struct told_receipt *receipt = NULL;
	if (held->verified == NULL)
		return TOLD_OK;
	enum told_status status = ruling_again(broker, held->verified, told_bytes(NULL, 0), &ruling);
	if (status == TOLD_OK)
		status = told_record_taken_back(broker->record, broker->arena, held->seq, ruling, &receipt);
	turn->settled += receipt != NULL;
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
	struct held held;
	enum told_status status = find_held(broker, header, &held);
	struct asked asked = {.verified = taken->verified, .held = held.verified};
	if (status == TOLD_OK)
		status = ruling_of(broker, &asked, &ruling);
	if (status == TOLD_OK)
		status = told_record_ruled(broker->record, broker->arena, ruling, &receipt);
	if (status != TOLD_OK)
		return status;
	add_receipt(turn, receipt);
	if (told_ruling_outcome(ruling) == TOLD_OUTCOME_ACCEPTED)
		status = take_back(broker, turn, &held);
	if (status != TOLD_OK)
		return status;
	turn->asked |= told_type_rule(header->type)->phase == TOLD_PHASE_ANSWERED;
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

/* Judges a message by the keys as they stand now, if this turn changed them since: what was refused for a key that came
 * with the message before it may be right, and the reverse. */
static enum told_status judge(struct told_broker *broker, const struct told_turn *turn, struct told_taken *taken)
{
	if (taken->judged == turn->party_changes)
		return TOLD_OK;
	taken->judged = turn->party_changes;
	return told_verify(&broker->verify, broker->arena, taken->session->party, taken->envelope, taken->body,
			   told_record_when(broker->record), &taken->verified, &taken->refused);
}

/* The type that the header claims, believed or not; 0 where there is no header. */
static unsigned type_of(const struct told_taken *taken)
{
	const struct told_opened_envelope *opened =
		taken->verified != NULL ? told_verified_opened(taken->verified) : told_refused_opened(taken->refused);
	return opened == NULL ? 0 : opened->header->type;
}

enum told_status told_turn_changes(struct told_broker *broker, struct told_turn *turn)
{
	for (size_t i = 0; i < turn->taken_count; i++) {
		struct told_taken *taken = &turn->taken[i];
		const struct told_type_rule *rule = told_type_rule(type_of(taken));
		if (rule == NULL || !rule->changes_state)
			continue;
		enum told_status status = judge(broker, turn, taken);
		if (status == TOLD_OK)
			status = record_taken(broker, turn, taken);
		if (status != TOLD_OK)
			return status;
		taken->session = NULL; /* done */
		turn->party_changes += taken->verified != NULL && told_register_cares(type_of(taken));
	}
	return TOLD_OK;
}

/* ---- what follows from a change ---- */

/* What one turn may read back and answer; the rest is for the next. */
#define READ_MAX_BYTES (16u * 1024u * 1024u)

static bool enough(const struct told_turn *turn)
{
	return turn->read_bytes >= READ_MAX_BYTES ||
	       turn->receipt_count + turn->settled >= sizeof turn->receipts / sizeof turn->receipts[0] / 2;
}

static void note_read(struct told_turn *turn, const struct told_verified *verified)
{
	turn->read_bytes += told_verified_body_bytes(verified).len + told_verified_envelope(verified).len;
}

/* Rules held messages behind *seq again: of one person, or of all (client empty). *done: there are no more. */
static enum told_status rule_held(struct told_broker *broker, struct told_turn *turn, struct told_bytes client,
				  uint64_t *seq, bool *done)
{
	*done = false;
	while (!enough(turn)) {
		const struct told_verified *held = NULL;
		const struct told_ruling *ruling = NULL;
		const struct told_receipt *receipt = NULL;
		enum told_status status = told_record_held(broker->record, broker->arena, client, seq, &held);
		*done = status == TOLD_E_NOT_FOUND;
		if (*done)
			return TOLD_OK;
		if (status == TOLD_OK) {
			note_read(turn, held);
			status = ruling_again(broker, held, told_bytes(NULL, 0), &ruling);
		}
		if (status == TOLD_OK)
			status = told_record_reruled(broker->record, broker->arena, *seq, ruling, false, &receipt);
		if (status != TOLD_OK)
			return status;
		turn->settled += receipt != NULL;
	}
	return TOLD_OK;
}

static enum told_status rule_overdue(struct told_broker *broker, struct told_turn *turn)
{
	uint64_t seq = 0;
	const struct told_verified *held = NULL;
	const struct told_ruling *ruling = NULL;
	const struct told_receipt *receipt = NULL;
	enum told_status status = told_record_overdue(broker->record, broker->arena, turn->when.utc_ms, &seq, &held);
	if (status == TOLD_OK)
		status = ruling_again(broker, held, told_bytes(NULL, 0), &ruling);
	if (status == TOLD_OK)
		status = told_record_reruled(broker->record, broker->arena, seq, ruling, true, &receipt);
	turn->more |= status == TOLD_OK;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status expire(struct told_broker *broker, struct told_turn *turn)
{
	const struct told_receipt *receipt = NULL;
	enum told_status status = told_record_expire(broker->record, broker->arena, turn->when.utc_ms, &receipt);
	turn->more |= status == TOLD_OK;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status follow_person(struct told_broker *broker, struct told_turn *turn, struct told_bytes client)
{
	uint64_t seq = 0;
	bool done = true;
	enum told_status status =
		told_record_sweep(broker->record, broker->arena, client, told_record_when(broker->record));
	if (status == TOLD_OK && !broker->rule_all)
		status = rule_held(broker, turn, client, &seq, &done);
	if (!done) {
		broker->rule_all = true;
		broker->rule_from = 0;
	}
	return status;
}

#define SWEEP_AT_ONCE 16u /* people: some milliseconds */

static enum told_status sweep_some(struct told_broker *broker)
{
	for (unsigned i = 0; i < SWEEP_AT_ONCE; i++) {
		enum told_status status = told_record_next_wrapped(broker->record, broker->sweep_from);
		broker->sweep_all = status == TOLD_OK;
		if (status == TOLD_OK)
			status = told_record_sweep(broker->record, broker->arena,
						   told_bytes(broker->sweep_from, TOLD_ID_BYTES),
						   told_record_when(broker->record));
		if (status != TOLD_OK)
			return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	}
	return TOLD_OK;
}

static void sweep_everybody(struct told_broker *broker)
{
	broker->sweep_all = true;
	memset(broker->sweep_from, 0, sizeof broker->sweep_from);
}

enum told_status told_turn_follow(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = TOLD_OK;
	bool done = false;
	if (turn->party_changes > turn->party_followed) {
		sweep_everybody(broker);
		broker->rule_all = true;
		broker->rule_from = 0;
		turn->party_followed = turn->party_changes;
	}
	for (size_t i = 0; status == TOLD_OK && i < turn->changed_count; i++)
		status = follow_person(broker, turn, turn->changed[i]);
	if (status == TOLD_OK && broker->rule_all) {
		status = rule_held(broker, turn, told_bytes(NULL, 0), &broker->rule_from, &done);
		broker->rule_all = !done;
	}
	if (status == TOLD_OK && broker->sweep_all)
		status = sweep_some(broker);
	bool again = told_record_changed(broker->record) || turn->recovered;
	for (size_t i = 0; i < told_agencies_count(broker->agencies) && again; i++)
		told_agency_look_again(told_agency_at(broker->agencies, i));
	turn->changed_count = 0;
	turn->more |= broker->rule_all || broker->sweep_all;
	return status;
}

/* What time alone causes: holds that are over are refused, parcels that are over expire, wraps go whose day has come.
 */
enum told_status told_turn_times(struct told_broker *broker, struct told_turn *turn)
{
	if (broker->swept_boot_ms == 0 || turn->time.boot_ms - broker->swept_boot_ms >= TOLD_MS_HOUR) {
		broker->swept_boot_ms = turn->time.boot_ms;
		sweep_everybody(broker);
	}
	if (!told_health_time_counts(&broker->health))
		return TOLD_OK;
	enum told_status status = rule_overdue(broker, turn);
	if (status == TOLD_OK)
		status = expire(broker, turn);
	return status == TOLD_OK ? told_record_forget(broker->record, turn->when.utc_ms) : status;
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
			enum told_status status = judge(broker, turn, &turn->taken[j]);
			if (status == TOLD_OK)
				status = record_taken(broker, turn, &turn->taken[j]);
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
	bool released = false, reply = row->type == TOLD_TYPE_ASK_REPLY;
	*delivery = (struct told_delivery){.row = *row};
	enum told_status status =
		told_record_carried(broker->record, broker->arena, row, &delivery->verified, &delivery->place);
	if (status == TOLD_OK && (!told_health_lets(&broker->health, told_verified_header(delivery->verified)) ||
				  told_witness_holds(broker, told_verified_header(delivery->verified))))
		status = TOLD_E_BUSY;
	if (status == TOLD_OK && row->message != 0)
		status = ruling_again(broker, delivery->verified, row->recipient, &delivery->ruling);
	if (status == TOLD_OK && reply)
		status = told_record_reply(broker->record, broker->arena, delivery->ruling, row->recipient,
					   &delivery->reply);
	if (status == TOLD_OK)
		status = told_record_delivered(broker->record, broker->arena, row, delivery->verified, delivery->ruling,
					       reply ? &delivery->reply : NULL, &released, &receipt);
	if (status == TOLD_E_BUSY) {
		told_agency_skip(session, row->seq);
		return TOLD_OK;
	}
	if (status != TOLD_OK)
		return status;
	note_read(turn, delivery->verified);
	turn->read_bytes += delivery->reply.bytes;
	turn->settled += !released;
	if (!released)
		return TOLD_OK;
	turn->delivery_sessions[turn->delivery_count++] = session;
	told_agency_flies(session, row);
	return TOLD_OK;
}

static enum told_status deliver_to(struct told_broker *broker, struct told_turn *turn, struct told_agency *session)
{
	size_t room = told_agency_room(session), left = TOLD_CREDIT_MAX - turn->delivery_count;
	size_t count = room < left ? room : left;
	if (count == 0)
		return TOLD_OK;
	struct told_parcel_row *rows = told_arena_alloc(broker->arena, count * sizeof *rows);
	if (rows == NULL)
		return TOLD_E_MEMORY;
	size_t asked = count;
	enum told_status status =
		told_record_waiting(broker->record, broker->arena, session->party, session->cursor, rows, &count);
	turn->more |= status == TOLD_OK && count == asked;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		if (rows[i].seq > turn->parcels_before || enough(turn)) {
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
	/* The first turn writes one in any case: who is welcomed gets a checkpoint. */
	if (broker->listening && since_ms < TOLD_HEARTBEAT_ENTRY_MS && !(counted && since_ms >= TOLD_MS_SECOND))
		return TOLD_OK;
	enum told_status status = told_record_heartbeat(broker->record, broker->arena, broker->busy, broker->dropped);
	if (status == TOLD_OK)
		status = told_turn_stamp(broker);
	if (status == TOLD_OK) {
		broker->busy = broker->dropped = 0;
		broker->heartbeat_boot_ms = turn->time.boot_ms;
	}
	return status;
}
