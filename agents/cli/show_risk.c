/* SPDX-License-Identifier: Apache-2.0 */
/* What was raised to somebody, and what they did. */
#include "agents/cli/show.h"

#include <string.h>

void told_print_risk(FILE *out, const json_t *risk)
{
	const char *who = told_text_of(risk, "for"), *from = told_text_of(risk, "from");
	char when[40];
	told_time_words(json_object_get(risk, "raised_ms"), when);
	fprintf(out, "  %s  %s%s%s%s%s\n    %s (%s): %s\n", told_text_of(risk, "client"), when,
		who[0] != '\0' ? ", for worker " : "", who, from[0] != '\0' ? ", from " : "", from,
		told_text_of(risk, "question"), told_text_of(risk, "item"), told_text_of(risk, "answer"));
	told_time_words(json_object_get(risk, "did_ms"), when);
	if (told_text_of(risk, "did")[0] != '\0')
		fprintf(out, "    done %s by %s: %s\n", when, told_text_of(risk, "did_by"), told_text_of(risk, "did"));
}

void told_show_risks(struct told_cli *cli, const json_t *reply)
{
	const json_t *risks = json_object_get(reply, "risks");
	size_t i = 0;
	json_t *risk = NULL;
	json_array_foreach(risks, i, risk) told_print_risk(cli->out, risk);
	if (json_array_size(risks) == 0)
		fputs("There is none.\n", cli->out);
}

void told_show_risk_done(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out, "Written down for %s: ", told_text_of(reply, "client"));
	told_print_list(cli->out, json_object_get(reply, "done"), "nothing");
	fputc('\n', cli->out);
}

void told_show_risk_hand(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out,
		"Handed to worker %s: %lld for %s. It stays on their screen until somebody writes down what "
		"they did.\n",
		told_text_of(reply, "to"), (long long)json_integer_value(json_object_get(reply, "handed")),
		told_text_of(reply, "client"));
}
