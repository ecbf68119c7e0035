/* SPDX-License-Identifier: Apache-2.0 */
/* Files in a folder of tiles that are none: nothing reads them, so somebody should know that they are there. */
#ifndef TOLD_AUDIT_READ_STRAYS_H
#define TOLD_AUDIT_READ_STRAYS_H

#include <stdint.h>
#include <stdio.h>

/* Names on err, in order, what stands below DIR/tile under a name that no tile or entry bundle has; beyond the first
 * few it only counts. Gives their number. Tiles beyond the checkpoint are no strays: a log grows while it is copied. */
uint64_t told_strays(const char *dir, FILE *err);

#endif
