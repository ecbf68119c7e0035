/* SPDX-License-Identifier: Apache-2.0 */
/* A turn: begin, write what was ruled and what was refused, commit. The order at commit is spool, rows, signature,
 * anchor: the anchor is never ahead of the store, and no receipt is ahead of the anchor (evidence.md section 3). */
#include "broker/record/room.h"

#include "broker/decide/codes.h"
#include "broker/rule/register.h"
#include "proto/types.h"

#include <string.h>

enum told_status told_record_begin(struct told_record *record, int64_t clock_ms, struct told_when *when)
{
	int64_t last_ms = told_last_time(record);
	record->when.utc_ms = clock_ms > last_ms ? clock_ms : last_ms;
	record->when.log_size = told_position_next(record);
	*when = record->when;
	enum told_status status = told_sql_run(told_sql(&record->store, TOLD_SQL_BEGIN));
	record->in_turn = status == TOLD_OK;
	record->erased_now = false;
	return status;
}

enum told_status told_record_seen(void *ctx, struct told_bytes sender, struct told_bytes id,
				  const told_hash *header_hash)
{
	struct told_record *record = ctx;
	told_hash kept;
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_DUPLICATE_GET);
	told_bind_text(get, 1, sender);
	told_bind_blob(get, 2, id);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status;
	status = told_column_fixed(get, 0, kept.b, sizeof kept.b);
	sqlite3_reset(get);
	if (status != TOLD_OK)
		return status;
	return told_hash_equal(&kept, header_hash) ? TOLD_E_REPLAY : TOLD_E_EQUIVOCATION;
}

static enum told_status put_duplicate(struct told_record *record, const struct told_verified *verified, uint64_t index)
{
	const struct told_opened_envelope *opened = told_verified_opened(verified);
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_DUPLICATE_PUT);
	told_bind_text(put, 1, opened->header->sender);
	told_bind_blob(put, 2, opened->header->id);
	told_bind_blob(put, 3, told_bytes(opened->hash.b, sizeof opened->hash.b));
	told_bind_u64(put, 4, record->log_number);
	told_bind_u64(put, 5, index);
	told_bind_u64(put, 6, told_keep_until_ms(record, opened->header->expires_ms));
	return told_sql_run(put);
}

static uint32_t phase_of(const struct told_header *header, enum told_outcome outcome)
{
	switch (outcome) {
	case TOLD_OUTCOME_HELD: return TOLD_PHASE_HELD;
	case TOLD_OUTCOME_REFUSED: return TOLD_PHASE_REFUSED;
	case TOLD_OUTCOME_ANSWERED: return TOLD_PHASE_ANSWERED;
	case TOLD_OUTCOME_ACCEPTED: break;
	}
	return header->override_block != NULL ? TOLD_PHASE_OVERRIDE : told_type_rule(header->type)->phase;
}

/* What an accepted message does besides being written down. */
static enum told_status follow(struct told_record *record, struct told_arena *arena, const struct told_ruling *ruling,
			       uint64_t seq, uint64_t index)
{
	const struct told_verified *verified = told_ruling_verified(ruling);
	const struct told_header *header = told_verified_header(verified);
	enum told_status status = told_record_fold(record, verified, index);
	/* Earlier facts go before this one: they are folded in the order of the log. */
	if (status == TOLD_OK && header->partner != NULL && header->partner->action == TOLD_PARTNER_ACTION_ENROL)
		status = told_parcels_welcome(record, header->partner->party);
	if (status == TOLD_OK && header->key_record != NULL && header->key_record->action == TOLD_KEY_ACTION_REVOKE)
		status = told_wraps_revoke(record, header);
	if (status == TOLD_OK && header->type == TOLD_TYPE_DEPOSIT)
		status = told_deposit_put(record, arena, verified, index);
	if (status == TOLD_OK && header->type == TOLD_TYPE_GRANT)
		status = told_grants_put(record, arena, ruling, index);
	if (status == TOLD_OK && header->type == TOLD_TYPE_ACK)
		status = told_parcels_acknowledge(record, arena, verified);
	if (status == TOLD_OK && told_parcels_tell_one(header))
		status = told_parcels_one(record, arena, verified, seq);
	if (status == TOLD_OK)
		status = told_parcels_of(record, arena, ruling, seq, index);
	if (status == TOLD_OK && header->type == TOLD_TYPE_ERASURE && header->client_ref.len > 0)
		status = told_erase_request(record, arena, header, index);
	return status;
}

