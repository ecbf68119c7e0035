#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sharing without permission, alerts, what was said by hand, holds, erasing, receipts: each command typed into the real
# told, also in the wrong order, by the wrong worker, with the wrong words. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
nobody=0192f0c1a2b37c4d8e5f60718293a4b5

card() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam --section RSK.SELF=low --section HOU.SIT=sofa
}

# The rest waits for a second worker and the reason; then it goes, is opened, reviewed and over.
check_override() {
  local id
  types HOU 0 override raise "$client" --kind safeguarding --to TT --concern "He is coming" --dry-run
  is_silent_of "Next:"
  types HOU 0 override ls
  says "There is none."
  types HOU 0 override raise "$client" --kind safeguarding --to TT --concern "He is coming" --json
  id=$(member id)
  types TT 0 inbox
  says "He is coming"
  is_silent_of sofa
  types HOU 8 override confirm "$id"
  says OVR-03
  types HOU-practitioner 8 override confirm "$id"
  says OVR-03
  types TT 1 override confirm "$id"
  types HOU-dsl 0 override confirm "$id"
  types HOU-dsl 4 override confirm "$id"
  types HOU 2 override reason "$id" --reason ""
  types HOU 0 override reason "$id" --reason "Not safe to ask"
  types HOU 4 override reason "$id" --reason "Not safe to ask"
  until_true "the rest comes" comes TT sofa
  types HOU 4 override decide "$id" --answer release --why "nothing to decide"
  types HOU-dsl 8 override review "$id" --outcome right
  types HOU-dpo 2 override review "$id" --outcome fine
  says "right, too_much, wrong"
  types HOU-dpo 0 override review "$id" --outcome ended --note "Enquiry closed"
  types HOU 0 override ls --client "$client"
  says "last: ended"
  types HOU-dpo 4 override review "$id" --outcome right
  says "is over"
  types HOU 1 override review "$nobody" --outcome right
  # A second who is the author holds what lies beyond the first set, and the log has it so.
  types HOU 0 override raise "$client" --kind safeguarding --to TT --category DEM.ID,HOU.SIT --concern "Tonight" --reason r \
    --second "$(basename "${token[HOU]}" .token)" --json
  says '"category":"HOU.SIT","effect":"hold"'
  says '"category":"DEM.ID","effect":"release"'
  says '"OVR-03"'
  types HOU 2 override raise "$client" --kind safeguarding --to TT --concern x --call-now --call-after 5
  types HOU 1 override confirm "$nobody"
  types HOU 0 alert called "$id" --who-answered worker
  says "another worker answered"
  types HOU 2 alert called "$id" --who-answered worker --at 25:99
  says "14:05"
  types HOU 2 alert called "$id" --who-answered his_mother
  says "on_call, worker, switchboard, voicemail, nobody"
  types HOU 0 alert overdue
  types HOU 0 alert sheet "$id"
  says "SAY THIS, AND NO MORE"
  types HOU 0 alert sheet "$id" --html "$work/sheet.html"
  grep -q "destroy it afterwards" "$work/sheet.html" || fail "the sheet does not say what to do with it"
  types HOU 0 alert close "$id"
  types HOU 4 alert close "$id"
  says "over already"
  types HOU 0 override due
  types HOU 1 alert called "$nobody" --who-answered worker
}

comes() {
  "$bin/told" inbox --agent "$work/$1" --as "${token[$1]}" | grep -qF "$2"
}

# Who has no agent is telephoned; what was said is written down and ruled after the fact.
check_by_hand() {
  local id
  types HOU 4 alert send "$client" --to ASC --concern "He has stopped"
  says 01632
  types HOU 4 override raise "$client" --kind law --to ASC --concern "An order"
  says "Telephone ASC: 01632"
  types HOU 0 override raise "$client" --kind safeguarding --to ASC --concern "Tonight" --reason "Not safe" --json
  says '"telephone"'
  id=$(member id)
  types HOU 0 disclosure record "$client" --to ASC --category DEM.ID,NARR --why "They send somebody" --alert "$id"
  says "It is in the log."
  types HOU 0 disclosure declined "$client" --to ASC --category SUD.USE --why "She said no" --reason no_consent
  is_silent_of AGR-
  types HOU 2 disclosure declined "$client" --to ASC --category SUD.USE --why x --reason bogus
  types HOU 1 disclosure record "$client" --to ASC --category DEM.ID --why x --alert "$nobody"
  types HOU 0 disclosure ls --client "$client"
  says "did not tell"
}

