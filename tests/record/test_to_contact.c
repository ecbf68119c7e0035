/* SPDX-License-Identifier: Apache-2.0 */
/* What a conference keeps for the recipient's contact is sealed to a live key of that contact, or to nobody. The broker
 * looks at the key's id and opens nothing: anything else is refused whole, with the rule, and stands in the log. */
#include "support/agency.h"

#include "broker/decide/codes.h"
#include "told/codes.h"

static const uint32_t abuse[] = {TOLD_CATEGORY_SAF_DA}, minutes[] = {TOLD_CATEGORY_SAF_MARAC};
static const uint32_t address[] = {TOLD_CATEGORY_DEM_LOC}, who[] = {TOLD_CATEGORY_DEM_ID};
static const uint32_t told[] = {TOLD_CATEGORY_NARR};

struct table {
	struct test_world *world;
	struct test_agency *hou, *tt, *sud;
	struct test_agency contact; /* TT, with its contact's key where its own sealing key was */
};

static void new_pair(struct test_keypair *pair)
{
	assert_int_equal(told_random(pair->secret, sizeof pair->secret), TOLD_OK);
	assert_int_equal(told_x25519_public(pair->secret, pair->key), TOLD_OK);
}

static int set_up(void **state)
{
	static struct table t;
	t.world = test_world_ready();
	t.hou = &t.world->of[TEST_HOU], t.tt = &t.world->of[TEST_TT], t.sud = &t.world->of[TEST_SUD];
	t.contact = *t.tt;
	new_pair(&t.contact.sealing);
	test_phase(t.world, t.tt,
		   test_key(t.world, t.tt, TOLD_KEY_CONTACT, TOLD_KEY_ACTION_ISSUE, &t.contact.sealing, 1),
		   TOLD_PHASE_KEY);
	*state = &t;
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(((struct table *)*state)->world);
	return 0;
}

/* HOU calls a conference of TT; what it says is wrapped to this key. Whether it is refused for its form. */
static bool refused(struct table *t, uint32_t type, const uint32_t *category, const struct test_agency *sealed_to)
{
	struct told_workflow_part part = {.event = TOLD_CONFERENCE_EVENT_CALL};
	struct told_header header = test_header(t->world, t->hou, type);
	test_under_agreement(t->world, &header, t->tt, TOLD_PURPOSE_MDT);
	if (type != TOLD_TYPE_CONF_CALL)
		part.referral = header.in_reply_to = told_bytes(t->world->person, TOLD_ID_BYTES);
	header.workflow = &part;
	struct test_said said =
		test_turn(t->world, t->hou, test_seal(t->world, t->hou, &header, category, 1, sealed_to));
	const struct told_decision *d = told_ruling_decision(said.ruling, 0);
	assert_true(d->primary != TOLD_ENV_05 || said.phase == TOLD_PHASE_REFUSED);
	return d->primary == TOLD_ENV_05 && d->effect == TOLD_EFFECT_REJECT;
}

static void test_to_the_agencys_own_key_it_is_refused(void **state)
{
	struct table *t = *state;
	assert_true(refused(t, TOLD_TYPE_CONF_CALL, abuse, t->tt));
	assert_true(refused(t, TOLD_TYPE_CONF_MINUTES, minutes, t->tt));
	assert_true(refused(t, TOLD_TYPE_CONF_CONTRIB, address, t->tt));
	assert_true(refused(t, TOLD_TYPE_CONF_CALL, told, t->tt)); /* unclassified words may say any of it */
}

static void test_to_the_contact_or_to_nobody_it_is_in_form(void **state)
{
	struct table *t = *state;
	assert_false(refused(t, TOLD_TYPE_CONF_CALL, abuse, &t->contact));
	assert_false(refused(t, TOLD_TYPE_CONF_CONTRIB, address, &t->contact));
	assert_false(refused(t, TOLD_TYPE_CONF_CALL, abuse, NULL));
}

static void test_a_key_that_is_not_theirs_or_was_taken_back_is_none(void **state)
{
	struct table *t = *state;
	struct test_agency other = *t->tt;
	new_pair(&other.sealing);
	assert_true(refused(t, TOLD_TYPE_CONF_CALL, abuse, &other)); /* nobody's */
	test_phase(t->world, t->sud,
		   test_key(t->world, t->sud, TOLD_KEY_CONTACT, TOLD_KEY_ACTION_ISSUE, &other.sealing, 1),
		   TOLD_PHASE_KEY);
	assert_true(refused(t, TOLD_TYPE_CONF_CALL, abuse, &other)); /* another agency's contact's */
	test_phase(t->world, t->tt,
		   test_key(t->world, t->tt, TOLD_KEY_CONTACT, TOLD_KEY_ACTION_REVOKE, &t->contact.sealing, 1),
		   TOLD_PHASE_KEY);
	assert_true(refused(t, TOLD_TYPE_CONF_CALL, abuse, &t->contact));
}

static void test_it_is_asked_of_conferences_and_of_these_categories_only(void **state)
{
	struct table *t = *state;
	assert_false(refused(t, TOLD_TYPE_CONF_CALL, who, t->tt));
	assert_false(refused(t, TOLD_TYPE_STATUS_UPDATE, abuse, t->tt));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_to_the_agencys_own_key_it_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_to_the_contact_or_to_nobody_it_is_in_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_key_that_is_not_theirs_or_was_taken_back_is_none, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_it_is_asked_of_conferences_and_of_these_categories_only, set_up,
						tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
