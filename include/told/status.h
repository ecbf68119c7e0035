/* SPDX-License-Identifier: Apache-2.0 */
/* One status for every call that can fail. Its class decides the reaction, its value explains it. */
#ifndef TOLD_STATUS_H
#define TOLD_STATUS_H

/* The class of a status: what whoever receives it does next. */
enum told_status_class {
	TOLD_CLASS_OK,    /* go on */
	TOLD_CLASS_PEER,  /* what arrived is wrong: refuse it, log it, go on */
	TOLD_CLASS_BUSY,  /* not now: change nothing, answer busy, the same id may come again */
	TOLD_CLASS_LOCAL, /* our own files, settings or keys are wrong: say which, do not start */
	TOLD_CLASS_FATAL, /* the store or the machine failed: stop at once, recover at restart */
	TOLD_CLASS_BUG,   /* we broke our own contract */
};

/* X(name, class, text): text completes the sentence "It did not work: ...". */
#define TOLD_STATUSES(X)                                                                                               \
	X(OK, OK, "done")                                                                                              \
	X(E_MALFORMED, PEER, "the bytes do not have the form that they must have")                                     \
	X(E_LIMIT, PEER, "it is larger or longer than the limit allows")                                               \
	X(E_NOT_CANONICAL, PEER, "the bytes are not in the one canonical form")                                        \
	X(E_UNKNOWN, PEER, "a field, code or value in it is not known")                                                \
	X(E_SIGNATURE, PEER, "the signature does not verify")                                                          \
	X(E_KEY, PEER, "the key is unknown, not in force, of another purpose or unsafe")                               \
	X(E_PROOF, PEER, "the proof does not lead to the root")                                                        \
	X(E_DIGEST, PEER, "the section is not the one that was signed")                                                \
	X(E_COMMITMENT, PEER, "the key is not the one that was committed to")                                          \
	X(E_TAG, PEER, "the ciphertext was changed")                                                                   \
	X(E_NOT_FOR_ME, PEER, "it is addressed to somebody else")                                                      \
	X(E_IDENTITY, PEER, "the sender is not who is connected")                                                      \
	X(E_REPLAY, PEER, "the same message was here before")                                                          \
	X(E_EQUIVOCATION, PEER, "the same id was used for other bytes")                                                \
	X(E_STALE, PEER, "it is past its expiry")                                                                      \
	X(E_FUTURE, PEER, "its time lies in the future")                                                               \
	X(E_REFUSED, PEER, "agreement or permission does not allow it")                                                \
	X(E_NOT_ALLOWED, PEER, "this worker or party may not do that")                                                 \
	X(E_NOT_FOUND, PEER, "there is no such thing")                                                                 \
	X(E_EXISTS, PEER, "it is there already")                                                                       \
	X(E_USAGE, PEER, "the command or call was used wrongly")                                                       \
	X(E_BUSY, BUSY, "no room or no time for it now")                                                               \
	X(E_TIMEOUT, BUSY, "no answer came in time")                                                                   \
	X(E_UNREACHABLE, BUSY, "the other side cannot be reached")                                                     \
	X(E_FULL, BUSY, "the disk or the quota is full")                                                               \
	X(E_CONFIG, LOCAL, "a setting or a file is wrong")                                                             \
	X(E_PERMISSION, LOCAL, "a file has the wrong owner or mode")                                                   \
	X(E_IN_USE, LOCAL, "another process uses it")                                                                  \
	X(E_FORK, FATAL, "two histories of one log: what was signed before is not in what is there now")               \
	X(E_STORE, FATAL, "the store could not be read or written")                                                    \
	X(E_CORRUPT, FATAL, "what is stored is not what was written")                                                  \
	X(E_MEMORY, FATAL, "no memory was left")                                                                       \
	X(E_RANDOM, FATAL, "the system gave no random bytes")                                                          \
	X(E_SYSTEM, FATAL, "the operating system refused")                                                             \
	X(E_INTERNAL, BUG, "the program broke its own rules")

enum told_status {
#define X(name, class, text) TOLD_##name,
	TOLD_STATUSES(X)
#undef X
		TOLD_STATUS_COUNT
};

#define TOLD_MUST_USE __attribute__((warn_unused_result))

/* The class of a status; TOLD_CLASS_BUG for a number that is none. */
enum told_status_class told_status_class(enum told_status status);

/* Plain words for a status, static, never NULL. */
const char *told_status_text(enum told_status status);

/* The status by its name without prefix ("E_STALE"), static, never NULL; for logs and JSON. */
const char *told_status_name(enum told_status status);

#endif
