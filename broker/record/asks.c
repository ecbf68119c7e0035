/* SPDX-License-Identifier: Apache-2.0 */
/* Asks: a reply for each holder that may give, and again when more was granted. */
#include "broker/record/room.h"
#include "proto/types.h"
#include "told/codes.h"

static enum told_status put_reply(struct told_record *record, const struct told_header *ask, uint64_t seq)
{
	struct told_new_parcel parcel = {
		.recipient = ask->sender,
		.reply = ask->id,
		.client = ask->client_ref,
		.type = TOLD_TYPE_ASK_REPLY,
		.message = seq,
		.due_ms = (int64_t)ask->expires_ms,
	};
	return told_parcel_put(record, &parcel);
}

/* An ask under an override goes to the holder's own agent, which is there day and night (protocol section 3): to each
 * of whom the ruling would release something, or hold it for a person. Who asks sees nothing of this. */
static enum told_status put_ask(struct told_record *record, const struct told_ruling *ruling, uint64_t seq)
{
	const struct told_header *ask = told_verified_header(told_ruling_verified(ruling));
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < told_ruling_count(ruling); i++) {
		struct told_new_parcel parcel = {
			.recipient = told_ruling_recipient(ruling, i),
			.client = ask->client_ref,
			.type = TOLD_TYPE_ASK,
			.message = seq,
			.due_ms = (int64_t)ask->expires_ms,
		};
		const struct told_decision *decision = told_ruling_decision(ruling, i);
		size_t held = 0; /* whoever was told nothing of the person is not told that somebody asks */
		(void)told_ruling_deposits(ruling, i, &held);
		bool concerned = told_decision_goes(decision) || decision->effect == TOLD_EFFECT_HOLD;
		if (concerned && held > 0 && told_party_has_agent(record, parcel.recipient))
			status = told_parcel_put(record, &parcel);
	}
	return status;
}

enum told_status told_ask_put(struct told_record *record, struct told_arena *arena, const struct told_ruling *ruling,
			      uint64_t seq)
{
	const struct told_header *ask = told_verified_header(told_ruling_verified(ruling));
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_ASK_PUT);
	told_bind_u64(row, 1, seq);
	told_bind_text(row, 2, ask->sender);
	told_bind_blob(row, 3, ask->client_ref);
	told_bind_u64(row, 4, ask->expires_ms);
	struct told_reply reply = {0};
	enum told_status status = told_sql_run(row);
	if (status == TOLD_OK)
		status = told_record_reply(record, arena, ruling, ask->sender, &reply);
	if (status == TOLD_OK && reply.count > 0)
		status = put_reply(record, ask, seq);
	return status == TOLD_OK && ask->override_block != NULL ? put_ask(record, ruling, seq) : status;
}

static bool granted_to(const struct told_header *grant, struct told_bytes party)
{
	for (size_t i = 0; i < grant->grants.count; i++)
		if (told_bytes_equal(grant->grants.items[i].recipient, party))
			return true;
	return false;
}

#define ASKS_MAX 64u /* open asks about one person that one grant wakes */

enum told_status told_asks_again(struct told_record *record, struct told_arena *arena, const struct told_header *grant)
{
	uint64_t seqs[ASKS_MAX];
	size_t count = 0;
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_ASK_PERSON);
	told_bind_blob(rows, 1, grant->client_ref);
	told_bind_u64(rows, 2, (uint64_t)record->when.utc_ms);
	enum told_status status = TOLD_OK;
	while (count < ASKS_MAX && (status = told_sql_next(rows)) == TOLD_OK)
		if (granted_to(grant, told_column(rows, 1)))
			seqs[count++] = told_column_u64(rows, 0);
	sqlite3_reset(rows);
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		struct told_message_row row;
		const struct told_verified *ask = NULL;
		status = told_message_get(record, arena, seqs[i], &row);
		if (status == TOLD_OK)
			status = told_message_open(record, arena, &row, &ask);
		if (status == TOLD_OK)
			status = put_reply(record, told_verified_header(ask), seqs[i]);
	}
	return status;
}
