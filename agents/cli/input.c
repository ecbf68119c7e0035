/* SPDX-License-Identifier: Apache-2.0 */
/* What is given in a file or on standard input. */
#include "agents/cli/cli.h"
#include "broker/base/file.h"

#include <string.h>
#include <unistd.h>

static enum told_status read_stdin(size_t max_bytes, struct told_buf *out)
{
	uint8_t chunk[8192];
	for (ssize_t got; (got = read(STDIN_FILENO, chunk, sizeof chunk)) > 0;) {
		if (out->len + (size_t)got > max_bytes)
			return TOLD_E_LIMIT;
		told_buf_put(out, chunk, (size_t)got);
	}
	told_wipe(chunk, sizeof chunk);
	return out->status;
}

int told_read_input(struct told_cli *cli, const char *path, size_t max_bytes, struct told_buf *out)
{
	enum told_status status =
		strcmp(path, "-") == 0 ? read_stdin(max_bytes, out) : told_file_read(path, max_bytes, out);
	return status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, status, path, NULL);
}
