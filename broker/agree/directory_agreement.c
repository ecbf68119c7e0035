/* SPDX-License-Identifier: Apache-2.0 */
/* Agreements, who signed which exact bytes, who suspended, left and lifted, and which version governs between two
 * parties (design section 4). */
#include "broker/agree/directory_parts.h"

#include "broker/agree/agreement.h"
#include "broker/agree/load.h"
#include "broker/agree/sets.h"

#include <stdlib.h>
#include <string.h>

static const struct told_when whole_log = {.log_size = TOLD_WHOLE_LOG};

/* Has an agent, so it signs; the others need only be named. */
static bool signs(const struct told_agreement *agreement, uint32_t party)
{
	const struct told_party *contact = told_agreement_party(agreement, party);
	return contact != NULL && (contact->marks & (TOLD_MARK_PAPER | TOLD_MARK_PERSON)) == 0;
}

static bool is_id(const struct told_agreement *agreement, struct told_bytes id)
{
	return told_bytes_equal(agreement->id, id);
}

/* ---- signatures and acts ---- */

/* The party left this id after the entry. */
static bool left_since(const struct told_directory *directory, struct told_bytes id, uint32_t party,
		       struct told_entry entry, struct told_when when)
{
	for (size_t i = 0; i < directory->act_count; i++) {
		const struct agreement_act *act = &directory->acts[i];
		if (act->party == party && act->action == TOLD_AGREEMENT_ACTION_LEAVE &&
		    told_counts(act->entry, when) && act->entry.number >= entry.number &&
		    told_bytes_equal(told_text(act->id), id))
			return true;
	}
	return false;
}

static bool has_signed(const struct told_directory *directory, const struct agreement_file *file, uint32_t party,
		       struct told_when when)
{
	for (size_t i = 0; i < file->count; i++) {
		const struct agreement_signature *signature = &file->signatures[i];
		if (signature->party == party && told_counts(signature->entry, when) &&
		    !left_since(directory, file->agreement->id, party, signature->entry, when))
			return true;
	}
	return false;
}

static struct agreement_file *file_by_hash(const struct told_directory *directory, const uint8_t *sha256)
{
	uint32_t cursor = 0, at;
	while ((at = told_index_next(&directory->file_by_hash, told_u64(sha256), &cursor)) != TOLD_INDEX_NONE)
		if (at < directory->file_count &&
		    memcmp(directory->files[at].agreement->sha256, sha256, TOLD_HASH_BYTES) == 0)
			return &directory->files[at];
	return NULL;
}

static const struct agreement_file *file_of(const struct told_directory *directory,
					    const struct told_agreement *agreement)
{
	const struct agreement_file *file = file_by_hash(directory, agreement->sha256);
	return file != NULL && file->agreement == agreement ? file : NULL;
}

static struct party_files files_of(const struct told_directory *directory, uint32_t party)
{
	return party < directory->files_of_cap ? directory->files_of[party] : (struct party_files){0};
}

/* A position that a failed apply left behind is that of the next file, which then has its own say. */
static bool is_named_in(const struct told_directory *directory, uint32_t at, uint32_t party)
{
	return at < directory->file_count && told_agreement_party(directory->files[at].agreement, party) != NULL;
}

static enum told_status name_party(struct told_directory *directory, uint32_t party, uint32_t at)
{
	if (party >= directory->files_of_cap) {
		size_t cap = (size_t)party * 2 + 8;
		struct party_files *all = realloc(directory->files_of, cap * sizeof *all);
		if (all == NULL)
			return TOLD_E_MEMORY;
		memset(all + directory->files_of_cap, 0, (cap - directory->files_of_cap) * sizeof *all);
		directory->files_of = all;
		directory->files_of_cap = cap;
	}
	struct party_files *files = &directory->files_of[party];
	if (files->count > 0 && files->at[files->count - 1] == at)
		return TOLD_OK;
	uint32_t *list = told_list_room(files->at, files->count, &files->cap, sizeof *list, TOLD_NOTHING);
	if (list == NULL)
		return TOLD_E_MEMORY;
	files->at = list;
	list[files->count++] = at;
	return TOLD_OK;
}

