/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON to a stream, member by member. Touches the stream only. */
#include "evidence/audit/base/json.h"

#include "evidence/audit/base/words.h"

#include <inttypes.h>

#define HEX_MAX_BYTES 64u

static void begin(struct told_json *json, const char *name)
{
	if (json->comma)
		fputc(',', json->out);
	json->comma = true;
	if (name != NULL)
		fprintf(json->out, "\"%s\":", name);
}

void told_json_open(struct told_json *json, const char *name, char bracket)
{
	begin(json, name);
	fputc(bracket, json->out);
	json->comma = false;
}

void told_json_close(struct told_json *json, char bracket)
{
	fputc(bracket, json->out);
	json->comma = true;
}

void told_json_text(struct told_json *json, const char *name, struct told_bytes text)
{
	begin(json, name);
	told_print_json(json->out, text);
}

void told_json_word(struct told_json *json, const char *name, const char *word)
{
	told_json_text(json, name, told_text(word));
}

void told_json_number(struct told_json *json, const char *name, uint64_t value)
{
	begin(json, name);
	fprintf(json->out, "%" PRIu64, value);
}

void told_json_bool(struct told_json *json, const char *name, bool value)
{
	begin(json, name);
	fputs(value ? "true" : "false", json->out);
}

void told_json_hex(struct told_json *json, const char *name, struct told_bytes bytes)
{
	char hex[2 * HEX_MAX_BYTES + 1];
	told_hex(bytes.data, bytes.len < HEX_MAX_BYTES ? bytes.len : HEX_MAX_BYTES, hex);
	told_json_word(json, name, hex);
}

void told_json_base64(struct told_json *json, const char *name, struct told_bytes bytes)
{
	struct told_buf text = TOLD_BUF(2 * bytes.len + 8);
	told_base64(bytes, &text);
	told_json_text(json, name, told_buf_view(&text));
	told_buf_free(&text);
}

void told_json_text_if(struct told_json *json, const char *name, struct told_bytes text)
{
	if (text.len > 0)
		told_json_text(json, name, text);
}

void told_json_number_if(struct told_json *json, const char *name, uint64_t value)
{
	if (value != 0)
		told_json_number(json, name, value);
}

void told_json_hex_if(struct told_json *json, const char *name, struct told_bytes bytes)
{
	if (bytes.len > 0)
		told_json_hex(json, name, bytes);
}
