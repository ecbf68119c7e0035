/* SPDX-License-Identifier: Apache-2.0 */
/* Verifier keys: name+hex(id)+base64(type || key), C2SP signed-note. Touches memory only. */
#include "evidence/line.h"

#include <string.h>

#define ID_BYTES 4u

void told_vkey_make(struct told_bytes name, enum told_note_kind kind, const uint8_t key[32], struct told_vkey *out)
{
	uint8_t type = (uint8_t)kind;
	told_hash id;
	told_sha256_parts((struct told_bytes[]){name, told_text("\n"), {&type, 1}, {key, TOLD_KEY_BYTES}}, 4, &id);
	*out = (struct told_vkey){.name = name, .kind = type};
	memcpy(out->id, id.b, ID_BYTES);
	memcpy(out->key, key, TOLD_KEY_BYTES);
}

void told_vkey_format(const struct told_vkey *vkey, struct told_buf *out)
{
	uint8_t typed[1 + TOLD_KEY_BYTES] = {vkey->kind};
	char id[2 * ID_BYTES + 1];
	memcpy(typed + 1, vkey->key, TOLD_KEY_BYTES);
	told_hex(vkey->id, ID_BYTES, id);
	told_buf_put_bytes(out, vkey->name);
	told_buf_printf(out, "+%s+", id);
	told_base64(told_bytes(typed, sizeof typed), out);
}

/* The type and the key behind the second '+'. */
static enum told_status parse_key(struct told_bytes text, enum told_note_kind *kind, uint8_t key[32])
{
	struct told_buf typed = TOLD_BUF(1 + TOLD_KEY_BYTES);
	enum told_status status = TOLD_E_MALFORMED;
	if (told_unbase64(text, &typed) != TOLD_OK || typed.len != 1 + TOLD_KEY_BYTES)
		goto out;
	status = TOLD_E_UNKNOWN;
	if (typed.data[0] != TOLD_NOTE_ED25519 && typed.data[0] != TOLD_NOTE_COSIGNATURE)
		goto out;
	*kind = (enum told_note_kind)typed.data[0];
	memcpy(key, typed.data + 1, TOLD_KEY_BYTES);
	status = told_ed25519_key_check(key);
out:
	told_buf_free(&typed);
	return status;
}

enum told_status told_vkey_parse(struct told_bytes text, struct told_vkey *out)
{
	const uint8_t *plus = text.len > 0 ? memchr(text.data, '+', text.len) : NULL;
	if (plus == NULL)
		return TOLD_E_MALFORMED;
	struct told_bytes name = told_bytes(text.data, (size_t)(plus - text.data));
	struct told_bytes rest = told_bytes(plus + 1, text.len - name.len - 1);
	if (!told_name_valid(name) || rest.len <= 2 * ID_BYTES || rest.data[2 * ID_BYTES] != '+')
		return TOLD_E_MALFORMED;

	enum told_note_kind kind;
	uint8_t key[TOLD_KEY_BYTES];
	enum told_status status =
		parse_key(told_bytes(rest.data + 2 * ID_BYTES + 1, rest.len - 2 * ID_BYTES - 1), &kind, key);
	if (status != TOLD_OK)
		return status;

	struct told_vkey vkey;
	char id[2 * ID_BYTES + 1];
	told_vkey_make(name, kind, key, &vkey);
	told_hex(vkey.id, ID_BYTES, id);
	if (memcmp(id, rest.data, 2 * ID_BYTES) != 0)
		return TOLD_E_MALFORMED;
	*out = vkey;
	return TOLD_OK;
}
