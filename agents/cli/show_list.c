/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: referrals, permissions, workers, agreements, checks; and the card. */
#include "agents/cli/show.h"

#include "agents/cli/qr.h"
#include "told/vocabulary.h"
#include <string.h>

#define TABLE_MAX_BYTES 1048576u

/* An array of strings as one cell. */
static void join(const json_t *texts, char out[128])
{
	size_t i = 0, used = 0;
	json_t *text = NULL;
	out[0] = '\0';
	json_array_foreach(texts, i, text)
	{
		const char *shown = json_is_object(text) ? told_text_of(text, "party") : json_string_value(text);
		int n = snprintf(out + used, 128 - used, "%s%s", i > 0 ? ", " : "", shown != NULL ? shown : "?");
		used = n > 0 && used + (size_t)n < 127 ? used + (size_t)n : 127;
	}
}

void told_show_card(struct told_cli *cli, const json_t *reply)
{
	const char *words = told_text_of(reply, "words"), *link = told_text_of(reply, "link");
	fprintf(cli->out, "Reference  %s\n", told_text_of(reply, "client"));
	if (words[0] != '\0')
		fprintf(cli->out, "Words      %s\n", words);
	if (link[0] != '\0')
		told_qr_print(cli->out, link);
	if (words[0] != '\0')
		fputs("Give both to the person. The words are shown this once and kept nowhere.\n"
		      "The last sign of the reference is a check: over the telephone, read it out too.\n",
		      cli->err);
	if (json_object_get(reply, "messages") != NULL)
		told_show_sent(cli, reply);
}

static const char *standing_of(const json_t *consent)
{
	if (json_is_true(json_object_get(consent, "withdrawn")))
		return "withdrawn";
	return json_is_true(json_object_get(consent, "replaced")) ? "replaced by a newer one"
								  : told_text_of(consent, "state");
}

void told_show_consents(struct told_cli *cli, const json_t *reply)
{
	const json_t *consents = json_object_get(reply, "consents");
	size_t i = 0;
	json_t *consent = NULL;
	if (json_array_size(consents) == 0)
		fputs("No permission is on record.\n", cli->out);
	json_array_foreach(consents, i, consent)
	{
		char until[40];
		told_date_words(json_object_get(consent, "until_ms"), until);
		fprintf(cli->out, "%s%s, %s\n", i > 0 ? "\n" : "", standing_of(consent), told_text_of(consent, "kind"));
		fputs("  to    ", cli->out);
		told_print_list(cli->out, json_object_get(consent, "recipients"), "everybody");
		fputs("\n  for   ", cli->out);
		told_print_list(cli->out, json_object_get(consent, "purposes"), "every purpose");
		fputs("\n  what  ", cli->out);
		told_print_categories(cli->out, json_object_get(consent, "include"));
		if (json_array_size(json_object_get(consent, "exclude")) > 0) {
			fputs("\n  not   ", cli->out);
			told_print_categories(cli->out, json_object_get(consent, "exclude"));
		}
		fprintf(cli->out, "\n  taken by %s%s%s, number %s\n", told_text_of(consent, "taken_by"),
			until[0] != '\0' ? ", until " : "", until, told_text_of(consent, "id"));
	}
}

/* What each kind of being due asks of the worker. */
static const struct {
	const char *due, *words;
} dues[] = {
	{"ends", "ends on %s: ask the person again"},
	{"ended", "ended on %s and nobody has asked since: ask, or look for them"},
	{"unconfirmed", "opens nothing yet: confirm it with the person (ends on %s)"},
};

static void print_due(struct told_cli *cli, const json_t *consent)
{
	char until[40];
	const char *words = "due (%s)";
	told_date_words(json_object_get(consent, "until_ms"), until);
	for (size_t i = 0; i < sizeof dues / sizeof dues[0]; i++)
		if (strcmp(dues[i].due, told_text_of(consent, "due")) == 0)
			words = dues[i].words;
	fprintf(cli->out, "%s  ", told_text_of(consent, "client"));
	const char *at = strstr(words, "%s");
	fprintf(cli->out, "%.*s%s%s\n  to    ", (int)(at - words), words, until, at + 2);
	told_print_list(cli->out, json_object_get(consent, "recipients"), "everybody");
	fputs("\n  for   ", cli->out);
	told_print_list(cli->out, json_object_get(consent, "purposes"), "every purpose");
	fprintf(cli->out, "\n  taken by %s, number %s\n", told_text_of(consent, "taken_by"),
		told_text_of(consent, "id"));
	if (strcmp(told_text_of(consent, "due"), "unconfirmed") == 0)
		fprintf(cli->out, "  told consent confirm %s %s\n", told_text_of(consent, "client"),
			told_text_of(consent, "id"));
}

void told_show_due(struct told_cli *cli, const json_t *reply)
{
	const json_t *list = json_object_get(reply, "due");
	size_t i = 0;
	json_t *consent = NULL;
	if (json_array_size(list) == 0)
		fputs("No permission ends within 30 days, and none waits for a confirmation.\n", cli->out);
	json_array_foreach(list, i, consent) print_due(cli, consent);
}

void told_show_workers(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"NUMBER", "STATE", "KIND", "ROLES", "TEAMS", "UNTIL"};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *worker = NULL;
	told_table_row(&rows, head, 6);
	json_array_foreach(json_object_get(reply, "workers"), i, worker)
	{
		char roles[128], teams[128], until[40];
		join(json_object_get(worker, "roles"), roles);
		join(json_object_get(worker, "teams"), teams);
		told_date_words(json_object_get(worker, "until_ms"), until);
		const char *cells[] = {told_text_of(worker, "number"),
				       told_text_of(worker, "state"),
				       told_text_of(worker, "kind"),
				       roles,
				       teams,
				       until};
		told_table_row(&rows, cells, 6);
	}
	told_table_print(cli, &rows, "The register is empty.");
	told_buf_free(&rows);
}

