/* SPDX-License-Identifier: Apache-2.0 */
/* The test partnership: its keys, its agreement, its store. */
#include "support/agency.h"

#include "proto/types.h"
#include "told/codes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_BYTES (1024u * 1024u * 1024u)
#define YEAR_MS     (365 * TOLD_MS_DAY)
#define OK(call)    assert_int_equal(call, TOLD_OK)

static const char *const names[TEST_AGENCIES] = {"HOU", "TT", "SUD", "EMP"};

/* ---- keys ---- */

static void ed25519(struct test_keypair *pair)
{
	OK(told_random(pair->secret, sizeof pair->secret));
	OK(told_ed25519_public(pair->secret, pair->key));
}

static void x25519(struct test_keypair *pair)
{
	OK(told_random(pair->secret, sizeof pair->secret));
	OK(told_x25519_public(pair->secret, pair->key));
}

static void agency_new(struct test_agency *agency, const char *name)
{
	agency->party = told_text(name);
	ed25519(&agency->identity);
	ed25519(&agency->signing);
	x25519(&agency->sealing);
	x25519(&agency->session);
	OK(told_signer_new(agency->identity.secret, &agency->identity_signer));
	OK(told_signer_new(agency->signing.secret, &agency->signing_signer));
	OK(told_random(agency->epoch, sizeof agency->epoch));
}

static void agency_free(struct test_agency *agency)
{
	told_signer_free(agency->identity_signer);
	told_signer_free(agency->signing_signer);
}

/* ---- the world ---- */

/* The demo's agreement with the fingerprints of these agencies in it. */
static void make_agreement(struct test_world *world)
{
	static const char *const marks[TEST_AGENCIES] = {"KEY_HOU", "KEY_TT", "KEY_SUD", "KEY_EMP"};
	char path[4096], fingerprint[72];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/agents/demo/northtown.yaml.in", source != NULL ? source : ".");
	struct told_bytes file = told_test_read(path);
	struct told_buf text = TOLD_BUF(1u << 20);
	for (const char *at = (const char *)file.data; *at != '\0';) {
		size_t which = 0;
		while (which < TEST_AGENCIES &&
		       (strncmp(at, "key: ", 5) != 0 || strncmp(at + 5, marks[which], strlen(marks[which])) != 0))
			which++;
		if (which == TEST_AGENCIES) {
			told_buf_put(&text, at++, 1);
			continue;
		}
		told_fingerprint(world->of[which].identity.key, fingerprint);
		told_buf_printf(&text, "key: %s", fingerprint);
		at += 5 + strlen(marks[which]);
	}
	world->agreement = told_arena_copy(world->arena, told_buf_view(&text));
	told_sha256(world->agreement, &world->agreement_hash);
	told_buf_free(&text);
	free((void *)(uintptr_t)file.data);
}

static struct told_record_config config_of(struct test_world *world)
{
	struct told_record_config config = {
		.dir = world->dir,
		.anchor = world->anchor,
		.partnership = told_text(TEST_PARTNERSHIP),
		.log_signer = world->log_signer,
		.segment_bytes = world->segment_bytes,
	};
	memcpy(config.log_key, world->log.key, TOLD_KEY_BYTES);
	memcpy(config.operator_key, world->operator_.signing.key, TOLD_KEY_BYTES);
	return config;
}

enum told_status test_world_begin_log(struct test_world *world, struct told_new_log *begun)
{
	static const struct told_log_key_offers none;
	const struct told_record_config config = config_of(world);
	return told_record_begin_log(&config, &none, world->now_ms, begun);
}

enum told_status test_world_open(struct test_world *world)
{
	const struct told_record_config config = config_of(world);
	enum told_status status = told_record_open(&config, &world->record);
	if (status != TOLD_OK)
		return status;
	world->verify.directory = told_record_directory(world->record);
	world->verify.parties = told_record_parties(world->record);
	world->verify.partnership = told_text(TEST_PARTNERSHIP);
	world->verify.enrolment_secret = world->enrolment.secret;
	world->verify.seen = told_record_seen;
	world->verify.seen_ctx = world->record;
	return TOLD_OK;
}

void test_world_close(struct test_world *world)
{
	told_record_close(world->record);
	world->record = NULL;
}

struct test_world *test_world_new(void)
{
	struct test_world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	OK(told_arena_new(WORLD_BYTES, &world->arena));
	world->now_ms = TEST_NOW_MS;
	world->consent_ms = YEAR_MS / 2;
	world->dir = told_test_dir();
	world->segment_bytes = 1u << 16;
	snprintf(world->anchor, sizeof world->anchor, "%s/anchor", world->dir);
	ed25519(&world->log);
	x25519(&world->enrolment);
	OK(told_signer_new(world->log.secret, &world->log_signer));
	agency_new(&world->operator_, TOLD_BROKER_PARTY);
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		agency_new(&world->of[i], names[i]);
	OK(told_random(world->person, sizeof world->person));
	make_agreement(world);
	OK(told_key_cache_new(&world->verify.keys));
	OK(test_world_open(world));
	test_begin(world); /* the broker's first turn writes a heartbeat before its port opens */
	OK(told_record_heartbeat(world->record, world->arena, 0, 0));
	test_commit(world);
	return world;
}

struct test_world *test_world_ready(void)
{
	struct test_world *w = test_world_new();
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		test_phase(w, &w->operator_, test_enrol(w, &w->of[i]), TOLD_PHASE_ADMIN);
	for (size_t i = 0; i < TEST_AGENCIES; i++) {
		struct test_agency *a = &w->of[i];
		test_phase(w, a, test_key(w, a, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_ISSUE, &a->signing, 1),
			   TOLD_PHASE_KEY);
		test_phase(w, a, test_key(w, a, TOLD_KEY_SEALING, TOLD_KEY_ACTION_ISSUE, &a->sealing, 1),
			   TOLD_PHASE_KEY);
		test_phase(w, a, test_agreement(w, a), TOLD_PHASE_AGREEMENT);
		test_phase(w, a, test_workers(w, a), TOLD_PHASE_ADMIN);
	}
	return w;
}

void test_world_free(struct test_world *world)
{
	if (world == NULL)
		return;
	test_world_close(world);
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		agency_free(&world->of[i]);
	agency_free(&world->operator_);
	told_signer_free(world->log_signer);
	told_key_cache_free(world->verify.keys);
	told_arena_free(world->arena);
	free(world);
}
