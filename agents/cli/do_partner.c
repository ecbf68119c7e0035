/* SPDX-License-Identifier: Apache-2.0 */
/* told partner: the operator's acts. Each is a signed, logged message; what was accepted is also noted in the broker's
 * folder (partners.json), because the broker opens no door to ask it through. */
#include "agents/cli/do.h"
#include "agents/cli/enrolment.h"
#include "agents/cli/notes.h"
#include "agents/cli/operator.h"
#include "agents/cli/show.h"

#include "told/codes.h"
#include <string.h>

#define NOTES "partners.json"

struct act {
	const char *name, *done;
	uint32_t action;
	bool keys, leaves_first; /* needs the agency's keys; see leave() */
};

static const struct act acts[] = {
	{"enrol", "Enrolled", TOLD_PARTNER_ACTION_ENROL, true, false},
	{"rotate", "New keys for", TOLD_PARTNER_ACTION_ENROL, true, true},
	{"revoke", "Shut out", TOLD_PARTNER_ACTION_REVOKE, false, false},
};

static const struct act *act_of(const struct told_args *args)
{
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		if (strcmp(args->command->verb, acts[i].name) == 0)
			return &acts[i];
	return &acts[0];
}

/* ---- the acts ---- */

/* The agency's keys, and the fingerprint that was heard against the one that they have. */
static int find_keys(struct told_cli *cli, const struct told_args *args, struct told_enrolment *out)
{
	const char *file = told_args_get(args, "file"), *heard = told_args_get(args, "fingerprint");
	if (file == NULL || heard == NULL)
		return told_fail(cli, TOLD_EXIT_USAGE,
				 "An enrolment needs the agency's file and the fingerprint that you heard.",
				 "A file alone could be anybody's: the telephone is what makes it theirs.",
				 "Add --file enrol.json --fingerprint SHA256:...");
	int exit = told_enrolment_read(cli, file, out);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	if (strcmp(out->party, args->words[0]) != 0)
		return told_failf(cli, TOLD_EXIT_CONFIG, "Ask the agency for its own file.",
				  "%s is the enrolment of %s, not of %s.", file, out->party, args->words[0]);
	if (strcmp(out->fingerprint, heard) != 0)
		return told_failf(cli, TOLD_EXIT_INTEGRITY,
				  "Compare all 64 signs, in small letters behind SHA256:. If they differ, do not enrol "
				  "it: ring the agency on a number that you know.",
				  "The key in %s has another fingerprint than the one you heard.", file);
	return TOLD_EXIT_DONE;
}

static int report(struct told_cli *cli, const struct act *act, const char *party, const char *fingerprint,
		  const struct told_operator_receipt *receipt, const char *dir)
{
	json_t *note = json_pack("{s:s, s:s, s:s*, s:I, s:I}", "party", party, "act", act->name, "fingerprint",
				 fingerprint[0] != '\0' ? fingerprint : NULL, "entry", (json_int_t)receipt->index,
				 "time_ms", (json_int_t)receipt->time_ms);
	int exit = note != NULL ? told_notes_add(cli, dir, NOTES, note)
				: told_fail_status(cli, TOLD_E_MEMORY, NOTES, NULL);
	if (cli->json && note != NULL) {
		json_dumpf(note, cli->out, JSON_COMPACT | JSON_PRESERVE_ORDER);
		fputc('\n', cli->out);
	} else {
		fprintf(cli->out, "%s %s (entry %llu of the log).\n", act->done, party,
			(unsigned long long)receipt->index);
	}
	json_decref(note);
	return exit;
}

/* An agency is enrolled under one set of keys; a new set is a leaving and a coming back, both in the log. Who was shut
 * out before has left already. */
static enum told_status leave(const char *dir, const char *party, struct told_buf *why)
{
	struct told_operator_receipt receipt;
	struct told_partner_part part = {.action = TOLD_PARTNER_ACTION_LEAVE, .party = told_text(party)};
	return told_operator_say(dir, &part, &receipt, why);
}

int told_do_partner(struct told_cli *cli, const struct told_args *args)
{
	const struct act *act = act_of(args);
	const char *dir = told_args_get(args, "broker");
	struct told_enrolment enrolment = {0};
	struct told_operator_receipt receipt = {0};
	struct told_buf why = TOLD_BUF(4096);
	int exit = act->keys ? find_keys(cli, args, &enrolment) : TOLD_EXIT_DONE;
	if (exit != TOLD_EXIT_DONE)
		return exit;
	struct told_partner_part part = {.action = act->action, .party = told_text(args->words[0])};
	if (act->keys) {
		part.identity_key = told_bytes(enrolment.identity_key, TOLD_KEY_BYTES);
		part.session_key = told_bytes(enrolment.session_key, TOLD_KEY_BYTES);
	}
	enum told_status status = TOLD_OK;
	if (act->leaves_first)
		status = leave(dir, args->words[0], &why);
	if (status == TOLD_OK)
		status = told_operator_say(dir, &part, &receipt, &why);
	exit = status == TOLD_OK ? report(cli, act, args->words[0], enrolment.fingerprint, &receipt, dir)
				 : told_fail_status(cli, status, args->words[0], &why);
	told_buf_free(&why);
	return exit;
}

/* How each agency stands: the last act counts. */
static json_t *standing(const json_t *notes)
{
	json_t *parties = json_object(), *list = json_array(), *note = NULL;
	size_t i = 0;
	const char *party = NULL;
	json_array_foreach(notes, i, note) json_object_set(parties, told_text_of(note, "party"), note);
	json_object_foreach(parties, party, note) json_array_append(list, note);
	json_decref(parties);
	return json_pack("{s:o}", "partners", list);
}

static void show(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"PARTY", "LAST ACT", "WHEN", "IDENTITY KEY"};
	struct told_buf rows = TOLD_BUF(1048576);
	size_t i = 0;
	json_t *note = NULL;
	told_table_row(&rows, head, 4);
	json_array_foreach(json_object_get(reply, "partners"), i, note)
	{
		char when[40];
		told_time_words(json_object_get(note, "time_ms"), when);
		const char *cells[] = {told_text_of(note, "party"), told_text_of(note, "act"), when,
				       told_text_of(note, "fingerprint")};
		told_table_row(&rows, cells, 4);
	}
	told_table_print(cli, &rows,
			 "No agency was enrolled from this folder. Is it the broker's? Next: told partner enrol PARTY");
	told_buf_free(&rows);
}

json_t *told_partners(struct told_cli *cli, const char *dir)
{
	json_t *notes = NULL;
	if (told_notes_read(cli, dir, NOTES, &notes) != TOLD_EXIT_DONE)
		return NULL;
	json_t *reply = standing(notes);
	json_decref(notes);
	return reply;
}

int told_do_partners(struct told_cli *cli, const struct told_args *args)
{
	json_t *reply = told_partners(cli, told_args_get(args, "broker"));
	int exit = reply != NULL ? TOLD_EXIT_DONE : TOLD_EXIT_CONFIG;
	if (reply != NULL && cli->json)
		exit = told_finish(cli, args, reply);
	else if (reply != NULL)
		show(cli, reply);
	json_decref(reply);
	return exit;
}
