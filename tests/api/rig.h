/* SPDX-License-Identifier: Apache-2.0 */
/* The API and its clients in one thread: raw bytes in, raw bytes out, the loop turned until an answer is whole. */
#ifndef TOLD_TEST_API_RIG_H
#define TOLD_TEST_API_RIG_H

#include "api/double.h"

#include "agents/api/api.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DEADLINE_MS INT64_C(20000)

struct rig {
	struct told_api *api;
	struct told_agent_watch watch;
	struct told_clock clock;
	char socket[300];
};

static int64_t rig_now_ms(const struct rig *rig)
{
	return told_clock_now(&rig->clock).boot_ms;
}

static inline void rig_open(struct rig *rig, const struct told_form *form, unsigned idle_s)
{
	double_reset();
	rig->clock = told_clock_system();
	snprintf(rig->socket, sizeof rig->socket, "%s/api.sock", told_test_dir());
	const struct told_api_settings settings = {.socket = rig->socket, .clock = rig->clock, .idle_s = idle_s};
	assert_int_equal(told_api_open(NULL, form, &settings, &rig->api, NULL), TOLD_OK);
	rig->watch = told_api_watch(rig->api);
}

static inline void rig_close(struct rig *rig)
{
	told_api_close(rig->api);
	double_reset();
}

/* One turn of the loop, as the agent takes it. */
static inline void rig_turn(struct rig *rig)
{
	struct pollfd fds[4];
	int64_t timeout_ms = 10;
	size_t count = rig->watch.prepare(rig->watch.ctx, fds, 4, &timeout_ms);
	poll(fds, count, (int)timeout_ms);
	rig->watch.serve(rig->watch.ctx, fds, count);
}

static int rig_connect(const struct rig *rig)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	assert_true(strlen(rig->socket) < sizeof address.sun_path);
	strcpy(address.sun_path, rig->socket);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

/* Writes all of it, turning the loop while the socket is full; false when the other end has hung up. */
static bool rig_write(struct rig *rig, int fd, const void *data, size_t len)
{
	const char *at = data;
	for (int64_t end = rig_now_ms(rig) + DEADLINE_MS; len > 0;) {
		ssize_t put = send(fd, at, len, MSG_NOSIGNAL);
		if (put < 0 && errno != EAGAIN)
			return false;
		if (put > 0) {
			at += put;
			len -= (size_t)put;
		}
		rig_turn(rig);
		assert_true(rig_now_ms(rig) < end);
	}
	return true;
}

/* The body's length as the head says, or 0. */
static size_t rig_length(const char *head)
{
	const char *field = strstr(head, "Content-Length: ");
	return field != NULL ? strtoul(field + 16, NULL, 10) : 0;
}

/* Reads one whole answer, head and body, NUL-terminated in static memory; "" when the other end hung up. */
static inline const char *rig_read(struct rig *rig, int fd)
{
	static char text[1 << 20];
	size_t len = 0;
	for (int64_t end = rig_now_ms(rig) + DEADLINE_MS;;) {
		ssize_t got = recv(fd, text + len, sizeof text - 1 - len, 0);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			return text[len] = '\0', len > 0 ? text : "";
		len += got > 0 ? (size_t)got : 0;
		text[len] = '\0';
		const char *body = strstr(text, "\r\n\r\n");
		if (body != NULL && len - (size_t)(body + 4 - text) >= rig_length(text))
			return text;
		rig_turn(rig);
		assert_true(rig_now_ms(rig) < end);
	}
}

#define AUTH "Authorization: Bearer " GOOD_TOKEN "\r\n"

/* One request over a connection of its own. fields: header lines, each with its end. */
static inline const char *rig_ask(struct rig *rig, const char *method, const char *path, const char *fields,
				  const char *body)
{
	char head[2048];
	int fd = rig_connect(rig);
	int n = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: agent\r\n%s%s%zu\r\n\r\n", method, path, fields,
			 "Content-Length: ", strlen(body));
	assert_true(n > 0 && (size_t)n < sizeof head);
	rig_write(rig, fd, head, (size_t)n);
	rig_write(rig, fd, body, strlen(body));
	const char *answer = rig_read(rig, fd);
	close(fd);
	return answer;
}

static int rig_status(const char *answer)
{
	int status = 0;
	sscanf(answer, "HTTP/1.1 %d", &status);
	return status;
}

/* The body of an answer as JSON; the caller's. */
static inline json_t *rig_json(const char *answer)
{
	const char *body = strstr(answer, "\r\n\r\n");
	assert_non_null(body);
	json_t *json = json_loads(body + 4, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	return json;
}

/* A problem: its status, exit, and that it says what, why and what to do. */
static inline void rig_problem(const char *answer, int status, int exit)
{
	assert_int_equal(rig_status(answer), status);
	assert_non_null(strstr(answer, "Content-Type: application/problem+json"));
	json_t *json = rig_json(answer);
	assert_int_equal(json_integer_value(json_object_get(json, "status")), status);
	assert_int_equal(json_integer_value(json_object_get(json, "exit")), exit);
	assert_true(json_string_length(json_object_get(json, "title")) > 0);
	assert_true(json_string_length(json_object_get(json, "fix")) > 0 ||
		    json_string_length(json_object_get(json, "detail")) > 0);
	json_decref(json);
}

#endif
