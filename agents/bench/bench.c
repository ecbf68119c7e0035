/* SPDX-License-Identifier: Apache-2.0 */
/* `told bench`: makes the world, runs the two ends as processes, prints what it cost, has the log verified. */
#include "agents/bench/bench.h"

#include "agents/bench/peers.h"
#include "broker/base/file.h"
#include "broker/base/loop.h"

#include <fcntl.h>
#include <ftw.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define FSYNC_SAMPLES 200

/* Shared with the two ends: what they found out. */
struct shared {
	struct bench_result sender, consumer;
	uint64_t latencies_ns[];
};

struct report {
	double seconds, per_s, p50_ms, p99_ms, fsync_p50_us, fsync_p99_us;
	double cpu_us[3]; /* a message: sender, broker, consumer */
	long peak_kib[3];
	int verified; /* exit code of told-audit; -1: it could not be run */
};

struct options {
	struct bench_load load;
	uint32_t people;
	const char *dir, *json;
	bool keep;
};

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static double percentile(uint64_t *values, size_t count, double share)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof values[0], by_size);
	return (double)values[(size_t)((double)(count - 1) * share)];
}

/* What one durable write of a page costs here, without which no throughput means anything. */
static void measure_fsync(const char *dir, struct report *report)
{
	char path[PATH_MAX], page[4096] = {0};
	uint64_t samples[FSYNC_SAMPLES];
	size_t count = 0;
	snprintf(path, sizeof path, "%.4000s/fsync", dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (size_t i = 0; fd >= 0 && i < FSYNC_SAMPLES; i++) {
		uint64_t began = bench_now_ns();
		if (write(fd, page, sizeof page) != (ssize_t)sizeof page || fdatasync(fd) != 0)
			break;
		samples[count++] = bench_now_ns() - began;
	}
	report->fsync_p50_us = percentile(samples, count, 0.5) / 1e3;
	report->fsync_p99_us = percentile(samples, count, 0.99) / 1e3;
	if (fd >= 0)
		close(fd);
	unlink(path);
}

static pid_t fork_end(struct bench_world *world, const struct options *o, struct shared *shared, int ready)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	if (ready >= 0)
		bench_consume(world, &o->load, ready, shared->latencies_ns, &shared->consumer);
	else
		bench_send(world, &o->load, &shared->sender);
	_exit(0);
}

static void reap(pid_t pid, struct report *report, size_t which, uint32_t messages)
{
	struct rusage used;
	if (pid <= 0 || wait4(pid, NULL, 0, &used) != pid)
		return;
	double us = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
		    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
	report->cpu_us[which] = us / messages;
	report->peak_kib[which] = used.ru_maxrss;
}

static int verify(const struct bench_world *world)
{
	char self[PATH_MAX - 16], path[PATH_MAX], store[PATH_MAX], policy[PATH_MAX], anchor[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n < 0)
		return -1;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	snprintf(path, sizeof path, "%s/told-audit", self);
	snprintf(store, sizeof store, "%.4000s/told.db", world->broker_dir);
	snprintf(policy, sizeof policy, "%.4000s/policy", world->broker_dir);
	snprintf(anchor, sizeof anchor, "%.4000s/checkpoint", world->dir);
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execl(path, path, "verify", "--store", store, "--policy", policy, "--against", anchor, (char *)NULL);
		_exit(127);
	}
	int status = 0;
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return -1;
	return WEXITSTATUS(status);
}

static enum told_status ignore(void *ctx, const struct told_client_event *event)
{
	(void)ctx, (void)event;
	return TOLD_OK;
}

/* An anchor for told-audit from outside the store: the checkpoint that the broker's anchor file holds is the store's
 * own, so the bench keeps the note that an agency checked. */
static enum told_status keep_checkpoint(struct bench_world *world)
{
	char path[PATH_MAX];
	struct told_client *client = NULL;
	enum told_status status = bench_connect(world, &world->sender, NULL, NULL, &client);
	for (int64_t deadline = bench_boot_ms() + 5000; status == TOLD_OK && bench_boot_ms() < deadline;) {
		status = told_client_pump(client, bench_wall_ms(), bench_boot_ms(), ignore, NULL);
		if (told_client_ready(client))
			break;
		if (status == TOLD_OK && told_poll_one(told_client_fd(client), POLLIN, 20) == TOLD_E_SYSTEM)
			status = TOLD_E_SYSTEM;
	}
	snprintf(path, sizeof path, "%.4000s/checkpoint", world->dir);
	if (status == TOLD_OK)
		status = told_file_write(path, told_client_checkpoint(client, NULL, NULL), 0600);
	told_client_close(client);
	return status;
}

