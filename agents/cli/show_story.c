/* SPDX-License-Identifier: Apache-2.0 */
/* What a story, an ask's answer and the inbox look like on paper. */
#include "agents/cli/show.h"

#include <string.h>

void told_show_story(struct told_cli *cli, const json_t *reply)
{
	const json_t *sections = json_object_get(reply, "sections"), *withdrawn = json_object_get(reply, "withdrawn");
	if (json_array_size(sections) == 0)
		fputs("Nothing is here that you may see.\n", cli->out);
	told_print_sections(cli, sections);
	if (json_integer_value(withdrawn) > 0)
		fprintf(cli->out, "%lld section%s hidden: the permission was withdrawn.\n",
			(long long)json_integer_value(withdrawn), json_integer_value(withdrawn) == 1 ? " is" : "s are");
}

void told_show_ask(struct told_cli *cli, const json_t *reply)
{
	const json_t *received = json_object_get(reply, "received");
	size_t i = 0;
	json_t *message = NULL;
	bool answered = true;
	json_array_foreach(json_object_get(reply, "messages"), i, message) answered &=
		strcmp(told_text_of(message, "state"), "answered") == 0;
	if (!answered)
		told_show_sent(cli, reply);
	else if (json_array_size(received) == 0)
		fputs("Nothing to release.\n", cli->out);
	told_print_sections(cli, received);
}

void told_show_inbox(struct told_cli *cli, const json_t *reply)
{
	const json_t *parcels = json_object_get(reply, "parcels");
	size_t i = 0;
	json_t *parcel = NULL;
	told_print_notices(cli, json_object_get(reply, "notices"));
	if (json_array_size(parcels) == 0)
		fputs("The inbox is empty.\n", cli->out);
	json_array_foreach(parcels, i, parcel)
	{
		char when[40];
		told_time_words(json_object_get(parcel, "received_ms"), when);
		fprintf(cli->out, "%s%lld  %s, from %s, about %s, %s\n", i > 0 ? "\n" : "",
			(long long)json_integer_value(json_object_get(parcel, "n")),
			told_type_words(told_text_of(parcel, "type")),
			told_party_words(cli, told_text_of(parcel, "from")), told_text_of(parcel, "client"), when);
		told_print_standing(cli, json_object_get(parcel, "standing"));
		told_print_sections(cli, json_object_get(parcel, "sections"));
		if (json_is_true(json_object_get(parcel, "withheld")))
			fputs("  Some of what was asked for or sent was withheld.\n", cli->out);
	}
}
