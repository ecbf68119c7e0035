/* SPDX-License-Identifier: Apache-2.0 */
/* Values of an agreement in the words of its file, and the comparison of two. Pure memory. */
#include "broker/agree/diff_fields.h"

#include "broker/agree/meaning.h"
#include "broker/agree/sets.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define VALUE_MAX_BYTES 65536u

/* ---- values ---- */

void told_value_text(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	told_buf_put_bytes(out, *(const struct told_bytes *)at);
}

static void put_date(int64_t utc_ms, struct told_buf *out)
{
	char date[11];
	if (utc_ms == TOLD_FOREVER || utc_ms == 0)
		return;
	told_date_text(utc_ms, date);
	told_buf_put_text(out, date);
}

void told_value_date(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	put_date(*(const int64_t *)at, out);
}

/* An end is kept as the next midnight. */
void told_value_end(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	int64_t end_ms = *(const int64_t *)at;
	(void)terms;
	(void)with;
	put_date(end_ms == TOLD_FOREVER ? end_ms : end_ms - 1, out);
}

void told_value_number(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	if (*(const uint32_t *)at != 0)
		told_buf_printf(out, "%u", *(const uint32_t *)at);
}

void told_value_span(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	const struct told_span *span = at;
	char text[12];
	(void)terms;
	(void)with;
	if (span->unit == TOLD_SPAN_NONE)
		return;
	told_span_text(*span, text);
	told_buf_put_text(out, text);
}

void told_value_flag(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	told_buf_put_text(out, *(const bool *)at ? "yes" : "no");
}

/* with: an array of words, by the number. */
void told_value_word(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	const char *const *words = with;
	(void)terms;
	told_buf_put_text(out, words[*(const uint8_t *)at]);
}

void told_value_party(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	uint32_t party = *(const uint32_t *)at;
	(void)with;
	if (party != 0)
		told_buf_put_text(out, told_party_name(terms->names, party));
}

void told_value_parties(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	const char *between = "";
	(void)with;
	for (uint32_t party = 1; party <= TOLD_PARTYSET_MAX; party++)
		if (told_partyset_has(at, party)) {
			told_buf_printf(out, "%s%s", between, told_party_name(terms->names, party));
			between = " ";
		}
}

void told_value_categories(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	told_catset_print(at, out);
}

void told_value_fingerprint(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	static const uint8_t none[TOLD_HASH_BYTES];
	char hex[2 * TOLD_HASH_BYTES + 1];
	(void)terms;
	(void)with;
	if (memcmp(at, none, sizeof none) == 0)
		return;
	told_hex(at, TOLD_HASH_BYTES, hex);
	told_buf_printf(out, "SHA256:%s", hex);
}

void told_bits_print(uint64_t bits, enum told_list list, struct told_buf *out)
{
	const char *between = "";
	for (unsigned bit = 0; bit < 64; bit++)
		if ((bits >> bit & 1) != 0) {
			told_buf_printf(out, "%s%s", between, told_code(list, bit + 1));
			between = " ";
		}
}

void told_value_purposes(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	told_bits_print(*(const uint32_t *)at, TOLD_LIST_PURPOSE, out);
}

void told_value_types(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	told_bits_print(*(const uint64_t *)at, TOLD_LIST_TYPE, out);
}

void told_value_roles(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	told_bits_print(*(const uint32_t *)at, TOLD_LIST_ROLE, out);
}

static void put_words(uint64_t bits, const char *const *words, unsigned count, struct told_buf *out)
{
	const char *between = "";
	for (unsigned bit = 0; bit < count; bit++)
		if ((bits >> bit & 1) != 0) {
			told_buf_printf(out, "%s%s", between, words[bit]);
			between = " ";
		}
}

/* paper and person stand in the file as `contact`, and are marks like others here. */
void told_value_marks(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	put_words(*(const uint16_t *)at, told_mark_words.words, 10, out);
}

void told_value_bars(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	put_words(*(const uint8_t *)at, told_bar_words.words, told_bar_words.count, out);
}

void told_value_clause(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	(void)terms;
	(void)with;
	told_buf_put_text(out, at);
}

/* ---- lines ---- */

static bool said_before(const struct told_buf *out, size_t start)
{
	size_t len = out->len - start;
	for (size_t at = 0; at + len <= start; at++)
		if ((at == 0 || out->data[at - 1] == '\n') && memcmp(out->data + at, out->data + start, len) == 0)
			return true;
	return false;
}

void told_terms_say(const struct terms *terms, const char *format, ...)
{
	char line[4096];
	struct told_buf *out = terms->out;
	size_t start = out->len;
	va_list args;
	va_start(args, format);
	int len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (len < 0)
		return;
	told_buf_put_text(out, line);
	told_buf_put_text(out, "\n");
	if (out->status == TOLD_OK && said_before(out, start))
		out->len = start;
}

static const char *or_none(struct told_buf *value)
{
	const char *text = told_buf_cstr(value);
	return text != NULL && text[0] != '\0' ? text : "none";
}

static void field_differs(const struct terms *terms, const char *where, const struct field *field, const void *older,
			  const void *newer)
{
	struct told_buf was = TOLD_BUF(VALUE_MAX_BYTES), is = TOLD_BUF(VALUE_MAX_BYTES);
	field->value(terms, (const char *)older + field->at, field->with, &was);
	field->value(terms, (const char *)newer + field->at, field->with, &is);
	const char *before = or_none(&was), *after = or_none(&is);
	if (strcmp(before, after) != 0)
		told_terms_say(terms, "changes: %s%s%s was %s, now %s%s%s", where, where[0] != '\0' ? ": " : "",
			       field->name, before, after, field->todo != NULL ? ". " : "",
			       field->todo != NULL ? field->todo : "");
	told_buf_free(&was);
	told_buf_free(&is);
}

void told_fields_differ(const struct terms *terms, const char *where, const struct field *fields, size_t count,
			const void *older, const void *newer)
{
	for (size_t i = 0; i < count; i++)
		field_differs(terms, where, &fields[i], older, newer);
}
