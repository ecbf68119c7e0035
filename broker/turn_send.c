/* SPDX-License-Identifier: Apache-2.0 */
/* After the commit: answers, parcels, session keys. Nothing here changes the record. */
#include "broker/turn.h"

#include "proto/session.h"

#include <stdlib.h>
#include <string.h>

static enum told_status send_frames(struct told_broker *broker, struct told_agency *session, struct told_frames frames)
{
	if (session == NULL || session->wire == 0)
		return TOLD_OK;
	enum told_status status = told_wire_send(broker->wire, session->wire, 0, frames.envelope, frames.body);
	if (told_status_class(status) != TOLD_CLASS_BUSY)
		return status;
	/* What did not fit is said again when the agency connects anew. */
	told_agency_deafen(session, session->wire);
	return TOLD_OK;
}

static int by_party_then_place(const void *a, const void *b)
{
	const struct told_receipt *const *x = a, *const *y = b;
	struct told_bytes p = told_receipt_party(*x), q = told_receipt_party(*y);
	int order = memcmp(p.data, q.data, p.len < q.len ? p.len : q.len);
	if (order != 0 || p.len != q.len)
		return order != 0 ? order : p.len < q.len ? -1 : 1;
	uint64_t i = told_receipt_index(*x), j = told_receipt_index(*y);
	return i < j ? -1 : i > j;
}

#define ANSWER_MAX_BYTES (1024u * 1024u) /* of receipts in one answer: it must fit a frame */

/* About what a receipt takes in an answer. */
static size_t weight(const struct told_receipt *receipt)
{
	struct told_bytes facts_salt, facts, ruling_salt, ruling;
	told_receipt_parts(receipt, &facts_salt, &facts, &ruling_salt, &ruling);
	return told_receipt_leaf(receipt).len + facts.len + ruling.len + 256;
}

/* What is fresh, in as many answers as it takes; the first one says who was turned away. */
static enum told_status answer_fresh(struct told_broker *broker, struct told_agency *session,
				     const struct told_receipt *const *receipts, size_t count,
				     const struct told_bytes *busy, size_t busy_count)
{
	enum told_status status = TOLD_OK;
	for (size_t at = 0; status == TOLD_OK && (at < count || busy_count > 0);) {
		struct told_frames frames;
		size_t n = 0;
		for (size_t bytes = 0;
		     at + n < count && (n == 0 || bytes + weight(receipts[at + n]) <= ANSWER_MAX_BYTES); n++)
			bytes += weight(receipts[at + n]);
		status = told_answer_build(broker->record, broker->arena, count > 0 ? receipts + at : NULL, n,
					   told_agency_confirmed(session), busy, busy_count, &frames);
		if (status == TOLD_OK)
			status = send_frames(broker, session, frames);
		at += n;
		busy_count = 0;
	}
	return status;
}

/* The receipts of one agency; those given again are answered on their own. */
static enum told_status answer_party(struct told_broker *broker, struct told_turn *turn, struct told_agency *session,
				     const struct told_receipt **receipts, size_t count)
{
	struct told_bytes busy[TOLD_TURN_MAX];
	struct told_frames frames;
	size_t busy_count = 0, fresh = 0;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < turn->busy_count; i++)
		if (turn->busy[i].session == session && turn->busy[i].message.len > 0)
			busy[busy_count++] = turn->busy[i].message;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		if (!told_receipt_again(receipts[i])) {
			receipts[fresh++] = receipts[i];
			continue;
		}
		status = told_answer_again(broker->record, broker->arena, receipts[i], told_agency_confirmed(session),
					   &frames);
		if (status == TOLD_OK)
			status = send_frames(broker, session, frames);
	}
	return status == TOLD_OK ? answer_fresh(broker, session, receipts, fresh, busy, busy_count) : status;
}

