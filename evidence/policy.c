/* SPDX-License-Identifier: Apache-2.0 */
/* Reads trust policies (C2SP tlog-policy): a file of lines, each a keyword and words. Touches memory only. */
#include "evidence/policy.h"

#include "evidence/line.h"

#include <inttypes.h>
#include <string.h>

#define END_MARK     "#told-end" /* to everybody else these three are comments */
#define LOG_MARK     "#told-log"
#define WITNESS_MARK "#told-witness"
#define WORDS_MAX    (TOLD_POLICY_NAMES_MAX + 3u) /* keyword, name, threshold, members */

/* One line, cut into words. */
struct words {
	struct told_bytes word[WORDS_MAX];
	size_t count;
};

struct parser {
	struct told_policy *policy;
	struct told_policy_fault *fault;
	struct told_vkey witnesses[TOLD_POLICY_NAMES_MAX];
	size_t witness_count;
	bool has_quorum;
};

static enum told_status refuse(struct parser *parser, enum told_status status, const char *what)
{
	parser->fault->what = what;
	return status;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* False when a line has more words than any line may have. */
static bool cut(struct told_bytes line, struct words *out)
{
	out->count = 0;
	for (size_t i = 0; i < line.len;) {
		if (is_blank(line.data[i])) {
			i++;
			continue;
		}
		size_t start = i;
		while (i < line.len && !is_blank(line.data[i]))
			i++;
		if (out->count == WORDS_MAX)
			return false;
		out->word[out->count++] = told_bytes(line.data + start, i - start);
	}
	return true;
}

/* Tab, newline, printable ASCII, and any byte with the high bit set, which stays opaque. */
static bool allowed(uint8_t c)
{
	return c == '\t' || c == '\n' || (c >= 0x20 && c != 0x7f);
}

static bool is(struct told_bytes word, const char *text)
{
	return told_bytes_equal(word, told_text(text));
}

static struct told_policy_name *find(struct told_policy *policy, struct told_bytes name)
{
	for (size_t i = 0; i < policy->name_count; i++)
		if (told_bytes_equal(policy->names[i].name, name))
			return &policy->names[i];
	return NULL;
}

/* ---- keys ---- */

static enum told_status read_key(struct parser *parser, struct told_bytes text, enum told_note_kind kind,
				 struct told_vkey *out)
{
	enum told_status status = told_vkey_parse(text, out);
	if (status == TOLD_E_KEY)
		return refuse(parser, status, "the verifier key is not a safe Ed25519 key");
	if (status != TOLD_OK)
		return refuse(parser, TOLD_E_MALFORMED,
			      "the verifier key has not the form name+id+key, or its id is wrong");
	if (out->kind != kind)
		return refuse(parser, TOLD_E_MALFORMED,
			      kind == TOLD_NOTE_ED25519 ? "a log needs a key of type 1 (Ed25519)"
							: "a witness needs a key of type 4 (cosignature)");
	return TOLD_OK;
}

static bool same_key(const struct told_vkey *a, const struct told_vkey *b)
{
	return memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* C2SP: two lines are duplicates when they hold one public key, whatever its name. */
static enum told_status take_key(struct parser *parser, struct told_bytes text, enum told_note_kind kind,
				 const struct told_vkey *others, size_t n, struct told_vkey *out)
{
	enum told_status status = read_key(parser, text, kind, out);
	for (size_t i = 0; status == TOLD_OK && i < n; i++)
		if (same_key(&others[i], out))
			return refuse(parser, TOLD_E_MALFORMED, "this public key stands in an earlier line already");
	return status;
}

static enum told_status read_log(struct parser *parser, const struct words *words)
{
	struct told_policy *policy = parser->policy;
	if (words->count != 2 && words->count != 3)
		return refuse(parser, TOLD_E_MALFORMED, "a log line is: log VKEY [URL]");
	if (policy->log_count == TOLD_POLICY_LOGS_MAX)
		return refuse(parser, TOLD_E_LIMIT, "too many logs");
	struct told_vkey *vkey = &policy->keys[policy->log_count];
	enum told_status status =
		take_key(parser, words->word[1], TOLD_NOTE_ED25519, policy->keys, policy->log_count, vkey);
	if (status == TOLD_OK)
		policy->last_size[policy->log_count++] = UINT64_MAX;
	return status;
}

/* ---- logs that ended ---- */

void told_policy_put_log(const struct told_vkey *vkey, uint64_t last_size, struct told_buf *out)
{
	told_buf_put_text(out, LOG_MARK " ");
	told_vkey_format(vkey, out);
	told_buf_printf(out, " %" PRIu64 "\n", last_size);
}

/* Name up to its last slash. */
static struct told_bytes stem_of(struct told_bytes name)
{
	size_t len = name.len;
	while (len > 0 && name.data[len - 1] != '/')
		len--;
	return told_bytes(name.data, len);
}

/* One key signs one log of a partnership after another, each under its own name: northtown/1, northtown/2. */
static bool is_series(const struct told_vkey *a, const struct told_vkey *b)
{
	struct told_bytes stem = stem_of(a->name);
	return stem.len > 0 && told_bytes_equal(stem, stem_of(b->name)) && !told_bytes_equal(a->name, b->name);
}

/* Brings no key of its own: it must be the key of an earlier log line, under the name of another log of the same
 * partnership. */
static enum told_status read_former(struct parser *parser, const struct words *words)
{
	struct told_policy *policy = parser->policy;
	struct told_vkey *vkey = &policy->keys[policy->log_count];
	uint64_t size = 0;
	bool known = false;
	if (words->count != 3 || told_decimal(words->word[2], INT64_MAX, &size) != TOLD_OK)
		return refuse(parser, TOLD_E_MALFORMED, "the line of a log that ended is: " LOG_MARK " VKEY SIZE");
	if (policy->log_count == TOLD_POLICY_LOGS_MAX)
		return refuse(parser, TOLD_E_LIMIT, "too many logs");
	enum told_status status = read_key(parser, words->word[1], TOLD_NOTE_ED25519, vkey);
	for (size_t i = 0; status == TOLD_OK && i < policy->log_count; i++) {
		bool same = same_key(&policy->keys[i], vkey);
		known |= same && is_series(&policy->keys[i], vkey);
		if (same && told_bytes_equal(policy->keys[i].name, vkey->name))
			return refuse(parser, TOLD_E_MALFORMED,
				      "this key of this log stands in an earlier line already");
	}
	if (status == TOLD_OK && !known)
		return refuse(parser, TOLD_E_MALFORMED,
			      "the key is not that of an earlier log line of the same partnership");
	if (status == TOLD_OK)
		policy->last_size[policy->log_count++] = size;
	return status;
}

/* ---- the end of a log's key ---- */

void told_policy_put_end(const struct told_vkey *vkey, uint64_t last_size, struct told_buf *out)
{
	char id[2 * sizeof vkey->id + 1];
	told_hex(vkey->id, sizeof vkey->id, id);
	told_buf_put_text(out, END_MARK " ");
	told_buf_put_bytes(out, vkey->name);
	told_buf_printf(out, "+%s %" PRIu64 "\n", id, last_size);
}

/* The log's key that this names, of an earlier line; log_count when there is none. */
static size_t find_log(const struct told_policy *policy, struct told_bytes name)
{
	size_t i = 0;
	for (; i < policy->log_count; i++) {
		char id[2 * sizeof policy->keys[i].id + 2] = "+";
		size_t len = policy->keys[i].name.len;
		told_hex(policy->keys[i].id, sizeof policy->keys[i].id, id + 1);
		if (name.len == len + strlen(id) &&
		    told_bytes_equal(told_bytes(name.data, len), policy->keys[i].name) &&
		    memcmp(name.data + len, id, strlen(id)) == 0)
			break;
	}
	return i;
}

/* A statement of ours: what stands behind the mark is not passed over in silence when it is wrong. */
static enum told_status read_end(struct parser *parser, const struct words *words)
{
	struct told_policy *policy = parser->policy;
	uint64_t size = 0;
	if (words->count != 3 || told_decimal(words->word[2], INT64_MAX, &size) != TOLD_OK)
		return refuse(parser, TOLD_E_MALFORMED, "an end line is: " END_MARK " NAME+ID SIZE");
	size_t log = find_log(policy, words->word[1]);
	if (log == policy->log_count)
		return refuse(parser, TOLD_E_MALFORMED, "the key that ends is not that of an earlier log line");
	if (policy->last_size[log] != UINT64_MAX)
		return refuse(parser, TOLD_E_MALFORMED, "the end of this key stands in an earlier line already");
	policy->last_size[log] = size;
	return TOLD_OK;
}

/* ---- former keys of witnesses ---- */

void told_policy_put_witness(const struct told_vkey *vkey, struct told_buf *out)
{
	told_buf_put_text(out, WITNESS_MARK " ");
	told_vkey_format(vkey, out);
	told_buf_put_text(out, "\n");
}

static enum told_status take_witness(struct parser *parser, struct told_bytes text)
{
	if (parser->witness_count == TOLD_POLICY_NAMES_MAX)
		return refuse(parser, TOLD_E_LIMIT, "too many keys of witnesses");
	return take_key(parser, text, TOLD_NOTE_COSIGNATURE, parser->witnesses, parser->witness_count,
			&parser->witnesses[parser->witness_count]);
}

/* It stands under no name that a group could have as its member: what it signed is checked, and makes no quorum. */
static enum told_status read_former_witness(struct parser *parser, const struct words *words)
{
	if (words->count != 2)
		return refuse(parser, TOLD_E_MALFORMED, "the line of a witness's former key is: " WITNESS_MARK " VKEY");
	enum told_status status = take_witness(parser, words->word[1]);
	parser->witness_count += status == TOLD_OK;
	return status;
}

/* ---- names ---- */

static enum told_status new_name(struct parser *parser, struct told_bytes name, struct told_policy_name **out)
{
	struct told_policy *policy = parser->policy;
	if (is(name, "none"))
		return refuse(parser, TOLD_E_MALFORMED, "the name none is taken: it means no quorum");
	if (find(policy, name) != NULL)
		return refuse(parser, TOLD_E_MALFORMED, "this name stands in an earlier line already");
	if (policy->name_count == TOLD_POLICY_NAMES_MAX)
		return refuse(parser, TOLD_E_LIMIT, "too many witnesses and groups");
	*out = &policy->names[policy->name_count];
	**out = (struct told_policy_name){.name = name, .key = TOLD_POLICY_NONE, .group = TOLD_POLICY_NONE};
	return TOLD_OK;
}

static enum told_status read_witness(struct parser *parser, const struct words *words)
{
	struct told_policy_name *name;
	if (words->count != 3 && words->count != 4)
		return refuse(parser, TOLD_E_MALFORMED, "a witness line is: witness NAME VKEY [URL]");
	enum told_status status = new_name(parser, words->word[1], &name);
	if (status == TOLD_OK)
		status = take_witness(parser, words->word[2]);
	if (status != TOLD_OK)
		return status;
	name->key = parser->witness_count++;
	parser->policy->name_count++;
	return TOLD_OK;
}

static enum told_status read_threshold(struct parser *parser, struct told_bytes word, struct told_policy_name *group)
{
	uint64_t k = 0;
	if (is(word, "all"))
		group->threshold = group->members;
	else if (is(word, "any"))
		group->threshold = 1;
	else if (told_decimal(word, group->members, &k) == TOLD_OK && k >= 1)
		group->threshold = (size_t)k;
	else
		return refuse(parser, TOLD_E_MALFORMED,
			      "a threshold is all, any, or a number from 1 to that of the members");
	return TOLD_OK;
}

/* Members that satisfy both sides count twice; the others are dealt out evenly, which is the worst that can happen. */
static bool could_split(size_t threshold, size_t members, size_t both)
{
	return threshold <= both + (members - both) / 2;
}

static enum told_status read_group(struct parser *parser, const struct words *words)
{
	struct told_policy *policy = parser->policy;
	struct told_policy_name *group;
	size_t both = 0;
	if (words->count < 4)
		return refuse(parser, TOLD_E_MALFORMED, "a group line is: group NAME all|any|NUMBER MEMBER...");
	enum told_status status = new_name(parser, words->word[1], &group);
	if (status != TOLD_OK)
		return status;
	group->members = words->count - 3;
	status = read_threshold(parser, words->word[2], group);
	for (size_t i = 3; status == TOLD_OK && i < words->count; i++) {
		struct told_policy_name *member = find(policy, words->word[i]);
		if (member == NULL)
			return refuse(parser, TOLD_E_MALFORMED, "a member is not defined in an earlier line");
		if (member->group != TOLD_POLICY_NONE)
			return refuse(parser, TOLD_E_MALFORMED, "a member belongs to a group already");
		member->group = policy->name_count;
		both += member->splits;
	}
	if (status != TOLD_OK)
		return status;
	group->splits = could_split(group->threshold, group->members, both);
	policy->name_count++;
	return TOLD_OK;
}

static enum told_status read_quorum(struct parser *parser, const struct words *words)
{
	struct told_policy *policy = parser->policy;
	if (words->count != 2)
		return refuse(parser, TOLD_E_MALFORMED, "a quorum line is: quorum NAME, or quorum none");
	if (parser->has_quorum)
		return refuse(parser, TOLD_E_MALFORMED, "a policy has one quorum line");
	parser->has_quorum = true;
	if (is(words->word[1], "none"))
		return TOLD_OK;
	const struct told_policy_name *name = find(policy, words->word[1]);
	if (name == NULL)
		return refuse(parser, TOLD_E_MALFORMED, "the quorum is not defined in an earlier line");
	if (name->splits)
		return refuse(parser, TOLD_E_MALFORMED,
			      "two such quorums could share no witness: ask for more than half");
	policy->quorum = (size_t)(name - policy->names);
	return TOLD_OK;
}

/* ---- the file ---- */

static enum told_status read_line(struct parser *parser, struct told_bytes line)
{
	static const struct {
		const char *keyword;
		enum told_status (*read)(struct parser *parser, const struct words *words);
	} lines[] = {{"log", read_log}, {"witness", read_witness}, {"group", read_group}, {"quorum", read_quorum}};
	struct words words;
	bool fits = cut(line, &words);
	if (words.count > 0 && is(words.word[0], END_MARK))
		return read_end(parser, &words);
	if (words.count > 0 && is(words.word[0], LOG_MARK))
		return read_former(parser, &words);
	if (words.count > 0 && is(words.word[0], WITNESS_MARK))
		return read_former_witness(parser, &words);
	if (words.count == 0 || words.word[0].data[0] == '#')
		return TOLD_OK;
	if (!fits)
		return refuse(parser, TOLD_E_LIMIT, "too many words");
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (is(words.word[0], lines[i].keyword))
			return lines[i].read(parser, &words);
	return refuse(parser, TOLD_E_MALFORMED, "a line starts with log, witness, group or quorum");
}

static enum told_status read_lines(struct parser *parser, struct told_bytes text)
{
	struct told_bytes line, rest = text;
	while (told_line_take(&rest, &line)) {
		parser->fault->line++;
		for (size_t i = 0; i < line.len; i++)
			if (!allowed(line.data[i]))
				return refuse(parser, TOLD_E_MALFORMED, "it holds a control character");
		enum told_status status = read_line(parser, line);
		if (status != TOLD_OK)
			return status;
	}
	parser->fault->line++;
	if (rest.len != 0)
		return refuse(parser, TOLD_E_MALFORMED, "the last line does not end in a newline");
	parser->fault->line = 0;
	return parser->has_quorum ? TOLD_OK : refuse(parser, TOLD_E_MALFORMED, "it has no quorum line");
}

enum told_status told_policy_parse(struct told_bytes text, struct told_policy *out, struct told_policy_fault *fault)
{
	struct parser parser = {.policy = out, .fault = fault};
	*out = (struct told_policy){.quorum = TOLD_POLICY_NONE};
	*fault = (struct told_policy_fault){0};
	if (text.len > TOLD_POLICY_MAX_BYTES)
		return refuse(&parser, TOLD_E_LIMIT, "it is larger than a policy can be");
	enum told_status status = read_lines(&parser, text);
	if (status != TOLD_OK)
		return status;
	memcpy(out->keys + out->log_count, parser.witnesses, parser.witness_count * sizeof parser.witnesses[0]);
	out->key_count = out->log_count + parser.witness_count;
	for (size_t i = 0; i < out->name_count; i++)
		if (out->names[i].key != TOLD_POLICY_NONE)
			out->names[i].key += out->log_count;
	return TOLD_OK;
}

bool told_policy_met(const struct told_policy *policy, const bool signed_by[TOLD_POLICY_KEYS_MAX])
{
	size_t votes[TOLD_POLICY_NAMES_MAX] = {0};
	if (policy->quorum == TOLD_POLICY_NONE)
		return true;
	for (size_t i = 0; i <= policy->quorum; i++) { /* members stand before their group */
		const struct told_policy_name *name = &policy->names[i];
		bool met = name->key != TOLD_POLICY_NONE ? signed_by[name->key] : votes[i] >= name->threshold;
		if (i == policy->quorum)
			return met;
		if (met && name->group != TOLD_POLICY_NONE)
			votes[name->group]++;
	}
	return false;
}
