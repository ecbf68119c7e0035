/* SPDX-License-Identifier: Apache-2.0 */
/* An agreement's life, through a real broker: in force once both signed the same bytes, the version that both last
 * signed until then, suspended and left by one alone and at once, lifted by both, `never` lines first. Each change is
 * an entry.
 */
#include "flow/kit.h"

#include "told/codes.h"

#include <stdlib.h>
#include <string.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
	uint64_t last; /* entry of the last change */
};

/* The text of an agreement with some words changed; each must be there. */
static struct told_bytes paper(struct rig *rig, const char *id, const char *const *changes)
{
	struct told_buf text = TOLD_BUF(65536), next = TOLD_BUF(65536);
	bench_agreement(&rig->flow->world, id, "2099-12-31", &text);
	for (size_t i = 0; changes[i] != NULL; i += 2) {
		const char *at = strstr(told_buf_cstr(&text), changes[i]);
		assert_non_null(at);
		next.len = 0;
		told_buf_put(&next, text.data, (size_t)(at - (const char *)text.data));
		told_buf_put_text(&next, changes[i + 1]);
		told_buf_put_text(&next, at + strlen(changes[i]));
		text.len = 0;
		told_buf_put(&text, next.data, next.len);
	}
	struct told_bytes file = told_arena_copy(rig->flow->arena, told_buf_view(&text));
	told_buf_free(&text);
	told_buf_free(&next);
	return file;
}
#define PAPER(rig, id, ...) paper(rig, id, (const char *const[]){__VA_ARGS__, NULL, NULL})

static const struct flow_answer *sign(struct rig *rig, struct flow_peer *peer, const char *id, uint32_t version,
				      struct told_bytes file)
{
	struct told_header header = flow_header(rig->flow, peer->party, TOLD_TYPE_AGREEMENT_SIGN);
	struct told_body body = {.attachment = file};
	told_hash hash;
	told_sha256(file, &hash);
	struct told_agreement_sign_part part = {told_text(id), version, told_bytes(hash.b, TOLD_HASH_BYTES)};
	header.agreement_sign = &part;
	struct told_outgoing out = flow_signed(rig->flow, peer->party, &header, &body);
	return flow_say(peer, &out);
}

