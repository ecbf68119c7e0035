/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands about referrals: what could be done here, who has room, referring, answering,
 * looking for somebody, closing. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define REFERRAL "0192f0c1a2b37c4d8e5f60718293a4b5"
#define ANSWER   "/v1/referrals/{REFERRAL}/answer"

static const struct told_cli_option refer_options[] = {
	NEEDED("to", "PARTY", "to", "the service"),
	LIST("category", "CATEGORY,...", "categories", "what to send; without it what the agreement carries"),
	TEXT("for", "PURPOSE", "purpose", "REFERRAL unless said otherwise"),
	TEXT("note", "TEXT", "note", "a few words for the service"),
	TEXT("team", "TEAM", "team", "their team: nobody else there sees it"),
	TEXT("role", "ROLE", "role", "their workers of this role: nobody else there sees it"),
	TEXT("need", "NEED", "need", "what for, as our own profile names it: shows what could be done here"),
	FLAG("urgent", "urgent", "it cannot wait"),
	FLAG("dry-run", "dry_run", "show what they would see, and what could be done here; send nothing"),
	END};

static const struct told_cli_option client_options[] = {TEXT("client", "CLIENT", "client", "only about this person"),
							END};

static const struct told_cli_option note_options[] = {TEXT("note", "TEXT", "note", "a few words for the other service"),
						      END};

static const struct told_cli_option ask_options[] = {
	NEEDED("note", "TEXT", "note", "what you need to know; the referral stays with them meanwhile"), END};

static const struct told_cli_option accept_options[] = {
	NUMBER("weeks", "WEEKS", "weeks", "onto the waiting list, and how long they will wait"),
	TEXT("note", "TEXT", "note", "a few words for the sender"), END};

static const struct told_cli_option decline_options[] = {
	TEXT("reason", "CODE", "reason", "needed: why, as a code: no_capacity, out_of_area, ..."),
	TEXT("instead", "PARTY", "instead", "the service that can help instead; wrong_service needs it"),
	TEXT("note", "TEXT", "note", "a few words for the sender; other needs them"), END};

static const struct told_cli_option pause_options[] = {
	TEXT("reason", "CODE", "reason", "door_open (usual), in_custody, no_capacity, ..."),
	DATE("until", "until_ms", "the day on which somebody looks at it again"),
	TEXT("note", "TEXT", "note", "a few words for the sender"), END};

static const struct told_cli_option tried_options[] = {
	NEEDED("way", "WAY", "way", "telephone, text, email, post, visit, meeting or outreach"),
	NEEDED("result", "RESULT", "result", "met, not_met or cancelled_by_us"),
	FLAG("their-way", "their_way", "by a way that the person chose"),
	FLAG("their-place", "their_place", "at a place and time that the person chose"),
	TEXT("through", "WHO", "through", "through the lead worker or a supporter: lead or supporter"),
	DATE("on", "at_ms", "the day, where it was not today"),
	TEXT("note", "TEXT", "note", "a few words; they stay here"),
	END};

static const struct told_cli_option close_options[] = {
	TEXT("reason", "CODE", "reason", "needed: how it ended, as a code: completed, disengaged, ..."),
	TEXT("state", "STATE", "state", "completed, failed or cancelled, where the reason leaves it open"),
	TEXT("hard", "TEXT", "hard", "lost touch: what made it hard to reach us; it stays here"),
	TEXT("left", "TEXT", "left", "lost touch: the words that were left for them to keep"),
	TEXT("high-risk", "ANSWER", "high_risk", "lost touch: yes or no"),
	TEXT("reviewer", "NUMBER", "reviewer", "lost touch at high risk: the senior who has looked at it"),
	TEXT("note", "TEXT", "note", "a few words for the sender; other needs them"),
	END};

static const struct told_cli_option revoke_options[] = {
	TEXT("reason", "CODE", "reason", "person_declined (usual), not_required, duplicate, ..."),
	TEXT("note", "TEXT", "note", "a few words for the service"), END};

