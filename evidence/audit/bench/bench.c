/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit bench: makes a log and measures what an auditor does with it on this machine. Its clock is monotonic and
 * says nothing about evidence. */
#include "evidence/audit/base/audit.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/base/given.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/bench/bench_log.h"
#include "evidence/audit/prove/prover.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define ENTRIES UINT64_C(1000000)
#define PROOFS  10000u
#define SEED    UINT64_C(20261122)

static const char usage[] =
	"usage: told-audit bench [--entries N] [--json]\n"
	"\n"
	"  --entries N  how long a log to make, below TMPDIR (about 700 bytes an entry); 1000000 if not given\n"
	"  --json       the figures as one JSON object\n"
	"\n"
	"Measured: verify on the whole log, its peak memory at a tenth of the log and at the end, the evidence's\n"
	"share of appending an entry in a turn of 256, and a proof.\n";

/* Time that passed, and time of the processor: on a busy machine only the second says what the work costs. */
struct span {
	double wall_s, cpu_s;
};

struct bench {
	const struct told_audit_io *io;
	const char *entries_word;
	bool json;
	uint64_t entries;
	struct told_copy place;
	char policy[320], note[320];
	struct span verify, proofs;
	double append_us;
	long rss_tenth_kib, rss_kib;
};

static double clock_s(clockid_t clock)
{
	struct timespec now = {0};
	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct span now(void)
{
	return (struct span){clock_s(CLOCK_MONOTONIC), clock_s(CLOCK_PROCESS_CPUTIME_ID)};
}

static struct span since(struct span before)
{
	struct span here = now();
	return (struct span){here.wall_s - before.wall_s, here.cpu_s - before.cpu_s};
}

static long peak_kib(void)
{
	struct rusage used;
	return getrusage(RUSAGE_SELF, &used) == 0 ? used.ru_maxrss : 0;
}

/* The command itself, copy of the store included; what it prints goes nowhere. */
static int verify(struct bench *bench, struct span *took)
{
	FILE *nowhere = fopen("/dev/null", "we");
	if (nowhere == NULL)
		return TOLD_AUDIT_CONFIG;
	const struct told_audit_io io = {.out = nowhere, .err = bench->io->err, .now_ms = bench->io->now_ms};
	char store[] = "--store", policy[] = "--policy", against[] = "--against";
	char *args[] = {store, bench->place.db, policy, bench->policy, against, bench->note};
	struct span before = now();
	int code = told_audit_verify(sizeof args / sizeof args[0], args, &io);
	*took = since(before);
	fclose(nowhere);
	return code;
}

static enum told_status prove(struct bench *bench)
{
	struct told_source source;
	struct told_prover *prover = NULL;
	if (told_source_open_still(bench->place.db, NULL, bench->io, &source) != TOLD_AUDIT_GOOD)
		return TOLD_E_SYSTEM;
	enum told_status status = told_prover_new(&source, 1, &prover);
	uint64_t index = SEED, covered = bench->entries > TOLD_TURN_MAX ? bench->entries - TOLD_TURN_MAX : 1;
	struct span before = now();
	for (unsigned i = 0; status == TOLD_OK && i < PROOFS; i++) {
		struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
		index = index * UINT64_C(6364136223846793005) + 1442695040888963407u;
		status = told_prover_write(prover, (index >> 20) % covered, &proof);
		told_buf_free(&proof);
	}
	bench->proofs = since(before);
	told_prover_free(prover);
	told_source_close(&source);
	return status;
}

static double rate(double entries, double seconds)
{
	return seconds > 0 ? entries / seconds : 0;
}

static void show_json(const struct bench *bench)
{
	double entries = (double)bench->entries;
	fprintf(bench->io->out,
		"{\"entries\":%" PRIu64 ",\"verify_s\":%.3f,\"verify_cpu_s\":%.3f,\"entries_per_s\":%.0f,"
		"\"entries_per_cpu_s\":%.0f,\"peak_kib_at_a_tenth\":%ld,\"peak_kib\":%ld,\"append_us\":%.2f,"
		"\"prove_us\":%.1f,\"prove_cpu_us\":%.1f}\n",
		bench->entries, bench->verify.wall_s, bench->verify.cpu_s, rate(entries, bench->verify.wall_s),
		rate(entries, bench->verify.cpu_s), bench->rss_tenth_kib, bench->rss_kib, bench->append_us,
		bench->proofs.wall_s * 1e6 / PROOFS, bench->proofs.cpu_s * 1e6 / PROOFS);
}

static void show(const struct bench *bench)
{
	FILE *out = bench->io->out;
	double entries = (double)bench->entries;
	fprintf(out,
		"verify    %" PRIu64 " entries in %.2f s, %.2f s of them on the processor: %.0f and %.0f entries/s\n",
		bench->entries, bench->verify.wall_s, bench->verify.cpu_s, rate(entries, bench->verify.wall_s),
		rate(entries, bench->verify.cpu_s));
	fprintf(out, "memory    %.1f MiB at the most; %.1f MiB after a tenth of the log\n",
		(double)bench->rss_kib / 1024, (double)bench->rss_tenth_kib / 1024);
	fprintf(out, "append    %.2f us of evidence code an entry, in turns of %u\n", bench->append_us, TOLD_TURN_MAX);
	fprintf(out, "prove     %.1f us a proof, %.1f us of them on the processor, over %u of them\n",
		bench->proofs.wall_s * 1e6 / PROOFS, bench->proofs.cpu_s * 1e6 / PROOFS, PROOFS);
}

static int failed(const struct bench *bench, enum told_status status)
{
	return told_complain(bench->io->err, bench->place.dir, status, "The log needs room below TMPDIR.");
}

/* The log lies still on its disk before anything is timed: an auditor's does. */
static enum told_status settle(const struct bench *bench)
{
	int fd = open(bench->place.db, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum told_status status = fd >= 0 && fsync(fd) == 0 ? TOLD_OK : TOLD_E_SYSTEM;
	if (fd >= 0)
		close(fd);
	return status;
}

static int run(struct bench *bench)
{
	struct told_bench_log *log = NULL;
	struct span tenth;
	snprintf(bench->policy, sizeof bench->policy, "%s/policy", bench->place.dir);
	snprintf(bench->note, sizeof bench->note, "%s/note", bench->place.dir);
	enum told_status status = told_bench_log_new(bench->place.db, bench->policy, SEED, &log);
	if (status == TOLD_OK)
		status = told_bench_log_grow(log, bench->entries / 10 + 1, bench->note);
	int code = status == TOLD_OK ? verify(bench, &tenth) : failed(bench, status);
	bench->rss_tenth_kib = peak_kib();
	if (code == TOLD_AUDIT_GOOD)
		status = told_bench_log_grow(log, bench->entries, bench->note);
	if (log != NULL)
		bench->append_us = (double)told_bench_log_ns(log) / 1e3 / (double)bench->entries;
	told_bench_log_free(log);
	if (code == TOLD_AUDIT_GOOD && status == TOLD_OK)
		status = settle(bench);
	if (code == TOLD_AUDIT_GOOD && status == TOLD_OK)
		code = verify(bench, &bench->verify);
	bench->rss_kib = peak_kib();
	if (code == TOLD_AUDIT_GOOD && status == TOLD_OK)
		status = prove(bench);
	return code == TOLD_AUDIT_GOOD && status != TOLD_OK ? failed(bench, status) : code;
}

static int read_arguments(struct bench *bench, int argc, char **args)
{
	const struct told_option options[] = {
		{"--entries", TOLD_OPTION_VALUE, false, &bench->entries_word},
		{"--json", TOLD_OPTION_FLAG, false, &bench->json},
	};
	bench->entries = ENTRIES;
	bool good =
		told_options_read(argc, args, options, sizeof options / sizeof options[0], bench->io->err) == TOLD_OK;
	if (good && bench->entries_word != NULL &&
	    (told_decimal(told_text(bench->entries_word), 100 * ENTRIES, &bench->entries) != TOLD_OK ||
	     bench->entries < 2 * TOLD_TURN_MAX)) {
		fputs("told-audit: --entries takes a number from 512 to 100000000\n", bench->io->err);
		good = false;
	}
	if (good)
		return TOLD_AUDIT_GOOD;
	fputs("Try: told-audit bench --help\n", bench->io->err);
	return TOLD_AUDIT_WRONG_USE;
}

int told_audit_bench(int argc, char **args, const struct told_audit_io *io)
{
	struct bench bench = {.io = io};
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	int code = read_arguments(&bench, argc, args);
	if (code != TOLD_AUDIT_GOOD)
		return code;
	enum told_status status = told_copy_empty(&bench.place);
	if (status != TOLD_OK)
		return failed(&bench, status);
	code = run(&bench);
	unlink(bench.policy);
	unlink(bench.note);
	told_copy_remove(&bench.place);
	if (code == TOLD_AUDIT_GOOD && bench.json)
		show_json(&bench);
	else if (code == TOLD_AUDIT_GOOD)
		show(&bench);
	return code;
}
