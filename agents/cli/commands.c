/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands: a noun, a verb, two examples, options, and the call or function behind it. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

static const struct told_cli_option init_options[] = {
	TEXT("broker", "DIR", NULL, "make a broker's folder"),
	TEXT("agency", "PROFILE", NULL, "make an agency's folder from its profile's folder"),
	TEXT("partnership", "NAME|FILE", NULL,
	     "a broker: the partnership's name; an agency: the broker's partnership.json"),
	TEXT("endpoint", "ADDRESS", NULL, "a broker: where it listens, tcp://HOST:PORT"), END};

static const struct told_cli_option broker_options[] = {
	NEEDED("broker", "DIR", NULL, "the broker's folder, with the operator's key"), END};

static const struct told_cli_option enrol_options[] = {
	NEEDED("broker", "DIR", NULL, "the broker's folder, with the operator's key"),
	NEEDED("file", "FILE", NULL, "the enrol.json of the agency's folder"),
	NEEDED("fingerprint", "SHA256:...", NULL, "the identity key's fingerprint, as you heard it by telephone"), END};

static const struct told_cli_option tell_options[] = {
	MANY("section", "CATEGORY=TEXT", NULL,
	     "one part of the story; =@FILE reads it from a file, =@- from standard input"),
	MANY("file", "FILE", NULL, "a story as JSON: a list of sections"),
	TEXT("voice", "VOICE", "voice", "person, worker, other or measured"),
	LIST("classified", "CATEGORY,...", "classified", "what the words also speak of: all of it must be allowed"),
	FLAG("confidential", "confidential", "told in confidence"),
	FLAG("verified", "verified", "checked against a document or a second source"),
	FLAG("replace", "replace", "instead of what was told before under the same category"),
	FLAG("correct", "correct", "what was told before was wrong: whoever holds it is sent these words instead"),
	TEXT("about", "CLIENT", "about", "it is about this other person of the family, by their own card"),
	TEXT("told-by", "CLIENT", "told_by", "this other person told it"),
	END};

static const struct told_cli_option ask_options[] = {
	LIST("category", "CATEGORY,...", "categories", "what is needed, and no more"),
	TEXT("for", "PURPOSE", "purpose", "why it is needed"),
	LIST("from", "PARTY,...", "from", "whom to ask; without it everybody in our agreements"),
	TEXT("team", "TEAM", "team", "the team that asks"), END};

static const struct told_cli_option consent_options[] = {
	LIST("to", "PARTY,...", "recipients", "the organisations (TT:team names a team)"),
	LIST("for", "PURPOSE,...", "purposes", "what for"),
	TEXT("group", "GROUP,...", NULL, "groups of the permission page: home,mind"),
	LIST("category", "CATEGORY,...", "include", "categories, or a prefix like HOU.*"),
	LIST("except", "CATEGORY,...", "exclude", "struck out"),
	LIST("except-to", "PARTY,...", "exclude_recipients", "never to these"),
	LIST("except-from", "PARTY,...", "exclude_originators", "nothing that these were told"),
	DATE("until", "until_ms", "the last day"),
	TEXT("evidence", "KIND", "evidence", "signature, recording or note"),
	NUMBER("notice", "VERSION", "notice_version", "the privacy notice that the person was given"),
	TEXT("kind", "KIND", "kind", "permission (usual), gdpr, statutory:dtr, statutory:uc, wish, implied"),
	TEXT("giver", "WHO", "giver", "person (usual), attorney, deputy, parent, best_interests, related"),
	TEXT("authority", "STATE", "authority", "of who gives it for them: checked, not_shown (usual) or rejected"),
	TEXT("capacity", "STATE", "capacity", "has (usual), lacks, fluctuating or competent_child"),
	DATE("given", "given_ms", "the day it was said or signed, where that was not today"),
	DATE("data-from", "data_from_ms", "only what was told from this day on"),
	DATE("data-until", "data_until_ms", "only what was told up to this day"),
	TEXT("state", "STATE", "state", "given (usual), sought (asked or looked for), refused, not_sought_unsafe, ..."),
	TEXT("address-to", "PARTY", "location_named", "who may know a protected address, by their own choice"),
	TEXT("authority-chosen", "PARTY", "authority_chosen", "duty to refer: the council they chose"),
	FLAG("refer", "refer", "duty to refer: yes to the referral"),
	FLAG("contact", "contact", "duty to refer: yes to passing on how to reach them"),
	FLAG("reason-named", "reason_named", "Universal Credit: the reason is named"),
	FLAG("interpreter", "interpreter", "an interpreter was there"),
	FLAG("others-present", "others_present", "somebody else was there"),
	TEXT("language", "CODE", "language", "the language it was given in"),
	FLAG("seen-alone", "seen_alone", "the person was seen alone"),
	FLAG("freely-given", "freely_given", "the worker is satisfied that it was freely given"),
	FLAG("benefit-warning", "benefit_warning", "the page warned that benefits may be affected"),
	FLAG("refused", NULL, "the person says no; it counts at once, whoever takes it"),
	TEXT("supersedes", "NUMBER", "supersedes", "the earlier permission that this one replaces"),
	TEXT("words", "FILE", NULL, "the card's four words (a 0600 file, or -), where we would receive ourselves"),
	TEXT("agreement", "FILE|ID", NULL, "the agreement whose groups are meant, where we have several"),
	END};

