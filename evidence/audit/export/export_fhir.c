/* SPDX-License-Identifier: Apache-2.0 */
/* Disclosures as FHIR R4 AuditEvents, in the shape of IHE Basic Audit Log Patterns, PrivacyDisclosure.Source and
 * .Recipient: an agent each, the person, what was disclosed. Touches the stream only. */
#include "evidence/audit/export/export.h"

#include "evidence/audit/base/json.h"
#include "evidence/audit/base/words.h"
#include "told/codes.h"
#include "told/vocabulary.h"

#include <inttypes.h>

#define DCM     "http://dicom.nema.org/resources/ontology/DCM"
#define HL7     "http://terminology.hl7.org/CodeSystem/"
#define BALP    "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure."
#define OURS    "urn:told-once:"
#define URI_MAX 512u

/* The two sides of a disclosure, each as that side would record it. */
struct side {
	const char *name, *profile, *type, *display, *action;
	bool recipient;
};
static const struct side sides[] = {
	{"source", BALP "Source", "110106", "Export", "R", false},
	{"recipient", BALP "Recipient", "110107", "Import", "C", true},
};

struct event {
	struct told_json json;
	const struct told_reader *entry;
	const struct told_export *export;
	const struct side *side;
	struct told_bytes recipient; /* empty: nobody was named */
	uint32_t code;               /* of a refusal, or 0 */
	bool refused;
};

static void coding(struct told_json *json, const char *system, const char *code, const char *display)
{
	told_json_open(json, NULL, '{');
	told_json_word(json, "system", system);
	told_json_word(json, "code", code);
	told_json_word(json, "display", display);
	told_json_close(json, '}');
}

static void coded(struct told_json *json, const char *name, const char *system, const char *code, const char *display)
{
	told_json_open(json, name, '{');
	told_json_word(json, "system", system);
	told_json_word(json, "code", code);
	told_json_word(json, "display", display);
	told_json_close(json, '}');
}

static void concept(struct told_json *json, const char *name, const char *system, const char *code, const char *display)
{
	told_json_open(json, name, '{');
	told_json_open(json, "coding", '[');
	coding(json, system, code, display);
	told_json_close(json, ']');
	told_json_close(json, '}');
}

/* ---- purposes ---- */

/* Where HL7's list of purposes of use has the same meaning; our own code stands beside it always. */
static const struct {
	unsigned purpose;
	const char *code, *display;
} hl7_purposes[] = {
	{1, "TREAT", "treatment"},
	{2, "COC", "coordination of care"},
	{3, "TREAT", "treatment"},
	{7, "COC", "coordination of care"},
	{11, "ETREAT", "Emergency Treatment"},
	{15, "PATRQT", "patient requested"},
	{26, "HRESCH", "healthcare research"},
};

static void put_purposes(struct event *event)
{
	const struct told_u32_list *purposes = &event->entry->leaf->purposes;
	struct told_json *json = &event->json;
	if (purposes->count == 0)
		return;
	told_json_open(json, "purposeOfEvent", '[');
	for (size_t i = 0; i < purposes->count; i++) {
		unsigned purpose = purposes->items[i];
		told_json_open(json, NULL, '{');
		told_json_open(json, "coding", '[');
		for (size_t k = 0; k < sizeof hl7_purposes / sizeof hl7_purposes[0]; k++)
			if (hl7_purposes[k].purpose == purpose)
				coding(json, HL7 "v3-ActReason", hl7_purposes[k].code, hl7_purposes[k].display);
		coding(json, OURS "purpose", told_code(TOLD_LIST_PURPOSE, purpose),
		       told_words(TOLD_LIST_PURPOSE, purpose));
		told_json_close(json, ']');
		told_json_close(json, '}');
	}
	told_json_close(json, ']');
}

/* ---- agents ---- */

static void put_party(struct told_json *json, const char *name, struct told_bytes party)
{
	told_json_open(json, name, '{');
	if (party.len > 0) {
		told_json_word(json, "type", "Organization");
		told_json_open(json, "identifier", '{');
		told_json_word(json, "system", OURS "party");
		told_json_text(json, "value", party);
		told_json_close(json, '}');
		told_json_text(json, "display", party);
	} else {
		told_json_word(json, "display", "not stated");
	}
	told_json_close(json, '}');
}

