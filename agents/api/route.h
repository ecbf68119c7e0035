/* SPDX-License-Identifier: Apache-2.0 */
/* The paths of the API and which call each is: one table that also serves the documentation. Room-internal. */
#ifndef TOLD_API_ROUTE_H
#define TOLD_API_ROUTE_H

#include "agents/agent/agent.h"

struct told_api;

/* A call that the API makes out of several of the agent's. extra (may stay NULL) is merged into every answer. */
typedef enum told_status told_api_own_call(struct told_api *api, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply, json_t **extra);

#define TOLD_ROUTE_QUERY_MAX 7u

struct told_route {
	const char *method, *path; /* "/v1/story/{client}": the part in braces becomes that member of the request */
	told_agent_call *call;     /* or own, which may be built around it */
	told_api_own_call *own;
	const char *state;                       /* a member "state" that the path stands for; NULL: none */
	const char *query[TOLD_ROUTE_QUERY_MAX]; /* behind "?": "#after" is a number, "!alone" true or nothing */
	unsigned wait_s;                         /* for what goes to the broker, unless the client prefers otherwise */
};

/* What a path led to: the route, and the request's members that came from path and query. */
struct told_routed {
	const struct told_route *route; /* NULL: see allowed */
	char allowed[64];               /* the methods that this path has: empty: there is no such path */
	json_t *members;                /* the caller's */
};

/* TOLD_E_NOT_FOUND: no such path; TOLD_E_USAGE: another method; TOLD_E_MALFORMED: a part that is no text. */
TOLD_MUST_USE enum told_status told_route_find(const char *method, const char *path, struct told_routed *out);
/* Adds one query member. TOLD_E_USAGE: the route knows no such; TOLD_E_MALFORMED. */
TOLD_MUST_USE enum told_status told_route_query(const struct told_routed *routed, const char *name, const char *value);

/* The table, NULL past its end; for tests and documentation. */
const struct told_route *told_route_at(size_t index);

#endif
