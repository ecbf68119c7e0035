/* SPDX-License-Identifier: Apache-2.0 */
/* told audit: copies of the log for those who check. The order is a signed, logged message; told-audit then makes the
 * copy that it orders. Words about why stay in the broker's folder (audit-copies.json): a header has codes only. */
#include "agents/cli/do.h"
#include "agents/cli/notes.h"
#include "agents/cli/operator.h"
#include "agents/cli/show.h"

#include "broker/base/clock.h"
#include "told/vocabulary.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOTES            "audit-copies.json"
#define ALL_OF_IT        "partnership"
#define EXIT_NOT_STARTED 127

/* ---- the order ---- */

static int unknown(struct told_cli *cli, enum told_list list, const char *option, const char *word)
{
	struct told_buf fix = TOLD_BUF(4096);
	told_buf_put_text(&fix, "It is one of:");
	for (unsigned i = 1; i <= told_list_max(list); i++)
		told_buf_printf(&fix, "%s %s", i > 1 ? "," : "", told_code(list, i));
	told_buf_put_text(&fix, ".");
	int exit = told_failf(cli, TOLD_EXIT_USAGE, told_buf_cstr(&fix), "--%s has no value %s.", option, word);
	told_buf_free(&fix);
	return exit;
}

/* "dpo" or "dpo:HOU". */
static int read_asker(struct told_cli *cli, const char *word, struct told_audit_copy_part *part)
{
	size_t len = strcspn(word, ":");
	part->asked_by = told_value(TOLD_LIST_AUDIT_ASKER, told_bytes(word, len));
	part->asker = told_text(word[len] == ':' ? word + len + 1 : "");
	return part->asked_by != TOLD_AUDIT_ASKER_NONE ? TOLD_EXIT_DONE
						       : unknown(cli, TOLD_LIST_AUDIT_ASKER, "asked-by", word);
}

static int read_until(struct told_cli *cli, const json_t *request, struct told_audit_copy_part *part)
{
	part->until_ms = (uint64_t)json_integer_value(json_object_get(request, "until_ms"));
	struct told_clock clock = told_clock_system();
	uint64_t now_ms = (uint64_t)told_clock_now(&clock).wall_ms;
	if (part->until_ms > now_ms && part->until_ms - now_ms <= (uint64_t)TOLD_AUDIT_COPY_MAX_MS)
		return TOLD_EXIT_DONE;
	return told_fail(cli, TOLD_EXIT_USAGE, "--until is not in the year to come.",
			 "A copy is given for a time: it ends after today, and at most 366 days from now.",
			 "Write a date like 2026-12-31; a new copy can be ordered when it is over.");
}

static int read_order(struct told_cli *cli, const struct told_args *args, const json_t *request,
		      struct told_audit_copy_part *part)
{
	const char *whose = told_args_get(args, "for"), *why = told_args_get(args, "purpose");
	part->party = told_text(strcmp(whose, ALL_OF_IT) == 0 ? "" : whose);
	part->purpose = told_value(TOLD_LIST_AUDIT_PURPOSE, told_text(why));
	if (part->purpose == TOLD_AUDIT_PURPOSE_NONE)
		return unknown(cli, TOLD_LIST_AUDIT_PURPOSE, "purpose", why);
	int exit = read_asker(cli, told_args_get(args, "asked-by"), part);
	return exit == TOLD_EXIT_DONE ? read_until(cli, request, part) : exit;
}

/* Who there is, for the one who named somebody else. */
static bool is_partner(const json_t *partners, struct told_bytes name)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(partners, i,
			   one) if (told_bytes_equal(told_text(told_text_of(one, "party")), name)) return true;
	return name.len == 0;
}

