/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of an agreement file, as libcyaml's tables: every key, its type, whether it may be left out. Data only.
 * docs/agreement-file.md says the same in words; a test compares the keys. */
#include "broker/agree/file.h"

#define NEEDED   CYAML_FLAG_DEFAULT
#define OPTIONAL CYAML_FLAG_OPTIONAL

/* Shorthand for the tables below, each one field of structure s. */
#define TEXT(key, flags, s, member) CYAML_FIELD_STRING_PTR(key, flags, s, member, 1, TOLD_FILE_TEXT_MAX)
#define NAME(key, flags, s, member) CYAML_FIELD_STRING_PTR(key, flags, s, member, 1, TOLD_NAME_MAX_BYTES)
#define WORDS(key, flags, s, member)                                                                                   \
	CYAML_FIELD_SEQUENCE_COUNT(key, (flags) | CYAML_FLAG_POINTER, s, member.items, member.count, &word, 1,         \
				   TOLD_FILE_WORDS_MAX)
#define ENUM(key, flags, s, member, table)                                                                             \
	CYAML_FIELD_ENUM(key, (flags) | CYAML_FLAG_STRICT, s, member, table, CYAML_ARRAY_LEN(table))
#define ENUM_PTR(key, flags, s, member, table)                                                                         \
	CYAML_FIELD_ENUM_PTR(key, (flags) | CYAML_FLAG_STRICT | CYAML_FLAG_POINTER, s, member, table,                  \
			     CYAML_ARRAY_LEN(table))
#define UINT(key, flags, s, member) CYAML_FIELD_UINT(key, flags, s, member)
#define FLAG(key, s, member)        CYAML_FIELD_BOOL(key, OPTIONAL, s, member)
#define LIST(key, flags, s, member, entry)                                                                             \
	CYAML_FIELD_SEQUENCE(key, (flags) | CYAML_FLAG_POINTER, s, member, &(entry), 1, TOLD_FILE_LIST_MAX)
#define BLOCK(key, s, member, fields) CYAML_FIELD_MAPPING_PTR(key, OPTIONAL | CYAML_FLAG_POINTER, s, member, fields)
#define ENTRY(name, type, fields)                                                                                      \
	static const cyaml_schema_value_t name = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)}

static const cyaml_schema_value_t word = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TOLD_NAME_MAX_BYTES),
};

/* ---- closed words ---- */

static const cyaml_strval_t kinds[] = {{"isp", TOLD_ISP}, {"dda", TOLD_DDA}, {"jca", TOLD_JCA}};
static const cyaml_strval_t statuses[] = {
	{"draft", TOLD_AGREEMENT_DRAFT},   {"quality-assured", TOLD_AGREEMENT_ASSURED},
	{"signed", TOLD_AGREEMENT_SIGNED}, {"suspended", TOLD_AGREEMENT_SUSPENDED},
	{"ended", TOLD_AGREEMENT_ENDED},
};
static const cyaml_strval_t lates[] = {{"warn", TOLD_LATE_WARN}, {"hold", TOLD_LATE_HOLD}, {"deny", TOLD_LATE_DENY}};
static const cyaml_strval_t controls[] = {
	{"controller", TOLD_CONTROLLER},
	{"joint-controller", TOLD_JOINT_CONTROLLER},
	{"processor", TOLD_PROCESSOR},
};
static const cyaml_strval_t nations[] = {
	{"england", TOLD_ENGLAND},
	{"wales", TOLD_WALES},
	{"scotland", TOLD_SCOTLAND},
	{"northern-ireland", TOLD_NORTHERN_IRELAND},
};
static const cyaml_strval_t contacts[] = {
	{"agent", FILE_CONTACT_AGENT},
	{"only", FILE_CONTACT_ONLY},
	{"person", FILE_CONTACT_PERSON},
};
static const cyaml_strval_t modes[] = {
	{"none", TOLD_MODE_NONE},
	{"permission", TOLD_MODE_PERMISSION},
	{"gdpr", TOLD_MODE_GDPR},
	{"statutory:dtr", TOLD_MODE_STATUTORY_DTR},
	{"statutory:uc", TOLD_MODE_STATUTORY_UC},
	{"implied", TOLD_MODE_IMPLIED},
};
static const cyaml_strval_t onwards[] = {
	{"ask-originator", TOLD_ONWARD_ASK_ORIGINATOR},
	{"never", TOLD_ONWARD_NEVER},
};
static const cyaml_strval_t markers[] = {
	{"generic", FILE_MARKER_GENERIC},
	{"none", FILE_MARKER_NONE},
	{"per-section", FILE_MARKER_PER_SECTION},
};
static const cyaml_strval_t overrides[] = {
	{"safeguarding", TOLD_OVERRIDE_SAFEGUARDING},
	{"vital", TOLD_OVERRIDE_VITAL},
	{"law", TOLD_OVERRIDE_LAW},
};

