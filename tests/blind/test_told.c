/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker who is named sees on the screen: every command of `told` that lists or shows, typed against the
 * real API, once where she is and once where she is not. Text, sizes and exit codes are compared. */
#include "blind/reads.h"

static void every_command_is_typed_or_says_why_not(void **state)
{
	const struct told_command *command;
	char name[64], words[256];
	size_t count = 0;
	(void)state;
	for (size_t i = 0; (command = told_command_at(i)) != NULL; i++) {
		name_of(command, name);
		bool acts = command->method != NULL && strcmp(command->method, "GET") != 0;
		bool is = words_of(command, words);
		count += is;
		if (!is && !acts && placed(name) == NULL)
			fail_msg("told %s: say in tests/blind/reads.h how it is typed about somebody hidden", name);
	}
	assert_true(count >= 40);
}

static void read_in(size_t world_number)
{
	build(world_number == 0);
	open_api();
	read_all(world_number);
	close_api();
	world_close(&world);
}

static void no_screen_tells_a_worker_who_is_named(void **state)
{
	size_t done;
	(void)state;
	in_both_worlds(read_in);
	size_t told = compare_sheets(&done);
	print_message("%zu screens, %zu of them shown\n", sheet_count[0], done);
	assert_true(done > 20);
	assert_int_equal(told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_typed_or_says_why_not),
		cmocka_unit_test(no_screen_tells_a_worker_who_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
