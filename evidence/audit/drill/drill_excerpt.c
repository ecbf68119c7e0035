/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody with a copy for audit could try: to withhold more than was withheld, or to make it say another thing of
 * itself. Of an ordinary store there is nothing of the kind. */
#include "evidence/audit/drill/drill.h"

static enum told_status is_copy(struct told_drill *drill, uint64_t *is)
{
	return told_drill_number(
		drill, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('audit_copy', 'withheld')",
		0, is);
}

/* As many places as the statement behind the column's name counts. */
static enum told_status places(struct told_drill *drill, const struct told_tampering *self, uint64_t *count)
{
	uint64_t tables = 0;
	enum told_status status = is_copy(drill, &tables);
	*count = 0;
	return status == TOLD_OK && tables == 2 ? told_drill_number(drill, self->column, 0, count) : status;
}

static enum told_status apply(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	return told_drill_sql(drill, self->sql, (int64_t)place);
}

#define SHOWN "SELECT log, idx FROM entry WHERE length(data) > 0 ORDER BY log, idx LIMIT 1 OFFSET ?1"
#define FREE                                                                                                           \
	"FROM entry e WHERE length(data) > 0 AND NOT EXISTS (SELECT 1 FROM withheld w WHERE w.log = e.log AND w.idx "  \
	"= e.idx)"
#define LIST "SELECT log, idx FROM withheld ORDER BY log, idx LIMIT 1 OFFSET ?1"
#define ROWS "SELECT count(*) FROM withheld"
#define ONE  "SELECT count(*) FROM audit_copy"

/* clang-format off */
static const struct told_tampering kinds[] = {
	{"an entry of a copy withheld besides", false, places, apply, "entry", NULL,
		"SELECT count(*) FROM entry WHERE length(data) > 0",
		"UPDATE entry SET data = x'' WHERE (log, idx) = (" SHOWN ")"},
	{"an entry listed as withheld besides", false, places, apply, "withheld", NULL,
		"SELECT count(*) " FREE,
		"INSERT INTO withheld SELECT log, idx, 15, NULL, NULL " FREE " ORDER BY log, idx LIMIT 1 OFFSET ?1"},
	{"a part of an entry listed as withheld", false, places, apply, "withheld", NULL,
		"SELECT count(*) " FREE,
		"INSERT INTO withheld SELECT log, idx, 4, NULL, NULL " FREE " ORDER BY log, idx LIMIT 1 OFFSET ?1"},
	{"a line of the list of what is withheld deleted", false, places, apply, "withheld", NULL, ROWS,
		"DELETE FROM withheld WHERE (log, idx) = (" LIST ")"},
	{"a person of a copy given another name", false, places, apply, "withheld", NULL, ROWS,
		"UPDATE withheld SET person = randomblob(16) WHERE (log, idx) = (" LIST ")"},
	{"a copy said to be of fewer entries", false, places, apply, "audit_copy", NULL, ONE,
		"UPDATE audit_copy SET entries = entries - 1"},
	{"a copy said to be ordered in another entry", false, places, apply, "audit_copy", NULL, ONE,
		"UPDATE audit_copy SET idx = idx - 1"},
	{"one bit of the signature of a copy turned", false, places, apply, "audit_copy", NULL, ONE,
		"UPDATE audit_copy SET signature = flip(signature, 77)"},
	{"a copy signed with another key", false, places, apply, "audit_copy", NULL, ONE,
		"UPDATE audit_copy SET operator_key = flip(operator_key, 5)"},
	{"a copy without a word that it is one", false, places, apply, "audit_copy", NULL, ONE, "DELETE FROM audit_copy"},
};
/* clang-format on */

const struct told_tampering *told_tampering_of_excerpt(size_t number)
{
	return number < sizeof kinds / sizeof kinds[0] ? &kinds[number] : NULL;
}
