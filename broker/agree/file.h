/* SPDX-License-Identifier: Apache-2.0 */
/* An agreement file as libcyaml loads it: the same shape as the YAML, words still words. One schema (file.c) says what
 * may stand where; shape.c checks the first pass against it, libcyaml loads by it. Private to this room. */
#ifndef TOLD_AGREE_FILE_H
#define TOLD_AGREE_FILE_H

#include "broker/agree/agreement.h"

#include <cyaml/cyaml.h>

/* Bounds of one agreement: a hundred partners and a few hundred flows are a large county. */
#define TOLD_FILE_LIST_MAX  256u
#define TOLD_FILE_WORDS_MAX 128u
#define TOLD_FILE_TEXT_MAX  512u

/* A list of codes, names or roles. */
struct file_words {
	char **items;
	unsigned count;
};

/* What a flow may leave to the file's base. */
struct file_basis {
	struct file_words art6, art9, art10, confidentiality, powers;
	char *apd;
	enum told_consent_mode *consent;
	bool *others_own_basis;
};

struct file_lookback {
	char *span;
	struct file_words data;
};

struct file_not_needed {
	struct file_words purposes, data;
};

/* Left out means generic: the first. */
enum file_marker { FILE_MARKER_GENERIC, FILE_MARKER_NONE, FILE_MARKER_PER_SECTION };

struct file_flow {
	char *clause;
	struct file_words from, to, types, purposes, data, mandatory, verified, warned, exceptions;
	struct file_basis basis;
	bool counts, threshold;
	uint32_t smallest_cell;
	char *consent_max, *acknowledge;
	enum told_onward onward;
	enum file_marker marker;
	struct file_lookback *lookback;
	unsigned lookback_count;
	struct file_not_needed *not_needed;
	unsigned not_needed_count;
};

struct file_override {
	char *clause;
	enum told_override_kind kind;
	struct file_words from, to, types, purposes, first, then, declare, second, exceptions;
	struct file_basis basis;
	bool any, order, reason, mandatory_report;
	char *expires, *review;
};

enum file_contact { FILE_CONTACT_AGENT, FILE_CONTACT_ONLY, FILE_CONTACT_PERSON };

struct file_party {
	char *party, *name, *acts_for, *key, *assurance, *dpo, *spoc, *on_call, *ico;
	enum told_control role;
	enum told_nation nation;
	enum file_contact contact;
	struct file_words marks;
	uint32_t signed_version;
};

struct file_changed {
	struct file_words from, to, purposes, data;
};

struct file_notice {
	uint32_t version;
	char *from;
	struct file_changed *changed;
};

struct file_group {
	char *name, *words;
	struct file_words data;
};

struct file_threshold {
	char *tool, *repeat;
	uint32_t version, score;
	struct file_words ways;
};

struct file_retention {
	struct file_words data, parties;
	char *span, *reason;
};

struct file_never {
	struct file_words to, purposes;
};

struct file_agreement {
	char *agreement, *title, *from, *until, *review, *grace, *consent_max, *under;
	uint32_t version;
	enum told_agreement_kind kind;
	enum told_agreement_status status;
	enum told_late review_late, assurance_late;
	struct file_never *never;
	struct file_words locate, seal;
	struct file_basis *base;
	struct file_party *parties;
	unsigned parties_count;
	struct file_flow *flows;
	unsigned flows_count;
	struct file_override *overrides;
	unsigned overrides_count;
	struct file_group *groups;
	unsigned groups_count;
	struct file_notice *notices;
	unsigned notices_count;
	struct file_threshold *thresholds;
	unsigned thresholds_count;
	struct file_retention *retain;
	unsigned retain_count;
};

/* The schema of a whole file; its data type is struct file_agreement *. */
extern const cyaml_schema_value_t told_file_schema;

#endif
