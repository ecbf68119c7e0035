/* SPDX-License-Identifier: Apache-2.0 */
/* told partner clock: the operator looked at the broker's clock and says that it is right. A logged act about no
 * partner. */
#include "agents/cli/do.h"
#include "agents/cli/operator.h"
#include "agents/cli/show.h"

#include "told/codes.h"

int told_do_partner_clock(struct told_cli *cli, const struct told_args *args)
{
	struct told_operator_receipt receipt = {0};
	struct told_buf why = TOLD_BUF(4096);
	struct told_partner_part part = {.action = TOLD_PARTNER_ACTION_CLOCK};
	enum told_status status = told_operator_say(told_args_get(args, "broker"), &part, &receipt, &why);
	int exit = TOLD_EXIT_DONE;
	if (status != TOLD_OK)
		exit = told_fail_status(cli, status, "the broker's clock", &why);
	else if (cli->json)
		fprintf(cli->out, "{\"act\":\"clock\",\"entry\":%llu,\"time_ms\":%llu}\n",
			(unsigned long long)receipt.index, (unsigned long long)receipt.time_ms);
	else
		fprintf(cli->out, "Confirmed the broker's clock (entry %llu of the log). What waited goes on.\n",
			(unsigned long long)receipt.index);
	told_buf_free(&why);
	return exit;
}
