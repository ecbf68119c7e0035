/* SPDX-License-Identifier: Apache-2.0 */
/* Makes questions out of a seed. Nothing here is drawn from a case: what may be combined is combined. */
#include "decide/world.h"

#include "support/support.h"

#include <string.h>

#define DAYS(n) ((int64_t)(n)*TOLD_MS_DAY)

static uint64_t below(uint64_t *random, uint64_t n)
{
	return told_test_random(random) % n;
}

static bool chance(uint64_t *random, unsigned percent)
{
	return below(random, 100) < percent;
}

static struct told_catset some_data(uint64_t *random, unsigned percent)
{
	struct told_catset set = {0};
	for (unsigned category = 1; category < TOLD_CATEGORY_COUNT; category++)
		if (chance(random, percent))
			told_catset_add(&set, category);
	return set;
}

static uint32_t some_purposes(uint64_t *random)
{
	return TOLD_BIT32(TOLD_PURPOSE_REFERRAL) | (uint32_t)(told_test_random(random) & 0x7f);
}

static struct told_partyset some_parties(uint64_t *random, unsigned percent)
{
	struct told_partyset set = {0};
	for (uint32_t party = 1; party <= WORLD_PARTIES; party++)
		if (chance(random, percent))
			told_partyset_add(&set, party);
	return set;
}

static struct told_basis_lists usual_basis(void)
{
	return (struct told_basis_lists){
		.art6 = {1, {TOLD_ART6_E}},
		.art9 = {1, {TOLD_ART9_G_6}},
		.art10 = {1, {TOLD_ART10_SCH1_18}},
		.confidentiality = {2, {TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT, TOLD_CONFIDENTIALITY_PUBLIC_INTEREST}},
	};
}

static void make_flow(struct told_flow *flow, uint64_t *random, unsigned number)
{
	*flow = (struct told_flow){
		.clause = {'4', '.', (char)('1' + number)},
		.from = some_parties(random, 70),
		.to = some_parties(random, 70),
		.types = UINT64_MAX,
		.purposes = some_purposes(random),
		.data = some_data(random, 40),
		.basis = usual_basis(),
		.consent = chance(random, 85) ? TOLD_MODE_PERMISSION : TOLD_MODE_NONE,
		.others_own_basis = chance(random, 50),
		.marker = TOLD_PARCEL_MARKER_GENERIC,
	};
	told_partyset_add(&flow->from, 1);
	if (chance(random, 80))
		told_partyset_add(&flow->to, 2);
}

static void make_profile(struct told_profile *p, uint64_t *random)
{
	*p = (struct told_profile){
		.clause = "7.1",
		.kind = TOLD_OVERRIDE_SAFEGUARDING,
		.needs_reason = true,
		.from = some_parties(random, 90),
		.to = some_parties(random, 90),
		.types = UINT64_MAX,
		.purposes = UINT32_MAX,
		.first = some_data(random, 40),
		.beyond = some_data(random, 40),
		.basis = usual_basis(),
		.declare = TOLD_BIT32(TOLD_ROLE_PRACTITIONER),
		.second = TOLD_BIT32(TOLD_ROLE_DSL),
		.expires = {.count = 90, .unit = TOLD_SPAN_DAYS},
		.review = {.count = 5, .unit = TOLD_SPAN_WORKING_DAYS},
	};
	told_partyset_add(&p->from, 1);
	told_partyset_add(&p->to, 2);
}

/* Two flows that carry the same category for the same pair are refused at load. */
static void keep_apart(struct told_flow *flows)
{
	struct told_catset taken = {0};
	for (unsigned i = 0; i < WORLD_FLOWS; i++)
		for (unsigned word = 0; word < TOLD_CATSET_WORDS; word++) {
			flows[i].data.w[word] &= ~taken.w[word];
			taken.w[word] |= flows[i].data.w[word];
		}
}

static const char *const names[WORLD_AGREEMENTS] = {"A", "B", "C", "D", "E"};

