/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes, cosignatures, verifier keys, checkpoints: what is made opens, and what is bent in any way does not. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "told/proof.h"

#define TEXT "broker.example/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

/* Somebody with a name and a key. */
struct hand {
	struct told_signer *signer;
	uint8_t key[32];
	struct told_vkey vkey;
};

static struct hand hand_new(const char *name, enum told_note_kind kind, uint8_t seed_byte)
{
	struct hand hand;
	uint8_t seed[32] = {seed_byte};
	assert_int_equal(told_ed25519_public(seed, hand.key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &hand.signer), TOLD_OK);
	told_vkey_make(told_text(name), kind, hand.key, &hand.vkey);
	return hand;
}

static void put_note(struct told_buf *note, struct hand *by)
{
	assert_int_equal(told_note_sign(told_text(TEXT), by->vkey.name, by->signer, by->key, note), TOLD_OK);
}

static void put_cosignature(struct told_buf *note, struct hand *by, uint64_t time_s)
{
	assert_int_equal(told_note_cosign(told_text(TEXT), time_s, by->vkey.name, by->signer, by->key, note), TOLD_OK);
}

static enum told_status open(const struct told_buf *note, const struct told_vkey *vkeys, size_t n, size_t *count)
{
	struct told_bytes text;
	struct told_note_line lines[8];
	enum told_status status = told_note_open(told_buf_view(note), vkeys, n, &text, lines, count);
	if (status == TOLD_OK)
		assert_true(told_bytes_equal(text, told_text(TEXT)));
	return status;
}

static void test_a_note_opens_for_those_who_know_a_key(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	struct hand housing = hand_new("housing.example", TOLD_NOTE_COSIGNATURE, 2);
	struct hand stranger = hand_new("stranger.example", TOLD_NOTE_COSIGNATURE, 3);
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	put_note(&note, &log);
	put_cosignature(&note, &housing, 1700000000);
	put_cosignature(&note, &stranger, 1700000001);

	struct told_vkey known[2] = {housing.vkey, log.vkey};
	struct told_note_line lines[2];
	struct told_bytes text;
	size_t count;
	assert_int_equal(told_note_open(told_buf_view(&note), known, 2, &text, lines, &count), TOLD_OK);
	assert_true(told_bytes_equal(text, told_text(TEXT)));
	assert_int_equal(count, 2);
	assert_int_equal(lines[0].vkey, 1);
	assert_int_equal(lines[0].time_s, 0);
	assert_int_equal(lines[1].vkey, 0);
	assert_int_equal(lines[1].time_s, 1700000000);
	assert_int_equal(open(&note, NULL, 0, &count), TOLD_E_SIGNATURE);
	assert_int_equal(count, 0);

	told_buf_free(&note);
	told_signer_free(log.signer);
	told_signer_free(housing.signer);
	told_signer_free(stranger.signer);
}

static void test_every_flipped_bit_closes_a_note(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	struct hand housing = hand_new("housing.example", TOLD_NOTE_COSIGNATURE, 2);
	struct told_vkey known[2] = {log.vkey, housing.vkey};
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	put_note(&note, &log);
	put_cosignature(&note, &housing, 1700000000);
	size_t count;
	for (size_t bit = 0; bit < note.len * 8; bit++) {
		note.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		/* a flipped name or id makes a line of an unknown key: it is ignored, but no longer counted */
		enum told_status status = open(&note, known, 2, &count);
		assert_true(status != TOLD_OK || count == 1);
		if (bit / 8 < strlen(TEXT))
			assert_int_not_equal(status, TOLD_OK);
		note.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	assert_int_equal(open(&note, known, 2, &count), TOLD_OK);
	assert_int_equal(count, 2);
	told_buf_free(&note);
	told_signer_free(log.signer);
	told_signer_free(housing.signer);
}

static void test_a_known_key_that_fails_closes_the_note_even_beside_a_good_one(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	struct hand housing = hand_new("housing.example", TOLD_NOTE_COSIGNATURE, 2);
	struct told_vkey known[2] = {log.vkey, housing.vkey};
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES), other = TOLD_BUF(1000);
	const char *other_text = "broker.example/1\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
	size_t count;
	assert_int_equal(told_note_cosign(told_text(other_text), 1700000000, housing.vkey.name, housing.signer,
					  housing.key, &other),
			 TOLD_OK);
	put_note(&note, &log);
	told_buf_put_bytes(&note, told_buf_view(&other));
	assert_int_equal(open(&note, known, 2, &count), TOLD_E_SIGNATURE);
	assert_int_equal(open(&note, known, 1, &count), TOLD_OK);
	told_buf_free(&note);
	told_buf_free(&other);
	told_signer_free(log.signer);
	told_signer_free(housing.signer);
}