/* Has state take an accepted message; one that it does not take is refused after all, for *why. */
static enum told_status enter(struct told_record *record, const struct told_verified *verified,
			      enum told_outcome *outcome, enum told_status *why)
{
	*why = *outcome == TOLD_OUTCOME_ACCEPTED ? told_record_enter(record, verified) : TOLD_OK;
	if (*why == TOLD_OK)
		return TOLD_OK;
	*outcome = TOLD_OUTCOME_REFUSED;
	return told_status_class(*why) == TOLD_CLASS_PEER || *why == TOLD_E_CONFIG ? TOLD_OK : *why;
}

/* The ruling's record; of what the directory would not take, the status that says why. */
static enum told_status ruling_bytes(struct told_record *record, struct told_arena *arena,
				     const struct told_ruling *ruling, enum told_status refused, struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(TOLD_LEAF_MAX_BYTES * 4);
	struct told_leaf_ruling plain = {.status = refused};
	enum told_status status = refused != TOLD_OK ? told_leaf_ruling_encode(&plain, &buf)
						     : told_ruling_encode(ruling, record->parties, arena, &buf);
	if (status == TOLD_OK)
		*out = told_arena_copy(arena, told_buf_view(&buf));
	told_buf_free(&buf);
	return status;
}

/* A message row is needed where something waits: a body to deliver, a hold, an open ask; and where an auditor reads
 * what became of an alert, which may go to nobody else. */
static bool needs_row(const struct told_ruling *ruling, enum told_outcome outcome)
{
	const struct told_header *header = told_verified_header(told_ruling_verified(ruling));
	return outcome == TOLD_OUTCOME_HELD || outcome == TOLD_OUTCOME_ANSWERED ||
	       (outcome == TOLD_OUTCOME_ACCEPTED && (told_parcels_carry(ruling) || told_parcels_tell_one(header) ||
						     header->type == TOLD_TYPE_ALERT_RECORD));
}

static const uint32_t states[] = {
	[TOLD_OUTCOME_REFUSED] = TOLD_MESSAGE_REFUSED,
	[TOLD_OUTCOME_HELD] = TOLD_MESSAGE_HELD,
	[TOLD_OUTCOME_ACCEPTED] = TOLD_MESSAGE_ACCEPTED,
	[TOLD_OUTCOME_ANSWERED] = TOLD_MESSAGE_ANSWERED,
};

/* A query finds before it is written down: its entry says what was given. */
static enum told_status look(struct told_record *record, struct told_arena *arena, struct told_entry_facts *facts)
{
	struct told_look *found = NULL;
	enum told_status status = told_look_take(record, arena, facts->header, &found);
	if (status == TOLD_OK) {
		facts->look = found;
		facts->facts.viewed = &found->viewed;
	}
	return status;
}

enum told_status told_record_ruled(struct told_record *record, struct told_arena *arena,
				   const struct told_ruling *ruling, const struct told_receipt **out)
{
	const struct told_verified *verified = told_ruling_verified(ruling);
	enum told_outcome outcome = told_ruling_outcome(ruling);
	struct told_entry_facts facts = {.as_of = told_ruling_as_of(ruling)};
	enum told_status refused = TOLD_OK, status = enter(record, verified, &outcome, &refused);
	told_entry_facts_of(verified, &facts);
	facts.phase = phase_of(facts.header, outcome);
	uint64_t seq = 0, index = 0;
	if (status == TOLD_OK)
		status = told_txid_new(record, facts.txid);
	if (status == TOLD_OK && outcome == TOLD_OUTCOME_ACCEPTED)
		status = told_opened_transactions(record, arena, verified, &facts.facts.txids);
	if (status == TOLD_OK)
		status = ruling_bytes(record, arena, ruling, refused, &facts.ruling);
	if (status == TOLD_OK && outcome == TOLD_OUTCOME_ACCEPTED && facts.header->type == TOLD_TYPE_AUDIT_VIEW)
		status = look(record, arena, &facts);
	if (status == TOLD_OK)
		status = told_record_entry_put(record, arena, &facts, out);
	if (status != TOLD_OK)
		return status;
	index = told_receipt_index(*out);
	int64_t due_ms = outcome == TOLD_OUTCOME_HELD ? told_ruling_due(ruling) : (int64_t)facts.header->expires_ms;
	status = put_duplicate(record, verified, index);
	if (status == TOLD_OK && needs_row(ruling, outcome))
		status = told_message_put(record, verified, index, facts.txid, states[outcome], due_ms, &seq);
	if (status == TOLD_OK && outcome == TOLD_OUTCOME_ANSWERED)
		status = told_ask_put(record, arena, ruling, seq);
	if (status == TOLD_OK && outcome == TOLD_OUTCOME_ACCEPTED)
		status = follow(record, arena, ruling, seq, index);
	return status;
}

