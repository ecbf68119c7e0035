/* SPDX-License-Identifier: Apache-2.0 */
/* A person's reference as it stands on the card and is read out over the telephone: Crockford's base32 with a check
 * symbol modulo 37. One reader for whoever gets it typed: the agent, the command, the auditor's program. */
#ifndef TOLD_CODE_H
#define TOLD_CODE_H

#include "told/bytes.h"
#include "told/limits.h"

#define TOLD_CODE_TEXT_BYTES 40u
/* "7ZQ4M-...-K"; out holds TOLD_CODE_TEXT_BYTES. */
void told_code_write(const uint8_t ref[TOLD_ID_BYTES], char out[TOLD_CODE_TEXT_BYTES]);
/* As people read it out: case, blanks and hyphens do not matter, O is 0, I and L are 1. TOLD_E_MALFORMED: not of that
 * form, or the check symbol is wrong. */
enum told_status told_code_read(struct told_bytes text, uint8_t ref[TOLD_ID_BYTES]);
/* The same: NULL, or in a sentence for people why it is no reference. */
const char *told_code_fault(struct told_bytes text, uint8_t ref[TOLD_ID_BYTES]);

#endif
