/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts never wait for witnesses, so most come with few signatures of theirs. Given again, the same receipt may have
 * more: it is kept if those signatures are true. Judges by the witness keys that our own directory has. */
#include "agents/agent/work/cosigned.h"
#include "agents/agent/core/state.h"

#include <string.h>

#define WITNESSES_MAX 64u

static size_t witnesses(const struct told_agent *agent, struct told_vkey out[WITNESSES_MAX])
{
	struct told_when now = told_agent_now(agent);
	size_t count = 0;
	for (uint32_t party = 1; party <= told_party_count(agent->parties) && count < WITNESSES_MAX; party++) {
		const struct told_key *key = NULL;
		if (told_directory_party(agent->directory, party, now) == TOLD_PARTY_ENROLLED &&
		    told_directory_current_key(agent->directory, party, TOLD_KEY_WITNESS, told_bytes(NULL, 0), now,
					       &key) == TOLD_OK)
			told_vkey_make(told_text(told_party_name(agent->parties, party)), TOLD_NOTE_COSIGNATURE,
				       key->key, &out[count++]);
	}
	return count;
}

/* How many known witnesses signed a note; none where a known one's line is false. */
static size_t signed_by(const struct told_agent *agent, struct told_bytes note, size_t *known)
{
	struct told_vkey keys[WITNESSES_MAX];
	struct told_note_line lines[WITNESSES_MAX];
	struct told_bytes text;
	size_t count = 0;
	*known = witnesses(agent, keys);
	return *known > 0 && told_note_open(note, keys, *known, &text, lines, &count) == TOLD_OK ? count : 0;
}

bool told_receipt_is_thin(struct told_agent *agent, struct told_bytes receipt)
{
	struct told_proof_file proof;
	size_t known = 0;
	if (told_proof_file_parse(receipt, &proof) != TOLD_OK)
		return false;
	size_t count = signed_by(agent, proof.checkpoint, &known);
	told_buf_free(&proof.extra);
	return count <= known / 2;
}

/* The one that we hold, of what we sent or of what came. */
static enum told_status held(struct told_agent *agent, struct told_bytes message, struct told_bytes *text,
			     struct told_outbox_row *row)
{
	enum told_status status = told_outbox_get(agent->vault, agent->arena, message, row);
	if (status == TOLD_OK && row->receipt.len > 0 && row->state != TOLD_OUTBOX_WAITING) {
		*text = row->receipt;
		return TOLD_OK;
	}
	if (status == TOLD_E_NOT_FOUND) {
		row->seq = 0;
		return told_proof_get(agent->vault, agent->arena, message, text);
	}
	return status == TOLD_OK ? TOLD_E_NOT_FOUND : status;
}

/* Whether it says the same of the same place, and more have signed it. */
static void compare(const struct told_agent *agent, const struct told_answer_event *answer, struct told_bytes text,
		    bool *same, bool *better)
{
	struct told_proof_file proof;
	size_t known = 0;
	if (told_proof_file_parse(text, &proof) != TOLD_OK)
		return;
	*same = proof.index == answer->index && told_bytes_equal(told_buf_view(&proof.extra), answer->leaf);
	*better = *same && signed_by(agent, answer->note, &known) > signed_by(agent, proof.checkpoint, &known);
	told_buf_free(&proof.extra);
}

enum told_status told_receipt_again_heard(struct told_agent *agent, const struct told_answer_event *answer, bool *known)
{
	struct told_outbox_row row = {0};
	struct told_bytes message = told_bytes(answer->id, sizeof answer->id), text = {0};
	struct told_buf receipt = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	bool better = false;
	*known = false;
	enum told_status status = answer->in_flight ? TOLD_E_NOT_FOUND : held(agent, message, &text, &row);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	compare(agent, answer, text, known, &better);
	if (!better)
		return TOLD_OK;
	told_receipt_format(answer, &receipt);
	status = receipt.status;
	if (status == TOLD_OK)
		status = row.seq > 0 ? told_outbox_receipt(agent->vault, row.seq, told_buf_view(&receipt))
				     : told_proof_better(agent->vault, message, told_buf_view(&receipt));
	told_buf_free(&receipt);
	return status;
}
