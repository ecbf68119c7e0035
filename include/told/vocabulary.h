/* SPDX-License-Identifier: Apache-2.0 */
/* The closed lists that both sides speak: numbers for the wire (proto/header.proto has the same), words for people.
 * A number is never reused. Source: decision.md section 1.4, protocol.md section 2. */
#ifndef TOLD_VOCABULARY_H
#define TOLD_VOCABULARY_H

#include "told/bytes.h"
#include "told/vocabulary_alert.h"

/* Message types: X(number, NAME). Their parts and who may send them: proto/types.h. */
#define TOLD_TYPES(X)                                                                                                  \
	X(1, DEPOSIT)                                                                                                  \
	X(2, GRANT)                                                                                                    \
	X(3, ASK)                                                                                                      \
	X(4, ASK_REPLY)                                                                                                \
	X(5, KNOWN)                                                                                                    \
	X(6, REFERRAL)                                                                                                 \
	X(7, REFERRAL_ANSWER)                                                                                          \
	X(8, STATUS_UPDATE)                                                                                            \
	X(9, CANCEL)                                                                                                   \
	X(10, CLOSURE)                                                                                                 \
	X(11, CORRECTION)                                                                                              \
	X(12, NOTE)                                                                                                    \
	X(13, ALERT)                                                                                                   \
	X(14, DISCLOSURE_RECORD)                                                                                       \
	X(15, CONSENT)                                                                                                 \
	X(16, WITHDRAWAL)                                                                                              \
	X(17, WITHDRAWAL_NOTICE)                                                                                       \
	X(18, FLAG)                                                                                                    \
	X(19, RELATIONSHIP)                                                                                            \
	X(20, AGREEMENT_SIGN)                                                                                          \
	X(21, AGREEMENT_SUSPEND)                                                                                       \
	X(22, REFERENCE)                                                                                               \
	X(23, KEY_RECORD)                                                                                              \
	X(24, WORKER_REGISTER)                                                                                         \
	X(25, PARTNER)                                                                                                 \
	X(26, ACK)                                                                                                     \
	X(27, OPENED)                                                                                                  \
	X(28, RECALL)                                                                                                  \
	X(29, RECALL_ANSWER)                                                                                           \
	X(30, CONF_CALL)                                                                                               \
	X(31, CONF_LIST)                                                                                               \
	X(32, CONF_INVITE)                                                                                             \
	X(33, CONF_RESEARCH)                                                                                           \
	X(34, CONF_CONTRIB)                                                                                            \
	X(35, CONF_MINUTES)                                                                                            \
	X(36, CONF_ACTION)                                                                                             \
	X(37, PLAN_STEP)                                                                                               \
	X(38, BULK_LIST)                                                                                               \
	X(39, AGGREGATE)                                                                                               \
	X(40, AUDIT_VIEW)                                                                                              \
	X(41, SUBJECT_ACCESS)                                                                                          \
	X(42, ERASURE)                                                                                                 \
	X(43, HOLD)                                                                                                    \
	X(44, CAPACITY)                                                                                                \
	X(45, AUDIT_COPY)                                                                                              \
	X(46, ALERT_RECORD)

