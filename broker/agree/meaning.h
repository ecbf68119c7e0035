/* SPDX-License-Identifier: Apache-2.0 */
/* What the words of an agreement file may be, by the key under which they stand: codes of a closed list, dates, spans,
 * names, fingerprints. Private to this room. */
#ifndef TOLD_AGREE_MEANING_H
#define TOLD_AGREE_MEANING_H

#include "broker/agree/yaml_tree.h"
#include "told/limits.h"

/* Adds a fault when the scalar, a value of this key or an item of its list, is not what the key asks for. */
void told_meaning_check(const struct told_node *scalar, const char *key, bool in_list, struct told_faults *faults);

/* Words that are bits of a set. The position of a word is its bit. */
struct told_word_list {
	const char *const *words;
	unsigned count;
};
extern const struct told_word_list told_mark_words;      /* without paper and person: those follow from `contact` */
extern const struct told_word_list told_bar_words;       /* enum told_bar */
extern const struct told_word_list told_threshold_words; /* ways that open a conference, from bit 0 */

/* The position of a word; -1 when the list lacks it. */
int told_word_at(const struct told_word_list *list, struct told_bytes word);

#define TOLD_ANYONE    "anyone" /* instead of a role, in `declare` */
#define TOLD_NO_GROUND "none"   /* instead of a ground of the base: this flow has none */

/* "SHA256:" and 64 hexadecimal digits: the fingerprint of an identity key. E_MALFORMED. */
TOLD_MUST_USE enum told_status told_fingerprint_parse(struct told_bytes text, uint8_t out[TOLD_HASH_BYTES]);

#endif
