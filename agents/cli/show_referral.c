/* SPDX-License-Identifier: Apache-2.0 */
/* Referrals in words: four words for ten states, what needs a look and by when, whom to ring, what could be done here,
 * who has room. */
#include "agents/cli/show.h"

#include "proto/page/page.h"
#include "told/vocabulary.h"
#include <string.h>

#define TABLE_MAX_BYTES 1048576u

static const char *reason_words(const json_t *object)
{
	const char *code = told_text_of(object, "reason");
	unsigned reason = told_value(TOLD_LIST_REASON, told_text(code));
	return reason != 0 ? told_words(TOLD_LIST_REASON, reason) : code;
}

/* ---- the list ---- */

/* "overdue, permission ended", or by when somebody waits. */
static void look_words(const json_t *referral, char out[192])
{
	size_t i = 0, used = 0;
	json_t *flag = NULL;
	out[0] = '\0';
	json_array_foreach(json_object_get(referral, "flags"), i, flag)
	{
		int n = snprintf(out + used, 192 - used, "%s%s", used > 0 ? ", " : "", json_string_value(flag));
		used = n > 0 && used + (size_t)n < 191 ? used + (size_t)n : 191;
	}
	if (told_text_of(referral, "due")[0] != '\0')
		snprintf(out + used, 192 - used, "%s%s", used > 0 ? ": " : "", told_text_of(referral, "due"));
}

static void referral_row(struct told_buf *rows, const json_t *referral)
{
	char changed[40], look[192], word[128];
	const char *reason = reason_words(referral);
	told_date_words(json_object_get(referral, "changed_ms"), changed);
	look_words(referral, look);
	snprintf(word, sizeof word, "%s: %s", told_text_of(referral, "word"),
		 reason[0] != '\0' ? reason : told_text_of(referral, "substate_words"));
	const char *cells[] = {told_text_of(referral, "referral"),
			       told_text_of(referral, "direction"),
			       told_text_of(referral, "from"),
			       told_text_of(referral, "to"),
			       told_text_of(referral, "client"),
			       word,
			       changed,
			       look};
	told_table_row(rows, cells, 8);
}

void told_print_notices(struct told_cli *cli, const json_t *notices)
{
	size_t i = 0, k = 0;
	json_t *notice = NULL, *contact = NULL;
	json_array_foreach(notices, i, notice)
	{
		char due[40];
		told_date_words(json_object_get(notice, "due_ms"), due);
		fprintf(cli->out, "OVERDUE  referral %s about %s: an answer was due on %s.\n  ",
			told_text_of(notice, "referral"), told_text_of(notice, "client"), due);
		told_print_code(cli->out, json_object_get(notice, "code"));
		fputc('\n', cli->out);
		json_array_foreach(json_object_get(notice, "contacts"), k, contact) fprintf(
			cli->out, "  %s: %s\n", told_text_of(contact, "name"), told_text_of(contact, "telephone"));
	}
}

void told_print_standing(struct told_cli *cli, const json_t *referral)
{
	char look[192];
	if (referral == NULL)
		return;
	look_words(referral, look);
	fprintf(cli->out, "  %s: %s.%s%s\n", told_text_of(referral, "word"), told_text_of(referral, "substate_words"),
		look[0] != '\0' ? " " : "", look);
}

void told_show_referrals(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"REFERRAL", "WAY", "FROM", "TO", "CLIENT", "STATE", "SINCE", "LOOK"};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *referral = NULL;
	told_print_notices(cli, json_object_get(reply, "notices"));
	told_table_row(&rows, head, 8);
	json_array_foreach(json_object_get(reply, "referrals"), i, referral) referral_row(&rows, referral);
	told_table_print(cli, &rows, "No referrals.");
	told_buf_free(&rows);
}

/* ---- one ---- */

static long long number_of(const json_t *reply, const char *member)
{
	return (long long)json_integer_value(json_object_get(reply, member));
}

