/* SPDX-License-Identifier: Apache-2.0 */
/* What others told us, out of our inbox; and what was told by telephone, in person, in a meeting or on paper, as a
 * worker wrote it down. */
#include "agents/agent/work/alert.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/statement.h"

#include <string.h>

/* ---- what came ---- */

/* The signed header of a parcel's message: what it was for, and whether the person may hear of it. */
static const struct told_header *header_of(struct told_statement_search *s, const struct told_inbox_row *in)
{
	struct told_envelope *envelope = NULL;
	struct told_header *header = NULL;
	if (told_envelope_decode(in->envelope, s->arena, &envelope) != TOLD_OK ||
	    told_header_decode(envelope->header, s->arena, &header) != TOLD_OK)
		return NULL;
	return header;
}

static void describe(struct told_statement_search *s, const struct told_inbox_row *in, struct told_bytes from,
		     struct told_statement_row *row)
{
	const struct told_header *header = header_of(s, in);
	const struct told_override_part *o = header != NULL ? header->override_block : NULL;
	*row = (struct told_statement_row){
		.flow = {.type = in->type,
			 .specialist = told_statement_specialist(s->agent, from) ||
				       told_statement_specialist(s->agent, told_agent_self(s->agent)),
			 .do_not_notify = (o != NULL && o->do_not_notify == TOLD_YES_NO_YES) || s->quiet_since_ms != 0,
			 .safeguarding = o != NULL && o->kind == TOLD_OVERRIDE_SAFEGUARDING,
			 .unclear = header == NULL},
		.message = in->message,
		.party = from,
		.kind = "got",
		.ground = "",
		.time_ms = in->time_ms,
	};
	if (header != NULL) {
		row->flow.purposes = header->purposes.items;
		row->flow.purpose_count = header->purposes.count;
	}
}

/* One row for each service whose words the parcel carried: an answer to an ask has several. */
static enum told_status put_parcel(struct told_statement_search *s, const struct told_inbox_row *in)
{
	struct told_statement_row rows[TOLD_SECTIONS_MAX];
	struct told_section_row section = {0};
	size_t count = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_section_next_of_inbox(s->agent->vault, s->arena, in->seq, section.id, &section);
		if (status != TOLD_OK)
			break;
		size_t at = 0;
		while (at < count && !told_bytes_equal(rows[at].party, section.originator))
			at++;
		if (at == TOLD_SECTIONS_MAX)
			return TOLD_E_LIMIT;
		if (at == count)
			describe(s, in, section.originator, &rows[count++]);
		told_catset_add(&rows[at].flow.categories, section.category);
		told_catset_add(&rows[at].categories, section.category);
	}
	status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = told_statement_put(s, &rows[i]);
	return status;
}

enum told_status told_statement_got(struct told_statement_search *s)
{
	struct told_inbox_row row = {0};
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = row.seq) {
		told_arena_reset(s->arena);
		status = told_inbox_next(s->agent->vault, s->arena, TOLD_INBOX_OF_CLIENT, s->client, after, &row);
		bool allows = true;
		if (status == TOLD_OK && s->caller != NULL)
			status = told_limit_message(s->agent, s->caller, row.message, &allows);
		if (status == TOLD_OK && allows && (!s->only_referrals || row.type == TOLD_TYPE_REFERRAL))
			status = put_parcel(s, &row);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- what was said ---- */

static const char *text_of(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	return text != NULL ? text : "";
}

static enum told_status put_said(struct told_statement_search *s, const struct told_kept_row *alert, const json_t *doc,
				 const json_t *said)
{
	const json_t *categories = json_object_get(said, "categories");
	const char *purpose_code = text_of(said, "purpose"), *kind = text_of(doc, "kind");
	uint32_t purpose = told_value(TOLD_LIST_PURPOSE,
				      told_text(purpose_code[0] != '\0' ? purpose_code : text_of(doc, "purpose")));
	bool declined = strcmp(text_of(said, "outcome"), "declined") == 0;
	struct told_statement_row row = {
		.flow = {.type = TOLD_TYPE_DISCLOSURE_RECORD,
			 .purposes = &purpose,
			 .purpose_count = 1,
			 .do_not_notify = json_integer_value(json_object_get(doc, "quiet")) == TOLD_YES_NO_YES ||
					  s->quiet_since_ms != 0,
			 .safeguarding = strcmp(kind, told_code(TOLD_LIST_OVERRIDE, TOLD_OVERRIDE_SAFEGUARDING)) == 0,
			 .unclear = purpose == 0},
		.message = alert->id,
		.party = told_text(text_of(doc, "to")),
		.kind = declined ? "declined" : "told",
		.ground = kind[0] == '\0'            ? ""
			  : strcmp(kind, "law") == 0 ? "law"
						     : "danger",
		.time_ms = (uint64_t)json_integer_value(json_object_get(said, "time_ms")),
		.how = text_of(said, "how"),
		.ours = true,
	};
	row.flow.specialist = told_statement_specialist(s->agent, row.party) ||
			      told_statement_specialist(s->agent, told_agent_self(s->agent));
	for (size_t i = 0; i < json_array_size(categories); i++) {
		const char *code = json_string_value(json_array_get(categories, i));
		told_catset_add(&row.categories, told_value(TOLD_LIST_CATEGORY, told_text(code)));
	}
	row.flow.categories = row.categories;
	return told_statement_put(s, &row);
}

enum told_status told_statement_by_hand(struct told_statement_search *s)
{
	struct told_kept_row alert = {0};
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = alert.seq) {
		told_arena_reset(s->arena);
		status = told_kept_next(s->agent->vault, s->arena, "alert", TOLD_KEPT_CLIENT, s->client, 0, after,
					&alert);
		if (status != TOLD_OK)
			continue;
		json_t *doc = told_doc_read(alert.doc);
		const json_t *said = json_object_get(doc, "by_hand");
		for (size_t i = 0; status == TOLD_OK && i < json_array_size(said); i++)
			status = put_said(s, &alert, doc, json_array_get(said, i));
		json_decref(doc);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
