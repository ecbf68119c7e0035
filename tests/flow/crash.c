/* SPDX-License-Identifier: Apache-2.0 */
/* The test's side of told-crash: a page for each program, and its start. */
#include "flow/crash.h"

#include "flow/crash_page.h"
#include "flow/kit.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct shared {
	struct crash_page page;
	char path[PATH_MAX];
};

struct crash_page *crash_new(const char *program)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.4000s/page", told_test_dir());
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)sizeof(struct shared)), 0);
	struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(shared != MAP_FAILED);
	close(fd);
	snprintf(shared->page.program, sizeof shared->page.program, "%s", program);
	snprintf(shared->path, sizeof shared->path, "%s", path);
	return &shared->page;
}

void crash_use(struct crash_page *page)
{
	assert_int_equal(setenv(CRASH_PAGE, ((struct shared *)page)->path, 1), 0);
}

void crash_arm(struct crash_page *page, uint64_t at)
{
	page->at = CRASH_NEVER;
	page->seen = 0;
	page->at = at;
}

uint64_t crash_seen(const struct crash_page *page)
{
	return page->seen;
}

void crash_kill(const struct crash_page *page)
{
	assert_true(page->pid > 0);
	(void)kill(page->pid, SIGKILL); /* it may have ended by itself just now */
}

pid_t crash_start(struct crash_page *page, const char *const *argv, uint64_t at)
{
	pid_t pid = 0;
	posix_spawn_file_actions_t actions;
	const char *path = flow_program(CRASH_RUNNER);
	assert_non_null(path);
	crash_use(page);
	crash_arm(page, at);
	posix_spawn_file_actions_init(&actions);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
	assert_int_equal(posix_spawn(&pid, path, &actions, NULL, (char *const *)(uintptr_t)argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static int code_of(int how)
{
	int code = WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how);
	if (code == CRASH_FORBIDDEN) {
		print_message("this machine lets nobody watch a program (ptrace)\n");
		exit(TOLD_TEST_SKIPPED);
	}
	return code;
}

bool crash_over(pid_t pid, int *code)
{
	int how = 0;
	pid_t ended = waitpid(pid, &how, WNOHANG);
	assert_true(ended == 0 || ended == pid);
	if (ended == pid)
		*code = code_of(how);
	return ended == pid;
}

int crash_end(pid_t pid)
{
	int how = 0;
	assert_int_equal(waitpid(pid, &how, 0), pid);
	return code_of(how);
}
