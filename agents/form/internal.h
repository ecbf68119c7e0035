/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: the form behind its opaque name, the loader's context, dates. */
#ifndef TOLD_AGENTS_FORM_INTERNAL_H
#define TOLD_AGENTS_FORM_INTERNAL_H

#include "agents/form/form.h"

struct told_form {
	struct told_arena *arena; /* owns everything below */
	const char *url, *title;
	struct told_item *items;
	size_t count;
};

/* A loader's context. where names the element for error texts: its linkId, or its path before that is known. */
struct loader {
	struct told_form *form;
	struct told_buf *why;
	const char *where;
};

/* Appends "WHERE: message" to why and gives back the status. */
__attribute__((format(printf, 3, 4))) enum told_status form_fault(const struct loader *loader, enum told_status status,
								  const char *format, ...);

/* A JSON string of 1 to max bytes without control characters, copied into the form's arena. */
TOLD_MUST_USE enum told_status form_text(struct loader *loader, const json_t *value, const char *name, size_t max,
					 const char **out);
/* Reads every member of one item but its children; item is zeroed but for its parent. */
TOLD_MUST_USE enum told_status form_item_read(struct loader *loader, const json_t *json, struct told_item *item);
/* Reads one extension of an item. */
TOLD_MUST_USE enum told_status form_extension_read(struct loader *loader, const json_t *json, struct told_item *item);
/* Checks an item by itself, then totals over their groups. Run once all items are read. */
TOLD_MUST_USE enum told_status form_settle(struct loader *loader);

/* Valid date of the calendar, years 1900 to 2199, as YYYY-MM-DD. */
bool form_date_valid(const char *text);
/* UTC milliseconds of a FHIR date or time of any precision (its first moment); INT64_MIN for what is none. */
int64_t form_time_ms(struct told_bytes text);
/* "2026-11-22T10:00:00Z" in out (at least 21 bytes). */
void form_time_text(int64_t utc_ms, char out[32]);

#endif
