/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the partnership: parties, agreements, people with their permissions, one message. Touches memory only. */
#include "agents/explain/bench_world.h"

#include "broker/agree/agreement.h"
#include "broker/agree/load.h"
#include "told/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTIES   200u                   /* P1 and P2 speak; the others have agreements of their own */
#define NOW_MS    INT64_C(1795341600000) /* 2026-11-22T10:00Z */
#define ALL_BYTES (SIZE_MAX / 2)

/* Every third leaf or so; what Article 10 would be asked for is left out. */
static const uint8_t leaves[TOLD_BENCH_SECTIONS] = {
	TOLD_CATEGORY_DEM_ID,   TOLD_CATEGORY_DEM_CON,  TOLD_CATEGORY_DEM_TEL, TOLD_CATEGORY_DEM_SAFE,
	TOLD_CATEGORY_HOU_SIT,  TOLD_CATEGORY_HOU_DUTY, TOLD_CATEGORY_HOU_TEN, TOLD_CATEGORY_HOU_SUP,
	TOLD_CATEGORY_MH_PROB,  TOLD_CATEGORY_MH_SCORE, TOLD_CATEGORY_MH_TX,   TOLD_CATEGORY_MH_ATT,
	TOLD_CATEGORY_SUD_USE,  TOLD_CATEGORY_SUD_TX,   TOLD_CATEGORY_SUD_ATT, TOLD_CATEGORY_EMP_STAT,
	TOLD_CATEGORY_EMP_GOAL, TOLD_CATEGORY_EMP_BAR,  TOLD_CATEGORY_EMP_ADJ, TOLD_CATEGORY_FIN_DEBT,
	TOLD_CATEGORY_PHY_COND, TOLD_CATEGORY_RSK_SELF, TOLD_CATEGORY_RSK_OTH, TOLD_CATEGORY_NED,
	TOLD_CATEGORY_PLN,      TOLD_CATEGORY_STR,      TOLD_CATEGORY_GOA,     TOLD_CATEGORY_PRF_GEN,
	TOLD_CATEGORY_PRF_ACC,  TOLD_CATEGORY_REF_META,
};

static void put_number(uint8_t out[8], uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (56 - 8 * i));
}

void told_bench_ref(size_t n, uint8_t ref[TOLD_ID_BYTES])
{
	told_hash hash;
	uint8_t bytes[8];
	put_number(bytes, n);
	told_sha256(told_bytes(bytes, sizeof bytes), &hash);
	memcpy(ref, hash.b, TOLD_ID_BYTES);
}

/* ---- agreements ---- */

static void put_party(struct told_buf *text, size_t party)
{
	char line[320];
	uint8_t ref[TOLD_ID_BYTES];
	char hex[2 * TOLD_ID_BYTES + 1];
	told_bench_ref(party, ref);
	told_hex(ref, sizeof ref, hex);
	snprintf(line, sizeof line,
		 "  - {party: P%zu, signed: 1, assurance: 2027-03-31, marks: [%s], key: \"SHA256:%s%s\", name: "
		 "\"party\"}\n",
		 party, party == 2 ? "public, hsc, reveals" : "public", hex, hex);
	told_buf_put_text(text, line);
}

static void put_agreement(struct told_buf *text, size_t n, const size_t parties[3])
{
	char line[512];
	snprintf(
		line, sizeof line,
		"agreement: A%zu\nversion: 1\nkind: isp\ntitle: \"Measured\"\nstatus: signed\nfrom: 2026-01-01\nuntil: "
		"2028-12-31\nreview: 2027-01-01\ngrace: 60d\nconsent-max: 12m\n",
		n);
	told_buf_put_text(text, line);
	told_buf_put_text(text, "base:\n  art6: [e]\n  art9: [g:6]\n  confidentiality: [explicit_consent]\n"
				"  consent: permission\n  apd: 2025-12-01\nparties:\n");
	for (size_t i = 0; i < 3; i++)
		put_party(text, parties[i]);
	snprintf(line, sizeof line,
		 "flows:\n  - clause: \"1.1\"\n    from: [P%zu]\n    to: [P%zu, P%zu]\n    types: [REFERRAL, ASK]\n    "
		 "purposes: [%s]\n    data: [",
		 parties[0], parties[1], parties[2], n % TOLD_BENCH_BETWEEN == 0 ? "REFERRAL" : "COORD");
	told_buf_put_text(text, line);
	for (size_t i = 0; i < TOLD_BENCH_SECTIONS; i++) {
		told_buf_put_text(text, i > 0 ? ", " : "");
		told_buf_put_text(text, told_code(TOLD_LIST_CATEGORY, leaves[i]));
	}
	told_buf_put_text(text, "]\n");
}

