/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of the log's own keys do as the operator, and what they look at in the broker's folder. */
#ifndef TOLD_TEST_LOG_KEY_WORLD_H
#define TOLD_TEST_LOG_KEY_WORLD_H

#include "flow/consent_world.h"

#include "agents/keys/log_ring.h"

static inline uint32_t log_key_say(struct world *w, uint32_t action, uint32_t number, const struct told_keypair *pair)
{
	struct told_signer *signer = NULL;
	uint8_t proof[TOLD_SIGNATURE_BYTES];
	bool issue = action == TOLD_KEY_ACTION_ISSUE;
	assert_int_equal(told_signer_new(pair->secret, &signer), TOLD_OK);
	assert_int_equal(told_possession_sign(signer, told_text("broker"), pair->key, proof), TOLD_OK);
	struct told_key_part record = {.purpose = TOLD_KEY_LOG,
				       .action = action,
				       .number = number,
				       .key = told_bytes(pair->key, TOLD_KEY_BYTES),
				       .possession = told_bytes(proof, issue ? sizeof proof : 0)};
	struct told_partner_part part = {.action = TOLD_PARTNER_ACTION_LOG_KEY, .log_key = &record};
	told_signer_free(signer);
	return world_partner(w, &part);
}

/* As `told partner log-key rotate`; the key of that number (the first is 1) signs from now on. */
static inline struct told_keypair log_key_rotate(struct world *w, uint32_t number)
{
	struct told_keypair pair;
	assert_int_equal(told_log_key_make(w->broker_dir, number, &pair), TOLD_OK);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_ISSUE, number, &pair), TOLD_ANSWER_ACCEPTED);
	return pair;
}

static inline bool log_key_has_file(const struct world *w, uint32_t number)
{
	struct told_keypair pair;
	enum told_status status = told_broker_key_load(w->broker_dir, TOLD_BROKER_KEY_LOG, number, &pair);
	told_wipe(&pair, sizeof pair);
	assert_true(status == TOLD_OK || status == TOLD_E_NOT_FOUND);
	return status == TOLD_OK;
}

/* Which of the two signed the checkpoint that an agent has published last: bit 0 for the first, bit 1 for the second.
 * Receipts are written a moment after the turn: whoever waits for something asks again. */
static inline unsigned log_key_signed(const struct told_bytes note, const struct told_keypair *first,
				      const struct told_keypair *second)
{
	struct told_vkey vkeys[2];
	struct told_note_line lines[2];
	struct told_bytes text;
	struct told_checkpoint checkpoint;
	size_t count = 0;
	unsigned by = 0;
	assert_int_equal(told_note_text(note, &text), TOLD_OK);
	assert_int_equal(told_checkpoint_parse(text, &checkpoint), TOLD_OK);
	told_vkey_make(checkpoint.origin, TOLD_NOTE_ED25519, first->key, &vkeys[0]);
	told_vkey_make(checkpoint.origin, TOLD_NOTE_ED25519, second->key, &vkeys[1]);
	assert_int_equal(told_note_open(note, vkeys, 2, &text, lines, &count), TOLD_OK);
	for (size_t i = 0; i < count; i++)
		by |= 1u << lines[i].vkey;
	return by;
}

#endif
