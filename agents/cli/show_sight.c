/* SPDX-License-Identifier: Apache-2.0 */
/* Who may not see a conference, in words, for the contact's eyes. */
#include "agents/cli/show.h"

#include <string.h>

static void print_line(struct told_cli *cli, const json_t *line)
{
	char since[40];
	const json_t *ended = json_object_get(line, "ended"), *asked = json_object_get(line, "asked");
	told_time_words(json_object_get(line, "at_ms"), since);
	fprintf(cli->out, "%s works with %s; named %s by %s", told_text_of(line, "worker"),
		strcmp(told_text_of(line, "for"), "alleged") == 0 ? "the alleged perpetrator" : "the household", since,
		told_text_of(line, "by"));
	if (ended != NULL)
		fprintf(cli->out, "; ended by %s and %s", told_text_of(asked, "by"), told_text_of(ended, "by"));
	else if (asked != NULL)
		fprintf(cli->out, "; %s asks to end it, a second person must say so, too", told_text_of(asked, "by"));
	fputs(".\n", cli->out);
}

void told_show_names(struct told_cli *cli, const json_t *reply)
{
	const char *state = told_text_of(reply, "state");
	size_t i = 0;
	json_t *one = NULL;
	if (state[0] != '\0') {
		fprintf(cli->out, "%s\n",
			strcmp(state, "ended") == 0 ? "Ended: this worker sees it again."
						    : "Asked. It ends when a second person says the same.");
		return;
	}
	json_array_foreach(json_object_get(reply, "named"), i, one) print_line(cli, one);
	if (json_object_get(reply, "declared") == NULL)
		fputs("Nobody has looked yet who works with the alleged perpetrator or the household: told conference "
		      "name.\n",
		      cli->out);
	else if (i == 0)
		fputs("Nobody of ours works with the alleged perpetrator or the household.\n", cli->out);
	json_array_foreach(json_object_get(reply, "chairs"), i, one)
		fprintf(cli->out,
			"%s has spoken for the chair and sees nothing now (PTY-07): give the chair to somebody "
			"else.\n",
			told_text_of(one, "worker"));
}
