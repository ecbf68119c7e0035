/* SPDX-License-Identifier: Apache-2.0 */
/* A receipt comes before the witnesses have signed; asked for later it stands under the quorum of the policy, for who
 * sent and for who received. A real broker, four agents as its witnesses, told-audit as the judge. */
#include "flow/consent_world.h"
#include "flow/kit.h"

#include <string.h>

static struct world world;
static char policy[PATH_MAX], message[40];

static int open_world(void **state)
{
	struct world *w = *state = &world;
	char id[40];
	world_open(w);
	snprintf(policy, sizeof policy, "%.4000s/policy", w->broker_dir);
	struct person ann = consent_person(w);
	consent_record(w, "HOU", consent_ask(&ann, "TT", "DEM.ID,HOU.SIT"), id);
	const json_t *reply = world_call(w, "HOU", told_agent_update,
					 json_pack("{s:s, s:s, s:o}", "client", ann.client, "to", "TT", "categories",
						   consent_list("DEM.ID,HOU.SIT")));
	snprintf(message, sizeof message, "%s",
		 json_string_value(json_object_get(json_array_get(json_object_get(reply, "messages"), 0), "id")));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* What told receipt would write now; the caller's. thin: it says itself that few have signed. */
static char *receipt_of(const char *party, const char *id, bool *thin)
{
	struct world_agent *a = world_agent(&world, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "message", id);
	enum told_status status = told_agent_receipt(a->agent, &a->caller, request, &reply);
	json_decref(request);
	char *text = status == TOLD_OK ? strdup(json_string_value(json_object_get(reply.json, "receipt"))) : NULL;
	*thin = status != TOLD_OK || json_is_true(json_object_get(reply.json, "thin"));
	told_reply_free(&reply);
	return text;
}

static bool is_signed(struct world *w, void *ctx)
{
	(void)w;
	bool thin = true;
	free(receipt_of(ctx, message, &thin));
	return !thin;
}

static int judged(const char *text)
{
	char path[PATH_MAX];
	struct told_buf out = TOLD_BUF(1u << 20);
	snprintf(path, sizeof path, "%.4000s/one.tlog-proof", world.dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	const char *argv[] = {"told-audit", "check-proof", path, "--policy", policy, NULL};
	int code = flow_run(argv, &out);
	if (code != 0)
		print_error("%s", told_buf_cstr(&out));
	told_buf_free(&out);
	return code;
}

/* The policy that the broker writes by itself: more than half of the four. */
static void holds_under_quorum(char *party)
{
	bool thin = true;
	world_until(&world, is_signed, party, "a receipt that more than half of the witnesses have signed");
	char *text = receipt_of(party, message, &thin);
	assert_non_null(text);
	assert_false(thin);
	assert_int_equal(judged(text), 0);
	free(text);
}

static void test_the_sender_s_receipt_comes_to_stand_under_the_quorum(void **state)
{
	(void)state;
	holds_under_quorum((char[]){"HOU"});
}

static void test_the_recipient_s_receipt_does_too(void **state)
{
	(void)state;
	holds_under_quorum((char[]){"TT"});
}

static void test_the_policy_asks_for_more_than_half(void **state)
{
	(void)state;
	struct told_bytes text = told_test_read(policy);
	assert_non_null(memmem(text.data, text.len, "group +agencies 3 ", 18));
	free((void *)(uintptr_t)text.data);
}

/* Who has none of it gets nothing by asking for its id. */
static void test_a_party_that_was_not_sent_it_has_no_receipt(void **state)
{
	(void)state;
	bool thin = false;
	assert_null(receipt_of("SUD", message, &thin));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_sender_s_receipt_comes_to_stand_under_the_quorum),
		cmocka_unit_test(test_the_recipient_s_receipt_does_too),
		cmocka_unit_test(test_the_policy_asks_for_more_than_half),
		cmocka_unit_test(test_a_party_that_was_not_sent_it_has_no_receipt),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
