/* SPDX-License-Identifier: Apache-2.0 */
/* Spans of time as people promise them: "2wd" and "2 working days". Knows no calendar. */
#include "agents/profile/profile.h"

#include <string.h>

static const struct {
	const char *suffix, *one, *more;
} units[] = {
#define X(name, suffix, one, more) [TOLD_PROMISE_##name] = {suffix, one, more},
	TOLD_PROMISE_UNITS(X)
#undef X
};

enum told_status told_promise_parse(struct told_bytes text, struct told_promise *out)
{
	size_t digits = 0;
	while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
		digits++;
	uint64_t amount = 0;
	if (told_decimal(told_bytes(text.data, digits), 999, &amount) != TOLD_OK || amount == 0)
		return TOLD_E_MALFORMED;
	struct told_bytes suffix = told_bytes(text.data + digits, text.len - digits);
	for (unsigned unit = 0; unit < TOLD_PROMISE_UNIT_COUNT; unit++) {
		if (!told_bytes_equal(suffix, told_text(units[unit].suffix)))
			continue;
		*out = (struct told_promise){.amount = (unsigned)amount, .unit = unit};
		return TOLD_OK;
	}
	return TOLD_E_MALFORMED;
}

void told_promise_words(struct told_promise span, struct told_buf *out)
{
	told_buf_printf(out, "%u %s", span.amount, span.amount == 1 ? units[span.unit].one : units[span.unit].more);
}
