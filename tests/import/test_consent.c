/* SPDX-License-Identifier: Apache-2.0 */
/* Consent to the letter: the few that the model can honour, and each element that it cannot, at its place. */
#include "import/import_support.h"

#define SYSTEM(name)         "http://terminology.hl7.org/CodeSystem/" name
#define CODING(system, code) "{\"coding\":[{\"system\":\"" system "\",\"code\":\"" code "\"}]}"
#define ACTOR(role, who)                                                                                               \
	"{\"role\":" CODING(SYSTEM("v3-ParticipationType"), role) ",\"reference\":{\"reference\":\"" who "\"}}"
#define CATEGORY(code) CODING("https://told-once.example/fhir/category", code)
#define PURPOSE(code)  "{\"system\":\"https://told-once.example/fhir/purpose\",\"code\":\"" code "\"}"
#define RULE(code)     CODING(SYSTEM("v3-ActCode"), code)

/* A consent with this status, rule, provision, and any other members. */
#define CONSENT(status, rule, provision, rest)                                                                         \
	"{\"resourceType\":\"Consent\",\"id\":\"c1\",\"status\":\"" status "\","                                       \
	"\"scope\":" CODING(SYSTEM("consentscope"),                                                                    \
			    "patient-privacy") ","                                                                     \
					       "\"category\":[" RULE(                                                  \
						       "IDSCL") "],\"patient\":{\"reference\":\"Patient/1\"},"         \
								"\"dateTime\":\"2026-03-01\",\"policyRule\":" RULE(    \
									rule) rest provision "}"
#define BY_PERSON          ",\"performer\":[{\"reference\":\"Patient/1\"}]"
#define PROVISION(members) ",\"provision\":{" members "}"
#define FULL                                                                                                           \
	"\"period\":{\"start\":\"2026-03-01\",\"end\":\"2026-08-31\"},\"actor\":[" ACTOR(                              \
		"PRCP", "Organization/h") "],"                                                                         \
					  "\"purpose\":[" PURPOSE("COORD") "],\"code\":[" CATEGORY(                    \
						  "HOU.SIT") "," CATEGORY("NED") "]"

static const struct told_import_options *options(void)
{
	static struct told_import_party parties[2];
	static struct told_import_options all = {.parties = parties, .party_count = 2};
	parties[0] = (struct told_import_party){told_text("Organization/h"), told_text("housing")};
	parties[1] = (struct told_import_party){told_text("Organization/i"), told_text("iapt")};
	return &all;
}

static void assert_consent_refused(const char *json, const char *where)
{
	struct told_import *import = read_bytes(told_text(json), options());
	if (strcmp(import->resources[0].where, where) != 0)
		print_message("%s\n%s\n", json, import->resources[0].why);
	assert_int_equal(import->resources[0].outcome, TOLD_IMPORT_REFUSED);
	assert_string_equal(import->resources[0].where, where);
	assert_int_equal(import->permission_count, 0);
	told_import_free(import);
}

static void test_a_permission_that_names_all_it_needs_is_taken_over(void **state)
{
	(void)state;
	struct told_import *import = assert_imported(
		CONSENT("active", "OPTIN", PROVISION(FULL ",\"dataPeriod\":{\"start\":\"2025\"}"), BY_PERSON),
		options());
	assert_int_equal(import->permission_count, 1);
	const struct told_import_permission *permission = &import->permissions[0];
	assert_int_equal(permission->kind, TOLD_CONSENT_KIND_PERMISSION);
	assert_int_equal(permission->state, TOLD_CONSENT_STATE_GIVEN);
	assert_int_equal(permission->giver, TOLD_GIVER_PERSON);
	assert_int_equal(permission->from_ms, INT64_C(1772323200000));
	assert_int_equal(permission->until_ms, INT64_C(1788220800000)); /* 1 September: the last day counts whole */
	assert_int_equal(permission->window_from_ms, INT64_C(1735689600000));
	assert_int_equal(permission->window_until_ms, TOLD_IMPORT_NO_TIME);
	assert_int_equal(permission->recipients.count, 1);
	assert_true(told_bytes_equal(permission->recipients.items[0], told_text("housing")));
	assert_int_equal(permission->purposes, UINT64_C(1) << (TOLD_PURPOSE_COORD - 1));
	assert_true(told_catset_has(&permission->categories, TOLD_CATEGORY_HOU_SIT));
	assert_true(told_catset_has(&permission->categories, TOLD_CATEGORY_NED));
	assert_false(told_catset_has(&permission->categories, TOLD_CATEGORY_DEM_LOC));
	told_import_free(import);
}