static const struct told_cli_option confirm_options[] = {
	TEXT("evidence", "KIND", "evidence", "how you know: note (usual), signature or recording"), END};

static const struct told_cli_option withdraw_options[] = {
	TEXT("consent", "NUMBER", "consent", "only this permission"),
	LIST("to", "PARTY,...", "recipients", "only for these organisations"),
	LIST("for", "PURPOSE,...", "purposes", "only for these purposes"),
	LIST("category", "CATEGORY,...", "categories", "only these parts of the story"), END};

static const struct told_cli_option form_options[] = {
	TEXT("agreement", "FILE|ID", NULL, "the agreement, where we have several or no agent"), END};

static const struct told_cli_option intake_options[] = {
	MANY("answer", "QUESTION=ANSWER", NULL, "one answer; lists and yes or no as JSON"),
	TEXT("answers", "FILE", NULL, "answers as JSON, - is standard input"),
	LIST("confirm", "QUESTION,...", "confirmed", "read back and still right"), END};

static const struct told_cli_option update_options[] = {
	NEEDED("to", "PARTY", "to", "the service"),
	LIST("category", "CATEGORY,...", "categories", "what to send"),
	TEXT("for", "PURPOSE", "purpose", "COORD unless said otherwise"),
	TEXT("note", "TEXT", "note", "a few words"),
	TEXT("team", "TEAM", "team", "their team: nobody else there sees it"),
	TEXT("role", "ROLE", "role", "their workers of this role: nobody else there sees it"),
	FLAG("dry-run", "dry_run", "show what they would see, send nothing"),
	END};

static const struct told_cli_option inbox_options[] = {
	NUMBER("after", "N", "after", "only what came after this number"),
	TEXT("client", "CLIENT", "client", "only about this person"), END};

static const struct told_cli_option sent_options[] = {
	TEXT("client", "CLIENT", "client", "only about this person"),
	TEXT("state", "STATE", "state", "waiting, sent, held, refused, answered or expired"), END};

static const struct told_cli_option receipt_options[] = {
	TEXT("out", "FILE", NULL, "where the proof goes; without it, standard output"), END};

static const struct told_cli_option relationship_options[] = {
	TEXT("kind", "KIND", "kind", "team (usual), conference or present"), TEXT("team", "TEAM", "team", "the team"),
	DATE("until", "until_ms", "the last day"), END};

static const struct told_cli_option erase_options[] = {
	NEEDED("reason", "REASON", "reason", "not_needed, withdrawn, objection, unlawful, legal_duty or child"), END};

