/* SPDX-License-Identifier: Apache-2.0 */
/* Golden errors: tests/data/agreements/small.yaml broken in many ways; each time the place and the words. */
#include "agree/text.h"

static const struct {
	const char *title, *from, *to; /* what is changed in small.yaml */
	const char *says;              /* the start of the only line of faults, after "small.yaml:" */
} faulty[] = {
	/* the form of YAML */
	{"an alias", "to: [EMP]", "to: *all", "28:9: an alias (*) stands here"},
	{"an anchor", "to: [EMP]", "to: &all [EMP]", "28:9: an anchor (&all) stands here"},
	{"a tag", "version: 1", "version: !!int 1", "3:10: a tag (tag:yaml.org,2002:int) stands here"},
	{"a second document", "overrides:", "---\noverrides:", "38:1: a second document begins here"},
	{"a duplicate key", "kind: isp", "kind: isp\nversion: 2",
	 "5:1: \"version\" stands here twice, first in line 3"},
	{"a block as a key", "kind: isp", "? [a]\n: isp", "4:3: a list or a block stands where a key must stand"},
	{"a tab as indentation", "  art6: [e]", "\tart6: [e]", "11:1: this is not YAML: "},
	{"an open bracket", "to: [EMP]", "to: [EMP", "29:10: this is not YAML: "},
	{"nesting too deep", "title: Small", "title: [[[[[[[[[[a]]]]]]]]]]", "5:15: this is nested too deep"},
	{"bytes that are no UTF-8", "title: Small", "title: Sm\xff", "5:1: this line is not valid UTF-8"},
	/* keys and types */
	{"an unknown key", "status: signed", "state: signed", "2:1: the key \"status\" is missing in \"agreement\""},
	{"a mistyped key", "    purposes: [REFERRAL]", "    purpose: [REFERRAL]",
	 "26:5: the key \"purposes\" is missing in \"flows\""},
	{"a missing key", "title: Small\n", "", "2:1: the key \"title\" is missing in \"agreement\""},
	{"a word for a list", "to: [EMP]", "to: EMP", "28:9: \"to\" must be a list"},
	{"a list for a word", "title: Small", "title: [Small]", "5:8: \"title\" must be a single value, not a list"},
	{"a list for a block", "base:\n  art6: [e]\n  confidentiality: [explicit_consent]\n  consent: permission",
	 "base: [e]", "10:7: \"base\" must be a block of keys"},
	{"an empty list", "data: [DEM.ID, EMP.STAT]", "data: []", "37:11: the list \"data\" is empty"},
	{"an empty value", "title: Small", "title:", "5:7: \"title\" is empty"},
	{"a null", "title: Small", "title: ~", "5:8: \"title\" is empty"},
	{"an octal number", "version: 1", "version: 010", "3:10: \"version\" must be a number, not \"010\""},
	{"a hexadecimal number", "version: 1", "version: 0x10", "3:10: \"version\" must be a number, not \"0x10\""},
	{"a negative number", "version: 1", "version: -1", "3:10: \"version\" must be a number, not \"-1\""},
	{"a quoted number", "version: 1", "version: \"1\"", "3:10: \"version\" must be a number, not \"1\""},
	{"a number too large", "version: 1", "version: 4294967296", "3:10: \"version\" must be a number"},
	{"yes for true",
	 "    declare:", "    reason: yes\n    declare:", "50:13: \"reason\" must be true or false, not \"yes\""},
	{"a word outside its list", "status: signed", "status: agreed",
	 "6:9: \"status\" cannot be \"agreed\"; it is one of: draft, quality-assured, signed, suspended, ended"},
	/* codes */
	{"an unknown category", "EMP.STAT]", "EMP.STATS]",
	 "37:20: the category \"EMP.STATS\" is not known; did you mean \"EMP.STAT\"?"},
	{"an unknown prefix", "EMP.STAT]", "EMPL.*]", "37:20: the category \"EMPL.*\" is not known"},
	{"a bare star", "EMP.STAT]", "\"*\"]", "37:20: a bare * stands here"},
	{"equality monitoring", "EMP.STAT]", "EQA]", "37:20: the category \"EQA\" stands here"},
	{"an unknown purpose", "purposes: [COORD]", "purposes: [COORDS]",
	 "36:16: the purpose \"COORDS\" is not known; did you mean \"COORD\"?"},
	{"an unknown type", "types: [ALERT]", "types: [alert]",
	 "43:13: the message type \"alert\" is not known; did you mean \"ALERT\"?"},
	{"an unknown Article 9 condition", "art9: [g:18]", "art9: [g:99]",
	 "47:12: the Article 9 condition \"g:99\" is not known"},
	{"none beside a ground", "art9: [g:18]", "art9: [none, g:18]", "47:11: \"art9\" says none beside a ground"},
	{"no basis of Article 6", "art6: [e]", "art6: [none]", "11:10: the Article 6 basis \"none\" is not known"},
	{"an unknown role", "declare: [practitioner]", "declare: [nurse]", "50:15: the role \"nurse\" is not known"},
	{"an unknown mark", "    contact: only", "    contact: only\n    marks: [hospital]",
	 "25:13: the word \"hospital\" is not known"},
	/* names, dates, spans */
	{"an unknown party", "to: [EMP]", "to: [EPM]", "28:10: \"EPM\" is no party of this agreement"},
	{"a sender without an agent", "from: [HOU, EMP]", "from: [HOU, ASC]", "41:17: \"ASC\" cannot send"},
	{"a name with a space", "agreement: ISA-SMALL", "agreement: ISA SMALL",
	 "2:12: \"ISA SMALL\" is no name for \"agreement\""},
	{"a day that does not exist", "until: 2026-12-31", "until: 2026-02-29",
	 "8:8: \"until\" must be a date that exists, not \"2026-02-29\""},
	{"a date the other way round", "from: 2026-01-01", "from: 01-01-2026",
	 "7:7: \"from\" must be a date that exists"},
	{"a span without a unit", "expires: 90d", "expires: 90", "51:14: \"expires\" must be a span, not \"90\""},
	{"a span of nothing", "expires: 90d", "expires: 0d", "51:14: \"expires\" must be a span, not \"0d\""},
	{"a clause of another kind", "clause: 4.2", "clause: \"four two\"", "32:13: \"four two\" is no clause number"},
	{"a short fingerprint", "SHA256:1111", "SHA256:111", "16:10: this is no fingerprint of an identity key"},
	/* what holds across places */
	{"an end before the beginning", "until: 2026-12-31", "until: 2025-12-31",
	 "8:8: the agreement ends before it begins"},
	{"a version of nothing", "version: 1", "version: 0", "3:10: the version is 0"},
	{"a party without a key", "    key: SHA256:1111111111111111111111111111111111111111111111111111111111111111\n",
	 "", "15:5: \"HOU\" has no \"key\""},
	{"a party without assurance", "    assurance: 2027-03-31\n    dpo: dpo@hou", "    dpo: dpo@hou",
	 "15:5: \"HOU\" has no \"assurance\""},
	{"a key without an agent", "    contact: only",
	 "    contact: only\n    key: SHA256:3333333333333333333333333333333333333333333333333333333333333333",
	 "25:10: \"ASC\" has a \"key\" but no agent"},
	{"a party twice", "party: ASC", "party: EMP", "23:12: the party \"EMP\" stands here twice"},
	{"a flow to itself", "    to: [HOU]", "    to: [EMP]", "34:9: this reaches nobody but its sender"},
	{"no data", "    data: [DEM.ID, EMP.STAT]\n", "", "32:5: this flow has neither \"data\" nor \"counts\""},
	{"no basis", "  art6: [e]\n  confidentiality", "  confidentiality", "25:5: \"art6\" is stated nowhere"},
	{"no consent", "  consent: permission\n", "", "25:5: \"consent\" is stated nowhere"},
	{"mandatory data that do not go", "    data: [DEM.ID, EMP.STAT]",
	 "    data: [DEM.ID, EMP.STAT]\n    mandatory: [DEM.ID, GOA]",
	 "38:25: \"GOA\" under \"mandatory\" is not among the data"},
	{"the same twice",
	 "  - clause: 4.2\n    from: [EMP]\n    to: [HOU]\n    types: [STATUS_UPDATE]\n    purposes: [COORD]",
	 "  - clause: 4.2\n    from: [HOU]\n    to: [EMP]\n    types: [ASK_REPLY]\n    purposes: [REFERRAL]",
	 "37:11: DEM.ID from HOU to EMP for REFERRAL (ASK) is carried by clause 4.1 in line 26 already"},
	{"an override without data", "    first: [DEM.ID, NARR]\n", "", "39:5: this override names no data"},
	{"anyone beside a role", "declare: [practitioner]", "declare: [practitioner, anyone]",
	 "50:14: \"anyone\" stands beside roles"},
	{"a threshold that nobody describes", "    data: [DEM.ID, EMP.STAT]",
	 "    data: [DEM.ID, EMP.STAT]\n    threshold: true",
	 "38:16: this flow needs a threshold and the file has none"},
};

