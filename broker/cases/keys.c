/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of a case: which keys each block may have, and what stands under them. An unknown key is a fact that
 * somebody believes was weighed, so it is refused with its place and the nearest key that there is. */
#include "broker/agree/guess.h"
#include "broker/cases/case.h"

/* S one word, L a list of words, B a block, M a list of blocks, E either a word or a block, in a list. */
struct key {
	const char *name;
	char shape;
	const struct key *inside;
};

#define END                                                                                                            \
	{                                                                                                              \
		NULL, 0, NULL                                                                                          \
	}

static const struct key with_keys[] = {{"find", 'S', NULL}, {"put", 'S', NULL}, END};

static const struct key consent_keys[] = {{"id", 'S', NULL},
					  {"kind", 'S', NULL},
					  {"state", 'S', NULL},
					  {"given", 'S', NULL},
					  {"from", 'S', NULL},
					  {"until", 'S', NULL},
					  {"withdrawn", 'S', NULL},
					  {"ended", 'S', NULL},
					  {"to", 'L', NULL},
					  {"for", 'L', NULL},
					  {"data", 'L', NULL},
					  {"except", 'L', NULL},
					  {"except-to", 'L', NULL},
					  {"except-originator", 'L', NULL},
					  {"except-about", 'L', NULL},
					  {"window-from", 'S', NULL},
					  {"window-until", 'S', NULL},
					  {"notice", 'S', NULL},
					  {"evidence", 'S', NULL},
					  {"taken-by", 'S', NULL},
					  {"presence", 'S', NULL},
					  {"giver", 'S', NULL},
					  {"authority", 'S', NULL},
					  {"capacity", 'S', NULL},
					  {"competence", 'S', NULL},
					  {"freely-given", 'S', NULL},
					  {"supersedes", 'S', NULL},
					  {"names-location-to", 'S', NULL},
					  {"seen-alone", 'S', NULL},
					  {"warned", 'S', NULL},
					  {"refer", 'S', NULL},
					  {"contact", 'S', NULL},
					  {"chosen", 'S', NULL},
					  {"reason-named", 'S', NULL},
					  {"steps", 'L', NULL},
					  {"person", 'S', NULL},
					  END};

static const struct key restriction_keys[] = {{"kind", 'S', NULL},
					      {"state", 'S', NULL},
					      {"since", 'S', NULL},
					      {"to", 'S', NULL},
					      {"for", 'L', NULL},
					      {"data", 'L', NULL},
					      END};
static const struct key hold_keys[] = {{"kind", 'S', NULL}, {"since", 'S', NULL}, {"until", 'S', NULL}, END};

static const struct key person_keys[] = {{"matches", 'S', NULL},
					 {"age", 'S', NULL},
					 {"capacity", 'S', NULL},
					 {"merge-pending", 'S', NULL},
					 {"location-protected", 'S', NULL},
					 {"died", 'S', NULL},
					 {"do-not-notify-since", 'S', NULL},
					 {"restrictions", 'M', restriction_keys},
					 {"holds", 'M', hold_keys},
					 {"excluded-workers", 'L', NULL},
					 END};

static const struct key directory_keys[] = {
	{"unknown", 'L', NULL}, {"suspended", 'L', NULL}, {"left", 'L', NULL}, {"location-protected", 'L', NULL}, END};

static const struct key relationship_keys[] = {{"kind", 'S', NULL}, {"party", 'S', NULL}, {"worker", 'S', NULL},
					       {"from", 'S', NULL}, {"until", 'S', NULL}, END};

static const struct key workflow_keys[] = {{"referral", 'S', NULL},
					   {"referrer", 'S', NULL},
					   {"referred-to", 'S', NULL},
					   {"reason", 'S', NULL},
					   {"changed", 'S', NULL},
					   {"rests-on", 'S', NULL},
					   {"open-duplicate", 'S', NULL},
					   {"acknowledge-by", 'S', NULL},
					   {"members", 'L', NULL},
					   {"about-sender", 'S', NULL},
					   {"about-recipients", 'L', NULL},
					   {"about-released", 'L', NULL},
					   {"delivered-under", 'L', NULL},
					   {"conference", 'S', NULL},
					   {"chair", 'S', NULL},
					   END};

static const struct key override_keys[] = {
	{"kind", 'S', NULL},          {"second", 'S', NULL},      {"second-role", 'S', NULL},
	{"second-left", 'S', NULL},   {"reason", 'S', NULL},      {"at-risk", 'S', NULL},
	{"raised", 'S', NULL},        {"expires", 'S', NULL},     {"mandatory-report", 'S', NULL},
	{"do-not-notify", 'S', NULL}, {"order-names", 'L', NULL}, END};

static const struct key section_keys[] = {{"category", 'S', NULL},
					  {"label", 'S', NULL},
					  {"about", 'S', NULL},
					  {"told-by", 'S', NULL},
					  {"originator", 'S', NULL},
					  {"onward", 'S', NULL},
					  {"recorded", 'S', NULL},
					  {"classified", 'L', NULL},
					  {"confidential", 'S', NULL},
					  {"verified", 'S', NULL},
					  {"locates", 'S', NULL},
					  {"restricted", 'S', NULL},
					  {"bar", 'S', NULL},
					  {"step", 'S', NULL},
					  {"incident", 'S', NULL},
					  {"ends", 'S', NULL},
					  {"row", 'S', NULL},
					  {"safe", 'S', NULL},
					  {"specialist", 'S', NULL},
					  {"do-not-notify", 'S', NULL},
					  {"not-theirs", 'S', NULL},
					  {"for", 'L', NULL},
					  {"counts", 'S', NULL},
					  {"smallest-cell", 'S', NULL},
					  END};

