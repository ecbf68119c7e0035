/* SPDX-License-Identifier: Apache-2.0 */
/* The table of types: each has its parts and no other, signed by the right key, entered under the right phase. */
#include "header_cases.h"

#include <string.h>

#define PARTS 30u

static const uint8_t CARRIED[] = {
	TOLD_TYPE_DEPOSIT,
	TOLD_TYPE_GRANT,
	TOLD_TYPE_ASK,
	TOLD_TYPE_KNOWN,
	TOLD_TYPE_REFERRAL,
	TOLD_TYPE_REFERRAL_ANSWER,
	TOLD_TYPE_STATUS_UPDATE,
	TOLD_TYPE_CANCEL,
	TOLD_TYPE_CLOSURE,
	TOLD_TYPE_CORRECTION,
	TOLD_TYPE_NOTE,
	TOLD_TYPE_ALERT,
	TOLD_TYPE_DISCLOSURE_RECORD,
	TOLD_TYPE_CONSENT,
	TOLD_TYPE_WITHDRAWAL,
	TOLD_TYPE_FLAG,
	TOLD_TYPE_RELATIONSHIP,
	TOLD_TYPE_AGREEMENT_SIGN,
	TOLD_TYPE_AGREEMENT_SUSPEND,
	TOLD_TYPE_REFERENCE,
	TOLD_TYPE_KEY_RECORD,
	TOLD_TYPE_WORKER_REGISTER,
	TOLD_TYPE_PARTNER,
	TOLD_TYPE_ACK,
	TOLD_TYPE_OPENED,
	TOLD_TYPE_PLAN_STEP,
	TOLD_TYPE_CAPACITY,
	TOLD_TYPE_HOLD,
	TOLD_TYPE_RECALL,
	TOLD_TYPE_RECALL_ANSWER,
	TOLD_TYPE_CONF_CALL,
	TOLD_TYPE_CONF_LIST,
	TOLD_TYPE_CONF_INVITE,
	TOLD_TYPE_CONF_RESEARCH,
	TOLD_TYPE_CONF_CONTRIB,
	TOLD_TYPE_CONF_MINUTES,
	TOLD_TYPE_CONF_ACTION,
	TOLD_TYPE_AUDIT_COPY,
	TOLD_TYPE_AUDIT_VIEW,
	TOLD_TYPE_ALERT_RECORD,
};

static bool carried(unsigned type)
{
	for (size_t i = 0; i < sizeof CARRIED; i++)
		if (CARRIED[i] == type)
			return true;
	return false;
}

static void expect(const struct told_header *header, enum told_status expected, unsigned type, uint32_t part)
{
	enum told_status status = told_header_check(header);
	if (status != expected)
		fail_msg("%s, part %#x: %s", told_code(TOLD_LIST_TYPE, type), part, told_status_name(status));
}

static void test_this_version_carries_exactly_the_types_it_says(void **state)
{
	(void)state;
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++)
		assert_int_equal(told_type_rule(type)->carried, carried(type) || type == TOLD_TYPE_ERASURE);
	assert_null(told_type_rule(0));
	assert_null(told_type_rule(TOLD_TYPE_COUNT));
}

static void test_a_header_with_the_parts_of_its_type_passes(void **state)
{
	(void)state;
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++) {
		const struct told_type_rule *rule = told_type_rule(type);
		enum told_status expected = rule->carried ? TOLD_OK : TOLD_E_UNKNOWN;
		if (type == TOLD_TYPE_ERASURE) /* request and answer have parts of their own: below */
			continue;
		struct told_header least = case_header(type, rule->needs);
		struct told_header most = case_header(type, rule->needs | rule->may);
		expect(&least, expected, type, 0);
		expect(&most, expected, type, rule->may);
	}
}

static bool of_some_type(uint32_t part)
{
	uint32_t all = 0;
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++)
		all |= told_type_rule(type)->needs | told_type_rule(type)->may;
	return (all & part) != 0;
}

