/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers faults and gives verdicts. Touches memory only; report_print.c shows them. */
#include "evidence/audit/base/report.h"

#include "evidence/audit/base/audit.h"

#include <stdarg.h>

#define TEXT_MAX_BYTES 8192u /* two paths and some words */

void told_report_init(struct told_report *report)
{
	*report = (struct told_report){.origins = TOLD_BUF(TEXT_MAX_BYTES), .copy = TOLD_BUF(TEXT_MAX_BYTES)};
	for (size_t i = 0; i < TOLD_CLAIM_COUNT; i++)
		report->verdicts[i] = (struct told_verdict){
			.from = TOLD_NO_ENTRY,
			.to = TOLD_NO_ENTRY,
			.text = TOLD_BUF(TEXT_MAX_BYTES),
		};
}

void told_report_free(struct told_report *report)
{
	told_buf_free(&report->origins);
	told_buf_free(&report->copy);
	for (size_t i = 0; i < TOLD_CLAIM_COUNT; i++)
		told_buf_free(&report->verdicts[i].text);
}

__attribute__((format(printf, 2, 0))) static void put(struct told_buf *text, const char *format, va_list args)
{
	char words[TEXT_MAX_BYTES];
	vsnprintf(words, sizeof words, format, args); /* cut rather than lost */
	told_buf_free(text);
	told_buf_put_text(text, words);
}

void told_report_fault(struct told_report *report, enum told_claim claim, uint64_t from, uint64_t to, const char *todo,
		       const char *format, ...)
{
	struct told_verdict *verdict = &report->verdicts[claim];
	if (verdict->faults++ > 0 && to >= verdict->to)
		return;
	verdict->state = TOLD_VERDICT_FAILED;
	verdict->from = from;
	verdict->to = to;
	verdict->todo = todo;
	va_list args;
	va_start(args, format);
	put(&verdict->text, format, args);
	va_end(args);
}

void told_report_say(struct told_report *report, enum told_claim claim, enum told_verdict_state state,
		     const char *format, ...)
{
	struct told_verdict *verdict = &report->verdicts[claim];
	if (verdict->state == TOLD_VERDICT_FAILED)
		return;
	verdict->state = state;
	va_list args;
	va_start(args, format);
	put(&verdict->text, format, args);
	va_end(args);
}

bool told_report_failed(const struct told_report *report, enum told_claim claim)
{
	return report->verdicts[claim].state == TOLD_VERDICT_FAILED;
}

int told_report_exit(const struct told_report *report)
{
	static const struct {
		bool must_hold; /* not shown is not good enough */
		int failed;
	} rules[TOLD_CLAIM_COUNT] = {
		[TOLD_CLAIM_SIGNATURE] = {true, TOLD_AUDIT_INTEGRITY},
		[TOLD_CLAIM_INTEGRITY] = {true, TOLD_AUDIT_INTEGRITY},
		[TOLD_CLAIM_ANCHORED] = {true, TOLD_AUDIT_INTEGRITY},
		[TOLD_CLAIM_FRESHNESS] = {true, TOLD_AUDIT_CHECK_FAILED},
		[TOLD_CLAIM_QUORUM] = {true, TOLD_AUDIT_CHECK_FAILED},
		[TOLD_CLAIM_COMPLETENESS] = {false, TOLD_AUDIT_INTEGRITY}, /* gaps are named: only reconciling tells */
		[TOLD_CLAIM_ERASURES] = {true, TOLD_AUDIT_INTEGRITY},
	};
	int code = TOLD_AUDIT_GOOD;
	for (size_t i = 0; i < TOLD_CLAIM_COUNT; i++) {
		enum told_verdict_state state = report->verdicts[i].state;
		int here = TOLD_AUDIT_GOOD;
		if (state == TOLD_VERDICT_FAILED)
			here = rules[i].failed;
		else if (state == TOLD_VERDICT_NOT_SHOWN && rules[i].must_hold)
			here = TOLD_AUDIT_CHECK_FAILED;
		code = here > code ? here : code;
	}
	return code;
}
