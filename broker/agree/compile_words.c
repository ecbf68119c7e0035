/* SPDX-License-Identifier: Apache-2.0 */
/* Words to values: dates, spans, sets of categories, parties and codes, and the legal basis that a flow states or takes
 * from the file's base. */
#include "broker/agree/compile.h"
#include "broker/agree/meaning.h"

#include <string.h>

static const char why_unlisted[] = "A rule that names nobody protects nobody and allows nobody.";

struct told_place told_compile_place(const struct told_node *node, const char *key)
{
	const struct told_node *child = told_node_get(node, key);
	return child != NULL ? child->at : node->at;
}

static void broken(struct compiler *c, enum told_status status)
{
	if (c->status == TOLD_OK)
		c->status = status;
}

void *told_compile_room(struct compiler *c, size_t count, size_t size)
{
	if (count == 0)
		return NULL;
	void *room = told_arena_alloc(c->arena, count * size);
	if (room == NULL)
		broken(c, TOLD_E_MEMORY);
	return room;
}

struct told_bytes told_compile_text(struct compiler *c, const char *text)
{
	if (text == NULL)
		return (struct told_bytes){0};
	char *copy = told_arena_text(c->arena, told_text(text));
	if (copy == NULL)
		broken(c, TOLD_E_MEMORY);
	return told_text(copy);
}

/* meaning.c has passed the text, so a failure here is ours. */
static void must(struct compiler *c, enum told_status status)
{
	if (status != TOLD_OK)
		broken(c, TOLD_E_INTERNAL);
}

void told_compile_date(struct compiler *c, const char *text, int64_t *utc_ms)
{
	if (text != NULL)
		must(c, told_date_parse(told_text(text), utc_ms));
}

void told_compile_end(struct compiler *c, const char *text, int64_t *utc_ms)
{
	if (text != NULL)
		must(c, told_date_parse_end(told_text(text), utc_ms));
}

void told_compile_span(struct compiler *c, const char *text, struct told_span *span)
{
	if (text != NULL)
		must(c, told_span_parse(told_text(text), span));
}

void told_compile_clause(const char *text, told_clause out)
{
	memset(out, 0, TOLD_CLAUSE_MAX);
	strncpy(out, text, TOLD_CLAUSE_MAX - 1);
}

/* ---- sets ---- */

void told_compile_categories(struct compiler *c, const struct file_words *words, struct told_catset *out)
{
	for (unsigned i = 0; i < words->count; i++)
		must(c, told_catset_add_code(out, told_text(words->items[i])));
}

uint64_t told_compile_bits(struct compiler *c, enum told_list list, const struct file_words *words)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < words->count; i++) {
		unsigned value = told_value(list, told_text(words->items[i]));
		if (value == 0 || value > 64)
			broken(c, TOLD_E_INTERNAL);
		else
			bits |= TOLD_BIT64(value);
	}
	return bits;
}

static void fault_party(struct compiler *c, const struct told_node *item, const char *name, bool listed)
{
	if (listed)
		told_fault_add(c->faults, item->at,
			       "Only a party with an agent can send; the others are reached on paper or by voice.",
			       "Take it out, or give the party a key and leave \"contact\" out.", "\"%s\" cannot send",
			       name);
	else
		told_fault_add(c->faults, item->at, why_unlisted,
			       "Add it under \"parties\" (contact: only or person where it has no agent), or correct "
			       "the name.",
			       "\"%s\" is no party of this agreement", name);
}

void told_compile_parties(struct compiler *c, const struct file_words *words, const struct told_node *node,
			  const char *key, bool senders, struct told_partyset *out)
{
	const struct told_node *list = told_node_get(node, key);
	const struct told_node *item = list != NULL ? list->first : NULL;
	for (unsigned i = 0; i < words->count && item != NULL; i++, item = item->next) {
		uint32_t party = told_party_find(c->names, told_text(words->items[i]));
		bool listed = told_partyset_has(&c->listed, party);
		if (!listed || (senders && !told_partyset_has(&c->senders, party)))
			fault_party(c, item, words->items[i], listed);
		else
			told_partyset_add(out, party);
	}
}

