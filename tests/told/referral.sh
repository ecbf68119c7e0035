#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A referral from what could be done here to who comes back, typed into the real told; and whatever may not be: by the
# wrong side, without a reason, for a day that is over, in a circle, out of range, by who has left, by who was not told.
# Refused with the rule named, logged where it reached the broker, and nothing is different. 77: no programs are built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
# shellcheck source=tests/told/person.sh
. "$(dirname "$0")/person.sh"
nobody=0192f0c1a2b37c4d8e5f60718293a4b5
yesterday=$(date -u -d yesterday +%F) soon=$(date -u -d '+14 days' +%F)

# Refused by the broker: worker, rule, words. The log has it, and both still see what they saw.
refused_by() {
  local who=$1 rule=$2 before entries
  shift 2
  types TT 0 referral show "$referral" --json
  before=$(member state)
  entries=$(in_log)
  types "$who" 4 "$@"
  says "$rule"
  [ "$(in_log)" -gt "$entries" ] || fail "not in the log: $*"
  stands HOU "$before" || fail "something changed: $*"
  stands TT "$before" || fail "something changed: $*"
}
in_log() {
  "$bin/told-audit" search --store "$work/broker/told.db" --phase refused --json | { grep -oF '"phase":"refused"' || true; } | wc -l
}

# Stopped by our own agent, before anything goes: worker, rule, words.
stopped_by() {
  local who=$1 rule=$2 code=0
  shift 2
  "$bin/told" "$@" --agent "$work/$who" --as "${token[$who]}" >"$work/out" 2>&1 || code=$?
  [ "$code" != 0 ] || fail "not stopped: $*"
  says "$rule"
}

check_before() {
  types HOU 0 here
  says "Finding somewhere to live"
  types HOU 0 here --need find-home
  is_silent_of "low mood"
  types HOU 2 capacity
  types TT 2 capacity set waiting
  types TT 0 capacity set waiting --weeks 3
  types HOU 0 capacity TT
  says "waiting list"
  person
  types HOU 2 onward refuse "$client" --to TT --need find-home
  types HOU 2 onward refuse "$client" --to TT --need find-hom --why "We do it here"
  says 'Did you mean "find-home"?'
  types HOU 2 onward --need garden
  says "It is one of: keep-home, find-home, rent-arrears"
  types HOU 0 onward refuse "$client" --to TT --need find-home --why "We do it here"
  types HOU 0 onward
  says 1
  types HOU 0 referral send "$client" --to TT --need find-home --dry-run
  says "Finding somewhere to live"
  is_silent_of "told slip"
}


# What is held is taken back by whoever sent it, and nobody else hears of it.
check_held() {
  local held
  refer
  types HOU 0 referral send "$client" --to TT --json
  held=$(grep -o '"referral":"[0-9a-f]*"' "$work/out" | head -n 1 | cut -d'"' -f4) # the second names the open one
  types TT 1 referral revoke "$held"
  types HOU 0 referral show "$held"
  types HOU 0 referral mistake "$held" --note "Twice"
  until_true "it is over" is_over "$held"
  types TT 1 referral show "$held"
  types HOU 0 referral revoke "$referral"
  until_true "the first is taken back" stands TT cancelled
}
is_over() {
  ! "$bin/told" sent --state held --agent "$work/HOU" --as "${token[HOU]}" --json | grep -qF "$1"
}

