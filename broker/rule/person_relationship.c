/* SPDX-License-Identifier: Apache-2.0 */
/* Who works with a person, folded: relationships begin, and end at their day or when somebody says so. */
#include "broker/rule/person_fold.h"

#include "told/codes.h"

enum told_status told_fold_relate(struct told_fold *f, const struct told_relationship_facts *facts,
				  struct told_bytes worker)
{
	struct told_person *p = f->person;
	size_t room = p->relationship_room;
	p->relationship_workers = told_fold_grown(p->arena, p->relationship_workers, sizeof *p->relationship_workers,
						  p->relationship_count, &room);
	struct told_relationship_facts *r = TOLD_FOLD_ADD(p, relationship);
	if (r == NULL || p->relationship_workers == NULL)
		return TOLD_E_LIMIT;
	*r = *facts;
	return told_fold_keep(f, worker, &p->relationship_workers[p->relationship_count - 1]);
}

/* Ends the live relationships of this kind and party at the entry's time: of one worker of one team, or, where neither
 * is named and `whole` says so, of all. */
void told_fold_unrelate(struct told_fold *f, unsigned kind, uint32_t party, uint32_t team, struct told_bytes worker,
			bool whole)
{
	for (size_t i = 0; i < f->person->relationship_count; i++) {
		struct told_relationship_facts *r = &f->person->relationships[i];
		bool live = r->until_utc_ms == 0 || r->until_utc_ms > f->entry.utc_ms;
		bool same_team = r->team == team || (whole && team == 0);
		bool same_worker =
			told_bytes_equal(f->person->relationship_workers[i], worker) || (whole && worker.len == 0);
		if (live && r->kind == kind && r->party == party && same_team && same_worker)
			r->until_utc_ms = f->entry.utc_ms;
	}
}

enum told_status told_fold_relationship(struct told_fold *f)
{
	const struct told_relationship_part *part = f->header->relationship;
	struct told_relationship_facts facts = {
		.kind = (uint8_t)part->kind,
		.party = told_fold_party(f, f->header->sender),
		.team = told_team_number(part->team),
		.person = f->person->number,
		.from_utc_ms = (int64_t)(part->from_ms != 0 ? part->from_ms : (uint64_t)f->entry.utc_ms),
		.until_utc_ms = (int64_t)part->until_ms,
	};
	bool over = part->live == TOLD_YES_NO_NO;
	told_fold_unrelate(f, facts.kind, facts.party, facts.team, part->worker, over);
	return over ? TOLD_OK : told_fold_relate(f, &facts, part->worker);
}
