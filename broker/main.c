/* SPDX-License-Identifier: Apache-2.0 */
/* told-broker DIR: opens the rooms in the order of the flow, runs the loop, closes them. What it opens is handed in,
 * nothing is global. */
#include "broker/base/file.h"
#include "broker/base/harden.h"
#include "broker/base/loop.h"
#include "broker/base/notify.h"
#include "broker/broker.h"
#include "broker/folder.h"
#include "broker/new_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURN_MAX_BYTES (256u * 1024u * 1024u) /* 256 messages of the largest size, decoded and ruled */

#define HIGH_WATER     512 /* above the most parcels in flight, so that answers always find room */

static told_wire_start *front_of(const struct told_broker_settings *s)
{
	return strcmp(s->front, "thread") == 0 ? told_wire_start_thread : told_wire_start_process;
}

/* The port is open: say so to the service manager, to whoever reads the folder, and to whoever watches. */
static void say_ready(void *ctx, struct told_bytes endpoint)
{
	const struct told_broker_settings *s = ctx;
	char path[PATH_MAX];
	struct told_buf line = TOLD_BUF(PATH_MAX);
	told_buf_put_bytes(&line, endpoint);
	told_buf_put_text(&line, "\n");
	if (!told_folder_path(path, s->dir, "endpoint") || told_file_write(path, told_buf_view(&line), 0644) != TOLD_OK)
		fprintf(stderr,
			"told-broker: the file \"endpoint\" could not be written; agents on this machine need it.\n");
	printf("told-broker: listening on %.*s\n", (int)endpoint.len, (const char *)endpoint.data);
	fflush(stdout);
	told_buf_free(&line);
	if (told_notify("READY=1") != TOLD_OK)
		fprintf(stderr, "told-broker: the service manager did not take READY=1.\n");
}

static enum told_status open_wire(struct told_broker *broker, const struct told_broker_settings *s,
				  const struct told_broker_keys *keys)
{
	struct told_wire_config config = {.endpoint = s->endpoint, .log = &broker->log, .high_water = HIGH_WATER};
	memcpy(config.secret_key, keys->of[TOLD_BROKER_KEY_SESSION].secret, sizeof config.secret_key);
	memcpy(broker->operator_session, keys->of[TOLD_BROKER_KEY_OPERATOR_SESSION].key, TOLD_KEY_BYTES);
	enum told_status status = told_wire_open(&config, front_of(s), &broker->wire);
	told_wipe(&config, sizeof config);
	return status;
}

/* ---- the rooms ---- */

static enum told_status open_rooms(struct told_broker *broker, const struct told_broker_settings *s,
				   struct told_log_ring *ring, const struct told_broker_keys *keys)
{
	char path[PATH_MAX];
	/* Signals, then the front: as a process it must be forked before any thread or database exists. */
	enum told_status status = told_signals_open(&broker->signal_fd);
	if (status == TOLD_OK)
		status = open_wire(broker, s, keys);
	if (status == TOLD_OK) {
		const struct told_record_config config = told_broker_record_config(s, ring, keys);
		status = told_record_open(&config, &broker->record);
	}
	if (status == TOLD_OK)
		status = told_folder_path(path, s->dir, "in-hand") ? TOLD_OK : TOLD_E_LIMIT;
	if (status == TOLD_OK)
		status = told_in_hand_open(path, &broker->log, &broker->hand);
	if (status == TOLD_OK)
		status = told_agencies_new(&broker->agencies);
	if (status == TOLD_OK)
		status = told_key_cache_new(&broker->verify.keys);
	if (status == TOLD_OK)
		status = told_arena_new(TURN_MAX_BYTES, &broker->arena);
	if (status != TOLD_OK)
		return status;
	broker->verify.directory = told_record_directory(broker->record);
	broker->verify.parties = told_record_parties(broker->record);
	broker->verify.partnership = told_text(s->partnership);
	broker->verify.enrolment_secret = keys->of[TOLD_BROKER_KEY_ENROLMENT].secret;
	broker->verify.seen = told_record_seen;
	broker->verify.seen_ctx = broker->record;
	return TOLD_OK;
}

static void close_rooms(struct told_broker *broker, struct told_log_ring *ring)
{
	told_arena_free(broker->arena);
	told_key_cache_free(broker->verify.keys);
	told_agencies_free(broker->agencies);
	if (told_wire_close(broker->wire) != TOLD_OK)
		fprintf(stderr, "told-broker: the front did not end in order.\n");
	told_record_close(broker->record);
	told_in_hand_close(broker->hand);
	told_log_ring_close(ring);
	if (broker->signal_fd >= 0)
		close(broker->signal_fd);
}

static int run(const char *dir)
{
	struct told_broker_settings s = {0};
	struct told_broker_keys keys = {0};
	struct told_log_ring ring = {.dir = s.dir};
	struct told_disk_folder folder = {s.dir};
	struct told_buf why = TOLD_BUF(4096);
	struct told_broker broker = {
		.clock = told_clock_system(),
		.signal_fd = -1,
		.ready = say_ready,
		.ready_ctx = &s,
		.log_keys = {.hear = told_folder_hear_log_keys, .ctx = &ring},
	};
	broker.log = (struct told_log){broker.clock, "told-broker", STDERR_FILENO, TOLD_LOG_INFO};
	enum told_status status = told_harden();
	if (status == TOLD_OK)
		status = told_broker_settings_read(dir, &s, &why);
	if (status == TOLD_OK)
		status = told_broker_keys_load(dir, &keys, &why);
	broker.quota_per_s = (uint32_t)strtoul(s.quota, NULL, 10);
	broker.dir = s.dir;
	broker.reserve = (struct told_reserve){
		.disk = told_disk_of(&folder),
		.low_bytes = (uint64_t)strtoul(s.disk_low, NULL, 10) << 20,
	};
	broker.witnessing.policy_path = s.policy;
	broker.witnessing.none = strcmp(s.quorum, "none") == 0;
	broker.witnessing.asked = (uint32_t)strtoul(s.quorum, NULL, 10);
	if (status == TOLD_OK)
		status = open_rooms(&broker, &s, &ring, &keys);
	if (status == TOLD_OK)
		status = told_broker_run(&broker);
	int code = status == TOLD_OK ? TOLD_EXIT_DONE : told_broker_explain(status, &s, &why);
	close_rooms(&broker, &ring);
	told_broker_keys_wipe(&keys);
	told_buf_free(&why);
	return code;
}

int main(int argc, char **argv)
{
	if (argc == 2 && argv[1][0] != '-')
		return run(argv[1]);
	if (argc == 3 && strcmp(argv[1], "--new-log") == 0 && argv[2][0] != '-')
		return told_broker_begin_log(argv[2]);
	bool help = argc == 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0);
	fprintf(help ? stdout : stderr,
		"told-broker DIR\n"
		"told-broker --new-log DIR\n\n"
		"Runs the broker of the folder DIR, made by `told init --broker DIR`, until it is told to stop.\n"
		"  told-broker /var/lib/told/northtown\n"
		"With --new-log: after a restore that lost entries, begins a new log that names the old one, and "
		"ends.\n"
		"See told-broker(8).\n");
	return help ? TOLD_EXIT_DONE : TOLD_EXIT_USAGE;
}
