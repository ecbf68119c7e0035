/* SPDX-License-Identifier: Apache-2.0 */
/* Recording a permission, and the page that is read or signed in the doorway (practice.md section 3). */
#include "agents/cli/agreement.h"
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include "broker/agree/span.h"
#include "told/vocabulary.h"
#include <string.h>

/* ---- record ---- */

/* A star is how permissions were once given for everything to everybody; nobody can agree to what is not named. */
static int refuse_star(struct told_cli *cli, const struct told_args *args)
{
	for (size_t i = 0; i < args->option_count; i++) {
		const char *value = args->options[i].value;
		for (size_t at = 0; value[at] != '\0';
		     at += strcspn(value + at, ",") + (value[at + strcspn(value + at, ",")] == ','))
			if (value[at] == '*' && (value[at + 1] == '\0' || value[at + 1] == ','))
				return told_failf(
					cli, TOLD_EXIT_USAGE,
					"Name each organisation, purpose and group: that is what the person is asked.",
					"--%s may not be \"*\": nobody can agree to what was not named to them.",
					args->options[i].option->name);
	}
	return TOLD_EXIT_DONE;
}

static int refuse_empty(struct told_cli *cli, const json_t *request)
{
	static const struct {
		const char *member, *option, *what;
	} parts[] = {
		{"recipients", "--to TT,SUD", "which organisations"},
		{"purposes", "--for REFERRAL,COORD", "what for"},
		{"include", "--group home,mind or --category HOU.SIT", "which parts of the story"},
	};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (json_array_size(json_object_get(request, parts[i].member)) == 0) {
			char fix[128];
			snprintf(fix, sizeof fix, "Add %s.", parts[i].option);
			return told_failf(cli, TOLD_EXIT_USAGE, fix,
					  "The permission does not say %s: an empty scope permits nothing and reads as "
					  "everything.",
					  parts[i].what);
		}
	return TOLD_EXIT_DONE;
}

static enum told_status add_categories(const struct told_catset *set, json_t *include)
{
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++)
		if (told_catset_has(set, category) &&
		    json_array_append_new(include, json_string(told_code(TOLD_LIST_CATEGORY, category))) != 0)
			return TOLD_E_MEMORY;
	return TOLD_OK;
}

static int add_group(struct told_cli *cli, const struct told_paper *paper, struct told_bytes name, json_t *include)
{
	for (size_t i = 0; i < paper->agreement->group_count; i++) {
		const struct told_group *group = &paper->agreement->groups[i];
		if (!told_bytes_equal(group->name, name))
			continue;
		enum told_status status = add_categories(&group->data, include);
		return status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, status, "--group", NULL);
	}
	return told_failf(cli, TOLD_EXIT_USAGE, "told consent form shows the groups of the agreement.",
			  "The agreement has no group %.*s.", (int)name.len, name.data);
}

/* Groups are the agreement's words for categories; what is signed is the categories. */
static int add_groups(struct told_cli *cli, const struct told_args *args, json_t *request)
{
	const char *groups = told_args_get(args, "group");
	json_t *include = json_object_get(request, "include");
	struct told_paper paper;
	if (include == NULL && json_object_set_new(request, "include", include = json_array()) != 0)
		return told_fail_status(cli, TOLD_E_MEMORY, "--group", NULL);
	if (groups == NULL)
		return TOLD_EXIT_DONE;
	int exit = told_paper_find(cli, args, &paper);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	while (exit == TOLD_EXIT_DONE && *groups != '\0') {
		size_t len = strcspn(groups, ",");
		exit = add_group(cli, &paper, told_bytes(groups, len), include);
		groups += len + (groups[len] == ',');
	}
	told_paper_close(&paper);
	return exit;
}

/* "TT:crisis" names a team. */
static int split_teams(struct told_cli *cli, json_t *request)
{
	json_t *recipients = json_object_get(request, "recipients"), *recipient = NULL;
	size_t i = 0;
	json_array_foreach(recipients, i, recipient)
	{
		const char *text = json_string_value(recipient), *colon = strchr(text, ':');
		if (colon == NULL)
			continue;
		json_t *named = json_pack("{s:s%, s:s}", "party", text, (size_t)(colon - text), "team", colon + 1);
		if (json_array_set_new(recipients, i, named) != 0)
			return told_fail_status(cli, TOLD_E_MALFORMED, "--to", NULL);
	}
	return TOLD_EXIT_DONE;
}

/* A day that something begins is meant from its morning on; options give the end of a day. */
static int begin_days(struct told_cli *cli, json_t *request)
{
	static const char *const members[] = {"given_ms", "data_from_ms"};
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		const json_t *end = json_object_get(request, members[i]);
		if (end != NULL &&
		    json_object_set_new(request, members[i], json_integer(json_integer_value(end) - TOLD_MS_DAY)) != 0)
			return told_fail_status(cli, TOLD_E_MEMORY, members[i], NULL);
	}
	return TOLD_EXIT_DONE;
}

