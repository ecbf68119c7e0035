/* SPDX-License-Identifier: Apache-2.0 */
/* The loop over the wire of two arrays: what agencies say, turns, what they hear. */
#include "broker/broker.c" /* NOLINT: one_turn is the loop without its waiting */

#include "turn/rig.h"

#include "broker/record/room.h"
#include "told/codes.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

/* Takes over the record of a world and runs the first turn. */
struct rig *rig_of(struct test_world *w)
{
	struct rig *rig = calloc(1, sizeof *rig);
	assert_non_null(rig);
	rig->w = w;
	rig->time = (struct told_time){.wall_ms = w->now_ms, .boot_ms = TOLD_MS_HOUR};
	rig->broker = (struct told_broker){.clock = told_clock_manual(&rig->time),
					   .wire = &rig->wire,
					   .record = w->record,
					   .verify = w->verify,
					   .signal_fd = -1};
	rig->broker.log = (struct told_log){rig->broker.clock, "test", open("/dev/null", O_WRONLY), TOLD_LOG_ERROR};
	OK(told_agencies_new(&rig->broker.agencies));
	OK(told_arena_new(256u << 20, &rig->broker.arena));
	return rig;
}

int rig_set_up(void **state)
{
	*state = rig_of(test_world_ready());
	return 0;
}

int rig_tear_down(void **state)
{
	struct rig *rig = *state;
	fake_forget(&rig->wire);
	told_agencies_free(rig->broker.agencies);
	told_arena_free(rig->broker.arena);
	close(rig->broker.log.fd);
	test_world_free(rig->w);
	free(rig);
	return 0;
}

bool rig_turn(struct rig *rig)
{
	bool more_left = false;
	OK(one_turn(&rig->broker, &more_left));
	return more_left;
}

/* Turns until nothing is left to do. */
unsigned rig_turns(struct rig *rig)
{
	unsigned count = 1;
	for (; rig_turn(rig); count++)
		assert_true(count < 2000);
	return count;
}

/* ---- what agencies say ---- */

uint64_t rig_session(const struct test_agency *agency)
{
	return 100 + (uint64_t)(agency->party.data[0]);
}

void rig_push(struct rig *rig, const struct test_agency *from, struct told_bytes envelope, struct told_bytes body)
{
	fake_push(&rig->wire, (struct told_wire_message){.kind = TOLD_WIRE_MESSAGE,
							 .session = rig_session(from),
							 .party = from->party,
							 .envelope = envelope,
							 .body = body});
}

void rig_send(struct rig *rig, const struct test_agency *from, const struct test_message *m)
{
	rig_push(rig, from, m->envelope, m->body);
}

void rig_say(struct rig *rig, const struct test_agency *from, unsigned kind, enum told_schema schema,
	     const void *message)
{
	struct told_envelope envelope = {.session = kind};
	struct told_buf first = TOLD_BUF(64), second = TOLD_BUF(65536);
	OK(told_envelope_encode(&envelope, &first));
	OK(told_encode(schema, message, &second));
	rig_push(rig, from, told_arena_copy(rig->w->arena, told_buf_view(&first)),
		 told_arena_copy(rig->w->arena, told_buf_view(&second)));
	told_buf_free(&first);
	told_buf_free(&second);
}

void rig_hello(struct rig *rig, const struct test_agency *from, uint64_t confirmed)
{
	struct told_hello message = {.partnership = told_text(TEST_PARTNERSHIP),
				     .epoch = told_bytes(from->epoch, TOLD_ID_BYTES),
				     .confirmed_size = confirmed,
				     .program = told_text("test")};
	rig_say(rig, from, TOLD_SESSION_HELLO, TOLD_SCHEMA_HELLO, &message);
}

void rig_credit(struct rig *rig, const struct test_agency *from, uint32_t parcels)
{
	struct told_credit message = {parcels};
	rig_say(rig, from, TOLD_SESSION_CREDIT, TOLD_SCHEMA_CREDIT, &message);
}

/* ---- what they hear ---- */

size_t rig_heard(const struct rig *rig, const struct test_agency *agency, unsigned kind)
{
	size_t n = 0;
	for (size_t i = 0; i < rig->wire.sent_count; i++) {
		struct told_envelope *envelope = NULL;
		OK(told_envelope_decode(rig->wire.sent[i].envelope, rig->w->arena, &envelope));
		n += rig->wire.sent[i].session == rig_session(agency) && envelope->session == kind;
	}
	return n;
}

