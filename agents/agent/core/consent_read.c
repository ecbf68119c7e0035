/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a permission from a request (practice.md section 3): who gives it, for whom, what for, which parts, until
 * when, shown by what. Touches nothing. */
#include "agents/agent/core/consent.h"

#include "agents/agent/core/names.h"

#include <string.h>

#define CONSENT_DAYS 365

static const char *const capacities[] = {NULL, "has", "lacks", "fluctuating", "competent_child", "not_recorded"};
static const char *const authorities[] = {NULL, "checked", "not_shown", "rejected"};
#define WORDS(list) list, sizeof list / sizeof list[0]

/* The newest notice that has begun, over the agreements we signed; and how long a permission may last at most. */
static void paper_defaults(const struct told_agent *agent, int64_t given_ms, uint32_t *notice, int64_t *until_ms)
{
	struct told_when now = told_agent_now(agent);
	const struct told_agreement *a;
	*notice = 0;
	*until_ms = given_ms + CONSENT_DAYS * TOLD_MS_DAY;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		if (!told_directory_signed(agent->directory, a, agent->self, now))
			continue;
		for (size_t j = 0; j < a->notice_count; j++)
			if (a->notices[j].from_utc_ms <= now.utc_ms && a->notices[j].version > *notice)
				*notice = a->notices[j].version;
		int64_t longest = told_span_after(given_ms, a->consent_max);
		if (a->consent_max.count > 0 && longest < *until_ms)
			*until_ms = longest;
	}
}

/* ---- recipients ---- */

static struct told_bytes string_of(const json_t *value)
{
	return json_is_string(value) ? told_bytes(json_string_value(value), json_string_length(value))
				     : told_bytes(NULL, 0);
}

static void one_recipient(struct told_request *r, const json_t *item, struct told_consent_recipient_part *out)
{
	struct told_bytes role = {0};
	*out = (struct told_consent_recipient_part){.party = string_of(item)};
	if (json_is_object(item)) {
		out->party = string_of(json_object_get(item, "party"));
		out->team = string_of(json_object_get(item, "team"));
		role = string_of(json_object_get(item, "role"));
	}
	out->role = role.len == 0 ? 0 : told_value(TOLD_LIST_ROLE, role);
	if (out->party.len == 0 || (role.len > 0 && out->role == 0))
		told_request_refuse(
			r, TOLD_E_USAGE,
			"Each of \"recipients\" is a party, or {\"party\", \"team\", \"role\"} with a known role.");
	told_request_party_known(r, out->party);
	told_request_team_known(r, out->party, out->team);
}

static struct told_consent_recipient_part_list recipients_of(struct told_request *r)
{
	struct told_consent_recipient_part_list out = {0};
	const json_t *list = told_request_member(r, "recipients", JSON_ARRAY, false);
	size_t count = list == NULL ? 0 : json_array_size(list);
	if (count > TOLD_RECIPIENTS_MAX)
		told_request_refuse(r, TOLD_E_LIMIT, "A permission names at most 20 recipients.");
	out.items = told_arena_alloc(r->agent->arena, count * sizeof *out.items);
	for (size_t i = 0; r->status == TOLD_OK && out.items != NULL && i < count; i++)
		one_recipient(r, json_array_get(list, i), &out.items[out.count++]);
	return out;
}

static struct told_bytes_list parties_of(struct told_request *r, const char *member)
{
	struct told_bytes_list names = told_request_texts(r, member);
	told_request_parties_known(r, names);
	return names;
}

static struct told_bytes party_of(struct told_request *r, const char *member)
{
	struct told_bytes name = told_request_text(r, member, false);
	if (name.len > 0)
		told_request_party_known(r, name);
	return name;
}

/* ---- the rest ---- */

static uint64_t number_or(struct told_request *r, const char *name, uint64_t otherwise)
{
	uint64_t value = told_request_number(r, name);
	return value == 0 ? otherwise : value;
}

static uint32_t flag_or(struct told_request *r, const char *name, uint32_t otherwise)
{
	uint32_t flag = told_request_flag(r, name);
	return flag == TOLD_YES_NO_NONE ? otherwise : flag;
}

static struct told_u32_list steps_of(struct told_request *r)
{
	struct told_u32_list out = {0};
	const json_t *list = told_request_member(r, "plan_steps", JSON_ARRAY, false);
	size_t count = list == NULL ? 0 : json_array_size(list);
	out.items = told_arena_alloc(r->agent->arena, count * sizeof *out.items);
	for (size_t i = 0; out.items != NULL && i < count; i++) {
		json_int_t step = json_integer_value(json_array_get(list, i));
		if (step < 1 || step > 64)
			told_request_refuse(r, TOLD_E_USAGE, "\"plan_steps\" are numbers of steps, 1 to 64.");
		out.items[out.count++] = (uint32_t)step;
	}
	return out;
}

