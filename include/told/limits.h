/* SPDX-License-Identifier: Apache-2.0 */
/* Every number that bounds something, once, each with its reason. */
#ifndef TOLD_LIMITS_H
#define TOLD_LIMITS_H

/* Sizes on the wire (protocol section 2). */
#define TOLD_HEADER_MAX_BYTES         65536u   /* a header is read before anything is believed: keep it small */
#define TOLD_ENVELOPE_MAX_BYTES       70000u   /* header, key id, signature, a path of 8 and framing */
#define TOLD_CIPHERTEXT_MAX_BYTES     1048576u /* all sections of a message together */
#define TOLD_BODY_MAX_BYTES           1310720u /* ciphertext, section headers, salts and 32 x 20 wraps */
#define TOLD_FRAME_MAX_BYTES          2097152u /* a second frame: a parcel with a full body, its envelope and its proofs */
#define TOLD_SECTIONS_MAX             32u      /* digest lists are padded to 4, 8, 16 or 32 */
#define TOLD_RECIPIENTS_MAX           20u      /* one case conference with every partner of a large area */
#define TOLD_BATCH_MAX                256u     /* messages under one signature */
#define TOLD_PATH_MAX                 8u       /* log2 of TOLD_BATCH_MAX */
#define TOLD_PAD_BYTES                256u     /* plaintext is padded to a multiple of this */
#define TOLD_DECODE_FACTOR            8u       /* a decoder may use this many times its input, plus the next line */
#define TOLD_DECODE_EXTRA_BYTES       4096u    /* so that the smallest message decodes too */
#define TOLD_SECTION_HEADER_MAX_BYTES 2048u    /* some names and a list of categories */
#define TOLD_LINE_MAX_BYTES           256u     /* one line of an acknowledgement: ids, a staff number, a salt */
#define TOLD_ACK_LINES_MAX            1024u    /* parcels in one acknowledgement */
#define TOLD_CREDIT_MAX               256u     /* parcels an agent may have in flight */
#define TOLD_NAME_MAX_BYTES           64u      /* party ids, teams, staff numbers, agreement ids, clauses */
#define TOLD_TEXT_MAX_BYTES           1024u    /* other strings in headers */
#define TOLD_LIST_MAX                 1024u    /* repeated fields that have no tighter limit */
#define TOLD_RECALL_MESSAGES_MAX      64u      /* named by one RECALL; more are called back by more of them */
#define TOLD_RECALL_NAMES_MAX         32u      /* workers, and parties, that one answer names */
#define TOLD_ERASURE_LAW_MAX_BYTES    120u     /* the name of a law and its section, no story */
#define TOLD_GRANTS_MAX               64u      /* grants in one GRANT message */

/* Cryptographic sizes in bytes. */
#define TOLD_HASH_BYTES        32u
#define TOLD_KEY_BYTES         32u
#define TOLD_SIGNATURE_BYTES   64u
#define TOLD_ID_BYTES          16u
#define TOLD_SALT_BYTES        16u
#define TOLD_TAG_BYTES         16u
#define TOLD_WRAP_BYTES        48u /* a sealed section key: 32 bytes and the tag */
#define TOLD_LEAF_SALT_BYTES   32u
#define TOLD_SUBJECT_TAG_BYTES 16u
#define TOLD_TOKEN_BYTES       32u /* a worker's token */

/* Log (C2SP tlog-tiles, tlog-checkpoint). */
#define TOLD_LEAF_MAX_BYTES      65535u  /* tlog-tiles: entries carry a u16 length */
#define TOLD_LEAF_PART_MAX_BYTES 262144u /* facts or ruling of one entry: 20 recipients with 32 sections each */
#define TOLD_NOTE_MAX_BYTES      65536u  /* a checkpoint with its cosignatures */
/* Witnesses (evidence.md section 1 items 6 and 8). */
#define TOLD_OFFER_MS          250                   /* the newest checkpoint goes to them no more often */
#define TOLD_WITNESS_SILENT_MS (15 * TOLD_MS_MINUTE) /* enough are connected and none signs: alarm */
#define TOLD_WITNESS_HOLD_MS   TOLD_MS_DAY           /* no quorum for so long: no story content goes out */
#define TOLD_NOTE_LINES_MAX    100u                  /* signature lines in a note: signed-note asks for 16 or more */
#define TOLD_PROOF_MAX         64u                   /* hashes in an inclusion or consistency proof of a 64-bit tree */
#define TOLD_TILE_WIDTH        256u                  /* tlog-tiles: height 8 */
/* Logs of one partnership (evidence.md section 1 item 3): each after the first is a restore that lost entries. */
#define TOLD_LOGS_MAX          64u               /* each is open as long as the store is, and one disaster */
#define TOLD_RESTORE_MAX_BYTES 4096u             /* the leaf of a restore, or its facts: one name, numbers, a root */
#define TOLD_REOFFER_MS        (7 * TOLD_MS_DAY) /* an agency keeps what was answered, to offer it again after a restore */

