/* SPDX-License-Identifier: Apache-2.0 */
/* Permission through its life: every state that a record may be in, everything that may be said after it, by everybody
 * who may say it, against a picture drawn by hand from decision.md (1.4, 4.4), not from the program. */
#include "broker/decide/hearing.h"
#include "decide/world.h"
#include "support/support.h"

#include <string.h>

#define SENDER    1
#define RECIPIENT 2
#define PARTNER   3

/* What was said after the record; the picture's columns, in this order. */
enum event { NOTHING, TAKEN_BACK, ALL_TAKEN_BACK, FROM_ANOTHER, YES_INSTEAD, YES_TOO, NO_INSTEAD, NO_TOO, EVENTS };

/* Cells: the code of CON, or y: goes under the record itself, Y: under what was said after it, D: deny wins over the
 * later yes. */
static const struct {
	const char *name, *cells;
} picture[] = {
	/*                             nothing back all  other YES  yes  NO   no */
	{"none", "01      01   01   01    Y    Y    02   02"},
	{"sought", "06      06   06   06    Y    Y    02   02"},
	{"given", "y       03   03   y     Y    y    02   13"},
	{"refused", "02      02   02   02    Y    D    02   02"},
	{"withdrawn", "03      03   03   03    Y    Y    02   02"},
	{"expired", "04      04   04   04    Y    Y    02   02"},
	{"not yet valid", "05      05   05   05    Y    Y    02   02"},
	{"not sought, unsafe", "01      01   01   01    Y    Y    02   02"},
	{"not sought, inappropriate", "01      01   01   01    Y    Y    02   02"},
	{"not required", "01      01   01   01    Y    Y    02   02"},
	{"coerced", "15      03   03   15    Y    Y    02   02"},
	{"not specific", "18      18   18   18    Y    Y    02   02"},
	{"entered in error", "01      01   01   01    Y    Y    02   02"},
	{"capacity absent", "11      03   03   11    Y    Y    02   02"},
	{"attorney not shown", "12      03   03   12    Y    Y    02   02"},
	{"attorney rejected", "12      03   03   12    Y    Y    02   02"},
	{"no evidence", "16      03   03   16    Y    Y    02   02"},
	{"older notice ruled out", "14      03   03   14    Y    Y    02   02"},
};
enum {
	NONE,
	SOUGHT,
	GIVEN,
	REFUSED,
	WITHDRAWN,
	EXPIRED,
	NOT_YET,
	UNSAFE,
	INAPPROPRIATE,
	NOT_REQUIRED,
	COERCED,
	UNSPECIFIC,
	IN_ERROR,
	NO_CAPACITY,
	NOT_SHOWN,
	REJECTED,
	NO_EVIDENCE,
	OLD_NOTICE,
	STATES
};

static const struct told_notice notices[] = {{.version = 2, .from_utc_ms = 1}};

/* The record as it stands; each state is the plain yes with one thing otherwise. */
static void put_state(struct world *w, unsigned is)
{
	static const uint8_t said[STATES] = {
		[SOUGHT] = TOLD_CONSENT_STATE_SOUGHT,
		[REFUSED] = TOLD_CONSENT_STATE_REFUSED,
		[WITHDRAWN] = TOLD_CONSENT_STATE_WITHDRAWN,
		[UNSAFE] = TOLD_CONSENT_STATE_NOT_SOUGHT_UNSAFE,
		[INAPPROPRIATE] = TOLD_CONSENT_STATE_NOT_SOUGHT_INAPPROPRIATE,
		[NOT_REQUIRED] = TOLD_CONSENT_STATE_NOT_REQUIRED,
		[COERCED] = TOLD_CONSENT_STATE_INVALID,
		[UNSPECIFIC] = TOLD_CONSENT_STATE_INVALID,
		[IN_ERROR] = TOLD_CONSENT_STATE_ENTERED_IN_ERROR,
	};
	struct told_consent *c = &w->consents[0];
	world_plain(w);
	w->q.consent_count = is == NONE ? 0 : 1;
	w->agreements[0].notices = notices;
	w->agreements[0].notice_count = 1;
	c->notice_version = is == OLD_NOTICE ? 1 : 2;
	if (said[is] != 0)
		c->state = said[is];
	if (is == EXPIRED)
		c->until_utc_ms = WORLD_T_UTC_MS - 1;
	if (is == NOT_YET)
		c->from_utc_ms = WORLD_T_UTC_MS + 1;
	if (is == COERCED)
		c->flags |= TOLD_CONSENT_NOT_FREE;
	if (is == NO_CAPACITY)
		c->capacity = TOLD_CAPACITY_LACKS;
	if (is == NOT_SHOWN || is == REJECTED) {
		c->giver = TOLD_GIVER_ATTORNEY;
		c->authority = is == REJECTED ? TOLD_AUTHORITY_REJECTED : TOLD_AUTHORITY_NOT_SHOWN;
	}
	if (is == NO_EVIDENCE)
		c->evidence = TOLD_EVIDENCE_NONE;
}

