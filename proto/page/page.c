/* SPDX-License-Identifier: Apache-2.0 */
/* Widths and numbers. Asks the terminal behind a stream how wide it is; touches nothing else. */
#include "proto/page/page.h"

#include <sys/ioctl.h>
#include <unistd.h>

unsigned told_page_columns(FILE *out)
{
	struct winsize size = {0};
	int fd = fileno(out);
	if (fd < 0 || !isatty(fd))
		return 0;
	bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
	return known ? size.ws_col : TOLD_PAGE_COLUMNS;
}

size_t told_page_width(struct told_bytes text)
{
	size_t width = 0;
	if (!told_utf8_valid(text))
		return text.len;
	for (size_t i = 0; i < text.len; i++)
		width += (text.data[i] & 0xc0) != 0x80;
	return width;
}

const char *told_many(uint64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}