/* Times in milliseconds. */
#define TOLD_MS_SECOND          INT64_C(1000)
#define TOLD_MS_MINUTE          (60 * TOLD_MS_SECOND)
#define TOLD_MS_HOUR            (60 * TOLD_MS_MINUTE)
#define TOLD_MS_DAY             (24 * TOLD_MS_HOUR)
#define TOLD_FUTURE_MAX_MS      (5 * TOLD_MS_MINUTE) /* clocks of partners may be this far ahead */
#define TOLD_EXPIRES_MAX_MS     (30 * TOLD_MS_DAY)   /* a message lives no longer */
#define TOLD_NAMES_LOOK_MS      (182 * TOLD_MS_DAY)  /* teams change within half a year: a contact looks again */
#define TOLD_AUDIT_COPY_MAX_MS  (366 * TOLD_MS_DAY)  /* a copy for audit is for one year at most, leap years included */
#define TOLD_VIEW_MAX           256u                 /* entries in one answer to AUDIT_VIEW */
#define TOLD_VIEW_LOOK_MAX      16384u /* entries looked at for one: some ten milliseconds of the broker's turn */
#define TOLD_VIEW_MAX_BYTES     (1024u * 1024u)       /* of entries and opened parts: it must fit a frame */
#define TOLD_AGAIN_MAX          64u                   /* receipts asked for again at once */
#define TOLD_DUPLICATE_KEEP_MS  (7 * TOLD_MS_DAY)     /* duplicate rows outlive the message by this */
#define TOLD_LOG_KEYS_MAX       32u                   /* of one partnership, ever: one a year */
#define TOLD_LOG_KEY_GRACE_MS   (30 * TOLD_MS_DAY)    /* protocol section 1: so long both of the log's keys sign */
#define TOLD_KEY_GRACE_MS       (7 * TOLD_MS_DAY)     /* a retired key still signs for an offline agent's outbox */
#define TOLD_HEARTBEAT_ENTRY_MS (60 * TOLD_MS_SECOND) /* a leaf this often: silence is no truncation */
#define TOLD_FRESH_MS           (3 * TOLD_MS_MINUTE)  /* a log older than this is not fresh */

/* Stories and imported files (protocol section 3): what a worker or a file hands in is untrusted like any message. */
#define TOLD_STORY_MAX_BYTES       262144u              /* a section's plaintext: a quarter of what a message carries */
#define TOLD_STORY_ITEMS_MAX       512u                 /* the longest real form has under 300 questions */
#define TOLD_STORY_VALUES_MAX      64u                  /* boxes ticked in one answer */
#define TOLD_STORY_TEXT_MAX_BYTES  65536u               /* free text of a section, or one answer in words */
#define TOLD_IMPORT_FILE_MAX_BYTES (8u * 1024u * 1024u) /* a record export of a busy case */
#define TOLD_IMPORT_ARENA_BYTES    (96u * 1024u * 1024u) /* a file, its sections, and its outcome lines */
#define TOLD_IMPORT_RESOURCES_MAX  10000u                /* resources in one bundle */
#define TOLD_IMPORT_DEPTH_MAX      64u                   /* real FHIR nests under 20 deep; readers of it recurse */
#define TOLD_IMPORT_VALUES_MAX     1000000u              /* JSON values in a file: bounds the tree built of it */
#define TOLD_IMPORT_ITEMS_MAX      4096u                 /* items in one filled-in form, groups included */

/* Profiles and intake forms (agents/profile, agents/form). */
#define TOLD_PROFILE_MAX_BYTES     65536u  /* a profile is a page or three of YAML */
#define TOLD_PROFILE_DEPTH_MAX     6u      /* the schema nests four deep */
#define TOLD_FORM_MAX_BYTES        524288u /* the longest of ours is 60 KiB; a person answers no longer one */
#define TOLD_FORM_ITEMS_MAX        512u    /* items of a form, groups and notes included */
#define TOLD_FORM_DEPTH_MAX        6u      /* groups within groups; the loader recurses */
#define TOLD_FORM_OPTIONS_MAX      64u     /* answers to choose from */
#define TOLD_FORM_CONDITIONS_MAX   16u     /* conditions of one item */
#define TOLD_ANSWER_MAX_CHARACTERS 10000u  /* one answer in the person's own words, when the form sets no less */

/* The store (design section 5). */
#define TOLD_SEGMENT_BYTES (64u * 1024u * 1024u) /* one spool file */
#define TOLD_TURN_MAX      256u                  /* messages taken in one turn of the loop */

/* The policy file and the auditor's program (evidence/policy.c, evidence/audit). */
#define TOLD_POLICY_MAX_BYTES      262144u  /* 192 lines of the longest key and address, with comments */
#define TOLD_POLICY_LOGS_MAX       64u      /* tlog-policy asks for 32 or more of each */
#define TOLD_POLICY_NAMES_MAX      128u     /* witnesses and groups, one namespace */
#define TOLD_PROOF_FILE_MAX_BYTES  262144u  /* a leaf in base64, a path, a checkpoint with its cosignatures */
#define TOLD_AUDIT_NOTES_MAX       1000000u /* notes and proofs from outside, one small row each */
#define TOLD_AUDIT_LOGS_MAX        64u      /* a new one only after a restore that lost entries */
#define TOLD_AUDIT_SENDERS_MAX     512u     /* parties of an agreement are 256; old ones stay in the log */
#define TOLD_AUDIT_TURN_WINDOW     1024u    /* a sender's numbers stand out of order by less: four turns */
#define TOLD_AUDIT_GAPS_MAX        64u      /* gaps that are named; more are counted */
#define TOLD_AUDIT_ERASED_MAX      4194304u /* entries without their details, matched against erasures at the end */
#define TOLD_AUDIT_FLOWS_MAX       262144u  /* different flows in a log: a county has some thousand */
#define TOLD_AUDIT_SHEET_MAX_BYTES (512u * 1024u * 1024u) /* a table of a report: millions of rows */

#endif
