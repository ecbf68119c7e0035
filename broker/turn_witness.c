/* SPDX-License-Identifier: Apache-2.0 */
/* The agencies as witnesses: the newest checkpoint goes to them, their signatures are waited for, and when they stay
 * away for long, story content waits too (evidence.md section 1 item 8). Changes nothing in the record but its quorum.
 */
#include "broker/turn.h"

#include "broker/base/file.h"
#include "evidence/policy.h"
#include "proto/types.h"

#include <inttypes.h>

#define WITNESSES_MAX (TOLD_POLICY_NAMES_MAX - 1) /* a policy's names, less the group */
#define LOOK_MS       TOLD_MS_SECOND
#define POLICY_MODE   0644

/* ---- the policy ---- */

/* Half or fewer is never a quorum: two halves could each sign a history of their own. */
static uint32_t quorum_of(const struct told_broker *broker, uint32_t witnesses)
{
	const struct told_witnessing *w = &broker->witnessing;
	if (w->none || witnesses == 0)
		return 0;
	bool sound = w->asked > witnesses / 2 && w->asked <= witnesses;
	if (w->asked != 0 && !sound)
		told_log(&broker->log, TOLD_LOG_WARNING, "witness.quorum_setting", TOLD_LOG_NUMBER("asked", w->asked),
			 TOLD_LOG_NUMBER("witnesses", witnesses));
	return sound ? w->asked : witnesses / 2 + 1;
}

/* A key of the log, and behind it, once that is known, the last size that it signed. */
static void put_log_key(const struct told_vkey *vkey, uint64_t last_size, struct told_buf *out)
{
	told_buf_put_text(out, "log ");
	told_vkey_format(vkey, out);
	told_buf_put_text(out, "\n");
	if (last_size != TOLD_WHOLE_LOG)
		told_policy_put_end(vkey, last_size, out);
}

/* Of a log that ended: what a key signed before that began, or not at all, needs no line. */
static void put_former_key(const struct told_vkey *vkey, uint64_t last_size, struct told_buf *out)
{
	if (last_size > 0)
		told_policy_put_log(vkey, last_size, out);
}

static enum told_status put_log(const struct told_broker *broker, struct told_bytes origin, uint64_t log, bool grows,
				struct told_buf *out)
{
	struct told_record_log_key keys[TOLD_LOG_KEYS_MAX];
	struct told_vkey vkey;
	size_t count = 0;
	enum told_status status = told_record_log_keys(broker->record, broker->arena, log, keys, &count);
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		told_vkey_make(origin, TOLD_NOTE_ED25519, keys[i].key, &vkey);
		(grows ? put_log_key : put_former_key)(&vkey, keys[i].last_size, out);
	}
	return status;
}

/* The log that grows first: the others' lines bring no key of their own. */
static enum told_status put_logs(const struct told_broker *broker, struct told_buf *out)
{
	uint64_t last = 0;
	struct told_bytes origin = told_record_origin(broker->record, &last);
	size_t name = origin.len;
	enum told_status status = put_log(broker, origin, last, true, out);
	while (name > 0 && origin.data[name - 1] != '/')
		name--;
	for (uint64_t n = last - 1; status == TOLD_OK && n > 0; n--) {
		struct told_buf text = TOLD_BUF(TOLD_NAME_MAX_BYTES * 8);
		told_buf_put(&text, origin.data, name);
		told_buf_printf(&text, "%" PRIu64, n);
		status = put_log(broker, told_buf_view(&text), n, false, out);
		told_buf_free(&text);
	}
	return status;
}

/* What a key signed before it was renewed stands in the store for good, and must verify for good. */
static void put_former_witnesses(const struct told_broker *broker, size_t current, struct told_buf *out)
{
	struct told_vkey former[WITNESSES_MAX];
	size_t count = told_record_former_witnesses(broker->record, former, WITNESSES_MAX - current);
	for (size_t i = 0; i < count; i++)
		told_policy_put_witness(&former[i], out);
}

