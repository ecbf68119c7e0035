/* SPDX-License-Identifier: Apache-2.0 */
/* Every command of `told` that lists or shows, out of the program's own table, so that a command of a later day has to
 * be placed. Which does not, but writes, test_writes.c types. */
#ifndef TOLD_TEST_BLIND_READS_H
#define TOLD_TEST_BLIND_READS_H

#include "blind/screens.h"

/* What is not a plain GET with a person or a number of hers in it. words NULL: why says why it is not typed here. */
/* clang-format off */
static const struct typed {
	const char *command, *words, *why;
} typed[] = {
	{"outcomes", "outcomes --from 2026-01 --to 2026-12", ""},
	{"here", "here --need find-home", ""},
	{"receipt", "receipt $sent --out $D/receipt", ""},
	{"alert sheet", "alert sheet $alert --out $D/sheet", ""},
	{"statement", "statement $V --identity --alone --take-away", ""},
	{"slip", "slip $V --referral $referral", ""},
	{"intake", "intake $V", ""},
	{"doctor", "doctor", ""},
	{"agreement show", "agreement show", ""},
	{"init", NULL, "makes a folder"},
	{"partner enrol", NULL, "the operator's"},
	{"partner ls", NULL, "the operator's"},
	{"partner rotate", NULL, "the operator's"},
	{"partner revoke", NULL, "the operator's"},
	{"partner clock", NULL, "the operator's"},
	{"partner policy", NULL, "the operator's"},
	{"partner log-key", NULL, "the operator's"},
	{"audit copy", NULL, "the operator's"},
	{"audit view", NULL, "asks the broker in the log's name; the call is in calls.h"},
	{"audit ls", NULL, "the operator's"},
	{"agreement check", NULL, "on a file"},
	{"agreement diff", NULL, "on files"},
	{"agreement sign", NULL, "does; lists nothing"},
	{"consent form", NULL, "on a file"},
	{"import", NULL, "does; the call is in calls.h"},
	{"decide", NULL, "on files; the call is in calls.h"},
	{"demo", NULL, "a world of its own"},
	{"bench", NULL, "a world of its own"},
	{"help", NULL, "the table"},
	{"explain", NULL, "the table of rules"},
	{"completion", NULL, "the table"},
	{"version", NULL, "the program"},
	{"measure retelling", NULL, "on files"},
};
/* clang-format on */
#define TYPED (sizeof typed / sizeof typed[0])

static inline void name_of(const struct told_command *command, char out[64])
{
	snprintf(out, 64, "%s%s%s", command->noun, command->verb == NULL ? "" : " ",
		 command->verb == NULL ? "" : command->verb);
}

static inline const struct typed *placed(const char *name)
{
	for (size_t i = 0; i < TYPED; i++)
		if (strcmp(typed[i].command, name) == 0)
			return &typed[i];
	return NULL;
}

/* A word of the table stands for her, or for something of hers. */
static inline const char *mark_of(const char *word)
{
	static const char *const marks[][2] = {{"CLIENT", "$V"}, {"REFERRAL", "$referral"}, {"INCIDENT", "$incident"}};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (strncmp(word + strspn(word, "["), marks[i][0], strlen(marks[i][0])) == 0)
			return marks[i][1];
	return "$C";
}

/* The words of a plain GET: its path's, and a person where one may be named. */
static inline void plainly(const struct told_command *command, char out[256])
{
	char name[64], words[128];
	name_of(command, name);
	snprintf(words, sizeof words, "%s", command->words == NULL ? "" : command->words);
	size_t len = (size_t)snprintf(out, 256, "%s", name);
	for (char *rest = words, *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		len += (size_t)snprintf(out + len, 256 - len, " %s", mark_of(word));
	for (const struct told_cli_option *o = command->options; o != NULL && o->name != NULL; o++)
		if (o->kind == TOLD_OPTION_TEXT && strcmp(o->name, "client") == 0)
			snprintf(out + len, 256 - len, " --client $V");
}

static inline bool is_read(const struct told_command *command)
{
	return command->method != NULL && strcmp(command->method, "GET") == 0;
}

/* What is typed; false: it is not. */
static inline bool words_of(const struct told_command *command, char out[256])
{
	char name[64];
	name_of(command, name);
	const struct typed *row = placed(name);
	if (row != NULL && row->words == NULL)
		return false;
	if (row != NULL)
		snprintf(out, 256, "%s", row->words);
	else if (is_read(command))
		plainly(command, out);
	return row != NULL || is_read(command);
}

/* All of them, in one of the two worlds. */
static inline void read_all(size_t world_number)
{
	const struct told_command *command;
	char words[256];
	for (size_t i = 0; (command = told_command_at(i)) != NULL; i++)
		if (words_of(command, words))
			lay_down(world_number, words, put_for(filled(words), "$D", world.dir));
}

#endif
