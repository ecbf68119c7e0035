/* SPDX-License-Identifier: Apache-2.0 */
/* told alert sheet: what may be read out on the telephone, as one page for the screen or for paper. What the ruling
 * does not release is not on it. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include "agents/statement/page.h"
#include "broker/base/file.h"
#include "told/limits.h"

#include <string.h>

#define PAGE_HEAP      (8u * 1024u * 1024u)
#define PAGE_MAX_BYTES (1024u * 1024u)
#define SHEET_MODE     0600

static void add(struct told_page *page, enum told_line_kind kind, const char *before, const char *text)
{
	struct told_buf line = TOLD_BUF(PAGE_MAX_BYTES);
	if (page->status != TOLD_OK)
		return;
	told_buf_put_text(&line, before);
	told_buf_put_text(&line, text);
	char *kept = line.status == TOLD_OK && page->count < TOLD_PAGE_LINES_MAX
			     ? told_arena_text(page->arena, told_buf_view(&line))
			     : NULL;
	told_buf_free(&line);
	if (kept == NULL)
		page->status = TOLD_E_LIMIT;
	else
		page->lines[page->count++] = (struct told_line){kind, kept};
}

/* One section: its words, and its answers as they were given. */
static void add_section(struct told_page *page, const json_t *section)
{
	const json_t *story = json_object_get(section, "story"), *items = json_object_get(story, "items");
	const char *text = told_text_of(story, "text");
	add(page, TOLD_LINE_WHEN, "", told_category_words(told_text_of(section, "category")));
	if (text[0] != '\0')
		add(page, TOLD_LINE_ENTRY, "", text);
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *value = json_object_get(json_array_get(items, i), "value");
		if (json_is_string(value))
			add(page, TOLD_LINE_MORE, "", json_string_value(value));
	}
}

static void make(struct told_cli *cli, const json_t *reply, struct told_page *page)
{
	const json_t *sheet = json_object_get(reply, "sheet"), *alert = json_object_get(reply, "alert");
	char when[40], line[512];
	size_t i = 0;
	json_t *section = NULL;
	add(page, TOLD_LINE_TITLE, "Telephone now: ", told_text_of(sheet, "telephone"));
	add(page, TOLD_LINE_CLOSING, "", told_text_of(reply, "danger"));
	add(page, TOLD_LINE_PLAIN, "To: ", told_text_of(sheet, "name"));
	add(page, TOLD_LINE_PLAIN, "From: ", told_text_of(reply, "from"));
	told_time_words(json_object_get(alert, "raised_ms"), when);
	snprintf(line, sizeof line, "Raised %s by worker %s. Number of this alert: %s", when,
		 told_text_of(alert, "author"), told_text_of(alert, "id"));
	add(page, TOLD_LINE_PLAIN, "", line);
	add(page, TOLD_LINE_HEADING, "", "Say this, and no more");
	json_array_foreach(json_object_get(sheet, "say"), i, section) add_section(page, section);
	if (json_array_size(json_object_get(sheet, "say")) == 0)
		add(page, TOLD_LINE_ENTRY, "", "Nothing may be said now. Ask a senior or the safeguarding lead.");
	add(page, TOLD_LINE_HEADING, "", "Write down");
	add(page, TOLD_LINE_WRITE, "", "Who answered, at what time, and what they will do:");
	snprintf(line, sizeof line, "Then type: told disclosure record %s --to %s --alert %s",
		 told_text_of(alert, "client"), told_text_of(alert, "to"), told_text_of(alert, "id"));
	add(page, TOLD_LINE_PLAIN, "",
	    strcmp(told_text_of(alert, "stands"), "by_hand") == 0 || json_object_get(alert, "arrived_ms") == NULL
		    ? line
		    : "Then type: told alert called, with this number and who answered.");
	told_time_words(json_object_get(reply, "printed_ms"), when);
	add(page, TOLD_LINE_FOOT, "This page is about one person: destroy it afterwards. Printed ", when);
	(void)cli;
}

static int put(struct told_cli *cli, const struct told_page *page, const char *file)
{
	struct told_buf text = TOLD_BUF(PAGE_MAX_BYTES);
	if (file != NULL)
		told_page_html(page, NULL, &text);
	else
		told_page_text(page, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK && file != NULL)
		status = told_file_write(file, told_buf_view(&text), SHEET_MODE);
	else if (status == TOLD_OK)
		fwrite(text.data, 1, text.len, cli->out);
	told_buf_free(&text);
	if (status != TOLD_OK)
		return told_fail_status(cli, status, file != NULL ? file : "The sheet", NULL);
	if (file != NULL)
		fprintf(cli->err, "Written: %s\nPrint it, ring, then destroy both: it is about one person.\n", file);
	return TOLD_EXIT_DONE;
}

static int print_sheet(struct told_cli *cli, const json_t *reply, const char *file)
{
	struct told_catalogue *english = NULL;
	struct told_page page = {0};
	enum told_status status = told_catalogue_english(&english);
	if (status == TOLD_OK)
		status = told_arena_new(PAGE_HEAP, &page.arena);
	page.words = english;
	page.lines = status == TOLD_OK ? told_arena_alloc(page.arena, TOLD_PAGE_LINES_MAX * sizeof *page.lines) : NULL;
	if (status == TOLD_OK && page.lines == NULL)
		status = TOLD_E_MEMORY;
	if (status == TOLD_OK)
		make(cli, reply, &page);
	status = status == TOLD_OK ? page.status : status;
	int exit = status == TOLD_OK ? put(cli, &page, file) : told_fail_status(cli, status, "The sheet", NULL);
	told_arena_free(page.arena);
	told_catalogue_free(english);
	return exit;
}

int told_do_alert_sheet(struct told_cli *cli, const struct told_args *args)
{
	struct told_buf path = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	json_t *reply = NULL;
	int exit = told_call_path(cli, args, &path);
	const char *text = exit == TOLD_EXIT_DONE ? told_buf_cstr(&path) : NULL;
	if (exit == TOLD_EXIT_DONE && text == NULL)
		exit = told_fail_status(cli, TOLD_E_MEMORY, "The request", NULL);
	if (exit == TOLD_EXIT_DONE)
		exit = told_call(cli, args->command->method, text, NULL, &reply);
	if (exit == TOLD_EXIT_DONE && cli->json) {
		json_dumpf(reply, cli->out, JSON_COMPACT);
		fputc('\n', cli->out);
	} else if (exit == TOLD_EXIT_DONE) {
		exit = print_sheet(cli, reply, told_args_get(args, "html"));
	}
	json_decref(reply);
	told_buf_free(&path);
	return exit;
}
