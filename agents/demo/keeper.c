/* SPDX-License-Identifier: Apache-2.0 */
/* One process that only waits: for the story to end, for Ctrl-C, and for the last child to be gone. Touches signals and
 * processes, nothing else. */
#include "agents/demo/keeper.h"

#include "agents/exit/exit.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define END_WITHIN_S  10 /* a broker syncs its log; an agent its vault */
#define KILL_WITHIN_S 2

#define SIGNALLED     128 /* as shells count */

static sigset_t watched(void)
{
	sigset_t set;
	sigemptyset(&set);
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaddset(&set, signals[i]);
	return set;
}

/* The story's process: alone in its group, so that Ctrl-C reaches the keeper only, which then ends things in order. */
static _Noreturn void be_kept(told_demo_kept *fn, void *ctx, pid_t keeper, const sigset_t *before)
{
	setpgid(0, 0);
	signal(SIGTTOU, SIG_IGN); /* a terminal may stop background groups that write */
	signal(SIGPIPE, SIG_IGN);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != keeper)
		_exit(TOLD_EXIT_CONFIG);
	sigprocmask(SIG_SETMASK, before, NULL);
	exit(fn(ctx));
}

static int code_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status);
}

/* Reaps all that has ended. False: no child is left. *code is set when the story's own process was among them. */
static bool reap(pid_t story, int *code)
{
	int status = 0;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == story)
			*code = code_of(status);
	return pid == 0;
}

static void wait_until_alone(pid_t story, const sigset_t *set, time_t seconds)
{
	struct timespec now, deadline, left;
	int ignored = 0;
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += seconds;
	while (reap(story, &ignored)) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= deadline.tv_sec)
			return;
		left = (struct timespec){.tv_sec = deadline.tv_sec - now.tv_sec};
		sigtimedwait(set, NULL, &left);
	}
}

static int attend(pid_t story, const sigset_t *set)
{
	int code = -1;
	while (code < 0) {
		int signal = sigwaitinfo(set, NULL);
		if (signal > 0 && signal != SIGCHLD)
			code = SIGNALLED + signal;
		else
			reap(story, &code);
	}
	return code;
}

int told_demo_keep(told_demo_kept *fn, void *ctx)
{
	sigset_t set = watched(), before;
	pid_t keeper = getpid();
	fflush(NULL);
	sigprocmask(SIG_BLOCK, &set, &before);
	/* Orphans of the story become ours, so that waiting for children waits for all of them. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t story = fork();
	if (story == 0)
		be_kept(fn, ctx, keeper, &before);
	int code = TOLD_EXIT_CONFIG;
	if (story > 0) {
		setpgid(story, story);
		code = attend(story, &set);
		kill(-story, SIGTERM);
		wait_until_alone(story, &set, END_WITHIN_S);
		kill(-story, SIGKILL);
		wait_until_alone(story, &set, KILL_WITHIN_S);
	} else {
		fprintf(stderr, "told demo: no process could be started.\n");
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}