static enum told_status put_policy(const struct told_broker *broker, const struct told_vkey *witnesses, size_t count,
				   struct told_buf *out)
{
	enum told_status status = put_logs(broker, out);
	for (size_t i = 0; i < count; i++) {
		told_buf_put_text(out, "witness ");
		told_buf_put_bytes(out, witnesses[i].name);
		told_buf_put_text(out, " ");
		told_vkey_format(&witnesses[i], out);
		told_buf_put_text(out, "\n");
	}
	put_former_witnesses(broker, count, out);
	if (broker->witnessing.quorum == 0) {
		told_buf_put_text(out, "quorum none\n");
		return status == TOLD_OK ? out->status : status;
	}
	told_buf_printf(out, "group +agencies %" PRIu32, broker->witnessing.quorum);
	for (size_t i = 0; i < count; i++) {
		told_buf_put_text(out, " ");
		told_buf_put_bytes(out, witnesses[i].name);
	}
	told_buf_put_text(out, "\nquorum +agencies\n");
	return status == TOLD_OK ? out->status : status;
}

/* What auditors and holders of receipts are given. A disk that is full for it does not stop messages. */
static void write_policy(const struct told_broker *broker, const struct told_vkey *witnesses, size_t count)
{
	struct told_buf text = TOLD_BUF(TOLD_POLICY_MAX_BYTES), old = TOLD_BUF(TOLD_POLICY_MAX_BYTES);
	const char *path = broker->witnessing.policy_path;
	enum told_status status = put_policy(broker, witnesses, count, &text);
	bool same = told_file_read(path, TOLD_POLICY_MAX_BYTES, &old) == TOLD_OK &&
		    told_bytes_equal(told_buf_view(&old), told_buf_view(&text));
	if (status == TOLD_OK && !same)
		status = told_file_write(path, told_buf_view(&text), POLICY_MODE);
	if (status != TOLD_OK)
		told_log(&broker->log, TOLD_LOG_ERROR, "witness.policy_file", TOLD_LOG_STATUS("status", status));
	told_buf_free(&text);
	told_buf_free(&old);
}

/* Counts those on record, and looks when a quorum last signed. */
static enum told_status count_witnesses(struct told_broker *broker)
{
	struct told_vkey witnesses[WITNESSES_MAX];
	struct told_witnessing *w = &broker->witnessing;
	size_t count = told_record_witnesses(broker->record, witnesses, WITNESSES_MAX);
	w->counted = true;
	w->witnesses = (uint32_t)count;
	w->quorum = quorum_of(broker, w->witnesses);
	told_record_set_quorum(broker->record, w->quorum);
	if (w->policy_path != NULL)
		write_policy(broker, witnesses, count);
	return w->quorum == 0 ? TOLD_OK : told_record_quorum_time(broker->record, broker->arena, &w->quorum_utc_ms);
}

/* ---- alarms ---- */

static uint32_t connected(struct told_broker *broker)
{
	uint32_t count = 0;
	for (size_t i = 0; i < told_agencies_count(broker->agencies); i++) {
		const struct told_agency *agency = told_agency_at(broker->agencies, i);
		count += told_agency_home(agency) != 0 && told_record_is_witness(broker->record, agency->party);
	}
	return count;
}

static void become_silent(struct told_broker *broker, bool now)
{
	if (now && !broker->witnessing.silent)
		told_log(&broker->log, TOLD_LOG_ERROR, "witness.silent",
			 TOLD_LOG_NUMBER("witnesses", broker->witnessing.witnesses));
	if (!now && broker->witnessing.silent)
		told_log(&broker->log, TOLD_LOG_INFO, "witness.signs_again");
	broker->witnessing.silent = now;
}

