/* SPDX-License-Identifier: Apache-2.0 */
/* A permission without a scope permits nothing. Where people write it, it is refused (tests/cli/test_commands.c); where
 * it arrives signed, it is kept, because it was said, and is invalid: CON-18. */
#include "flow/kit.h"

#include "told/codes.h"

#include <string.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
};

/* What a permission leaves out. */
enum missing { NOTHING, RECIPIENTS, PURPOSES, CATEGORIES };

static const struct flow_answer *permission(struct rig *rig, const uint8_t client[TOLD_ID_BYTES], enum missing missing)
{
	struct told_header header = flow_header(rig->flow, rig->hou->party, TOLD_TYPE_CONSENT);
	uint32_t purpose = TOLD_PURPOSE_COORD, category = TOLD_CATEGORY_HOU_SIT;
	struct told_consent_recipient_part recipient = {.party = told_text("EMP")};
	struct told_consent_part part = {
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.state = TOLD_CONSENT_STATE_GIVEN,
		.given_ms = header.created_ms - (uint64_t)TOLD_MS_MINUTE,
		.recipients = {.items = &recipient, .count = missing != RECIPIENTS},
		.purposes = {.items = &purpose, .count = missing != PURPOSES},
		.include = {.items = &category, .count = missing != CATEGORIES},
		.giver = TOLD_GIVER_PERSON,
		.capacity = TOLD_CAPACITY_HAS,
		.freely_given = TOLD_YES_NO_YES,
		.evidence = TOLD_EVIDENCE_SIGNATURE,
	};
	header.client_ref = told_bytes(client, TOLD_ID_BYTES);
	header.author = told_text("w1");
	header.role = TOLD_ROLE_PRACTITIONER;
	header.consent = &part;
	struct told_outgoing out = flow_signed(rig->flow, rig->hou->party, &header, NULL);
	return flow_say(rig->hou, &out);
}

static const struct flow_answer *update(struct rig *rig, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_outgoing out = flow_update(rig->flow, &(struct flow_twist){.client = client});
	return flow_say(rig->hou, &out);
}

static void test_a_signed_permission_without_a_scope_is_kept_and_permits_nothing(void **state)
{
	struct rig *rig = *state;
	for (enum missing missing = RECIPIENTS; missing <= CATEGORIES; missing++) {
		uint8_t client[TOLD_ID_BYTES];
		assert_int_equal(told_random(client, sizeof client), TOLD_OK);
		const struct flow_answer *answer = permission(rig, client, missing);
		assert_int_equal(answer->outcome, TOLD_ANSWER_ACCEPTED);
		assert_int_equal(answer->phase, TOLD_PHASE_CONSENT);
		answer = update(rig, client);
		assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
		assert_int_equal(answer->code, TOLD_CON_18);
		assert_int_equal(permission(rig, client, NOTHING)->outcome, TOLD_ANSWER_ACCEPTED);
		assert_int_equal(update(rig, client)->outcome, TOLD_ANSWER_ACCEPTED);
	}
	flow_still_good(rig->hou, rig->emp);
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->flow = flow_new(1);
	rig->emp = flow_join(rig->flow, &rig->flow->world.consumer, true);
	rig->hou = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_still_good(rig->hou, rig->emp);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	flow_free(rig->flow);
	test_free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_signed_permission_without_a_scope_is_kept_and_permits_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