/* Data categories, 64 leaves: X(number, NAME, code, words for a practitioner). Bit number - 1 in a category set. */
#define TOLD_CATEGORIES(X)                                                                                             \
	X(1, DEM_ID, "DEM.ID", "who the person is")                                                                    \
	X(2, DEM_CON, "DEM.CON", "post, e-mail or care-of address")                                                    \
	X(3, DEM_TEL, "DEM.TEL", "telephone")                                                                          \
	X(4, DEM_SAFE, "DEM.SAFE", "how to get in touch safely")                                                       \
	X(5, DEM_LOC, "DEM.LOC", "where the person lives")                                                             \
	X(6, DEM_PC, "DEM.PC", "part of the postcode")                                                                 \
	X(7, DEM_HH, "DEM.HH", "household")                                                                            \
	X(8, DEM_FORMER, "DEM.FORMER", "former names and gender history")                                              \
	X(9, HOU_SIT, "HOU.SIT", "housing situation now")                                                              \
	X(10, HOU_DUTY, "HOU.DUTY", "duties the council owes")                                                         \
	X(11, HOU_TEN, "HOU.TEN", "tenancy and arrears")                                                               \
	X(12, HOU_SUP, "HOU.SUP", "support needed to keep a home")                                                     \
	X(13, HOU_HIST, "HOU.HIST", "address and rough-sleeping history")                                              \
	X(14, MH_PROB, "MH.PROB", "mood and mind: what the problem is")                                                \
	X(15, MH_SCORE, "MH.SCORE", "mood and mind: score totals")                                                     \
	X(16, MH_ITEM, "MH.ITEM", "mood and mind: single answers")                                                     \
	X(17, MH_TX, "MH.TX", "mood and mind: step and therapy")                                                       \
	X(18, MH_NOTE, "MH.NOTE", "mood and mind: session notes")                                                      \
	X(19, MH_SEC, "MH.SEC", "secondary mental health care")                                                        \
	X(20, MH_ATT, "MH.ATT", "mood and mind: attendance only")                                                      \
	X(21, SUD_USE, "SUD.USE", "drink and drugs: use")                                                              \
	X(22, SUD_TX, "SUD.TX", "drink and drugs: treatment")                                                          \
	X(23, SUD_TOP, "SUD.TOP", "drink and drugs: outcome profile")                                                  \
	X(24, SUD_RX, "SUD.RX", "drink and drugs: prescribing")                                                        \
	X(25, SUD_BBV, "SUD.BBV", "blood-borne virus")                                                                 \
	X(26, SUD_INJ, "SUD.INJ", "injecting")                                                                         \
	X(27, SUD_ATT, "SUD.ATT", "drink and drugs: attendance only")                                                  \
	X(28, EMP_STAT, "EMP.STAT", "work status")                                                                     \
	X(29, EMP_GOAL, "EMP.GOAL", "work goals")                                                                      \
	X(30, EMP_BAR, "EMP.BAR", "what stands in the way of work")                                                    \
	X(31, EMP_BEN, "EMP.BEN", "benefits")                                                                          \
	X(32, EMP_FIT, "EMP.FIT", "fitness for work")                                                                  \
	X(33, EMP_ADJ, "EMP.ADJ", "adjustments at work")                                                               \
	X(34, EMP_ATT, "EMP.ATT", "work support: attendance only")                                                     \
	X(35, FIN_DEBT, "FIN.DEBT", "debts")                                                                           \
	X(36, PHY_COND, "PHY.COND", "physical health conditions")                                                      \
	X(37, PHY_MED, "PHY.MED", "medicines")                                                                         \
	X(38, RSK_SELF, "RSK.SELF", "risk of harm to self")                                                            \
	X(39, RSK_OTH, "RSK.OTH", "risk of harm to others")                                                            \
	X(40, RSK_FROM, "RSK.FROM", "risk of harm from others")                                                        \
	X(41, RSK_STAFF, "RSK.STAFF", "staff-safety marker")                                                           \
	X(42, SAF_ADULT, "SAF.ADULT", "safeguarding an adult")                                                         \
	X(43, SAF_CHILD, "SAF.CHILD", "safeguarding a child")                                                          \
	X(44, SAF_DA, "SAF.DA", "domestic abuse")                                                                      \
	X(45, SAF_MARAC, "SAF.MARAC", "high-risk domestic abuse conference")                                           \
	X(46, CRM_OFF, "CRM.OFF", "offences")                                                                          \
	X(47, CRM_SUP, "CRM.SUP", "supervision by probation")                                                          \
	X(48, CRM_TP, "CRM.TP", "offences of other people")                                                            \
	X(49, FAM_CHILD, "FAM.CHILD", "children")                                                                      \
	X(50, FAM_TP, "FAM.TP", "other people in the family")                                                          \
	X(51, FAM_NOK, "FAM.NOK", "next of kin")                                                                       \
	X(52, FAM_LINK, "FAM.LINK", "household link")                                                                  \
	X(53, NED, "NED", "needs")                                                                                     \
	X(54, FRM, "FRM", "shared understanding")                                                                      \
	X(55, PLN, "PLN", "plan steps")                                                                                \
	X(56, SUP, "SUP", "people who help me")                                                                        \
	X(57, STR, "STR", "strengths")                                                                                 \
	X(58, GOA, "GOA", "goals")                                                                                     \
	X(59, PRF_GEN, "PRF.GEN", "preferences, and what not to ask again")                                            \
	X(60, PRF_ACC, "PRF.ACC", "access needs")                                                                      \
	X(61, EQA, "EQA", "equality monitoring")                                                                       \
	X(62, REF_META, "REF.META", "how the referral stands")                                                         \
	X(63, CNS_META, "CNS.META", "how the permission stands")                                                       \
	X(64, NARR, "NARR", "free text")

