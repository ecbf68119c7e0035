/* SPDX-License-Identifier: Apache-2.0 */
/* The `told` command: one table of commands, which is also its help and its completion. Data goes to out, talk to err;
 * every command ends in one of the exits of agents/exit. Room-internal but for told_cli_main. */
#ifndef TOLD_CLI_H
#define TOLD_CLI_H

#include "agents/exit/exit.h"
#include "told/bytes.h"

#include <jansson.h>
#include <stdio.h>

#define TOLD_CLI_WORDS_MAX   256u /* files of one import */
#define TOLD_CLI_OPTIONS_MAX 128u /* sections of one story, four times over */

/* ---- the table ---- */

/* How an option's value becomes a member of a request. */
enum told_option_kind {
	TOLD_OPTION_FLAG,
	TOLD_OPTION_TEXT,
	TOLD_OPTION_LIST, /* comma between: an array */
	TOLD_OPTION_NUMBER,
	TOLD_OPTION_DATE, /* 2026-12-31: the end of that day, UTC milliseconds */
	TOLD_OPTION_TIME, /* 2026-12-31T14:05 or 14:05, of the last 24 hours, local time; as UTC milliseconds */
	TOLD_OPTION_MANY, /* may stand several times; the command reads them itself */
};

struct told_cli_option {
	const char *name, *hint;
	const char *member; /* of the request; NULL: the command reads it itself */
	enum told_option_kind kind;
	bool needed;
	const char *help;
};

struct told_cli;
struct told_args;

/* Prints a reply for people. */
typedef void told_show(struct told_cli *cli, const json_t *reply);
/* Does a command; the exit code. */
typedef int told_run(struct told_cli *cli, const struct told_args *args);

struct told_command {
	const char *noun, *verb; /* verb may be NULL */
	const char *words;       /* "CLIENT", "[CLIENT]", "FILE...", "OLD NEW"; NULL: none */
	const char *what;        /* one line, a sentence without its full stop */
	const char *examples[2];
	const struct told_cli_option *options; /* up to a row without a name; may be NULL */
	/* A call of the API: words stand in the path as {CLIENT}, others are members in lower case. */
	const char *method, *path;
	const char *fixed; /* "action=suspend": one member that the command stands for */
	told_show *show;
	told_run *run;    /* or its own way */
	const char *next; /* the command that people often need next; may be NULL */
};

/* The table, NULL past its end. */
const struct told_command *told_command_at(size_t index);

/* ---- a run ---- */

struct told_cli {
	FILE *out, *err;
	bool json, colour;
	unsigned columns;           /* of the terminal that out is; 0: no terminal */
	const char *agent, *worker; /* --agent or TOLD_AGENT, --as or TOLD_WORKER */
	const char *wait;           /* --wait: seconds; NULL: as the agent thinks right */
	json_t *names;              /* of parties, by id; asked for once (names.c) */
};

/* What was typed. Borrowed from argv. */
struct told_args {
	const struct told_command *command;
	const char *words[TOLD_CLI_WORDS_MAX];
	size_t word_count;
	struct told_chosen {
		const struct told_cli_option *option;
		const char *value;
	} options[TOLD_CLI_OPTIONS_MAX];
	size_t option_count;
};

/* The value of an option that was given, "" for a flag; NULL: not given. */
const char *told_args_get(const struct told_args *args, const char *name);

/* Everything: parses, runs, gives the exit code. */
int told_cli_main(int argc, char **argv, FILE *out, FILE *err);

/* Reads argv[1..]; prints what is wrong. TOLD_EXIT_DONE: go on; with args->command NULL: help was asked for and given.
 */
int told_args_read(struct told_cli *cli, int argc, char **argv, struct told_args *args);

/* How many words a command takes. */
void told_words_count(const struct told_command *command, size_t *least, size_t *most);

void told_help(struct told_cli *cli, const char *noun, const char *verb);
void told_help_command(struct told_cli *cli, const struct told_command *command);

/* ---- saying what went wrong ---- */

/* What happened, why, what to do; gives the exit code. Each part is a sentence; why and fix may be NULL. */
int told_fail(struct told_cli *cli, enum told_exit exit, const char *what, const char *why, const char *fix);
/* The same with what written as by printf. */
__attribute__((format(printf, 4, 5))) int told_failf(struct told_cli *cli, enum told_exit exit, const char *fix,
						     const char *what, ...);
/* The same of a status: what is the status's own text about it ("--file x.json"). why may be empty. */
int told_fail_status(struct told_cli *cli, enum told_status status, const char *about, struct told_buf *why);

/* ---- asking the agent ---- */

/* One call. Prints what went wrong. *out is the caller's, NULL unless TOLD_EXIT_DONE. request may be NULL. */
int told_call(struct told_cli *cli, const char *method, const char *path, const json_t *request, json_t **out);
/* The path of a command with its words in it, percent-encoded. */
int told_call_path(struct told_cli *cli, const struct told_args *args, struct told_buf *out);
/* Words and options as a request. */
int told_request(struct told_cli *cli, const struct told_args *args, json_t **out);
/* Puts a member that options gave as text. */
int told_option_member(struct told_cli *cli, const struct told_cli_option *option, const char *value, json_t *request);

/* Path, request, call, show: what most commands are. */
int told_run_call(struct told_cli *cli, const struct told_args *args);
/* The same with a request made by the caller (taken). */
int told_run_request(struct told_cli *cli, const struct told_args *args, json_t *request);
/* Puts the secret that an option's file holds (0600, or - for standard input) under the option's name: secrets never
 * stand on a command line. Nothing without the option. */
int told_add_secret(struct told_cli *cli, const struct told_args *args, const char *name, json_t *request);
/* Prints a reply: JSON or as show says. Gives the exit code that its messages ask for. */
int told_finish(struct told_cli *cli, const struct told_args *args, const json_t *reply);
/* What somebody must look at, then the reply as show says; on a terminal in lines that fit. */
void told_show_folded(struct told_cli *cli, told_show *show, const json_t *reply);

/* A file, or standard input for "-". Prints what went wrong. */
int told_read_input(struct told_cli *cli, const char *path, size_t max_bytes, struct told_buf *out);
/* Words as typed, or those of a file behind an @, so that they stand in no list of processes. *out is the caller's. */
int told_read_words(struct told_cli *cli, const char *text, json_t **out);
/* The reference as somebody typed it; refuses a wrong check symbol with a hint. */
int told_check_client(struct told_cli *cli, const char *client);

#endif
