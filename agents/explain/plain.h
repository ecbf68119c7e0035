/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a story and purposes as one says them to the person, for a reading age of nine to eleven. Private to this
 * room; a person who has told their story too often has not tried them yet. */
#ifndef TOLD_EXPLAIN_PLAIN_H
#define TOLD_EXPLAIN_PLAIN_H

/* Completes "We told them ..."; "something you told us" for what has no words. Static. */
const char *told_plain_category(unsigned category);
/* Completes "They have it ..."; "" for what has no words. Static. */
const char *told_plain_purpose(unsigned purpose);

#endif
