/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures, cheaply: the library's key objects are kept, and a batch is verified once a turn. */
#ifndef TOLD_VERIFY_KEYS_H
#define TOLD_VERIFY_KEYS_H

#include "broker/verify/verify.h"

/* The batch signature over this envelope under key. TOLD_E_SIGNATURE, TOLD_E_PROOF, TOLD_E_KEY, TOLD_E_MALFORMED. */
TOLD_MUST_USE enum told_status told_keys_check(struct told_key_cache *keys, struct told_batch_cache *batches,
					       const struct told_opened_envelope *opened,
					       const uint8_t key[TOLD_KEY_BYTES]);

#endif
