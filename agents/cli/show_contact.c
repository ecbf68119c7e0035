/* SPDX-License-Identifier: Apache-2.0 */
/* The contact for conferences in words: who, with which keys, what is closed, what was opened. */
#include "agents/cli/show.h"

#define TABLE_MAX_BYTES (64u * 1024u)

static void print_seat(struct told_cli *cli, const char *lead, const json_t *seat)
{
	char since[40];
	told_date_words(json_object_get(seat, "since_ms"), since);
	if (seat == NULL)
		fprintf(cli->out, "%s: nobody. told contact name WORKER names one.\n", lead);
	else
		fprintf(cli->out, "%s: %s, since %s, named by %s\n", lead, told_text_of(seat, "worker"), since,
			told_text_of(seat, "by"));
}

void told_show_contacts(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"WORKER", "KEY", "STATE", "SINCE", "FINGERPRINT"};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *one = NULL;
	print_seat(cli, "Contact", json_object_get(reply, "contact"));
	print_seat(cli, "Deputy", json_object_get(reply, "deputy"));
	told_table_row(&rows, head, 5);
	json_array_foreach(json_object_get(reply, "keys"), i, one)
	{
		char since[40], number[24];
		told_date_words(json_object_get(one, "issued_ms"), since);
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json_object_get(one, "number")));
		const char *cells[] = {told_text_of(one, "worker"), number, told_text_of(one, "state"), since,
				       told_text_of(one, "fingerprint")};
		told_table_row(&rows, cells, 5);
	}
	told_table_print(cli, &rows, "Neither has a key yet: each makes their own (told contact key).");
	told_buf_free(&rows);
	json_array_foreach(json_object_get(reply, "others"), i, one)
		fprintf(cli->out, "%s has a contact.\n", told_party_words(cli, told_text_of(one, "party")));
}

void told_show_contact(struct told_cli *cli, const json_t *reply)
{
	const char *seat = told_text_of(reply, "seat");
	const json_t *number = json_object_get(reply, "number"), *keys = json_object_get(reply, "keys");
	const char *worker = told_text_of(reply, "worker");
	if (seat[0] != '\0')
		fprintf(cli->out, "%s is our %s for conferences now.\n", worker, seat);
	else if (keys != NULL)
		fprintf(cli->out, "The keys of %s open with the new passphrase: %lld.\n", worker,
			(long long)json_integer_value(keys));
	else if (number != NULL)
		fprintf(cli->out, "%s, contact key %lld\n", worker, (long long)json_integer_value(number));
	else
		fprintf(cli->out, "%s has no part in it any more.\n", worker);
	if (json_array_size(json_object_get(reply, "messages")) > 0)
		told_show_sent(cli, reply);
}

void told_show_closed(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(json_object_get(reply, "messages"), i, one)
	{
		char when[40];
		told_time_words(json_object_get(one, "received_ms"), when);
		fprintf(cli->out, "%s from %s: %s, sealed to ", when, told_party_words(cli, told_text_of(one, "from")),
			told_type_words(told_text_of(one, "type")));
		told_print_list(cli->out, json_object_get(one, "for"), "nobody");
		fprintf(cli->out, "; told contact open %s --passphrase FILE\n", told_text_of(one, "message"));
	}
	if (i == 0)
		fputs("Nothing has come for the contact.\n", cli->out);
}

void told_show_opened(struct told_cli *cli, const json_t *reply)
{
	fputs("That you opened this is recorded, and its sender hears of it. It is not kept in the clear: copy nothing "
	      "out of it.\n",
	      cli->out);
	told_print_sections(cli, json_object_get(reply, "sections"));
}
