/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that fills (rules.md C4), as much of it free as the test says: what waits, what goes on, what is given up. */
#include "turn/rig.h"

#include "told/vocabulary.h"

#define LOW UINT64_C(1024)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

struct disk {
	uint64_t free_bytes;
	enum told_status free_status, keep_status;
	unsigned kept, given; /* how often */
};

static enum told_status disk_free(void *ctx, uint64_t *out)
{
	const struct disk *disk = ctx;
	*out = disk->free_bytes;
	return disk->free_status;
}

static enum told_status disk_keep(void *ctx)
{
	struct disk *disk = ctx;
	disk->kept++;
	return disk->keep_status;
}

static enum told_status disk_give(void *ctx)
{
	struct disk *disk = ctx;
	disk->given++;
	return TOLD_OK;
}

static struct told_reserve reserve_of(struct disk *disk)
{
	return (struct told_reserve){.disk = {disk_free, disk_keep, disk_give, disk}, .low_bytes = LOW};
}

static struct test_message *permission(struct rig *rig)
{
	return test_consent(rig->w, &rig->w->of[TEST_HOU], TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2);
}

/* Both are connected, the person permits it, and the disk is the test's. Gives the permission. */
static struct test_message *open_flow(struct rig *rig, struct disk *disk)
{
	struct test_message *given = permission(rig);
	struct test_agency *hou = &rig->w->of[TEST_HOU], *tt = &rig->w->of[TEST_TT];
	rig_connect(rig, tt);
	rig_connect(rig, hou);
	rig_credit(rig, tt, 256);
	rig_send(rig, hou, given);
	rig_turns(rig);
	rig->broker.reserve = reserve_of(disk);
	return given;
}

static uint32_t answer_of(struct rig *rig, struct test_agency *from, struct test_message *m)
{
	rig_send(rig, from, m);
	rig_turns(rig);
	return rig_answered(rig, from, m);
}

static void test_below_the_mark_stories_wait_and_what_protects_goes_on(void **state)
{
	struct rig *rig = *state;
	struct test_agency *hou = &rig->w->of[TEST_HOU], *tt = &rig->w->of[TEST_TT];
	struct disk disk = {.free_bytes = LOW};
	struct test_message *given = open_flow(rig, &disk);
	struct test_message *m = test_referral(rig->w, hou, tt, shared, 2);
	disk.free_bytes = LOW - 1;
	assert_int_equal(answer_of(rig, hou, m), UINT32_MAX);
	assert_int_equal(answer_of(rig, hou, m), UINT32_MAX);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 0);
	assert_int_equal(answer_of(rig, hou, test_withdrawal(rig->w, hou, given)), TOLD_PHASE_CONSENT);
	assert_int_equal(answer_of(rig, hou, permission(rig)), TOLD_PHASE_CONSENT);
	disk.free_bytes = 2 * LOW;
	assert_int_equal(answer_of(rig, hou, m), TOLD_PHASE_ACCEPTED);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 1);
}

static void test_what_was_taken_before_is_still_delivered(void **state)
{
	struct rig *rig = *state;
	struct test_agency *hou = &rig->w->of[TEST_HOU], *tt = &rig->w->of[TEST_TT];
	struct disk disk = {.free_bytes = LOW};
	open_flow(rig, &disk);
	rig_credit(rig, tt, 0);
	assert_int_equal(answer_of(rig, hou, test_referral(rig->w, hou, tt, shared, 2)), TOLD_PHASE_ACCEPTED);
	size_t before = rig_heard(rig, tt, TOLD_SESSION_PARCEL);
	disk.free_bytes = 0;
	rig_credit(rig, tt, 256);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), before + 1);
}

