/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this room share: a ready partnership, and one message put to verify alone. */
#ifndef TOLD_TEST_CHECKS_H
#define TOLD_TEST_CHECKS_H

#include "support/agency.h"

#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const uint32_t story[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

static inline int set_up(void **state)
{
	*state = test_world_ready();
	return 0;
}

static inline int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

struct made {
	const struct told_verified *verified;
	const struct told_refused *refused;
};

static inline struct made verify(struct test_world *w, struct told_bytes party, struct told_bytes envelope,
				 struct told_bytes body)
{
	struct made made;
	struct told_when when = {.utc_ms = w->now_ms, .log_size = told_record_size(w->record)};
	OK(told_verify(&w->verify, w->arena, party, envelope, body, when, &made.verified, &made.refused));
	assert_true((made.verified == NULL) != (made.refused == NULL));
	return made;
}

static inline enum told_status status_of(struct test_world *w, const struct test_agency *from,
					 const struct test_message *m)
{
	struct made made = verify(w, from->party, m->envelope, m->body);
	return made.verified != NULL ? TOLD_OK : told_refused_status(made.refused);
}

static inline struct test_message *referral(struct test_world *w)
{
	return test_referral(w, &w->of[TEST_HOU], &w->of[TEST_TT], story, 2);
}

#endif
