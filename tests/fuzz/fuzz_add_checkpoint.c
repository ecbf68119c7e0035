/* SPDX-License-Identifier: Apache-2.0 */
/* The body of add-checkpoint: one text each; only what the log signed is ever accepted. */
#include "evidence/addcheckpoint.h"
#include "fuzz/fuzz.h"
#include "fuzz/log.h"

void fuzz_seeds(void)
{
	struct told_add_checkpoint request = {.checkpoint = fuzz_note()};
	for (; request.count < 4; request.count++, request.old_size++) {
		struct told_buf body = TOLD_BUF(8192);
		told_add_checkpoint_format(&request, &body);
		fuzz_seed(told_buf_view(&body));
		told_buf_free(&body);
	}
	fuzz_seed_vectors("witness-add-checkpoint", "request_body");
}

static void judge(const struct told_add_checkpoint *request)
{
	static const told_hash none;
	struct told_checkpoint newest;
	if (told_add_checkpoint_judge(request, fuzz_vkeys(), 0, &none, &newest) != 200)
		return;
	struct told_buf text = TOLD_BUF(4096);
	told_checkpoint_format(&newest, &text);
	FUZZ_SAME(told_text(FUZZ_TEXT), &text);
}

void fuzz_one(struct told_bytes input)
{
	struct told_add_checkpoint request;
	struct told_buf again = TOLD_BUF(2 * input.len + 256);
	if (told_add_checkpoint_parse(input, &request) != TOLD_OK)
		return;
	judge(&request);
	told_add_checkpoint_format(&request, &again);
	FUZZ_SAME(input, &again);
}
