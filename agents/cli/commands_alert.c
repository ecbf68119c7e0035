/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for when somebody may be in danger: alerts, sharing without permission, what was
 * said by hand. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define ALERT "0192f0c1a2b37c4d8e5f60718293a4b5"

static const struct told_cli_option alert_options[] = {
	NEEDED("to", "PARTY", "to", "who must know"),
	TEXT("concern", "TEXT", "concern", "what worries you, in your own words; they are sealed"),
	LIST("category", "CATEGORY,...", "categories", "what to send; without it what the agreement carries"),
	LIST("classified", "CATEGORY,...", "classified", "what the words also speak of"),
	TEXT("for", "PURPOSE", "purpose", "SAFEADULT unless said otherwise"),
	NUMBER("call-after", "MINUTES", "call_after",
	       "telephone if nobody has opened it by then; 15 unless said otherwise"),
	FLAG("call-now", "call_now", "do not wait for anybody to open it: page both contacts, and telephone"),
	FLAG("dry-run", "dry_run", "show what they would see, send nothing"),
	END};

static const struct told_cli_option raise_options[] = {
	NEEDED("to", "PARTY", "to", "who must know"),
	NEEDED("kind", "KIND", "kind", "safeguarding, vital (life or health) or law (a law or a court)"),
	TEXT("concern", "TEXT", "concern", "what worries you, in your own words; they are sealed and go first"),
	TEXT("reason", "TEXT", "reason", "why without permission; sealed, the log only says that there is one"),
	LIST("category", "CATEGORY,...", "categories", "what to send; without it all that the profile carries"),
	LIST("classified", "CATEGORY,...", "classified", "what the words also speak of"),
	TEXT("for", "PURPOSE", "purpose", "why it is needed; the kind's own unless said otherwise"),
	TEXT("at-risk", "WHO", "at_risk", "others (usual) or self: only the person"),
	TEXT("second", "NUMBER", "second",
	     "yourself, where there is no second person; whoever confirms uses their own token"),
	FLAG("mandatory-report", "mandatory_report", "a law makes you report it"),
	TEXT("order", "REFERENCE", "order", "the order's reference; its copy is in your hands"),
	LIST("order-names", "CATEGORY,...", "order_names", "what the order names, and nothing else goes"),
	FLAG("do-not-notify", "do_not_notify", "telling the person would not be safe"),
	NUMBER("call-after", "MINUTES", "call_after",
	       "telephone if nobody has opened it by then; 15 unless said otherwise"),
	FLAG("call-now", "call_now", "do not wait for anybody to open it: page both contacts, and telephone"),
	FLAG("dry-run", "dry_run", "show what they would see, send nothing"),
	END};

static const struct told_cli_option list_options[] = {TEXT("client", "CLIENT", "client", "only about this person"),
						      END};

static const struct told_cli_option called_options[] = {
	NEEDED("who-answered", "WHO", "who_answered",
	       "on_call, worker, switchboard, voicemail, nobody or wrong_number"),
	TIME("at", "at_ms", "when, if it was not now: 14:05, or 2026-12-31T14:05"),
	TEXT("note", "TEXT", "note", "what was said; it stays with us"), END};

static const struct told_cli_option sheet_options[] = {TEXT("html", "FILE", NULL, "one A4 as HTML, to print"), END};

static const struct told_cli_option reason_options[] = {
	NEEDED("reason", "TEXT", "reason", "why without permission; sealed"), END};

static const struct told_cli_option decide_options[] = {
	NEEDED("answer", "ANSWER", "answer", "release or refuse"),
	NEEDED("why", "TEXT", "why", "the reason for the answer"),
	FLAG("capacity-doubt", "capacity_doubt", "capacity is in doubt now"),
	FLAG("imminent", "imminent", "it may happen soon"),
	FLAG("others-at-risk", "others_at_risk", "somebody else is at risk too"),
	TEXT("who-knows", "TEXT", "who_knows", "who knows already"),
	END};

