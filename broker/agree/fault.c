/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting and printing what is wrong with a file. */
#include "broker/agree/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void told_fault_add(struct told_faults *faults, struct told_place at, const char *why, const char *todo,
		    const char *what, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, what);
	int len = faults->count < TOLD_FAULTS_MAX ? vasprintf(&text, what, args) : -1;
	va_end(args);
	if (len < 0) {
		faults->dropped++;
		return;
	}
	faults->items[faults->count++] = (struct told_fault){.at = at, .what = text, .why = why, .todo = todo};
}

bool told_faults_any(const struct told_faults *faults)
{
	return faults->count + faults->dropped > 0;
}

static bool after(struct told_place a, struct told_place b)
{
	return a.line != b.line ? a.line > b.line : a.column > b.column;
}

/* Insertion sort: at most TOLD_FAULTS_MAX, nearly sorted, and stable. */
void told_faults_sort(struct told_faults *faults)
{
	for (size_t i = 1; i < faults->count; i++) {
		struct told_fault fault = faults->items[i];
		size_t at = i;
		for (; at > 0 && after(faults->items[at - 1].at, fault.at); at--)
			faults->items[at] = faults->items[at - 1];
		faults->items[at] = fault;
	}
}

static void print_one(const char *name, const struct told_fault *fault, struct told_buf *out)
{
	told_buf_put_text(out, name);
	if (fault->at.line > 0)
		told_buf_printf(out, ":%u:%u", fault->at.line, fault->at.column);
	size_t len = strlen(fault->what);
	bool asks = len > 0 && fault->what[len - 1] == '?';
	told_buf_printf(out, ": %s%s %s %s\n", fault->what, asks ? "" : ".", fault->why, fault->todo);
}

void told_faults_print(const struct told_faults *faults, struct told_buf *out)
{
	const char *name = faults->name != NULL ? faults->name : "agreement";
	for (size_t i = 0; i < faults->count; i++)
		print_one(name, &faults->items[i], out);
	if (faults->dropped > 0)
		told_buf_printf(out, "%s: %zu more not shown. Mend these first, then check again.\n", name,
				faults->dropped);
}

void told_faults_free(struct told_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		free(faults->items[i].what);
	faults->count = 0;
	faults->dropped = 0;
}
