/* SPDX-License-Identifier: Apache-2.0 */
/* What must be looked at now, above everything else that is shown; and who is on call. */
#include "agents/cli/show.h"

#include <string.h>

/* ---- one line each ---- */

static void print_alert(struct told_cli *cli, FILE *out, const json_t *one)
{
	char when[40];
	told_time_words(json_object_get(one, "raised_ms"), when);
	fprintf(out, "  Alert to %s, raised %s, about %s\n    %s\n    then: told alert called %s --who-answered WHO\n",
		told_party_words(cli, told_text_of(one, "to")), when, told_text_of(one, "client"),
		told_text_of(one, "warning"), told_text_of(one, "alert"));
}

static void print_incoming(struct told_cli *cli, FILE *out, const json_t *one)
{
	char when[40];
	told_time_words(json_object_get(one, "came_ms"), when);
	bool recalled = json_is_true(json_object_get(one, "recalled"));
	fprintf(out, "  From %s, came %s, about %s: %s\n", told_party_words(cli, told_text_of(one, "from")), when,
		told_text_of(one, "client"),
		recalled ? "they called it back. Do not act on it; stop whoever does\n"
			   "    then, a senior: told incident ls, and told incident answer RECALL"
			 : "nobody here has opened it. told inbox");
}

static void print_review(struct told_cli *cli, FILE *out, const json_t *one)
{
	char when[40];
	told_time_words(json_object_get(one, "due_ms"), when);
	fprintf(out,
		"  Shared with %s without permission, about %s: its review is due since %s\n"
		"    then: told override review %s --outcome OUTCOME\n",
		told_party_words(cli, told_text_of(one, "to")), told_text_of(one, "client"), when,
		told_text_of(one, "alert"));
}

static void print_action(struct told_cli *cli, FILE *out, const json_t *one)
{
	char due[40];
	told_date_words(json_object_get(one, "due_ms"), due);
	fprintf(out,
		"  An action of a conference about %s is late: %s was to have done it by %s\n"
		"    then, by its owner: told conference done %s %s\n",
		told_text_of(one, "client"), told_party_words(cli, told_text_of(one, "owner")), due,
		told_text_of(one, "conference"), told_text_of(one, "action"));
}

static void print_conference_review(struct told_cli *cli, FILE *out, const json_t *one)
{
	char due[40];
	(void)cli;
	told_date_words(json_object_get(one, "due_ms"), due);
	fprintf(out, "  A conference about %s was to be looked at again on %s\n    then: told conference start %s\n",
		told_text_of(one, "client"), due, told_text_of(one, "conference"));
}

static void print_names(struct told_cli *cli, FILE *out, const json_t *one)
{
	(void)cli;
	fprintf(out,
		"  A MARAC about %s waits for you: nobody else here sees it until you have named our workers for the\n"
		"  alleged perpetrator and the household\n    then: told conference name %s --alleged WORKER,... or "
		"--none\n",
		told_text_of(one, "client"), told_text_of(one, "conference"));
}

static void print_names_review(struct told_cli *cli, FILE *out, const json_t *one)
{
	(void)cli;
	fprintf(out,
		"  Whom a MARAC about %s is kept from was named a while ago: is it still right?\n"
		"    then: told conference names %s, and told conference name %s --same, or with who is new\n",
		told_text_of(one, "client"), told_text_of(one, "conference"), told_text_of(one, "conference"));
}

static void print_no_contact(struct told_cli *cli, FILE *out, const json_t *one)
{
	(void)cli;
	(void)one;
	fputs("  Nobody here is our contact for conferences: should a MARAC come, no one would see it\n"
	      "    then: told contact name WORKER, and told contact name WORKER --deputy\n",
	      out);
}

static void print_risk(struct told_cli *cli, FILE *out, const json_t *one)
{
	(void)cli;
	told_print_risk(out, one);
	fputs("    It stays until somebody writes down what they did: told risk done CLIENT --did TEXT\n", out);
}

static const struct {
	const char *what;
	void (*print)(struct told_cli *cli, FILE *out, const json_t *one);
} kinds[] = {{"alert", print_alert},
	     {"incoming", print_incoming},
	     {"review", print_review},
	     {"action", print_action},
	     {"conference_review", print_conference_review},
	     {"conference_names", print_names},
	     {"names_review", print_names_review},
	     {"no_contact", print_no_contact},
	     {"", print_risk}};

void told_print_attention(struct told_cli *cli, FILE *out, const json_t *reply)
{
	const json_t *list = json_object_get(reply, "look_now");
	size_t i = 0;
	json_t *one = NULL;
	if (json_array_size(list) == 0)
		return;
	fprintf(out, "%sLOOK NOW, before anything else. In danger now? Ring 999.%s\n", cli->colour ? "\x1b[31m" : "",
		cli->colour ? "\x1b[0m" : "");
	json_array_foreach(list, i, one)
	{
		size_t kind = 0;
		while (kinds[kind].what[0] != '\0' && strcmp(kinds[kind].what, told_text_of(one, "what")) != 0)
			kind++;
		kinds[kind].print(cli, out, one);
	}
	fputc('\n', out);
}

/* ---- who is on call ---- */

void told_show_duty(struct told_cli *cli, const json_t *reply)
{
	const char *contact = told_text_of(reply, "contact"), *deputy = told_text_of(reply, "deputy");
	const char *now = told_text_of(reply, "now");
	size_t i = 0;
	json_t *away = NULL;
	fprintf(cli->out, "On call: %s\nStands in: %s\n", contact[0] != '\0' ? contact : "nobody is named",
		deputy[0] != '\0' ? deputy : "nobody is named");
	json_array_foreach(json_object_get(reply, "away"), i, away)
	{
		char until[40];
		told_date_words(json_object_get(away, "until_ms"), until);
		fprintf(cli->out, "Away: %s, up to and with %s\n", told_text_of(away, "worker"), until);
	}
	if (now[0] != '\0')
		fprintf(cli->out, "Asked now: %s\n", now);
	else
		fputs("Asked now: everybody on duty, for nobody is named and there.\n", cli->out);
}
