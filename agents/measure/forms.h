/* SPDX-License-Identifier: Apache-2.0 */
/* The forms to be measured, read from wherever they stand. Private to this room; the only part of it that opens forms.
 */
#ifndef TOLD_AGENTS_MEASURE_FORMS_H
#define TOLD_AGENTS_MEASURE_FORMS_H

#include "agents/form/form.h"
#include "agents/measure/retelling.h"

struct told_measured {
	struct told_form *form;
	char *name, *party; /* party NULL: nobody said who asks it */
	size_t listed;      /* questions that stand in the file, those counted with another included */
	json_t *near;       /* of a bank: code -> the code of ours that comes closest; else NULL */
};

/* Opens all, in order. On failure nothing is left open, and why has the place. */
TOLD_MUST_USE enum told_status told_measured_open(const struct told_retelling_ask *ask, struct told_measured **out,
						  size_t *count, struct told_buf *why);
void told_measured_close(struct told_measured *forms, size_t count);

#endif