void told_compile_among(struct compiler *c, const struct file_words *words, const struct told_node *node,
			const char *key, const struct told_catset *data, struct told_catset *out)
{
	const struct told_node *list = told_node_get(node, key);
	const struct told_node *item = list != NULL ? list->first : NULL;
	for (unsigned i = 0; i < words->count && item != NULL; i++, item = item->next) {
		struct told_catset one = {0};
		must(c, told_catset_add_code(&one, told_text(words->items[i])));
		bool any = false;
		for (unsigned w = 0; w < TOLD_CATSET_WORDS; w++) {
			any = any || (one.w[w] & data->w[w]) != 0;
			out->w[w] |= one.w[w] & data->w[w];
		}
		if (!any)
			told_fault_add(c->faults, item->at,
				       "A condition on data that does not go would never be met or missed.",
				       "Add the category to \"data\", or take it out here.",
				       "\"%s\" under \"%s\" is not among the data", words->items[i], key);
	}
}

/* ---- the legal basis ---- */

static const struct basis_row {
	const char *key;
	enum told_list list;
	size_t from, to; /* where the words and the grounds lie */
	bool needed;
} basis_rows[] = {
#define ROW(key, member, list, needed)                                                                                 \
	{                                                                                                              \
		key, list, offsetof(struct file_basis, member), offsetof(struct told_basis_lists, member), needed      \
	}
	ROW("art6", art6, TOLD_LIST_ART6, true),
	ROW("art9", art9, TOLD_LIST_ART9, false),
	ROW("art10", art10, TOLD_LIST_ART10, false),
	ROW("confidentiality", confidentiality, TOLD_LIST_CONFIDENTIALITY, true),
	ROW("powers", powers, TOLD_LIST_POWER, false),
#undef ROW
};

static const struct file_words *words_of(const struct file_basis *basis, const struct basis_row *row)
{
	return (const struct file_words *)(const void *)((const char *)basis + row->from);
}

static void grounds(struct compiler *c, const struct basis_row *row, const struct file_words *words,
		    const struct told_node *node, struct told_grounds *out)
{
	if (words->count > TOLD_GROUNDS_MAX) {
		told_fault_add(c->faults, told_compile_place(node, row->key), "A message states one of them each time.",
			       "Keep those that are used.", "\"%s\" has %u values, at most %u can stand", row->key,
			       words->count, TOLD_GROUNDS_MAX);
		return;
	}
	bool none = words->count == 1 && strcmp(words->items[0], TOLD_NO_GROUND) == 0;
	for (unsigned i = 0; !none && i < words->count; i++) {
		if (strcmp(words->items[i], TOLD_NO_GROUND) == 0)
			told_fault_add(c->faults, told_compile_place(node, row->key),
				       "Either there is a ground or there is none.",
				       "Write none alone, or take it out.", "\"%s\" says none beside a ground",
				       row->key);
		out->value[out->count++] = (uint8_t)told_value(row->list, told_text(words->items[i]));
	}
}

void told_compile_basis(struct compiler *c, const struct file_basis *own, const struct file_basis *base,
			const struct told_node *node, struct told_basis_lists *out)
{
	for (size_t i = 0; i < sizeof basis_rows / sizeof basis_rows[0]; i++) {
		const struct basis_row *row = &basis_rows[i];
		const struct file_words *words = words_of(own, row);
		if (words->count == 0 && base != NULL)
			words = words_of(base, row);
		if (words->count == 0 && row->needed)
			told_fault_add(c->faults, node->at, "Without a stated basis nothing may go.",
				       "State it here, or for all flows under \"base\".", "\"%s\" is stated nowhere",
				       row->key);
		grounds(c, row, words, node, (struct told_grounds *)(void *)((char *)out + row->to));
	}
	told_compile_date(c, own->apd != NULL || base == NULL ? own->apd : base->apd, &out->policy_document_utc_ms);
}