static void test_only_stories_wait_and_no_alert_and_no_override(void **state)
{
	(void)state;
	struct told_bytes digests[4] = {{0}};
	struct told_override_part override = {0};
	struct told_reserve low = {.low = true}, plenty = {.low = false};
	struct told_header header = {.type = TOLD_TYPE_REFERRAL};
	assert_true(told_reserve_lets(&low, &header));
	header.section_digests.items = digests;
	header.section_digests.count = 4;
	assert_false(told_reserve_lets(&low, &header));
	assert_true(told_reserve_lets(&plenty, &header));
	header.override_block = &override;
	assert_true(told_reserve_lets(&low, &header));
	header.override_block = NULL;
	header.type = TOLD_TYPE_ALERT;
	assert_true(told_reserve_lets(&low, &header));
}

static void look(struct told_reserve *reserve, struct rig *rig, struct disk *disk, uint64_t free_bytes, bool low)
{
	disk->free_bytes = free_bytes;
	told_reserve_look(reserve, &rig->broker.log);
	assert_int_equal(reserve->low, low);
}

static void test_the_mark_does_not_flutter_and_room_is_kept_once(void **state)
{
	struct rig *rig = *state;
	struct disk disk = {0};
	struct told_reserve reserve = reserve_of(&disk);
	look(&reserve, rig, &disk, LOW, false);
	look(&reserve, rig, &disk, LOW, false);
	assert_int_equal(disk.kept, 1);
	look(&reserve, rig, &disk, LOW - 1, true);
	look(&reserve, rig, &disk, LOW + LOW / 8 - 1, true);
	look(&reserve, rig, &disk, LOW + LOW / 8, false);
	assert_int_equal(disk.kept, 1);
	for (unsigned i = 0; i < 3; i++)
		told_reserve_give(&reserve, &rig->broker.log);
	assert_int_equal(disk.given, 1);
	look(&reserve, rig, &disk, LOW - 1, true);
	look(&reserve, rig, &disk, LOW + LOW / 8 + TOLD_DISK_KEPT_BYTES - 1, true); /* what was given is no room */
	assert_int_equal(disk.kept, 1);
	look(&reserve, rig, &disk, LOW + LOW / 8 + TOLD_DISK_KEPT_BYTES, false);
	assert_int_equal(disk.kept, 2);
	look(&reserve, rig, &disk, LOW, false);
}

static void test_a_disk_that_cannot_be_looked_at_counts_as_full(void **state)
{
	struct rig *rig = *state;
	struct disk disk = {.free_bytes = 2 * LOW, .free_status = TOLD_E_STORE};
	struct told_reserve reserve = reserve_of(&disk), nobody = {.low_bytes = LOW}, never = reserve_of(&disk);
	told_reserve_look(&reserve, &rig->broker.log);
	assert_true(reserve.low);
	told_reserve_look(&nobody, &rig->broker.log);
	never.low_bytes = 0;
	told_reserve_look(&never, &rig->broker.log);
	assert_true(!nobody.low && !never.low);
	assert_int_equal(disk.given, 1);
}

static void test_where_nothing_can_be_kept_back_it_is_tried_once(void **state)
{
	struct rig *rig = *state;
	struct disk disk = {.free_bytes = LOW, .keep_status = TOLD_E_FULL};
	struct told_reserve reserve = reserve_of(&disk);
	for (unsigned i = 0; i < 3; i++)
		look(&reserve, rig, &disk, LOW, false);
	assert_int_equal(disk.kept, 1);
	told_reserve_give(&reserve, &rig->broker.log);
	assert_int_equal(disk.given, 0);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(test_below_the_mark_stories_wait_and_what_protects_goes_on),
		WITH_RIG(test_what_was_taken_before_is_still_delivered),
		cmocka_unit_test(test_only_stories_wait_and_no_alert_and_no_override),
		WITH_RIG(test_the_mark_does_not_flutter_and_room_is_kept_once),
		WITH_RIG(test_a_disk_that_cannot_be_looked_at_counts_as_full),
		WITH_RIG(test_where_nothing_can_be_kept_back_it_is_tried_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
