/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing the API: its socket and its HTTP. Touches the socket's folder. */
#include "agents/api/api.h"

#include "agents/api/http.h"
#include "agents/api/state.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_UMASK (S_IXUSR | S_IXGRP | S_IRWXO) /* 0660 */
#define BACKLOG      64

static enum told_status say(struct told_buf *why, enum told_status status, const char *path, const char *words)
{
	if (why != NULL)
		told_buf_printf(why, "The local API cannot open %s: %s", path, words);
	return status;
}

/* Opens the folder of the socket and keeps its name. */
static enum told_status open_folder(struct told_api *api, const char *path, struct told_buf *why)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	api->name = strdup(slash != NULL ? slash + 1 : path);
	enum told_status status = TOLD_E_MEMORY;
	if (folder != NULL && api->name != NULL) {
		api->dir_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
		status = api->dir_fd >= 0
				 ? TOLD_OK
				 : say(why, TOLD_E_NOT_FOUND, path, "its folder is not there; make it (0700).");
	}
	free(folder);
	return status;
}

/* Addresses of sockets are at most 107 bytes; through the folder's descriptor only the name counts. */
static enum told_status address_of(const struct told_api *api, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", api->dir_fd, api->name);
	return n > 0 && (size_t)n < sizeof address->sun_path ? TOLD_OK : TOLD_E_CONFIG;
}

/* A socket that nobody answers on is what a crash left; anything else is not ours to remove. */
static enum told_status clear(const struct told_api *api, const struct sockaddr_un *address, const char *path,
			      struct told_buf *why)
{
	struct stat st;
	if (fstatat(api->dir_fd, api->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return TOLD_OK;
	if (!S_ISSOCK(st.st_mode))
		return say(why, TOLD_E_EXISTS, path, "a file stands there; move it away, or set another socket.");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return TOLD_E_SYSTEM;
	bool answers = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN;
	close(fd);
	if (answers)
		return say(why, TOLD_E_IN_USE, path, "another told-agent answers there; stop it first.");
	return unlinkat(api->dir_fd, api->name, 0) == 0 ? TOLD_OK : TOLD_E_PERMISSION;
}

static enum told_status listen_at(struct told_api *api, const char *path, int *fd, struct told_buf *why)
{
	struct sockaddr_un address;
	enum told_status status = address_of(api, &address);
	if (status != TOLD_OK)
		return say(why, status, path, "the name of the socket is too long; shorten it.");
	status = clear(api, &address, path, why);
	if (status != TOLD_OK)
		return status;
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return TOLD_E_SYSTEM;
	mode_t before = umask(SOCKET_UMASK);
	int bound = bind(*fd, (const struct sockaddr *)&address, sizeof address);
	int error = errno;
	umask(before);
	if (bound == 0 && listen(*fd, BACKLOG) == 0)
		return TOLD_OK;
	close(*fd);
	*fd = -1;
	return say(why, error == EACCES ? TOLD_E_PERMISSION : TOLD_E_SYSTEM, path, strerror(error));
}

enum told_status told_api_open(struct told_agent *agent, const struct told_form *form,
			       const struct told_api_settings *settings, struct told_api **out, struct told_buf *why)
{
	*out = NULL;
	struct told_api *api = calloc(1, sizeof *api);
	int fd = -1;
	if (api == NULL)
		return TOLD_E_MEMORY;
	*api = (struct told_api){.agent = agent, .form = form, .clock = settings->clock, .dir_fd = -1};
	unsigned connections = settings->connections_max != 0 ? settings->connections_max : TOLD_API_CONNECTIONS_MAX;
	unsigned idle_s = settings->idle_s != 0 ? settings->idle_s : TOLD_API_IDLE_S;
	enum told_status status = open_folder(api, settings->socket, why);
	if (status == TOLD_OK)
		status = listen_at(api, settings->socket, &fd, why);
	if (status == TOLD_OK) {
		status = told_http_start(api, fd, connections, idle_s);
		if (status != TOLD_OK)
			close(fd);
	}
	if (status == TOLD_OK)
		*out = api;
	else
		told_api_close(api);
	return status;
}

void told_api_close(struct told_api *api)
{
	if (api == NULL)
		return;
	bool listening = api->http != NULL;
	told_http_stop(api);
	if (listening)
		unlinkat(api->dir_fd, api->name, 0);
	if (api->dir_fd >= 0)
		close(api->dir_fd);
	free(api->name);
	free(api);
}

struct told_agent_watch told_api_watch(struct told_api *api)
{
	return (struct told_agent_watch){.prepare = told_http_prepare, .serve = told_http_serve, .ctx = api};
}
