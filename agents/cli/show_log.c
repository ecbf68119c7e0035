/* SPDX-License-Identifier: Apache-2.0 */
/* Logs in words: what the old one has lost, what that means, what to do. */
#include "agents/cli/show.h"
#include "proto/page/page.h"

#define TABLE_MAX_BYTES (64u * 1024u)

static long long number(const json_t *object, const char *member)
{
	return (long long)json_integer_value(json_object_get(object, member));
}

static void number_cell(const json_t *log, const char *member, char out[24])
{
	out[0] = '\0';
	if (json_object_get(log, member) != NULL)
		snprintf(out, 24, "%lld", number(log, member));
}

/* What the lead must know before saying yes. */
static void print_offer(struct told_cli *cli, const json_t *log)
{
	fprintf(cli->out,
		"\n%s names %s. Of that one the broker had signed %lld entries and now has %lld: %lld %s lost. This "
		"agency has\nchecked %lld of them. ",
		told_text_of(log, "log"), told_text_of(log, "names"), number(log, "anchored"), number(log, "restored"),
		number(log, "anchored") - number(log, "restored"),
		told_many((uint64_t)(number(log, "anchored") - number(log, "restored")), "is", "are"),
		number(log, "known"));
	fputs(json_is_true(json_object_get(log, "proved"))
		      ? "What it had checked is all still there.\n"
		      : "What it holds receipts for beyond that is offered again once you accept.\n",
	      cli->out);
	fprintf(cli->out,
		"Nothing goes and nothing comes until the new log is accepted. Ask the operator what happened; then: "
		"told log accept %s\n",
		told_text_of(log, "log"));
}

void told_show_logs(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"LOG", "STATE", "CHECKED", "SIGNED", "RESTORED", "ACCEPTED"};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	const json_t *offer = NULL;
	size_t i = 0;
	json_t *log = NULL;
	told_table_row(&rows, head, 6);
	json_array_foreach(json_object_get(reply, "logs"), i, log)
	{
		char known[24], anchored[24], restored[24], accepted[40];
		number_cell(log, "known", known);
		number_cell(log, "anchored", anchored);
		number_cell(log, "restored", restored);
		told_time_words(json_object_get(log, "accepted_ms"), accepted);
		const char *cells[] = {
			told_text_of(log, "log"), told_text_of(log, "state"), known, anchored, restored, accepted};
		told_table_row(&rows, cells, 6);
		offer = json_object_get(log, "names") != NULL ? log : offer;
	}
	told_table_print(cli, &rows, "No log is known yet.");
	told_buf_free(&rows);
	if (offer != NULL)
		print_offer(cli, offer);
}

void told_show_log_accepted(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *one = NULL;
	fprintf(cli->out, "%s is accepted; %s has ended with %lld of %lld entries. %lld message%s again.\n",
		told_text_of(reply, "log"), told_text_of(reply, "names"), number(reply, "restored"),
		number(reply, "anchored"), number(reply, "offered_again"),
		told_many((uint64_t)number(reply, "offered_again"), " goes", "s go"));
	if (number(reply, "gone") == 0)
		return;
	fprintf(cli->out,
		"%lld message%s cannot go again: the broker lost what this agency kept for seven days only.\n"
		"The receipts stand. Tell whoever these went to:\n",
		number(reply, "gone"), told_many((uint64_t)number(reply, "gone"), "", "s"));
	json_array_foreach(json_object_get(reply, "gone_messages"), i, one)
	{
		char at[40];
		told_time_words(json_object_get(one, "accepted_ms"), at);
		fprintf(cli->out, "  %s, %s, %s\n", told_type_words(told_text_of(one, "type")), at,
			told_text_of(one, "id"));
	}
}
