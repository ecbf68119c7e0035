/* SPDX-License-Identifier: Apache-2.0 */
/* Which sections are for a contact alone, and whether their wraps are. Reads headers, key ids and the directory. */
#include "broker/rule/to_contact.h"

#include "broker/agree/sets.h"
#include "told/quiet.h"

#include <string.h>

/* Free text counts by what it was classified as, and text that was not, by the worst. */
static struct told_catset leaves_of(const struct told_section_header *header)
{
	struct told_catset set = {{0}};
	told_catset_add(&set, header->category);
	for (size_t i = 0; i < header->classified.count; i++)
		told_catset_add(&set, header->classified.items[i]);
	if (header->category == TOLD_CATEGORY_NARR && header->classified.count == 0)
		told_catset_add(&set, TOLD_CATEGORY_DEM_LOC);
	return set;
}

uint64_t told_contact_sections(uint32_t type, const struct told_agreement *agreement,
			       struct told_section_header *const *headers, size_t count)
{
	uint64_t bits = 0;
	if (!told_quiet_type(type))
		return 0;
	struct told_catset sealed = told_sealed_to_contact(agreement);
	for (size_t i = 0; i < count && i < 64; i++) {
		struct told_catset leaves = leaves_of(headers[i]);
		if (told_catset_meets(&sealed, &leaves))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

static bool is_contact_key(const struct told_contact_look *look, struct told_bytes id)
{
	const struct told_key *key;
	uint32_t party = told_party_find(look->parties, look->recipient);
	for (size_t i = 0; (key = told_directory_key_at(look->directory, i)) != NULL; i++) {
		if (key->party != party || key->purpose != TOLD_KEY_CONTACT ||
		    !told_bytes_equal(id, told_bytes(key->id.b, sizeof key->id.b)))
			continue;
		enum told_key_standing standing = told_key_standing(key, look->when);
		if (!look->live || standing == TOLD_KEY_CURRENT || standing == TOLD_KEY_GRACE)
			return true;
	}
	return false;
}

static bool only_to_contacts(const struct told_contact_look *look, const struct told_wrap_list *wraps)
{
	for (size_t i = 0; i < wraps->count; i++)
		if (told_bytes_equal(wraps->items[i].recipient, look->recipient) &&
		    !is_contact_key(look, wraps->items[i].key_id))
			return false;
	return true;
}

/* NULL where no such agreement is on file; the message rests on nothing then, and is refused for that. */
static const struct told_agreement *agreement_of(const struct told_contact_look *look, const struct told_header *header)
{
	const struct told_agreement_ref *ref = header->agreement;
	told_hash sha256;
	if (ref == NULL || ref->sha256.len != sizeof sha256.b)
		return NULL;
	memcpy(sha256.b, ref->sha256.data, sizeof sha256.b);
	return told_directory_agreement(look->directory, ref->id, ref->version, &sha256, look->when);
}

bool told_contact_sealed(const struct told_contact_look *look, const struct told_header *header,
			 struct told_section_header *const *headers, const struct told_sealed_section_list *sections)
{
	uint64_t bits = told_contact_sections(header->type, agreement_of(look, header), headers, sections->count);
	for (size_t i = 0; i < sections->count; i++)
		if ((bits >> i & 1) != 0 && !only_to_contacts(look, &sections->items[i].wraps))
			return false;
	return true;
}
