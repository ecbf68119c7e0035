/* SPDX-License-Identifier: Apache-2.0 */
/* Folders, keys and settings: made once, judged by fstat, wrong ones said to be so with what to do. */
#include "agent/world.h"

#include "agents/keys/keyfile.h"
#include "agents/keys/settings.h"

#include <sys/stat.h>

static void write_file(const char *path, const char *text, mode_t mode)
{
	assert_int_equal(told_file_write(path, told_text(text), mode), TOLD_OK);
}

static void a_key_file_that_others_can_read_is_refused_with_the_fix(void **state)
{
	const char *dir = told_test_dir();
	char path[PATH_MAX];
	uint8_t secret[TOLD_KEY_BYTES] = {1}, back[TOLD_KEY_BYTES];
	struct told_buf why = TOLD_BUF(4096);
	(void)state;
	assert_int_equal(told_keyfile_write(dir, "signing", secret), TOLD_OK);
	assert_int_equal(told_keyfile_write(dir, "signing", secret), TOLD_E_EXISTS); /* never replaced */
	assert_int_equal(told_keyfile_read(dir, "signing", back, &why), TOLD_OK);
	assert_memory_equal(secret, back, sizeof secret);
	snprintf(path, sizeof path, "%s/signing.key", dir);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(told_keyfile_read(dir, "signing", back, &why), TOLD_E_PERMISSION);
	assert_non_null(strstr(told_buf_cstr(&why), "chmod 600"));
	for (size_t i = 0; i < sizeof back; i++)
		assert_int_equal(back[i], 0);
	told_buf_free(&why);
}

static void a_key_file_with_other_content_is_refused(void **state)
{
	static const char *const texts[] = {"", "\n", "00", "zz",
					    "x1f0000000000000000000000000000000000000000000000000000000000000\n"};
	const char *dir = told_test_dir();
	char path[PATH_MAX];
	uint8_t back[TOLD_KEY_BYTES];
	(void)state;
	snprintf(path, sizeof path, "%s/log.key", dir);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		write_file(path, texts[i], 0600);
		assert_int_equal(told_keyfile_read(dir, "log", back, NULL), TOLD_E_CONFIG);
	}
	assert_int_equal(told_keyfile_read(dir, "absent", back, NULL), TOLD_E_NOT_FOUND);
}

static void six_keys_are_made_and_no_two_alike(void **state)
{
	const char *dir = told_test_dir();
	struct told_keys keys;
	(void)state;
	assert_int_equal(told_keys_make(dir), TOLD_OK);
	assert_int_equal(told_keys_make(dir), TOLD_E_EXISTS);
	assert_int_equal(told_keys_load(dir, &keys, NULL), TOLD_OK);
	for (size_t i = 0; i < TOLD_AGENCY_KEY_COUNT; i++)
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(keys.of[i].secret, keys.of[j].secret, TOLD_KEY_BYTES);
	told_keys_wipe(&keys);
	assert_int_equal(keys.of[0].secret[0] | keys.of[1].secret[1], 0);
}

static void partnership_json_reads_back_and_says_what_is_wrong_with_it(void **state)
{
	static const char *const spoil[][2] = {{"endpoint", "endpint"},
					       {"\"operator_key\": \"", "\"operator_key\": \"zz"},
					       {"{", "{\"more\": 1, "},
					       {"}", ""},
					       {"+", "-"}};
	const char *dir = told_test_dir();
	char path[PATH_MAX], bad[PATH_MAX];
	struct told_partnership p;
	struct told_buf why = TOLD_BUF(4096);
	(void)state;
	snprintf(path, sizeof path, "%s/broker", dir);
	assert_int_equal(told_init_broker(path, "northtown.example", "tcp://127.0.0.1:0", &why), TOLD_OK);
	snprintf(path, sizeof path, "%s/broker/partnership.json", dir);
	snprintf(bad, sizeof bad, "%s/bad.json", dir);
	assert_int_equal(told_partnership_read(path, &p, &why), TOLD_OK);
	assert_string_equal(p.partnership, "northtown.example");
	struct told_bytes text = told_test_read(path);
	for (size_t i = 0; i < sizeof spoil / sizeof spoil[0]; i++) {
		struct told_buf out = TOLD_BUF(8192);
		const char *at = strstr((const char *)text.data, spoil[i][0]);
		assert_non_null(at);
		told_buf_put(&out, text.data, (size_t)(at - (const char *)text.data));
		told_buf_put_text(&out, spoil[i][1]);
		told_buf_put_text(&out, at + strlen(spoil[i][0]));
		write_file(bad, told_buf_cstr(&out), 0644);
		why.len = 0;
		assert_int_equal(told_partnership_read(bad, &p, &why), TOLD_E_CONFIG);
		assert_non_null(strstr(told_buf_cstr(&why), "bad.json"));
		told_buf_free(&out);
	}
	free((void *)(uintptr_t)text.data);
	told_buf_free(&why);
}

