/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an agreement file (decision 4.7, docs/agreement-file.md) into the compiled agreement. No I/O: the bytes come
 * in, because they are what parties sign. */
#ifndef TOLD_AGREE_LOAD_H
#define TOLD_AGREE_LOAD_H

#include "broker/agree/agreement.h"
#include "broker/agree/fault.h"
#include "broker/agree/party.h"

/* A county's agreement is 30 KiB; more than this is not read at all. */
#define TOLD_AGREEMENT_MAX_BYTES 1048576u

/* Compiles a file. Names of parties are added to `parties`, also when it fails. On success *out is the caller's, and
 * holds the SHA-256 of the exact bytes. E_CONFIG: faults says, sorted by place, all that is wrong; E_MEMORY, E_LIMIT
 * (party names), E_INTERNAL; *out is then NULL. faults must be empty and stays the caller's. */
TOLD_MUST_USE enum told_status told_agreement_load(struct told_bytes file, const char *name,
						   struct told_parties *parties, struct told_agreement **out,
						   struct told_faults *faults);

/* Frees what told_agreement_load made, and nothing else. NULL is fine. */
void told_agreement_free(struct told_agreement *agreement);

#endif