static void test_a_missing_part_and_a_part_too_many_are_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof CARRIED; i++) {
		const struct told_type_rule *rule = told_type_rule(CARRIED[i]);
		for (unsigned bit = 0; bit < PARTS; bit++) {
			uint32_t part = 1u << bit;
			if (!of_some_type(part))
				continue;
			bool needed = (rule->needs & part) != 0, allowed = ((rule->needs | rule->may) & part) != 0;
			struct told_header with = case_header(CARRIED[i], rule->needs | part);
			struct told_header without = case_header(CARRIED[i], rule->needs & ~part);
			expect(&with, allowed ? TOLD_OK : TOLD_E_MALFORMED, CARRIED[i], part);
			expect(&without, needed ? TOLD_E_MALFORMED : TOLD_OK, CARRIED[i], part);
		}
	}
}

static void test_identity_and_operator_keys_sign_only_what_is_theirs(void **state)
{
	(void)state;
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++) {
		unsigned expected = TOLD_KEY_SIGNING;
		if (type == TOLD_TYPE_KEY_RECORD || type == TOLD_TYPE_AGREEMENT_SIGN)
			expected = TOLD_KEY_IDENTITY;
		if (type == TOLD_TYPE_PARTNER || type == TOLD_TYPE_AUDIT_COPY)
			expected = TOLD_KEY_OPERATOR;
		if (type == TOLD_TYPE_ASK_REPLY || type == TOLD_TYPE_WITHDRAWAL_NOTICE)
			expected = TOLD_KEY_NONE; /* no agent sends them */
		assert_int_equal(told_type_rule(type)->signed_by, expected);
	}
}

static const struct {
	uint8_t type, phase;
} PHASES[] = {
	{TOLD_TYPE_KEY_RECORD, TOLD_PHASE_KEY},
	{TOLD_TYPE_AGREEMENT_SIGN, TOLD_PHASE_AGREEMENT},
	{TOLD_TYPE_AGREEMENT_SUSPEND, TOLD_PHASE_AGREEMENT},
	{TOLD_TYPE_CONSENT, TOLD_PHASE_CONSENT},
	{TOLD_TYPE_WITHDRAWAL, TOLD_PHASE_CONSENT},
	{TOLD_TYPE_FLAG, TOLD_PHASE_FLAG},
	{TOLD_TYPE_RELATIONSHIP, TOLD_PHASE_FLAG},
	{TOLD_TYPE_REFERENCE, TOLD_PHASE_FLAG},
	{TOLD_TYPE_HOLD, TOLD_PHASE_FLAG},
	{TOLD_TYPE_PARTNER, TOLD_PHASE_ADMIN},
	{TOLD_TYPE_WORKER_REGISTER, TOLD_PHASE_ADMIN},
	{TOLD_TYPE_AUDIT_COPY, TOLD_PHASE_ADMIN},
	{TOLD_TYPE_AUDIT_VIEW, TOLD_PHASE_AUDIT_QUERY},
	{TOLD_TYPE_ASK, TOLD_PHASE_ANSWERED},
	{TOLD_TYPE_KNOWN, TOLD_PHASE_ANSWERED},
	{TOLD_TYPE_ACK, TOLD_PHASE_ACKNOWLEDGED},
	{TOLD_TYPE_OPENED, TOLD_PHASE_OPENED},
	{TOLD_TYPE_ASK_REPLY, TOLD_PHASE_DELIVERED},
	{TOLD_TYPE_WITHDRAWAL_NOTICE, TOLD_PHASE_DELIVERED},
};

static unsigned phase_of(unsigned type)
{
	for (size_t i = 0; i < sizeof PHASES / sizeof PHASES[0]; i++)
		if (PHASES[i].type == type)
			return PHASES[i].phase;
	return TOLD_PHASE_ACCEPTED;
}

