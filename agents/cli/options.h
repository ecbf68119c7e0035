/* SPDX-License-Identifier: Apache-2.0 */
/* How the tables of commands write an option, and the card of their examples. For commands*.c only. */
#ifndef TOLD_CLI_OPTIONS_H
#define TOLD_CLI_OPTIONS_H

#include "agents/cli/cli.h"

#define TEXT(option, value, member, help)                                                                              \
	{                                                                                                              \
		option, value, member, TOLD_OPTION_TEXT, false, help                                                   \
	}
#define NEEDED(option, value, member, help)                                                                            \
	{                                                                                                              \
		option, value, member, TOLD_OPTION_TEXT, true, help                                                    \
	}
#define LIST(option, value, member, help)                                                                              \
	{                                                                                                              \
		option, value, member, TOLD_OPTION_LIST, false, help                                                   \
	}
#define MANY(option, value, member, help)                                                                              \
	{                                                                                                              \
		option, value, member, TOLD_OPTION_MANY, false, help                                                   \
	}
#define FLAG(option, member, help)                                                                                     \
	{                                                                                                              \
		option, "", member, TOLD_OPTION_FLAG, false, help                                                      \
	}
#define NUMBER(option, value, member, help)                                                                            \
	{                                                                                                              \
		option, value, member, TOLD_OPTION_NUMBER, false, help                                                 \
	}
#define DATE(option, member, help)                                                                                     \
	{                                                                                                              \
		option, "DATE", member, TOLD_OPTION_DATE, false, help                                                  \
	}
#define END                                                                                                            \
	{                                                                                                              \
		.name = NULL                                                                                           \
	}

#define PERSON "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q"

/* The rows about audits (commands_audit.c), which those about alerts follow. */
const struct told_command *told_audit_command_at(size_t index);
/* The rows about referrals and room; those of alerts follow them. */
const struct told_command *told_referral_command_at(size_t index);
/* The rows about alerts, NULL past their end (commands_alert.c). */
/* The row of the log's key, then those of the other tables, NULL past their end. */
const struct told_command *told_log_key_command_at(size_t index);
/* The rows about alerts (commands_alert.c). */
const struct told_command *told_alert_command_at(size_t index);
/* And those of what the person gets in their hands, which follow them. */
const struct told_command *told_statement_command_at(size_t index);
/* And those of incidents, which follow those. */
const struct told_command *told_incident_command_at(size_t index);
/* And those of logs. */
const struct told_command *told_log_command_at(size_t index);
/* And those that count, which follow them. */
const struct told_command *told_measure_command_at(size_t index);
/* And those of what a worker looks at and writes down. */
const struct told_command *told_note_command_at(size_t index);
/* And those of plans. */
const struct told_command *told_plan_command_at(size_t index);
/* And those of teams, which follow them. */
const struct told_command *told_team_command_at(size_t index);

#endif
