/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the agent share. Room-internal: each group names the file that it lives in. */
#ifndef TOLD_AGENT_CORE_STATE_H
#define TOLD_AGENT_CORE_STATE_H

#include "agents/agent/core/caller.h"
#include "agents/alert/hook.h"
#include "agents/keys/keys.h"
#include "agents/keys/partnership.h"
#include "agents/keys/settings.h"
#include "agents/vault/vault.h"
#include "broker/base/clock.h"
#include "broker/base/log.h"
#include "broker/rule/register.h"
#include "broker/rule/table.h"
#include "proto/message.h"
#include "told/client.h"

#define TOLD_AGENT_HEAP        (128u * 1024u * 1024u) /* of one call or event: a story of 32 sections, opened and sealed */
#define TOLD_AGENT_DIRTY_MAX   256u                   /* persons to look at again; more: all of them */
#define TOLD_AGENT_TICKETS_MAX 256u                   /* calls that may still be waited for */
#define TOLD_AGENT_TEAMS_MAX   16u
#define TOLD_AGENT_ENDPOINT_MS (TOLD_MS_SECOND / 2) /* between two looks for a broker that went elsewhere */

struct told_ticket {
	uint8_t id[TOLD_ID_BYTES];
	json_t *base;          /* what the call said at once */
	struct told_caller by; /* who asked, where what comes later is not for everybody's eyes */
};

/* A log that began after ours ended, as the broker says; nothing goes on until the lead accepts it. */
struct told_log_offer {
	bool there, proved;
	struct told_client_log ended; /* ours */
	uint64_t known, old_size;
	struct told_buf note; /* of the new log */
};

#define TOLD_AGENT_REVIEWS_MAX 64u
#define TOLD_AGENT_PAGES_MAX   16u

/* What alert_watch.c looks at, and when. */
struct told_alert_watch {
	int64_t look_boot_ms;                                   /* 0: now */
	uint8_t reviews[TOLD_AGENT_REVIEWS_MAX][TOLD_ID_BYTES]; /* alerts whose review is due */
	size_t review_count;
	int64_t meeting_boot_ms;                                 /* conferences: as look_boot_ms */
	uint8_t meetings[TOLD_AGENT_REVIEWS_MAX][TOLD_ID_BYTES]; /* in which something is late or due */
	size_t meeting_count;
	struct told_paged pages[TOLD_AGENT_PAGES_MAX]; /* on their way */
	size_t page_count;
	struct told_pager pager; /* start is NULL: there is none */
	struct told_hook *hook;  /* behind it, if it is ours */
};

struct told_agent {
	char dir[PATH_MAX];
	struct told_agent_settings settings;
	struct told_partnership partnership;
	struct told_keys keys; /* of each kind the one in use: the newest that the log has */
	struct told_sealing_key
		sealing[TOLD_SEALING_KEYS_MAX]; /* newest first; older ones still open what is to them */
	size_t sealing_count;
	bool ring_stale; /* a record of ours came: which keys are in use is found out anew */
	struct told_clock clock;
	struct told_log log;
	int lock_fd;
	struct told_vault *vault;
	struct told_client *client;
	struct told_signer *identity, *signing;
	struct told_arena *arena; /* of the call or event in hand */
	uint8_t epoch[TOLD_ID_BYTES];

	/* the agency, as its profile says */
	char *name, *telephone, *emergency_telephone, *duty_team;
	bool specialist;
	char *teams[TOLD_AGENT_TEAMS_MAX];
	size_t team_count;
	struct told_catset categories;
	uint32_t roles;
	unsigned plan_wait_days; /* a step that waits longer goes to the lead worker; 0: no limit */
	bool plan_wait_working;
	bool remind;                          /* a minute has passed: look for steps that wait too long */
	struct told_span acknowledge;         /* a referral that comes, by our own promise */
	struct told_hidden *hidden;           /* sight.c: whom which worker does not see */
	bool sight_stale;                     /* somebody was named: read it anew before anything is shown */
	const struct told_here_offer *offers; /* borrowed */
	size_t offer_count;

	/* folded from the vault's facts */
	struct told_parties *parties;
	struct told_directory *directory;
	uint32_t self;
	uint64_t next_entry; /* of facts about parties: those below are folded */

