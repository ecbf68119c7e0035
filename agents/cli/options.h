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
#define TIME(option, member, help)                                                                                     \
	{                                                                                                              \
		option, "TIME", member, TOLD_OPTION_TIME, false, help                                                  \
	}
#define END                                                                                                            \
	{                                                                                                              \
		.name = NULL                                                                                           \
	}

#define PERSON "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q"

/* The rows of one file; commands.c has the list of them, in the order of the help. */
struct told_command_table {
	const struct told_command *rows;
	size_t count;
};
extern const struct told_command_table told_referral_commands, told_audit_commands, told_log_key_commands,
	told_alert_commands, told_statement_commands, told_incident_commands, told_log_commands, told_measure_commands,
	told_note_commands, told_plan_commands, told_conference_commands, told_team_commands, told_contact_commands,
	told_duty_commands, told_sight_commands;

#endif
