/* SPDX-License-Identifier: Apache-2.0 */
/* For whoever gets it: what came, and the marker that the agreement allows. Where nothing came there is one text of one
 * size, the same for an unknown person, a refusal, no need to know and a protected one. Touches only its arguments. */
#include "agents/explain/say.h"

static const char generic_marker[] = "There is more that was not released.";

/* A view of one's own record is never held, so it may be partial with no row in it: that too is nothing. */
static bool came(const struct told_rendering *r)
{
	for (size_t i = 0; i < r->decision->section_count; i++)
		if (told_section_went(r, i))
			return told_anything_went(r);
	return r->decision->section_count == 0 && told_anything_went(r);
}

void told_render_requester(const struct told_rendering *r, struct told_buf *out)
{
	if (!came(r)) {
		told_buf_put_text(out, TOLD_NOTHING_TO_RELEASE "\n");
		return;
	}
	told_buf_put_text(out, "Released\n");
	for (size_t i = 0; i < r->decision->section_count; i++)
		if (told_section_went(r, i))
			told_buf_printf(out, "  %s\n", told_section_name(r, i));
	if (told_marker_of(r->decision) == TOLD_PARCEL_MARKER_GENERIC)
		told_buf_printf(out, "%s\n", generic_marker);
	for (size_t i = 0;
	     told_marker_of(r->decision) == TOLD_PARCEL_MARKER_PER_SECTION && i < r->decision->section_count; i++)
		if (!told_section_went(r, i))
			told_buf_printf(out, "Not released: %s\n", told_section_name(r, i));
}

static json_t *names(const struct told_rendering *r, bool went)
{
	json_t *list = json_array();
	for (size_t i = 0; list && i < r->decision->section_count; i++)
		if (told_section_went(r, i) == went &&
		    json_array_append_new(list, json_string(told_section_name(r, i))) != 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

json_t *told_json_requester(const struct told_rendering *r)
{
	if (!came(r))
		return json_pack("{s:[], s:s}", "released", "text", TOLD_NOTHING_TO_RELEASE);
	switch (told_marker_of(r->decision)) {
	case TOLD_PARCEL_MARKER_GENERIC:
		return json_pack("{s:o, s:s}", "released", names(r, true), "text", generic_marker);
	case TOLD_PARCEL_MARKER_PER_SECTION:
		return json_pack("{s:o, s:o}", "released", names(r, true), "not_released", names(r, false));
	default: return json_pack("{s:o}", "released", names(r, true));
	}
}
