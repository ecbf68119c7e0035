/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes and cosignatures (C2SP signed-note, tlog-cosignature): a text, a blank line, signature lines.
 * Touches memory only. */
#include "evidence/line.h"

#include <inttypes.h>
#include <string.h>

#define ID_BYTES        4u
#define TIME_BYTES      8u
#define SIGNATURE_MAX   16384u /* an unknown kind of line may be this long: ML-DSA-44 needs 2,432 */
#define DASH            "\xe2\x80\x94 "
#define COSIGNED_FORMAT "cosignature/v1\ntime %" PRIu64 "\n"

/* ---- Signing ---- */

static void put_line(struct told_buf *out, const struct told_vkey *vkey, struct told_bytes blob)
{
	struct told_buf signature = TOLD_BUF(ID_BYTES + TIME_BYTES + TOLD_SIGNATURE_BYTES);
	told_buf_put(&signature, vkey->id, ID_BYTES);
	told_buf_put_bytes(&signature, blob);
	if (signature.status != TOLD_OK && out->status == TOLD_OK)
		out->status = signature.status;
	told_buf_put_text(out, DASH);
	told_buf_put_bytes(out, vkey->name);
	told_buf_put_text(out, " ");
	told_base64(told_buf_view(&signature), out);
	told_buf_put_text(out, "\n");
	told_buf_free(&signature);
}

static bool text_fits_a_note(struct told_bytes text)
{
	return text.len > 0 && text.data[text.len - 1] == '\n' && told_text_printable(text);
}

enum told_status told_note_sign(struct told_bytes text, struct told_bytes name, struct told_signer *signer,
				const uint8_t key[32], struct told_buf *out)
{
	struct told_buf line = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	enum told_status status = told_note_sign_line(text, name, signer, key, &line);
	if (status == TOLD_OK) {
		told_buf_put_bytes(out, text);
		told_buf_put_text(out, "\n");
		told_buf_put_bytes(out, told_buf_view(&line));
		status = out->status;
	}
	told_buf_free(&line);
	return status;
}

enum told_status told_note_sign_line(struct told_bytes text, struct told_bytes name, struct told_signer *signer,
				     const uint8_t key[32], struct told_buf *line)
{
	if (!text_fits_a_note(text) || !told_name_valid(name))
		return TOLD_E_MALFORMED;
	struct told_vkey vkey;
	uint8_t signature[TOLD_SIGNATURE_BYTES];
	told_vkey_make(name, TOLD_NOTE_ED25519, key, &vkey);
	enum told_status status = told_signer_sign(signer, text, signature);
	if (status != TOLD_OK)
		return status;
	put_line(line, &vkey, told_bytes(signature, sizeof signature));
	return line->status;
}

/* What a cosigner signs: its time, then the whole text. */
static void put_cosigned(struct told_buf *out, uint64_t time_s, struct told_bytes text)
{
	told_buf_printf(out, COSIGNED_FORMAT, time_s);
	told_buf_put_bytes(out, text);
}

enum told_status told_note_cosign(struct told_bytes text, uint64_t time_s, struct told_bytes name,
				  struct told_signer *signer, const uint8_t key[32], struct told_buf *line)
{
	struct told_checkpoint checkpoint;
	enum told_status status = told_checkpoint_parse(text, &checkpoint);
	if (status != TOLD_OK)
		return status;
	if (!told_name_valid(name) || time_s == 0 || time_s > INT64_MAX)
		return TOLD_E_USAGE;

	struct told_vkey vkey;
	uint8_t signature[TOLD_SIGNATURE_BYTES];
	struct told_buf message = TOLD_BUF(2 * TOLD_NOTE_MAX_BYTES), blob = TOLD_BUF(TIME_BYTES + sizeof signature);
	told_vkey_make(name, TOLD_NOTE_COSIGNATURE, key, &vkey);
	put_cosigned(&message, time_s, text);
	status = message.status;
	if (status == TOLD_OK)
		status = told_signer_sign(signer, told_buf_view(&message), signature);
	if (status != TOLD_OK)
		goto out;
	told_buf_put_u64(&blob, time_s);
	told_buf_put(&blob, signature, sizeof signature);
	status = blob.status;
	if (status != TOLD_OK)
		goto out;
	put_line(line, &vkey, told_buf_view(&blob));
	status = line->status;
out:
	told_buf_free(&message);
	told_buf_free(&blob);
	return status;
}

