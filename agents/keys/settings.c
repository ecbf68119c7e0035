/* SPDX-License-Identifier: Apache-2.0 */
/* Flat settings files, line by line. */
#include "agents/keys/settings.h"

#include "broker/base/file.h"

#include <stdio.h>
#include <string.h>

struct reading {
	const char *path;
	const struct told_setting *settings;
	size_t count, line;
	uint64_t seen; /* bit per setting */
	struct told_buf *why;
};

static enum told_status wrong(const struct reading *r, const char *what)
{
	if (r->why != NULL)
		told_buf_printf(r->why, "%s:%zu: %s.", r->path, r->line, what);
	return TOLD_E_CONFIG;
}

static struct told_bytes trimmed(struct told_bytes text)
{
	while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = told_bytes(text.data + 1, text.len - 1);
	while (text.len > 0 && strchr(" \t\r", text.data[text.len - 1]) != NULL)
		text.len--;
	return text;
}

/* A value may stand in double quotes; escapes are not among what we read. */
static struct told_bytes unquoted(struct told_bytes text)
{
	bool quoted = text.len >= 2 && text.data[0] == '"' && text.data[text.len - 1] == '"';
	return quoted ? told_bytes(text.data + 1, text.len - 2) : text;
}

static enum told_status set(struct reading *r, struct told_bytes key, struct told_bytes value)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct told_setting *s = &r->settings[i];
		if (!told_bytes_equal(told_text(s->key), key))
			continue;
		if (r->seen >> i & 1)
			return wrong(r, "this setting stands twice");
		if (value.len == 0 || value.len >= s->size)
			return wrong(r, "the value is empty or too long");
		memcpy(s->value, value.data, value.len);
		s->value[value.len] = '\0';
		r->seen |= UINT64_C(1) << i;
		return TOLD_OK;
	}
	return wrong(r, "no such setting");
}

static enum told_status read_line(struct reading *r, struct told_bytes line)
{
	line = trimmed(line);
	if (line.len == 0 || line.data[0] == '#')
		return TOLD_OK;
	const uint8_t *colon = memchr(line.data, ':', line.len);
	if (colon == NULL)
		return wrong(r, "not of the form \"key: value\"");
	size_t at = (size_t)(colon - line.data);
	return set(r, trimmed(told_bytes(line.data, at)), unquoted(trimmed(told_bytes(colon + 1, line.len - at - 1))));
}

static enum told_status read_lines(struct reading *r, struct told_bytes text)
{
	enum told_status status = TOLD_OK;
	if (!told_utf8_valid(text))
		return wrong(r, "not UTF-8");
	while (status == TOLD_OK && text.len > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.len);
		size_t len = end == NULL ? text.len : (size_t)(end - text.data);
		r->line++;
		status = read_line(r, told_bytes(text.data, len));
		len += end == NULL ? 0 : 1;
		text = told_bytes(text.data + len, text.len - len);
	}
	for (size_t i = 0; status == TOLD_OK && i < r->count; i++)
		if (r->settings[i].needed && (r->seen >> i & 1) == 0) {
			if (r->why != NULL)
				told_buf_printf(r->why, "%s: the setting \"%s\" is missing.", r->path,
						r->settings[i].key);
			status = TOLD_E_CONFIG;
		}
	return status;
}

enum told_status told_settings_read(const char *path, const struct told_setting *settings, size_t count,
				    struct told_buf *why)
{
	struct told_buf text = TOLD_BUF(TOLD_SETTINGS_MAX_BYTES);
	struct reading r = {.path = path, .settings = settings, .count = count, .why = why};
	enum told_status status = told_file_read(path, TOLD_SETTINGS_MAX_BYTES, &text);
	if (status == TOLD_OK)
		status = read_lines(&r, told_buf_view(&text));
	else if (why != NULL)
		told_buf_printf(why, "%s: %s.", path, told_status_text(status));
	told_buf_free(&text);
	return status;
}

enum told_status told_agent_settings_read(const char *dir, struct told_agent_settings *out, struct told_buf *why)
{
	char path[PATH_MAX];
	memset(out, 0, sizeof *out);
	snprintf(out->socket, sizeof out->socket, "run/api.sock");
	const struct told_setting settings[] = {
		{"party", out->party, sizeof out->party, true},
		{"profile", out->profile, sizeof out->profile, true},
		{"socket", out->socket, sizeof out->socket, false},
		{"pager", out->pager, sizeof out->pager, false},
		{"endpoint", out->endpoint, sizeof out->endpoint, false},
		{"endpoint-file", out->endpoint_file, sizeof out->endpoint_file, false},
	};
	int n = snprintf(path, sizeof path, "%s/agent.yaml", dir);
	if (n <= 0 || (size_t)n >= sizeof path)
		return TOLD_E_LIMIT;
	return told_settings_read(path, settings, sizeof settings / sizeof settings[0], why);
}
