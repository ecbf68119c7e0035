/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a query from JSON. */
#include "agents/view/view.h"

#include "proto/leaf.h"
#include "told/codes.h"

#include <string.h>

struct reading {
	const json_t *request;
	struct told_buf *why;
	enum told_status status;
};

static void refuse(struct reading *r, const char *name, const char *what)
{
	if (r->status == TOLD_OK)
		told_buf_printf(r->why, "\"%s\" %s", name, what);
	r->status = TOLD_E_USAGE;
}

static struct told_bytes text_of(struct reading *r, const char *name)
{
	const json_t *value = json_object_get(r->request, name);
	if (value != NULL && (!json_is_string(value) || json_string_length(value) == 0))
		refuse(r, name, "is a text.");
	return json_is_string(value) ? told_bytes((const uint8_t *)json_string_value(value), json_string_length(value))
				     : told_bytes(NULL, 0);
}

static uint64_t number_of(struct reading *r, const char *name)
{
	const json_t *value = json_object_get(r->request, name);
	if (value != NULL && (!json_is_integer(value) || json_integer_value(value) < 0))
		refuse(r, name, "is a number from 0 on.");
	return json_is_integer(value) && json_integer_value(value) > 0 ? (uint64_t)json_integer_value(value) : 0;
}

static uint32_t code_of(struct reading *r, const char *name, enum told_list list)
{
	struct told_bytes word = text_of(r, name);
	uint32_t value = word.len == 0 ? 0 : told_value(list, word);
	if (word.len == 0 || value != 0)
		return value;
	if (r->status == TOLD_OK) {
		told_buf_printf(r->why, "\"%s\" has no value %.*s. It is one of:", name, (int)word.len,
				(const char *)word.data);
		for (unsigned i = 1; i <= told_list_max(list); i++)
			told_buf_printf(r->why, "%s %s", i > 1 ? "," : "", told_code(list, i));
		told_buf_put_text(r->why, ".");
	}
	r->status = TOLD_E_USAGE;
	return 0;
}

static uint32_t phase_of(struct reading *r)
{
	struct told_bytes word = text_of(r, "phase");
	uint32_t phase = word.len == 0 ? 0 : TOLD_PHASE_ACCEPTED;
	while (phase != 0 && phase <= TOLD_PHASE_FINISHED && !told_bytes_equal(word, told_text(told_phase_word(phase))))
		phase++;
	if (phase <= TOLD_PHASE_FINISHED)
		return phase;
	refuse(r, "phase", "is a word as told-audit search has it: accepted, refused, delivered, audit-query, ...");
	return 0;
}

static void read_message(struct reading *r, struct told_query *out)
{
	struct told_bytes text = text_of(r, "message");
	if (text.len == 0)
		return;
	if (told_unhex(text, out->message, TOLD_ID_BYTES) != TOLD_OK)
		refuse(r, "message", "is the id of a message: 32 hexadecimal digits.");
	out->part.message = told_bytes(out->message, sizeof out->message);
}

/* One message is found by its id alone. */
static void check_narrowed(struct reading *r, const struct told_audit_view_part *part)
{
	bool narrowed = part->from > 0 || part->since_ms > 0 || part->until_ms > 0 || part->type != 0 ||
			part->phase != 0 || part->with.len > 0;
	if (part->message.len > 0 && (narrowed || part->all != 0))
		refuse(r, "message", "names one entry: nothing else narrows that down.");
	if (part->all != 0 && part->of.len > 0)
		refuse(r, "all", "is everybody: leave \"of\" out.");
}

enum told_status told_query_read(const json_t *request, struct told_query *out, struct told_buf *why)
{
	struct reading r = {request, why, TOLD_OK};
	*out = (struct told_query){0};
	struct told_audit_view_part *part = &out->part;
	part->purpose = code_of(&r, "purpose", TOLD_LIST_AUDIT_PURPOSE);
	if (part->purpose == 0)
		refuse(&r, "purpose", "is missing: why the log is read stands in the log.");
	part->of = text_of(&r, "of");
	part->all = json_is_true(json_object_get(request, "all")) ? TOLD_YES_NO_YES : 0;
	part->log = number_of(&r, "log");
	part->from = number_of(&r, "from");
	uint64_t limit = number_of(&r, "limit");
	part->count = limit > 0 && limit < TOLD_VIEW_MAX ? (uint32_t)limit : TOLD_VIEW_MAX;
	part->since_ms = number_of(&r, "since_ms");
	part->until_ms = number_of(&r, "until_ms");
	part->type = code_of(&r, "type", TOLD_LIST_TYPE);
	part->phase = phase_of(&r);
	part->with = text_of(&r, "with");
	read_message(&r, out);
	check_narrowed(&r, part);
	return r.status;
}
