/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks learns nothing from the answer: not whether a person is known, not whether they refused, are protected, or
 * were asked about with success (protocol.md section 5). Bytes, sizes and time, through real sockets, in random order.
 * TOLD_UNIFORM_ASKS=10000 (and TOLD_UNIFORM_DIR, an empty folder, where the disk is too noisy to measure by) asks that
 * often of each kind and holds the times to the protocol's own bounds; by itself the test asks a few hundred times,
 * prints the times and only refuses what no noise explains. */
#include "flow/kit.h"

#include "proto/leaf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASKS_DEFAULT 200u
#define ASKS_MAX     20000u
#define PEOPLE       16u /* of each kind: no answer rests on one record being at hand */

/* What is asked about. A KNOWN is another message than an ASK, and the asker knows which it sent: times are compared
 * within each. */
enum kind { UNKNOWN, REFUSED, PROTECTED, RELEASED, KNOWN_UNKNOWN, KNOWN_RELEASED, KINDS };
static const char *const names[KINDS] = {
	"unknown", "refused", "protected", "released", "KNOWN, unknown", "KNOWN, released",
};

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
	struct told_arena *scratch; /* of one ask */
	told_hash agreement;
	uint8_t refs[KINDS][PEOPLE][TOLD_ID_BYTES];
	uint64_t *took_ns[KINDS];
	size_t count[KINDS], asks;
	uint8_t masked[512]; /* the first answer, and what every other must be */
	size_t masked_len;
};

/* ---- the world: what HOU holds of each kind of person ---- */

