/* SPDX-License-Identifier: Apache-2.0 */
/* What was told by hand, in words; and what an ask under an override brought, with whom to telephone. */
#include "agents/cli/show.h"

#include <string.h>

/* Whether anything came or not, the number stands there: silence says nothing. */
void told_show_override_ask(struct told_cli *cli, const json_t *reply)
{
	const json_t *received = json_object_get(reply, "received");
	fprintf(cli->out, "%s\n", told_text_of(reply, "danger"));
	told_print_sections(cli, received);
	fprintf(cli->out,
		json_array_size(received) > 0 ? "If you need more, telephone %s: %s\n"
					      : "Nothing has come. If it cannot wait, telephone %s: %s\n",
		told_party_words(cli, told_text_of(reply, "from")), told_text_of(reply, "telephone"));
}

static void print_line(struct told_cli *cli, const json_t *line, const char *to)
{
	char when[40];
	bool told = strcmp(told_text_of(line, "outcome"), "told") == 0;
	told_time_words(json_object_get(line, "time_ms"), when);
	if (when[0] != '\0')
		fprintf(cli->out, "%s, by %s: ", when, told_text_of(line, "by"));
	fprintf(cli->out, "%s %s (%s): ", told ? "told" : "did not tell", told_party_words(cli, to),
		told_text_of(line, "how"));
	told_print_categories(cli->out, json_object_get(line, "categories"));
	fprintf(cli->out, ". %s\n", told_text_of(line, "why"));
}

/* Ruled after the fact: what the agreement would have said is said, and nothing can be taken back. */
void told_show_disclosure(struct told_cli *cli, const json_t *reply)
{
	const json_t *record = json_object_get(reply, "record"), *ruling = json_object_get(record, "ruling");
	print_line(cli, record, told_text_of(record, "to"));
	const char *effect = told_text_of(ruling, "effect");
	bool declined = strcmp(told_text_of(record, "outcome"), "declined") == 0;
	if (strcmp(effect, "release") == 0 || declined)
		fputs("It is in the log.\n", cli->out);
	else
		fprintf(cli->out, "Ruled after the fact: %s. Tell your data protection officer.\n", effect);
	size_t i = 0;
	json_t *code = NULL;
	if (strcmp(effect, "release") != 0 && !declined)
		json_array_foreach(json_object_get(ruling, "codes"), i, code)
		{
			fputs("  ", cli->out);
			told_print_code(cli->out, code);
			fputc('\n', cli->out);
		}
}

void told_show_disclosures(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0, k = 0;
	json_t *alert = NULL, *line = NULL;
	json_array_foreach(json_object_get(reply, "alerts"), i, alert)
		json_array_foreach(json_object_get(alert, "by_hand"), k, line)
			print_line(cli, line, told_text_of(alert, "to"));
	if (i == 0)
		fputs("There is none.\n", cli->out);
}
