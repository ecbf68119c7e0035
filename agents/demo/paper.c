/* SPDX-License-Identifier: Apache-2.0 */
/* An agreement on paper, from the demo's data to the signatures of all. Touches the demo's folder. */
#include "agents/demo/paper.h"
#include "agents/demo/say.h"

#include "broker/base/file.h"

#include <string.h>
#include <sys/stat.h>

#define PAPER_MAX_BYTES 65536u
#define PAPER_MODE      (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

/* Replaces KEY_PARTY by the fingerprint that the party read out. */
static enum told_status fill_in(const char *paper, const struct told_demo *demo, struct told_buf *out)
{
	static const char mark[] = "key: KEY_";
	const char *at;
	while ((at = strstr(paper, mark)) != NULL) {
		const char *party = at + sizeof mark - 1;
		size_t len = strcspn(party, "\n "), which = TOLD_DEMO_AGENCIES;
		for (size_t i = 0; i < TOLD_DEMO_AGENCIES; i++)
			if (told_bytes_equal(told_text(demo->agencies[i].profile->id), told_bytes(party, len)))
				which = i;
		if (which == TOLD_DEMO_AGENCIES)
			return TOLD_E_CONFIG;
		told_buf_put(out, paper, (size_t)(at - paper));
		told_buf_printf(out, "key: %s", demo->agencies[which].fingerprint);
		paper = party + len;
	}
	told_buf_put_text(out, paper);
	return out->status;
}

static enum told_status write_paper(struct told_demo *demo, const char *name, const char *out)
{
	char path[PATH_MAX], folder[PATH_MAX];
	struct told_buf template = TOLD_BUF(PAPER_MAX_BYTES), paper = TOLD_BUF(PAPER_MAX_BYTES);
	enum told_status status = told_demo_path(demo, folder, demo->data, "demo");
	if (status == TOLD_OK)
		status = told_demo_path(demo, path, folder, name);
	if (status == TOLD_OK)
		status = told_file_read(path, PAPER_MAX_BYTES, &template);
	const char *text = status == TOLD_OK ? told_buf_cstr(&template) : NULL;
	if (text != NULL)
		status = fill_in(text, demo, &paper);
	if (status == TOLD_OK)
		status = told_file_write_new(out, told_buf_view(&paper), PAPER_MODE);
	told_buf_free(&template);
	told_buf_free(&paper);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "%s: %s.", name, told_status_text(status));
}

struct signing {
	char id[TOLD_NAME_MAX_BYTES + 1];
	size_t count;
};

/* Signed by all, as this agency sees it. */
static enum told_status all_signed(struct told_demo *demo, const json_t *reply, void *ctx)
{
	struct signing *s = ctx;
	size_t i;
	const json_t *one = NULL;
	(void)demo;
	json_array_foreach(json_object_get(reply, "agreements"), i, one)
	{
		if (strcmp(told_member(one, "id"), s->id) == 0)
			s->count = json_array_size(json_object_get(one, "signed_by"));
	}
	return s->count >= TOLD_DEMO_AGENCIES ? TOLD_OK : TOLD_E_BUSY;
}

static enum told_status sign(struct told_demo *demo, const char *path, struct signing *s)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES && status == TOLD_OK; i++) {
		json_t *reply = NULL;
		status = told_demo_told(demo, &demo->agencies[i], TOLD_WORDS("agreement", "sign", path), &reply);
		if (status == TOLD_OK && i == 0) {
			snprintf(s->id, sizeof s->id, "%s", told_member(reply, "id"));
			told_say_line(demo, "Agreement:", "%s, version %lld, SHA-256 %.16s...", s->id,
				      (long long)json_integer_value(json_object_get(reply, "version")),
				      told_member(reply, "sha256"));
		}
		json_decref(reply);
	}
	return status;
}

enum told_status told_demo_paper(struct told_demo *demo, const char *name, const char *path, size_t *agencies)
{
	struct signing s = {.count = 0};
	enum told_status status = write_paper(demo, name, path);
	if (status == TOLD_OK)
		status = sign(demo, path, &s);
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES && status == TOLD_OK; i++) {
		s.count = 0;
		status = told_demo_until(demo, &demo->agencies[i], TOLD_WORDS("agreement", "show"), all_signed, &s,
					 "every agency sees the agreement signed by all");
	}
	*agencies = s.count;
	return status;
}
