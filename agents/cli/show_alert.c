/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts in words: what to do in danger first, then what went, what waits for whom, whom to telephone. */
#include "agents/cli/show.h"

#include "told/vocabulary.h"

#include <string.h>

static void danger(struct told_cli *cli, const json_t *reply)
{
	const char *words = told_text_of(reply, "danger");
	fprintf(cli->out, "%s\n", words[0] != '\0' ? words : "In danger now? Ring 999. This does not replace a call.");
}

static bool set(const json_t *object, const char *member)
{
	return json_integer_value(json_object_get(object, member)) != 0;
}

static void print_waits(struct told_cli *cli, const json_t *alert)
{
	size_t i = 0;
	json_t *wait = NULL;
	json_array_foreach(json_object_get(alert, "waits_for"), i, wait)
	{
		char due[40];
		told_time_words(json_object_get(wait, "due_ms"), due);
		fprintf(cli->out, "  Waits for the %s: %s.", told_text_of(wait, "who"), told_text_of(wait, "what"));
		if (set(wait, "due_ms"))
			fprintf(cli->out, " By %s%s.", due,
				json_is_true(json_object_get(wait, "late")) ? ", which is over: do it now" : "");
		fputc('\n', cli->out);
	}
	if (json_array_size(json_object_get(alert, "rest")) > 0) {
		fputs("  Has not gone: ", cli->out);
		told_print_categories(cli->out, json_object_get(alert, "rest"));
		fputs(".\n", cli->out);
	}
}

static void print_opened(struct told_cli *cli, const json_t *alert)
{
	const json_t *opened = json_object_get(alert, "opened");
	const char *warning = told_text_of(alert, "warning");
	char when[40];
	if (warning[0] != '\0')
		fprintf(cli->out, "  %s\n", warning);
	else if (set(alert, "call_ms")) {
		told_time_words(json_object_get(alert, "call_ms"), when);
		fprintf(cli->out, "  If nobody has opened it by %s, telephone %s.\n", when,
			told_text_of(alert, "telephone"));
	}
	if (opened != NULL) {
		told_time_words(json_object_get(opened, "time_ms"), when);
		fprintf(cli->out, "  Opened by worker %s, %s.\n", told_text_of(opened, "worker"), when);
	}
	size_t i = 0;
	json_t *call = NULL;
	json_array_foreach(json_object_get(alert, "calls"), i, call)
	{
		const char *who = told_text_of(call, "who_answered");
		told_time_words(json_object_get(call, "at_ms"), when);
		fprintf(cli->out, "  Telephoned %s by %s: %s.\n", when, told_text_of(call, "by"),
			told_words(TOLD_LIST_ALERT_OUTCOME, told_value(TOLD_LIST_ALERT_OUTCOME, told_text(who))));
	}
}

static void print_review(struct told_cli *cli, const json_t *alert)
{
	char when[40];
	const json_t *reviews = json_object_get(alert, "reviews");
	if (set(alert, "review_ms")) {
		told_time_words(json_object_get(alert, "review_ms"), when);
		fprintf(cli->out,
			json_is_true(json_object_get(alert, "review_due")) ? "  Review is due since %s.\n"
									   : "  Review by %s.\n",
			when);
	}
	if (json_array_size(reviews) > 0)
		fprintf(cli->out, "  Reviewed %zu time%s, last: %s.\n", json_array_size(reviews),
			json_array_size(reviews) == 1 ? "" : "s",
			told_text_of(json_array_get(reviews, json_array_size(reviews) - 1), "outcome"));
	if (set(alert, "expires_ms")) {
		told_time_words(json_object_get(alert, "expires_ms"), when);
		fprintf(cli->out, "  Ends %s.\n", when);
	}
}

static void print_alert(struct told_cli *cli, const json_t *alert)
{
	const char *kind = told_text_of(alert, "kind");
	char when[40];
	told_time_words(json_object_get(alert, "raised_ms"), when);
	fprintf(cli->out, "%s  %s  %s to %s, raised %s by %s\n", told_text_of(alert, "id"),
		told_text_of(alert, "state"), kind[0] != '\0' ? kind : "alert",
		told_party_words(cli, told_text_of(alert, "to")), when, told_text_of(alert, "author"));
	if (told_text_of(alert, "stands_words")[0] != '\0')
		fprintf(cli->out, "  Stands: %s.\n", told_text_of(alert, "stands_words"));
	print_waits(cli, alert);
	print_opened(cli, alert);
	print_review(cli, alert);
}

/* What to read out, as it was told. */
static void print_sheet(struct told_cli *cli, const json_t *sheet)
{
	size_t i = 0;
	json_t *line = NULL;
	fprintf(cli->out, "Nothing was sent: %s has no agent.\nTelephone now: %s\nSay:\n", told_text_of(sheet, "name"),
		told_text_of(sheet, "telephone"));
	json_array_foreach(json_object_get(sheet, "say"), i, line)
		fprintf(cli->out, "  %s: %s\n", told_category_words(told_text_of(line, "category")),
			told_text_of(json_object_get(line, "story"), "text"));
}

void told_show_alert(struct told_cli *cli, const json_t *reply)
{
	const json_t *sheet = json_object_get(reply, "sheet"), *alert = json_object_get(reply, "alert");
	danger(cli, reply);
	if (sheet != NULL)
		print_sheet(cli, sheet);
	else if (json_object_get(reply, "messages") != NULL || json_object_get(reply, "preview") != NULL)
		told_show_sent(cli, reply);
	if (alert != NULL)
		print_alert(cli, alert);
}

void told_show_alerts(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *alert = NULL;
	danger(cli, reply);
	json_array_foreach(json_object_get(reply, "alerts"), i, alert) print_alert(cli, alert);
	if (json_array_size(json_object_get(reply, "alerts")) == 0)
		fputs("There is none.\n", cli->out);
}