static void become_holding(struct told_broker *broker, bool now)
{
	bool was = broker->witnessing.holding;
	broker->witnessing.holding = now;
	if (now && !was)
		told_log(&broker->log, TOLD_LOG_ERROR, "witness.content_waits",
			 TOLD_LOG_NUMBER("quorum", broker->witnessing.quorum));
	if (now || !was)
		return;
	told_log(&broker->log, TOLD_LOG_INFO, "witness.content_goes");
	for (size_t i = 0; i < told_agencies_count(broker->agencies); i++)
		told_agency_look_again(told_agency_at(broker->agencies, i));
}

enum told_status told_turn_witness(struct told_broker *broker, struct told_turn *turn)
{
	struct told_witnessing *w = &broker->witnessing;
	int64_t boot_ms = turn->time.boot_ms;
	if (!w->counted || (boot_ms - w->looked_boot_ms < LOOK_MS && w->looked_boot_ms != 0))
		return TOLD_OK;
	w->looked_boot_ms = boot_ms;
	if (w->signed_boot_ms == 0 || w->quorum == 0 || connected(broker) < w->quorum)
		w->signed_boot_ms = boot_ms;
	become_silent(broker, boot_ms - w->signed_boot_ms >= TOLD_WITNESS_SILENT_MS);
	become_holding(broker, w->quorum > 0 && turn->when.utc_ms - w->quorum_utc_ms >= TOLD_WITNESS_HOLD_MS);
	return TOLD_OK;
}

bool told_witness_holds(const struct told_broker *broker, const struct told_header *header)
{
	const struct told_type_rule *rule = told_type_rule(header->type);
	return broker->witnessing.holding && rule != NULL && rule->ruled && header->override_block == NULL;
}

void told_witness_signed(struct told_broker *broker, const struct told_turn *turn, uint64_t size)
{
	struct told_witnessing *w = &broker->witnessing;
	w->signed_boot_ms = turn->time.boot_ms;
	if (w->quorum == 0 || !told_record_has_quorum(broker->record, size))
		return;
	if (turn->when.utc_ms > w->quorum_utc_ms)
		w->quorum_utc_ms = turn->when.utc_ms;
	if (w->holding)
		w->looked_boot_ms = 0;
}

/* ---- offering ---- */

int64_t told_offer_due_ms(const struct told_broker *broker, int64_t boot_ms)
{
	const struct told_witnessing *w = &broker->witnessing;
	if (w->witnesses == 0 || told_record_size(broker->record) == w->offered_size)
		return -1;
	int64_t due_ms = w->offered_boot_ms + TOLD_OFFER_MS - boot_ms;
	return due_ms > 0 ? due_ms : 0;
}

static enum told_status offer_to(struct told_broker *broker, struct told_agency *agency)
{
	struct told_frames frames;
	uint64_t wire = told_agency_home(agency);
	if (wire == 0 || !told_record_is_witness(broker->record, agency->party))
		return TOLD_OK;
	enum told_status status =
		told_offer_build(broker->record, broker->arena, told_agency_link(agency, wire)->confirmed, &frames);
	if (status == TOLD_OK)
		status = told_wire_send(broker->wire, wire, 0, frames.envelope, frames.body);
	return told_status_class(status) == TOLD_CLASS_BUSY ? TOLD_OK : status; /* the next one goes to it */
}

enum told_status told_turn_offer(struct told_broker *broker, struct told_turn *turn)
{
	struct told_witnessing *w = &broker->witnessing;
	enum told_status status = TOLD_OK;
	if (!w->counted || turn->parties_changed)
		status = count_witnesses(broker);
	if (status != TOLD_OK || told_offer_due_ms(broker, turn->time.boot_ms) != 0)
		return status;
	w->offered_size = told_record_size(broker->record);
	w->offered_boot_ms = turn->time.boot_ms;
	for (size_t i = 0; status == TOLD_OK && i < told_agencies_count(broker->agencies); i++)
		status = offer_to(broker, told_agency_at(broker->agencies, i));
	return status;
}