static void test_every_type_has_the_phase_of_the_evidence_page(void **state)
{
	(void)state;
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++)
		assert_int_equal(told_type_rule(type)->phase, phase_of(type));
}

/* decision.md 4.3: of these only stages 0, 1 and 8 are asked. */
static void test_records_and_receipts_are_not_ruled_section_by_section(void **state)
{
	(void)state;
	static const uint8_t not_ruled[] = {
		TOLD_TYPE_CONSENT,    TOLD_TYPE_WITHDRAWAL,      TOLD_TYPE_FLAG,           TOLD_TYPE_RELATIONSHIP,
		TOLD_TYPE_REFERENCE,  TOLD_TYPE_DEPOSIT,         TOLD_TYPE_AGREEMENT_SIGN, TOLD_TYPE_AGREEMENT_SUSPEND,
		TOLD_TYPE_KEY_RECORD, TOLD_TYPE_WORKER_REGISTER, TOLD_TYPE_PARTNER,        TOLD_TYPE_AUDIT_COPY,
		TOLD_TYPE_ACK,        TOLD_TYPE_OPENED,          TOLD_TYPE_RECALL,         TOLD_TYPE_RECALL_ANSWER,
		TOLD_TYPE_HOLD,       TOLD_TYPE_CAPACITY,        TOLD_TYPE_ALERT_RECORD,   TOLD_TYPE_WITHDRAWAL_NOTICE,
	};
	bool ruled[TOLD_TYPE_COUNT];
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++)
		ruled[type] = true;
	for (size_t i = 0; i < sizeof not_ruled; i++)
		ruled[not_ruled[i]] = false;
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++)
		assert_int_equal(told_type_rule(type)->ruled, ruled[type]);
}

static void test_what_changes_state_is_spread_and_nothing_else_is(void **state)
{
	(void)state;
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++) {
		const struct told_type_rule *rule = told_type_rule(type);
		bool holders = rule->spread == TOLD_SPREAD_HOLDERS; /* an erasure asks them and leaves no state */
		assert_int_equal(holders, type == TOLD_TYPE_ERASURE);
		bool order = type == TOLD_TYPE_AUDIT_COPY; /* whoever is checked hears of it, and nothing changes */
		assert_int_equal(rule->changes_state, rule->spread != TOLD_SPREAD_NONE && !holders && !order);
		bool of_a_person = (rule->needs & TOLD_PART_CLIENT) != 0;
		if (rule->changes_state)
			assert_int_equal(rule->spread, of_a_person ? TOLD_SPREAD_PERSON : TOLD_SPREAD_ALL);
	}
}

/* ---- What every header has ---- */

static struct told_header referral(void)
{
	return case_header(TOLD_TYPE_REFERRAL, told_type_rule(TOLD_TYPE_REFERRAL)->needs);
}

#define BREAKS(change, status)                                                                                         \
	do {                                                                                                           \
		struct told_header h = referral();                                                                     \
		change;                                                                                                \
		assert_int_equal(told_header_check(&h), status);                                                       \
	} while (0)