static void test_of_a_witness_that_signed_twice_the_later_time_counts(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	struct hand housing = hand_new("housing.example", TOLD_NOTE_COSIGNATURE, 2);
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	put_note(&note, &log);
	put_cosignature(&note, &housing, 200);
	put_cosignature(&note, &housing, 300);
	put_cosignature(&note, &housing, 100);
	struct told_note_line line;
	struct told_bytes text;
	size_t count;
	assert_int_equal(told_note_open(told_buf_view(&note), &housing.vkey, 1, &text, &line, &count), TOLD_OK);
	assert_int_equal(count, 1);
	assert_int_equal(line.time_s, 300);
	told_buf_free(&note);
	told_signer_free(log.signer);
	told_signer_free(housing.signer);
}

/* A cosignature line whose time and length its maker chose freely; the signature itself is good. */
static void put_free_cosignature(struct told_buf *note, struct hand *by, uint64_t time_s, size_t len)
{
	struct told_buf message = TOLD_BUF(1000), blob = TOLD_BUF(100);
	uint8_t signature[64];
	told_buf_printf(&message, "cosignature/v1\ntime %llu\n%s", (unsigned long long)time_s, TEXT);
	assert_int_equal(told_signer_sign(by->signer, told_buf_view(&message), signature), TOLD_OK);
	told_buf_put(&blob, by->vkey.id, 4);
	told_buf_put_u64(&blob, time_s);
	told_buf_put(&blob, signature, sizeof signature);
	told_buf_put_text(&blob, "more");
	told_buf_put_text(note, "\xe2\x80\x94 ");
	told_buf_put_bytes(note, by->vkey.name);
	told_buf_put_text(note, " ");
	told_base64(told_bytes(blob.data, len), note);
	told_buf_put_text(note, "\n");
	told_buf_free(&message);
	told_buf_free(&blob);
}

static void test_a_cosignature_without_a_time_or_of_another_length_is_refused(void **state)
{
	(void)state;
	static const struct {
		uint64_t time_s;
		size_t len;
		enum told_status want;
	} rows[] = {
		{1700000000, 76, TOLD_OK}, {INT64_MAX, 76, TOLD_OK},
		{0, 76, TOLD_E_SIGNATURE}, {(uint64_t)INT64_MAX + 1, 76, TOLD_E_SIGNATURE},
		{1, 75, TOLD_E_SIGNATURE}, {1, 77, TOLD_E_SIGNATURE},
		{1, 68, TOLD_E_SIGNATURE}, {1, 5, TOLD_E_SIGNATURE},
		{1, 4, TOLD_E_MALFORMED},
	};
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	struct hand housing = hand_new("housing.example", TOLD_NOTE_COSIGNATURE, 2);
	struct told_vkey known[2] = {log.vkey, housing.vkey};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
		size_t count;
		put_note(&note, &log);
		put_free_cosignature(&note, &housing, rows[i].time_s, rows[i].len);
		assert_int_equal(open(&note, known, 2, &count), rows[i].want);
		told_buf_free(&note);
	}
	told_signer_free(log.signer);
	told_signer_free(housing.signer);
}

static void test_the_text_may_hold_blank_lines(void **state)
{
	(void)state;
	struct hand log = hand_new("n", TOLD_NOTE_ED25519, 1);
	struct told_buf note = TOLD_BUF(1000);
	struct told_note_line line;
	struct told_bytes text;
	size_t count;
	assert_int_equal(told_note_sign(told_text("a\n\nb\n\n"), told_text("n"), log.signer, log.key, &note), TOLD_OK);
	assert_int_equal(told_note_open(told_buf_view(&note), &log.vkey, 1, &text, &line, &count), TOLD_OK);
	assert_true(told_bytes_equal(text, told_text("a\n\nb\n\n")));
	told_buf_free(&note);
	told_signer_free(log.signer);
}

