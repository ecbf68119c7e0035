/* SPDX-License-Identifier: Apache-2.0 */
/* The words behind `told demo`, as a table. Touches argv and the two streams. */
#include "agents/demo/options.h"

#include "agents/exit/exit.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct row {
	const char *name, *hint, *help;
	size_t offset;
	bool value; /* else a flag */
};

static const struct row rows[] = {
	{"--dir", " DIR", "use this folder and keep it (made if absent, refused if not empty)",
	 offsetof(struct told_demo_options, dir), true},
	{"--keep", "", "keep the folder, to look round in afterwards", offsetof(struct told_demo_options, keep), false},
	{"--json", " FILE", "write the figures as JSON; - is standard output", offsetof(struct told_demo_options, json),
	 true},
	{"--break", "", "change one byte of a copy of the log, and see it named",
	 offsetof(struct told_demo_options, tamper), false},
	{"--input", " DIR", "let FHIR files drive the story: PRAPARE answers and a ServiceRequest",
	 offsetof(struct told_demo_options, input), true},
	{"--no-color", "", "no colours", offsetof(struct told_demo_options, plain), false},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void help(FILE *out)
{
	fputs("told demo [OPTIONS]\n\n"
	      "Four services and their broker on this machine, one invented household, nothing to set up.\n\n",
	      out);
	for (size_t i = 0; i < ROW_COUNT; i++)
		fprintf(out, "  %s%-*s %s\n", rows[i].name, (int)(14 - strlen(rows[i].name)), rows[i].hint,
			rows[i].help);
	fputs("\n  told demo\n  told demo --dir /tmp/northtown --break\n", out);
}

static const struct row *find(const char *word, size_t len)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (strlen(rows[i].name) == len && strncmp(rows[i].name, word, len) == 0)
			return &rows[i];
	return NULL;
}

static int wrong(const char *what, const char *word)
{
	fprintf(stderr, "told demo: %s %s.\nSee told demo --help.\n", what, word);
	return TOLD_EXIT_USAGE;
}

int told_demo_options_read(int argc, char **argv, struct told_demo_options *out)
{
	*out = (struct told_demo_options){0};
	for (int i = 1; i < argc; i++) {
		size_t len = strcspn(argv[i], "=");
		const struct row *row = find(argv[i], len);
		const char *value = argv[i][len] == '=' ? argv[i] + len + 1 : NULL;
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			help(stdout);
			return TOLD_EXIT_DONE;
		}
		if (row == NULL)
			return wrong("there is no option", argv[i]);
		if (!row->value && value != NULL)
			return wrong("no value belongs behind", row->name);
		if (row->value && value == NULL && i + 1 < argc)
			value = argv[++i];
		if (row->value && (value == NULL || *value == '\0'))
			return wrong("a value is missing behind", row->name);
		if (row->value)
			memcpy((char *)out + row->offset, &value, sizeof value);
		else
			*(bool *)((char *)out + row->offset) = true;
	}
	return -1;
}