/* Purposes: X(number, NAME, words that complete "for ..."). */
#define TOLD_PURPOSES(X)                                                                                               \
	X(1, REFERRAL, "a referral")                                                                                   \
	X(2, COORD, "working together")                                                                                \
	X(3, DIRECTCARE, "direct care")                                                                                \
	X(4, DUTYREFER, "the duty to refer")                                                                           \
	X(5, HOUSASSESS, "a housing assessment")                                                                       \
	X(6, EMPSUP, "support into work")                                                                              \
	X(7, MDT, "a case conference")                                                                                 \
	X(8, MARAC, "a high-risk domestic abuse conference")                                                           \
	X(9, SAFEADULT, "keeping an adult safe")                                                                       \
	X(10, SAFECHILD, "keeping a child safe")                                                                       \
	X(11, EMERG, "an emergency")                                                                                   \
	X(12, PUBPROT, "protecting the public")                                                                        \
	X(13, CRIME, "preventing or finding out crime")                                                                \
	X(14, COURT, "an order of a court or tribunal")                                                                \
	X(15, SUBJACC, "the person's own access")                                                                      \
	X(16, COMPLAINT, "a complaint")                                                                                \
	X(17, INCIDENT, "an incident")                                                                                 \
	X(18, STATREV, "a statutory review")                                                                           \
	X(19, CORONER, "a coroner")                                                                                    \
	X(20, SUPERVISION, "supervision of staff")                                                                     \
	X(21, TRANSFER, "a move to another area")                                                                      \
	X(22, AUDIT, "an audit")                                                                                       \
	X(23, DEDUP, "finding duplicates")                                                                             \
	X(24, CLOSE, "closing a case")                                                                                 \
	X(25, EVAL, "evaluation")                                                                                      \
	X(26, RESEARCH, "research")

/* UK GDPR Article 6: X(number, NAME, code). */
#define TOLD_ART6S(X)                                                                                                  \
	X(1, A, "a")                                                                                                   \
	X(2, C, "c")                                                                                                   \
	X(3, D, "d")                                                                                                   \
	X(4, E, "e")                                                                                                   \
	X(5, EA_REQUEST, "ea:request")                                                                                 \
	X(6, EA_SAFEGUARDING, "ea:safeguarding")                                                                       \
	X(7, EA_EMERGENCY, "ea:emergency")                                                                             \
	X(8, EA_CRIME, "ea:crime")                                                                                     \
	X(9, F, "f")

/* UK GDPR Article 9 with the DPA 2018 Schedule 1 paragraph. */
#define TOLD_ART9S(X)                                                                                                  \
	X(1, A, "a")                                                                                                   \
	X(2, C, "c")                                                                                                   \
	X(3, F, "f")                                                                                                   \
	X(4, G_6, "g:6")                                                                                               \
	X(5, G_16, "g:16")                                                                                             \
	X(6, G_17, "g:17")                                                                                             \
	X(7, G_18, "g:18")                                                                                             \
	X(8, G_19, "g:19")                                                                                             \
	X(9, H_2, "h:2")

/* UK GDPR Article 10: official authority, or the paragraph of DPA 2018 Schedule 1. */
#define TOLD_ART10S(X)                                                                                                 \
	X(1, OFFICIAL, "official")                                                                                     \
	X(2, SCH1_6, "sch1:6")                                                                                         \
	X(3, SCH1_10, "sch1:10")                                                                                       \
	X(4, SCH1_18, "sch1:18")                                                                                       \
	X(5, SCH1_19, "sch1:19")                                                                                       \
	X(6, SCH1_29, "sch1:29")                                                                                       \
	X(7, SCH1_33, "sch1:33")

