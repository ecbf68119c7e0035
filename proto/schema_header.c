/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of the signed header and its parts: one row a field, in number order, with all that the schema language
 * cannot say (fixed lengths, longest texts and lists, highest values). A table only; scan.c and codec.c walk it. */
#include "schema_rows.h"

/* clang-format off */
#define S told_basis_part
static const struct told_field basis_part_fields[] = {
	ENUM(1, art6, TOLD_ART6_COUNT - 1),
	ENUM(2, art9, TOLD_ART9_COUNT - 1),
	ENUM(3, art10, TOLD_ART10_COUNT - 1),
	ENUM(4, confidentiality, TOLD_CONFIDENTIALITY_COUNT - 1),
	ENUM(5, power, TOLD_POWER_COUNT - 1),
	YES_NO(6, rli_task),
	YES_NO(7, rli_law),
	YES_NO(8, rli_objective),
};
#undef S
static SHAPE("told.LegalBasis", basis_part);

#define S told_override_part
static const struct told_field override_part_fields[] = {
	ENUM(1, kind, TOLD_OVERRIDE_COUNT - 1),
	NAME(2, clause),
	YES_NO(3, reason_given),
	LARGE(4, raised_ms),
	LARGE(5, expires_ms),
	ENUM(6, at_risk, TOLD_AT_RISK_OTHERS_TOO),
	TEXT(7, order_ref, TOLD_TEXT_MAX_BYTES),
	YES_NO(8, mandatory_report),
	YES_NO(9, do_not_notify),
	ENUMS(10, order_names, CATEGORY_MAX),
};
#undef S
static SHAPE("told.Override", override_part);

#define S told_agreement_ref
static const struct told_field agreement_ref_fields[] = {
	NAME(1, id),
	COUNTER(2, version),
	HASH(3, sha256),
};
#undef S
static SHAPE("told.AgreementRef", agreement_ref);

#define S told_workflow_part
static const struct told_field workflow_part_fields[] = {
	ID(1, referral),
	ENUM(2, state, TOLD_REFERRAL_COUNT - 1),
	ENUM(3, reason, TOLD_REASON_COUNT - 1),
	COUNTER(4, attempts),
	COUNTER(5, ways),
	YES_NO(6, high_risk),
	ENUM(7, threshold_met, 4), /* its words stand in decide */
	NAME(8, reviewer),
	YES_NO(9, urgent),
	YES_NO(10, referrer_told),
	LARGE(11, due_ms),
	ENUM(12, detail, TOLD_DETAIL_BACK),
	COUNTER(13, weeks),
	NAME(14, service),
	YES_NO(15, place_chosen),
	YES_NO(16, through_others),
	YES_NO(17, hard_asked),
	YES_NO(18, message_left),
	ENUM(19, room, TOLD_ROOM_CLOSED),
	NAME(20, need),
	ENUM(21, event, TOLD_CONFERENCE_EVENT_COUNT - 1),
	NAME(30, to_team),
	ENUM(31, to_role, ROLE_MAX),
};
#undef S
static SHAPE("told.Workflow", workflow_part);

#define S told_deposit_part
static const struct told_field deposit_part_fields[] = {
	ID(1, deposit_id),
	COUNTER(2, version),
};
#undef S
static SHAPE("told.Deposit", deposit_part);

#define S told_grant_part
static const struct told_field grant_part_fields[] = {
	NAME(1, recipient),
	HASH(2, sealing_key_id),
	ID(3, message_id),
	ID(4, deposit_id),
	COUNTER(5, deposit_version),
	HASH(6, section_digest),
	NAME(7, agreement),
	COUNTER(8, agreement_version),
	ID(9, consent_id),
	NAME(10, clause),
	HASH(11, wrap_hash),
};
#undef S
static SHAPE("told.Grant", grant_part);

#define S told_key_part
static const struct told_field key_part_fields[] = {
	ENUM(1, purpose, TOLD_KEY_COUNT - 1),
	FIXED(2, key, TOLD_KEY_BYTES),
	LARGE(3, from_ms),
	LARGE(4, until_ms),
	COUNTER(5, number),
	ENUM(6, action, TOLD_KEY_ACTION_REVOKE),
	NAME(7, worker),
	BYTES(8, possession, TOLD_HASH_BYTES, TOLD_SIGNATURE_BYTES),
};
#undef S
static SHAPE("told.KeyRecord", key_part);

#define S told_consent_recipient_part
static const struct told_field consent_recipient_part_fields[] = {
	NAME(1, party),
	NAME(2, team),
	ENUM(3, role, ROLE_MAX),
};
#undef S
static SHAPE("told.ConsentRecipient", consent_recipient_part);

