/* SPDX-License-Identifier: Apache-2.0 */
/* Sections of a story: the person's own voice and needs first, then the rest in the order of the list. */
#include "agents/cli/show.h"
#include "told/vocabulary.h"

#include <string.h>

/* These head every story (design section 1, pillar 7). */
static const char *const first[] = {"PRF.ACC", "PRF.GEN", "STR", "GOA"};
#define FIRST_COUNT (sizeof first / sizeof first[0])

static void print_value(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		fputs(json_string_value(value), out);
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "yes" : "no", out);
	else if (json_is_null(value))
		fputs("asked, not answered", out);
	else if (json_is_object(value) && json_is_string(json_object_get(value, "number")))
		fprintf(out, "%s%s %s", told_text_of(value, "comparator"), told_text_of(value, "number"),
			told_text_of(value, "unit"));
	else if (json_is_object(value))
		fputs(told_text_of(value, "display")[0] != '\0' ? told_text_of(value, "display")
								: told_text_of(value, "code"),
		      out);
}

/* "rent-arrears" as "rent arrears". */
static void print_name(FILE *out, const char *code)
{
	for (const char *c = code; *c != '\0'; c++)
		fputc(*c == '-' || *c == '_' ? ' ' : *c, out);
}

static void print_item(FILE *out, const json_t *item)
{
	const json_t *value = json_object_get(item, "value");
	size_t i = 0;
	json_t *one = NULL;
	fputs("  ", out);
	print_name(out, told_text_of(json_object_get(item, "code"), "code"));
	fputs(": ", out);
	if (!json_is_array(value))
		print_value(out, value);
	json_array_foreach(value, i, one)
	{
		fputs(i > 0 ? ", " : "", out);
		print_value(out, one);
	}
	if (told_text_of(item, "said_at")[0] != '\0')
		fprintf(out, " (%s)", told_text_of(item, "said_at"));
	fputc('\n', out);
}

static const char *voice_words(const json_t *voice)
{
	unsigned value = json_is_string(voice) ? told_value(TOLD_LIST_VOICE, told_text(json_string_value(voice)))
					       : (unsigned)json_integer_value(voice);
	const char *text = json_string_value(voice);
	return value != 0 ? told_words(TOLD_LIST_VOICE, value) : text != NULL ? text : "";
}

/* What the person says of it stands beside what we say. */
static void print_other_view(struct told_cli *cli, const json_t *section)
{
	char when[40];
	size_t i = 0;
	json_t *view = NULL;
	json_array_foreach(json_object_get(section, "disagreed"), i, view)
	{
		told_date_words(json_object_get(view, "time_ms"), when);
		fprintf(cli->out, "  The person does not agree (%s): \"%s\"\n", when, told_text_of(view, "words"));
	}
	if (json_is_true(json_object_get(section, "disputed")))
		fputs("  The person says that this is wrong. It is being looked at.\n", cli->out);
}

/* What is about somebody else never looks as if it were about the person. */
static void print_family(struct told_cli *cli, const json_t *section)
{
	const char *about = told_text_of(section, "about"), *told_by = told_text_of(section, "told_by");
	if (about[0] != '\0')
		fprintf(cli->out, "  About somebody else: %s\n", about);
	if (told_by[0] != '\0')
		fprintf(cli->out, "  Told by somebody else: %s\n", told_by);
}

static void print_section(struct told_cli *cli, const json_t *section)
{
	char when[40];
	size_t i = 0;
	json_t *item = NULL;
	const json_t *story = json_object_get(section, "story");
	const char *voice = voice_words(json_object_get(section, "voice")), *text = told_text_of(story, "text");
	told_time_words(json_object_get(section, "recorded_ms"), when);
	fprintf(cli->out, "%s%s%s  (%s%s%s%s%s)\n", cli->colour ? "\x1b[1m" : "",
		told_category_words(told_text_of(section, "category")), cli->colour ? "\x1b[0m" : "",
		told_text_of(section, "from"), when[0] != '\0' ? ", " : "", when, voice[0] != '\0' ? ", " : "", voice);
	print_family(cli, section);
	json_array_foreach(json_object_get(story, "items"), i, item) print_item(cli->out, item);
	if (text[0] != '\0')
		fprintf(cli->out, "  %s\n", text);
	print_other_view(cli, section);
	told_print_correction(cli, section);
}

static size_t rank(const json_t *section)
{
	for (size_t i = 0; i < FIRST_COUNT; i++)
		if (strcmp(first[i], told_text_of(section, "category")) == 0)
			return i;
	return FIRST_COUNT;
}

/* The same words may have come twice, with a referral and as the answer to an ask. */
static bool came_before(const json_t *sections, size_t index)
{
	static const char *const same[] = {"category", "from", "recorded_ms", "voice", "story", "about"};
	const json_t *section = json_array_get(sections, index);
	for (size_t i = 0; i < index; i++) {
		bool equal = true;
		for (size_t k = 0; k < sizeof same / sizeof same[0] && equal; k++)
			equal = json_equal(json_object_get(json_array_get(sections, i), same[k]),
					   json_object_get(section, same[k]));
		if (equal)
			return true;
	}
	return false;
}

void told_print_sections(struct told_cli *cli, const json_t *sections)
{
	for (size_t turn = 0; turn <= FIRST_COUNT; turn++) {
		size_t i = 0;
		json_t *section = NULL;
		json_array_foreach(sections, i, section) if (rank(section) == turn && !came_before(sections, i))
			print_section(cli, section);
	}
}
