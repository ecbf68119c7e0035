/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of the contact for conferences that need a passphrase: read from a file that only they can read, and sent to
 * their own agency's agent alone. */
#include "agents/cli/do.h"

int told_do_contact(struct told_cli *cli, const struct told_args *args)
{
	json_t *request = NULL;
	int exit = told_request(cli, args, &request);
	if (exit == TOLD_EXIT_DONE)
		exit = told_add_secret(cli, args, "passphrase", request);
	if (exit == TOLD_EXIT_DONE)
		exit = told_add_secret(cli, args, "new", request);
	if (exit == TOLD_EXIT_DONE)
		return told_run_request(cli, args, request);
	json_decref(request);
	return exit;
}
