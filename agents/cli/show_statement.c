/* SPDX-License-Identifier: Apache-2.0 */
/* What is left off a statement, for the owner of the flow; and what became of a mark. Never shown to the person. */
#include "agents/cli/show.h"

#include <string.h>

static void print_flow(struct told_cli *cli, const json_t *flow)
{
	char when[40], review[40];
	bool shown = json_is_true(json_object_get(flow, "shown")), ours = json_is_true(json_object_get(flow, "ours"));
	told_time_words(json_object_get(flow, "time_ms"), when);
	told_date_words(json_object_get(flow, "review_ms"), review);
	fprintf(cli->out, "%s  %s  %s %s: ", told_text_of(flow, "message"), when,
		strcmp(told_text_of(flow, "kind"), "got") == 0 ? "from" : "to",
		told_party_words(cli, told_text_of(flow, "party")));
	told_print_categories(cli->out, json_object_get(flow, "categories"));
	if (shown)
		fprintf(cli->out, ". Marked safe to tell until %s.", review);
	else if (!ours)
		fputs(". Left off; only they can mark it safe.", cli->out);
	else if (json_is_true(json_object_get(flow, "conference")))
		fputs(". Left off: of a conference.", cli->out);
	else
		fputs(review[0] != '\0' ? ". Left off: the mark is over." : ". Left off.", cli->out);
	fputc('\n', cli->out);
}

void told_show_statement_off(struct told_cli *cli, const json_t *reply)
{
	const json_t *flows = json_object_get(reply, "flows");
	fputs("Not for the person. Do not print it, and do not read it out.\n", cli->out);
	for (size_t i = 0; i < json_array_size(flows); i++)
		print_flow(cli, json_array_get(flows, i));
	if (json_array_size(flows) == 0)
		fputs("Nothing is left off.\n", cli->out);
}

void told_show_statement_safe(struct told_cli *cli, const json_t *reply)
{
	char review[40];
	told_date_words(json_object_get(reply, "review_ms"), review);
	if (json_is_true(json_object_get(reply, "safe")))
		fprintf(cli->out, "It stands on the statement until %s; then somebody looks again.\n", review);
	else
		fputs("It is left off the statement again.\n", cli->out);
}