/* Under its hash, and under every party that it names. */
static enum told_status index_file(struct told_directory *directory, const struct told_agreement *agreement)
{
	uint32_t at = (uint32_t)directory->file_count;
	enum told_status status = told_index_put(&directory->file_by_hash, told_u64(agreement->sha256), at);
	for (size_t i = 0; status == TOLD_OK && i < agreement->party_count; i++)
		status = name_party(directory, agreement->parties[i].party, at);
	return status;
}

static size_t signers(const struct told_directory *directory, const struct agreement_file *file, struct told_when when)
{
	size_t count = 0;
	for (size_t i = 0; i < file->agreement->party_count; i++)
		if (has_signed(directory, file, file->agreement->parties[i].party, when))
			count++;
	return count;
}

/* ---- applying ---- */

enum told_status told_directory_apply_agreement(struct told_directory *directory, struct told_entry entry,
						struct told_agreement **agreement)
{
	enum told_status status = told_directory_order(directory, entry);
	if (status != TOLD_OK)
		return status;
	if (file_by_hash(directory, (*agreement)->sha256) != NULL) {
		told_agreement_free(*agreement);
		*agreement = NULL;
		return TOLD_E_EXISTS;
	}
	if (directory->file_count >= TOLD_DIRECTORY_AGREEMENTS_MAX)
		return TOLD_E_LIMIT;
	struct agreement_file *files = told_list_room(directory->files, directory->file_count, &directory->file_cap,
						      sizeof *files, TOLD_DIRECTORY_AGREEMENTS_MAX);
	if (files == NULL)
		return TOLD_E_MEMORY;
	directory->files = files;
	status = index_file(directory, *agreement);
	if (status != TOLD_OK)
		return status;
	files[directory->file_count++] = (struct agreement_file){.agreement = *agreement, .entry = entry};
	*agreement = NULL;
	told_directory_applied(directory, entry);
	return TOLD_OK;
}

/* It has signed other bytes of the same id and version, and stands by them. */
static bool equivocates(const struct told_directory *directory, const struct agreement_file *file, uint32_t party)
{
	for (size_t i = 0; i < directory->file_count; i++) {
		const struct agreement_file *other = &directory->files[i];
		if (other != file && is_id(other->agreement, file->agreement->id) &&
		    other->agreement->version == file->agreement->version &&
		    has_signed(directory, other, party, whole_log))
			return true;
	}
	return false;
}

enum told_status told_directory_apply_signature(struct told_directory *directory, struct told_entry entry,
						uint32_t party, const told_hash *sha256)
{
	enum told_status status = told_directory_order(directory, entry);
	if (status != TOLD_OK)
		return status;
	struct agreement_file *file = file_by_hash(directory, sha256->b);
	if (file == NULL)
		return TOLD_E_NOT_FOUND;
	if (!signs(file->agreement, party))
		return TOLD_E_NOT_ALLOWED;
	if (has_signed(directory, file, party, whole_log))
		return TOLD_E_EXISTS;
	if (equivocates(directory, file, party))
		return TOLD_E_EQUIVOCATION;
	if (file->count >= TOLD_DIRECTORY_SIGNATURES_MAX)
		return TOLD_E_LIMIT;
	struct agreement_signature *signatures = told_list_room(file->signatures, file->count, &file->cap,
								sizeof *signatures, TOLD_DIRECTORY_SIGNATURES_MAX);
	if (signatures == NULL)
		return TOLD_E_MEMORY;
	file->signatures = signatures;
	signatures[file->count++] = (struct agreement_signature){.party = party, .entry = entry};
	told_directory_applied(directory, entry);
	return TOLD_OK;
}

static bool has_signed_any(const struct told_directory *directory, struct told_bytes id, uint32_t party,
			   struct told_when when)
{
	struct party_files named = files_of(directory, party);
	for (size_t i = 0; i < named.count; i++) {
		const struct agreement_file *file = &directory->files[named.at[i]];
		if (is_named_in(directory, named.at[i], party) && is_id(file->agreement, id) &&
		    has_signed(directory, file, party, when))
			return true;
	}
	return false;
}