#define S told_consent_part
static const struct told_field consent_part_fields[] = {
	ENUM(1, kind, TOLD_CONSENT_KIND_COUNT - 1),
	ENUM(2, state, TOLD_CONSENT_STATE_COUNT - 1),
	LARGE(3, given_ms),
	LARGE(4, from_ms),
	LARGE(5, until_ms),
	PARTS(6, recipients, consent_recipient_part, TOLD_LIST_MAX),
	ENUMS(7, purposes, PURPOSE_MAX),
	ENUMS(8, include, CATEGORY_MAX),
	ENUMS(9, exclude, CATEGORY_MAX),
	NAMES(10, exclude_recipients, TOLD_LIST_MAX),
	NAMES(11, exclude_originators, TOLD_LIST_MAX),
	LARGE(12, data_from_ms),
	LARGE(13, data_until_ms),
	ENUM(14, giver, TOLD_GIVER_COUNT - 1),
	ENUM(15, authority, TOLD_AUTHORITY_REJECTED),
	ENUM(16, capacity, TOLD_CAPACITY_NOT_RECORDED),
	YES_NO(17, freely_given),
	COUNTER(18, notice_version),
	ENUM(19, evidence, TOLD_EVIDENCE_COUNT - 1),
	NAME(20, language),
	YES_NO(21, interpreter),
	YES_NO(22, others_present),
	ID(23, supersedes),
	NAME(24, location_named),
	YES_NO(25, seen_alone),
	YES_NO(26, benefit_warning),
	YES_NO(27, refer_yes),
	NAME(28, chosen_authority),
	YES_NO(29, contact_yes),
	YES_NO(30, reason_named),
	LARGE(31, ended_ms),
	NUMBERS(32, plan_steps, UINT32_MAX, TOLD_LIST_MAX),
};
#undef S
SHAPE("told.Consent", consent_part);

#define S told_withdrawal_part
static const struct told_field withdrawal_part_fields[] = {
	ID(1, consent_id),
	NAMES(2, recipients, TOLD_LIST_MAX),
	ENUMS(3, purposes, PURPOSE_MAX),
	ENUMS(4, categories, CATEGORY_MAX),
};
#undef S
static SHAPE("told.Withdrawal", withdrawal_part);

#define S told_flag_part
static const struct told_field flag_part_fields[] = {
	ENUM(1, kind, TOLD_FLAG_SAFE_TO_TELL),
	ENUM(2, state, TOLD_FLAG_STATE_CLEARED),
	ENUM(3, category, CATEGORY_MAX),
	NAME(4, party),
	NAME(5, worker),
	ENUM(6, hold, TOLD_HOLD_STATUTORY_REVIEW),
	LARGE(7, since_ms),
	LARGE(8, until_ms),
	LARGE(9, review_ms),
	ID(10, message_id),
};
#undef S
static SHAPE("told.Flag", flag_part);

#define S told_relationship_part
static const struct told_field relationship_part_fields[] = {
	ENUM(1, kind, TOLD_RELATIONSHIP_COUNT - 1),
	NAME(2, team),
	NAME(3, worker),
	LARGE(4, from_ms),
	LARGE(5, until_ms),
	YES_NO(6, live),
};
#undef S
static SHAPE("told.Relationship", relationship_part);

#define S told_agreement_sign_part
static const struct told_field agreement_sign_part_fields[] = {
	NAME(1, id),
	COUNTER(2, version),
	HASH(3, sha256),
};
#undef S
static SHAPE("told.AgreementSign", agreement_sign_part);

#define S told_agreement_suspend_part
static const struct told_field agreement_suspend_part_fields[] = {
	NAME(1, id),
	ENUM(2, action, TOLD_AGREEMENT_ACTION_LIFT),
};
#undef S
static SHAPE("told.AgreementSuspend", agreement_suspend_part);

#define S told_reference_part
static const struct told_field reference_part_fields[] = {
	ENUM(1, action, TOLD_REFERENCE_ACTION_MERGE),
	ID(2, other),
};
#undef S
static SHAPE("told.Reference", reference_part);

#define S told_worker_part
static const struct told_field worker_part_fields[] = {
	NAME(1, number),
	ENUM(2, kind, TOLD_WORKER_KIND_COUNT - 1),
	ENUMS(3, roles, ROLE_MAX),
	NAMES(4, teams, TOLD_LIST_MAX),
	LARGE(5, from_ms),
	LARGE(6, until_ms),
	NAME(7, same_as),
};
#undef S
static SHAPE("told.WorkerLine", worker_part);

#define S told_partner_part
static const struct told_field partner_part_fields[] = {
	ENUM(1, action, TOLD_PARTNER_ACTION_LOG_KEY),
	NAME(2, party),
	FIXED(3, identity_key, TOLD_KEY_BYTES),
	FIXED(4, session_key, TOLD_KEY_BYTES),
	NAME(5, acts_for),
	PART(6, log_key, key_part),
};
#undef S
static SHAPE("told.Partner", partner_part);

#define S told_lines_part
static const struct told_field lines_part_fields[] = {
	NUMBER(1, count, TOLD_ACK_LINES_MAX),
	HASH(2, root),
};
#undef S
static SHAPE("told.LineTree", lines_part);

