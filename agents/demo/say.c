/* SPDX-License-Identifier: Apache-2.0 */
/* The story's words on a terminal. Prints what replies say, in the words of the closed lists. */
#include "agents/demo/say.h"

#include "proto/page/page.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 3u
#define LABEL  15u

const char *told_member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text != NULL ? text : "";
}

/* ---- lines ---- */

static void ink(struct told_demo *demo, const char *code)
{
	if (demo->colour)
		fprintf(demo->out, "\x1b[%sm", code);
}

/* Prints words from a column on, each further line indented to `indent`. */
static void wrap(FILE *out, const char *text, size_t column, size_t indent)
{
	bool first = true;
	while (*text != '\0') {
		text += strspn(text, " \n");
		size_t len = strcspn(text, " \n"), width = told_page_width(told_bytes(text, len));
		if (len == 0)
			break;
		if (!first && column + 1 + width > TOLD_PAGE_COLUMNS) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			first = true;
		}
		fprintf(out, "%s%.*s", first ? "" : " ", (int)len, text);
		column += width + !first;
		first = false;
		text += len;
	}
	fputc('\n', out);
}

void told_say_scene(struct told_demo *demo, const char *title)
{
	fputc('\n', demo->out);
	ink(demo, "1");
	fprintf(demo->out, "%u. %s", ++demo->scene, title);
	ink(demo, "0");
	fputc('\n', demo->out);
	fflush(demo->out);
}

__attribute__((format(printf, 1, 0))) static char *format_text(const char *format, va_list args)
{
	char *text = NULL;
	return vasprintf(&text, format, args) >= 0 ? text : NULL;
}

void told_say(struct told_demo *demo, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = format_text(format, args);
	va_end(args);
	fprintf(demo->out, "%*s", (int)INDENT, "");
	wrap(demo->out, text != NULL ? text : format, INDENT, INDENT);
	free(text);
	fflush(demo->out);
}

static void say_labelled(struct told_demo *demo, const char *label, const char *colour, const char *text)
{
	fprintf(demo->out, "%*s", (int)INDENT, "");
	ink(demo, colour);
	fprintf(demo->out, "%-*s", (int)LABEL, label);
	ink(demo, "0");
	wrap(demo->out, text, INDENT + LABEL, INDENT + LABEL);
	fflush(demo->out);
}

void told_say_line(struct told_demo *demo, const char *label, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = format_text(format, args);
	va_end(args);
	say_labelled(demo, label, "36", text != NULL ? text : format);
	free(text);
}

/* A word as a shell takes it: paths as from the demo's own folder. */
static void put_word(const struct told_demo *demo, const char *word, struct told_buf *line)
{
	size_t dir = strlen(demo->dir);
	if (strncmp(word, demo->dir, dir) == 0 && word[dir] == '/')
		word += dir + 1;
	bool quoted = word[strcspn(word, " '\"$*;&|<>()")] != '\0';
	told_buf_printf(line, quoted ? " \"%s\"" : " %s", word);
}

void told_say_command(struct told_demo *demo, const char *program, const char *const *words)
{
	struct told_buf line = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	told_buf_printf(&line, "$ %s", program);
	for (size_t i = 0; words[i] != NULL; i++)
		put_word(demo, words[i], &line);
	const char *text = told_buf_cstr(&line);
	ink(demo, "2");
	fprintf(demo->out, "%*s", (int)INDENT, "");
	wrap(demo->out, text != NULL ? text : program, INDENT, INDENT + 4);
	ink(demo, "0");
	told_buf_free(&line);
	fflush(demo->out);
}

/* ---- sections ---- */

/* Categories in words, each once, in the order in which they came. */
struct names {
	struct told_buf text;
	struct told_catset seen;
};

static void add_name(struct names *names, const json_t *section)
{
	unsigned category = told_value(TOLD_LIST_CATEGORY, told_text(told_member(section, "category")));
	if (category == 0 || told_catset_has(&names->seen, category))
		return;
	told_catset_add(&names->seen, category);
	told_buf_put_text(&names->text, names->text.len > 0 ? ", " : "");
	told_buf_put_text(&names->text, told_words(TOLD_LIST_CATEGORY, category));
}

