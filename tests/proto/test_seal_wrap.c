/* SPDX-License-Identifier: Apache-2.0 */
/* Wraps, and a section's whole way to its recipient: what is re-addressed, re-sent by somebody else, moved to another
 * message or changed by a bit opens for nobody, and the first check that fails names what is wrong. */
#include "proto/seal_cases.h"

struct party {
	struct told_bytes name;
	uint8_t secret[32], key[32];
	told_hash key_id;
};

static struct party make_party(const char *name, uint8_t first)
{
	struct party party = {.name = told_text(name)};
	count_up(party.secret, sizeof party.secret, first);
	assert_int_equal(told_x25519_public(party.secret, party.key), TOLD_OK);
	told_key_id(party.key, &party.key_id);
	return party;
}

/* A section with one wrap, as it travels. */
struct parcel {
	struct told_bytes sender;
	uint8_t message_id[16], salt[16], header[14];
	uint32_t number;
	told_hash commitment, digest;
	struct told_buf ciphertext;
	uint8_t enc[32], wrap[48];
};

static struct told_bytes header_of(const struct parcel *p)
{
	return told_bytes(p->header, sizeof p->header);
}

static void context_info(struct told_bytes sender, const struct party *recipient, struct told_buf *info)
{
	*info = TOLD_BUF(1024);
	told_wrap_info(sender, recipient->name, &recipient->key_id, info);
	assert_int_equal(info->status, TOLD_OK);
}

static void send(struct parcel *p, const struct party *recipient)
{
	uint8_t key[32], ephemeral[32];
	struct told_buf info;
	struct told_hpke hpke;
	*p = (struct parcel){.sender = told_text("housing"), .number = 3, .ciphertext = TOLD_BUF(4096)};
	count_up(key, sizeof key, 0);
	count_up(ephemeral, sizeof ephemeral, 0x80);
	count_up(p->message_id, sizeof p->message_id, 0x40);
	count_up(p->salt, sizeof p->salt, 0x60);
	memcpy(p->header, "section header", sizeof p->header);
	assert_int_equal(told_section_seal(key, p->sender, p->message_id, header_of(p), told_text("I told it once."),
					   &p->ciphertext),
			 TOLD_OK);
	told_key_commitment(key, p->message_id, p->number, &p->commitment);
	told_section_digest(p->salt, header_of(p), told_buf_view(&p->ciphertext), &p->commitment, &p->digest);
	context_info(p->sender, recipient, &info);
	assert_int_equal(told_hpke_send_with(ephemeral, recipient->key, told_buf_view(&info), &hpke), TOLD_OK);
	assert_int_equal(told_wrap_seal(&hpke, p->message_id, &p->digest, key, p->wrap), TOLD_OK);
	memcpy(p->enc, hpke.enc, sizeof p->enc);
	told_buf_free(&info);
}

static enum told_status unwrap(const struct parcel *p, const struct party *recipient, const told_hash *digest,
			       uint8_t key[32])
{
	struct told_buf info;
	struct told_hpke hpke;
	context_info(p->sender, recipient, &info);
	enum told_status status = told_hpke_receive(p->enc, recipient->secret, told_buf_view(&info), &hpke);
	if (status == TOLD_OK)
		status = told_wrap_open(&hpke, p->message_id, digest, p->wrap, key);
	told_buf_free(&info);
	return status;
}

/* The recipient's order of protocol section 3: digest, commitment, tag. */
static enum told_status receive(const struct parcel *p, const struct party *recipient, const told_hash *signed_digest,
				struct told_buf *content)
{
	uint8_t key[32];
	told_hash seen;
	told_section_digest(p->salt, header_of(p), told_buf_view(&p->ciphertext), &p->commitment, &seen);
	if (!told_hash_equal(&seen, signed_digest))
		return TOLD_E_DIGEST;
	enum told_status status = unwrap(p, recipient, signed_digest, key);
	if (status != TOLD_OK)
		return status;
	told_key_commitment(key, p->message_id, p->number, &seen);
	if (!told_hash_equal(&seen, &p->commitment))
		return TOLD_E_COMMITMENT;
	return told_section_open(key, p->sender, p->message_id, header_of(p), told_buf_view(&p->ciphertext), content);
}

