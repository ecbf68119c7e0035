/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing partnership.json: a table of its members, all of them needed, nothing else allowed. */
#include "agents/keys/partnership.h"

#include "agents/story/json.h"
#include "broker/base/file.h"
#include "told/proof.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct member {
	const char *name;
	size_t offset, size;
	bool key; /* 32 bytes as hexadecimal; else text */
};

#define TEXT(field)                                                                                                    \
	{                                                                                                              \
#field, offsetof(struct told_partnership, field), sizeof((struct told_partnership *)0)->field, false   \
	}
#define KEY(field)                                                                                                     \
	{                                                                                                              \
#field, offsetof(struct told_partnership, field), TOLD_KEY_BYTES, true                                 \
	}
static const struct member members[] = {
	TEXT(partnership),       TEXT(endpoint),    TEXT(log_vkey),
	KEY(broker_session_key), KEY(operator_key), KEY(enrolment_key),
};
#define MEMBER_COUNT (sizeof members / sizeof members[0])
#define BEFORE       "log_vkeys_before"

static enum told_status take(const struct member *member, const json_t *value, struct told_partnership *out)
{
	uint8_t *field = (uint8_t *)out + member->offset;
	struct told_bytes text = told_bytes(json_string_value(value), json_string_length(value));
	if (!json_is_string(value) || text.len == 0)
		return TOLD_E_CONFIG;
	if (member->key)
		return told_unhex(text, field, TOLD_KEY_BYTES) == TOLD_OK ? TOLD_OK : TOLD_E_CONFIG;
	if (text.len >= member->size || memchr(text.data, '\n', text.len) != NULL)
		return TOLD_E_CONFIG;
	memcpy(field, text.data, text.len);
	return TOLD_OK;
}

/* Only a log whose key was renewed has any. */
static enum told_status take_before(const json_t *list, struct told_partnership *out, struct told_buf *why)
{
	struct told_vkey vkey;
	size_t count = json_array_size(list);
	bool good = json_is_array(list) && count > 0 && count < TOLD_LOG_KEYS_MAX;
	for (size_t i = 0; good && i < count; i++) {
		const json_t *value = json_array_get(list, i);
		size_t len = json_string_length(value);
		good = json_is_string(value) && len < TOLD_VKEY_MAX_BYTES &&
		       told_vkey_parse(told_bytes(json_string_value(value), len), &vkey) == TOLD_OK;
		if (good)
			memcpy(out->log_vkeys_before[i], json_string_value(value), len);
	}
	out->log_keys_before = good ? count : 0;
	if (!good)
		told_buf_put_text(why, "\"" BEFORE "\" is no list of verifier keys");
	return good ? TOLD_OK : TOLD_E_CONFIG;
}

static enum told_status take_all(const json_t *root, struct told_partnership *out, struct told_buf *why)
{
	struct told_vkey vkey;
	const json_t *before = json_object_get(root, BEFORE);
	if (!json_is_object(root) || json_object_size(root) != MEMBER_COUNT + (before != NULL)) {
		told_buf_printf(why, "it must have exactly the %zu members that told init --broker writes",
				MEMBER_COUNT);
		return TOLD_E_CONFIG;
	}
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		if (take(&members[i], json_object_get(root, members[i].name), out) != TOLD_OK) {
			told_buf_printf(why, "\"%s\" is missing or not of its form", members[i].name);
			return TOLD_E_CONFIG;
		}
	}
	if (told_vkey_parse(told_text(out->log_vkey), &vkey) != TOLD_OK) {
		told_buf_put_text(why, "\"log_vkey\" is no verifier key");
		return TOLD_E_CONFIG;
	}
	return before == NULL ? TOLD_OK : take_before(before, out, why);
}

static enum told_status parse(struct told_bytes text, struct told_partnership *out, struct told_buf *why)
{
	static const struct told_json_limits limits = {
		.bytes = TOLD_PARTNERSHIP_MAX_BYTES, .depth = 3, .values = 16 + TOLD_LOG_KEYS_MAX};
	struct told_json_error error = {0};
	json_t *root = NULL;
	if (told_json_load(text, &limits, &root, &error) != TOLD_OK) {
		told_buf_printf(why, "line %zu, column %zu: %s", error.line, error.column,
				error.why == NULL ? "not JSON" : error.why);
		return TOLD_E_CONFIG;
	}
	enum told_status status = take_all(root, out, why);
	json_decref(root);
	return status;
}

enum told_status told_partnership_read(const char *path, struct told_partnership *out, struct told_buf *why)
{
	struct told_buf text = TOLD_BUF(TOLD_PARTNERSHIP_MAX_BYTES), detail = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	memset(out, 0, sizeof *out);
	enum told_status status = told_file_read(path, TOLD_PARTNERSHIP_MAX_BYTES, &text);
	if (status != TOLD_OK)
		told_buf_put_text(&detail, told_status_text(status));
	else
		status = parse(told_buf_view(&text), out, &detail);
	if (status != TOLD_OK && why != NULL)
		told_buf_printf(why, "%s: %s. Ask the broker's operator for partnership.json.", path,
				told_buf_cstr(&detail) == NULL ? "not readable" : told_buf_cstr(&detail));
	told_buf_free(&detail);
	told_buf_free(&text);
	return status;
}

static json_t *value_of(const struct member *member, const struct told_partnership *partnership)
{
	const uint8_t *field = (const uint8_t *)partnership + member->offset;
	char hex[2 * TOLD_KEY_BYTES + 1];
	if (!member->key)
		return json_string((const char *)field);
	told_hex(field, TOLD_KEY_BYTES, hex);
	return json_string(hex);
}

static enum told_status put_before(json_t *root, const struct told_partnership *partnership)
{
	json_t *list = partnership->log_keys_before > 0 ? json_array() : NULL;
	for (size_t i = 0; i < partnership->log_keys_before; i++)
		if (json_array_append_new(list, json_string(partnership->log_vkeys_before[i])) != 0) {
			json_decref(list);
			return TOLD_E_MEMORY;
		}
	return list == NULL || json_object_set_new(root, BEFORE, list) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_partnership_write(const char *path, const struct told_partnership *partnership)
{
	enum told_status status = TOLD_E_MEMORY;
	struct told_buf text = TOLD_BUF(TOLD_PARTNERSHIP_MAX_BYTES);
	json_t *root = json_object();
	for (size_t i = 0; root != NULL && i < MEMBER_COUNT; i++)
		if (json_object_set_new(root, members[i].name, value_of(&members[i], partnership)) != 0)
			goto out;
	if (root == NULL || put_before(root, partnership) != TOLD_OK)
		goto out;
	char *dump = json_dumps(root, JSON_INDENT(2));
	if (dump == NULL)
		goto out;
	told_buf_printf(&text, "%s\n", dump);
	free(dump);
	status = text.status;
	if (status == TOLD_OK)
		status = told_file_write(path, told_buf_view(&text), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
out:
	told_buf_free(&text);
	json_decref(root);
	return status;
}
