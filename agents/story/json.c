/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text in: the limits first, by a scan that builds nothing, then jansson. Error words are ours, because jansson's
 * quote the text, and the text is somebody's story. */
#include "agents/story/json.h"

#include <string.h>

struct scan {
	size_t depth, values;
	bool in_string, escaped;
};

static void scan_string(struct scan *scan, uint8_t c)
{
	if (scan->escaped)
		scan->escaped = false;
	else if (c == '\\')
		scan->escaped = true;
	else if (c == '"')
		scan->in_string = false;
}

/* Closing brackets without an opening one are left to the parser to refuse. */
static void scan_byte(struct scan *scan, uint8_t c)
{
	if (scan->in_string) {
		scan_string(scan, c);
		return;
	}
	if (c == '"')
		scan->in_string = true;
	if (c == '{' || c == '[')
		scan->depth++;
	if ((c == '}' || c == ']') && scan->depth > 0)
		scan->depth--;
	if (c == '{' || c == '[' || c == ',')
		scan->values++;
}

static void place(struct told_bytes text, size_t at, struct told_json_error *error)
{
	error->line = 1;
	error->column = 1;
	for (size_t i = 0; i < at && i < text.len; i++) {
		bool continues = (text.data[i] & 0xc0) == 0x80;
		if (text.data[i] == '\n') {
			error->line++;
			error->column = 1;
		} else if (!continues) {
			error->column++;
		}
	}
}

static enum told_status judge(struct told_bytes text, const struct told_json_limits *limits,
			      struct told_json_error *error)
{
	struct scan scan = {0};
	*error = (struct told_json_error){"it is larger than the limit", 1, 1};
	if (text.len > limits->bytes)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < text.len; i++) {
		scan_byte(&scan, text.data[i]);
		if (scan.depth <= limits->depth && scan.values <= limits->values)
			continue;
		place(text, i, error);
		error->why = scan.depth > limits->depth ? "it is nested too deep" : "it holds too many values";
		return TOLD_E_LIMIT;
	}
	return TOLD_OK;
}

static const char *words(enum json_error_code code)
{
	static const struct {
		enum json_error_code code;
		const char *why;
	} table[] = {
		{json_error_invalid_utf8, "it is not valid UTF-8"},
		{json_error_premature_end_of_input, "it ends too early"},
		{json_error_end_of_input_expected, "something follows where it should have ended"},
		{json_error_duplicate_key, "a member stands twice in one object"},
		{json_error_numeric_overflow, "a number is too large"},
		{json_error_null_character, "it holds a NUL character"},
		{json_error_null_byte_in_key, "it holds a NUL character"},
	};
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].code == code)
			return table[i].why;
	return "it is not JSON";
}

static enum told_status explain(const json_error_t *from, struct told_json_error *error)
{
	enum json_error_code code = json_error_code(from);
	error->why = words(code);
	error->line = from->line > 0 ? (size_t)from->line : 1;
	error->column = from->column > 0 ? (size_t)from->column : 1;
	return code == json_error_out_of_memory ? TOLD_E_MEMORY : TOLD_E_MALFORMED;
}

enum told_status told_json_load(struct told_bytes text, const struct told_json_limits *limits, json_t **out,
				struct told_json_error *error)
{
	*out = NULL;
	enum told_status status = judge(text, limits, error);
	if (status != TOLD_OK)
		return status;
	json_error_t from;
	*out = json_loadb(text.len > 0 ? (const char *)text.data : "", text.len, JSON_REJECT_DUPLICATES, &from);
	return *out != NULL ? TOLD_OK : explain(&from, error);
}

void told_json_put(struct told_buf *out, struct told_bytes text)
{
	told_buf_put_text(out, "\"");
	for (size_t from = 0, i = 0; text.len > 0 && i <= text.len; i++) {
		bool plain = i < text.len && text.data[i] >= 0x20 && text.data[i] != '"' && text.data[i] != '\\';
		if (plain)
			continue;
		told_buf_put(out, text.data + from, i - from);
		from = i + 1;
		if (i == text.len)
			break;
		if (text.data[i] < 0x20)
			told_buf_printf(out, "\\u%04x", text.data[i]);
		else
			told_buf_printf(out, "\\%c", text.data[i]);
	}
	told_buf_put_text(out, "\"");
}
