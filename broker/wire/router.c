/* SPDX-License-Identifier: Apache-2.0 */
/* The ROUTER's options and CURVE keys. May touch: libzmq. */
#include "broker/wire/router.h"

#include "broker/wire/keys.h"
#include "broker/wire/zap.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

/* Hidden behind ZMQ_BUILD_DRAFT_API in zmq.h, honoured by Debian's library, and the only thing that makes CURVE refuse
 * when there is no answer from ZAP (rules M1). */
#define ZAP_ENFORCE_DOMAIN 93
#define Z85_KEY_BYTES      41
#define CURVE_EXTRA_BYTES  64 /* a CURVE MESSAGE command adds 33 */
#define HANDSHAKE_MS       4000
#define HIGH_WATER         128
#define CONNECT_BACKLOG    1024

enum told_status told_router_public(const uint8_t secret_key[TOLD_KEY_BYTES], uint8_t public_key[TOLD_KEY_BYTES])
{
	char secret_text[Z85_KEY_BYTES], public_text[Z85_KEY_BYTES];
	enum told_status status = TOLD_E_KEY;
	if (zmq_z85_encode(secret_text, secret_key, TOLD_KEY_BYTES) != NULL &&
	    zmq_curve_public(public_text, secret_text) == 0 && zmq_z85_decode(public_key, public_text) != NULL)
		status = TOLD_OK;
	told_wipe(secret_text, sizeof secret_text);
	return status;
}

enum told_status told_wire_keypair(uint8_t public_key[TOLD_KEY_BYTES], uint8_t secret_key[TOLD_KEY_BYTES])
{
	char secret_text[Z85_KEY_BYTES], public_text[Z85_KEY_BYTES];
	enum told_status status = TOLD_E_RANDOM;
	if (zmq_curve_keypair(public_text, secret_text) == 0 && zmq_z85_decode(public_key, public_text) != NULL &&
	    zmq_z85_decode(secret_key, secret_text) != NULL)
		status = TOLD_OK;
	told_wipe(secret_text, sizeof secret_text);
	return status;
}

enum told_status told_router_seed(void)
{
	unsigned seed = 0;
	enum told_status status = told_random(&seed, sizeof seed);
	if (status == TOLD_OK)
		srand(seed);
	return status;
}

/* No ZMTP heartbeats among them: under backpressure they end healthy peers (rules 17). */
static bool set_numbers(void *router, const struct told_wire_config *config)
{
	int handshake_ms = config->handshake_ms > 0 ? config->handshake_ms : HANDSHAKE_MS;
	int high_water = config->high_water > 0 ? config->high_water : HIGH_WATER;
	const struct {
		int option, value;
	} numbers[] = {
		{ZMQ_CURVE_SERVER, 1},
		{ZAP_ENFORCE_DOMAIN, 1},
		{ZMQ_ROUTER_MANDATORY, 1},
		{ZMQ_ROUTER_HANDOVER, 0},
		{ZMQ_SNDHWM, high_water},
		{ZMQ_RCVHWM, high_water},
		{ZMQ_HANDSHAKE_IVL, handshake_ms},
		{ZMQ_LINGER, 0},
		{ZMQ_IPV6, 1},
		{ZMQ_BACKLOG, CONNECT_BACKLOG},
		{ZMQ_TCP_KEEPALIVE, 1},
		{ZMQ_TCP_KEEPALIVE_IDLE, 30},
		{ZMQ_TCP_KEEPALIVE_INTVL, 10},
		{ZMQ_TCP_KEEPALIVE_CNT, 3},
	};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (zmq_setsockopt(router, numbers[i].option, &numbers[i].value, sizeof numbers[i].value) != 0)
			return false;
	return true;
}

enum told_status told_router_set_options(void *router, const struct told_wire_config *config)
{
	uint8_t public_key[TOLD_KEY_BYTES];
	enum told_status status = told_router_public(config->secret_key, public_key);
	if (status != TOLD_OK || !told_key_safe(public_key))
		return TOLD_E_KEY;
	int64_t max_bytes = TOLD_BODY_MAX_BYTES + CURVE_EXTRA_BYTES;
	if (!set_numbers(router, config) || zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &max_bytes, sizeof max_bytes) != 0 ||
	    zmq_setsockopt(router, ZMQ_ZAP_DOMAIN, TOLD_ZAP_DOMAIN, strlen(TOLD_ZAP_DOMAIN)) != 0 ||
	    zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, config->secret_key, TOLD_KEY_BYTES) != 0)
		return TOLD_E_CONFIG;
	return TOLD_OK;
}

static bool number_is(void *router, int option, int expected)
{
	int value = -1;
	size_t len = sizeof value;
	return zmq_getsockopt(router, option, &value, &len) == 0 && value == expected;
}

enum told_status told_router_check(void *router)
{
	char domain[64] = "";
	size_t len = sizeof domain;
	int64_t max_bytes = -1;
	size_t max_len = sizeof max_bytes;
	if (zmq_getsockopt(router, ZMQ_ZAP_DOMAIN, domain, &len) != 0 || strcmp(domain, TOLD_ZAP_DOMAIN) != 0)
		return TOLD_E_CONFIG;
	if (zmq_getsockopt(router, ZMQ_MAXMSGSIZE, &max_bytes, &max_len) != 0 || max_bytes <= 0)
		return TOLD_E_CONFIG;
	bool locked = number_is(router, ZMQ_CURVE_SERVER, 1) && number_is(router, ZMQ_MECHANISM, ZMQ_CURVE) &&
		      number_is(router, ZAP_ENFORCE_DOMAIN, 1);
	return locked ? TOLD_OK : TOLD_E_CONFIG;
}

enum told_status told_router_bind(void *router, const char *endpoint, char bound[TOLD_ENDPOINT_MAX_BYTES])
{
	size_t len = TOLD_ENDPOINT_MAX_BYTES;
	if (strncmp(endpoint, "tcp://", 6) != 0)
		return TOLD_E_CONFIG; /* inproc would skip CURVE altogether (rules 10) */
	if (zmq_bind(router, endpoint) != 0)
		return errno == EADDRINUSE ? TOLD_E_IN_USE : TOLD_E_CONFIG;
	return zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, bound, &len) == 0 ? TOLD_OK : TOLD_E_SYSTEM;
}
