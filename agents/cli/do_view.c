/* SPDX-License-Identifier: Apache-2.0 */
/* told audit view: looks at the running broker's log, page by page; each page is a query of its own, which the log has
 * before anything comes. The agent asks for its agency; with --broker the operator asks from the broker's folder. */
#include "agents/cli/do.h"
#include "agents/cli/operator.h"
#include "agents/cli/show.h"
#include "agents/view/view.h"

#include "broker/base/file.h"

#include <string.h>

#define LIMIT      1000 /* entries, where nobody says how many */
#define PAGES_MAX  4096 /* queries of one command */
#define PROOF_MODE 0644

struct looking {
	struct told_cli *cli;
	const struct told_args *args;
	json_t *request, *total; /* what is asked next; what came so far */
	size_t limit, queries;
};

static json_t *entries_of(const struct looking *l)
{
	return json_object_get(l->total, "entries");
}

/* ---- one page ---- */

struct page {
	const struct told_audit_view_part *asked;
	json_t *view;
};

static enum told_status take_page(void *ctx, const struct told_view_event *view)
{
	struct page *page = ctx;
	enum told_status status = told_view_check(page->asked, told_text(TOLD_OPERATOR_PARTY), view);
	if (status == TOLD_OK)
		page->view = told_view_json(page->asked, view);
	return status == TOLD_OK && page->view == NULL ? TOLD_E_MEMORY : status;
}

static int ask_as_operator(struct looking *l, json_t **out)
{
	struct told_buf why = TOLD_BUF(4096);
	struct told_query query;
	struct told_operator_receipt receipt = {0};
	struct page page = {.asked = &query.part};
	enum told_status status = told_query_read(l->request, &query, &why);
	bool whose = query.part.all != 0 || query.part.of.len > 0;
	int exit = TOLD_EXIT_DONE;
	if (status == TOLD_OK && (!whose || json_object_get(l->request, "client") != NULL))
		exit = told_fail(
			l->cli, TOLD_EXIT_USAGE, "The operator looks at --all or at one party's entries (--of).",
			"Whom an entry is about is not for the operator to see, so --client is not for you.",
			"A person's entries are looked up by an agency that has some, or in a copy for audit.");
	else if (status == TOLD_OK)
		status = told_operator_look(told_args_get(l->args, "broker"), &query.part, take_page, &page, &receipt,
					    &why);
	if (exit == TOLD_EXIT_DONE && status != TOLD_OK)
		exit = told_fail_status(l->cli, status, "Looking at the log", &why);
	*out = exit == TOLD_EXIT_DONE ? json_pack("{s:o*}", "view", page.view) : NULL;
	told_buf_free(&why);
	return exit;
}

static int ask_as_worker(struct looking *l, json_t **out)
{
	const char *client = json_string_value(json_object_get(l->request, "client"));
	int exit = client != NULL ? told_check_client(l->cli, client) : TOLD_EXIT_DONE;
	return exit == TOLD_EXIT_DONE
		       ? told_call(l->cli, l->args->command->method, l->args->command->path, l->request, out)
		       : exit;
}

/* ---- all pages ---- */

/* What came goes to the rest. False: there is nothing more to ask for. */
static bool take(struct looking *l, const json_t *view)
{
	json_t *missing = json_object_get(view, "missing"), *next = json_object_get(view, "next");
	json_array_extend(entries_of(l), json_object_get(view, "entries"));
	json_object_set(l->total, "size", json_object_get(view, "size"));
	json_object_set(l->total, "next", next);
	if (json_object_get(view, "proof") != NULL)
		json_object_set(l->total, "proof", json_object_get(view, "proof"));
	if (missing != NULL && json_object_get(l->total, "missing") == NULL)
		json_object_set(l->total, "missing", missing);
	else if (missing != NULL)
		json_array_extend(json_object_get(l->total, "missing"), missing);
	json_object_set(l->request, "from", next);
	return json_integer_value(next) > 0 && json_array_size(entries_of(l)) < l->limit && l->queries < PAGES_MAX;
}