/* The phase that the last answer gives of a message; busy: UINT32_MAX; nothing: 0. */
uint32_t rig_answered(const struct rig *rig, const struct test_agency *agency, const struct test_message *m)
{
	uint32_t phase = 0;
	for (size_t i = 0; i < rig->wire.sent_count; i++) {
		struct told_envelope *envelope = NULL;
		struct told_answer *answer = NULL;
		OK(told_envelope_decode(rig->wire.sent[i].envelope, rig->w->arena, &envelope));
		if (envelope->session != TOLD_SESSION_ANSWER || rig->wire.sent[i].session != rig_session(agency))
			continue;
		OK(told_answer_decode(rig->wire.sent[i].body, rig->w->arena, &answer));
		for (size_t b = 0; b < answer->busy.count; b++)
			if (told_bytes_equal(answer->busy.items[b].message_id, m->id))
				phase = UINT32_MAX;
		for (size_t r = 0; r < answer->runs.count; r++)
			for (size_t l = 0; l < answer->runs.items[r].leaves.count; l++) {
				struct told_leaf *leaf = NULL;
				OK(told_leaf_decode(answer->runs.items[r].leaves.items[l].leaf, rig->w->arena, &leaf));
				if (told_bytes_equal(answer->runs.items[r].leaves.items[l].message_id, m->id))
					phase = leaf->phase;
			}
	}
	return phase;
}

/* Everybody is connected and has heard what was old. */
void rig_connect(struct rig *rig, struct test_agency *agency)
{
	test_drain(rig->w, agency);
	rig_hello(rig, agency, 0);
	rig_turns(rig);
	fake_forget(&rig->wire);
}

/* ---- witnesses ---- */

/* The first `count` agencies are witnesses and connected; gives their keys. */
void rig_witnesses(struct rig *rig, struct test_keypair *keys, size_t count)
{
	struct test_world *w = rig->w;
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		rig_connect(rig, &w->of[i]);
	for (size_t i = 0; i < count; i++) {
		OK(told_random(keys[i].secret, TOLD_KEY_BYTES));
		OK(told_ed25519_public(keys[i].secret, keys[i].key));
		rig_send(rig, &w->of[i], test_key(w, &w->of[i], TOLD_KEY_WITNESS, TOLD_KEY_ACTION_ISSUE, &keys[i], 1));
	}
	rig_turns(rig);
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		test_drain(w, &w->of[i]);
	rig_turns(rig);
	fake_forget(&rig->wire);
}

/* Time passes, and the loop turns. */
void rig_pass(struct rig *rig, int64_t ms)
{
	rig->time.boot_ms += ms;
	rig->time.wall_ms += ms;
	rig->w->now_ms += ms;
	rig_turns(rig);
}

void rig_cosign_as(struct rig *rig, const struct test_agency *agency, const char *name, const struct test_keypair *key,
		   const struct told_checkpoint *checkpoint)
{
	struct told_buf text = TOLD_BUF(4096), line = TOLD_BUF(4096);
	struct told_signer *signer = NULL;
	OK(told_signer_new(key->secret, &signer));
	told_checkpoint_format(checkpoint, &text);
	OK(told_note_cosign(told_buf_view(&text), (uint64_t)(rig->time.wall_ms / 1000), told_text(name), signer,
			    key->key, &line));
	struct told_cosignature message = {.size = checkpoint->size, .line = told_buf_view(&line)};
	rig_say(rig, agency, TOLD_SESSION_COSIGNATURE, TOLD_SCHEMA_COSIGNATURE, &message);
	rig_turns(rig);
	told_signer_free(signer);
	told_buf_free(&text);
	told_buf_free(&line);
}

struct told_checkpoint rig_newest(struct rig *rig)
{
	struct told_checkpoint checkpoint = {.origin = told_record_origin(rig->w->record, NULL),
					     .size = told_record_size(rig->w->record)};
	OK(told_tree_root(told_record_node, rig->w->record, checkpoint.size, &checkpoint.root));
	return checkpoint;
}

void rig_cosign(struct rig *rig, size_t which, const struct test_keypair *keys)
{
	struct test_agency *agency = &rig->w->of[which];
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)agency->party.len, (const char *)agency->party.data);
	struct told_checkpoint checkpoint = rig_newest(rig);
	rig_cosign_as(rig, agency, name, &keys[which], &checkpoint);
}
