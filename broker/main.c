/* SPDX-License-Identifier: Apache-2.0 */
/* told-broker DIR: opens the rooms in the order of the flow, runs the loop, closes them. The one place that knows where
 * the files of a broker lie; what it opens is handed in, nothing is global. */
#include "agents/keys/keys.h"
#include "agents/keys/log_ring.h"
#include "agents/keys/log_say.h"
#include "agents/keys/partnership.h"
#include "agents/keys/settings.h"
#include "broker/base/file.h"
#include "broker/base/harden.h"
#include "broker/base/loop.h"
#include "broker/base/notify.h"
#include "broker/broker.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURN_MAX_BYTES   (256u * 1024u * 1024u) /* 256 messages of the largest size, decoded and ruled */

#define OFFERS_MAX_BYTES (1u << 20) /* one short message a key */

#define HIGH_WATER       512 /* above the most parcels in flight, so that answers always find room */

/* Exit codes of design section 3. */
enum { EXIT_DONE = 0, EXIT_CHECK = 1, EXIT_USAGE = 2, EXIT_STORE = 5, EXIT_CONFIG = 6 };

struct settings {
	char dir[PATH_MAX];
	char partnership[TOLD_NAME_MAX_BYTES + 1];
	char endpoint[PATH_MAX];
	char anchor[PATH_MAX];
	char policy[PATH_MAX];
	char quota[16];
	char quorum[16];   /* witnesses that make a quorum; "majority" or "none" */
	char front[16];    /* "process" or "thread" */
	char backups[128]; /* what the operator says of them; stands in each erasure's last entry */
};

