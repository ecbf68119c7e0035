/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit client, search, reconcile and overrides over a log of real messages. */
#include "reports/rig.h"

#include "broker/record/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- client ---- */

static const char *person(const struct rig *rig, char out[2 * TOLD_ID_BYTES + 1])
{
	told_hex(rig->world->person, TOLD_ID_BYTES, out);
	return out;
}

static void test_one_person_is_not_looked_at_without_a_reason(void **state)
{
	struct rig *rig = *state;
	char ref[2 * TOLD_ID_BYTES + 1];
	assert_int_equal(fixture_run(&rig->run, "client", person(rig, ref), "--store", rig->store, NULL), 2);
	fixture_says(&rig->run, "missing: --reason");
	assert_int_equal(fixture_run(&rig->run, "client", "--reason", "x", "--store", rig->store, NULL), 2);
	assert_int_equal(fixture_run(&rig->run, "client", "0YY8X-PFP68-5C2BH-FAPBF-J7A2GA-F", "--reason", "x",
				     "--store", rig->store, NULL),
			 2);
	fixture_says(&rig->run, "this is no reference");
}

static void test_the_report_says_who_was_sent_what_and_why(void **state)
{
	struct rig *rig = *state;
	char ref[2 * TOLD_ID_BYTES + 1];
	assert_int_equal(fixture_run(&rig->run, "client", person(rig, ref), "--reason", "complaint \x1b[31m", "--store",
				     rig->store, NULL),
			 0);
	fixture_says(&rig->run, "Reason given: complaint ?[31m\n");
	fixture_says(&rig->run,
		     "2026-11-22T12:00:00Z  Sent to Northtown NHS Talking Therapies by Northtown Council, Housing "
		     "Options: who the person is, housing situation now; for a referral\n"
		     "    under ISA-MD3 v3, clause 4.1\n"
		     "    resting on the person's permission\n"
		     "    on the person's statement: shown");
	fixture_says(&rig->run, "Sent to Clearwater Drug and Alcohol Service by Northtown Council, Housing Options");
	assert_null(strstr(rig->run.out, "Opened by")); /* nobody has said so */
	const char *ask = strstr(rig->run.out, "Clearwater"), *referral = strstr(rig->run.out, "for a referral");
	assert_true(ask < referral); /* newest first */
}

static void test_the_json_has_the_fields_of_find_usage(void **state)
{
	struct rig *rig = *state;
	char ref[2 * TOLD_ID_BYTES + 1];
	assert_int_equal(fixture_run(&rig->run, "client", person(rig, ref), "--reason", "complaint", "--store",
				     rig->store, "--json", NULL),
			 0);
	fixture_says(&rig->run, "{\"reason\":\"complaint\",\"usagePeriod\":{\"from\":\"2026-11-22T12:00:00Z\",\"to\":");
	fixture_says(&rig->run, "{\"logtime\":\"2026-11-22T12:00:00Z\",\"action\":\"Sent to ");
	fixture_says(&rig->run, "\"receiverCode\":\"TT\",\"receiverName\":\"Northtown NHS Talking Therapies\","
				"\"receiverSystem\":\"Told Once agent of TT\"");
}

/* TT says that it opened the referral, and names somebody as its sender. */
static void say_opened(struct test_world *w, const struct test_agency *sender)
{
	static const char sql[] =
		"SELECT parcel_id, message.id FROM parcel JOIN message ON message.seq = parcel.message"
		" WHERE recipient = 'TT' AND message.type = ?1";
	sqlite3_stmt *row = NULL;
	assert_int_equal(sqlite3_prepare_v2(w->record->store.db, sql, -1, &row, NULL), SQLITE_OK);
	sqlite3_bind_int(row, 1, TOLD_TYPE_REFERRAL);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	struct told_bytes parcel = told_arena_copy(w->arena, told_column(row, 0));
	struct told_bytes message = told_arena_copy(w->arena, told_column(row, 1));
	sqlite3_finalize(row);
	struct test_agency *tt = &w->of[TEST_TT];
	test_phase(w, tt, test_opened(w, tt, sender, parcel, message), TOLD_PHASE_OPENED);
}

