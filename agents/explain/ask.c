/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of `told decide`. Touches argv and err. */
#include "agents/explain/ask.h"

#include "broker/agree/guess.h"
#include <stddef.h>
#include <string.h>

/* How an option takes what stands behind it. */
enum takes { FLAG, ONE, MANY, COMMAS };

static const struct {
	const char *name;
	enum takes takes;
	size_t at; /* of the member in struct told_ask */
} options[] = {
	{"--cases", MANY, offsetof(struct told_ask, cases)},
	{"--case", ONE, offsetof(struct told_ask, one)},
	{"--id", ONE, offsetof(struct told_ask, id)},
	{"--for", ONE, offsetof(struct told_ask, audience_word)},
	{"--json", FLAG, offsetof(struct told_ask, json)},
	{"--agreement", MANY, offsetof(struct told_ask, agreements)},
	{"--from", ONE, offsetof(struct told_ask, from)},
	{"--to", ONE, offsetof(struct told_ask, to)},
	{"--type", ONE, offsetof(struct told_ask, type)},
	{"--purpose", COMMAS, offsetof(struct told_ask, purposes)},
	{"--section", COMMAS, offsetof(struct told_ask, sections)},
	{"--facts", ONE, offsetof(struct told_ask, facts)},
	{"--consents", ONE, offsetof(struct told_ask, facts)},
	{"--at", ONE, offsetof(struct told_ask, at)},
	{"--bench", FLAG, offsetof(struct told_ask, bench)},
	{"--client", ONE, offsetof(struct told_ask, client)},
	{"--agent", ONE, offsetof(struct told_ask, agent)},
	{"--as", ONE, offsetof(struct told_ask, worker)},
	{"--help", FLAG, offsetof(struct told_ask, help)},
};
#define OPTIONS (sizeof options / sizeof options[0])

static const char help[] =
	"told decide: what may pass, to whom, and why\n\n"
	"  told decide --cases PATH...\n"
	"      Run worked cases, files or folders of them. Ends with \"N passed, N failed\".\n"
	"  told decide --case FILE [--id ID]\n"
	"      Explain the case, or every case of the file.\n"
	"  told decide --agreement FILE... --from PARTY --to PARTY --purpose PURPOSE... --section CATEGORY...\n"
	"              [--type TYPE] [--facts FILE] [--at TIME]\n"
	"      Explain one request. The message names the first agreement; the others are on file. --facts is a file\n"
	"      with consents, person, relationships and so on, as a case has them (--consents is the same option).\n"
	"  told decide --bench\n"
	"      Measure how long a ruling takes here, and the memory that a permission on record takes.\n\n"
	"  --for sender|requester|person|auditor   for whom it is explained (sender)\n"
	"  --json                                  one JSON line a ruling\n\n"
	"All of that works on files, without an agent and without the network.\n\n"
	"  told decide --client CLIENT --from PARTY --to PARTY --purpose PURPOSE... --section CATEGORY... [--type "
	"TYPE]\n"
	"              [--agent DIR] [--as WORKER]\n"
	"      Have the running agent explain what it would rule for this person now, from what it has verified "
	"itself.\n"
	"      Nothing is sent. --from is your own agency, or --to is, with --type ASK.\n\n"
	"Exits: 0 done, 1 a case failed, 2 wrong use, 4 nothing of the request may go, 6 a file is wrong.\n";

void told_ask_help(FILE *out)
{
	fputs(help, out);
}

static enum told_exit wrong(struct told_ask *ask, const char *what, const char *word, const char *fix)
{
	fprintf(ask->err, "told: %s%s%s\n", what, word, fix);
	return TOLD_EXIT_USAGE;
}

static bool add(struct told_ask_list *list, const char *word)
{
	if (list->count == TOLD_ASK_WORDS_MAX)
		return false;
	list->items[list->count++] = word;
	return true;
}

