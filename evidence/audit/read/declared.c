/* SPDX-License-Identifier: Apache-2.0 */
/* Loads agreements and holds what was sent against their clauses. Reads the store and files, writes nothing. */
#include "evidence/audit/read/declared.h"

#include "broker/agree/load.h"
#include "evidence/audit/base/file.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/read/events.h"
#include "told/proof.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[TOLD_STANDING_COUNT] = {
	[TOLD_STANDING_NO_AGREEMENT] = "not declared: no such agreement",
	[TOLD_STANDING_NO_CLAUSE] = "not declared: no such clause",
	[TOLD_STANDING_SENDER] = "not declared: not this sender",
	[TOLD_STANDING_RECIPIENT] = "not declared: not this recipient",
	[TOLD_STANDING_CATEGORY] = "not declared: not this category",
	[TOLD_STANDING_PURPOSE] = "not declared: not this purpose",
	[TOLD_STANDING_TYPE] = "not declared: not this type of message",
	[TOLD_STANDING_NEVER_SEEN] = "declared, never seen",
	[TOLD_STANDING_OVERRIDE] = "as declared, by an override",
	[TOLD_STANDING_DECLARED] = "as declared",
};

const char *told_standing_words(enum told_standing standing)
{
	return words[standing];
}

enum told_status told_declared_init(struct told_declared *declared)
{
	return told_parties_new(&declared->parties);
}

void told_declared_free(struct told_declared *declared)
{
	for (size_t i = 0; i < declared->count; i++)
		told_agreement_free(declared->items[i]);
	free(declared->items);
	told_parties_free(declared->parties);
	*declared = (struct told_declared){0};
}

static bool known(const struct told_declared *declared, const told_hash *hash)
{
	for (size_t i = 0; i < declared->count; i++)
		if (memcmp(declared->items[i]->sha256, hash->b, sizeof hash->b) == 0)
			return true;
	return false;
}

static enum told_status add(struct told_declared *declared, struct told_bytes file, const char *name,
			    struct told_faults *faults)
{
	struct told_agreement *agreement = NULL;
	told_hash hash;
	told_sha256(file, &hash);
	if (known(declared, &hash))
		return TOLD_OK;
	enum told_status status = told_agreement_load(file, name, declared->parties, &agreement, faults);
	if (status != TOLD_OK)
		return status;
	struct told_agreement **more = realloc(declared->items, (declared->count + 1) * sizeof(*more));
	if (more == NULL) {
		told_agreement_free(agreement);
		return TOLD_E_MEMORY;
	}
	declared->items = more;
	declared->items[declared->count++] = agreement;
	return TOLD_OK;
}

/* ---- from the store ---- */

/* The signed header states the hash of the file: any other file is not what was signed. */
static enum told_status take_signed(struct told_declared *declared, struct told_arena *arena,
				    struct told_bytes envelope, struct told_bytes file)
{
	struct told_envelope *opened = NULL;
	struct told_header *header = NULL;
	told_hash hash;
	enum told_status status = told_envelope_decode(envelope, arena, &opened);
	if (status == TOLD_OK)
		status = told_header_decode(opened->header, arena, &header);
	if (status != TOLD_OK || header->agreement_sign == NULL)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
	told_sha256(file, &hash);
	if (!told_bytes_equal(header->agreement_sign->sha256, told_bytes(hash.b, sizeof hash.b)))
		return TOLD_OK;
	struct told_faults faults = TOLD_FAULTS("agreement");
	status = add(declared, file, "agreement", &faults);
	told_faults_free(&faults);
	return status == TOLD_E_CONFIG ? TOLD_OK : status;
}

enum told_status told_declared_store(struct told_declared *declared, struct told_audit_store *store)
{
	static const char sql[] = "SELECT envelope, attachment FROM fact WHERE type = ?1 ORDER BY log, idx";
	const int64_t type = TOLD_TYPE_AGREEMENT_SIGN;
	struct told_arena *arena = NULL;
	struct told_rows rows;
	enum told_status status = told_beside_open(store, sql, told_bytes(NULL, 0), &type, 1, &rows);
	if (status == TOLD_OK)
		status = told_arena_new(4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES, &arena);
	while (status == TOLD_OK && rows.there) {
		told_arena_reset(arena);
		status = take_signed(declared, arena, told_rows_bytes(&rows, 0), told_rows_bytes(&rows, 1));
		if (status == TOLD_OK)
			status = told_rows_next(&rows);
	}
	told_rows_close(&rows);
	told_arena_free(arena);
	return status;
}

/* ---- from files ---- */

