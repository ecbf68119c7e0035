/* SPDX-License-Identifier: Apache-2.0 */
/* Agreement files: compiled, or refused with faults that each have a place in the file, a reason and a way out. */
#include "broker/agree/load.h"
#include "fuzz/fuzz.h"

#define FILE_NAME "a.yaml"

void fuzz_seeds(void)
{
	fuzz_seed_source("tests/data/agreements/small.yaml");
	fuzz_seed_source("tests/table/decision/agreements/ISA-X.yaml");
	fuzz_seed_source("tests/table/decision/agreements/ISA-DEA.yaml");
}

static size_t lines_of(struct told_bytes text)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n' || text.data[i] == '\r';
	return lines;
}

static void require_said(struct told_bytes input, const struct told_faults *faults)
{
	FUZZ_REQUIRE(told_faults_any(faults));
	for (size_t i = 0; i < faults->count; i++) {
		const struct told_fault *fault = &faults->items[i];
		FUZZ_REQUIRE(fault->what != NULL && fault->why != NULL && fault->todo != NULL);
		FUZZ_REQUIRE(fault->at.line <= lines_of(input) + 1);
	}
}

void fuzz_one(struct told_bytes input)
{
	struct told_parties *parties;
	struct told_agreement *agreement = NULL;
	static struct told_faults faults;
	faults = TOLD_FAULTS(FILE_NAME);
	FUZZ_REQUIRE(told_parties_new(&parties) == TOLD_OK);
	enum told_status status = told_agreement_load(input, FILE_NAME, parties, &agreement, &faults);
	FUZZ_REQUIRE(status != TOLD_E_INTERNAL);
	FUZZ_REQUIRE((status == TOLD_OK) == (agreement != NULL));
	if (status == TOLD_E_CONFIG)
		require_said(input, &faults);
	told_agreement_free(agreement);
	told_faults_free(&faults);
	told_parties_free(parties);
}
