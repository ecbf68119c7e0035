/* SPDX-License-Identifier: Apache-2.0 */
/* Consent.provision: for whom, what for, what and when, and the denials below it. Touches the tree and the arena. */
#include "agents/import/permission.h"
#include "agents/import/shape.h"

#include <string.h>

#define ROLES  "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
#define ACTION "http://terminology.hl7.org/CodeSystem/consentaction"

/* Elements of a provision that the model has no place for; more of them in one below the root. */
static enum told_status refuse_any(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				   const char *const *names)
{
	for (; *names != NULL; names++)
		if (json_object_get(object, *names) != NULL)
			return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, *names),
						"the model cannot honour this condition to the letter");
	return TOLD_OK;
}

static const struct told_import_party *party_of(const struct told_fhir *fhir, struct told_bytes reference)
{
	for (size_t i = 0; i < fhir->options->party_count; i++)
		if (told_bytes_equal(fhir->options->parties[i].reference, reference))
			return &fhir->options->parties[i];
	return NULL;
}

static enum told_status read_actor(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *actor,
				   struct told_bytes *party)
{
	struct told_fhir_concept role;
	struct told_fhir_reference who;
	enum told_status status = told_fhir_shape(fhir, at, actor, "Consent.provision.actor");
	if (status == TOLD_OK)
		status = told_fhir_concept(fhir, at, actor, "role", &role);
	if (status == TOLD_OK && !told_fhir_is(&role, ROLES, "PRCP") && !told_fhir_is(&role, ROLES, "IRCP"))
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "role"),
					  "only a recipient (PRCP, IRCP) can be honoured");
	if (status == TOLD_OK)
		status = told_fhir_reference(fhir, at, actor, "reference", &who);
	if (status != TOLD_OK)
		return status;
	const struct told_import_party *known = who.text.len > 0 ? party_of(fhir, who.text) : NULL;
	if (known == NULL)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "reference"), "it is no known party of the partnership");
	*party = told_arena_copy(fhir->import->arena, known->party);
	return party->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status read_actors(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision,
				    struct told_bytes_list *out)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, provision, "actor", &list);
	size_t count = json_array_size(list);
	if (status != TOLD_OK || count == 0)
		return status;
	struct told_bytes *items = told_arena_alloc(fhir->import->arena, (out->count + count) * sizeof *items);
	if (items == NULL)
		return TOLD_E_MEMORY;
	if (out->count > 0)
		memcpy(items, out->items, out->count * sizeof *items);
	out->items = items;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(at, "actor", i);
		status = read_actor(fhir, here, json_array_get(list, i), &items[out->count]);
		out->count += status == TOLD_OK ? 1 : 0;
	}
	return status;
}

/* A permission of ours lets its recipients have and use what is sent: no less can be promised, no more is given. */
static enum told_status read_actions(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision)
{
	json_t *list = NULL;
	bool disclose = false, use = false;
	enum told_status status = told_fhir_list(fhir, at, provision, "action", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		struct told_fhir_concept action;
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(at, "action", i);
		status = told_fhir_concept_at(fhir, here, json_array_get(list, i), &action);
		if (status != TOLD_OK)
			return status;
		disclose = disclose || told_fhir_is(&action, ACTION, "disclose");
		use = use || told_fhir_is(&action, ACTION, "use");
		if (!told_fhir_is(&action, ACTION, "disclose") && !told_fhir_is(&action, ACTION, "use") &&
		    !told_fhir_is(&action, ACTION, "access"))
			return told_fhir_refuse(fhir, here, "the model cannot honour this condition to the letter");
	}
	if (status == TOLD_OK && json_object_get(provision, "action") != NULL && !(disclose && use))
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "action"),
					  "what is shared is disclosed and used; one without the other cannot be kept");
	return status;
}