static void test_a_hundred_lines_are_read_and_no_more(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES + 1000);
	size_t count;
	put_note(&note, &log);
	for (int i = 1; i < 100; i++)
		told_buf_put_text(&note, "\xe2\x80\x94 other AAAAAAA=\n");
	assert_int_equal(open(&note, &log.vkey, 1, &count), TOLD_OK);
	told_buf_put_text(&note, "\xe2\x80\x94 other AAAAAAA=\n");
	assert_int_equal(open(&note, &log.vkey, 1, &count), TOLD_E_LIMIT);
	while (note.len <= TOLD_NOTE_MAX_BYTES)
		told_buf_put_text(&note, "x");
	assert_int_equal(open(&note, &log.vkey, 1, &count), TOLD_E_LIMIT);
	told_buf_free(&note);
	told_signer_free(log.signer);
}

static void test_lines_of_bad_form_are_refused_even_of_unknown_keys(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	static const char *const bad[] = {
		"\xe2\x80\x94 other AAAA\n",     /* an id and no signature */
		"\xe2\x80\x94 other AAAAAAA\n",  /* no padding */
		"\xe2\x80\x94 other AAAAAAB=\n", /* a bit that no byte uses */
		"\xe2\x80\x94 other  AAAAAAA=\n",  "\xe2\x80\x94 AAAAAAA=\n",
		"\xe2\x80\x94  AAAAAAA=\n",        "- other AAAAAAA=\n",
		"\xe2\x80\x94other AAAAAAA=\n",    "\xe2\x80\x94 other AAAAAAA=",
		"\xe2\x80\x94 o+her AAAAAAA=\n",   "\xe2\x80\x94 o\xc2\xa0r AAAAAAA=\n",
		"\xe2\x80\x94 other AAAAAAA=\r\n", "\xe2\x80\x94 o\x01r AAAAAAA=\n",
		"\xe2\x80\x94 o\xffr AAAAAAA=\n",  "\n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct told_buf note = TOLD_BUF(1000);
		size_t count;
		put_note(&note, &log);
		told_buf_put_text(&note, bad[i]);
		assert_int_equal(open(&note, &log.vkey, 1, &count), TOLD_E_MALFORMED);
		told_buf_free(&note);
	}
	told_signer_free(log.signer);
}

static void expect_line(struct hand *log, const char *behind, enum told_status status, size_t line)
{
	struct told_buf note = TOLD_BUF(1000);
	struct told_note_line lines[8];
	struct told_bytes text;
	size_t count, at = 99;
	put_note(&note, log);
	told_buf_put_text(&note, behind);
	assert_int_equal(told_note_open_at(told_buf_view(&note), &log->vkey, 1, &text, lines, &count, &at), status);
	assert_int_equal(at, line);
	told_buf_free(&note);
}

static void test_the_line_that_is_at_fault_is_named(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	expect_line(&log, "", TOLD_OK, 0);
	expect_line(&log, "- other AAAAAAA=\n", TOLD_E_MALFORMED, 6);
	expect_line(&log, "\xe2\x80\x94 other AAAAAAA=\n\xe2\x80\x94 other AAAAAAA=", TOLD_E_MALFORMED, 7);
	expect_line(&log, "\xe2\x80\x94 o\x01r AAAAAAA=\n", TOLD_E_MALFORMED, 6);
	struct told_bytes text;
	size_t line;
	assert_int_equal(told_note_text_at(told_text("a\nb\n"), &text, &line), TOLD_E_MALFORMED);
	assert_int_equal(line, 2);
	assert_int_equal(told_note_text_at(told_text("a\xff\n\nb\n"), &text, &line), TOLD_E_MALFORMED);
	assert_int_equal(line, 1);
	struct told_checkpoint checkpoint;
	static const char *const bad[] = {"", "o\n01\n", "o\n1\nAAAA\n",
					  "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n"};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(told_checkpoint_parse_at(told_text(bad[i]), &checkpoint, &line), TOLD_E_MALFORMED);
		assert_int_equal(line, i + 1);
	}
	told_signer_free(log.signer);
}

