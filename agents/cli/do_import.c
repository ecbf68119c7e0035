/* SPDX-License-Identifier: Apache-2.0 */
/* told import: FHIR files taken over on this side, then told, referred and recorded through the API like anything that
 * a worker types. Each resource has its line; what the agent refuses is said behind it. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include "agents/import/import.h"
#include "agents/story/section.h"
#include "proto/page/page.h"
#include "told/limits.h"
#include <string.h>

/* One import on its way. */
struct taking {
	struct told_cli *cli;
	const char *client, *path;
	struct told_import_party parties[TOLD_RECIPIENTS_MAX];
	size_t party_count;
	size_t sections, referrals, permissions, unsorted;
	int worst;
};

/* --party Organization/123=TT */
static int read_parties(struct told_cli *cli, const struct told_args *args, struct taking *t)
{
	for (size_t i = 0; i < args->option_count; i++) {
		if (strcmp(args->options[i].option->name, "party") != 0)
			continue;
		const char *value = args->options[i].value, *equal = strrchr(value, '=');
		if (equal == NULL || equal == value || t->party_count == TOLD_RECIPIENTS_MAX)
			return told_fail(cli, TOLD_EXIT_USAGE,
					 "An organisation is its reference, an equals sign and a party.", NULL,
					 "Write --party Organization/123=TT.");
		t->parties[t->party_count++] = (struct told_import_party){
			.reference = told_bytes(value, (size_t)(equal - value)), .party = told_text(equal + 1)};
	}
	return TOLD_EXIT_DONE;
}

static json_t *text_json(struct told_bytes text)
{
	return json_stringn((const char *)text.data, text.len);
}

static json_t *categories_json(const struct told_catset *set)
{
	json_t *list = json_array();
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++)
		if (told_catset_has(set, category))
			json_array_append_new(list, json_string(told_code(TOLD_LIST_CATEGORY, category)));
	return list;
}

static json_t *section_json(const struct told_import_section *section)
{
	json_t *classified = categories_json(&section->classified);
	json_t *story = json_loadb((const char *)section->json.data, section->json.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *json = json_pack("{s:s, s:s, s:o}", "category", told_code(TOLD_LIST_CATEGORY, section->category),
				 "voice", told_story_voice(section->voice), "story", story);
	if (json != NULL && json_array_size(classified) > 0)
		json_object_set(json, "classified", classified);
	if (json != NULL && section->confidential)
		json_object_set_new(json, "confidential", json_true());
	if (json != NULL && section->verified)
		json_object_set_new(json, "verified", json_true());
	json_decref(classified);
	return json;
}

static int call(struct taking *t, const char *path, json_t *request)
{
	json_t *reply = NULL;
	int exit = request != NULL ? told_call(t->cli, "POST", path, request, &reply)
				   : told_fail_status(t->cli, TOLD_E_MEMORY, t->path, NULL);
	if (exit == TOLD_EXIT_DONE)
		exit = told_exit_of_reply(reply);
	json_decref(reply);
	json_decref(request);
	t->worst = exit != TOLD_EXIT_DONE ? exit : t->worst;
	return exit;
}

/* A section that no category fits waits for a worker: it is not told, and that is said. */
static int tell(struct taking *t, const struct told_import *import)
{
	json_t *sections = json_array();
	int exit = TOLD_EXIT_DONE;
	for (size_t i = 0; i < import->section_count && exit == TOLD_EXIT_DONE; i++) {
		const struct told_import_section *section = &import->sections[i];
		if (section->category == 0 ||
		    (section->free_text && section->classified.w[0] == 0 && section->classified.w[1] == 0)) {
			t->unsorted++;
			continue;
		}
		json_array_append_new(sections, section_json(section));
		t->sections++;
		if (json_array_size(sections) < TOLD_SECTIONS_MAX)
			continue;
		exit = call(t, "/v1/story", json_pack("{s:s, s:O}", "client", t->client, "sections", sections));
		json_array_clear(sections);
	}
	if (exit == TOLD_EXIT_DONE && json_array_size(sections) > 0)
		exit = call(t, "/v1/story", json_pack("{s:s, s:O}", "client", t->client, "sections", sections));
	json_decref(sections);
	return exit;
}

/* Whom a file names, as a party; empty: nobody said who that is. */
static struct told_bytes party_of(const struct taking *t, struct told_bytes reference)
{
	for (size_t i = 0; i < t->party_count; i++)
		if (told_bytes_equal(t->parties[i].reference, reference))
			return t->parties[i].party;
	return told_bytes(NULL, 0);
}

static int refer(struct taking *t, const struct told_import *import, const struct told_import_referral *referral)
{
	struct told_bytes to = party_of(t, referral->performer);
	if (to.len == 0 || referral->state != TOLD_REFERRAL_REQUESTED) {
		fprintf(t->cli->err, "%s: %.*s is not sent: %s.\n", t->path, (int)referral->reference.len,
			referral->reference.data,
			to.len == 0 ? "no --party names its performer" : "it is not a request that waits to be sent");
		return TOLD_EXIT_DONE;
	}
	json_t *request = json_pack("{s:s, s:o}", "client", t->client, "to", text_json(to));
	if (request != NULL && referral->section != TOLD_IMPORT_NONE)
		json_object_set_new(
			request, "categories",
			json_pack("[s]", told_code(TOLD_LIST_CATEGORY, import->sections[referral->section].category)));
	if (request != NULL && told_bytes_equal(referral->priority, told_text("urgent")))
		json_object_set_new(request, "urgent", json_true());
	t->referrals++;
	return call(t, "/v1/referrals", request);
}

static json_t *names_json(const struct told_bytes_list *names)
{
	json_t *list = json_array();
	for (size_t i = 0; i < names->count; i++)
		json_array_append_new(list, text_json(names->items[i]));
	return list;
}

static json_t *purposes_json(uint64_t purposes)
{
	json_t *list = json_array();
	for (unsigned purpose = 1; purpose <= told_list_max(TOLD_LIST_PURPOSE); purpose++)
		if (purposes >> (purpose - 1) & 1)
			json_array_append_new(list, json_string(told_code(TOLD_LIST_PURPOSE, purpose)));
	return list;
}

static int record(struct taking *t, const struct told_import_permission *permission)
{
	json_t *request = json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "client", t->client, "state",
		told_code(TOLD_LIST_CONSENT_STATE, permission->state), "kind",
		told_code(TOLD_LIST_CONSENT_KIND, permission->kind), "giver",
		told_code(TOLD_LIST_GIVER, permission->giver), "recipients", names_json(&permission->recipients),
		"exclude_recipients", names_json(&permission->excluded_recipients), "purposes",
		purposes_json(permission->purposes), "include", categories_json(&permission->categories), "exclude",
		categories_json(&permission->excluded));
	if (request != NULL && permission->until_ms != TOLD_IMPORT_NO_TIME)
		json_object_set_new(request, "until_ms", json_integer(permission->until_ms));
	if (request != NULL && permission->from_ms != TOLD_IMPORT_NO_TIME)
		json_object_set_new(request, "from_ms", json_integer(permission->from_ms));
	t->permissions++;
	return call(t, "/v1/consents", request);
}

