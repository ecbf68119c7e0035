/* SPDX-License-Identifier: Apache-2.0 */
/* One table: which key holds what kind of word. A new key of a known kind is one line here and one in file.c. */
#include "broker/agree/meaning.h"

#include "broker/agree/agreement.h"
#include "broker/agree/guess.h"
#include "broker/agree/party.h"

#include <string.h>

static const char why_closed[] =
	"Agreements and messages speak one closed list of codes, so that both ends mean the same.";
static const char todo_codes[] = "Write a code of the list, exactly as it stands there (docs/agreement-file.md).";

enum kind { CODE, GROUND, CATEGORY, ROLE, WORD, DATE, SPAN, CLAUSE, PARTY, KEY };

/* List items and single values of one key differ: `from` is a list of parties in a flow, a date elsewhere. */
static const struct meaning {
	const char *key;
	bool in_list;
	enum kind kind;
	enum told_list list;                /* of CODE and GROUND */
	const struct told_word_list *words; /* of WORD */
} meanings[] = {
	{"types", true, CODE, TOLD_LIST_TYPE, NULL},
	{"purposes", true, CODE, TOLD_LIST_PURPOSE, NULL},
	{"for", true, CODE, TOLD_LIST_PURPOSE, NULL},
	{"art6", true, CODE, TOLD_LIST_ART6, NULL},
	{"art9", true, GROUND, TOLD_LIST_ART9, NULL},
	{"art10", true, GROUND, TOLD_LIST_ART10, NULL},
	{"confidentiality", true, CODE, TOLD_LIST_CONFIDENTIALITY, NULL},
	{"powers", true, GROUND, TOLD_LIST_POWER, NULL},
	{"second", true, CODE, TOLD_LIST_ROLE, NULL},
	{"declare", true, ROLE, TOLD_LIST_ROLE, NULL},
	{"data", true, CATEGORY, TOLD_LIST_CATEGORY, NULL},
	{"mandatory", true, CATEGORY, TOLD_LIST_CATEGORY, NULL},
	{"verified", true, CATEGORY, TOLD_LIST_CATEGORY, NULL},
	{"benefit-warning", true, CATEGORY, TOLD_LIST_CATEGORY, NULL},
	{"first", true, CATEGORY, TOLD_LIST_CATEGORY, NULL},
	{"then", true, CATEGORY, TOLD_LIST_CATEGORY, NULL},
	{"seal", true, CATEGORY, TOLD_LIST_CATEGORY, NULL},
	{"marks", true, WORD, 0, &told_mark_words},
	{"ways", true, WORD, 0, &told_threshold_words},
	{"statutory-exceptions", true, WORD, 0, &told_bar_words},
	{"from", true, PARTY, 0, NULL},
	{"to", true, PARTY, 0, NULL},
	{"locate", true, PARTY, 0, NULL},
	{"parties", true, PARTY, 0, NULL},
	{"party", false, PARTY, 0, NULL},
	{"acts-for", false, PARTY, 0, NULL},
	{"agreement", false, PARTY, 0, NULL},
	{"under", false, PARTY, 0, NULL},
	{"clause", false, CLAUSE, 0, NULL},
	{"key", false, KEY, 0, NULL},
	{"from", false, DATE, 0, NULL},
	{"until", false, DATE, 0, NULL},
	{"review", false, DATE, 0, NULL},
	{"assurance", false, DATE, 0, NULL},
	{"apd", false, DATE, 0, NULL},
	{"grace", false, SPAN, 0, NULL},
	{"consent-max", false, SPAN, 0, NULL},
	{"acknowledge", false, SPAN, 0, NULL},
	{"span", false, SPAN, 0, NULL},
	{"keep", false, SPAN, 0, NULL},
	{"expires", false, SPAN, 0, NULL},
	{"review-within", false, SPAN, 0, NULL},
	{"repeat-within", false, SPAN, 0, NULL},
};

/* ---- words that are bits ---- */

static const char *const mark_words[] = {
#define X(bit, name, word) [bit] = (word),
	TOLD_MARKS(X)
#undef X
};
const struct told_word_list told_mark_words = {mark_words, 8};

