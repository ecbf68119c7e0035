/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections on paper: what was put right, and who has done so. */
#include "agents/cli/show.h"

#include <string.h>

void told_print_correction(struct told_cli *cli, const json_t *section)
{
	char when[40];
	const json_t *corrected = json_object_get(section, "corrected");
	if (told_text_of(section, "corrects")[0] != '\0')
		fputs("  This corrects what they told before.\n", cli->out);
	if (corrected == NULL)
		return;
	told_time_words(json_object_get(corrected, "at_ms"), when);
	fprintf(cli->out, "  WRONG: whoever told it corrected it on %s. It is kept so that you see what changed.\n",
		when);
}

/* Whoever has what was wrong: what we send is under way; what is about others of the family goes by hand. */
void told_print_holders(struct told_cli *cli, const json_t *holders)
{
	size_t i = 0;
	json_t *holder = NULL;
	json_array_foreach(holders, i, holder)
		fprintf(cli->out, "  %s had it as it was. %s\n", told_party_words(cli, told_text_of(holder, "party")),
			json_array_size(json_object_get(holder, "corrections")) > 0
				? "A correction is on its way; told correction ls CLIENT says who has put it right."
				: "It is about somebody else of the family: tell them by hand.");
}

static const char *standing(const json_t *correction)
{
	const char *state = told_text_of(correction, "state");
	const json_t *code = json_array_get(json_object_get(correction, "codes"), 0);
	if (json_object_get(correction, "applied_ms") != NULL)
		return "put right there; the old words stay beside the new ones";
	if (json_object_get(correction, "not_held_ms") != NULL)
		return "they do not hold it any more";
	if (strcmp(state, "refused") == 0 && strcmp(told_text_of(code, "code"), "WFL-08") == 0)
		return "they never asked for it, and hold nothing of it";
	return strcmp(state, "sent") == 0 ? "sent; they have not said yet that it is put right" : state;
}

void told_show_corrections(struct told_cli *cli, const json_t *reply)
{
	const json_t *list = json_object_get(reply, "corrections");
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(list, i, one)
	{
		char when[40];
		told_time_words(json_object_get(one, "queued_ms"), when);
		fprintf(cli->out, "%s  %s: %s\n", when,
			told_party_words(cli, json_string_value(json_array_get(json_object_get(one, "to"), 0))),
			standing(one));
	}
	if (json_array_size(list) == 0)
		fputs("There is none.\n", cli->out);
}