static void put_record(struct world *w, unsigned event, uint32_t actor)
{
	struct told_consent *c = &w->consents[w->q.consent_count], *before = &w->consents[0];
	*c = (struct told_consent){.id = {9},
				   .kind = TOLD_CONSENT_KIND_PERMISSION,
				   .state = event == YES_INSTEAD || event == YES_TOO ? TOLD_CONSENT_STATE_GIVEN
										     : TOLD_CONSENT_STATE_REFUSED,
				   .giver = TOLD_GIVER_PERSON,
				   .evidence = TOLD_EVIDENCE_NOTE,
				   .person = 1,
				   .given_utc_ms = WORLD_T_UTC_MS - 1,
				   .purposes = w->flows[0][0].purposes,
				   .taken_by = actor,
				   .include = w->flows[0][0].data,
				   .notice_version = 2,
				   .recipients = w->to[1],
				   .recipient_count = 1};
	w->to[1][0] = (struct told_consent_recipient){.party = RECIPIENT};
	if (w->q.consent_count > 0 && (event == YES_INSTEAD || event == NO_INSTEAD))
		memcpy(c->supersedes, before->id, sizeof c->supersedes);
	w->q.consent_count++;
}

static void put_event(struct world *w, unsigned event, uint32_t actor)
{
	struct told_withdrawal_facts *back = &w->withdrawals[0];
	if (event >= YES_INSTEAD) {
		put_record(w, event, actor);
		return;
	}
	if (event == NOTHING)
		return;
	*back = (struct told_withdrawal_facts){.at_utc_ms = WORLD_T_UTC_MS - 1}; /* any partner's counts for all */
	if (event == TAKEN_BACK)
		back->consent_id[0] = 1;
	if (event == FROM_ANOTHER)
		told_partyset_add(&back->recipients, PARTNER);
	w->q.withdrawal_count = 1;
}

static const char *cell(unsigned is, unsigned event)
{
	const char *at = picture[is].cells;
	for (unsigned n = 0; n < event; n++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return at;
}

/* A yes that was taken by who would gain by it waits for evidence (4.2); beside a no it is no live grant. */
static unsigned drawn(unsigned is, unsigned event, uint32_t actor)
{
	const char *at = cell(is, event);
	if (*at == 'y')
		return TOLD_OK_00;
	if (*at == 'Y')
		return actor == RECIPIENT ? TOLD_CON_16 : TOLD_OK_00;
	if (*at == 'D')
		return actor == RECIPIENT ? TOLD_CON_02 : TOLD_CON_13;
	return TOLD_CON_00 + (unsigned)(10 * (at[0] - '0') + at[1] - '0');
}

static unsigned effect_of(unsigned is, unsigned code)
{
	if (code == TOLD_OK_00)
		return TOLD_EFFECT_RELEASE;
	bool waits = code == TOLD_CON_05 || code == TOLD_CON_06 || code == TOLD_CON_11 || code == TOLD_CON_16 ||
		     (code == TOLD_CON_12 && is != REJECTED);
	return waits ? TOLD_EFFECT_HOLD : TOLD_EFFECT_DENY;
}

static void test_every_state_by_every_event_by_every_actor_is_as_drawn(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	unsigned released = 0;
	assert_int_equal(sizeof picture / sizeof picture[0], STATES);
	for (unsigned n = 0; n < STATES * EVENTS * 3; n++) {
		unsigned is = n % STATES, event = n / STATES % EVENTS, actor = SENDER + n / STATES / EVENTS;
		put_state(&w, is);
		put_event(&w, event, actor);
		unsigned code = drawn(is, event, actor);
		told_decide(&w.q, &d);
		if (d.primary != code || d.effect != effect_of(is, code))
			fail_msg("%s, event %u by %u: %s and not %s, effect %u", picture[is].name, event, actor,
				 told_code_row(d.primary)->name, told_code_row(code)->name, d.effect);
		released += d.effect == TOLD_EFFECT_RELEASE;
	}
	print_message("%u rulings, %u of them release\n", STATES * EVENTS * 3, released);
	assert_true(released > 60);
}

static bool has_code(const struct told_decision *d, unsigned code)
{
	for (size_t i = 0; i < d->code_count; i++)
		if (d->codes[i] == code)
			return true;
	return false;
}

/* Which kind of record serves where: a row a mode, a letter a kind. A wish opens nothing anywhere. */
static void test_every_kind_serves_its_own_mode_alone(void **state)
{
	static const char *const serves[] = {
		[TOLD_MODE_PERMISSION] = "pg....",    [TOLD_MODE_GDPR] = ".g....",
		[TOLD_MODE_STATUTORY_DTR] = "..d...", [TOLD_MODE_STATUTORY_UC] = "...u..",
		[TOLD_MODE_IMPLIED] = ".....i",
	};
	(void)state;
	static struct world w;
	struct told_decision d;
	for (unsigned mode = 0; mode < sizeof serves / sizeof serves[0]; mode++)
		for (unsigned kind = 1; serves[mode] != NULL && kind < TOLD_CONSENT_KIND_COUNT; kind++) {
			put_state(&w, GIVEN);
			w.flows[0][0].consent = (uint8_t)mode;
			w.consents[0].kind = (uint8_t)kind;
			told_decide(&w.q, &d);
			if (has_code(&d, TOLD_CON_01) != (serves[mode][kind - 1] == '.'))
				fail_msg("kind %u where mode %u is asked", kind, mode);
		}
}

/* Partial: each section by itself. */
static void test_what_was_struck_out_stays_and_the_rest_goes(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	put_state(&w, GIVEN);
	w.consents[0].include = (struct told_catset){0};
	told_catset_add(&w.consents[0].include, TOLD_CATEGORY_DEM_ID);
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_PARTIAL);
	assert_int_equal(d.primary, TOLD_CON_09);
	assert_true(has_code(&d, TOLD_OK_00));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state_by_every_event_by_every_actor_is_as_drawn),
		cmocka_unit_test(test_every_kind_serves_its_own_mode_alone),
		cmocka_unit_test(test_what_was_struck_out_stays_and_the_rest_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
