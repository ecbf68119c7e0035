/* SPDX-License-Identifier: Apache-2.0 */
/* The card's words, as people read them out and type them, beside its code (proto/code.h). Pure but for the random
 * draw. Room-internal. */
#ifndef TOLD_AGENT_CORE_CARD_H
#define TOLD_AGENT_CORE_CARD_H

#include "proto/code.h"
#include "told/bytes.h"
#include "told/limits.h"

/* Four random words, blanks between; out holds TOLD_WORDS_TEXT_BYTES. */
#define TOLD_WORDS_TEXT_BYTES 64u
enum told_status told_words_draw(char out[TOLD_WORDS_TEXT_BYTES]);
/* Lower case, single blanks. TOLD_E_MALFORMED unless four words of the list. */
enum told_status told_words_settle(struct told_bytes text, char out[TOLD_WORDS_TEXT_BYTES]);

#endif
