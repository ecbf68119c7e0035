/* SPDX-License-Identifier: Apache-2.0 */
/* A MARAC is there for our contact alone until they have named whom it is kept from (decision 0043): each message of
 * one that is queued here or comes is put down as such, in the transaction that puts the message down. */
#include "agents/agent/core/sight.h"
#include "broker/decide/conference.h"
#include "told/quiet.h"

struct told_bytes told_conference_of(const struct told_header *header)
{
	if (!told_quiet_type(header->type) || header->workflow == NULL)
		return told_bytes(NULL, 0);
	return told_conference_opens(header->type, header->workflow->event) ? header->id : header->workflow->referral;
}

static bool is_marac(const struct told_header *header)
{
	for (size_t i = 0; i < header->purposes.count; i++)
		if (header->purposes.items[i] == TOLD_PURPOSE_MARAC)
			return told_conference_of(header).len == TOLD_ID_BYTES &&
			       header->client_ref.len == TOLD_ID_BYTES;
	return false;
}

static enum told_status has_names(struct told_agent *agent, const struct told_unnamed_row *row, bool *named)
{
	struct told_sight_book book;
	enum told_status status = told_sight_open(agent, row->conference, row->client, &book);
	*named = status == TOLD_OK && told_sight_declared(book.book);
	json_decref(book.book);
	return status;
}

/* Who called it among us sees it; somebody else's message of it is nobody's. */
static enum told_status find_author(struct told_agent *agent, const struct told_header *header,
				    struct told_unnamed_row *row)
{
	bool ours = told_bytes_equal(header->sender, told_agent_self(agent)) &&
		    told_bytes_equal(row->conference, header->id);
	row->author = ours ? header->author : told_bytes(NULL, 0);
	enum told_status status =
		ours ? TOLD_OK : told_unnamed_author(agent->vault, agent->arena, row->conference, &row->author);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status keep(struct told_agent *agent, const struct told_header *header)
{
	bool named = false;
	struct told_unnamed_row row = {.conference = told_conference_of(header), .client = header->client_ref};
	enum told_status status = has_names(agent, &row, &named);
	if (status != TOLD_OK || named)
		return status;
	status = find_author(agent, header, &row);
	row.message = row.conference;
	if (status == TOLD_OK)
		status = told_unnamed_put(agent->vault, &row);
	row.message = header->id;
	return status == TOLD_OK ? told_unnamed_put(agent->vault, &row) : status;
}

enum told_status told_unnamed_keep(struct told_agent *agent, const struct told_header *header)
{
	if (!is_marac(header))
		return TOLD_OK;
	struct told_sight was = told_vault_open_eyes(agent->vault);
	enum told_status status = keep(agent, header);
	told_vault_narrow(agent->vault, was);
	return status;
}
