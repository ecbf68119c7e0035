/* SPDX-License-Identifier: Apache-2.0 */
/* Reading one FHIR resource: where we are (FHIRPath), refusing with a reason, and the data types. Room-internal.
 * Every call that takes an at reads a member of the object there; a member of the wrong type refuses the resource. */
#ifndef TOLD_IMPORT_FHIR_H
#define TOLD_IMPORT_FHIR_H

#include "agents/import/doc.h"
#include "agents/import/import.h"
#include "agents/story/section.h"

/* A step of a FHIRPath, on the stack of whoever walks; index is TOLD_IMPORT_NONE where the step is no list member. */
struct told_fhir_at {
	const struct told_fhir_at *up;
	const char *name;
	size_t index;
};

#define TOLD_FHIR_AT(up_, name_)           (&(const struct told_fhir_at){(up_), (name_), TOLD_IMPORT_NONE})
#define TOLD_FHIR_AT_I(up_, name_, index_) (&(const struct told_fhir_at){(up_), (name_), (index_)})

/* The reader of one file. reason and place are those of the resource being read, set by told_fhir_refuse. */
struct told_fhir {
	struct told_import *import;
	const struct told_import_options *options;
	const struct told_import_doc *doc;
	json_t *by_url;  /* fullUrl of a bundle's entry -> its resource */
	json_t *by_form; /* url of a Questionnaire -> {linkId -> item} */
	size_t counted;  /* resources, for the limit */
	const json_t *resource;
	const struct told_fhir_at *at; /* of the resource */
	const char *type, *id;         /* of the resource, printable */
	const char *reason, *place;
	bool confidential; /* by its security labels */
	struct told_bytes original;
};

/* Sets the outcome's reason and place. Returns TOLD_E_REFUSED, or TOLD_E_MEMORY. */
__attribute__((format(printf, 3, 4))) TOLD_MUST_USE enum told_status
told_fhir_refuse(struct told_fhir *fhir, const struct told_fhir_at *at, const char *format, ...);
/* The reason of an import. */
__attribute__((format(printf, 2, 3))) TOLD_MUST_USE enum told_status told_fhir_say(struct told_fhir *fhir,
										   const char *format, ...);
/* The FHIRPath as text in the arena; NULL when memory is out. Names that are no identifiers end it. */
const char *told_fhir_path(struct told_fhir *fhir, const struct told_fhir_at *at);

/* Members; NULL or empty when absent. Views borrow from the tree. */
TOLD_MUST_USE enum told_status told_fhir_text(struct told_fhir *fhir, const struct told_fhir_at *at,
					      const json_t *object, const char *name, struct told_bytes *out);
TOLD_MUST_USE enum told_status told_fhir_object(struct told_fhir *fhir, const struct told_fhir_at *at,
						const json_t *object, const char *name, json_t **out);
/* A list whose members are all objects. */
TOLD_MUST_USE enum told_status told_fhir_list(struct told_fhir *fhir, const struct told_fhir_at *at,
					      const json_t *object, const char *name, json_t **out);
/* A code that must be there and among count words, each with what it means to us. */
struct told_fhir_word {
	const char *code;
	unsigned value; /* 0: known, and refused with why */
	const char *why;
};
TOLD_MUST_USE enum told_status told_fhir_code(struct told_fhir *fhir, const struct told_fhir_at *at,
					      const json_t *object, const char *name,
					      const struct told_fhir_word *words, size_t count, unsigned *value);

struct told_fhir_coding {
	struct told_bytes system, code, display;
};
#define TOLD_FHIR_CODINGS_MAX 16u /* translations of one concept; real ones have under five */
struct told_fhir_concept {
	struct told_fhir_coding codings[TOLD_FHIR_CODINGS_MAX];
	size_t count;
	struct told_bytes text;
};
TOLD_MUST_USE enum told_status told_fhir_coding(struct told_fhir *fhir, const struct told_fhir_at *at,
						const json_t *coding, struct told_fhir_coding *out);
/* A CodeableConcept member; count 0 and no text when absent. */
TOLD_MUST_USE enum told_status told_fhir_concept(struct told_fhir *fhir, const struct told_fhir_at *at,
						 const json_t *object, const char *name, struct told_fhir_concept *out);
/* The CodeableConcept at a path. */
TOLD_MUST_USE enum told_status told_fhir_concept_at(struct told_fhir *fhir, const struct told_fhir_at *at,
						    const json_t *concept, struct told_fhir_concept *out);
/* The first coding with system and code; NULL when there is none. */
const struct told_fhir_coding *told_fhir_first(const struct told_fhir_concept *concept);
/* All codings are system|code (and there is one at least). */
bool told_fhir_is(const struct told_fhir_concept *concept, const char *system, const char *code);

/* A Reference: its text ("Type/id", or system|value of its identifier; empty when it has only words) and the type of
 * what it names, found in the reference itself or inside the same file; empty when that cannot be told. */
struct told_fhir_reference {
	struct told_bytes text, type;
	bool there;
};
TOLD_MUST_USE enum told_status told_fhir_reference(struct told_fhir *fhir, const struct told_fhir_at *at,
						   const json_t *object, const char *name,
						   struct told_fhir_reference *out);
/* The first of a list of references. */
TOLD_MUST_USE enum told_status told_fhir_first_reference(struct told_fhir *fhir, const struct told_fhir_at *at,
							 const json_t *object, const char *name,
							 struct told_fhir_reference *out);
/* The Reference at a path. */
TOLD_MUST_USE enum told_status told_fhir_reference_at(struct told_fhir *fhir, const struct told_fhir_at *at,
						      const json_t *reference, struct told_fhir_reference *out);
/* Whose words: the person's when the reference names the subject, the worker's, measured for a device, else other. */
unsigned told_fhir_voice(const struct told_fhir *fhir, const struct told_fhir_reference *who);
/* The person a resource is about. One file is about one person; anybody or anything else is refused. */
TOLD_MUST_USE enum told_status told_fhir_subject(struct told_fhir *fhir, const char *name, bool needed,
						 struct told_bytes *out);

/* A date, dateTime or instant: text as written, and the first millisecond it names (with end: the first after it);
 * empty and NO_TIME when absent. */
TOLD_MUST_USE enum told_status told_fhir_time(struct told_fhir *fhir, const struct told_fhir_at *at,
					      const json_t *object, const char *name, bool end, struct told_bytes *text,
					      int64_t *ms);
/* A Period as a half-open range. */
TOLD_MUST_USE enum told_status told_fhir_period(struct told_fhir *fhir, const struct told_fhir_at *at,
						const json_t *object, const char *name, int64_t *from_ms,
						int64_t *until_ms);
/* The time of a text alone; TOLD_E_MALFORMED when it is no FHIR date. */
TOLD_MUST_USE enum told_status told_fhir_parse_time(struct told_bytes text, bool end, int64_t *ms);

/* The value[x] of an answer or observation: *there false when absent; numbers keep their digits (in the arena or the
 * file). Types that no section can hold are refused. */
TOLD_MUST_USE enum told_status told_fhir_value(struct told_fhir *fhir, const struct told_fhir_at *at,
					       const json_t *object, struct told_story_value *out, bool *there);

/* Comparisons of a view with a C string. */
bool told_fhir_equal(struct told_bytes text, const char *other);

#endif
