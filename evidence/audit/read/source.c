/* SPDX-License-Identifier: Apache-2.0 */
/* Opens what a subcommand reads from. The private copy is removed as soon as it is open: nothing is left behind. */
#include "evidence/audit/read/source.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/base/given.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/read/blocks.h"
#include "evidence/audit/read/excerpt.h"
#include "evidence/audit/read/import.h"
#include "evidence/audit/read/strays.h"

#include <sys/stat.h>

#define WHY_MAX_BYTES 8192u

static int refuse(FILE *err, const char *path, enum told_status status, struct told_buf *why)
{
	const char *said = told_buf_cstr(why);
	told_complain(err, path, status, said != NULL ? said : "");
	fputs("Give a store that told-broker wrote (told.db), or restore it from a backup.\n", err);
	return status == TOLD_E_CORRUPT ? TOLD_AUDIT_INTEGRITY : TOLD_AUDIT_CONFIG;
}

/* All connections, through the door if there is one. */
static int connect(const char *path, const char *said, FILE *err, struct told_source *out)
{
	struct told_buf why = TOLD_BUF(1024);
	const char *door = out->blocks != NULL ? told_blocks_name(out->blocks) : NULL;
	enum told_status status = told_audit_store_open(path, door, &out->store, &why);
	for (size_t i = 0; status == TOLD_OK && i < TOLD_AHEAD_COUNT; i++)
		status = told_audit_store_open(path, door, &out->ahead[i], &why);
	int code = status == TOLD_OK ? TOLD_AUDIT_GOOD : refuse(err, said, status, &why);
	told_buf_free(&why);
	return code;
}

static int open_copy(const char *path, FILE *err, struct told_source *out)
{
	struct told_copy copy;
	enum told_status status = told_copy_make(path, &copy);
	if (status == TOLD_E_IN_USE)
		return told_complain(err, path, status,
				     "The broker writes without pause: try again, or give a backup.");
	if (status == TOLD_E_CONFIG)
		return told_complain(
			err, path, status,
			"A rollback journal stands beside it (its name and -journal). The broker makes none: another "
			"program wrote to the store, and what is in it depends on who opens it. Give a copy that "
			"was made without it.");
	if (status != TOLD_OK)
		return told_complain(err, path, status,
				     "Give the broker's told.db; the copy needs its size in TMPDIR.");
	if (told_still_of_copy(&copy, &out->still) == TOLD_OK)
		status = told_blocks_new(out->still, &out->blocks);
	int code = status == TOLD_OK ? connect(copy.db, path, err, out)
				     : told_complain(err, path, status, "Close other programs, and try again.");
	told_copy_remove(&copy); /* what is open stays readable */
	return code;
}

/* Whatever keeps the store from being read where it lies, it is copied then, and what is wrong is said there. */
static int open_store(const char *path, bool copied, FILE *err, struct told_source *out)
{
	if (copied || told_still_open(path, &out->still) != TOLD_OK)
		return open_copy(path, err, out);
	if (told_blocks_new(out->still, &out->blocks) == TOLD_OK)
		return connect(path, path, err, out);
	return told_complain(err, path, TOLD_E_SYSTEM, "Close other programs, and try again.");
}

int told_source_stood(const struct told_source *source, FILE *err)
{
	enum told_status status = source->still != NULL ? told_still_status(source->still) : TOLD_OK;
	return status == TOLD_OK ? TOLD_AUDIT_GOOD
				 : told_complain(err, source->path, status,
						 "A program began to write to it, or its disk fails: nothing is said "
						 "of it. Copy it, and give the copy; TMPDIR needs its size.");
}

/* A folder with tiles is an export: that its checkpoint is not there is a finding, and no slip of whoever asks. */
static bool has_tiles(const char *path)
{
	struct told_buf tile = TOLD_BUF(WHY_MAX_BYTES);
	struct stat st;
	told_buf_printf(&tile, "%s/tile", path);
	const char *name = told_buf_cstr(&tile);
	bool is = name != NULL && stat(name, &st) == 0 && S_ISDIR(st.st_mode);
	told_buf_free(&tile);
	return is;
}

