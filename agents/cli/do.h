/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that are more than one call of the API. Room-internal. */
#ifndef TOLD_CLI_DO_H
#define TOLD_CLI_DO_H

#include "agents/cli/cli.h"

#define TOLD_VERSION "0.1.0"

told_run told_do_help;
told_run told_do_completion;
told_run told_do_version;
told_run told_do_explain;

told_run told_do_tell;
told_run told_do_intake;
told_run told_do_consent;
told_run told_do_consent_form;
told_run told_do_alert_sheet;
told_run told_do_erase_answer;
told_run told_do_worker_add;
told_run told_do_agreement_check;
told_run told_do_agreement_diff;
told_run told_do_agreement_sign;
told_run told_do_import;
told_run told_do_doctor;
told_run told_do_init;
told_run told_do_partner;
told_run told_do_partners;
told_run told_do_partner_clock;
told_run told_do_audit_copy;
told_run told_do_audit_copies;
told_run told_do_audit_view;
told_run told_do_policy;
told_run told_do_log_key;
told_run told_do_receipt;
told_run told_do_retelling;
told_run told_do_conference;
told_run told_do_conference_show;
told_run told_do_statement;
told_run told_do_slip;
told_run told_do_contact; /* with passphrases from files */

/* What has arguments of its own: gets all words and options as typed. */
int told_decide_here(int argc, char **argv);
int told_demo_main(int argc, char **argv);
int told_bench_main(int argc, char **argv);

#endif