/* The first few are between P1 and P2; the rest between others, so that every party is in some. */
static void parties_of(size_t n, size_t parties[3])
{
	bool theirs = n < TOLD_BENCH_BETWEEN;
	parties[0] = theirs ? 1 : 1 + n % PARTIES;
	parties[1] = theirs ? 2 : 1 + (n + 2 + n / PARTIES) % PARTIES;
	parties[2] = 1 + (n + 60 + n / PARTIES) % PARTIES;
}

static enum told_status sign(struct told_bench_world *w, const struct told_agreement *agreement)
{
	told_hash sha256;
	enum told_status status = TOLD_OK;
	memcpy(sha256.b, agreement->sha256, sizeof sha256.b);
	for (size_t i = 0; status == TOLD_OK && i < agreement->party_count; i++)
		status = told_directory_apply_signature(w->directory, (struct told_entry){0},
							agreement->parties[i].party, &sha256);
	return status;
}

static enum told_status add_agreement(struct told_bench_world *w, size_t n)
{
	struct told_buf text = TOLD_BUF(65536);
	struct told_faults faults = TOLD_FAULTS("measured");
	struct told_agreement *agreement = NULL;
	size_t parties[3];
	parties_of(n, parties);
	put_agreement(&text, n, parties);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_agreement_load(told_bytes(text.data, text.len), "measured", w->parties, &agreement,
					     &faults);
	const struct told_agreement *loaded = agreement;
	if (status == TOLD_OK)
		status = told_directory_apply_agreement(w->directory, (struct told_entry){0}, &agreement);
	if (status == TOLD_OK)
		status = sign(w, loaded);
	else
		told_agreement_free(agreement);
	told_faults_free(&faults);
	told_buf_free(&text);
	return status;
}

/* ---- the two parties and a worker ---- */

static enum told_status enrol(struct told_bench_world *w, const char *name, uint8_t number)
{
	uint8_t seed[TOLD_KEY_BYTES] = {number, 1}, key[TOLD_KEY_BYTES];
	struct told_partner_fact fact = {.action = TOLD_PARTNER_ACTION_ENROL, .identity_key = key};
	enum told_status status = told_party_intern(w->parties, told_text(name), &fact.party);
	if (status == TOLD_OK)
		status = told_ed25519_public(seed, key);
	if (status == TOLD_OK)
		status = told_directory_apply_partner(w->directory, (struct told_entry){0}, &fact);
	struct told_worker worker = {
		.party = fact.party, .number = told_text("U1"), .roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER)};
	return status == TOLD_OK ? told_directory_apply_worker(w->directory, (struct told_entry){0}, &worker) : status;
}

/* ---- people ---- */

/* Twenty years of yes and no: every fifth is for the recipient of the message; of those the first is in force for all.
 */
static void give(struct told_header *header, struct told_consent_part *part, size_t person, size_t n,
		 struct told_consent_recipient_part *to, uint32_t *data, uint32_t *purpose)
{
	static const char *const others[] = {"P3", "P4", "P5", "P6"};
	uint8_t *id = (uint8_t *)(uintptr_t)header->id.data;
	put_number(id, person);
	put_number(id + 8, n + 1);
	*to = (struct told_consent_recipient_part){.party = told_text(n % 5 == 0 ? "P2" : others[n % 5 - 1])};
	*purpose = n % 3 == 0 ? TOLD_PURPOSE_REFERRAL : TOLD_PURPOSE_COORD;
	for (size_t i = 0; i < TOLD_BENCH_SECTIONS; i++)
		data[i] = leaves[i];
	*part = (struct told_consent_part){
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.state = n % 7 == 6 ? TOLD_CONSENT_STATE_REFUSED : TOLD_CONSENT_STATE_GIVEN,
		.given_ms = (uint64_t)(NOW_MS - (int64_t)(n + 1) * 40 * TOLD_MS_DAY),
		.recipients = {.items = to, .count = 1},
		.purposes = {.items = purpose, .count = 1},
		.include = {.items = data, .count = n == 0 ? TOLD_BENCH_SECTIONS : TOLD_BENCH_SECTIONS / 2},
		.giver = TOLD_GIVER_PERSON,
		.evidence = TOLD_EVIDENCE_NOTE,
	};
	header->consent = part;
}

