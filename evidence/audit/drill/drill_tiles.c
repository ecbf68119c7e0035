/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody with an export can do to its files: change, cut, swap and remove them, entry by entry and hash by hash.
 * A table of kinds; each is read back by the verification as a folder of tiles. */
#include "evidence/audit/drill/drill.h"

#include "evidence/audit/base/given.h"

#include <string.h>

#define FILE_BYTES (TOLD_TILE_WIDTH * (2u + TOLD_LEAF_MAX_BYTES))

/* A place in the folder: a file, and which entry or hash of it. */
struct spot {
	size_t file;
	unsigned at;
};

/* ---- where ---- */

/* Each file, or each entry or hash of each file, of the kinds that a bit names. */
static uint64_t weight(const struct told_folder_file *file, unsigned kinds, bool each)
{
	return (kinds >> file->kind & 1) == 0 ? 0 : each ? file->width : 1;
}

static uint64_t count(const struct told_drill *drill, unsigned kinds, bool each)
{
	uint64_t total = 0;
	for (size_t i = 0; i < drill->folder->count; i++)
		total += weight(&drill->folder->files[i], kinds, each);
	return total;
}

static struct spot find(const struct told_drill *drill, unsigned kinds, bool each, uint64_t place)
{
	size_t i = 0;
	for (; place >= weight(&drill->folder->files[i], kinds, each); i++)
		place -= weight(&drill->folder->files[i], kinds, each);
	return (struct spot){i, (unsigned)place};
}

#define KIND(kind) (1u << TOLD_FOLDER_##kind)
#define ANY_FILE   (KIND(CHECKPOINT) | KIND(BUNDLE) | KIND(TILE))

static enum told_status files(struct told_drill *drill, const struct told_tampering *self, uint64_t *out)
{
	(void)self;
	*out = count(drill, ANY_FILE, false);
	return TOLD_OK;
}

static enum told_status entries(struct told_drill *drill, const struct told_tampering *self, uint64_t *out)
{
	(void)self;
	*out = count(drill, KIND(BUNDLE), true);
	return TOLD_OK;
}

static enum told_status hashes(struct told_drill *drill, const struct told_tampering *self, uint64_t *out)
{
	(void)self;
	*out = count(drill, KIND(TILE), true);
	return TOLD_OK;
}

static enum told_status once(struct told_drill *drill, const struct told_tampering *self, uint64_t *out)
{
	(void)drill, (void)self;
	*out = 1;
	return TOLD_OK;
}

/* ---- what ---- */

typedef enum told_status change(struct told_buf *bytes, struct spot spot);

/* Reads the file, changes it, puts it back; the verification then reads the folder. */
static enum told_status with_file(struct told_drill *drill, struct spot spot, change *what)
{
	struct told_buf bytes = TOLD_BUF(FILE_BYTES + 1);
	enum told_status status = told_folder_read(drill->folder, spot.file, &bytes);
	if (status == TOLD_OK)
		status = what(&bytes, spot);
	if (status == TOLD_OK)
		status = told_folder_put(drill->folder, spot.file, &bytes);
	told_buf_free(&bytes);
	drill->request.source = NULL;
	return status;
}

static void flip(uint8_t *bytes, size_t len, uint64_t n)
{
	bytes[n / 8 % len] ^= (uint8_t)(1u << n % 8);
}

/* The entry `at` of a bundle, its length before it. False when it has none such. */
static bool entry_at(const struct told_buf *bundle, unsigned at, struct told_bytes *out)
{
	struct told_bytes rest = told_buf_view(bundle), entry;
	for (unsigned i = 0; i <= at; i++) {
		const uint8_t *start = rest.data;
		if (!told_bundle_take(&rest, &entry))
			return false;
		*out = told_bytes(start, entry.len + 2);
	}
	return true;
}

static size_t offset_of(const struct told_buf *bundle, struct told_bytes entry)
{
	return (size_t)(entry.data - bundle->data);
}

