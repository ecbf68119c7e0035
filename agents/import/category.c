/* SPDX-License-Identifier: Apache-2.0 */
/* The tables from LOINC, SNOMED CT and SDOH Clinical Care to our categories (decision.md 1.4). Where a code could fall
 * in two, it stands in the one that fewer flows carry. Pure but for the refusal. */
#include "agents/import/category.h"

#include <stdio.h>
#include <string.h>

#define SDOHCC "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
#define USCORE "http://hl7.org/fhir/us/core/CodeSystem/us-core-category"

struct row {
	const char *code;
	unsigned category;
};

struct table {
	const char *system, *name;
	const struct row *rows;
	size_t count;
};

static const struct row loinc[] = {
	{"56051-6", TOLD_CATEGORY_EQA},      /* PRAPARE: Hispanic or Latino */
	{"32624-9", TOLD_CATEGORY_EQA},      /* race */
	{"93035-4", TOLD_CATEGORY_EMP_STAT}, /* seasonal or migrant farm work */
	{"93034-7", TOLD_CATEGORY_EQA},      /* discharged from the armed forces */
	{"54899-0", TOLD_CATEGORY_PRF_ACC},  /* preferred language */
	{"63512-8", TOLD_CATEGORY_DEM_HH},   /* people at this address */
	{"71802-3", TOLD_CATEGORY_HOU_SIT},  /* housing status */
	{"93033-9", TOLD_CATEGORY_HOU_SIT},  /* worried about losing housing */
	{"56799-0", TOLD_CATEGORY_DEM_LOC},  /* address */
	{"82589-3", TOLD_CATEGORY_EMP_STAT}, /* highest level of education */
	{"67875-5", TOLD_CATEGORY_EMP_STAT}, /* employment status */
	{"76437-3", TOLD_CATEGORY_NED},      /* insurance */
	{"63586-2", TOLD_CATEGORY_FIN_DEBT}, /* household income */
	{"93031-3", TOLD_CATEGORY_NED},      /* went without food, clothing, child care ... */
	{"93030-5", TOLD_CATEGORY_NED},      /* lack of transport */
	{"93029-7", TOLD_CATEGORY_NED},      /* how often in touch with others */
	{"93038-8", TOLD_CATEGORY_MH_PROB},  /* stress */
	{"93028-9", TOLD_CATEGORY_CRM_OFF},  /* nights in prison */
	{"93027-1", TOLD_CATEGORY_EQA},      /* refugee */
	{"93026-3", TOLD_CATEGORY_RSK_FROM}, /* feels safe where they live */
	{"76501-6", TOLD_CATEGORY_SAF_DA},   /* afraid of partner or ex-partner */
	{"88122-7", TOLD_CATEGORY_NED},      /* Hunger Vital Sign: worried that food would run out */
	{"88123-5", TOLD_CATEGORY_NED},      /* food did not last */
	{"88124-3", TOLD_CATEGORY_NED},      /* food insecurity risk */
	{"76506-5", TOLD_CATEGORY_NED},      /* NHANES: social connection and isolation */
	{"76512-3", TOLD_CATEGORY_NED},      /* social isolation score */
	{"44261-6", TOLD_CATEGORY_MH_SCORE}, /* PHQ-9 total, then its nine items */
	{"44250-9", TOLD_CATEGORY_MH_ITEM},  {"44255-8", TOLD_CATEGORY_MH_ITEM}, {"44259-0", TOLD_CATEGORY_MH_ITEM},
	{"44254-1", TOLD_CATEGORY_MH_ITEM},  {"44251-7", TOLD_CATEGORY_MH_ITEM}, {"44258-2", TOLD_CATEGORY_MH_ITEM},
	{"44252-5", TOLD_CATEGORY_MH_ITEM},  {"44253-3", TOLD_CATEGORY_MH_ITEM}, {"44260-8", TOLD_CATEGORY_MH_ITEM},
	{"70274-6", TOLD_CATEGORY_MH_SCORE}, /* GAD-7 total, then its seven items */
	{"69725-0", TOLD_CATEGORY_MH_ITEM},  {"68509-9", TOLD_CATEGORY_MH_ITEM}, {"69733-4", TOLD_CATEGORY_MH_ITEM},
	{"69734-2", TOLD_CATEGORY_MH_ITEM},  {"69735-9", TOLD_CATEGORY_MH_ITEM}, {"69689-8", TOLD_CATEGORY_MH_ITEM},
	{"69736-7", TOLD_CATEGORY_MH_ITEM},
};

static const struct row snomed[] = {
	{"32911000", TOLD_CATEGORY_HOU_SIT},  /* homeless */
	{"73438004", TOLD_CATEGORY_EMP_STAT}, /* unemployed */
	{"733423003", TOLD_CATEGORY_NED},     /* food insecurity */
	{"160695008", TOLD_CATEGORY_NED},     /* transport too expensive */
};