static void test_base_fields_are_whole(void **state)
{
	(void)state;
	uint8_t id[TOLD_ID_BYTES];
	memcpy(id, case_id(1).data, sizeof id);
	BREAKS((void)0, TOLD_OK);
	BREAKS(h.version = 2, TOLD_E_UNKNOWN);
	BREAKS(h.version = 0, TOLD_E_UNKNOWN);
	BREAKS(h.type = 0, TOLD_E_UNKNOWN);
	BREAKS(h.type = TOLD_TYPE_ASK_REPLY, TOLD_E_UNKNOWN);
	BREAKS(h.id.len = 15, TOLD_E_MALFORMED);
	id[6] = 0x41;
	BREAKS(h.id = told_bytes(id, sizeof id), TOLD_E_MALFORMED);
	id[6] = 0x71, id[8] = 0xc2;
	BREAKS(h.id = told_bytes(id, sizeof id), TOLD_E_MALFORMED);
	BREAKS(h.partnership.len = 0, TOLD_E_MALFORMED);
	BREAKS(h.sender.len = 0, TOLD_E_MALFORMED);
	BREAKS(h.sender = told_text("hou"), TOLD_E_MALFORMED);
	BREAKS(h.sender = told_text("HOU-1"), TOLD_E_MALFORMED);
	BREAKS(h.sender = told_text("A23456789_123456789_123456789_123"), TOLD_E_MALFORMED);
	BREAKS(h.sender = told_text("broker"), TOLD_E_MALFORMED); /* only the operator signs as that */
	BREAKS(h.sender = told_text("A23456789_123456789_123456789_12"), TOLD_OK);
	BREAKS(h.sender_seq = 0, TOLD_E_MALFORMED);
	BREAKS(h.epoch.len = 0, TOLD_E_MALFORMED);
	BREAKS(h.seen_size = 5, TOLD_E_MALFORMED);
	BREAKS(h.seen_root = case_bytes(1, 32), TOLD_E_MALFORMED);
	BREAKS((h.seen_size = 5, h.seen_root = case_bytes(1, 32)), TOLD_OK);
}

static void test_a_message_lives_at_most_thirty_days(void **state)
{
	(void)state;
	BREAKS(h.created_ms = 0, TOLD_E_MALFORMED);
	BREAKS(h.expires_ms = h.created_ms, TOLD_E_MALFORMED);
	BREAKS(h.expires_ms = h.created_ms + TOLD_EXPIRES_MAX_MS, TOLD_OK);
	BREAKS(h.expires_ms = h.created_ms + TOLD_EXPIRES_MAX_MS + 1, TOLD_E_MALFORMED);
}

static void test_recipients_are_distinct_others(void **state)
{
	(void)state;
	struct told_bytes two[] = {told_text("TT"), told_text("SUD")}, twice[] = {told_text("TT"), told_text("TT")};
	struct told_bytes own[] = {told_text("TT"), told_text("HOU")}, bad[] = {told_text("tt")};
	BREAKS(h.recipients = ((struct told_bytes_list){two, 2}), TOLD_OK);
	BREAKS(h.recipients = ((struct told_bytes_list){twice, 2}), TOLD_E_MALFORMED);
	BREAKS(h.recipients = ((struct told_bytes_list){own, 2}), TOLD_E_MALFORMED);
	BREAKS(h.recipients = ((struct told_bytes_list){bad, 1}), TOLD_E_MALFORMED);
}

static void test_digest_lists_are_padded(void **state)
{
	(void)state;
	static struct told_bytes digests[TOLD_SECTIONS_MAX];
	struct told_header deposit = case_header(TOLD_TYPE_DEPOSIT, told_type_rule(TOLD_TYPE_DEPOSIT)->needs);
	for (size_t n = 1; n <= TOLD_SECTIONS_MAX; n++) {
		bool padded = n == 4 || n == 8 || n == 16 || n == 32;
		BREAKS(h.section_digests = ((struct told_bytes_list){digests, n}), padded ? TOLD_OK : TOLD_E_MALFORMED);
		deposit.section_digests = (struct told_bytes_list){digests, n};
		assert_int_equal(told_header_check(&deposit), n == 4 ? TOLD_OK : TOLD_E_MALFORMED);
	}
}

static void test_an_author_has_a_role_and_a_second_person_an_author(void **state)
{
	(void)state;
	BREAKS(h.role = 0, TOLD_E_MALFORMED);
	BREAKS(h.author.len = 0, TOLD_E_MALFORMED);
	BREAKS(h.authoriser = told_text("U9"), TOLD_OK);
	struct told_header ack = case_header(TOLD_TYPE_ACK, TOLD_PART_LINES);
	ack.team = told_text("DUTY");
	assert_int_equal(told_header_check(&ack), TOLD_E_MALFORMED);
}

