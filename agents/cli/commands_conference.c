/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for case conferences: meetings of several services, and MARACs. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define MEETING "0192f0c1a2b37c4d8e5f60718293a4b5"
#define ACTION  "0192f0c1a2b37c4d8e5f607182930011"

#define PARTS                                                                                                          \
	MANY("fact", "CATEGORY=TEXT", NULL, "what is on record; =@FILE reads it from a file"),                         \
		MANY("view", "CATEGORY=TEXT", NULL, "what you make of it"),                                            \
		MANY("said", "CATEGORY=TEXT", NULL, "the person's own words")
#define NAMED(option, value, help)                                                                                     \
	{                                                                                                              \
		option, value, "to", TOLD_OPTION_LIST, true, help                                                      \
	}
#define DAY(option, help)                                                                                              \
	{                                                                                                              \
		option, "DATE", "due_ms", TOLD_OPTION_DATE, true, help                                                 \
	}
#define TO     LIST("to", "PARTY,...", "to", "only to these; without it, to all who sit there")
#define NOTE   TEXT("text", "TEXT|@FILE", "text", "a few words")
#define REASON NEEDED("reason", "REASON", "reason", "a reason of the list: no_consent, not_required, other, ...")

static const struct told_cli_option call_options[] = {
	TEXT("kind", "KIND", "kind", "mdt (usual: it runs on permission) or marac (on the agreement's threshold)"),
	NAMED("to", "PARTY,...", "who is to come; a MARAC is asked of its coordinator"),
	NEEDED("grounds", "TEXT", "grounds", "why it is needed"),
	TEXT("tool", "NAME", "tool", "a MARAC: the checklist, as the agreement names it"),
	NUMBER("score", "N", "score", "what it came to"),
	TEXT("judgement", "TEXT", "judgement", "below the score: your professional judgement, in words"),
	TEXT("escalation", "TEXT", "escalation", "or: what has become more, or worse"),
	TEXT("repeat", "TEXT", "repeat", "or: what happened again since the last one"),
	PARTS,
	END};

static const struct told_cli_option to_options[] = {TO, NOTE, END};

static const struct told_cli_option decline_options[] = {REASON, NOTE, END};

static const struct told_cli_option invite_options[] = {NAMED("to", "PARTY,...", "parties of the agreement only"),
							DAY("until", "the last day of their access: it ends by itself"),
							NOTE, END};

static const struct told_cli_option note_options[] = {NOTE, END};

static const struct told_cli_option apologies_options[] = {
	FLAG("sent", "sent", "our information was sent, or is contributed here"), NOTE, END};

static const struct told_cli_option contribute_options[] = {
	PARTS, LIST("to", "PARTY,...", "to", "also to these who sit there; without it, to the chair"), END};

static const struct told_cli_option action_options[] = {NAMED("owner", "PARTY", "the agency that does it"),
							NEEDED("do", "TEXT", "text", "what is to be done"),
							DAY("due", "the last day for it"), END};

static const struct told_cli_option minutes_options[] = {
	NEEDED("text", "TEXT|@FILE", "text", "the minutes; a new draft takes the place of the last one"), TO, END};

static const struct told_cli_option object_options[] = {
	NEEDED("because", "TEXT", "text", "what you do not agree with; it stands beside the minutes"), END};

static const struct told_cli_option review_options[] = {DAY("on", "the day of the next discussion"), TO, END};

static const struct told_cli_option transfer_options[] = {NAMED("to", "PARTY", "the coordinator of the other area"),
							  NOTE, END};

static const struct told_cli_option show_options[] = {
	TEXT("html", "FILE", NULL, "one printable page, as you may see it: agenda, what was said, actions, minutes"),
	END};

#define SAID(act)                                                                                                      \
	.method = "POST", .path = "/v1/conferences/{CONFERENCE}/act", .fixed = "act=" act,                             \
	.show = told_show_conference_said, .run = told_do_conference

