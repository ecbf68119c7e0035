/* SPDX-License-Identifier: Apache-2.0 */
/* told-crash ARGS...: runs a program of ours and kills it just before its n-th change takes place: a write, a sync, a
 * new or a removed name, or something told to another process. Which program, and n, stand in a page that the test
 * shares (crash.h). Ends as the program ended. Never installed. */
#include "flow/crash_page.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not every machine has the older ones. */
static const long changes[] = {
	SYS_write,    SYS_writev,    SYS_pwrite64, SYS_fsync,   SYS_fdatasync, SYS_ftruncate, SYS_renameat,
	SYS_unlinkat, SYS_renameat2, SYS_linkat,   SYS_mkdirat, SYS_sendto,    SYS_sendmsg,   SYS_fallocate,
#ifdef SYS_rename
	SYS_rename,   SYS_unlink,    SYS_link,     SYS_mkdir,
#endif
};

static pid_t traced;

static struct crash_page *page_of(void)
{
	const char *path = getenv(CRASH_PAGE);
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *page =
		fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(struct crash_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED) {
		fprintf(stderr, "told-crash: the test shares no page with it\n");
		exit(127);
	}
	close(fd);
	return page;
}

/* In the child. A leak checker does not work where somebody watches already. */
static void become(const struct crash_page *page, char **argv)
{
	char self[PATH_MAX] = "", path[PATH_MAX + 128], options[1024];
	const char *given = getenv("ASAN_OPTIONS");
	if (readlink("/proc/self/exe", self, sizeof self - 1) < 0 || ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(127);
	snprintf(options, sizeof options, "%s:detect_leaks=0", given == NULL ? "" : given);
	setenv("ASAN_OPTIONS", options, 1);
	snprintf(path, sizeof path, "%s/../bin/%s", dirname(self), page->program);
	execv(path, argv);
	_exit(127);
}

static bool is_change(void)
{
	struct __ptrace_syscall_info at;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, traced, (void *)sizeof at, &at) <= 0 || at.op != PTRACE_SYSCALL_INFO_ENTRY)
		return false;
	if (at.entry.nr == SYS_openat)
		return (at.entry.args[2] & O_CREAT) != 0;
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
		if ((long)at.entry.nr == changes[i])
			return true;
	return false;
}

static void pass_on(int signal)
{
	kill(traced, signal);
}

/* Until it has ended; a signal that it gets it shall have. */
static int watch(struct crash_page *page)
{
	int how = 0;
	while (waitpid(traced, &how, 0) < 0 || WIFSTOPPED(how)) {
		long signal = 0;
		if (WSTOPSIG(how) == (SIGTRAP | 0x80)) {
			if (is_change() && ++page->seen == page->at)
				kill(traced, SIGKILL);
		} else if (WSTOPSIG(how) != SIGTRAP) {
			signal = WSTOPSIG(how);
		}
		ptrace(PTRACE_SYSCALL, traced, NULL, (void *)signal);
	}
	return how;
}

int main(int argc, char **argv)
{
	struct crash_page *page = page_of();
	int how = 0;
	if (argc < 1 || (traced = fork()) < 0)
		return 127;
	if (traced == 0)
		become(page, argv);
	signal(SIGTERM, pass_on);
	if (waitpid(traced, &how, 0) != traced || !WIFSTOPPED(how) ||
	    ptrace(PTRACE_SETOPTIONS, traced, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) != 0) {
		fprintf(stderr, "told-crash: this machine lets nobody watch a program\n");
		return CRASH_FORBIDDEN;
	}
	page->pid = traced;
	ptrace(PTRACE_SYSCALL, traced, NULL, NULL);
	how = watch(page);
	if (WIFEXITED(how))
		return WEXITSTATUS(how);
	signal(WTERMSIG(how), SIG_DFL);
	kill(getpid(), WTERMSIG(how));
	return 127;
}