/* ---- Inside the parts ---- */

static void test_a_key_record_proves_possession_when_it_issues(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_KEY_RECORD, TOLD_PART_KEY);
	struct told_key_part key = *h.key_record;
	h.key_record = &key;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	key.possession.len = 32;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	key.purpose = TOLD_KEY_SEALING;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	key.purpose = TOLD_KEY_CONTACT;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	key.worker = told_text("U7");
	assert_int_equal(told_header_check(&h), TOLD_OK);
	key.action = TOLD_KEY_ACTION_REVOKE;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	key.possession.len = 0;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	key.number = 0;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

static void test_a_merge_names_another_reference(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_REFERENCE, told_type_rule(TOLD_TYPE_REFERENCE)->needs);
	struct told_reference_part reference = {.action = TOLD_REFERENCE_ACTION_MERGE};
	h.reference = &reference;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	reference.other = h.client_ref;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	reference.other = case_bytes(77, TOLD_ID_BYTES);
	assert_int_equal(told_header_check(&h), TOLD_OK);
}

static void test_a_part_without_its_required_fields_is_malformed(void **state)
{
	(void)state;
	struct told_agreement_ref agreement = {.id = told_text("ISA-MD3")};
	struct told_override_part override = {0};
	struct told_consent_part consent = {.kind = TOLD_CONSENT_KIND_PERMISSION};
	struct told_flag_part flag = {.kind = TOLD_FLAG_DISPUTED};
	struct told_relationship_part relationship = {.kind = TOLD_RELATIONSHIP_TEAM};
	struct told_partner_part partner = {.action = TOLD_PARTNER_ACTION_ENROL, .party = told_text("TT")};
	struct told_grant_part grant = {.recipient = told_text("TT")};
	struct told_worker_part worker = {.number = told_text("U1")};
	struct told_lines_part lines = {.count = 1};
	BREAKS(h.agreement = &agreement, TOLD_E_MALFORMED);
	BREAKS(h.override_block = &override, TOLD_E_MALFORMED);
	const struct {
		unsigned type;
		struct told_header change;
	} cases[] = {
		{TOLD_TYPE_CONSENT, {.consent = &consent}},
		{TOLD_TYPE_FLAG, {.flag = &flag}},
		{TOLD_TYPE_RELATIONSHIP, {.relationship = &relationship}},
		{TOLD_TYPE_PARTNER, {.partner = &partner}},
		{TOLD_TYPE_GRANT, {.grants = {&grant, 1}}},
		{TOLD_TYPE_WORKER_REGISTER, {.workers = {&worker, 1}}},
		{TOLD_TYPE_ACK, {.lines = &lines}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct told_header h = case_header(cases[i].type, told_type_rule(cases[i].type)->needs);
		assert_int_equal(told_header_check(&h), TOLD_OK);
		h.consent = cases[i].change.consent, h.flag = cases[i].change.flag;
		h.relationship = cases[i].change.relationship, h.partner = cases[i].change.partner;
		h.grants = cases[i].change.grants, h.workers = cases[i].change.workers;
		h.lines = cases[i].change.lines;
		assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	}
}

#define ERASES (TOLD_PART_AUTHOR | TOLD_PART_ERASURE)

static void test_an_erasure_names_the_person_and_its_answer_never_does(void **state)
{
	(void)state;
	static const struct {
		uint32_t parts;
		enum told_status expected;
	} cases[] = {
		{ERASES | TOLD_PART_CLIENT, TOLD_OK},
		{ERASES | TOLD_PART_REPLY | TOLD_PART_RECIPIENTS, TOLD_OK},
		{ERASES | TOLD_PART_REPLY, TOLD_OK}, /* of who asked, about their own */
		{ERASES, TOLD_E_MALFORMED},
		{ERASES | TOLD_PART_CLIENT | TOLD_PART_REPLY, TOLD_E_MALFORMED},
		{ERASES | TOLD_PART_CLIENT | TOLD_PART_RECIPIENTS, TOLD_E_MALFORMED},
		{TOLD_PART_ERASURE | TOLD_PART_CLIENT, TOLD_E_MALFORMED},
		{TOLD_PART_AUTHOR | TOLD_PART_CLIENT, TOLD_E_MALFORMED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct told_header h = case_header(TOLD_TYPE_ERASURE, cases[i].parts);
		expect(&h, cases[i].expected, TOLD_TYPE_ERASURE, cases[i].parts);
	}
}

static void test_what_is_kept_names_the_law_and_the_day(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_ERASURE, ERASES | TOLD_PART_REPLY);
	struct told_erasure_part part = {.state = TOLD_ERASURE_STATE_KEPT};
	h.erasure = &part;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	part.law = told_text("Limitation Act 1980 s.11");
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	part.kept_until_ms = CASE_NOW_MS;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	part.state = TOLD_ERASURE_STATE_ERASED; /* nothing is kept, then */
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

static void test_a_recall_says_what_is_called_back_and_its_answer_what_became_of_it(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_RECALL, told_type_rule(TOLD_TYPE_RECALL)->needs);
	struct told_header a = case_header(TOLD_TYPE_RECALL_ANSWER, told_type_rule(TOLD_TYPE_RECALL_ANSWER)->needs);
	struct told_recall_part call = {.kind = TOLD_INCIDENT_KEY_STOLEN, .messages = {&(struct told_bytes){0}, 0}};
	struct told_bytes id = case_bytes(12, 16), party = told_text("TT"), words = told_text("the neighbour");
	struct told_recall_part answer = {.deleted = TOLD_YES_NO_NO, .passed_on = {&party, 1}};
	h.recall = &call;
	a.recall = &answer;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED); /* nothing is named */
	call.messages = (struct told_bytes_list){&id, 1};
	assert_int_equal(told_header_check(&h), TOLD_OK);
	call.deleted = TOLD_YES_NO_YES; /* that is an answer's */
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	assert_int_equal(told_header_check(&a), TOLD_OK);
	answer.passed_on.items = &words; /* a party's id, no words */
	assert_int_equal(told_header_check(&a), TOLD_E_MALFORMED);
	answer = (struct told_recall_part){.opened_by = {&party, 1}}; /* deleted, or not? */
	assert_int_equal(told_header_check(&a), TOLD_E_MALFORMED);
	answer = (struct told_recall_part){.corrected = TOLD_YES_NO_YES};
	assert_int_equal(told_header_check(&a), TOLD_OK);
	answer.deleted = TOLD_YES_NO_YES; /* of a recall or of a correction, never both */
	assert_int_equal(told_header_check(&a), TOLD_E_MALFORMED);
	call = (struct told_recall_part){
		.kind = TOLD_INCIDENT_KEY_STOLEN, .messages = {&id, 1}, .corrected = TOLD_YES_NO_YES};
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

static void test_a_look_at_the_log_says_why_and_asks_for_one_thing(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_AUDIT_VIEW, told_type_rule(TOLD_TYPE_AUDIT_VIEW)->needs);
	const struct told_audit_view_part good = *h.audit_view;
	struct told_audit_view_part view = good;
	h.audit_view = &view;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	view.purpose = TOLD_AUDIT_PURPOSE_NONE;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	view = (struct told_audit_view_part){.purpose = good.purpose};
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	view = (struct told_audit_view_part){
		.purpose = good.purpose, .count = 1, .all = TOLD_YES_NO_YES, .of = told_text("TT")};
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	view = (struct told_audit_view_part){
		.purpose = good.purpose, .count = 1, .message = case_bytes(3, TOLD_ID_BYTES), .from = 9};
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	view.from = 0;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	h.client_ref = case_bytes(12, TOLD_ID_BYTES);
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	view = good;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	h.sender = told_text("broker"); /* the operator looks at no person */
	view.of = told_text("TT");
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	h.client_ref = told_bytes(NULL, 0);
	assert_int_equal(told_header_check(&h), TOLD_OK);
	assert_int_equal(told_type_signed_by(told_type_rule(h.type), h.sender), TOLD_KEY_OPERATOR);
	view.of = told_text("");
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED); /* and has no entries of its own */
}

