/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways to run a front: a thread, a process. May touch: threads, fork(2), signals; knows nothing of ZeroMQ. */
#include "broker/base/clock.h"
#include "broker/base/loop.h"
#include "broker/wire/pair.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Either a thread or a process. A thread frees itself when it was left behind, so whoever is last frees. */
struct told_wire_front {
	pid_t pid; /* 0: a thread */
	pthread_t thread;
	told_wire_entry *entry;
	struct told_wire_config config;
	char *endpoint;
	int core_fd;
};

static void free_front(struct told_wire_front *front)
{
	told_wipe(&front->config, sizeof front->config);
	free(front->endpoint);
	free(front);
}

static void *thread_main(void *arg)
{
	struct told_wire_front *front = arg;
	enum told_status status = front->entry(&front->config, front->core_fd);
	told_wipe(front->config.secret_key, sizeof front->config.secret_key);
	return (void *)(uintptr_t)status; // NOLINT: a small number in a pointer is what pthread_join carries
}

/* Signals are the core's: the thread starts with all of them blocked. */
static enum told_status start_quietly(struct told_wire_front *front)
{
	sigset_t all, old;
	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &old) != 0)
		return TOLD_E_SYSTEM;
	int rc = pthread_create(&front->thread, NULL, thread_main, front);
	if (pthread_sigmask(SIG_SETMASK, &old, NULL) != 0 || rc != 0)
		return TOLD_E_SYSTEM;
	return TOLD_OK;
}

enum told_status told_wire_start_thread(const struct told_wire_config *config, int core_fd, int pair_fd,
					told_wire_entry *entry, struct told_wire_front **out)
{
	(void)pair_fd;
	struct told_wire_front *front = calloc(1, sizeof *front);
	*out = NULL;
	if (front == NULL)
		return TOLD_E_MEMORY;
	front->entry = entry;
	front->config = *config;
	front->core_fd = core_fd;
	front->endpoint = strdup(config->endpoint);
	front->config.endpoint = front->endpoint;
	enum told_status status = front->endpoint != NULL ? start_quietly(front) : TOLD_E_MEMORY;
	if (status == TOLD_OK)
		*out = front;
	else
		free_front(front);
	return status;
}

/* Nothing of the core's is left open in the child. Signals to the whole group are the core's to answer: it says STOP.
 */
static void become_front(int *core_fd)
{
	static const int ignored[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE};
	for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		signal(ignored[i], SIG_IGN);
	prctl(PR_SET_NAME, "told-front", 0, 0, 0);
	if (*core_fd != 3 && dup2(*core_fd, 3) == 3)
		*core_fd = 3;
	if (*core_fd != 3 || close_range(4, ~0U, 0) != 0)
		_exit(TOLD_E_SYSTEM);
}

enum told_status told_wire_start_process(const struct told_wire_config *config, int core_fd, int pair_fd,
					 told_wire_entry *entry, struct told_wire_front **out)
{
	struct told_wire_front *front = calloc(1, sizeof *front);
	*out = NULL;
	if (front == NULL)
		return TOLD_E_MEMORY;
	front->pid = fork();
	if (front->pid == 0) {
		close(pair_fd);
		become_front(&core_fd);
		_exit((int)entry(config, core_fd));
	}
	if (front->pid < 0) {
		free_front(front);
		return TOLD_E_SYSTEM;
	}
	close(core_fd);
	*out = front;
	return TOLD_OK;
}

static enum told_status end_thread(struct told_wire_front *front, int64_t timeout_ms)
{
	void *result = NULL;
	struct timespec end;
	if (clock_gettime(CLOCK_REALTIME, &end) != 0)
		return TOLD_E_SYSTEM;
	end.tv_sec += timeout_ms / 1000 + 1;
	if (pthread_timedjoin_np(front->thread, &result, &end) != 0)
		return TOLD_E_TIMEOUT; /* it may still use its config: left behind, with its memory */
	free_front(front);
	return (enum told_status)(uintptr_t)result;
}

static bool ended_in_time(pid_t pid, int64_t timeout_ms)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0)
		return false;
	enum told_status status = told_poll_one(fd, POLLIN, timeout_ms);
	close(fd);
	return status == TOLD_OK;
}

static enum told_status end_process(struct told_wire_front *front, int64_t timeout_ms)
{
	bool in_time = ended_in_time(front->pid, timeout_ms);
	int result = 0;
	pid_t got = -1;
	if (!in_time)
		kill(front->pid, SIGKILL);
	do {
		got = waitpid(front->pid, &result, 0);
	} while (got < 0 && errno == EINTR);
	free_front(front);
	if (!in_time)
		return TOLD_E_TIMEOUT;
	if (got < 0 || !WIFEXITED(result) || WEXITSTATUS(result) >= TOLD_STATUS_COUNT)
		return TOLD_E_SYSTEM; /* it crashed: that is what it is disposable for */
	return (enum told_status)WEXITSTATUS(result);
}

enum told_status told_wire_front_end(struct told_wire_front *front, int64_t timeout_ms)
{
	if (front == NULL)
		return TOLD_OK;
	return front->pid == 0 ? end_thread(front, timeout_ms) : end_process(front, timeout_ms);
}