const struct told_agreement *told_directory_between(const struct told_directory *directory, uint32_t a, uint32_t b,
						    size_t *cursor)
{
	struct party_files of_a = files_of(directory, a), of_b = files_of(directory, b);
	const struct party_files *fewer = of_a.count <= of_b.count ? &of_a : &of_b;
	while (*cursor < fewer->count) {
		uint32_t at = fewer->at[(*cursor)++];
		if (is_named_in(directory, at, a) && is_named_in(directory, at, b))
			return directory->files[at].agreement;
	}
	return NULL;
}

uint32_t told_directory_signed_version(const struct told_directory *directory, struct told_bytes id, uint32_t party,
				       struct told_when when)
{
	struct party_files named = files_of(directory, party);
	uint32_t highest = 0;
	for (size_t i = 0; i < named.count; i++) {
		const struct agreement_file *file = &directory->files[named.at[i]];
		if (is_named_in(directory, named.at[i], party) && file->agreement->version > highest &&
		    is_id(file->agreement, id) && told_counts(file->entry, when) &&
		    has_signed(directory, file, party, when))
			highest = file->agreement->version;
	}
	return highest;
}

enum told_status told_directory_apply_agreement_action(struct told_directory *directory, struct told_entry entry,
						       uint32_t party, struct told_bytes id,
						       enum told_agreement_action action)
{
	enum told_status status = told_directory_order(directory, entry);
	if (status != TOLD_OK)
		return status;
	if (action < TOLD_AGREEMENT_ACTION_SUSPEND || action > TOLD_AGREEMENT_ACTION_LIFT)
		return TOLD_E_UNKNOWN;
	if (id.len > TOLD_NAME_MAX_BYTES || !has_signed_any(directory, id, party, whole_log))
		return TOLD_E_NOT_FOUND;
	struct agreement_act *acts = told_list_room(directory->acts, directory->act_count, &directory->act_cap,
						    sizeof *acts, TOLD_DIRECTORY_SIGNATURES_MAX);
	if (acts == NULL)
		return directory->act_count >= TOLD_DIRECTORY_SIGNATURES_MAX ? TOLD_E_LIMIT : TOLD_E_MEMORY;
	directory->acts = acts;
	char *copy = strndup((const char *)id.data, id.len);
	if (copy == NULL)
		return TOLD_E_MEMORY;
	acts[directory->act_count++] =
		(struct agreement_act){.id = copy, .party = party, .action = action, .entry = entry};
	told_directory_applied(directory, entry);
	return TOLD_OK;
}

/* ---- asking ---- */

const struct told_agreement *told_directory_agreement(const struct told_directory *directory, struct told_bytes id,
						      uint32_t version, const told_hash *sha256, struct told_when when)
{
	const struct agreement_file *best = NULL;
	size_t best_signers = 0;
	for (size_t i = 0; i < directory->file_count; i++) {
		const struct agreement_file *file = &directory->files[i];
		if (!told_counts(file->entry, when) || file->agreement->version != version ||
		    !is_id(file->agreement, id))
			continue;
		if (sha256 != NULL && memcmp(file->agreement->sha256, sha256->b, TOLD_HASH_BYTES) != 0)
			continue;
		size_t count = signers(directory, file, when);
		if (best == NULL || count > best_signers) {
			best = file;
			best_signers = count;
		}
	}
	return best != NULL ? best->agreement : NULL;
}

bool told_directory_signed(const struct told_directory *directory, const struct told_agreement *agreement,
			   uint32_t party, struct told_when when)
{
	const struct agreement_file *file = file_of(directory, agreement);
	return file != NULL && told_counts(file->entry, when) && has_signed(directory, file, party, when);
}

