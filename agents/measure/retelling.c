/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the forms in a row, has the decision say what passes between them, and counts. */
#include "agents/measure/retelling.h"
#include "agents/measure/forms.h"
#include "agents/measure/sharing.h"

#include "agents/form/measure.h"
#include "broker/decide/codes.h"
#include <stdlib.h>
#include <string.h>

struct row {
	const struct told_retelling_ask *ask;
	struct told_measured *forms;
	size_t count;
	struct told_shared *shared; /* of each pair, from * count + to; NULL: everything passes */
	struct told_measure *measure;
};

/* ---- what passes ---- */

static bool passes(const struct row *r, size_t from, size_t to, unsigned category)
{
	return r->shared == NULL || r->shared[from * r->count + to].code[category] == 0;
}

static bool may(void *ctx, size_t from, size_t to, unsigned category)
{
	return passes(ctx, from, to, category);
}

static enum told_status rule_pair(const struct row *r, size_t from, size_t to, struct told_buf *why)
{
	const struct told_sharing_ask ask = {
		.agreements = r->ask->agreements,
		.agreement_count = r->ask->agreement_count,
		.permissions = r->ask->permissions,
		.clock = r->ask->clock,
	};
	struct told_catset wanted = told_form_categories(r->forms[from].form);
	struct told_faults faults = TOLD_FAULTS(r->ask->permissions != NULL ? r->ask->permissions : ask.agreements[0]);
	enum told_status status = told_sharing_rule(&ask, r->forms[from].party, r->forms[to].party, &wanted, &faults,
						    &r->shared[from * r->count + to]);
	if (status != TOLD_OK)
		told_faults_print(&faults, why);
	told_faults_free(&faults);
	return status;
}

static enum told_status rule_all(struct row *r, struct told_buf *why)
{
	if (r->ask->agreement_count == 0)
		return TOLD_OK;
	for (size_t i = 0; i < r->count; i++)
		if (r->forms[i].party == NULL) {
			told_buf_printf(why, "%s: under an agreement it matters who asks. Add --party %s=PARTY.",
					r->forms[i].name, r->forms[i].name);
			return TOLD_E_USAGE;
		}
	r->shared = calloc(r->count * r->count, sizeof *r->shared);
	enum told_status status = r->shared != NULL ? TOLD_OK : TOLD_E_MEMORY;
	for (size_t to = 1; to < r->count; to++)
		for (size_t from = 0; from < to && status == TOLD_OK; from++)
			status = rule_pair(r, from, to, why);
	return status;
}

/* ---- questions that are asked although something close was told ---- */

static bool is_near(const struct told_measured *a, const char *a_code, const struct told_measured *b,
		    const char *b_code)
{
	const char *of_a = json_string_value(json_object_get(a->near, a_code));
	const char *of_b = json_string_value(json_object_get(b->near, b_code));
	return (of_a != NULL && strcmp(of_a, b_code) == 0) || (of_b != NULL && strcmp(of_b, a_code) == 0);
}

/* Whether a form before this one asked the same question, or only one that is close. */
static void look_back(const struct row *r, size_t at, const struct told_item *item, bool *same, bool *near)
{
	*same = *near = false;
	for (size_t from = 0; from < at; from++)
		for (size_t i = 0; i < told_form_count(r->forms[from].form); i++) {
			const struct told_item *told = told_form_item(r->forms[from].form, i);
			if (!told_item_is_question(told) || told->ask == TOLD_ASK_ALWAYS ||
			    !passes(r, from, at, told->category))
				continue;
			*same |= strcmp(told->code, item->code) == 0;
			*near |= is_near(&r->forms[from], told->code, &r->forms[at], item->code);
		}
}

static size_t count_near(const struct row *r)
{
	size_t count = 0;
	for (size_t at = 0; at < r->count; at++)
		for (size_t i = 0; i < told_form_count(r->forms[at].form); i++) {
			const struct told_item *item = told_form_item(r->forms[at].form, i);
			bool same, near;
			if (!told_item_is_question(item) || item->ask == TOLD_ASK_ALWAYS)
				continue;
			look_back(r, at, item, &same, &near);
			count += near && !same;
		}
	return count;
}