static char *faults_of(struct told_bytes text, enum told_status *status)
{
	struct told_parties *parties;
	struct told_agreement *agreement;
	struct told_faults *faults = calloc(1, sizeof *faults);
	assert_non_null(faults);
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	*status = told_agreement_load(text, "small.yaml", parties, &agreement, faults);
	assert_true((agreement != NULL) == (*status == TOLD_OK));
	struct told_buf out = TOLD_BUF(1u << 20);
	told_faults_print(faults, &out);
	char *lines = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	told_faults_free(faults);
	free(faults);
	told_agreement_free(agreement);
	told_parties_free(parties);
	return lines;
}

static void test_each_fault_is_named_with_its_place(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++) {
		char *text = replaced(source_text("tests/data/agreements/small.yaml"), faulty[i].from, faulty[i].to);
		char want[512];
		snprintf(want, sizeof want, "small.yaml:%s", faulty[i].says);
		enum told_status status;
		char *lines = faults_of(told_text(text), &status);
		if (status != TOLD_E_CONFIG || strncmp(lines, want, strlen(want)) != 0) {
			print_message("%s: wanted\n  %s\ngot (%s)\n  %s\n", faulty[i].title, want,
				      told_status_name(status), lines);
			wrong++;
		}
		free(lines);
		free(text);
	}
	assert_int_equal(wrong, 0);
}

