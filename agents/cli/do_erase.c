/* SPDX-License-Identifier: Apache-2.0 */
/* Answering an erasure, and showing erasures and holds. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include <string.h>

#define TABLE_MAX_BYTES (1024u * 1024u)

/* ---- answering ---- */

/* One of three: erased; kept until a day under a law; or both, each for its part. */
static const char *state_of(const struct told_args *args)
{
	bool erased = told_args_get(args, "erased") != NULL, partly = told_args_get(args, "partly") != NULL;
	bool kept = told_args_get(args, "kept-until") != NULL, law = told_args_get(args, "law") != NULL;
	if (kept != law || (erased && (partly || kept)) || (partly && !kept))
		return NULL;
	return erased ? "erased" : partly ? "partly" : kept ? "kept" : NULL;
}

int told_do_erase_answer(struct told_cli *cli, const struct told_args *args)
{
	const char *state = state_of(args);
	json_t *request = NULL;
	if (state == NULL)
		return told_fail(cli, TOLD_EXIT_USAGE, "The answer is not clear.",
				 "It is erased, kept until a day because of a law, or partly both.",
				 "Use --erased, or --kept-until DATE --law TEXT, or --partly with those two.");
	int exit = told_request(cli, args, &request);
	if (exit == TOLD_EXIT_DONE && json_object_set_new(request, "state", json_string(state)) != 0)
		exit = told_fail_status(cli, TOLD_E_MEMORY, "The answer", NULL);
	if (exit == TOLD_EXIT_DONE)
		return told_run_request(cli, args, request);
	json_decref(request);
	return exit;
}

/* ---- showing ---- */

static void show_answers(struct told_cli *cli, const json_t *answers)
{
	size_t i = 0;
	json_t *answer = NULL;
	json_array_foreach(answers, i, answer)
	{
		char until[40] = "";
		const json_t *until_ms = json_object_get(answer, "kept_until_ms");
		if (json_integer_value(until_ms) > 0)
			told_date_words(until_ms, until);
		fprintf(cli->out, "  %s: %s%s%s%s%s\n", told_party_words(cli, told_text_of(answer, "party")),
			told_text_of(answer, "state"), until[0] != '\0' ? ", kept until " : "", until,
			until[0] != '\0' ? " because " : "", told_text_of(answer, "law"));
	}
}

void told_show_erasures(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *erasure = NULL, *list = json_object_get(reply, "erasures");
	if (json_array_size(list) == 0)
		fputs("Nobody has asked for an erasure.\n", cli->out);
	json_array_foreach(list, i, erasure)
	{
		char due[40];
		const char *client = told_text_of(erasure, "client"), *state = told_text_of(erasure, "state");
		told_date_words(json_object_get(erasure, "due_ms"), due);
		fprintf(cli->out, "%s from %s: %s%s%s, %s\n", told_text_of(erasure, "erasure"),
			told_party_words(cli, told_text_of(erasure, "from")), told_text_of(erasure, "reason"),
			client[0] != '\0' ? ", " : "", client, state);
		if (strcmp(state, "open") == 0)
			fprintf(cli->out, "  Answer by %s: told erase answer %s --erased\n", due,
				told_text_of(erasure, "erasure"));
		show_answers(cli, json_object_get(erasure, "answers"));
	}
}

void told_show_holds(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"CLIENT", "REASON", "BY", "LOOK AGAIN", ""};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *hold = NULL;
	told_table_row(&rows, head, 5);
	json_array_foreach(json_object_get(reply, "holds"), i, hold)
	{
		char review[40];
		told_date_words(json_object_get(hold, "review_ms"), review);
		const char *cells[] = {told_text_of(hold, "client"), told_text_of(hold, "reason"),
				       told_text_of(hold, "by"), review,
				       json_is_true(json_object_get(hold, "overdue")) ? "overdue" : ""};
		told_table_row(&rows, cells, 5);
	}
	told_table_print(cli, &rows, "No hold stands.");
	told_buf_free(&rows);
}

static void print_deleted(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out, "%d parts of stories deleted; %d are due and kept by a hold.\n",
		(int)json_integer_value(json_object_get(reply, "deleted")),
		(int)json_integer_value(json_object_get(reply, "held")));
}

void told_show_retention(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"CLIENT", "WHAT", "FROM", "DUE", ""};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *part = NULL;
	if (json_object_get(reply, "deleted") != NULL) {
		print_deleted(cli, reply);
		return;
	}
	told_table_row(&rows, head, 5);
	json_array_foreach(json_object_get(reply, "due"), i, part)
	{
		char due[40];
		told_date_words(json_object_get(part, "due_ms"), due);
		const char *cells[] = {told_text_of(part, "client"),
				       told_category_words(told_text_of(part, "category")), told_text_of(part, "from"),
				       due, json_is_true(json_object_get(part, "held")) ? "held" : ""};
		told_table_row(&rows, cells, 5);
	}
	told_table_print(cli, &rows, "Nothing is due within 30 days.");
	told_buf_free(&rows);
}
