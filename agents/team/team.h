/* SPDX-License-Identifier: Apache-2.0 */
/* The team around a person: the lead worker whom the person chose, named workers of each service, supporters without a
 * key, and what was promised. Pure logic, no clock, no vault, no socket. The role of lead opens no data by itself. */
#ifndef TOLD_TEAM_TEAM_H
#define TOLD_TEAM_TEAM_H

#include "agents/plan/fields.h"

#define TOLD_TEAM_MEMBERS_MAX    32u
#define TOLD_TEAM_SUPPORTERS_MAX 8u
#define TOLD_TEAM_PROMISES_MAX   32u
#define TOLD_TEAM_WORDS_MAX      500

#define TOLD_TEAM_RULES(X)                                                                                             \
	X(CHOSEN, "team-chosen", "The person chooses the lead worker. Ask them, then say so (--chosen).")              \
	X(END, "team-end", "The role of lead worker has an end date, and it is still to come (--until).")              \
	X(DEPUTY, "team-deputy", "A lead worker has a deputy, who is somebody else (--deputy).")                       \
	X(ALONE, "team-alone", "Supporters are named by the person when seen alone. Then say so (--seen-alone).")      \
	X(SUPPORTER, "team-supporter", "The person has named no such supporter, or has dropped them.")                 \
	X(TICKED, "team-ticked", "The person did not tick that step for this supporter.")                              \
	X(TOLD, "team-told", "The person is told of a handover first. Then say so (--told).")                          \
	X(MEMBER, "team-member", "There is no such worker of ours in this team.")                                      \
	X(WORDS, "team-words", "Words are missing, or longer than 500 letters.")                                       \
	X(FULL, "team-full", "A team has at most 32 workers, 8 supporters and 32 promises.")

enum told_team_rule {
	TOLD_TEAM_FINE,
#define X(name, word, text) TOLD_TEAM_##name,
	TOLD_TEAM_RULES(X)
#undef X
		TOLD_TEAM_RULE_COUNT
};
const char *told_team_rule_name(enum told_team_rule rule);
const char *told_team_rule_text(enum told_team_rule rule);

struct told_lead {
	struct told_bytes party, worker, deputy_party, deputy; /* staff numbers */
	uint64_t until_ms, chosen_ms;
};
struct told_member {
	struct told_bytes party, worker, team;
};
enum told_support { TOLD_SUPPORT_PAPER = 1, TOLD_SUPPORT_SPOKEN };
extern const char *const told_support_ways[]; /* "paper", "spoken" */
struct told_supporter {
	struct told_bytes name, consent; /* consent: 32 hexadecimal digits */
	uint32_t how;
	struct told_numbers steps; /* of the plan: those that the person ticked */
	bool dropped;
	uint64_t since_ms;
};
struct told_promise {
	struct told_bytes what, worker;
	uint64_t due_ms;
	bool kept;
};

struct told_team {
	struct told_lead lead;
	struct told_member members[TOLD_TEAM_MEMBERS_MAX];
	size_t member_count;
	struct told_supporter supporters[TOLD_TEAM_SUPPORTERS_MAX];
	size_t supporter_count;
	struct told_promise promises[TOLD_TEAM_PROMISES_MAX];
	size_t promise_count;
};

/* ---- what may be said (team.c): changed only when FINE ---- */

enum told_team_rule told_team_choose(struct told_team *team, const struct told_lead *lead, bool chosen,
				     uint64_t now_ms);
/* Of a party; the same worker again has another team. */
enum told_team_rule told_team_join(struct told_team *team, const struct told_member *member);
enum told_team_rule told_team_leave(struct told_team *team, struct told_bytes party, struct told_bytes worker);
/* The same name again: what is ticked now. */
enum told_team_rule told_team_support(struct told_team *team, const struct told_supporter *supporter, bool seen_alone);
/* Without a reason. consent gets what is to be taken back. */
enum told_team_rule told_team_drop(struct told_team *team, struct told_bytes name, struct told_bytes *consent);
/* The supporter who stands; step 0: whatever is ticked. */
enum told_team_rule told_team_may_hear(const struct told_team *team, struct told_bytes name, uint64_t step,
				       const struct told_supporter **out);
enum told_team_rule told_team_promise(struct told_team *team, const struct told_promise *promise, uint64_t now_ms);
enum told_team_rule told_team_keep(struct told_team *team, uint64_t number);
/* What was a worker's of a party is now another's: lead, deputy, member, promises that are open. How many lines. */
size_t told_team_hand_over(struct told_team *team, struct told_bytes party, struct told_bytes from,
			   struct told_bytes to);

/* ---- what others are told, as a section (SUP): the lead, and our own members ---- */

struct told_team_news {
	struct told_lead lead;
	struct told_texts workers, teams; /* pairs; a worker without a team has "-" */
};
extern const struct told_form_of told_team_news_form;
void told_team_news_of(const struct told_team *team, struct told_bytes party, struct told_team_news *out);
/* The newer choice of a lead counts, whoever tells it, but none that is newer than its telling (said_ms, as the log has
 * it, and an hour for clocks); members are told by their own service. */
enum told_team_rule told_team_take(struct told_team *team, struct told_bytes from, const struct told_team_news *news,
				   uint64_t said_ms);

/* ---- as a document (document.c) ---- */

json_t *told_team_json(const struct told_team *team);
TOLD_MUST_USE enum told_status told_team_read(struct told_bytes doc, struct told_arena *arena, struct told_team *out);

#endif
