/* SPDX-License-Identifier: Apache-2.0 */
/* The door to libcrypto for sealing: algorithms fetched once a process, contexts made once a thread.
 * Only proto/seal*.c may include this. */
#ifndef TOLD_PROTO_SEAL_TOOLS_H
#define TOLD_PROTO_SEAL_TOOLS_H

#include <openssl/evp.h>

/* The contexts of one thread. Whoever used one leaves it without key or state. */
struct told_seal_tools {
	EVP_MD_CTX *sha256; /* always ready for the first update */
	EVP_CIPHER_CTX *cipher;
	const EVP_CIPHER *chacha; /* ChaCha20-Poly1305 */
};

/* Never NULL: a process without libcrypto or memory for a context can keep no promise, so it aborts and says why. */
const struct told_seal_tools *told_seal_tools(void);
/* Aborts with a text unless ok is 1; for calls that can fail only when libcrypto itself is broken. */
void told_seal_must(int ok);

#endif
