/* SPDX-License-Identifier: Apache-2.0 */
/* A stand-in for the agent, for tests of the HTTP alone: every call writes down what it was asked and gives what the
 * test set. Header-only, because each test is its own program. */
#ifndef TOLD_TEST_API_DOUBLE_H
#define TOLD_TEST_API_DOUBLE_H

#include "agents/agent/agent.h"
#include "support/support.h"
#include <stdlib.h>
#include <string.h>

#define GOOD_TOKEN "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct {
	const char *called; /* "card new" */
	char *request;      /* its JSON */
	unsigned calls;
	/* what the next call gives */
	enum told_status status;
	const char *why;
	bool waits;
	const char *reply; /* JSON; NULL: {"call": name} */
	/* how it stands with what waits */
	bool final;
	unsigned looks;
	enum told_status outcome;
	const char *attention; /* JSON of what must be looked at now; NULL: nothing */
	const char *section;   /* JSON of one section for the intake; NULL: none */
} agent_double;

static void double_reset(void)
{
	free(agent_double.request);
	memset(&agent_double, 0, sizeof agent_double);
}

static enum told_status double_call(const char *name, const json_t *request, struct told_reply *reply)
{
	agent_double.called = name;
	agent_double.calls++;
	free(agent_double.request);
	agent_double.request = json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS);
	if (agent_double.status != TOLD_OK) {
		told_buf_put_text(&reply->why, agent_double.why != NULL ? agent_double.why : "");
		return agent_double.status;
	}
	reply->json =
		agent_double.reply != NULL ? json_loads(agent_double.reply, 0, NULL) : json_pack("{s:s}", "call", name);
	reply->waits = agent_double.waits;
	return TOLD_OK;
}

#define X(function, name)                                                                                              \
	enum told_status function(struct told_agent *agent, const struct told_caller *caller, const json_t *request,   \
				  struct told_reply *reply)                                                            \
	{                                                                                                              \
		(void)agent, (void)caller;                                                                             \
		return double_call(name, request, reply);                                                              \
	}
TOLD_AGENT_CALLS(X)
#undef X

void told_reply_free(struct told_reply *reply)
{
	json_decref(reply->json);
	told_buf_free(&reply->why);
}

enum told_status told_agent_as(struct told_agent *agent, const struct told_caller *caller)
{
	(void)agent;
	(void)caller;
	return TOLD_OK;
}

enum told_status told_agent_caller(struct told_agent *agent, struct told_bytes token, struct told_caller *out)
{
	(void)agent;
	memset(out, 0, sizeof *out);
	return told_bytes_equal(token, told_text(GOOD_TOKEN)) ? TOLD_OK : TOLD_E_NOT_ALLOWED;
}

enum told_status told_agent_outcome(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES],
				    struct told_reply *reply, bool *final)
{
	(void)agent, (void)ticket;
	agent_double.looks++;
	*final = agent_double.final;
	if (agent_double.outcome == TOLD_OK)
		reply->json = json_pack("{s:b}", "final", agent_double.final);
	return agent_double.outcome;
}

enum told_status told_agent_sections(struct told_agent *agent, const struct told_caller *caller,
				     struct told_bytes client, told_agent_section_fn *fn, void *ctx)
{
	(void)agent, (void)caller, (void)client;
	struct told_agent_section section = {.category = TOLD_CATEGORY_NED, .voice = TOLD_VOICE_PERSON};
	if (agent_double.section == NULL)
		return TOLD_OK;
	section.content = told_text(agent_double.section);
	return fn(ctx, &section);
}

enum told_status told_agent_attention(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      json_t *reply)
{
	(void)agent, (void)caller, (void)request;
	if (agent_double.attention != NULL)
		json_object_set_new(reply, "look_now", json_loads(agent_double.attention, 0, NULL));
	return TOLD_OK;
}

struct told_bytes told_agent_party(const struct told_agent *agent)
{
	(void)agent;
	return told_text("HOU");
}

#endif
