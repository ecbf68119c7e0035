/* SPDX-License-Identifier: Apache-2.0 */
/* The secret half of a conference contact's key (protocol section 1): one file of DIR/contacts for each key, sealed
 * under that worker's own passphrase. Neither the vault's key nor any other worker of the agency opens it. */
#ifndef TOLD_KEYS_CONTACT_H
#define TOLD_KEYS_CONTACT_H

#include "agents/keys/keys.h"

/* Below it a passphrase is guessed from a stolen folder in days, whatever the slow hash. */
#define TOLD_PASSPHRASE_MIN_BYTES 14u

/* Whose key, and which of theirs. */
struct told_contact_name {
	const char *dir; /* the agent's folder */
	const char *worker;
	unsigned number;
};

/* Makes a key where that file is not there yet; the caller wipes. TOLD_E_EXISTS; TOLD_E_MALFORMED: too short a
 * passphrase; TOLD_E_BUSY: no memory for the slow hash now; else as told_file_write_new. */
TOLD_MUST_USE enum told_status told_contact_key_make(const struct told_contact_name *name, struct told_bytes passphrase,
						     struct told_keypair *pair);
/* Opens it; the caller wipes. TOLD_E_NOT_FOUND, TOLD_E_NOT_ALLOWED (another passphrase), TOLD_E_CONFIG, TOLD_E_BUSY. */
TOLD_MUST_USE enum told_status told_contact_key_open(const struct told_contact_name *name, struct told_bytes passphrase,
						     struct told_keypair *pair);
/* The same key under another passphrase; after failure it opens with the old one. */
TOLD_MUST_USE enum told_status told_contact_key_change(const struct told_contact_name *name, struct told_bytes from,
						       struct told_bytes to);
/* Removes it: what is sealed to it alone is closed for ever. One that is gone already is TOLD_OK. */
TOLD_MUST_USE enum told_status told_contact_key_destroy(const struct told_contact_name *name);

#endif
