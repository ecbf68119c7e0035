/* SPDX-License-Identifier: Apache-2.0 */
/* told doctor: what can be seen from outside first, then what the agent says of itself; each fault with its fix. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"
#include "agents/cli/where.h"

#include "broker/base/file.h"
#include <string.h>
#include <sys/stat.h>

static void add(json_t *checks, const char *check, bool ok, const char *what, const char *fix)
{
	json_array_append_new(checks, json_pack("{s:s, s:b, s:s, s:s*}", "check", check, "ok", ok, "what", what, "fix",
						ok ? NULL : fix));
}

static void check_agent(struct told_cli *cli, json_t *checks)
{
	char path[PATH_MAX] = "", what[PATH_MAX + 64];
	struct stat st;
	if (cli->agent == NULL) {
		add(checks, "agent", false, "No agent is named.", "Add --agent DIR, or set TOLD_AGENT.");
		return;
	}
	bool found = told_where_socket(cli, path) == TOLD_EXIT_DONE && told_where_answers(path);
	snprintf(what, sizeof what, found ? "It answers at %s." : "Nobody answers at %s.", path);
	add(checks, "agent", found, what, "Start it: told-agent DIR.");
	if (found && stat(path, &st) == 0)
		add(checks, "socket", (st.st_mode & S_IRWXO) == 0, "Who may reach the socket.",
		    "chmod 660 the socket.");
}

static void check_worker(struct told_cli *cli, json_t *checks)
{
	struct told_buf text = TOLD_BUF(256);
	uint8_t raw[TOLD_TOKEN_BYTES];
	if (cli->worker == NULL) {
		add(checks, "worker", false, "No worker is named.",
		    "Add --as FILE with your own token file, or set TOLD_WORKER.");
		return;
	}
	enum told_status status = told_file_read_secret(cli->worker, 256, &text);
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	if (status == TOLD_OK)
		status = told_unhex(told_buf_view(&text), raw, sizeof raw);
	add(checks, "worker", status == TOLD_OK,
	    status == TOLD_OK ? "The token file can be used." : told_status_text(status),
	    status == TOLD_E_PERMISSION ? "chmod 600 the token file; it must be yours."
					: "Use the file that told worker add wrote.");
	told_wipe(raw, sizeof raw);
	told_buf_free(&text);
}

static bool all_ok(const json_t *checks)
{
	size_t i = 0;
	json_t *check = NULL;
	json_array_foreach(checks, i, check) if (!json_is_true(json_object_get(check, "ok"))) return false;
	return true;
}

/* The agent's own checks, where it can be asked. */
static int ask(struct told_cli *cli, json_t *checks)
{
	json_t *reply = NULL;
	int exit = told_call(cli, "GET", "/v1/doctor", NULL, &reply);
	if (exit == TOLD_EXIT_DONE)
		json_array_extend(checks, json_object_get(reply, "checks"));
	json_decref(reply);
	return exit;
}

int told_do_doctor(struct told_cli *cli, const struct told_args *args)
{
	json_t *checks = json_array();
	json_t *reply = json_pack("{s:O}", "checks", checks);
	if (checks == NULL || reply == NULL) {
		json_decref(checks);
		return told_fail_status(cli, TOLD_E_MEMORY, "The checks", NULL);
	}
	check_agent(cli, checks);
	check_worker(cli, checks);
	int asked = all_ok(checks) ? ask(cli, checks) : TOLD_EXIT_DONE;
	int exit = told_finish(cli, args, reply);
	json_decref(checks);
	json_decref(reply);
	return asked != TOLD_EXIT_DONE ? asked : exit;
}
