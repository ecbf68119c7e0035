/* SPDX-License-Identifier: Apache-2.0 */
/* Judging what a worker asks, member by member. Room-internal. */
#ifndef TOLD_AGENT_CORE_REQUEST_H
#define TOLD_AGENT_CORE_REQUEST_H

#include "agents/agent/core/state.h"

/* status is sticky: after the first failure all else gives nothing. */
struct told_request {
	struct told_agent *agent;
	const json_t *object;
	struct told_buf *why;
	enum told_status status;
};
/* members: the names that may stand, separated by blanks. */
struct told_request told_request_open(struct told_agent *agent, const json_t *object, const char *members,
				      struct told_reply *reply);
struct told_bytes told_request_text(struct told_request *request, const char *name, bool needed);
uint64_t told_request_number(struct told_request *request, const char *name);
/* enum told_yes_no. */
uint32_t told_request_flag(struct told_request *request, const char *name);
/* The value of a code; otherwise when it is absent. */
uint32_t told_request_code(struct told_request *request, const char *name, enum told_list list, uint32_t otherwise);
struct told_u32_list told_request_codes(struct told_request *request, const char *name, enum told_list list);
/* Leaves and prefixes ("EMP.*") of categories, written out. */
struct told_u32_list told_request_categories(struct told_request *request, const char *name);
struct told_bytes_list told_request_texts(struct told_request *request, const char *name);
/* 32 hexadecimal digits; empty when absent. */
struct told_bytes told_request_id(struct told_request *request, const char *name, bool needed);
/* The card's code as a reference, in the arena. */
struct told_bytes told_request_client(struct told_request *request);
const json_t *told_request_member(struct told_request *request, const char *name, json_type type, bool needed);
/* Ends the request with a status and words of our own. */
void told_request_refuse(struct told_request *request, enum told_status status, const char *why);
/* As told_request_code, of the values first to last only, which are said where it is another. */
uint32_t told_request_code_of(struct told_request *request, const char *name, enum told_list list, uint32_t first,
			      uint32_t last);
/* Ends the request with TOLD_E_UNKNOWN, naming the nearest of the right words, or all where they are few. NULL in
 * words is none. */
void told_request_refuse_word(struct told_request *request, const char *name, struct told_bytes wrong,
			      const char *const *words, size_t count);
/* The index of a word in a list of words; 0 is never a value. */
uint32_t told_request_word(struct told_request *request, const char *name, const char *const *words, size_t count,
			   uint32_t otherwise);

#endif