/* Values from another implementation, written from protocol.md and RFC 9180 alone. */
static void test_a_wrap_is_that_of_the_protocol(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0);
	struct parcel p;
	assert_hex(therapies.key, 32, "605a725d2a4adfeeb1a29e17edd621c1b7593ee8cdbc44ac6c4ab6e2f805d23c");
	send(&p, &therapies);
	assert_hex(p.enc, 32, "493e82fc74464a59268817623d2053c5eb8e2cc4a988b4fee179ec6b010d531d");
	assert_hex(p.wrap, 48,
		   "f12240136e30b26aef65cc37ae1132e312bc3a94eb88bd4ca0313b423f87303a49defa56e638b3df7345303659144927");
	told_buf_free(&p.ciphertext);
}

static void test_the_recipient_opens_what_was_sent_to_it(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0);
	struct told_buf content = TOLD_BUF(4096);
	struct parcel p;
	send(&p, &therapies);
	assert_int_equal(receive(&p, &therapies, &p.digest, &content), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&content), told_text("I told it once.")));
	told_buf_free(&content);
	told_buf_free(&p.ciphertext);
}

static void assert_no_key(const struct parcel *p, const struct party *recipient, const told_hash *digest)
{
	uint8_t key[32];
	memset(key, 0xee, sizeof key);
	assert_int_equal(unwrap(p, recipient, digest, key), TOLD_E_TAG);
	assert_zero(key, sizeof key);
}

static void test_a_wrap_opens_for_no_other_recipient_name_or_key(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0), addiction = make_party("addiction", 0xc0);
	struct party renamed = therapies, rekeyed = therapies;
	struct parcel p;
	send(&p, &therapies);
	assert_no_key(&p, &addiction, &p.digest);
	renamed.name = addiction.name;
	assert_no_key(&p, &renamed, &p.digest);
	rekeyed.key_id = addiction.key_id;
	assert_no_key(&p, &rekeyed, &p.digest);
	told_buf_free(&p.ciphertext);
}

/* A recipient that keeps the section key and re-seals it cannot pass the section on as the sender's either. */
static void test_nothing_opens_under_another_sender(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0), addiction = make_party("addiction", 0xc0);
	struct told_buf content = TOLD_BUF(4096), info;
	struct told_hpke hpke;
	struct parcel p;
	uint8_t key[32];
	send(&p, &therapies);
	p.sender = told_text("therapies");
	assert_no_key(&p, &therapies, &p.digest);

	p.sender = told_text("housing");
	assert_int_equal(unwrap(&p, &therapies, &p.digest, key), TOLD_OK);
	p.sender = told_text("therapies");
	context_info(p.sender, &addiction, &info);
	assert_int_equal(told_hpke_send(addiction.key, told_buf_view(&info), &hpke), TOLD_OK);
	assert_int_equal(told_wrap_seal(&hpke, p.message_id, &p.digest, key, p.wrap), TOLD_OK);
	memcpy(p.enc, hpke.enc, sizeof p.enc);
	assert_int_equal(receive(&p, &addiction, &p.digest, &content), TOLD_E_TAG);
	assert_int_equal(content.len, 0);
	told_buf_free(&info);
	told_buf_free(&content);
	told_buf_free(&p.ciphertext);
}

static void test_each_flipped_bit_of_wrap_digest_or_message_id_gives_no_key(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0);
	struct parcel p;
	send(&p, &therapies);
	const struct {
		uint8_t *data;
		size_t len;
	} targets[] = {
		{p.wrap, sizeof p.wrap},
		{p.digest.b, sizeof p.digest.b},
		{p.message_id, sizeof p.message_id},
	};
	for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
		for (size_t bit = 0; bit < targets[t].len * 8; bit++) {
			flip(targets[t].data, bit);
			assert_no_key(&p, &therapies, &p.digest);
			flip(targets[t].data, bit);
		}
	}
	told_buf_free(&p.ciphertext);
}

/* Most flipped bits make another point, so another key; the top one and a few others no key at all. */
static void test_each_flipped_bit_of_the_encapsulated_key_gives_no_key(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0);
	struct parcel p;
	uint8_t key[32];
	send(&p, &therapies);
	for (size_t bit = 0; bit < 256; bit++) {
		flip(p.enc, bit);
		if (bit == 255)
			assert_int_equal(unwrap(&p, &therapies, &p.digest, key), TOLD_E_KEY);
		else
			assert_no_key(&p, &therapies, &p.digest);
		flip(p.enc, bit);
	}
	told_buf_free(&p.ciphertext);
}

