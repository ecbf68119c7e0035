/* SPDX-License-Identifier: Apache-2.0 */
/* Our states against HL7's: real Tasks of SDOH Clinical Care and FHIR R4 read from the shared folder, and who may set
 * each state as SDOH Clinical Care 3.0.0 prints it ("Status Management" of Task for Referral Management). */
#include "agents/referral/substate.h"
#include "broker/decide/moves.h"
#include "support/support.h"

#include <dirent.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* "Set By", as the page has it. */
static const struct {
	const char *state;
	bool requester, target;
} set_by[] = {
	{"draft", true, false},     {"requested", true, false},
	{"accepted", false, true},  {"rejected", false, true},
	{"cancelled", true, true},  {"in-progress", false, true},
	{"on-hold", false, true},   {"failed", false, true},
	{"completed", false, true}, {"entered-in-error", true, false},
};
#define PUBLISHED (sizeof set_by / sizeof set_by[0])

static bool may_set(enum told_side side, unsigned state)
{
	for (size_t i = 0; told_move_at(i) != NULL; i++)
		if (told_move_at(i)->by == side && told_move_at(i)->to >> state & 1)
			return true;
	return false;
}

static void test_each_published_state_is_set_by_whom_the_page_says(void **state)
{
	(void)state;
	assert_int_equal(told_list_max(TOLD_LIST_REFERRAL), PUBLISHED);
	for (size_t i = 0; i < PUBLISHED; i++) {
		unsigned ours = told_value(TOLD_LIST_REFERRAL, told_text(set_by[i].state));
		assert_true(ours != 0);
		if (ours == TOLD_REFERRAL_DRAFT) /* never on the wire */
			continue;
		if (may_set(TOLD_SIDE_REFERRER, ours) != set_by[i].requester ||
		    may_set(TOLD_SIDE_TARGET, ours) != set_by[i].target || may_set(TOLD_SIDE_NONE, ours))
			fail_msg("%s is not set by whom SDOH Clinical Care says", set_by[i].state);
	}
}

/* FHIR R4 has two more, which SDOH Clinical Care leaves out. */
static bool narrowed_away(const char *status)
{
	return strcmp(status, "ready") == 0 || strcmp(status, "received") == 0;
}

static size_t read_tasks(const char *folder)
{
	char dir_path[PATH_MAX], path[PATH_MAX + 512];
	const char *full = told_test_shared(folder);
	size_t tasks = 0;
	if (full == NULL) {
		print_message("skipped: the shared folder %s is absent\n", folder);
		exit(77);
	}
	snprintf(dir_path, sizeof dir_path, "%s", full);
	DIR *dir = opendir(dir_path);
	assert_non_null(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		if (strncmp(e->d_name, "Task-", 5) != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir_path, e->d_name);
		json_t *task = json_load_file(path, 0, NULL);
		const char *status = json_string_value(json_object_get(task, "status"));
		assert_non_null(status);
		unsigned ours = told_value(TOLD_LIST_REFERRAL, told_text(status));
		if (ours == 0 && !narrowed_away(status))
			fail_msg("%s has a status that is none of ours: %s", e->d_name, status);
		if (ours != 0)
			assert_true(strlen(told_words(TOLD_LIST_REFERRAL, ours)) >= 4);
		tasks++;
		json_decref(task);
	}
	closedir(dir);
	return tasks;
}

static void test_every_status_of_a_real_task_is_one_of_ours(void **state)
{
	(void)state;
	size_t tasks = read_tasks("real/sdohcc") + read_tasks("real/fhir-r4");
	print_message("%zu real Tasks read\n", tasks);
	assert_true(tasks >= 8);
}

static void test_a_screen_has_four_words(void **state)
{
	(void)state;
	static const char *const words[] = {"Sent", "Active", "Done", "Closed"};
	unsigned seen = 0;
	for (unsigned s = 1; s < TOLD_REFERRAL_COUNT; s++) {
		bool found = false;
		for (unsigned w = 0; w < 4; w++)
			if (strcmp(told_words(TOLD_LIST_REFERRAL, s), words[w]) == 0) {
				found = true;
				seen |= 1u << w;
			}
		assert_true(found);
	}
	assert_int_equal(seen, 15);
}

/* Whatever a referral's facts are, there is a word for them. */
static void test_every_state_detail_and_reason_has_a_substate(void **state)
{
	(void)state;
	for (unsigned s = 1; s < TOLD_REFERRAL_COUNT; s++)
		for (unsigned d = 0; d <= TOLD_DETAIL_BACK; d++)
			for (unsigned reason = 0; reason < TOLD_REASON_COUNT; reason++) {
				struct told_referral_facts r = {
					.state = (uint8_t)s, .detail = (uint8_t)d, .reason = (uint8_t)reason};
				assert_string_not_equal(told_substate_of(&r)->code, "unknown");
			}
	const struct told_referral_facts redirected = {.state = TOLD_REFERRAL_REJECTED,
						       .reason = TOLD_REASON_WRONG_SERVICE};
	assert_string_equal(told_substate_of(&redirected)->code, "redirected");
	const struct told_referral_facts revoked = {.state = TOLD_REFERRAL_CANCELLED, .reason = TOLD_REASON_MOVED};
	assert_string_equal(told_substate_of(&revoked)->code, "revoked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_published_state_is_set_by_whom_the_page_says),
		cmocka_unit_test(test_every_status_of_a_real_task_is_one_of_ours),
		cmocka_unit_test(test_a_screen_has_four_words),
		cmocka_unit_test(test_every_state_detail_and_reason_has_a_substate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
