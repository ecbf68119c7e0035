/* SPDX-License-Identifier: Apache-2.0 */
/* Agencies as witnesses, with real processes: they cosign what the broker offers, the store keeps it, and told-audit
 * counts the quorum by the policy that the broker wrote. */
#include "flow/kit.h"

#include "told/codes.h"

#include <stdio.h>
#include <string.h>

/* The agency's witness key goes on record, and from now on its session cosigns. */
static void becomes_witness(struct flow_peer *peer)
{
	struct bench_party *party = peer->party;
	struct flow *flow = peer->flow;
	const struct told_keypair *pair = &party->keys.of[TOLD_AGENCY_KEY_WITNESS];
	uint8_t proof[TOLD_SIGNATURE_BYTES];
	struct told_signer *signer = NULL;
	assert_int_equal(told_signer_new(pair->secret, &signer), TOLD_OK);
	assert_int_equal(told_possession_sign(signer, told_text(party->name), pair->key, proof), TOLD_OK);
	told_signer_free(signer);
	struct told_header header = flow_header(flow, party, TOLD_TYPE_KEY_RECORD);
	struct told_key_part part = {.purpose = TOLD_KEY_WITNESS,
				     .action = TOLD_KEY_ACTION_ISSUE,
				     .key = told_bytes(pair->key, TOLD_KEY_BYTES),
				     .number = 1,
				     .from_ms = header.created_ms - (uint64_t)TOLD_MS_HOUR,
				     .until_ms = header.created_ms + (uint64_t)(365 * TOLD_MS_DAY),
				     .possession = told_bytes(proof, sizeof proof)};
	header.key_record = &part;
	struct told_outgoing message = flow_signed(flow, party, &header, NULL);
	assert_int_equal(flow_say(peer, &message)->outcome, TOLD_ANSWER_ACCEPTED);
	party->witness = true;
	flow_leave(peer);
	flow_rejoin(peer);
	flow_until_ready(peer);
}

struct since {
	struct flow *flow;
	int64_t boot_ms;
};

static bool both_cosigned(void *ctx)
{
	struct since *since = ctx;
	for (size_t i = 0; i < since->flow->peer_count; i++)
		if (told_client_cosigned_boot_ms(since->flow->peers[i]->client) <= since->boot_ms)
			return false;
	return true;
}

/* Both sign the checkpoint of what is there by now, and the broker has heard them: who speaks next is heard later. */
static void until_both_cosigned(struct flow_peer *hou, struct flow_peer *emp)
{
	struct since since = {.flow = hou->flow, .boot_ms = bench_boot_ms()};
	assert_true(flow_until(hou->flow, both_cosigned, &since, FLOW_WAIT_MS));
	struct told_outgoing one = flow_worker(hou->flow, hou->party, "W1", 0);
	struct told_outgoing other = flow_worker(hou->flow, emp->party, "W2", 0);
	assert_int_equal(flow_say(hou, &one)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(flow_say(emp, &other)->outcome, TOLD_ANSWER_ACCEPTED);
}

static void test_agencies_cosign_and_the_auditor_counts_their_quorum(void **state)
{
	(void)state;
	struct flow *flow = flow_new(1);
	struct flow_peer *hou = flow_join(flow, &flow->world.sender, true);
	struct flow_peer *emp = flow_join(flow, &flow->world.consumer, true);
	flow_until_ready(hou);
	flow_until_ready(emp);
	becomes_witness(hou);
	becomes_witness(emp);
	flow_still_good(hou, emp);
	until_both_cosigned(hou, emp);
	flow_keep_checkpoint(hou);
	assert_int_equal(flow_broker_stop(flow), 0);

	char store[PATH_MAX], policy[PATH_MAX], anchor[PATH_MAX];
	struct told_buf text = TOLD_BUF(1048576);
	snprintf(store, sizeof store, "%.4000s/told.db", flow->world.broker_dir);
	snprintf(policy, sizeof policy, "%.4000s/policy", flow->world.broker_dir);
	snprintf(anchor, sizeof anchor, "%.4000s/checkpoint", flow->world.dir);
	const char *argv[] = {"told-audit", "verify", "--store", store, "--policy", policy, "--against", anchor, NULL};
	int code = flow_run(argv, &text);
	if (code != 0 || strstr(told_buf_cstr(&text), "witnesses enough have signed") == NULL)
		fail_msg("told-audit %d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
	flow_free(flow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agencies_cosign_and_the_auditor_counts_their_quorum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