static enum told_status flip_entry(struct told_buf *bytes, struct spot spot)
{
	struct told_bytes entry;
	if (!entry_at(bytes, spot.at, &entry) || entry.len <= 2)
		return TOLD_E_NOT_FOUND;
	flip(bytes->data + offset_of(bytes, entry) + 2, entry.len - 2, spot.at * 37u);
	return TOLD_OK;
}

static enum told_status flip_length(struct told_buf *bytes, struct spot spot)
{
	struct told_bytes entry;
	if (!entry_at(bytes, spot.at, &entry))
		return TOLD_E_NOT_FOUND;
	flip(bytes->data + offset_of(bytes, entry), 2, spot.at);
	return TOLD_OK;
}

static enum told_status drop_entry(struct told_buf *bytes, struct spot spot)
{
	struct told_bytes entry;
	if (!entry_at(bytes, spot.at, &entry))
		return TOLD_E_NOT_FOUND;
	size_t at = offset_of(bytes, entry);
	memmove(bytes->data + at, bytes->data + at + entry.len, bytes->len - at - entry.len);
	bytes->len -= entry.len;
	return TOLD_OK;
}

static enum told_status swap_entries(struct told_buf *bytes, struct spot spot)
{
	struct told_bytes one, next;
	if (!entry_at(bytes, spot.at, &one) || !entry_at(bytes, spot.at + 1, &next) || told_bytes_equal(one, next))
		return TOLD_E_NOT_FOUND;
	struct told_buf both = TOLD_BUF(FILE_BYTES);
	told_buf_put_bytes(&both, next);
	told_buf_put_bytes(&both, one);
	if (both.status == TOLD_OK)
		memcpy(bytes->data + offset_of(bytes, one), both.data, both.len);
	enum told_status status = both.status;
	told_buf_free(&both);
	return status;
}

static enum told_status flip_hash(struct told_buf *bytes, struct spot spot)
{
	size_t at = (size_t)spot.at * TOLD_HASH_BYTES;
	if (at + TOLD_HASH_BYTES > bytes->len)
		return TOLD_E_NOT_FOUND;
	flip(bytes->data + at, TOLD_HASH_BYTES, spot.at * 37u);
	return TOLD_OK;
}

static enum told_status swap_hashes(struct told_buf *bytes, struct spot spot)
{
	size_t at = (size_t)spot.at * TOLD_HASH_BYTES;
	uint8_t one[TOLD_HASH_BYTES];
	if (at + sizeof one + sizeof one > bytes->len)
		return TOLD_E_NOT_FOUND;
	memcpy(one, bytes->data + at, sizeof one);
	memcpy(bytes->data + at, bytes->data + at + sizeof one, sizeof one);
	memcpy(bytes->data + at + sizeof one, one, sizeof one);
	return memcmp(bytes->data + at, one, sizeof one) != 0 ? TOLD_OK : TOLD_E_NOT_FOUND;
}

static enum told_status cut(struct told_buf *bytes, struct spot spot)
{
	(void)spot;
	bytes->len -= bytes->len > 0;
	return TOLD_OK;
}

static enum told_status add(struct told_buf *bytes, struct spot spot)
{
	(void)spot;
	told_buf_put(bytes, "x", 1);
	return bytes->status;
}

static enum told_status empty(struct told_buf *bytes, struct spot spot)
{
	(void)spot;
	bytes->len = 0;
	return TOLD_OK;
}

static enum told_status unsign(struct told_buf *bytes, struct spot spot)
{
	struct told_bytes text;
	(void)spot;
	enum told_status status = told_note_text(told_buf_view(bytes), &text);
	if (status == TOLD_OK)
		bytes->len = text.len + 1; /* and the blank line */
	return status;
}

/* ---- the kinds ---- */

/* A place of a kind: where it counts, and what it does there. */
#define APPLY(name, kinds, each, what)                                                                                 \
	static enum told_status name(struct told_drill *drill, const struct told_tampering *self, uint64_t place)      \
	{                                                                                                              \
		(void)self;                                                                                            \
		return with_file(drill, find(drill, kinds, each, place), what);                                        \
	}
