/* SPDX-License-Identifier: Apache-2.0 */
/* What we sent, out of our outbox: accepted messages, what stayed back at the person's own wish, and what others may
 * read when they ask. */
#include "agents/agent/work/statement.h"

#include "broker/decide/codes.h"
#include "proto/leaf.h"

#include <string.h>

/* ---- messages ---- */

/* They said no: not that nobody asked, or that the wrong form was used. */
static bool own_wish(unsigned code)
{
	return code == TOLD_CON_02 || code == TOLD_CON_03 || code == TOLD_CON_10 || code == TOLD_CON_13;
}

struct parts {
	struct told_catset went, kept; /* kept: back at their own wish */
	bool yes;                      /* something of it rests on a permission */
};

/* Whatever the message held makes what it is; what names somebody else is not said. */
static enum told_status read_part(struct told_statement_search *s, const struct told_leaf_section_ruling *section,
				  struct told_statement_row *row, struct parts *parts)
{
	bool others = false;
	told_catset_add(&row->flow.categories, section->category);
	enum told_status status = told_statement_about(s, section->category, &others, &row->flow.categories);
	if (status != TOLD_OK || others)
		return status;
	if (section->effect == TOLD_SECTION_EFFECT_RELEASE)
		told_catset_add(&parts->went, section->category);
	else if (section->effect == TOLD_SECTION_EFFECT_WITHHOLD && own_wish(section->code))
		told_catset_add(&parts->kept, section->category);
	parts->yes |= section->effect == TOLD_SECTION_EFFECT_RELEASE && section->consent_id.len > 0;
	return TOLD_OK;
}

static const struct told_leaf_recipient_ruling *ruling_for(const struct told_leaf_ruling *ruling,
							   struct told_bytes recipient)
{
	for (size_t i = 0; ruling != NULL && i < ruling->recipients.count; i++)
		if (told_bytes_equal(ruling->recipients.items[i].recipient, recipient))
			return &ruling->recipients.items[i];
	return NULL;
}

static const char *ground_of(const struct told_header *header, bool yes)
{
	const struct told_override_part *o = header->override_block;
	if (o != NULL)
		return o->kind == TOLD_OVERRIDE_LAW ? "law" : "danger";
	return yes ? "yes" : "rules";
}

static void describe(const struct told_statement_search *s, const struct told_outbox_row *out,
		     const struct told_header *header, struct told_bytes recipient, struct told_statement_row *row)
{
	const struct told_override_part *o = header->override_block;
	*row = (struct told_statement_row){
		.flow = {.type = out->type,
			 .purposes = header->purposes.items,
			 .purpose_count = header->purposes.count,
			 .specialist = told_statement_specialist(s->agent, recipient) ||
				       told_statement_specialist(s->agent, told_agent_self(s->agent)),
			 .do_not_notify = o != NULL && o->do_not_notify == TOLD_YES_NO_YES,
			 .safeguarding = o != NULL && o->kind == TOLD_OVERRIDE_SAFEGUARDING},
		.message = out->id,
		.party = recipient,
		.time_ms = out->time_ms,
		.ours = true,
	};
}

static enum told_status put_message(struct told_statement_search *s, const struct told_outbox_row *out,
				    const struct told_header *header, const struct told_leaf_ruling *ruling,
				    struct told_bytes recipient)
{
	struct told_statement_row row;
	struct parts parts = {0};
	const struct told_leaf_recipient_ruling *part = ruling_for(ruling, recipient);
	enum told_status status = TOLD_OK;
	describe(s, out, header, recipient, &row);
	row.flow.unclear = part == NULL;
	for (size_t i = 0; status == TOLD_OK && part != NULL && i < part->sections.count; i++)
		status = read_part(s, &part->sections.items[i], &row, &parts);
	row.flow.do_not_notify |= s->quiet_since_ms != 0 && (int64_t)row.time_ms >= s->quiet_since_ms && !parts.yes;
	row.kind = "sent";
	row.ground = ground_of(header, parts.yes);
	row.categories = parts.went;
	if (status == TOLD_OK && out->state == TOLD_OUTBOX_ACCEPTED)
		status = told_statement_put(s, &row);
	row.kind = "withheld";
	row.ground = "";
	row.categories = parts.kept;
	return status == TOLD_OK && s->off == NULL ? told_statement_put(s, &row) : status;
}

