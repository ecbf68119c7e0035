/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR R4 (4.0.1) as far as it is taken over: names, lists (*), choices ([x]). What is not in the table is refused,
 * because an element that we do not know may turn the rest into its opposite. Pure but for the refusal. */
#include "agents/import/shape.h"

#include <ctype.h>
#include <string.h>

struct shape {
	const char *type;
	const char *elements;
};

#define ELEMENT  " id extension* modifierExtension*"
#define RESOURCE " resourceType id meta implicitRules language"
#define DOMAIN   RESOURCE " text contained* extension* modifierExtension*"

static const struct shape shapes[] = {
	{"Bundle", "identifier type timestamp total link* entry* signature" RESOURCE},
	{"Bundle.entry", "link* fullUrl resource search request response" ELEMENT},
	{"Condition",
	 "identifier* clinicalStatus verificationStatus category* severity code bodySite* subject encounter onset[x] "
	 "abatement[x] recordedDate recorder asserter stage* evidence* note*" DOMAIN},
	{"Consent",
	 "identifier* status scope category* patient dateTime performer* organization* source[x] policy* policyRule "
	 "verification* provision" DOMAIN},
	{"Consent.provision",
	 "type period actor* action* securityLabel* purpose* class* code* dataPeriod data* provision*" ELEMENT},
	{"Consent.provision.actor", "role reference" ELEMENT},
	{"Consent.verification", "verified verifiedWith verificationDate" ELEMENT},
	{"Goal",
	 "identifier* lifecycleStatus achievementStatus category* priority description subject start[x] target* "
	 "statusDate statusReason expressedBy addresses* note* outcomeCode* outcomeReference*" DOMAIN},
	{"Observation",
	 "identifier* basedOn* partOf* status category* code subject focus* encounter effective[x] issued performer* "
	 "value[x] dataAbsentReason interpretation* note* bodySite method specimen device referenceRange* hasMember* "
	 "derivedFrom* component*" DOMAIN},
	{"Observation.component", "code value[x] dataAbsentReason interpretation* referenceRange*" ELEMENT},
	{"Questionnaire",
	 "url identifier* version name title derivedFrom* status experimental subjectType* date publisher contact* "
	 "description useContext* jurisdiction* purpose copyright approvalDate lastReviewDate effectivePeriod code* "
	 "item*" DOMAIN},
	{"Questionnaire.item",
	 "linkId definition code* prefix text type enableWhen* enableBehavior required repeats readOnly maxLength "
	 "answerValueSet answerOption* initial* item*" ELEMENT},
	{"QuestionnaireResponse",
	 "identifier basedOn* partOf* questionnaire status subject encounter authored author source item*" DOMAIN},
	{"QuestionnaireResponse.item", "linkId definition text answer* item*" ELEMENT},
	{"QuestionnaireResponse.item.answer", "value[x] item*" ELEMENT},
	{"ServiceRequest",
	 "identifier* instantiatesCanonical* instantiatesUri* basedOn* replaces* requisition status intent category* "
	 "priority doNotPerform code orderDetail* quantity[x] subject encounter occurrence[x] asNeeded[x] authoredOn "
	 "requester performerType performer* locationCode* locationReference* reasonCode* reasonReference* insurance* "
	 "supportingInfo* specimen* bodySite* note* patientInstruction relevantHistory*" DOMAIN},
	{"Task",
	 "identifier* instantiatesCanonical instantiatesUri basedOn* groupIdentifier partOf* status statusReason "
	 "businessStatus intent priority code description focus for encounter executionPeriod authoredOn lastModified "
	 "requester performerType* owner location reasonCode reasonReference insurance* note* relevantHistory* "
	 "restriction input* output*" DOMAIN},
};

/* Elements that change what the rest means, and that the model has no place for. */
static const struct {
	const char *type, *name, *why;
} stops[] = {
	{"Observation", "focus", "it is about somebody or something other than the person, which nothing here can say"},
};

enum fit { FIT_NONE, FIT_ONE, FIT_LIST };

