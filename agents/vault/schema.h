/* SPDX-License-Identifier: Apache-2.0 */
/* The numbered steps by which a vault file comes up to date. */
#ifndef TOLD_VAULT_SCHEMA_H
#define TOLD_VAULT_SCHEMA_H

/* The SQL that leads from this version to the next; NULL when there is none. */
const char *told_vault_step(unsigned version);

#endif