static const struct told_cli_option review_options[] = {
	NEEDED("outcome", "OUTCOME", "outcome", "right, too_much, wrong, or ended: the concern is over"),
	TEXT("note", "TEXT", "note", "what was found"), END};

static const struct told_cli_option ask_options[] = {
	NEEDED("from", "PARTY", "from", "whose story it is in"),
	NEEDED("kind", "KIND", "kind", "safeguarding, vital or law"),
	LIST("category", "CATEGORY,...", "categories", "what is needed, and no more"),
	TEXT("for", "PURPOSE", "purpose", "SAFEADULT unless said otherwise"),
	TEXT("reason", "TEXT", "reason", "why; the log only says that there is one"),
	END};

static const struct told_cli_option disclosure_options[] = {
	NEEDED("to", "PARTY", "to", "who was told"),
	LIST("category", "CATEGORY,...", "categories", "what it was about"),
	NEEDED("why", "TEXT", "why", "why they were told; kept here only"),
	TEXT("how", "HOW", "how", "telephone (usual), in_person, meeting or paper"),
	TEXT("for", "PURPOSE", "purpose", "what for"),
	TEXT("decided-by", "NUMBER", "decided_by", "who decided, if somebody else did"),
	TEXT("alert", "ID", "alert", "the alert or override that was told by hand"),
	END};

static const struct told_cli_option declined_options[] = {
	NEEDED("to", "PARTY", "to", "who asked"),
	LIST("category", "CATEGORY,...", "categories", "what they asked for"),
	NEEDED("why", "TEXT", "why", "why they were not told; kept here only"),
	NEEDED("reason", "CODE", "reason", "the same as a code: no_consent, not_required, ..."),
	TEXT("how", "HOW", "how", "telephone (usual), in_person, meeting or paper"),
	TEXT("for", "PURPOSE", "purpose", "what for"),
	TEXT("decided-by", "NUMBER", "decided_by", "who decided, if somebody else did"),
	TEXT("alert", "ID", "alert", "the alert or override it belongs to"),
	END};

