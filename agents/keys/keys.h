/* SPDX-License-Identifier: Apache-2.0 */
/* The six keys of an agency, each with one job (protocol section 1), as files of DIR/keys. */
#ifndef TOLD_KEYS_KEYS_H
#define TOLD_KEYS_KEYS_H

#include "told/bytes.h"
#include "told/limits.h"

/* X(NAME, file, kind): how the public half is made. */
#define TOLD_AGENCY_KEYS(X)                                                                                            \
	X(IDENTITY, "identity", ED25519)                                                                               \
	X(SIGNING, "signing", ED25519)                                                                                 \
	X(SEALING, "sealing", X25519)                                                                                  \
	X(WITNESS, "witness", ED25519)                                                                                 \
	X(SESSION, "session", X25519) /* CURVE is X25519 too */                                                        \
	X(VAULT, "vault", SYMMETRIC)
enum told_agency_key {
#define X(name, file, kind) TOLD_AGENCY_KEY_##name,
	TOLD_AGENCY_KEYS(X)
#undef X
		TOLD_AGENCY_KEY_COUNT
};

struct told_keypair {
	uint8_t secret[TOLD_KEY_BYTES];
	uint8_t key[TOLD_KEY_BYTES]; /* public; zero for the vault key */
};
struct told_keys {
	struct told_keypair of[TOLD_AGENCY_KEY_COUNT];
};

/* Makes DIR/keys (0700) and six fresh keys in it. TOLD_E_EXISTS when there is one already: nothing is replaced. */
TOLD_MUST_USE enum told_status told_keys_make(const char *dir);

/* Loads all six, of each the first that is still there; the caller wipes with told_keys_wipe. After failure keys is
 * wiped and why (may be NULL) says which file. As told_keyfile_read; TOLD_E_KEY. */
TOLD_MUST_USE enum told_status told_keys_load(const char *dir, struct told_keys *keys, struct told_buf *why);
void told_keys_wipe(struct told_keys *keys);

/* Keys have numbers, as in their records. The first is DIR/keys/NAME.key, the second NAME-2.key, and so on. */
#define TOLD_KEY_NUMBERS_MAX 99u
/* One key of an agency; the caller wipes. TOLD_E_NOT_FOUND, else as told_keyfile_read; TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_key_load(const char *dir, enum told_agency_key which, unsigned number,
					     struct told_keypair *pair);
/* The same, made when there is none yet. */
TOLD_MUST_USE enum told_status told_key_make(const char *dir, enum told_agency_key which, unsigned number,
					     struct told_keypair *pair);
/* Removes it: nobody can use it again. */
TOLD_MUST_USE enum told_status told_key_destroy(const char *dir, enum told_agency_key which, unsigned number);

/* The five keys of a broker: operator and log (Ed25519), session, enrolment and the operator own session (X25519), as
 * files of DIR/keys. */
#define TOLD_BROKER_KEYS(X)                                                                                            \
	X(OPERATOR, "operator", ED25519)                                                                               \
	X(LOG, "log", ED25519)                                                                                         \
	X(SESSION, "session", X25519)                                                                                  \
	X(ENROLMENT, "enrolment", X25519)                                                                              \
	X(OPERATOR_SESSION, "operator-session", X25519) /* with which `told partner` connects */
enum told_broker_key {
#define X(name, file, kind) TOLD_BROKER_KEY_##name,
	TOLD_BROKER_KEYS(X)
#undef X
		TOLD_BROKER_KEY_COUNT
};
struct told_broker_keys {
	struct told_keypair of[TOLD_BROKER_KEY_COUNT];
};
TOLD_MUST_USE enum told_status told_broker_keys_make(const char *dir);
TOLD_MUST_USE enum told_status told_broker_keys_load(const char *dir, struct told_broker_keys *keys,
						     struct told_buf *why);
/* One of them by its number, as told_key_load and so on: only the log's key ever has another than 1. */
TOLD_MUST_USE enum told_status told_broker_key_load(const char *dir, enum told_broker_key which, unsigned number,
						    struct told_keypair *pair);
TOLD_MUST_USE enum told_status told_broker_key_make(const char *dir, enum told_broker_key which, unsigned number,
						    struct told_keypair *pair);
TOLD_MUST_USE enum told_status told_broker_key_destroy(const char *dir, enum told_broker_key which, unsigned number);
void told_broker_keys_wipe(struct told_broker_keys *keys);

#endif
