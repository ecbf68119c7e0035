/* SPDX-License-Identifier: Apache-2.0 */
/* The types that are known and left alone, and where what they hold belongs. A table. */
#include "agents/import/refusals.h"

#include <stddef.h>
#include <string.h>

static const char person[] = "who the person is comes from the person's card and the worker, not from a file";
static const char directory[] = "services and staff come from the agreement and the registers of workers";
static const char proof[] = "what was shared is proved by the log, not by a file";
static const char booking[] = "appointments stay in the agency's own system";
static const char answer[] = "it is a server's answer, not a record about the person";
static const char exchange[] = "it is about the exchange of messages, not about the person";

static const struct {
	const char *type, *why;
} refusals[] = {
	{"Account", booking},
	{"Appointment", booking},
	{"AuditEvent", proof},
	{"CarePlan", "plan steps are agreed with the person and recorded one by one"},
	{"Composition", "a document stands with its author's system"},
	{"Contract", "an agreement between agencies is a signed agreement file"},
	{"Device", directory},
	{"DocumentReference", "documents are not read; tell the section that it supports"},
	{"Encounter", booking},
	{"Endpoint", directory},
	{"EpisodeOfCare", booking},
	{"Flag", "a marker needs its incident, author and end date (RSK.STAFF)"},
	{"Group", person},
	{"HealthcareService", directory},
	{"Location", directory},
	{"MessageDefinition", exchange},
	{"MessageHeader", exchange},
	{"OperationOutcome", answer},
	{"Organization", directory},
	{"Parameters", exchange},
	{"Patient", person},
	{"Person", person},
	{"Practitioner", directory},
	{"PractitionerRole", directory},
	{"Procedure", "what was done stays with the service that did it"},
	{"Provenance", proof},
	{"RelatedPerson", "another person has a reference, permissions and a statement of their own"},
	{"Schedule", booking},
	{"Slot", booking},
};

const char *told_fhir_refusal(const char *type)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (strcmp(refusals[i].type, type) == 0)
			return refusals[i].why;
	return "it is not among the nine kinds that are";
}
