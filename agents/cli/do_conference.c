/* SPDX-License-Identifier: Apache-2.0 */
/* Saying something in a conference, and the page of it. Reads the files that a worker names, writes the one page. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include "agents/conference/page.h"
#include "broker/base/file.h"
#include "told/limits.h"

#include <string.h>

#define PAGE_MAX_BYTES (4u * 1024u * 1024u)
#define PAGE_MODE      0600 /* confidential: the worker's own file until it is printed */

/* ---- saying ---- */

/* "MH.ATT=words" as {"category", "text"}. */
static int put_part(struct told_cli *cli, const char *option, const char *typed, json_t *list)
{
	const char *equal = strchr(typed, '=');
	json_t *text = NULL;
	if (equal == NULL || equal == typed)
		return told_failf(cli, TOLD_EXIT_USAGE, "Write --fact HOU.SIT=\"the words\", or --fact HOU.SIT=@FILE.",
				  "What stands behind --%s is a category, an equals sign and words.", option);
	int exit = told_read_words(cli, equal + 1, &text);
	json_t *part = exit == TOLD_EXIT_DONE
			       ? json_pack("{s:s%, s:O}", "category", typed, (size_t)(equal - typed), "text", text)
			       : NULL;
	if (exit == TOLD_EXIT_DONE && (part == NULL || json_array_append(list, part) != 0))
		exit = told_fail_status(cli, TOLD_E_MALFORMED, "The words", NULL);
	json_decref(text);
	json_decref(part);
	return exit;
}

static int put_parts(struct told_cli *cli, const struct told_args *args, json_t *request)
{
	static const struct {
		const char *option, *member;
	} kinds[] = {{"fact", "facts"}, {"view", "views"}, {"said", "said"}};
	int exit = TOLD_EXIT_DONE;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		json_t *list = json_array();
		for (size_t i = 0; exit == TOLD_EXIT_DONE && i < args->option_count; i++)
			if (strcmp(args->options[i].option->name, kinds[k].option) == 0)
				exit = put_part(cli, kinds[k].option, args->options[i].value, list);
		if (exit == TOLD_EXIT_DONE && json_array_size(list) > 0)
			json_object_set(request, kinds[k].member, list);
		json_decref(list);
	}
	return exit;
}

/* Words of more than a line stand in a file. */
static int read_text(struct told_cli *cli, json_t *request)
{
	json_t *text = NULL;
	const char *typed = json_string_value(json_object_get(request, "text"));
	if (typed == NULL || typed[0] != '@')
		return TOLD_EXIT_DONE;
	int exit = told_read_words(cli, typed, &text);
	if (exit == TOLD_EXIT_DONE)
		json_object_set(request, "text", text);
	json_decref(text);
	return exit;
}

int told_do_conference(struct told_cli *cli, const struct told_args *args)
{
	json_t *request = NULL;
	int exit = told_request(cli, args, &request);
	if (exit == TOLD_EXIT_DONE)
		exit = read_text(cli, request);
	if (exit == TOLD_EXIT_DONE)
		exit = put_parts(cli, args, request);
	if (exit == TOLD_EXIT_DONE)
		return told_run_request(cli, args, request); /* takes the request */
	json_decref(request);
	return exit;
}

/* ---- the page ---- */

struct html {
	struct told_cli *cli;
	struct told_buf *out;
};

static const char *party_of(void *ctx, const char *id)
{
	const struct html *h = ctx;
	return told_party_words(h->cli, id);
}

static void put_line(void *ctx, enum told_conference_line kind, const char *text)
{
	const struct html *h = ctx;
	told_conference_html_line(kind, text, h->out);
}

static int write_page(struct told_cli *cli, const char *path, const json_t *reply)
{
	struct told_buf out = TOLD_BUF(PAGE_MAX_BYTES);
	struct html h = {.cli = cli, .out = &out};
	struct told_conference_page page = {&h, party_of, told_date_words, put_line};
	told_conference_html_begin(&out);
	told_conference_lines(reply, &page);
	told_conference_html_end(&out);
	enum told_status status = out.status;
	if (status == TOLD_OK)
		status = told_file_write(path, told_buf_view(&out), PAGE_MODE);
	told_buf_free(&out);
	if (status != TOLD_OK)
		return told_fail_status(cli, status, path, NULL);
	fprintf(cli->err, "Written: %s\nIt is confidential and for you alone: print it, then delete the file.\n", path);
	return TOLD_EXIT_DONE;
}

int told_do_conference_show(struct told_cli *cli, const struct told_args *args)
{
	struct told_buf path = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	const char *html = told_args_get(args, "html");
	json_t *reply = NULL;
	if (html == NULL)
		return told_run_call(cli, args);
	int exit = told_call_path(cli, args, &path);
	if (exit == TOLD_EXIT_DONE)
		exit = told_call(cli, "GET", told_buf_cstr(&path), NULL, &reply);
	if (exit == TOLD_EXIT_DONE)
		exit = write_page(cli, html, reply);
	json_decref(reply);
	told_buf_free(&path);
	return exit;
}