static void test_who_opened_what_is_said_when_an_entry_says_so(void **state)
{
	struct rig *rig = *state;
	char ref[2 * TOLD_ID_BYTES + 1];
	say_opened(rig->world, &rig->world->of[TEST_SUD]); /* not so: nothing is linked */
	assert_int_equal(fixture_run(&rig->run, "client", person(rig, ref), "--reason", "complaint", "--store",
				     rig->store, NULL),
			 0);
	assert_null(strstr(rig->run.out, "Opened by"));
	rig->world->now_ms += 60000;
	say_opened(rig->world, &rig->world->of[TEST_HOU]);
	assert_int_equal(fixture_run(&rig->run, "client", person(rig, ref), "--reason", "complaint", "--store",
				     rig->store, NULL),
			 0);
	fixture_says(&rig->run, "  Opened by the team of Northtown NHS Talking Therapies: the REFERRAL from Northtown "
				"Council, Housing Options, entry ");
	assert_int_equal(rig_count(rig->run.out, "Opened by"), 1);
}

static void test_a_stranger_has_no_rows(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(fixture_run(&rig->run, "client", "00112233445566778899aabbccddeeff", "--reason", "x",
				     "--store", rig->store, NULL),
			 0);
	fixture_says(&rig->run, "Nothing about this person was sent to anybody");
}

/* ---- search ---- */

static size_t found(struct rig *rig, const char *option, const char *value)
{
	int code = fixture_run(&rig->run, "search", "--store", rig->store, option, value, "--csv", NULL);
	size_t rows = rig_count(rig->run.out, "\r\n") - 1;
	assert_int_equal(code, rows > 0 ? 0 : 1);
	return rows;
}

static void test_entries_are_found_by_each_of_their_sides(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(found(rig, "--type", "REFERRAL"), 2); /* accepted, delivered */
	assert_int_equal(found(rig, "--type", "ASK"), 2);
	assert_int_equal(found(rig, "--phase", "answered"), 1);
	assert_int_equal(found(rig, "--code", "PTY-01"), 0);
	assert_true(found(rig, "--clause", "4.1") >= 3);
	assert_int_equal(found(rig, "--clause", "9.9"), 0);
	assert_true(found(rig, "--party", "SUD") > 5);
	assert_int_equal(found(rig, "--party", "NOBODY"), 0);
	assert_int_equal(found(rig, "--from", "2026-11-23T00:00:00Z"), 0);
	assert_int_equal(found(rig, "--until", "2026-11-22T12:00:00Z"), 0);
	assert_int_equal(fixture_run(&rig->run, "search", "--store", rig->store, "--type", "PARCEL", NULL), 2);
	assert_int_equal(fixture_run(&rig->run, "search", "--store", rig->store, "--from", "noon", NULL), 2);
}

static void test_a_message_is_followed_by_its_id_and_its_transaction(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->world;
	static const uint32_t name[] = {TOLD_CATEGORY_DEM_ID};
	char id[2 * TOLD_ID_BYTES + 1], txid[2 * TOLD_ID_BYTES + 1];
	struct test_message *m = test_referral(w, &w->of[TEST_HOU], &w->of[TEST_SUD], name, 1);
	test_phase(w, &w->of[TEST_HOU], m, TOLD_PHASE_ACCEPTED);
	test_drain(w, &w->of[TEST_SUD]);
	told_hex(m->id.data, m->id.len, id);
	assert_int_equal(found(rig, "--message", id), 2);
	const char *at = strstr(rig->run.out, "\",\"OK-00");
	assert_non_null(strstr(rig->run.out, "\"delivered\",\"REFERRAL\",\"HOU\""));
	assert_non_null(at);
	const char *quoted = strstr(at + 2, "\",\"") + 3;
	snprintf(txid, sizeof txid, "%s", quoted);
	assert_int_equal(found(rig, "--txid", txid), 2);
}

/* ---- reconcile ---- */

/* Receipts as an agency keeps them, of every entry of HOU's own messages but those that `without` names. */
static void give_receipts(struct rig *rig, const char *dir, uint64_t without)
{
	struct test_world *w = rig->world;
	struct told_bytes note = told_record_checkpoint(w->record);
	assert_int_equal(mkdir(dir, 0700), 0);
	for (uint64_t i = 0; i < w->when.log_size; i++) {
		char path[500];
		struct told_leaf *leaf = test_leaf(w, i);
		struct told_proof_file proof = {.has_extra = true, .index = i, .checkpoint = note};
		struct told_buf text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
		if (!told_bytes_equal(leaf->sender, told_text("HOU")) || i == without)
			continue;
		proof.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES);
		assert_int_equal(told_leaf_encode(leaf, &proof.extra), TOLD_OK);
		told_proof_file_format(&proof, &text);
		snprintf(path, sizeof path, "%s/%llu.tlog-proof", dir, (unsigned long long)i);
		fixture_write(path, told_buf_view(&text));
		told_buf_free(&proof.extra);
		told_buf_free(&text);
	}
}

