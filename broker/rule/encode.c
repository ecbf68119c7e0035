/* SPDX-License-Identifier: Apache-2.0 */
/* The ruling as it is written down: the canonical LeafRuling, from which it can be replayed and compared. */
#include "broker/rule/ruling.h"

#include "proto/leaf.h"

#include <string.h>

static struct told_bytes set_id(const uint8_t id[TOLD_ID_BYTES])
{
	static const uint8_t none[TOLD_ID_BYTES];
	bool empty = memcmp(id, none, TOLD_ID_BYTES) == 0;
	return told_bytes(empty ? NULL : id, empty ? 0 : TOLD_ID_BYTES);
}

static enum told_status encode_sections(const struct told_ruling *ruling, size_t which, struct told_arena *arena,
					struct told_leaf_recipient_ruling *out)
{
	const struct told_decision *d = told_ruling_decision(ruling, which);
	struct told_section_header *const *headers = told_verified_sections(told_ruling_verified(ruling));
	size_t deposit_count = 0;
	const struct told_deposit_facts *deposits = told_ruling_deposits(ruling, which, &deposit_count);
	struct told_leaf_section_ruling *list = told_arena_alloc(arena, d->section_count * sizeof *list);
	if (list == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < d->section_count; i++) {
		const struct told_section_decision *s = &d->sections[i];
		const struct told_section_header *header =
			deposit_count > 0 ? deposits[s->index].section : headers[s->index];
		list[i] = (struct told_leaf_section_ruling){
			.number = s->index + 1u,
			.category = header->category,
			.effect = s->effect,
			.code = s->code,
			.clause = told_text(s->clause),
			.consent_id = set_id(s->consent_id),
		};
	}
	out->sections.items = list;
	out->sections.count = d->section_count;
	return TOLD_OK;
}

static enum told_status encode_obligations(const struct told_decision *d, const struct told_parties *names,
					   struct told_arena *arena, struct told_leaf_recipient_ruling *out)
{
	struct told_leaf_obligation *list = told_arena_alloc(arena, d->obligation_count * sizeof *list);
	if (list == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < d->obligation_count; i++) {
		const struct told_obligation *o = &d->obligations[i];
		list[i].kind = o->kind;
		list[i].due_ms = (uint64_t)o->due_utc_ms;
		if (o->party != TOLD_PARTY_NONE)
			list[i].who = told_text(told_party_name(names, o->party));
	}
	out->obligations.items = list;
	out->obligations.count = d->obligation_count;
	return TOLD_OK;
}

static enum told_status encode_recipient(const struct told_ruling *ruling, size_t which,
					 const struct told_parties *names, struct told_arena *arena,
					 struct told_leaf_recipient_ruling *out)
{
	const struct told_decision *d = told_ruling_decision(ruling, which);
	uint32_t *codes = told_arena_alloc(arena, d->code_count * sizeof *codes);
	if (codes == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < d->code_count; i++)
		codes[i] = d->codes[i];
	*out = (struct told_leaf_recipient_ruling){
		.recipient = told_ruling_recipient(ruling, which),
		.effect = d->effect,
		.primary = d->primary,
		.codes = {.items = codes, .count = d->code_count},
		.agreement = d->agreement_id,
		.agreement_version = d->agreement_version,
		.clause = told_text(d->clause),
		.input_sha256 = told_bytes(d->inputs.b, sizeof d->inputs.b),
	};
	enum told_status status = encode_sections(ruling, which, arena, out);
	return status == TOLD_OK ? encode_obligations(d, names, arena, out) : status;
}

enum told_status told_ruling_encode(const struct told_ruling *ruling, const struct told_parties *names,
				    struct told_arena *arena, struct told_buf *out)
{
	size_t n = told_ruling_count(ruling);
	struct told_leaf_recipient_ruling *rows = told_arena_alloc(arena, n * sizeof *rows);
	if (rows == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < n; i++) {
		enum told_status status = encode_recipient(ruling, i, names, arena, &rows[i]);
		if (status != TOLD_OK)
			return status;
	}
	struct told_leaf_ruling record = {.recipients = {.items = rows, .count = n}};
	return told_leaf_ruling_encode(&record, out);
}