/* Who gives it, and what of that has been checked: a representative's authority is not shown unless it is said so. */
static void read_giver(struct told_request *r, struct told_consent_part *out)
{
	bool person = true;
	out->giver = told_request_code(r, "giver", TOLD_LIST_GIVER, TOLD_GIVER_PERSON);
	person = out->giver == TOLD_GIVER_PERSON;
	out->capacity = told_request_word(r, "capacity", WORDS(capacities),
					  person ? TOLD_CAPACITY_HAS : TOLD_CAPACITY_NOT_RECORDED);
	out->authority = told_request_word(r, "authority", WORDS(authorities),
					   person ? TOLD_AUTHORITY_NONE : TOLD_AUTHORITY_NOT_SHOWN);
	out->freely_given = flag_or(r, "freely_given", TOLD_YES_NO_YES);
	out->seen_alone = told_request_flag(r, "seen_alone");
	out->interpreter = told_request_flag(r, "interpreter");
	out->others_present = told_request_flag(r, "others_present");
}

static void read_law(struct told_request *r, struct told_consent_part *out)
{
	out->benefit_warning = told_request_flag(r, "benefit_warning");
	out->refer_yes = told_request_flag(r, "refer");
	out->contact_yes = told_request_flag(r, "contact");
	out->reason_named = told_request_flag(r, "reason_named");
	out->chosen_authority = party_of(r, "authority_chosen");
	out->location_named = party_of(r, "location_named");
}

static void read_scope(struct told_request *r, struct told_consent_part *out)
{
	out->recipients = recipients_of(r);
	out->purposes = told_request_codes(r, "purposes", TOLD_LIST_PURPOSE);
	out->include = told_request_categories(r, "include");
	out->exclude = told_request_categories(r, "exclude");
	out->exclude_recipients = parties_of(r, "exclude_recipients");
	out->exclude_originators = parties_of(r, "exclude_originators");
	out->data_from_ms = told_request_number(r, "data_from_ms");
	out->data_until_ms = told_request_number(r, "data_until_ms");
	out->plan_steps = steps_of(r);
}

/* A refusal stands until something takes its place (decision.md 4.2): it gets no end that nobody said. */
static void read_times(struct told_request *r, uint64_t now_ms, struct told_consent_part *out)
{
	uint32_t notice = 0;
	int64_t until_ms = 0;
	out->given_ms = number_or(r, "given_ms", now_ms);
	if (out->given_ms > now_ms)
		told_request_refuse(r, TOLD_E_USAGE, "What was said cannot have been said after today.");
	paper_defaults(r->agent, (int64_t)out->given_ms, &notice, &until_ms);
	bool given = out->state == TOLD_CONSENT_STATE_GIVEN;
	out->from_ms = number_or(r, "from_ms", out->given_ms);
	out->until_ms = number_or(r, "until_ms", given ? (uint64_t)until_ms : 0);
	out->ended_ms = told_request_number(r, "ended_ms");
	out->notice_version = (uint32_t)number_or(r, "notice_version", notice);
	if (out->until_ms != 0 && out->until_ms <= out->from_ms)
		told_request_refuse(r, TOLD_E_USAGE, "It would end before it begins. Look at the dates again.");
}

void told_consent_read(struct told_request *r, uint64_t now_ms, struct told_consent_part *out)
{
	struct told_bytes language = told_request_text(r, "language", false);
	*out = (struct told_consent_part){
		.kind = told_request_code(r, "kind", TOLD_LIST_CONSENT_KIND, TOLD_CONSENT_KIND_PERMISSION),
		.state = told_request_code(r, "state", TOLD_LIST_CONSENT_STATE, TOLD_CONSENT_STATE_GIVEN),
		.evidence = told_request_code(r, "evidence", TOLD_LIST_EVIDENCE, TOLD_EVIDENCE_NOTE),
		.language = language.len == 0 ? told_text("en") : language,
		.supersedes = told_request_id(r, "supersedes", false),
	};
	read_scope(r, out);
	read_times(r, now_ms, out);
	read_giver(r, out);
	read_law(r, out);
	bool given = out->state == TOLD_CONSENT_STATE_GIVEN;
	if (given && (out->recipients.count == 0 || out->purposes.count == 0 || out->include.count == 0))
		told_request_refuse(
			r, TOLD_E_USAGE,
			"A permission names \"recipients\", \"purposes\" and \"include\": an empty list allows "
			"nothing.");
}
