/* SPDX-License-Identifier: Apache-2.0 */
/* May touch: one file, and what crash signals do. */
#include "broker/base/in_hand.h"

#include "broker/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK_BYTES   TOLD_IN_HAND_MARK_BYTES
#define SUSPECTS_MAX 512u

static const char magic[16] = "told in hand 1";

struct suspect {
	uint8_t mark[MARK_BYTES];
	uint32_t crashes; /* 0: a free place */
};

/* The file. Counts are written after what they count. */
struct page {
	char magic[sizeof magic];
	_Atomic uint32_t crashed; /* written by the signal's handler */
	_Atomic uint32_t held_count;
	uint8_t held[TOLD_IN_HAND_MAX][MARK_BYTES];
	struct suspect suspects[SUSPECTS_MAX];
};

struct told_in_hand {
	const struct told_log *log;
	struct page *page;
	size_t open_count; /* suspects that are not put aside */
	int64_t open_boot_ms;
};

/* Where the handler writes: a signal brings no argument along. */
static struct page *watched;

static struct suspect *suspect_of(struct page *page, const uint8_t mark[MARK_BYTES])
{
	for (size_t i = 0; i < SUSPECTS_MAX; i++)
		if (page->suspects[i].crashes > 0 && memcmp(page->suspects[i].mark, mark, MARK_BYTES) == 0)
			return &page->suspects[i];
	return NULL;
}

/* A free place, or that of whoever was there least often. */
static struct suspect *place_for(struct page *page)
{
	struct suspect *least = &page->suspects[0];
	for (size_t i = 0; i < SUSPECTS_MAX; i++)
		if (page->suspects[i].crashes < least->crashes)
			least = &page->suspects[i];
	return least;
}

static void count_open(struct told_in_hand *hand)
{
	hand->open_count = 0;
	for (size_t i = 0; i < SUSPECTS_MAX; i++)
		hand->open_count +=
			hand->page->suspects[i].crashes > 0 && hand->page->suspects[i].crashes < TOLD_IN_HAND_CRASHES;
}

/* ---- opening ---- */

static void count_crash(struct told_in_hand *hand, const uint8_t mark[MARK_BYTES])
{
	struct suspect *suspect = suspect_of(hand->page, mark);
	if (suspect == NULL) {
		suspect = place_for(hand->page);
		memcpy(suspect->mark, mark, MARK_BYTES);
		suspect->crashes = 0;
	}
	suspect->crashes += suspect->crashes < TOLD_IN_HAND_CRASHES;
	told_log(hand->log, TOLD_LOG_ERROR, "in_hand.crashed_with", TOLD_LOG_HEX("mark", mark, MARK_BYTES),
		 TOLD_LOG_NUMBER("crashes", suspect->crashes), TOLD_LOG_NUMBER("put_aside_at", TOLD_IN_HAND_CRASHES));
}

static bool is_ours(const struct page *page)
{
	return memcmp(page->magic, magic, sizeof magic) == 0 && atomic_load(&page->held_count) <= TOLD_IN_HAND_MAX;
}

static void learn(struct told_in_hand *hand)
{
	struct page *page = hand->page;
	if (!is_ours(page)) {
		memset(page, 0, sizeof *page);
		memcpy(page->magic, magic, sizeof magic);
	}
	uint32_t count = atomic_load(&page->crashed) != 0 ? atomic_load(&page->held_count) : 0;
	for (uint32_t i = 0; i < count; i++)
		count_crash(hand, page->held[i]);
	atomic_store(&page->held_count, 0);
	atomic_store(&page->crashed, 0);
	count_open(hand);
	hand->open_boot_ms = told_clock_now(&hand->log->clock).boot_ms;
}

/* ---- crashing ---- */

static void on_crash(int number)
{
	atomic_store(&watched->crashed, 1);
	raise(number); /* as it would have ended: SA_RESETHAND */
}