static const struct told_cli_option erase_answer_options[] = {
	FLAG("erased", NULL, "everything of this person is erased here, now"),
	DATE("kept-until", "kept_until_ms", "kept until this day"),
	TEXT("law", "TEXT", "law", "the law that says so, and nothing about the person"),
	FLAG("partly", NULL, "what others told us is erased now, our own record is kept"), END};

static const struct told_cli_option hold_options[] = {
	NEEDED("reason", "REASON", "reason", "inquiry, court, complaint, access_request, incident or statutory_review"),
	DATE("review", "review_ms", "the day on which somebody looks at it again"), END};

static const struct told_cli_option lift_options[] = {NEEDED("reason", "REASON", "reason", "which hold of ours"), END};

static const struct told_cli_option flag_options[] = {
	NEEDED("kind", "KIND", "kind", "what is flagged"),
	TEXT("state", "STATE", "state", "set (usual) or cleared"),
	TEXT("category", "CATEGORY", "category", "of which part of the story"),
	TEXT("party", "PARTY", "party", "which organisation"),
	TEXT("worker", "NUMBER", "worker", "which worker"),
	FLAG("hold", "hold", "nothing goes until it is decided"),
	END};

static const struct told_cli_option worker_options[] = {
	TEXT("number", "NUMBER", "number", "the staff number; without it a random one"),
	LIST("role", "ROLE,...", "roles", "practitioner (usual), senior, dsl, dpo, ..."),
	LIST("team", "TEAM,...", "teams", "the teams"),
	TEXT("kind", "KIND", "kind", "employed (usual), agency, volunteer, student or peer"),
	DATE("until", "until_ms", "the last day"),
	TEXT("token", "FILE", NULL, "where the token goes; without it DIR/workers/NUMBER.token"),
	END};

static const struct told_cli_option train_options[] = {
	NEEDED("need", "NEED", "need", "what for, as our profile names it: see told here"), END};

