/* SPDX-License-Identifier: Apache-2.0 */
/* told demo: four agencies, one broker, one invented household, on this machine and for as long as it takes to read. */
#ifndef TOLD_DEMO_H
#define TOLD_DEMO_H

/* Runs the demo; argv[0] is "demo". Gives the exit code of design section 3; 128 + N when signal N ended it. Leaves no
 * process behind, and no folder unless --dir or --keep asked for one. */
int told_demo_main(int argc, char **argv);

#endif