static void test_a_copy_for_audit_says_for_whom_why_and_until_when(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_AUDIT_COPY, told_type_rule(TOLD_TYPE_AUDIT_COPY)->needs);
	const struct told_audit_copy_part good = *h.audit_copy;
	struct told_audit_copy_part copy = good;
	h.audit_copy = &copy;
	copy.party = told_bytes(NULL, 0); /* the partnership */
	assert_int_equal(told_header_check(&h), TOLD_OK);
	copy.until_ms = h.created_ms; /* over before it begins */
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	copy.until_ms = h.created_ms + (uint64_t)TOLD_AUDIT_COPY_MAX_MS;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	copy.until_ms++;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	copy = good;
	copy.purpose = TOLD_AUDIT_PURPOSE_NONE;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	copy = good;
	copy.asked_by = TOLD_AUDIT_ASKER_NONE;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	copy = good;
	copy.asker = told_text("Jane from housing"); /* a party's id, no words */
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

static void test_a_hold_says_when_it_is_looked_at_again(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_HOLD, told_type_rule(TOLD_TYPE_HOLD)->needs);
	struct told_flag_part part = *h.flag;
	h.flag = &part;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	part.review_ms = 0;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	part.state = TOLD_FLAG_STATE_CLEARED;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	part.hold = TOLD_HOLD_NONE;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

