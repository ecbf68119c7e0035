/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected. Plain memory, bounded. */
#include "broker/deliver/agencies.h"

#include <stdlib.h>
#include <string.h>

struct told_agencies {
	struct told_agency *rows[TOLD_AGENCIES_MAX];
	size_t count;
};

enum told_status told_agencies_new(struct told_agencies **out)
{
	*out = calloc(1, sizeof **out);
	return *out == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

void told_agencies_free(struct told_agencies *agencies)
{
	if (agencies == NULL)
		return;
	for (size_t i = 0; i < agencies->count; i++) {
		free((void *)(uintptr_t)agencies->rows[i]->party.data);
		free(agencies->rows[i]);
	}
	free(agencies);
}

static struct told_agency *made(struct told_bytes party)
{
	struct told_agency *agency = calloc(1, sizeof *agency);
	uint8_t *name = malloc(party.len + 1);
	if (agency == NULL || name == NULL) {
		free(agency);
		free(name);
		return NULL;
	}
	if (party.len > 0) /* memcpy(3) takes no NULL */
		memcpy(name, party.data, party.len);
	agency->party = told_bytes(name, party.len);
	return agency;
}

struct told_agency *told_agency_of(struct told_agencies *agencies, struct told_bytes party)
{
	for (size_t i = 0; i < agencies->count; i++)
		if (told_bytes_equal(agencies->rows[i]->party, party))
			return agencies->rows[i];
	struct told_agency *agency = agencies->count == TOLD_AGENCIES_MAX ? NULL : made(party);
	if (agency != NULL)
		agencies->rows[agencies->count++] = agency;
	return agency;
}

size_t told_agencies_count(const struct told_agencies *agencies)
{
	return agencies->count;
}

struct told_agency *told_agency_at(struct told_agencies *agencies, size_t index)
{
	return agencies->rows[index];
}

struct told_link *told_agency_link(struct told_agency *agency, uint64_t wire)
{
	for (size_t i = 0; i < agency->link_count; i++)
		if (agency->links[i].wire == wire)
			return &agency->links[i];
	return NULL;
}

static void drop_link(struct told_agency *agency, struct told_link *link)
{
	size_t at = (size_t)(link - agency->links);
	agency->link_count--;
	memmove(link, link + 1, (agency->link_count - at) * sizeof *link);
}

static void look_at_everything(struct told_agency *agency)
{
	agency->cursor = agency->skipped = 0;
	agency->flying_count = 0;
}

void told_agency_begin(struct told_agency *agency, uint64_t wire, uint64_t confirmed)
{
	struct told_link *old = told_agency_link(agency, wire);
	if (old == NULL && agency->link_count == TOLD_LINKS_MAX)
		old = &agency->links[0];
	if (old != NULL)
		drop_link(agency, old);
	agency->links[agency->link_count++] = (struct told_link){.wire = wire, .confirmed = confirmed};
	agency->wire = wire;
	look_at_everything(agency);
}

void told_agency_end(struct told_agency *agency, uint64_t wire)
{
	struct told_link *link = told_agency_link(agency, wire);
	bool was_home = wire == told_agency_home(agency);
	if (link != NULL)
		drop_link(agency, link);
	if (agency->wire == wire)
		agency->wire = told_agency_home(agency);
	if (link != NULL && was_home)
		look_at_everything(agency);
}

uint64_t told_agency_home(const struct told_agency *agency)
{
	return agency->link_count == 0 ? 0 : agency->links[agency->link_count - 1].wire;
}

uint64_t told_agency_confirmed(const struct told_agency *agency)
{
	for (size_t i = 0; i < agency->link_count; i++)
		if (agency->links[i].wire == agency->wire)
			return agency->links[i].confirmed;
	return 0;
}

void told_agency_deafen(struct told_agency *agency, uint64_t wire)
{
	struct told_link *link = told_agency_link(agency, wire);
	if (link != NULL)
		link->deaf = true;
}

/* A checkpoint of the same size may have been shown before the answer, by the welcome. */
uint64_t told_link_heard(struct told_link *link, uint64_t size)
{
	if (link->deaf || link->said_size == 0 || size <= link->said_size)
		return 0;
	link->said_size = 0;
	return link->said;
}

size_t told_agency_room(const struct told_agency *agency)
{
	uint32_t credit = agency->link_count == 0 ? 0 : agency->links[agency->link_count - 1].credit;
	return agency->flying_count >= credit ? 0 : credit - agency->flying_count;
}

void told_agency_flies(struct told_agency *agency, const struct told_parcel_row *row)
{
	if (agency->flying_count == TOLD_CREDIT_MAX)
		return;
	agency->flying[agency->flying_count].seq = row->seq;
	memcpy(agency->flying[agency->flying_count++].id, row->id, TOLD_ID_BYTES);
}

bool told_agency_is_flying(const struct told_agency *agency, uint64_t seq)
{
	for (size_t i = 0; i < agency->flying_count; i++)
		if (agency->flying[i].seq == seq)
			return true;
	return false;
}

void told_agency_landed(struct told_agency *agency, struct told_bytes parcel_id)
{
	for (size_t i = 0; i < agency->flying_count; i++) {
		if (!told_bytes_equal(told_bytes(agency->flying[i].id, TOLD_ID_BYTES), parcel_id))
			continue;
		agency->flying[i] = agency->flying[--agency->flying_count];
		return;
	}
}

void told_agency_unsent(struct told_agency *agency, uint64_t seq)
{
	for (size_t i = 0; i < agency->flying_count; i++) {
		if (agency->flying[i].seq != seq)
			continue;
		agency->flying[i] = agency->flying[--agency->flying_count];
		told_agency_skip(agency, seq);
		return;
	}
}

void told_agency_skip(struct told_agency *agency, uint64_t seq)
{
	if (agency->skipped == 0 || seq < agency->skipped)
		agency->skipped = seq;
}

void told_agency_look_again(struct told_agency *agency)
{
	if (agency->skipped == 0)
		return;
	agency->cursor = agency->skipped - 1;
	agency->skipped = 0;
}

bool told_agency_quota(struct told_agency *agency, uint32_t per_s, int64_t boot_ms)
{
	uint64_t most = (uint64_t)per_s * 1000;
	if (per_s == 0)
		return true;
	int64_t passed_ms = boot_ms - agency->tokens_boot_ms;
	agency->tokens += passed_ms > 0 ? (uint64_t)passed_ms * per_s : 0;
	if (agency->tokens_boot_ms == 0 || agency->tokens > most)
		agency->tokens = most;
	agency->tokens_boot_ms = boot_ms;
	if (agency->tokens < 1000)
		return false;
	agency->tokens -= 1000;
	return true;
}