/* The entry of HOU's referral. */
static uint64_t referral_entry(struct rig *rig)
{
	for (uint64_t i = 0; i < rig->world->when.log_size; i++)
		if (test_leaf(rig->world, i)->type == TOLD_TYPE_REFERRAL)
			return i;
	fail_msg("no referral");
	return 0;
}

static void test_receipts_that_all_fit(void **state)
{
	struct rig *rig = *state;
	give_receipts(rig, rig->file, UINT64_MAX);
	assert_int_equal(fixture_run(&rig->run, "reconcile", "--store", rig->store, "--receipts", rig->file, NULL), 0);
	fixture_says(&rig->run, "0 do not fit the log, 0 entries lack theirs, 0 gaps");
	assert_int_equal(fixture_run(&rig->run, "reconcile", "--store", rig->store, NULL), 2);
	assert_int_equal(fixture_run(&rig->run, "reconcile", "--store", rig->store, "--receipts", "/nowhere", NULL), 6);
}

static void test_a_receipt_of_an_entry_that_the_log_lacks_is_named(void **state)
{
	struct rig *rig = *state;
	give_receipts(rig, rig->file, UINT64_MAX);
	char from[520], to[520];
	uint64_t entry = referral_entry(rig);
	struct told_buf text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	snprintf(from, sizeof from, "%s/%llu.tlog-proof", rig->file, (unsigned long long)entry);
	snprintf(to, sizeof to, "%s/beyond.tlog-proof", rig->file);
	struct told_bytes proof = told_test_read(from);
	const char *line = strstr((const char *)proof.data, "\nindex "), *rest = strchr(line + 1, '\n');
	told_buf_put(&text, proof.data, (size_t)(line - (const char *)proof.data));
	told_buf_put_text(&text, "\nindex 99999");
	told_buf_put_text(&text, rest);
	fixture_write(to, told_buf_view(&text));
	told_buf_free(&text);
	free((void *)(uintptr_t)proof.data);
	assert_int_equal(fixture_run(&rig->run, "reconcile", "--store", rig->store, "--receipts", rig->file, NULL), 5);
	fixture_says(&rig->run, "a receipt of an entry that the log lacks");
	assert_int_equal(rename(to, from), 0);
	fixture_write(to, told_text("hello"));
	assert_int_equal(fixture_run(&rig->run, "reconcile", "--store", rig->store, "--receipts", rig->file, NULL), 5);
	fixture_says(&rig->run, "a file that is no receipt");
}

static void test_an_entry_without_its_receipt_is_named(void **state)
{
	struct rig *rig = *state;
	/* a delivery is given with the same number: leave out the whole of a deposit, which nobody was sent */
	uint64_t deposit = 0;
	while (test_leaf(rig->world, deposit)->type != TOLD_TYPE_DEPOSIT)
		deposit++;
	give_receipts(rig, rig->file, deposit);
	assert_int_equal(
		fixture_run(&rig->run, "reconcile", "--store", rig->store, "--receipts", rig->file, "--json", NULL), 1);
	fixture_says(&rig->run, "\"wrong\":0,\"without_receipt\":1,\"gaps\":0");
	fixture_says(&rig->run, "\"finding\":\"an entry without a receipt\",\"sender\":\"HOU\"");
	fixture_says(&rig->run, "\"type\":\"DEPOSIT\"");
}

