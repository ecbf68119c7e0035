/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of questions: for each code, at which services it was asked. */
#include "agents/form/measure.h"

#include <stdlib.h>
#include <string.h>

struct told_measure {
	struct told_figures figures;
	json_t *asked;             /* code -> list of the services that asked it, in order */
	json_t *again;             /* codes that were asked again */
	json_t *withheld;          /* the same with where, and where it had been told */
	struct told_figures *each; /* of the services, in order */
};

enum told_status told_measure_new(struct told_measure **out)
{
	struct told_measure *measure = calloc(1, sizeof *measure);
	if (measure != NULL) {
		measure->asked = json_object();
		measure->again = json_array();
		measure->withheld = json_array();
	}
	bool ok = measure != NULL && measure->asked != NULL && measure->again != NULL && measure->withheld != NULL;
	if (!ok)
		told_measure_free(measure);
	*out = ok ? measure : NULL;
	return ok ? TOLD_OK : TOLD_E_MEMORY;
}

void told_measure_free(struct told_measure *measure)
{
	if (measure == NULL)
		return;
	json_decref(measure->asked);
	json_decref(measure->again);
	json_decref(measure->withheld);
	free(measure->each);
	free(measure);
}

/* Writes down that this service asked the question. */
static enum told_status note_asked(struct told_measure *measure, const struct told_item *item)
{
	json_t *services = json_object_get(measure->asked, item->code);
	if (services == NULL) {
		services = json_array();
		if (json_object_set_new(measure->asked, item->code, services) != 0)
			return TOLD_E_MEMORY;
	}
	json_t *service = json_integer((json_int_t)measure->figures.services);
	return json_array_append_new(services, service) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

/* Writes down that somebody had told it, and that it did not reach this service. */
static enum told_status note_again(struct told_measure *measure, const struct told_item *item, const json_t *told_at)
{
	json_t *one = json_pack("{s:s, s:s, s:s, s:I, s:o}", "code", item->code, "category",
				told_code(TOLD_LIST_CATEGORY, item->category), "ask",
				item->ask == TOLD_ASK_ONCE ? "once" : "confirm", "at",
				(json_int_t)measure->figures.services, "told_at", json_deep_copy(told_at));
	if (json_array_append_new(measure->withheld, one) != 0)
		return TOLD_E_MEMORY;
	return json_array_append_new(measure->again, json_string(item->code)) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status count_asked(struct told_measure *measure, const struct told_item *item)
{
	json_t *before = json_object_get(measure->asked, item->code);
	measure->figures.asked++;
	measure->figures.asked_again += before != NULL;
	measure->figures.asked_twice += before != NULL && item->ask == TOLD_ASK_ONCE;
	enum told_status status = before != NULL ? note_again(measure, item, before) : TOLD_OK;
	return status == TOLD_OK ? note_asked(measure, item) : status;
}

static enum told_status count(struct told_measure *measure, const struct told_item *item, enum told_handling handling)
{
	measure->figures.separately++;
	switch (handling) {
	case TOLD_HANDLING_PREFILLED: measure->figures.prefilled++; return TOLD_OK;
	case TOLD_HANDLING_CONFIRM: measure->figures.confirmed++; return note_asked(measure, item);
	case TOLD_HANDLING_ALWAYS: measure->figures.always++; return TOLD_OK;
	case TOLD_HANDLING_ASK: return count_asked(measure, item);
	default: return TOLD_E_INTERNAL;
	}
}

/* The service is through: what it added to the figures is its own. */
static enum told_status close_service(struct told_measure *measure, const struct told_figures *before)
{
	struct told_figures now = measure->figures;
	struct told_figures *each = realloc(measure->each, (now.services + 1) * sizeof *each);
	if (each == NULL)
		return TOLD_E_MEMORY;
	measure->each = each;
	each[now.services] = (struct told_figures){
		.services = 1,
		.separately = now.separately - before->separately,
		.prefilled = now.prefilled - before->prefilled,
		.confirmed = now.confirmed - before->confirmed,
		.asked = now.asked - before->asked,
		.always = now.always - before->always,
		.asked_twice = now.asked_twice - before->asked_twice,
		.asked_again = now.asked_again - before->asked_again,
	};
	measure->figures.services++;
	return TOLD_OK;
}

enum told_status told_measure_visit(struct told_measure *measure, const struct told_intake *intake)
{
	struct told_figures before = measure->figures;
	for (size_t i = 0; i < told_form_count(told_intake_form(intake)); i++) {
		struct told_intake_line line = told_intake_line(intake, i);
		if (line.handling == TOLD_HANDLING_NONE || line.shown != TOLD_SHOWN_YES)
			continue;
		enum told_status status = count(measure, line.item, line.handling);
		if (status != TOLD_OK)
			return status;
	}
	return close_service(measure, &before);
}

static enum told_status count_list(struct told_measure *measure, const struct told_form *form, const json_t *lines,
				   enum told_handling handling)
{
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const char *link = json_string_value(json_object_get(json_array_get(lines, i), "linkId"));
		size_t index = link != NULL ? told_form_find(form, link) : TOLD_NO_ITEM;
		if (index == TOLD_NO_ITEM || !told_item_is_question(told_form_item(form, index)))
			return TOLD_E_MALFORMED;
		enum told_status status = count(measure, told_form_item(form, index), handling);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

enum told_status told_measure_screen(struct told_measure *measure, const struct told_form *form, const json_t *screen)
{
	struct told_figures before = measure->figures;
	for (enum told_handling handling = TOLD_HANDLING_PREFILLED; handling < TOLD_HANDLING_COUNT; handling++) {
		const json_t *lines = json_object_get(screen, told_handling_text(handling));
		enum told_status status =
			json_is_array(lines) ? count_list(measure, form, lines, handling) : TOLD_E_MALFORMED;
		if (status != TOLD_OK)
			return status;
	}
	return close_service(measure, &before);
}

/* -- forms without a person -- */

struct permitted {
	told_may_fn *may;
	void *ctx;
	size_t first; /* the ledger's number of forms[0] */
};

static bool reaches(const struct told_measure *measure, const struct told_item *item, const struct permitted *permitted,
		    size_t to)
{
	const json_t *services = json_object_get(measure->asked, item->code);
	for (size_t i = 0; i < json_array_size(services); i++) {
		size_t from = (size_t)json_integer_value(json_array_get(services, i));
		if (from >= permitted->first &&
		    (permitted->may == NULL ||
		     permitted->may(permitted->ctx, from - permitted->first, to, item->category)))
			return true;
	}
	return false;
}

static enum told_status count_form(struct told_measure *measure, const struct told_form *form,
				   const struct permitted *permitted, size_t to)
{
	struct told_figures before = measure->figures;
	for (size_t i = 0; i < told_form_count(form); i++) {
		const struct told_item *item = told_form_item(form, i);
		enum told_handling handling = TOLD_HANDLING_ALWAYS;
		if (!told_item_is_question(item))
			continue;
		if (item->ask != TOLD_ASK_ALWAYS && !reaches(measure, item, permitted, to))
			handling = TOLD_HANDLING_ASK;
		else if (item->ask != TOLD_ASK_ALWAYS)
			handling = item->ask == TOLD_ASK_ONCE ? TOLD_HANDLING_PREFILLED : TOLD_HANDLING_CONFIRM;
		enum told_status status = count(measure, item, handling);
		if (status != TOLD_OK)
			return status;
	}
	return close_service(measure, &before);
}

enum told_status told_measure_forms(struct told_measure *measure, const struct told_form *const *forms,
				    size_t forms_count, told_may_fn *may, void *ctx)
{
	struct permitted permitted = {.may = may, .ctx = ctx, .first = measure->figures.services};
	for (size_t i = 0; i < forms_count; i++) {
		enum told_status status = count_form(measure, forms[i], &permitted, i);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

struct told_figures told_measure_figures(const struct told_measure *measure)
{
	return measure->figures;
}

struct told_figures told_measure_service(const struct told_measure *measure, size_t service)
{
	return service < measure->figures.services ? measure->each[service] : (struct told_figures){0};
}

enum told_status told_measure_json(const struct told_measure *measure, json_t **out)
{
	const struct told_figures *f = &measure->figures;
	*out = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "services", (json_int_t)f->services,
			 "separately", (json_int_t)f->separately, "prefilled", (json_int_t)f->prefilled, "confirmed",
			 (json_int_t)f->confirmed, "asked", (json_int_t)f->asked, "always", (json_int_t)f->always,
			 "asked_twice", (json_int_t)f->asked_twice, "asked_again", (json_int_t)f->asked_again, "again",
			 json_deep_copy(measure->again), "withheld", json_deep_copy(measure->withheld));
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}
