/* SPDX-License-Identifier: Apache-2.0 */
/* What was typed, against the table. Touches argv and the two environment names. */
#include "agents/cli/cli.h"

#include "broker/agree/guess.h"
#include <stdlib.h>
#include <string.h>

/* Options that every command takes. */
enum global { GLOBAL_AGENT, GLOBAL_AS, GLOBAL_WAIT, GLOBAL_JSON, GLOBAL_HELP, GLOBAL_PLAIN };
static const struct {
	const char *name;
	bool value;
} globals[] = {
	[GLOBAL_AGENT] = {"agent", true}, [GLOBAL_AS] = {"as", true},      [GLOBAL_WAIT] = {"wait", true},
	[GLOBAL_JSON] = {"json", false},  [GLOBAL_HELP] = {"help", false}, [GLOBAL_PLAIN] = {"no-color", false},
};
#define GLOBAL_COUNT (sizeof globals / sizeof globals[0])

/* Reading argv: what comes next, and what the globals said. */
struct reading {
	struct told_cli *cli;
	char **argv;
	int argc, at;
	bool help, only_words;
};

static bool same(const char *a, struct told_bytes b)
{
	return told_bytes_equal(told_text(a), b);
}

/* ---- which command ---- */

/* Keeps the nearest name: the guess only borrows. */
static void offer(struct told_guess *guess, const char *noun, const char *verb, char best[64])
{
	char name[64];
	snprintf(name, sizeof name, "%s%s%s", noun, verb != NULL ? " " : "", verb != NULL ? verb : "");
	told_guess_offer(guess, name);
	if (guess->best == name) {
		memcpy(best, name, sizeof name);
		guess->best = best;
	}
}

static int unknown_command(struct told_cli *cli, const char *noun, const char *verb)
{
	char typed[128], best[64] = "";
	snprintf(typed, sizeof typed, "%.60s%s%.60s", noun, verb != NULL ? " " : "", verb != NULL ? verb : "");
	struct told_guess whole = {.word = told_text(typed)}, first = {.word = told_text(noun)};
	for (size_t i = 0; told_command_at(i) != NULL; i++)
		offer(&whole, told_command_at(i)->noun, told_command_at(i)->verb, best);
	for (size_t i = 0; whole.best == NULL && told_command_at(i) != NULL; i++)
		offer(&first, told_command_at(i)->noun, NULL, best);
	char fix[128] = "told help lists every command.";
	if (best[0] != '\0')
		snprintf(fix, sizeof fix, "Did you mean told %s?", best);
	return told_failf(cli, TOLD_EXIT_USAGE, fix, "There is no command told %s.", typed);
}

/* The noun alone: say what can be done with it. */
static int no_verb(struct told_cli *cli, const char *noun)
{
	cli->out = cli->err; /* it was not asked for */
	told_help(cli, noun, NULL);
	return TOLD_EXIT_USAGE;
}

static int find_command(struct reading *r, const char *noun, const char *verb, struct told_args *args, bool *took_verb)
{
	bool noun_known = false;
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		if (strcmp(command->noun, noun) != 0)
			continue;
		noun_known = true;
		*took_verb = command->verb != NULL;
		if (command->verb == NULL || (verb != NULL && strcmp(command->verb, verb) == 0)) {
			args->command = command;
			return TOLD_EXIT_DONE;
		}
	}
	return noun_known && verb == NULL ? no_verb(r->cli, noun) : unknown_command(r->cli, noun, verb);
}

/* ---- options ---- */

/* "--name=value" or "--name" and what follows it. */
static int take_value(struct reading *r, const char *arg, const char **value)
{
	const char *equal = strchr(arg, '=');
	*value = equal != NULL ? equal + 1 : r->at < r->argc ? r->argv[r->at++] : NULL;
	if (*value != NULL)
		return TOLD_EXIT_DONE;
	return told_failf(r->cli, TOLD_EXIT_USAGE, "Write the value behind it.", "%s needs a value.", arg);
}

static void set_global(struct reading *r, enum global which, const char *value)
{
	struct told_cli *cli = r->cli;
	switch (which) {
	case GLOBAL_AGENT: cli->agent = value; break;
	case GLOBAL_AS: cli->worker = value; break;
	case GLOBAL_WAIT: cli->wait = value; break;
	case GLOBAL_JSON: cli->json = true; break;
	case GLOBAL_HELP: r->help = true; break;
	case GLOBAL_PLAIN: cli->colour = false; break;
	}
}

static int unknown_option(struct reading *r, const struct told_args *args, struct told_bytes name)
{
	struct told_guess guess = {.word = name};
	for (size_t i = 0; i < GLOBAL_COUNT; i++)
		told_guess_offer(&guess, globals[i].name);
	const struct told_cli_option *options = args->command != NULL ? args->command->options : NULL;
	for (; options != NULL && options->name != NULL; options++)
		told_guess_offer(&guess, options->name);
	char fix[160];
	snprintf(fix, sizeof fix, guess.best != NULL ? "Did you mean --%s?" : "Add --help to see what there is.",
		 guess.best);
	return told_failf(r->cli, TOLD_EXIT_USAGE, fix, "There is no option --%.*s here.", (int)name.len, name.data);
}

static const struct told_cli_option *find_option(const struct told_args *args, struct told_bytes name)
{
	const struct told_cli_option *option = args->command != NULL ? args->command->options : NULL;
	for (; option != NULL && option->name != NULL; option++)
		if (same(option->name, name))
			return option;
	return NULL;
}

