/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: those of the four agencies, and the mistakes that people make in them, each with its line and column. */
#include "support/support.h"

#include "agents/profile/profile.h"
#include "told/limits.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BEFORE_MARKS "id: XYZ\nname: A service\ncalled: the service\n"
#define REST                                                                                                           \
	"originates: [DEM.ID, STR]\nform: intake.json\nlanguages: [en]\ntelephone: 0113 496 0000\n"                    \
	"emergency:\n  telephone: 0113 496 0001\n  hours: always\n  opens_with: Ring 999.\n"                           \
	"roles: [practitioner]\nteams:\n  - {id: all, name: All, duty: true}\n"
#define DOES   "does:\n  - need: talk\n    words: A talk\n    modality: [in-person]\n    supervision: none\n"
#define CLOCKS "clocks:\n  - id: acknowledge_by\n    within: 2wd\n    from: referral.delivered\n    words: We answer\n"
#define SOUND  BEFORE_MARKS REST DOES CLOCKS

static const char *source_path(const char *path)
{
	static char full[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(full, sizeof full, "%s/%s", source != NULL ? source : ".", path);
	return full;
}

static struct told_profile *profile_in(const char *folder)
{
	struct told_profile *profile = NULL;
	struct told_buf form = TOLD_BUF(TOLD_FORM_MAX_BYTES), why = TOLD_BUF(4096);
	if (told_profile_open(source_path(folder), &profile, &form, &why) != TOLD_OK)
		fail_msg("%s", told_buf_cstr(&why));
	assert_true(form.len > 1000);
	told_buf_free(&form);
	told_buf_free(&why);
	return profile;
}

static void test_the_four_agencies_have_sound_profiles(void **state)
{
	static const struct {
		const char *folder, *id;
		unsigned marks;
	} agencies[] = {
		{"agents/housing", "HOU", TOLD_AGENCY_MARK_PUBLIC | TOLD_AGENCY_MARK_DEA},
		{"agents/iapt", "TT", TOLD_AGENCY_MARK_PUBLIC | TOLD_AGENCY_MARK_HSC | TOLD_AGENCY_MARK_REVEALS},
		{"agents/addiction", "SUD", TOLD_AGENCY_MARK_HSC | TOLD_AGENCY_MARK_REVEALS},
		{"agents/employability", "EMP", 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++) {
		struct told_profile *profile = profile_in(agencies[i].folder);
		assert_string_equal(profile->id, agencies[i].id);
		assert_int_equal(profile->mark_bits, agencies[i].marks);
		assert_true(told_catset_has(&profile->categories, TOLD_CATEGORY_PRF_ACC));
		assert_false(told_catset_has(&profile->categories, TOLD_CATEGORY_EQA));
		assert_non_null(told_profile_clock(profile, "plan_wait"));
		assert_non_null(strstr(profile->emergency.opens_with, "999"));
		told_profile_free(profile);
	}
}

static void assert_clock(const char *folder, const char *id, const char *words)
{
	struct told_profile *profile = profile_in(folder);
	const struct told_agency_clock *clock = told_profile_clock(profile, id);
	struct told_buf out = TOLD_BUF(64);
	assert_non_null(clock);
	told_promise_words(clock->span, &out);
	assert_string_equal(told_buf_cstr(&out), words);
	told_buf_free(&out);
	told_profile_free(profile);
}

static void test_each_agency_keeps_the_clocks_of_its_sector(void **state)
{
	(void)state;
	assert_clock("agents/housing", "prevention_duty", "56 days");
	assert_clock("agents/iapt", "first_treatment_most", "6 weeks");
	assert_clock("agents/iapt", "first_treatment_nearly_all", "18 weeks");
	assert_clock("agents/employability", "acknowledge_by", "2 working days");
	assert_clock("agents/employability", "first_meeting", "15 working days");
	assert_clock("agents/addiction", "call_if_unopened", "15 minutes");
}

static void test_an_offer_is_found_by_its_need(void **state)
{
	(void)state;
	struct told_profile *profile = profile_in("agents/housing");
	const struct told_offer *offer = told_profile_offer(profile, "low-mood-first-steps");
	assert_non_null(offer);
	assert_string_equal(offer->supervision, "required");
	assert_int_equal(offer->not_suitable_when_count, 2);
	assert_null(told_profile_offer(profile, "opiates"));
	told_profile_free(profile);
}

static const struct {
	const char *what, *yaml;
	enum told_status status;
	const char *why;
} refusals[] = {
	{"an empty file", "", TOLD_E_CONFIG, "p.yaml:1:1: the file is empty"},
	{"only a comment", "# nothing\n", TOLD_E_CONFIG, "the file is empty"},
	{"no YAML", "id: [\n", TOLD_E_CONFIG, "p.yaml:2:1: this is not YAML"},
	{"an unknown key", SOUND "colour: red\n", TOLD_E_CONFIG, "p.yaml:25:1: unknown key \"colour\""},
	{"a typing error deep inside", BEFORE_MARKS REST DOES "clocks:\n  - id: acknowledge_by\n    wihtin: 2wd\n",
	 TOLD_E_CONFIG, "p.yaml:22:5: unknown key \"wihtin\""},
	{"a key twice", SOUND "id: ABC\n", TOLD_E_CONFIG, "p.yaml:25:1: the key \"id\" stands here twice"},
	{"a key missing", BEFORE_MARKS REST CLOCKS, TOLD_E_CONFIG, "p.yaml:1:1: the key \"does\" is missing"},
	{"a second document", SOUND "---\nid: ABC\n", TOLD_E_CONFIG, "p.yaml:25:1: a second document"},
	{"an alias", BEFORE_MARKS "marks: &m [dea]\n" REST DOES CLOCKS, TOLD_E_CONFIG,
	 "p.yaml:4:8: anchors and aliases"},
	{"a tag", BEFORE_MARKS "marks: !!seq [dea]\n" REST DOES CLOCKS, TOLD_E_CONFIG, "p.yaml:4:8: tags"},
	{"an empty list", BEFORE_MARKS "marks: []\n" REST DOES CLOCKS, TOLD_E_CONFIG, "p.yaml:4:8: an empty list"},
	{"an empty value", BEFORE_MARKS "marks: [\"\"]\n" REST DOES CLOCKS, TOLD_E_CONFIG,
	 "p.yaml:4:9: nothing is written"},
	{"one value for a list", BEFORE_MARKS "marks: dea\n" REST DOES CLOCKS, TOLD_E_CONFIG,
	 "p.yaml:4:8: a list must stand"},
	{"an unknown mark", BEFORE_MARKS "marks: [dea, magic]\n" REST DOES CLOCKS, TOLD_E_UNKNOWN,
	 "p.yaml:4:14: no such mark"},
	{"a party in small letters", "id: xyz\nname: A\ncalled: a\n" REST DOES CLOCKS, TOLD_E_CONFIG,
	 "p.yaml:1:5: a party's id"},
	{"an unknown category", BEFORE_MARKS "acts_for: HOU\noriginates: [DEM.ID, DEM.SHOE]\n", TOLD_E_CONFIG,
	 "p.yaml:1:1: "},
	{"a bad span", BEFORE_MARKS REST DOES "clocks:\n  - {id: acknowledge_by, within: 2 days, from: a, words: b}\n",
	 TOLD_E_CONFIG, "p.yaml:21:34: a span such as"},
	{"no acknowledge_by", BEFORE_MARKS REST DOES "clocks:\n  - {id: other, within: 2d, from: a, words: b}\n",
	 TOLD_E_CONFIG, "acknowledge_by is missing"},
	{"two clocks of one id", SOUND "  - {id: acknowledge_by, within: 2d, from: a, words: b}\n", TOLD_E_CONFIG,
	 "p.yaml:25:10: two clocks"},
	{"a form outside the folder",
	 BEFORE_MARKS
	 "originates: [STR]\nform: ../intake.json\nlanguages: [en]\ntelephone: a\nemergency: {telephone: a, hours: b, "
	 "opens_with: c}\nroles: [dpo]\nteams:\n  - {id: a, name: b, duty: true}\n" DOES CLOCKS,
	 TOLD_E_CONFIG, "p.yaml:5:7: a file in the profile's own folder"},
	{"nobody on duty",
	 BEFORE_MARKS
	 "originates: [STR]\nform: f.json\nlanguages: [en]\ntelephone: a\nemergency: {telephone: a, hours: b, "
	 "opens_with: c}\nroles: [dpo]\nteams:\n  - {id: a, name: b, duty: false}\n" DOES CLOCKS,
	 TOLD_E_CONFIG, "no team is on duty"},
	{"an unknown role",
	 BEFORE_MARKS
	 "originates: [STR]\nform: f.json\nlanguages: [en]\ntelephone: a\nemergency: {telephone: a, hours: b, "
	 "opens_with: c}\nroles: [king]\nteams:\n  - {id: a, name: b, duty: true}\n" DOES CLOCKS,
	 TOLD_E_UNKNOWN, "p.yaml:9:9: no such role"},
	{"yes for true",
	 BEFORE_MARKS
	 "originates: [STR]\nform: f.json\nlanguages: [en]\ntelephone: a\nemergency: {telephone: a, hours: b, "
	 "opens_with: c}\nroles: [dpo]\nteams:\n  - {id: a, name: b, duty: yes}\n" DOES CLOCKS,
	 TOLD_E_CONFIG, "p.yaml:11:28: write true or false"},
	{"a bare star",
	 BEFORE_MARKS
	 "originates: ['*']\nform: f.json\nlanguages: [en]\ntelephone: a\nemergency: {telephone: a, hours: b, "
	 "opens_with: c}\nroles: [dpo]\nteams:\n  - {id: a, name: b, duty: true}\n" DOES CLOCKS,
	 TOLD_E_UNKNOWN, "p.yaml:4:14: no such category"},
	{"nested too deep", "id: [[[[[[[[1]]]]]]]]\n", TOLD_E_CONFIG, "nested too deep"},
};

static void test_each_mistake_is_refused_with_its_file_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct told_profile *profile = NULL;
		struct told_buf why = TOLD_BUF(4096);
		enum told_status status = told_profile_read(told_text(refusals[i].yaml), "p.yaml", &profile, &why);
		if (status != refusals[i].status || strstr(told_buf_cstr(&why), refusals[i].why) == NULL)
			fail_msg("%s: %s \"%s\"", refusals[i].what, told_status_name(status), told_buf_cstr(&why));
		assert_null(profile);
		told_buf_free(&why);
	}
}