static void agree(struct rig *rig)
{
	struct told_buf text = TOLD_BUF(65536), more = TOLD_BUF(65536);
	bench_agreement(&rig->flow->world, "ISA-UNIFORM", "2099-12-31", &text);
	char *types = strstr(told_buf_cstr(&text), "STATUS_UPDATE, ASK]");
	assert_non_null(types);
	told_buf_put(&more, text.data, (size_t)((uint8_t *)types - text.data));
	told_buf_put_text(&more,
			  "STATUS_UPDATE, ASK, KNOWN]\n    purposes: [COORD]\n    data: [DEM.ID, HOU.SIT, REF.META]\n");
	struct told_bytes file = told_arena_copy(rig->flow->arena, told_buf_view(&more));
	told_sha256(file, &rig->agreement);
	struct told_outgoing one = flow_agreement(rig->flow, &rig->flow->world.sender, "ISA-UNIFORM", file);
	struct told_outgoing two = flow_agreement(rig->flow, &rig->flow->world.consumer, "ISA-UNIFORM", file);
	assert_int_equal(flow_say(rig->hou, &one)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(flow_say(rig->emp, &two)->outcome, TOLD_ANSWER_ACCEPTED);
	told_buf_free(&text);
	told_buf_free(&more);
}

static struct told_header about(struct rig *rig, struct bench_party *as, uint32_t type,
				const uint8_t client[TOLD_ID_BYTES])
{
	struct told_header header = flow_header(rig->flow, as, type);
	header.client_ref = told_bytes(client, TOLD_ID_BYTES);
	header.author = told_text("w1");
	header.role = TOLD_ROLE_PRACTITIONER;
	return header;
}

static void say(struct flow_peer *peer, const struct told_header *header, const struct told_body *body)
{
	struct told_outgoing out = flow_signed(peer->flow, peer->party, header, body);
	assert_int_equal(flow_say(peer, &out)->outcome, TOLD_ANSWER_ACCEPTED);
}

static void refusal(struct rig *rig, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_header header = about(rig, rig->hou->party, TOLD_TYPE_CONSENT, client);
	struct told_consent_recipient_part recipient = {.party = told_text("EMP")};
	uint32_t purpose = TOLD_PURPOSE_COORD, category = TOLD_CATEGORY_HOU_SIT;
	struct told_consent_part part = {
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.state = TOLD_CONSENT_STATE_REFUSED,
		.given_ms = header.created_ms - (uint64_t)TOLD_MS_MINUTE,
		.recipients = {.items = &recipient, .count = 1},
		.purposes = {.items = &purpose, .count = 1},
		.include = {.items = &category, .count = 1},
		.giver = TOLD_GIVER_PERSON,
		.capacity = TOLD_CAPACITY_HAS,
		.freely_given = TOLD_YES_NO_YES,
	};
	header.consent = &part;
	say(rig->hou, &header, NULL);
}

static void protection(struct rig *rig, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_header header = about(rig, rig->hou->party, TOLD_TYPE_FLAG, client);
	struct told_flag_part part = {
		.kind = TOLD_FLAG_LOCATION_PROTECTED, .state = TOLD_FLAG_STATE_SET, .since_ms = header.created_ms};
	header.flag = &part;
	say(rig->hou, &header, NULL);
}

static void relationship(struct rig *rig, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_header header = about(rig, rig->emp->party, TOLD_TYPE_RELATIONSHIP, client);
	struct told_relationship_part part = {
		.kind = TOLD_RELATIONSHIP_TEAM, .live = TOLD_YES_NO_YES, .from_ms = header.created_ms};
	header.relationship = &part;
	say(rig->emp, &header, NULL);
}

/* Where they live now: a place of refuge, if it locates. Nobody may open it before a grant. */
static struct told_bytes deposit(struct rig *rig, const uint8_t client[TOLD_ID_BYTES], bool locates,
				 struct told_plain_section *section, uint8_t deposit_id[TOLD_ID_BYTES])
{
	struct bench_party *hou = rig->hou->party;
	struct told_header header = about(rig, hou, TOLD_TYPE_DEPOSIT, client);
	struct told_deposit_part part = {.deposit_id = told_bytes(deposit_id, TOLD_ID_BYTES), .version = 1};
	struct told_outgoing out = {.type = header.type, .sender_seq = header.sender_seq};
	assert_int_equal(told_random(deposit_id, TOLD_ID_BYTES), TOLD_OK);
	*section = (struct told_plain_section){
		.header = {.category = TOLD_CATEGORY_HOU_SIT,
			   .voice = TOLD_VOICE_WORKER,
			   .recorded_ms = header.created_ms,
			   .originator = told_text("HOU"),
			   .author = told_text("w1"),
			   .onward = TOLD_YES_NO_YES,
			   .locates = locates ? TOLD_YES_NO_YES : TOLD_YES_NO_NONE},
		.content = told_text("a room of her own"),
	};
	header.deposit = &part;
	memcpy(out.id, header.id.data, TOLD_ID_BYTES);
	assert_int_equal(told_message_seal(rig->flow->arena, &header, section, 1, NULL, 0, &out.header, &out.body),
			 TOLD_OK);
	assert_int_equal(
		told_outgoing_sign(rig->flow->arena, hou->signing, hou->keys.of[TOLD_AGENCY_KEY_SIGNING].key, &out, 1),
		TOLD_OK);
	assert_int_equal(flow_say(rig->hou, &out)->outcome, TOLD_ANSWER_ACCEPTED);
	return told_arena_copy(rig->flow->arena, told_bytes(out.id, TOLD_ID_BYTES));
}

static void grant(struct rig *rig, const uint8_t client[TOLD_ID_BYTES], struct told_bytes message,
		  const struct told_plain_section *section, const uint8_t deposit_id[TOLD_ID_BYTES],
		  const uint8_t consent_id[TOLD_ID_BYTES])
{
	struct told_header header = about(rig, rig->hou->party, TOLD_TYPE_GRANT, client);
	struct told_seal_to to = {.recipient = told_text("EMP")};
	struct told_wrap wrap;
	told_hash wrap_hash, key_id;
	memcpy(to.key, rig->emp->party->keys.of[TOLD_AGENCY_KEY_SEALING].key, TOLD_KEY_BYTES);
	told_key_id(to.key, &key_id);
	assert_int_equal(told_wrap_make(rig->flow->arena, told_text("HOU"), &to, message.data, &section->digest,
					section->key, &wrap, &wrap_hash),
			 TOLD_OK);
	struct told_grant_part part = {
		.recipient = to.recipient,
		.sealing_key_id = told_bytes(key_id.b, sizeof key_id.b),
		.message_id = message,
		.deposit_id = told_bytes(deposit_id, TOLD_ID_BYTES),
		.deposit_version = 1,
		.section_digest = told_bytes(section->digest.b, TOLD_HASH_BYTES),
		.agreement = told_text("ISA-UNIFORM"),
		.agreement_version = 1,
		.consent_id = told_bytes(consent_id, TOLD_ID_BYTES),
		.clause = told_text("4.1"),
		.wrap_hash = told_bytes(wrap_hash.b, sizeof wrap_hash.b),
	};
	struct told_body body = {.wraps = {&wrap, 1}};
	header.grants = (struct told_grant_part_list){&part, 1};
	say(rig->hou, &header, &body);
}

static void person(struct rig *rig, enum kind kind, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_plain_section section;
	uint8_t deposit_id[TOLD_ID_BYTES];
	if (kind == UNKNOWN || kind == KNOWN_UNKNOWN)
		return;
	relationship(rig, client);
	struct told_bytes message = deposit(rig, client, kind == PROTECTED, &section, deposit_id);
	if (kind == REFUSED) {
		refusal(rig, client);
		return;
	}
	struct told_outgoing consent = flow_consent(rig->flow, rig->hou->party, client);
	assert_int_equal(flow_say(rig->hou, &consent)->outcome, TOLD_ANSWER_ACCEPTED);
	if (kind == PROTECTED)
		protection(rig, client);
	else
		grant(rig, client, message, &section, deposit_id, consent.id);
}

/* ---- asking ---- */

static void state_the_flow(struct rig *rig, struct told_header *header)
{
	struct told_arena *arena = rig->flow->arena;
	struct told_bytes *holder = told_arena_alloc(arena, sizeof *holder);
	uint32_t *purpose = told_arena_alloc(arena, sizeof *purpose);
	struct told_agreement_ref *agreement = told_arena_alloc(arena, sizeof *agreement);
	struct told_basis_part *basis = told_arena_alloc(arena, sizeof *basis);
	assert_true(holder != NULL && purpose != NULL && agreement != NULL && basis != NULL);
	*holder = told_text("HOU");
	*purpose = TOLD_PURPOSE_COORD;
	*agreement =
		(struct told_agreement_ref){told_text("ISA-UNIFORM"), 1, told_bytes(rig->agreement.b, TOLD_HASH_BYTES)};
	*basis =
		(struct told_basis_part){.art6 = TOLD_ART6_E, .confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT};
	header->recipients = (struct told_bytes_list){holder, 1};
	header->purposes = (struct told_u32_list){purpose, 1};
	header->bases = (struct told_basis_part_list){basis, 1};
	header->agreement = agreement;
}

static struct told_outgoing ask(struct rig *rig, const uint8_t client[TOLD_ID_BYTES])
{
	uint32_t category = TOLD_CATEGORY_HOU_SIT;
	struct told_header header = about(rig, rig->emp->party, TOLD_TYPE_ASK, client);
	state_the_flow(rig, &header);
	header.asked = (struct told_u32_list){&category, 1};
	return flow_signed(rig->flow, rig->emp->party, &header, NULL);
}

/* The tokens lie inside the section; the header names the person where the asker has a reference. */
static struct told_outgoing ask_known(struct rig *rig, const uint8_t client[TOLD_ID_BYTES])
{
	struct bench_party *emp = rig->emp->party;
	struct told_header header = about(rig, emp, TOLD_TYPE_KNOWN, client);
	struct told_outgoing out = {.type = header.type, .sender_seq = header.sender_seq};
	struct told_seal_to to = {.recipient = told_text("HOU")};
	struct told_plain_section section = {
		.header = {.category = TOLD_CATEGORY_REF_META,
			   .voice = TOLD_VOICE_WORKER,
			   .recorded_ms = header.created_ms,
			   .originator = told_text("EMP"),
			   .author = told_text("w1"),
			   .basis = 1},
		.content = told_text("{\"tokens\":[]}"),
	};
	state_the_flow(rig, &header);
	memcpy(to.key, rig->hou->party->keys.of[TOLD_AGENCY_KEY_SEALING].key, TOLD_KEY_BYTES);
	memcpy(out.id, header.id.data, TOLD_ID_BYTES);
	assert_int_equal(told_message_seal(rig->flow->arena, &header, &section, 1, &to, 1, &out.header, &out.body),
			 TOLD_OK);
	assert_int_equal(
		told_outgoing_sign(rig->flow->arena, emp->signing, emp->keys.of[TOLD_AGENCY_KEY_SIGNING].key, &out, 1),
		TOLD_OK);
	return out;
}

static void blank(struct told_bytes *bytes)
{
	memset((void *)(uintptr_t)bytes->data, 0, bytes->len);
}

/* The entry without what is the request's own (id, number, type), the time, and what is random in every entry: all of
 * them keep their length, and what is left must be the same in every byte. */
static size_t masked(struct rig *rig, const struct flow_answer *answer, uint8_t out[512])
{
	struct told_leaf *leaf = NULL;
	struct told_buf bytes = TOLD_BUF(512);
	assert_true(answer->leaf_len <= sizeof answer->leaf);
	struct told_bytes copy = told_arena_copy(rig->flow->arena, told_bytes(answer->leaf, answer->leaf_len));
	assert_int_equal(told_leaf_decode(copy, rig->flow->arena, &leaf), TOLD_OK);
	leaf->time_ms = leaf->sender_seq = leaf->as_of = 1;
	leaf->type = TOLD_TYPE_ASK;
	blank(&leaf->txid);
	blank(&leaf->subject_tag);
	blank(&leaf->facts);
	blank(&leaf->ruling);
	blank(&leaf->subject);
	assert_int_equal(told_leaf_encode(leaf, &bytes), TOLD_OK);
	memcpy(out, bytes.data, bytes.len);
	size_t len = bytes.len;
	told_buf_free(&bytes);
	return len;
}

/* Nothing of the answer may depend on the ruling. */
static void same_as_all(struct rig *rig, enum kind kind, const struct flow_answer *answer)
{
	uint8_t bytes[512];
	size_t len = masked(rig, answer, bytes);
	if (rig->masked_len == 0) {
		rig->masked_len = len;
		memcpy(rig->masked, bytes, len);
	}
	if (len != rig->masked_len || memcmp(bytes, rig->masked, len) != 0)
		fail_msg("an answer of the kind \"%s\" differs", names[kind]);
	assert_int_equal(answer->outcome, TOLD_ANSWER_ANSWERED);
	assert_int_equal(answer->phase, TOLD_PHASE_ANSWERED);
	assert_int_equal(answer->status, 0);
	assert_false(answer->opened);
	assert_false(answer->busy);
}

static void ask_once(struct rig *rig, enum kind kind)
{
	struct flow_peer *emp = rig->emp;
	uint8_t random[TOLD_ID_BYTES];
	told_arena_reset(rig->scratch);
	assert_int_equal(told_random(random, sizeof random), TOLD_OK);
	const uint8_t *client = rig->refs[kind][random[0] % PEOPLE];
	if (kind == UNKNOWN || kind == KNOWN_UNKNOWN)
		client = random;
	struct told_outgoing out = kind < KNOWN_UNKNOWN ? ask(rig, client) : ask_known(rig, client);
	emp->answer_count = emp->parcel_count = 0;
	uint64_t start_ns = bench_now_ns();
	const struct flow_answer *answer = flow_say(emp, &out);
	rig->took_ns[kind][rig->count[kind]++] = bench_now_ns() - start_ns;
	same_as_all(rig, kind, answer);
}

/* ---- figures ---- */

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static double median_us(const struct rig *rig, enum kind kind)
{
	return (double)rig->took_ns[kind][rig->asks / 2] / 1000.0;
}

/* Two samples of n each, sorted: the largest distance of their distributions, and how likely that is of equal ones
 * (Kolmogorov's limit with Stephens's correction). */
static double likely(const uint64_t *a, const uint64_t *b, size_t n, double *distance)
{
	size_t i = 0, j = 0;
	*distance = 0;
	while (i < n && j < n) {
		uint64_t at = a[i] < b[j] ? a[i] : b[j];
		for (; i < n && a[i] == at; i++)
			;
		for (; j < n && b[j] == at; j++)
			;
		double apart = fabs((double)i - (double)j) / (double)n;
		*distance = apart > *distance ? apart : *distance;
	}
	double root = sqrt((double)n / 2), lambda = (root + 0.12 + 0.11 / root) * *distance, sum = 0;
	for (int k = 1; k <= 100; k++)
		sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * lambda * lambda);
	return lambda < 0.2 ? 1 : sum < 0 ? 0 : sum > 1 ? 1 : sum;
}

