/* SPDX-License-Identifier: Apache-2.0 */
/* agent.yaml and broker.yaml: flat YAML, one "key: value" a line and comments, nothing nested, so that no library is
 * needed to read it and nobody needs to guess. */
#ifndef TOLD_KEYS_SETTINGS_H
#define TOLD_KEYS_SETTINGS_H

#include "told/bytes.h"
#include "told/limits.h"

#include <limits.h>

#define TOLD_SETTINGS_MAX_BYTES 8192u

/* One setting: where its value goes (NUL-terminated) and how long it may be. value keeps what was in it when absent. */
struct told_setting {
	const char *key;
	char *value;
	size_t size;
	bool needed;
};
/* Reads a file into settings[0..count). TOLD_E_CONFIG: why (may be NULL) gets "FILE:LINE: what is wrong"; also the
 * statuses of told_file_read. */
TOLD_MUST_USE enum told_status told_settings_read(const char *path, const struct told_setting *settings, size_t count,
						  struct told_buf *why);

/* An agent's settings. Paths are relative to its folder unless they begin with '/'. */
struct told_agent_settings {
	char party[TOLD_NAME_MAX_BYTES + 1];
	char profile[PATH_MAX];
	char socket[PATH_MAX];        /* run/api.sock */
	char endpoint[PATH_MAX];      /* empty: as partnership.json says */
	char pager[PATH_MAX];         /* a program that pages who is on call; empty: none */
	char endpoint_file[PATH_MAX]; /* a file whose first line is the endpoint: for ports chosen at start; or empty */
};
TOLD_MUST_USE enum told_status told_agent_settings_read(const char *dir, struct told_agent_settings *out,
							struct told_buf *why);

#endif
