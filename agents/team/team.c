/* SPDX-License-Identifier: Apache-2.0 */
/* What may be said of a team. Pure. */
#include "agents/team/team.h"

#include "told/limits.h"

#include <string.h>

const char *const told_support_ways[] = {NULL, "paper", "spoken", NULL};

const char *told_team_rule_name(enum told_team_rule rule)
{
	static const char *const names[] = {
		"",
#define X(name, word, text) word,
		TOLD_TEAM_RULES(X)
#undef X
	};
	return (unsigned)rule < TOLD_TEAM_RULE_COUNT ? names[rule] : "";
}

const char *told_team_rule_text(enum told_team_rule rule)
{
	static const char *const texts[] = {
		"",
#define X(name, word, text) text,
		TOLD_TEAM_RULES(X)
#undef X
	};
	return (unsigned)rule < TOLD_TEAM_RULE_COUNT ? texts[rule] : "";
}

static bool worded(struct told_bytes words)
{
	return words.len > 0 && words.len <= TOLD_TEAM_WORDS_MAX && told_utf8_valid(words);
}

static bool same(struct told_bytes party, struct told_bytes worker, struct told_bytes other_party,
		 struct told_bytes other_worker)
{
	return told_bytes_equal(party, other_party) && told_bytes_equal(worker, other_worker);
}

/* ---- the lead worker ---- */

enum told_team_rule told_team_choose(struct told_team *team, const struct told_lead *lead, bool chosen, uint64_t now_ms)
{
	if (!chosen)
		return TOLD_TEAM_CHOSEN;
	if (lead->until_ms <= now_ms)
		return TOLD_TEAM_END;
	if (lead->party.len == 0 || lead->worker.len == 0)
		return TOLD_TEAM_WORDS;
	if (lead->deputy.len == 0 || same(lead->party, lead->worker, lead->deputy_party, lead->deputy))
		return TOLD_TEAM_DEPUTY;
	team->lead = *lead;
	team->lead.chosen_ms = now_ms;
	return TOLD_TEAM_FINE;
}

/* ---- members ---- */

static struct told_member *find_member(struct told_team *team, struct told_bytes party, struct told_bytes worker)
{
	for (size_t i = 0; i < team->member_count; i++)
		if (same(team->members[i].party, team->members[i].worker, party, worker))
			return &team->members[i];
	return NULL;
}

enum told_team_rule told_team_join(struct told_team *team, const struct told_member *member)
{
	struct told_member *there = find_member(team, member->party, member->worker);
	if (!worded(member->worker) || member->team.len > TOLD_TEAM_WORDS_MAX)
		return TOLD_TEAM_WORDS;
	if (there == NULL && team->member_count == TOLD_TEAM_MEMBERS_MAX)
		return TOLD_TEAM_FULL;
	if (there == NULL)
		there = &team->members[team->member_count++];
	*there = *member;
	return TOLD_TEAM_FINE;
}

enum told_team_rule told_team_leave(struct told_team *team, struct told_bytes party, struct told_bytes worker)
{
	struct told_member *there = find_member(team, party, worker);
	if (there == NULL)
		return TOLD_TEAM_MEMBER;
	*there = team->members[--team->member_count];
	return TOLD_TEAM_FINE;
}

/* ---- supporters ---- */

static struct told_supporter *find_supporter(struct told_team *team, struct told_bytes name)
{
	for (size_t i = 0; i < team->supporter_count; i++)
		if (told_bytes_equal(team->supporters[i].name, name))
			return &team->supporters[i];
	return NULL;
}

enum told_team_rule told_team_support(struct told_team *team, const struct told_supporter *supporter, bool seen_alone)
{
	struct told_supporter *there = find_supporter(team, supporter->name);
	if (!seen_alone)
		return TOLD_TEAM_ALONE;
	if (!worded(supporter->name))
		return TOLD_TEAM_WORDS;
	if (there == NULL && team->supporter_count == TOLD_TEAM_SUPPORTERS_MAX)
		return TOLD_TEAM_FULL;
	if (there == NULL)
		there = &team->supporters[team->supporter_count++];
	*there = *supporter;
	there->dropped = false;
	return TOLD_TEAM_FINE;
}

enum told_team_rule told_team_drop(struct told_team *team, struct told_bytes name, struct told_bytes *consent)
{
	struct told_supporter *there = find_supporter(team, name);
	if (there == NULL || there->dropped)
		return TOLD_TEAM_SUPPORTER;
	*consent = there->consent;
	there->dropped = true;
	there->steps.count = 0;
	return TOLD_TEAM_FINE;
}

