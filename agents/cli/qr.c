/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code in half blocks: two rows of modules a line. Touches libqrencode. */
#include "agents/cli/qr.h"

#include <qrencode.h>
#include <stdbool.h>

#define QUIET 2 /* ISO/IEC 18004 asks for four modules; readers take two, and a card is small */

static bool dark(const QRcode *code, int row, int column)
{
	bool inside = row >= 0 && column >= 0 && row < code->width && column < code->width;
	return inside && (code->data[row * code->width + column] & 1);
}

void *told_qr_modules(const char *text, int *width, const unsigned char **modules)
{
	QRcode *code = text == NULL ? NULL : QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (code == NULL)
		return NULL;
	*width = code->width;
	*modules = code->data;
	return code;
}

void told_qr_free(void *code)
{
	QRcode_free(code);
}

void told_qr_print(FILE *out, const char *text)
{
	/* [upper dark][lower dark], printed light on dark terminals and dark on paper alike. */
	static const char *const blocks[2][2] = {{"\xe2\x96\x88", "\xe2\x96\x80"}, {"\xe2\x96\x84", " "}};
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (code == NULL) {
		fprintf(out, "%s\n", text);
		return;
	}
	for (int row = -QUIET; row < code->width + QUIET; row += 2) {
		for (int column = -QUIET; column < code->width + QUIET; column++)
			fputs(blocks[dark(code, row, column)][dark(code, row + 1, column)], out);
		fputc('\n', out);
	}
	QRcode_free(code);
}