/* The agreement's clause under which it went, as a URI; absent when the entry states none. */
static void put_policy(struct event *event)
{
	const struct told_leaf *leaf = event->entry->leaf;
	char uri[URI_MAX];
	if (leaf->agreement.len == 0)
		return;
	snprintf(uri, sizeof uri, OURS "agreement:%.*s:%" PRIu32 "%s%.*s", (int)leaf->agreement.len,
		 (const char *)leaf->agreement.data, leaf->agreement_version, leaf->clause.len > 0 ? "#" : "",
		 (int)leaf->clause.len, (const char *)leaf->clause.data);
	told_json_open(&event->json, "policy", '[');
	told_json_word(&event->json, NULL, uri);
	told_json_close(&event->json, ']');
}

static void put_agent(struct event *event, const char *code, const char *display, struct told_bytes party, bool asks)
{
	struct told_json *json = &event->json;
	char uri[URI_MAX];
	snprintf(uri, sizeof uri, OURS "party:%.*s", (int)party.len, party.len > 0 ? (const char *)party.data : "");
	told_json_open(json, NULL, '{');
	concept(json, "type", DCM, code, display);
	put_party(json, "who", party);
	told_json_bool(json, "requestor", asks);
	put_policy(event);
	told_json_open(json, "network", '{');
	told_json_word(json, "address", uri);
	told_json_word(json, "type", "5"); /* a URI */
	told_json_close(json, '}');
	told_json_close(json, '}');
}

/* ---- entities ---- */

/* The person by reference when the subject part opens, else by the tag that only the person's own key explains. */
static void put_person(struct event *event)
{
	const struct told_leaf_subject *subject = event->entry->subject;
	bool open = subject != NULL && subject->client_ref.len > 0;
	struct told_json *json = &event->json;
	told_json_open(json, NULL, '{');
	told_json_open(json, "what", '{');
	told_json_word(json, "type", "Patient");
	told_json_open(json, "identifier", '{');
	told_json_word(json, "system", open ? OURS "client-ref" : OURS "subject-tag");
	told_json_hex(json, "value", open ? subject->client_ref : event->entry->leaf->subject_tag);
	told_json_close(json, '}');
	told_json_close(json, '}');
	coded(json, "type", HL7 "audit-entity-type", "1", "Person");
	coded(json, "role", HL7 "object-role", "1", "Patient");
	told_json_close(json, '}');
}

static void detail(struct told_json *json, const char *type, struct told_bytes value)
{
	told_json_open(json, NULL, '{');
	told_json_word(json, "type", type);
	told_json_text(json, "valueString", value);
	told_json_close(json, '}');
}

static void put_data(struct event *event)
{
	const struct told_leaf *leaf = event->entry->leaf;
	struct told_json *json = &event->json;
	char place[64];
	snprintf(place, sizeof place, "%" PRId64 ":%" PRIu64, event->export->log, event->entry->index);
	told_json_open(json, NULL, '{');
	told_json_open(json, "what", '{');
	told_json_open(json, "identifier", '{');
	told_json_word(json, "system", OURS "txid");
	told_json_hex(json, "value", leaf->txid);
	told_json_close(json, '}');
	told_json_close(json, '}');
	coded(json, "type", HL7 "audit-entity-type", "2", "System Object");
	coded(json, "role", HL7 "object-role", "3", "Report");
	told_json_open(json, "detail", '[');
	detail(json, "log-entry", told_text(place));
	if (leaf->type != 0)
		detail(json, "message-type", told_text(told_code(TOLD_LIST_TYPE, leaf->type)));
	for (size_t i = 0; i < leaf->released.count; i++)
		detail(json, "released", told_text(told_code(TOLD_LIST_CATEGORY, leaf->released.items[i])));
	told_json_close(json, ']');
	told_json_close(json, '}');
}

/* ---- the event ---- */

