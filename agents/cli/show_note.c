/* SPDX-License-Identifier: Apache-2.0 */
/* Notes: who will see one, before it is saved; and all of a person's, each with what it said before. */
#include "agents/cli/show.h"

void told_show_note(struct told_cli *cli, const json_t *reply)
{
	bool saved = json_is_true(json_object_get(reply, "saved"));
	fprintf(cli->out, "%s\n", told_text_of(reply, "audience"));
	if (!saved) {
		fputs("Nothing is saved yet. If that is right, say it again with --yes.\n", cli->out);
		return;
	}
	fprintf(cli->out, "Note %s\n", told_text_of(reply, "note"));
	if (json_array_size(json_object_get(reply, "messages")) > 0)
		told_show_sent(cli, reply);
}

static void print_words(struct told_cli *cli, const char *lead, const json_t *words)
{
	char when[40];
	told_time_words(json_object_get(words, "written_ms"), when);
	fprintf(cli->out, "%s%s by %s: %s\n", lead, when, told_text_of(words, "by"), told_text_of(words, "text"));
}

static void print_own(struct told_cli *cli, const json_t *note)
{
	size_t i = 0;
	json_t *one = NULL;
	print_words(cli, "", note);
	json_array_foreach(json_object_get(note, "was"), i, one) print_words(cli, "  before, ", one);
	fputs("  seen by us", cli->out);
	json_array_foreach(json_object_get(note, "to"), i, one) if (json_is_true(json_object_get(one, "sees")))
		fprintf(cli->out, ", %s", told_party_words(cli, told_text_of(one, "party")));
	fprintf(cli->out, "; number %s\n", told_text_of(note, "note"));
}

static void print_received(struct told_cli *cli, const json_t *note)
{
	char when[40];
	told_time_words(json_object_get(note, "recorded_ms"), when);
	fprintf(cli->out, "%s from %s: %s\n", when, told_party_words(cli, told_text_of(note, "from")),
		told_text_of(json_object_get(note, "story"), "text"));
	told_print_correction(cli, note);
}

void told_show_notes(struct told_cli *cli, const json_t *reply)
{
	const json_t *own = json_object_get(reply, "notes"), *received = json_object_get(reply, "received");
	size_t i = 0;
	json_t *note = NULL;
	json_array_foreach(own, i, note) print_own(cli, note);
	json_array_foreach(received, i, note) print_received(cli, note);
	if (json_array_size(own) + json_array_size(received) == 0)
		fputs("There is none.\n", cli->out);
}