/* ---- Opening ---- */

/* A signature line: whose it is, and the bytes behind the key id. */
struct line {
	struct told_bytes name;
	const uint8_t *id;
	struct told_bytes blob;
};

/* The bytes of the signature are decoded into blob and borrowed from there. */
static enum told_status parse_line(struct told_bytes text, struct told_buf *blob, struct line *out)
{
	if (!told_line_skip(&text, DASH))
		return TOLD_E_MALFORMED;
	const uint8_t *space = text.len > 0 ? memchr(text.data, ' ', text.len) : NULL;
	if (space == NULL)
		return TOLD_E_MALFORMED;
	out->name = told_bytes(text.data, (size_t)(space - text.data));
	enum told_status status = told_unbase64(told_bytes(space + 1, text.len - out->name.len - 1), blob);
	if (status != TOLD_OK)
		return status;
	if (!told_name_valid(out->name) || blob->len <= ID_BYTES)
		return TOLD_E_MALFORMED;
	out->id = blob->data;
	out->blob = told_bytes(blob->data + ID_BYTES, blob->len - ID_BYTES);
	return TOLD_OK;
}

static enum told_status verify_cosignature(const struct told_vkey *vkey, struct told_bytes text, struct told_bytes blob,
					   uint64_t *time_s)
{
	if (blob.len != TIME_BYTES + TOLD_SIGNATURE_BYTES)
		return TOLD_E_SIGNATURE;
	uint64_t stated_s = told_u64(blob.data);
	if (stated_s == 0 || stated_s > INT64_MAX)
		return TOLD_E_SIGNATURE;
	struct told_buf message = TOLD_BUF(2 * TOLD_NOTE_MAX_BYTES);
	put_cosigned(&message, stated_s, text);
	enum told_status status = message.status;
	if (status == TOLD_OK)
		status = told_ed25519_verify(vkey->key, told_buf_view(&message), blob.data + TIME_BYTES);
	told_buf_free(&message);
	if (status == TOLD_OK)
		*time_s = stated_s;
	return status;
}

static enum told_status verify_line(const struct told_vkey *vkey, struct told_bytes text, struct told_bytes blob,
				    uint64_t *time_s)
{
	*time_s = 0;
	if (vkey->kind == TOLD_NOTE_COSIGNATURE)
		return verify_cosignature(vkey, text, blob, time_s);
	if (vkey->kind != TOLD_NOTE_ED25519 || blob.len != TOLD_SIGNATURE_BYTES)
		return TOLD_E_SIGNATURE;
	return told_ed25519_verify(vkey->key, text, blob.data);
}

/* What the lines of a note have shown so far. */
struct found {
	const struct told_vkey *vkeys;
	size_t n;
	struct told_note_line *lines;
	size_t count;
	size_t wrong; /* lines of signatures up to the one that ended it; 0: none did */
};

/* One entry a key; of a witness that signed twice, the later time. */
static void remember(struct found *found, size_t vkey, uint64_t time_s)
{
	for (size_t i = 0; i < found->count; i++) {
		struct told_note_line *line = &found->lines[i];
		if (line->vkey != vkey)
			continue;
		if (line->time_s < time_s)
			line->time_s = time_s;
		return;
	}
	found->lines[found->count++] = (struct told_note_line){.vkey = vkey, .time_s = time_s};
}

/* Ids are 32 bits, so two keys of one name may share one: the line has to be good for one of them. */
static enum told_status judge_line(struct found *found, struct told_bytes text, const struct line *line)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < found->n; i++) {
		const struct told_vkey *vkey = &found->vkeys[i];
		if (!told_bytes_equal(vkey->name, line->name) || memcmp(vkey->id, line->id, ID_BYTES) != 0)
			continue;
		uint64_t time_s;
		status = verify_line(vkey, text, line->blob, &time_s);
		if (status == TOLD_OK) {
			remember(found, i, time_s);
			return TOLD_OK;
		}
	}
	return status;
}