enum told_team_rule told_team_may_hear(const struct told_team *team, struct told_bytes name, uint64_t step,
				       const struct told_supporter **out)
{
	*out = NULL;
	for (size_t i = 0; i < team->supporter_count; i++)
		if (told_bytes_equal(team->supporters[i].name, name) && !team->supporters[i].dropped)
			*out = &team->supporters[i];
	if (*out == NULL)
		return TOLD_TEAM_SUPPORTER;
	for (size_t i = 0; i < (*out)->steps.count; i++)
		if (step == 0 || (*out)->steps.items[i] == step)
			return TOLD_TEAM_FINE;
	return TOLD_TEAM_TICKED;
}

/* ---- promises ---- */

enum told_team_rule told_team_promise(struct told_team *team, const struct told_promise *promise, uint64_t now_ms)
{
	if (!worded(promise->what))
		return TOLD_TEAM_WORDS;
	if (promise->due_ms != 0 && promise->due_ms < now_ms)
		return TOLD_TEAM_END;
	if (team->promise_count == TOLD_TEAM_PROMISES_MAX)
		return TOLD_TEAM_FULL;
	team->promises[team->promise_count++] = *promise;
	return TOLD_TEAM_FINE;
}

enum told_team_rule told_team_keep(struct told_team *team, uint64_t number)
{
	if (number == 0 || number > team->promise_count)
		return TOLD_TEAM_MEMBER;
	team->promises[number - 1].kept = true;
	return TOLD_TEAM_FINE;
}

/* ---- handing over ---- */

static size_t pass(struct told_bytes *worker, bool ours, struct told_bytes from, struct told_bytes to)
{
	if (!ours || !told_bytes_equal(*worker, from))
		return 0;
	*worker = to;
	return 1;
}

size_t told_team_hand_over(struct told_team *team, struct told_bytes party, struct told_bytes from,
			   struct told_bytes to)
{
	struct told_lead *lead = &team->lead;
	size_t count = pass(&lead->worker, told_bytes_equal(lead->party, party), from, to) +
		       pass(&lead->deputy, told_bytes_equal(lead->deputy_party, party), from, to);
	if (find_member(team, party, from) != NULL && find_member(team, party, to) != NULL)
		count += told_team_leave(team, party, from) == TOLD_TEAM_FINE;
	for (size_t i = 0; i < team->member_count; i++)
		count += pass(&team->members[i].worker, told_bytes_equal(team->members[i].party, party), from, to);
	for (size_t i = 0; i < team->promise_count; i++)
		count += pass(&team->promises[i].worker, !team->promises[i].kept, from, to);
	return count;
}

/* ---- what others are told ---- */

void told_team_news_of(const struct told_team *team, struct told_bytes party, struct told_team_news *out)
{
	*out = (struct told_team_news){.lead = team->lead};
	for (size_t i = 0; i < team->member_count; i++) {
		const struct told_member *member = &team->members[i];
		if (!told_bytes_equal(member->party, party))
			continue;
		out->workers.items[out->workers.count++] = member->worker;
		out->teams.items[out->teams.count++] = member->team.len > 0 ? member->team : told_text("-");
	}
}

enum told_team_rule told_team_take(struct told_team *team, struct told_bytes from, const struct told_team_news *news,
				   uint64_t said_ms)
{
	size_t kept = 0;
	if (news->workers.count != news->teams.count || news->workers.count > TOLD_TEAM_MEMBERS_MAX)
		return TOLD_TEAM_FULL;
	if (news->lead.worker.len > 0 && news->lead.chosen_ms > team->lead.chosen_ms &&
	    news->lead.chosen_ms <= said_ms + TOLD_MS_HOUR)
		team->lead = news->lead;
	for (size_t i = 0; i < team->member_count; i++)
		if (!told_bytes_equal(team->members[i].party, from))
			team->members[kept++] = team->members[i];
	team->member_count = kept;
	for (size_t i = 0; i < news->workers.count && team->member_count < TOLD_TEAM_MEMBERS_MAX; i++) {
		bool none = told_bytes_equal(news->teams.items[i], told_text("-"));
		team->members[team->member_count++] = (struct told_member){
			from, news->workers.items[i], none ? told_bytes(NULL, 0) : news->teams.items[i]};
	}
	return TOLD_TEAM_FINE;
}
