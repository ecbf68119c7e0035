/* SPDX-License-Identifier: Apache-2.0 */
/* One row of the report on a person: in plain words, what it rests on, and whether the person's own statement has it.
 * Touches nothing but the sheet. */
#include "evidence/audit/report/client.h"

#include "told/quiet.h"

#include <inttypes.h>

static const struct told_party *party_of(const struct told_client_report *client, struct told_bytes name)
{
	uint32_t number = told_party_find(client->declared.parties, name);
	for (size_t i = client->declared.count; i-- > 0;)
		for (size_t p = 0; p < client->declared.items[i]->party_count; p++)
			if (number != TOLD_PARTY_NONE && client->declared.items[i]->parties[p].party == number)
				return &client->declared.items[i]->parties[p];
	return NULL;
}

static struct told_bytes name_of(const struct told_client_report *client, struct told_bytes party)
{
	const struct told_party *known = party_of(client, party);
	return known != NULL && known->legal_name.len > 0 ? known->legal_name : party;
}

static bool is_specialist(const struct told_client_report *client, struct told_bytes party)
{
	const struct told_party *known = party_of(client, party);
	return known != NULL && (known->marks & TOLD_MARK_SPECIALIST) != 0;
}

/* Off the statement until the owner of the flow marks it safe. */
static bool is_off(const struct told_client_report *client, const struct told_disclosure *d)
{
	const struct told_leaf *leaf = d->event->leaf;
	for (size_t i = 0; i < leaf->released.count; i++)
		if (told_quiet_category(leaf->released.items[i]))
			return true;
	for (size_t i = 0; i < leaf->purposes.count; i++)
		if (told_quiet_purpose(leaf->purposes.items[i]))
			return true;
	return is_specialist(client, d->from) || is_specialist(client, d->to);
}

/* Whether a category was part of this disclosure: of an answer by several, each sent its own. */
static bool was_sent(const struct told_disclosure *d, uint32_t category)
{
	bool ruled = false, released = false;
	for (size_t i = 0; d->part != NULL && i < d->part->sections.count; i++) {
		ruled = true;
		released |= d->part->sections.items[i].category == category &&
			    d->part->sections.items[i].effect == TOLD_SECTION_EFFECT_RELEASE;
	}
	return !ruled || released;
}

/* What goes with no part of a story, so that everybody keeps to what the person chose. */
static const char *passed_on(uint32_t type)
{
	switch (type) {
	case TOLD_TYPE_CONSENT: return "A permission was passed on to";
	case TOLD_TYPE_WITHDRAWAL:
	case TOLD_TYPE_WITHDRAWAL_NOTICE: return "A withdrawal was passed on to";
	case TOLD_TYPE_RELATIONSHIP: return "That a service works with the person was passed on to";
	case TOLD_TYPE_FLAG:
	case TOLD_TYPE_HOLD: return "A flag was passed on to";
	case TOLD_TYPE_REFERENCE: return "A change of the reference was passed on to";
	default: return NULL;
	}
}

static const char *basis_of(const struct told_client_report *client, const struct told_disclosure *d)
{
	if (d->opened != NULL) /* nothing new was sent */
		return "";
	if (passed_on(d->event->leaf->type) != NULL)
		return "that the person's choices are kept";
	if (d->part == NULL)
		return "not known: the ruling is gone";
	for (size_t i = 0; i < d->part->sections.count; i++)
		if (d->part->sections.items[i].consent_id.len > 0)
			return "the person's permission";
	struct told_sent sent = {
		.from = told_party_find(client->declared.parties, d->from),
		.to = told_party_find(client->declared.parties, d->to),
		.types = d->event->leaf->type >= 1 ? TOLD_BIT64(d->event->leaf->type) : 0,
		.agreement = d->agreement,
		.clause = d->clause,
		.version = d->version,
	};
	for (size_t i = 0; i < d->event->leaf->purposes.count; i++)
		sent.purposes |= TOLD_BIT32(d->event->leaf->purposes.items[i]);
	return told_declared_judge(&client->declared, &sent) == TOLD_STANDING_OVERRIDE
		       ? "an override"
		       : "the agreement; no permission needed";
}

