/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of a consent record that stage 6 and consents.c share. Private to this room. */
#ifndef TOLD_DECIDE_CONSENTS_H
#define TOLD_DECIDE_CONSENTS_H

#include "broker/decide/hearing.h"

/* Of this person, not entered in error, and no other record explicitly takes its place. */
bool told_consent_counts(const struct told_hearing *h, const struct told_consent *consent);

/* Names the recipient: its party, and where the record says so the team and the role. An empty list names nobody. */
bool told_consent_names(const struct told_hearing *h, const struct told_consent *consent);

#endif
