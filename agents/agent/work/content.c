/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that carry sections. A section that our own ruling withholds still travels, so that the broker rules it too
 * and the log says why; but it travels without a wrap, so that nobody could open it (pillar 5). What a conference keeps
 * for the recipient's contact is wrapped to that worker's own keys and to no other: without one it is not wrapped. */
#include "agents/agent/work/content.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/contact.h"
#include "agents/agent/work/rest.h"

#include "agents/story/section.h"
#include "broker/rule/to_contact.h"
#include "proto/types.h"

#include <string.h>

struct sending {
	struct told_agent *agent;
	struct told_draft *draft;
	struct told_bytes recipient;
	const struct told_to_send *sections;
	size_t count;
	struct told_plain_section *plain;
	struct told_section_header **headers;
	struct told_choice choice;
	uint32_t purpose;
	struct told_person *person;
	uint64_t withhold, to_contact; /* bits of sections */
	struct told_seal_to to[TOLD_RECIPIENTS_MAX];
	told_hash agency_key; /* of to[0], when there is one */
	size_t to_count;
	bool nothing;
};

static enum told_status choose(struct sending *s, struct told_buf *why)
{
	uint32_t categories[TOLD_SECTIONS_MAX];
	struct told_header *h = &s->draft->header;
	if (h->type == TOLD_TYPE_CORRECTION) { /* it follows what it corrects, and rests on nothing of its own */
		h->recipients = (struct told_bytes_list){.items = &s->recipient, .count = 1};
		return TOLD_OK;
	}
	for (size_t i = 0; i < s->count; i++)
		categories[i] = s->sections[i].header.category;
	enum told_status status = h->override_block != NULL
					  ? told_choose_override(s->agent, h->sender, s->recipient, h->type, s->purpose,
								 h->override_block, &s->choice)
					  : told_choose(s->agent, h->sender, s->recipient, h->type, s->purpose,
							categories, s->count, &s->choice);
	if (status == TOLD_E_REFUSED)
		told_buf_put_text(why,
				  "No agreement that both have signed is in force between the two agencies. Sign one "
				  "first (told agreement sign), or choose another recipient.");
	if (status != TOLD_OK)
		return status;
	h->recipients = (struct told_bytes_list){.items = &s->recipient, .count = 1};
	h->purposes = (struct told_u32_list){.items = &s->purpose, .count = 1};
	h->bases = (struct told_basis_part_list){.items = s->choice.bases,
						 .count = s->choice.profile != NULL ? 1 : s->choice.flow_count};
	h->agreement = &s->choice.ref;
	return TOLD_OK;
}

static enum told_status lay_sections(struct sending *s)
{
	s->plain = told_arena_alloc(s->agent->arena, s->count * sizeof *s->plain);
	s->headers = told_arena_alloc(s->agent->arena, s->count * sizeof *s->headers);
	if (s->plain == NULL || s->headers == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < s->count; i++) {
		s->plain[i].header = s->sections[i].header;
		s->plain[i].header.number = (uint32_t)i + 1;
		s->plain[i].header.basis = told_choice_basis(&s->choice, s->sections[i].header.category);
		s->plain[i].content = s->sections[i].content;
		s->headers[i] = &s->plain[i].header;
	}
	return TOLD_OK;
}

/* A party's sealing key, whose chain leads to a fingerprint in an agreement of ours; TOLD_E_NOT_FOUND without one. */
static enum told_status agency_key(struct told_agent *agent, struct told_bytes party, const struct told_key **key)
{
	if (!told_agent_believes(agent, party))
		return TOLD_E_NOT_FOUND;
	return told_directory_current_key(agent->directory, told_party_find(agent->parties, party), TOLD_KEY_SEALING,
					  told_bytes(NULL, 0), told_agent_now(agent), key);
}

bool told_can_seal_to(struct told_agent *agent, struct told_bytes recipient)
{
	const struct told_key *key = NULL;
	return agency_key(agent, recipient, &key) == TOLD_OK;
}

/* The recipient's sealing key, and its contacts' keys where they are needed. None: nothing is wrapped. */
static enum told_status find_keys(struct sending *s)
{
	const struct told_key *key = NULL;
	if (!told_agent_believes(s->agent, s->recipient))
		return TOLD_OK;
	enum told_status status = agency_key(s->agent, s->recipient, &key);
	if (status == TOLD_OK) {
		s->to[0].recipient = s->recipient;
		memcpy(s->to[0].key, key->key, sizeof s->to[0].key);
		s->agency_key = key->id;
		s->to_count = 1;
	}
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	if (status == TOLD_OK && s->to_contact != 0)
		s->to_count += told_contact_keys(s->agent, s->recipient, s->to + s->to_count,
						 TOLD_RECIPIENTS_MAX - s->to_count);
	return status;
}

