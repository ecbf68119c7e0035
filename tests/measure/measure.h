/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this room share: files written, the demo's agreement with keys in it, permissions, figures. */
#ifndef TOLD_TESTS_MEASURE_H
#define TOLD_TESTS_MEASURE_H

#include "support/support.h"

#include "agents/measure/retelling.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOON "2026-11-22T12:00Z"
#define EVERYTHING                                                                                                     \
	"DEM.*, HOU.*, MH.*, SUD.*, EMP.*, FIN.DEBT, PHY.*, RSK.*, SAF.*, CRM.*, FAM.*, NED, FRM, PLN, SUP, STR, "     \
	"GOA, "                                                                                                        \
	"PRF.*"

/* Paths live as long as the process: the last few hundred that were made. */
static inline const char *kept(char *path)
{
	static char *all[256];
	static size_t next;
	free(all[next % 256]);
	all[next++ % 256] = path;
	return path;
}

/* A file with this text. */
static inline const char *written(const char *name, const char *text)
{
	static char dir[4096];
	char *path = NULL;
	if (dir[0] == '\0')
		snprintf(dir, sizeof dir, "%s", told_test_dir());
	assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	return kept(path);
}

static inline const char *in_source(const char *path)
{
	const char *root = getenv("TOLD_SOURCE");
	char *full = NULL;
	assert_true(asprintf(&full, "%s/%s", root != NULL ? root : ".", path) > 0);
	return kept(full);
}

static inline const char *own_form(size_t i)
{
	static const char *const folders[] = {"agents/housing", "agents/iapt", "agents/addiction",
					      "agents/employability"};
	return in_source(folders[i]);
}

/* The demo's agreement with a fingerprint for each party. */
static inline const char *northtown(void)
{
	static const char *path;
	if (path != NULL)
		return path;
	struct told_bytes file = told_test_read(in_source("agents/demo/northtown.yaml.in"));
	char *text = calloc(1, file.len + 1024), *to = text;
	unsigned keys = 0;
	for (const char *at = (const char *)file.data; *at != '\0';) {
		if (strncmp(at, "key: KEY_", 9) == 0) {
			to += sprintf(to, "key: SHA256:%064u", ++keys);
			at += strcspn(at, "\n");
		} else {
			*to++ = *at++;
		}
	}
	free((void *)(uintptr_t)file.data);
	path = written("northtown.yaml", text);
	free(text);
	return path;
}

/* Yes to all four for these categories, but for one. */
static inline const char *yes_but(const char *data, const char *except)
{
	char text[1024];
	snprintf(text, sizeof text,
		 "consents:\n  - id: C1\n    kind: permission\n    state: given\n    given: 2026-11-01\n    to: [HOU, "
		 "TT, "
		 "SUD, EMP]\n    for: [REFERRAL, COORD]\n    data: [%s]\n%s%s%s",
		 data, except != NULL ? "    except: [" : "", except != NULL ? except : "",
		 except != NULL ? "]\n" : "");
	return written("yes.yaml", text);
}

static inline const char *yes_to(const char *data)
{
	return yes_but(data, NULL);
}

struct figures {
	long long separately, asked, confirmed, always, prefilled, asked_twice, asked_again;
};

static inline long long number_in(const json_t *object, const char *member)
{
	assert_true(json_is_integer(json_object_get(object, member)));
	return json_integer_value(json_object_get(object, member));
}

static inline struct figures figures_of(const json_t *f)
{
	return (struct figures){number_in(f, "separately"), number_in(f, "asked"),     number_in(f, "confirmed"),
				number_in(f, "always"),     number_in(f, "prefilled"), number_in(f, "asked_twice"),
				number_in(f, "asked_again")};
}

static inline void assert_figures(const json_t *json, struct figures right)
{
	struct figures is = figures_of(json);
	if (memcmp(&is, &right, sizeof is) != 0)
		fail_msg("separately %lld asked %lld confirmed %lld always %lld filled in %lld twice %lld again %lld",
			 is.separately, is.asked, is.confirmed, is.always, is.prefilled, is.asked_twice,
			 is.asked_again);
	assert_int_equal(is.separately, is.asked + is.confirmed + is.always + is.prefilled);
}

static inline json_t *counted(const struct told_retelling_ask *ask)
{
	struct told_buf why = TOLD_BUF(65536);
	json_t *report = NULL;
	enum told_status status = told_retelling_count(ask, &report, &why);
	if (status != TOLD_OK)
		fail_msg("%s: %s", told_status_text(status), told_buf_cstr(&why));
	told_buf_free(&why);
	return report;
}

static inline void assert_refused(const struct told_retelling_ask *ask, enum told_status right, const char *words)
{
	struct told_buf why = TOLD_BUF(65536);
	json_t *report = NULL;
	assert_int_equal(told_retelling_count(ask, &report, &why), right);
	assert_null(report);
	if (strstr(told_buf_cstr(&why), words) == NULL)
		fail_msg("%s", told_buf_cstr(&why));
	told_buf_free(&why);
}

#endif
