/* SPDX-License-Identifier: Apache-2.0 */
/* What was typed, once it is read. */
#include "agents/cli/cli.h"

#include <string.h>

void told_words_count(const struct told_command *command, size_t *least, size_t *most)
{
	*least = *most = 0;
	for (const char *at = command->words; at != NULL && *at != '\0';) {
		size_t len = strcspn(at, " ");
		size_t end = at[len - 1] == ']' ? len - 1 : len;
		bool many = end > 3 && strncmp(at + end - 3, "...", 3) == 0;
		*least += at[0] != '[';
		*most = many ? TOLD_CLI_WORDS_MAX : *most + 1;
		at += len + strspn(at + len, " ");
	}
}

const char *told_args_get(const struct told_args *args, const char *name)
{
	for (size_t i = 0; i < args->option_count; i++)
		if (strcmp(args->options[i].option->name, name) == 0)
			return args->options[i].value;
	return NULL;
}
