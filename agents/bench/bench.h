/* SPDX-License-Identifier: Apache-2.0 */
/* `told bench`: agents that send signed, sealed, ruled messages through a real broker process to a consumer that
 * acknowledges, and what that costs. Through the client library, as an agent does it. */
#ifndef TOLD_BENCH_H
#define TOLD_BENCH_H

/* The command: told bench [--messages N] [--size BYTES] [--people N] [--consumer light|durable] [--dir DIR] [--keep]
 * [--json FILE]. Exit code of design section 3. */
int told_bench_main(int argc, char **argv);

#endif
