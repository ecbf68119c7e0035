/* SPDX-License-Identifier: Apache-2.0 */
/* Where we are, why we refuse, and the members of an object. Touches the tree and the import's arena. */
#include "agents/import/fhir.h"

#include "told/limits.h"
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#define PATH_MAX_BYTES   4096u
#define REASON_MAX_BYTES 1024u

bool told_fhir_equal(struct told_bytes text, const char *other)
{
	return told_bytes_equal(text, told_text(other));
}

static bool identifier(const char *name)
{
	size_t i = 0;
	for (; name[i] != '\0' && i <= TOLD_NAME_MAX_BYTES; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	return i > 0 && i <= TOLD_NAME_MAX_BYTES;
}

/* False when a step could not be printed: what is below it stays off, too. */
static bool put_path(struct told_buf *out, const struct told_fhir_at *at)
{
	if (at->up != NULL && !put_path(out, at->up))
		return false;
	if (!identifier(at->name))
		return false;
	told_buf_printf(out, "%s%s", at->up != NULL ? "." : "", at->name);
	if (at->index != TOLD_IMPORT_NONE)
		told_buf_printf(out, "[%zu]", at->index);
	return true;
}

static const char *keep(struct told_fhir *fhir, struct told_buf *text)
{
	const char *kept = NULL;
	if (text->status == TOLD_OK)
		kept = told_arena_text(fhir->import->arena, told_buf_view(text));
	told_buf_free(text);
	return kept;
}

const char *told_fhir_path(struct told_fhir *fhir, const struct told_fhir_at *at)
{
	struct told_buf path = TOLD_BUF(PATH_MAX_BYTES);
	(void)put_path(&path, at);
	return keep(fhir, &path);
}

__attribute__((format(printf, 2, 0))) static const char *reason(struct told_fhir *fhir, const char *format,
								va_list args)
{
	char text[REASON_MAX_BYTES];
	int len = vsnprintf(text, sizeof text, format, args);
	if (len < 0)
		return NULL;
	size_t kept = (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
	return told_arena_text(fhir->import->arena, told_bytes(text, kept));
}

enum told_status told_fhir_refuse(struct told_fhir *fhir, const struct told_fhir_at *at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fhir->reason = reason(fhir, format, args);
	va_end(args);
	fhir->place = told_fhir_path(fhir, at);
	return fhir->reason != NULL && fhir->place != NULL ? TOLD_E_REFUSED : TOLD_E_MEMORY;
}

enum told_status told_fhir_say(struct told_fhir *fhir, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fhir->reason = reason(fhir, format, args);
	va_end(args);
	return fhir->reason != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_fhir_text(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				const char *name, struct told_bytes *out)
{
	*out = told_bytes(NULL, 0);
	const json_t *text = json_object_get(object, name);
	if (text == NULL)
		return TOLD_OK;
	if (!json_is_string(text) || json_string_length(text) == 0)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "it must be a text that is not empty");
	*out = told_bytes(json_string_value(text), json_string_length(text));
	return TOLD_OK;
}

enum told_status told_fhir_object(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				  const char *name, json_t **out)
{
	*out = json_object_get(object, name);
	if (*out == NULL || json_is_object(*out))
		return TOLD_OK;
	return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "it must be an object");
}

enum told_status told_fhir_list(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				const char *name, json_t **out)
{
	*out = json_object_get(object, name);
	if (*out == NULL)
		return TOLD_OK;
	if (!json_is_array(*out))
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "it must be a list");
	for (size_t i = 0; i < json_array_size(*out); i++)
		if (!json_is_object(json_array_get(*out, i)))
			return told_fhir_refuse(fhir, TOLD_FHIR_AT_I(at, name, i), "it must be an object");
	return TOLD_OK;
}

enum told_status told_fhir_code(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				const char *name, const struct told_fhir_word *words, size_t count, unsigned *value)
{
	*value = 0;
	struct told_bytes code;
	enum told_status status = told_fhir_text(fhir, at, object, name, &code);
	if (status != TOLD_OK)
		return status;
	if (code.len == 0)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "it must be there");
	for (size_t i = 0; i < count; i++) {
		if (!told_fhir_equal(code, words[i].code))
			continue;
		*value = words[i].value;
		if (*value != 0)
			return TOLD_OK;
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "%s: %s", words[i].code, words[i].why);
	}
	return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "this code is not known here");
}
