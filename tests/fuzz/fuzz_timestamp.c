/* SPDX-License-Identifier: Apache-2.0 */
/* Replies of a time-stamping authority: what holds for a note is about that note and no other bytes. */
#include "evidence/timestamp.h"
#include "fuzz/fuzz.h"
#include "fuzz/log.h"
#include "support/authority.h"
#include "support/support.h"

static struct told_buf ca = TOLD_BUF(TOLD_CA_MAX_BYTES);
static uint64_t stamped_ms;

void fuzz_seeds(void)
{
	struct told_buf query = TOLD_BUF(4096), reply = TOLD_BUF(TOLD_TIMESTAMP_MAX_BYTES);
	if (!test_authority_possible())
		return;
	const char *dir = told_test_dir();
	test_authority_make(dir, "tsa");
	test_authority_get(dir, "tsa.pem", &ca);
	FUZZ_REQUIRE(told_timestamp_query(fuzz_note(), &query) == TOLD_OK);
	test_authority_answer(dir, "tsa", told_buf_view(&query), &reply);
	FUZZ_REQUIRE(told_timestamp_check(told_buf_view(&reply), fuzz_note(), told_buf_view(&ca), &stamped_ms) ==
		     TOLD_OK);
	fuzz_seed(told_buf_view(&reply));
	fuzz_seed(told_buf_view(&query));
	told_buf_free(&query);
	told_buf_free(&reply);
}

void fuzz_one(struct told_bytes input)
{
	told_hash imprint, ours;
	uint64_t read_ms = 0, time_ms = 0;
	enum told_status read = told_timestamp_read(input, &imprint, &read_ms);
	enum told_status checked = told_timestamp_check(input, fuzz_note(), told_buf_view(&ca), &time_ms);
	if (checked != TOLD_OK)
		return;
	told_sha256(fuzz_note(), &ours);
	FUZZ_REQUIRE(read == TOLD_OK && told_hash_equal(&imprint, &ours));
	FUZZ_REQUIRE(time_ms == read_ms && time_ms == stamped_ms);
}