/* ---- the report ---- */

static json_t *figures_json(const struct told_figures *f)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "separately", (json_int_t)f->separately, "prefilled",
			 (json_int_t)f->prefilled, "confirmed", (json_int_t)f->confirmed, "asked", (json_int_t)f->asked,
			 "always", (json_int_t)f->always, "asked_twice", (json_int_t)f->asked_twice, "asked_again",
			 (json_int_t)f->asked_again);
}

static json_t *forms_json(const struct row *r)
{
	json_t *list = json_array();
	for (size_t i = 0; i < r->count; i++) {
		struct told_figures figures = told_measure_service(r->measure, i);
		json_t *one = json_pack("{s:s, s:s?, s:I}", "form", r->forms[i].name, "party", r->forms[i].party,
					"listed", (json_int_t)r->forms[i].listed);
		json_t *counted = figures_json(&figures);
		json_object_update(one, counted);
		json_decref(counted);
		json_array_append_new(list, one);
	}
	return list;
}

/* The reason of the ruling between the last service that had it and this one. */
static const char *reason(const struct row *r, size_t from, size_t to, unsigned category)
{
	const struct told_code_row *row = told_code_row(r->shared[from * r->count + to].code[category]);
	return row != NULL ? row->name : "?";
}

static json_t *withheld_line(const struct row *r, const json_t *line)
{
	const json_t *told_at = json_object_get(line, "told_at");
	size_t to = (size_t)json_integer_value(json_object_get(line, "at")), from = 0;
	unsigned category =
		told_value(TOLD_LIST_CATEGORY, told_text(json_string_value(json_object_get(line, "category"))));
	json_t *names = json_array();
	for (size_t i = 0; i < json_array_size(told_at); i++) {
		from = (size_t)json_integer_value(json_array_get(told_at, i));
		json_array_append_new(names, json_string(r->forms[from].name));
	}
	return json_pack("{s:O, s:O, s:O, s:s, s:o, s:s}", "code", json_object_get(line, "code"), "category",
			 json_object_get(line, "category"), "ask", json_object_get(line, "ask"), "form",
			 r->forms[to].name, "told_at", names, "why", reason(r, from, to, category));
}

static enum told_status report(const struct row *r, json_t **out)
{
	struct told_figures total = told_measure_figures(r->measure);
	json_t *ledger = NULL, *withheld = json_array(), *line = NULL;
	size_t i;
	enum told_status status = told_measure_json(r->measure, &ledger);
	json_array_foreach(json_object_get(ledger, "withheld"), i, line)
		json_array_append_new(withheld, withheld_line(r, line));
	json_decref(ledger);
	*out = json_pack("{s:o, s:o, s:I, s:s, s:o}", "forms", forms_json(r), "total", figures_json(&total), "near",
			 (json_int_t)count_near(r), "sharing", r->shared != NULL ? "agreements" : "everything",
			 "withheld", withheld);
	return status == TOLD_OK && *out == NULL ? TOLD_E_MEMORY : status;
}

static enum told_status count(struct row *r, struct told_buf *why)
{
	const struct told_form *forms[TOLD_RETELLING_FORMS_MAX];
	enum told_status status = rule_all(r, why);
	for (size_t i = 0; i < r->count; i++)
		forms[i] = r->forms[i].form;
	if (status == TOLD_OK)
		status = told_measure_new(&r->measure);
	return status == TOLD_OK ? told_measure_forms(r->measure, forms, r->count, may, r) : status;
}

enum told_status told_retelling_count(const struct told_retelling_ask *ask, json_t **out, struct told_buf *why)
{
	struct row r = {.ask = ask};
	*out = NULL;
	enum told_status status = told_measured_open(ask, &r.forms, &r.count, why);
	if (status == TOLD_OK)
		status = count(&r, why);
	if (status == TOLD_OK)
		status = report(&r, out);
	told_measure_free(r.measure);
	free(r.shared);
	told_measured_close(r.forms, r.count);
	return status;
}
