/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at the log that are not what they should be: said again byte for byte, by an agency without an agreement, by
 * one that is suspended, in another's name, from beyond the log; and witnesses' lines that nobody signed. A real broker
 * and real sessions that say what no agent would. */
#include "flow/kit.h"

#include "agents/exit/exit.h"
#include "told/codes.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
};

/* ---- asking ---- */

static const struct told_audit_view_part own = {.purpose = TOLD_AUDIT_PURPOSE_INTERNAL, .count = 256};

static struct told_outgoing look_of(struct rig *rig, struct bench_party *as, const struct told_audit_view_part *part)
{
	struct told_audit_view_part asked = *part;
	struct told_header header = flow_header(rig->flow, as, TOLD_TYPE_AUDIT_VIEW);
	header.author = told_text("w1");
	header.role = TOLD_ROLE_PRACTITIONER;
	header.audit_view = &asked;
	return flow_signed(rig->flow, as, &header, NULL);
}

/* How many looks of an agency stand in the log with this phase. */
static size_t looks_by(struct rig *rig, const char *party, const char *phase)
{
	char store[PATH_MAX];
	struct told_buf text = TOLD_BUF(1u << 22);
	size_t lines = 0;
	snprintf(store, sizeof store, "%.4000s/told.db", rig->flow->world.broker_dir);
	const char *argv[] = {"told-audit", "search", "--store", store, "--type", "AUDIT_VIEW",
			      "--phase",    phase,    "--party", party, "--csv",  NULL};
	assert_true(flow_run(argv, &text) <= 1); /* 1: there is none */
	for (const char *at = told_buf_cstr(&text); (at = strstr(at, "\r\n")) != NULL; at += 2)
		lines++;
	told_buf_free(&text);
	return lines > 0 ? lines - 1 : 0; /* the first names the columns */
}

/* ---- said again ---- */

static void test_a_look_said_again_gives_its_first_receipt_and_no_second_view(void **state)
{
	struct rig *rig = *state;
	struct told_outgoing look = look_of(rig, rig->hou->party, &own);
	size_t views = rig->hou->view_count, logged = looks_by(rig, "HOU", "audit-query");
	const struct flow_answer *first = flow_say(rig->hou, &look);
	uint64_t index = first->index;
	assert_int_equal(first->phase, TOLD_PHASE_AUDIT_QUERY);
	assert_int_equal(rig->hou->view_count, views + 1);
	assert_true(rig->hou->viewed > 3);
	assert_int_equal(flow_say(rig->hou, &look)->index, index);
	flow_leave(rig->hou);
	flow_rejoin(rig->hou);
	flow_until_ready(rig->hou);
	assert_int_equal(flow_say(rig->hou, &look)->index, index);
	/* In another's session the bytes are nobody's. */
	assert_int_equal(flow_say(rig->emp, &look)->status, TOLD_E_IDENTITY);
	assert_int_equal(rig->hou->view_count, views + 1);
	assert_int_equal(rig->emp->view_count, 0);
	assert_int_equal(looks_by(rig, "HOU", "audit-query"), logged + 1);
	assert_int_equal(rig->hou->fault, TOLD_OK);
}

/* ---- who ---- */

static void test_a_look_in_another_s_name_is_refused_and_gives_nothing(void **state)
{
	struct rig *rig = *state;
	struct bench_party forger = rig->flow->world.consumer;
	forger.name = "HOU"; /* EMP's keys under HOU's name */
	struct told_outgoing look = look_of(rig, &forger, &own);
	const struct flow_answer *answer = flow_say(rig->emp, &look);
	assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
	assert_int_equal(answer->status, TOLD_E_IDENTITY);
	forger = rig->flow->world.sender;
	forger.signing = rig->flow->world.consumer.signing; /* HOU's name and number of a key, EMP's signature */
	look = look_of(rig, &forger, &own);
	answer = flow_say(rig->hou, &look);
	assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
	assert_int_equal(answer->status, TOLD_E_SIGNATURE);
	assert_int_equal(rig->emp->view_count, 0);
}

