/* SPDX-License-Identifier: Apache-2.0 */
/* Notes as documents: whose words, for whom, and that no text is ever lost. */
#include "support/support.h"

#include "agents/note/note.h"
#include <string.h>

static json_t *made(const char *text)
{
	json_t *about = json_pack("[s]", "HOU.SIT"), *note = NULL;
	const struct told_note_by by = {"W1", 1000};
	assert_int_equal(told_note_new(text, about, &by, &note), TOLD_OK);
	json_decref(about);
	return note;
}

static void test_a_note_goes_to_nobody_unless_somebody_is_named(void **state)
{
	(void)state;
	json_t *note = made("Came on time");
	const char *message;
	bool sees;
	assert_null(told_note_reader(note, 0, &sees, &message));
	assert_int_equal(told_note_to(note, "TT", "m1", true), TOLD_OK);
	assert_int_equal(told_note_to(note, "EMP", "m2", false), TOLD_OK);
	assert_int_equal(told_note_to(note, "TT", "m3", true), TOLD_E_EXISTS);
	assert_string_equal(told_note_reader(note, 1, &sees, &message), "EMP");
	assert_false(sees);
	assert_string_equal(message, "m2");
	assert_null(told_note_reader(note, 2, &sees, &message));
	json_decref(note);
}

static void test_each_correction_keeps_what_was_written_before_with_who_and_when(void **state)
{
	(void)state;
	json_t *note = made("one");
	char text[8];
	for (int i = 2; i <= 20; i++) {
		const struct told_note_by by = {i % 2 != 0 ? "W1" : "W2", 1000 * i};
		snprintf(text, sizeof text, "%d", i);
		assert_int_equal(told_note_correct(note, text, &by), TOLD_OK);
		assert_int_equal(told_note_correct(note, text, &by), TOLD_E_USAGE);
		assert_int_equal(json_array_size(json_object_get(note, "was")), i - 1);
	}
	const json_t *first = json_array_get(json_object_get(note, "was"), 0);
	assert_string_equal(json_string_value(json_object_get(first, "text")), "one");
	assert_string_equal(json_string_value(json_object_get(first, "by")), "W1");
	assert_int_equal(json_integer_value(json_object_get(first, "written_ms")), 1000);
	assert_string_equal(json_string_value(json_object_get(note, "by")), "W2");
	json_decref(note);
}

static void test_the_audience_is_named_in_words(void **state)
{
	(void)state;
	static const struct {
		struct told_note_reader_words readers[3];
		size_t count;
		const char *words;
	} rows[] = {
		{{{NULL, NULL}}, 0, "Only the housing team will see this."},
		{{{"A", NULL}}, 1, "A will see this."},
		{{{"A", NULL}, {"B", NULL}}, 2, "A and B will see this."},
		{{{"A", NULL}, {"B", NULL}, {"C", NULL}}, 3, "A, B and C will see this."},
		{{{"A", NULL}, {"B", "No."}, {"C", NULL}}, 3, "A and C will see this. B will not see it: No."},
		{{{"A", "No."}}, 1, "Only the housing team will see this. A will not see it: No."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct told_buf words = TOLD_BUF(1024);
		told_note_audience("the housing team", rows[i].readers, rows[i].count, &words);
		assert_string_equal(told_buf_cstr(&words), rows[i].words);
		told_buf_free(&words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_note_goes_to_nobody_unless_somebody_is_named),
		cmocka_unit_test(test_each_correction_keeps_what_was_written_before_with_who_and_when),
		cmocka_unit_test(test_the_audience_is_named_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
