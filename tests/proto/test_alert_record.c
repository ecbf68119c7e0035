/* SPDX-License-Identifier: Apache-2.0 */
/* What the log may hold of what became of an alert: coded facts, each with exactly what belongs to it. */
#include "header_cases.h"

static struct told_alert_record_part part;

/* A record of this event, by somebody or by a machine. */
static struct told_header record(uint32_t event, uint32_t outcome, bool by_somebody)
{
	struct told_header h = case_header(TOLD_TYPE_ALERT_RECORD, told_type_rule(TOLD_TYPE_ALERT_RECORD)->needs |
									   (by_somebody ? TOLD_PART_AUTHOR : 0u));
	part = (struct told_alert_record_part){event, outcome, CASE_NOW_MS};
	h.alert_record = &part;
	return h;
}

/* What each event must have, written down a second time. */
static bool right(uint32_t event, uint32_t outcome, bool by_somebody)
{
	switch (event) {
	case TOLD_ALERT_EVENT_ARRIVED:
	case TOLD_ALERT_EVENT_PAGED: return !by_somebody && outcome == TOLD_ALERT_OUTCOME_NONE;
	case TOLD_ALERT_EVENT_CLOSED: return by_somebody && outcome == TOLD_ALERT_OUTCOME_NONE;
	case TOLD_ALERT_EVENT_CALLED:
		return by_somebody && ((outcome >= 1 && outcome <= TOLD_ALERT_OUTCOME_NOBODY) ||
				       outcome == TOLD_ALERT_OUTCOME_WRONG_NUMBER);
	case TOLD_ALERT_EVENT_REVIEWED:
		return by_somebody && outcome >= TOLD_ALERT_OUTCOME_RIGHT && outcome <= TOLD_ALERT_OUTCOME_ENDED;
	default: return false;
	}
}

static void test_every_event_has_its_own_outcomes_and_its_own_kind_of_author(void **state)
{
	(void)state;
	for (uint32_t event = 0; event <= TOLD_ALERT_EVENT_CLOSED + 1; event++)
		for (uint32_t outcome = 0; outcome <= TOLD_ALERT_OUTCOME_WRONG_NUMBER; outcome++)
			for (int somebody = 0; somebody < 2; somebody++) {
				struct told_header h = record(event, outcome, somebody == 1);
				assert_int_equal(told_header_check(&h),
						 right(event, outcome, somebody == 1) ? TOLD_OK : TOLD_E_MALFORMED);
			}
}

static void test_what_happened_did_so_before_it_was_written_down(void **state)
{
	(void)state;
	struct told_header h = record(TOLD_ALERT_EVENT_CALLED, TOLD_ALERT_OUTCOME_ON_CALL, true);
	part.at_ms = h.created_ms + 1;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
	part.at_ms = h.created_ms;
	assert_int_equal(told_header_check(&h), TOLD_OK);
	part.at_ms = 0;
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

/* No reference of a card may stand in it: who the person is stays with the alert. */
static void test_it_names_no_person(void **state)
{
	(void)state;
	struct told_header h = record(TOLD_ALERT_EVENT_CALLED, TOLD_ALERT_OUTCOME_ON_CALL, true);
	h.client_ref = case_bytes(12, TOLD_ID_BYTES);
	assert_int_equal(told_header_check(&h), TOLD_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event_has_its_own_outcomes_and_its_own_kind_of_author),
		cmocka_unit_test(test_what_happened_did_so_before_it_was_written_down),
		cmocka_unit_test(test_it_names_no_person),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