static const struct told_cli_option import_options[] = {
	FLAG("check", NULL, "only say what would be taken over; needs no agent"),
	TEXT("client", "CLIENT", NULL, "whose story it is"),
	MANY("party", "REFERENCE=PARTY", NULL, "who an organisation of the files is here"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"init", NULL, "[DIR]", "Make the folder of a broker, or of an agency",
	 {"told init --broker /srv/broker --partnership northtown --endpoint tcp://10.0.0.5:7443",
	  "told init --agency /usr/share/told/housing /srv/housing --partnership partnership.json"},
	 init_options, .run = told_do_init},

	{"partner", "enrol", "PARTY", "Enrol an agency with the running broker",
	 {"told partner enrol HOU --broker /srv/broker --file housing.json --fingerprint SHA256:...",
	  "told partner enrol TT --broker /srv/broker --file tt.json --fingerprint SHA256:... --json"},
	 enrol_options, .run = told_do_partner},
	{"partner", "ls", NULL, "List the agencies that are enrolled",
	 {"told partner ls --broker /srv/broker",
	  "told partner ls --broker /srv/broker --json"},
	 broker_options, .run = told_do_partners},
	{"partner", "rotate", "PARTY", "Give an agency a new session or identity key",
	 {"told partner rotate HOU --broker /srv/broker --file housing.json --fingerprint SHA256:...",
	  "told partner rotate TT --broker /srv/broker --file tt.json --fingerprint SHA256:... --json"},
	 enrol_options, .run = told_do_partner},
	{"partner", "revoke", "PARTY", "Shut an agency out, at once",
	 {"told partner revoke HOU --broker /srv/broker",
	  "told partner revoke HOU --broker /srv/broker --json"},
	 broker_options, .run = told_do_partner},

	{"partner", "clock", NULL, "Say that the broker's clock is right, after it was moved",
	 {"told partner clock --broker /srv/broker",
	  "told partner clock --broker /srv/broker --json"},
	 broker_options, .run = told_do_partner_clock},
	{"partner", "policy", NULL, "Print the policy by which receipts and the log are judged",
	 {"told partner policy --broker /srv/broker > policy",
	  "told partner policy --broker /srv/broker --json"},
	 broker_options, .run = told_do_policy},

	{"agreement", "check", "FILE...", "Check an agreement's file; every fault with its line",
	 {"told agreement check northtown.yaml",
	  "told agreement check old.yaml new.yaml --json"},
	 .run = told_do_agreement_check},
	{"agreement", "diff", "OLD NEW", "Say what a new version would newly let pass, and stop",
	 {"told agreement diff v2.yaml v3.yaml",
	  "told agreement diff v2.yaml v3.yaml | less"},
	 .run = told_do_agreement_diff},
	{"agreement", "sign", "FILE", "Sign an agreement for this agency",
	 {"told agreement sign northtown.yaml",
	  "told agreement sign northtown.yaml --json"},
	 .method = "POST", .path = "/v1/agreements", .show = told_show_sent, .run = told_do_agreement_sign},
	{"agreement", "show", NULL, "List the agreements and who has signed them",
	 {"told agreement show",
	  "told agreement show --json"},
	 .method = "GET", .path = "/v1/agreements", .show = told_show_agreements},
	{"agreement", "suspend", "ID", "Stop everything under an agreement, for now",
	 {"told agreement suspend ISA-MD3",
	  "told agreement suspend ISA-MD3 --json"},
	 .method = "POST", .path = "/v1/agreements/{ID}/act", .fixed = "action=suspend", .show = told_show_sent, .next = "told agreement lift ID"},
	{"agreement", "lift", "ID", "Lift a suspension; it ends when both sides have",
	 {"told agreement lift ISA-MD3",
	  "told agreement lift ISA-MD3 --json"},
	 .method = "POST", .path = "/v1/agreements/{ID}/act", .fixed = "action=lift", .show = told_show_sent},
	{"agreement", "leave", "ID", "Leave an agreement for good",
	 {"told agreement leave ISA-MD3",
	  "told agreement leave ISA-MD3 --json"},
	 .method = "POST", .path = "/v1/agreements/{ID}/act", .fixed = "action=leave", .show = told_show_sent},

	{"card", "new", NULL, "Make a card: a reference, and four words said once",
	 {"told card new",
	  "told card new --json"},
	 .method = "POST", .path = "/v1/cards", .show = told_show_card, .next = "told story tell CLIENT --section CATEGORY=TEXT"},
	{"card", "show", "CLIENT", "Show a card again, without its words",
	 {"told card show " PERSON,
	  "told card show '352ck gw9my 1mvz5 9tdwh 9edd1r q'"},
	 .method = "GET", .path = "/v1/cards/{CLIENT}", .show = told_show_card},
	{"card", "replace", "CLIENT", "Retire a lost or unsafe card and its words, and make a new one",
	 {"told card replace " PERSON,
	  "told card replace " PERSON " --json"},
	 .method = "POST", .path = "/v1/cards/{CLIENT}/replace", .show = told_show_card},

	{"story", "tell", "CLIENT", "Write down what a person tells, once",
	 {"told story tell " PERSON " --section HOU.SIT=\"Sofa surfing since May\" --section GOA=@goals.txt",
	  "told story tell " PERSON " --section HOU.SIT=\"In a hostel since May\" --correct"},
	 tell_options, .method = "POST", .path = "/v1/story", .show = told_show_told, .run = told_do_tell, .next = "told consent record CLIENT --to PARTY --for PURPOSE --group GROUP"},
	{"story", "ask", "CLIENT", "Ask the other services for what they may tell us",
	 {"told story ask " PERSON " --category HOU.SIT,NED --for COORD",
	  "told story ask " PERSON " --from HOU --wait 20"},
	 ask_options, .method = "POST", .path = "/v1/ask", .show = told_show_ask},
	{"story", "show", "CLIENT", "Show what this worker may see of a story",
	 {"told story show " PERSON,
	  "told story show " PERSON " --json"},
	 .method = "GET", .path = "/v1/story/{CLIENT}", .show = told_show_story},

	{"consent", "record", "CLIENT", "Record a permission, or a refusal",
	 {"told consent record " PERSON " --to TT,SUD --for REFERRAL,COORD --group home,mind --until 2027-03-31 --evidence " "signature",
	  "told consent record " PERSON " --refused --to EMP --category SUD.*"},
	 consent_options, .method = "POST", .path = "/v1/consents", .show = told_show_sent, .run = told_do_consent},
	{"consent", "withdraw", "CLIENT", "Take a permission back: all of it, or a part",
	 {"told consent withdraw " PERSON,
	  "told consent withdraw " PERSON " --to EMP"},
	 withdraw_options, .method = "POST", .path = "/v1/consents/{CLIENT}/withdraw", .show = told_show_sent},
	{"consent", "confirm", "CLIENT CONSENT", "Confirm with the person what another service recorded and would gain by",
	 {"told consent confirm " PERSON " 0192f0c1a2b37c4d8e5f60718293a4b5",
	  "told consent confirm " PERSON " 0192f0c1a2b37c4d8e5f60718293a4b5 --evidence recording"},
	 confirm_options, .method = "POST", .path = "/v1/consents/{CLIENT}/confirm", .show = told_show_sent},
	{"consent", "due", NULL, "List the permissions that end soon, have ended unasked, or wait for a confirmation",
	 {"told consent due",
	  "told consent due --json"},
	 .method = "GET", .path = "/v1/consents", .show = told_show_due},
	{"consent", "show", "CLIENT", "Show what a person has permitted",
	 {"told consent show " PERSON,
	  "told consent show " PERSON " --json"},
	 .method = "GET", .path = "/v1/consents/{CLIENT}", .show = told_show_consents},
	{"consent", "form", NULL, "Print the permission page, for pen",
	 {"told consent form --agreement northtown.yaml",
	  "told consent form | lp"},
	 form_options, .run = told_do_consent_form},

	{"intake", NULL, "CLIENT", "Fill in this agency's form with what was told before; ask only what is left",
	 {"told intake " PERSON,
	  "told intake " PERSON " --answers answers.json --confirm 1.2,1.3"},
	 intake_options, .method = "POST", .path = "/v1/intake", .show = told_show_intake, .run = told_do_intake},

	{"update", "send", "CLIENT", "Tell a service that works with a person what has changed",
	 {"told update send " PERSON " --to HOU --category EMP.STAT",
	  "told update send " PERSON " --to HOU --note \"Starts Monday\""},
	 update_options, .method = "POST", .path = "/v1/updates", .show = told_show_sent},

	{"inbox", NULL, NULL, "Show what came in",
	 {"told inbox",
	  "told inbox --after 41 --json"},
	 inbox_options, .method = "GET", .path = "/v1/inbox", .show = told_show_inbox},

	{"sent", NULL, NULL, "Show what went out and how it stands",
	 {"told sent --state held",
	  "told sent --client " PERSON " --json"},
	 sent_options, .method = "GET", .path = "/v1/sent", .show = told_show_sent},

	{"receipt", NULL, "MESSAGE", "Give the receipt of a message, which proves itself",
	 {"told receipt 0193b6c1e1d87c2a9f00a1b2c3d4e5f6 --out receipt.tlog-proof",
	  "told receipt 0193b6c1e1d87c2a9f00a1b2c3d4e5f6 --json"},
	 receipt_options, .method = "GET", .path = "/v1/receipts/{MESSAGE}", .run = told_do_receipt},

	{"relationship", "record", "CLIENT", "Say that a team of ours works with a person",
	 {"told relationship record " PERSON " --team outreach",
	  "told relationship record " PERSON " --until 2027-01-31"},
	 relationship_options, .method = "POST", .path = "/v1/relationships", .show = told_show_sent},

	{"flag", "record", "CLIENT", "Set or clear a flag about a person",
	 {"told flag record " PERSON " --kind protected_address",
	  "told flag record " PERSON " --kind protected_address --state cleared"},
	 flag_options, .method = "POST", .path = "/v1/flags", .show = told_show_sent},

	{"erase", "ls", NULL, "List erasures: asked of us, asked by us, and who answered what",
	 {"told erase ls",
	  "told erase ls --json"},
	 .method = "GET", .path = "/v1/erasures", .show = told_show_erasures},
	{"erase", "answer", "ERASURE", "Answer an erasure: erased here now, or kept until when because of which law",
	 {"told erase answer 0192f0c1a2b37c4d8e5f60718293a4b5 --erased",
	  "told erase answer 0192f0c1a2b37c4d8e5f60718293a4b5 --kept-until 2032-03-31 --law \"Limitation Act 1980 s.11\""},
	 erase_answer_options, .method = "POST", .path = "/v1/erasures/{ERASURE}/answer", .show = told_show_sent, .run = told_do_erase_answer},
	{"erase", NULL, "CLIENT", "Have a person's data erased at the broker, and every holder asked",
	 {"told erase " PERSON " --reason withdrawn",
	  "told erase " PERSON " --reason not_needed --json"},
	 erase_options, .method = "POST", .path = "/v1/erasures", .show = told_show_sent, .next = "told erase ls"},

	{"retention", "ls", NULL, "List what others told us and may not stay here much longer",
	 {"told retention ls",
	  "told retention ls --json"},
	 .method = "GET", .path = "/v1/retention", .show = told_show_retention, .next = "told retention apply"},
	{"retention", "apply", NULL, "Delete from our vault what is due; a hold keeps it",
	 {"told retention apply",
	  "told retention apply --json"},
	 .method = "POST", .path = "/v1/retention", .show = told_show_retention},

	{"hold", "ls", NULL, "List what may not be erased now, why, and when somebody looks again",
	 {"told hold ls",
	  "told hold ls --json"},
	 .method = "GET", .path = "/v1/holds", .show = told_show_holds},
	{"hold", "lift", "CLIENT", "Lift a hold of ours",
	 {"told hold lift " PERSON " --reason complaint",
	  "told hold lift " PERSON " --reason court --json"},
	 lift_options, .method = "POST", .path = "/v1/holds/{CLIENT}/lift", .show = told_show_sent},
	{"hold", NULL, "CLIENT", "Keep a person's data from being erased while something is looked into",
	 {"told hold " PERSON " --reason complaint --review 2027-03-31",
	  "told hold " PERSON " --reason inquiry --review 2027-03-31 --json"},
	 hold_options, .method = "POST", .path = "/v1/holds", .show = told_show_sent, .next = "told hold ls"},

	{"worker", "add", NULL, "Add a worker; the token goes into a file",
	 {"told worker add --role practitioner --team outreach",
	  "told worker add --kind student --until 2027-06-30 --token amy.token"},
	 worker_options, .method = "POST", .path = "/v1/workers", .show = told_show_sent, .run = told_do_worker_add},
	{"worker", "suspend", "NUMBER", "Stop a worker's token for now",
	 {"told worker suspend 40718",
	  "told worker suspend 40718 --json"},
	 .method = "POST", .path = "/v1/workers/{NUMBER}", .fixed = "state=suspended", .show = told_show_worker_set},
	{"worker", "resume", "NUMBER", "Let a suspended worker work again",
	 {"told worker resume 40718",
	  "told worker resume 40718 --json"},
	 .method = "POST", .path = "/v1/workers/{NUMBER}", .fixed = "state=active", .show = told_show_worker_set},
	{"worker", "leave", "NUMBER", "Close a worker's token for good, and list the work to hand over",
	 {"told worker leave 40718",
	  "told worker leave 40718 --json"},
	 .method = "POST", .path = "/v1/workers/{NUMBER}", .fixed = "state=left", .show = told_show_worker_set},
	{"worker", "train", "NUMBER", "Write down that a worker is trained for what needs supervision here",
	 {"told worker train 40718 --need low-mood-first-steps",
	  "told worker train 40718 --need rent-arrears --json"},
	 train_options, .method = "POST", .path = "/v1/workers/{NUMBER}/train", .show = told_show_trained, .next = "told here"},
	{"worker", "ls", NULL, "List the register of workers",
	 {"told worker ls",
	  "told worker ls --json"},
	 .method = "GET", .path = "/v1/workers", .show = told_show_workers},

	{"fingerprint", NULL, NULL, "Show this agency's keys, to read out by telephone",
	 {"told fingerprint",
	  "told fingerprint --json"},
	 .method = "GET", .path = "/v1/fingerprint", .show = told_show_fingerprint},

	{"key", "ls", NULL, "List this agency's keys, and how each stands in the log",
	 {"told key ls",
	  "told key ls --json"},
	 .method = "GET", .path = "/v1/keys", .show = told_show_keys},
	{"key", "rotate", "PURPOSE", "Make a new signing, sealing, witness or session key; the old one is retired",
	 {"told key rotate signing",
	  "told key rotate sealing --json"},
	 .method = "POST", .path = "/v1/keys", .show = told_show_sent, .next = "told key ls"},
	{"key", "revoke", "PURPOSE NUMBER", "Take a key back, at once: a thief may have it",
	 {"told key revoke signing 1",
	  "told key revoke session 1 --json"},
	 .method = "POST", .path = "/v1/keys/{NUMBER}/revoke", .show = told_show_sent, .next = "told key ls"},

	{"import", NULL, "FILE...", "Take FHIR files over into a person's story",
	 {"told import --check bundle.json",
	  "told import --client " PERSON " --party Organization/12=TT bundle.json"},
	 import_options, .run = told_do_import},

	{"doctor", NULL, NULL, "Look for faults, each with its fix",
	 {"told doctor",
	  "told doctor --json"},
	 .show = told_show_doctor, .run = told_do_doctor},
	{"decide", NULL, NULL, "Explain a ruling, on files or by the running agent; run cases",
	 {"told decide --cases tests/table/decision",
	  "told decide --agreement isa.yaml --from HOU --to TT --purpose REFERRAL --section DEM.ID"},
	 .run = NULL},
#ifdef TOLD_HAS_DEMO
	{"demo", NULL, NULL, "Show it working: four agencies, one person, nothing to set up",
	 {"told demo",
	  "told demo --break"},
	 .run = NULL},
#endif
#ifdef TOLD_HAS_BENCH
	{"bench", NULL, NULL, "Measure messages a second through a real broker",
	 {"told bench",
	  "told bench --consumer durable --json"},
	 .run = NULL},
#endif
	{"help", NULL, "[NOUN] [VERB]", "Show this list, or one command",
	 {"told help",
	  "told help referral send"},
	 .run = told_do_help},

	{"completion", NULL, "SHELL", "Print completion for a shell",
	 {"told completion bash >/etc/bash_completion.d/told",
	  "source <(told completion bash)"},
	 .run = told_do_completion},

	{"explain", NULL, "RULE", "Say what the rule means that refused something, and what to do",
	 {"told explain SEC-02",
	  "told explain plan-cycle"},
	 .run = told_do_explain},

	{"version", NULL, NULL, "Say which version this is",
	 {"told version",
	  "told version --json"},
	 .run = told_do_version},
};
/* clang-format on */

static const struct told_command_table own = {commands, sizeof commands / sizeof commands[0]};

/* In the order in which the help lists them. */
static const struct told_command_table *const tables[] = {
	&own,
	&told_referral_commands,
	&told_audit_commands,
	&told_log_key_commands,
	&told_alert_commands,
	&told_statement_commands,
	&told_incident_commands,
	&told_log_commands,
	&told_measure_commands,
	&told_note_commands,
	&told_plan_commands,
	&told_team_commands,
	&told_conference_commands,
	&told_contact_commands,
	&told_duty_commands,
	&told_sight_commands,
};

const struct told_command *told_command_at(size_t index)
{
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		if (index < tables[i]->count)
			return &tables[i]->rows[index];
		index -= tables[i]->count;
	}
	return NULL;
}
