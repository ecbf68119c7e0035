/* SPDX-License-Identifier: Apache-2.0 */
/* A CURVE client written out by hand (ZMTP 3.1, RFC 26), because libzmq would not misbehave: it can name itself
 * anything in its metadata, stop half way, replay and damage what it sends. Blocking, with a limit on every read. */
#ifndef TOLD_TEST_WIRE_RAW_H
#define TOLD_TEST_WIRE_RAW_H

#include "support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RAW_COMMAND   0x04
#define RAW_MORE      0x01
#define RAW_FRAME_MAX 2048

struct raw {
	int fd;
	uint64_t nonce;
	uint8_t server_key[32], public_key[32], secret_key[32]; /* long-term; server's is public */
	uint8_t short_public[32], short_secret[32], server_short[32];
	uint8_t cookie[96];
	uint8_t last[RAW_FRAME_MAX]; /* the last MESSAGE as sent, to send it again */
	size_t last_len;
};

static inline void raw_open(struct raw *raw, const char *endpoint)
{
	unsigned port = 0;
	struct timeval limit = {.tv_sec = 20}; /* a machine may be busy */
	assert_int_equal(sscanf(endpoint, "tcp://127.0.0.1:%u", &port), 1);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	raw->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(raw->fd >= 0);
	assert_int_equal(setsockopt(raw->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
	assert_int_equal(connect(raw->fd, (struct sockaddr *)&address, sizeof address), 0);
	crypto_box_keypair(raw->short_public, raw->short_secret);
	raw->nonce = 0;
}

static inline bool raw_write(struct raw *raw, const void *data, size_t len)
{
	return send(raw->fd, data, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static inline bool raw_read(struct raw *raw, void *data, size_t len)
{
	return recv(raw->fd, data, len, MSG_WAITALL) == (ssize_t)len;
}

/* True when the other side has ended the connection, whatever it still had to say. */
static inline bool raw_is_cut(struct raw *raw)
{
	uint8_t rest[256];
	ssize_t got = 1;
	while (got > 0)
		got = recv(raw->fd, rest, sizeof rest, 0);
	return got == 0 || errno == ECONNRESET;
}

static inline bool raw_greet(struct raw *raw, const char *mechanism)
{
	uint8_t ours[64] = {0xff, [9] = 0x7f, [10] = 3, [11] = 1}, theirs[64];
	memcpy(ours + 12, mechanism, strlen(mechanism));
	return raw_write(raw, ours, sizeof ours) && raw_read(raw, theirs, sizeof theirs);
}

static inline bool raw_frame(struct raw *raw, uint8_t flags, const uint8_t *data, size_t len)
{
	uint8_t frame[RAW_FRAME_MAX];
	size_t at = 0;
	assert_true(len + 9 <= sizeof frame);
	frame[at++] = flags | (len > 255 ? 0x02 : 0);
	for (int i = len > 255 ? 7 : 0; i >= 0; i--)
		frame[at++] = (uint8_t)((uint64_t)len >> (8 * i));
	memcpy(frame + at, data, len);
	memcpy(raw->last, frame, at + len);
	raw->last_len = at + len;
	return raw_write(raw, frame, at + len);
}

/* Reads one short command; its length, 0 at the end of the connection. */
static inline size_t raw_command(struct raw *raw, uint8_t out[256])
{
	uint8_t head[2];
	if (!raw_read(raw, head, 2) || head[0] != RAW_COMMAND || !raw_read(raw, out, head[1]))
		return 0;
	return head[1];
}

/* A nonce: its words, then what is unique about it. */
static inline void raw_nonce(uint8_t nonce[24], const char *words, const uint8_t *unique)
{
	size_t len = strlen(words);
	memcpy(nonce, words, len);
	memcpy(nonce + len, unique, 24 - len);
}

static inline void raw_count(struct raw *raw, uint8_t out[8])
{
	raw->nonce++;
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(raw->nonce >> (56 - 8 * i));
}

static inline bool raw_hello(struct raw *raw)
{
	uint8_t hello[200] = "\x05HELLO\x01", nonce[24], zeros[64] = {0};
	memcpy(hello + 80, raw->short_public, 32);
	raw_count(raw, hello + 112);
	raw_nonce(nonce, "CurveZMQHELLO---", hello + 112);
	assert_int_equal(crypto_box_easy(hello + 120, zeros, 64, nonce, raw->server_key, raw->short_secret), 0);
	return raw_frame(raw, RAW_COMMAND, hello, sizeof hello);
}

static inline bool raw_welcome(struct raw *raw)
{
	uint8_t welcome[256], nonce[24], plain[128];
	if (raw_command(raw, welcome) != 168 || memcmp(welcome, "\x07WELCOME", 8) != 0)
		return false;
	raw_nonce(nonce, "WELCOME-", welcome + 8);
	if (crypto_box_open_easy(plain, welcome + 24, 144, nonce, raw->server_key, raw->short_secret) != 0)
		return false;
	memcpy(raw->server_short, plain, 32);
	memcpy(raw->cookie, plain + 32, 96);
	return true;
}

static inline bool raw_initiate(struct raw *raw, const uint8_t *metadata, size_t metadata_len)
{
	uint8_t initiate[1024] = "\x08INITIATE", nonce[24], plain[800], vouch[64];
	assert_true(metadata_len <= sizeof plain - 128);
	memcpy(plain, raw->public_key, 32);
	randombytes_buf(plain + 32, 16);
	raw_nonce(nonce, "VOUCH---", plain + 32);
	memcpy(vouch, raw->short_public, 32);
	memcpy(vouch + 32, raw->server_key, 32);
	assert_int_equal(crypto_box_easy(plain + 48, vouch, 64, nonce, raw->server_short, raw->secret_key), 0);
	memcpy(plain + 128, metadata, metadata_len);
	memcpy(initiate + 9, raw->cookie, 96);
	raw_count(raw, initiate + 105);
	raw_nonce(nonce, "CurveZMQINITIATE", initiate + 105);
	assert_int_equal(
		crypto_box_easy(initiate + 113, plain, 128 + metadata_len, nonce, raw->server_short, raw->short_secret),
		0);
	return raw_frame(raw, RAW_COMMAND, initiate, 113 + 16 + 128 + metadata_len);
}

/* The whole handshake with the metadata given; true when the server is READY. */
static inline bool raw_handshake(struct raw *raw, const uint8_t *metadata, size_t metadata_len)
{
	uint8_t ready[256];
	if (!raw_greet(raw, "CURVE") || !raw_hello(raw) || !raw_welcome(raw) ||
	    !raw_initiate(raw, metadata, metadata_len))
		return false;
	return raw_command(raw, ready) > 6 && memcmp(ready, "\x05READY", 6) == 0;
}

/* One frame of a message; flags: RAW_MORE. */
static inline bool raw_send(struct raw *raw, uint8_t flags, const char *text)
{
	uint8_t message[600] = "\x07MESSAGE", plain[500], nonce[24];
	size_t len = strlen(text) + 1;
	assert_true(len <= sizeof plain);
	plain[0] = flags;
	memcpy(plain + 1, text, len - 1);
	raw_count(raw, message + 8);
	raw_nonce(nonce, "CurveZMQMESSAGEC", message + 8);
	assert_int_equal(crypto_box_easy(message + 16, plain, len, nonce, raw->server_short, raw->short_secret), 0);
	return raw_frame(raw, 0, message, 16 + 16 + len);
}

static inline size_t raw_property(uint8_t *out, const char *name, const void *value, size_t len)
{
	size_t name_len = strlen(name);
	out[0] = (uint8_t)name_len;
	memcpy(out + 1, name, name_len);
	uint32_t size = htonl((uint32_t)len);
	memcpy(out + 1 + name_len, &size, 4);
	memcpy(out + 5 + name_len, value, len);
	return 5 + name_len + len;
}

#endif
