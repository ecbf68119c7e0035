#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An intake at a real agent: scores judged and added up, what must be looked at now, and who sees it until when; notes
# with an audience. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"

scores=(not-at-all several-days more-than-half nearly-every-day)

# Answers to a measure, all the same: its name, how many, the answer from 0 to 3.
measured() {
  local i
  for ((i = 1; i <= $2; i++)); do printf '"%s.%s": "%s",' "$1" "$i" "${scores[$3]}"; done
}

# All of PHQ-9 but item 9 and all of GAD-7; item 9; the first of WSAS.
answers() {
  printf '{"answers": {%s "wsas.home": %s, "wsas.people": 8, "wsas.alone": 8, "wsas.close": 8, "emp.status": "looking", "wsas.work": 8}}' \
    "$(measured phq9 8 "$1")\"phq9.9\": \"${scores[$2]}\",$(measured gad7 7 "$1")" "$3" >"$work/answers.json"
}

# What is out of range, worked out or unknown is refused with its question and the rule, and nothing is told.
check_scores() {
  types TT 0 card new --json
  client=$(member client)
  answers 3 0 9
  types TT 2 intake "$client" --answers "$work/answers.json"
  says "wsas.home"
  says "from 0 to 8"
  types TT 2 intake "$client" --answer phq9.1='"4"'
  says "phq9.1"
  says "the answer is one of not-at-all, several-days, more-than-half, nearly-every-day"
  types TT 2 intake "$client" --answer phq9.total=28
  says "worked out from the answers"
  types TT 2 intake "$client" --answer phq9.10='"1"'
  says 'no question "phq9.10"'
  types TT 0 story show "$client"
  is_silent_of PHQ
  answers 3 0 8
  types TT 0 intake "$client" --answers "$work/answers.json"
  says "PHQ-9 total  24"
  says "GAD-7 total  21"
  says "WSAS total  40"
}

# What is asked every time shows the last answer after the new one, and never before it.
check_always() {
  types TT 0 intake "$client"
  is_silent_of "before, "
  is_silent_of "Nearly every day"
  answers 1 0 8
  types TT 0 intake "$client" --answers "$work/answers.json"
  says "before, "
  says "Nearly every day"
  types HOU 0 card new --json
  local other
  other=$(member client)
  types HOU 0 intake "$other" --answer contact.telephone=07700900123
  types HOU 0 intake "$other"
  says "You said on $(date -u +%-d\ %B\ %Y): 07700900123. Is this still right?"
}

# Item 9 above 0: the worker in the room and whoever is on duty see it on every screen, refusals too, until it is written
# down what was done. Nobody else hears of it, and no other agency.
check_item_nine() {
  answers 1 2 8
  types TT 0 intake "$client" --answers "$work/answers.json"
  says "LOOK NOW"
  says "phq9.9"
  says "On more than half the days"
  types TT 0 story show "$client"
  says "LOOK NOW"
  types TT 2 referral send "$client" --to NOPE
  says "LOOK NOW"
  types TT-practitioner 0 consent show "$client"
  says "LOOK NOW"
  types TT-practitioner 0 sent
  says "LOOK NOW"
  types TT-practitioner 0 worker ls
  is_silent_of "LOOK NOW"
  types TT-duty 0 worker ls
  says "LOOK NOW"
  types TT-duty 0 worker ls --json
  says '"look_now":[{'
  for party in HOU SUD EMP; do
    types "$party" 0 inbox
    is_silent_of "LOOK NOW"
    is_silent_of "phq9"
    types "$party" 0 story show "$client"
    is_silent_of "LOOK NOW"
  done
  types TT 0 sent --client "$client" --json
  is_silent_of '"ALERT"'
  is_silent_of '"OVERRIDE"'
  types HOU 1 risk "done" "$client" --did "Nothing to do with us"
  types TT 2 risk "done" "$client" --did ""
  types TT-duty 0 risk "done" "$client" --did "Safety plan made; rings tomorrow at ten"
  says "phq9.9"
  types TT-duty 1 risk "done" "$client" --did "Again"
  types TT 0 story show "$client"
  is_silent_of "LOOK NOW"
  types TT 0 risk ls --client "$client"
  says "Safety plan made; rings tomorrow at ten"
  types TT 0 risk ls --json
  says '"state":"done"'
}

# Somebody who may not see the person does not see this either; with nobody on duty everybody does.
check_nobody() {
  answers 1 3 8
  types TT 0 intake "$client" --answers "$work/answers.json"
  types TT 0 worker leave "$(basename "${token[TT-duty]}" .token)"
  types TT-practitioner 0 worker ls
  says "LOOK NOW"
  types TT 0 flag record "$client" --kind worker_excluded --worker "$(basename "${token[TT-practitioner]}" .token)"
  types TT-practitioner 0 worker ls
  is_silent_of "LOOK NOW"
  types TT 0 risk "done" "$client" --did "Rang; he is with his sister"
}