/* Only a yes has a scope that may not be empty: a no may be of everything, and a question has none yet. */
static bool says_yes(const json_t *request)
{
	const char *state = json_string_value(json_object_get(request, "state"));
	return state == NULL || strcmp(state, "given") == 0;
}

int told_do_consent(struct told_cli *cli, const struct told_args *args)
{
	json_t *request = NULL;
	bool refused = told_args_get(args, "refused") != NULL;
	int exit = refuse_star(cli, args);
	if (exit == TOLD_EXIT_DONE)
		exit = told_request(cli, args, &request);
	if (exit == TOLD_EXIT_DONE)
		exit = add_groups(cli, args, request);
	if (exit == TOLD_EXIT_DONE)
		exit = split_teams(cli, request);
	if (exit == TOLD_EXIT_DONE && refused && json_object_set_new(request, "state", json_string("refused")) != 0)
		exit = told_fail_status(cli, TOLD_E_MEMORY, "The refusal", NULL);
	if (exit == TOLD_EXIT_DONE)
		exit = begin_days(cli, request);
	if (exit == TOLD_EXIT_DONE && says_yes(request))
		exit = refuse_empty(cli, request);
	if (exit == TOLD_EXIT_DONE)
		exit = told_add_secret(cli, args, "words", request);
	if (exit == TOLD_EXIT_DONE)
		return told_run_request(cli, args, request);
	json_decref(request);
	return exit;
}

/* ---- the page ---- */

static void print_never(FILE *out, const struct told_paper *paper)
{
	const struct told_agreement *a = paper->agreement;
	for (uint32_t party = 1; party <= told_party_count(paper->parties); party++)
		if (told_partyset_has(&a->never_to, party)) {
			struct told_bytes name = told_paper_party(paper, party);
			fprintf(out, "  We never tell: %.*s\n", (int)name.len, name.data);
		}
	for (unsigned purpose = 1; purpose <= told_list_max(TOLD_LIST_PURPOSE) && purpose <= 32; purpose++)
		if (a->never_for & TOLD_BIT32(purpose))
			fprintf(out, "  We never share for: %s, unless someone is in danger or a court orders it\n",
				told_words(TOLD_LIST_PURPOSE, purpose));
}

static void print_groups(FILE *out, const struct told_agreement *a)
{
	for (size_t i = 0; i < a->group_count; i++) {
		const struct told_group *group = &a->groups[i];
		fprintf(out, "  [ ] %.*s  (%.*s)\n", (int)group->words.len, group->words.data, (int)group->name.len,
			group->name.data);
		for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++)
			if (told_catset_has(&group->data, category))
				fprintf(out, "        %s\n", told_words(TOLD_LIST_CATEGORY, category));
	}
}

static void print_parties(FILE *out, const struct told_paper *paper)
{
	const struct told_agreement *a = paper->agreement;
	for (size_t i = 0; i < a->party_count; i++) {
		if (a->parties[i].marks & TOLD_MARK_PERSON)
			continue;
		struct told_bytes name = told_paper_party(paper, a->parties[i].party);
		fprintf(out, "  [ ] %.*s  (%s)\n", (int)name.len, name.data,
			told_party_name(paper->parties, a->parties[i].party));
	}
}

/* The latest notice: the page is given under it. */
static unsigned notice_of(const struct told_agreement *a)
{
	unsigned latest = 0;
	for (size_t i = 0; i < a->notice_count; i++)
		latest = a->notices[i].version > latest ? a->notices[i].version : latest;
	return latest;
}

int told_do_consent_form(struct told_cli *cli, const struct told_args *args)
{
	struct told_paper paper;
	FILE *out = cli->out;
	int exit = told_paper_find(cli, args, &paper);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	const struct told_agreement *a = paper.agreement;
	fprintf(out, "YOUR PERMISSION\n%.*s, version %u, notice %u\n\n", (int)a->title.len, a->title.data, a->version,
		notice_of(a));
	print_never(out, &paper);
	fputs("  You can say no to any line. You can stop this at any time, at any of these services; you need give no "
	      "reason.\n"
	      "  Saying no does not change what you get from the service you are in.\n\n"
	      "What help do you need to read or hear this? (interpreter, signing, Easy Read, large print, read aloud)\n"
	      "  ______________________________________________________________\n\n"
	      "Who may know?\n",
	      out);
	print_parties(out, &paper);
	fputs("\nWhat may they know? Strike out any line.\n", out);
	print_groups(out, a);
	fputs("\nUntil  ____ / ____ / ________     Card  ____________________\n\n"
	      "Signed, or the worker's note (when, where, words used, interpreter, who else was there):\n"
	      "  ______________________________________________________________\n"
	      "  ______________________________________________________________\n"
	      "Worker's number  ____________     Date  ____ / ____ / ________\n",
	      out);
	told_paper_close(&paper);
	return TOLD_EXIT_DONE;
}
