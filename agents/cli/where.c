/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the agent's socket and the worker's token. Reads agent.yaml and the token file. */
#include "agents/cli/where.h"

#include "agents/keys/settings.h"
#include "broker/base/file.h"
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define TOKEN_FILE_MAX_BYTES 256u

static bool is_socket(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

int told_where_socket(struct told_cli *cli, char path[PATH_MAX])
{
	struct told_agent_settings settings;
	if (cli->agent == NULL || cli->agent[0] == '\0')
		return told_fail(cli, TOLD_EXIT_USAGE, "Which agent?", "The command speaks to an agency's agent.",
				 "Add --agent DIR, or set TOLD_AGENT.");
	if (is_socket(cli->agent)) {
		snprintf(path, PATH_MAX, "%s", cli->agent);
		return TOLD_EXIT_DONE;
	}
	/* A worker may not be let into the folder of settings, only to the socket. */
	if (told_agent_settings_read(cli->agent, &settings, NULL) != TOLD_OK)
		snprintf(settings.socket, sizeof settings.socket, "run/api.sock");
	int n = settings.socket[0] == '/' ? snprintf(path, PATH_MAX, "%s", settings.socket)
					  : snprintf(path, PATH_MAX, "%s/%s", cli->agent, settings.socket);
	if (n > 0 && n < PATH_MAX)
		return TOLD_EXIT_DONE;
	return told_fail_status(cli, TOLD_E_LIMIT, "--agent", NULL);
}

/* The folder of a path, as a descriptor, so that the path may be longer than an address; *name is what stands in it. */
static int open_folder(const char *path, const char **name)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	*name = slash != NULL ? slash + 1 : path;
	snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) : 1, slash != NULL ? path : ".");
	return open(folder[0] != '\0' ? folder : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool told_where_answers(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *name = NULL;
	int folder = open_folder(path, &name);
	int n = snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder, name);
	int fd = folder >= 0 ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
	bool answers = fd >= 0 && n > 0 && (size_t)n < sizeof address.sun_path &&
		       connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
	return answers;
}

static int open_socket(struct told_cli *cli, struct told_where *where)
{
	const char *name = NULL;
	int exit = told_where_socket(cli, where->shown);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	where->dir_fd = open_folder(where->shown, &name);
	if (where->dir_fd < 0)
		return told_failf(cli, TOLD_EXIT_UNREACHABLE,
				  "Start it: told-agent DIR. Or name another one: --agent DIR.",
				  "There is no agent at %s.", cli->agent);
	int n = snprintf(where->socket, sizeof where->socket, "/proc/self/fd/%d/%s", where->dir_fd, name);
	return n > 0 && (size_t)n < sizeof where->socket
		       ? TOLD_EXIT_DONE
		       : told_fail_status(cli, TOLD_E_LIMIT, "The socket's name", NULL);
}

static int read_token(struct told_cli *cli, struct told_where *where)
{
	struct told_buf text = TOLD_BUF(TOKEN_FILE_MAX_BYTES);
	uint8_t raw[TOLD_TOKEN_BYTES];
	if (cli->worker == NULL || cli->worker[0] == '\0')
		return told_fail(cli, TOLD_EXIT_NOT_ALLOWED, "Who asks?",
				 "Every call names its worker; there is no shared account.",
				 "Add --as FILE with your own token file, or set TOLD_WORKER.");
	enum told_status status = told_file_read_secret(cli->worker, TOKEN_FILE_MAX_BYTES, &text);
	int exit = TOLD_EXIT_DONE;
	if (status != TOLD_OK)
		exit = told_failf(cli, TOLD_EXIT_CONFIG,
				  status == TOLD_E_PERMISSION ? "It must be yours alone: chmod 600 FILE."
							      : "Give your own token file: --as FILE.",
				  "The token file %s cannot be used: %s.", cli->worker, told_status_text(status));
	while (exit == TOLD_EXIT_DONE && text.len > 0 && strchr("\r\n \t", text.data[text.len - 1]) != NULL)
		text.len--;
	if (exit == TOLD_EXIT_DONE && told_unhex(told_buf_view(&text), raw, sizeof raw) != TOLD_OK)
		exit = told_failf(cli, TOLD_EXIT_CONFIG, "Use the file that told worker add wrote.",
				  "%s is no token file: it holds something else than 64 hexadecimal digits.",
				  cli->worker);
	if (exit == TOLD_EXIT_DONE)
		told_hex(raw, sizeof raw, where->token);
	told_wipe(raw, sizeof raw);
	told_buf_free(&text);
	return exit;
}

int told_where_find(struct told_cli *cli, struct told_where *out)
{
	out->dir_fd = -1;
	out->wait = cli->wait;
	int exit = open_socket(cli, out);
	return exit == TOLD_EXIT_DONE ? read_token(cli, out) : exit;
}

void told_where_close(struct told_where *where)
{
	if (where->dir_fd > 0)
		close(where->dir_fd);
	told_wipe(where, sizeof *where);
	where->dir_fd = -1;
}
