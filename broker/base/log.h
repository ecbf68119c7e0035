/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's log: one JSON object a line on stderr. A field is a number, a word written in our source, a status,
 * the id of a party, hexadecimal bytes, or a path of our own; there is no field for text that came from a peer (rules
 * B16). */
#ifndef TOLD_BASE_LOG_H
#define TOLD_BASE_LOG_H

#include "broker/base/clock.h"
#include "told/bytes.h"

#define TOLD_LOG_LINE_MAX_BYTES 2048u /* below PIPE_BUF: lines of several processes never mix */
#define TOLD_LOG_HEX_MAX_BYTES  32u   /* a hash or a key id; longer ones are cut, and say so */

enum told_log_level { TOLD_LOG_DEBUG, TOLD_LOG_INFO, TOLD_LOG_WARNING, TOLD_LOG_ERROR };

/* Where lines go. program is static. Copied freely, shared by threads: a line is one write(2). */
struct told_log {
	struct told_clock clock;
	const char *program;
	int fd;
	enum told_log_level least;
};

enum told_log_kind {
	TOLD_LOG_KIND_WORD,
	TOLD_LOG_KIND_NUMBER,
	TOLD_LOG_KIND_STATUS,
	TOLD_LOG_KIND_PARTY,
	TOLD_LOG_KIND_HEX,
	TOLD_LOG_KIND_PATH,
};

/* Made by the macros below only; "" x "" accepts nothing but a literal. */
struct told_log_field {
	const char *name;
	enum told_log_kind kind;
	int64_t number;
	struct told_bytes bytes;
};

#define TOLD_FIELD(key, field_kind, ...) ((struct told_log_field){.name = "" key "", .kind = (field_kind), __VA_ARGS__})
/* A word of our own, written out where it is logged. */
#define TOLD_LOG_WORD(key, word)                                                                                       \
	TOLD_FIELD(key, TOLD_LOG_KIND_WORD, .bytes = {(const uint8_t *)"" word "", sizeof(word) - 1})
#define TOLD_LOG_NUMBER(key, value)  TOLD_FIELD(key, TOLD_LOG_KIND_NUMBER, .number = (int64_t)(value))
#define TOLD_LOG_STATUS(key, status) TOLD_FIELD(key, TOLD_LOG_KIND_STATUS, .number = (status))
/* A party id of the agreement; bytes that have not the form of one (a-z, 0-9, - . _, at most 64) are logged as "?". */
#define TOLD_LOG_PARTY(key, party) TOLD_FIELD(key, TOLD_LOG_KIND_PARTY, .bytes = (party))
/* Message ids, key ids, hashes of what has high entropy; never a hash of a name or number. */
#define TOLD_LOG_HEX(key, data, len) TOLD_FIELD(key, TOLD_LOG_KIND_HEX, .bytes = told_bytes((data), (len)))
/* A path or endpoint from our own settings; escaped. */
#define TOLD_LOG_PATH(key, text) TOLD_FIELD(key, TOLD_LOG_KIND_PATH, .bytes = told_text(text))

/* One line: {"time":...,"level":...,"program":...,"event":...,fields}. event is a literal, "room.what_happened". A line
 * over the limit loses its last fields and ends in "cut":true. Nothing is returned: a full log stops nobody. */
#define told_log(log, level, event, ...)                                                                               \
	told_log_line((log), (level), "" event "", (const struct told_log_field[]){{.name = NULL}, ##__VA_ARGS__},     \
		      sizeof((const struct told_log_field[]){{.name = NULL}, ##__VA_ARGS__}) /                         \
			      sizeof(struct told_log_field))
/* What told_log calls; fields[0] is empty, so that a line may have none. */
void told_log_line(const struct told_log *log, enum told_log_level level, const char *event,
		   const struct told_log_field *fields, size_t count);

#endif