static enum told_status judge_lines(struct told_bytes rest, struct told_bytes text, struct found *found)
{
	struct told_bytes next;
	for (size_t i = 0; told_line_take(&rest, &next); i++) {
		found->wrong = i + 1;
		if (i == TOLD_NOTE_LINES_MAX)
			return TOLD_E_LIMIT;
		struct told_buf blob = TOLD_BUF(SIGNATURE_MAX);
		struct line line;
		enum told_status status = parse_line(next, &blob, &line);
		if (status == TOLD_OK)
			status = judge_line(found, text, &line);
		told_buf_free(&blob);
		if (status != TOLD_OK)
			return status;
	}
	found->wrong = rest.len == 0 ? 0 : found->wrong + 1;
	return rest.len == 0 ? TOLD_OK : TOLD_E_MALFORMED;
}

/* Cuts at the last blank line: the text keeps its final newline, the signature lines are what is left. */
static bool cut(struct told_bytes note, struct told_bytes *text, struct told_bytes *lines)
{
	for (size_t i = note.len; i >= 2; i--) {
		if (note.data[i - 1] != '\n' || note.data[i - 2] != '\n')
			continue;
		*text = told_bytes(note.data, i - 1);
		*lines = told_bytes(note.data + i, note.len - i);
		return lines->len > 0;
	}
	return false;
}

static enum told_status open_form(struct told_bytes note, struct told_bytes *text, struct told_bytes *lines)
{
	if (note.len > TOLD_NOTE_MAX_BYTES)
		return TOLD_E_LIMIT;
	return told_text_printable(note) && cut(note, text, lines) ? TOLD_OK : TOLD_E_MALFORMED;
}

/* The line that keeps a note from being one: the first with a character that may not be there, else its last. */
static size_t line_of_form(struct told_bytes note)
{
	struct told_bytes line;
	size_t number = 1;
	for (; told_line_take(&note, &line) && told_text_printable(line); number++)
		if (note.len == 0)
			return number;
	return number;
}

enum told_status told_note_text(struct told_bytes note, struct told_bytes *text)
{
	struct told_bytes lines;
	return open_form(note, text, &lines);
}

enum told_status told_note_text_at(struct told_bytes note, struct told_bytes *text, size_t *line)
{
	enum told_status status = told_note_text(note, text);
	*line = status == TOLD_E_MALFORMED ? line_of_form(note) : 0;
	return status;
}

enum told_status told_note_open(struct told_bytes note, const struct told_vkey *vkeys, size_t n,
				struct told_bytes *text, struct told_note_line *lines, size_t *count)
{
	size_t line;
	return told_note_open_at(note, vkeys, n, text, lines, count, &line);
}

/* In the whole note, the line that is this many lines behind the text and its empty line. */
static size_t line_behind(struct told_bytes text, size_t lines)
{
	size_t number = 1;
	for (size_t i = 0; lines > 0 && i < text.len; i++)
		number += text.data[i] == '\n';
	return lines > 0 ? number + lines : 0;
}

enum told_status told_note_open_at(struct told_bytes note, const struct told_vkey *vkeys, size_t n,
				   struct told_bytes *text, struct told_note_line *lines, size_t *count, size_t *line)
{
	*count = 0;
	*line = 0;
	*text = told_bytes(NULL, 0);
	struct told_bytes signed_text, signature_lines;
	struct found found = {.vkeys = vkeys, .n = n, .lines = lines};
	enum told_status status = open_form(note, &signed_text, &signature_lines);
	if (status == TOLD_E_MALFORMED)
		*line = line_of_form(note);
	if (status != TOLD_OK)
		return status;
	status = judge_lines(signature_lines, signed_text, &found);
	*line = line_behind(signed_text, found.wrong);
	if (status == TOLD_OK && found.count == 0)
		status = TOLD_E_SIGNATURE;
	if (status != TOLD_OK)
		return status;
	*text = signed_text;
	*count = found.count;
	return TOLD_OK;
}
