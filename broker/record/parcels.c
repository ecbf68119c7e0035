/* SPDX-License-Identifier: Apache-2.0 */
/* Parcel rows: what waits for an agency, from the ruling that made it until the agency's signed acknowledgement. */
#include "broker/record/room.h"

#include "proto/types.h"
#include "told/codes.h"

#define PARTIES_TOLD_MAX 256u /* parties that one fact is passed on to */

bool told_parcels_carry(const struct told_ruling *ruling)
{
	const struct told_header *header = told_verified_header(told_ruling_verified(ruling));
	return told_type_rule(header->type)->ruled && header->type != TOLD_TYPE_GRANT && header->recipients.count > 0;
}

/* Where it goes to somebody, what is held for others waits as their parcel: it is ruled again at its delivery. */
static enum told_status to_recipients(struct told_record *record, const struct told_ruling *ruling, uint64_t seq)
{
	const struct told_header *header = told_verified_header(told_ruling_verified(ruling));
	enum told_status status = TOLD_OK;
	size_t made = 0;
	for (size_t i = 0; status == TOLD_OK && i < told_ruling_count(ruling); i++) {
		struct told_new_parcel parcel = {
			.recipient = told_ruling_recipient(ruling, i),
			.type = header->type,
			.client = header->client_ref,
			.message = seq,
			.due_ms = (int64_t)header->expires_ms,
		};
		const struct told_decision *decision = told_ruling_decision(ruling, i);
		bool goes_or_waits = told_decision_goes(decision) || decision->effect == TOLD_EFFECT_HOLD;
		if (!goes_or_waits || !told_party_has_agent(record, parcel.recipient))
			continue;
		status = told_parcel_put(record, &parcel);
		if (status == TOLD_OK && told_decision_goes(decision))
			status = told_given_put(record, told_ruling_verified(ruling), parcel.recipient, decision);
		made++;
	}
	return status == TOLD_OK && made == 0 ? told_message_done(record, seq) : status;
}

/* ---- spreading facts ---- */

struct told_set {
	struct told_bytes names[PARTIES_TOLD_MAX];
	size_t count;
};

static enum told_status add_rows(struct told_set *set, struct told_arena *arena, sqlite3_stmt *rows)
{
	enum told_status status;
	while ((status = told_sql_next(rows)) == TOLD_OK && set->count < PARTIES_TOLD_MAX) {
		struct told_bytes name = told_column(rows, 0);
		bool there = false;
		for (size_t i = 0; i < set->count; i++)
			there |= told_bytes_equal(set->names[i], name);
		if (!there)
			set->names[set->count++] = told_arena_copy(arena, name);
	}
	sqlite3_reset(rows);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status == TOLD_OK ? TOLD_E_LIMIT : status;
}

static enum told_status all_parties(struct told_record *record, struct told_set *set)
{
	struct told_when now = told_record_when(record); /* who was enrolled in this very turn hears of it too */
	for (uint32_t p = 1; p <= told_party_count(record->parties); p++) {
		enum told_party_state state = told_directory_party(record->directory, p, now);
		if (state != TOLD_PARTY_ENROLLED && state != TOLD_PARTY_SUSPENDED)
			continue;
		if (set->count == PARTIES_TOLD_MAX)
			return TOLD_E_LIMIT;
		set->names[set->count++] = told_text(told_party_name(record->parties, p));
	}
	return TOLD_OK;
}

static enum told_status by_client(struct told_record *record, struct told_set *set, struct told_arena *arena,
				  enum told_sql which, struct told_bytes client)
{
	sqlite3_stmt *rows = told_sql(&record->store, which);
	told_bind_blob(rows, 1, client);
	return add_rows(set, arena, rows);
}

/* A change of mind, a flag and a reference concern whoever was sent something, too. */
static bool concerns_holders(unsigned type)
{
	return type == TOLD_TYPE_WITHDRAWAL || type == TOLD_TYPE_FLAG || type == TOLD_TYPE_HOLD ||
	       type == TOLD_TYPE_REFERENCE;
}

/* Whose team or role a permission names: their agent keeps to them what comes under it. */
static enum told_status named_by(struct told_record *record, const struct told_header *header, struct told_set *set)
{
	const struct told_consent_part *consent = header->consent;
	for (size_t i = 0; consent != NULL && i < consent->recipients.count; i++) {
		const struct told_consent_recipient_part *one = &consent->recipients.items[i];
		bool there = (one->team.len == 0 && one->role == 0) || !told_party_has_agent(record, one->party);
		for (size_t k = 0; k < set->count && !there; k++)
			there = told_bytes_equal(set->names[k], one->party);
		if (!there && set->count == PARTIES_TOLD_MAX)
			return TOLD_E_LIMIT;
		if (!there)
			set->names[set->count++] = one->party;
	}
	return TOLD_OK;
}

