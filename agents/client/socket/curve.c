/* SPDX-License-Identifier: Apache-2.0 */
/* CURVE keys, raw: libzmq makes them as Z85 text. May touch: libzmq. */
#include "agents/client/socket/socket.h"

#include <zmq.h>

#define Z85_KEY_BYTES 41

enum told_status told_curve_keypair(uint8_t public_key[TOLD_KEY_BYTES], uint8_t secret_key[TOLD_KEY_BYTES])
{
	char secret_text[Z85_KEY_BYTES], public_text[Z85_KEY_BYTES];
	enum told_status status = TOLD_E_RANDOM;
	if (zmq_curve_keypair(public_text, secret_text) == 0 && zmq_z85_decode(public_key, public_text) != NULL &&
	    zmq_z85_decode(secret_key, secret_text) != NULL)
		status = TOLD_OK;
	told_wipe(secret_text, sizeof secret_text);
	return status;
}

enum told_status told_curve_public(const uint8_t secret_key[TOLD_KEY_BYTES], uint8_t public_key[TOLD_KEY_BYTES])
{
	char secret_text[Z85_KEY_BYTES], public_text[Z85_KEY_BYTES];
	enum told_status status = TOLD_E_KEY;
	if (zmq_z85_encode(secret_text, secret_key, TOLD_KEY_BYTES) != NULL &&
	    zmq_curve_public(public_text, secret_text) == 0 && zmq_z85_decode(public_key, public_text) != NULL)
		status = TOLD_OK;
	told_wipe(secret_text, sizeof secret_text);
	return status;
}