static const char *times(const json_t *reply, const char *member)
{
	return told_many((uint64_t)number_of(reply, member), "", "s");
}

static void print_days(struct told_cli *cli, const json_t *reply)
{
	char look[192], until[40];
	look_words(reply, look);
	if (look[0] != '\0')
		fprintf(cli->out, "  %s\n", look);
	if (json_object_get(reply, "weeks") != NULL)
		fprintf(cli->out, "  Waiting list: about %lld week%s.\n", number_of(reply, "weeks"),
			told_many((uint64_t)number_of(reply, "weeks"), "", "s"));
	told_date_words(json_object_get(reply, "until_ms"), until);
	if (until[0] != '\0')
		fprintf(cli->out, "  To be looked at again on %s.\n", until);
	if (told_text_of(reply, "instead")[0] != '\0')
		fprintf(cli->out, "  Instead: %s.\n", told_party_words(cli, told_text_of(reply, "instead")));
	if (told_text_of(reply, "reason_person")[0] != '\0')
		fprintf(cli->out, "  For the person: \"%s\".\n", told_text_of(reply, "reason_person"));
	if (told_text_of(reply, "worker")[0] != '\0')
		fprintf(cli->out, "  Worker here: %s.\n", told_text_of(reply, "worker"));
}

static void print_attendance(struct told_cli *cli, const json_t *attendance)
{
	if (attendance != NULL)
		fprintf(cli->out, "  We met %lld time%s, did not meet %lld time%s, cancelled %lld time%s.\n",
			number_of(attendance, "we_met"), times(attendance, "we_met"),
			number_of(attendance, "we_did_not_meet"), times(attendance, "we_did_not_meet"),
			number_of(attendance, "we_cancelled"), times(attendance, "we_cancelled"));
}

void told_show_referral(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *step = NULL;
	char when[40];
	const char *reason = reason_words(reply);
	fprintf(cli->out, "Referral %s from %s to %s about %s: %s, %s%s%s\n", told_text_of(reply, "referral"),
		told_text_of(reply, "from"), told_text_of(reply, "to"), told_text_of(reply, "client"),
		told_text_of(reply, "word"), told_text_of(reply, "substate_words"), reason[0] != '\0' ? ", " : "",
		reason);
	print_days(cli, reply);
	json_array_foreach(json_object_get(reply, "history"), i, step)
	{
		told_time_words(json_object_get(step, "time_ms"), when);
		fprintf(cli->out, "  %s  %s from %s\n", when, told_type_words(told_text_of(step, "type")),
			told_text_of(step, "from"));
	}
	print_attendance(cli, json_object_get(reply, "attendance"));
	told_print_sections(cli, json_object_get(reply, "sections"));
}

/* ---- what could be done here ---- */

static void print_list(struct told_cli *cli, const char *before, const json_t *texts)
{
	size_t i = 0;
	json_t *text = NULL;
	json_array_foreach(texts, i, text) fprintf(cli->out, "%s%s", i == 0 ? before : ", ", json_string_value(text));
	if (json_array_size(texts) > 0)
		fputs(".\n", cli->out);
}

static void print_offer(struct told_cli *cli, const json_t *offer)
{
	bool you = json_is_true(json_object_get(offer, "you"));
	const json_t *trained = json_object_get(offer, "trained");
	fprintf(cli->out, "  %s (%s): ", told_text_of(offer, "words"), told_text_of(offer, "need"));
	if (you)
		fputs("by you.\n", cli->out);
	else if (json_array_size(trained) > 0)
		print_list(cli, "by ", trained);
	else
		fputs("nobody here is trained for it yet.\n", cli->out);
	print_list(cli, "    not when: ", json_object_get(offer, "not_suitable_when"));
}

void told_show_here(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *offer = NULL;
	const json_t *here = json_object_get(reply, "here");
	fputs(json_array_size(here) == 0 ? "Our profile lists nothing that could be done here for this.\n"
					 : "Could be done here:\n",
	      cli->out);
	json_array_foreach(here, i, offer) print_offer(cli, offer);
}

