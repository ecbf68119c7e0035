/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles' folders, Questionnaires and banks. A form's name is its folder, its file without the ending, or its bank's
 * pathway. The same form twice is the same person at two services that ask the same. */
#include "agents/measure/forms.h"

#include "agents/measure/bank.h"
#include "agents/profile/profile.h"
#include "agents/story/json.h"
#include "broker/base/file.h"
#include "told/limits.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAPPING_MAX_BYTES 1048576u /* 64 banks of a hundred questions, each with its reason */

static bool ends_in(const char *path, const char *ending)
{
	size_t len = strlen(path), end = strlen(ending);
	return len > end && strcmp(path + len - end, ending) == 0;
}

/* "agents/housing/" and "housing/intake.json" are both "housing"; "mine.json" is "mine". */
static char *name_of(const char *path)
{
	char text[PATH_MAX];
	snprintf(text, sizeof text, "%s", path);
	for (size_t len = strlen(text); len > 1 && text[len - 1] == '/'; len--)
		text[len - 1] = '\0';
	char *slash = strrchr(text, '/');
	if (slash != NULL && slash > text && strcmp(slash, "/intake.json") == 0) {
		*slash = '\0';
		slash = strrchr(text, '/');
	}
	char *name = slash != NULL ? slash + 1 : text, *dot = strrchr(name, '.');
	if (dot != NULL && dot > name)
		*dot = '\0';
	return strdup(name);
}

static size_t questions_of(const struct told_form *form)
{
	size_t count = 0;
	for (size_t i = 0; i < told_form_count(form); i++)
		count += told_item_is_question(told_form_item(form, i));
	return count;
}

static enum told_status load(const char *path, struct told_buf *text, struct told_measured *out, struct told_buf *why)
{
	struct told_buf detail = TOLD_BUF(TOLD_TEXT_MAX_BYTES * 8);
	enum told_status status = told_form_load(told_buf_view(text), &out->form, &detail);
	if (status != TOLD_OK)
		told_buf_printf(why, "%s: %s", path,
				detail.len > 0 ? told_buf_cstr(&detail) : told_status_text(status));
	told_buf_free(&detail);
	if (status != TOLD_OK)
		return status;
	out->listed = questions_of(out->form);
	out->name = name_of(path);
	return out->name != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status open_profile(const char *path, struct told_measured *out, struct told_buf *why)
{
	struct told_buf text = TOLD_BUF(TOLD_FORM_MAX_BYTES);
	struct told_profile *profile = NULL;
	enum told_status status = told_profile_open(path, &profile, &text, why);
	if (status == TOLD_OK)
		status = load(path, &text, out, why);
	if (status == TOLD_OK && (out->party = strdup(profile->id)) == NULL)
		status = TOLD_E_MEMORY;
	told_profile_free(profile);
	told_buf_free(&text);
	return status;
}

static enum told_status read_file(const char *path, size_t max, struct told_buf *out, struct told_buf *why)
{
	enum told_status status = told_file_read(path, max, out);
	if (status != TOLD_OK)
		told_buf_printf(why, "%s: %s.", path, told_status_text(status));
	return status;
}

static enum told_status open_questionnaire(const char *path, struct told_measured *out, struct told_buf *why)
{
	struct told_buf text = TOLD_BUF(TOLD_FORM_MAX_BYTES);
	enum told_status status = read_file(path, TOLD_FORM_MAX_BYTES, &text, why);
	if (status == TOLD_OK)
		status = load(path, &text, out, why);
	told_buf_free(&text);
	return status;
}

static enum told_status open_bank(const char *path, const json_t *mapping, struct told_measured *out,
				  struct told_buf *why)
{
	struct told_buf text = TOLD_BUF(TOLD_FORM_MAX_BYTES);
	struct told_bank bank = {0};
	enum told_status status = read_file(path, TOLD_FORM_MAX_BYTES, &text, why);
	if (status == TOLD_OK)
		status = told_bank_read(told_buf_view(&text), path, mapping, &bank, why);
	told_buf_free(&text);
	if (status == TOLD_OK)
		*out = (struct told_measured){.form = bank.form,
					      .name = bank.name,
					      .party = bank.party,
					      .listed = bank.listed,
					      .near = bank.near};
	return status;
}

static enum told_status open_one(const char *path, const json_t *mapping, struct told_measured *out,
				 struct told_buf *why)
{
	struct stat st;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return open_profile(path, out, why);
	if (ends_in(path, ".yml") || ends_in(path, ".yaml"))
		return open_bank(path, mapping, out, why);
	return open_questionnaire(path, out, why);
}

static enum told_status name_party(const struct told_retelling_ask *ask, struct told_measured *form)
{
	for (size_t i = 0; i < ask->party_count; i++) {
		if (strcmp(ask->parties[i].form, form->name) != 0)
			continue;
		free(form->party);
		form->party = strdup(ask->parties[i].party);
		return form->party != NULL ? TOLD_OK : TOLD_E_MEMORY;
	}
	return TOLD_OK;
}

static enum told_status check_names(const struct told_retelling_ask *ask, const struct told_measured *forms,
				    size_t count, struct told_buf *why)
{
	for (size_t i = 0; i < ask->party_count; i++) {
		size_t k = 0;
		while (k < count && strcmp(forms[k].name, ask->parties[i].form) != 0)
			k++;
		if (k < count)
			continue;
		told_buf_printf(why, "No form here is called \"%s\", so it has no party. The first is called \"%s\".",
				ask->parties[i].form, count > 0 ? forms[0].name : "");
		return TOLD_E_USAGE;
	}
	return TOLD_OK;
}

static enum told_status read_mapping(const char *path, json_t **out, struct told_buf *why)
{
	static const struct told_json_limits limits = {MAPPING_MAX_BYTES, 8, MAPPING_MAX_BYTES / 8};
	struct told_json_error error = {0};
	struct told_buf text = TOLD_BUF(MAPPING_MAX_BYTES);
	enum told_status status = path != NULL ? read_file(path, MAPPING_MAX_BYTES, &text, why) : TOLD_OK;
	if (status == TOLD_OK && path != NULL) {
		status = told_json_load(told_buf_view(&text), &limits, out, &error);
		if (status != TOLD_OK)
			told_buf_printf(why, "%s:%zu:%zu: %s.", path, error.line, error.column,
					error.why != NULL ? error.why : told_status_text(status));
	}
	told_buf_free(&text);
	return status;
}

enum told_status told_measured_open(const struct told_retelling_ask *ask, struct told_measured **out, size_t *count,
				    struct told_buf *why)
{
	json_t *mapping = NULL;
	struct told_measured *forms = calloc(ask->form_count + 1, sizeof *forms);
	enum told_status status = forms != NULL ? read_mapping(ask->mapping, &mapping, why) : TOLD_E_MEMORY;
	*count = 0;
	for (size_t i = 0; i < ask->form_count && status == TOLD_OK; i++) {
		status = open_one(ask->forms[i], mapping, &forms[i], why);
		(*count)++;
		if (status == TOLD_OK)
			status = name_party(ask, &forms[i]);
	}
	if (status == TOLD_OK)
		status = check_names(ask, forms, *count, why);
	json_decref(mapping);
	if (status != TOLD_OK) {
		told_measured_close(forms, *count);
		forms = NULL;
		*count = 0;
	}
	*out = forms;
	return status;
}

void told_measured_close(struct told_measured *forms, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		told_form_free(forms[i].form);
		free(forms[i].name);
		free(forms[i].party);
		json_decref(forms[i].near);
	}
	free(forms);
}
