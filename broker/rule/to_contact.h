/* SPDX-License-Identifier: Apache-2.0 */
/* What a conference keeps for the recipient's contact: which sections, and whether what wraps them is such a worker's
 * key. The sender seals by it; the broker and the recipient's agent look again. Structure only: nothing is opened. */
#ifndef TOLD_RULE_TO_CONTACT_H
#define TOLD_RULE_TO_CONTACT_H

#include "broker/rule/table.h"

/* A bit for each section that a message of this type may show to the recipient's contact only. agreement: what the
 * message rests on; NULL: what every conference seals so. */
uint64_t told_contact_sections(uint32_t type, const struct told_agreement *agreement,
			       struct told_section_header *const *headers, size_t count);

/* Who looks: at which keys, of which recipient, as of when. A key that a contact gave up since still is one to whoever
 * receives (live false), and to nobody else. */
struct told_contact_look {
	const struct told_directory *directory;
	struct told_parties *parties;
	struct told_bytes recipient;
	struct told_when when;
	bool live;
};
/* Whether no such section of the message is wrapped, for this recipient, to anything but a key of its contacts. No wrap
 * at all is as good: nobody opens it. */
bool told_contact_sealed(const struct told_contact_look *look, const struct told_header *header,
			 struct told_section_header *const *headers, const struct told_sealed_section_list *sections);

#endif