/* clang-format off */
static const struct told_command commands[] = {
	{"alert", "send", "CLIENT", "Send an alert that the person's permission or an agreement covers",
	 {"told alert send " PERSON " --to TT --concern \"He has stopped taking his tablets\"",
	  "told alert send " PERSON " --to TT --category RSK.SELF --call-after 5"},
	 alert_options, .method = "POST", .path = "/v1/alerts", .show = told_show_alert},
	{"alert", "ls", NULL, "List alerts: opened by whom, to be telephoned, waiting",
	 {"told alert ls",
	  "told alert ls --client " PERSON " --json"},
	 list_options, .method = "GET", .path = "/v1/alerts", .show = told_show_alerts},
	{"alert", "overdue", NULL, "List alerts that nobody opened in time: telephone, then told alert called",
	 {"told alert overdue",
	  "told alert overdue --json"},
	 list_options, .method = "GET", .path = "/v1/alerts", .fixed = "only=overdue", .show = told_show_alerts},
	{"alert", "sheet", "ID", "Print what may be read out on the telephone: one page, and no more than is allowed",
	 {"told alert sheet " ALERT,
	  "told alert sheet " ALERT " --html sheet.html"},
	 sheet_options, .method = "GET", .path = "/v1/alerts/{ID}/sheet", .run = told_do_alert_sheet},
	{"alert", "close", "ID", "End an alert that somebody there knows of",
	 {"told alert close " ALERT,
	  "told alert close " ALERT " --json"},
	 .method = "POST", .path = "/v1/alerts/{ID}/close", .show = told_show_alert},
	{"alert", "called", "ID", "Write down that you telephoned, and who answered",
	 {"told alert called " ALERT " --who-answered on_call --note \"They are on their way\"",
	  "told alert called " ALERT " --who-answered nobody --at 14:05"},
	 called_options, .method = "POST", .path = "/v1/alerts/{ID}/called", .show = told_show_alert},

	{"override", "raise", "CLIENT", "Share without permission: somebody is in danger, or a law or court says so",
	 {"told override raise " PERSON " --kind safeguarding --to ASC --concern \"He is coming back tonight\" --reason \"Asking her would raise the risk\"",
	  "told override raise " PERSON " --kind vital --to CRISIS --concern \"Tablets taken at six\" --at-risk self"},
	 raise_options, .method = "POST", .path = "/v1/alerts", .show = told_show_alert, .next = "told override ls"},
	{"override", "ls", NULL, "List what was shared without permission: waiting for whom, by when, review due, over",
	 {"told override ls",
	  "told override ls --client " PERSON " --json"},
	 list_options, .method = "GET", .path = "/v1/alerts", .fixed = "only=override", .show = told_show_alerts},
	{"override", "due", NULL, "List reviews that are due: what was shared without permission and must be looked at again",
	 {"told override due",
	  "told override due --json"},
	 list_options, .method = "GET", .path = "/v1/alerts", .fixed = "only=review", .show = told_show_alerts},
	{"override", "confirm", "ID", "Confirm as the second worker, with your own token; what waited goes",
	 {"told override confirm " ALERT,
	  "told override confirm " ALERT " --json"},
	 .method = "POST", .path = "/v1/alerts/{ID}/confirm", .show = told_show_alert},
	{"override", "reason", "ID", "Write down the reason that was missing",
	 {"told override reason " ALERT " --reason \"She is not safe to ask\"",
	  "told override reason " ALERT " --reason \"He reads her messages\" --json"},
	 reason_options, .method = "POST", .path = "/v1/alerts/{ID}/reason", .show = told_show_alert},
	{"override", "decide", "ID", "Decide as a named senior, where only the person is at risk and has said no",
	 {"told override decide " ALERT " --answer release --why \"She could not follow what was said\" --capacity-doubt",
	  "told override decide " ALERT " --answer refuse --why \"It is her own choice\" --who-knows \"her GP\""},
	 decide_options, .method = "POST", .path = "/v1/alerts/{ID}/decide", .show = told_show_alert},
	{"override", "review", "ID", "Record the review of what was shared without permission",
	 {"told override review " ALERT " --outcome right",
	  "told override review " ALERT " --outcome ended --note \"Enquiry closed\""},
	 review_options, .method = "POST", .path = "/v1/alerts/{ID}/review", .show = told_show_alert},
	{"override", "ask", "CLIENT", "Ask another service without permission: its agent answers day and night",
	 {"told override ask " PERSON " --from TT --kind safeguarding --category RSK.SELF --reason \"She has not come home\"",
	  "told override ask " PERSON " --from SUD --kind vital --for EMERG --category SUD.RX,PHY.MED"},
	 ask_options, .method = "POST", .path = "/v1/alerts/ask", .show = told_show_override_ask},

	{"disclosure", "record", "CLIENT", "Write down what you told somebody by telephone, in person or on paper",
	 {"told disclosure record " PERSON " --to ASC --category DEM.ID,NARR --why \"They send somebody tonight\" --alert " ALERT,
	  "told disclosure record " PERSON " --to TT --category MH.PROB --how meeting --why \"Joint visit\""},
	 disclosure_options, .method = "POST", .path = "/v1/disclosures", .fixed = "outcome=told", .show = told_show_disclosure},
	{"disclosure", "declined", "CLIENT", "Write down that somebody asked and you did not tell",
	 {"told disclosure declined " PERSON " --to ASC --category SUD.USE --why \"She said no\" --reason no_consent",
	  "told disclosure declined " PERSON " --to EMP --category MH.PROB --why \"Not needed for work\" --reason not_required"},
	 declined_options, .method = "POST", .path = "/v1/disclosures", .fixed = "outcome=declined", .show = told_show_disclosure},
	{"disclosure", "ls", NULL, "List what was told, or not told, by hand",
	 {"told disclosure ls",
	  "told disclosure ls --client " PERSON " --json"},
	 list_options, .method = "GET", .path = "/v1/alerts", .fixed = "only=disclosure", .show = told_show_disclosures},
};
/* clang-format on */

const struct told_command_table told_alert_commands = {commands, sizeof commands / sizeof commands[0]};
