/* SPDX-License-Identifier: Apache-2.0 */
/* placeholder while the main flow is built */
#include "agents/demo/input.h"

enum told_status told_demo_input(struct told_demo *demo)
{
	(void)demo;
	return TOLD_OK;
}