static void test_a_gap_in_what_a_sender_numbered_is_named(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->world;
	give_receipts(rig, rig->file, UINT64_MAX);
	w->of[TEST_EMP].seq += 2;
	test_phase(w, &w->of[TEST_EMP], test_relationship(w, &w->of[TEST_EMP], TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
	assert_int_equal(
		fixture_run(&rig->run, "reconcile", "--store", rig->store, "--receipts", rig->file, "--csv", NULL), 1);
	fixture_says(&rig->run, "\"numbers that no entry has\",\"EMP\",");
}

/* ---- overrides ---- */

#define OVERRIDE_CLAUSE "7.1"

/* HOU tells adult social care of a danger, on one worker's word and another's yes. */
static const struct test_message *alert(struct rig *rig)
{
	struct test_world *w = rig->world;
	static const uint32_t categories[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_SAF_ADULT};
	struct told_header header = test_header(w, &w->of[TEST_HOU], TOLD_TYPE_ALERT);
	struct told_override_part override = {.kind = TOLD_OVERRIDE_SAFEGUARDING,
					      .clause = told_text(OVERRIDE_CLAUSE),
					      .reason_given = TOLD_YES_NO_YES,
					      .raised_ms = (uint64_t)w->now_ms,
					      .expires_ms = (uint64_t)w->now_ms + 86400000,
					      .at_risk = TOLD_AT_RISK_SELF_ONLY};
	struct told_agreement_ref agreement = {told_text("ISA-MD3"), 3,
					       told_bytes(w->agreement_hash.b, TOLD_HASH_BYTES)};
	struct told_basis_part basis = {.art6 = told_value(TOLD_LIST_ART6, told_text("e")),
					.art9 = told_value(TOLD_LIST_ART9, told_text("g:18")),
					.art10 = told_value(TOLD_LIST_ART10, told_text("sch1:18")),
					.confidentiality = TOLD_CONFIDENTIALITY_PUBLIC_INTEREST,
					.power = told_value(TOLD_LIST_POWER, told_text("care_act"))};
	struct told_bytes to = told_text("ASC");
	uint32_t purpose = TOLD_PURPOSE_SAFEADULT;
	header.recipients = (struct told_bytes_list){&to, 1};
	header.client_ref = told_bytes(w->person, TOLD_ID_BYTES);
	header.purposes = (struct told_u32_list){&purpose, 1};
	header.bases = (struct told_basis_part_list){&basis, 1};
	header.agreement = &agreement;
	header.override_block = &override;
	header.author = told_text("U1");
	header.role = TOLD_ROLE_PRACTITIONER;
	header.authoriser = told_text("U2");
	const struct test_message *message = test_seal(w, &w->of[TEST_HOU], &header, categories, 2, NULL);
	test_phase(w, &w->of[TEST_HOU], message, TOLD_PHASE_OVERRIDE);
	return message;
}

/* An agency's record that U2 reviewed this so many days from now, and what was found. */
#define DAY_MS INT64_C(86400000)
static void review(struct rig *rig, enum test_who who, const struct test_message *alerted, int64_t days, int64_t before,
		   uint32_t outcome)
{
	struct test_world *w = rig->world;
	w->now_ms += days * DAY_MS;
	struct told_header header = test_header(w, &w->of[who], TOLD_TYPE_ALERT_RECORD);
	struct told_alert_record_part part = {.event = TOLD_ALERT_EVENT_REVIEWED,
					      .outcome = outcome,
					      .at_ms = (uint64_t)(w->now_ms - before * DAY_MS)};
	header.author = told_text("U2");
	header.role = TOLD_ROLE_DSL;
	header.in_reply_to = alerted->id;
	header.alert_record = &part;
	test_phase(w, &w->of[who], test_sign(w, &w->of[who], &header, NULL), TOLD_PHASE_ACCEPTED);
}

static int overrides_at(struct rig *rig, const char *time)
{
	return fixture_run(&rig->run, "overrides", "--store", rig->store, "--csv", "--at", time, NULL);
}

static void test_an_override_is_shown_with_all_that_an_auditor_asks(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(fixture_run(&rig->run, "overrides", "--store", rig->store, NULL), 0);
	fixture_says(&rig->run, "0 overrides");
	alert(rig);
	assert_int_equal(fixture_run(&rig->run, "overrides", "--store", rig->store, "--csv", "--at",
				     "2026-11-22T12:00:01Z", NULL),
			 0);
	fixture_says(&rig->run, "\"safeguarding\",\"HOU\",\"U1\",\"U2\",\"" OVERRIDE_CLAUSE "\",\"ASC\",\"yes\","
				"\"2026-11-23T12:00:00Z\",");
	fixture_says(&rig->run, "\"DEM.ID, SAF.ADULT\"");
	fixture_says(&rig->run, "\"due\"");
	assert_int_equal(
		fixture_run(&rig->run, "overrides", "--store", rig->store, "--at", "2028-01-01T00:00:00Z", NULL), 1);
	fixture_says(&rig->run, "1 override; the time for the review of 1 is over.");
}

static void test_a_review_is_shown_with_what_it_found(void **state)
{
	struct rig *rig = *state;
	review(rig, TEST_HOU, alert(rig), 1, 0, TOLD_ALERT_OUTCOME_TOO_MUCH);
	assert_int_equal(overrides_at(rig, "2028-01-01T00:00:00Z"), 0);
	fixture_says(&rig->run, "\"held\",\"2026-11-23T12:00:00Z\",\"U2\",\"too_much\"");
	assert_int_equal(overrides_at(rig, "2026-11-23T11:59:59Z"), 0);
	fixture_says(&rig->run, "\"due\",\"\",\"\",\"\"");
}

static void test_a_review_that_another_agency_says_was_held_was_not(void **state)
{
	struct rig *rig = *state;
	review(rig, TEST_TT, alert(rig), 1, 0, TOLD_ALERT_OUTCOME_RIGHT);
	assert_int_equal(overrides_at(rig, "2028-01-01T00:00:00Z"), 1);
	fixture_says(&rig->run, "\"time is over: ask for its record\",\"\",\"\",\"\"");
}

static void test_a_late_review_is_late_whatever_time_it_gives_and_late_ones_come_first(void **state)
{
	struct rig *rig = *state;
	const struct test_message *first = alert(rig), *second = alert(rig), *third = alert(rig);
	review(rig, TEST_HOU, first, 1, 0, TOLD_ALERT_OUTCOME_RIGHT);
	review(rig, TEST_HOU, second, 19, 0, TOLD_ALERT_OUTCOME_WRONG);
	review(rig, TEST_HOU, third, 0, 19, TOLD_ALERT_OUTCOME_RIGHT);
	assert_int_equal(overrides_at(rig, "2028-01-01T00:00:00Z"), 0);
	const char *held = strstr(rig->run.out, "\"held\"");
	const char *late = strstr(rig->run.out, "\"held late\",\"2026-12-12T12:00:00Z\",\"U2\",\"wrong\"");
	const char *dated_back = strstr(rig->run.out, "\"held, written down late\",\"2026-11-23T12:00:00Z\"");
	assert_non_null(held);
	assert_true(late != NULL && dated_back != NULL && late < dated_back && dated_back < held);
}

static void test_an_export_says_that_it_does_not_show_reviews(void **state)
{
	struct rig *rig = *state;
	char tiles[420];
	snprintf(tiles, sizeof tiles, "%.380s/tiles", rig->world->dir);
	review(rig, TEST_HOU, alert(rig), 1, 0, TOLD_ALERT_OUTCOME_RIGHT);
	assert_int_equal(fixture_run(&rig->run, "export", "--store", rig->store, "--tiles", tiles, NULL), 0);
	assert_int_equal(fixture_run(&rig->run, "overrides", "--tiles", tiles, NULL), 1);
	fixture_says(&rig->run, "not in an export");
	fixture_says(&rig->run, "of 1 this copy does not say (not in an export)");
	assert_null(strstr(rig->run.out, "none asked for"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		T(test_one_person_is_not_looked_at_without_a_reason),
		T(test_the_report_says_who_was_sent_what_and_why),
		T(test_the_json_has_the_fields_of_find_usage),
		T(test_who_opened_what_is_said_when_an_entry_says_so),
		T(test_a_stranger_has_no_rows),
		T(test_entries_are_found_by_each_of_their_sides),
		T(test_a_message_is_followed_by_its_id_and_its_transaction),
		T(test_receipts_that_all_fit),
		T(test_a_receipt_of_an_entry_that_the_log_lacks_is_named),
		T(test_an_entry_without_its_receipt_is_named),
		T(test_a_gap_in_what_a_sender_numbered_is_named),
		T(test_an_override_is_shown_with_all_that_an_auditor_asks),
		T(test_a_review_is_shown_with_what_it_found),
		T(test_a_review_that_another_agency_says_was_held_was_not),
		T(test_a_late_review_is_late_whatever_time_it_gives_and_late_ones_come_first),
		T(test_an_export_says_that_it_does_not_show_reviews),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