/* A third agency: enrolled, its signing key on record, a worker; no agreement. */
static struct bench_party *newcomer(struct rig *rig, struct flow_peer *operator, struct flow_peer ** peer)
{
	struct bench_party *party = told_arena_alloc(rig->flow->arena, sizeof *party);
	uint8_t proof[TOLD_SIGNATURE_BYTES];
	const char *dir = told_test_dir();
	assert_non_null(party);
	*party = (struct bench_party){.name = "NEW"};
	assert_int_equal(told_keys_make(dir), TOLD_OK);
	assert_int_equal(told_keys_load(dir, &party->keys, NULL), TOLD_OK);
	assert_int_equal(told_random(party->epoch, sizeof party->epoch), TOLD_OK);
	const struct told_keypair *signing = &party->keys.of[TOLD_AGENCY_KEY_SIGNING];
	assert_int_equal(told_signer_new(party->keys.of[TOLD_AGENCY_KEY_IDENTITY].secret, &party->identity), TOLD_OK);
	assert_int_equal(told_signer_new(signing->secret, &party->signing), TOLD_OK);
	struct told_outgoing message = flow_partner(rig->flow, TOLD_PARTNER_ACTION_ENROL, party);
	assert_int_equal(flow_say(operator, & message)->outcome, TOLD_ANSWER_ACCEPTED);
	*peer = flow_join(rig->flow, party, false);
	flow_until_ready(*peer);
	assert_int_equal(told_possession_sign(party->signing, told_text("NEW"), signing->key, proof), TOLD_OK);
	struct told_header header = flow_header(rig->flow, party, TOLD_TYPE_KEY_RECORD);
	struct told_key_part part = {.purpose = TOLD_KEY_SIGNING,
				     .action = TOLD_KEY_ACTION_ISSUE,
				     .key = told_bytes(signing->key, TOLD_KEY_BYTES),
				     .number = 1,
				     .from_ms = header.created_ms - (uint64_t)TOLD_MS_HOUR,
				     .until_ms = header.created_ms + (uint64_t)(365 * TOLD_MS_DAY),
				     .possession = told_bytes(proof, sizeof proof)};
	header.key_record = &part;
	message = flow_signed(rig->flow, party, &header, NULL);
	assert_int_equal(flow_say(*peer, &message)->outcome, TOLD_ANSWER_ACCEPTED);
	message = flow_worker(rig->flow, party, "w1", 0);
	assert_int_equal(flow_say(*peer, &message)->outcome, TOLD_ANSWER_ACCEPTED);
	return party;
}

static void test_an_agency_without_an_agreement_sees_its_own_and_one_that_is_suspended_nothing(void **state)
{
	struct rig *rig = *state;
	struct flow_peer *operator= flow_join_operator(rig->flow), *peer = NULL;
	flow_until_ready(operator);
	struct bench_party *party = newcomer(rig, operator, & peer);
	struct told_audit_view_part workers = own, updates = own;
	workers.type = TOLD_TYPE_WORKER_REGISTER; /* everybody has said that, it once */
	workers.phase = TOLD_PHASE_ADMIN;
	updates.type = TOLD_TYPE_STATUS_UPDATE;
	struct told_outgoing look = look_of(rig, party, &workers);
	assert_int_equal(flow_say(peer, &look)->phase, TOLD_PHASE_AUDIT_QUERY);
	assert_int_equal(peer->viewed, 1);
	look = look_of(rig, party, &updates);
	assert_int_equal(flow_say(peer, &look)->phase, TOLD_PHASE_AUDIT_QUERY);
	assert_int_equal(peer->viewed, 0);
	assert_int_equal(peer->view_count, 2);
	struct told_audit_view_part hou = own, all = own;
	hou.of = told_text("HOU");
	all.all = TOLD_YES_NO_YES;
	look = look_of(rig, party, &hou);
	assert_int_equal(flow_say(peer, &look)->status, TOLD_E_NOT_ALLOWED);
	look = look_of(rig, party, &all);
	assert_int_equal(flow_say(peer, &look)->status, TOLD_E_NOT_ALLOWED);

	struct told_outgoing stop = flow_partner(rig->flow, TOLD_PARTNER_ACTION_SUSPEND, party);
	assert_int_equal(flow_say(operator, & stop)->outcome, TOLD_ANSWER_ACCEPTED);
	look = look_of(rig, party, &own);
	const struct flow_answer *answer = flow_say(peer, &look);
	assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
	assert_int_equal(peer->view_count, 2);
	assert_int_equal(looks_by(rig, "NEW", "refused"), 3);
	told_signer_free(party->identity);
	told_signer_free(party->signing);
	told_keys_wipe(&party->keys);
}