static const struct told_cli_option here_options[] = {TEXT("need", "NEED", "need", "only what is done for this need"),
						      END};

static const struct told_cli_option capacity_options[] = {
	TEXT("team", "TEAM", "team", "which team of theirs"),
	TEXT("need", "NEED", "need", "what for, as their profile names it"), END};

static const struct told_cli_option room_options[] = {NUMBER("weeks", "WEEKS", "weeks", "of a waiting list: how long"),
						      TEXT("team", "TEAM", "team", "only of this team"),
						      TEXT("need", "NEED", "need", "only for this need"), END};

static const struct told_cli_option onward_options[] = {TEXT("client", "CLIENT", "client", "only about this person"),
							TEXT("need", "NEED", "need", "only for this need"), END};

static const struct told_cli_option unsent_options[] = {
	NEEDED("to", "PARTY", "to", "where they asked to be sent"), NEEDED("need", "NEED", "need", "what for"),
	NEEDED("why", "TEXT", "why", "why they were not sent; it stays here"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"here", NULL, NULL, "Show what could be done here, and by whom, before anybody is sent elsewhere",
	 {"told here",
	  "told here --need low-mood-first-steps --json"},
	 here_options, .method = "GET", .path = "/v1/here", .show = told_show_here},
	{"capacity", "set", "ROOM", "Say whether we have room: has_space, waiting or closed",
	 {"told capacity set has_space",
	  "told capacity set waiting --weeks 3 --team prevention"},
	 room_options, .method = "POST", .path = "/v1/capacity", .show = told_show_capacity},
	{"capacity", NULL, "TO", "Ask a service whether it has room; no person is in the question",
	 {"told capacity TT",
	  "told capacity SUD --team outreach --need alcohol-first-steps"},
	 capacity_options, .method = "POST", .path = "/v1/capacity/{TO}", .show = told_show_capacity},

	{"onward", "refuse", "CLIENT", "Write down that somebody asked to be sent on, and was not",
	 {"told onward refuse " PERSON " --to TT --need low-mood-first-steps --why \"We can do the first steps here\"",
	  "told onward refuse " PERSON " --to SUD --need alcohol --why \"Their waiting list is closed\" --json"},
	 unsent_options, .method = "POST", .path = "/v1/onward", .show = told_show_onward},
	{"onward", NULL, NULL, "Count onward referrals avoided, and beside them those asked for and refused",
	 {"told onward",
	  "told onward --need low-mood-first-steps --json"},
	 onward_options, .method = "GET", .path = "/v1/onward", .show = told_show_onward},

	{"referral", "send", "CLIENT", "Refer a person to another service",
	 {"told referral send " PERSON " --to TT --dry-run",
	  "told referral send " PERSON " --to TT --note \"Mornings are best\""},
	 refer_options, .method = "POST", .path = "/v1/referrals", .show = told_show_referred},
	{"referral", "ls", NULL, "List referrals, in and out: Sent, Active, Done, Closed; what is overdue",
	 {"told referral ls",
	  "told referral ls --client " PERSON " --json"},
	 client_options, .method = "GET", .path = "/v1/referrals", .show = told_show_referrals},
	{"referral", "show", "REFERRAL", "Show a referral with what came with it and what was tried",
	 {"told referral show " REFERRAL,
	  "told referral show " REFERRAL " --json"},
	 .method = "GET", .path = "/v1/referrals/{REFERRAL}", .show = told_show_referral},
	{"referral", "acknowledge", "REFERRAL", "Say that somebody here has it in hand",
	 {"told referral acknowledge " REFERRAL,
	  "told referral acknowledge " REFERRAL " --note \"We look at it on Monday\""},
	 note_options, .method = "POST", .path = ANSWER, .fixed = "act=acknowledge", .show = told_show_moved},
	{"referral", "ask", "REFERRAL", "Ask the sender something back; the referral stays where it is",
	 {"told referral ask " REFERRAL " --note \"Which mornings?\"",
	  "told referral ask " REFERRAL " --note \"Is a home visit safe?\" --json"},
	 ask_options, .method = "POST", .path = ANSWER, .fixed = "act=ask", .show = told_show_moved},
	{"referral", "inform", "REFERRAL", "Tell the other side how it stands, or answer what was asked back",
	 {"told referral inform " REFERRAL " --note \"Mondays and Tuesdays\"",
	  "told referral inform " REFERRAL " --note \"We have not reached her yet\""},
	 ask_options, .method = "POST", .path = ANSWER, .fixed = "act=inform", .show = told_show_moved},
	{"referral", "accept", "REFERRAL", "Take a person on, or onto the waiting list",
	 {"told referral accept " REFERRAL,
	  "told referral accept " REFERRAL " --weeks 3"},
	 accept_options, .method = "POST", .path = ANSWER, .fixed = "act=accept", .show = told_show_moved},
	{"referral", "decline", "REFERRAL", "Decline a referral, with the reason, and where to go instead",
	 {"told referral decline " REFERRAL " --reason no_capacity",
	  "told referral decline " REFERRAL " --reason wrong_service --instead SUD --note \"They know him\""},
	 decline_options, .method = "POST", .path = ANSWER, .fixed = "act=decline", .show = told_show_moved},
	{"referral", "start", "REFERRAL", "Say that the work has begun",
	 {"told referral start " REFERRAL,
	  "told referral start " REFERRAL " --json"},
	 note_options, .method = "POST", .path = ANSWER, .fixed = "act=start", .show = told_show_moved},
	{"referral", "tried", "REFERRAL", "Write down that you tried to meet somebody; CLIENT does too, where one is open",
	 {"told referral tried " REFERRAL " --way telephone --result not_met --their-way",
	  "told referral tried " PERSON " --way visit --result met --their-way --their-place --on 2026-11-20"},
	 tried_options, .method = "POST", .path = "/v1/referrals/{REFERRAL}/tries", .show = told_show_tried},
	{"referral", "pause", "REFERRAL", "Pause: the door stays open",
	 {"told referral pause " REFERRAL,
	  "told referral pause " REFERRAL " --until 2027-01-31 --note \"She asked for a rest\""},
	 pause_options, .method = "POST", .path = ANSWER, .fixed = "act=pause", .show = told_show_moved},
	{"referral", "back", "REFERRAL", "The person has come back: go on, with no story told again",
	 {"told referral back " REFERRAL,
	  "told referral back " PERSON " --note \"Glad she rang\""},
	 note_options, .method = "POST", .path = ANSWER, .fixed = "act=back", .show = told_show_moved},
	{"referral", "close", "REFERRAL", "Close a referral, with how it ended",
	 {"told referral close " REFERRAL " --reason completed",
	  "told referral close " REFERRAL " --reason disengaged --high-risk no --hard \"No credit\" --left \"The door is open. Ring Sam.\""},
	 close_options, .method = "POST", .path = ANSWER, .fixed = "act=close", .show = told_show_moved},
	{"referral", "revoke", "REFERRAL", "Take back a referral that we made",
	 {"told referral revoke " REFERRAL,
	  "told referral revoke " REFERRAL " --reason not_required"},
	 revoke_options, .method = "POST", .path = ANSWER, .fixed = "act=revoke", .show = told_show_moved},
	{"referral", "mistake", "REFERRAL", "Say that a referral should never have been made: struck through, never deleted",
	 {"told referral mistake " REFERRAL,
	  "told referral mistake " REFERRAL " --note \"Another person's card\""},
	 note_options, .method = "POST", .path = ANSWER, .fixed = "act=mistake", .show = told_show_moved},
};
/* clang-format on */

const struct told_command_table told_referral_commands = {commands, sizeof commands / sizeof commands[0]};
