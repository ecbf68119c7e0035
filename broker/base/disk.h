/* SPDX-License-Identifier: Apache-2.0 */
/* The disk that the broker's folder is on: how much room it has, and room kept back on it as a file. An interface, so
 * that a test decides what there is. */
#ifndef TOLD_BASE_DISK_H
#define TOLD_BASE_DISK_H

#include "told/bytes.h"

#define TOLD_DISK_KEPT_BYTES (8u * 1024u * 1024u)

/* Copied freely; ctx belongs to whoever made it and outlives it. Statuses: TOLD_E_FULL; TOLD_E_STORE (the medium
 * failed); as of broker/base/file.h. */
struct told_disk {
	enum told_status (*free_bytes)(void *ctx, uint64_t *out); /* what a program without privileges may still use */
	enum told_status (*keep)(void *ctx);                      /* holds TOLD_DISK_KEPT_BYTES back, or nothing */
	enum told_status (*give)(void *ctx);                      /* gives them to whoever writes next */
	void *ctx;
};

/* The disk of DIR, with what is kept back in the file DIR/reserve. */
struct told_disk_folder {
	const char *dir;
};
struct told_disk told_disk_of(struct told_disk_folder *folder);

#endif
