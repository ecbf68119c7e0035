/* SPDX-License-Identifier: Apache-2.0 */
/* Headers for tests: the base that every header has, and each part set to something whole. The parts are static and
 * never change, so headers may be copied. Included by tests of types, messages and examples only. */
#ifndef TOLD_TEST_HEADER_CASES_H
#define TOLD_TEST_HEADER_CASES_H

#include "proto/types.h"
#include "support/support.h"

#define CASE_NOW_MS UINT64_C(1795000000000)

/* 64 bytes that are told apart by their first. */
static inline struct told_bytes case_bytes(uint8_t first, size_t len)
{
	static uint8_t bytes[256][64];
	for (size_t i = 0; i < sizeof bytes[first]; i++)
		bytes[first][i] = (uint8_t)(first + i * 7);
	return told_bytes(bytes[first], len);
}

/* A UUIDv7 of that number. */
static inline struct told_bytes case_id(uint8_t number)
{
	static uint8_t ids[256][TOLD_ID_BYTES];
	uint8_t *id = ids[number];
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		id[i] = (uint8_t)(i * 11 + number);
	id[6] = 0x71;
	id[8] = 0x82;
	return told_bytes(id, TOLD_ID_BYTES);
}

static inline struct told_header case_base(uint32_t type)
{
	return (struct told_header){
		.version = 1,
		.type = type,
		.id = case_id(1),
		.partnership = told_text("told.example/middleton"),
		.sender = told_text(type == TOLD_TYPE_PARTNER || type == TOLD_TYPE_AUDIT_COPY ? "broker" : "HOU"),
		.sender_seq = 12,
		.epoch = case_bytes(9, TOLD_ID_BYTES),
		.created_ms = CASE_NOW_MS,
		.expires_ms = CASE_NOW_MS + 7 * TOLD_MS_DAY,
	};
}

static inline void case_set_lists(struct told_header *h, uint32_t part)
{
	static struct told_bytes to[1], digests[4];
	static uint32_t purposes[] = {TOLD_PURPOSE_REFERRAL}, asked[] = {TOLD_CATEGORY_HOU_SIT};
	static struct told_basis_part bases[] = {{.art6 = TOLD_ART6_E, .art9 = TOLD_ART9_H_2}};
	static struct told_grant_part grants[1];
	static struct told_worker_part workers[1];
	to[0] = told_text("TT");
	for (uint8_t i = 0; i < 4; i++)
		digests[i] = case_bytes((uint8_t)(20 + i), TOLD_HASH_BYTES);
	grants[0] = (struct told_grant_part){
		told_text("TT"),   case_bytes(1, 32),    case_id(2), case_id(3), 1,
		case_bytes(2, 32), told_text("ISA-MD3"), 3,          {0},        told_text("4.1"),
		case_bytes(3, 32)};
	workers[0] = (struct told_worker_part){
		.number = told_text("U11"), .kind = TOLD_WORKER_KIND_EMPLOYED, .from_ms = CASE_NOW_MS};
	switch (part) {
	case TOLD_PART_RECIPIENTS: h->recipients = (struct told_bytes_list){to, 1}; break;
	case TOLD_PART_PURPOSES: h->purposes = (struct told_u32_list){purposes, 1}; break;
	case TOLD_PART_BASES: h->bases = (struct told_basis_part_list){bases, 1}; break;
	case TOLD_PART_SECTIONS: h->section_digests = (struct told_bytes_list){digests, 4}; break;
	case TOLD_PART_ASKED: h->asked = (struct told_u32_list){asked, 1}; break;
	case TOLD_PART_GRANTS: h->grants = (struct told_grant_part_list){grants, 1}; break;
	case TOLD_PART_WORKERS: h->workers = (struct told_worker_part_list){workers, 1}; break;
	default: fail_msg("part %x has no case", part);
	}
}