static void test_nothing_is_signed_that_would_not_open(void **state)
{
	(void)state;
	struct hand log = hand_new("n", TOLD_NOTE_ED25519, 1);
	struct told_buf note = TOLD_BUF(1000);
	static const char *const bad_texts[] = {"", "x", "x\r\n", "\xff\n", "x\ty\n"};
	static const char *const bad_names[] = {"", "a b", "a+b", "a\n", "a\xe3\x80\x80", "\xff"};
	for (size_t i = 0; i < sizeof bad_texts / sizeof bad_texts[0]; i++)
		assert_int_equal(told_note_sign(told_text(bad_texts[i]), told_text("n"), log.signer, log.key, &note),
				 TOLD_E_MALFORMED);
	for (size_t i = 0; i < sizeof bad_names / sizeof bad_names[0]; i++)
		assert_int_equal(told_note_sign(told_text("x\n"), told_text(bad_names[i]), log.signer, log.key, &note),
				 TOLD_E_MALFORMED);
	assert_int_equal(told_note_cosign(told_text("x\n"), 1, told_text("n"), log.signer, log.key, &note),
			 TOLD_E_MALFORMED);
	assert_int_equal(told_note_cosign(told_text(TEXT), 0, told_text("n"), log.signer, log.key, &note),
			 TOLD_E_USAGE);
	assert_int_equal(told_note_cosign(told_text(TEXT), 1, told_text("a b"), log.signer, log.key, &note),
			 TOLD_E_USAGE);
	assert_int_equal(note.len, 0);
	note.max_bytes = 20;
	assert_int_equal(told_note_sign(told_text("x\n"), told_text("n"), log.signer, log.key, &note), TOLD_E_LIMIT);
	told_buf_free(&note);
	told_signer_free(log.signer);
}

static void test_a_verifier_key_has_one_form(void **state)
{
	(void)state;
	struct hand log = hand_new("broker.example/1", TOLD_NOTE_ED25519, 1);
	struct told_buf text = TOLD_BUF(200), upper = TOLD_BUF(200);
	struct told_vkey vkey;
	told_vkey_format(&log.vkey, &text);
	assert_int_equal(told_vkey_parse(told_buf_view(&text), &vkey), TOLD_OK);
	assert_true(told_bytes_equal(vkey.name, log.vkey.name));
	assert_memory_equal(vkey.id, log.vkey.id, 4);
	assert_memory_equal(vkey.key, log.key, 32);
	assert_int_equal(vkey.kind, TOLD_NOTE_ED25519);
	told_buf_put_bytes(&upper, told_buf_view(&text));
	bool letter = false;
	for (size_t i = log.vkey.name.len + 1; i < log.vkey.name.len + 9; i++) {
		letter |= upper.data[i] >= 'a';
		upper.data[i] &= upper.data[i] >= 'a' ? 0xdf : 0xff;
	}
	assert_true(letter);
	assert_int_equal(told_vkey_parse(told_buf_view(&upper), &vkey), TOLD_E_MALFORMED);
	told_buf_put_text(&text, "\n");
	assert_int_equal(told_vkey_parse(told_buf_view(&text), &vkey), TOLD_E_MALFORMED);
	assert_int_equal(told_vkey_parse(told_bytes(NULL, 0), &vkey), TOLD_E_MALFORMED);
	told_buf_free(&text);
	told_buf_free(&upper);
	told_signer_free(log.signer);
}

static void test_a_verifier_key_that_is_unsafe_or_of_another_kind_is_refused(void **state)
{
	(void)state;
	struct told_buf text = TOLD_BUF(200);
	struct told_vkey vkey;
	uint8_t key[32] = {1};
	told_vkey_make(told_text("n"), TOLD_NOTE_ED25519, key, &vkey);
	told_vkey_format(&vkey, &text);
	assert_int_equal(told_vkey_parse(told_buf_view(&text), &vkey), TOLD_E_KEY);
	told_buf_free(&text);
	key[0] = 2;
	told_vkey_make(told_text("n"), (enum told_note_kind)2, key, &vkey);
	told_vkey_format(&vkey, &text);
	assert_int_equal(told_vkey_parse(told_buf_view(&text), &vkey), TOLD_E_UNKNOWN);
	told_buf_free(&text);
	static const char *const bad_names[] = {"", "a b", "a\xc2\x85", "a\n"};
	for (size_t i = 0; i < sizeof bad_names / sizeof bad_names[0]; i++) {
		told_vkey_make(told_text(bad_names[i]), TOLD_NOTE_ED25519, key, &vkey);
		told_vkey_format(&vkey, &text);
		assert_int_equal(told_vkey_parse(told_buf_view(&text), &vkey), TOLD_E_MALFORMED);
		told_buf_free(&text);
	}
}

