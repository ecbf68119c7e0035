/* SPDX-License-Identifier: Apache-2.0 */
/* The one thing that we know of SQLite's file format (sqlite.org/fileformat2.html section 1.6): where in a page of a
 * b-tree no row lies. Touches memory only. */
#ifndef TOLD_SQLITE_PAGE_H
#define TOLD_SQLITE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOLD_PAGE_MIN_BYTES 512u
#define TOLD_PAGE_MAX_BYTES 65536u
/* A page that is not of a b-tree begins with the number of another page or with zeros. Below 2^25 pages (128 GiB of
 * 4 KiB pages) that number's first byte is 0 or 1, and no kind of b-tree page has either: they cannot be confused. */
#define TOLD_PAGES_MAX ((1u << 25) - 1)

/* The space between the cell pointers and the cells of a page; first: of the file. SQLite moves rows to another page
 * without clearing what it leaves there, secure_delete or not. False when the page is of no b-tree, or damaged: then
 * nothing may be touched. */
bool told_page_gap(const uint8_t *page, size_t len, bool first, size_t *from, size_t *to);

#endif