static void make_agreement(struct world *w, uint64_t *random, size_t n)
{
	struct told_agreement *a = &w->agreements[n];
	*a = (struct told_agreement){
		.id = told_text(names[n]),
		.version = 1,
		.status = TOLD_AGREEMENT_SIGNED,
		.from_utc_ms = WORLD_T_UTC_MS - DAYS(300),
		.until_utc_ms = chance(random, 50) ? TOLD_FOREVER : WORLD_T_UTC_MS + DAYS(300),
		.review_utc_ms = WORLD_T_UTC_MS + DAYS(chance(random, 90) ? 30 : -10),
		.grace = {.count = 60, .unit = TOLD_SPAN_DAYS},
		.consent_max = {.count = 12, .unit = TOLD_SPAN_MONTHS},
		.locate = some_parties(random, 30),
		.parties = w->parties[n],
		.party_count = WORLD_PARTIES,
		.flows = w->flows[n],
		.flow_count = WORLD_FLOWS,
		.profiles = w->profiles[n],
		.profile_count = 1,
	};
	if (n > 0 && chance(random, 10))
		a->under = told_text(names[0]);
	for (unsigned i = 0; i < WORLD_PARTIES; i++)
		w->parties[n][i] = (struct told_party){
			.party = i + 1,
			.marks = chance(random, 20) ? TOLD_MARK_REVEALS | TOLD_MARK_HSC : TOLD_MARK_PUBLIC,
			.signed_version = 1,
			.assurance_until_utc_ms = WORLD_T_UTC_MS + DAYS(chance(random, 95) ? 60 : -5),
		};
	for (unsigned i = 0; i < WORLD_FLOWS; i++)
		make_flow(&w->flows[n][i], random, i);
	keep_apart(w->flows[n]);
	make_profile(&w->profiles[n][0], random);
	w->facts[n] = (struct told_agreement_facts){.agreement = a, .sender_signed = 1, .recipient_signed = 1};
}

static uint8_t some_state(uint64_t *random)
{
	static const uint8_t others[] = {TOLD_CONSENT_STATE_SOUGHT,      TOLD_CONSENT_STATE_REFUSED,
					 TOLD_CONSENT_STATE_WITHDRAWN,   TOLD_CONSENT_STATE_NOT_SOUGHT_UNSAFE,
					 TOLD_CONSENT_STATE_INVALID,     TOLD_CONSENT_STATE_ENTERED_IN_ERROR,
					 TOLD_CONSENT_STATE_NOT_REQUIRED};
	return chance(random, 75) ? TOLD_CONSENT_STATE_GIVEN : others[below(random, sizeof others)];
}

static void make_consent(struct world *w, uint64_t *random, size_t n)
{
	struct told_consent *c = &w->consents[n];
	*c = (struct told_consent){
		.id = {(uint8_t)(n + 1)},
		.kind = chance(random, 85) ? TOLD_CONSENT_KIND_PERMISSION : (uint8_t)(1 + below(random, 6)),
		.state = some_state(random),
		.giver = TOLD_GIVER_PERSON,
		.evidence = chance(random, 95) ? TOLD_EVIDENCE_NOTE : TOLD_EVIDENCE_NONE,
		.capacity = TOLD_CAPACITY_HAS,
		.person = chance(random, 95) ? 1 : 2,
		.given_utc_ms = WORLD_T_UTC_MS - DAYS(below(random, 400)),
		.purposes = some_purposes(random),
		.taken_by = 1 + (uint32_t)below(random, 3),
		.include = some_data(random, 50),
		.recipients = w->to[n],
		.recipient_count = 1 + below(random, 3),
	};
	if (chance(random, 10))
		c->exclude = some_data(random, 10);
	if (chance(random, 5))
		c->not_to = some_parties(random, 20);
	if (chance(random, 20))
		c->until_utc_ms = WORLD_T_UTC_MS + DAYS(below(random, 60)) - DAYS(20);
	if (n > 0 && chance(random, 10))
		c->supersedes[0] = (uint8_t)(1 + below(random, n));
	for (unsigned i = 0; i < 3; i++)
		w->to[n][i] = (struct told_consent_recipient){.party = 2 + (uint32_t)below(random, WORLD_PARTIES - 1)};
	if (chance(random, 70))
		w->to[n][0].party = 2;
}

static void make_section(struct told_section_facts *s, uint64_t *random)
{
	*s = (struct told_section_facts){
		.category = (uint8_t)(1 + below(random, TOLD_CATEGORY_NARR)),
		.flags = TOLD_SECTION_VERIFIED | (chance(random, 90) ? TOLD_SECTION_ONWARD : 0) |
			 (chance(random, 3) ? TOLD_SECTION_CONFIDENTIAL : 0),
		.originator = chance(random, 85) ? 0 : 3,
		.authored = true,
		.about = chance(random, 95) ? 0 : 2,
		.recorded_utc_ms = WORLD_T_UTC_MS - DAYS(below(random, 900)),
	};
	if (s->category == TOLD_CATEGORY_NARR && chance(random, 70))
		s->classified = some_data(random, 3);
}

