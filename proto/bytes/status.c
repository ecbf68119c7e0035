/* SPDX-License-Identifier: Apache-2.0 */
/* The words and the class of each status, out of the one list in told/status.h. Touches nothing else. */
#include "told/status.h"

#include <stddef.h>

struct row {
	const char *name;
	const char *text;
	enum told_status_class class;
};

static const struct row rows[] = {
#define X(name, class, text) [TOLD_##name] = {#name, text, TOLD_CLASS_##class},
	TOLD_STATUSES(X)
#undef X
};

_Static_assert(sizeof rows / sizeof rows[0] == TOLD_STATUS_COUNT, "each status has its row");

/* A number that is no status is a broken contract of ours, and reads as one. */
static const struct row *row_of(enum told_status status)
{
	size_t at = (size_t)status;
	return &rows[at < TOLD_STATUS_COUNT ? at : TOLD_E_INTERNAL];
}

enum told_status_class told_status_class(enum told_status status)
{
	return row_of(status)->class;
}

const char *told_status_text(enum told_status status)
{
	return row_of(status)->text;
}

const char *told_status_name(enum told_status status)
{
	return row_of(status)->name;
}