/* "DEM.ID,MH.PROB": the pieces lie in words, which lives as long as the ask. */
static bool add_pieces(struct told_ask *ask, struct told_ask_list *list, const char *word)
{
	size_t len = strlen(word) + 1;
	if (len > sizeof ask->words - ask->words_len)
		return false;
	char *copy = memcpy(ask->words + ask->words_len, word, len), *rest = NULL;
	ask->words_len += len;
	for (char *piece = strtok_r(copy, ",", &rest); piece; piece = strtok_r(NULL, ",", &rest))
		if (!add(list, piece))
			return false;
	return true;
}

/* Takes what belongs to the option at argv[*i]; *i ends on the last word taken. */
static enum told_exit take(struct told_ask *ask, size_t option, int argc, char **argv, int *i)
{
	char *member = (char *)ask + options[option].at;
	if (options[option].takes == FLAG) {
		*(bool *)(void *)member = true;
		return TOLD_EXIT_DONE;
	}
	if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
		return wrong(ask, "there must be a word behind ", argv[*i], ".");
	if (options[option].takes == ONE) {
		*(const char **)(void *)member = argv[++*i];
		return TOLD_EXIT_DONE;
	}
	struct told_ask_list *list = (struct told_ask_list *)(void *)member;
	while (*i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0) {
		const char *word = argv[++*i];
		if (!(options[option].takes == MANY ? add(list, word) : add_pieces(ask, list, word)))
			return wrong(ask, "too many words behind ", argv[*i], ": use a file of cases.");
	}
	return TOLD_EXIT_DONE;
}

static enum told_exit unknown(struct told_ask *ask, const char *word)
{
	struct told_guess guess = {.word = told_text(word)};
	for (size_t i = 0; i < OPTIONS; i++)
		told_guess_offer(&guess, options[i].name);
	fprintf(ask->err, "told: %s is not known here.%s%s%s\n", word, guess.best ? " Did you mean " : "",
		guess.best ? guess.best : " See told decide --help.", guess.best ? "?" : "");
	return TOLD_EXIT_USAGE;
}

/* One mode, and of a request all that it needs. */
static enum told_exit check(struct told_ask *ask)
{
	int modes = (ask->cases.count > 0) + (ask->one != NULL) + (ask->agreements.count > 0) + (ask->client != NULL) +
		    ask->bench;
	if (ask->help)
		return TOLD_EXIT_DONE;
	ask->audience = told_audience_named(ask->audience_word ? ask->audience_word : "sender");
	if (ask->audience == TOLD_AUDIENCE_COUNT)
		return wrong(ask, "--for is sender, requester, person or auditor, not ", ask->audience_word, ".");
	if (modes != 1)
		return wrong(ask, "say one of --cases, --case, --agreement, --client and --bench; see ",
			     "told decide --help", ".");
	if (ask->client && !ask->live)
		return wrong(ask, "there is no agent here to ask about ", "--client", ".");
	if (ask->client && (ask->facts || ask->at))
		return wrong(ask, "the agent rules by its own facts and clock: leave out ", "--facts and --at", ".");
	if ((ask->agent || ask->worker) && !ask->client)
		return wrong(ask, "an agent is asked about ", "--client CLIENT", ".");
	if ((ask->agreements.count || ask->client) &&
	    (!ask->from || !ask->to || !ask->purposes.count || !ask->sections.count))
		return wrong(ask, "a request needs ", "--from, --to, --purpose and --section", ".");
	if (ask->id && !ask->one)
		return wrong(ask, "--id names a case of ", "--case FILE", ".");
	return TOLD_EXIT_DONE;
}

enum told_exit told_ask_read(struct told_ask *ask, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t option = 0;
		while (option < OPTIONS && strcmp(options[option].name, argv[i]) != 0)
			option++;
		enum told_exit exit = option < OPTIONS ? take(ask, option, argc, argv, &i) : unknown(ask, argv[i]);
		if (exit != TOLD_EXIT_DONE)
			return exit;
	}
	return check(ask);
}
