/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker says to read an answer back. English for now; person-facing texts become catalogues (practice.md
 * section 3). */
#include "agents/form/internal.h"

#include "agents/form/intake.h"
#include <stdlib.h>
#include <string.h>

/* " on 3 November 2026", " in November 2026" or " in 2026", as precisely as it was written; else " before". */
static void put_when(const char *said_at, struct told_buf *out)
{
	static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
					     "July",    "August",   "September", "October", "November", "December"};
	if (form_time_ms(told_text(said_at)) == INT64_MIN) {
		told_buf_put_text(out, " before");
		return;
	}
	size_t len = strlen(said_at); /* a valid time: 4, 7, or 10 and more */
	told_buf_put_text(out, len >= 10 ? " on " : " in ");
	if (len >= 10)
		told_buf_printf(out, "%ld ", strtol(said_at + 8, NULL, 10));
	if (len >= 7)
		told_buf_printf(out, "%s ", months[strtol(said_at + 5, NULL, 10) - 1]);
	told_buf_printf(out, "%.4s", said_at);
}

void told_intake_read_back(const struct told_intake_line *line, struct told_buf *out)
{
	static const char *const who[] = {
		[TOLD_VOICE_PERSON] = "You said",
		[TOLD_VOICE_WORKER] = "A worker wrote",
		[TOLD_VOICE_OTHER] = "Someone else said",
		[TOLD_VOICE_MEASURED] = "We measured",
	};
	unsigned voice = line->told.voice < sizeof who / sizeof *who ? line->told.voice : 0;
	told_buf_put_text(out, voice != 0 ? who[voice] : "It was said");
	put_when(line->told.said_at, out);
	told_buf_put_text(out, ": ");
	told_answer_words(line->item, line->told.answer, out);
	told_buf_put_text(out, ". Is this still right?");
}
