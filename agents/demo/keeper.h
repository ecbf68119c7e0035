/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the demo's processes together: whatever happens to it, none of them outlives it. Room-internal. */
#ifndef TOLD_DEMO_KEEPER_H
#define TOLD_DEMO_KEEPER_H

/* What runs in the kept process; its exit code. */
typedef int told_demo_kept(void *ctx);

/* Runs fn in a process group of its own, and returns when that group is empty: with fn's exit code, or 128 + N when
 * signal N came to us or ended fn. What is still alive then gets SIGTERM, and SIGKILL at a deadline. If we are killed
 * ourselves, the kernel ends fn's process. */
int told_demo_keep(told_demo_kept *fn, void *ctx);

#endif