static void settings_are_refused_with_file_and_line(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"party HOU\n", ":1:"},
		{"party: HOU\nparty: TT\nprofile: x\n", ":2: this setting stands twice"},
		{"party: HOU\n\n# a comment\nprotile: x\n", ":4: no such setting"},
		{"party: HOU\n", "\"profile\" is missing"},
		{"party:\nprofile: x\n", ":1: the value is empty"},
	};
	const char *dir = told_test_dir();
	char path[PATH_MAX];
	struct told_agent_settings settings;
	(void)state;
	snprintf(path, sizeof path, "%s/agent.yaml", dir);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct told_buf why = TOLD_BUF(4096);
		write_file(path, rows[i].text, 0600);
		assert_int_equal(told_agent_settings_read(dir, &settings, &why), TOLD_E_CONFIG);
		assert_non_null(strstr(told_buf_cstr(&why), rows[i].says));
		told_buf_free(&why);
	}
	write_file(path, "# ours\nparty: HOU\nprofile: \"/a b\"\n", 0600);
	assert_int_equal(told_agent_settings_read(dir, &settings, NULL), TOLD_OK);
	assert_string_equal(settings.profile, "/a b");
	assert_string_equal(settings.socket, "run/api.sock");
}

static void wrong_names_and_endpoints_are_refused_before_anything_is_made(void **state)
{
	char dir[PATH_MAX];
	struct told_buf why = TOLD_BUF(4096);
	(void)state;
	snprintf(dir, sizeof dir, "%s/broker", told_test_dir());
	assert_int_equal(told_init_broker(dir, "north town", "tcp://127.0.0.1:0", &why), TOLD_E_USAGE);
	assert_int_equal(told_init_broker(dir, "northtown", "ipc://x", &why), TOLD_E_USAGE);
	assert_int_not_equal(access(dir, F_OK), 0);
	assert_int_equal(told_init_broker(dir, "northtown", "tcp://127.0.0.1:0", &why), TOLD_OK);
	assert_int_equal(told_init_broker(dir, "northtown", "tcp://127.0.0.1:0", &why), TOLD_E_EXISTS);
	told_buf_free(&why);
}

static void an_agents_folder_is_made_once_and_opened_by_one(void **state)
{
	struct world w = {.dir = ""};
	struct world_agent a = {.party = "HOU"};
	char partnership[PATH_MAX + 32];
	struct told_buf why = TOLD_BUF(4096);
	struct told_agent *second = NULL;
	struct told_agency agency = {.name = "x"};
	(void)state;
	snprintf(w.dir, sizeof w.dir, "%s", told_test_dir());
	snprintf(w.broker_dir, sizeof w.broker_dir, "%.*s/broker", PATH_MAX - 16, w.dir);
	snprintf(a.dir, sizeof a.dir, "%.*s/HOU", PATH_MAX - 16, w.dir);
	snprintf(partnership, sizeof partnership, "%s/partnership.json", w.broker_dir);
	assert_int_equal(told_init_broker(w.broker_dir, "northtown.example", "tcp://127.0.0.1:1", NULL), TOLD_OK);
	struct told_init_agency what = {.dir = a.dir, .party = "HOU", .profile = "/p", .partnership_file = partnership};
	assert_int_equal(told_init_agency(&what, &a.made, &why), TOLD_OK);
	assert_int_equal(told_init_agency(&what, &a.made, &why), TOLD_E_EXISTS);
	assert_int_equal(told_init_agency(&(struct told_init_agency){.dir = a.dir, .party = "no party"}, &a.made, &why),
			 TOLD_E_USAGE);
	assert_int_equal(told_agent_open(a.dir, &agency, &a.agent, &why), TOLD_OK);
	why.len = 0;
	assert_int_equal(told_agent_open(a.dir, &agency, &second, &why), TOLD_E_IN_USE);
	assert_non_null(strstr(told_buf_cstr(&why), "another told-agent"));
	told_agent_close(a.agent);
	/* Another vault key: said before anything is shown. */
	char path[PATH_MAX + 32];
	snprintf(path, sizeof path, "%s/keys/vault.key", a.dir);
	assert_int_equal(unlink(path), 0);
	write_file(path, "0101010101010101010101010101010101010101010101010101010101010101\n", 0600);
	why.len = 0;
	assert_int_equal(told_agent_open(a.dir, &agency, &second, &why), TOLD_E_CONFIG);
	assert_non_null(strstr(told_buf_cstr(&why), "vault.key"));
	told_buf_free(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_file_that_others_can_read_is_refused_with_the_fix),
		cmocka_unit_test(a_key_file_with_other_content_is_refused),
		cmocka_unit_test(six_keys_are_made_and_no_two_alike),
		cmocka_unit_test(partnership_json_reads_back_and_says_what_is_wrong_with_it),
		cmocka_unit_test(settings_are_refused_with_file_and_line),
		cmocka_unit_test(wrong_names_and_endpoints_are_refused_before_anything_is_made),
		cmocka_unit_test(an_agents_folder_is_made_once_and_opened_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
