/* SPDX-License-Identifier: Apache-2.0 */
/* A program to its end: standard input from memory, both outputs into memory. Touches processes and pipes. */
#include "agents/demo/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIGNALLED 128

int64_t told_demo_clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void told_child_result_free(struct told_child_result *result)
{
	told_buf_free(&result->out);
	told_buf_free(&result->err);
}

/* Ends of the two pipes, and the input; -1: closed. */
struct ends {
	int input, out[2], err[2];
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_ends(struct ends *ends)
{
	int *all[] = {&ends->input, &ends->out[0], &ends->out[1], &ends->err[0], &ends->err[1]};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		close_end(all[i]);
}

static enum told_status open_ends(struct told_bytes input, struct ends *ends)
{
	*ends = (struct ends){-1, {-1, -1}, {-1, -1}};
	ends->input = memfd_create("input", MFD_CLOEXEC);
	if (ends->input < 0 || pipe2(ends->out, O_CLOEXEC) != 0 || pipe2(ends->err, O_CLOEXEC) != 0)
		return TOLD_E_SYSTEM;
	for (size_t at = 0; at < input.len;) {
		ssize_t n = write(ends->input, input.data + at, input.len - at);
		if (n <= 0)
			return TOLD_E_SYSTEM;
		at += (size_t)n;
	}
	return lseek(ends->input, 0, SEEK_SET) == 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

static int spawn(const char *const *argv, const struct ends *ends, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	int error = posix_spawn_file_actions_init(&actions);
	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return error;
	}
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	const int fds[] = {ends->input, ends->out[1], ends->err[1]};
	for (int i = 0; i < 3 && error == 0; i++)
		error = posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	if (error == 0)
		error = posix_spawn(pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Takes what is there; closes at the end of it. */
static enum told_status drain(int *fd, struct told_buf *into)
{
	uint8_t chunk[16384];
	ssize_t n = read(*fd, chunk, sizeof chunk);
	if (n > 0)
		told_buf_put(into, chunk, (size_t)n);
	else if (n == 0 || errno != EINTR)
		close_end(fd);
	told_wipe(chunk, n > 0 ? (size_t)n : 0);
	return into->status;
}

static enum told_status read_both(struct ends *ends, int64_t deadline_ms, struct told_child_result *out)
{
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && (ends->out[0] >= 0 || ends->err[0] >= 0)) {
		struct pollfd fds[] = {{ends->out[0], POLLIN, 0}, {ends->err[0], POLLIN, 0}};
		int64_t left = deadline_ms - told_demo_clock_ms();
		int ready = left > 0 ? poll(fds, 2, (int)left) : 0;
		if (ready == 0)
			return TOLD_E_TIMEOUT;
		if (ready < 0 && errno != EINTR)
			return TOLD_E_SYSTEM;
		if (ready > 0 && fds[0].revents != 0)
			status = drain(&ends->out[0], &out->out);
		if (ready > 0 && fds[1].revents != 0 && status == TOLD_OK)
			status = drain(&ends->err[0], &out->err);
	}
	return status;
}

enum told_status told_child_run(const char *const *argv, struct told_bytes input, int64_t within_ms,
				struct told_child_result *out)
{
	struct ends ends;
	pid_t pid = 0;
	int ended = 0;
	*out = (struct told_child_result){.out = TOLD_BUF(TOLD_CHILD_OUTPUT_MAX_BYTES),
					  .err = TOLD_BUF(TOLD_CHILD_OUTPUT_MAX_BYTES)};
	enum told_status status = open_ends(input, &ends);
	if (status == TOLD_OK)
		status = spawn(argv, &ends, &pid) == 0 ? TOLD_OK : TOLD_E_SYSTEM;
	if (status == TOLD_OK) {
		close_end(&ends.out[1]);
		close_end(&ends.err[1]);
		status = read_both(&ends, told_demo_clock_ms() + within_ms, out);
		if (status != TOLD_OK)
			kill(pid, SIGKILL);
		while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
			;
		out->exit = WIFEXITED(ended) ? WEXITSTATUS(ended) : SIGNALLED + WTERMSIG(ended);
	}
	close_ends(&ends);
	return status;
}
