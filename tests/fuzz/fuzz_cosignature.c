/* SPDX-License-Identifier: Apache-2.0 */
/* A witness's line under a checkpoint: only the line that was signed counts, and only for the time that it states. */
#include "fuzz/fuzz.h"
#include "fuzz/log.h"

#include <string.h>

void fuzz_seeds(void)
{
	struct told_bytes line = fuzz_line();
	fuzz_seed(line);
	fuzz_seed(told_bytes(line.data, line.len - 1));
	fuzz_seed(told_text("\xe2\x80\x94 " FUZZ_WITNESS " AAAA\n"));
}

void fuzz_one(struct told_bytes input)
{
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_note_line line;
	struct told_bytes text;
	size_t count;
	told_buf_put_text(&note, FUZZ_TEXT "\n");
	told_buf_put_bytes(&note, input);
	if (note.status == TOLD_OK &&
	    told_note_open(told_buf_view(&note), fuzz_vkeys() + 1, 1, &text, &line, &count) == TOLD_OK) {
		FUZZ_REQUIRE(told_bytes_equal(text, told_text(FUZZ_TEXT)));
		FUZZ_REQUIRE(count == 1 && line.time_s == FUZZ_TIME_S);
		struct told_bytes signed_line = fuzz_line();
		FUZZ_REQUIRE(memmem(input.data, input.len, signed_line.data, signed_line.len) != NULL);
	}
	told_buf_free(&note);
}
