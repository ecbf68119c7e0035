/* SPDX-License-Identifier: Apache-2.0 */
/* What kills the broker tests/told-broker-poisoned, and no other. */
#ifndef TOLD_TEST_POISONED_H
#define TOLD_TEST_POISONED_H

#define POISON "poison-by-a-fault"

#endif