static void make_people(struct world *w, uint64_t *random)
{
	for (unsigned i = 0; i < WORLD_PARTIES; i++)
		w->directory[i] = (struct told_directory_facts){.party = i + 1, .standing = TOLD_STANDING_ACTIVE};
	w->workers[0] = (struct told_worker_facts){1, 1, 1, TOLD_BIT32(TOLD_ROLE_PRACTITIONER), told_text("U1"), 0, 0};
	w->workers[1] = (struct told_worker_facts){2, 2, 1, TOLD_BIT32(TOLD_ROLE_DSL), told_text("U9"), 0, 0};
	w->workers[2] = (struct told_worker_facts){3, 3, 2, TOLD_BIT32(TOLD_ROLE_PRACTITIONER), told_text("U5"), 0, 0};
	for (unsigned i = 0; i < 3; i++)
		w->relationships[i] = (struct told_relationship_facts){
			.kind = TOLD_RELATIONSHIP_REFERRAL,
			.party = 1 + (uint32_t)below(random, 3),
			.person = 1,
			.from_utc_ms = WORLD_T_UTC_MS - DAYS(below(random, 90)),
			.until_utc_ms = chance(random, 50) ? 0 : WORLD_T_UTC_MS + DAYS(below(random, 20)) - DAYS(5),
		};
	w->restrictions[0] = (struct told_restriction_facts){
		.kind = TOLD_FLAG_RESTRICTED, .state = TOLD_FLAG_STATE_SET, .categories = some_data(random, 10)};
	w->withdrawals[0] = (struct told_withdrawal_facts){.at_utc_ms = WORLD_T_UTC_MS - DAYS(below(random, 300))};
	w->withdrawals[0].consent_id[0] = (uint8_t)(1 + below(random, WORLD_CONSENTS));
}

static void make_message(struct world *w, uint64_t *random, size_t sections)
{
	static const uint8_t types[] = {TOLD_TYPE_REFERRAL, TOLD_TYPE_STATUS_UPDATE, TOLD_TYPE_ASK, TOLD_TYPE_NOTE};
	w->bases[0] = (struct told_basis_facts){.art6 = TOLD_ART6_E,
						.art9 = TOLD_ART9_G_6,
						.art10 = TOLD_ART10_SCH1_18,
						.confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT};
	w->q.message = (struct told_message_facts){
		.id = {1},
		.type = types[chance(random, 80) ? below(random, 2) : below(random, 4)],
		.role = TOLD_ROLE_PRACTITIONER,
		.sender = 1,
		.recipient = 2,
		.author = 1,
		.authoriser = 2,
		.purposes =
			TOLD_BIT32(TOLD_PURPOSE_REFERRAL) | (chance(random, 20) ? TOLD_BIT32(TOLD_PURPOSE_COORD) : 0),
		.person = 1,
		.created_utc_ms = WORLD_T_UTC_MS,
		.expires_utc_ms = WORLD_T_UTC_MS + DAYS(7),
		.agreement_id = told_text(names[0]),
		.agreement_version = 1,
		.section_count = sections,
		.recipient_count = 1,
		.basis_count = 1,
	};
	for (size_t i = 0; i < sections; i++)
		make_section(&w->sections[i], random);
	w->recipients[0] = 2;
}

/* P1 to P6, made once and kept to the end. */
static const struct told_parties *usual_names(void)
{
	static struct told_parties *table;
	for (uint32_t party = 1, given; table == NULL || told_party_count(table) < WORLD_PARTIES; party++) {
		const char name[] = {'P', (char)('0' + party), '\0'};
		if (table == NULL)
			assert_int_equal(told_parties_new(&table), TOLD_OK);
		assert_int_equal(told_party_intern(table, told_text(name), &given), TOLD_OK);
	}
	return table;
}

/* The question points into its own world, never into the one it was copied from. */
static void mend(struct world *w)
{
	w->q.agreements = w->facts;
	w->q.consents = w->consents;
	w->q.withdrawals = w->withdrawals;
	w->q.relationships = w->relationships;
	w->q.directory = w->directory;
	w->q.workers = w->workers;
	w->q.message.bases = w->bases;
	w->q.message.sections = w->sections;
	w->q.message.recipients = w->recipients;
	w->q.person.restrictions = w->restrictions;
}

void world_make(struct world *w, uint64_t *random, size_t sections, size_t agreements, size_t consents)
{
	memset(w, 0, sizeof *w);
	w->q.t_utc_ms = WORLD_T_UTC_MS;
	w->q.names = usual_names();
	for (size_t i = 0; i < agreements; i++)
		make_agreement(w, random, i);
	for (size_t i = 0; i < consents; i++)
		make_consent(w, random, i);
	make_people(w, random);
	make_message(w, random, sections);
	w->q.person = (struct told_person_facts){.matches = 1,
						 .location_protected = chance(random, 20),
						 .restriction_count = chance(random, 10) ? 1 : 0};
	w->q.agreement_count = agreements;
	w->q.consent_count = consents;
	w->q.withdrawal_count = chance(random, 20) ? 1 : 0;
	w->q.relationship_count = 3;
	w->q.directory_count = WORLD_PARTIES;
	w->q.worker_count = 3;
	mend(w);
}

