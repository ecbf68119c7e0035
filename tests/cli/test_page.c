/* SPDX-License-Identifier: Apache-2.0 */
/* What the command prints at a terminal of eighty columns: every help, and lists as long as they are in a busy week. */
#include "cli/run.h"

#include "agents/cli/show.h"

#define ID     "01a206e257267000bedb6c857bc6e3ea"
#define CLIENT "1TAW9-S5S31-DG0HT-2XGYT-JDGVN8-0"

static size_t width_of(const char *line, size_t len)
{
	size_t width = 0;
	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)line[i] & 0xc0) != 0x80;
	return width;
}

static void fits(const char *text, const char *what)
{
	for (const char *line = text, *end; *line != '\0'; line = *end == '\0' ? end : end + 1) {
		end = strchrnul(line, '\n');
		if (width_of(line, (size_t)(end - line)) > 80)
			fail_msg("%s is too wide: %.*s", what, (int)(end - line), line);
	}
}

static void test_every_help_fits_a_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		struct ran ran =
			command->verb != NULL ? RUN("help", command->noun, command->verb) : RUN("help", command->noun);
		assert_int_equal(ran.exit, TOLD_EXIT_DONE);
		fits(ran.out, command->noun);
		ran_free(&ran);
	}
}

/* The reply as a person sees it at a terminal, or in a file (columns 0). */
static char *shown(told_show *show, const char *reply, unsigned columns)
{
	char *text = NULL;
	size_t len = 0;
	json_t *json = json_loads(reply, 0, NULL);
	struct told_cli cli = {.out = open_memstream(&text, &len), .err = stderr, .columns = columns};
	assert_non_null(json);
	assert_non_null(cli.out);
	told_show_folded(&cli, show, json);
	fclose(cli.out);
	json_decref(json);
	json_decref(cli.names);
	return text;
}

static const struct {
	const char *what;
	told_show *show;
	const char *reply;
} lists[] = {
	{"referral ls", told_show_referrals,
	 "{\"referrals\":[{\"referral\":\"" ID
	 "\",\"direction\":\"out\",\"from\":\"HOU\",\"to\":\"EMP\",\"client\":\"" CLIENT
	 "\",\"word\":\"Active\",\"substate_words\":\"on the waiting list\",\"changed_ms\":1795411829160,\"flags\":"
	 "[\"overdue\",\"permission ended\"],\"due\":\"Acknowledge by Wed 25 Nov (2 working days left)\"}]}"},
	{"consent show", told_show_consents,
	 "{\"consents\":[{\"state\":\"given\",\"kind\":\"permission\",\"recipients\":[\"TT\",\"SUD\"],\"purposes\":"
	 "[\"REFERRAL\",\"COORD\"],\"include\":[\"DEM.ID\",\"DEM.ADDR\",\"DEM.TEL\",\"HOU.SIT\",\"HOU.DUTY\",\"MH."
	 "PROB\","
	 "\"MH.SCORE\",\"SUD.USE\"],\"until_ms\":1826947829160,\"taken_by\":\"HOU\",\"id\":\"" ID "\"}]}"},
	{"agreement show", told_show_agreements,
	 "{\"agreements\":[{\"id\":\"ISA-MD3\",\"version\":3,\"title\":\"Multiple disadvantage, "
	 "Northtown\",\"signed_by\":"
	 "[\"HOU\",\"TT\",\"SUD\",\"EMP\"],\"governs_with\":[\"TT\",\"SUD\",\"EMP\",\"ASC\",\"CRISIS\",\"SUPPORTER\"],"
	 "\"suspended\":[\"EMP\"]}]}"},
	{"key ls", told_show_keys,
	 "{\"keys\":[{\"purpose\":\"sealing\",\"number\":2,\"state\":\"in force\",\"in_use\":true,\"grace_until_ms\":"
	 "1795411829160,\"fingerprint\":\"" ID ID "\"}]}"},
};

static void test_lists_fit_a_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		char *text = shown(lists[i].show, lists[i].reply, 80);
		fits(text, lists[i].what);
		free(text);
	}
}

/* For grep a row is a line. */
static void test_in_a_file_a_row_stays_one_line(void **state)
{
	(void)state;
	char *text = shown(told_show_referrals, lists[0].reply, 0);
	const char *row = strstr(text, ID);
	assert_non_null(row);
	assert_ptr_equal(strchr(row, '\n'), strstr(row, "days left)\n") + strlen("days left)"));
	free(text);
}

/* Stored as 0: it once stood there as 1 January 1970. */
static void test_a_refusal_has_no_last_day(void **state)
{
	(void)state;
	char *text = shown(told_show_consents,
			   "{\"consents\":[{\"state\":\"refused\",\"kind\":\"permission\",\"recipients\":[\"EMP\"],"
			   "\"until_ms\":0,\"taken_by\":\"HOU\",\"id\":\"" ID "\"}]}",
			   0);
	assert_non_null(strstr(text, "taken by HOU, number " ID));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_help_fits_a_terminal),
		cmocka_unit_test(test_lists_fit_a_terminal),
		cmocka_unit_test(test_in_a_file_a_row_stays_one_line),
		cmocka_unit_test(test_a_refusal_has_no_last_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
