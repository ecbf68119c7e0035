/* SPDX-License-Identifier: Apache-2.0 */
/* HPKE against RFC 9180 appendix A.1.1 and A.2.1, read from the shared folder: both suites' key schedules and exports,
 * and the product's own functions for the suite it uses. */
#include "proto/seal_cases.h"

#include "proto/seal_hpke.h"
#include "proto/seal_x25519.h"

#include <jansson.h>

#define VECTORS "vectors/hpke-rfc9180.json"

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	assert_non_null(text);
	return text;
}

static long number_of(const json_t *object, const char *name)
{
	return strtol(text_of(object, name), NULL, 10);
}

static void key_of(const json_t *suite, const char *name, uint8_t key[32])
{
	from_hex(text_of(suite, name), key, 32);
}

static int load(void **state)
{
	const char *path = told_test_shared(VECTORS);
	*state = path != NULL ? json_load_file(path, JSON_REJECT_DUPLICATES, NULL) : NULL;
	return *state != NULL ? 0 : -1;
}

static int unload(void **state)
{
	json_decref(*state);
	return 0;
}

static const json_t *suites_of(void **state)
{
	const json_t *suites = json_object_get(*state, "suites");
	assert_int_equal(json_array_size(suites), 2);
	return suites;
}

static void check_exports(const json_t *suite, const told_hash *exporter)
{
	const json_t *exports = json_object_get(suite, "exports");
	uint16_t aead = (uint16_t)number_of(suite, "aead_id");
	assert_true(json_array_size(exports) >= 3);
	for (size_t i = 0; i < json_array_size(exports); i++) {
		const json_t *one = json_array_get(exports, i);
		struct told_bytes context = told_test_hex(text_of(one, "exporter_context"));
		size_t len = (size_t)number_of(one, "L");
		uint8_t out[255];
		assert_true(len <= sizeof out);
		assert_int_equal(told_hpke_export_as(aead, exporter, context, out, len), TOLD_OK);
		assert_hex(out, len, text_of(one, "exported_value"));
		free((void *)(uintptr_t)context.data);
	}
}

static void test_both_key_schedules_are_those_of_rfc_9180(void **state)
{
	const json_t *suites = suites_of(state);
	bool ours = false;
	for (size_t i = 0; i < 2; i++) {
		const json_t *suite = json_array_get(suites, i);
		struct told_bytes info = told_test_hex(text_of(suite, "info"));
		uint16_t aead = (uint16_t)number_of(suite, "aead_id");
		uint8_t ephemeral[32], recipient[32], enc[32], dh[32];
		struct told_hpke_schedule schedule;
		told_hash shared;
		key_of(suite, "skEm", ephemeral);
		key_of(suite, "pkRm", recipient);
		assert_int_equal(number_of(suite, "mode"), 0);
		assert_int_equal(number_of(suite, "kem_id"), 0x0020);
		assert_int_equal(number_of(suite, "kdf_id"), 0x0001);
		ours = ours || aead == TOLD_HPKE_AEAD_CHACHA20;

		assert_int_equal(told_x25519_agree(ephemeral, recipient, enc, dh), TOLD_OK);
		assert_hex(enc, sizeof enc, text_of(suite, "enc"));
		assert_int_equal(told_hpke_shared(dh, enc, recipient, &shared), TOLD_OK);
		assert_hex(shared.b, sizeof shared.b, text_of(suite, "shared_secret"));
		assert_int_equal(told_hpke_schedule(aead, &shared, info, &schedule), TOLD_OK);
		assert_hex(schedule.context, sizeof schedule.context, text_of(suite, "key_schedule_context"));
		assert_hex(schedule.secret.b, sizeof schedule.secret.b, text_of(suite, "secret"));
		assert_hex(schedule.exporter.b, sizeof schedule.exporter.b, text_of(suite, "exporter_secret"));
		check_exports(suite, &schedule.exporter);
		free((void *)(uintptr_t)info.data);
	}
	assert_true(ours);
}

/* The public functions, at both ends, in the suite that protocol section 3 names. */
static void test_our_suite_sends_and_receives_the_contexts_of_rfc_9180(void **state)
{
	const json_t *suites = suites_of(state);
	size_t seen = 0;
	for (size_t i = 0; i < 2; i++) {
		const json_t *suite = json_array_get(suites, i);
		struct told_hpke sent, received;
		uint8_t ephemeral[32], recipient[32], secret[32], enc[32], out[32];
		if (number_of(suite, "aead_id") != TOLD_HPKE_AEAD_CHACHA20)
			continue;
		struct told_bytes info = told_test_hex(text_of(suite, "info"));
		key_of(suite, "skEm", ephemeral);
		key_of(suite, "pkRm", recipient);
		key_of(suite, "skRm", secret);
		key_of(suite, "enc", enc);
		assert_int_equal(told_hpke_send_with(ephemeral, recipient, info, &sent), TOLD_OK);
		assert_int_equal(told_hpke_receive(enc, secret, info, &received), TOLD_OK);
		assert_memory_equal(sent.enc, enc, sizeof enc);
		assert_hex(sent.exporter, sizeof sent.exporter, text_of(suite, "exporter_secret"));
		assert_memory_equal(&sent, &received, sizeof sent);

		const json_t *exports = json_object_get(suite, "exports");
		for (size_t e = 0; e < json_array_size(exports); e++, seen++) {
			const json_t *one = json_array_get(exports, e);
			struct told_bytes context = told_test_hex(text_of(one, "exporter_context"));
			assert_int_equal(told_hpke_export(&received, context, out, sizeof out), TOLD_OK);
			assert_hex(out, sizeof out, text_of(one, "exported_value"));
			free((void *)(uintptr_t)context.data);
		}
		free((void *)(uintptr_t)info.data);
	}
	assert_true(seen >= 3);
}

int main(void)
{
	told_test_need_shared(VECTORS);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_key_schedules_are_those_of_rfc_9180),
		cmocka_unit_test(test_our_suite_sends_and_receives_the_contexts_of_rfc_9180),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
