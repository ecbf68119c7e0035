/* SPDX-License-Identifier: Apache-2.0 */
/* told-broker --new-log DIR: after a restore that lost entries (evidence.md section 1 item 3). */
#include "broker/new_log.h"

#include "agents/keys/log_say.h"
#include "broker/base/clock.h"
#include "broker/base/harden.h"
#include "broker/folder.h"

#include <stdio.h>
#include <string.h>

#define OFFERS_MAX_BYTES (1u << 20) /* one short message a key */

static int say_no_loss(const struct told_broker_settings *s)
{
	fprintf(stderr, "told-broker: %s: nothing was lost: the log goes on as it is. Start the broker.\n", s->dir);
	return TOLD_EXIT_CHECK;
}

static int say_other_store(const struct told_broker_settings *s)
{
	fprintf(stderr,
		"told-broker: %s: this store is no shorter copy of what was anchored, or it is from before the newest "
		"log "
		"began. Restore a backup of this broker that was made after that.\n",
		s->dir);
	return TOLD_EXIT_STORE;
}

static int say_no_key(const struct told_broker_settings *s, const struct told_new_log *begun)
{
	fprintf(stderr,
		"told-broker: %s: the last checkpoint was signed by a key of the log that neither this store nor keys/ "
		"has.\n"
		"The store is from before that key came. Put its file back (keys/log-%u, or a later number) from "
		"wherever "
		"you keep\n"
		"copies of keys, then say --new-log again. Without it nothing can be signed that agencies believe: if "
		"no "
		"copy\n"
		"is left, look for a newer backup of the store, which knows its keys, or found the partnership anew "
		"(told "
		"init).\n",
		s->dir, begun->log_key);
	return TOLD_EXIT_STORE;
}

static void say_keys(const struct told_new_log *begun)
{
	if (begun->log_key > 0)
		printf("What was lost had made key %u the log's newest; its file was here, and the new log says it "
		       "again.\n"
		       "If an older key was ended since (told partner log-key retire --now), say that again once the "
		       "broker runs.\n",
		       (unsigned)begun->log_key);
	if (begun->key_is_gone)
		printf("The old log had a newer key whose file is not in keys/. Agencies that know it believe the one "
		       "that signs now\n"
		       "for 30 days from that rotation only: give the log a new key today (told partner log-key "
		       "rotate).\n");
}

static int say_begun(const struct told_broker_settings *s, const struct told_new_log *begun)
{
	printf("told-broker: log %s/%llu begins. Of %s/%llu, %llu of %llu entries are here; %llu are lost.\n"
	       "Start the broker. Each agency's lead must accept the new log once (told log accept); then its agent "
	       "offers again\nwhat was lost.\n",
	       s->partnership, (unsigned long long)begun->number, s->partnership, (unsigned long long)begun->number - 1,
	       (unsigned long long)begun->size_restored, (unsigned long long)begun->old_size,
	       (unsigned long long)(begun->old_size - begun->size_restored));
	say_keys(begun);
	return TOLD_EXIT_DONE;
}

static int say(enum told_status status, const struct told_broker_settings *s, const struct told_new_log *begun,
	       struct told_buf *why)
{
	switch (status) {
	case TOLD_OK: return say_begun(s, begun);
	case TOLD_E_EXISTS: return say_no_loss(s);
	case TOLD_E_FORK: return say_other_store(s);
	default:
		return status == TOLD_E_KEY && begun->log_key > 0 ? say_no_key(s, begun)
								  : told_broker_explain(status, s, why);
	}
}

/* Every later key of the log whose file is here, with the message that says it again, should it be needed. */
static enum told_status offer_log_keys(const struct told_broker_settings *s, const struct told_broker_keys *keys,
				       uint64_t now_ms, struct told_arena *arena, struct told_log_key_offers *out)
{
	enum told_status status = TOLD_OK;
	for (uint32_t number = 2; status == TOLD_OK && number <= TOLD_LOG_KEYS_MAX; number++) {
		struct told_keypair pair;
		struct told_log_key_offer *offer = &out->rows[out->count];
		status = told_broker_key_load(s->dir, TOLD_BROKER_KEY_LOG, number, &pair);
		if (status == TOLD_E_NOT_FOUND) {
			status = TOLD_OK;
			continue;
		}
		if (status == TOLD_OK)
			status = told_log_key_say(&keys->of[TOLD_BROKER_KEY_OPERATOR], told_text(s->partnership), &pair,
						  number, now_ms, arena, &offer->envelope, &offer->body);
		offer->number = number;
		memcpy(offer->key, pair.key, sizeof offer->key);
		out->count += status == TOLD_OK;
		told_wipe(&pair, sizeof pair);
	}
	return status;
}

int told_broker_begin_log(const char *dir)
{
	struct told_broker_settings s = {0};
	struct told_broker_keys keys = {0};
	struct told_log_ring ring = {.dir = s.dir};
	struct told_buf why = TOLD_BUF(4096);
	struct told_new_log begun = {0};
	struct told_log_key_offers offers = {0};
	struct told_arena *arena = NULL;
	const struct told_clock clock = told_clock_system();
	int64_t now_ms = told_clock_now(&clock).wall_ms;
	enum told_status status = told_harden();
	if (status == TOLD_OK)
		status = told_broker_settings_read(dir, &s, &why);
	if (status == TOLD_OK)
		status = told_broker_keys_load(dir, &keys, &why);
	if (status == TOLD_OK)
		status = told_arena_new(OFFERS_MAX_BYTES, &arena);
	if (status == TOLD_OK)
		status = offer_log_keys(&s, &keys, (uint64_t)now_ms, arena, &offers);
	if (status == TOLD_OK) {
		const struct told_record_config config = told_broker_record_config(&s, &ring, &keys);
		status = told_record_begin_log(&config, &offers, now_ms, &begun);
	}
	int code = say(status, &s, &begun, &why);
	told_log_ring_close(&ring);
	told_broker_keys_wipe(&keys);
	told_arena_free(arena);
	told_buf_free(&why);
	return code;
}
