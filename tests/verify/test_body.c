/* SPDX-License-Identifier: Apache-2.0 */
/* A body that is not what was signed, and every bit of a message: nothing gets through as something else. */
#include "verify/checks.h"

static const enum test_who to_tt[] = {TEST_TT};

/* ---- the body ---- */

static struct test_message *with_body(struct test_world *w, const struct test_message *m,
				      void (*change)(struct told_body *))
{
	struct test_message *other = told_arena_alloc(w->arena, sizeof *other);
	struct told_body *body = NULL;
	struct told_buf bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	*other = *m;
	OK(told_body_decode(m->body, w->arena, &body));
	change(body);
	OK(told_body_encode(body, &bytes));
	other->body = told_arena_copy(w->arena, told_buf_view(&bytes));
	told_buf_free(&bytes);
	return other;
}

static void change_ciphertext(struct told_body *b)
{
	((uint8_t *)(uintptr_t)b->sections.items[0].ciphertext.data)[0] ^= 1;
}

static void change_salt(struct told_body *b)
{
	((uint8_t *)(uintptr_t)b->sections.items[1].salt.data)[0] ^= 1;
}

static void change_commitment(struct told_body *b)
{
	((uint8_t *)(uintptr_t)b->sections.items[1].commitment.data)[0] ^= 1;
}

static void repeat_section(struct told_body *b)
{
	b->sections.items[1] = b->sections.items[0];
}

static void wrap_for_a_stranger(struct told_body *b)
{
	b->sections.items[0].wraps.items[0].recipient = told_text("EMP");
}

static void add_attachment(struct told_body *b)
{
	b->attachment = told_text("agreement: ISA-MD3");
}

static void add_wrap_outside(struct told_body *b)
{
	b->wraps = b->sections.items[0].wraps;
}

static void test_a_body_that_is_not_what_was_signed_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	static const struct {
		void (*change)(struct told_body *);
		enum told_status status;
	} rows[] = {
		{change_ciphertext, TOLD_E_DIGEST},      {change_salt, TOLD_E_DIGEST},
		{change_commitment, TOLD_E_DIGEST},      {repeat_section, TOLD_E_DIGEST},
		{wrap_for_a_stranger, TOLD_E_MALFORMED}, {add_attachment, TOLD_E_MALFORMED},
		{add_wrap_outside, TOLD_E_MALFORMED},
	};
	struct test_message *m = referral(w);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(status_of(w, hou, with_body(w, m, rows[i].change)), rows[i].status);
	OK(status_of(w, hou, m));
}

static void change_grant_wrap(struct told_body *b)
{
	((uint8_t *)(uintptr_t)b->wraps.items[0].sealed.data)[0] ^= 1;
}

static void drop_grant_wrap(struct told_body *b)
{
	b->wraps.count = 0;
}

static void test_a_grant_carries_exactly_the_wraps_that_it_names(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	struct test_message *grant = test_grant(w, hou, deposit, &w->of[TEST_TT], NULL);
	OK(status_of(w, hou, grant));
	assert_int_equal(status_of(w, hou, with_body(w, grant, change_grant_wrap)), TOLD_E_DIGEST);
	assert_int_equal(status_of(w, hou, with_body(w, grant, drop_grant_wrap)), TOLD_E_MALFORMED);
}

/* ---- every bit ---- */

/* The same header and sections as were signed; a replay counts as nothing new. */
static void same_or_refused(struct test_world *w, const struct test_message *m, struct told_bytes envelope,
			    struct told_bytes body)
{
	struct made made = verify(w, m->header.sender, envelope, body);
	if (made.verified == NULL || told_verified_replay(made.verified))
		return;
	const struct told_opened_envelope *opened = told_verified_opened(made.verified);
	assert_true(told_bytes_equal(opened->envelope->header, m->header_bytes));
	assert_int_equal(told_verified_body(made.verified)->sections.count, m->section_count);
	struct told_body *as_sent = NULL;
	OK(told_body_decode(m->body, w->arena, &as_sent));
	for (size_t i = 0; i < m->section_count; i++) {
		const struct told_sealed_section *a = &as_sent->sections.items[i];
		const struct told_sealed_section *b = &told_verified_body(made.verified)->sections.items[i];
		assert_true(told_bytes_equal(a->header, b->header));
		assert_true(told_bytes_equal(a->ciphertext, b->ciphertext));
		assert_true(told_bytes_equal(a->commitment, b->commitment));
	}
}

static void flip_all(struct test_world *w, const struct test_message *m, bool in_body)
{
	struct told_arena *kept = w->arena;
	struct told_bytes whole = in_body ? m->body : m->envelope;
	uint8_t *copy = (uint8_t *)(uintptr_t)told_arena_copy(kept, whole).data;
	OK(told_arena_new(1u << 26, &w->arena));
	for (size_t bit = 0; bit < whole.len * 8; bit++) {
		copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		struct told_bytes changed = told_bytes(copy, whole.len);
		same_or_refused(w, m, in_body ? m->envelope : changed, in_body ? changed : m->body);
		copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		told_arena_reset(w->arena);
	}
	told_arena_free(w->arena);
	w->arena = kept;
}

static void test_no_flipped_bit_becomes_another_message(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	struct test_message *messages[] = {
		deposit,
		test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, story, 2),
		test_grant(w, hou, deposit, &w->of[TEST_TT], NULL),
		test_referral(w, hou, &w->of[TEST_TT], story, 1),
	};
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		flip_all(w, messages[i], false);
		flip_all(w, messages[i], true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_body_that_is_not_what_was_signed_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_grant_carries_exactly_the_wraps_that_it_names, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_no_flipped_bit_becomes_another_message, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