bool told_directory_in_force(const struct told_directory *directory, const struct told_agreement *agreement, uint32_t a,
			     uint32_t b, struct told_when when)
{
	const struct agreement_file *file = file_of(directory, agreement);
	if (file == NULL || !told_counts(file->entry, when) || told_agreement_party(agreement, a) == NULL ||
	    told_agreement_party(agreement, b) == NULL)
		return false;
	bool a_signed = has_signed(directory, file, a, when), b_signed = has_signed(directory, file, b, when);
	return (a_signed || b_signed) && (a_signed || !signs(agreement, a)) && (b_signed || !signs(agreement, b));
}

/* Begun beats not begun; of begun ones the higher version, of the others the lower. */
static bool governs_before(const struct told_agreement *a, const struct told_agreement *b, int64_t t_utc_ms)
{
	bool a_begun = a->from_utc_ms <= t_utc_ms, b_begun = b->from_utc_ms <= t_utc_ms;
	if (a_begun != b_begun)
		return a_begun;
	return a_begun ? a->version > b->version : a->version < b->version;
}

const struct told_agreement *told_directory_governing(const struct told_directory *directory, struct told_bytes id,
						      uint32_t a, uint32_t b, struct told_when when)
{
	const struct told_agreement *best = NULL, *agreement;
	size_t cursor = 0;
	while ((agreement = told_directory_between(directory, a, b, &cursor)) != NULL) {
		if (is_id(agreement, id) && told_directory_in_force(directory, agreement, a, b, when) &&
		    (best == NULL || governs_before(agreement, best, when.utc_ms)))
			best = agreement;
	}
	return best;
}

/* The party lifted this id after the entry; who signs nothing has nothing to lift. */
static bool lifted_since(const struct told_directory *directory, struct told_bytes id, uint32_t party, uint64_t number,
			 struct told_when when)
{
	if (!has_signed_any(directory, id, party, when))
		return true;
	for (size_t i = 0; i < directory->act_count; i++) {
		const struct agreement_act *act = &directory->acts[i];
		if (act->party == party && act->action == TOLD_AGREEMENT_ACTION_LIFT && told_counts(act->entry, when) &&
		    act->entry.number > number && told_bytes_equal(told_text(act->id), id))
			return true;
	}
	return false;
}

bool told_directory_suspended(const struct told_directory *directory, struct told_bytes id, uint32_t a, uint32_t b,
			      struct told_when when)
{
	for (size_t i = 0; i < directory->act_count; i++) {
		const struct agreement_act *act = &directory->acts[i];
		if ((act->party != a && act->party != b) || act->action != TOLD_AGREEMENT_ACTION_SUSPEND ||
		    !told_counts(act->entry, when) || !told_bytes_equal(told_text(act->id), id))
			continue;
		if (!lifted_since(directory, id, a, act->entry.number, when) ||
		    !lifted_since(directory, id, b, act->entry.number, when))
			return true;
	}
	return false;
}

bool told_directory_vouched(const struct told_directory *directory, uint32_t by, uint32_t party,
			    const told_hash *identity_key_id, struct told_when when)
{
	for (size_t i = 0; i < directory->file_count; i++) {
		const struct agreement_file *file = &directory->files[i];
		const struct told_party *contact = told_agreement_party(file->agreement, party);
		if (contact != NULL && signs(file->agreement, party) && has_signed(directory, file, by, when) &&
		    memcmp(contact->identity_key, identity_key_id->b, TOLD_HASH_BYTES) == 0)
			return true;
	}
	return false;
}

const struct told_agreement *told_directory_agreement_at(const struct told_directory *directory, size_t index)
{
	return index < directory->file_count ? directory->files[index].agreement : NULL;
}

void told_directory_free_agreements(struct told_directory *directory)
{
	for (size_t i = 0; i < directory->file_count; i++) {
		told_agreement_free(directory->files[i].agreement);
		free(directory->files[i].signatures);
	}
	free(directory->files);
	told_index_free(&directory->file_by_hash);
	for (size_t i = 0; i < directory->files_of_cap; i++)
		free(directory->files_of[i].at);
	free(directory->files_of);
	for (size_t i = 0; i < directory->act_count; i++)
		free(directory->acts[i].id);
	free(directory->acts);
}
