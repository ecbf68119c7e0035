/* SPDX-License-Identifier: Apache-2.0 */
/* The way of an agreement file: bytes, tree with places, shape and meaning, libcyaml, compiled agreement. Each step
 * runs only when the one before found no fault. */
#include "broker/agree/load.h"

#include "broker/agree/compile.h"
#include "broker/agree/shape.h"
#include "told/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPILED_MAX_BYTES (8u * 1048576u)

/* What the caller gets is the first member, so that the arena can be found again. */
struct loaded {
	struct told_agreement agreement;
	struct told_arena *arena;
};

struct last_words {
	char text[256];
};

/* libcyaml's own complaint, kept in case it refuses what we let through. */
static void keep_words(cyaml_log_t level, void *ctx, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));
static void keep_words(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
	struct last_words *last = ctx;
	if (level == CYAML_LOG_ERROR && last->text[0] == '\0')
		vsnprintf(last->text, sizeof last->text, format, args);
	last->text[strcspn(last->text, "\n")] = '\0';
}

/* ---- libcyaml ---- */

static enum told_status load_file(struct told_bytes bytes, const cyaml_config_t *config, const struct last_words *last,
				  struct file_agreement **file, struct told_faults *faults)
{
	cyaml_err_t err =
		cyaml_load_data(bytes.data, bytes.len, config, &told_file_schema, (cyaml_data_t **)file, NULL);
	if (err == CYAML_OK && *file != NULL)
		return TOLD_OK;
	if (err == CYAML_ERR_OOM)
		return TOLD_E_MEMORY;
	told_fault_add(
		faults, (struct told_place){0}, "The two readers of this file must agree.",
		"Compare the file with the example in docs/agreement-file.md, and report this to the maintainers.",
		"the second reading failed: %s (%s)", cyaml_strerror(err), last->text);
	return TOLD_E_CONFIG;
}

static enum told_status compile(const struct file_agreement *file, const struct told_node *root,
				struct told_bytes bytes, struct told_parties *parties, struct loaded *loaded,
				struct told_faults *faults)
{
	struct compiler compiler = {
		.arena = loaded->arena,
		.names = parties,
		.faults = faults,
		.file = file,
		.root = root,
		.out = &loaded->agreement,
	};
	enum told_status status = told_compile(&compiler);
	if (status != TOLD_OK)
		return status;
	told_hash hash;
	told_sha256(bytes, &hash);
	memcpy(loaded->agreement.sha256, hash.b, sizeof hash.b);
	return told_faults_any(faults) ? TOLD_E_CONFIG : TOLD_OK;
}

static enum told_status build(struct told_bytes bytes, const struct told_node *root, struct told_parties *parties,
			      struct told_agreement **out, struct told_faults *faults)
{
	struct last_words last = {0};
	const cyaml_config_t config = {
		.log_fn = keep_words,
		.log_ctx = &last,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	struct file_agreement *file = NULL;
	struct loaded *loaded = calloc(1, sizeof *loaded);
	if (loaded == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = told_arena_new(COMPILED_MAX_BYTES, &loaded->arena);
	if (status == TOLD_OK)
		status = load_file(bytes, &config, &last, &file, faults);
	if (status == TOLD_OK)
		status = compile(file, root, bytes, parties, loaded, faults);
	cyaml_free(&config, &told_file_schema, file, 0);
	if (status == TOLD_OK)
		*out = &loaded->agreement;
	else
		told_agreement_free(&loaded->agreement);
	return status;
}

/* ---- the whole way ---- */

static enum told_status read_checked(struct told_bytes bytes, struct told_arena *arena, struct told_faults *faults,
				     struct told_node **root)
{
	enum told_status status = told_yaml_read(bytes, arena, faults, root);
	if (status != TOLD_OK && status != TOLD_E_MALFORMED)
		return status;
	if (*root != NULL)
		told_shape_check(*root, &told_file_schema, faults);
	return told_faults_any(faults) ? TOLD_E_CONFIG : status;
}

enum told_status told_agreement_load(struct told_bytes file, const char *name, struct told_parties *parties,
				     struct told_agreement **out, struct told_faults *faults)
{
	*out = NULL;
	faults->name = name;
	if (file.len > TOLD_AGREEMENT_MAX_BYTES) {
		told_fault_add(faults, (struct told_place){0}, "No agreement is so large.",
			       "Check that this is the right file.", "the file has %zu bytes, at most %u are read",
			       file.len, TOLD_AGREEMENT_MAX_BYTES);
		return TOLD_E_CONFIG;
	}
	struct told_arena *arena = NULL;
	struct told_node *root = NULL;
	enum told_status status = told_arena_new(TOLD_AGREEMENT_TREE_MAX_BYTES, &arena);
	if (status == TOLD_OK)
		status = read_checked(file, arena, faults, &root);
	if (status == TOLD_OK)
		status = build(file, root, parties, out, faults);
	told_arena_free(arena);
	told_faults_sort(faults);
	return status;
}

void told_agreement_free(struct told_agreement *agreement)
{
	if (agreement == NULL)
		return;
	struct loaded *loaded = (struct loaded *)(void *)agreement;
	told_arena_free(loaded->arena);
	free(loaded);
}