static void test_each_flipped_bit_of_what_the_digest_binds_is_named_a_wrong_digest(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0);
	struct told_buf content = TOLD_BUF(4096);
	struct parcel p;
	send(&p, &therapies);
	told_hash signed_digest = p.digest;
	const struct {
		uint8_t *data;
		size_t len;
	} targets[] = {
		{p.salt, sizeof p.salt},
		{p.header, sizeof p.header},
		{p.ciphertext.data, p.ciphertext.len},
		{p.commitment.b, sizeof p.commitment.b},
		{signed_digest.b, sizeof signed_digest.b},
	};
	for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
		for (size_t bit = 0; bit < targets[t].len * 8; bit++) {
			flip(targets[t].data, bit);
			assert_int_equal(receive(&p, &therapies, &signed_digest, &content), TOLD_E_DIGEST);
			flip(targets[t].data, bit);
		}
	}
	assert_int_equal(content.len, 0);
	assert_int_equal(receive(&p, &therapies, &signed_digest, &content), TOLD_OK);
	told_buf_free(&content);
	told_buf_free(&p.ciphertext);
}

/* The sender signs a commitment to one key and wraps another: digest and signature are right, the key is not. */
static void test_another_key_than_the_committed_one_is_named_so(void **state)
{
	(void)state;
	struct party therapies = make_party("therapies", 0xa0);
	struct told_buf content = TOLD_BUF(4096), info;
	struct told_hpke hpke;
	struct parcel p;
	uint8_t other_key[32];
	send(&p, &therapies);
	count_up(other_key, sizeof other_key, 1);
	context_info(p.sender, &therapies, &info);
	assert_int_equal(told_hpke_send(therapies.key, told_buf_view(&info), &hpke), TOLD_OK);
	assert_int_equal(told_wrap_seal(&hpke, p.message_id, &p.digest, other_key, p.wrap), TOLD_OK);
	memcpy(p.enc, hpke.enc, sizeof p.enc);
	assert_int_equal(receive(&p, &therapies, &p.digest, &content), TOLD_E_COMMITMENT);
	p.number++;
	assert_int_equal(receive(&p, &therapies, &p.digest, &content), TOLD_E_COMMITMENT);
	assert_int_equal(content.len, 0);
	told_buf_free(&info);
	told_buf_free(&content);
	told_buf_free(&p.ciphertext);
}

/* One context serves a batch, and each of its wraps opens alone, whichever of the others arrived. */
static void test_wraps_of_one_context_open_in_any_order(void **state)
{
	(void)state;
	enum { WRAPS = 20 };
	struct party therapies = make_party("therapies", 0xa0);
	struct told_hpke sent, received;
	struct told_buf info;
	uint8_t id[16] = {0}, key[WRAPS][32], wrap[WRAPS][48], opened[32];
	told_hash digest = {{0}};
	context_info(told_text("housing"), &therapies, &info);
	assert_int_equal(told_hpke_send(therapies.key, told_buf_view(&info), &sent), TOLD_OK);
	for (uint8_t i = 0; i < WRAPS; i++) {
		digest.b[0] = i;
		count_up(key[i], 32, i);
		assert_int_equal(told_wrap_seal(&sent, id, &digest, key[i], wrap[i]), TOLD_OK);
	}
	assert_int_equal(told_hpke_receive(sent.enc, therapies.secret, told_buf_view(&info), &received), TOLD_OK);
	for (uint8_t i = WRAPS; i-- > 0;) {
		digest.b[0] = i;
		assert_int_equal(told_wrap_open(&received, id, &digest, wrap[i], opened), TOLD_OK);
		assert_memory_equal(opened, key[i], sizeof opened);
		assert_int_equal(told_wrap_open(&received, id, &digest, wrap[(i + 1) % WRAPS], opened), TOLD_E_TAG);
	}
	told_buf_free(&info);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_wrap_is_that_of_the_protocol),
		cmocka_unit_test(test_the_recipient_opens_what_was_sent_to_it),
		cmocka_unit_test(test_a_wrap_opens_for_no_other_recipient_name_or_key),
		cmocka_unit_test(test_nothing_opens_under_another_sender),
		cmocka_unit_test(test_each_flipped_bit_of_wrap_digest_or_message_id_gives_no_key),
		cmocka_unit_test(test_each_flipped_bit_of_the_encapsulated_key_gives_no_key),
		cmocka_unit_test(test_each_flipped_bit_of_what_the_digest_binds_is_named_a_wrong_digest),
		cmocka_unit_test(test_another_key_than_the_committed_one_is_named_so),
		cmocka_unit_test(test_wraps_of_one_context_open_in_any_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
