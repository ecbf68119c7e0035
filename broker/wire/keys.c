/* SPDX-License-Identifier: Apache-2.0 */
/* The table of allowed session keys. Touches nothing but its memory. */
#include "broker/wire/keys.h"

#include <string.h>

static const char *const forbidden[] = {
	/* zmq_curve(7), the client's and the server's test key. */
	"bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518",
	"54fcba24e93249969316fb617c872bb0c1d1ff14800427c594cbfacf1bc2d652",
	/* Small order on Curve25519 and its twist: 0, 1, two of order 8, then p - 1, p, p + 1, which are -1, 0, 1. */
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

bool told_key_safe(const uint8_t key[TOLD_KEY_BYTES])
{
	uint8_t masked[TOLD_KEY_BYTES];
	char text[2 * TOLD_KEY_BYTES + 1];
	memcpy(masked, key, sizeof masked);
	masked[TOLD_KEY_BYTES - 1] &= 0x7f; /* X25519 ignores the top bit, so it must not make another key */
	told_hex(masked, sizeof masked, text);
	for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
		if (strcmp(text, forbidden[i]) == 0)
			return false;
	return true;
}

/* The first row whose admission is not below. */
static size_t find(const struct told_keys *keys, uint64_t admission)
{
	size_t low = 0, high = keys->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (keys->rows[middle].admission < admission)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum told_status told_keys_add(struct told_keys *keys, const uint8_t key[TOLD_KEY_BYTES], uint64_t admission,
			       struct told_bytes party)
{
	if (!told_key_safe(key))
		return TOLD_E_KEY;
	if (told_keys_by_key(keys, key) != NULL)
		return TOLD_E_EXISTS;
	if (keys->count == TOLD_WIRE_KEYS_MAX || party.len > TOLD_NAME_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (keys->count > 0 && keys->rows[keys->count - 1].admission >= admission)
		return TOLD_E_INTERNAL;
	struct told_key_row *row = &keys->rows[keys->count++];
	*row = (struct told_key_row){.admission = admission, .party_len = party.len};
	memcpy(row->key, key, sizeof row->key);
	if (party.len > 0)
		memcpy(row->party, party.data, party.len);
	return TOLD_OK;
}

bool told_keys_remove(struct told_keys *keys, uint64_t admission)
{
	size_t at = find(keys, admission);
	if (at == keys->count || keys->rows[at].admission != admission)
		return false;
	memmove(&keys->rows[at], &keys->rows[at + 1], (keys->count - at - 1) * sizeof keys->rows[0]);
	keys->count--;
	return true;
}

const struct told_key_row *told_keys_by_key(const struct told_keys *keys, const uint8_t key[TOLD_KEY_BYTES])
{
	for (size_t i = 0; i < keys->count; i++)
		if (memcmp(keys->rows[i].key, key, TOLD_KEY_BYTES) == 0)
			return &keys->rows[i];
	return NULL;
}

const struct told_key_row *told_keys_by_admission(const struct told_keys *keys, uint64_t admission)
{
	size_t at = find(keys, admission);
	return at < keys->count && keys->rows[at].admission == admission ? &keys->rows[at] : NULL;
}
