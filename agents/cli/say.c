/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, in one form everywhere: what happened, why, what to do. Writes to err only. */
#include "agents/cli/cli.h"

#include "proto/page/page.h"

#include <stdarg.h>
#include <string.h>

int told_fail(struct told_cli *cli, enum told_exit exit, const char *what, const char *why, const char *fix)
{
	if (cli->json) {
		json_t *problem = json_pack("{s:s, s:s*, s:s*, s:i}", "title", what, "detail", why, "fix", fix, "exit",
					    (int)exit);
		json_dumpf(problem, cli->err, JSON_COMPACT | JSON_PRESERVE_ORDER);
		fputc('\n', cli->err);
		json_decref(problem);
		return (int)exit;
	}
	unsigned columns = told_page_columns(cli->err);
	FILE *folded = columns > 0 ? told_fold_open(cli->err, columns) : NULL, *to = folded != NULL ? folded : cli->err;
	fprintf(to, "told: %s", what);
	if (why != NULL && why[0] != '\0')
		fprintf(to, " %s", why);
	if (fix != NULL && fix[0] != '\0')
		fprintf(to, "\n%s", fix);
	fputc('\n', to);
	if (folded != NULL)
		(void)fclose(folded);
	return (int)exit;
}

int told_failf(struct told_cli *cli, enum told_exit exit, const char *fix, const char *what, ...)
{
	char text[1024];
	va_list args;
	va_start(args, what);
	vsnprintf(text, sizeof text, what, args);
	va_end(args);
	return told_fail(cli, exit, text, NULL, fix);
}

int told_fail_status(struct told_cli *cli, enum told_status status, const char *about, struct told_buf *why)
{
	char what[512];
	const char *detail = why != NULL && why->len > 0 ? told_buf_cstr(why) : NULL;
	snprintf(what, sizeof what, "%.300s: %s.", about, told_status_text(status));
	return told_fail(cli, told_exit_of(status), what, detail, told_fix_of(status));
}
