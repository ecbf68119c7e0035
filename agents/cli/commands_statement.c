/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for what the person gets in their own hands. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define FLOW "0192f0c1a2b37c4d8e5f60718293a4b5"

/* Asked each time: who else might read it is not known from the last time. */
#define CONFIRMED                                                                                                      \
	FLAG("identity", "identity", "you checked that it is them"), FLAG("alone", "alone", "you see them alone"),     \
		FLAG("take-away", "take_away", "it is safe for them to take it away"),                                 \
		FLAG("aloud", "aloud", "nothing is taken away: you read it to them"),                                  \
		FLAG("without-names", "hide_names", "without the names of specialist services"),                       \
		TEXT("html", "FILE", NULL, "one A4 as HTML, to print"),                                                \
		TEXT("language", "FILE", NULL, "a catalogue of another language, by a named human translator")

static const struct told_cli_option statement_options[] = {
	CONFIRMED, NUMBER("from", "N", "offset", "leave out the first N entries: the next page"),
	NUMBER("limit", "N", "limit", "how many entries; 8 fit on one A4"), END};

static const struct told_cli_option slip_options[] = {
	CONFIRMED, NUMBER("limit", "N", "limit", "how many referrals; the newest unless said otherwise"), END};

static const struct told_cli_option safe_options[] = {
	DATE("review", "review_ms", "when somebody looks at it again, at most a year from now"),
	FLAG("own-conference", "own_conference", "the conference was held to protect this person"),
	FLAG("take-back", "take_back", "it is not safe to tell any more"), END};

static const struct told_cli_option disagree_options[] = {
	LIST("category", "CATEGORY,...", "categories", "the part that they do not agree with"),
	NEEDED("words", "TEXT", "words", "what they say, in their own words"), END};

static const struct told_cli_option of_client[] = {TEXT("client", "CLIENT", "client", "only of this person"), END};

static const struct told_cli_option disagree_decide_options[] = {
	NEEDED("outcome", "OUTCOME", "outcome", "corrected (tell it anew first) or kept: both views stay"),
	NEEDED("why", "TEXT", "why", "what you looked at; kept here"), END};

static const struct told_cli_option complaint_options[] = {
	NEEDED("words", "TEXT", "words", "what they complain of, in their own words"), END};

static const struct told_cli_option answer_options[] = {
	TEXT("outcome", "TEXT", "outcome", "the answer; without it only that you have it"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"statement", "off", "CLIENT", "List what is left off the statement, for whoever owns the flow; never for the person",
	 {"told statement off " PERSON,
	  "told statement off " PERSON " --json"},
	 .method = "GET", .path = "/v1/statements/{CLIENT}/off", .show = told_show_statement_off, .next = "told statement safe MESSAGE --review DATE"},
	{"statement", "safe", "MESSAGE", "Mark one flow of ours as safe to tell the person, until a day to look again",
	 {"told statement safe " FLOW " --review 2027-03-31",
	  "told statement safe " FLOW " --take-back"},
	 safe_options, .method = "POST", .path = "/v1/statements/safe/{MESSAGE}", .show = told_show_statement_safe},
	{"statement", NULL, "CLIENT", "Give the person their statement: who was told what about them, and why",
	 {"told statement " PERSON " --identity --alone --take-away --html statement.html",
	  "told statement " PERSON " --identity --alone --aloud"},
	 statement_options, .method = "POST", .path = "/v1/statements", .run = told_do_statement},
	{"disagree", "ls", NULL, "List what people do not agree with, and until when somebody decides",
	 {"told disagree ls",
	  "told disagree ls --client " PERSON " --json"},
	 of_client, .method = "GET", .path = "/v1/disagreements", .show = told_show_disagreements},
	{"disagree", "decide", "ID", "Decide what a person disputes: corrected for everyone, or kept with both views",
	 {"told disagree decide " FLOW " --outcome corrected --why \"She showed the letter\"",
	  "told disagree decide " FLOW " --outcome kept --why \"It is what the landlord said\""},
	 disagree_decide_options, .method = "POST", .path = "/v1/disagreements/{ID}/decide", .show = told_show_decided},
	{"disagree", NULL, "CLIENT", "Write down that the person does not agree; nobody new gets that part until it is decided",
	 {"told disagree " PERSON " --category HOU.SIT --words \"I never lived there\"",
	  "told disagree " PERSON " --category RSK.OTH,NARR --words \"That was not me\""},
	 disagree_options, .method = "POST", .path = "/v1/disagreements", .show = told_show_disagreement, .next = "told disagree ls"},
	{"complaint", "record", "CLIENT", "Write down a complaint; it is acknowledged within 30 days",
	 {"told complaint record " PERSON " --words \"You told my mother\"",
	  "told complaint record " PERSON " --words \"Nobody rang back\" --json"},
	 complaint_options, .method = "POST", .path = "/v1/complaints", .show = told_show_complaint, .next = "told complaint ls"},
	{"complaint", "ls", NULL, "List complaints: acknowledged, due by when, overdue",
	 {"told complaint ls",
	  "told complaint ls --client " PERSON " --json"},
	 of_client, .method = "GET", .path = "/v1/complaints", .show = told_show_complaints},
	{"complaint", "answer", "ID", "Write down that the person was told you have it, and the answer",
	 {"told complaint answer " FLOW,
	  "told complaint answer " FLOW " --outcome \"We rang her and said sorry\""},
	 answer_options, .method = "POST", .path = "/v1/complaints/{ID}/answer", .show = told_show_complaint},
	{"slip", NULL, "CLIENT", "Give the person the slip of a referral: what was passed on, to whom, where they have it from",
	 {"told slip " PERSON " --identity --alone --take-away",
	  "told slip " PERSON " --identity --alone --take-away --html slip.html"},
	 slip_options, .method = "POST", .path = "/v1/statements", .run = told_do_slip},
};
/* clang-format on */

const struct told_command_table told_statement_commands = {commands, sizeof commands / sizeof commands[0]};
