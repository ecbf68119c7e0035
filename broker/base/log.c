/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's log. May touch: one descriptor. Allocates nothing, so that it works when memory is out. */
#include "broker/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char cut_end[] = ",\"cut\":true}\n";
#define TEXT_MAX_BYTES (TOLD_LOG_LINE_MAX_BYTES - sizeof cut_end)

/* A line in the making; room for cut_end is always kept. */
struct line {
	char text[TOLD_LOG_LINE_MAX_BYTES];
	size_t len;
	bool full;
};

__attribute__((format(printf, 2, 3))) static void put(struct line *line, const char *format, ...)
{
	va_list args;
	size_t room = TEXT_MAX_BYTES - line->len;
	va_start(args, format);
	int size = vsnprintf(line->text + line->len, room, format, args);
	va_end(args);
	if (size < 0 || (size_t)size >= room)
		line->full = true;
	else
		line->len += (size_t)size;
}

static void put_escaped(struct line *line, struct told_bytes text)
{
	put(line, "\"");
	for (size_t i = 0; i < text.len && !line->full; i++) {
		uint8_t c = text.data[i];
		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			put(line, "\\u%04x", c);
		else
			put(line, "%c", c);
	}
	put(line, "\"");
}

static bool is_party(struct told_bytes id)
{
	for (size_t i = 0; i < id.len; i++) {
		uint8_t c = id.data[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_')
			return false;
	}
	return id.len >= 1 && id.len <= 64;
}

static void put_hex(struct line *line, struct told_bytes bytes)
{
	char hex[2 * TOLD_LOG_HEX_MAX_BYTES + 1];
	size_t len = bytes.len < TOLD_LOG_HEX_MAX_BYTES ? bytes.len : TOLD_LOG_HEX_MAX_BYTES;
	told_hex(bytes.data, len, hex);
	put(line, "\"%s%s\"", hex, len < bytes.len ? "..." : "");
}

static void put_value(struct line *line, const struct told_log_field *field)
{
	switch (field->kind) {
	case TOLD_LOG_KIND_WORD:
	case TOLD_LOG_KIND_PATH: put_escaped(line, field->bytes); break;
	case TOLD_LOG_KIND_NUMBER: put(line, "%" PRId64, field->number); break;
	case TOLD_LOG_KIND_STATUS: put(line, "\"%s\"", told_status_name((enum told_status)field->number)); break;
	case TOLD_LOG_KIND_PARTY: put_escaped(line, is_party(field->bytes) ? field->bytes : told_text("?")); break;
	case TOLD_LOG_KIND_HEX: put_hex(line, field->bytes); break;
	}
}

static void put_head(struct line *line, const struct told_log *log, enum told_log_level level, const char *event)
{
	static const char *const names[] = {"debug", "info", "warning", "error"};
	int64_t wall_ms = told_clock_now(&log->clock).wall_ms;
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm at;
	char stamp[32] = "?";
	if (gmtime_r(&seconds, &at) != NULL)
		strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &at);
	put(line, "{\"time\":\"%s.%03dZ\",\"level\":\"%s\",\"program\":\"%s\",\"event\":\"%s\"", stamp,
	    (int)(wall_ms % 1000), names[level], log->program, event);
}

void told_log_line(const struct told_log *log, enum told_log_level level, const char *event,
		   const struct told_log_field *fields, size_t count)
{
	if (log == NULL || level < log->least)
		return;
	struct line line = {.len = 0};
	put_head(&line, log, level, event);
	for (size_t i = 1; i < count && !line.full; i++) {
		size_t whole = line.len;
		put(&line, ",\"%s\":", fields[i].name);
		put_value(&line, &fields[i]);
		if (line.full)
			line.len = whole; /* half a field would be no JSON */
	}
	const char *end = line.full ? cut_end : "}\n";
	memcpy(line.text + line.len, end, strlen(end));
	line.len += strlen(end);
	while (write(log->fd, line.text, line.len) < 0 && errno == EINTR)
		;
}
