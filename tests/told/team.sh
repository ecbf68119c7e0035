#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The team, the plan and referrals for one team: each command typed into the real told, also by the wrong worker and in the
# wrong order; and two agencies of one user on one machine. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"

number_of() {
  basename "${token[$1]}" .token
}

# A worker of an agency: the name for types, further words.
hires() {
  local who=$1
  shift
  types "${who%%-*}" 0 worker add "$@" --json
  token[$who]=$(member token_file)
}

card() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 card new --json
  nobody=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam --section HOU.SIT=sofa --section PRF.GEN="Do not ask about the fire"
  types HOU 0 consent record "$client" --to TT --for REFERRAL,COORD --category "DEM.ID,HOU.*,NED,GOA,PLN,SUP" \
    --agreement "$work/northtown.yaml" --evidence signature --notice 3 --freely-given
}

sees() {
  "$bin/told" "${@:3}" --agent "$work/${1%%-*}" --as "${token[$1]}" | grep -qF -- "$2"
}

# ---- the plan ----

check_plan() {
  types HOU 1 plan show "$client"
  types HOU 0 plan add "$client" --goal "A door of my own" --do "Ask for a key" --due 2099-01-31 --json
  types HOU 2 plan add "$client" --do "Yesterday" --due 2020-01-01
  says plan-past
  types HOU 4 plan add "$client" --do "The course for sleep" --owner TT --after 1
  says plan-condition
  types HOU 0 plan add "$client" --do "The course for sleep" --owner TT --after 1 --wish
  types HOU 0 plan add "$client" --do "A budget, here" --need money-basics
  types HOU 0 plan add "$client" --do "Ring if he rings" --kind safety
  types HOU 0 plan show "$client"
  says "A door of my own"
  until_true "the plan comes to TT" sees TT "The course for sleep" plan show "$client"
  types TT 0 plan ls
  says "The course for sleep"
  types TT 4 plan start "$client" 2
  says plan-waits
  types HOU 8 plan "done" "$client" 2 --outcome "Done for them"
  says plan-owner
  types TT 8 plan add "$client" --do "One more"
  says plan-keeper
  types HOU 0 plan "done" "$client" 1 --outcome "He has the key"
  until_true "TT hears that it is done" sees TT "done" plan show "$client"
  types HOU 4 plan start "$client" 1
  types TT 0 plan start "$client" 2
  types HOU 0 plan stop "$client" 4 --reason "Nobody rings"
  types HOU 0 plan reopen "$client" 4 --reason "Somebody may"
  types HOU 4 plan move "$client" 3 --after 3
  says plan-cycle
  types HOU 0 plan move "$client" 3 --to 1 --due 2099-02-28
  types HOU 0 plan move "$client" 3 --free
  types HOU 1 plan start "$client" 9
  types HOU 0 plan "done" "$client" 3 --outcome "On one page"
  types HOU 0 here --need money-basics
  types HOU 0 onward refuse "$client" --to SUD --need money-basics --why "We can do that here"
  types HOU 0 onward --client "$client" --json
  says '"avoided":1'
  says '"asked_for_and_refused":1'
}

# ---- the team ----

check_team() {
  local until=2099-05-31
  types HOU 0 team show "$client"
  says "No lead worker yet"
  types HOU 4 team lead "$client" --to "TT:$(number_of TT)" --deputy "$(number_of HOU)" --until $until
  types HOU 2 team lead "$client" --to "TT:$(number_of TT)" --deputy "TT:$(number_of TT)" --until $until --chosen
  types HOU 2 team lead "$client" --to "TT:$(number_of TT)" --deputy "$(number_of HOU)" --until 2020-01-01 --chosen
  types HOU 0 team lead "$client" --to "TT:$(number_of TT)" --deputy "$(number_of HOU)" --until $until --chosen
  until_true "TT knows its lead worker" sees TT "Lead worker: $(number_of TT)" team show "$client"
  types HOU 0 team add "$client" "$(number_of HOU-old)" --team tenancy
  types HOU 1 team add "$client" 99999
  types HOU 0 team remove "$client" "$(number_of HOU-old)"
  types HOU 0 team add "$client" "$(number_of HOU-old)"
  types HOU 4 team supporter "$client" "her sister" --steps 1
  types HOU 0 team supporter "$client" "her sister" --steps 1 --seen-alone
  types HOU 0 plan print "$client" --for "her sister"
  says "Ask for a key"
  is_silent_of budget
  types HOU 4 plan print "$client" --for "her sister" --step 3
  types HOU 0 team drop "$client" "her sister"
  types HOU 1 plan print "$client" --for "her sister"
  types HOU 0 team promise "$client" --what "I ring you on Friday" --due 2099-01-31
  types HOU 0 team promise "$client" --kept 1
  types HOU-old 0 team promise "$client" --what "I come along to the viewing"
  types HOU 0 team handover "$(number_of HOU-old)" "$(number_of HOU-new)"
  says "I come along to the viewing"
  says "the fire"
  types HOU 4 team handover "$(number_of HOU-old)" "$(number_of HOU-new)" --do
  says team-told
  types HOU 0 team handover "$(number_of HOU-old)" "$(number_of HOU-new)" --do --told
  types HOU 0 team show "$client"
  says "$(number_of HOU-new)"
  types HOU 0 team news
  types TT 0 team news
  says "The plan or the team changed."
  types SUD 0 team news
  says "Nothing has changed"
}

