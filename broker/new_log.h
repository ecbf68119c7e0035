/* SPDX-License-Identifier: Apache-2.0 */
/* told-broker --new-log: the log that follows one whose end was lost. */
#ifndef TOLD_BROKER_NEW_LOG_H
#define TOLD_BROKER_NEW_LOG_H

/* Begins it in the folder, says what was lost, and gives the exit code. The broker must not be running. */
int told_broker_begin_log(const char *dir);

#endif
