/* SPDX-License-Identifier: Apache-2.0 */
/* The told command; all of it is in agents/cli. */
#include "agents/cli/cli.h"

#include <locale.h>

int main(int argc, char **argv)
{
	setlocale(LC_TIME, "");
	return told_cli_main(argc, argv, stdout, stderr);
}