static const char *const bar_words[] = {
#define X(bit, name, word, agree) [bit] = (word),
	TOLD_BARS(X)
#undef X
};
const struct told_word_list told_bar_words = {bar_words, sizeof bar_words / sizeof bar_words[0]};

static const char *const threshold_words[] = {"score", "judgement", "escalation", "repeat"};
const struct told_word_list told_threshold_words = {threshold_words, 4};

_Static_assert(TOLD_THRESHOLD_SCORE == 1 && TOLD_THRESHOLD_REPEAT == 4,
	       "the words stand in the order of their numbers");
_Static_assert(TOLD_MARK_PAPER == 1 << 8 && TOLD_MARK_PERSON == 1 << 9, "paper and person are the last two marks");

int told_word_at(const struct told_word_list *list, struct told_bytes word)
{
	for (unsigned i = 0; i < list->count; i++)
		if (told_bytes_equal(word, told_text(list->words[i])))
			return (int)i;
	return -1;
}

enum told_status told_fingerprint_parse(struct told_bytes text, uint8_t out[TOLD_HASH_BYTES])
{
	static const char label[] = "SHA256:";
	if (text.len != sizeof label - 1 + 2 * TOLD_HASH_BYTES || memcmp(text.data, label, sizeof label - 1) != 0)
		return TOLD_E_MALFORMED;
	return told_unhex(told_bytes(text.data + sizeof label - 1, 2 * TOLD_HASH_BYTES), out, TOLD_HASH_BYTES);
}

/* ---- one check a kind ---- */

static void unknown_word(const struct told_node *node, const char *what, const char *guess, struct told_faults *faults)
{
	told_fault_add(faults, node->at, why_closed, todo_codes, "the %s \"%.*s\" is not known%s%s%s", what,
		       (int)node->text.len, (const char *)node->text.data, guess != NULL ? "; did you mean \"" : "",
		       guess != NULL ? guess : "", guess != NULL ? "\"?" : "");
}

static const char *list_guess(enum told_list list, struct told_bytes word)
{
	struct told_guess guess = {.word = word};
	for (unsigned value = 1; value <= told_list_max(list); value++)
		told_guess_offer(&guess, told_code(list, value));
	return guess.best;
}

static const char *list_name(enum told_list list)
{
	switch (list) {
	case TOLD_LIST_TYPE: return "message type";
	case TOLD_LIST_PURPOSE: return "purpose";
	case TOLD_LIST_ART6: return "Article 6 basis";
	case TOLD_LIST_ART9: return "Article 9 condition";
	case TOLD_LIST_ART10: return "Article 10 ground";
	case TOLD_LIST_CONFIDENTIALITY: return "confidentiality basis";
	case TOLD_LIST_POWER: return "power";
	case TOLD_LIST_ROLE: return "role";
	default: return "category";
	}
}

static bool bare_star(const struct told_node *node, struct told_faults *faults)
{
	if (!told_bytes_equal(node->text, told_text("*")))
		return false;
	told_fault_add(faults, node->at, "Nobody can agree to everything: what is meant changes when a code is added.",
		       "Name what is meant; a prefix such as EMP.* stands for all codes of one area.",
		       "a bare * stands here");
	return true;
}

static void check_code(const struct told_node *node, enum told_list list, struct told_faults *faults)
{
	if (!bare_star(node, faults) && told_value(list, node->text) == 0)
		unknown_word(node, list_name(list), list_guess(list, node->text), faults);
}

/* A ground that a flow may do without, whatever the base says. */
static void check_ground(const struct told_node *node, enum told_list list, struct told_faults *faults)
{
	if (!told_bytes_equal(node->text, told_text(TOLD_NO_GROUND)))
		check_code(node, list, faults);
}

static void check_category(const struct told_node *node, struct told_faults *faults)
{
	struct told_catset set = {0};
	if (bare_star(node, faults))
		return;
	if (told_catset_add_code(&set, node->text) != TOLD_OK) {
		unknown_word(node, "category", list_guess(TOLD_LIST_CATEGORY, node->text), faults);
		return;
	}
	if (told_catset_has(&set, TOLD_CATEGORY_EQA))
		told_fault_add(
			faults, node->at, "Equality monitoring is counted inside each service and goes to nobody.",
			"Take it out; counts go in a flow with \"counts: true\".", "the category \"EQA\" stands here");
}