/* ---- from where ---- */

/* A cursor is any number: it is allowed or refused by itself, and beyond the end there is nothing. */
static void test_a_look_from_beyond_the_log_gives_nothing(void **state)
{
	struct rig *rig = *state;
	static const uint64_t from[] = {UINT64_C(1) << 20, INT64_MAX - 1, INT64_MAX};
	for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
		struct told_audit_view_part beyond = own;
		size_t views = rig->hou->view_count;
		beyond.from = from[i];
		struct told_outgoing look = look_of(rig, rig->hou->party, &beyond);
		assert_int_equal(flow_say(rig->hou, &look)->phase, TOLD_PHASE_AUDIT_QUERY);
		assert_int_equal(rig->hou->view_count, views + 1);
		assert_int_equal(rig->hou->viewed, 0);
		assert_int_equal(rig->hou->fault, TOLD_OK);
	}
	struct told_audit_view_part other = own;
	other.log = INT64_MAX;
	struct told_outgoing look = look_of(rig, rig->hou->party, &other);
	assert_int_equal(flow_say(rig->hou, &look)->status, TOLD_E_NOT_FOUND);
	flow_still_good(rig->hou, rig->emp);
}

/* ---- witnesses ---- */

static struct told_outgoing witness_key(struct rig *rig, struct bench_party *party)
{
	const struct told_keypair *pair = &party->keys.of[TOLD_AGENCY_KEY_WITNESS];
	uint8_t *proof = told_arena_alloc(rig->flow->arena, TOLD_SIGNATURE_BYTES);
	struct told_signer *signer = NULL;
	assert_int_equal(told_signer_new(pair->secret, &signer), TOLD_OK);
	assert_int_equal(told_possession_sign(signer, told_text(party->name), pair->key, proof), TOLD_OK);
	told_signer_free(signer);
	struct told_header header = flow_header(rig->flow, party, TOLD_TYPE_KEY_RECORD);
	struct told_key_part part = {.purpose = TOLD_KEY_WITNESS,
				     .action = TOLD_KEY_ACTION_ISSUE,
				     .key = told_bytes(pair->key, TOLD_KEY_BYTES),
				     .number = 1,
				     .from_ms = header.created_ms - (uint64_t)TOLD_MS_HOUR,
				     .until_ms = header.created_ms + (uint64_t)(365 * TOLD_MS_DAY),
				     .possession = told_bytes(proof, TOLD_SIGNATURE_BYTES)};
	header.key_record = &part;
	return flow_signed(rig->flow, party, &header, NULL);
}