/* Who must hear of a fact: everybody; those who deposited something of the person; those who were sent something. */
static enum told_status who_hears(struct told_record *record, struct told_arena *arena,
				  const struct told_header *header, struct told_set *set)
{
	unsigned spread = told_type_rule(header->type)->spread;
	enum told_status status = TOLD_OK;
	if (spread == TOLD_SPREAD_ALL)
		return all_parties(record, set);
	/* Whom an erasure concerns is read from the log itself (erase.c). */
	if (spread == TOLD_SPREAD_NONE || header->client_ref.len != TOLD_ID_BYTES || header->type == TOLD_TYPE_ERASURE)
		return TOLD_OK;
	if (spread == TOLD_SPREAD_PERSON)
		status = by_client(record, set, arena, TOLD_SQL_DEPOSIT_ORIGINATORS, header->client_ref);
	if (status == TOLD_OK)
		status = named_by(record, header, set);
	if (status == TOLD_OK && (spread == TOLD_SPREAD_HOLDERS || concerns_holders(header->type)))
		status = by_client(record, set, arena, TOLD_SQL_PARCEL_HOLDERS, header->client_ref);
	return status;
}

static enum told_status put_fact(struct told_record *record, const struct told_header *header, struct told_bytes to,
				 struct told_place fact)
{
	struct told_new_parcel parcel = {
		.recipient = to,
		.type = header->type == TOLD_TYPE_WITHDRAWAL ? TOLD_TYPE_WITHDRAWAL_NOTICE : header->type,
		.client = header->client_ref,
		.fact = fact,
		.due_ms = INT64_MAX,
	};
	if (header->type == TOLD_TYPE_ERASURE) { /* its row names nobody, and the request is not kept for ever */
		parcel.client = told_bytes(NULL, 0);
		parcel.due_ms = (int64_t)header->expires_ms;
	}
	return told_bytes_equal(to, header->sender) ? TOLD_OK : told_parcel_put(record, &parcel);
}

enum told_status told_parcels_tell(struct told_record *record, const struct told_header *header,
				   struct told_bytes party, uint64_t index)
{
	return put_fact(record, header, party, told_place_now(record, index));
}

static enum told_status spread(struct told_record *record, struct told_arena *arena, const struct told_header *header,
			       uint64_t index)
{
	struct told_set *set = told_arena_alloc(arena, sizeof *set);
	enum told_status status = set == NULL ? TOLD_E_MEMORY : who_hears(record, arena, header, set);
	for (size_t i = 0; status == TOLD_OK && i < set->count; i++)
		status = put_fact(record, header, set->names[i], told_place_now(record, index));
	return status;
}

enum told_status told_parcels_catch_up(struct told_record *record, struct told_arena *arena, struct told_bytes party,
				       struct told_bytes client)
{
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_FACT_OF);
	told_bind_blob(rows, 1, client);
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && (status = told_sql_next(rows)) == TOLD_OK) {
		struct told_opened_envelope opened;
		struct told_place fact = {.log = told_column_u64(rows, 0), .index = told_column_u64(rows, 1)};
		status = told_envelope_open(arena, told_column(rows, 2), &opened);
		if (status == TOLD_OK && told_type_rule(opened.header->type)->spread == TOLD_SPREAD_PERSON)
			status = put_fact(record, opened.header, party, fact);
		else if (told_status_class(status) == TOLD_CLASS_PEER)
			status = TOLD_E_CORRUPT;
	}
	sqlite3_reset(rows);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Of a referral that was held and taken back nobody but its sender ever heard. */
static enum told_status of_nobody(struct told_record *record, const struct told_header *header, bool *nobody)
{
	const struct told_person *person = NULL;
	*nobody = false;
	if (header->type != TOLD_TYPE_CANCEL || header->workflow == NULL)
		return TOLD_OK;
	enum told_status status = told_record_person(record, header->client_ref, &person);
	*nobody = status == TOLD_OK &&
		  (person == NULL || told_person_referral(person, header->workflow->referral) == NULL);
	return status;
}

enum told_status told_parcels_of(struct told_record *record, struct told_arena *arena, const struct told_ruling *ruling,
				 uint64_t seq, uint64_t index)
{
	const struct told_header *header = told_verified_header(told_ruling_verified(ruling));
	bool nobody = false;
	enum told_status status = of_nobody(record, header, &nobody);
	if (status == TOLD_OK && nobody)
		return told_message_done(record, seq);
	if (status == TOLD_OK && told_parcels_carry(ruling))
		status = to_recipients(record, ruling, seq);
	return status == TOLD_OK ? spread(record, arena, header, index) : status;
}