static enum told_status run(struct bench_world *world, const struct options *o, struct shared *shared,
			    struct report *report)
{
	int ready[2];
	char byte;
	if (pipe(ready) != 0)
		return TOLD_E_SYSTEM;
	pid_t consumer = fork_end(world, o, shared, ready[1]);
	enum told_status status = told_poll_one(ready[0], POLLIN, 20000);
	if (status == TOLD_OK && read(ready[0], &byte, 1) != 1)
		status = TOLD_E_SYSTEM;
	pid_t sender = status == TOLD_OK ? fork_end(world, o, shared, -1) : -1;
	if (status != TOLD_OK)
		kill(consumer, SIGKILL);
	reap(sender, report, 0, o->load.messages);
	reap(consumer, report, 2, o->load.messages);
	if (status == TOLD_OK)
		status = keep_checkpoint(world);
	kill(world->broker, SIGTERM);
	reap(world->broker, report, 1, o->load.messages);
	world->broker = 0;
	close(ready[0]);
	close(ready[1]);
	if (status == TOLD_OK)
		status = shared->sender.status != TOLD_OK ? shared->sender.status : shared->consumer.status;
	return status;
}

static void sum_up(const struct options *o, struct shared *shared, struct report *report)
{
	report->seconds = (double)(shared->consumer.end_ns - shared->sender.begin_ns) / 1e9;
	report->per_s = report->seconds > 0 ? o->load.messages / report->seconds : 0;
	report->p50_ms = percentile(shared->latencies_ns, shared->consumer.latency_count, 0.5) / 1e6;
	report->p99_ms = percentile(shared->latencies_ns, shared->consumer.latency_count, 0.99) / 1e6;
}

static void print_text(const struct options *o, const struct shared *s, const struct report *r)
{
	printf("%u messages of %u bytes, sealed, signed in batches of %u, ruled twice, logged, delivered and "
	       "acknowledged\n"
	       "consumer: %s; received once: %u, more than once: %u\n\n",
	       o->load.messages, o->load.size, o->load.batch, o->load.durable ? "durable" : "light", s->consumer.done,
	       s->consumer.twice);
	printf("  throughput, end to end   %10.0f messages a second (%.2f s)\n", r->per_s, r->seconds);
	printf("  latency                  %10.1f ms p50, %.1f ms p99 (with everything in flight that the session "
	       "allows)\n",
	       r->p50_ms, r->p99_ms);
	printf("  one durable page here    %10.0f us p50, %.0f us p99\n", r->fsync_p50_us, r->fsync_p99_us);
	printf("  CPU a message            %10.1f us sender, %.1f us broker, %.1f us consumer\n", r->cpu_us[0],
	       r->cpu_us[1], r->cpu_us[2]);
	printf("  sealing and signing      %10.1f us a message\n", (double)s->sender.seal_ns / 1e3 / o->load.messages);
	printf("  peak memory              %10ld KiB sender, %ld KiB broker, %ld KiB consumer\n", r->peak_kib[0],
	       r->peak_kib[1], r->peak_kib[2]);
	printf("  log                      %10s\n", r->verified == 0 ? "verified" : "NOT verified");
}

static void print_json(FILE *out, const struct options *o, const struct shared *s, const struct report *r)
{
	fprintf(out,
		"{\"messages\": %u, \"size_bytes\": %u, \"batch\": %u, \"people\": %u, \"consumer\": \"%s\", "
		"\"received\": %u,"
		" \"received_twice\": %u, \"seconds\": %.3f, \"per_second\": %.0f, \"latency_ms\": {\"p50\": %.2f, "
		"\"p99\": %.2f},"
		" \"fsync_us\": {\"p50\": %.0f, \"p99\": %.0f}, \"cpu_us\": {\"sender\": %.1f, \"broker\": %.1f, "
		"\"consumer\": %.1f},"
		" \"peak_kib\": {\"sender\": %ld, \"broker\": %ld, \"consumer\": %ld}, \"log_verified\": %s}\n",
		o->load.messages, o->load.size, o->load.batch, o->people, o->load.durable ? "durable" : "light",
		s->consumer.done, s->consumer.twice, r->seconds, r->per_s, r->p50_ms, r->p99_ms, r->fsync_p50_us,
		r->fsync_p99_us, r->cpu_us[0], r->cpu_us[1], r->cpu_us[2], r->peak_kib[0], r->peak_kib[1],
		r->peak_kib[2], r->verified == 0 ? "true" : "false");
}