# What is raised goes to a named person, and to who stands in while they are away.
check_duty() {
  local lead dsl
  lead=$(basename "${token[HOU]}" .token)
  dsl=$(basename "${token[HOU-dsl]}" .token)
  types HOU-practitioner 8 duty set "$dsl"
  types HOU 2 duty set nobody
  types HOU 2 duty set "$dsl" --deputy "$dsl"
  types HOU 0 duty set "$dsl" --deputy "$lead"
  says "On call: $dsl"
  types HOU-dsl 0 duty away --until 2020-01-01
  types HOU-dsl 0 duty away --until "$(date -d '+3 days' +%F)"
  says "Asked now: $lead"
  types HOU-practitioner 8 duty away --worker "$dsl" --until 2099-01-01
  types HOU-dsl 0 duty back
  says "Asked now: $dsl"
  types HOU 0 duty show
  types HOU 0 story tell "$client" --section RSK.OTH="He has a knife"
  types HOU-dsl 0 risk ls
  says "for worker $dsl"
  types HOU 0 risk hand "$client" --to "$lead"
  types HOU 2 risk hand "$client" --to nobody
  types HOU 0 risk "done" "$client" --did "The police are told"
  types HOU 1 risk hand "$client" --to "$lead"
}

# Only the person is at risk and has said no: nothing goes, and nothing says that it did, before a senior decides.
check_decide() {
  local id
  types HOU 0 consent record "$client" --refused --to TT --for SAFEADULT
  types HOU 0 override raise "$client" --kind safeguarding --to TT --concern "Self" --reason r --at-risk self
  says "somebody must act first"
  is_silent_of "have gone"
  types HOU 0 override ls --json
  id=$(tr '{' '\n' <"$work/out" | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p' | tail -n 1)
  types HOU-practitioner 8 override decide "$id" --answer refuse --why "It is her own choice"
  types HOU-dsl 0 override decide "$id" --answer refuse --why "It is her own choice"
  types HOU-dsl 4 override decide "$id" --answer release --why "Changed my mind"
}

check_words() {
  types HOU 2 override raise "$client" --kind safeguarding --to tt --concern x
  says 'Did you mean "TT"?'
  types HOU 2 override raise "$client" --kind safeguarding --to HOU --concern x
  says "this agency itself"
  types HOU 2 override raise "$client" --kind safeguarding --to TT --concern x --at-risk me
  says "self, others"
  types HOU 2 override raise "$client" --kind safeguarding --to TT --concern x --call-after 99999999999999999999
  types HOU 2 override ask "$client" --from NOPE --kind safeguarding --category RSK.SELF --reason z
  types HOU 2 referral send "$client" --to HOU
  types TT 0 override ask "$client" --from HOU --kind safeguarding --category RSK.SELF --reason "Not come home"
  says "low"
  types HOU 4 decide --client "$client" --from HOU --to TT --purpose REFERRAL --section HOU.SIT
  says "CON-"
  types HOU 0 worker leave "$(basename "${token[HOU-practitioner]}" .token)"
  says ": left"
  types HOU-practitioner 8 override ls
}

# A hold stops it; once that is lifted it goes by itself, each holder answers for itself, and nobody for another.
check_erase() {
  local id
  types HOU 2 hold "$client" --reason complaint --review 2020-01-01
  types HOU 1 hold lift "$client" --reason complaint
  types HOU 0 hold "$client" --reason complaint --review 2099-03-31
  types HOU 0 erase "$client" --reason withdrawn --json
  says '"held"'
  id=$(member erasure)
  types TT 1 hold lift "$client" --reason complaint
  types HOU 0 hold lift "$client" --reason complaint
  types HOU 0 hold ls
  says "No hold stands."
  types SUD 4 erase "$client" --reason withdrawn
  until_true "Talking Therapies are asked" asked TT "$id"
  types HOU 2 erase answer "$id" --kept-until 2020-01-01 --law "Limitation Act 1980 s.11"
  says "a day to come"
  types SUD 1 erase answer "$id" --erased
  types HOU-dsl 8 erase answer "$id" --erased
  types TT 0 erase answer "$id" --kept-until 2099-03-31 --law "Limitation Act 1980 s.11"
  types HOU 0 erase answer "$id" --erased
  types HOU 6 erase answer "$id" --erased
  until_true "the asker hears the answer" hears HOU "kept until 31 March 2099"
  types HOU 0 erase ls
  is_silent_of "1970"
  types HOU 0 override ls
  says "There is none."
  types HOU 0 retention ls
  types HOU 0 retention apply
}

asked() {
  "$bin/told" erase ls --agent "$work/$1" --as "${token[$1]}" | grep -qF "$2"
}

hears() {
  "$bin/told" erase ls --agent "$work/$1" --as "${token[$1]}" | grep -qF "$2"
}

# A receipt proves its message to whoever has the policy; the log stands, and says who shared what without permission.
check_evidence() {
  local message store=$work/broker/told.db
  types HOU 0 sent --json
  message=$(tr '{' '\n' <"$work/out" | sed -n 's/.*"id":"\([0-9a-f]*\)","type":"WORKER_REGISTER".*/\1/p' | head -n 1)
  types HOU 2 receipt "" --out "$work/none"
  says "MESSAGE is empty."
  types HOU 1 receipt "$nobody" --out "$work/none"
  types HOU 0 receipt "$message" --out "$work/receipt.tlog-proof"
  operates partner policy --broker "$work/broker"
  sed 's/^quorum .*/quorum none/' "$work/out" >"$work/policy"
  audits 0 check-proof "$work/receipt.tlog-proof" --policy "$work/policy"
  audits 0 verify --store "$store" --policy "$work/policy" --receipts "$work/HOU/receipts"
  audits 0 overrides --store "$store"
  audits 0 search --store "$store" --type ALERT
  types HOU 0 audit view --purpose internal --type WORKER_REGISTER
  says "WORKER_REGISTER"
  types HOU 0 audit view --purpose log-check --message "$message" --out "$work/viewed.tlog-proof"
  audits 0 check-proof "$work/viewed.tlog-proof" --policy "$work/policy"
  types HOU 4 audit view --purpose complaint --of TT
  operates audit view --broker "$work/broker" --all --flows --purpose incident
  audits 0 looks --store "$store"
  says "view refused"
  audits 0 reconcile --store "$store" --receipts "$work"/{HOU,TT,SUD,EMP}/receipts
  operates partner clock --broker "$work/broker"
}

# The log's own key: renewed once, not twice at a time; the old one ended at once. What was signed before still holds.
check_log_key() {
  local store=$work/broker/told.db
  [ ! -e "$work/broker/keys/log-2.key" ] || fail "there is a second key of the log before anybody asked for one"
  operates partner log-key rotate --broker "$work/broker"
  [ -e "$work/broker/keys/log-2.key" ] || fail "the new key of the log has no file"
  ! "$bin/told" partner log-key rotate --broker "$work/broker" >"$work/out" 2>&1 || fail "a second rotation at a time"
  says "retire --now"
  operates partner log-key retire --now --broker "$work/broker"
  [ ! -e "$work/broker/keys/log.key" ] || fail "the old key of the log is still there"
  until_true "the policy says where the old key ended" grep -q '^#told-end ' "$work/broker/policy"
  operates partner policy --broker "$work/broker"
  sed 's/^quorum .*/quorum none/' "$work/out" >"$work/policy"
  audits 0 check-proof "$work/receipt.tlog-proof" --policy "$work/policy"
  audits 0 verify --store "$store" --policy "$work/policy" --receipts "$work/HOU/receipts"
  audits 0 export --store "$store" --tiles "$work/export"
  grep -qF "$(cat "$work/export/vkey")" "$work/policy" || fail "the export names another key than the policy"
  python3 "$source/tests/independent/verify_export.py" --policy "$work/policy" "$work/export" "$work/receipt.tlog-proof" \
    >"$work/out" 2>&1 || fail "the second verifier refuses a log whose key was renewed"
  # A policy under which the old key had ended before that receipt: neither of the two believes it.
  sed 's/^\(#told-end [^ ]*\) .*/\1 1/' "$work/policy" >"$work/early"
  audits 5 check-proof "$work/receipt.tlog-proof" --policy "$work/early"
  ! python3 "$source/tests/independent/verify_export.py" --policy "$work/early" "$work/receipt.tlog-proof" >"$work/out" 2>&1 ||
    fail "the second verifier believes a key that had ended"
}

make_world
adds HOU-practitioner practitioner
adds HOU-dsl dsl
adds HOU-dpo dpo
card
check_override
check_by_hand
check_duty
check_decide
check_words
check_erase
check_evidence
check_log_key
echo "each command does what the guides say, and says what is wrong"
