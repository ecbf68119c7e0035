/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that somebody must look at now: above everything else that is shown, and as a list. */
#include "agents/cli/show.h"

#include <string.h>

static void print_risk(FILE *out, const json_t *risk)
{
	char when[40];
	told_time_words(json_object_get(risk, "raised_ms"), when);
	fprintf(out, "  %s  %s\n    %s (%s): %s\n", told_text_of(risk, "client"), when, told_text_of(risk, "question"),
		told_text_of(risk, "item"), told_text_of(risk, "answer"));
	told_time_words(json_object_get(risk, "did_ms"), when);
	if (told_text_of(risk, "did")[0] != '\0')
		fprintf(out, "    done %s by %s: %s\n", when, told_text_of(risk, "did_by"), told_text_of(risk, "did"));
}

void told_print_attention(struct told_cli *cli, FILE *out, const json_t *reply)
{
	const json_t *risks = json_object_get(reply, "look_now");
	size_t i = 0;
	json_t *risk = NULL;
	if (json_array_size(risks) == 0)
		return;
	fprintf(out, "%sLOOK NOW, before anything else. In danger now? Ring 999.%s\n", cli->colour ? "\x1b[31m" : "",
		cli->colour ? "\x1b[0m" : "");
	json_array_foreach(risks, i, risk) print_risk(out, risk);
	fputs("  It stays here until somebody writes down what they did: told risk done CLIENT --did TEXT\n\n", out);
}

void told_show_risks(struct told_cli *cli, const json_t *reply)
{
	const json_t *risks = json_object_get(reply, "risks");
	size_t i = 0;
	json_t *risk = NULL;
	json_array_foreach(risks, i, risk) print_risk(cli->out, risk);
	if (json_array_size(risks) == 0)
		fputs("There is none.\n", cli->out);
}

void told_show_risk_done(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out, "Written down for %s: ", told_text_of(reply, "client"));
	told_print_list(cli->out, json_object_get(reply, "done"), "nothing");
	fputc('\n', cli->out);
}
