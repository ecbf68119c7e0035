#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A meeting of services typed into the real told, from its call to acknowledged minutes, and the page that each may print.
# 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
nobody=0192f0c1a2b37c4d8e5f60718293a4b5
soon=$(date -u -d '+30 days' +%F)

card() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam
  types HOU 0 consent record "$client" --to TT,EMP --for MDT --category DEM.ID,NED,PLN --evidence signature
  types TT 0 consent record "$client" --to HOU --for MDT --category MH.ATT,NED,PLN --evidence signature
  types EMP 0 consent record "$client" --to HOU --for MDT --category EMP.STAT,PLN --evidence signature
  types HOU 0 consent record "$client" --refused --to SUD --for MDT
}

# A worker of an agency has this of the conference: the words.
has() {
  "$bin/told" conference show "$meeting" --agent "$work/$1" --as "${token[$1]}" | grep -qF -- "$2"
}

check_call() {
  types HOU 2 conference call "$client" --to TT
  types HOU 2 conference call "$client" --grounds "No plan"
  types HOU 2 conference call "$client" --to NOWHERE --grounds "No plan"
  types HOU 2 conference call "$client" --to TT --kind party --grounds "No plan"
  types HOU 2 conference call "$client" --to TT,EMP --kind marac --grounds "No plan"
  types HOU 0 conference call "$client" --to SUD,TT --grounds "Four services, no plan" --json
  meeting=$(member conference)
  types HOU 0 conference list "$meeting"
  types HOU 0 conference invite "$meeting" --to SUD,EMP,TT --until "$soon"
  says "was not written to; the conference goes on without their view"
  types HOU 1 conference show "$nobody"
  until_true "EMP is invited" has EMP listed
  types SUD 0 conference ls
  says "There is none."
  types TT 0 conference ls
  says "$meeting"
}

check_research() {
  types HOU 0 conference research "$meeting"
  types TT 0 conference known "$meeting"
  types EMP 2 conference not-sharing "$meeting"
  types EMP 0 conference not-sharing "$meeting" --reason no_consent
  types EMP 0 conference not-known "$meeting"
  types TT 0 conference attend "$meeting"
  types EMP 0 conference apologies "$meeting" --sent
  until_true "the chair hears both" has HOU "sends apologies and information"
}

check_said() {
  types TT 2 conference contribute "$meeting"
  types TT 2 conference contribute "$meeting" --fact MH.ATT
  printf 'A quiet <b>room</b> helps\n' >"$work/view"
  types TT 0 conference contribute "$meeting" --fact MH.ATT="Came to four of six" --view NED=@"$work/view"
  types HOU 0 conference show "$meeting"
  says "Before anything is shown"
  is_silent_of "four of six"
  types HOU 0 conference promise "$meeting"
  types TT 0 conference promise "$meeting"
  until_true "the chair has it" has HOU "Fact, "
  types HOU 0 conference show "$meeting"
  says "View, "
  says "Stepping Stones Employability: not for this item"
}

check_decided() {
  local action
  types HOU 0 conference start "$meeting"
  until_true "TT is there" has TT started
  types HOU 0 conference action "$meeting" --owner TT --do "Ring her" --due "$soon" --json
  until_true "TT has it" has TT "Ring her"
  types TT 0 conference show "$meeting" --json
  action=$(member action)
  types TT 2 conference impossible "$meeting" "$action"
  types TT 0 conference not-done "$meeting" "$action"
  types TT 0 conference impossible "$meeting" "$action" --reason cannot_contact
  types TT 0 conference "done" "$meeting" "$action" --text "She answered"
  types TT 1 conference "done" "$meeting" "$nobody"
  until_true "the chair hears it" has HOU "She answered"
  types HOU 4 conference action "$meeting" --owner SUD --do "Come" --due "$soon"
  says WFL-07
  types HOU 4 conference minutes "$meeting" --text "All of it" --to NOK
  says WFL-06
}

check_minutes() {
  printf 'We agreed on a quiet room\n' >"$work/minutes"
  types HOU 0 conference minutes "$meeting" --text @"$work/minutes"
  types HOU 0 conference approve "$meeting"
  until_true "TT has them" has TT approved
  until_true "EMP has them" has EMP approved
  types TT 0 conference acknowledge "$meeting"
  types EMP 0 conference object "$meeting" --because "We said Tuesday"
  until_true "the objection stands beside them" has HOU "Objection: We said Tuesday"
  types HOU 0 conference show "$meeting" --html "$work/meeting.html"
  [ "$(stat -c %a "$work/meeting.html")" = 600 ] || fail "others can read the page"
  cp "$work/meeting.html" "$work/out"
  says "We agreed on a quiet room"
  says "A quiet &lt;b&gt;room&lt;/b&gt; helps"
  is_silent_of "<script"
  is_silent_of "http:"
  is_silent_of "https:"
  types TT 0 conference show "$meeting" --html "$work/theirs.html"
  cp "$work/theirs.html" "$work/out"
  says "We agreed on a quiet room"
  is_silent_of "We said Tuesday"
}

check_end() {
  types HOU 0 conference review "$meeting" --on "$soon"
  types HOU 0 conference transfer "$meeting" --to EMP
  types HOU 0 conference end "$meeting"
  until_true "access has ended" has TT "Our access to what was said has ended"
  types TT 4 conference contribute "$meeting" --fact MH.ATT="One more"
  says WFL-02
  types HOU 0 conference call "$client" --to TT --grounds "Once more" --json
  meeting=$(member conference)
  types TT 4 conference decline "$meeting" --reason other
  types HOU 0 conference end "$meeting"
}

make_world
card
check_call
check_research
check_said
check_decided
check_minutes
check_end
