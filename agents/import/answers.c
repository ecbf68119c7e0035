/* SPDX-License-Identifier: Apache-2.0 */
/* QuestionnaireResponse: each answered question goes into the section of its category. A question is known by its code
 * in the form (when the form is in the same file), by the LOINC code that ends its linkId, or by form and linkId.
 * Touches the tree and the arena. */
#include "agents/import/category.h"
#include "agents/import/file.h"
#include "agents/import/shape.h"
#include "agents/import/take.h"

#include "told/limits.h"
#include <stdio.h>
#include <string.h>

struct answers {
	struct told_fhir_files files;
	struct told_story_item pattern; /* said_at, source, voice of all */
	struct told_bytes form;         /* url of the Questionnaire, without version */
	json_t *form_items;             /* linkId -> item, when it is in the file */
	size_t visited, streams;
	struct told_catset categories; /* for the outcome's words */
};

static enum told_status response_status(struct told_fhir *fhir)
{
	static const struct told_fhir_word words[] = {
		{"completed", 1, NULL},
		{"amended", 1, NULL},
		{"in-progress", 0, "it is still being filled in"},
		{"stopped", 0, "it was broken off, and may miss what matters"},
		{"entered-in-error", 0, "it was marked as entered in error"},
	};
	unsigned value;
	return told_fhir_code(fhir, fhir->at, fhir->resource, "status", words, sizeof words / sizeof words[0], &value);
}

/* The check digit of LOINC codes: the last of n-d by Luhn's rule (LOINC Users' Guide, appendix C). */
static bool loinc_valid(struct told_bytes code)
{
	if (code.len < 3 || code.len > 8 || code.data[code.len - 2] != '-')
		return false;
	unsigned sum = 0;
	for (size_t i = 0; i < code.len - 2; i++) {
		uint8_t c = code.data[code.len - 3 - i];
		if (c < '0' || c > '9')
			return false;
		unsigned digit = (unsigned)(c - '0') * (i % 2 == 0 ? 2 : 1);
		sum += digit / 10 + digit % 10;
	}
	return code.data[code.len - 1] == '0' + (10 - sum % 10) % 10;
}

/* "/93042-0/71802-3" ends in a LOINC code: the form that LOINC's own forms give their links. */
static struct told_bytes loinc_of_link(struct told_bytes link)
{
	size_t from = link.len;
	if (link.len == 0 || link.data[0] != '/')
		return told_bytes(NULL, 0);
	while (link.data[from - 1] != '/')
		from--;
	struct told_bytes code = told_bytes(link.data + from, link.len - from);
	return loinc_valid(code) ? code : told_bytes(NULL, 0);
}

/* The category that a form says for its item: an extension that only our own profiles carry. */
static enum told_status category_of_form(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *item,
					 struct told_fhir_category *out)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, item, "extension", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		struct told_bytes url, code;
		const json_t *extension = json_array_get(list, i);
		status = told_fhir_text(fhir, at, extension, "url", &url);
		if (status != TOLD_OK || !told_fhir_equal(url, TOLD_IMPORT_CATEGORY_URL))
			continue;
		status = told_fhir_text(fhir, at, extension, "valueCode", &code);
		out->category = told_value(TOLD_LIST_CATEGORY, code);
		snprintf(out->how, sizeof out->how, "by its form");
	}
	return status;
}

/* The code of a question, and its category. */
static enum told_status identify(struct told_fhir *fhir, const struct told_fhir_at *at, const struct answers *answers,
				 struct told_bytes link, struct told_fhir_coding *coding,
				 struct told_fhir_category *category)
{
	enum told_status status = TOLD_OK;
	const json_t *item = json_object_getn(answers->form_items, (const char *)link.data, link.len);
	const json_t *code = json_array_get(json_object_get(item, "code"), 0);
	*coding = (struct told_fhir_coding){.system = told_text(TOLD_IMPORT_LOINC), .code = loinc_of_link(link)};
	if (code != NULL)
		status = told_fhir_coding(fhir, at, code, coding);
	if (status != TOLD_OK)
		return status;
	if (coding->system.len == 0 || coding->code.len == 0)
		*coding = (struct told_fhir_coding){.system = answers->form, .code = link};
	if (coding->system.len == 0)
		return told_fhir_refuse(fhir, at, "it names no form, so nobody can know which question this is");
	told_fhir_category_of_code(fhir, coding, category);
	if (category->category == 0 && item != NULL)
		status = category_of_form(fhir, at, item, category);
	if (status == TOLD_OK && category->category == 0)
		status = told_fhir_refuse(fhir, at,
					  "no table and no form says which category this question belongs to, "
					  "and a guess could show the answer to the wrong service");
	return status;
}

