/* SPDX-License-Identifier: Apache-2.0 */
/* The card's code and words, as people read them out and type them. Pure but for the random draw. Room-internal. */
#ifndef TOLD_AGENT_CARD_H
#define TOLD_AGENT_CARD_H

#include "told/bytes.h"
#include "told/limits.h"

#define TOLD_CODE_TEXT_BYTES 40u
/* "7ZQ4M-...-K": Crockford base32 with a check symbol modulo 37; out holds TOLD_CODE_TEXT_BYTES. */
void told_code_write(const uint8_t ref[TOLD_ID_BYTES], char out[TOLD_CODE_TEXT_BYTES]);
/* As people read it out: case, blanks and hyphens do not matter, O is 0, I and L are 1. TOLD_E_MALFORMED: not of that
 * form, or the check symbol is wrong. */
enum told_status told_code_read(struct told_bytes text, uint8_t ref[TOLD_ID_BYTES]);
/* Four random words, blanks between; out holds TOLD_WORDS_TEXT_BYTES. */
#define TOLD_WORDS_TEXT_BYTES 64u
enum told_status told_words_draw(char out[TOLD_WORDS_TEXT_BYTES]);
/* Lower case, single blanks. TOLD_E_MALFORMED unless four words of the list. */
enum told_status told_words_settle(struct told_bytes text, char out[TOLD_WORDS_TEXT_BYTES]);

#endif