static void edit_store(struct rig *rig, const char *sql)
{
	char store[PATH_MAX];
	sqlite3 *db = NULL;
	char *why = NULL;
	snprintf(store, sizeof store, "%.4000s/told.db", rig->flow->world.broker_dir);
	assert_int_equal(sqlite3_open(store, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int rows_of(struct rig *rig, const char *sql)
{
	char store[PATH_MAX];
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	snprintf(store, sizeof store, "%.4000s/told.db", rig->flow->world.broker_dir);
	assert_int_equal(sqlite3_open(store, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int rows = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return rows;
}

struct since {
	struct flow_peer *peer;
	int64_t boot_ms;
};

static bool has_cosigned(void *ctx)
{
	struct since *since = ctx;
	return told_client_cosigned_boot_ms(since->peer->client) > since->boot_ms;
}

static int verified(struct rig *rig, struct told_buf *text)
{
	char store[PATH_MAX], policy[PATH_MAX], anchor[PATH_MAX];
	snprintf(store, sizeof store, "%.4000s/told.db", rig->flow->world.broker_dir);
	snprintf(policy, sizeof policy, "%.4000s/policy", rig->flow->world.broker_dir);
	snprintf(anchor, sizeof anchor, "%.4000s/checkpoint", rig->flow->world.dir);
	const char *argv[] = {"told-audit", "verify", "--store", store, "--policy", policy, "--against", anchor, NULL};
	return flow_run(argv, text);
}

/* A session that cosigns with a key that is not the one on record: not kept, not counted, and the way stays open. */
static void test_a_cosignature_by_a_key_that_is_not_on_record_is_not_kept(void **state)
{
	struct rig *rig = *state;
	struct bench_party *party = rig->hou->party;
	struct told_keypair *pair = &party->keys.of[TOLD_AGENCY_KEY_WITNESS], right = *pair;
	struct told_outgoing record = witness_key(rig, party);
	struct told_buf text = TOLD_BUF(1u << 20);
	assert_int_equal(flow_say(rig->hou, &record)->outcome, TOLD_ANSWER_ACCEPTED);
	*pair = rig->flow->world.consumer.keys.of[TOLD_AGENCY_KEY_WITNESS];
	party->witness = true;
	flow_leave(rig->hou);
	flow_rejoin(rig->hou);
	flow_until_ready(rig->hou);
	struct since since = {.peer = rig->hou, .boot_ms = bench_boot_ms()};
	flow_still_good(rig->hou, rig->emp);
	assert_true(flow_until(rig->flow, has_cosigned, &since, FLOW_WAIT_MS));
	flow_still_good(rig->hou, rig->emp); /* what was said before is heard by now */
	assert_int_equal(rows_of(rig, "SELECT count(*) FROM cosignature"), 0);
	flow_keep_checkpoint(rig->hou);
	int code = verified(rig, &text);
	if (code != 1) /* too few witnesses */
		fail_msg("told-audit %d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
	*pair = right;
	party->witness = false;
}

/* Whoever has the broker's machine writes a witness's line into the store: the auditor's program sees that nobody
 * signed it. */
static void test_a_witness_s_line_that_was_written_into_the_store_fails_the_audit(void **state)
{
	struct rig *rig = *state;
	struct told_buf text = TOLD_BUF(1u << 20);
	const uint8_t *key = rig->hou->party->keys.of[TOLD_AGENCY_KEY_WITNESS].key;
	struct told_vkey vkey;
	uint8_t raw[4 + 72] = {0};
	struct told_buf line = TOLD_BUF(1024);
	told_vkey_make(told_text("HOU"), TOLD_NOTE_COSIGNATURE, key, &vkey);
	memcpy(raw, vkey.id, 4);
	told_buf_put_text(&line, "INSERT INTO cosignature SELECT log, max(size), 'HOU', CAST('\xe2\x80\x94 HOU ");
	told_base64(told_bytes(raw, sizeof raw), &line);
	told_buf_put_text(&line, "' || char(10) AS BLOB) FROM checkpoint");
	flow_still_good(rig->hou, rig->emp);
	flow_keep_checkpoint(rig->hou);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	edit_store(rig, told_buf_cstr(&line));
	told_buf_free(&line);
	int code = verified(rig, &text);
	if (code != TOLD_EXIT_INTEGRITY)
		fail_msg("told-audit %d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
}

/* ---- the world ---- */

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
		cmocka_unit_test(test_a_look_said_again_gives_its_first_receipt_and_no_second_view),
		cmocka_unit_test(test_a_look_in_another_s_name_is_refused_and_gives_nothing),
		cmocka_unit_test(test_an_agency_without_an_agreement_sees_its_own_and_one_that_is_suspended_nothing),
		cmocka_unit_test(test_a_look_from_beyond_the_log_gives_nothing),
		cmocka_unit_test(test_a_cosignature_by_a_key_that_is_not_on_record_is_not_kept),
		cmocka_unit_test(test_a_witness_s_line_that_was_written_into_the_store_fails_the_audit),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