static void test_the_small_agreement_itself_is_good(void **state)
{
	(void)state;
	struct told_parties *parties;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	char *text = source_text("tests/data/agreements/small.yaml");
	told_agreement_free(loaded(parties, text));
	free(text);
	told_parties_free(parties);
}

static void test_all_faults_of_a_file_are_reported_in_order(void **state)
{
	(void)state;
	char *text = source_text("tests/data/agreements/small.yaml");
	text = replaced(text, "status: signed", "status: agreed");
	text = replaced(text, "EMP.STAT]", "EMP.STATS]");
	text = replaced(text, "until: 2026-12-31", "untill: 2026-12-31");
	text = replaced(text, "to: [ASC]", "to: []");
	enum told_status status;
	char *lines = faults_of(told_text(text), &status);
	assert_int_equal(status, TOLD_E_CONFIG);
	const char *wanted[] = {"small.yaml:6:9: ",
				"small.yaml:8:1: the key \"untill\" is not known at the top; did you mean \"until\"?",
				"small.yaml:37:20: ", "small.yaml:42:9: "};
	const char *at = lines;
	for (size_t i = 0; i < 4; i++) {
		assert_memory_equal(at, wanted[i], strlen(wanted[i]));
		at = strchr(at, '\n') + 1;
	}
	assert_string_equal(at, "");
	free(lines);
	free(text);
}

static void test_an_empty_file_is_refused(void **state)
{
	(void)state;
	static const char *const empty[] = {"", "\n", "# nothing\n", "---\n", "{}\n", "~\n"};
	for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
		enum told_status status;
		char *lines = faults_of(told_text(empty[i]), &status);
		assert_int_equal(status, TOLD_E_CONFIG);
		assert_non_null(strstr(lines, "small.yaml:1:1: "));
		free(lines);
	}
}

static void test_a_nul_byte_is_refused_with_its_place(void **state)
{
	(void)state;
	char *text = source_text("tests/data/agreements/small.yaml");
	size_t len = strlen(text);
	text[len - 2] = '\0';
	enum told_status status;
	char *lines = faults_of(told_bytes(text, len), &status);
	assert_int_equal(status, TOLD_E_CONFIG);
	assert_memory_equal(lines, "small.yaml:51:16: a NUL byte", 28);
	free(lines);
	free(text);
}

static void test_a_file_over_one_mebibyte_is_not_read(void **state)
{
	(void)state;
	size_t len = TOLD_AGREEMENT_MAX_BYTES + 1;
	char *text = malloc(len);
	assert_non_null(text);
	memset(text, '#', len);
	enum told_status status;
	char *lines = faults_of(told_bytes(text, len), &status);
	assert_int_equal(status, TOLD_E_CONFIG);
	assert_non_null(strstr(lines, "at most 1048576 are read"));
	free(lines);
	free(text);
}

static void test_a_hostile_file_ends_soon(void **state)
{
	(void)state;
	static const char *const pieces[] = {"[", "{a: ", "a: b\n", "- ", "k%zu: v\n", "\"", "- [a, b]\n"};
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct told_buf text = TOLD_BUF(TOLD_AGREEMENT_MAX_BYTES);
		for (size_t n = 0; text.len + 32 < 300000; n++)
			if (strchr(pieces[i], '%') != NULL)
				told_buf_printf(&text, "k%zu: v\n", n);
			else
				told_buf_put_text(&text, pieces[i]);
		enum told_status status;
		char *lines = faults_of(told_buf_view(&text), &status);
		assert_int_equal(status, TOLD_E_CONFIG);
		free(lines);
		told_buf_free(&text);
	}
}

static void test_more_faults_than_the_limit_are_counted(void **state)
{
	(void)state;
	struct told_buf text = TOLD_BUF(TOLD_AGREEMENT_MAX_BYTES);
	told_buf_put_text(&text, "flows:\n");
	for (size_t i = 0; i < 200; i++)
		told_buf_put_text(&text, "  - claus: 1\n");
	enum told_status status;
	char *lines = faults_of(told_buf_view(&text), &status);
	assert_int_equal(status, TOLD_E_CONFIG);
	assert_non_null(strstr(lines, "more not shown"));
	free(lines);
	told_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_small_agreement_itself_is_good),
		cmocka_unit_test(test_each_fault_is_named_with_its_place),
		cmocka_unit_test(test_all_faults_of_a_file_are_reported_in_order),
		cmocka_unit_test(test_an_empty_file_is_refused),
		cmocka_unit_test(test_a_nul_byte_is_refused_with_its_place),
		cmocka_unit_test(test_a_file_over_one_mebibyte_is_not_read),
		cmocka_unit_test(test_a_hostile_file_ends_soon),
		cmocka_unit_test(test_more_faults_than_the_limit_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
