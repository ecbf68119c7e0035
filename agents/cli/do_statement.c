/* SPDX-License-Identifier: Apache-2.0 */
/* told statement, told slip: what the person gets in their hands or hears read out. The agent gives only what may be
 * told; here it is put into the words of a catalogue, as lines, as one A4 or as JSON. */
#include "agents/cli/do.h"
#include "agents/cli/qr.h"
#include "agents/cli/show.h"

#include "agents/statement/page.h"
#include "broker/base/file.h"

#include <string.h>

#define PAGE_HEAP      (16u * 1024u * 1024u)
#define PAGE_MAX_BYTES (4u * 1024u * 1024u)
#define STATEMENT_MODE 0600 /* it is about one person: the worker's own file until it is printed */

static int load_words(struct told_cli *cli, const struct told_args *args, struct told_catalogue **words)
{
	const char *path = told_args_get(args, "language");
	struct told_catalogue *english = NULL;
	struct told_buf file = TOLD_BUF(TOLD_CATALOGUE_MAX_BYTES), why = TOLD_BUF(1024);
	enum told_status status = told_catalogue_english(&english);
	if (status != TOLD_OK)
		return told_fail_status(cli, status, "The English texts", NULL);
	if (path == NULL) {
		*words = english;
		return TOLD_EXIT_DONE;
	}
	int exit = told_read_input(cli, path, TOLD_CATALOGUE_MAX_BYTES, &file);
	if (exit == TOLD_EXIT_DONE) {
		status = told_catalogue_load(told_buf_view(&file), english, words, &why);
		exit = status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, status, path, &why);
	}
	told_catalogue_free(english);
	told_buf_free(&file);
	told_buf_free(&why);
	return exit;
}

/* ---- the three forms ---- */

static int write_html(struct told_cli *cli, const char *path, const json_t *reply, const struct told_page *page)
{
	struct told_buf code_text = TOLD_BUF(256), html = TOLD_BUF(PAGE_MAX_BYTES);
	struct told_page_code code = {0};
	told_page_code_text(reply, &code_text);
	void *qr = told_qr_modules(told_buf_cstr(&code_text), &code.width, &code.modules);
	told_page_html(page, qr != NULL ? &code : NULL, &html);
	told_qr_free(qr);
	enum told_status status = html.status;
	if (status == TOLD_OK)
		status = told_file_write(path, told_buf_view(&html), STATEMENT_MODE);
	told_buf_free(&html);
	told_buf_free(&code_text);
	if (status != TOLD_OK)
		return told_fail_status(cli, status, path, NULL);
	fprintf(cli->err, "Written: %s\nPrint it for them, then delete the file: it is about one person.\n", path);
	return TOLD_EXIT_DONE;
}

static int print_text(struct told_cli *cli, const json_t *reply, const struct told_page *page, bool paper)
{
	struct told_buf text = TOLD_BUF(PAGE_MAX_BYTES), code = TOLD_BUF(256);
	told_page_text(page, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		fwrite(text.data, 1, text.len, cli->out);
	told_page_code_text(reply, &code);
	if (status == TOLD_OK && paper)
		told_qr_print(cli->out, told_buf_cstr(&code));
	told_buf_free(&text);
	told_buf_free(&code);
	return status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, status, "The page", NULL);
}

static int print_json(struct told_cli *cli, const json_t *reply, const struct told_catalogue *words)
{
	json_t *usages = told_statement_usages(reply, words);
	if (usages == NULL)
		return told_fail_status(cli, TOLD_E_MEMORY, "The statement", NULL);
	json_dumpf(usages, cli->out, JSON_COMPACT);
	fputc('\n', cli->out);
	json_decref(usages);
	return TOLD_EXIT_DONE;
}

static int give(struct told_cli *cli, const struct told_args *args, const json_t *reply, bool slip,
		const struct told_catalogue *words)
{
	struct told_arena *arena = NULL;
	struct told_page page;
	const char *html = told_args_get(args, "html");
	if (cli->json)
		return print_json(cli, reply, words);
	enum told_status status = told_arena_new(PAGE_HEAP, &arena);
	if (status == TOLD_OK)
		status = told_page_make(reply, slip, words, arena, &page);
	int exit = TOLD_EXIT_DONE;
	if (status != TOLD_OK)
		exit = told_fail_status(cli, status, "The page", NULL);
	else if (html != NULL)
		exit = write_html(cli, html, reply, &page);
	else
		exit = print_text(cli, reply, &page, told_args_get(args, "aloud") == NULL);
	told_arena_free(arena);
	return exit;
}

/* ---- the commands ---- */

static int ask_and_give(struct told_cli *cli, const struct told_args *args, bool slip)
{
	struct told_catalogue *words = NULL;
	json_t *request = NULL, *reply = NULL;
	if (told_args_get(args, "aloud") != NULL && told_args_get(args, "html") != NULL)
		return told_fail(cli, TOLD_EXIT_USAGE, "What is read out leaves no page behind.", NULL,
				 "Leave out --html, or --aloud.");
	int exit = load_words(cli, args, &words);
	if (exit == TOLD_EXIT_DONE)
		exit = told_request(cli, args, &request);
	if (exit == TOLD_EXIT_DONE && slip) {
		json_object_set_new(request, "slip", json_true());
		if (json_object_get(request, "limit") == NULL)
			json_object_set_new(request, "limit", json_integer(1));
	}
	if (exit == TOLD_EXIT_DONE)
		exit = told_call(cli, args->command->method, args->command->path, request, &reply);
	if (exit == TOLD_EXIT_DONE)
		exit = give(cli, args, reply, slip, words);
	json_decref(request);
	json_decref(reply);
	told_catalogue_free(words);
	return exit;
}

int told_do_statement(struct told_cli *cli, const struct told_args *args)
{
	return ask_and_give(cli, args, false);
}

int told_do_slip(struct told_cli *cli, const struct told_args *args)
{
	return ask_and_give(cli, args, true);
}
