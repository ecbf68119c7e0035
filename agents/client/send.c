/* SPDX-License-Identifier: Apache-2.0 */
/* Signing a batch and putting it on its way. */
#include "agents/client/state.h"

#include <string.h>

enum told_status told_outgoing_sign(struct told_arena *arena, struct told_signer *signer,
				    const uint8_t key[TOLD_KEY_BYTES], struct told_outgoing *messages, size_t count)
{
	struct told_bytes headers[TOLD_BATCH_MAX], envelopes[TOLD_BATCH_MAX];
	uint32_t types[TOLD_BATCH_MAX];
	if (count < 1 || count > TOLD_BATCH_MAX)
		return TOLD_E_USAGE;
	for (size_t i = 0; i < count; i++) {
		headers[i] = messages[i].header;
		types[i] = messages[i].type;
	}
	enum told_status status = told_envelopes_sign(arena, signer, key, headers, types, count, envelopes);
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		messages[i].envelope = envelopes[i];
	return status;
}

size_t told_client_room(const struct told_client *client)
{
	return client->ready ? TOLD_FLIGHT_MAX - client->flights.count : 0;
}

/* The key id stands in the envelope; nothing else of it is needed to judge the answer. */
static enum told_status remember(struct told_client *client, const struct told_outgoing *message,
				 struct told_flight *flight)
{
	struct told_envelope *envelope = NULL;
	told_arena_reset(client->scratch);
	enum told_status status = told_envelope_decode(message->envelope, client->scratch, &envelope);
	if (status != TOLD_OK)
		return status;
	if (envelope->key_id.len != sizeof flight->key_id.b || !told_bytes_equal(envelope->header, message->header))
		return TOLD_E_USAGE;
	memcpy(flight->key_id.b, envelope->key_id.data, sizeof flight->key_id.b);
	told_sha256(message->header, &flight->header_hash);
	told_sha256(message->envelope, &flight->envelope_hash);
	flight->sender_seq = message->sender_seq;
	flight->type = message->type;
	flight->sent_boot_ms = client->boot_ms;
	return TOLD_OK;
}

bool told_client_in_flight(struct told_client *client, const uint8_t id[TOLD_ID_BYTES])
{
	return told_flights_find(&client->flights, told_bytes(id, TOLD_ID_BYTES)) != NULL;
}

enum told_status told_client_send(struct told_client *client, const struct told_outgoing *message)
{
	if (told_client_room(client) == 0)
		return TOLD_E_BUSY;
	struct told_flight *flight = told_flights_add(&client->flights, message->id);
	if (flight == NULL)
		return TOLD_E_BUSY;
	enum told_status status = remember(client, message, flight);
	if (status == TOLD_OK)
		status = told_socket_send(client->socket, message->envelope, message->body);
	if (status != TOLD_OK)
		told_flights_remove(&client->flights, flight);
	return status;
}
