/* SPDX-License-Identifier: Apache-2.0 */
/* What the person allows, refuses and takes back; who has to do with them; flags. Each is a signed message; a refusal
 * or withdrawal counts whoever took it (protocol section 4). */
#include "agents/agent/card.h"
#include "agents/agent/request.h"
#include "agents/agent/show.h"
#include "agents/agent/state.h"

#include "told/seal.h"

#include <string.h>

#define CONSENT_DAYS 365

/* ---- permissions ---- */

static const char *const capacities[] = {NULL, "has", "lacks", "fluctuating", "competent_child", "not_recorded"};

/* The newest notice that has begun, over the agreements we signed; and how long a permission may last at most. */
static void paper_defaults(const struct told_agent *agent, uint32_t *notice, int64_t *until_ms)
{
	struct told_when now = told_agent_now(agent);
	const struct told_agreement *a;
	*notice = 0;
	*until_ms = now.utc_ms + CONSENT_DAYS * TOLD_MS_DAY;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		if (!told_directory_signed(agent->directory, a, agent->self, now))
			continue;
		for (size_t j = 0; j < a->notice_count; j++)
			if (a->notices[j].from_utc_ms <= now.utc_ms && a->notices[j].version > *notice)
				*notice = a->notices[j].version;
		int64_t longest = told_span_after(now.utc_ms, a->consent_max);
		if (a->consent_max.count > 0 && longest < *until_ms)
			*until_ms = longest;
	}
}

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

static void read_consent(struct told_request *r, uint64_t now_ms, struct told_consent_part *out)
{
	uint32_t notice = 0;
	int64_t until_ms = 0;
	paper_defaults(r->agent, &notice, &until_ms);
	struct told_bytes language = told_request_text(r, "language", false);
	*out = (struct told_consent_part){
		.kind = told_request_code(r, "kind", TOLD_LIST_CONSENT_KIND, TOLD_CONSENT_KIND_PERMISSION),
		.state = told_request_code(r, "state", TOLD_LIST_CONSENT_STATE, TOLD_CONSENT_STATE_GIVEN),
		.given_ms = now_ms,
		.from_ms = number_or(r, "from_ms", now_ms),
		.until_ms = number_or(r, "until_ms", (uint64_t)until_ms),
		.recipients = recipients_of(r),
		.purposes = told_request_codes(r, "purposes", TOLD_LIST_PURPOSE),
		.include = told_request_categories(r, "include"),
		.exclude = told_request_categories(r, "exclude"),
		.exclude_recipients = told_request_texts(r, "exclude_recipients"),
		.exclude_originators = told_request_texts(r, "exclude_originators"),
		.giver = told_request_code(r, "giver", TOLD_LIST_GIVER, TOLD_GIVER_PERSON),
		.capacity = told_request_word(r, "capacity", capacities, sizeof capacities / sizeof capacities[0],
					      TOLD_CAPACITY_HAS),
		.freely_given = flag_or(r, "freely_given", TOLD_YES_NO_YES),
		.notice_version = (uint32_t)number_or(r, "notice_version", notice),
		.evidence = told_request_code(r, "evidence", TOLD_LIST_EVIDENCE, TOLD_EVIDENCE_NOTE),
		.language = language.len == 0 ? told_text("en") : language,
		.supersedes = told_request_id(r, "supersedes", false),
		.seen_alone = told_request_flag(r, "seen_alone"),
		.benefit_warning = told_request_flag(r, "benefit_warning"),
	};
	bool given = out->state == TOLD_CONSENT_STATE_GIVEN;
	if (given && (out->recipients.count == 0 || out->purposes.count == 0 || out->include.count == 0))
		told_request_refuse(
			r, TOLD_E_USAGE,
			"A permission names \"recipients\", \"purposes\" and \"include\": an empty list allows "
			"nothing.");
}