# A note is ours alone unless services are named, and then they are named in words before it is saved. A correction goes to
# whoever was given the note, and what was written before stays.
check_notes() {
  local note
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Ada --section HOU.SIT=sofa
  types HOU 0 note add "$client" "Came on time" --json
  says '"saved":true'
  says "Only Council housing team will see this."
  is_silent_of messages
  types HOU 2 note add "$client" "Viewing Friday" --to TT
  says "Say what the note speaks of"
  types HOU 1 note add "$client" "Viewing Friday" --to TT,EMP --about HOU.SIT
  says "Only Council housing team will see this."
  says "Northtown NHS Talking Therapies will not see it: There is no permission for this."
  types HOU 0 consent record "$client" --to TT,EMP --for COORD,REFERRAL --group reach,home --until 2099-03-31 --evidence signature --notice 3
  types HOU 1 note add "$client" "Viewing Friday" --to TT,EMP --about HOU.SIT
  says "Northtown NHS Talking Therapies and Stepping Stones Employability will see this."
  says "Nothing is saved yet."
  types HOU 0 note add "$client" "Viewing Friday" --to TT,EMP --about HOU.SIT --dry-run
  types HOU 0 note ls "$client"
  is_silent_of Viewing
  types HOU 0 note add "$client" "Viewing Friday" --to TT,EMP --about HOU.SIT --yes --json
  note=$(member note)
  until_true "the note comes" notes TT "$client" "Viewing Friday"
  until_true "the note comes" notes EMP "$client" "Viewing Friday"
  types SUD 0 note ls "$client"
  says "There is none."
  types HOU 2 note correct "$note" "Viewing Friday" --yes
  says "nothing to correct"
  types HOU 1 note correct "$note" "Viewing Thursday"
  says "Northtown NHS Talking Therapies and Stepping Stones Employability will see this."
  types HOU 0 note correct "$note" "Viewing Thursday" --yes
  types HOU 0 note ls "$client"
  says "Viewing Thursday"
  says "before, "
  says "Viewing Friday"
  says "Came on time"
  until_true "the correction comes" notes TT "$client" "Viewing Thursday"
  types TT 0 note ls "$client"
  says "This corrects what they told before."
  says "WRONG: whoever told it corrected it on"
  says "Viewing Friday"
  until_true "they have put it right" put_right HOU "$client" "Northtown NHS Talking Therapies"
  types TT 1 note correct "$note" "Ours now" --yes
  types HOU 2 note add "$client" "x" --to HOU --about HOU.SIT --yes
  types HOU 2 note add "$client" "x" --to NOPE --about HOU.SIT --yes
  types TT 0 note ls "$client" --json
  is_silent_of "Came on time"
}

# Worker, person, who has put it right.
put_right() {
  "$bin/told" correction ls "$2" --agent "$work/$1" --as "${token[$1]}" | grep -F "$3" | grep -qF "put right there"
}

# Counts for whoever pays: no small number, nothing about a worker, whole months; a need is rated first and again.
check_outcomes() {
  local month each i
  month=$(date -u +%Y-%m)
  types HOU 2 need record "$client" find-home --person 6
  says "from 1 (hardly) to 5"
  types HOU 2 need record "$client" "Find Home" --person 3
  types HOU 2 need record "$client" find-hom --person 3
  says 'Did you mean "find-home"?'
  for ((i = 0; i < 9; i++)); do
    types HOU 0 card new --json
    each=$(member client)
    types HOU 0 need record "$each" find-home --person 5 --worker 4
    [ "$i" -ge 7 ] || types HOU 0 need record "$each" find-home --person 2
    [ "$i" -ge 2 ] || types HOU 0 need record "$each" rent-arrears --person 3
  done
  says "they say"
  types HOU 0 need ls "$each"
  says "find-home"
  types HOU 0 outcomes --from "$month" --to "$month"
  says "less in the way"
  says "find-home     5                0          0                *"
  says "all           5                0          0                *"
  says "left out"
  says "fewer than 5"
  types HOU 0 outcomes --from "$month" --to "$month" --json
  is_silent_of "$(basename "${token[HOU]}" .token)"
  is_silent_of "${each:0:11}"
  types HOU 2 outcomes --from "$month" --to "$month" --smallest 4
  types HOU 2 outcomes --from "$month-01" --to "$month"
  types HOU 2 outcomes --from 2099-01 --to 2099-02
  types HOU 2 outcomes --from "$month" --to 2001-01
  types TT-practitioner 8 outcomes --from "$month" --to "$month"
}

notes() {
  "$bin/told" note ls "$2" --agent "$work/$1" --as "${token[$1]}" | grep -qF "$3"
}

make_world
adds TT-practitioner practitioner
types TT 0 worker add --role practitioner --team assessment --json
token[TT-duty]=$(member token_file)
check_scores
check_always
check_item_nine
check_nobody
check_notes
check_outcomes
echo "scores are judged, what must be looked at stays, notes say who sees them, and counts give nobody away"
