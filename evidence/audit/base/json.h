/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON, one line a value, commas in their places. A name is NULL inside an array and at the top. */
#ifndef TOLD_AUDIT_BASE_JSON_H
#define TOLD_AUDIT_BASE_JSON_H

#include "told/bytes.h"

#include <stdio.h>

struct told_json {
	FILE *out;
	bool comma; /* something stands before */
};

void told_json_open(struct told_json *json, const char *name, char bracket); /* '{' or '[' */
void told_json_close(struct told_json *json, char bracket);                  /* '}' or ']' */
void told_json_text(struct told_json *json, const char *name, struct told_bytes text);
void told_json_word(struct told_json *json, const char *name, const char *word);
void told_json_number(struct told_json *json, const char *name, uint64_t value);
void told_json_bool(struct told_json *json, const char *name, bool value);
void told_json_hex(struct told_json *json, const char *name, struct told_bytes bytes); /* up to 64 bytes */
void told_json_base64(struct told_json *json, const char *name, struct told_bytes bytes);
/* The same, but nothing at all for what is empty or 0. */
void told_json_text_if(struct told_json *json, const char *name, struct told_bytes text);
void told_json_number_if(struct told_json *json, const char *name, uint64_t value);
void told_json_hex_if(struct told_json *json, const char *name, struct told_bytes bytes);

#endif