	/* what the next turns have to do */
	bool signing_known;     /* the log has our signing key: what it signs may go */
	uint64_t sent_seq;      /* of the outbox: up to here it is on its way */
	int64_t resend_boot_ms; /* 0: not */
	int64_t ack_boot_ms;    /* until then nothing is acknowledged: the last was refused */
	int64_t ready_boot_ms;  /* when we were last welcomed */
	uint8_t dirty[TOLD_AGENT_DIRTY_MAX][TOLD_ID_BYTES];
	size_t dirty_count;
	bool all_dirty;
	int64_t swept_boot_ms;
	bool sweep_offers; /* what was kept to be offered again, and need not be any more */
	bool sweeping;     /* through all persons, some each turn */
	uint8_t sweep_at[TOLD_ID_BYTES];
	bool overdue_looking; /* through all persons with a referral, some each turn */
	uint8_t overdue_at[TOLD_ID_BYTES];
	int64_t overdue_boot_ms; /* when that begins again */
	struct told_alert_watch watch;
	uint64_t saved_size;     /* of the checkpoint in the vault */
	uint64_t published_size; /* and in the receipts folder */
	int64_t published_boot_ms;
	char endpoint[TOLD_ENDPOINT_MAX_BYTES];
	int64_t looked_boot_ms;   /* for a new endpoint */
	int64_t rest_boot_ms;     /* until then nothing is tried */
	bool checked;             /* connected, and what waited for us has been taken */
	uint64_t checked_ms;      /* when that was last so */
	uint64_t checked_kept_ms; /* as the vault has it */
	int64_t quiet_boot_ms;    /* since when connected and nothing came; 0: not connected */
	enum told_status fault;   /* TOLD_E_FORK: nothing is sent any more */
	struct told_log_offer offer;
	struct told_ticket tickets[TOLD_AGENT_TICKETS_MAX];
	size_t next_ticket;
};

static inline struct told_bytes told_agent_self(const struct told_agent *agent)
{
	return told_text(agent->settings.party);
}

/* ---- connect.c: the session ---- */

/* A new session, with the keys in use; the one before is closed. */
enum told_status told_agent_connect(struct told_agent *agent);
/* A broker that was started again may listen elsewhere. */
enum told_status told_agent_follow_endpoint(struct told_agent *agent, int64_t boot_ms);

/* ---- ring.c: which of our keys are in use ---- */

/* Finds it out from the files and the log; what was taken back and is not needed is destroyed. A session that runs is
 * begun again when its keys changed. */
enum told_status told_agent_ring(struct told_agent *agent);
/* A key of ours was accepted: those before it are retired, under the same ticket. */
enum told_status told_agent_retire_older(struct told_agent *agent, const struct told_header *header,
					 struct told_bytes ticket);

/* ---- fold.c: what we have verified, as facts ---- */

/* A told_key_of_fn; ctx is the agent. */
enum told_status told_agent_key_of(void *agent, struct told_bytes party, uint32_t purpose, const told_hash *key_id,
				   uint64_t index, uint64_t time_ms, bool content, uint8_t key[TOLD_KEY_BYTES]);
/* A key of the log that came while we were away; its parcel may still come. */
enum told_status told_agent_learn_log_key(struct told_agent *agent, const struct told_carried_message *message);
/* A told_log_keys_fn; ctx is the agent. */
size_t told_agent_log_keys(void *agent, struct told_log_key *out);
/* An agreement that we signed names the fingerprint of the party's identity key, or it is us. */
bool told_agent_believes(const struct told_agent *agent, struct told_bytes party);
/* Folds all facts about parties anew. */
enum told_status told_agent_fold_directory(struct told_agent *agent);
/* Keeps a verified header as a fact when it is one, and folds it. */
enum told_status told_agent_learn(struct told_agent *agent, const struct told_header *header,
				  struct told_bytes envelope, struct told_bytes attachment, struct told_entry entry);
/* Folds what is known of a person; the caller frees. known is false when nobody ever spoke of them. */
enum told_status told_agent_person(struct told_agent *agent, struct told_bytes client, struct told_person **out);
/* To be looked at again: who may have a wrap, and who no longer. */
void told_agent_touch(struct told_agent *agent, struct told_bytes client);
struct told_when told_agent_now(const struct told_agent *agent);

/* ---- queue.c: messages into the outbox, in the caller's transaction ---- */