/* What queries gave goes before the answers: whoever hears that a query was answered has heard what it gave. */
static enum told_status send_views(struct told_broker *broker, struct told_agency *session,
				   const struct told_receipt *const *receipts, size_t count)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		struct told_frames frames;
		if (told_receipt_look(receipts[i]) == NULL)
			continue;
		status = told_view_build(broker->record, broker->arena, receipts[i], told_agency_confirmed(session),
					 &frames);
		if (status == TOLD_OK)
			status = send_frames(broker, session, frames);
	}
	return status;
}

static enum told_status answer_hellos(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < turn->hello_count; i++) {
		struct told_frames frames;
		status = told_welcome_build(broker->record, broker->arena, &turn->hellos[i].heard, 0, turn->when.utc_ms,
					    &frames);
		if (status == TOLD_OK)
			status = told_wire_send(broker->wire, turn->hellos[i].wire, 0, frames.envelope, frames.body);
		if (told_status_class(status) == TOLD_CLASS_BUSY) /* it says hello again */
			status = TOLD_OK;
	}
	return status;
}

/* Agencies that hear busy and have no receipt in this turn. */
static enum told_status answer_busy_only(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < turn->busy_count; i++) {
		bool has_receipt = false;
		for (size_t j = 0; j < turn->receipt_count; j++)
			has_receipt |=
				told_bytes_equal(told_receipt_party(turn->receipts[j]), turn->busy[i].session->party);
		for (size_t j = 0; j < i; j++)
			has_receipt |= turn->busy[j].session == turn->busy[i].session;
		if (!has_receipt)
			status = answer_party(broker, turn, turn->busy[i].session, NULL, 0);
	}
	return status;
}

enum told_status told_turn_answer(struct told_broker *broker, struct told_turn *turn)
{
	const struct told_receipt **all = turn->receipts;
	qsort(all, turn->receipt_count, sizeof all[0], by_party_then_place);
	enum told_status status = answer_hellos(broker, turn);
	for (size_t at = 0; status == TOLD_OK && at < turn->receipt_count;) {
		struct told_bytes party = told_receipt_party(all[at]);
		size_t n = 1;
		while (at + n < turn->receipt_count && told_bytes_equal(told_receipt_party(all[at + n]), party))
			n++;
		struct told_agency *session = told_agency_of(broker->agencies, party);
		if (session != NULL && session->wire != 0)
			status = send_views(broker, session, all + at, n);
		if (status == TOLD_OK && session != NULL && session->wire != 0)
			status = answer_party(broker, turn, session, all + at, n);
		at += n;
	}
	return status == TOLD_OK ? answer_busy_only(broker, turn) : status;
}

/* A full pipe just leaves the row in the record: the agency asks again. */
static enum told_status send_parcel(struct told_broker *broker, struct told_agency *session,
				    const struct told_delivery *delivery)
{
	const struct told_packed *packed = NULL;
	enum told_status status = told_parcel_pack(broker->record, broker->arena, delivery, &packed);
	if (status == TOLD_OK) {
		struct told_frames frames = told_packed_frames(packed);
		status = told_wire_send(broker->wire, told_agency_home(session), delivery->row.seq, frames.envelope,
					frames.body);
	}
	if (status == TOLD_E_LIMIT) { /* what no frame holds must not stop the others: it expires in its time */
		told_log(&broker->log, TOLD_LOG_ERROR, "deliver.too_large",
			 TOLD_LOG_NUMBER("parcel", delivery->row.seq));
		return TOLD_OK;
	}
	if (told_status_class(status) != TOLD_CLASS_BUSY)
		return status;
	told_agency_unsent(session, delivery->row.seq);
	return TOLD_OK;
}

enum told_status told_turn_send(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < turn->delivery_count; i++)
		status = send_parcel(broker, turn->delivery_sessions[i], &turn->deliveries[i]);
	return status;
}

