/* SPDX-License-Identifier: Apache-2.0 */
/* Files are whole or absent, private or refused, locked by one. */
#include "support/support.h"

#include "broker/base/file.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char base[64], path[128], other[128];

static int set_up(void **state)
{
	(void)state;
	strcpy(base, told_test_dir());
	snprintf(path, sizeof path, "%s/secret", base);
	snprintf(other, sizeof other, "%s/other", base);
	return 0;
}

static void expect_content(const char *file, const char *content)
{
	struct told_buf buf = TOLD_BUF(1024);
	assert_int_equal(told_file_read(file, 1024, &buf), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&buf), told_text(content)));
	told_buf_free(&buf);
}

static void test_what_was_written_is_read_with_its_exact_mode(void **state)
{
	(void)state;
	struct stat st;
	mode_t old = umask(0777);
	assert_int_equal(told_file_write(path, told_text("one"), 0600), TOLD_OK);
	assert_int_equal(told_file_write(other, told_text("public"), 0644), TOLD_OK);
	umask(old);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	expect_content(path, "one");
	assert_int_equal(told_file_write(path, told_text(""), 0600), TOLD_OK);
	expect_content(path, "");
}

static void test_a_leftover_of_a_crash_is_in_nobodys_way(void **state)
{
	(void)state;
	char leftover[160];
	snprintf(leftover, sizeof leftover, "%s.new", path);
	int fd = open(leftover, O_WRONLY | O_CREAT, 0400);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(told_file_write(path, told_text("two"), 0600), TOLD_OK);
	expect_content(path, "two");
	assert_int_not_equal(access(leftover, F_OK), 0);
}

static void test_a_failed_write_leaves_the_old_content(void **state)
{
	(void)state;
	char leftover[160];
	assert_int_equal(told_file_write(path, told_text("old"), 0600), TOLD_OK);
	snprintf(leftover, sizeof leftover, "%s.new", path);
	assert_int_equal(mkdir(leftover, 0700), 0); /* the name beside it cannot be made */
	assert_int_not_equal(told_file_write(path, told_text("new"), 0600), TOLD_OK);
	expect_content(path, "old");
	assert_int_equal(told_file_write("/nonexistent/file", told_text("x"), 0600), TOLD_E_NOT_FOUND);
	assert_int_equal(told_file_write("/tmp/", told_text("x"), 0600), TOLD_E_CONFIG);
}

static void test_a_key_is_never_overwritten(void **state)
{
	(void)state;
	assert_int_equal(told_file_write_new(path, told_text("first"), 0600), TOLD_OK);
	assert_int_equal(told_file_write_new(path, told_text("second"), 0600), TOLD_E_EXISTS);
	expect_content(path, "first");
}

static void test_a_secret_that_others_could_read_is_refused(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(1024);
	assert_int_equal(told_file_write(path, told_text("key"), 0600), TOLD_OK);
	assert_int_equal(told_file_read_secret(path, 1024, &buf), TOLD_OK);
	const mode_t open_modes[] = {0640, 0604, 0610, 0620, 0601, 0644, 0777};
	for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
		told_buf_free(&buf);
		assert_int_equal(chmod(path, open_modes[i]), 0);
		assert_int_equal(told_file_read_secret(path, 1024, &buf), TOLD_E_PERMISSION);
		assert_int_equal(buf.len, 0);
	}
	told_buf_free(&buf);
}

static void test_a_secret_of_another_owner_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	struct told_buf buf = TOLD_BUF(1024);
	assert_int_equal(told_file_write(path, told_text("key"), 0600), TOLD_OK);
	assert_int_equal(chown(path, 1, 1), 0);
	assert_int_equal(told_file_read_secret(path, 1024, &buf), TOLD_E_PERMISSION);
	assert_int_equal(chown(base, 1, 1), 0);
	assert_int_equal(told_dir_make(base), TOLD_E_PERMISSION);
	told_buf_free(&buf);
}

static void test_links_fifos_and_directories_are_no_files(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(1024);
	assert_int_equal(told_file_write(other, told_text("target"), 0600), TOLD_OK);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(told_file_read(path, 1024, &buf), TOLD_E_PERMISSION);
	int fd = -1;
	assert_int_equal(told_file_lock(path, &fd), TOLD_E_PERMISSION);
	assert_int_equal(told_dir_make(path), TOLD_E_PERMISSION);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(told_file_read(path, 1024, &buf), TOLD_E_PERMISSION);
	assert_int_equal(told_file_lock(path, &fd), TOLD_E_PERMISSION);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(told_file_read(path, 1024, &buf), TOLD_E_NOT_FOUND);
	assert_int_equal(told_file_read(base, 1024, &buf), TOLD_E_PERMISSION);
	told_buf_free(&buf);
}

static void test_a_file_over_its_limit_is_refused_and_the_buffer_kept(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(1024);
	told_buf_put_text(&buf, "before");
	assert_int_equal(told_file_write(path, told_text("123456789"), 0600), TOLD_OK);
	assert_int_equal(told_file_read(path, 8, &buf), TOLD_E_LIMIT);
	assert_true(told_bytes_equal(told_buf_view(&buf), told_text("before")));
	assert_int_equal(told_file_read(path, 9, &buf), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&buf), told_text("before123456789")));
	told_buf_free(&buf);
}

static void test_a_lock_is_held_by_one_process_until_it_ends(void **state)
{
	(void)state;
	int fd = -1, second = -1, pipes[2];
	assert_int_equal(told_file_lock(path, &fd), TOLD_OK);
	assert_int_equal(told_file_lock(path, &second), TOLD_E_IN_USE);
	assert_int_equal(second, -1);
	told_file_unlock(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int mine = -1;
		char got = told_file_lock(path, &mine) == TOLD_OK ? 'y' : 'n';
		if (write(pipes[1], &got, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	char got = '?';
	assert_int_equal(read(pipes[0], &got, 1), 1);
	assert_int_equal(got, 'y');
	assert_int_equal(told_file_lock(path, &fd), TOLD_E_IN_USE);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(told_file_lock(path, &fd), TOLD_OK);
	told_file_unlock(&fd);
	close(pipes[0]);
	close(pipes[1]);
}

static void test_a_directory_is_made_private_or_must_be(void **state)
{
	(void)state;
	struct stat st;
	assert_int_equal(told_dir_make(path), TOLD_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(told_dir_make(path), TOLD_OK);
	assert_int_equal(chmod(path, 0750), 0);
	assert_int_equal(told_dir_make(path), TOLD_E_PERMISSION);
	assert_int_equal(told_file_write(other, told_text("x"), 0600), TOLD_OK);
	assert_int_equal(told_dir_make(other), TOLD_E_PERMISSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_what_was_written_is_read_with_its_exact_mode, set_up),
		cmocka_unit_test_setup(test_a_leftover_of_a_crash_is_in_nobodys_way, set_up),
		cmocka_unit_test_setup(test_a_failed_write_leaves_the_old_content, set_up),
		cmocka_unit_test_setup(test_a_key_is_never_overwritten, set_up),
		cmocka_unit_test_setup(test_a_secret_that_others_could_read_is_refused, set_up),
		cmocka_unit_test_setup(test_a_secret_of_another_owner_is_refused, set_up),
		cmocka_unit_test_setup(test_links_fifos_and_directories_are_no_files, set_up),
		cmocka_unit_test_setup(test_a_file_over_its_limit_is_refused_and_the_buffer_kept, set_up),
		cmocka_unit_test_setup(test_a_lock_is_held_by_one_process_until_it_ends, set_up),
		cmocka_unit_test_setup(test_a_directory_is_made_private_or_must_be, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