struct told_draft {
	struct told_header header;
	uint8_t id[TOLD_ID_BYTES];
	told_hash seen_root;
	uint8_t ticket[TOLD_ID_BYTES];
	const struct told_about *about; /* of a correction: what it corrects */
};
/* Fills what every header has. caller may be NULL (the machine itself). client may be empty. */
enum told_status told_draft_begin(struct told_agent *agent, uint32_t type, const struct told_caller *caller,
				  struct told_bytes client, struct told_draft *draft);
/* Lets go of the draft begun last, which only asked what would happen: the next message has its number, for one that
 * nobody ever sends would look like one that was lost. */
enum told_status told_draft_drop(struct told_agent *agent, const struct told_draft *draft);
/* Encodes the header and queues it with this body (canonical; may be empty). */
enum told_status told_draft_queue(struct told_agent *agent, const struct told_draft *draft, struct told_bytes body);
/* Queues bytes that told_message_seal made. */
enum told_status told_draft_queue_sealed(struct told_agent *agent, const struct told_draft *draft,
					 struct told_bytes header, struct told_bytes body);
/* Encodes any message of the language into the agent's arena. */
enum told_status told_agent_encode(struct told_agent *agent, enum told_schema schema, const void *message,
				   struct told_bytes *out);
/* Signs everything unsigned, as batches; part of every commit. */
enum told_status told_agent_sign(struct told_agent *agent);
/* Signs and commits. */
enum told_status told_agent_commit(struct told_agent *agent);
/* Sends what may be sent. After commits only. */
enum told_status told_agent_send(struct told_agent *agent);

/* ---- start.c (our keys, our register), receipts.c ---- */

enum told_status told_agent_introduce(struct told_agent *agent);
/* Queues a KEY_RECORD about a key of ours; pair->secret is needed to issue only. ticket (may be NULL) gets its ticket.
 */
struct told_key_change {
	uint32_t purpose, number, action; /* enum told_key_purpose, told_key_action */
	const struct told_keypair *pair;
	const uint8_t *ticket; /* NULL: its own */
	const char *worker;    /* of a contact's key; else NULL */
};
enum told_status told_agent_queue_key(struct told_agent *agent, const struct told_key_change *change,
				      uint8_t ticket[TOLD_ID_BYTES]);
enum told_status told_agent_export_receipts(struct told_agent *agent);
/* A file of the receipts folder; failures are logged, never fatal: the vault has it. */
void told_agent_keep_note(struct told_agent *agent, const char *name, struct told_bytes note);
/* An active worker in whose name the machine states what follows from an event; TOLD_E_NOT_FOUND. */
enum told_status told_agent_any_worker(struct told_agent *agent, struct told_caller *out);
/* RELATIONSHIP of ours; team may be empty. */
enum told_status told_agent_relate(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
				   uint32_t kind, struct told_bytes team, bool live, uint64_t until_ms,
				   const uint8_t ticket[TOLD_ID_BYTES]);

/* Keeps an erasure that was asked of us or by us, or what a holder answered. */
enum told_status told_agent_note_erasure(struct told_agent *agent, const struct told_header *header, uint64_t at_ms);

/* ---- add.c, tell.c: what others need too ---- */

/* The newest of our own of the header's category and about the same person. TOLD_E_NOT_FOUND. */
enum told_status told_story_line(struct told_agent *agent, struct told_bytes client,
				 const struct told_section_header *header, struct told_story_row *row);
/* Adds what was told before under the header's category to a new telling. TOLD_E_LIMIT: too much together. */
enum told_status told_story_add(struct told_agent *agent, struct told_bytes client, struct told_section_header *header,
				struct told_bytes *content);

/* One section deposited: the next version of its category. *json: {"category", "deposit", "version"}, the caller's. */
enum told_status told_tell_section(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
				   const struct told_section_header *header, struct told_bytes content,
				   const uint8_t ticket[TOLD_ID_BYTES], json_t **json);
/* Our newest sections of one reference deposited again under another: a card was replaced. */
enum told_status told_tell_again(struct told_agent *agent, const struct told_caller *caller, struct told_bytes from,
				 struct told_bytes to, const uint8_t ticket[TOLD_ID_BYTES]);

/* Begins a call: a transaction, a fresh arena. End commits when status is OK, else rolls back and clears the reply. */
enum told_status told_call_begin(struct told_agent *agent);
enum told_status told_call_end(struct told_agent *agent, enum told_status status, struct told_reply *reply);

#endif