/* Strict: medians within 2 %, p above 0.01. Otherwise a machine at work may differ by a third. */
static void compare(const struct rig *rig, enum kind one, enum kind two, bool strict)
{
	double distance, p = likely(rig->took_ns[one], rig->took_ns[two], rig->asks, &distance);
	double apart = fabs(median_us(rig, one) / median_us(rig, two) - 1);
	print_message("%-16s %-16s medians %.2f %% apart, D %.4f, p %.3f\n", names[one], names[two], 100 * apart,
		      distance, p);
	assert_true(apart < (strict ? 0.02 : 0.33));
	if (strict)
		assert_true(p > 0.01);
}

static void test_no_answer_tells_what_it_was_about(void **state)
{
	struct rig *rig = *state;
	struct told_arena *kept = rig->flow->arena;
	bool strict = rig->asks >= 10000;
	size_t total = rig->asks * KINDS;
	uint8_t *order = test_calloc(total, 1);
	for (size_t i = 0; i < total; i++)
		order[i] = (uint8_t)(i % KINDS);
	for (size_t i = total - 1; i > 0; i--) {
		uint64_t random;
		assert_int_equal(told_random(&random, sizeof random), TOLD_OK);
		size_t j = random % (i + 1);
		uint8_t swap = order[i];
		order[i] = order[j];
		order[j] = swap;
	}
	rig->flow->arena = rig->scratch;
	for (size_t i = 0; i < total; i++)
		ask_once(rig, order[i]);
	rig->flow->arena = kept;
	test_free(order);
	print_message("%zu asks of each kind; each answer one entry of %zu bytes, and its proof\n", rig->asks,
		      rig->masked_len);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		assert_int_equal(rig->count[kind], rig->asks);
		qsort(rig->took_ns[kind], rig->asks, sizeof rig->took_ns[kind][0], by_size);
		print_message("%-16s median %.0f us, p10 %.0f us, p90 %.0f us\n", names[kind], median_us(rig, kind),
			      (double)rig->took_ns[kind][rig->asks / 10] / 1000.0,
			      (double)rig->took_ns[kind][rig->asks * 9 / 10] / 1000.0);
	}
	for (unsigned one = UNKNOWN; one < KNOWN_UNKNOWN; one++)
		for (unsigned two = one + 1; two < KNOWN_UNKNOWN; two++)
			compare(rig, one, two, strict);
	compare(rig, KNOWN_UNKNOWN, KNOWN_RELEASED, strict);
	assert_int_equal(rig->emp->fault, TOLD_OK);
}