static const struct row sdohcc[] = {
	{"food-insecurity", TOLD_CATEGORY_NED},
	{"housing-instability", TOLD_CATEGORY_HOU_SIT},
	{"homelessness", TOLD_CATEGORY_HOU_SIT},
	{"inadequate-housing", TOLD_CATEGORY_HOU_SIT},
	{"transportation-insecurity", TOLD_CATEGORY_NED},
	{"financial-insecurity", TOLD_CATEGORY_FIN_DEBT},
	{"medical-cost-burden", TOLD_CATEGORY_FIN_DEBT},
	{"material-hardship", TOLD_CATEGORY_NED},
	{"utility-insecurity", TOLD_CATEGORY_NED},
	{"educational-attainment", TOLD_CATEGORY_EMP_STAT},
	{"employment-status", TOLD_CATEGORY_EMP_STAT},
	{"veteran-status", TOLD_CATEGORY_EQA},
	{"stress", TOLD_CATEGORY_MH_PROB},
	{"social-connection", TOLD_CATEGORY_NED},
	{"intimate-partner-violence", TOLD_CATEGORY_SAF_DA},
	{"elder-abuse", TOLD_CATEGORY_SAF_ADULT},
	{"personal-health-literacy", TOLD_CATEGORY_PRF_ACC},
	{"health-insurance-coverage-status", TOLD_CATEGORY_NED},
	{"digital-literacy", TOLD_CATEGORY_NED},
	{"digital-access", TOLD_CATEGORY_NED},
	{"incarceration-status", TOLD_CATEGORY_CRM_OFF},
	{"language-access", TOLD_CATEGORY_PRF_ACC},
	{"sdoh-category-unspecified", TOLD_CATEGORY_NED},
};

static const struct row uscore[] = {
	{"sdoh", TOLD_CATEGORY_NED},
};

#define ROWS(table) (table), sizeof(table) / sizeof(table)[0]

/* Codes of questions and findings; then of resources' categories, the finer first. */
static const struct table tables[] = {
	{TOLD_IMPORT_LOINC, "LOINC", ROWS(loinc)},
	{TOLD_IMPORT_SNOMED, "SNOMED CT", ROWS(snomed)},
	{SDOHCC, "SDOH category", ROWS(sdohcc)},
	{USCORE, "the mark", ROWS(uscore)},
};

enum { CODE_TABLES = 2, DOMAIN_TABLE = 2, MARK_TABLE = 3, TABLE_COUNT = 4 };

static void look_up(const struct table *table, const struct told_fhir_coding *coding, struct told_fhir_category *out)
{
	if (!told_fhir_equal(coding->system, table->system))
		return;
	for (size_t i = 0; i < table->count; i++) {
		if (!told_fhir_equal(coding->code, table->rows[i].code))
			continue;
		out->category = table->rows[i].category;
		snprintf(out->how, sizeof out->how, "by %s %s", table->name, table->rows[i].code);
		return;
	}
}

void told_fhir_category_of_code(const struct told_fhir *fhir, const struct told_fhir_coding *coding,
				struct told_fhir_category *out)
{
	*out = (struct told_fhir_category){0};
	for (size_t i = 0; i < fhir->options->code_count; i++) {
		const struct told_import_code *own = &fhir->options->codes[i];
		if (!told_bytes_equal(own->system, coding->system) || !told_bytes_equal(own->code, coding->code))
			continue;
		out->category = own->category;
		snprintf(out->how, sizeof out->how, "by the agency's own form");
		return;
	}
	for (size_t i = 0; i < CODE_TABLES && out->category == 0; i++)
		look_up(&tables[i], coding, out);
}

/* Takes a finding unless another category was found before; false then. */
static bool agree(struct told_fhir_category *out, const struct told_fhir_category *found)
{
	if (found->category == 0)
		return true;
	if (out->category == 0)
		*out = *found;
	return out->category == found->category;
}

static enum told_status by_code(struct told_fhir *fhir, const struct told_fhir_concept *code, const char *name,
				struct told_fhir_category *out)
{
	for (size_t i = 0; i < code->count; i++) {
		struct told_fhir_category found;
		told_fhir_category_of_code(fhir, &code->codings[i], &found);
		if (!agree(out, &found))
			return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, name),
						"its codes lead to two categories, %s and %s",
						told_code(TOLD_LIST_CATEGORY, out->category),
						told_code(TOLD_LIST_CATEGORY, found.category));
	}
	return TOLD_OK;
}

/* One pass over the category list with one table. */
static enum told_status by_domain(struct told_fhir *fhir, const struct table *table, struct told_fhir_category *out)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, fhir->at, fhir->resource, "category", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(fhir->at, "category", i);
		struct told_fhir_concept concept;
		status = told_fhir_concept_at(fhir, here, json_array_get(list, i), &concept);
		for (size_t j = 0; status == TOLD_OK && j < concept.count; j++) {
			struct told_fhir_category found = {0};
			look_up(table, &concept.codings[j], &found);
			if (!agree(out, &found))
				status = told_fhir_refuse(fhir, here, "its domains lead to two categories, %s and %s",
							  told_code(TOLD_LIST_CATEGORY, out->category),
							  told_code(TOLD_LIST_CATEGORY, found.category));
		}
	}
	return status;
}

enum told_status told_fhir_category_of(struct told_fhir *fhir, const struct told_fhir_concept *code, const char *name,
				       struct told_fhir_category *out)
{
	*out = (struct told_fhir_category){0};
	enum told_status status = by_code(fhir, code, name, out);
	for (size_t i = DOMAIN_TABLE; status == TOLD_OK && out->category == 0 && i < TABLE_COUNT; i++)
		status = by_domain(fhir, &tables[i], out);
	return status;
}

enum told_status told_fhir_category_must(struct told_fhir *fhir, const struct told_fhir_concept *code, const char *name,
					 struct told_fhir_category *out)
{
	enum told_status status = told_fhir_category_of(fhir, code, name, out);
	if (status == TOLD_OK && out->category == 0)
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, name),
					  "no table says which category this code belongs to, and a guess could show "
					  "health data to a service that may not see it");
	return status;
}

bool told_fhir_category_row(size_t index, const char **system, const char **code, unsigned *category)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (index >= tables[i].count) {
			index -= tables[i].count;
			continue;
		}
		*system = tables[i].system;
		*code = tables[i].rows[index].code;
		*category = tables[i].rows[index].category;
		return true;
	}
	return false;
}