APPLY(turn_entry, KIND(BUNDLE), true, flip_entry)
APPLY(turn_length, KIND(BUNDLE), true, flip_length)
APPLY(delete_entry, KIND(BUNDLE), true, drop_entry)
APPLY(exchange_entries, KIND(BUNDLE), true, swap_entries)
APPLY(turn_hash, KIND(TILE), true, flip_hash)
APPLY(exchange_hashes, KIND(TILE), true, swap_hashes)
APPLY(cut_file, ANY_FILE, false, cut)
APPLY(lengthen_file, ANY_FILE, false, add)
APPLY(empty_file, ANY_FILE, false, empty)
APPLY(remove_signatures, KIND(CHECKPOINT), false, unsign)

static enum told_status delete_file(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	(void)self;
	drill->request.source = NULL;
	return told_folder_put(drill->folder, (size_t)place, NULL);
}

/* The log as the files hold it ends before the last bundle; the checkpoint says what it said. */
static enum told_status end_earlier(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	const unsigned kinds[] = {KIND(BUNDLE), KIND(TILE)};
	enum told_status status = TOLD_OK;
	(void)self, (void)place;
	for (size_t i = 0; status == TOLD_OK && i < sizeof kinds / sizeof kinds[0]; i++) {
		uint64_t bundles =
			count(drill, KIND(BUNDLE), false); /* and as many tiles of level 0 before the others */
		status = told_folder_put(drill->folder, find(drill, kinds[i], false, bundles - 1).file, NULL);
	}
	drill->request.source = NULL;
	return status;
}

/* An entry and its hash, both replaced by the next: the tiles above and the checkpoint know better. */
static enum told_status repeat_entry(struct told_buf *bytes, struct spot spot)
{
	struct told_bytes one, next;
	if (!entry_at(bytes, spot.at, &one) || !entry_at(bytes, spot.at + 1, &next) || told_bytes_equal(one, next))
		return TOLD_E_NOT_FOUND;
	struct told_buf forged = TOLD_BUF(FILE_BYTES);
	size_t at = offset_of(bytes, one);
	told_buf_put(&forged, bytes->data, at);
	told_buf_put_bytes(&forged, next);
	told_buf_put(&forged, bytes->data + at + one.len, bytes->len - at - one.len);
	told_buf_free(bytes);
	*bytes = forged;
	return bytes->status;
}

static enum told_status repeat_hash(struct told_buf *bytes, struct spot spot)
{
	size_t at = (size_t)spot.at * TOLD_HASH_BYTES;
	if (at + 2 * TOLD_HASH_BYTES > bytes->len)
		return TOLD_E_NOT_FOUND;
	memcpy(bytes->data + at, bytes->data + at + TOLD_HASH_BYTES, TOLD_HASH_BYTES);
	return TOLD_OK;
}

/* The bundles and the tiles of level 0 count alike. */
static enum told_status forge(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	(void)self;
	enum told_status status = with_file(drill, find(drill, KIND(BUNDLE), true, place), repeat_entry);
	return status == TOLD_OK ? with_file(drill, find(drill, KIND(TILE), true, place), repeat_hash) : status;
}

/* ---- the checkpoint ---- */

#define KEY_ID_SIGNS                                                                                                   \
	6u /* of base64: whoever turns one of them makes the line one of an unknown key, which is ignored */

static bool is_known(const struct told_policy *policy, struct told_bytes line)
{
	static const char dash[] = "\xe2\x80\x94 ";
	for (size_t i = 0; i < policy->key_count; i++) {
		struct told_bytes name = policy->keys[i].name;
		size_t before = sizeof dash - 1 + name.len;
		if (line.len > before && memcmp(line.data, dash, sizeof dash - 1) == 0 &&
		    memcmp(line.data + sizeof dash - 1, name.data, name.len) == 0 && line.data[before] == ' ')
			return true;
	}
	return false;
}