/* ---- blocks ---- */

/* The legal basis of a flow, of an override (which asks no permission), or of the file's base. */
#define BASIS(s, at)                                                                                                   \
	WORDS("art6", OPTIONAL, s, at art6), WORDS("art9", OPTIONAL, s, at art9),                                      \
		WORDS("art10", OPTIONAL, s, at art10), WORDS("confidentiality", OPTIONAL, s, at confidentiality),      \
		WORDS("powers", OPTIONAL, s, at powers), NAME("apd", OPTIONAL, s, at apd),                             \
		CYAML_FIELD_BOOL_PTR("others-own-basis", OPTIONAL | CYAML_FLAG_POINTER, s, at others_own_basis)
#define CONSENT(s, at) ENUM_PTR("consent", OPTIONAL, s, at consent, modes)

static const cyaml_schema_field_t basis_fields[] = {
	BASIS(struct file_basis, ),
	CONSENT(struct file_basis, ),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t lookback_fields[] = {
	NAME("span", NEEDED, struct file_lookback, span),
	WORDS("data", OPTIONAL, struct file_lookback, data),
	CYAML_FIELD_END,
};
ENTRY(lookback_entry, struct file_lookback, lookback_fields);

static const cyaml_schema_field_t not_needed_fields[] = {
	WORDS("for", NEEDED, struct file_not_needed, purposes),
	WORDS("data", NEEDED, struct file_not_needed, data),
	CYAML_FIELD_END,
};
ENTRY(not_needed_entry, struct file_not_needed, not_needed_fields);

static const cyaml_schema_field_t flow_fields[] = {
	NAME("clause", NEEDED, struct file_flow, clause),
	WORDS("from", NEEDED, struct file_flow, from),
	WORDS("to", NEEDED, struct file_flow, to),
	WORDS("types", NEEDED, struct file_flow, types),
	WORDS("purposes", NEEDED, struct file_flow, purposes),
	WORDS("data", OPTIONAL, struct file_flow, data),
	FLAG("counts", struct file_flow, counts),
	UINT("smallest-cell", OPTIONAL, struct file_flow, smallest_cell),
	WORDS("mandatory", OPTIONAL, struct file_flow, mandatory),
	WORDS("verified", OPTIONAL, struct file_flow, verified),
	WORDS("benefit-warning", OPTIONAL, struct file_flow, warned),
	WORDS("statutory-exceptions", OPTIONAL, struct file_flow, exceptions),
	BASIS(struct file_flow, basis.),
	CONSENT(struct file_flow, basis.),
	FLAG("threshold", struct file_flow, threshold),
	NAME("consent-max", OPTIONAL, struct file_flow, consent_max),
	NAME("acknowledge", OPTIONAL, struct file_flow, acknowledge),
	ENUM("onward", OPTIONAL, struct file_flow, onward, onwards),
	ENUM("marker", OPTIONAL, struct file_flow, marker, markers),
	LIST("lookback", OPTIONAL, struct file_flow, lookback, lookback_entry),
	LIST("not-needed", OPTIONAL, struct file_flow, not_needed, not_needed_entry),
	CYAML_FIELD_END,
};
ENTRY(flow_entry, struct file_flow, flow_fields);

static const cyaml_schema_field_t override_fields[] = {
	NAME("clause", NEEDED, struct file_override, clause),
	ENUM("kind", NEEDED, struct file_override, kind, overrides),
	WORDS("from", NEEDED, struct file_override, from),
	WORDS("to", NEEDED, struct file_override, to),
	WORDS("types", NEEDED, struct file_override, types),
	WORDS("purposes", NEEDED, struct file_override, purposes),
	WORDS("first", OPTIONAL, struct file_override, first),
	WORDS("then", OPTIONAL, struct file_override, then),
	FLAG("any", struct file_override, any),
	FLAG("what-the-order-names", struct file_override, order),
	FLAG("mandatory-report", struct file_override, mandatory_report),
	WORDS("statutory-exceptions", OPTIONAL, struct file_override, exceptions),
	BASIS(struct file_override, basis.),
	WORDS("declare", NEEDED, struct file_override, declare),
	WORDS("second", OPTIONAL, struct file_override, second),
	FLAG("reason", struct file_override, reason),
	NAME("expires", OPTIONAL, struct file_override, expires),
	NAME("review-within", OPTIONAL, struct file_override, review),
	CYAML_FIELD_END,
};
ENTRY(override_entry, struct file_override, override_fields);

static const cyaml_schema_field_t party_fields[] = {
	NAME("party", NEEDED, struct file_party, party),
	TEXT("name", OPTIONAL, struct file_party, name),
	ENUM("contact", OPTIONAL, struct file_party, contact, contacts),
	ENUM("role", OPTIONAL, struct file_party, role, controls),
	NAME("acts-for", OPTIONAL, struct file_party, acts_for),
	ENUM("nation", OPTIONAL, struct file_party, nation, nations),
	WORDS("marks", OPTIONAL, struct file_party, marks),
	UINT("signed", OPTIONAL, struct file_party, signed_version),
	TEXT("key", OPTIONAL, struct file_party, key),
	NAME("assurance", OPTIONAL, struct file_party, assurance),
	TEXT("dpo", OPTIONAL, struct file_party, dpo),
	TEXT("spoc", OPTIONAL, struct file_party, spoc),
	TEXT("on-call", OPTIONAL, struct file_party, on_call),
	TEXT("ico", OPTIONAL, struct file_party, ico),
	CYAML_FIELD_END,
};
ENTRY(party_entry, struct file_party, party_fields);

static const cyaml_schema_field_t changed_fields[] = {
	WORDS("from", NEEDED, struct file_changed, from),
	WORDS("to", NEEDED, struct file_changed, to),
	WORDS("purposes", OPTIONAL, struct file_changed, purposes),
	WORDS("data", OPTIONAL, struct file_changed, data),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t notice_fields[] = {
	UINT("version", NEEDED, struct file_notice, version),
	NAME("from", NEEDED, struct file_notice, from),
	BLOCK("changed", struct file_notice, changed, changed_fields),
	CYAML_FIELD_END,
};
ENTRY(notice_entry, struct file_notice, notice_fields);

static const cyaml_schema_field_t group_fields[] = {
	NAME("name", NEEDED, struct file_group, name),
	TEXT("words", NEEDED, struct file_group, words),
	WORDS("data", NEEDED, struct file_group, data),
	CYAML_FIELD_END,
};
ENTRY(group_entry, struct file_group, group_fields);

static const cyaml_schema_field_t threshold_fields[] = {
	NAME("tool", NEEDED, struct file_threshold, tool),
	UINT("version", NEEDED, struct file_threshold, version),
	UINT("score", OPTIONAL, struct file_threshold, score),
	WORDS("ways", NEEDED, struct file_threshold, ways),
	NAME("repeat-within", OPTIONAL, struct file_threshold, repeat),
	CYAML_FIELD_END,
};
ENTRY(threshold_entry, struct file_threshold, threshold_fields);

static const cyaml_schema_field_t retention_fields[] = {
	WORDS("data", NEEDED, struct file_retention, data),
	WORDS("parties", OPTIONAL, struct file_retention, parties),
	NAME("keep", NEEDED, struct file_retention, span),
	TEXT("reason", OPTIONAL, struct file_retention, reason),
	CYAML_FIELD_END,
};
ENTRY(retention_entry, struct file_retention, retention_fields);

static const cyaml_schema_field_t never_fields[] = {
	WORDS("to", OPTIONAL, struct file_never, to),
	WORDS("for", OPTIONAL, struct file_never, purposes),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t agreement_fields[] = {
	NAME("agreement", NEEDED, struct file_agreement, agreement),
	UINT("version", NEEDED, struct file_agreement, version),
	ENUM("kind", NEEDED, struct file_agreement, kind, kinds),
	TEXT("title", NEEDED, struct file_agreement, title),
	ENUM("status", NEEDED, struct file_agreement, status, statuses),
	NAME("from", NEEDED, struct file_agreement, from),
	NAME("until", OPTIONAL, struct file_agreement, until),
	NAME("review", OPTIONAL, struct file_agreement, review),
	NAME("grace", OPTIONAL, struct file_agreement, grace),
	ENUM("review-late", OPTIONAL, struct file_agreement, review_late, lates),
	ENUM("assurance-late", OPTIONAL, struct file_agreement, assurance_late, lates),
	NAME("consent-max", OPTIONAL, struct file_agreement, consent_max),
	NAME("under", OPTIONAL, struct file_agreement, under),
	BLOCK("never", struct file_agreement, never, never_fields),
	WORDS("locate", OPTIONAL, struct file_agreement, locate),
	WORDS("seal", OPTIONAL, struct file_agreement, seal),
	BLOCK("base", struct file_agreement, base, basis_fields),
	LIST("parties", NEEDED, struct file_agreement, parties, party_entry),
	LIST("flows", NEEDED, struct file_agreement, flows, flow_entry),
	LIST("overrides", OPTIONAL, struct file_agreement, overrides, override_entry),
	LIST("groups", OPTIONAL, struct file_agreement, groups, group_entry),
	LIST("notices", OPTIONAL, struct file_agreement, notices, notice_entry),
	LIST("thresholds", OPTIONAL, struct file_agreement, thresholds, threshold_entry),
	LIST("retain", OPTIONAL, struct file_agreement, retain, retention_entry),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t told_file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file_agreement, agreement_fields),
};