/* On a stack of its own, for a crash may be that the stack is full. */
static enum told_status watch(struct page *page)
{
	static uint8_t stack[64 * 1024];
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
	const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction act = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_ONSTACK | SA_NODEFER};
	watched = page;
	sigemptyset(&act.sa_mask);
	if (sigaltstack(&other, NULL) != 0)
		return TOLD_E_SYSTEM;
	for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
		if (sigaction(crashes[i], page == NULL ? &(struct sigaction){.sa_handler = SIG_DFL} : &act, NULL) != 0)
			return TOLD_E_SYSTEM;
	return TOLD_OK;
}

/* Whoever may write it could have messages put aside. */
static bool is_private(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_nlink == 1 &&
	       (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static enum told_status map(const char *path, struct page **out)
{
	enum told_status status = TOLD_OK;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return told_file_status(errno);
	status = is_private(fd) ? TOLD_OK : TOLD_E_PERMISSION;
	/* Blocks, not only a length: a full disk must not end in SIGBUS. */
	int error = status == TOLD_OK ? posix_fallocate(fd, 0, sizeof **out) : 0;
	if (error != 0)
		status = told_file_status(error);
	*out = status == TOLD_OK ? mmap(NULL, sizeof **out, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (status == TOLD_OK && *out == MAP_FAILED)
		status = told_file_status(errno);
	close(fd);
	return status;
}

enum told_status told_in_hand_open(const char *path, const struct told_log *log, struct told_in_hand **out)
{
	struct told_in_hand *hand = calloc(1, sizeof *hand);
	*out = NULL;
	enum told_status status = hand == NULL ? TOLD_E_MEMORY : map(path, &hand->page);
	if (status != TOLD_OK) {
		told_log(log, TOLD_LOG_ERROR, "in_hand.unusable", TOLD_LOG_PATH("path", path),
			 TOLD_LOG_STATUS("status", status));
		free(hand);
		return status;
	}
	hand->log = log;
	learn(hand);
	status = watch(hand->page);
	if (status == TOLD_OK)
		*out = hand;
	else
		told_in_hand_close(hand);
	return status;
}

void told_in_hand_close(struct told_in_hand *hand)
{
	if (hand == NULL)
		return;
	told_in_hand_done(hand);
	(void)watch(NULL);
	munmap(hand->page, sizeof *hand->page);
	free(hand);
}

/* ---- taking ---- */

bool told_in_hand_take(struct told_in_hand *hand, const uint8_t mark[TOLD_IN_HAND_MARK_BYTES])
{
	if (hand == NULL)
		return true;
	struct page *page = hand->page;
	const struct suspect *suspect = suspect_of(page, mark);
	if (suspect != NULL && suspect->crashes >= TOLD_IN_HAND_CRASHES)
		return false;
	uint32_t count = atomic_load(&page->held_count);
	if (count < TOLD_IN_HAND_MAX) {
		memcpy(page->held[count], mark, MARK_BYTES);
		atomic_store(&page->held_count, count + 1);
	}
	return true;
}

/* Who sent what was there at a crash may be gone for good: nobody is to go slowly for ever. */
static void lose_patience(struct told_in_hand *hand)
{
	if (told_clock_now(&hand->log->clock).boot_ms - hand->open_boot_ms < TOLD_IN_HAND_PATIENCE_MS)
		return;
	for (size_t i = 0; i < SUSPECTS_MAX; i++)
		if (hand->page->suspects[i].crashes < TOLD_IN_HAND_CRASHES)
			hand->page->suspects[i].crashes = 0;
	count_open(hand);
}

static void clear(struct told_in_hand *hand, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct suspect *suspect = suspect_of(hand->page, hand->page->held[i]);
		if (suspect != NULL)
			suspect->crashes = 0;
	}
	count_open(hand);
}

void told_in_hand_done(struct told_in_hand *hand)
{
	if (hand == NULL)
		return;
	uint32_t count = atomic_exchange(&hand->page->held_count, 0);
	if (hand->open_count > 0)
		clear(hand, count);
	if (hand->open_count > 0)
		lose_patience(hand);
}

size_t told_in_hand_most(const struct told_in_hand *hand)
{
	return hand != NULL && hand->open_count > 0 ? 1 : TOLD_IN_HAND_MAX;
}
