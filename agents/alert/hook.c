/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the operator's program for a page. The child inherits nothing but its standard streams: no descriptor, no
 * variable of ours but PATH. Touches processes and pipes only. */
#include "agents/alert/hook.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct running {
	pid_t pid; /* 0: free */
	int64_t until_boot_ms;
	struct told_paged page;
};

struct told_hook {
	char path[PATH_MAX];
	struct running running[TOLD_HOOKS_MAX];
};

enum told_status told_hook_new(const char *path, struct told_hook **out, struct told_buf *why)
{
	struct stat file;
	*out = NULL;
	if (path[0] != '/' || stat(path, &file) != 0 || !S_ISREG(file.st_mode) || access(path, X_OK) != 0) {
		if (why != NULL)
			told_buf_printf(why,
					"%s: the pager must be a program that this user may run, named by its whole "
					"path. Mend \"pager\" in agent.yaml.",
					path);
		return TOLD_E_CONFIG;
	}
	struct told_hook *hook = calloc(1, sizeof *hook);
	if (hook == NULL)
		return TOLD_E_MEMORY;
	snprintf(hook->path, sizeof hook->path, "%s", path);
	*out = hook;
	return TOLD_OK;
}

void told_hook_free(struct told_hook *hook)
{
	for (size_t i = 0; hook != NULL && i < TOLD_HOOKS_MAX; i++) {
		if (hook->running[i].pid == 0)
			continue;
		kill(hook->running[i].pid, SIGKILL);
		waitpid(hook->running[i].pid, NULL, 0);
	}
	free(hook);
}

/* ---- starting ---- */

/* Signals as a program expects them, and no descriptor but the three. */
static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *as, int in)
{
	sigset_t none, usual;
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGXFSZ);
	int bad = posix_spawn_file_actions_adddup2(files, in, STDIN_FILENO);
	bad |= posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	bad |= posix_spawn_file_actions_addopen(files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	bad |= posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
	bad |= posix_spawnattr_setsigmask(as, &none);
	bad |= posix_spawnattr_setsigdefault(as, &usual);
	bad |= posix_spawnattr_setflags(as, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return bad;
}

static enum told_status spawn(const char *path, int in, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t as;
	char *args[] = {(char *)(uintptr_t)path, NULL};
	char *environment[] = {(char *)(uintptr_t) "PATH=/usr/local/bin:/usr/bin:/bin", NULL};
	if (posix_spawn_file_actions_init(&files) != 0)
		return TOLD_E_MEMORY;
	int bad = posix_spawnattr_init(&as);
	if (bad == 0) {
		bad = prepare(&files, &as, in);
		if (bad == 0)
			bad = posix_spawn(pid, path, &files, &as, args, environment);
		posix_spawnattr_destroy(&as);
	}
	posix_spawn_file_actions_destroy(&files);
	return bad == 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

/* A page fits into the pipe, so that nobody waits for the program to read it. */
static enum told_status run(const char *path, struct told_bytes line, pid_t *pid)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return TOLD_E_SYSTEM;
	enum told_status status =
		write(ends[1], line.data, line.len) == (ssize_t)line.len ? spawn(path, ends[0], pid) : TOLD_E_SYSTEM;
	close(ends[0]);
	close(ends[1]);
	return status;
}

static enum told_status start(void *ctx, const struct told_page *page, int64_t boot_ms)
{
	struct told_hook *hook = ctx;
	struct running *slot = NULL;
	for (size_t i = 0; i < TOLD_HOOKS_MAX && slot == NULL; i++)
		slot = hook->running[i].pid == 0 ? &hook->running[i] : NULL;
	if (slot == NULL)
		return TOLD_E_BUSY;
	struct told_buf line = TOLD_BUF(TOLD_PAGE_MAX_BYTES);
	pid_t pid = 0;
	enum told_status status = told_page_json(page, &line);
	if (status == TOLD_OK)
		status = run(hook->path, told_buf_view(&line), &pid);
	told_buf_free(&line);
	if (status != TOLD_OK)
		return status;
	*slot = (struct running){.pid = pid, .until_boot_ms = boot_ms + TOLD_HOOK_MS, .page = {.whom = page->whom}};
	memcpy(slot->page.alert, page->alert, sizeof slot->page.alert);
	return TOLD_OK;
}

/* ---- what became of it ---- */

static enum told_status poll(void *ctx, int64_t boot_ms, struct told_paged *out)
{
	struct told_hook *hook = ctx;
	for (size_t i = 0; i < TOLD_HOOKS_MAX; i++) {
		struct running *slot = &hook->running[i];
		int code = 0;
		if (slot->pid == 0)
			continue;
		if (boot_ms >= slot->until_boot_ms)
			kill(slot->pid, SIGKILL); /* seen as failed by the next look at the latest */
		if (waitpid(slot->pid, &code, WNOHANG) != slot->pid)
			continue;
		*out = slot->page;
		out->reached = WIFEXITED(code) && WEXITSTATUS(code) == 0;
		slot->pid = 0;
		return TOLD_OK;
	}
	return TOLD_E_NOT_FOUND;
}

static bool waits(const void *ctx)
{
	const struct told_hook *hook = ctx;
	for (size_t i = 0; i < TOLD_HOOKS_MAX; i++)
		if (hook->running[i].pid != 0)
			return true;
	return false;
}

struct told_pager told_hook_pager(struct told_hook *hook)
{
	return (struct told_pager){.start = start, .poll = poll, .waits = waits, .ctx = hook};
}
