/* SPDX-License-Identifier: Apache-2.0 */
/* The door: bound, and where it can be found. */
#include "broker/wire/front.h"

#include <string.h>

/* libzmq writes an IPv4 address on an IPv6 socket as [::ffff:a.b.c.d]; people and other programs know it without. */
static void write_plainly(char endpoint[TOLD_ENDPOINT_MAX_BYTES])
{
	static const char mapped[] = "tcp://[::ffff:";
	char *end = strchr(endpoint, ']');
	if (strncmp(endpoint, mapped, sizeof mapped - 1) != 0 || end == NULL)
		return;
	char *address = endpoint + strlen("tcp://");
	size_t skipped = sizeof mapped - 1 - strlen("tcp://");
	size_t len = (size_t)(end - address) - skipped;
	memmove(address, address + skipped, len);
	memmove(address + len, end + 1, strlen(end + 1) + 1);
}

enum told_status told_front_listen(struct told_front *front)
{
	char bound[TOLD_ENDPOINT_MAX_BYTES];
	if (!front->listen || !front->tested || front->listening)
		return TOLD_OK;
	enum told_status status = told_router_bind(front->router, front->config->endpoint, bound);
	if (status != TOLD_OK)
		return status;
	write_plainly(bound);
	const char *port = strrchr(bound, ':');
	if (port == NULL || strlen(port) >= sizeof front->port)
		return TOLD_E_INTERNAL;
	memcpy(front->port, port, strlen(port) + 1);
	front->listening = true;
	told_log(front->config->log, TOLD_LOG_INFO, "wire.listening", TOLD_LOG_PATH("endpoint", bound));
	return told_front_say(front, &(struct told_frame){.kind = TOLD_WIRE_READY, .first = told_text(bound)});
}