/* The common-law lock: what lifts the duty of confidentiality. */
#define TOLD_CONFIDENTIALITIES(X)                                                                                      \
	X(1, IMPLIED_DIRECT_CARE, "implied_direct_care")                                                               \
	X(2, EXPLICIT_CONSENT, "explicit_consent")                                                                     \
	X(3, OVERALL_BENEFIT, "overall_benefit")                                                                       \
	X(4, LAW_OR_COURT, "law_or_court")                                                                             \
	X(5, STATUTORY_SETASIDE, "statutory_setaside")                                                                 \
	X(6, PUBLIC_INTEREST, "public_interest")                                                                       \
	X(7, NOT_CONFIDENTIAL, "not_confidential")

/* Statutory powers and gateways that a flow or a message may name. */
#define TOLD_POWERS(X)                                                                                                 \
	X(1, CDA_S115, "cda_s115")                                                                                     \
	X(2, S251B, "s251B")                                                                                           \
	X(3, DEA_S35, "dea_s35")                                                                                       \
	X(4, S213B, "s213B")                                                                                           \
	X(5, CONTRACT, "contract")                                                                                     \
	X(6, ANSWERS_REFERRAL, "answers_referral")                                                                     \
	X(7, NO_PERSON, "no_person")                                                                                   \
	X(8, CARE_ACT, "care_act")                                                                                     \
	X(9, CHILDREN_ACT, "children_act")                                                                             \
	X(10, LOCAL_GOVERNMENT_ACT, "local_government_act")

/* What a worker may be. */
#define TOLD_ROLES(X)                                                                                                  \
	X(1, PRACTITIONER, "practitioner")                                                                             \
	X(2, SENIOR, "senior")                                                                                         \
	X(3, DSL, "dsl")                                                                                               \
	X(4, DPO, "dpo")                                                                                               \
	X(5, LAWYER, "lawyer")                                                                                         \
	X(6, COORDINATOR, "coordinator")                                                                               \
	X(7, TRAINEE, "trainee")

/* How a worker is engaged (design section 3). */
#define TOLD_WORKER_KINDS(X)                                                                                           \
	X(1, EMPLOYED, "employed")                                                                                     \
	X(2, AGENCY, "agency")                                                                                         \
	X(3, VOLUNTEER, "volunteer")                                                                                   \
	X(4, STUDENT, "student")                                                                                       \
	X(5, PEER, "peer")

/* Whose words a line is. */
#define TOLD_VOICES(X)                                                                                                 \
	X(1, PERSON, "the person's own words")                                                                         \
	X(2, WORKER, "the worker's view")                                                                              \
	X(3, OTHER, "someone else said")                                                                               \
	X(4, MEASURED, "measured")

/* Kind of a consent record. */
#define TOLD_CONSENT_KINDS(X)                                                                                          \
	X(1, PERMISSION, "permission")                                                                                 \
	X(2, GDPR, "gdpr")                                                                                             \
	X(3, STATUTORY_DTR, "statutory:dtr")                                                                           \
	X(4, STATUTORY_UC, "statutory:uc")                                                                             \
	X(5, WISH, "wish")                                                                                             \
	X(6, IMPLIED, "implied")

/* State in which a consent record is signed; expired, not yet valid and superseded follow from time and other records.
 */
#define TOLD_CONSENT_STATES(X)                                                                                         \
	X(1, SOUGHT, "sought")                                                                                         \
	X(2, GIVEN, "given")                                                                                           \
	X(3, REFUSED, "refused")                                                                                       \
	X(4, WITHDRAWN, "withdrawn")                                                                                   \
	X(5, NOT_SOUGHT_UNSAFE, "not_sought_unsafe")                                                                   \
	X(6, NOT_SOUGHT_INAPPROPRIATE, "not_sought_inappropriate")                                                     \
	X(7, NOT_REQUIRED, "not_required")                                                                             \
	X(8, INVALID, "invalid")                                                                                       \
	X(9, ENTERED_IN_ERROR, "entered_in_error")

