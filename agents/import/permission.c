/* SPDX-License-Identifier: Apache-2.0 */
/* Consent: honoured to the letter or refused, never approximated. Touches the tree and the arena.
 *
 * Honoured: status (not draft or inactive); scope patient-privacy; category IDSCL or LOINC 59284-0; patient; dateTime;
 * performer when it is the patient alone; organization (one, the custodian); source (kept in the original); policyRule
 * OPTIN (the root provision is what is permitted) or OPTOUT (it is what is refused); verification that does not say no;
 * and of the root provision period, actor (role PRCP or IRCP, a party of the partnership), action (none, or disclose
 * and use together, access besides), purpose and code (our own systems), dataPeriod; below it, denials of code alone or
 * of actor alone. Refused with its path: everything else, policy, securityLabel, class, data, any other nesting
 * included. */
#include "agents/import/permission.h"
#include "agents/import/file.h"
#include "agents/import/shape.h"
#include "agents/import/take.h"

#define SCOPE        "http://terminology.hl7.org/CodeSystem/consentscope"
#define ACT_CODE     "http://terminology.hl7.org/CodeSystem/v3-ActCode"
#define WORDS(table) (table), sizeof(table) / sizeof(table)[0]

static enum told_status consent_status(struct told_fhir *fhir, unsigned *state)
{
	static const struct told_fhir_word words[] = {
		{"proposed", TOLD_CONSENT_STATE_SOUGHT, NULL},
		{"active", TOLD_CONSENT_STATE_GIVEN, NULL},
		{"rejected", TOLD_CONSENT_STATE_REFUSED, NULL},
		{"inactive", 0, "it may be withdrawn or replaced; record a withdrawal with told consent withdraw"},
		{"entered-in-error", TOLD_CONSENT_STATE_ENTERED_IN_ERROR, NULL},
		{"draft", 0, "nobody has agreed to it yet"},
	};
	return told_fhir_code(fhir, fhir->at, fhir->resource, "status", WORDS(words), state);
}

/* Elements that the model has no place for, whatever they say. */
static enum told_status absent(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
			       const char *const *names, const char *why)
{
	for (; *names != NULL; names++)
		if (json_object_get(object, *names) != NULL)
			return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, *names), "%s", why);
	return TOLD_OK;
}

static enum told_status scope(struct told_fhir *fhir)
{
	struct told_fhir_concept concept;
	enum told_status status = told_fhir_concept(fhir, fhir->at, fhir->resource, "scope", &concept);
	if (status == TOLD_OK && !told_fhir_is(&concept, SCOPE, "patient-privacy"))
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "scope"),
					  "only permission about privacy (patient-privacy) is taken over");
	return status;
}

static enum told_status category(struct told_fhir *fhir)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, fhir->at, fhir->resource, "category", &list);
	if (status == TOLD_OK && json_array_size(list) == 0)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "category"), "it must be there");
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		struct told_fhir_concept concept;
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(fhir->at, "category", i);
		status = told_fhir_concept_at(fhir, here, json_array_get(list, i), &concept);
		if (status == TOLD_OK && !told_fhir_is(&concept, ACT_CODE, "IDSCL") &&
		    !told_fhir_is(&concept, "http://loinc.org", "59284-0"))
			status = told_fhir_refuse(fhir, here,
						  "this kind of consent has no place in the model; only "
						  "information disclosure (IDSCL) and LOINC 59284-0 have");
	}
	return status;
}

/* The rule that the provision narrows. Anything but the two plain ones brings terms that cannot be read here. */
static enum told_status policy_rule(struct told_fhir *fhir, bool *opt_out)
{
	static const char *const names[] = {"policy", NULL};
	struct told_fhir_concept rule;
	enum told_status status =
		absent(fhir, fhir->at, fhir->resource, names, "the terms of a policy elsewhere cannot be honoured");
	if (status == TOLD_OK)
		status = told_fhir_concept(fhir, fhir->at, fhir->resource, "policyRule", &rule);
	if (status != TOLD_OK)
		return status;
	*opt_out = told_fhir_is(&rule, ACT_CODE, "OPTOUT");
	if (*opt_out || told_fhir_is(&rule, ACT_CODE, "OPTIN"))
		return TOLD_OK;
	return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "policyRule"),
				"only the rules OPTIN and OPTOUT can be honoured to the letter");
}

static enum told_status giver(struct told_fhir *fhir, const struct told_import_permission *permission)
{
	json_t *list = NULL;
	struct told_fhir_reference who;
	const struct told_fhir_at *here = TOLD_FHIR_AT(fhir->at, "performer");
	enum told_status status = told_fhir_list(fhir, fhir->at, fhir->resource, "performer", &list);
	if (status == TOLD_OK)
		status = told_fhir_first_reference(fhir, fhir->at, fhir->resource, "performer", &who);
	if (status != TOLD_OK)
		return status;
	if (json_array_size(list) != 1)
		return told_fhir_refuse(fhir, here, "it must say who agreed: one giver");
	if (!told_bytes_equal(who.text, permission->subject))
		return told_fhir_refuse(fhir, here, "the giver is not the person, and their authority is not shown");
	return TOLD_OK;
}

