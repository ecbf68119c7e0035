/* SPDX-License-Identifier: Apache-2.0 */
/* The sending agency of a bench: batches under one signature, as many on their way as the client allows. */
#include "agents/bench/peers.h"

#include "broker/base/loop.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_ARENA_BYTES (64u * 1024u * 1024u)

struct sending {
	struct bench_world *world;
	const struct bench_load *load;
	struct bench_result *result;
	struct told_client *client;
	struct told_arena *arena; /* of the batch being sent */
	struct told_outgoing batch[TOLD_BATCH_MAX];
	size_t count, next;
	uint32_t made, answered, failed;
	char *content;
};

static enum told_status heard(void *ctx, const struct told_client_event *event)
{
	struct sending *s = ctx;
	if (event->kind == TOLD_CLIENT_ANSWER) {
		s->answered++;
		s->failed += event->answer.outcome != TOLD_ANSWER_ACCEPTED;
	}
	return event->kind == TOLD_CLIENT_FAULT ? event->status : TOLD_OK;
}

static void lay_header(struct sending *s, struct told_header *header, struct told_basis_part *basis,
		       struct told_agreement_ref *agreement, struct told_bytes *recipient)
{
	static uint32_t purpose = TOLD_PURPOSE_COORD;
	*recipient = told_text(s->world->consumer.name);
	*basis =
		(struct told_basis_part){.art6 = TOLD_ART6_E, .confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT};
	*agreement = (struct told_agreement_ref){.id = told_text("ISA-BENCH"),
						 .version = 1,
						 .sha256 = told_bytes(s->world->agreement.b, TOLD_HASH_BYTES)};
	header->recipients = (struct told_bytes_list){.items = recipient, .count = 1};
	header->client_ref = told_bytes(s->world->refs[s->made % s->world->people], TOLD_ID_BYTES);
	header->author = told_text("w1");
	header->role = TOLD_ROLE_PRACTITIONER;
	header->purposes = (struct told_u32_list){.items = &purpose, .count = 1};
	header->bases = (struct told_basis_part_list){.items = basis, .count = 1};
	header->agreement = agreement;
}

/* The content is the time at which it was sealed, padded to the size asked for. */
static enum told_status seal_one(struct sending *s, struct told_outgoing *out)
{
	struct told_header header;
	struct told_basis_part basis;
	struct told_agreement_ref agreement;
	struct told_bytes recipient;
	uint64_t now_ns = bench_now_ns();
	struct told_seal_to to = {.recipient = told_text(s->world->consumer.name)};
	memcpy(to.key, s->world->consumer.keys.of[TOLD_AGENCY_KEY_SEALING].key, TOLD_KEY_BYTES);
	memcpy(s->content, &now_ns, sizeof now_ns);
	enum told_status status = bench_header(s->world, &s->world->sender, s->arena, TOLD_TYPE_STATUS_UPDATE, &header);
	if (status != TOLD_OK)
		return status;
	lay_header(s, &header, &basis, &agreement, &recipient);
	struct told_plain_section section = {
		.header = {.category = TOLD_CATEGORY_HOU_SIT,
			   .voice = TOLD_VOICE_WORKER,
			   .recorded_ms = (uint64_t)bench_wall_ms(),
			   .originator = told_text(s->world->sender.name),
			   .author = told_text("w1"),
			   .basis = 1,
			   .onward = TOLD_YES_NO_YES},
		.content = told_bytes(s->content, s->load->size),
	};
	*out = (struct told_outgoing){.type = header.type, .sender_seq = header.sender_seq};
	memcpy(out->id, header.id.data, TOLD_ID_BYTES);
	status = told_message_seal(s->arena, &header, &section, 1, &to, 1, &out->header, &out->body);
	told_wipe(section.key, sizeof section.key);
	s->made++;
	return status;
}

static enum told_status next_batch(struct sending *s)
{
	uint64_t began = bench_now_ns();
	uint32_t left = s->load->messages - s->made;
	told_arena_reset(s->arena);
	s->next = 0;
	s->count = left < s->load->batch ? left : s->load->batch;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < s->count; i++)
		status = seal_one(s, &s->batch[i]);
	if (status == TOLD_OK && s->count > 0)
		status = told_outgoing_sign(s->arena, s->world->sender.signing,
					    s->world->sender.keys.of[TOLD_AGENCY_KEY_SIGNING].key, s->batch, s->count);
	s->result->seal_ns += bench_now_ns() - began;
	return status;
}

static enum told_status send_some(struct sending *s)
{
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && told_client_ready(s->client) && told_client_room(s->client) > 0) {
		if (s->next == s->count && s->made == s->load->messages)
			return TOLD_OK;
		if (s->next == s->count)
			status = next_batch(s);
		if (status != TOLD_OK)
			return status;
		status = told_client_send(s->client, &s->batch[s->next]);
		if (status == TOLD_E_BUSY)
			return TOLD_OK;
		s->next += status == TOLD_OK;
	}
	return status;
}

static enum told_status run(struct sending *s)
{
	enum told_status status = bench_connect(s->world, &s->world->sender, NULL, NULL, &s->client);
	s->result->begin_ns = bench_now_ns();
	while (status == TOLD_OK && s->answered < s->load->messages) {
		status = send_some(s);
		int64_t wait_ms = told_client_timeout_ms(s->client, bench_boot_ms());
		if (status == TOLD_OK)
			status = told_poll_one(told_client_fd(s->client), POLLIN,
					       wait_ms < 0 || wait_ms > 20 ? 20 : wait_ms);
		if (status == TOLD_E_TIMEOUT)
			status = TOLD_OK;
		if (status == TOLD_OK)
			status = told_client_pump(s->client, bench_wall_ms(), bench_boot_ms(), heard, s);
		if (status == TOLD_OK)
			status = told_client_confirm(s->client, bench_wall_ms(), bench_boot_ms());
	}
	s->result->end_ns = bench_now_ns();
	s->result->done = s->answered;
	return status == TOLD_OK && s->failed > 0 ? TOLD_E_REFUSED : status;
}

void bench_send(struct bench_world *world, const struct bench_load *load, struct bench_result *result)
{
	struct sending *s = calloc(1, sizeof *s);
	result->status = s == NULL ? TOLD_E_MEMORY : told_arena_new(BATCH_ARENA_BYTES, &s->arena);
	if (s == NULL)
		return;
	*s = (struct sending){.world = world, .load = load, .result = result, .arena = s->arena};
	s->content = calloc(1, load->size + sizeof(uint64_t));
	if (result->status == TOLD_OK)
		result->status = s->content == NULL ? TOLD_E_MEMORY : run(s);
	told_client_close(s->client);
	told_arena_free(s->arena);
	free(s->content);
	free(s);
}
