/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the words of a command line into a table of options. */
#include "evidence/audit/base/options.h"

#include "evidence/audit/base/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 16u

struct reading {
	char **args;
	int argc, at;
	const struct told_option *options;
	size_t n;
	FILE *err;
};

static enum told_status wrong(const struct reading *reading, const char *what, const char *word)
{
	fprintf(reading->err, "told-audit: %s ", what);
	told_print_plain(reading->err, told_text(word));
	fputc('\n', reading->err);
	return TOLD_E_USAGE;
}

static enum told_status unknown(const struct reading *reading, const char *word)
{
	const char *names[OPTIONS_MAX];
	for (size_t i = 0; i < reading->n; i++)
		names[i] = reading->options[i].name;
	enum told_status status = wrong(reading, "there is no option", word);
	fprintf(reading->err, "The nearest is %s\n", told_nearest(word, names, reading->n));
	return status;
}

static bool is_option(const char *word)
{
	return strncmp(word, "--", 2) == 0;
}

static enum told_status add_word(struct told_words *words, const char *word)
{
	const char **more = realloc(words->items, (words->count + 1) * sizeof *more);
	if (more == NULL)
		return TOLD_E_MEMORY;
	words->items = more;
	words->items[words->count++] = word;
	return TOLD_OK;
}

/* value: what stood behind the '=', or NULL. */
static enum told_status take_list(struct reading *reading, const struct told_option *option, const char *value)
{
	enum told_status status = value != NULL ? add_word(option->target, value) : TOLD_OK;
	int first = reading->at;
	while (status == TOLD_OK && reading->at < reading->argc && !is_option(reading->args[reading->at]))
		status = add_word(option->target, reading->args[reading->at++]);
	if (status == TOLD_OK && value == NULL && first == reading->at)
		return wrong(reading, "a file is missing behind", option->name);
	return status;
}

static enum told_status take(struct reading *reading, const struct told_option *option, const char *value)
{
	if (option->kind == TOLD_OPTION_LIST)
		return take_list(reading, option, value);
	if (option->kind == TOLD_OPTION_FLAG) {
		*(bool *)option->target = true;
		return value == NULL ? TOLD_OK : wrong(reading, "no value belongs behind", option->name);
	}
	const char **target = option->target;
	if (*target != NULL)
		return wrong(reading, "given twice:", option->name);
	if (value == NULL && reading->at < reading->argc)
		value = reading->args[reading->at++];
	if (value == NULL || *value == '\0')
		return wrong(reading, "a value is missing behind", option->name);
	*target = value;
	return TOLD_OK;
}

static const struct told_option *find(const struct reading *reading, const char *word, size_t len)
{
	for (size_t i = 0; i < reading->n; i++)
		if (strlen(reading->options[i].name) == len && memcmp(reading->options[i].name, word, len) == 0)
			return &reading->options[i];
	return NULL;
}

enum told_status told_options_read(int argc, char **args, const struct told_option *options, size_t n, FILE *err)
{
	assert(n > 0 && n <= OPTIONS_MAX);
	struct reading reading = {.args = args, .argc = argc, .options = options, .n = n, .err = err};
	while (reading.at < argc) {
		const char *word = args[reading.at++];
		if (!is_option(word))
			return wrong(&reading, "not understood:", word);
		size_t len = strcspn(word, "=");
		const struct told_option *option = find(&reading, word, len);
		if (option == NULL)
			return unknown(&reading, word);
		enum told_status status = take(&reading, option, word[len] == '=' ? word + len + 1 : NULL);
		if (status != TOLD_OK)
			return status;
	}
	for (size_t i = 0; i < n; i++)
		if (options[i].needed && *(const char **)options[i].target == NULL)
			return wrong(&reading, "missing:", options[i].name);
	return TOLD_OK;
}

enum told_status told_options_named(int argc, char **args, const char *what, const struct told_option *options,
				    size_t n, FILE *err, const char **name)
{
	if (argc == 0 || is_option(args[0])) {
		fprintf(err, "told-audit: missing: %s, the first word\n", what);
		return TOLD_E_USAGE;
	}
	*name = args[0];
	return told_options_read(argc - 1, args + 1, options, n, err);
}