/* Only the checkpoint's own file is refused: what is wrong with the others is a finding. */
static int complain_of_folder(FILE *err, const char *path, enum told_status status)
{
	static const char todo[] =
		"Give a folder of tiles with its checkpoint, as told-audit export --tiles writes it.";
	struct told_buf name = TOLD_BUF(WHY_MAX_BYTES);
	told_buf_printf(&name, "%s/checkpoint", path);
	const char *checkpoint = status == TOLD_E_PERMISSION ? told_buf_cstr(&name) : NULL;
	int code = told_complain(err, checkpoint != NULL ? checkpoint : path, status, todo);
	told_buf_free(&name);
	return code;
}

static int open_tiles(const char *path, FILE *err, struct told_source *out)
{
	struct told_buf why = TOLD_BUF(1024);
	out->tiles = true;
	enum told_status status = told_import(path, &out->store.db, &out->fault, &out->fault_at);
	if (status == TOLD_OK)
		status = told_audit_store_begin(&out->store, &why);
	told_buf_free(&why);
	if (status == TOLD_OK) {
		told_strays(path, err);
		return TOLD_AUDIT_GOOD;
	}
	if (status == TOLD_E_NOT_FOUND && has_tiles(path)) {
		told_complain(err, path, status, "Its tiles are here, and no checkpoint signs them: ask for it again.");
		return TOLD_AUDIT_INTEGRITY;
	}
	if (status != TOLD_E_MALFORMED)
		return complain_of_folder(err, path, status);
	fputs("told-audit: ", err);
	told_print_plain(err, told_text(path));
	fputs("/checkpoint: ", err);
	told_print_plain(err, told_buf_view(&out->fault));
	fputs("\nIt is not a checkpoint in the form of C2SP. Ask whoever gave you the folder for it again.\n", err);
	return TOLD_AUDIT_INTEGRITY;
}

/* The order for a copy says until when; whoever reads it later says why (and deletes it). */
static int check_time(struct told_source *source, const struct told_audit_io *io)
{
	char until[TOLD_TIME_BYTES];
	if (io->now_ms <= source->excerpt.until_ms)
		return TOLD_AUDIT_GOOD;
	told_time_format(source->excerpt.until_ms, until);
	fputs("told-audit: ", io->err);
	told_print_plain(io->err, told_text(source->path));
	fprintf(io->err, ": this copy for audit was given until %s.\n", until);
	if (io->after_until == NULL) {
		fputs("Delete it. If it must be read all the same, say why: --after-until \"REASON\"\n", io->err);
		return TOLD_AUDIT_CONFIG;
	}
	fputs("Read after its time, because: ", io->err);
	told_print_plain(io->err, told_text(io->after_until));
	fputs("\n", io->err);
	return TOLD_AUDIT_GOOD;
}

static int check_excerpt(struct told_source *source, const struct told_audit_io *io)
{
	enum told_status status = told_excerpt_read(source);
	if (status == TOLD_OK)
		return source->excerpt.there ? check_time(source, io) : TOLD_AUDIT_GOOD;
	told_complain(io->err, source->path, status,
		      "It says that it is a copy for audit, and no order for it stands in the log: ask for it again.");
	return TOLD_AUDIT_INTEGRITY;
}

bool told_source_one(const char *store, const char *tiles, FILE *err)
{
	if ((store == NULL) != (tiles == NULL))
		return true;
	fputs("told-audit: give either --store FILE (the broker's told.db) or --tiles DIR (an export of it)\n", err);
	return false;
}

static int open_one(const char *store, const char *tiles, bool copied, const struct told_audit_io *io,
		    struct told_source *out)
{
	FILE *err = io->err;
	*out = (struct told_source){.fault = TOLD_BUF(WHY_MAX_BYTES), .path = store != NULL ? store : tiles};
	if (!told_source_one(store, tiles, err))
		return TOLD_AUDIT_WRONG_USE;
	int code = store != NULL ? open_store(store, copied, err, out) : open_tiles(tiles, err, out);
	if (code == TOLD_AUDIT_GOOD && store != NULL)
		code = check_excerpt(out, io);
	return code == TOLD_AUDIT_INTEGRITY && told_source_stood(out, err) != TOLD_AUDIT_GOOD ? TOLD_AUDIT_CONFIG
											      : code;
}