static int nobody(struct told_cli *cli, struct told_bytes name, const json_t *partners)
{
	struct told_buf fix = TOLD_BUF(4096);
	size_t i = 0;
	json_t *one = NULL;
	told_buf_put_text(&fix, "There are: ");
	json_array_foreach(partners, i, one)
		told_buf_printf(&fix, "%s%s", i > 0 ? ", " : "", told_text_of(one, "party"));
	told_buf_put_text(&fix, ". --for may also be \"" ALL_OF_IT "\".");
	int exit = told_failf(cli, TOLD_EXIT_USAGE, told_buf_cstr(&fix),
			      "No copy was ordered: nobody of the partnership is called %.*s.", (int)name.len,
			      (const char *)name.data);
	told_buf_free(&fix);
	return exit;
}

/* The broker has the last word: what this folder does not know of, it may. */
static int refused(struct told_cli *cli, const char *dir, const struct told_audit_copy_part *part,
		   enum told_status status, struct told_buf *why)
{
	json_t *reply = status == TOLD_E_REFUSED ? told_partners(cli, dir) : NULL;
	const json_t *partners = json_object_get(reply, "partners");
	struct told_bytes wrong = is_partner(partners, part->party) ? part->asker : part->party;
	int exit = json_array_size(partners) > 0 && !is_partner(partners, wrong)
			   ? nobody(cli, wrong, partners)
			   : told_fail_status(cli, status, "the order for a copy", why);
	json_decref(reply);
	return exit;
}

static int send_order(struct told_cli *cli, const char *dir, struct told_audit_copy_part *part,
		      struct told_operator_receipt *receipt)
{
	struct told_buf why = TOLD_BUF(4096);
	const struct told_header says = {.type = TOLD_TYPE_AUDIT_COPY, .audit_copy = part};
	enum told_status status = told_operator_send(dir, &says, receipt, &why);
	int exit = status == TOLD_OK ? TOLD_EXIT_DONE : refused(cli, dir, part, status, &why);
	told_buf_free(&why);
	return exit;
}

/* ---- the copy ---- */

/* told-audit stands beside this program. */
static bool find_program(char out[PATH_MAX])
{
	static const char name[] = "told-audit";
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - sizeof name - 1);
	char *slash = n > 0 ? memrchr(out, '/', (size_t)n) : NULL;
	if (slash != NULL)
		memcpy(slash + 1, name, sizeof name);
	return slash != NULL;
}

/* Its talk is ours, but for the lines that --json has another form for. Gives its exit code. */
static int run_program(struct told_cli *cli, const char *const *argv)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = 0;
	int state = 0;
	fflush(cli->out);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return EXIT_NOT_STARTED;
	int error = cli->json ? posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) : 0;
	if (error == 0)
		error = posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error != 0 || waitpid(pid, &state, 0) != pid || !WIFEXITED(state))
		return EXIT_NOT_STARTED;
	return WEXITSTATUS(state);
}

static int make_copy(struct told_cli *cli, const char *dir, const char *out, uint64_t index)
{
	char program[PATH_MAX], store[PATH_MAX], key[PATH_MAX], entry[24], fix[PATH_MAX];
	snprintf(store, sizeof store, "%.4000s/told.db", dir);
	snprintf(key, sizeof key, "%.4000s/keys/operator.key", dir);
	snprintf(entry, sizeof entry, "%llu", (unsigned long long)index);
	const char *const argv[] = {program, "copy", out, "--store", store, "--key", key, "--entry", entry, NULL};
	if (find_program(program) && run_program(cli, argv) == 0)
		return TOLD_EXIT_DONE;
	snprintf(fix, sizeof fix, "Mend that, then: told-audit copy OUT --store %.1000s --key %.1000s --entry %s",
		 store, key, entry);
	return told_failf(cli, TOLD_EXIT_CONFIG, fix, "The order stands in the log (entry %s), but no copy was made.",
			  entry);
}

/* ---- the commands ---- */

static json_t *note_of(const struct told_args *args, const struct told_audit_copy_part *part,
		       const struct told_operator_receipt *receipt)
{
	return json_pack("{s:I, s:I, s:s, s:s, s:s, s:I, s:s, s:s*}", "entry", (json_int_t)receipt->index, "time_ms",
			 (json_int_t)receipt->time_ms, "for", told_args_get(args, "for"), "purpose",
			 told_code(TOLD_LIST_AUDIT_PURPOSE, part->purpose), "asked_by", told_args_get(args, "asked-by"),
			 "until_ms", (json_int_t)part->until_ms, "file", args->words[0], "note",
			 told_args_get(args, "note"));
}

