/* SPDX-License-Identifier: Apache-2.0 */
/* Making the bench's world, the way an operator and two agencies make theirs. */
#include "agents/bench/world.h"

#include "agents/keys/init.h"
#include "broker/base/clock.h"
#include "broker/base/file.h"
#include "broker/base/loop.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_MS 10000 /* a broker that has not opened its port by then will not */
#define REPLY_MS 20000
#define YEAR_MS  (365 * TOLD_MS_DAY)

extern char **environ;

int64_t bench_wall_ms(void)
{
	struct told_clock clock = told_clock_system();
	return told_clock_now(&clock).wall_ms;
}

int64_t bench_boot_ms(void)
{
	struct told_clock clock = told_clock_system();
	return told_clock_now(&clock).boot_ms;
}

uint64_t bench_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* ---- folders and the broker process ---- */

static enum told_status party_make(struct bench_world *world, struct bench_party *party, const char *name)
{
	char dir[PATH_MAX];
	party->name = name;
	if (snprintf(dir, sizeof dir, "%.4000s/%s", world->dir, name) >= (int)sizeof dir)
		return TOLD_E_LIMIT;
	enum told_status status = told_dir_make(dir);
	if (status == TOLD_OK)
		status = told_keys_make(dir);
	if (status == TOLD_OK)
		status = told_keys_load(dir, &party->keys, NULL);
	if (status == TOLD_OK)
		status = told_signer_new(party->keys.of[TOLD_AGENCY_KEY_IDENTITY].secret, &party->identity);
	if (status == TOLD_OK)
		status = told_signer_new(party->keys.of[TOLD_AGENCY_KEY_SIGNING].secret, &party->signing);
	return status == TOLD_OK ? told_random(party->epoch, sizeof party->epoch) : status;
}

static enum told_status broker_path(const struct bench_world *world, char path[PATH_MAX])
{
	char self[PATH_MAX - 16];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n < 0)
		return TOLD_E_SYSTEM;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	n = snprintf(path, PATH_MAX, "%s/told-broker", world->bin != NULL ? world->bin : self);
	return n < PATH_MAX ? TOLD_OK : TOLD_E_LIMIT;
}