/* A contact's section keeps the wraps to contacts, any other the one to the agency. */
static void keep_wraps(const struct sending *s, struct told_sealed_section *section, bool to_contact)
{
	size_t kept = 0;
	struct told_bytes agency = told_bytes(s->agency_key.b, sizeof s->agency_key.b);
	for (size_t i = 0; i < section->wraps.count; i++)
		if (told_bytes_equal(section->wraps.items[i].key_id, agency) != to_contact)
			section->wraps.items[kept++] = section->wraps.items[i];
	section->wraps.count = kept;
}

/* Wraps are outside the signed digests: taking one away leaves the signature as it was. */
static enum told_status take_back(struct sending *s, struct told_bytes *body)
{
	struct told_body *made = NULL;
	if ((s->withhold | s->to_contact) == 0 || s->count == 0)
		return TOLD_OK;
	enum told_status status = told_body_decode(*body, s->agent->arena, &made);
	for (size_t i = 0; status == TOLD_OK && i < made->sections.count && i < 64; i++) {
		keep_wraps(s, &made->sections.items[i], s->to_contact >> i & 1);
		if (s->withhold >> i & 1)
			made->sections.items[i].wraps.count = 0;
	}
	return status == TOLD_OK ? told_agent_encode(s->agent, TOLD_SCHEMA_BODY, made, body) : status;
}

/* A contact may leave, and another come: what was for them alone goes again then. */
static enum told_status keep_for_contact(const struct sending *s)
{
	uint8_t keys[TOLD_REST_KEYS_MAX * TOLD_HASH_BYTES];
	size_t count = 0;
	for (size_t i = 0; i < s->to_count && count < TOLD_REST_KEYS_MAX; i++) {
		told_hash id;
		told_key_id(s->to[i].key, &id);
		if (!told_hash_equal(&id, &s->agency_key))
			memcpy(keys + count++ * sizeof id.b, id.b, sizeof id.b);
	}
	return told_rest_keep_contact(s->agent, &s->draft->header, s->plain, s->count, s->to_contact & ~s->withhold,
				      told_bytes(keys, count * TOLD_HASH_BYTES));
}

/* What went without a key to the agency. What is for a contact's own keys is not kept here, and what an override keeps
 * back goes when it is confirmed (override.c). */
static enum told_status keep_rest(const struct sending *s)
{
	uint64_t without = told_can_seal_to(s->agent, s->recipient) ? s->withhold : UINT64_MAX;
	enum told_status status = TOLD_OK;
	if (s->draft->header.override_block != NULL)
		return TOLD_OK;
	if (s->to_contact != 0)
		status = keep_for_contact(s);
	if (status != TOLD_OK)
		return status;
	return told_rest_keep(s->agent, &s->draft->header, s->plain, s->count, without & ~s->to_contact);
}

static enum told_status seal_and_queue(struct sending *s)
{
	struct told_bytes header, body;
	if (s->count == 0)
		return told_draft_queue(s->agent, s->draft, told_bytes(NULL, 0));
	enum told_status status = find_keys(s);
	if (status == TOLD_OK)
		status = told_message_seal(s->agent->arena, &s->draft->header, s->plain, s->count, s->to, s->to_count,
					   &header, &body);
	if (status == TOLD_OK)
		status = told_header_check(&s->draft->header);
	if (status == TOLD_OK)
		status = take_back(s, &body);
	if (status == TOLD_OK)
		status = keep_rest(s);
	for (size_t i = 0; i < s->count; i++)
		told_wipe(s->plain[i].key, sizeof s->plain[i].key);
	return status == TOLD_OK ? told_draft_queue_sealed(s->agent, s->draft, header, body) : status;
}

enum told_status told_send_content(struct told_agent *agent, struct told_draft *draft, struct told_bytes recipient,
				   uint32_t purpose, const struct told_to_send *sections, size_t count, bool dry,
				   json_t **preview, struct told_buf *why)
{
	struct sending s = {.agent = agent,
			    .draft = draft,
			    .recipient = recipient,
			    .sections = sections,
			    .count = count,
			    .purpose = purpose};
	if (count > TOLD_SECTIONS_MAX)
		return TOLD_E_LIMIT;
	enum told_status status = choose(&s, why);
	if (status == TOLD_OK)
		status = lay_sections(&s);
	if (status == TOLD_OK)
		status = told_agent_person(agent, draft->header.client_ref, &s.person);
	if (status == TOLD_OK)
		status = told_preview(agent, &draft->header, s.headers, count, recipient, s.person, draft->about,
				      preview, &s.withhold, &s.nothing);
	if (status == TOLD_OK)
		s.to_contact = told_contact_sections(draft->header.type, s.choice.agreement, s.headers, count);
	if (status == TOLD_OK && !dry)
		status = seal_and_queue(&s);
	told_person_free(s.person);
	return status;
}

enum told_status told_note_content(struct told_agent *agent, struct told_bytes words, struct told_bytes *out)
{
	struct told_story story = {.text = words};
	struct told_buf buf = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	enum told_status status = told_story_build(&story, &buf);
	if (status == TOLD_OK) {
		*out = told_arena_copy(agent->arena, told_buf_view(&buf));
		status = out->len == buf.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&buf);
	return status;
}
