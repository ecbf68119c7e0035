/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a story, and an intake. Reads files and standard input that the worker names. */
#include "agents/cli/do.h"

#include "agents/story/json.h"
#include "broker/base/file.h"
#include "told/limits.h"
#include <string.h>

#define INPUT_MAX_BYTES (4u * 1024u * 1024u) /* as much as one request may hold */

static const struct told_json_limits input_limits = {.bytes = INPUT_MAX_BYTES, .depth = 16, .values = 200000};

/* A file of JSON, with the place of what is wrong in it. */
static int read_json(struct told_cli *cli, const char *path, json_t **out)
{
	struct told_buf text = TOLD_BUF(INPUT_MAX_BYTES);
	struct told_json_error error = {0};
	int exit = told_read_input(cli, path, INPUT_MAX_BYTES, &text);
	if (exit == TOLD_EXIT_DONE) {
		enum told_status status = told_json_load(told_buf_view(&text), &input_limits, out, &error);
		if (status != TOLD_OK)
			exit = told_failf(cli, TOLD_EXIT_USAGE, told_fix_of(status), "%s:%zu:%zu: %s.", path,
					  error.line, error.column,
					  error.why != NULL ? error.why : told_status_text(status));
	}
	told_buf_free(&text);
	return exit;
}

int told_read_words(struct told_cli *cli, const char *text, json_t **out)
{
	struct told_buf file = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	int exit = TOLD_EXIT_DONE;
	if (text[0] == '@') {
		exit = told_read_input(cli, text + 1, TOLD_STORY_TEXT_MAX_BYTES, &file);
		while (file.len > 0 && file.data[file.len - 1] == '\n')
			file.len--;
		*out = exit == TOLD_EXIT_DONE ? json_stringn((const char *)file.data, file.len) : NULL;
	} else {
		*out = json_string(text);
	}
	told_buf_free(&file);
	if (exit == TOLD_EXIT_DONE && *out == NULL)
		exit = told_fail(cli, TOLD_EXIT_USAGE, "The words of a section are no UTF-8 text.", NULL,
				 "Save the file as UTF-8.");
	return exit;
}

/* Options that hold for every section that is typed. */
static int put_common(struct told_cli *cli, const struct told_args *args, json_t *section)
{
	static const char *const common[] = {"voice", "classified", "confidential", "verified", "about", "told-by"};
	int exit = TOLD_EXIT_DONE;
	for (size_t i = 0; i < args->option_count && exit == TOLD_EXIT_DONE; i++)
		for (size_t k = 0; k < sizeof common / sizeof common[0]; k++)
			if (strcmp(args->options[i].option->name, common[k]) == 0)
				exit = told_option_member(cli, args->options[i].option, args->options[i].value,
							  section);
	return exit;
}

static int put_section(struct told_cli *cli, const struct told_args *args, const char *typed, json_t *sections)
{
	const char *equal = strchr(typed, '=');
	json_t *text = NULL;
	if (equal == NULL || equal == typed)
		return told_failf(cli, TOLD_EXIT_USAGE,
				  "Write --section HOU.SIT=\"the words\", or --section HOU.SIT=@FILE.",
				  "A section is a category, an equals sign and words.");
	json_t *section = json_object();
	int exit = told_read_words(cli, equal + 1, &text);
	if (exit == TOLD_EXIT_DONE &&
	    (json_object_set_new(section, "category", json_stringn(typed, (size_t)(equal - typed))) != 0 ||
	     json_object_set(section, "text", text) != 0))
		exit = told_fail_status(cli, TOLD_E_MALFORMED, "--section", NULL);
	if (exit == TOLD_EXIT_DONE)
		exit = put_common(cli, args, section);
	if (exit == TOLD_EXIT_DONE && json_array_append(sections, section) != 0)
		exit = told_fail_status(cli, TOLD_E_MEMORY, "The story", NULL);
	json_decref(text);
	json_decref(section);
	return exit;
}

/* story.json: {"sections": [...]} or the list alone. */
static int put_file(struct told_cli *cli, const char *path, json_t *sections)
{
	json_t *file = NULL;
	int exit = read_json(cli, path, &file);
	const json_t *list = json_is_array(file) ? file : json_object_get(file, "sections");
	if (exit == TOLD_EXIT_DONE && !json_is_array(list))
		exit = told_failf(cli, TOLD_EXIT_USAGE, "See told-agent(8) for the form of a story.",
				  "%s holds no list of sections.", path);
	if (exit == TOLD_EXIT_DONE && json_array_extend(sections, (json_t *)(uintptr_t)list) != 0)
		exit = told_fail_status(cli, TOLD_E_MEMORY, "The story", NULL);
	json_decref(file);
	return exit;
}

