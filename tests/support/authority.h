/* SPDX-License-Identifier: Apache-2.0 */
/* A time-stamping authority (RFC 3161) for tests, in a folder of theirs. Whatever fails inside fails the test. */
#ifndef TOLD_TEST_AUTHORITY_H
#define TOLD_TEST_AUTHORITY_H

#include "told/bytes.h"

/* Whether there is an openssl command. */
bool test_authority_possible(void);
/* A self-signed authority: NAME.key, NAME.pem and NAME.cnf in the folder. */
void test_authority_make(const char *dir, const char *name);
/* What it answers to a request. */
void test_authority_answer(const char *dir, const char *name, struct told_bytes query, struct told_buf *response);
/* Files of that folder. */
void test_authority_put(const char *dir, const char *name, struct told_bytes bytes);
void test_authority_get(const char *dir, const char *name, struct told_buf *out);

#endif
