/* SPDX-License-Identifier: Apache-2.0 */
/* How many bytes a database has where no row lies: copies that SQLite left behind when it moved rows. None may. */
#ifndef TOLD_TEST_GAPS_H
#define TOLD_TEST_GAPS_H

#include "broker/sqlite/page.h"
#include "support/support.h"

#include <stdlib.h>

static inline size_t told_test_bytes_in_gaps(const char *path)
{
	struct told_bytes file = told_test_read(path);
	size_t found = 0, page = file.len < TOLD_PAGE_MIN_BYTES ? 1 : (size_t)file.data[16] << 8 | file.data[17];
	for (size_t at = 0; at + page <= file.len; at += page) {
		size_t from, to;
		if (!told_page_gap(file.data + at, page, at == 0, &from, &to))
			continue;
		for (; from < to; from++)
			found += file.data[at + from] != 0;
	}
	free((void *)(uintptr_t)file.data);
	return found;
}

#endif