# ---- a referral for one team ----

same_as_nobody() {
  local words
  for words in "story show" "note ls" "team show" "plan show" "consent show" "need ls" "inbox --client" "sent --client" \
    "referral ls --client" "complaint ls --client"; do
    # shellcheck disable=SC2086 # words of a command
    "$bin/told" $words "$nobody" --agent "$work/TT" --as "${token[$1]}" 2>&1 | sed "s/$nobody/CLIENT/g" >"$work/nobody" || true
    # shellcheck disable=SC2086
    "$bin/told" $words "$other" --agent "$work/TT" --as "${token[$1]}" 2>&1 | sed "s/$other/CLIENT/g" >"$work/other" || true
    cmp -s "$work/nobody" "$work/other" || fail "told $words tells them apart"
  done
  "$bin/told" inbox --agent "$work/TT" --as "${token[$1]}" >"$work/out"
  is_silent_of "$other"
  "$bin/told" referral ls --agent "$work/TT" --as "${token[$1]}" >"$work/out"
  is_silent_of "$other"
}

check_one_team() {
  local id
  types HOU 0 card new --json
  other=$(member client)
  types HOU 0 story tell "$other" --section DEM.ID=Ben
  types HOU 0 consent record "$other" --to TT --for REFERRAL --category DEM.ID,NED --agreement "$work/northtown.yaml" \
    --evidence signature --notice 3 --freely-given
  types HOU 2 referral send "$other" --to TT --team nowhere
  says "They have no team"
  types HOU 0 referral send "$other" --to TT --team assessment --note "Mornings" --json
  id=$(member referral)
  until_true "the team has it" sees TT-team "$other" referral ls
  same_as_nobody TT-outside
  types TT-outside 1 referral show "$id"
  types TT-outside 1 referral accept "$id"
  types TT-team 0 referral acknowledge "$id"
  types TT-team 0 referral ask "$id" --note "Which mornings?"
  types HOU 0 referral inform "$id" --note "Tuesdays"
  until_true "the team has the answer" sees TT-team Tuesdays inbox
  same_as_nobody TT-outside
  types TT-team 0 referral accept "$id" --weeks 3
  types TT-team 0 referral start "$id"
  types TT-team 0 referral tried "$id" --way telephone --result not_met --their-way
  types TT-team 4 referral close "$id" --reason disengaged --hard x --left y --high-risk no
  types TT-team 0 referral pause "$id" --until 2099-01-31
  types TT-team 0 referral back "$id"
  types TT-team 0 referral close "$id" --reason completed
  types HOU 0 capacity set has_space
  types TT 0 capacity HOU
}

# ---- one roof ----

# Two agencies of one user on one machine: each folder has its own lock and keys, and opens with nobody else's.
check_one_roof() {
  local code=0 file
  timeout 20 "$bin/told-agent" "$work/TT" >"$work/out" 2>&1 || code=$?
  if [ "$code" = 0 ] || [ "$code" = 124 ]; then fail "a second agent opened a folder that is in use"; fi
  for file in identity signing sealing witness session vault; do
    [ "$(stat -c %a "$work/TT/keys/$file.key")" = 600 ] || fail "$file.key can be read by others"
    ! cmp -s "$work/HOU/keys/$file.key" "$work/TT/keys/$file.key" || fail "$file.key is shared"
  done
  ! "$bin/told" inbox --agent "$work/TT" --as "${token[HOU]}" >"$work/out" 2>&1 || fail "TT takes a token of HOU"
  cp -r "$work/SUD" "$work/mixed"
  rm -rf "$work/mixed/run"
  cp "$work/EMP/keys/vault.key" "$work/mixed/keys/vault.key"
  code=0
  timeout 20 "$bin/told-agent" "$work/mixed" >"$work/out" 2>&1 || code=$?
  [ "$code" = 6 ] || fail "a vault opened, or failed otherwise, with another agency's key: exit $code"
}

make_world
hires HOU-old --role practitioner
hires HOU-new --role practitioner
hires TT-team --role practitioner --team assessment
hires TT-outside --role practitioner
card
check_plan
check_team
check_one_team
check_one_roof
echo "the team, the plan and one team's referral are as the guides say, and one roof opens no door"
