/* SPDX-License-Identifier: Apache-2.0 */
/* sd_notify(3) as a datagram. May touch: the environment's NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, one socket.
 */
#include "broker/base/notify.h"

#include "told/bytes.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static enum told_status address_of(const char *name, struct sockaddr_un *address, socklen_t *len)
{
	size_t size = strlen(name);
	if ((name[0] != '/' && name[0] != '@') || size < 2 || size >= sizeof address->sun_path)
		return TOLD_E_CONFIG;
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(address->sun_path, name, size);
	if (name[0] == '@')
		address->sun_path[0] = '\0'; /* unix(7): an abstract name starts with a NUL and ends with its length */
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + (name[0] == '/'));
	return TOLD_OK;
}

enum told_status told_notify(const char *state)
{
	const char *name = getenv("NOTIFY_SOCKET");
	if (name == NULL || name[0] == '\0')
		return TOLD_OK;
	struct sockaddr_un address;
	socklen_t len = 0;
	enum told_status status = address_of(name, &address, &len);
	if (status != TOLD_OK)
		return status;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return TOLD_E_SYSTEM;
	size_t size = strlen(state);
	ssize_t sent = -1;
	do {
		sent = sendto(fd, state, size, MSG_NOSIGNAL, (const struct sockaddr *)&address, len);
	} while (sent < 0 && errno == EINTR);
	close(fd);
	return sent == (ssize_t)size ? TOLD_OK : TOLD_E_UNREACHABLE;
}

static uint64_t number_in(const char *variable)
{
	const char *text = getenv(variable);
	uint64_t value = 0;
	if (text == NULL || told_decimal(told_text(text), INT64_MAX, &value) != TOLD_OK)
		return 0;
	return value;
}

int64_t told_notify_watchdog_ms(void)
{
	uint64_t pid = number_in("WATCHDOG_PID");
	if (pid != 0 && pid != (uint64_t)getpid())
		return 0;
	return (int64_t)(number_in("WATCHDOG_USEC") / 2000);
}
