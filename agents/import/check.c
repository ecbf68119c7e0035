/* SPDX-License-Identifier: Apache-2.0 */
/* Files by path, and told import --check: the outcome of each resource, a line each. Reads files, writes to out. */
#include "agents/import/import.h"
#include "agents/story/json.h"

#include "told/limits.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that cannot be opened: one refused line, by the same door as any other. */
static enum told_status one_line(const char *why, struct told_import **out)
{
	struct told_import *import = calloc(1, sizeof *import);
	struct told_import_resource *line = calloc(1, sizeof *line);
	enum told_status status = import != NULL && line != NULL ? TOLD_OK : TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = told_arena_new(0, &import->arena);
	if (status != TOLD_OK) {
		free(import);
		free(line);
		return status;
	}
	*line = (struct told_import_resource){
		.outcome = TOLD_IMPORT_REFUSED, .type = "-", .id = "-", .why = why, .where = "1:1"};
	import->resources = line;
	import->resource_count = 1;
	*out = import;
	return TOLD_OK;
}

static const char *words(int error)
{
	switch (error) {
	case ENOENT: return "there is no such file";
	case EACCES: return "the file may not be read by this user";
	case EISDIR: return "it is a folder; name the files in it";
	default: return "the file cannot be read";
	}
}

/* At most size bytes, and one more so that growth shows. */
static ssize_t read_all(int fd, uint8_t *data, size_t size)
{
	size_t len = 0;
	while (len < size) {
		ssize_t got = read(fd, data + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

static enum told_status read_fd(int fd, const struct told_import_options *options, struct told_import **out)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return one_line(words(errno), out);
	if (!S_ISREG(st.st_mode))
		return one_line(words(S_ISDIR(st.st_mode) ? EISDIR : EIO), out);
	if (st.st_size > (off_t)TOLD_IMPORT_FILE_MAX_BYTES)
		return one_line("it is larger than the limit", out);
	size_t room = (size_t)st.st_size + 1;
	uint8_t *data = malloc(room);
	if (data == NULL)
		return TOLD_E_MEMORY;
	ssize_t len = read_all(fd, data, room);
	enum told_status status = TOLD_E_INTERNAL;
	if (len < 0)
		status = one_line(words(errno), out);
	else if ((size_t)len == room)
		status = one_line("it grew while it was read", out);
	else
		status = told_import_read(told_bytes(data, (size_t)len), options, out);
	told_wipe(data, room);
	free(data);
	return status;
}

enum told_status told_import_file(const char *path, const struct told_import_options *options, struct told_import **out)
{
	*out = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return one_line(words(errno), out);
	enum told_status status = read_fd(fd, options, out);
	close(fd);
	return status;
}

/* A path as it may be shown: controls and what is no UTF-8 could speak to the terminal. */
static char *shown(const char *path)
{
	char *text = strdup(path);
	bool valid = text != NULL && told_utf8_valid(told_text(text));
	for (char *c = text; c != NULL && *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f || (!valid && (unsigned char)*c >= 0x80))
			*c = '?';
	return text;
}

static const char *outcome_word(enum told_import_outcome outcome)
{
	return outcome == TOLD_IMPORT_IMPORTED ? "imported" : "refused";
}

static void print_text(FILE *out, const char *path, const struct told_import_resource *line)
{
	fprintf(out, "%-8s  %s  %s", outcome_word(line->outcome), path, line->type);
	if (strcmp(line->id, "-") != 0)
		fprintf(out, "/%s", line->id);
	fprintf(out, "  %s  %s\n", line->why, line->where);
}

static void print_json(FILE *out, const char *path, const struct told_import_resource *line, bool first)
{
	const char *const members[][2] = {
		{"outcome", outcome_word(line->outcome)},
		{"file", path},
		{"type", line->type},
		{"id", line->id},
		{"why", line->why},
		{"where", line->where},
	};
	struct told_buf text = TOLD_BUF(65536);
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		told_buf_printf(&text, "%s\"%s\":", i == 0 ? "{" : ",", members[i][0]);
		told_json_put(&text, told_text(members[i][1]));
	}
	const char *all = told_buf_cstr(&text);
	fprintf(out, "%s%s}", first ? "" : ",\n", all != NULL ? all : "{");
	told_buf_free(&text);
}

struct checked {
	FILE *out;
	bool json, understood, first;
};

static void check_one(struct checked *checked, const char *path)
{
	struct told_import *import = NULL;
	char *name = shown(path);
	enum told_status status = told_import_file(path, NULL, &import);
	if (status != TOLD_OK)
		status = one_line(told_status_text(status), &import);
	if (status != TOLD_OK || name == NULL) {
		checked->understood = false;
		told_import_free(import);
		free(name);
		return;
	}
	checked->understood = checked->understood && import->understood;
	for (size_t i = 0; i < import->resource_count; i++) {
		if (checked->json)
			print_json(checked->out, name, &import->resources[i], checked->first);
		else
			print_text(checked->out, name, &import->resources[i]);
		checked->first = false;
	}
	told_import_free(import);
	free(name);
}

int told_import_check(const char *const *paths, size_t count, FILE *out, bool json)
{
	struct checked checked = {.out = out, .json = json, .understood = true, .first = true};
	if (json)
		fputs("[", out);
	for (size_t i = 0; i < count; i++)
		check_one(&checked, paths[i]);
	if (json)
		fputs("]\n", out);
	return checked.understood && fflush(out) == 0 && !ferror(out) ? 0 : 1;
}