static int take_option(struct reading *r, const char *arg, struct told_args *args)
{
	struct told_bytes name = told_bytes(arg + 2, strcspn(arg + 2, "="));
	const char *value = "";
	for (size_t i = 0; i < GLOBAL_COUNT; i++) {
		if (!same(globals[i].name, name))
			continue;
		int exit = globals[i].value ? take_value(r, arg, &value) : TOLD_EXIT_DONE;
		if (exit == TOLD_EXIT_DONE)
			set_global(r, (enum global)i, value);
		return exit;
	}
	const struct told_cli_option *option = find_option(args, name);
	if (option == NULL)
		return unknown_option(r, args, name);
	if (option->kind != TOLD_OPTION_MANY && told_args_get(args, option->name) != NULL)
		return told_failf(r->cli, TOLD_EXIT_USAGE, "Give it once; a list has commas.",
				  "The option --%s stands twice.", option->name);
	int exit = option->kind != TOLD_OPTION_FLAG ? take_value(r, arg, &value) : TOLD_EXIT_DONE;
	if (exit != TOLD_EXIT_DONE)
		return exit;
	if (args->option_count == TOLD_CLI_OPTIONS_MAX)
		return told_fail(r->cli, TOLD_EXIT_USAGE, "There are too many options.", NULL, "Use a file instead.");
	args->options[args->option_count++] = (struct told_chosen){option, value};
	return TOLD_EXIT_DONE;
}

static int take_word(struct reading *r, const char *arg, struct told_args *args)
{
	if (args->word_count == TOLD_CLI_WORDS_MAX)
		return told_fail(r->cli, TOLD_EXIT_USAGE, "There are too many words.", NULL,
				 "Hand in fewer files at a time.");
	args->words[args->word_count++] = arg;
	return TOLD_EXIT_DONE;
}

static int take_rest(struct reading *r, struct told_args *args)
{
	int exit = TOLD_EXIT_DONE;
	while (exit == TOLD_EXIT_DONE && r->at < r->argc) {
		const char *arg = r->argv[r->at++];
		if (r->only_words || arg[0] != '-' || arg[1] == '\0')
			exit = take_word(r, arg, args);
		else if (strcmp(arg, "--") == 0)
			r->only_words = true;
		else if (strcmp(arg, "-h") == 0)
			r->help = true;
		else if (arg[1] == '-')
			exit = take_option(r, arg, args);
		else
			exit = told_failf(r->cli, TOLD_EXIT_USAGE, "Options are written out: --json, --agent DIR.",
					  "There is no option %s.", arg);
	}
	return exit;
}

/* ---- is it whole ---- */

static int judge(struct told_cli *cli, const struct told_args *args)
{
	const struct told_command *command = args->command;
	size_t least = 0, most = 0;
	char name[64];
	snprintf(name, sizeof name, "told %s%s%s", command->noun, command->verb != NULL ? " " : "",
		 command->verb != NULL ? command->verb : "");
	told_words_count(command, &least, &most);
	if (args->word_count < least || args->word_count > most)
		return told_failf(cli, TOLD_EXIT_USAGE, "Add --help for two examples.", "%s takes %s%s.", name,
				  command->words != NULL ? command->words : "no words",
				  command->options != NULL ? " and options" : "");
	for (const struct told_cli_option *option = command->options; option != NULL && option->name != NULL; option++)
		if (option->needed && told_args_get(args, option->name) == NULL)
			return told_failf(cli, TOLD_EXIT_USAGE, "Add --help for two examples.",
					  "%s needs --%s %s: %s%s", name, option->name, option->hint, option->help,
					  option->help[strlen(option->help) - 1] == '.' ? "" : ".");
	return TOLD_EXIT_DONE;
}

/* Options that every command takes may stand before the command, too. */
static int take_first(struct reading *r, struct told_args *args)
{
	while (r->at < r->argc && r->argv[r->at][0] == '-') {
		const char *arg = r->argv[r->at++];
		if (strcmp(arg, "-h") == 0) {
			r->help = true;
			continue;
		}
		int exit = arg[1] == '-' ? take_option(r, arg, args)
					 : told_failf(r->cli, TOLD_EXIT_USAGE, "told help lists every command.",
						      "There is no option %s.", arg);
		if (exit != TOLD_EXIT_DONE)
			return exit;
	}
	return TOLD_EXIT_DONE;
}

int told_args_read(struct told_cli *cli, int argc, char **argv, struct told_args *args)
{
	struct reading r = {.cli = cli, .argv = argv, .argc = argc, .at = 1};
	*args = (struct told_args){0};
	int exit = take_first(&r, args);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	if (r.at == argc) {
		cli->out = r.help ? cli->out : cli->err;
		told_help(cli, NULL, NULL);
		return r.help ? TOLD_EXIT_DONE : TOLD_EXIT_USAGE;
	}
	const char *noun = argv[r.at++];
	const char *verb = r.at < argc && argv[r.at][0] != '-' ? argv[r.at] : NULL;
	bool took_verb = false;
	if (r.help && verb == NULL) {
		told_help(cli, noun, NULL);
		return TOLD_EXIT_DONE;
	}
	if (verb == NULL && r.at < argc && (strcmp(argv[r.at], "--help") == 0 || strcmp(argv[r.at], "-h") == 0)) {
		told_help(cli, noun, NULL);
		return TOLD_EXIT_DONE;
	}
	exit = find_command(&r, noun, verb, args, &took_verb);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	r.at += took_verb;
	exit = take_rest(&r, args);
	if (exit == TOLD_EXIT_DONE && r.help) {
		told_help_command(cli, args->command);
		args->command = NULL;
		return TOLD_EXIT_DONE;
	}
	return exit == TOLD_EXIT_DONE ? judge(cli, args) : exit;
}