void world_plain(struct world *w)
{
	uint64_t random = 7;
	world_make(w, &random, 2, 1, 1);
	memset(w->parties[0], 0, sizeof w->parties[0]);
	for (unsigned i = 0; i < WORLD_PARTIES; i++) {
		w->parties[0][i].party = i + 1;
		w->parties[0][i].marks = TOLD_MARK_PUBLIC;
		w->parties[0][i].assurance_until_utc_ms = TOLD_FOREVER;
	}
	w->agreements[0].until_utc_ms = w->agreements[0].review_utc_ms = TOLD_FOREVER;
	struct told_flow *flow = &w->flows[0][0];
	w->agreements[0].flow_count = 1;
	memset(&flow->data, 0, sizeof flow->data);
	YES(flow->data, TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT, TOLD_CATEGORY_NARR);
	flow->purposes = TOLD_BIT32(TOLD_PURPOSE_REFERRAL) | TOLD_BIT32(TOLD_PURPOSE_MDT);
	told_partyset_add(&flow->to, 2);
	told_partyset_add(&flow->from, 2);
	told_partyset_add(&flow->to, 1);
	flow->consent = TOLD_MODE_PERMISSION;
	struct told_consent *c = &w->consents[0];
	*c = (struct told_consent){.id = {1},
				   .kind = TOLD_CONSENT_KIND_PERMISSION,
				   .state = TOLD_CONSENT_STATE_GIVEN,
				   .giver = TOLD_GIVER_PERSON,
				   .evidence = TOLD_EVIDENCE_NOTE,
				   .person = 1,
				   .given_utc_ms = WORLD_T_UTC_MS - TOLD_MS_DAY,
				   .purposes = flow->purposes,
				   .taken_by = 1,
				   .include = flow->data,
				   .recipients = w->to[0],
				   .recipient_count = 1};
	w->to[0][0] = (struct told_consent_recipient){.party = 2};
	w->q.person = (struct told_person_facts){.matches = 1};
	w->q.withdrawal_count = 0;
	w->q.message.type = TOLD_TYPE_REFERRAL;
	w->q.message.purposes = TOLD_BIT32(TOLD_PURPOSE_REFERRAL);
	static const uint8_t categories[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
	for (size_t i = 0; i < 2; i++)
		w->sections[i] = (struct told_section_facts){.category = categories[i],
							     .flags = TOLD_SECTION_ONWARD | TOLD_SECTION_VERIFIED,
							     .recorded_utc_ms = WORLD_T_UTC_MS - TOLD_MS_DAY};
}

void world_make_alert(struct world *w, uint64_t *random)
{
	world_make(w, random, 1 + below(random, 8), 2, below(random, 8));
	w->q.message.type = TOLD_TYPE_ALERT;
	w->q.message.override = (struct told_override_facts){
		.kind = TOLD_OVERRIDE_SAFEGUARDING,
		.at_risk = TOLD_AT_RISK_OTHERS_TOO,
		.reason_given = true,
		.raised_utc_ms = WORLD_T_UTC_MS,
	};
	w->bases[0].confidentiality = TOLD_CONFIDENTIALITY_PUBLIC_INTEREST;
}

/* Agreements are few and pointed at by their facts; the rest lies in arrays of its own. */
void world_copy(struct world *to, const struct world *from)
{
	*to = *from;
	mend(to);
	for (size_t i = 0; i < WORLD_AGREEMENTS; i++) {
		to->agreements[i].parties = to->parties[i];
		to->agreements[i].flows = to->flows[i];
		to->agreements[i].profiles = to->profiles[i];
	}
	for (size_t i = 0; i < from->q.agreement_count; i++)
		to->facts[i].agreement = &to->agreements[from->facts[i].agreement - from->agreements];
	for (size_t i = 0; i < from->q.consent_count; i++)
		to->consents[i].recipients = to->to[(from->consents[i].recipients - from->to[0]) / 3];
}

#define SWAP_SHUFFLE(array, count, random)                                                                             \
	for (size_t i_ = (count); i_ > 1; i_--) {                                                                      \
		size_t j_ = below(random, i_);                                                                         \
		__typeof__((array)[0]) held_ = (array)[i_ - 1];                                                        \
		(array)[i_ - 1] = (array)[j_];                                                                         \
		(array)[j_] = held_;                                                                                   \
	}

void world_shuffle(struct world *w, uint64_t *random)
{
	SWAP_SHUFFLE(w->facts, w->q.agreement_count, random)
	SWAP_SHUFFLE(w->consents, w->q.consent_count, random)
	SWAP_SHUFFLE(w->withdrawals, w->q.withdrawal_count, random)
	SWAP_SHUFFLE(w->relationships, w->q.relationship_count, random)
	SWAP_SHUFFLE(w->directory, w->q.directory_count, random)
	SWAP_SHUFFLE(w->workers, w->q.worker_count, random)
}