static void test_a_checkpoint_has_exactly_three_lines(void **state)
{
	(void)state;
	struct told_checkpoint checkpoint;
	struct told_buf back = TOLD_BUF(200);
	assert_int_equal(told_checkpoint_parse(told_text(TEXT), &checkpoint), TOLD_OK);
	told_checkpoint_format(&checkpoint, &back);
	assert_true(told_bytes_equal(told_buf_view(&back), told_text(TEXT)));
	told_buf_free(&back);
#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	static const char *const bad[] = {
		"",
		"o\n0\n" ROOT,
		"o\n0\n" ROOT "\nextension\n",
		"o\n0\n" ROOT "\n\n",
		"\n0\n" ROOT "\n",
		"o\n00\n" ROOT "\n",
		"o\n+1\n" ROOT "\n",
		"o\n 1\n" ROOT "\n",
		"o\n\n" ROOT "\n",
		"o\r\n0\n" ROOT "\n",
		"o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
		"o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
		"o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==\n",
		"o\n0\n" ROOT " \n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(told_checkpoint_parse(told_text(bad[i]), &checkpoint), TOLD_E_MALFORMED);
	assert_int_equal(told_checkpoint_parse(told_text("o\n18446744073709551615\n" ROOT "\n"), &checkpoint), TOLD_OK);
	assert_int_equal(told_checkpoint_parse(told_text("o\n18446744073709551616\n" ROOT "\n"), &checkpoint),
			 TOLD_E_LIMIT);
}

/* A log whose key is renewed signs with both: one text, two lines of one name. */
static void test_two_keys_of_one_name_sign_one_text(void **state)
{
	(void)state;
	struct hand old = hand_new("northtown/1", TOLD_NOTE_ED25519, 1),
		    new = hand_new("northtown/1", TOLD_NOTE_ED25519, 2);
	struct told_vkey both[2] = {old.vkey, new.vkey};
	struct told_buf note = TOLD_BUF(4096);
	size_t count;
	put_note(&note, &old);
	assert_int_equal(told_note_sign_line(told_text(TEXT), new.vkey.name, new.signer, new.key, &note), TOLD_OK);
	assert_int_equal(open(&note, both, 2, &count), TOLD_OK);
	assert_int_equal(count, 2);
	assert_int_equal(open(&note, &old.vkey, 1, &count), TOLD_OK);
	assert_int_equal(open(&note, &new.vkey, 1, &count), TOLD_OK);
	note.data[note.len - 20] ^= 1; /* in the second line: whoever knows that key refuses the note */
	assert_int_equal(open(&note, &old.vkey, 1, &count), TOLD_OK);
	assert_int_equal(open(&note, both, 2, &count), TOLD_E_SIGNATURE);
	told_buf_free(&note);
	told_signer_free(old.signer);
	told_signer_free(new.signer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_keys_of_one_name_sign_one_text),
		cmocka_unit_test(test_a_note_opens_for_those_who_know_a_key),
		cmocka_unit_test(test_every_flipped_bit_closes_a_note),
		cmocka_unit_test(test_a_known_key_that_fails_closes_the_note_even_beside_a_good_one),
		cmocka_unit_test(test_of_a_witness_that_signed_twice_the_later_time_counts),
		cmocka_unit_test(test_a_cosignature_without_a_time_or_of_another_length_is_refused),
		cmocka_unit_test(test_the_text_may_hold_blank_lines),
		cmocka_unit_test(test_a_hundred_lines_are_read_and_no_more),
		cmocka_unit_test(test_lines_of_bad_form_are_refused_even_of_unknown_keys),
		cmocka_unit_test(test_the_line_that_is_at_fault_is_named),
		cmocka_unit_test(test_nothing_is_signed_that_would_not_open),
		cmocka_unit_test(test_a_verifier_key_has_one_form),
		cmocka_unit_test(test_a_verifier_key_that_is_unsafe_or_of_another_kind_is_refused),
		cmocka_unit_test(test_a_checkpoint_has_exactly_three_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