/* Who gave a permission. */
#define TOLD_GIVERS(X)                                                                                                 \
	X(1, PERSON, "person")                                                                                         \
	X(2, ATTORNEY, "attorney")                                                                                     \
	X(3, DEPUTY, "deputy")                                                                                         \
	X(4, PARENT, "parent")                                                                                         \
	X(5, BEST_INTERESTS, "best_interests")                                                                         \
	X(6, RELATED, "related")

/* What shows that a permission was given. */
#define TOLD_EVIDENCES(X)                                                                                              \
	X(1, SIGNATURE, "signature")                                                                                   \
	X(2, RECORDING, "recording")                                                                                   \
	X(3, NOTE, "note")

/* Why an asker may look. */
#define TOLD_RELATIONSHIP_KINDS(X)                                                                                     \
	X(1, REFERRAL, "referral")                                                                                     \
	X(2, TEAM, "team")                                                                                             \
	X(3, CONFERENCE, "conference")                                                                                 \
	X(4, PRESENT, "present")

/* Purposes of keys (protocol section 1); vault keys never leave the agency. */
#define TOLD_KEY_PURPOSES(X)                                                                                           \
	X(1, IDENTITY, "identity")                                                                                     \
	X(2, SIGNING, "signing")                                                                                       \
	X(3, SEALING, "sealing")                                                                                       \
	X(4, WITNESS, "witness")                                                                                       \
	X(5, SESSION, "session")                                                                                       \
	X(6, CONTACT, "contact")                                                                                       \
	X(7, LOG, "log")                                                                                               \
	X(8, OPERATOR, "operator")

/* Override kinds (decision 4.3). */
#define TOLD_OVERRIDE_KINDS(X)                                                                                         \
	X(1, SAFEGUARDING, "safeguarding")                                                                             \
	X(2, VITAL, "vital")                                                                                           \
	X(3, LAW, "law")

/* What a copy for audit is made for, and who asked for it (practice.md section 8): codes, so that a header holds no
 * words about anybody. */
#define TOLD_AUDIT_PURPOSES(X)                                                                                         \
	X(1, INTERNAL, "internal", "an agency's audit of its own flows")                                               \
	X(2, EXTERNAL, "external", "a review by an outside auditor")                                                   \
	X(3, REGULATOR, "regulator", "an inquiry by a regulator")                                                      \
	X(4, COMPLAINT, "complaint", "a complaint")                                                                    \
	X(5, ACCESS, "access", "a person's request to know who was sent what")                                         \
	X(6, INCIDENT, "incident", "an incident")                                                                      \
	X(7, COURT, "court", "an order of a court")                                                                    \
	X(8, LOG_CHECK, "log-check", "a check of the log itself")

#define TOLD_AUDIT_ASKERS(X)                                                                                           \
	X(1, LEAD, "lead", "an agency's lead")                                                                         \
	X(2, DPO, "dpo", "a data protection officer")                                                                  \
	X(3, CALDICOTT, "caldicott", "a Caldicott Guardian")                                                           \
	X(4, AUDITOR, "auditor", "an auditor")                                                                         \
	X(5, REGULATOR, "regulator", "a regulator")                                                                    \
	X(6, COURT, "court", "a court")                                                                                \
	X(7, OPERATOR, "operator", "the operator")

/* Ten states of a referral (FHIR R4 Task as SDOH Clinical Care narrows it), and the four words of every screen. A draft
 * is in nobody's list: it becomes Sent. Who may set which: broker/decide/moves.h. */
#define TOLD_REFERRAL_STATES(X)                                                                                        \
	X(1, DRAFT, "draft", "Sent")                                                                                   \
	X(2, REQUESTED, "requested", "Sent")                                                                           \
	X(3, ACCEPTED, "accepted", "Active")                                                                           \
	X(4, IN_PROGRESS, "in-progress", "Active")                                                                     \
	X(5, ON_HOLD, "on-hold", "Active")                                                                             \
	X(6, COMPLETED, "completed", "Done")                                                                           \
	X(7, REJECTED, "rejected", "Closed")                                                                           \
	X(8, FAILED, "failed", "Closed")                                                                               \
	X(9, CANCELLED, "cancelled", "Closed")                                                                         \
	X(10, ENTERED_IN_ERROR, "entered-in-error", "Closed")