/* Its first line of output names the port. */
enum told_status bench_broker_start(struct bench_world *world)
{
	char path[PATH_MAX], line[512] = "";
	int out[2];
	if (broker_path(world, path) != TOLD_OK || pipe2(out, O_CLOEXEC) != 0)
		return TOLD_E_SYSTEM;
	char *argv[] = {path, world->broker_dir, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	int failed = posix_spawn(&world->broker, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	enum told_status status = failed != 0 ? TOLD_E_SYSTEM : told_poll_one(out[0], POLLIN, READY_MS);
	if (status == TOLD_OK && read(out[0], line, sizeof line - 1) <= 0)
		status = TOLD_E_UNREACHABLE;
	if (status == TOLD_OK && sscanf(line, "told-broker: listening on %255s", world->endpoint) != 1)
		status = TOLD_E_UNREACHABLE;
	close(out[0]);
	return status;
}

/* ---- one conversation: send, wait for the receipts ---- */

struct talk {
	size_t waiting;
	enum told_status status;
};

static enum told_status heard(void *ctx, const struct told_client_event *event)
{
	struct talk *talk = ctx;
	if (event->kind == TOLD_CLIENT_ANSWER && talk->waiting > 0) {
		talk->waiting--;
		if (event->answer.outcome != TOLD_ANSWER_ACCEPTED)
			talk->status = TOLD_E_REFUSED;
	}
	if (event->kind == TOLD_CLIENT_FAULT)
		talk->status = event->status;
	return TOLD_OK;
}

static enum told_status pump(struct told_client *client, struct talk *talk)
{
	int64_t wait_ms = told_client_timeout_ms(client, bench_boot_ms());
	enum told_status status =
		told_poll_one(told_client_fd(client), POLLIN, wait_ms < 0 || wait_ms > 50 ? 50 : wait_ms);
	if (status == TOLD_E_TIMEOUT)
		status = TOLD_OK;
	if (status == TOLD_OK)
		status = told_client_pump(client, bench_wall_ms(), bench_boot_ms(), heard, talk);
	if (status == TOLD_OK)
		status = told_client_confirm(client, bench_wall_ms(), bench_boot_ms());
	return status == TOLD_OK ? talk->status : status;
}

static enum told_status converse(struct told_client *client, struct told_outgoing *messages, size_t count)
{
	struct talk talk = {.waiting = count, .status = TOLD_OK};
	int64_t deadline = bench_boot_ms() + REPLY_MS;
	size_t sent = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && talk.waiting > 0 && bench_boot_ms() < deadline) {
		while (told_client_ready(client) && sent < count && told_client_room(client) > 0 &&
		       told_client_send(client, &messages[sent]) == TOLD_OK)
			sent++;
		status = pump(client, &talk);
	}
	return status == TOLD_OK && talk.waiting > 0 ? TOLD_E_TIMEOUT : status;
}

enum told_status bench_connect(const struct bench_world *world, const struct bench_party *party, told_key_of_fn *key_of,
			       void *ctx, struct told_client **out)
{
	struct told_client_config config = {
		.endpoint = world->endpoint,
		.partnership = told_text(world->partnership.partnership),
		.party = told_text(party->name),
		.log_vkey = world->partnership.log_vkey,
		.program = "told bench",
		.sealing_count = 1,
		.checkpoint = party->checkpoint,
		.witness_seed = party->witness ? party->keys.of[TOLD_AGENCY_KEY_WITNESS].secret : NULL,
		.key_of = key_of,
		.ctx = ctx,
	};
	memcpy(config.broker_key, world->partnership.broker_session_key, TOLD_KEY_BYTES);
	memcpy(config.session_key, party->keys.of[TOLD_AGENCY_KEY_SESSION].key, TOLD_KEY_BYTES);
	memcpy(config.session_secret, party->keys.of[TOLD_AGENCY_KEY_SESSION].secret, TOLD_KEY_BYTES);
	memcpy(config.witness_key, party->keys.of[TOLD_AGENCY_KEY_WITNESS].key, TOLD_KEY_BYTES);
	memcpy(config.epoch, party->epoch, TOLD_ID_BYTES);
	memcpy(config.sealing[0].key, party->keys.of[TOLD_AGENCY_KEY_SEALING].key, TOLD_KEY_BYTES);
	memcpy(config.sealing[0].secret, party->keys.of[TOLD_AGENCY_KEY_SEALING].secret, TOLD_KEY_BYTES);
	enum told_status status = told_client_open(&config, out);
	told_wipe(&config, sizeof config);
	return status;
}

enum told_status bench_header(const struct bench_world *world, struct bench_party *party, struct told_arena *arena,
			      uint32_t type, struct told_header *header)
{
	uint8_t *id = told_arena_alloc(arena, TOLD_ID_BYTES);
	uint64_t now_ms = (uint64_t)bench_wall_ms();
	if (id == NULL)
		return TOLD_E_MEMORY;
	*header = (struct told_header){
		.version = 1,
		.type = type,
		.id = told_bytes(id, TOLD_ID_BYTES),
		.partnership = told_text(world->partnership.partnership),
		.sender = told_text(party->name),
		.sender_seq = ++party->seq,
		.epoch = told_bytes(party->epoch, TOLD_ID_BYTES),
		.created_ms = now_ms,
		.expires_ms = now_ms + 7 * TOLD_MS_DAY,
	};
	return told_uuid7(now_ms, id);
}

enum told_status bench_sign(struct told_arena *arena, const struct told_header *header, const struct told_body *body,
			    struct told_signer *signer, const uint8_t key[TOLD_KEY_BYTES], struct told_outgoing *out)
{
	struct told_buf head = TOLD_BUF(TOLD_HEADER_MAX_BYTES), bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	enum told_status status = told_header_encode(header, &head);
	if (status == TOLD_OK)
		status = told_body_encode(body, &bytes);
	*out = (struct told_outgoing){.type = header->type, .sender_seq = header->sender_seq};
	memcpy(out->id, header->id.data, TOLD_ID_BYTES);
	out->header = told_arena_copy(arena, told_buf_view(&head));
	out->body = told_arena_copy(arena, told_buf_view(&bytes));
	if (status == TOLD_OK)
		status = told_outgoing_sign(arena, signer, key, out, 1);
	told_buf_free(&head);
	told_buf_free(&bytes);
	return status;
}

/* ---- joining ---- */

static enum told_status enrol(struct bench_world *world, struct told_arena *arena)
{
	struct told_broker_keys keys;
	struct bench_party operator= {.name = "broker"};
	struct bench_party *parties[] = {&world->sender, &world->consumer};
	struct told_outgoing messages[2];
	struct told_client *client = NULL;
	struct told_signer *signer = NULL;
	enum told_status status = told_broker_keys_load(world->broker_dir, &keys, NULL);
	if (status == TOLD_OK)
		status = told_random(operator.epoch, sizeof operator.epoch);
	operator.keys.of[TOLD_AGENCY_KEY_SESSION] = keys.of[TOLD_BROKER_KEY_OPERATOR_SESSION];
	if (status == TOLD_OK)
		status = told_signer_new(keys.of[TOLD_BROKER_KEY_OPERATOR].secret, &signer);
	for (size_t i = 0; status == TOLD_OK && i < 2; i++) {
		struct told_header header;
		struct told_partner_part part = {
			.action = TOLD_PARTNER_ACTION_ENROL,
			.party = told_text(parties[i]->name),
			.identity_key = told_bytes(parties[i]->keys.of[TOLD_AGENCY_KEY_IDENTITY].key, TOLD_KEY_BYTES),
			.session_key = told_bytes(parties[i]->keys.of[TOLD_AGENCY_KEY_SESSION].key, TOLD_KEY_BYTES),
		};
		status = bench_header(world, &operator, arena, TOLD_TYPE_PARTNER, &header);
		header.partner = &part;
		if (status == TOLD_OK)
			status = bench_sign(arena, &header, &(struct told_body){0}, signer,
					    keys.of[TOLD_BROKER_KEY_OPERATOR].key, &messages[i]);
	}
	if (status == TOLD_OK)
		status = bench_connect(world, &operator, NULL, NULL, &client);
	if (status == TOLD_OK)
		status = converse(client, messages, 2);
	told_client_close(client);
	told_signer_free(signer);
	told_broker_keys_wipe(&keys);
	told_wipe(&operator, sizeof operator);
	return status;
}

static enum told_status key_record(struct bench_world *world, struct bench_party *party, struct told_arena *arena,
				   enum told_agency_key which, uint32_t purpose, struct told_outgoing *out)
{
	const struct told_keypair *pair = &party->keys.of[which];
	struct told_header header;
	uint8_t proof[TOLD_SIGNATURE_BYTES];
	struct told_bytes name = told_text(party->name);
	bool signs = purpose == TOLD_KEY_SIGNING;
	enum told_status status =
		signs ? told_possession_sign(party->signing, name, pair->key, proof)
		      : told_possession_mac(pair->secret, world->partnership.enrolment_key, name, pair->key, proof);
	struct told_key_part part = {
		.purpose = purpose,
		.key = told_bytes(pair->key, TOLD_KEY_BYTES),
		.from_ms = (uint64_t)bench_wall_ms() - TOLD_MS_DAY,
		.until_ms = (uint64_t)bench_wall_ms() + YEAR_MS,
		.number = 1,
		.action = TOLD_KEY_ACTION_ISSUE,
		.possession = told_bytes(proof, signs ? TOLD_SIGNATURE_BYTES : TOLD_HASH_BYTES),
	};
	if (status == TOLD_OK)
		status = bench_header(world, party, arena, TOLD_TYPE_KEY_RECORD, &header);
	header.key_record = &part;
	if (status == TOLD_OK)
		status = bench_sign(arena, &header, &(struct told_body){0}, party->identity,
				    party->keys.of[TOLD_AGENCY_KEY_IDENTITY].key, out);
	return status;
}

static enum told_status sign_agreement(struct bench_world *world, struct bench_party *party, struct told_arena *arena,
				       struct told_bytes file, struct told_outgoing *out)
{
	struct told_header header;
	struct told_agreement_sign_part part = {
		.id = told_text("ISA-BENCH"), .version = 1, .sha256 = told_bytes(world->agreement.b, TOLD_HASH_BYTES)};
	struct told_body body = {.attachment = file};
	enum told_status status = bench_header(world, party, arena, TOLD_TYPE_AGREEMENT_SIGN, &header);
	header.agreement_sign = &part;
	return status == TOLD_OK ? bench_sign(arena, &header, &body, party->identity,
					      party->keys.of[TOLD_AGENCY_KEY_IDENTITY].key, out)
				 : status;
}

static enum told_status workers(struct bench_world *world, struct bench_party *party, struct told_arena *arena,
				struct told_outgoing *out)
{
	struct told_header header;
	uint32_t role = TOLD_ROLE_PRACTITIONER;
	struct told_worker_part line = {
		.number = told_text("w1"),
		.kind = TOLD_WORKER_KIND_EMPLOYED,
		.roles = {.items = &role, .count = 1},
		.from_ms = (uint64_t)bench_wall_ms() - TOLD_MS_DAY,
	};
	enum told_status status = bench_header(world, party, arena, TOLD_TYPE_WORKER_REGISTER, &header);
	header.workers = (struct told_worker_part_list){.items = &line, .count = 1};
	return status == TOLD_OK ? bench_sign(arena, &header, &(struct told_body){0}, party->signing,
					      party->keys.of[TOLD_AGENCY_KEY_SIGNING].key, out)
				 : status;
}

static enum told_status consent(struct bench_world *world, struct told_arena *arena, uint32_t who,
				struct told_outgoing *out)
{
	struct told_header header;
	uint32_t purpose = TOLD_PURPOSE_COORD, category = TOLD_CATEGORY_HOU_SIT;
	struct told_consent_recipient_part recipient = {.party = told_text(world->consumer.name)};
	struct told_consent_part part = {
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.state = TOLD_CONSENT_STATE_GIVEN,
		.given_ms = (uint64_t)bench_wall_ms() - TOLD_MS_MINUTE,
		.recipients = {.items = &recipient, .count = 1},
		.purposes = {.items = &purpose, .count = 1},
		.include = {.items = &category, .count = 1},
		.giver = TOLD_GIVER_PERSON,
		.capacity = TOLD_CAPACITY_HAS,
		.freely_given = TOLD_YES_NO_YES,
		.evidence = TOLD_EVIDENCE_SIGNATURE,
	};
	enum told_status status = bench_header(world, &world->sender, arena, TOLD_TYPE_CONSENT, &header);
	header.client_ref = told_bytes(world->refs[who], TOLD_ID_BYTES);
	header.author = told_text("w1");
	header.role = TOLD_ROLE_PRACTITIONER;
	header.consent = &part;
	return status == TOLD_OK ? bench_sign(arena, &header, &(struct told_body){0}, world->sender.signing,
					      world->sender.keys.of[TOLD_AGENCY_KEY_SIGNING].key, out)
				 : status;
}

static enum told_status join(struct bench_world *world, struct bench_party *party, struct told_arena *arena,
			     struct told_bytes file)
{
	bool sends = party == &world->sender;
	size_t count = 0, room = 4 + (sends ? world->people : 0);
	struct told_outgoing *messages = told_arena_alloc(arena, room * sizeof *messages);
	struct told_client *client = NULL;
	if (messages == NULL)
		return TOLD_E_MEMORY;
	enum told_status status =
		key_record(world, party, arena, TOLD_AGENCY_KEY_SIGNING, TOLD_KEY_SIGNING, &messages[count++]);
	if (status == TOLD_OK)
		status = key_record(world, party, arena, TOLD_AGENCY_KEY_SEALING, TOLD_KEY_SEALING, &messages[count++]);
	if (status == TOLD_OK)
		status = sign_agreement(world, party, arena, file, &messages[count++]);
	if (status == TOLD_OK)
		status = workers(world, party, arena, &messages[count++]);
	for (uint32_t i = 0; status == TOLD_OK && sends && i < world->people; i++)
		status = consent(world, arena, i, &messages[count++]);
	if (status == TOLD_OK)
		status = bench_connect(world, party, NULL, NULL, &client);
	/* Keys first: what follows is signed with them. */
	if (status == TOLD_OK)
		status = converse(client, messages, 2);
	if (status == TOLD_OK)
		status = converse(client, messages + 2, count - 2);
	told_client_close(client);
	return status;
}

void bench_agreement(const struct bench_world *world, const char *id, const char *until, struct told_buf *out)
{
	char keys[2][72];
	told_fingerprint(world->sender.keys.of[TOLD_AGENCY_KEY_IDENTITY].key, keys[0]);
	told_fingerprint(world->consumer.keys.of[TOLD_AGENCY_KEY_IDENTITY].key, keys[1]);
	told_buf_printf(out,
			"agreement: %s\nversion: 1\nkind: isp\ntitle: Bench\nstatus: signed\n"
			"from: 2020-01-01\nuntil: %s\nreview: %s\nbase:\n  art6: [e]\n"
			"  confidentiality: [explicit_consent]\n  consent: permission\nparties:\n"
			"  - party: HOU\n    key: %s\n    assurance: 2099-03-31\n    dpo: dpo@hou.example\n"
			"  - party: EMP\n    key: %s\n    assurance: 2099-03-31\n    dpo: dpo@emp.example\n"
			"flows:\n  - clause: 4.1\n    from: [HOU]\n    to: [EMP]\n    types: [STATUS_UPDATE, ASK]\n"
			"    purposes: [COORD]\n    data: [DEM.ID, HOU.SIT]\n",
			id, until, until, keys[0], keys[1]);
}

static enum told_status open_world(struct bench_world *world, struct told_arena *arena)
{
	char path[PATH_MAX];
	struct told_buf why = TOLD_BUF(4096), file = TOLD_BUF(65536);
	snprintf(world->broker_dir, sizeof world->broker_dir, "%.4000s/broker", world->dir);
	enum told_status status = told_init_broker(world->broker_dir, "bench.example", "tcp://127.0.0.1:0", &why);
	snprintf(path, sizeof path, "%.4000s/partnership.json", world->broker_dir);
	if (status == TOLD_OK)
		status = told_partnership_read(path, &world->partnership, &why);
	if (status == TOLD_OK)
		status = party_make(world, &world->sender, "HOU");
	if (status == TOLD_OK)
		status = party_make(world, &world->consumer, "EMP");
	if (status == TOLD_OK)
		status = told_random(world->refs, world->people * sizeof world->refs[0]);
	if (status == TOLD_OK)
		status = bench_broker_start(world);
	if (status == TOLD_OK)
		status = enrol(world, arena);
	if (status == TOLD_OK)
		bench_agreement(world, "ISA-BENCH", "2099-12-31", &file);
	if (status == TOLD_OK)
		status = file.status;
	told_sha256(told_buf_view(&file), &world->agreement);
	if (status == TOLD_OK)
		status = join(world, &world->consumer, arena, told_buf_view(&file));
	if (status == TOLD_OK)
		status = join(world, &world->sender, arena, told_buf_view(&file));
	told_buf_free(&why);
	told_buf_free(&file);
	return status;
}

enum told_status bench_world_make(struct bench_world *world)
{
	struct told_arena *arena = NULL;
	enum told_status status = told_arena_new(64u * 1024u * 1024u, &arena);
	if (status == TOLD_OK)
		status = open_world(world, arena);
	told_arena_free(arena);
	return status;
}

void bench_world_free(struct bench_world *world)
{
	struct bench_party *parties[] = {&world->sender, &world->consumer};
	for (size_t i = 0; i < 2; i++) {
		told_signer_free(parties[i]->identity);
		told_signer_free(parties[i]->signing);
		told_keys_wipe(&parties[i]->keys);
	}
	if (world->broker > 0 && kill(world->broker, SIGTERM) == 0)
		waitpid(world->broker, NULL, 0);
}
