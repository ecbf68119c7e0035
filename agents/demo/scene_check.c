/* SPDX-License-Identifier: Apache-2.0 */
/* The auditor checks the log, and whoever holds the disk looks for Sam in it. */
#include "agents/demo/audit.h"
#include "agents/demo/figures.h"
#include "agents/demo/folder.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <stdlib.h>
#include <string.h>

#define NEEDLES_MAX 16u

static enum told_status verify(struct told_demo *demo)
{
	char store[PATH_MAX];
	json_t *report = NULL;
	enum told_status status = told_demo_path(demo, store, demo->dir, "broker/told.db");
	if (status == TOLD_OK)
		status = told_demo_audit(demo, store, &report, &demo->audit_exit);
	if (status == TOLD_OK) {
		json_t *verified = json_object_get(report, "verified");
		told_demo_figure(demo, "log.entries", json_incref(json_object_get(report, "entries")));
		told_demo_figure(demo, "log.verified", json_incref(verified));
		told_say_line(demo, json_is_true(verified) ? "Confirmed:" : "NOT CONFIRMED:",
			      "%zu entries; the agencies' own receipts anchor %lld of them",
			      told_demo_counted(demo, "log.entries"),
			      (long long)json_integer_value(json_object_get(report, "anchored_entries")));
	}
	json_decref(report);
	return status;
}

/* What must stand nowhere: Sam's names, numbers and words. */
static size_t needles_of(const struct told_demo *demo, struct told_bytes needles[NEEDLES_MAX])
{
	size_t count = 0, i;
	const json_t *one = NULL;
	json_array_foreach(json_object_get(demo->household, "nowhere"), i, one)
	{
		if (count < NEEDLES_MAX && json_is_string(one))
			needles[count++] = told_text(json_string_value(one));
	}
	return count;
}

/* The same search where Sam must be found, so that finding nothing means something. */
static enum told_status count_in_the_story(struct told_demo *demo, const struct told_bytes *needles, size_t count,
					   size_t *found)
{
	json_t *sections = NULL;
	enum told_status status = told_talk_story(demo, &demo->agencies[TOLD_DEMO_HOUSING], true, &sections);
	char *text = status == TOLD_OK ? json_dumps(sections, 0) : NULL;
	for (size_t i = 0; i < count && text != NULL; i++)
		*found += strstr(text, (const char *)needles[i].data) != NULL;
	if (text != NULL)
		told_wipe(text, strlen(text));
	free(text);
	json_decref(sections);
	return status;
}

static enum told_status search(struct told_demo *demo)
{
	char broker[PATH_MAX];
	struct told_bytes needles[NEEDLES_MAX];
	size_t count = needles_of(demo, needles), found = 0;
	struct told_folder_search look = {.needles = needles, .needle_count = count};
	enum told_status status = told_demo_path(demo, broker, demo->dir, "broker");
	if (status == TOLD_OK)
		status = count_in_the_story(demo, needles, count, &found);
	if (status == TOLD_OK)
		status = told_folder_look(broker, &look);
	if (status != TOLD_OK)
		return told_demo_fail(demo, status, "The search of the broker's files: %s.", told_status_text(status));
	told_say_line(demo, "Personal:",
		      "searched %zu files of the broker, %llu bytes, for Sam's name and %zu other words "
		      "of the story: found in %zu. In Housing's story the same search finds %zu of %zu.",
		      look.files, (unsigned long long)look.bytes, count - 1, look.hits, found, count);
	if (look.hits > 0 || found == 0)
		return told_demo_fail(demo, TOLD_E_INTERNAL, "The broker's files hold what is Sam's.");
	return TOLD_OK;
}

enum told_status told_demo_check(struct told_demo *demo)
{
	told_say_scene(demo, "The auditor checks the log");
	told_say(demo,
		 "The auditor works from the file, without asking anybody: every entry, every hash, every signature, "
		 "and the receipts that the agencies keep.");
	enum told_status status = search(demo);
	if (status == TOLD_OK)
		status = told_demo_stop_all(demo);
	if (status == TOLD_OK)
		status = verify(demo);
	if (status == TOLD_OK && demo->options.tamper)
		status = told_demo_tamper(demo);
	return status;
}