static void test_an_agency_grants_nothing_to_itself(void **state)
{
	(void)state;
	struct told_header h = case_header(TOLD_TYPE_GRANT, told_type_rule(TOLD_TYPE_GRANT)->needs);
	struct told_grant_part grant = h.grants.items[0];
	grant.recipient = h.sender;
	h.grants.items = &grant;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_erasure_names_the_person_and_its_answer_never_does),
		cmocka_unit_test(test_what_is_kept_names_the_law_and_the_day),
		cmocka_unit_test(test_a_recall_says_what_is_called_back_and_its_answer_what_became_of_it),
		cmocka_unit_test(test_a_look_at_the_log_says_why_and_asks_for_one_thing),
		cmocka_unit_test(test_a_copy_for_audit_says_for_whom_why_and_until_when),
		cmocka_unit_test(test_a_hold_says_when_it_is_looked_at_again),
		cmocka_unit_test(test_this_version_carries_exactly_the_types_it_says),
		cmocka_unit_test(test_a_header_with_the_parts_of_its_type_passes),
		cmocka_unit_test(test_a_missing_part_and_a_part_too_many_are_malformed),
		cmocka_unit_test(test_identity_and_operator_keys_sign_only_what_is_theirs),
		cmocka_unit_test(test_every_type_has_the_phase_of_the_evidence_page),
		cmocka_unit_test(test_records_and_receipts_are_not_ruled_section_by_section),
		cmocka_unit_test(test_what_changes_state_is_spread_and_nothing_else_is),
		cmocka_unit_test(test_base_fields_are_whole),
		cmocka_unit_test(test_a_message_lives_at_most_thirty_days),
		cmocka_unit_test(test_recipients_are_distinct_others),
		cmocka_unit_test(test_digest_lists_are_padded),
		cmocka_unit_test(test_an_author_has_a_role_and_a_second_person_an_author),
		cmocka_unit_test(test_a_key_record_proves_possession_when_it_issues),
		cmocka_unit_test(test_a_merge_names_another_reference),
		cmocka_unit_test(test_a_part_without_its_required_fields_is_malformed),
		cmocka_unit_test(test_an_agency_grants_nothing_to_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