/* The card's words over this very record: whoever gave it was there (protocol section 4). */
static enum told_status prove_presence(struct told_request *r, struct told_bytes client,
				       const struct told_consent_part *part, struct told_draft *draft, told_hash *proof)
{
	struct told_bytes text = told_request_text(r, "words", false), record;
	char settled[TOLD_WORDS_TEXT_BYTES];
	uint8_t key[TOLD_KEY_BYTES], kept[TOLD_KEY_BYTES];
	bool retired = false;
	if (r->status != TOLD_OK || text.len == 0)
		return r->status;
	if (told_words_settle(text, settled) != TOLD_OK)
		told_request_refuse(r, TOLD_E_MALFORMED,
				    "\"words\" must be the card's four words as they stand on it.");
	enum told_status status = r->status;
	if (status == TOLD_OK)
		status = told_card_key(told_text(settled), client.data, key);
	if (status == TOLD_OK && told_card_get(r->agent->vault, client, kept, &retired) == TOLD_OK &&
	    !told_equal_secret(key, kept, sizeof key))
		told_request_refuse(r, TOLD_E_USAGE, "These are not the words of this card. Look at the card again.");
	if (status == TOLD_OK)
		status = r->status;
	if (status == TOLD_OK)
		status = told_agent_encode(r->agent, TOLD_SCHEMA_CONSENT, part, &record);
	if (status == TOLD_OK) {
		told_presence_proof(key, record, proof);
		draft->header.presence = told_bytes(proof->b, sizeof proof->b);
	}
	told_wipe(key, sizeof key);
	told_wipe(kept, sizeof kept);
	told_wipe(settled, sizeof settled);
	return status;
}

enum told_status told_agent_consent(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				    struct told_reply *reply)
{
	struct told_draft draft;
	struct told_consent_part part;
	told_hash proof;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request,
						  "client state kind recipients purposes include exclude "
						  "exclude_recipients exclude_originators from_ms until_ms "
						  "evidence giver capacity notice_version seen_alone benefit_warning "
						  "freely_given language supersedes words",
						  reply);
	struct told_bytes client = told_request_client(&r);
	read_consent(&r, (uint64_t)told_clock_now(&agent->clock).wall_ms, &part);
	status = r.status;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_CONSENT, caller, client, &draft);
	if (status == TOLD_OK)
		status = prove_presence(&r, client, &part, &draft, &proof);
	draft.header.consent = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket,
					     json_pack("{s:o}", "consent", told_id_json(draft.header.id)), reply);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_withdraw(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, "client consent recipients purposes categories", reply);
	struct told_bytes client = told_request_client(&r);
	struct told_withdrawal_part part = {
		.consent_id = told_request_id(&r, "consent", false),
		.recipients = told_request_texts(&r, "recipients"),
		.purposes = told_request_codes(&r, "purposes", TOLD_LIST_PURPOSE),
		.categories = told_request_categories(&r, "categories"),
	};
	status = r.status;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_WITHDRAWAL, caller, client, &draft);
	draft.header.withdrawal = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	/* What rests on it is hidden here at once, whatever the broker says later. */
	if (status == TOLD_OK)
		status = told_agent_hide(agent, &draft.header);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}

/* ---- showing ---- */

static json_t *codes_json(uint32_t bits, enum told_list list)
{
	json_t *out = json_array();
	for (unsigned v = 1; v <= told_list_max(list); v++)
		if (bits & TOLD_BIT32(v))
			told_json_add(out, json_string(told_code(list, v)));
	return out;
}

static bool withdrawn(const struct told_person *person, const struct told_consent *c)
{
	static const uint8_t none[TOLD_ID_BYTES];
	for (size_t i = 0; i < person->withdrawal_count; i++) {
		const struct told_withdrawal_facts *w = &person->withdrawals[i];
		bool any = memcmp(w->consent_id, none, sizeof none) == 0;
		struct told_catset no_categories = {{0}};
		bool all = w->purposes == 0 && memcmp(&w->categories, &no_categories, sizeof no_categories) == 0;
		if ((any || memcmp(w->consent_id, c->id, TOLD_ID_BYTES) == 0) && all && w->at_utc_ms >= c->given_utc_ms)
			return true;
	}
	return false;
}