/* Coded reasons for declining or closing: X(number, NAME, code, words for a practitioner, words for the person). */
#define TOLD_REASONS(X)                                                                                                \
	X(1, NOT_ELIGIBLE, "not_eligible", "not eligible", "this service cannot take you on")                          \
	X(2, OUT_OF_AREA, "out_of_area", "out of area", "this service is for another area")                            \
	X(3, NO_CAPACITY, "no_capacity", "no capacity", "this service has no room now")                                \
	X(4, NO_RECOURSE, "no_recourse", "no recourse to public funds", "the rules on public money stop this service") \
	X(5, NEEDS_NOT_SAFE, "needs_not_safe", "needs cannot be safely managed", "we could not make it safe here")     \
	X(6, RISK_TOO_HIGH, "risk_too_high", "risk too high", "we could not make it safe, and asked someone else")     \
	X(7, RISK_TOO_LOW, "risk_too_low", "risk too low", "you may need less than this service gives")                \
	X(8, DUPLICATE, "duplicate", "already known or duplicate", "you were already with this service")               \
	X(9, MORE_INFORMATION, "more_information", "more information needed", "we need to know more first")            \
	X(10, NO_CONSENT, "no_consent", "consent not given", "you said no, and that is all right")                     \
	X(11, WRONG_SERVICE, "wrong_service", "wrong service, redirected", "another service is better for this")       \
	X(12, CANNOT_CONTACT, "cannot_contact", "cannot contact", "we could not reach you")                            \
	X(13, PERSON_DECLINED, "person_declined", "declined by the person", "you said no, and that is all right")      \
	X(14, NOT_REQUIRED, "not_required", "support not required", "you told us you do not need this now")            \
	X(15, MOVED, "moved", "moved", "you moved")                                                                    \
	X(16, IN_CUSTODY, "in_custody", "in custody", "you were in custody")                                           \
	X(17, DIED, "died", "died", "the person died")                                                                 \
	X(18, COMPLETED, "completed", "completed", "it is done")                                                       \
	X(19, ONWARD, "onward", "completed with onward referral", "it is done, and another service goes on")           \
	X(20, TRANSFERRED, "transferred", "transferred", "another service goes on")                                    \
	X(21, DISENGAGED, "disengaged", "disengaged", "we lost touch; the door is open")                               \
	X(22, NOT_SUITABLE, "not_suitable", "not suitable", "this was not the right help")                             \
	X(23, WITHDRAWN_BY_PROVIDER, "withdrawn_by_provider", "withdrawn by provider", "the service stopped")          \
	X(24, SENT_IN_ERROR, "sent_in_error", "sent in error", "this was sent by mistake")                             \
	X(25, OTHER, "other", "other", "another reason")                                                               \
	X(26, DOOR_OPEN, "door_open", "paused, door open", "we have paused, and the door is open")

enum told_type {
#define X(number, name) TOLD_TYPE_##name = number,
	TOLD_TYPES(X)
#undef X
		TOLD_TYPE_COUNT
};

/* Each closed list gives enum told_<list> { TOLD_<LIST>_NONE, ..., TOLD_<LIST>_COUNT }. */
#define TOLD_VOCABULARY_ENUM(tag, PREFIX, LIST, ROW) enum tag { PREFIX##_NONE, LIST(ROW) PREFIX##_COUNT }

