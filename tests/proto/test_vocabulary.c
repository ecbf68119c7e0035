/* SPDX-License-Identifier: Apache-2.0 */
/* The schema's enums and the C headers name the same numbers: proto/vocabulary.proto is read and every value of it is
 * looked for among ours, and ours among its. The lists of told/vocabulary.h are also asserted when codec.c compiles. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "told/codes.h"
#include "told/vocabulary.h"

struct value {
	char name[64];
	unsigned number;
	bool seen;
};

static struct value theirs[1024];
static size_t their_count;

/* Values that broker/decide keeps (a conference's threshold). */
static const char *const ELSEWHERE[] = {"THRESHOLD_"};

static int read_schema(void **state)
{
	(void)state;
	char path[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/proto/vocabulary.proto", source != NULL ? source : ".");
	static struct told_bytes text; /* kept to the end */
	text = told_test_read(path);
	char *save = NULL, *copy = strndup((const char *)text.data, text.len);
	for (char *line = strtok_r(copy, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		struct value v = {0};
		if (sscanf(line, " %63[A-Z0-9_] = %u;", v.name, &v.number) == 2)
			theirs[their_count++] = v;
	}
	free(copy);
	return their_count > 300 ? 0 : -1;
}

static void same(const char *name, unsigned number)
{
	for (size_t i = 0; i < their_count; i++) {
		if (strcmp(theirs[i].name, name) != 0)
			continue;
		if (theirs[i].number != number)
			fail_msg("%s is %u in the schema and %u here", name, theirs[i].number, number);
		theirs[i].seen = true;
		return;
	}
	fail_msg("%s is not in the schema", name);
}

#define LIST(PREFIX, ...)                                                                                              \
	do {                                                                                                           \
		same(#PREFIX "_NONE", 0);                                                                              \
		__VA_ARGS__                                                                                            \
	} while (0)
#define S_TYPE(n, name, ...)            same("TYPE_" #name, n);
#define S_CATEGORY(n, name, ...)        same("CATEGORY_" #name, n);
#define S_PURPOSE(n, name, ...)         same("PURPOSE_" #name, n);
#define S_ART6(n, name, ...)            same("ART6_" #name, n);
#define S_ART9(n, name, ...)            same("ART9_" #name, n);
#define S_ART10(n, name, ...)           same("ART10_" #name, n);
#define S_CONFIDENTIALITY(n, name, ...) same("CONFIDENTIALITY_" #name, n);
#define S_POWER(n, name, ...)           same("POWER_" #name, n);
#define S_ROLE(n, name, ...)            same("ROLE_" #name, n);
#define S_WORKER_KIND(n, name, ...)     same("WORKER_KIND_" #name, n);
#define S_VOICE(n, name, ...)           same("VOICE_" #name, n);
#define S_CONSENT_KIND(n, name, ...)    same("CONSENT_KIND_" #name, n);
#define S_CONSENT_STATE(n, name, ...)   same("CONSENT_STATE_" #name, n);
#define S_GIVER(n, name, ...)           same("GIVER_" #name, n);
#define S_EVIDENCE(n, name, ...)        same("EVIDENCE_" #name, n);
#define S_RELATIONSHIP(n, name, ...)    same("RELATIONSHIP_" #name, n);
#define S_KEY(n, name, ...)             same("KEY_" #name, n);
#define S_OVERRIDE(n, name, ...)        same("OVERRIDE_" #name, n);
#define S_AUDIT_PURPOSE(n, name, ...)   same("AUDIT_PURPOSE_" #name, n);
#define S_AUDIT_ASKER(n, name, ...)     same("AUDIT_ASKER_" #name, n);
#define S_ALERT_EVENT(n, name, ...)     same("ALERT_EVENT_" #name, n);
#define S_ALERT_OUTCOME(n, name, ...)   same("ALERT_OUTCOME_" #name, n);
#define S_REFERRAL(n, name, ...)        same("REFERRAL_" #name, n);
#define S_REASON(n, name, ...)          same("REASON_" #name, n);

static void test_the_closed_lists_have_the_schema_s_numbers(void **state)
{
	(void)state;
	LIST(TYPE, TOLD_TYPES(S_TYPE));
	LIST(CATEGORY, TOLD_CATEGORIES(S_CATEGORY));
	LIST(PURPOSE, TOLD_PURPOSES(S_PURPOSE));
	LIST(ART6, TOLD_ART6S(S_ART6));
	LIST(ART9, TOLD_ART9S(S_ART9));
	LIST(ART10, TOLD_ART10S(S_ART10));
	LIST(CONFIDENTIALITY, TOLD_CONFIDENTIALITIES(S_CONFIDENTIALITY));
	LIST(POWER, TOLD_POWERS(S_POWER));
	LIST(ROLE, TOLD_ROLES(S_ROLE));
	LIST(WORKER_KIND, TOLD_WORKER_KINDS(S_WORKER_KIND));
	LIST(VOICE, TOLD_VOICES(S_VOICE));
	LIST(CONSENT_KIND, TOLD_CONSENT_KINDS(S_CONSENT_KIND));
	LIST(CONSENT_STATE, TOLD_CONSENT_STATES(S_CONSENT_STATE));
	LIST(GIVER, TOLD_GIVERS(S_GIVER));
	LIST(EVIDENCE, TOLD_EVIDENCES(S_EVIDENCE));
	LIST(RELATIONSHIP, TOLD_RELATIONSHIP_KINDS(S_RELATIONSHIP));
	LIST(KEY, TOLD_KEY_PURPOSES(S_KEY));
	LIST(OVERRIDE, TOLD_OVERRIDE_KINDS(S_OVERRIDE));
	LIST(AUDIT_PURPOSE, TOLD_AUDIT_PURPOSES(S_AUDIT_PURPOSE));
	LIST(AUDIT_ASKER, TOLD_AUDIT_ASKERS(S_AUDIT_ASKER));
	LIST(ALERT_EVENT, TOLD_ALERT_EVENTS(S_ALERT_EVENT));
	LIST(ALERT_OUTCOME, TOLD_ALERT_OUTCOMES(S_ALERT_OUTCOME));
	LIST(REFERRAL, TOLD_REFERRAL_STATES(S_REFERRAL));
	LIST(REASON, TOLD_REASONS(S_REASON));
}

static const struct {
	const char *name;
	unsigned number;
} CODES[] = {
/* clang-format off */
#define C(name) {#name, TOLD_##name}
	C(YES_NO_NONE), C(YES_NO_YES), C(YES_NO_NO), C(FLAG_NONE), C(FLAG_LOCATION_PROTECTED),
	C(FLAG_RESTRICTED), C(FLAG_DISPUTED), C(FLAG_OBJECTION), C(FLAG_LEGAL_HOLD), C(FLAG_DECEASED),
	C(FLAG_MERGE_PENDING), C(FLAG_DO_NOT_NOTIFY), C(FLAG_WORKER_EXCLUDED), C(FLAG_LACKS_CAPACITY),
	C(FLAG_UNDER_16), C(FLAG_SAFE_TO_TELL), C(FLAG_STATE_NONE), C(FLAG_STATE_SET),
	C(FLAG_STATE_BEING_LOOKED_AT), C(FLAG_STATE_UPHELD), C(FLAG_STATE_CLEARED), C(HOLD_NONE),
	C(HOLD_INQUIRY), C(HOLD_COURT), C(HOLD_COMPLAINT), C(HOLD_ACCESS_REQUEST), C(HOLD_INCIDENT),
	C(HOLD_STATUTORY_REVIEW), C(ERASURE_REASON_NONE), C(ERASURE_REASON_NOT_NEEDED),
	C(ERASURE_REASON_WITHDRAWN), C(ERASURE_REASON_OBJECTION), C(ERASURE_REASON_UNLAWFUL),
	C(ERASURE_REASON_LEGAL_DUTY), C(ERASURE_REASON_CHILD), C(ERASURE_STATE_NONE), C(ERASURE_STATE_ERASED),
	C(ERASURE_STATE_KEPT), C(ERASURE_STATE_PARTLY), C(INCIDENT_NONE), C(INCIDENT_WRONG_PERSON),
	C(INCIDENT_WRONG_RECIPIENT), C(INCIDENT_LOST_DEVICE), C(INCIDENT_KEY_STOLEN), C(INCIDENT_WRONG_MERGE),
	C(AGREEMENT_ACTION_NONE), C(AGREEMENT_ACTION_SUSPEND),
	C(AGREEMENT_ACTION_LEAVE), C(AGREEMENT_ACTION_LIFT), C(REFERENCE_ACTION_NONE),
	C(REFERENCE_ACTION_RETIRE), C(REFERENCE_ACTION_MERGE), C(KEY_ACTION_NONE), C(KEY_ACTION_ISSUE),
	C(KEY_ACTION_RETIRE), C(KEY_ACTION_REVOKE), C(PARTNER_ACTION_NONE), C(PARTNER_ACTION_ENROL),
	C(PARTNER_ACTION_SUSPEND), C(PARTNER_ACTION_RESUME), C(PARTNER_ACTION_LEAVE),
	C(PARTNER_ACTION_REVOKE), C(PARTNER_ACTION_CLOCK), C(PARTNER_ACTION_LOG_KEY), C(AT_RISK_NONE), C(AT_RISK_SELF_ONLY), C(AT_RISK_OTHERS_TOO),
	C(CAPACITY_NONE), C(CAPACITY_HAS), C(CAPACITY_LACKS), C(CAPACITY_FLUCTUATING),
	C(CONFERENCE_EVENT_NONE), C(CONFERENCE_EVENT_CALL), C(CONFERENCE_EVENT_LIST), C(CONFERENCE_EVENT_DECLINE), C(CONFERENCE_EVENT_INVITE), C(CONFERENCE_EVENT_RESEARCH), C(CONFERENCE_EVENT_KNOWN), C(CONFERENCE_EVENT_NOT_KNOWN), C(CONFERENCE_EVENT_NOT_SHARING), C(CONFERENCE_EVENT_IN_CONFIDENCE), C(CONFERENCE_EVENT_ATTENDS), C(CONFERENCE_EVENT_APOLOGY_SENT), C(CONFERENCE_EVENT_APOLOGY), C(CONFERENCE_EVENT_CONTRIBUTION), C(CONFERENCE_EVENT_START), C(CONFERENCE_EVENT_ACTION), C(CONFERENCE_EVENT_ACTION_DONE), C(CONFERENCE_EVENT_ACTION_NOT_POSSIBLE), C(CONFERENCE_EVENT_ACTION_NOT_DONE), C(CONFERENCE_EVENT_MINUTES), C(CONFERENCE_EVENT_APPROVE), C(CONFERENCE_EVENT_ACKNOWLEDGE), C(CONFERENCE_EVENT_OBJECT), C(CONFERENCE_EVENT_REVIEW), C(CONFERENCE_EVENT_TRANSFER), C(CONFERENCE_EVENT_END), C(CONFERENCE_EVENT_CALL_AGAIN), C(CONFERENCE_EVENT_CONTRIBUTION_AGAIN), C(CONFERENCE_EVENT_MINUTES_AGAIN),
	C(DETAIL_NONE), C(DETAIL_ACKNOWLEDGED), C(DETAIL_INFO_REQUESTED), C(DETAIL_WAITING_LIST), C(DETAIL_BACK),
	C(ROOM_NONE), C(ROOM_HAS_SPACE), C(ROOM_WAITING), C(ROOM_CLOSED),
	C(CAPACITY_COMPETENT_CHILD), C(CAPACITY_NOT_RECORDED), C(AUTHORITY_NONE), C(AUTHORITY_CHECKED),
	C(AUTHORITY_NOT_SHOWN), C(AUTHORITY_REJECTED), C(PARCEL_MARKER_NONE), C(PARCEL_MARKER_GENERIC),
	C(PARCEL_MARKER_PER_SECTION), C(PHASE_NONE), C(PHASE_ACCEPTED), C(PHASE_HELD), C(PHASE_REFUSED),
	C(PHASE_ANSWERED), C(PHASE_DELIVERED), C(PHASE_ACKNOWLEDGED), C(PHASE_OPENED), C(PHASE_EXPIRED),
	C(PHASE_KEY), C(PHASE_AGREEMENT), C(PHASE_CONSENT), C(PHASE_FLAG), C(PHASE_ADMIN),
	C(PHASE_OVERRIDE), C(PHASE_ERASURE), C(PHASE_AUDIT_QUERY), C(PHASE_HEARTBEAT), C(PHASE_RESTORE),
	C(PHASE_FINISHED), C(EFFECT_NONE), C(EFFECT_RELEASE), C(EFFECT_PARTIAL), C(EFFECT_HOLD),
	C(EFFECT_DENY), C(EFFECT_REJECT), C(SECTION_EFFECT_NONE), C(SECTION_EFFECT_RELEASE),
	C(SECTION_EFFECT_WITHHOLD), C(SECTION_EFFECT_HOLD), C(SESSION_NONE), C(SESSION_HELLO),
	C(SESSION_WELCOME), C(SESSION_CREDIT), C(SESSION_HEARTBEAT), C(SESSION_ANSWER), C(SESSION_PARCEL),
	C(SESSION_CHECKPOINT), C(SESSION_COSIGNATURE), C(SESSION_VIEW), C(SESSION_AGAIN), C(ACK_NONE), C(ACK_STORED), C(ACK_SIGNATURE),
	C(ACK_NOT_FOR_ME), C(ACK_DIGEST), C(ACK_COMMITMENT), C(ACK_TAG),
#undef C
	/* clang-format on */
};

static void test_the_small_codes_have_the_schema_s_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
		same(CODES[i].name, CODES[i].number);
}

static bool elsewhere(const char *name)
{
	for (size_t i = 0; i < sizeof ELSEWHERE / sizeof ELSEWHERE[0]; i++)
		if (strncmp(name, ELSEWHERE[i], strlen(ELSEWHERE[i])) == 0)
			return true;
	return false;
}

/* Runs last: by now each value of the schema was asked for. */
static void test_the_schema_names_nothing_that_we_do_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < their_count; i++)
		if (!theirs[i].seen && !elsewhere(theirs[i].name))
			fail_msg("%s stands in the schema only", theirs[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_closed_lists_have_the_schema_s_numbers),
		cmocka_unit_test(test_the_small_codes_have_the_schema_s_numbers),
		cmocka_unit_test(test_the_schema_names_nothing_that_we_do_not),
	};
	return cmocka_run_group_tests(tests, read_schema, NULL);
}