int told_do_tell(struct told_cli *cli, const struct told_args *args)
{
	json_t *sections = json_array();
	int exit = sections != NULL ? TOLD_EXIT_DONE : told_fail_status(cli, TOLD_E_MEMORY, "The story", NULL);
	for (size_t i = 0; i < args->option_count && exit == TOLD_EXIT_DONE; i++) {
		if (strcmp(args->options[i].option->name, "section") == 0)
			exit = put_section(cli, args, args->options[i].value, sections);
		else if (strcmp(args->options[i].option->name, "file") == 0)
			exit = put_file(cli, args->options[i].value, sections);
	}
	if (exit == TOLD_EXIT_DONE && json_array_size(sections) == 0)
		exit = told_fail(cli, TOLD_EXIT_USAGE, "There is nothing to tell.", NULL,
				 "Add --section CATEGORY=TEXT, or --file story.json.");
	json_t *request = NULL;
	if (exit == TOLD_EXIT_DONE)
		request = json_pack("{s:s, s:O}", "client", args->words[0], "sections", sections);
	static const char *const flags[] = {"replace", "correct"};
	for (size_t i = 0; i < sizeof flags / sizeof flags[0] && exit == TOLD_EXIT_DONE; i++)
		if (told_args_get(args, flags[i]) != NULL)
			json_object_set_new(request, flags[i], json_true());
	json_decref(sections);
	return exit == TOLD_EXIT_DONE ? told_run_request(cli, args, request) : exit;
}

/* ---- intake ---- */

/* An answer as JSON where it is JSON (true, 3, ["a"]), else as text. */
static json_t *answer_of(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	return json != NULL ? json : json_string(text);
}

static int put_answer(struct told_cli *cli, const char *typed, json_t *answers)
{
	const char *equal = strchr(typed, '=');
	char link[128];
	if (equal == NULL || equal == typed || (size_t)(equal - typed) >= sizeof link)
		return told_fail(cli, TOLD_EXIT_USAGE,
				 "An answer is a question's number, an equals sign and the answer.", NULL,
				 "Write --answer 2.1=true, or hand in --answers FILE.");
	memcpy(link, typed, (size_t)(equal - typed));
	link[equal - typed] = '\0';
	if (json_object_set_new(answers, link, answer_of(equal + 1)) != 0)
		return told_fail_status(cli, TOLD_E_MALFORMED, "--answer", NULL);
	return TOLD_EXIT_DONE;
}

/* answers.json: {"answers": {...}, "confirmed": [...]}. */
static int merge_file(struct told_cli *cli, const char *path, json_t *request)
{
	json_t *file = NULL;
	int exit = read_json(cli, path, &file);
	if (exit == TOLD_EXIT_DONE && (!json_is_object(file) || json_object_update(request, file) != 0))
		exit = told_failf(cli, TOLD_EXIT_USAGE,
				  "Write {\"answers\": {\"2.1\": true}, \"confirmed\": [\"1.1\"]}.",
				  "%s holds no answers.", path);
	json_decref(file);
	return exit;
}

int told_do_intake(struct told_cli *cli, const struct told_args *args)
{
	json_t *request = json_pack("{s:s}", "client", args->words[0]), *answers = json_object();
	int exit = request != NULL && answers != NULL ? TOLD_EXIT_DONE
						      : told_fail_status(cli, TOLD_E_MEMORY, "The intake", NULL);
	for (size_t i = 0; i < args->option_count && exit == TOLD_EXIT_DONE; i++) {
		const struct told_chosen *chosen = &args->options[i];
		if (strcmp(chosen->option->name, "answer") == 0)
			exit = put_answer(cli, chosen->value, answers);
		else if (strcmp(chosen->option->name, "answers") == 0)
			exit = merge_file(cli, chosen->value, request);
		else
			exit = told_option_member(cli, chosen->option, chosen->value, request);
	}
	json_t *from_file = json_object_get(request, "answers");
	if (exit == TOLD_EXIT_DONE && json_object_size(answers) > 0 &&
	    (from_file != NULL ? json_object_update(from_file, answers)
			       : json_object_set(request, "answers", answers)) != 0)
		exit = told_fail_status(cli, TOLD_E_MALFORMED, "The answers", NULL);
	json_decref(answers);
	if (exit == TOLD_EXIT_DONE)
		return told_run_request(cli, args, request);
	json_decref(request);
	return exit;
}