static void check_role(const struct told_node *node, struct told_faults *faults)
{
	if (!told_bytes_equal(node->text, told_text(TOLD_ANYONE)))
		check_code(node, TOLD_LIST_ROLE, faults);
}

static void check_word(const struct told_node *node, const struct meaning *meaning, struct told_faults *faults)
{
	struct told_guess guess = {.word = node->text};
	if (bare_star(node, faults) || told_word_at(meaning->words, node->text) >= 0)
		return;
	for (unsigned i = 0; i < meaning->words->count; i++)
		told_guess_offer(&guess, meaning->words->words[i]);
	unknown_word(node, "word", guess.best, faults);
}

static void check_date(const struct told_node *node, const char *key, struct told_faults *faults)
{
	int64_t utc_ms;
	if (told_date_parse(node->text, &utc_ms) != TOLD_OK)
		told_fault_add(faults, node->at, "Dates have one form, so that 03/04 is never in doubt.",
			       "Write year-month-day with all digits, such as 2026-01-31.",
			       "\"%s\" must be a date that exists, not \"%.*s\"", key, (int)node->text.len,
			       (const char *)node->text.data);
}

static void check_span(const struct told_node *node, const char *key, struct told_faults *faults)
{
	struct told_span span;
	if (told_span_parse(node->text, &span) != TOLD_OK)
		told_fault_add(faults, node->at, "Spans have one form, so that m never means minutes.",
			       "Write a number and h (hours), d (days), wd (working days), m (months) or y (years), "
			       "such as 24m.",
			       "\"%s\" must be a span, not \"%.*s\"", key, (int)node->text.len,
			       (const char *)node->text.data);
}

static void check_clause(const struct told_node *node, struct told_faults *faults)
{
	bool good = node->text.len < TOLD_CLAUSE_MAX;
	for (size_t i = 0; good && i < node->text.len; i++)
		good = strchr("0123456789.()-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
			      node->text.data[i]) != NULL;
	if (!good)
		told_fault_add(faults, node->at, "Every decision cites the clause of the signed paper by its number.",
			       "Write the number of the paper, at most 15 letters, digits, dots, brackets or dashes.",
			       "\"%.*s\" is no clause number", (int)node->text.len, (const char *)node->text.data);
}

static void check_party(const struct told_node *node, const char *key, struct told_faults *faults)
{
	if (!bare_star(node, faults) && !told_party_name_valid(node->text))
		told_fault_add(faults, node->at, "Names stand in every message and must read the same everywhere.",
			       "Use at most 64 letters, digits, - and _, the first a letter.",
			       "\"%.*s\" is no name for \"%s\"", (int)node->text.len, (const char *)node->text.data,
			       key);
}

static void check_key(const struct told_node *node, struct told_faults *faults)
{
	uint8_t fingerprint[TOLD_HASH_BYTES];
	if (told_fingerprint_parse(node->text, fingerprint) != TOLD_OK)
		told_fault_add(faults, node->at, "Partners believe only keys whose fingerprint they have signed.",
			       "Write SHA256: and 64 hexadecimal digits, as \"told fingerprint\" prints them and the "
			       "party reads them out.",
			       "this is no fingerprint of an identity key");
}

void told_meaning_check(const struct told_node *scalar, const char *key, bool in_list, struct told_faults *faults)
{
	const struct meaning *meaning = NULL;
	for (size_t i = 0; meaning == NULL && i < sizeof meanings / sizeof meanings[0]; i++)
		if (meanings[i].in_list == in_list && strcmp(meanings[i].key, key) == 0)
			meaning = &meanings[i];
	if (meaning == NULL)
		return;
	switch (meaning->kind) {
	case CODE: check_code(scalar, meaning->list, faults); break;
	case GROUND: check_ground(scalar, meaning->list, faults); break;
	case CATEGORY: check_category(scalar, faults); break;
	case ROLE: check_role(scalar, faults); break;
	case WORD: check_word(scalar, meaning, faults); break;
	case DATE: check_date(scalar, key, faults); break;
	case SPAN: check_span(scalar, key, faults); break;
	case CLAUSE: check_clause(scalar, faults); break;
	case PARTY: check_party(scalar, key, faults); break;
	case KEY: check_key(scalar, faults); break;
	}
}
