/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which facts come, and how a party stands at a time. */
#include "broker/agree/directory_parts.h"

enum told_status told_directory_order(const struct told_directory *directory, struct told_entry entry)
{
	return entry.number >= directory->next_number && entry.number < TOLD_WHOLE_LOG ? TOLD_OK : TOLD_E_USAGE;
}

void told_directory_applied(struct told_directory *directory, struct told_entry entry)
{
	directory->next_number = entry.number;
}

static uint32_t last_change(const struct told_directory *directory, uint32_t party)
{
	return party < directory->party_cap ? directory->party_last[party] : TOLD_NOTHING;
}

enum told_party_state told_directory_party(const struct told_directory *directory, uint32_t party,
					   struct told_when when)
{
	for (uint32_t at = last_change(directory, party); at != TOLD_NOTHING; at = directory->changes[at].older)
		if (told_counts(directory->changes[at].entry, when))
			return directory->changes[at].state;
	return TOLD_PARTY_UNKNOWN;
}

enum told_party_state told_directory_party_now(const struct told_directory *directory, uint32_t party)
{
	return told_directory_party(directory, party, (struct told_when){.log_size = TOLD_WHOLE_LOG});
}