static void test_denials_of_categories_or_of_recipients_alone_become_exclusions(void **state)
{
	(void)state;
	struct told_import *import = assert_imported(
		CONSENT("active", "OPTIN",
			PROVISION(FULL ",\"provision\":[{\"type\":\"deny\",\"code\":[" CATEGORY(
				"MH.NOTE") "]},"
					   "{\"type\":\"deny\",\"actor\":[" ACTOR("PRCP", "Organization/i") "]}]"),
			BY_PERSON),
		options());
	assert_true(told_catset_has(&import->permissions[0].excluded, TOLD_CATEGORY_MH_NOTE));
	assert_int_equal(import->permissions[0].excluded_recipients.count, 1);
	assert_true(told_bytes_equal(import->permissions[0].excluded_recipients.items[0], told_text("iapt")));
	told_import_free(import);
}

static void test_an_opt_out_is_a_refusal_of_all_that_it_does_not_narrow(void **state)
{
	(void)state;
	struct told_import *import = assert_imported(CONSENT("active", "OPTOUT", "", BY_PERSON), options());
	assert_int_equal(import->permissions[0].state, TOLD_CONSENT_STATE_REFUSED);
	assert_int_equal(import->permissions[0].recipients.count, 0);
	assert_int_equal(import->permissions[0].purposes, 0);
	told_import_free(import);
}

static void test_a_nested_denial_that_the_model_cannot_honour_refuses_the_whole(void **state)
{
	(void)state;
	assert_consent_refused(CONSENT("active", "OPTIN",
				       PROVISION(FULL ",\"provision\":[{\"type\":\"deny\",\"code\":[" CATEGORY(
					       "MH.NOTE") "],\"actor\":[" ACTOR("PRCP", "Organization/i") "]}]"),
				       BY_PERSON),
			       "Consent.provision.provision[0]");
	assert_consent_refused(CONSENT("active", "OPTIN",
				       PROVISION(FULL ",\"provision\":[{\"type\":\"deny\",\"code\":[" CATEGORY(
					       "NED") "],\"period\":{"
						      "\"end\":\"2026\"}}]"),
				       BY_PERSON),
			       "Consent.provision.provision[0].period");
	assert_consent_refused(CONSENT("active", "OPTIN",
				       PROVISION(FULL ",\"provision\":[{\"type\":\"deny\",\"code\":[" CATEGORY(
					       "NED") "],\"provision\":["
						      "{\"type\":\"permit\"}]}]"),
				       BY_PERSON),
			       "Consent.provision.provision[0].provision");
	assert_consent_refused(
		CONSENT("active", "OPTIN", PROVISION(FULL ",\"provision\":[{\"type\":\"permit\"}]"), BY_PERSON),
		"Consent.provision.provision[0].type");
	assert_consent_refused(CONSENT("active", "OPTOUT",
				       PROVISION("\"provision\":[{\"type\":\"deny\",\"code\":[" CATEGORY("NED") "]}]"),
				       BY_PERSON),
			       "Consent.provision");
}