/* The values of an answer list; answers that say only why there is none are passed over. */
static enum told_status read_values(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *list,
				    struct told_story_value *values, size_t *count)
{
	enum told_status status = TOLD_OK;
	*count = 0;
	if (json_array_size(list) > TOLD_STORY_VALUES_MAX)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "answer"), "it has too many answers");
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(at, "answer", i);
		const json_t *answer = json_array_get(list, i);
		bool there = false;
		status = told_fhir_shape(fhir, here, answer, "QuestionnaireResponse.item.answer");
		if (status == TOLD_OK)
			status = told_fhir_value(fhir, here, answer, &values[*count], &there);
		*count += there ? 1 : 0;
	}
	return status;
}

static enum told_status file_answer(struct told_fhir *fhir, const struct told_fhir_at *at, struct answers *answers,
				    const json_t *item, const json_t *list, size_t stream)
{
	struct told_story_value values[TOLD_STORY_VALUES_MAX];
	struct told_fhir_filed filed = {.stream = stream};
	struct told_fhir_coding coding;
	struct told_fhir_category category;
	struct told_bytes link;
	size_t count = 0;
	enum told_status status = read_values(fhir, at, list, values, &count);
	if (status != TOLD_OK || count == 0)
		return status;
	status = told_fhir_text(fhir, at, item, "linkId", &link);
	if (status == TOLD_OK)
		status = identify(fhir, at, answers, link, &coding, &category);
	if (status == TOLD_OK)
		status = told_fhir_item(fhir, coding.system, coding.code, values, count, &filed.item);
	if (status != TOLD_OK)
		return status;
	filed.category = category.category;
	filed.item.said_at = answers->pattern.said_at;
	filed.item.source = answers->pattern.source;
	filed.item.voice = answers->pattern.voice;
	told_catset_add(&answers->categories, category.category);
	return told_fhir_file_add(&answers->files, &filed);
}

static enum told_status walk(struct told_fhir *fhir, const struct told_fhir_at *at, struct answers *answers,
			     const json_t *object, size_t stream);

/* The items below one answer; those below a second answer to the same question keep to themselves. */
static enum told_status walk_answers(struct told_fhir *fhir, const struct told_fhir_at *at, struct answers *answers,
				     const json_t *list, size_t stream)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		size_t below = i == 0 ? stream : ++answers->streams;
		status = walk(fhir, TOLD_FHIR_AT_I(at, "answer", i), answers, json_array_get(list, i), below);
	}
	return status;
}

static enum told_status walk_item(struct told_fhir *fhir, const struct told_fhir_at *at, struct answers *answers,
				  const json_t *item, size_t stream)
{
	json_t *list = NULL;
	if (++answers->visited > TOLD_IMPORT_ITEMS_MAX)
		return told_fhir_refuse(fhir, at, "the response has too many items");
	enum told_status status = told_fhir_shape(fhir, at, item, "QuestionnaireResponse.item");
	if (status == TOLD_OK)
		status = told_fhir_list(fhir, at, item, "answer", &list);
	if (status == TOLD_OK)
		status = file_answer(fhir, at, answers, item, list, stream);
	if (status == TOLD_OK)
		status = walk_answers(fhir, at, answers, list, stream);
	if (status == TOLD_OK)
		status = walk(fhir, at, answers, item, stream);
	return status;
}