static void describe_opened(const struct told_client_report *client, const struct told_disclosure *d,
			    struct told_buf *action)
{
	told_buf_put_text(action, "Opened by the team of ");
	told_buf_put_bytes(action, name_of(client, d->to));
	told_buf_printf(action, ": the %s from ", told_code(TOLD_LIST_TYPE, d->opened->type));
	told_buf_put_bytes(action, name_of(client, d->from));
	told_buf_printf(action, ", entry %" PRIu64, d->opened->index);
}

static void describe(const struct told_client_report *client, const struct told_disclosure *d, struct told_buf *action,
		     struct told_buf *categories)
{
	const struct told_leaf *leaf = d->event->leaf;
	struct told_buf words = TOLD_BUF(65536);
	for (size_t i = 0; i < leaf->released.count; i++) {
		if (!was_sent(d, leaf->released.items[i]))
			continue;
		told_join(categories, told_code(TOLD_LIST_CATEGORY, leaf->released.items[i]));
		told_join(&words, told_words(TOLD_LIST_CATEGORY, leaf->released.items[i]));
	}
	const char *passed = passed_on(leaf->type);
	told_buf_printf(action, "%s ", passed != NULL ? passed : d->verb);
	told_buf_put_bytes(action, name_of(client, d->to));
	told_buf_put_text(action, " by ");
	told_buf_put_bytes(action, name_of(client, d->from));
	if (words.len > 0) {
		told_buf_put_text(action, ": ");
		told_buf_put_bytes(action, told_buf_view(&words));
	} else if (passed == NULL) {
		told_buf_printf(action, ": no part of the story, a message of type %s",
				told_code(TOLD_LIST_TYPE, leaf->type));
	}
	for (size_t i = 0; i < leaf->purposes.count; i++)
		told_buf_printf(action, "%s %s", i == 0 ? "; for" : ",",
				told_words(TOLD_LIST_PURPOSE, leaf->purposes.items[i]));
	told_buf_free(&words);
}

static void put_agreement(struct told_sheet *sheet, struct told_bytes id, uint32_t version)
{
	struct told_buf text = TOLD_BUF(256);
	told_buf_put_bytes(&text, id);
	if (id.len > 0)
		told_buf_printf(&text, " v%" PRIu32, version);
	told_sheet_put(sheet, told_buf_view(&text));
	told_buf_free(&text);
}

enum told_status told_disclosure_put(struct told_client_report *client, const struct told_disclosure *d)
{
	struct told_buf action = TOLD_BUF(131072), categories = TOLD_BUF(4096), purposes = TOLD_BUF(4096);
	struct told_buf system = TOLD_BUF(256);
	struct told_sheet *sheet = &client->sheet;
	if (d->opened != NULL)
		describe_opened(client, d, &action);
	else
		describe(client, d, &action, &categories);
	told_join_codes(&purposes, TOLD_LIST_PURPOSE, &d->event->leaf->purposes);
	told_buf_put_text(&system, "Told Once agent of ");
	told_buf_put_bytes(&system, d->to);
	told_sheet_time(sheet, d->event->leaf->time_ms);
	told_sheet_put(sheet, told_buf_view(&action));
	told_sheet_put(sheet, d->to);
	told_sheet_put(sheet, name_of(client, d->to));
	told_sheet_put(sheet, told_buf_view(&system));
	told_sheet_put(sheet, d->from);
	told_sheet_put(sheet, told_buf_view(&categories));
	told_sheet_put(sheet, told_buf_view(&purposes));
	put_agreement(sheet, d->agreement, d->version);
	told_sheet_put(sheet, d->clause);
	told_sheet_text(sheet, basis_of(client, d));
	told_sheet_text(sheet, is_off(client, d) ? "left off until its owner marks it safe" : "shown");
	told_sheet_number(sheet, d->event->index);
	told_buf_free(&action);
	told_buf_free(&categories);
	told_buf_free(&purposes);
	told_buf_free(&system);
	return sheet->status;
}