#define X_CATEGORY(n, name, ...)                     TOLD_CATEGORY_##name = n,
#define X_PURPOSE(n, name, ...)                      TOLD_PURPOSE_##name = n,
#define X_ART6(n, name, ...)                         TOLD_ART6_##name = n,
#define X_ART9(n, name, ...)                         TOLD_ART9_##name = n,
#define X_ART10(n, name, ...)                        TOLD_ART10_##name = n,
#define X_CONFIDENTIALITY(n, name, ...)              TOLD_CONFIDENTIALITY_##name = n,
#define X_POWER(n, name, ...)                        TOLD_POWER_##name = n,
#define X_ROLE(n, name, ...)                         TOLD_ROLE_##name = n,
#define X_WORKER_KIND(n, name, ...)                  TOLD_WORKER_KIND_##name = n,
#define X_VOICE(n, name, ...)                        TOLD_VOICE_##name = n,
#define X_CONSENT_KIND(n, name, ...)                 TOLD_CONSENT_KIND_##name = n,
#define X_CONSENT_STATE(n, name, ...)                TOLD_CONSENT_STATE_##name = n,
#define X_GIVER(n, name, ...)                        TOLD_GIVER_##name = n,
#define X_EVIDENCE(n, name, ...)                     TOLD_EVIDENCE_##name = n,
#define X_RELATIONSHIP(n, name, ...)                 TOLD_RELATIONSHIP_##name = n,
#define X_KEY(n, name, ...)                          TOLD_KEY_##name = n,
#define X_OVERRIDE(n, name, ...)                     TOLD_OVERRIDE_##name = n,
#define X_AUDIT_PURPOSE(n, name, ...)                TOLD_AUDIT_PURPOSE_##name = n,
#define X_AUDIT_ASKER(n, name, ...)                  TOLD_AUDIT_ASKER_##name = n,
#define X_ALERT_EVENT(n, name, ...)                  TOLD_ALERT_EVENT_##name = n,
#define X_ALERT_OUTCOME(n, name, ...)                TOLD_ALERT_OUTCOME_##name = n,
#define X_REFERRAL(n, name, ...)                     TOLD_REFERRAL_##name = n,
#define X_REASON(n, name, ...)                       TOLD_REASON_##name = n,

TOLD_VOCABULARY_ENUM(told_category, TOLD_CATEGORY, TOLD_CATEGORIES, X_CATEGORY);
TOLD_VOCABULARY_ENUM(told_purpose, TOLD_PURPOSE, TOLD_PURPOSES, X_PURPOSE);
TOLD_VOCABULARY_ENUM(told_art6, TOLD_ART6, TOLD_ART6S, X_ART6);
TOLD_VOCABULARY_ENUM(told_art9, TOLD_ART9, TOLD_ART9S, X_ART9);
TOLD_VOCABULARY_ENUM(told_art10, TOLD_ART10, TOLD_ART10S, X_ART10);
TOLD_VOCABULARY_ENUM(told_confidentiality, TOLD_CONFIDENTIALITY, TOLD_CONFIDENTIALITIES, X_CONFIDENTIALITY);
TOLD_VOCABULARY_ENUM(told_power, TOLD_POWER, TOLD_POWERS, X_POWER);
TOLD_VOCABULARY_ENUM(told_role, TOLD_ROLE, TOLD_ROLES, X_ROLE);
TOLD_VOCABULARY_ENUM(told_worker_kind, TOLD_WORKER_KIND, TOLD_WORKER_KINDS, X_WORKER_KIND);
TOLD_VOCABULARY_ENUM(told_voice, TOLD_VOICE, TOLD_VOICES, X_VOICE);
TOLD_VOCABULARY_ENUM(told_consent_kind, TOLD_CONSENT_KIND, TOLD_CONSENT_KINDS, X_CONSENT_KIND);
TOLD_VOCABULARY_ENUM(told_consent_state, TOLD_CONSENT_STATE, TOLD_CONSENT_STATES, X_CONSENT_STATE);
TOLD_VOCABULARY_ENUM(told_giver, TOLD_GIVER, TOLD_GIVERS, X_GIVER);
TOLD_VOCABULARY_ENUM(told_evidence, TOLD_EVIDENCE, TOLD_EVIDENCES, X_EVIDENCE);
TOLD_VOCABULARY_ENUM(told_relationship_kind, TOLD_RELATIONSHIP, TOLD_RELATIONSHIP_KINDS, X_RELATIONSHIP);
TOLD_VOCABULARY_ENUM(told_key_purpose, TOLD_KEY, TOLD_KEY_PURPOSES, X_KEY);
TOLD_VOCABULARY_ENUM(told_override_kind, TOLD_OVERRIDE, TOLD_OVERRIDE_KINDS, X_OVERRIDE);
TOLD_VOCABULARY_ENUM(told_audit_purpose, TOLD_AUDIT_PURPOSE, TOLD_AUDIT_PURPOSES, X_AUDIT_PURPOSE);
TOLD_VOCABULARY_ENUM(told_audit_asker, TOLD_AUDIT_ASKER, TOLD_AUDIT_ASKERS, X_AUDIT_ASKER);
TOLD_VOCABULARY_ENUM(told_alert_event, TOLD_ALERT_EVENT, TOLD_ALERT_EVENTS, X_ALERT_EVENT);
TOLD_VOCABULARY_ENUM(told_alert_outcome, TOLD_ALERT_OUTCOME, TOLD_ALERT_OUTCOMES, X_ALERT_OUTCOME);
TOLD_VOCABULARY_ENUM(told_referral_state, TOLD_REFERRAL, TOLD_REFERRAL_STATES, X_REFERRAL);
TOLD_VOCABULARY_ENUM(told_reason, TOLD_REASON, TOLD_REASONS, X_REASON);

