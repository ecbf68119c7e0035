/* SPDX-License-Identifier: Apache-2.0 */
/* Full names of parties, as the agreements have them: asked for once, where words for people need them. */
#include "agents/cli/show.h"

/* The same call as any, but silent: names are a courtesy, and ids will do. */
static json_t *ask(struct told_cli *cli)
{
	struct told_cli silent = *cli;
	json_t *reply = NULL, *agreement = NULL, *names = json_object();
	size_t i = 0;
	FILE *nowhere = fopen("/dev/null", "w");
	if (nowhere == NULL || names == NULL)
		goto out;
	silent.err = nowhere;
	if (told_call(&silent, "GET", "/v1/agreements", NULL, &reply) != TOLD_EXIT_DONE)
		goto out;
	json_array_foreach(json_object_get(reply, "agreements"), i,
			   agreement) if (json_object_update(names, json_object_get(agreement, "names")) != 0) break;
out:
	json_decref(reply);
	if (nowhere != NULL)
		fclose(nowhere);
	return names;
}

const char *told_party_words(struct told_cli *cli, const char *party)
{
	if (cli->names == NULL)
		cli->names = ask(cli);
	const char *name = json_string_value(json_object_get(cli->names, party));
	return name != NULL ? name : party != NULL ? party : "?";
}

void told_print_parties(struct told_cli *cli, const json_t *parties)
{
	size_t i = 0;
	json_t *party = NULL;
	json_array_foreach(parties, i, party)
		fprintf(cli->out, "%s%s", i > 0 ? ", " : "", told_party_words(cli, json_string_value(party)));
}
