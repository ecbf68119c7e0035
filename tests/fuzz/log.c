/* SPDX-License-Identifier: Apache-2.0 */
/* Keys from fixed seeds, one text, one signature of each. */
#include "fuzz/log.h"

#include "fuzz/fuzz.h"

static struct told_vkey vkeys[2];
static struct told_buf note = TOLD_BUF(4096), line = TOLD_BUF(4096), cosigned = TOLD_BUF(8192);

static struct told_signer *signer_of(uint8_t first, uint8_t key[32])
{
	struct told_signer *signer;
	const uint8_t seed[32] = {first};
	FUZZ_REQUIRE(told_ed25519_public(seed, key) == TOLD_OK && told_signer_new(seed, &signer) == TOLD_OK);
	return signer;
}

static void make(void)
{
	uint8_t key[32];
	if (note.len > 0)
		return;
	struct told_signer *log = signer_of(1, key);
	told_vkey_make(told_text(FUZZ_ORIGIN), TOLD_NOTE_ED25519, key, &vkeys[0]);
	FUZZ_REQUIRE(told_note_sign(told_text(FUZZ_TEXT), vkeys[0].name, log, key, &note) == TOLD_OK);
	struct told_signer *witness = signer_of(2, key);
	told_vkey_make(told_text(FUZZ_WITNESS), TOLD_NOTE_COSIGNATURE, key, &vkeys[1]);
	FUZZ_REQUIRE(told_note_cosign(told_text(FUZZ_TEXT), FUZZ_TIME_S, vkeys[1].name, witness, key, &line) ==
		     TOLD_OK);
	told_buf_put_bytes(&cosigned, told_buf_view(&note));
	told_buf_put_bytes(&cosigned, told_buf_view(&line));
	told_signer_free(log);
	told_signer_free(witness);
}

const struct told_vkey *fuzz_vkeys(void)
{
	make();
	return vkeys;
}

struct told_bytes fuzz_note(void)
{
	make();
	return told_buf_view(&note);
}

struct told_bytes fuzz_cosigned_note(void)
{
	make();
	return told_buf_view(&cosigned);
}

struct told_bytes fuzz_line(void)
{
	make();
	return told_buf_view(&line);
}