static enum told_status put_messages(struct told_statement_search *s, const struct told_outbox_row *out,
				     const struct told_header *header)
{
	struct told_leaf_ruling *ruling = NULL;
	bool said = out->state == TOLD_OUTBOX_ACCEPTED || out->state == TOLD_OUTBOX_REFUSED;
	if (header->section_digests.count == 0 || !said || (s->only_referrals && out->type != TOLD_TYPE_REFERRAL))
		return TOLD_OK;
	if (out->ruling.len > 0 && told_leaf_ruling_decode(out->ruling, s->arena, &ruling) != TOLD_OK)
		ruling = NULL;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < header->recipients.count; i++)
		status = put_message(s, out, header, ruling, header->recipients.items[i]);
	return status;
}

/* ---- what others may read ---- */

static const struct told_flow *flow_of(const struct told_agent *agent, const struct told_grant_part *grant)
{
	const struct told_agreement *a;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		for (size_t j = 0; told_bytes_equal(a->id, grant->agreement) && j < a->flow_count; j++)
			if (a->version == grant->agreement_version &&
			    told_bytes_equal(told_text(a->flows[j].clause), grant->clause))
				return &a->flows[j];
	return NULL;
}

/* The flow's purposes: that it may also serve a conference is enough to keep it quiet. */
static void take_purposes(struct told_statement_search *s, const struct told_grant_part *grant,
			  struct told_statement_row *row)
{
	const struct told_flow *flow = flow_of(s->agent, grant);
	uint32_t *purposes = told_arena_alloc(s->arena, TOLD_PURPOSE_COUNT * sizeof *purposes);
	row->flow.unclear |= flow == NULL || purposes == NULL;
	row->flow.purposes = purposes;
	for (unsigned purpose = 1; !row->flow.unclear && purpose < TOLD_PURPOSE_COUNT; purpose++)
		if (flow->purposes & TOLD_BIT32(purpose))
			purposes[row->flow.purpose_count++] = purpose;
}

/* What a wrap opens; nothing of a version that is no longer there. */
static enum told_status take_section(struct told_statement_search *s, struct told_bytes message,
				     struct told_statement_row *row)
{
	struct told_story_row story = {0};
	bool others = false;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_story_next(s->agent->vault, s->arena, s->client, story.id, &story);
		if (status != TOLD_OK || !told_bytes_equal(story.message, message))
			continue;
		told_catset_add(&row->flow.categories, story.category);
		status = told_statement_about(s, story.category, &others, &row->flow.categories);
		if (!others)
			told_catset_add(&row->categories, story.category);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status put_grant(struct told_statement_search *s, const struct told_outbox_row *out,
				  const struct told_header *header, const struct told_grant_part *grant)
{
	struct told_statement_row row;
	describe(s, out, header, grant->recipient, &row);
	row.message = grant->message_id;
	row.kind = "let";
	row.ground = grant->consent_id.len > 0 ? "yes" : "rules";
	take_purposes(s, grant, &row);
	row.flow.do_not_notify |=
		s->quiet_since_ms != 0 && (int64_t)row.time_ms >= s->quiet_since_ms && grant->consent_id.len == 0;
	enum told_status status = take_section(s, grant->message_id, &row);
	return status == TOLD_OK ? told_statement_put(s, &row) : status;
}

/* ---- the outbox ---- */

static enum told_status put_row(struct told_statement_search *s, const struct told_outbox_row *out)
{
	struct told_header *header = NULL;
	enum told_status status = told_header_decode(out->header, s->arena, &header);
	if (status != TOLD_OK)
		return TOLD_E_CORRUPT;
	if (out->type != TOLD_TYPE_GRANT)
		return put_messages(s, out, header);
	for (size_t i = 0; status == TOLD_OK && i < header->grants.count && !s->only_referrals; i++)
		if (out->state == TOLD_OUTBOX_ACCEPTED)
			status = put_grant(s, out, header, &header->grants.items[i]);
	return status;
}

enum told_status told_statement_sent(struct told_statement_search *s)
{
	struct told_outbox_row row = {0};
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = row.seq) {
		told_arena_reset(s->arena);
		status = told_outbox_next(s->agent->vault, s->arena, TOLD_OUTBOX_OF_CLIENT, s->client, after, &row);
		if (status == TOLD_OK)
			status = put_row(s, &row);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
