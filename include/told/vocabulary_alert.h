/* SPDX-License-Identifier: Apache-2.0 */
/* The closed lists of what becomes of an alert: a part of told/vocabulary.h, which makes them lists like all others. */
#ifndef TOLD_VOCABULARY_ALERT_H
#define TOLD_VOCABULARY_ALERT_H

/* What became of an alert, or of a sharing without permission, as the log has it: codes only. */
#define TOLD_ALERT_EVENTS(X)                                                                                           \
	X(1, ARRIVED, "arrived", "it is at their agent")                                                               \
	X(2, PAGED, "paged", "both on-call contacts were paged")                                                       \
	X(3, CALLED, "called", "somebody telephoned")                                                                  \
	X(4, REVIEWED, "reviewed", "it was reviewed")                                                                  \
	X(5, CLOSED, "closed", "it is over")

/* Who answered the telephone, or what the review found. */
#define TOLD_ALERT_OUTCOMES(X)                                                                                         \
	X(1, ON_CALL, "on_call", "who is on call answered")                                                            \
	X(2, WORKER, "worker", "another worker answered")                                                              \
	X(3, SWITCHBOARD, "switchboard", "the switchboard answered and passed it on")                                  \
	X(4, VOICEMAIL, "voicemail", "a machine answered")                                                             \
	X(5, NOBODY, "nobody", "nobody answered")                                                                      \
	X(6, RIGHT, "right", "it was right")                                                                           \
	X(7, TOO_MUCH, "too_much", "it was right, and too much was shared")                                            \
	X(8, WRONG, "wrong", "it should not have been shared")                                                         \
	X(9, ENDED, "ended", "the concern is over")                                                                    \
	X(10, WRONG_NUMBER, "wrong_number", "the number is not theirs, or is out of order")

#endif