static bool join(char out[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s%s%s", name[0] == '/' ? "" : dir, name[0] == '/' ? "" : "/", name);
	return n > 0 && n < PATH_MAX;
}

static enum told_status read_settings(const char *dir, struct settings *s, struct told_buf *why)
{
	char path[PATH_MAX], anchor[PATH_MAX] = "anchor";
	*s = (struct settings){.quota = "0", .quorum = "majority", .front = "process"};
	const struct told_setting rows[] = {
		{"partnership", s->partnership, sizeof s->partnership, true},
		{"endpoint", s->endpoint, sizeof s->endpoint, true},
		{"anchor", anchor, sizeof anchor, false},
		{"quota_per_second", s->quota, sizeof s->quota, false},
		{"witness_quorum", s->quorum, sizeof s->quorum, false},
		{"front", s->front, sizeof s->front, false},
		{"backups", s->backups, sizeof s->backups, false},
	};
	snprintf(s->dir, sizeof s->dir, "%s", dir);
	if (!join(path, dir, "broker.yaml") || !join(s->policy, dir, "policy"))
		return TOLD_E_LIMIT;
	enum told_status status = told_settings_read(path, rows, sizeof rows / sizeof rows[0], why);
	return status == TOLD_OK && !join(s->anchor, dir, anchor) ? TOLD_E_LIMIT : status;
}

static told_wire_start *front_of(const struct settings *s)
{
	return strcmp(s->front, "thread") == 0 ? told_wire_start_thread : told_wire_start_process;
}

/* The port is open: say so to the service manager, to whoever reads the folder, and to whoever watches. */
static void say_ready(void *ctx, struct told_bytes endpoint)
{
	const struct settings *s = ctx;
	char path[PATH_MAX];
	struct told_buf line = TOLD_BUF(PATH_MAX);
	told_buf_put_bytes(&line, endpoint);
	told_buf_put_text(&line, "\n");
	if (!join(path, s->dir, "endpoint") || told_file_write(path, told_buf_view(&line), 0644) != TOLD_OK)
		fprintf(stderr,
			"told-broker: the file \"endpoint\" could not be written; agents on this machine need it.\n");
	printf("told-broker: listening on %.*s\n", (int)endpoint.len, (const char *)endpoint.data);
	fflush(stdout);
	told_buf_free(&line);
	if (told_notify("READY=1") != TOLD_OK)
		fprintf(stderr, "told-broker: the service manager did not take READY=1.\n");
}

static enum told_status open_wire(struct told_broker *broker, const struct settings *s,
				  const struct told_broker_keys *keys)
{
	struct told_wire_config config = {.endpoint = s->endpoint, .log = &broker->log, .high_water = HIGH_WATER};
	memcpy(config.secret_key, keys->of[TOLD_BROKER_KEY_SESSION].secret, sizeof config.secret_key);
	memcpy(broker->operator_session, keys->of[TOLD_BROKER_KEY_OPERATOR_SESSION].key, TOLD_KEY_BYTES);
	enum told_status status = told_wire_open(&config, front_of(s), &broker->wire);
	told_wipe(&config, sizeof config);
	return status;
}

/* ---- the keys of the log ---- */

static enum told_status log_signer(void *ctx, const uint8_t key[TOLD_KEY_BYTES], struct told_signer **out)
{
	return told_log_ring_signer(ctx, key, out);
}

static enum told_status put_vkey(struct told_bytes origin, const uint8_t key[TOLD_KEY_BYTES],
				 char out[TOLD_VKEY_MAX_BYTES])
{
	struct told_vkey vkey;
	struct told_buf text = TOLD_BUF(TOLD_VKEY_MAX_BYTES - 1);
	told_vkey_make(origin, TOLD_NOTE_ED25519, key, &vkey);
	told_vkey_format(&vkey, &text);
	memset(out, 0, TOLD_VKEY_MAX_BYTES);
	if (text.status == TOLD_OK)
		memcpy(out, text.data, text.len);
	enum told_status status = text.status;
	told_buf_free(&text);
	return status;
}

/* Who joins from now on is given the newest key, and those before it as what they are. */
static enum told_status rewrite_partnership(const char *dir, struct told_bytes origin,
					    const struct told_record_log_key *keys, size_t count)
{
	char path[PATH_MAX];
	struct told_partnership old, fresh;
	if (!join(path, dir, "partnership.json"))
		return TOLD_E_LIMIT;
	enum told_status status = told_partnership_read(path, &old, NULL);
	fresh = old;
	fresh.log_keys_before = count - 1;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = put_vkey(origin, keys[i].key, i + 1 < count ? fresh.log_vkeys_before[i] : fresh.log_vkey);
	if (status != TOLD_OK || memcmp(&old, &fresh, sizeof old) == 0)
		return status;
	return told_partnership_write(path, &fresh);
}

static enum told_status hear_log_keys(void *ctx, struct told_bytes origin, const struct told_record_log_key *keys,
				      size_t count)
{
	struct told_log_ring *ring = ctx;
	enum told_status status = rewrite_partnership(ring->dir, origin, keys, count);
	for (size_t i = 0; status == TOLD_OK && i + 1 < count; i++)
		if (keys[i].last_size != TOLD_WHOLE_LOG)
			status = told_log_ring_destroy(ring, keys[i].key);
	return status;
}

/* ---- the rooms ---- */

static struct told_record_config record_config(const struct settings *s, struct told_log_ring *ring,
					       const struct told_broker_keys *keys)
{
	struct told_record_config config = {
		.dir = s->dir,
		.anchor = s->anchor,
		.partnership = told_text(s->partnership),
		.signer_of = log_signer,
		.signer_ctx = ring,
		.segment_bytes = TOLD_SEGMENT_BYTES,
		.backups = s->backups,
	};
	memcpy(config.log_key, keys->of[TOLD_BROKER_KEY_LOG].key, TOLD_KEY_BYTES);
	memcpy(config.operator_key, keys->of[TOLD_BROKER_KEY_OPERATOR].key, TOLD_KEY_BYTES);
	return config;
}

static enum told_status open_rooms(struct told_broker *broker, const struct settings *s, struct told_log_ring *ring,
				   const struct told_broker_keys *keys)
{
	/* Signals, then the front: as a process it must be forked before any thread or database exists. */
	enum told_status status = told_signals_open(&broker->signal_fd);
	if (status == TOLD_OK)
		status = open_wire(broker, s, keys);
	if (status == TOLD_OK) {
		const struct told_record_config config = record_config(s, ring, keys);
		status = told_record_open(&config, &broker->record);
	}
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
	told_log_ring_close(ring);
	if (broker->signal_fd >= 0)
		close(broker->signal_fd);
}

static int explain(enum told_status status, const struct settings *s, struct told_buf *why)
{
	const char *fix =
		status == TOLD_E_IN_USE
			? "another broker uses this folder or this port; stop it, or choose another endpoint"
		: status == TOLD_E_FORK
			? "The store is shorter than its anchor, or another one: entries that were signed are "
			  "not in it. Look for the newest store first. If this is the best that there is, "
			  "told-broker --new-log begins a new log that names what was lost; see told-broker(8), "
			  "RESTORE"
			: "see told-broker(8)";
	const char *text = told_buf_cstr(why);
	fprintf(stderr, "told-broker: %s: %s. %s%s%s.\n", s->dir, told_status_text(status), text != NULL ? text : "",
		text != NULL && text[0] != '\0' ? " " : "", fix);
	if (status == TOLD_E_FORK || status == TOLD_E_CORRUPT)
		return EXIT_STORE;
	return EXIT_CONFIG;
}

/* ---- after a restore that lost entries ---- */

static int say_begun(enum told_status status, const struct settings *s, const struct told_new_log *begun)
{
	if (status == TOLD_E_EXISTS) {
		fprintf(stderr, "told-broker: %s: nothing was lost: the log goes on as it is. Start the broker.\n",
			s->dir);
		return EXIT_CHECK;
	}
	if (status == TOLD_E_FORK) {
		fprintf(stderr,
			"told-broker: %s: this store is no shorter copy of what was anchored, or it is from before the "
			"newest log began. Restore a backup of this broker that was made after that.\n",
			s->dir);
		return EXIT_STORE;
	}
	if (status == TOLD_E_KEY) {
		fprintf(stderr,
			"told-broker: %s: the last checkpoint was signed by a key of the log that neither this store "
			"nor "
			"keys/ has.\nThe store is from before that key came. Put its file back (keys/log-%u, or a "
			"later "
			"number) from wherever you keep\ncopies of keys, then say --new-log again. Without it nothing "
			"can "
			"be signed that agencies believe: if no copy\nis left, look for a newer backup of the store, "
			"which knows its keys, or found the partnership anew (told init).\n",
			s->dir, begun->log_key);
		return EXIT_STORE;
	}
	printf("told-broker: log %s/%llu begins. Of %s/%llu, %llu of %llu entries are here; %llu are lost.\n"
	       "Start the broker. Each agency's lead must accept the new log once (told log accept); then its agent "
	       "offers again\nwhat was lost.\n",
	       s->partnership, (unsigned long long)begun->number, s->partnership, (unsigned long long)begun->number - 1,
	       (unsigned long long)begun->size_restored, (unsigned long long)begun->old_size,
	       (unsigned long long)(begun->old_size - begun->size_restored));
	if (begun->log_key > 0)
		printf("What was lost had made key %u the log's newest; its file was here, and the new log says it "
		       "again.\n"
		       "If an older key was ended since (told partner log-key retire --now), say that again once the "
		       "broker "
		       "runs.\n",
		       (unsigned)begun->log_key);
	if (begun->key_is_gone)
		printf("The old log had a newer key whose file is not in keys/. Agencies that know it believe the one "
		       "that "
		       "signs now\nfor 30 days from that rotation only: give the log a new key today (told partner "
		       "log-key rotate).\n");
	return EXIT_DONE;
}

/* Every later key of the log whose file is here, with the message that says it again, should it be needed. */
static enum told_status offer_log_keys(const struct settings *s, const struct told_broker_keys *keys, uint64_t now_ms,
				       struct told_arena *arena, struct told_log_key_offers *out)
{
	enum told_status status = TOLD_OK;
	for (uint32_t number = 2; status == TOLD_OK && number <= TOLD_LOG_KEYS_MAX; number++) {
		struct told_keypair pair;
		struct told_log_key_offer *offer = &out->rows[out->count];
		status = told_broker_key_load(s->dir, TOLD_BROKER_KEY_LOG, number, &pair);
		if (status == TOLD_E_NOT_FOUND) {
			status = TOLD_OK;
			continue;
		}
		if (status == TOLD_OK)
			status = told_log_key_say(&keys->of[TOLD_BROKER_KEY_OPERATOR], told_text(s->partnership), &pair,
						  number, now_ms, arena, &offer->envelope, &offer->body);
		offer->number = number;
		memcpy(offer->key, pair.key, sizeof offer->key);
		out->count += status == TOLD_OK;
		told_wipe(&pair, sizeof pair);
	}
	return status;
}

static int begin_log(const char *dir)
{
	struct settings s;
	struct told_broker_keys keys = {0};
	struct told_log_ring ring = {.dir = s.dir};
	struct told_buf why = TOLD_BUF(4096);
	struct told_new_log begun = {0};
	struct told_log_key_offers offers = {0};
	struct told_arena *arena = NULL;
	const struct told_clock clock = told_clock_system();
	int64_t now_ms = told_clock_now(&clock).wall_ms;
	enum told_status status = told_harden();
	if (status == TOLD_OK)
		status = read_settings(dir, &s, &why);
	if (status == TOLD_OK)
		status = told_broker_keys_load(dir, &keys, &why);
	if (status == TOLD_OK)
		status = told_arena_new(OFFERS_MAX_BYTES, &arena);
	if (status == TOLD_OK)
		status = offer_log_keys(&s, &keys, (uint64_t)now_ms, arena, &offers);
	if (status == TOLD_OK) {
		const struct told_record_config config = record_config(&s, &ring, &keys);
		status = told_record_begin_log(&config, &offers, now_ms, &begun);
	}
	bool said = status == TOLD_OK || status == TOLD_E_EXISTS || status == TOLD_E_FORK ||
		    (status == TOLD_E_KEY && begun.log_key > 0);
	int code = said ? say_begun(status, &s, &begun) : explain(status, &s, &why);
	told_log_ring_close(&ring);
	told_broker_keys_wipe(&keys);
	told_arena_free(arena);
	told_buf_free(&why);
	return code;
}

static int run(const char *dir)
{
	struct settings s;
	struct told_broker_keys keys = {0};
	struct told_log_ring ring = {.dir = s.dir};
	struct told_buf why = TOLD_BUF(4096);
	struct told_broker broker = {
		.clock = told_clock_system(),
		.signal_fd = -1,
		.ready = say_ready,
		.ready_ctx = &s,
		.log_keys = {.hear = hear_log_keys, .ctx = &ring},
	};
	broker.log = (struct told_log){broker.clock, "told-broker", STDERR_FILENO, TOLD_LOG_INFO};
	enum told_status status = told_harden();
	if (status == TOLD_OK)
		status = read_settings(dir, &s, &why);
	if (status == TOLD_OK)
		status = told_broker_keys_load(dir, &keys, &why);
	broker.quota_per_s = (uint32_t)strtoul(s.quota, NULL, 10);
	broker.dir = s.dir;
	broker.witnessing.policy_path = s.policy;
	broker.witnessing.none = strcmp(s.quorum, "none") == 0;
	broker.witnessing.asked = (uint32_t)strtoul(s.quorum, NULL, 10);
	if (status == TOLD_OK)
		status = open_rooms(&broker, &s, &ring, &keys);
	if (status == TOLD_OK)
		status = told_broker_run(&broker);
	int code = status == TOLD_OK ? EXIT_DONE : explain(status, &s, &why);
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
		return begin_log(argv[2]);
	bool help = argc == 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0);
	fprintf(help ? stdout : stderr,
		"told-broker DIR\n"
		"told-broker --new-log DIR\n\n"
		"Runs the broker of the folder DIR, made by `told init --broker DIR`, until it is told to stop.\n"
		"  told-broker /var/lib/told/northtown\n"
		"With --new-log: after a restore that lost entries, begins a new log that names the old one, and "
		"ends.\n"
		"See told-broker(8).\n");
	return help ? EXIT_DONE : EXIT_USAGE;
}