/* Header hash of what stands under this id already: both digests of an equivocation are kept as evidence. */
static enum told_status other_hash(struct told_record *record, struct told_arena *arena,
				   const struct told_header *header, struct told_bytes *out)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_DUPLICATE_GET);
	told_bind_text(get, 1, header->sender);
	told_bind_blob(get, 2, header->id);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK)
		*out = told_arena_copy(arena, told_column(get, 0));
	sqlite3_reset(get);
	return status;
}

enum told_status told_record_refused(struct told_record *record, struct told_arena *arena,
				     const struct told_refused *refused, const struct told_receipt **out)
{
	const struct told_opened_envelope *opened = told_refused_opened(refused);
	struct told_leaf_ruling why = {.status = told_refused_status(refused)};
	struct told_entry_facts facts = {
		.phase = TOLD_PHASE_REFUSED,
		.sender = told_refused_party(refused),
		.message = opened != NULL ? opened->header->id : told_bytes(NULL, 0),
		.as_of = record->when.log_size,
		.facts.size_bytes = told_refused_size(refused),
	};
	/* The agency by its session: nothing that the header says is believed, but for the id that the answer names. */
	facts.facts.header_hash =
		told_bytes(opened != NULL ? opened->hash.b : told_refused_hash(refused)->b, TOLD_HASH_BYTES);
	struct told_buf buf = TOLD_BUF(64);
	enum told_status status = told_leaf_ruling_encode(&why, &buf);
	if (status == TOLD_OK)
		status = told_txid_new(record, facts.txid);
	facts.ruling = told_buf_view(&buf);
	if (status == TOLD_OK && told_refused_status(refused) == TOLD_E_EQUIVOCATION)
		status = other_hash(record, arena, opened->header, &facts.facts.other_hash);
	if (status == TOLD_OK) {
		facts.ruling = told_arena_copy(arena, facts.ruling);
		status = told_record_entry_put(record, arena, &facts, out);
	}
	told_buf_free(&buf);
	return status;
}

enum told_status told_record_heartbeat(struct told_record *record, struct told_arena *arena, uint32_t busy,
				       uint32_t dropped)
{
	const struct told_receipt *unused = NULL;
	struct told_entry_facts facts = {
		.phase = TOLD_PHASE_HEARTBEAT,
		.sender = told_text(TOLD_BROKER_PARTY),
		.as_of = record->when.log_size,
		.facts = {.busy = busy, .dropped = dropped},
	};
	enum told_status status = told_txid_new(record, facts.txid);
	return status == TOLD_OK ? told_record_entry_put(record, arena, &facts, &unused) : status;
}

/* What became of a held message: its entry, its row, and what follows. why: of a refusal that no ruling gave. */
static enum told_status end_hold(struct told_record *record, struct told_arena *arena, uint64_t seq,
				 const struct told_ruling *ruling, enum told_outcome outcome, enum told_status why,
				 const struct told_receipt **out)
{
	struct told_message_row row;
	struct told_entry_facts facts = {.as_of = told_ruling_as_of(ruling)};
	told_entry_facts_of(told_ruling_verified(ruling), &facts);
	facts.phase = phase_of(facts.header, outcome);
	enum told_status status = told_message_get(record, arena, seq, &row);
	if (status == TOLD_OK)
		status = ruling_bytes(record, arena, ruling, why, &facts.ruling);
	if (status != TOLD_OK)
		return status;
	memcpy(facts.txid, row.txid, sizeof facts.txid);
	status = told_record_entry_put(record, arena, &facts, out);
	if (status == TOLD_OK)
		status = told_unheard_put(record, *out);
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *state = told_sql(&record->store, TOLD_SQL_MESSAGE_STATE);
	told_bind_u64(state, 1, seq);
	told_bind_u64(state, 2, states[outcome]);
	told_bind_u64(state, 3, record->log_number);
	told_bind_u64(state, 4, told_receipt_index(*out)); /* a parcel is proved by the entry that let it go */
	status = told_sql_run(state);
	if (status == TOLD_OK && outcome == TOLD_OUTCOME_ACCEPTED)
		status = follow(record, arena, ruling, seq, told_receipt_index(*out));
	return status == TOLD_OK && outcome == TOLD_OUTCOME_REFUSED ? told_message_done(record, seq) : status;
}