int told_source_open(const char *store, const char *tiles, const struct told_audit_io *io, struct told_source *out)
{
	return open_one(store, tiles, true, io, out);
}

int told_source_open_still(const char *store, const char *tiles, const struct told_audit_io *io,
			   struct told_source *out)
{
	return open_one(store, tiles, false, io, out);
}

void told_source_close(struct told_source *source)
{
	for (size_t i = 0; i < TOLD_AHEAD_COUNT; i++)
		told_audit_store_close(&source->ahead[i]);
	told_audit_store_close(&source->store);
	told_blocks_free(source->blocks);
	told_still_free(source->still);
	source->blocks = NULL;
	source->still = NULL;
	told_buf_free(&source->fault);
}

struct told_audit_store *told_source_ahead(struct told_source *source, enum told_ahead_of of, bool *own)
{
	*own = source->ahead[of].db != NULL;
	return *own ? &source->ahead[of] : &source->store;
}

enum told_status told_source_next_log(struct told_source *source, int64_t after, int64_t *log, bool *found)
{
	static const enum told_audit_sql tables[] = {
		TOLD_AUDIT_SQL_LOG_OF_ENTRY,      TOLD_AUDIT_SQL_LOG_OF_TILE,        TOLD_AUDIT_SQL_LOG_OF_HEAD,
		TOLD_AUDIT_SQL_LOG_OF_CHECKPOINT, TOLD_AUDIT_SQL_LOG_OF_COSIGNATURE, TOLD_AUDIT_SQL_LOG_OF_DETAIL,
	};
	enum told_status status = TOLD_OK;
	int64_t least = 0;
	*found = false;
	for (size_t i = 0; status == TOLD_OK && i < sizeof tables / sizeof tables[0]; i++) {
		struct told_rows row;
		status = told_rows_open(&source->store, tables[i], &after, 1, &row);
		if (status == TOLD_OK && row.there && !told_rows_null(&row, 0)) {
			int64_t number = sqlite3_column_int64(row.statement, 0);
			least = *found && least < number ? least : number;
			*found = true;
		}
		told_rows_close(&row);
	}
	if (*found)
		*log = least;
	return status;
}

uint64_t told_source_entries(struct told_source *source, int64_t log)
{
	struct told_rows row;
	uint64_t entries = 0;
	if (told_rows_open(&source->store, TOLD_AUDIT_SQL_ENTRY_LAST, &log, 1, &row) == TOLD_OK && row.there)
		entries = told_rows_u64(&row, 0) + 1; /* of none UINT64_MAX, and so 0 */
	told_rows_close(&row);
	return entries <= INT64_MAX ? entries : 0;
}

int told_source_choose_log(struct told_source *source, const char *word, FILE *err, int64_t *log)
{
	uint64_t wanted = 0;
	bool found = false;
	int64_t next = INT64_MIN;
	if (word != NULL && told_decimal(told_text(word), INT64_MAX, &wanted) != TOLD_OK) {
		fputs("told-audit: --log takes the number at the end of a log's name, as 1 of northtown/1\n", err);
		return TOLD_AUDIT_WRONG_USE;
	}
	*log = (int64_t)wanted;
	if (word != NULL)
		return TOLD_AUDIT_GOOD;
	enum told_status status = told_source_next_log(source, next, &next, &found);
	for (; status == TOLD_OK && found; status = told_source_next_log(source, next, &next, &found))
		*log = next;
	if (status == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	told_complain(err, source->path, status, "told-audit verify says what is wrong with it.");
	return TOLD_AUDIT_INTEGRITY;
}

bool told_source_whole(const struct told_source *source, FILE *err)
{
	if (source->fault.len == 0)
		return true;
	fputs("told-audit: ", err);
	told_print_plain(err, told_buf_view(&source->fault));
	fputs("\nAsk for the export again: a report over a part of a log would mislead.\n", err);
	return false;
}
