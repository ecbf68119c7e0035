/* SPDX-License-Identifier: Apache-2.0 */
/* A program that stays: started, ready when it says so, stopped when asked. Touches processes and one datagram socket.
 */
#include "agents/demo/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_MODE (S_IRUSR | S_IWUSR)

/* ---- ready ---- */

/* An address that the kernel chooses (unix(7), autobind) is unique however long the folder's path is. */
static enum told_status choose_address(struct told_demo_ready *out)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t len = sizeof(sa_family_t);
	if (bind(out->fd, (const struct sockaddr *)&address, len) != 0)
		return TOLD_E_SYSTEM;
	len = sizeof address;
	if (getsockname(out->fd, (struct sockaddr *)&address, &len) != 0 || len <= sizeof(sa_family_t) + 1)
		return TOLD_E_SYSTEM;
	size_t size = len - offsetof(struct sockaddr_un, sun_path);
	if (size + 1 > sizeof out->address || address.sun_path[0] != '\0')
		return TOLD_E_SYSTEM;
	memcpy(out->address, address.sun_path, size);
	out->address[0] = '@';
	out->address[size] = '\0';
	return TOLD_OK;
}

enum told_status told_demo_ready_open(struct told_demo_ready *out)
{
	const int on = 1;
	*out = (struct told_demo_ready){.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
	if (out->fd < 0)
		return TOLD_E_SYSTEM;
	/* The kernel says who wrote: others on this machine could send there too. */
	enum told_status status =
		setsockopt(out->fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 ? choose_address(out) : TOLD_E_SYSTEM;
	if (status != TOLD_OK)
		told_demo_ready_close(out);
	return status;
}

void told_demo_ready_close(struct told_demo_ready *ready)
{
	if (ready->fd >= 0)
		close(ready->fd);
	ready->fd = -1;
}

/* Reads one datagram. True: it is READY=1 from this process. */
static bool heard(int fd, pid_t pid)
{
	char text[256] = "";
	union {
		char room[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr aligned;
	} control;
	struct iovec part = {text, sizeof text - 1};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
	if (recvmsg(fd, &message, 0) <= 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
		struct ucred sender;
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&sender, CMSG_DATA(c), sizeof sender);
		return sender.pid == pid && strstr(text, "READY=1") != NULL;
	}
	return false;
}

enum told_status told_daemon_ready(const struct told_demo_ready *ready, pid_t pid, int64_t within_ms)
{
	int64_t deadline = told_demo_clock_ms() + within_ms;
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	enum told_status status = process >= 0 ? TOLD_E_BUSY : TOLD_E_SYSTEM;
	while (status == TOLD_E_BUSY) {
		struct pollfd fds[] = {{ready->fd, POLLIN, 0}, {process, POLLIN, 0}};
		int64_t left = deadline - told_demo_clock_ms();
		int n = left > 0 ? poll(fds, 2, (int)left) : 0;
		if (n == 0)
			status = TOLD_E_TIMEOUT;
		else if (n > 0 && fds[0].revents != 0 && heard(ready->fd, pid))
			status = TOLD_OK;
		else if (n > 0 && fds[1].revents != 0)
			status = TOLD_E_UNREACHABLE;
	}
	if (process >= 0)
		close(process);
	return status;
}

/* ---- start and stop ---- */

/* Between fork and exec: only what may be called there. posix_spawn cannot ask for a signal at the parent's death. */
static _Noreturn void become(const char *const *argv, int log, pid_t parent, char *const *env)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTTOU, SIG_DFL);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	bool ok = prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent && null >= 0 &&
		  dup2(null, STDIN_FILENO) >= 0 && dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0;
	if (ok)
		execve(argv[0], (char *const *)(uintptr_t)argv, env);
	_exit(127);
}

static size_t env_count(void)
{
	size_t count = 0;
	while (environ[count] != NULL)
		count++;
	return count;
}

enum told_status told_daemon_start(const char *const *argv, const char *log, const struct told_demo_ready *ready,
				   pid_t *pid)
{
	char notify[96];
	size_t count = env_count();
	char **env = calloc(count + 2, sizeof *env);
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, LOG_MODE);
	pid_t parent = getpid();
	*pid = 0;
	if (env != NULL && fd >= 0) {
		snprintf(notify, sizeof notify, "NOTIFY_SOCKET=%s", ready->address);
		env[0] = notify; /* of two with one name the first counts */
		memcpy(env + 1, environ, count * sizeof *env);
		fflush(NULL);
		*pid = fork();
		if (*pid == 0)
			become(argv, fd, parent, env);
	}
	if (fd >= 0)
		close(fd);
	free(env);
	return *pid > 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

enum told_status told_daemon_stop(pid_t *pid, int64_t within_ms)
{
	enum told_status status = TOLD_OK;
	if (*pid <= 0)
		return TOLD_OK;
	int process = (int)syscall(SYS_pidfd_open, *pid, 0);
	struct pollfd fd = {process, POLLIN, 0};
	kill(*pid, SIGTERM);
	if (process < 0 || poll(&fd, 1, (int)within_ms) != 1) {
		kill(*pid, SIGKILL);
		status = TOLD_E_TIMEOUT;
	}
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (process >= 0)
		close(process);
	*pid = 0;
	return status;
}
