/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the log that the reports are tested on. */
#include "reports/rig.h"

#include "broker/record/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

/* Who the person is and where they live, deposited by HOU and granted to SUD, who asks. */
static void ask(struct test_world *w, const struct test_message *consent)
{
	struct test_agency *hou = &w->of[TEST_HOU], *sud = &w->of[TEST_SUD];
	for (size_t i = 0; i < 2; i++) {
		struct test_message *deposit = test_deposit(w, hou, shared[i]);
		test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
		if (i == 0)
			test_phase(w, sud, test_relationship(w, sud, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
		test_phase(w, hou, test_grant(w, hou, deposit, sud, consent), TOLD_PHASE_ACCEPTED);
	}
	test_phase(w, sud, test_ask(w, sud, hou, w->person, TOLD_CATEGORY_HOU_SIT), TOLD_PHASE_ANSWERED);
}

int rig_set_up(void **state)
{
	static const enum test_who to[] = {TEST_TT, TEST_SUD};
	struct rig *rig = *state = calloc(1, sizeof *rig);
	assert_non_null(rig);
	struct test_world *w = rig->world = test_world_ready();
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	snprintf(rig->store, sizeof rig->store, "%s/told.db", w->dir);
	snprintf(rig->file, sizeof rig->file, "%s/file", told_test_dir());
	snprintf(rig->policy, sizeof rig->policy, "%.380s/policy", w->dir);
	snprintf(rig->note, sizeof rig->note, "%.380s/note", w->dir);
	struct test_message *consent = test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to, 2, shared, 2);
	test_phase(w, hou, consent, TOLD_PHASE_CONSENT);
	test_phase(w, hou, test_referral(w, hou, tt, shared, 2), TOLD_PHASE_ACCEPTED);
	ask(w, consent);
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		test_drain(w, &w->of[i]);
	return 0;
}

int rig_tear_down(void **state)
{
	struct rig *rig = *state;
	test_world_free(rig->world);
	free(rig->run.out);
	free(rig);
	return 0;
}

void rig_outside(struct rig *rig)
{
	struct test_world *w = rig->world;
	struct told_vkey vkey;
	struct told_buf text = TOLD_BUF(1024);
	told_vkey_make(told_text(TEST_PARTNERSHIP "/1"), TOLD_NOTE_ED25519, w->log.key, &vkey);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&vkey, &text);
	told_buf_put_text(&text, "\nquorum none\n");
	fixture_write(rig->policy, told_buf_view(&text));
	fixture_write(rig->note, told_record_checkpoint(w->record));
	told_buf_free(&text);
}

int rig_verify(struct rig *rig)
{
	return fixture_run(&rig->run, "verify", "--store", rig->store, "--policy", rig->policy, "--against", rig->note,
			   NULL);
}

size_t rig_count(const char *text, const char *what)
{
	size_t count = 0;
	for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
		count++;
	return count;
}

void rig_agreement(struct rig *rig, const char *what, const char *instead)
{
	struct told_bytes file = rig->world->agreement;
	const uint8_t *at = memmem(file.data, file.len, what, strlen(what));
	struct told_buf text = TOLD_BUF(1 << 20);
	assert_non_null(at);
	told_buf_put(&text, file.data, (size_t)(at - file.data));
	told_buf_put_text(&text, instead);
	at += strlen(what);
	told_buf_put(&text, at, file.len - (size_t)(at - file.data));
	fixture_write(rig->file, told_buf_view(&text));
	told_buf_free(&text);
}