enum told_status told_parcels_welcome(struct told_record *record, struct told_bytes party)
{
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_FACT_SPREAD);
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && (status = told_sql_next(rows)) == TOLD_OK) {
		struct told_new_parcel parcel = {
			.recipient = party,
			.type = (uint32_t)told_column_u64(rows, 2),
			.fact = {.log = told_column_u64(rows, 0), .index = told_column_u64(rows, 1)},
			.due_ms = INT64_MAX,
		};
		if (told_position(record, parcel.fact) + 1 < told_position_next(record) &&
		    told_type_rule(parcel.type)->spread == TOLD_SPREAD_ALL)
			status = told_parcel_put(record, &parcel);
	}
	sqlite3_reset(rows);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- reading, acknowledging ---- */

enum told_status told_record_waiting(struct told_record *record, struct told_arena *arena, struct told_bytes party,
				     uint64_t after_seq, struct told_parcel_row *rows, size_t *count)
{
	size_t room = *count;
	sqlite3_stmt *waiting = told_sql(&record->store, TOLD_SQL_PARCEL_WAITING);
	told_bind_text(waiting, 1, party);
	told_bind_u64(waiting, 2, after_seq);
	told_bind_u64(waiting, 3, room);
	enum told_status status = TOLD_OK;
	*count = 0;
	while (*count < room && (status = told_sql_next(waiting)) == TOLD_OK) {
		status = told_parcel_read(waiting, arena, &rows[*count]);
		if (status != TOLD_OK)
			break;
		(*count)++;
	}
	sqlite3_reset(waiting);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Whoever was sent something of a person hears of their change of mind, long after the parcel's row is gone. */
static enum told_status put_holder(struct told_record *record, const struct told_parcel_row *row)
{
	sqlite3_stmt *put_row = told_sql(&record->store, TOLD_SQL_HOLDER_PUT);
	told_bind_blob(put_row, 1, row->client);
	told_bind_text(put_row, 2, row->recipient);
	return told_sql_run(put_row);
}

enum told_status told_parcel_settle(struct told_record *record, const struct told_parcel_row *row,
				    enum told_parcel_state state)
{
	sqlite3_stmt *set = told_sql(&record->store, TOLD_SQL_PARCEL_STATE);
	told_bind_u64(set, 1, row->seq);
	told_bind_u64(set, 2, state);
	told_bind_u64(set, 3, state == TOLD_PARCEL_SENT);
	enum told_status status = told_sql_run(set);
	if (status == TOLD_OK && state == TOLD_PARCEL_SENT && row->client.len > 0)
		status = put_holder(record, row);
	if (status != TOLD_OK || state < TOLD_PARCEL_STORED)
		return status;
	if (row->type == TOLD_TYPE_ERASURE && row->message == 0)
		return told_erase_told(record, row);
	return row->message != 0 ? told_message_done(record, row->message) : TOLD_OK;
}

/* One line of an acknowledgement: stored, or rejected and quarantined. What is not this party's or not waiting is no
 * matter: an acknowledgement may come twice. */
static enum told_status acknowledge(struct told_record *record, struct told_arena *arena, struct told_bytes party,
				    struct told_bytes line)
{
	struct told_ack_line *ack = NULL;
	struct told_parcel_row parcel;
	enum told_status status = told_ack_line_decode(line, arena, &ack);
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_PARCEL_BY_ID);
	told_bind_blob(row, 1, ack->parcel);
	status = told_sql_next(row);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	uint64_t state = status == TOLD_OK ? told_column_u64(row, 7) : 0;
	if (status == TOLD_OK)
		status = told_parcel_read(row, arena, &parcel);
	sqlite3_reset(row);
	if (status != TOLD_OK || state >= TOLD_PARCEL_STORED || !told_bytes_equal(parcel.recipient, party))
		return status;
	return told_parcel_settle(record, &parcel,
				  ack->result == TOLD_ACK_STORED ? TOLD_PARCEL_STORED : TOLD_PARCEL_REJECTED);
}

enum told_status told_parcels_acknowledge(struct told_record *record, struct told_arena *arena,
					  const struct told_verified *ack)
{
	struct told_bytes party = told_verified_header(ack)->sender;
	const struct told_bytes_list *lines = &told_verified_body(ack)->lines;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < lines->count; i++)
		status = acknowledge(record, arena, party, lines->items[i]);
	return status;
}