/* *refused: the reply of a query that gave nothing; the caller's. */
static int look(struct looking *l, json_t **refused)
{
	bool more = true;
	int exit = TOLD_EXIT_DONE;
	while (exit == TOLD_EXIT_DONE && more) {
		json_t *reply = NULL;
		size_t left = l->limit - json_array_size(entries_of(l));
		json_object_set_new(l->request, "limit", json_integer((json_int_t)left));
		exit = told_args_get(l->args, "broker") != NULL ? ask_as_operator(l, &reply) : ask_as_worker(l, &reply);
		l->queries++;
		const json_t *view = json_object_get(reply, "view");
		more = exit == TOLD_EXIT_DONE && view != NULL && take(l, view);
		if (exit == TOLD_EXIT_DONE && view == NULL)
			*refused = json_incref(reply);
		json_decref(reply);
		if (*refused != NULL)
			break;
	}
	json_object_set_new(l->total, "queries", json_integer((json_int_t)l->queries));
	return exit;
}

/* ---- what is said ---- */

static bool same_flow(const json_t *flow, const json_t *entry)
{
	static const char *const members[] = {"from", "to", "type", "purposes", "clause"};
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		json_t *a = json_object_get(flow, members[i]), *b = json_object_get(entry, members[i]);
		if ((a == NULL) != (b == NULL) || (a != NULL && !json_equal(a, b)))
			return false;
	}
	return true;
}

static void count_flow(json_t *flows, const json_t *entry)
{
	size_t i = 0;
	json_t *flow = NULL;
	json_array_foreach(flows, i, flow) if (same_flow(flow, entry)) break;
	if (i == json_array_size(flows)) {
		flow = json_copy((json_t *)(uintptr_t)entry);
		json_object_set_new(flow, "count", json_integer(0));
		json_array_append_new(flows, flow);
	}
	json_object_set_new(flow, "count", json_integer(json_integer_value(json_object_get(flow, "count")) + 1));
	json_object_set(flow, "time_ms", json_object_get(entry, "time_ms"));
}

/* What went from whom to whom: deliveries, added up. */
static void put_flows(struct looking *l)
{
	json_t *flows = json_array(), *entry = NULL;
	size_t i = 0;
	json_array_foreach(entries_of(l), i, entry) if (strcmp(told_text_of(entry, "phase"), "delivered") == 0)
		count_flow(flows, entry);
	json_object_set_new(l->total, "flows", flows);
}

static int write_proof(const struct looking *l)
{
	const char *out = told_args_get(l->args, "out"), *proof = told_text_of(l->total, "proof");
	if (out == NULL || proof[0] == '\0')
		return TOLD_EXIT_DONE;
	enum told_status status = told_file_write(out, told_text(proof), PROOF_MODE);
	return status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(l->cli, status, out, NULL);
}

static int finish(struct looking *l, const json_t *refused)
{
	if (refused != NULL)
		return told_finish(l->cli, l->args, refused);
	if (told_args_get(l->args, "flows") != NULL)
		put_flows(l);
	int exit = write_proof(l);
	if (exit == TOLD_EXIT_DONE)
		exit = told_finish(l->cli, l->args, l->total);
	return exit == TOLD_EXIT_DONE && json_object_get(l->total, "missing") != NULL ? TOLD_EXIT_INTEGRITY : exit;
}

int told_do_audit_view(struct told_cli *cli, const struct told_args *args)
{
	struct looking l = {.cli = cli, .args = args};
	json_t *refused = NULL;
	int exit = told_request(cli, args, &l.request);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	json_int_t limit = json_integer_value(json_object_get(l.request, "limit"));
	l.limit = limit > 0 ? (size_t)limit : LIMIT;
	l.total = json_pack("{s:[]}", "entries");
	exit = l.total == NULL ? told_fail_status(cli, TOLD_E_MEMORY, "The entries", NULL) : look(&l, &refused);
	if (exit == TOLD_EXIT_DONE)
		exit = finish(&l, refused);
	json_decref(refused);
	json_decref(l.total);
	json_decref(l.request);
	return exit;
}