static void test_each_element_that_the_model_has_no_place_for_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *json, *where;
	} cases[] = {
		{CONSENT("draft", "OPTIN", PROVISION(FULL), BY_PERSON), "Consent.status"},
		{CONSENT("inactive", "OPTIN", PROVISION(FULL), BY_PERSON), "Consent.status"},
		{CONSENT("proposed", "OPTOUT", "", BY_PERSON), "Consent.status"},
		{CONSENT("active", "IMPLIED", PROVISION(FULL), BY_PERSON), "Consent.policyRule"},
		{CONSENT("active", "OPTIN", "", BY_PERSON), "Consent.provision"},
		{CONSENT("active", "OPTIN", PROVISION(FULL), ""), "Consent.performer"},
		{CONSENT("active", "OPTIN", PROVISION(FULL), ",\"performer\":[{\"reference\":\"RelatedPerson/2\"}]"),
		 "Consent.performer"},
		{CONSENT("active", "OPTIN", PROVISION(FULL), BY_PERSON ",\"policy\":[{\"uri\":\"urn:x\"}]"),
		 "Consent.policy"},
		{CONSENT("active", "OPTIN", PROVISION(FULL), BY_PERSON ",\"verification\":[{\"verified\":false}]"),
		 "Consent.verification[0].verified"},
		{CONSENT("active", "OPTIN", PROVISION("\"type\":\"permit\"," FULL), BY_PERSON),
		 "Consent.provision.type"},
		{CONSENT("active", "OPTIN", PROVISION(FULL ",\"securityLabel\":[]"), BY_PERSON),
		 "Consent.provision.securityLabel"},
		{CONSENT("active", "OPTIN", PROVISION(FULL ",\"class\":[]"), BY_PERSON), "Consent.provision.class"},
		{CONSENT("active", "OPTIN", PROVISION(FULL ",\"data\":[]"), BY_PERSON), "Consent.provision.data"},
		{CONSENT("active", "OPTIN",
			 PROVISION(FULL ",\"action\":[" CODING(SYSTEM("consentaction"), "access") "]"), BY_PERSON),
		 "Consent.provision.action"},
		{CONSENT("active", "OPTIN",
			 PROVISION(FULL ",\"action\":[" CODING(SYSTEM("consentaction"), "correct") "]"), BY_PERSON),
		 "Consent.provision.action[0]"},
		{CONSENT("active", "OPTIN", PROVISION("\"actor\":[" ACTOR("CST", "Organization/h") "]"), BY_PERSON),
		 "Consent.provision.actor[0].role"},
		{CONSENT("active", "OPTIN", PROVISION("\"actor\":[" ACTOR("PRCP", "Organization/x") "]"), BY_PERSON),
		 "Consent.provision.actor[0].reference"},
		{CONSENT("active", "OPTIN", PROVISION("\"purpose\":[{\"system\":\"urn:x\",\"code\":\"COORD\"}]"),
			 BY_PERSON),
		 "Consent.provision.purpose[0]"},
		{CONSENT("active", "OPTIN", PROVISION("\"code\":[" CATEGORY("EMP.*") "]"), BY_PERSON),
		 "Consent.provision.code[0]"},
		{CONSENT("active", "OPTIN", PROVISION("\"period\":{\"start\":\"2026\",\"end\":\"2025\"}"), BY_PERSON),
		 "Consent.provision.period"},
		{CONSENT("active", "OPTIN", PROVISION(FULL ",\"until\":\"2027\""), BY_PERSON),
		 "Consent.provision.until"},
		{CONSENT("active", "OPTIN", PROVISION(FULL ",\"modifierExtension\":[]"), BY_PERSON),
		 "Consent.provision.modifierExtension"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_consent_refused(cases[i].json, cases[i].where);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_permission_that_names_all_it_needs_is_taken_over),
		cmocka_unit_test(test_denials_of_categories_or_of_recipients_alone_become_exclusions),
		cmocka_unit_test(test_an_opt_out_is_a_refusal_of_all_that_it_does_not_narrow),
		cmocka_unit_test(test_a_nested_denial_that_the_model_cannot_honour_refuses_the_whole),
		cmocka_unit_test(test_each_element_that_the_model_has_no_place_for_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
