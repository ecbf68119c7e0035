/* SPDX-License-Identifier: Apache-2.0 */
/* Lines folded to a width, one by one or as a stream. Writes to the stream that it is given. */
#include "proto/page/page.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 1048576u
#define FURTHER        4u /* the further lines of a command stand deeper than its first */

/* ---- one line ---- */

static bool is_command(struct told_bytes line)
{
	static const char *const starts[] = {"told ", "told-audit ", "told-agent ", "told-broker ", "$ "};
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (line.len > strlen(starts[i]) && memcmp(line.data, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* Behind the sequence that stands at `at`: ESC [ ... letter. */
static size_t skip_colour(struct told_bytes text, size_t at)
{
	if (text.data[at] != 0x1b || at + 1 >= text.len || text.data[at + 1] != '[')
		return at;
	for (at += 2; at < text.len && (text.data[at] < '@' || text.data[at] > '~');)
		at++;
	return at < text.len ? at + 1 : at;
}

/* Colours take no room. */
static size_t width_of(struct told_bytes text)
{
	size_t width = 0, from = 0;
	for (size_t i = 0; i < text.len;) {
		size_t behind = skip_colour(text, i);
		if (behind > i) {
			width += told_page_width(told_bytes(text.data + from, i - from));
			from = behind;
		}
		i = behind > i ? behind : i + 1;
	}
	return width + told_page_width(told_bytes(text.data + from, text.len - from));
}

static size_t indent_of(struct told_bytes line)
{
	size_t indent = 0;
	while (indent < line.len && line.data[indent] == ' ')
		indent++;
	return indent;
}

/* Behind a label and two spaces or more the words of the further lines stand under the first ones. */
static size_t hang_of(struct told_bytes line, unsigned columns)
{
	size_t hang = indent_of(line);
	for (size_t i = hang + 2; i < line.len && i <= columns / 3; i++)
		if (line.data[i] != ' ' && line.data[i - 1] == ' ' && line.data[i - 2] == ' ')
			hang = width_of(told_bytes(line.data, i));
	return hang;
}

/* Up to the next space; within a command, one outside quotes. */
static size_t word_end(struct told_bytes line, size_t at, bool command)
{
	uint8_t quote = 0;
	for (; at < line.len && (line.data[at] != ' ' || quote != 0); at++) {
		uint8_t c = line.data[at];
		if (command && quote == 0 && (c == '"' || c == '\''))
			quote = c;
		else if (c == quote)
			quote = 0;
	}
	return at;
}

void told_fold(FILE *out, struct told_bytes line, unsigned columns)
{
	size_t indent = indent_of(line), end = indent, used = indent;
	const bool command = is_command(told_bytes(line.data + indent, line.len - indent));
	const size_t further = command ? indent + FURTHER : hang_of(line, columns), room = columns - (command ? 2 : 0);
	if (columns == 0 || width_of(line) <= columns || further >= columns / 2) {
		fprintf(out, "%.*s\n", (int)line.len, line.data);
		return;
	}
	fprintf(out, "%*s", (int)indent, "");
	for (size_t at = indent; at < line.len; at = end) {
		size_t from = at + indent_of(told_bytes(line.data + at, line.len - at));
		end = word_end(line, from, command);
		size_t width = width_of(told_bytes(line.data + at, end - at));
		if (at > indent && used + width > room && end > from) {
			fprintf(out, "%s\n%*s", command ? " \\" : "", (int)further, "");
			used = further;
			at = from;
			width = width_of(told_bytes(line.data + at, end - at));
		}
		fprintf(out, "%.*s", (int)(end - at), line.data + at);
		used += width;
	}
	fputc('\n', out);
}

/* ---- a stream ---- */

struct folding {
	FILE *to;
	unsigned columns;
	struct told_buf line;
};

static void put_line(struct folding *f)
{
	told_fold(f->to, told_buf_view(&f->line), f->columns);
	told_buf_free(&f->line);
	f->line = TOLD_BUF(LINE_MAX_BYTES);
}

static ssize_t folding_write(void *cookie, const char *data, size_t size)
{
	struct folding *f = cookie;
	for (size_t at = 0; at < size;) {
		const char *end = memchr(data + at, '\n', size - at);
		size_t len = end != NULL ? (size_t)(end - data) - at : size - at;
		told_buf_put(&f->line, data + at, len);
		at += len + (end != NULL);
		if (f->line.status != TOLD_OK)
			return 0;
		if (end != NULL)
			put_line(f);
	}
	return ferror(f->to) == 0 ? (ssize_t)size : 0;
}

static int folding_close(void *cookie)
{
	struct folding *f = cookie;
	if (f->line.len > 0)
		put_line(f);
	int failed = fflush(f->to);
	told_buf_free(&f->line);
	free(f);
	return failed;
}

FILE *told_fold_open(FILE *to, unsigned columns)
{
	struct folding *f = calloc(1, sizeof *f);
	if (f == NULL)
		return NULL;
	*f = (struct folding){.to = to, .columns = columns, .line = TOLD_BUF(LINE_MAX_BYTES)};
	FILE *out = fopencookie(f, "w", (cookie_io_functions_t){.write = folding_write, .close = folding_close});
	if (out == NULL)
		free(f);
	else
		(void)setvbuf(out, NULL, _IOLBF, BUFSIZ);
	return out;
}
