/* SPDX-License-Identifier: Apache-2.0 */
/* A broker, four services, their keys, and one agreement that all four sign. Touches the demo's folder. */
#include "agents/demo/figures.h"
#include "agents/demo/paper.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"

#include "broker/base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the broker and the agencies' folders ---- */

static enum told_status make_broker(struct told_demo *demo)
{
	char dir[PATH_MAX];
	json_t *reply = NULL;
	enum told_status status = told_demo_path(demo, dir, demo->dir, "broker");
	if (status == TOLD_OK)
		status = told_demo_told(demo, NULL,
					TOLD_WORDS("init", "--broker", dir, "--partnership", "northtown", "--endpoint",
						   "tcp://127.0.0.1:0"),
					&reply);
	json_decref(reply);
	return status == TOLD_OK ? told_demo_start_broker(demo) : status;
}

/* The broker's port was chosen when it started; its folder says which. */
static enum told_status point_to_broker(struct told_demo *demo, const struct told_demo_agency *agency)
{
	char path[PATH_MAX];
	struct told_buf settings = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	enum told_status status = told_demo_path(demo, path, agency->dir, "agent.yaml");
	if (status == TOLD_OK)
		status = told_file_read(path, settings.max_bytes, &settings);
	if (status == TOLD_OK) {
		told_buf_printf(&settings, "endpoint-file: \"%s/broker/endpoint\"\n", demo->dir);
		status = settings.status;
	}
	if (status == TOLD_OK)
		status = told_file_write(path, told_buf_view(&settings), S_IRUSR | S_IWUSR);
	told_buf_free(&settings);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "%s: %s.", path, told_status_text(status));
}

/* The operator enrols what was handed over, once the fingerprint was heard by telephone. */
static enum told_status enrol(struct told_demo *demo, const struct told_demo_agency *agency)
{
	char broker[PATH_MAX], paper[PATH_MAX];
	json_t *reply = NULL;
	enum told_status status = told_demo_path(demo, paper, agency->dir, "enrol.json");
	if (status == TOLD_OK)
		status = told_demo_path(demo, broker, demo->dir, "broker");
	if (status == TOLD_OK)
		status = told_demo_told(demo, NULL,
					TOLD_WORDS("partner", "enrol", agency->profile->id, "--broker", broker,
						   "--file", paper, "--fingerprint", agency->fingerprint),
					&reply);
	json_decref(reply);
	return status;
}

static enum told_status make_agency(struct told_demo *demo, struct told_demo_agency *agency)
{
	char partnership[PATH_MAX];
	json_t *reply = NULL;
	enum told_status status = told_demo_path(demo, partnership, demo->dir, "broker/partnership.json");
	if (status == TOLD_OK)
		status = told_demo_told(
			demo, NULL,
			TOLD_WORDS("init", "--agency", agency->folder, agency->dir, "--partnership", partnership),
			&reply);
	snprintf(agency->token, sizeof agency->token, "%s", told_member(reply, "token_file"));
	snprintf(agency->fingerprint, sizeof agency->fingerprint, "%s", told_member(reply, "identity"));
	json_decref(reply);
	if (status == TOLD_OK)
		status = point_to_broker(demo, agency);
	if (status == TOLD_OK)
		status = enrol(demo, agency);
	if (status == TOLD_OK)
		status = told_demo_start_agent(demo, agency);
	if (status == TOLD_OK)
		told_say_line(demo, agency->profile->id, "%s, %.27s...", agency->profile->called, agency->fingerprint);
	return status;
}

enum told_status told_demo_join(struct told_demo *demo)
{
	told_say_scene(demo, "Four services join");
	told_say(demo, "Each makes its own keys, and reads the fingerprint of its identity key out by telephone. "
		       "The broker between them carries sealed letters and cannot read them.");
	size_t agencies = 0;
	enum told_status status = make_broker(demo);
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES && status == TOLD_OK; i++)
		status = make_agency(demo, &demo->agencies[i]);
	if (status == TOLD_OK)
		status = told_demo_paper(demo, "northtown.yaml.in", demo->agreement, &agencies);
	told_demo_count(demo, "agencies", agencies);
	if (status == TOLD_OK)
		told_say(demo,
			 "All %zu have signed the same bytes. Nothing that the paper does not allow can pass now.",
			 told_demo_counted(demo, "agencies"));
	return status;
}
