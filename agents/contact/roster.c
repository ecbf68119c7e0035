/* SPDX-License-Identifier: Apache-2.0 */
/* Two seats as members of a document, and a list of who sat in them. Touches jansson only. */
#include "agents/contact/roster.h"

#include <string.h>

static const char *const words[TOLD_CONTACT_SEATS] = {"", "contact", "deputy"};

const char *told_contact_seat_word(enum told_contact_seat seat)
{
	return seat < TOLD_CONTACT_SEATS ? words[seat] : "";
}

const char *told_roster_worker(const json_t *roster, enum told_contact_seat seat)
{
	return json_string_value(json_object_get(json_object_get(roster, told_contact_seat_word(seat)), "worker"));
}

enum told_contact_seat told_roster_seat(const json_t *roster, const char *worker)
{
	for (enum told_contact_seat seat = TOLD_CONTACT_FIRST; seat < TOLD_CONTACT_SEATS; seat++) {
		const char *sits = told_roster_worker(roster, seat);
		if (sits != NULL && strcmp(sits, worker) == 0)
			return seat;
	}
	return TOLD_CONTACT_NONE;
}

/* Who sits there goes to "past", with the day and by whom. */
static enum told_status empty_seat(json_t *roster, enum told_contact_seat seat, const struct told_appointing *how)
{
	json_t *sits = json_object_get(roster, words[seat]), *past = json_object_get(roster, "past");
	if (sits == NULL)
		return TOLD_OK;
	if (past == NULL && json_object_set_new(roster, "past", past = json_array()) != 0)
		return TOLD_E_MEMORY;
	json_t *ended = json_pack("{s:s, s:I, s:s}", "seat", words[seat], "until_ms", (json_int_t)how->now_ms,
				  "ended_by", how->by);
	if (ended == NULL || json_object_update(ended, sits) != 0 || json_array_append_new(past, ended) != 0)
		return TOLD_E_MEMORY;
	return json_object_del(roster, words[seat]) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_roster_appoint(json_t *roster, enum told_contact_seat seat, const struct told_appointing *how)
{
	if (told_roster_seat(roster, how->worker) != TOLD_CONTACT_NONE)
		return TOLD_E_EXISTS;
	enum told_status status = empty_seat(roster, seat, how);
	json_t *sits =
		json_pack("{s:s, s:s, s:I}", "worker", how->worker, "by", how->by, "since_ms", (json_int_t)how->now_ms);
	if (status != TOLD_OK) {
		json_decref(sits);
		return status;
	}
	return json_object_set_new(roster, words[seat], sits) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_roster_leave(json_t *roster, const struct told_appointing *how)
{
	enum told_contact_seat seat = told_roster_seat(roster, how->worker);
	return seat == TOLD_CONTACT_NONE ? TOLD_E_NOT_FOUND : empty_seat(roster, seat, how);
}