/* clang-format off */
static const struct told_command commands[] = {
	{"conference", "call", "CLIENT", "Call a case conference about a person",
	 {"told conference call " PERSON " --to TT,SUD --grounds \"Four services and no plan\"",
	  "told conference call " PERSON " --kind marac --to MARAC --tool DASH --score 16 --grounds \"Threats since Friday\""},
	 call_options, .method = "POST", .path = "/v1/conferences", .show = told_show_conference_said,
	 .run = told_do_conference, .next = "told conference list CONFERENCE"},
	{"conference", "ls", NULL, "List the conferences that you may know of",
	 {"told conference ls",
	  "told conference ls --json"},
	 .method = "GET", .path = "/v1/conferences", .show = told_show_conferences},
	{"conference", "show", "CONFERENCE", "Show a conference as you may see it",
	 {"told conference show " MEETING,
	  "told conference show " MEETING " --html meeting.html"},
	 show_options, .method = "GET", .path = "/v1/conferences/{CONFERENCE}", .show = told_show_conference,
	 .run = told_do_conference_show},
	{"conference", "list", "CONFERENCE", "Put it on the list; the chair does that",
	 {"told conference list " MEETING,
	  "told conference list " MEETING " --text \"Tuesday at ten\""},
	 to_options, SAID("list")},
	{"conference", "decline", "CONFERENCE", "Do not hold it; whoever called it hears why",
	 {"told conference decline " MEETING " --reason not_required",
	  "told conference decline " MEETING " --reason other --text \"A plan stands already\""},
	 decline_options, SAID("decline")},
	{"conference", "invite", "CONFERENCE", "Invite agencies; whom the person has refused is left out, and the rest comes",
	 {"told conference invite " MEETING " --to TT,EMP --until 2027-03-31",
	  "told conference invite " MEETING " --to SUD --until 2027-03-31 --json"},
	 invite_options, SAID("invite")},
	{"conference", "research", "CONFERENCE", "Ask those who sit there what they know",
	 {"told conference research " MEETING,
	  "told conference research " MEETING " --to TT"},
	 to_options, SAID("research")},
	{"conference", "known", "CONFERENCE", "Answer: the person is known here",
	 {"told conference known " MEETING,
	  "told conference known " MEETING " --json"},
	 note_options, SAID("known")},
	{"conference", "not-known", "CONFERENCE", "Answer: the person is not known here",
	 {"told conference not-known " MEETING,
	  "told conference not-known " MEETING " --json"},
	 note_options, SAID("not-known")},
	{"conference", "not-sharing", "CONFERENCE", "Answer: we do not share, and why",
	 {"told conference not-sharing " MEETING " --reason no_consent",
	  "told conference not-sharing " MEETING " --reason other --text \"We closed in 2019\""},
	 decline_options, SAID("not-sharing")},
	{"conference", "promise", "CONFERENCE", "Accept the confidentiality statement; nothing is shown to you before",
	 {"told conference promise " MEETING,
	  "told conference promise " MEETING " --json"},
	 SAID("promise")},
	{"conference", "attend", "CONFERENCE", "Say that we attend",
	 {"told conference attend " MEETING,
	  "told conference attend " MEETING " --json"},
	 note_options, SAID("attend")},
	{"conference", "apologies", "CONFERENCE", "Send apologies, with or without our information",
	 {"told conference apologies " MEETING,
	  "told conference apologies " MEETING " --sent"},
	 apologies_options, SAID("apologies")},
	{"conference", "contribute", "CONFERENCE", "Contribute facts, views and the person's own words, each ruled for each attendee",
	 {"told conference contribute " MEETING " --fact MH.ATT=\"Came to four of six\" --view NED=\"A quiet room helps\"",
	  "told conference contribute " MEETING " --said GOA=@words.txt --to TT"},
	 contribute_options, SAID("contribute")},
	{"conference", "start", "CONFERENCE", "Open the meeting",
	 {"told conference start " MEETING,
	  "told conference start " MEETING " --json"},
	 to_options, SAID("start")},
	{"conference", "action", "CONFERENCE", "Decide on an action: who does it, by when; it stands from the meeting",
	 {"told conference action " MEETING " --owner TT --do \"Ring her on Monday\" --due 2026-12-04",
	  "told conference action " MEETING " --owner HOU --do \"Change the locks\" --due 2026-11-27"},
	 action_options, SAID("action")},
	{"conference", "done", "CONFERENCE ACTION", "Say that an action of ours is done",
	 {"told conference done " MEETING " " ACTION,
	  "told conference done " MEETING " " ACTION " --text \"She has the keys\""},
	 note_options, SAID("done")},
	{"conference", "impossible", "CONFERENCE ACTION", "Say that an action of ours is not possible, and why",
	 {"told conference impossible " MEETING " " ACTION " --reason cannot_contact",
	  "told conference impossible " MEETING " " ACTION " --reason other --text \"The scheme has ended\""},
	 decline_options, SAID("not-possible")},
	{"conference", "not-done", "CONFERENCE ACTION", "Say that an action of ours was not done",
	 {"told conference not-done " MEETING " " ACTION,
	  "told conference not-done " MEETING " " ACTION " --text \"We ran out of time\""},
	 note_options, SAID("not-done")},
	{"conference", "minutes", "CONFERENCE", "Send a draft of the minutes",
	 {"told conference minutes " MEETING " --text @minutes.txt",
	  "told conference minutes " MEETING " --text \"We agreed on a quiet room\" --to TT"},
	 minutes_options, SAID("minutes")},
	{"conference", "approve", "CONFERENCE", "Approve the minutes, from the chair",
	 {"told conference approve " MEETING,
	  "told conference approve " MEETING " --json"},
	 to_options, SAID("approve")},
	{"conference", "acknowledge", "CONFERENCE", "Acknowledge the minutes",
	 {"told conference acknowledge " MEETING,
	  "told conference acknowledge " MEETING " --json"},
	 note_options, SAID("acknowledge")},
	{"conference", "object", "CONFERENCE", "Object to the minutes; it stands beside them, and actions go on",
	 {"told conference object " MEETING " --because \"We said Tuesday\"",
	  "told conference object " MEETING " --because \"We were not there\" --json"},
	 object_options, SAID("object")},
	{"conference", "review", "CONFERENCE", "Set the day of the next discussion; it stands on the list again",
	 {"told conference review " MEETING " --on 2027-02-01",
	  "told conference review " MEETING " --on 2027-02-01 --to TT"},
	 review_options, SAID("review")},
	{"conference", "transfer", "CONFERENCE", "Hand it over to another area, and end it here",
	 {"told conference transfer " MEETING " --to MARAC_SOUTH",
	  "told conference transfer " MEETING " --to MARAC_SOUTH --text \"She has moved\""},
	 transfer_options, SAID("transfer")},
	{"conference", "end", "CONFERENCE", "End it; every access ends with it",
	 {"told conference end " MEETING,
	  "told conference end " MEETING " --json"},
	 to_options, SAID("end")},
};
/* clang-format on */

const struct told_command_table told_conference_commands = {commands, sizeof commands / sizeof commands[0]};