/* An item that stands again among its siblings is the next of a repeating group: a stream of its own. */
static enum told_status stream_of(struct told_fhir *fhir, const struct told_fhir_at *at, struct answers *answers,
				  json_t *seen, const json_t *item, size_t *stream)
{
	struct told_bytes link;
	enum told_status status = told_fhir_text(fhir, at, item, "linkId", &link);
	if (status == TOLD_OK && link.len == 0)
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "linkId"), "it must be there");
	if (status != TOLD_OK)
		return status;
	if (json_object_getn(seen, (const char *)link.data, link.len) != NULL)
		*stream = ++answers->streams;
	return json_object_setn_new(seen, (const char *)link.data, link.len, json_true()) == 0 ? TOLD_OK
											       : TOLD_E_MEMORY;
}

/* Recursion is bounded by TOLD_IMPORT_DEPTH_MAX. */
static enum told_status walk(struct told_fhir *fhir, const struct told_fhir_at *at, struct answers *answers,
			     const json_t *object, size_t stream)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, object, "item", &list);
	if (status != TOLD_OK || json_array_size(list) == 0)
		return status;
	json_t *seen = json_object();
	if (seen == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(at, "item", i);
		const json_t *item = json_array_get(list, i);
		size_t own = stream;
		status = stream_of(fhir, here, answers, seen, item, &own);
		if (status == TOLD_OK)
			status = walk_item(fhir, here, answers, item, own);
	}
	json_decref(seen);
	return status;
}

/* The form that the answers belong to; "|version" of a canonical is no part of its url. */
static enum told_status find_form(struct told_fhir *fhir, struct answers *answers)
{
	enum told_status status = told_fhir_text(fhir, fhir->at, fhir->resource, "questionnaire", &answers->form);
	const uint8_t *bar = answers->form.len > 0 ? memchr(answers->form.data, '|', answers->form.len) : NULL;
	if (bar != NULL)
		answers->form.len = (size_t)(bar - answers->form.data);
	answers->form_items = json_object_getn(fhir->by_form, (const char *)answers->form.data, answers->form.len);
	return status;
}

/* Who answered. FHIR: where source is not there, nothing may be inferred about who did. */
static enum told_status provenance(struct told_fhir *fhir, struct answers *answers, struct told_import_section *section)
{
	static const char *const when[] = {"authored", NULL};
	struct told_fhir_reference who;
	enum told_status status = told_fhir_subject(fhir, "subject", false, &section->subject);
	if (status == TOLD_OK)
		status = told_fhir_reference(fhir, fhir->at, fhir->resource, "source", &who);
	if (status == TOLD_OK)
		status = told_fhir_first_time(fhir, when, &answers->pattern.said_at, &section->recorded_at_ms);
	if (status == TOLD_OK)
		status = told_fhir_source(fhir, &answers->pattern.source);
	if (status != TOLD_OK)
		return status;
	section->told_by = who.text;
	section->voice = told_fhir_voice(fhir, &who);
	answers->pattern.voice = section->voice;
	return TOLD_OK;
}

static enum told_status say(struct told_fhir *fhir, const struct answers *answers, unsigned voice)
{
	struct told_buf list = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	for (unsigned i = 1; i <= told_list_max(TOLD_LIST_CATEGORY); i++)
		if (told_catset_has(&answers->categories, i))
			told_buf_printf(&list, "%s%s", list.len > 0 ? " " : "", told_code(TOLD_LIST_CATEGORY, i));
	const char *text = told_buf_cstr(&list);
	enum told_status status = TOLD_E_MEMORY;
	if (text != NULL)
		status = told_fhir_say(fhir, "%zu answers: %s, by the code of each question; voice: %s",
				       answers->files.count, text, told_story_voice(voice));
	told_buf_free(&list);
	return status;
}

enum told_status told_fhir_take_response(struct told_fhir *fhir)
{
	struct answers answers = {0};
	struct told_import_section section = {0};
	enum told_status status = response_status(fhir);
	if (status == TOLD_OK)
		status = provenance(fhir, &answers, &section);
	if (status == TOLD_OK)
		status = find_form(fhir, &answers);
	if (status == TOLD_OK)
		status = walk(fhir, fhir->at, &answers, fhir->resource, 0);
	if (status == TOLD_OK && answers.files.count == 0)
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "item"), "it holds no answer");
	if (status == TOLD_OK)
		status = told_fhir_add_files(fhir, &answers.files, &section);
	if (status == TOLD_OK)
		status = say(fhir, &answers, section.voice);
	told_fhir_files_free(&answers.files);
	return status;
}
