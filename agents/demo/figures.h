/* SPDX-License-Identifier: Apache-2.0 */
/* What was counted on the way, each as a reply, a ruling or the auditor said it. A figure is named by its place in the
 * JSON ("plan.steps"), and is there from its first mention on. Room-internal. */
#ifndef TOLD_DEMO_FIGURES_H
#define TOLD_DEMO_FIGURES_H

#include "agents/demo/stage.h"

/* So many more; 0 makes the figure stand there with nothing counted. */
void told_demo_count(struct told_demo *demo, const char *name, size_t more);
size_t told_demo_counted(const struct told_demo *demo, const char *name);
/* Anything that is no sum; takes value over. */
void told_demo_figure(struct told_demo *demo, const char *name, json_t *value);
/* To where --json says, with the questions and how long it all took. */
TOLD_MUST_USE enum told_status told_demo_figures_write(struct told_demo *demo);

#endif
