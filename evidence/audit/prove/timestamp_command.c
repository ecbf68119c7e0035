/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit timestamp: a request for an outside token over a checkpoint, and the check of one. Writes the one file
 * that
 * --query names. */
#include "evidence/audit/base/audit.h"
#include "evidence/audit/base/file.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/base/words.h"
#include "evidence/timestamp.h"

#include <errno.h>
#include <string.h>

struct arguments {
	const char *note, *query, *response, *ca;
	bool help;
};

static const char usage[] =
	"usage: told-audit timestamp --note FILE --query FILE\n"
	"       told-audit timestamp --note FILE --response FILE --ca FILE\n"
	"\n"
	"  --note FILE      a checkpoint; stamped is what the log signed, without cosignatures\n"
	"  --query FILE     write a request (RFC 3161) to send to a time-stamping authority\n"
	"  --response FILE  what the authority answered\n"
	"  --ca FILE        the authorities that you believe, PEM\n"
	"\n"
	"Exit: 0 done or the token holds, 2 wrong use, 5 the token does not hold, 6 a file fails.\n";

static int fail(const struct told_audit_io *io, const char *path, const char *what)
{
	fputs("told-audit: ", io->err);
	told_print_plain(io->err, told_text(path));
	fprintf(io->err, ": %s.\n", what);
	return TOLD_AUDIT_CONFIG;
}

static int write_query(const char *path, struct told_bytes text, const struct told_audit_io *io)
{
	struct told_buf query = TOLD_BUF(TOLD_TIMESTAMP_MAX_BYTES);
	enum told_status status = told_timestamp_query(text, &query);
	FILE *file = status == TOLD_OK ? fopen(path, "we") : NULL;
	bool written = file != NULL && fwrite(query.data, 1, query.len, file) == query.len;
	if (file != NULL)
		written = fclose(file) == 0 && written;
	told_buf_free(&query);
	if (!written)
		return fail(io, path, status == TOLD_OK ? strerror(errno) : told_status_text(status));
	fprintf(io->out,
		"Next: curl -H 'Content-Type: application/timestamp-query' --data-binary @QUERY URL > RESPONSE\n");
	return TOLD_AUDIT_GOOD;
}

static int check(const struct arguments *a, struct told_bytes text, const struct told_audit_io *io)
{
	struct told_buf response = TOLD_BUF(TOLD_TIMESTAMP_MAX_BYTES), ca = TOLD_BUF(TOLD_CA_MAX_BYTES);
	char when[TOLD_TIME_BYTES];
	uint64_t time_ms = 0;
	int code = TOLD_AUDIT_GOOD;
	enum told_status status = told_audit_read(a->response, &response);
	if (status != TOLD_OK)
		code = fail(io, a->response, told_status_text(status));
	else if ((status = told_audit_read(a->ca, &ca)) != TOLD_OK)
		code = fail(io, a->ca, told_status_text(status));
	if (status == TOLD_OK) {
		status = told_timestamp_check(told_buf_view(&response), text, told_buf_view(&ca), &time_ms);
		if (status == TOLD_E_CONFIG)
			code = fail(io, a->ca, "it holds no certificate");
		else if (status != TOLD_OK) {
			fprintf(io->out, "timestamp   FAILED     %s\n", told_status_text(status));
			code = TOLD_AUDIT_INTEGRITY;
		} else {
			told_time_format(time_ms, when);
			fprintf(io->out, "timestamp   OK         this checkpoint was there at %s\n", when);
		}
	}
	told_buf_free(&response);
	told_buf_free(&ca);
	return code;
}

static bool sound(const struct arguments *a)
{
	bool asks = a->query != NULL, checks = a->response != NULL && a->ca != NULL;
	return a->note != NULL && asks != checks && (!asks || (a->response == NULL && a->ca == NULL));
}

int told_audit_timestamp(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	const struct told_option options[] = {
		{"--note", TOLD_OPTION_VALUE, false, &a.note},         {"--query", TOLD_OPTION_VALUE, false, &a.query},
		{"--response", TOLD_OPTION_VALUE, false, &a.response}, {"--ca", TOLD_OPTION_VALUE, false, &a.ca},
		{"--help", TOLD_OPTION_FLAG, false, &a.help},
	};
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES), text = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	if (told_options_read(argc, args, options, sizeof options / sizeof options[0], io->err) != TOLD_OK)
		return TOLD_AUDIT_WRONG_USE;
	if (a.help || !sound(&a)) {
		fputs(usage, a.help ? io->out : io->err);
		return a.help ? TOLD_AUDIT_GOOD : TOLD_AUDIT_WRONG_USE;
	}
	enum told_status status = told_audit_read(a.note, &note);
	if (status == TOLD_OK)
		status = told_timestamp_text(told_buf_view(&note), &text);
	int code = status != TOLD_OK ? fail(io, a.note, "this is no signed checkpoint that can be read")
		   : a.query != NULL ? write_query(a.query, told_buf_view(&text), io)
				     : check(&a, told_buf_view(&text), io);
	told_buf_free(&note);
	told_buf_free(&text);
	return code;
}