static const struct key message_keys[] = {{"from", 'S', NULL},
					  {"to", 'L', NULL},
					  {"type", 'S', NULL},
					  {"for", 'L', NULL},
					  {"created", 'S', NULL},
					  {"expires", 'S', NULL},
					  {"author", 'S', NULL},
					  {"author-left", 'S', NULL},
					  {"role", 'S', NULL},
					  {"to-worker", 'S', NULL},
					  {"art6", 'S', NULL},
					  {"art9", 'S', NULL},
					  {"art10", 'S', NULL},
					  {"confidentiality", 'S', NULL},
					  {"power", 'S', NULL},
					  {"statement", 'S', NULL},
					  {"override", 'B', override_keys},
					  {"threshold-met", 'S', NULL},
					  {"sets-state", 'S', NULL},
					  {"reason", 'S', NULL},
					  {"attempts", 'S', NULL},
					  {"ways", 'S', NULL},
					  {"high-risk", 'S', NULL},
					  {"reviewer-named", 'S', NULL},
					  {"referrer-told", 'S', NULL},
					  {"detail", 'S', NULL},
					  {"event", 'S', NULL},
					  {"service", 'S', NULL},
					  {"due", 'S', NULL},
					  {"place-chosen", 'S', NULL},
					  {"through-others", 'S', NULL},
					  {"hard-asked", 'S', NULL},
					  {"message-left", 'S', NULL},
					  {"queued", 'S', NULL},
					  {"recipients-visible", 'S', NULL},
					  {"fault", 'S', NULL},
					  {"sections", 'E', section_keys},
					  END};

static const struct key expect_keys[] = {
	{"effect", 'S', NULL},      {"released", 'L', NULL}, {"withheld", 'L', NULL},      {"codes", 'L', NULL},
	{"obligations", 'L', NULL}, {"without", 'L', NULL},  {"no-other-code", 'S', NULL}, END};

static const struct key case_keys[] = {{"id", 'S', NULL},
				       {"title", 'S', NULL},
				       {"source", 'S', NULL},
				       {"clock", 'S', NULL},
				       {"agreement", 'S', NULL},
				       {"also", 'L', NULL},
				       {"with", 'M', with_keys},
				       {"consents", 'M', consent_keys},
				       {"person", 'B', person_keys},
				       {"directory", 'B', directory_keys},
				       {"relationships", 'M', relationship_keys},
				       {"workflow", 'B', workflow_keys},
				       {"suspended-in-agreement", 'L', NULL},
				       {"message", 'B', message_keys},
				       {"expect", 'B', expect_keys},
				       {"disputed", 'S', NULL},
				       {"table_expect", 'B', expect_keys},
				       END};

static const char why[] = "A fact that is not read is a fact that somebody believes was weighed.";

static void check_block(const struct told_node *block, const struct key *keys, struct told_faults *faults);

static bool shaped(const struct told_node *node, char shape)
{
	switch (shape) {
	case 'S': return node->kind == TOLD_NODE_SCALAR;
	case 'B': return node->kind == TOLD_NODE_MAP;
	default: return node->kind == TOLD_NODE_LIST;
	}
}

/* Blocks nest four deep, and so does this. */
static void check_value(const struct told_node *node, const struct key *key, struct told_faults *faults)
{
	if (!shaped(node, key->shape)) {
		told_fault_add(faults, node->at, why, "See tests/table/decision/README.md.", "\"%s\" must be %s",
			       key->name,
			       key->shape == 'S'   ? "one word"
			       : key->shape == 'B' ? "a block"
						   : "a list");
		return;
	}
	if (key->shape == 'B')
		check_block(node, key->inside, faults);
	for (const struct told_node *n = node->first; n && key->shape != 'B'; n = n->next) {
		bool block = n->kind == TOLD_NODE_MAP;
		if (block && key->inside)
			check_block(n, key->inside, faults);
		else if (n->kind == TOLD_NODE_LIST || block || key->shape == 'M')
			told_fault_add(faults, n->at, why, "See tests/table/decision/README.md.",
				       "\"%s\" has an item of the wrong shape", key->name);
	}
}

static void check_key(const struct told_node *node, const struct key *keys, struct told_faults *faults)
{
	struct told_guess guess = {.word = node->key};
	for (const struct key *key = keys; key->name; key++) {
		if (told_bytes_equal(node->key, told_text(key->name))) {
			check_value(node, key, faults);
			return;
		}
		told_guess_offer(&guess, key->name);
	}
	told_fault_add(faults, node->key_at, why, "Correct it or take it out.", "no case has \"%.*s\" here%s%s%s",
		       (int)node->key.len, (const char *)node->key.data, guess.best ? " (did you mean \"" : "",
		       guess.best ? guess.best : "", guess.best ? "\"?)" : "");
}

static void check_block(const struct told_node *block, const struct key *keys, struct told_faults *faults)
{
	for (const struct told_node *n = block->first; n; n = n->next)
		check_key(n, keys, faults);
}

void told_case_check_keys(const struct told_node *cases, struct told_faults *faults)
{
	static const struct key cases_key = {"cases", 'M', case_keys};
	check_value(cases, &cases_key, faults);
}