static inline void case_set_record(struct told_header *h, uint32_t part)
{
	static struct told_key_part key;
	static struct told_consent_part consent = {
		.kind = TOLD_CONSENT_KIND_PERMISSION, .state = TOLD_CONSENT_STATE_GIVEN, .given_ms = CASE_NOW_MS};
	static struct told_withdrawal_part withdrawal;
	static struct told_flag_part flag = {.kind = TOLD_FLAG_DISPUTED, .state = TOLD_FLAG_STATE_SET};
	static struct told_flag_part hold = {.kind = TOLD_FLAG_LEGAL_HOLD,
					     .state = TOLD_FLAG_STATE_SET,
					     .hold = TOLD_HOLD_COURT,
					     .review_ms = CASE_NOW_MS + TOLD_MS_DAY};
	static struct told_relationship_part relationship = {
		.kind = TOLD_RELATIONSHIP_TEAM, .from_ms = CASE_NOW_MS, .live = TOLD_YES_NO_YES};
	static struct told_agreement_sign_part sign;
	static struct told_agreement_suspend_part suspend;
	static struct told_reference_part reference = {.action = TOLD_REFERENCE_ACTION_RETIRE};
	static struct told_partner_part partner;
	static struct told_lines_part lines;
	static struct told_erasure_part erasure;
	static struct told_bytes called_back[1];
	static struct told_recall_part recall;
	static struct told_audit_copy_part copy;
	static struct told_audit_view_part view;
	static struct told_alert_record_part arrived = {TOLD_ALERT_EVENT_ARRIVED, TOLD_ALERT_OUTCOME_NONE, CASE_NOW_MS};
	static struct told_alert_record_part called = {TOLD_ALERT_EVENT_CALLED, TOLD_ALERT_OUTCOME_ON_CALL,
						       CASE_NOW_MS};
	/* A request where the person is named before (parts are set in the order of their bits), else an answer. */
	erasure = h->client_ref.len > 0 ? (struct told_erasure_part){.reason = TOLD_ERASURE_REASON_WITHDRAWN}
					: (struct told_erasure_part){.state = TOLD_ERASURE_STATE_ERASED};
	key = (struct told_key_part){TOLD_KEY_SIGNING,
				     case_bytes(4, 32),
				     CASE_NOW_MS,
				     CASE_NOW_MS + TOLD_MS_DAY,
				     1,
				     TOLD_KEY_ACTION_ISSUE,
				     {0},
				     case_bytes(5, 64)};
	sign = (struct told_agreement_sign_part){told_text("ISA-MD3"), 3, case_bytes(6, 32)};
	suspend = (struct told_agreement_suspend_part){told_text("ISA-MD3"), TOLD_AGREEMENT_ACTION_SUSPEND};
	partner = (struct told_partner_part){
		TOLD_PARTNER_ACTION_ENROL, told_text("TT"), case_bytes(7, 32), case_bytes(8, 32), {0}, NULL};
	lines = (struct told_lines_part){2, case_bytes(10, 32)};
	called_back[0] = case_bytes(11, 16);
	recall = h->type == TOLD_TYPE_RECALL_ANSWER ? (struct told_recall_part){.deleted = TOLD_YES_NO_YES}
						    : (struct told_recall_part){.kind = TOLD_INCIDENT_WRONG_RECIPIENT,
										.messages = {called_back, 1}};
	copy = (struct told_audit_copy_part){.party = told_text("TT"),
					     .purpose = TOLD_AUDIT_PURPOSE_COMPLAINT,
					     .asked_by = TOLD_AUDIT_ASKER_DPO,
					     .until_ms = CASE_NOW_MS + TOLD_MS_DAY};
	view = (struct told_audit_view_part){.purpose = TOLD_AUDIT_PURPOSE_COMPLAINT, .count = 1};
	switch (part) {
	case TOLD_PART_KEY: h->key_record = &key; break;
	case TOLD_PART_CONSENT: h->consent = &consent; break;
	case TOLD_PART_WITHDRAWAL: h->withdrawal = &withdrawal; break;
	case TOLD_PART_FLAG: h->flag = h->type == TOLD_TYPE_HOLD ? &hold : &flag; break;
	case TOLD_PART_RELATIONSHIP: h->relationship = &relationship; break;
	case TOLD_PART_AGREEMENT_SIGN: h->agreement_sign = &sign; break;
	case TOLD_PART_AGREEMENT_SUSPEND: h->agreement_suspend = &suspend; break;
	case TOLD_PART_REFERENCE: h->reference = &reference; break;
	case TOLD_PART_PARTNER: h->partner = &partner; break;
	case TOLD_PART_LINES: h->lines = &lines; break;
	case TOLD_PART_ERASURE: h->erasure = &erasure; break;
	case TOLD_PART_RECALL: h->recall = &recall; break;
	case TOLD_PART_AUDIT_COPY: h->audit_copy = &copy; break;
	case TOLD_PART_AUDIT_VIEW: h->audit_view = &view; break;
	case TOLD_PART_ALERT_RECORD: h->alert_record = h->author.len > 0 ? &called : &arrived; break;
	default: case_set_lists(h, part);
	}
}

/* Sets one part to something whole. */
static inline void case_set(struct told_header *h, uint32_t part)
{
	static struct told_agreement_ref agreement;
	static struct told_workflow_part workflow = {.state = TOLD_REFERRAL_ACCEPTED};
	static struct told_override_part override = {.kind = TOLD_OVERRIDE_VITAL};
	static struct told_deposit_part deposit;
	agreement = (struct told_agreement_ref){told_text("ISA-MD3"), 3, case_bytes(11, 32)};
	deposit = (struct told_deposit_part){case_id(4), 1};
	switch (part) {
	case TOLD_PART_CLIENT: h->client_ref = case_bytes(12, TOLD_ID_BYTES); break;
	case TOLD_PART_REPLY: h->in_reply_to = case_id(5); break;
	case TOLD_PART_AUTHOR:
		h->author = told_text("U11");
		h->role = TOLD_ROLE_PRACTITIONER;
		break;
	case TOLD_PART_AGREEMENT: h->agreement = &agreement; break;
	case TOLD_PART_WORKFLOW: h->workflow = &workflow; break;
	case TOLD_PART_OVERRIDE: h->override_block = &override; break;
	case TOLD_PART_DEPOSIT: h->deposit = &deposit; break;
	case TOLD_PART_PRESENCE: h->presence = case_bytes(13, TOLD_HASH_BYTES); break;
	default: case_set_record(h, part);
	}
}

/* A header of the type with these parts and no other. */
static inline struct told_header case_header(uint32_t type, uint32_t parts)
{
	struct told_header header = case_base(type);
	for (unsigned bit = 0; bit < 32; bit++)
		if ((parts >> bit & 1) != 0)
			case_set(&header, 1u << bit);
	return header;
}

#endif
