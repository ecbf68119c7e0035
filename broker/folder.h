/* SPDX-License-Identifier: Apache-2.0 */
/* The one place that knows where the files of a broker's folder lie, and what its exit codes mean. */
#ifndef TOLD_BROKER_FOLDER_H
#define TOLD_BROKER_FOLDER_H

#include "agents/keys/keys.h"
#include "agents/keys/log_ring.h"
#include "broker/record/record.h"

#include <limits.h>

/* Exit codes of design section 3. */
enum {
	TOLD_EXIT_DONE = 0,
	TOLD_EXIT_CHECK = 1,
	TOLD_EXIT_USAGE = 2,
	TOLD_EXIT_STORE = 5,
	TOLD_EXIT_CONFIG = 6,
};

/* As DIR/broker.yaml has them; paths are whole. */
struct told_broker_settings {
	char dir[PATH_MAX];
	char partnership[TOLD_NAME_MAX_BYTES + 1];
	char endpoint[PATH_MAX];
	char anchor[PATH_MAX];
	char policy[PATH_MAX];
	char quota[16];
	char disk_low[16]; /* MiB */
	char quorum[16];   /* witnesses that make a quorum; "majority" or "none" */
	char front[16];    /* "process" or "thread" */
	char backups[128]; /* what the operator says of them; stands in each erasure's last entry */
};

/* A path in the folder; a name that begins with a slash is one already. False: too long. */
bool told_folder_path(char out[PATH_MAX], const char *dir, const char *name);

/* TOLD_E_CONFIG: why says what is wrong; TOLD_E_LIMIT; as told_file_read. */
TOLD_MUST_USE enum told_status told_broker_settings_read(const char *dir, struct told_broker_settings *s,
							 struct told_buf *why);

/* What the record is opened with; it points into all three. */
struct told_record_config told_broker_record_config(const struct told_broker_settings *s, struct told_log_ring *ring,
						    const struct told_broker_keys *keys);

/* What the loop calls when the log's keys changed (broker.h): partnership.json names them all, and the file of a key
 * that is over goes. ctx: the ring. */
TOLD_MUST_USE enum told_status told_folder_hear_log_keys(void *ctx, struct told_bytes origin,
							 const struct told_record_log_key *keys, size_t count);

/* Says on standard error what happened and what to do; gives the exit code. */
int told_broker_explain(enum told_status status, const struct told_broker_settings *s, struct told_buf *why);

#endif