enum told_status told_record_reruled(struct told_record *record, struct told_arena *arena, uint64_t seq,
				     const struct told_ruling *ruling, bool final, const struct told_receipt **out)
{
	*out = NULL;
	enum told_outcome outcome = told_ruling_outcome(ruling);
	if (outcome == TOLD_OUTCOME_HELD && !final)
		return TOLD_OK;
	if (outcome == TOLD_OUTCOME_HELD)
		outcome = TOLD_OUTCOME_REFUSED;
	enum told_status refused = TOLD_OK, status = enter(record, told_ruling_verified(ruling), &outcome, &refused);
	return status == TOLD_OK ? end_hold(record, arena, seq, ruling, outcome, refused, out) : status;
}

enum told_status told_record_taken_back(struct told_record *record, struct told_arena *arena, uint64_t seq,
					const struct told_ruling *ruling, const struct told_receipt **out)
{
	bool held = told_ruling_outcome(ruling) == TOLD_OUTCOME_HELD;
	*out = NULL;
	return end_hold(record, arena, seq, ruling, TOLD_OUTCOME_REFUSED, held ? TOLD_OK : TOLD_E_REFUSED, out);
}

bool told_record_changed(const struct told_record *record)
{
	return record->state_changed;
}

/* ---- commit ---- */

static enum told_status sign_and_anchor(struct told_record *record)
{
	struct told_checkpoint checkpoint = {.origin = told_buf_view(&record->origin),
					     .size = told_ledger_size(record->ledger)};
	told_ledger_root(record->ledger, &checkpoint.root);
	struct told_buf text = TOLD_BUF(TOLD_NOTE_MAX_BYTES), note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	told_checkpoint_format(&checkpoint, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_log_sign(record, checkpoint.origin, told_buf_view(&text), &note);
	if (status == TOLD_OK)
		status = told_anchor_swap(record->anchor, told_anchor_note(record->anchor), told_buf_view(&note));
	if (status == TOLD_OK)
		record->checkpoint_size = checkpoint.size;
	told_buf_free(&text);
	told_buf_free(&note);
	return status;
}

/* The note of the turn before goes into its table now: a checkpoint row is never ahead of the anchor. */
static enum told_status keep_last_note(struct told_record *record)
{
	if (record->kept_size == record->checkpoint_size)
		return TOLD_OK;
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_CHECKPOINT_PUT);
	told_bind_u64(put, 1, record->log_number);
	told_bind_u64(put, 2, record->checkpoint_size);
	told_bind_blob(put, 3, told_anchor_note(record->anchor));
	return told_sql_run(put);
}

enum told_status told_record_commit(struct told_record *record)
{
	if (!record->in_turn)
		return TOLD_E_INTERNAL;
	bool appended = told_ledger_size(record->ledger) != record->checkpoint_size;
	enum told_status status = told_spool_sync(record->spool);
	uint64_t keeping = record->checkpoint_size;
	if (status == TOLD_OK && appended)
		status = keep_last_note(record);
	if (status == TOLD_OK)
		status = told_ledger_put_head(record->ledger);
	if (status == TOLD_OK)
		status = told_sql_run(told_sql(&record->store, TOLD_SQL_COMMIT));
	if (status != TOLD_OK)
		return status;
	told_spool_keep(record->spool);
	record->in_turn = false;
	record->state_changed = false;
	if (record->erased_now)
		status = told_erase_note(record);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_FATAL ? status
								     : TOLD_E_STORE; /* it is committed: stop */
	if (!appended)
		return TOLD_OK;
	record->kept_size = keeping;
	return sign_and_anchor(record);
}

enum told_status told_record_abort(struct told_record *record)
{
	enum told_status status = TOLD_OK;
	if (record->in_turn && sqlite3_get_autocommit(record->store.db) == 0)
		status = told_sql_run(told_sql(&record->store, TOLD_SQL_ROLLBACK));
	record->in_turn = false;
	if (status == TOLD_OK)
		status = told_spool_rewind(record->spool);
	if (status == TOLD_OK)
		status = told_ledger_rewind(record->ledger);
	return status == TOLD_OK ? told_record_fold_all(record) : status;
}

/* ---- proofs and parties ---- */

uint64_t told_record_size(const struct told_record *record)
{
	return record->checkpoint_size;
}

struct told_bytes told_record_checkpoint(const struct told_record *record)
{
	return told_anchor_note(record->anchor);
}

struct told_bytes told_record_origin(const struct told_record *record, uint64_t *number)
{
	if (number != NULL)
		*number = record->log_number;
	return told_buf_view(&record->origin);
}

enum told_status told_record_node(void *record, unsigned level, uint64_t index, told_hash *out)
{
	return told_ledger_node(((struct told_record *)record)->ledger, level, index, out);
}
