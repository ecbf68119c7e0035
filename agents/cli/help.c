/* SPDX-License-Identifier: Apache-2.0 */
/* Help and completion, made of the table. Writes to out. */
#include "agents/cli/cli.h"
#include "agents/cli/do.h"

#include "proto/page/page.h"
#include <string.h>

static void name_of(const struct told_command *command, char out[64])
{
	snprintf(out, 64, "%s%s%s", command->noun, command->verb != NULL ? " " : "",
		 command->verb != NULL ? command->verb : "");
}

/* Text beside what stands on the left, in lines that a terminal shows whole. */
static void beside(FILE *out, size_t left, const char *text)
{
	size_t room = TOLD_PAGE_COLUMNS - left;
	while (strlen(text) > room) {
		size_t cut = room;
		while (cut > 0 && text[cut] != ' ')
			cut--;
		if (cut == 0)
			break;
		fprintf(out, "%.*s\n%*s", (int)cut, text, (int)left, "");
		text += cut + 1;
	}
	fprintf(out, "%s\n", text);
}

static void option_line(FILE *out, const char *name, const char *hint, const char *help)
{
	char left[64];
	snprintf(left, sizeof left, "--%s%s%s", name, hint[0] != '\0' ? " " : "", hint);
	beside(out, (size_t)fprintf(out, "  %-26s ", left), help);
}

void told_help_command(struct told_cli *cli, const struct told_command *command)
{
	char name[64], line[512];
	name_of(command, name);
	told_fold(cli->out, told_text(command->examples[0]), TOLD_PAGE_COLUMNS);
	told_fold(cli->out, told_text(command->examples[1]), TOLD_PAGE_COLUMNS);
	snprintf(line, sizeof line, "told %s%s%s%s", name, command->words != NULL ? " " : "",
		 command->words != NULL ? command->words : "", command->options != NULL ? " [OPTION...]" : "");
	fputc('\n', cli->out);
	told_fold(cli->out, told_text(line), TOLD_PAGE_COLUMNS);
	snprintf(line, sizeof line, "%s.", command->what);
	told_fold(cli->out, told_text(line), TOLD_PAGE_COLUMNS);
	const struct told_cli_option *option = command->options;
	if (option != NULL)
		fputs("\nOptions\n", cli->out);
	for (; option != NULL && option->name != NULL; option++)
		option_line(cli->out, option->name, option->kind == TOLD_OPTION_FLAG ? "" : option->hint, option->help);
	fputs("\nEverywhere\n", cli->out);
	if (command->method != NULL) {
		option_line(cli->out, "agent", "DIR", "the agency's agent (or TOLD_AGENT)");
		option_line(cli->out, "as", "FILE", "your own token file (or TOLD_WORKER)");
		option_line(cli->out, "wait", "SECONDS", "how long to wait for the broker's answer");
	}
	option_line(cli->out, "json", "", "for programs: JSON on standard output");
}

static void list_of(FILE *out, const char *noun)
{
	char name[64];
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		if (strcmp(noun, command->noun) != 0)
			continue;
		name_of(command, name);
		beside(out, (size_t)fprintf(out, "  told %-22s ", name), command->what);
	}
}

static bool is_first(size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(told_command_at(i)->noun, told_command_at(at)->noun) == 0)
			return false;
	return true;
}

/* What belongs to one word stands together, wherever the table has it. */
static void list(FILE *out, const char *noun)
{
	if (noun != NULL) {
		list_of(out, noun);
		return;
	}
	for (size_t i = 0; told_command_at(i) != NULL; i++)
		if (is_first(i))
			list_of(out, told_command_at(i)->noun);
}

static const struct told_command *find(const char *noun, const char *verb)
{
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		if (strcmp(command->noun, noun) == 0 &&
		    (command->verb == NULL || (verb != NULL && strcmp(command->verb, verb) == 0)))
			return command;
	}
	return NULL;
}

void told_help(struct told_cli *cli, const char *noun, const char *verb)
{
	const struct told_command *command = noun != NULL ? find(noun, verb) : NULL;
	if (command != NULL) {
		told_help_command(cli, command);
		return;
	}
	fputs("told demo                                  see it work, nothing to set up\n"
	      "told story show CLIENT --as my.token       what we may see of a person's story\n\n",
	      cli->out);
	list(cli->out, noun);
	fputs("\ntold COMMAND --help shows two examples and the options. Exit codes: told(1).\n", cli->out);
}

int told_do_help(struct told_cli *cli, const struct told_args *args)
{
	const char *noun = args->word_count > 0 ? args->words[0] : NULL;
	const char *verb = args->word_count > 1 ? args->words[1] : NULL;
	bool known = noun == NULL;
	for (size_t i = 0; !known && told_command_at(i) != NULL; i++)
		known = strcmp(told_command_at(i)->noun, noun) == 0;
	if (!known)
		return told_failf(cli, TOLD_EXIT_USAGE, "told help lists every command.",
				  "There is no command told %s.", noun);
	told_help(cli, noun, verb);
	return TOLD_EXIT_DONE;
}

/* ---- completion ---- */

static void words_of(FILE *out, const char *noun)
{
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		if (noun == NULL && is_first(i))
			fprintf(out, "%s ", command->noun);
		if (noun != NULL && strcmp(noun, command->noun) == 0 && command->verb != NULL)
			fprintf(out, "%s ", command->verb);
	}
}

static void options_of(FILE *out, const struct told_command *command)
{
	char name[64];
	name_of(command, name);
	fprintf(out, "\t\"%s\") words=\"--agent --as --wait --json --help", name);
	for (const struct told_cli_option *option = command->options; option != NULL && option->name != NULL; option++)
		fprintf(out, " --%s", option->name);
	fputs("\" ;;\n", out);
}

int told_do_completion(struct told_cli *cli, const struct told_args *args)
{
	FILE *out = cli->out;
	if (strcmp(args->words[0], "bash") != 0)
		return told_failf(cli, TOLD_EXIT_USAGE, "told completion bash", "There is no completion for %s.",
				  args->words[0]);
	fputs("# bash completion for told; made by told completion bash\n_told()\n{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} noun=${COMP_WORDS[1]} verb=${COMP_WORDS[2]} words=\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\twords=\"",
	      out);
	words_of(out, NULL);
	fputs("\"\n\telif [ \"${word#-}\" = \"$word\" ] && [ \"$COMP_CWORD\" = 2 ]; then\n\t\tcase \"$noun\" in\n",
	      out);
	const char *before = "";
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		if (command->verb == NULL || strcmp(before, command->noun) == 0)
			continue;
		fprintf(out, "\t\t%s) words=\"", command->noun);
		words_of(out, command->noun);
		fputs("\" ;;\n", out);
		before = command->noun;
	}
	fputs("\t\tesac\n\telse\n\tcase \"$noun $verb\" in\n", out);
	for (size_t i = 0; told_command_at(i) != NULL; i++)
		options_of(out, told_command_at(i));
	fputs("\tesac\n\tfi\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\ncomplete -o default -F _told "
	      "told\n",
	      out);
	return TOLD_EXIT_DONE;
}

int told_do_version(struct told_cli *cli, const struct told_args *args)
{
	(void)args;
	fprintf(cli->out, cli->json ? "{\"version\":\"%s\"}\n" : "told %s\n", TOLD_VERSION);
	return TOLD_EXIT_DONE;
}