/* Nothing of this turn was kept: each message is busy, each session as if it had just said hello. */
enum told_status told_turn_refuse_all(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = told_record_abort(broker->record);
	told_reserve_give(&broker->reserve, &broker->log);
	turn->receipt_count = turn->delivery_count = turn->hello_count = 0;
	for (size_t i = 0; i < turn->taken_count && turn->busy_count < TOLD_TURN_MAX; i++) {
		const struct told_taken *taken = &turn->taken[i];
		if (taken->verified == NULL)
			continue;
		struct told_bytes party = told_verified_header(taken->verified)->sender;
		turn->busy[turn->busy_count].session = told_agency_of(broker->agencies, party);
		turn->busy[turn->busy_count++].message = told_verified_header(taken->verified)->id;
		broker->busy++;
	}
	for (size_t i = 0; i < told_agencies_count(broker->agencies); i++) {
		struct told_agency *session = told_agency_at(broker->agencies, i);
		session->cursor = session->skipped = 0;
		session->flying_count = 0;
		for (size_t l = 0; l < session->link_count; l++)
			session->links[l].said = session->links[l].said_size = 0;
	}
	broker->rule_from = 0;
	memset(broker->sweep_from, 0, sizeof broker->sweep_from);
	told_log(&broker->log, TOLD_LOG_WARNING, "record.full", TOLD_LOG_NUMBER("busy", turn->busy_count));
	return status;
}

/* ---- session keys ---- */

/* The wire lets in the current session key of every enrolled party, and shuts out what is no longer believed. */
static enum told_status allow_party(struct told_broker *broker, const struct told_turn *turn, uint32_t party)
{
	const struct told_directory *directory = told_record_directory(broker->record);
	const struct told_parties *names = told_record_parties(broker->record);
	struct told_when now = {.utc_ms = turn->when.utc_ms, .log_size = TOLD_WHOLE_LOG};
	const struct told_key *key = NULL;
	if (told_directory_party(directory, party, now) != TOLD_PARTY_ENROLLED &&
	    told_directory_party(directory, party, now) != TOLD_PARTY_SUSPENDED)
		return TOLD_OK;
	enum told_status status =
		told_directory_current_key(directory, party, TOLD_KEY_SESSION, told_bytes(NULL, 0), now, &key);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status == TOLD_OK)
		status = told_wire_allow(broker->wire, key->key, told_text(told_party_name(names, party)));
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
}

static enum told_status deny_disbelieved(struct told_broker *broker, const struct told_turn *turn)
{
	const struct told_directory *directory = told_record_directory(broker->record);
	struct told_when now = {.utc_ms = turn->when.utc_ms, .log_size = TOLD_WHOLE_LOG};
	const struct told_key *key;
	for (size_t i = 0; (key = told_directory_key_at(directory, i)) != NULL; i++) {
		enum told_key_standing standing = told_key_standing(key, now);
		enum told_party_state party = told_directory_party(directory, key->party, now);
		bool believed = (standing == TOLD_KEY_CURRENT || standing == TOLD_KEY_GRACE) &&
				(party == TOLD_PARTY_ENROLLED || party == TOLD_PARTY_SUSPENDED);
		if (key->purpose != TOLD_KEY_SESSION || believed)
			continue;
		enum told_status status = told_wire_deny(broker->wire, key->key);
		if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
			return status;
	}
	return TOLD_OK;
}

enum told_status told_turn_keys(struct told_broker *broker, struct told_turn *turn)
{
	if (!turn->parties_changed && broker->listening)
		return TOLD_OK;
	enum told_status status = told_wire_allow(broker->wire, broker->operator_session, told_text(TOLD_BROKER_PARTY));
	uint32_t count = told_party_count(told_record_parties(broker->record));
	for (uint32_t party = 1; status == TOLD_OK && party <= count; party++)
		status = allow_party(broker, turn, party);
	if (status == TOLD_OK)
		status = deny_disbelieved(broker, turn);
	if (status == TOLD_OK && !broker->listening)
		status = told_wire_listen(broker->wire);
	broker->listening = status == TOLD_OK;
	return status;
}