check_moves() {
  refer
  types HOU 0 referral ls
  types TT 0 referral acknowledge "$referral" --note "On Monday"
  types TT 0 referral ask "$referral" --note "Which mornings?"
  until_true "they ask back" substate HOU info_requested
  types HOU 0 update send "$client" --to TT --for REFERRAL --note "Mondays"
  until_true "an update answers" substate TT acknowledged
  types TT 0 referral ask "$referral" --note "And the bus?"
  until_true "they ask again" substate HOU info_requested
  types HOU 0 referral inform "$referral" --note "The 7"
  until_true "so does this" substate TT acknowledged
  refused_by HOU WFL-08 referral accept "$referral"
  refused_by TT WFL-08 referral mistake "$referral"
  refused_by TT WFL-08 referral start "$referral"
  types SUD 1 referral accept "$referral"
  types TT 2 referral decline "$referral"
  types TT 2 referral close "$referral"
  refused_by TT ENV-05 referral decline "$referral" --reason wrong_service
  types TT 0 referral accept "$referral" --weeks 3
  types TT 0 referral start "$referral"
  refused_by TT WFL-08 referral pause "$referral" --until "$yesterday"
  types TT 0 referral pause "$referral" --until "$soon"
  types TT 0 referral back "$referral"
  types TT 2 referral tried "$referral" --way telephone --result met --on "$soon"
  types TT 2 referral tried "$referral" --way pigeon --result met
  types TT 0 referral tried "$referral" --way telephone --result not_met --their-way
  says "Three tries"
  types TT 4 referral close "$referral" --reason disengaged --high-risk no --hard "No credit" --left "The door is open"
  says WFL-05
  stands TT in-progress || fail "lost touch closed it"
  types TT 0 referral close "$referral" --reason completed
  until_true "it is done" stands HOU completed
  refused_by TT WFL referral start "$referral"
  refer
  types HOU 0 referral revoke "$referral"
  until_true "it is taken back" stands TT cancelled
  refer
  types TT 0 referral decline "$referral" --reason wrong_service --instead SUD
  until_true "it is redirected" stands HOU rejected
  types HOU 0 referral show "$referral"
  says "Clearwater Drug and Alcohol Service"
}
substate() {
  "$bin/told" referral show "$referral" --agent "$work/$1" --as "${token[$1]}" --json | grep -qF "\"substate\":\"$2\""
}

# What our own agent stops: a plan in a circle, a day that is over, who hears what was not ticked.
check_plan() {
  types HOU 0 plan add "$client" --goal "A place of my own" --do "Register" --need find-home
  types HOU 0 plan add "$client" --do "View a flat" --after 1
  stopped_by HOU plan-cycle plan move "$client" 1 --after 2
  stopped_by HOU plan-past plan add "$client" --do "Too late" --due "$yesterday"
  stopped_by HOU plan-waits plan start "$client" 2
  types HOU 0 plan show "$client" --json
  is_silent_of "Too late"
  is_silent_of '"state":"started"'
  stopped_by HOU team-alone team supporter "$client" "Aunt Jo" --steps 1
  types HOU 0 team supporter "$client" "Aunt Jo" --steps 1 --seen-alone
  types HOU 0 plan print "$client" --for "Aunt Jo"
  says Register
  is_silent_of "View a flat"
  stopped_by HOU team-ticked plan print "$client" --for "Aunt Jo" --step 2
  is_silent_of "View a flat"
  stopped_by HOU team-supporter plan print "$client" --for "Somebody" --step 1
  types HOU 0 plan "done" "$client" 1 --outcome "Registered"
  types HOU 0 onward --client "$client"
}

# An answer out of its range, and one to a question that is not on the form: nothing of the intake is kept.
check_intake() {
  stopped_by HOU form-question intake "$client" --answer 99.99=true
  stopped_by TT form-range intake "$client" --answer phq9.1='"4"'
  types TT 0 sent --client "$client" --json
  is_silent_of DEPOSIT
}

# Refused: that it did not go, by which rule, and who can mend that. No number, for nobody has it.
check_refused() {
  person
  types HOU 4 referral send "$client" --to EMP --category HOU.SIT
  says "Not sent to"
  says "who can mend it"
  is_silent_of "Referral "
  types HOU 0 sent --state refused
  says "Not sent to"
  types HOU 2 sent --state refusd
  says 'Did you mean "refused"?'
}

# Who has left is nobody, from that moment.
check_left() {
  local number
  types HOU 0 worker add --role practitioner --json
  token[HOU-gone]=$(member token_file)
  number=$(member number)
  types HOU-gone 0 story show "$client"
  types HOU 0 worker leave "$number"
  types HOU-gone 8 story show "$client"
  says "has left"
  is_silent_of sofa
  types HOU-gone 8 referral send "$client" --to TT
}

make_world
check_before
check_held
check_moves
check_plan
check_intake
check_refused
check_left
types HOU 1 referral show "$nobody"
echo "a referral goes where it may, and nowhere else"