static enum told_status custodian(struct told_fhir *fhir, struct told_import_permission *permission)
{
	struct told_fhir_reference who;
	const json_t *list = json_object_get(fhir->resource, "organization");
	enum told_status status = told_fhir_first_reference(fhir, fhir->at, fhir->resource, "organization", &who);
	if (status == TOLD_OK && json_array_size(list) > 1)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "organization"), "it has several custodians");
	permission->custodian = who.text;
	return status == TOLD_OK ? told_fhir_keep(fhir, &permission->custodian) : status;
}

static enum told_status verification(struct told_fhir *fhir)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, fhir->at, fhir->resource, "verification", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(fhir->at, "verification", i);
		const json_t *item = json_array_get(list, i);
		status = told_fhir_shape(fhir, here, item, "Consent.verification");
		if (status == TOLD_OK && !json_is_true(json_object_get(item, "verified")))
			status =
				told_fhir_refuse(fhir, TOLD_FHIR_AT(here, "verified"), "the person did not confirm it");
	}
	return status;
}

static enum told_status given_at(struct told_fhir *fhir, struct told_import_permission *permission)
{
	struct told_bytes text;
	enum told_status status =
		told_fhir_time(fhir, fhir->at, fhir->resource, "dateTime", false, &text, &permission->given_at_ms);
	if (status == TOLD_OK && text.len == 0)
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "dateTime"), "it must say when it was given");
	return status;
}

/* A permission that names nobody, no purpose or no data would open nothing, which is not what it says. */
static enum told_status complete(struct told_fhir *fhir, const struct told_import_permission *permission)
{
	const struct told_fhir_at *here = TOLD_FHIR_AT(fhir->at, "provision");
	if (permission->recipients.count == 0)
		return told_fhir_refuse(fhir, here,
					"it names nobody who may receive; a permission names organisations");
	if (permission->purposes == 0)
		return told_fhir_refuse(fhir, here, "it names no purpose");
	if (permission->categories.w[0] == 0 && permission->categories.w[1] == 0)
		return told_fhir_refuse(fhir, here, "it names no categories of data");
	return TOLD_OK;
}

/* A refusal has no exceptions: an exception to a no would be a yes that nobody gave. */
static enum told_status no_exceptions(struct told_fhir *fhir, const struct told_import_permission *permission)
{
	bool any = permission->excluded_recipients.count > 0 || permission->excluded.w[0] != 0 ||
		   permission->excluded.w[1] != 0;
	if (!any)
		return TOLD_OK;
	return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "provision"),
				"a refusal with exceptions has no place here");
}

/* An active opt-out refuses; an opt-in is judged by its state. */
static enum told_status settle(struct told_fhir *fhir, bool opt_out, struct told_import_permission *permission)
{
	if (permission->state == TOLD_CONSENT_STATE_ENTERED_IN_ERROR)
		return TOLD_OK;
	if (opt_out && permission->state != TOLD_CONSENT_STATE_GIVEN)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "status"),
					"an opt-out in this state says neither yes nor no");
	if (opt_out)
		permission->state = TOLD_CONSENT_STATE_REFUSED;
	return permission->state == TOLD_CONSENT_STATE_REFUSED ? no_exceptions(fhir, permission)
							       : complete(fhir, permission);
}

/* Everything beside the provision, in the order of the resource. */
static enum told_status frame(struct told_fhir *fhir, struct told_import_permission *permission, bool *opt_out)
{
	enum told_status status = consent_status(fhir, &permission->state);
	if (status == TOLD_OK)
		status = scope(fhir);
	if (status == TOLD_OK)
		status = category(fhir);
	if (status == TOLD_OK)
		status = policy_rule(fhir, opt_out);
	if (status == TOLD_OK)
		status = told_fhir_subject(fhir, "patient", true, &permission->subject);
	if (status == TOLD_OK)
		status = given_at(fhir, permission);
	if (status == TOLD_OK)
		status = custodian(fhir, permission);
	if (status == TOLD_OK)
		status = verification(fhir);
	return status;
}

enum told_status told_fhir_take_consent(struct told_fhir *fhir)
{
	struct told_import_permission permission = {
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.giver = TOLD_GIVER_PERSON,
		.from_ms = TOLD_IMPORT_NO_TIME,
		.until_ms = TOLD_IMPORT_NO_TIME,
		.window_from_ms = TOLD_IMPORT_NO_TIME,
		.window_until_ms = TOLD_IMPORT_NO_TIME,
	};
	bool opt_out = false;
	json_t *provision = NULL;
	enum told_status status = frame(fhir, &permission, &opt_out);
	if (status == TOLD_OK)
		status = told_fhir_object(fhir, fhir->at, fhir->resource, "provision", &provision);
	if (status == TOLD_OK)
		status = told_fhir_provision(fhir, TOLD_FHIR_AT(fhir->at, "provision"), provision, &permission);
	if (status == TOLD_OK)
		status = settle(fhir, opt_out, &permission);
	if (status == TOLD_OK)
		status = giver(fhir, &permission);
	if (status == TOLD_OK)
		status = told_fhir_add_permission(fhir, &permission);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir, "permission, %s; without evidence until a worker adds it",
			     told_code(TOLD_LIST_CONSENT_STATE, permission.state));
}