static int take_file(struct taking *t)
{
	const struct told_import_options options = {.parties = t->parties, .party_count = t->party_count};
	struct told_import *import = NULL;
	enum told_status status = told_import_file(t->path, &options, &import);
	if (status != TOLD_OK)
		return told_fail_status(t->cli, status, t->path, NULL);
	int exit = import->understood ? tell(t, import) : TOLD_EXIT_CHECK;
	for (size_t i = 0; i < import->permission_count && exit == TOLD_EXIT_DONE; i++)
		exit = record(t, &import->permissions[i]);
	for (size_t i = 0; i < import->referral_count && exit == TOLD_EXIT_DONE; i++)
		exit = refer(t, import, &import->referrals[i]);
	told_import_free(import);
	return exit;
}

int told_do_import(struct told_cli *cli, const struct told_args *args)
{
	struct taking t = {.cli = cli, .client = told_args_get(args, "client")};
	int checked = told_import_check(args->words, args->word_count, cli->out, cli->json);
	if (told_args_get(args, "check") != NULL)
		return checked;
	int exit = t.client == NULL ? told_fail(cli, TOLD_EXIT_USAGE, "Whose story is it?",
						"Files name people in their own way.",
						"Add --client REFERENCE, or only look: --check.")
				    : told_check_client(cli, t.client);
	if (exit == TOLD_EXIT_DONE)
		exit = read_parties(cli, args, &t);
	for (size_t i = 0; i < args->word_count && exit == TOLD_EXIT_DONE; i++) {
		t.path = args->words[i];
		exit = take_file(&t);
	}
	fprintf(cli->err, "%zu section%s told, %zu referral%s, %zu permission%s; %zu section%s for a worker to sort.\n",
		t.sections, told_many(t.sections, "", "s"), t.referrals, told_many(t.referrals, "", "s"), t.permissions,
		told_many(t.permissions, "", "s"), t.unsorted, told_many(t.unsorted, " waits", "s wait"));
	return exit != TOLD_EXIT_DONE ? exit : checked;
}
