/* SPDX-License-Identifier: Apache-2.0 */
/* Copies and removes files. Touches the two folders given. */
#include "support/backup.h"

#include "broker/base/file.h"
#include "support/support.h"
#include "told/limits.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_MAX_BYTES (1u << 30)
#define PATH_BYTES     1024

static void path_of(char path[PATH_BYTES], const char *dir, const char *name)
{
	assert_true(snprintf(path, PATH_BYTES, "%s/%s", dir, name) < PATH_BYTES);
}

static void copy_file(const char *from, const char *to, const char *name)
{
	char source[PATH_BYTES], target[PATH_BYTES];
	struct told_buf bytes = TOLD_BUF(FILE_MAX_BYTES);
	path_of(source, from, name);
	path_of(target, to, name);
	(void)unlink(target);
	enum told_status status = told_file_read(source, FILE_MAX_BYTES, &bytes);
	if (status == TOLD_OK)
		status = told_file_write(target, told_buf_view(&bytes), 0600);
	assert_true(status == TOLD_OK || status == TOLD_E_NOT_FOUND);
	told_buf_free(&bytes);
}

typedef void each_file(const char *from, const char *to, const char *name);

static void remove_file(const char *from, const char *to, const char *name)
{
	char path[PATH_BYTES];
	(void)to;
	path_of(path, from, name);
	assert_int_equal(unlink(path), 0);
}

static void each(const char *from, const char *to, each_file *fn)
{
	DIR *dir = opendir(from);
	assert_non_null(dir);
	for (struct dirent *file; (file = readdir(dir)) != NULL;)
		if (file->d_name[0] != '.')
			fn(from, to, file->d_name);
	closedir(dir);
}

void told_test_backup(const char *from, const char *to)
{
	static const char *const files[] = {"told.db", "told.db-wal", "told.db-shm"};
	char source[PATH_BYTES], target[PATH_BYTES];
	(void)mkdir(to, 0700);
	path_of(source, from, "spool");
	path_of(target, to, "spool");
	(void)mkdir(target, 0700);
	each(target, NULL, remove_file);
	each(source, target, copy_file);
	for (size_t i = 0; i < 3; i++)
		copy_file(from, to, files[i]);
}

static void run(const char *const argv[])
{
	int status = 0;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void told_test_copy_tree(const char *from, const char *to)
{
	run((const char *const[]){"rm", "-rf", to, NULL});
	run((const char *const[]){"cp", "-a", from, to, NULL});
}
