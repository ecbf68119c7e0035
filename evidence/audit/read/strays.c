/* SPDX-License-Identifier: Apache-2.0 */
/* Walks an exported folder for names that told_tile_path does not give. Reads names only, follows no link. */
#include "evidence/audit/read/strays.h"

#include "evidence/audit/base/words.h"

#include "told/proof.h"

#include <fts.h>
#include <inttypes.h>
#include <string.h>

#define NAMED_MAX  8u /* a folder of another kind has thousands */
#define PATH_BYTES 4096u

static int in_order(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_stray(const FTSENT *file, size_t base)
{
	int level;
	uint64_t index;
	unsigned width;
	if (file->fts_info == FTS_D || file->fts_info == FTS_DP)
		return false;
	return told_tile_parse(told_text(file->fts_path + base), &level, &index, &width) != TOLD_OK;
}

static void name(const FTSENT *file, FILE *err)
{
	fputs("told-audit: ", err);
	told_print_plain(err, told_text(file->fts_path));
	fputs(": this is no name of a tile or an entry bundle (C2SP tlog-tiles), so it was not read\n", err);
}

uint64_t told_strays(const char *dir, FILE *err)
{
	uint64_t count = 0;
	struct told_buf tiles = TOLD_BUF(PATH_BYTES);
	told_buf_printf(&tiles, "%s/tile", dir);
	const char *start = told_buf_cstr(&tiles);
	FTS *tree = start != NULL ? fts_open((char *[]){(char *)tiles.data, NULL}, FTS_PHYSICAL | FTS_NOCHDIR, in_order)
				  : NULL;
	for (FTSENT *file; tree != NULL && (file = fts_read(tree)) != NULL;)
		if (is_stray(file, strlen(dir) + 1) && file->fts_level > 0 && ++count <= NAMED_MAX)
			name(file, err);
	if (count > NAMED_MAX)
		fprintf(err, "told-audit: and %" PRIu64 " more such files\n", count - NAMED_MAX);
	if (tree != NULL)
		fts_close(tree);
	told_buf_free(&tiles);
	return count;
}