static void test_a_sound_profile_reads_and_a_nul_byte_in_it_does_not(void **state)
{
	static const char nul[] = SOUND "# a\0b\n";
	struct told_profile *profile = NULL;
	(void)state;
	assert_int_equal(told_profile_read(told_text(SOUND), "p.yaml", &profile, NULL), TOLD_OK);
	told_profile_free(profile);
	assert_int_equal(told_profile_read(told_bytes(nul, sizeof nul - 1), "p.yaml", &profile, NULL), TOLD_E_CONFIG);
}

static void test_a_profile_that_is_too_large_is_refused_before_it_is_parsed(void **state)
{
	struct told_profile *profile = NULL;
	size_t len = TOLD_PROFILE_MAX_BYTES + 1;
	char *text = malloc(len);
	(void)state;
	assert_non_null(text);
	memset(text, '#', len);
	assert_int_equal(told_profile_read(told_bytes(text, len), "p.yaml", &profile, NULL), TOLD_E_LIMIT);
	free(text);
}

static void test_a_folder_without_its_files_says_which_is_missing(void **state)
{
	struct told_profile *profile = NULL;
	struct told_buf form = TOLD_BUF(1024), why = TOLD_BUF(4096);
	char path[256];
	(void)state;
	const char *dir = told_test_dir();
	assert_int_equal(told_profile_open(dir, &profile, &form, &why), TOLD_E_NOT_FOUND);
	assert_non_null(strstr(told_buf_cstr(&why), "profile.yaml: No such file"));
	snprintf(path, sizeof path, "%s/profile.yaml", dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(SOUND, file);
	fclose(file);
	assert_int_equal(told_profile_open(dir, &profile, &form, &why), TOLD_E_NOT_FOUND);
	assert_non_null(strstr(told_buf_cstr(&why), "intake.json: No such file"));
	assert_null(profile);
	told_buf_free(&form);
	told_buf_free(&why);
}

static void test_a_form_file_that_is_a_link_out_of_the_folder_is_refused(void **state)
{
	struct told_profile *profile = NULL;
	struct told_buf form = TOLD_BUF(1024), why = TOLD_BUF(4096);
	char path[256];
	(void)state;
	const char *dir = told_test_dir();
	snprintf(path, sizeof path, "%s/profile.yaml", dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(SOUND, file);
	fclose(file);
	snprintf(path, sizeof path, "%s/intake.json", dir);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	assert_int_equal(told_profile_open(dir, &profile, &form, &why), TOLD_E_SYSTEM);
	assert_int_equal(form.len, 0);
	told_buf_free(&form);
	told_buf_free(&why);
}

static void test_spans_are_read_strictly(void **state)
{
	static const char *const bad[] = {"", "d", "0d", "1", "01d", "-1d", "1 d", "1000d", "1D", "1days", "1.5h"};
	struct told_promise span;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(told_promise_parse(told_text(bad[i]), &span), TOLD_E_MALFORMED);
	assert_int_equal(told_promise_parse(told_text("999wd"), &span), TOLD_OK);
	assert_int_equal(span.amount, 999);
	assert_int_equal(span.unit, TOLD_PROMISE_WORKING_DAYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_four_agencies_have_sound_profiles),
		cmocka_unit_test(test_each_agency_keeps_the_clocks_of_its_sector),
		cmocka_unit_test(test_an_offer_is_found_by_its_need),
		cmocka_unit_test(test_each_mistake_is_refused_with_its_file_line_and_column),
		cmocka_unit_test(test_a_sound_profile_reads_and_a_nul_byte_in_it_does_not),
		cmocka_unit_test(test_a_profile_that_is_too_large_is_refused_before_it_is_parsed),
		cmocka_unit_test(test_a_folder_without_its_files_says_which_is_missing),
		cmocka_unit_test(test_a_form_file_that_is_a_link_out_of_the_folder_is_refused),
		cmocka_unit_test(test_spans_are_read_strictly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