static void put_head(struct event *event)
{
	struct told_json *json = &event->json;
	const struct side *side = event->side;
	char id[65];
	snprintf(id, sizeof id, "%" PRId64 "-%" PRIu64 "-%s", event->export->log, event->entry->index, side->name);
	told_json_word(json, "resourceType", "AuditEvent");
	told_json_word(json, "id", id);
	told_json_open(json, "meta", '{');
	told_json_open(json, "profile", '[');
	told_json_word(json, NULL, side->profile);
	told_json_close(json, ']');
	told_json_close(json, '}');
	coded(json, "type", DCM, side->type, side->display);
	told_json_open(json, "subtype", '[');
	coding(json, HL7 "iso-21089-lifecycle", "disclose", "Disclose Record Lifecycle Event");
	told_json_close(json, ']');
	told_json_word(json, "action", side->action);
}

static void put_outcome(struct event *event)
{
	struct told_json *json = &event->json;
	char when[TOLD_TIME_BYTES + 8], why[64] = "Delivered";
	uint64_t time_ms = event->entry->leaf->time_ms;
	told_time_format(time_ms, when);
	size_t len = told_text(when).len;
	if (len > 1) /* an instant with its thousandths, in place of the Z */
		snprintf(when + len - 1, sizeof when - len + 1, ".%03uZ", (unsigned)(time_ms % 1000));
	if (event->refused)
		snprintf(why, sizeof why, "Refused");
	if (event->code != 0)
		snprintf(why, sizeof why, "Refused, code %" PRIu32, event->code);
	told_json_word(json, "recorded", when);
	told_json_word(json, "outcome", event->refused ? "4" : "0");
	told_json_word(json, "outcomeDesc", why);
}

static void put_source(struct event *event)
{
	const struct told_leaf *leaf = event->entry->leaf;
	struct told_json *json = &event->json;
	char site[64];
	snprintf(site, sizeof site, "Told Once broker, log %" PRId64, event->export->log);
	told_json_open(json, "source", '{');
	told_json_word(json, "site", site);
	put_party(json, "observer", event->side->recipient ? event->recipient : leaf->sender);
	told_json_open(json, "type", '[');
	coding(json, HL7 "security-source-type", "4", "Application Server");
	told_json_close(json, ']');
	told_json_close(json, '}');
}

static void put_event(struct event *event)
{
	struct told_json *json = &event->json;
	told_json_open(json, NULL, '{');
	put_head(event);
	put_outcome(event);
	put_purposes(event);
	told_json_open(json, "agent", '[');
	put_agent(event, "110153", "Source Role ID", event->entry->leaf->sender, true);
	put_agent(event, "110152", "Destination Role ID", event->recipient, false);
	told_json_close(json, ']');
	put_source(event);
	told_json_open(json, "entity", '[');
	put_person(event);
	put_data(event);
	told_json_close(json, ']');
	told_json_close(json, '}');
	fputc('\n', json->out);
	json->comma = false;
}

/* Whom a refused message was for, and why not: the entry says it, or the ruling of its first recipient. */
static void find_refusal(struct event *event)
{
	const struct told_leaf_ruling *ruling = event->entry->ruling;
	event->refused = true;
	if (ruling == NULL)
		return;
	event->code = ruling->status;
	if (ruling->recipients.count == 0)
		return;
	event->code = ruling->recipients.items[0].primary;
	if (event->recipient.len == 0)
		event->recipient = ruling->recipients.items[0].recipient;
}

void told_export_fhir_entry(struct told_export *export, const struct told_reader *entry)
{
	const struct told_leaf *leaf = entry->leaf;
	bool delivered = leaf != NULL && leaf->phase == TOLD_PHASE_DELIVERED;
	bool refused = leaf != NULL && leaf->phase == TOLD_PHASE_REFUSED;
	bool nobody = entry->subject != NULL && entry->subject->client_ref.len == 0; /* keys, registers, agreements */
	if ((!delivered && !refused) || nobody) {
		export->skipped++;
		return;
	}
	struct event event = {
		.json = {.out = export->out},
		.entry = entry,
		.export = export,
		.side = &sides[0],
		.recipient = leaf->recipient,
	};
	if (refused)
		find_refusal(&event);
	put_event(&event);
	if (delivered) {
		event.side = &sides[1];
		put_event(&event);
	}
}