static enum told_status take_file(struct told_declared *declared, const char *path, FILE *err)
{
	struct told_buf text = TOLD_BUF(TOLD_AGREEMENT_MAX_BYTES), said = TOLD_BUF(65536);
	struct told_faults faults = TOLD_FAULTS(path);
	enum told_status status = told_audit_read(path, &text);
	if (status == TOLD_OK)
		status = add(declared, told_buf_view(&text), path, &faults);
	told_faults_print(&faults, &said);
	told_print_plain(err, told_text(told_faults_any(&faults) ? "told-audit: this is no agreement:" : ""));
	for (size_t i = 0, from = 0; i < said.len; i++)
		if (said.data[i] == '\n') { /* line by line: the ends of lines are ours */
			fputc('\n', err);
			told_print_plain(err, told_bytes(said.data + from, i - from));
			from = i + 1;
		}
	if (told_faults_any(&faults))
		fputc('\n', err);
	else if (status != TOLD_OK) {
		fputs("told-audit: ", err);
		told_print_plain(err, told_text(path));
		fprintf(err, ": %s\n", told_status_text(status));
	}
	told_faults_free(&faults);
	told_buf_free(&said);
	told_buf_free(&text);
	return status;
}

enum told_status told_declared_files(struct told_declared *declared, const struct told_words *files, FILE *err)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < files->count; i++)
		status = take_file(declared, files->items[i], err);
	return status;
}

/* ---- judging ---- */

static const struct told_agreement *find(const struct told_declared *declared, const struct told_sent *sent)
{
	for (size_t i = 0; i < declared->count; i++)
		if (declared->items[i]->version == sent->version &&
		    told_bytes_equal(declared->items[i]->id, sent->agreement))
			return declared->items[i];
	return NULL;
}

/* A message without sections is carried by no clause of its own: any that fits will do. */
static bool names(const struct told_sent *sent, const char *clause)
{
	return told_bytes_equal(sent->clause, told_text(clause)) || (sent->category == 0 && sent->clause.len == 0);
}

bool told_declared_newest(const struct told_declared *declared, const struct told_agreement *agreement)
{
	for (size_t i = 0; i < declared->count; i++)
		if (told_bytes_equal(declared->items[i]->id, agreement->id) &&
		    declared->items[i]->version > agreement->version)
			return false;
	return true;
}

/* What a flow and a profile have in common. */
struct limits {
	const struct told_partyset *from, *to;
	uint64_t types;
	uint32_t purposes;
	bool category;
};

/* Asks, their replies and the grants behind them are one: a flow that lists one of them carries all (decision 4.3). */
static uint64_t with_asks(uint64_t types)
{
	const uint64_t asks = TOLD_BIT64(TOLD_TYPE_ASK) | TOLD_BIT64(TOLD_TYPE_ASK_REPLY) | TOLD_BIT64(TOLD_TYPE_GRANT);
	return (types & asks) != 0 ? types | asks : types;
}

static enum told_standing within(const struct limits *may, const struct told_sent *sent, enum told_standing good)
{
	if (sent->from != TOLD_PARTY_NONE && !told_partyset_has(may->from, sent->from))
		return TOLD_STANDING_SENDER;
	if (!told_partyset_has(may->to, sent->to))
		return TOLD_STANDING_RECIPIENT;
	if (sent->category != 0 && !may->category)
		return TOLD_STANDING_CATEGORY;
	if ((sent->purposes & may->purposes) == 0)
		return TOLD_STANDING_PURPOSE;
	return (sent->types & ~with_asks(may->types)) != 0 ? TOLD_STANDING_TYPE : good;
}

static enum told_standing by_flow(const struct told_flow *flow, const struct told_sent *sent)
{
	const struct limits may = {&flow->from, &flow->to, flow->types, flow->purposes,
				   told_catset_has(&flow->data, sent->category)};
	return within(&may, sent, TOLD_STANDING_DECLARED);
}

static enum told_standing by_profile(const struct told_profile *profile, const struct told_sent *sent)
{
	bool category = profile->any_data || profile->order_names || told_catset_has(&profile->first, sent->category) ||
			told_catset_has(&profile->beyond, sent->category);
	const struct limits may = {&profile->from, &profile->to, profile->types, profile->purposes, category};
	return within(&may, sent, TOLD_STANDING_OVERRIDE);
}

enum told_standing told_declared_judge(const struct told_declared *declared, const struct told_sent *sent)
{
	const struct told_agreement *agreement = find(declared, sent);
	enum told_standing best = agreement != NULL ? TOLD_STANDING_NO_CLAUSE : TOLD_STANDING_NO_AGREEMENT;
	for (size_t i = 0; agreement != NULL && i < agreement->flow_count; i++) {
		if (!names(sent, agreement->flows[i].clause))
			continue;
		enum told_standing found = by_flow(&agreement->flows[i], sent);
		best = found > best ? found : best;
	}
	for (size_t i = 0; agreement != NULL && i < agreement->profile_count; i++) {
		if (!names(sent, agreement->profiles[i].clause))
			continue;
		enum told_standing found = by_profile(&agreement->profiles[i], sent);
		best = found > best ? found : best;
	}
	return best;
}