/* Which bytes count: the text, and of each line of a key that the policy knows the signature. Gives how many, and where
 * the one numbered `wanted` stands. */
static size_t counting(const struct told_policy *policy, struct told_bytes note, size_t wanted, size_t *at)
{
	struct told_bytes text;
	size_t total = 0;
	if (told_note_text(note, &text) != TOLD_OK)
		return 0;
	for (size_t i = 0; i <= text.len; i++, total++) /* and the blank line */
		if (total == wanted)
			*at = i;
	for (size_t start = text.len + 1; start < note.len;) {
		const uint8_t *end = memchr(note.data + start, '\n', note.len - start);
		if (end == NULL)
			break;
		struct told_bytes line = {note.data + start, (size_t)(end - note.data) - start};
		const uint8_t *blank = memrchr(line.data, ' ', line.len);
		if (blank == NULL)
			break;
		for (const uint8_t *p = blank + 1 + KEY_ID_SIGNS; is_known(policy, line) && p < end; p++, total++)
			if (total == wanted)
				*at = (size_t)(p - note.data);
		start += line.len + 1;
	}
	return total;
}

static enum told_status with_checkpoint(struct told_drill *drill, uint64_t place, uint64_t *bits)
{
	struct told_buf policy_text = TOLD_BUF(TOLD_POLICY_MAX_BYTES), note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_policy policy;
	size_t at = 0;
	enum told_status status = TOLD_E_CONFIG;
	if (told_policy_read(drill->request.policy, drill->io->err, &policy_text, &policy) == TOLD_AUDIT_GOOD)
		status = told_folder_read(drill->folder, 0, &note);
	size_t total = status == TOLD_OK ? counting(&policy, told_buf_view(&note), (size_t)(place / 8), &at) : 0;
	if (bits != NULL) {
		*bits = 8 * (uint64_t)total;
	} else if (status == TOLD_OK) {
		note.data[at] ^= (uint8_t)(1u << place % 8);
		status = told_folder_put(drill->folder, 0, &note);
		drill->request.source = NULL;
	}
	told_buf_free(&policy_text);
	told_buf_free(&note);
	return status;
}

static enum told_status checkpoint_bits(struct told_drill *drill, const struct told_tampering *self, uint64_t *out)
{
	(void)self;
	return with_checkpoint(drill, 0, out);
}

static enum told_status turn_checkpoint(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	(void)self;
	return with_checkpoint(drill, place, NULL);
}

/* clang-format off */
static const struct told_tampering kinds[] = {
	{.name = "one bit of an entry turned", .places = entries, .apply = turn_entry},
	{.name = "one bit of an entry's length turned", .places = entries, .apply = turn_length},
	{.name = "one bit of a hash in a tile turned", .places = hashes, .apply = turn_hash},
	{.name = "one bit of the checkpoint turned", .places = checkpoint_bits, .apply = turn_checkpoint},
	{.name = "an entry deleted", .places = entries, .apply = delete_entry},
	{.name = "two entries swapped", .places = entries, .apply = exchange_entries},
	{.name = "two hashes of a tile swapped", .places = hashes, .apply = exchange_hashes},
	{.name = "an entry and its hash replaced by the next", .places = entries, .apply = forge},
	{.name = "a file deleted", .places = files, .apply = delete_file},
	{.name = "a file emptied", .places = files, .apply = empty_file},
	{.name = "a file cut short", .places = files, .apply = cut_file},
	{.name = "a byte added to a file", .places = files, .apply = lengthen_file},
	{.name = "the last bundle and its tile deleted", .places = once, .apply = end_earlier},
	{.name = "the signatures of the checkpoint removed", .places = once, .apply = remove_signatures},
};
/* clang-format on */

const struct told_tampering *told_tampering_of_tiles(size_t number)
{
	return number < sizeof kinds / sizeof kinds[0] ? &kinds[number] : NULL;
}