/* The closed lists by name, for the functions below. */
enum told_list {
	TOLD_LIST_TYPE,
	TOLD_LIST_CATEGORY,
	TOLD_LIST_PURPOSE,
	TOLD_LIST_ART6,
	TOLD_LIST_ART9,
	TOLD_LIST_ART10,
	TOLD_LIST_CONFIDENTIALITY,
	TOLD_LIST_POWER,
	TOLD_LIST_ROLE,
	TOLD_LIST_WORKER_KIND,
	TOLD_LIST_VOICE,
	TOLD_LIST_CONSENT_KIND,
	TOLD_LIST_CONSENT_STATE,
	TOLD_LIST_GIVER,
	TOLD_LIST_EVIDENCE,
	TOLD_LIST_RELATIONSHIP,
	TOLD_LIST_KEY,
	TOLD_LIST_OVERRIDE,
	TOLD_LIST_AUDIT_PURPOSE,
	TOLD_LIST_AUDIT_ASKER,
	TOLD_LIST_ALERT_EVENT,
	TOLD_LIST_ALERT_OUTCOME,
	TOLD_LIST_REFERRAL,
	TOLD_LIST_REASON,
	TOLD_LIST_COUNT
};

/* The code of a value ("DEM.ID", "REFERRAL", "g:6"), static; "?" for a value that the list lacks. */
const char *told_code(enum told_list list, unsigned value);
/* The value of a code, exactly as written; 0 when the list lacks it. */
unsigned told_value(enum told_list list, struct told_bytes code);
/* Highest value of a list, for loops and bounds. */
unsigned told_list_max(enum told_list list);
/* Words for a practitioner, of lists that have them (category, purpose, voice, reason); else the code. */
const char *told_words(enum told_list list, unsigned value);
/* A reason in words for the person. */
const char *told_reason_person(unsigned reason);

/* A set of categories, bit (number - 1). Two words: 64 leaves today, 64 to come; the width is a compile-time constant.
 */
#define TOLD_CATSET_WORDS 2
struct told_catset {
	uint64_t w[TOLD_CATSET_WORDS];
};

static inline bool told_catset_has(const struct told_catset *set, unsigned category)
{
	return category >= 1 && category <= 64 * TOLD_CATSET_WORDS &&
	       (set->w[(category - 1) / 64] >> ((category - 1) % 64) & 1);
}

static inline void told_catset_add(struct told_catset *set, unsigned category)
{
	if (category >= 1 && category <= 64 * TOLD_CATSET_WORDS)
		set->w[(category - 1) / 64] |= UINT64_C(1) << ((category - 1) % 64);
}

/* Adds a leaf ("DEM.ID") or a written-out prefix ("EMP.*", which never reaches DEM.FORMER or EQA).
 * TOLD_E_UNKNOWN for anything else, a bare "*" included; the set is then unchanged. */
TOLD_MUST_USE enum told_status told_catset_add_code(struct told_catset *set, struct told_bytes code);

#endif