void told_say_shared(struct told_demo *demo, const json_t *sections)
{
	struct names names = {.text = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES)};
	const json_t *section = NULL;
	size_t i;
	json_array_foreach((json_t *)(uintptr_t)sections, i, section)
	{
		const char *effect = told_member(section, "effect");
		if (effect[0] == '\0' || strcmp(effect, "release") == 0)
			add_name(&names, section);
	}
	const char *text = told_buf_cstr(&names.text);
	say_labelled(demo, "Shared:", "32", text != NULL && text[0] != '\0' ? text : "nothing");
	told_buf_free(&names.text);
}

static bool withheld(const json_t *section)
{
	const char *effect = told_member(section, "effect");
	return strcmp(effect, "withhold") == 0 || strcmp(effect, "hold") == 0;
}

static const char *code_of(const json_t *section)
{
	return told_member(json_object_get(section, "code"), "code");
}

/* All sections with the same reason as the one at `first`. */
static void say_group(struct told_demo *demo, const json_t *ruled, size_t first)
{
	struct names names = {.text = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES)};
	const json_t *code = json_object_get(json_array_get(ruled, first), "code");
	for (size_t i = first; i < json_array_size(ruled); i++) {
		const json_t *section = json_array_get(ruled, i);
		if (withheld(section) && strcmp(code_of(section), told_member(code, "code")) == 0)
			add_name(&names, section);
	}
	told_buf_printf(&names.text, ". %s (%s)", told_member(code, "words"), told_member(code, "code"));
	const char *text = told_buf_cstr(&names.text);
	say_labelled(demo, "Not shared:", "33", text != NULL ? text : "");
	told_buf_free(&names.text);
}

void told_say_withheld(struct told_demo *demo, const json_t *ruled)
{
	for (size_t i = 0; i < json_array_size(ruled); i++) {
		const json_t *section = json_array_get(ruled, i);
		bool before = false;
		for (size_t k = 0; k < i && !before; k++)
			before = withheld(json_array_get(ruled, k)) &&
				 strcmp(code_of(json_array_get(ruled, k)), code_of(section)) == 0;
		if (withheld(section) && !before)
			say_group(demo, ruled, i);
	}
}

void told_say_reason(struct told_demo *demo, const char *label, const json_t *codes)
{
	const json_t *code = json_array_get(codes, 0);
	if (code == NULL)
		return;
	told_say_line(demo, label, "%s %s (%s)", told_member(code, "words"), told_member(code, "fix"),
		      told_member(code, "code"));
}

size_t told_count_effect(const json_t *ruled, const char *effect)
{
	size_t count = 0, i;
	const json_t *section = NULL;
	json_array_foreach((json_t *)(uintptr_t)ruled, i, section)
	{
		count += strcmp(told_member(section, "effect"), effect) == 0;
	}
	return count;
}

/* ---- the person's own words ---- */

static void add_value(struct told_buf *text, const json_t *value)
{
	const char *words = json_is_string(value) ? json_string_value(value) : told_member(value, "display");
	bool sentence = text->len > 0 && text->data[text->len - 1] == '.';
	for (size_t i = 0; i < json_array_size(value); i++)
		add_value(text, json_array_get(value, i));
	if (words[0] != '\0')
		told_buf_printf(text, "%s%s", text->len == 0 ? "" : sentence ? " " : ", ", words);
}

static void add_answers(struct told_buf *text, const json_t *items, const char *code)
{
	size_t i;
	const json_t *item = NULL;
	json_array_foreach((json_t *)(uintptr_t)items, i, item)
	{
		if (strcmp(told_member(json_object_get(item, "code"), "code"), code) == 0)
			add_value(text, json_object_get(item, "value"));
	}
}

void told_say_story(struct told_demo *demo, const char *label, const json_t *sections, const char *code)
{
	struct told_buf text = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	size_t i;
	const json_t *section = NULL;
	json_array_foreach((json_t *)(uintptr_t)sections, i, section)
	{
		add_answers(&text, json_object_get(json_object_get(section, "story"), "items"), code);
	}
	const char *words = told_buf_cstr(&text);
	if (words != NULL && words[0] != '\0')
		told_say_line(demo, label, "%s", words);
	told_buf_free(&text);
}