void told_show_keys(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"PURPOSE", "NUMBER", "STATE", "IN USE", "GRACE UNTIL", "FINGERPRINT"};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *key = NULL;
	told_table_row(&rows, head, 6);
	json_array_foreach(json_object_get(reply, "keys"), i, key)
	{
		char number[24], grace[40];
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json_object_get(key, "number")));
		told_time_words(json_object_get(key, "grace_until_ms"), grace);
		const char *cells[] = {told_text_of(key, "purpose"),
				       number,
				       told_text_of(key, "state"),
				       json_is_true(json_object_get(key, "in_use")) ? "yes" : "",
				       grace,
				       told_text_of(key, "fingerprint")};
		told_table_row(&rows, cells, 6);
	}
	told_table_print(cli, &rows, "The log has none of our keys yet. Let the agent connect first.");
	told_buf_free(&rows);
}

void told_show_worker_set(struct told_cli *cli, const json_t *reply)
{
	const json_t *open = json_object_get(reply, "open");
	const char *state = told_text_of(reply, "state");
	fprintf(cli->out, "Worker %s%s%s\n", told_text_of(reply, "number"), state[0] != '\0' ? ": " : "", state);
	if (json_array_size(open) > 0) {
		fputs("Open work to hand over: ", cli->out);
		told_print_list(cli->out, open, "");
		fputc('\n', cli->out);
	}
	if (json_array_size(json_object_get(reply, "messages")) > 0)
		told_show_sent(cli, reply);
}

void told_show_agreements(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"AGREEMENT", "VERSION", "TITLE", "SIGNED BY", "IN FORCE WITH", "SUSPENDED"};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *agreement = NULL;
	told_table_row(&rows, head, 6);
	json_array_foreach(json_object_get(reply, "agreements"), i, agreement)
	{
		char version[24], by[128], with[128], suspended[128];
		snprintf(version, sizeof version, "%lld",
			 (long long)json_integer_value(json_object_get(agreement, "version")));
		join(json_object_get(agreement, "signed_by"), by);
		join(json_object_get(agreement, "governs_with"), with);
		join(json_object_get(agreement, "suspended"), suspended);
		const char *cells[] = {
			told_text_of(agreement, "id"), version, told_text_of(agreement, "title"), by, with, suspended};
		told_table_row(&rows, cells, 6);
	}
	told_table_print(cli, &rows, "No agreement is signed here. told agreement sign FILE");
	told_buf_free(&rows);
}

void told_show_fingerprint(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out, "Party        %s\nIdentity     %s\nSession key  %s\n", told_text_of(reply, "party"),
		told_text_of(reply, "identity"), told_text_of(reply, "session_key"));
	fputs("Read the identity out by telephone; the other side compares it with the agreement.\n", cli->err);
}

void told_show_doctor(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *check = NULL;
	json_array_foreach(json_object_get(reply, "checks"), i, check)
	{
		bool ok = json_is_true(json_object_get(check, "ok"));
		fprintf(cli->out, "%-4s %-12s %s\n", ok ? "ok" : "BAD", told_text_of(check, "check"),
			told_text_of(check, "what"));
		if (!ok && told_text_of(check, "fix")[0] != '\0')
			fprintf(cli->out, "     %-12s %s\n", "", told_text_of(check, "fix"));
	}
}

/* One of the intake's lists; how many it has. */
static size_t print_lines(FILE *out, const json_t *intake, const char *list, const char *heading)
{
	const json_t *lines = json_object_get(intake, list);
	size_t i = 0;
	json_t *line = NULL;
	if (json_array_size(lines) > 0)
		fprintf(out, "%s\n", heading);
	json_array_foreach(lines, i, line)
	{
		const char *back = told_text_of(line, "readBack"),
			   *now = told_text_of(json_object_get(line, "now"), "words");
		const char *before = told_text_of(json_object_get(line, "told"), "words");
		const char *shown = now[0] != '\0' ? now : back[0] != '\0' ? back : before;
		fprintf(out, "  %-12s %s%s%s\n", told_text_of(line, "linkId"), told_text_of(line, "text"),
			shown[0] != '\0' ? "  " : "", shown);
		if (now[0] != '\0' && before[0] != '\0')
			fprintf(out, "  %-12s   before, %.10s: %s\n", "",
				told_text_of(json_object_get(line, "told"), "saidAt"), before);
	}
	return json_array_size(lines);
}

void told_show_intake(struct told_cli *cli, const json_t *reply)
{
	const json_t *intake = json_object_get(reply, "intake");
	static const char *const lists[][2] = {
		{"flags", "Look at this now, with the person still in the room:"},
		{"ask", "Ask:"},
		{"always", "Ask every time:"},
		{"confirm", "Read back, and ask if it is still right:"},
		{"prefilled", "Filled in from what was told before (do not ask again):"},
		{"perhaps", "Perhaps, depending on an answer above:"},
		{"totals", "Totals:"},
	};
	fprintf(cli->out, "%s\n", told_text_of(intake, "title"));
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		print_lines(cli->out, intake, lists[i][0], lists[i][1]);
	fprintf(cli->out, "%lld left to ask.\n", (long long)json_integer_value(json_object_get(intake, "left")));
	if (json_array_size(json_object_get(reply, "messages")) > 0)
		told_show_sent(cli, reply);
}
