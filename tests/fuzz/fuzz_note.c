/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes: under keys that signed one text, no other text ever verifies; and a time is the one that was signed. */
#include "fuzz/fuzz.h"
#include "fuzz/log.h"

void fuzz_seeds(void)
{
	fuzz_seed(fuzz_note());
	fuzz_seed(fuzz_cosigned_note());
	fuzz_seed_vectors("signed-note", "note");
	fuzz_seed_vectors("signed-note", "malformed");
}

void fuzz_one(struct told_bytes input)
{
	struct told_note_line lines[2];
	struct told_bytes text, unjudged;
	size_t count, line, form;
	enum told_status status = told_note_open_at(input, fuzz_vkeys(), 2, &text, lines, &count, &line);
	if (status != TOLD_OK) {
		FUZZ_REQUIRE(count == 0 && text.len == 0 && line <= fuzz_lines(input));
		FUZZ_REQUIRE(line > 0 || status != TOLD_E_MALFORMED);
		FUZZ_REQUIRE((told_note_text_at(input, &text, &form) == TOLD_E_MALFORMED) == (form > 0));
		FUZZ_REQUIRE(form <= fuzz_lines(input));
		return;
	}
	FUZZ_REQUIRE(told_bytes_equal(text, told_text(FUZZ_TEXT)));
	FUZZ_REQUIRE(told_note_text(input, &unjudged) == TOLD_OK && told_bytes_equal(text, unjudged));
	FUZZ_REQUIRE(count == 1 || count == 2);
	for (size_t i = 0; i < count; i++)
		FUZZ_REQUIRE(lines[i].time_s == (lines[i].vkey == 1 ? FUZZ_TIME_S : 0));
}
