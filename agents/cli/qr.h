/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code on a terminal or a printed page. Room-internal. */
#ifndef TOLD_CLI_QR_H
#define TOLD_CLI_QR_H

#include <stdio.h>

/* Half blocks of UTF-8, dark on light, with its quiet zone. Prints the text itself where no code can be made. */
void told_qr_print(FILE *out, const char *text);

/* The modules of a code, row by row, lowest bit set where dark; told_qr_free frees. NULL: none can be made. */
void *told_qr_modules(const char *text, int *width, const unsigned char **modules);
void told_qr_free(void *code);

#endif