static enum told_status read_purposes(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision,
				      uint64_t *purposes)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, provision, "purpose", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		struct told_fhir_coding coding;
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(at, "purpose", i);
		status = told_fhir_coding(fhir, here, json_array_get(list, i), &coding);
		if (status != TOLD_OK)
			return status;
		unsigned purpose = told_value(TOLD_LIST_PURPOSE, coding.code);
		if (!told_fhir_equal(coding.system, TOLD_IMPORT_PURPOSE_URL) || purpose == 0)
			return told_fhir_refuse(fhir, here, "it is no purpose of the agreement's own list");
		*purposes |= UINT64_C(1) << (purpose - 1);
	}
	return status;
}

static enum told_status read_categories(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision,
					struct told_catset *categories)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, provision, "code", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		struct told_fhir_concept concept;
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(at, "code", i);
		status = told_fhir_concept_at(fhir, here, json_array_get(list, i), &concept);
		if (status != TOLD_OK)
			return status;
		bool ours = concept.count == 1 && told_fhir_equal(concept.codings[0].system, TOLD_IMPORT_CATEGORY_URL);
		unsigned category = ours ? told_value(TOLD_LIST_CATEGORY, concept.codings[0].code) : 0;
		if (category == 0)
			return told_fhir_refuse(fhir, here, "it is no category of the agreement's own list");
		told_catset_add(categories, category);
	}
	return status;
}

/* Below the root: a denial of categories alone, or of recipients alone. Two conditions together would deny less than
 * two exclusions do; a permission below a permission has no place at all. */
static enum told_status read_denial(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision,
				    struct told_import_permission *permission)
{
	static const char *const none[] = {"period",     "action", "securityLabel", "purpose", "class",
					   "dataPeriod", "data",   "provision",     NULL};
	struct told_bytes type;
	enum told_status status = told_fhir_shape(fhir, at, provision, "Consent.provision");
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, provision, "type", &type);
	if (status == TOLD_OK && !told_fhir_equal(type, "deny"))
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "type"), "only a denial can stand below a permission");
	if (status == TOLD_OK)
		status = refuse_any(fhir, at, provision, none);
	if (status != TOLD_OK)
		return status;
	bool actors = json_object_get(provision, "actor") != NULL;
	if (actors == (json_object_get(provision, "code") != NULL))
		return told_fhir_refuse(fhir, at, "a denial must name either recipients or categories, not both");
	return actors ? read_actors(fhir, at, provision, &permission->excluded_recipients)
		      : read_categories(fhir, at, provision, &permission->excluded);
}

static enum told_status read_denials(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision,
				     struct told_import_permission *permission)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, provision, "provision", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++)
		status = read_denial(fhir, TOLD_FHIR_AT_I(at, "provision", i), json_array_get(list, i), permission);
	return status;
}

static enum told_status read_times(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision,
				   struct told_import_permission *permission)
{
	enum told_status status =
		told_fhir_period(fhir, at, provision, "period", &permission->from_ms, &permission->until_ms);
	if (status == TOLD_OK)
		status = told_fhir_period(fhir, at, provision, "dataPeriod", &permission->window_from_ms,
					  &permission->window_until_ms);
	return status;
}

enum told_status told_fhir_provision(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *provision,
				     struct told_import_permission *permission)
{
	/* type: R4 lets only provisions below the root have one (Consent.provision.type) */
	static const char *const none[] = {"type", "securityLabel", "class", "data", NULL};
	if (provision == NULL)
		return TOLD_OK;
	enum told_status status = told_fhir_shape(fhir, at, provision, "Consent.provision");
	if (status == TOLD_OK)
		status = refuse_any(fhir, at, provision, none);
	if (status == TOLD_OK)
		status = read_times(fhir, at, provision, permission);
	if (status == TOLD_OK)
		status = read_actors(fhir, at, provision, &permission->recipients);
	if (status == TOLD_OK)
		status = read_actions(fhir, at, provision);
	if (status == TOLD_OK)
		status = read_purposes(fhir, at, provision, &permission->purposes);
	if (status == TOLD_OK)
		status = read_categories(fhir, at, provision, &permission->categories);
	if (status == TOLD_OK)
		status = read_denials(fhir, at, provision, permission);
	return status;
}