/* Otherwise all would be alike because nothing is ever released. */
static void test_what_is_released_comes_as_a_parcel(void **state)
{
	struct rig *rig = *state;
	for (unsigned kind = 0; kind < KNOWN_UNKNOWN; kind++) {
		struct told_outgoing out = ask(rig, rig->refs[kind][0]);
		rig->emp->answer_count = rig->emp->parcel_count = 0;
		assert_int_equal(flow_say(rig->emp, &out)->outcome, TOLD_ANSWER_ANSWERED);
		flow_still_good(rig->hou, rig->emp);
		size_t replies = 0;
		for (size_t i = 0; i < rig->emp->parcel_count; i++)
			replies += rig->emp->parcels[i].type == TOLD_TYPE_ASK_REPLY;
		assert_int_equal(replies, kind == RELEASED);
	}
}

static int set_up(void **state)
{
	struct rig *rig = calloc(1, sizeof *rig);
	const char *asks = getenv("TOLD_UNIFORM_ASKS");
	assert_non_null(rig);
	rig->asks = asks != NULL ? strtoul(asks, NULL, 10) : ASKS_DEFAULT;
	assert_true(rig->asks >= 10 && rig->asks <= ASKS_MAX);
	assert_int_equal(told_arena_new(16u * 1024u * 1024u, &rig->scratch), TOLD_OK);
	const char *dir = getenv("TOLD_UNIFORM_DIR");
	rig->flow = flow_new_at(1, dir != NULL ? dir : told_test_dir());
	rig->emp = flow_join(rig->flow, &rig->flow->world.consumer, true);
	rig->hou = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_still_good(rig->hou, rig->emp);
	agree(rig);
	assert_int_equal(told_random(rig->refs, sizeof rig->refs), TOLD_OK);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		rig->took_ns[kind] = calloc(rig->asks, sizeof rig->took_ns[kind][0]);
		assert_non_null(rig->took_ns[kind]);
		for (size_t i = 0; i < PEOPLE; i++)
			person(rig, kind, rig->refs[kind][i]);
	}
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	flow_free(rig->flow);
	told_arena_free(rig->scratch);
	for (unsigned kind = 0; kind < KINDS; kind++)
		free(rig->took_ns[kind]);
	free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_released_comes_as_a_parcel),
		cmocka_unit_test(test_no_answer_tells_what_it_was_about),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