static json_t *consent_json(const struct told_agent *agent, const struct told_person *person,
			    const struct told_consent *c)
{
	json_t *recipients = json_array();
	for (size_t i = 0; i < c->recipient_count; i++)
		told_json_add(recipients, json_string(told_party_name(agent->parties, c->recipients[i].party)));
	return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:b}", "id",
			 told_id_json(told_bytes(c->id, TOLD_ID_BYTES)), "state",
			 told_code(TOLD_LIST_CONSENT_STATE, c->state), "kind",
			 told_code(TOLD_LIST_CONSENT_KIND, c->kind), "taken_by",
			 told_party_name(agent->parties, c->taken_by), "recipients", recipients, "purposes",
			 codes_json(c->purposes, TOLD_LIST_PURPOSE), "include", told_categories_json(&c->include),
			 "exclude", told_categories_json(&c->exclude), "from_ms", (json_int_t)c->from_utc_ms,
			 "until_ms", (json_int_t)c->until_utc_ms, "withdrawn", withdrawn(person, c));
}

static json_t *withdrawal_json(const struct told_withdrawal_facts *w)
{
	return json_pack("{s:o, s:o, s:o, s:I}", "consent", told_id_json(told_bytes(w->consent_id, TOLD_ID_BYTES)),
			 "purposes", codes_json(w->purposes, TOLD_LIST_PURPOSE), "categories",
			 told_categories_json(&w->categories), "at_ms", (json_int_t)w->at_utc_ms);
}

enum told_status told_agent_consents(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct told_person *person = NULL;
	json_t *consents = json_array(), *withdrawals = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, client);
	if (status == TOLD_OK)
		status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->consent_count; i++)
		told_json_add(consents, consent_json(agent, person, &person->consents[i]));
	for (size_t i = 0; status == TOLD_OK && i < person->withdrawal_count; i++)
		told_json_add(withdrawals, withdrawal_json(&person->withdrawals[i]));
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O, s:O}", "consents", consents, "withdrawals", withdrawals);
	json_decref(consents);
	json_decref(withdrawals);
	told_person_free(person);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- who has to do with them, and flags ---- */

enum told_status told_agent_relationship(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client kind team live until_ms", reply);
	struct told_bytes client = told_request_client(&r), team = told_request_text(&r, "team", false);
	uint32_t kind = told_request_code(&r, "kind", TOLD_LIST_RELATIONSHIP, TOLD_RELATIONSHIP_TEAM);
	uint32_t live = told_request_flag(&r, "live");
	uint64_t until_ms = told_request_number(&r, "until_ms");
	if (team.len == 0 && caller->team_count > 0)
		team = told_text(caller->teams[0]);
	status = r.status == TOLD_OK ? told_random(ticket, sizeof ticket) : r.status;
	if (status == TOLD_OK)
		status = told_agent_relate(agent, caller, client, kind, team, live != TOLD_YES_NO_NO, until_ms, ticket);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}

static const char *const flag_kinds[] = {
	NULL,           "location_protected", "restricted",    "disputed",        "objection",      "legal_hold",
	"deceased",     "merge_pending",      "do_not_notify", "worker_excluded", "lacks_capacity", "under_16",
	"safe_to_tell",
};
static const char *const flag_states[] = {NULL, "set", "being_looked_at", "upheld", "cleared"};
static const char *const hold_kinds[] = {NULL,       "inquiry",         "court", "complaint", "access_request",
					 "incident", "statutory_review"};
#define WORDS(list) list, sizeof list / sizeof list[0]

enum told_status told_agent_flag(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, "client kind state category party worker hold", reply);
	struct told_bytes client = told_request_client(&r);
	struct told_flag_part part = {
		.kind = told_request_word(&r, "kind", WORDS(flag_kinds), 0),
		.state = told_request_word(&r, "state", WORDS(flag_states), TOLD_FLAG_STATE_SET),
		.category = told_request_code(&r, "category", TOLD_LIST_CATEGORY, 0),
		.party = told_request_text(&r, "party", false),
		.worker = told_request_text(&r, "worker", false),
		.hold = told_request_word(&r, "hold", WORDS(hold_kinds), 0),
		.since_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms,
	};
	if (r.status == TOLD_OK && part.kind == 0)
		told_request_refuse(&r, TOLD_E_USAGE, "\"kind\" is needed: which flag.");
	status = r.status;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_FLAG, caller, client, &draft);
	draft.header.flag = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}