#define S told_erasure_part
static const struct told_field erasure_part_fields[] = {
	ENUM(1, reason, TOLD_ERASURE_REASON_CHILD),
	ENUM(2, state, TOLD_ERASURE_STATE_PARTLY),
	LARGE(3, kept_until_ms),
	TEXT(4, law, TOLD_ERASURE_LAW_MAX_BYTES),
};
#undef S
static SHAPE("told.Erasure", erasure_part);

#define S told_recall_part
static const struct told_field recall_part_fields[] = {
	ENUM(1, kind, TOLD_INCIDENT_WRONG_MERGE),
	BLOBS(2, messages, TOLD_ID_BYTES, TOLD_ID_BYTES, TOLD_RECALL_MESSAGES_MAX),
	YES_NO(3, deleted),
	NAMES(4, opened_by, TOLD_RECALL_NAMES_MAX),
	NAMES(5, passed_on, TOLD_RECALL_NAMES_MAX),
	YES_NO(6, corrected),
};
#undef S
static SHAPE("told.Recall", recall_part);

#define S told_audit_copy_part
static const struct told_field audit_copy_part_fields[] = {
	NAME(1, party),
	ENUM(2, purpose, TOLD_AUDIT_PURPOSE_LOG_CHECK),
	ENUM(3, asked_by, TOLD_AUDIT_ASKER_OPERATOR),
	NAME(4, asker),
	LARGE(5, until_ms),
};
#undef S
static SHAPE("told.AuditCopy", audit_copy_part);

#define S told_audit_view_part
static const struct told_field audit_view_part_fields[] = {
	ENUM(1, purpose, TOLD_AUDIT_PURPOSE_LOG_CHECK),
	NAME(2, of),
	YES_NO(3, all),
	ID(4, message),
	LARGE(5, log),
	LARGE(6, from),
	NUMBER(7, count, TOLD_VIEW_MAX),
	LARGE(8, since_ms),
	LARGE(9, until_ms),
	ENUM(10, type, TYPE_MAX),
	ENUM(11, phase, TOLD_PHASE_FINISHED),
	NAME(12, with),
};
#undef S
SHAPE("told.AuditView", audit_view_part);

#define S told_alert_record_part
static const struct told_field alert_record_part_fields[] = {
	ENUM(1, event, TOLD_ALERT_EVENT_CLOSED),
	ENUM(2, outcome, TOLD_ALERT_OUTCOME_WRONG_NUMBER),
	LARGE(3, at_ms),
};
#undef S
static SHAPE("told.AlertRecord", alert_record_part);

#define S told_header
static const struct told_field header_fields[] = {
	COUNTER(1, version),
	ENUM(2, type, TYPE_MAX),
	ID(3, id),
	TEXT(4, partnership, TOLD_TEXT_MAX_BYTES),
	NAME(5, sender),
	LARGE(6, sender_seq),
	ID(7, epoch),
	NAMES(8, recipients, TOLD_RECIPIENTS_MAX),
	ID(9, client_ref),
	ID(10, in_reply_to),
	LARGE(11, created_ms),
	LARGE(12, expires_ms),
	NAME(13, author),
	ENUM(14, role, ROLE_MAX),
	NAME(15, team),
	NAME(16, authoriser),
	ENUMS(17, purposes, PURPOSE_MAX),
	PARTS(18, bases, basis_part, TOLD_SECTIONS_MAX),
	YES_NO(19, recipients_visible),
	{"override", TOLD_KIND_PART, 20, AT(override_block, struct told_override_part *), 0, 1, 0, &override_part_shape},
	PART(21, agreement, agreement_ref),
	PART(22, workflow, workflow_part),
	HASHES(23, section_digests, TOLD_SECTIONS_MAX),
	LARGE(24, seen_size),
	HASH(25, seen_root),
	ENUMS(26, asked, CATEGORY_MAX),
	HASH(27, presence),
	PART(40, deposit, deposit_part),
	PARTS(41, grants, grant_part, TOLD_GRANTS_MAX),
	PART(42, key_record, key_part),
	PART(43, consent, consent_part),
	PART(44, withdrawal, withdrawal_part),
	PART(45, flag, flag_part),
	PART(46, relationship, relationship_part),
	PART(47, agreement_sign, agreement_sign_part),
	PART(48, agreement_suspend, agreement_suspend_part),
	PART(49, reference, reference_part),
	PARTS(50, workers, worker_part, TOLD_LIST_MAX),
	PART(51, partner, partner_part),
	PART(52, lines, lines_part),
	PART(53, erasure, erasure_part),
	PART(54, recall, recall_part),
	PART(55, audit_copy, audit_copy_part),
	PART(61, alert_record, alert_record_part),
	PART(62, audit_view, audit_view_part),
};
#undef S
SHAPE("told.Header", header);