void told_show_referred(struct told_cli *cli, const json_t *reply)
{
	const json_t *open = json_object_get(reply, "duplicate_of");
	if (json_array_size(json_object_get(reply, "here")) > 0)
		told_show_here(cli, reply);
	if (open != NULL)
		fprintf(cli->out, "This person has an open referral there already: %s, %s, from %s. %s\n",
			told_text_of(open, "referral"), told_text_of(open, "word"),
			told_party_words(cli, told_text_of(open, "from")), told_text_of(open, "do"));
	told_show_sent(cli, reply);
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	if (strcmp(told_text_of(message, "state"), "sent") == 0)
		fprintf(cli->out,
			"Give them the slip: what was passed on, to whom, and that they have it from us. If you see "
			"them alone:\n  told slip %s --identity --alone --take-away\n",
			told_text_of(message, "client"));
}

/* ---- moving one ---- */

void told_show_moved(struct told_cli *cli, const json_t *reply)
{
	const json_t *back = json_object_get(reply, "back");
	told_show_sent(cli, reply);
	if (back == NULL)
		return;
	if (told_text_of(back, "worker")[0] != '\0')
		fprintf(cli->out, "Their worker is %s. ", told_text_of(back, "worker"));
	fprintf(cli->out, "%s\n", told_text_of(back, "do"));
}

void told_show_tried(struct told_cli *cli, const json_t *reply)
{
	const char *missing = told_text_of(reply, "missing");
	print_attendance(cli, json_object_get(reply, "attendance"));
	if (missing[0] != '\0')
		fprintf(cli->out, "Before \"we lost touch\" may be said: %s\n", missing);
	else
		fputs("All that is asked before \"we lost touch\" has been done. The door stays open.\n", cli->out);
}

/* ---- room ---- */

static void print_room(struct told_cli *cli, const char *who, const json_t *room)
{
	static const struct {
		const char *code, *words;
	} rooms[] = {{"has_space", "has space"},
		     {"waiting", "has a waiting list"},
		     {"closed", "is closed to new people"},
		     {"not_said", "has not said"}};
	const char *code = told_text_of(room, "room"), *words = code;
	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++)
		if (strcmp(rooms[i].code, code) == 0)
			words = rooms[i].words;
	fprintf(cli->out, "%s %s", who, words);
	if (json_integer_value(json_object_get(room, "weeks")) > 0)
		fprintf(cli->out, ", about %lld week%s", number_of(room, "weeks"),
			told_many((uint64_t)number_of(room, "weeks"), "", "s"));
	fputs(".\n", cli->out);
}

void told_show_capacity(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *answer = NULL;
	const json_t *received = json_object_get(reply, "received");
	if (json_object_get(reply, "room") != NULL) {
		print_room(cli, "This agency", reply);
		return;
	}
	json_array_foreach(received, i, answer)
		print_room(cli, told_party_words(cli, told_text_of(answer, "from")), answer);
	if (json_array_size(received) == 0)
		fputs("No answer yet. Their agent answers by itself when it is there; ask again, or telephone.\n",
		      cli->out);
}

void told_show_trained(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out, "Worker %s is trained for %s.\n", told_text_of(reply, "number"), told_text_of(reply, "need"));
}

/* Never the one without the other. */
void told_show_onward(struct told_cli *cli, const json_t *reply)
{
	if (json_object_get(reply, "avoided") == NULL)
		fprintf(cli->out, "Written down: asked to be sent to %s for %s, and was not.\n",
			told_party_words(cli, told_text_of(reply, "to")), told_text_of(reply, "need"));
	else
		fprintf(cli->out,
			"Onward referrals avoided: %lld (of %lld steps opened here for a need, those with their "
			"outcome "
			"written down).\nAsked for and refused: %lld.\n",
			number_of(reply, "avoided"), number_of(reply, "opened_here"),
			number_of(reply, "asked_for_and_refused"));
}