/* Taken, and written down behind the change before it. */
static void entered(struct rig *rig, const struct flow_answer *answer)
{
	assert_int_equal(answer->outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(answer->phase, TOLD_PHASE_AGREEMENT);
	assert_true(answer->index > rig->last);
	rig->last = answer->index;
}

static void act(struct rig *rig, struct flow_peer *peer, const char *id, uint32_t action)
{
	struct told_header header = flow_header(rig->flow, peer->party, TOLD_TYPE_AGREEMENT_SUSPEND);
	struct told_agreement_suspend_part part = {told_text(id), action};
	header.agreement_suspend = &part;
	struct told_outgoing out = flow_signed(rig->flow, peer->party, &header, NULL);
	entered(rig, flow_say(peer, &out));
}

static const struct flow_answer *update(struct rig *rig, const char *id, uint32_t version, struct told_bytes file)
{
	told_hash hash;
	told_sha256(file, &hash);
	struct flow_twist twist = {.agreement = id, .agreement_version = version, .agreement_hash = &hash};
	struct told_outgoing out = flow_update(rig->flow, &twist);
	return flow_say(rig->hou, &out);
}

static void passes(struct rig *rig, const char *id, uint32_t version, struct told_bytes file)
{
	const struct flow_answer *answer = update(rig, id, version, file);
	assert_int_equal(answer->outcome, TOLD_ANSWER_ACCEPTED);
}

static void stopped(struct rig *rig, const char *id, uint32_t version, struct told_bytes file, uint32_t code)
{
	const struct flow_answer *answer = update(rig, id, version, file);
	assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
	assert_int_equal(answer->code, code);
}

static void test_it_is_in_force_once_both_signed_the_same_bytes(void **state)
{
	struct rig *rig = *state;
	struct told_bytes file = PAPER(rig, "ISA-BOTH", "title: Bench", "title: Both");
	struct told_bytes other = PAPER(rig, "ISA-BOTH", "title: Bench", "title: both");
	entered(rig, sign(rig, rig->emp, "ISA-BOTH", 1, file));
	stopped(rig, "ISA-BOTH", 1, file, TOLD_AGR_10);
	entered(rig, sign(rig, rig->hou, "ISA-BOTH", 1, other)); /* one letter is another paper */
	stopped(rig, "ISA-BOTH", 1, file, TOLD_AGR_10);
	stopped(rig, "ISA-BOTH", 1, other, TOLD_AGR_10);
	/* Who has signed one paper as version 1 signs no other as version 1: it takes a new number. */
	const struct flow_answer *answer = sign(rig, rig->hou, "ISA-BOTH", 1, file);
	assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
	assert_int_equal(answer->status, TOLD_E_EQUIVOCATION);
	struct told_bytes second = PAPER(rig, "ISA-BOTH", "title: Bench", "title: Both", "version: 1", "version: 2");
	entered(rig, sign(rig, rig->hou, "ISA-BOTH", 2, second));
	entered(rig, sign(rig, rig->emp, "ISA-BOTH", 2, second));
	passes(rig, "ISA-BOTH", 2, second);
}

static void test_the_version_that_both_last_signed_governs_until_then(void **state)
{
	struct rig *rig = *state;
	struct told_bytes first = PAPER(rig, "ISA-LAST", "title: Bench", "title: Last");
	struct told_bytes second = PAPER(rig, "ISA-LAST", "version: 1", "version: 2", "[DEM.ID, HOU.SIT]", "[DEM.ID]");
	entered(rig, sign(rig, rig->hou, "ISA-LAST", 1, first));
	entered(rig, sign(rig, rig->emp, "ISA-LAST", 1, first));
	passes(rig, "ISA-LAST", 1, first);
	entered(rig, sign(rig, rig->emp, "ISA-LAST", 2, second));
	passes(rig, "ISA-LAST", 1, first);
	entered(rig, sign(rig, rig->hou, "ISA-LAST", 2, second));
	stopped(rig, "ISA-LAST", 2, second, TOLD_AGR_07); /* the new one no longer carries it */
}

static void test_one_suspends_alone_and_at_once_and_it_takes_both_to_lift(void **state)
{
	struct rig *rig = *state;
	struct told_bytes file = PAPER(rig, "ISA-STOP", "title: Bench", "title: Stop");
	entered(rig, sign(rig, rig->hou, "ISA-STOP", 1, file));
	entered(rig, sign(rig, rig->emp, "ISA-STOP", 1, file));
	passes(rig, "ISA-STOP", 1, file);
	act(rig, rig->emp, "ISA-STOP", TOLD_AGREEMENT_ACTION_SUSPEND);
	stopped(rig, "ISA-STOP", 1, file, TOLD_AGR_04);
	act(rig, rig->emp, "ISA-STOP", TOLD_AGREEMENT_ACTION_LIFT);
	stopped(rig, "ISA-STOP", 1, file, TOLD_AGR_04);
	act(rig, rig->hou, "ISA-STOP", TOLD_AGREEMENT_ACTION_LIFT);
	passes(rig, "ISA-STOP", 1, file);
	/* What was lifted once does not lift what is suspended later. */
	act(rig, rig->hou, "ISA-STOP", TOLD_AGREEMENT_ACTION_SUSPEND);
	act(rig, rig->hou, "ISA-STOP", TOLD_AGREEMENT_ACTION_LIFT);
	stopped(rig, "ISA-STOP", 1, file, TOLD_AGR_04);
}

static void test_what_is_on_its_way_stops_with_a_suspension(void **state)
{
	struct rig *rig = *state;
	struct told_bytes file = PAPER(rig, "ISA-QUEUE", "title: Bench", "title: Queue");
	entered(rig, sign(rig, rig->hou, "ISA-QUEUE", 1, file));
	entered(rig, sign(rig, rig->emp, "ISA-QUEUE", 1, file));
	flow_still_good(rig->hou, rig->emp);
	flow_leave(rig->emp);
	told_hash hash;
	told_sha256(file, &hash);
	struct told_outgoing out =
		flow_update(rig->flow, &(struct flow_twist){.agreement = "ISA-QUEUE", .agreement_hash = &hash});
	assert_int_equal(flow_say(rig->hou, &out)->outcome, TOLD_ANSWER_ACCEPTED);
	act(rig, rig->hou, "ISA-QUEUE", TOLD_AGREEMENT_ACTION_SUSPEND);
	flow_rejoin(rig->emp);
	flow_still_good(rig->hou, rig->emp); /* it went behind the other, and has come */
	assert_int_equal(flow_times(rig->emp, out.id), 0);
}

static void test_one_leaves_alone_and_at_once(void **state)
{
	struct rig *rig = *state;
	struct told_bytes file = PAPER(rig, "ISA-GONE", "title: Bench", "title: Gone");
	entered(rig, sign(rig, rig->hou, "ISA-GONE", 1, file));
	entered(rig, sign(rig, rig->emp, "ISA-GONE", 1, file));
	passes(rig, "ISA-GONE", 1, file);
	act(rig, rig->emp, "ISA-GONE", TOLD_AGREEMENT_ACTION_LEAVE);
	stopped(rig, "ISA-GONE", 1, file, TOLD_AGR_10);
	act(rig, rig->hou, "ISA-GONE", TOLD_AGREEMENT_ACTION_LIFT); /* brings nobody back */
	stopped(rig, "ISA-GONE", 1, file, TOLD_AGR_10);
	flow_still_good(rig->hou, rig->emp); /* their other agreement stands */
}

static void test_never_lines_win_over_the_flow(void **state)
{
	struct rig *rig = *state;
	struct told_bytes to = PAPER(rig, "ISA-NEVERTO", "base:\n", "never:\n  to: [EMP]\nbase:\n");
	struct told_bytes purpose = PAPER(rig, "ISA-NEVERFOR", "base:\n", "never:\n  for: [COORD]\nbase:\n");
	entered(rig, sign(rig, rig->hou, "ISA-NEVERTO", 1, to));
	entered(rig, sign(rig, rig->emp, "ISA-NEVERTO", 1, to));
	entered(rig, sign(rig, rig->hou, "ISA-NEVERFOR", 1, purpose));
	entered(rig, sign(rig, rig->emp, "ISA-NEVERFOR", 1, purpose));
	stopped(rig, "ISA-NEVERTO", 1, to, TOLD_AGR_08);
	stopped(rig, "ISA-NEVERFOR", 1, purpose, TOLD_AGR_06);
}

/* What cannot be read, or does not carry the signer's own line, is refused when it is signed, and is never in force. */
static void test_a_file_that_cannot_be_read_never_means_release(void **state)
{
	struct rig *rig = *state;
	const struct {
		const char *id;
		struct told_bytes file;
	} bad[] = {
		{"ISA-STAR", PAPER(rig, "ISA-STAR", "[DEM.ID, HOU.SIT]", "['*']")},
		{"ISA-NONE", PAPER(rig, "ISA-NONE", "[DEM.ID, HOU.SIT]", "[]")},
		{"ISA-CODE", PAPER(rig, "ISA-CODE", "HOU.SIT", "HOU.SITE")},
		{"ISA-PARTY", PAPER(rig, "ISA-PARTY", "to: [EMP]", "to: [DWP]")},
		{"ISA-TWICE", PAPER(rig, "ISA-TWICE", "flows:\n",
				    "flows:\n  - clause: 4.0\n    from: [HOU]\n    to: [EMP]\n"
				    "    types: [STATUS_UPDATE]\n    purposes: [COORD]\n"
				    "    data: [HOU.SIT]\n")},
		{"ISA-FIELD", PAPER(rig, "ISA-FIELD", "title: Bench", "titel: Bench")},
		{"ISA-OCTAL", PAPER(rig, "ISA-OCTAL", "version: 1", "version: 01")},
		{"ISA-EMPTY", told_text("# nothing\n")},
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct flow_peer *peers[] = {rig->hou, rig->emp};
		for (size_t j = 0; j < 2; j++) {
			const struct flow_answer *answer = sign(rig, peers[j], bad[i].id, 1, bad[i].file);
			assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
			assert_int_equal(answer->status, TOLD_E_CONFIG);
		}
		stopped(rig, bad[i].id, 1, bad[i].file, TOLD_AGR_01);
	}
}

static void test_every_change_is_in_the_log(void **state)
{
	struct rig *rig = *state;
	flow_keep_checkpoint(rig->hou);
	flow_leave(rig->hou);
	flow_leave(rig->emp);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	assert_int_equal(flow_audit(rig->flow), 0);
	flow_broker_start(rig->flow);
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->flow = flow_new(1);
	rig->emp = flow_join(rig->flow, &rig->flow->world.consumer, true);
	rig->hou = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_still_good(rig->hou, rig->emp);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	flow_free(rig->flow);
	test_free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_in_force_once_both_signed_the_same_bytes),
		cmocka_unit_test(test_the_version_that_both_last_signed_governs_until_then),
		cmocka_unit_test(test_one_suspends_alone_and_at_once_and_it_takes_both_to_lift),
		cmocka_unit_test(test_what_is_on_its_way_stops_with_a_suspension),
		cmocka_unit_test(test_one_leaves_alone_and_at_once),
		cmocka_unit_test(test_never_lines_win_over_the_flow),
		cmocka_unit_test(test_a_file_that_cannot_be_read_never_means_release),
		cmocka_unit_test(test_every_change_is_in_the_log),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