static int usage(FILE *out)
{
	fprintf(out, "told bench [--messages N] [--size BYTES] [--people N] [--batch N] [--consumer light|durable]\n"
		     "           [--dir DIR] [--keep] [--json FILE]\n\n"
		     "  told bench\n"
		     "  told bench --messages 100000 --consumer durable --json -\n\n"
		     "Sends signed, sealed messages through a real broker to a consumer that acknowledges them, and "
		     "says what\n"
		     "that costs. Everything happens on this machine, in a fresh folder that is removed afterwards.\n");
	return out == stdout ? 0 : 2;
}

static bool number(const char *text, uint32_t least, uint32_t most, uint32_t *out)
{
	uint64_t value = 0;
	if (told_decimal(told_text(text), most, &value) != TOLD_OK || value < least)
		return false;
	*out = (uint32_t)value;
	return true;
}

/* 0: go on; 1: usage was asked for; 2: wrong. */
static int read_options(int argc, char **argv, struct options *o)
{
	static const struct option rows[] = {
		{"messages", required_argument, NULL, 'm'}, {"size", required_argument, NULL, 's'},
		{"people", required_argument, NULL, 'p'},   {"batch", required_argument, NULL, 'b'},
		{"consumer", required_argument, NULL, 'c'}, {"dir", required_argument, NULL, 'd'},
		{"keep", no_argument, NULL, 'k'},           {"json", required_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
	};
	bool good = true;
	optind = 1;
	for (int c; good && (c = getopt_long(argc, argv, "h", rows, NULL)) != -1;) {
		switch (c) {
		case 'm': good = number(optarg, 1, 10000000, &o->load.messages); break;
		case 's': good = number(optarg, 8, 65536, &o->load.size); break;
		case 'p': good = number(optarg, 1, BENCH_PEOPLE_MAX, &o->people); break;
		case 'b': good = number(optarg, 1, TOLD_BATCH_MAX, &o->load.batch); break;
		case 'c':
			o->load.durable = strcmp(optarg, "durable") == 0;
			good = o->load.durable || strcmp(optarg, "light") == 0;
			break;
		case 'd': o->dir = optarg; break;
		case 'k': o->keep = true; break;
		case 'j': o->json = optarg; break;
		case 'h': return 1;
		default: good = false;
		}
	}
	return good && optind == argc ? 0 : 2;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static int bench(struct bench_world *world, const struct options *o)
{
	struct report report = {.verified = -1};
	size_t bytes = sizeof(struct shared) + o->load.messages * sizeof(uint64_t);
	struct shared *shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 6;
	measure_fsync(world->dir, &report);
	enum told_status status = bench_world_make(world);
	if (status == TOLD_OK)
		status = run(world, o, shared, &report);
	if (status == TOLD_OK)
		report.verified = verify(world);
	bench_world_free(world);
	sum_up(o, shared, &report);
	if (status != TOLD_OK)
		fprintf(stderr, "told bench: %s. The folder of the run is %s.\n", told_status_text(status), world->dir);
	FILE *json = o->json == NULL ? NULL : strcmp(o->json, "-") == 0 ? stdout : fopen(o->json, "w");
	if (status == TOLD_OK && json != stdout)
		print_text(o, shared, &report);
	if (status == TOLD_OK && json != NULL)
		print_json(json, o, shared, &report);
	if (json != NULL && json != stdout)
		fclose(json);
	munmap(shared, bytes);
	return status != TOLD_OK ? 3 : report.verified == 0 ? 0 : 5;
}

int told_bench_main(int argc, char **argv)
{
	struct options o = {.load = {.messages = 20000, .size = 1024, .batch = 64}, .people = 100};
	struct bench_world *world = calloc(1, sizeof *world);
	int wrong = read_options(argc, argv, &o);
	if (wrong != 0 || world == NULL) {
		free(world);
		return usage(wrong == 1 ? stdout : stderr);
	}
	world->people = o.people;
	snprintf(world->dir, sizeof world->dir, "%s", o.dir != NULL ? o.dir : "/tmp/told-bench-XXXXXX");
	if (o.dir == NULL && mkdtemp(world->dir) == NULL) {
		fprintf(stderr, "told bench: no folder could be made under /tmp; give one with --dir.\n");
		free(world);
		return 6;
	}
	int code = bench(world, &o);
	if (!o.keep && o.dir == NULL)
		nftw(world->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(world);
	return code;
}