static enum told_status fold(struct told_bench_world *w, struct told_person *person, size_t number)
{
	struct told_consent_recipient_part to;
	struct told_consent_part part;
	uint32_t data[TOLD_BENCH_SECTIONS], purpose;
	uint8_t id[TOLD_ID_BYTES];
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < w->size.permissions; i++) {
		struct told_header header = {
			.type = TOLD_TYPE_CONSENT, .id = told_bytes(id, sizeof id), .sender = told_text("P1")};
		struct told_entry entry = {.number = number * w->size.permissions + i, .utc_ms = NOW_MS - TOLD_MS_DAY};
		give(&header, &part, number, i, &to, data, &purpose);
		status = told_person_apply(person, w->parties, &header, entry);
	}
	return status;
}

static enum told_status add_person(struct told_bench_world *w, size_t number)
{
	uint8_t ref[TOLD_ID_BYTES];
	struct told_person *person = NULL;
	told_bench_ref(number, ref);
	enum told_status status = told_person_new(ref, &person);
	if (status == TOLD_OK)
		status = fold(w, person, number);
	if (status != TOLD_OK) {
		told_person_free(person);
		return status;
	}
	status = told_people_keep(w->people, person);
	return status == TOLD_OK ? told_people_settle(w->people, person, w->parties) : status;
}

/* ---- the message ---- */

static enum told_status make_message(struct told_bench_world *w)
{
	static const struct told_bytes recipients[] = {{(const uint8_t *)"P2", 2}};
	static uint32_t purposes[] = {TOLD_PURPOSE_REFERRAL};
	static struct told_basis_part basis = {
		.art6 = TOLD_ART6_E, .art9 = TOLD_ART9_G_6, .confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT};
	static const uint8_t id[TOLD_ID_BYTES] = {1};
	struct told_section_header *sections = told_arena_alloc(w->arena, TOLD_BENCH_SECTIONS * sizeof *sections);
	struct told_agreement_ref *agreement = told_arena_alloc(w->arena, sizeof *agreement);
	w->header = told_arena_alloc(w->arena, sizeof *w->header);
	if (sections == NULL || agreement == NULL || w->header == NULL)
		return TOLD_E_MEMORY;
	*agreement = (struct told_agreement_ref){.id = told_text("A0"), .version = 1};
	*w->header = (struct told_header){
		.type = TOLD_TYPE_REFERRAL,
		.id = told_bytes(id, sizeof id),
		.sender = told_text("P1"),
		.recipients = {.items = (struct told_bytes *)(uintptr_t)recipients, .count = 1},
		.created_ms = (uint64_t)NOW_MS,
		.expires_ms = (uint64_t)(NOW_MS + TOLD_MS_DAY),
		.author = told_text("U1"),
		.role = TOLD_ROLE_PRACTITIONER,
		.purposes = {.items = purposes, .count = 1},
		.bases = {.items = &basis, .count = 1},
		.agreement = agreement,
	};
	for (size_t i = 0; i < TOLD_BENCH_SECTIONS; i++) {
		sections[i] = (struct told_section_header){.number = (uint32_t)i + 1,
							   .category = leaves[i],
							   .voice = TOLD_VOICE_PERSON,
							   .recorded_ms = (uint64_t)(NOW_MS - TOLD_MS_DAY),
							   .basis = 1};
		w->sections[i] = &sections[i];
	}
	return TOLD_OK;
}

enum told_status told_bench_world_new(const struct told_bench_size *size, struct told_bench_world **out)
{
	struct told_bench_world *w = calloc(1, sizeof *w);
	*out = NULL;
	if (w == NULL)
		return TOLD_E_MEMORY;
	w->size = *size;
	w->when = (struct told_when){.utc_ms = NOW_MS, .log_size = TOLD_WHOLE_LOG};
	enum told_status status = told_arena_new(1u << 20, &w->arena);
	if (status == TOLD_OK)
		status = told_parties_new(&w->parties);
	if (status == TOLD_OK)
		status = told_directory_new(&w->directory);
	if (status == TOLD_OK)
		status = told_people_new(ALL_BYTES, &w->people);
	if (status == TOLD_OK)
		status = enrol(w, "P1", 1);
	if (status == TOLD_OK)
		status = enrol(w, "P2", 2);
	for (size_t i = 0; status == TOLD_OK && i < size->agreements; i++)
		status = add_agreement(w, i);
	for (size_t i = 0; status == TOLD_OK && i < size->people; i++)
		status = add_person(w, i);
	if (status == TOLD_OK)
		status = make_message(w);
	if (status != TOLD_OK) {
		told_bench_world_free(w);
		return status;
	}
	*out = w;
	return TOLD_OK;
}

void told_bench_world_free(struct told_bench_world *w)
{
	if (w == NULL)
		return;
	told_people_free(w->people);
	told_directory_free(w->directory);
	told_parties_free(w->parties);
	told_arena_free(w->arena);
	free(w);
}