/* Does the name fit this element of the table? Choices by their stem and a capital: value[x] is valueString. */
static enum fit fits(const char *element, size_t len, const char *name)
{
	bool list = len > 1 && element[len - 1] == '*';
	size_t stem = list ? len - 1 : len;
	bool choice = stem > 3 && strncmp(element + stem - 3, "[x]", 3) == 0;
	if (choice)
		stem -= 3;
	if (strncmp(name, element, stem) != 0)
		return FIT_NONE;
	bool right = choice ? isupper((unsigned char)name[stem]) != 0 : name[stem] == '\0';
	if (!right)
		return FIT_NONE;
	return list ? FIT_LIST : FIT_ONE;
}

/* The element of the table that a name belongs to; *element and *len name it, so that two choices can be told. */
static enum fit find(const struct shape *shape, const char *name, const char **element, size_t *len)
{
	for (const char *from = shape->elements; *from != '\0';) {
		*element = from;
		*len = strcspn(from, " ");
		enum fit fit = fits(from, *len, name);
		if (fit != FIT_NONE)
			return fit;
		from += *len;
		from += strspn(from, " ");
	}
	return FIT_NONE;
}

static const struct shape *shape_of(const char *type)
{
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		if (strcmp(shapes[i].type, type) == 0)
			return &shapes[i];
	return NULL;
}

static const char *stopped(const char *type, const char *name)
{
	for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++)
		if (strcmp(stops[i].type, type) == 0 && strcmp(stops[i].name, name) == 0)
			return stops[i].why;
	return NULL;
}

/* Another member of the object that is the same choice. */
static bool chosen_twice(const json_t *object, const char *name, const char *element, size_t len)
{
	if (memchr(element, '[', len) == NULL)
		return false;
	const char *key;
	json_t *value;
	json_object_foreach(told_json_members(object), key, value)
	{
		if (strcmp(key, name) != 0 && fits(element, len, key) != FIT_NONE)
			return true;
	}
	return false;
}

static enum told_status judge(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
			      const struct shape *shape, const char *name, const json_t *value)
{
	const struct told_fhir_at *here = TOLD_FHIR_AT(at, name);
	const char *element;
	size_t len;
	bool companion = name[0] == '_'; /* extensions of a primitive */
	enum fit fit = find(shape, companion ? name + 1 : name, &element, &len);
	if (fit == FIT_NONE)
		return told_fhir_refuse(fhir, here, "FHIR R4 has no such element in %s", shape->type);
	if (companion)
		return TOLD_OK;
	if (stopped(shape->type, name) != NULL)
		return told_fhir_refuse(fhir, here, "%s", stopped(shape->type, name));
	if (json_is_null(value))
		return told_fhir_refuse(fhir, here, "it is null");
	if (json_is_array(value) != (fit == FIT_LIST))
		return told_fhir_refuse(fhir, here, fit == FIT_LIST ? "it must be a list" : "it must not be a list");
	if (chosen_twice(object, name, element, len))
		return told_fhir_refuse(fhir, here, "it stands twice, with different types");
	return TOLD_OK;
}

enum told_status told_fhir_shape(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				 const char *type)
{
	const struct shape *shape = shape_of(type);
	if (shape == NULL)
		return TOLD_E_INTERNAL;
	const char *name;
	json_t *value;
	json_object_foreach(told_json_members(object), name, value)
	{
		enum told_status status = judge(fhir, at, object, shape, name, value);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static enum told_status look(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value)
{
	if (json_is_object(value))
		return told_fhir_modifiers(fhir, at, value, "");
	if (!json_is_array(value))
		return TOLD_OK;
	for (size_t i = 0; i < json_array_size(value); i++) {
		enum told_status status = look(fhir, TOLD_FHIR_AT_I(at->up, at->name, i), json_array_get(value, i));
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

/* Recursion is bounded by TOLD_IMPORT_DEPTH_MAX. */
enum told_status told_fhir_modifiers(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				     const char *except)
{
	const char *name;
	json_t *value;
	json_object_foreach(told_json_members(object), name, value)
	{
		const struct told_fhir_at *here = TOLD_FHIR_AT(at, name);
		if (strcmp(name, except) == 0)
			continue;
		if (strcmp(name, "modifierExtension") == 0 || strcmp(name, "implicitRules") == 0)
			return told_fhir_refuse(fhir, here, "it changes what the rest means, in a way not known here");
		enum told_status status = look(fhir, here, value);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}