/* Whose names may be on a list for a conference we do not know (decision 0044). Of the partnership's nobody is named.
 */
static void remind(struct told_cli *cli, const struct told_audit_copy_part *part)
{
	if (part->party.len > 0)
		fputs("This copy names people, and nothing is hidden in it. Hand it to nobody who works with people "
		      "before "
		      "their agency's\ncontact for conferences has said that no list has their name.\n",
		      cli->err);
}

static int order_and_make(struct told_cli *cli, const struct told_args *args, struct told_audit_copy_part *part)
{
	const char *dir = told_args_get(args, "broker");
	struct told_operator_receipt receipt = {0};
	int exit = send_order(cli, dir, part, &receipt);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	json_t *note = note_of(args, part, &receipt);
	exit = note != NULL ? told_notes_add(cli, dir, NOTES, note) : told_fail_status(cli, TOLD_E_MEMORY, NOTES, NULL);
	if (exit == TOLD_EXIT_DONE)
		exit = make_copy(cli, dir, args->words[0], receipt.index);
	if (exit == TOLD_EXIT_DONE)
		remind(cli, part);
	if (exit == TOLD_EXIT_DONE && cli->json) {
		json_dumpf(note, cli->out, JSON_COMPACT | JSON_PRESERVE_ORDER);
		fputc('\n', cli->out);
	}
	json_decref(note);
	return exit;
}

int told_do_audit_copy(struct told_cli *cli, const struct told_args *args)
{
	struct told_audit_copy_part part = {0};
	json_t *request = NULL;
	if (access(args->words[0], F_OK) == 0)
		return told_failf(cli, TOLD_EXIT_USAGE, "Give a file that is not there yet.",
				  "%s is there already, and would be lost.", args->words[0]);
	int exit = told_request(cli, args, &request);
	if (exit == TOLD_EXIT_DONE)
		exit = read_order(cli, args, request, &part);
	json_decref(request);
	return exit == TOLD_EXIT_DONE ? order_and_make(cli, args, &part) : exit;
}

void told_show_audit_copies(struct told_cli *cli, const json_t *reply)
{
	static const char *const head[] = {"ENTRY", "WHEN", "OF", "FOR", "ASKED BY", "UNTIL", "FILE", "NOTE"};
	struct told_buf rows = TOLD_BUF(1048576);
	size_t i = 0;
	json_t *note = NULL;
	told_table_row(&rows, head, 8);
	json_array_foreach(json_object_get(reply, "copies"), i, note)
	{
		char entry[24], when[40], until[40];
		snprintf(entry, sizeof entry, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(json_object_get(note, "entry")));
		told_time_words(json_object_get(note, "time_ms"), when);
		told_time_words(json_object_get(note, "until_ms"), until);
		const char *cells[] = {entry,
				       when,
				       told_text_of(note, "for"),
				       told_text_of(note, "purpose"),
				       told_text_of(note, "asked_by"),
				       until,
				       told_text_of(note, "file"),
				       told_text_of(note, "note")};
		told_table_row(&rows, cells, 8);
	}
	told_table_print(cli, &rows, "No copy was ordered from this folder. Next: told audit copy OUT --for PARTY");
	told_buf_free(&rows);
}

int told_do_audit_copies(struct told_cli *cli, const struct told_args *args)
{
	json_t *notes = NULL;
	int exit = told_notes_read(cli, told_args_get(args, "broker"), NOTES, &notes);
	json_t *reply = exit == TOLD_EXIT_DONE ? json_pack("{s:O}", "copies", notes) : NULL;
	if (exit == TOLD_EXIT_DONE)
		exit = reply != NULL ? told_finish(cli, args, reply)
				     : told_fail_status(cli, TOLD_E_MEMORY, NOTES, NULL);
	json_decref(reply);
	json_decref(notes);
	return exit;
}
