#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the person gets in their hands: statement, slip, what is off and who says that it is safe, typed into the real
# told. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
nobody=0192f0c1a2b37c4d8e5f60718293a4b5
closing="Some entries may be left off by law or to keep someone safe. Ask us"
seen=(--identity --alone --take-away)

card() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam --section HOU.SIT=sofa
  types HOU 0 consent record "$client" --to TT --for REFERRAL,COORD --category 'DEM.ID,HOU.SIT' --evidence signature
  types HOU 0 referral send "$client" --to TT
  types HOU 4 disclosure record "$client" --to ASC --category DEM.ID,SAF.DA --why "They rang" --for SAFEADULT --how in_person
}

check_given() {
  types HOU 2 statement "$client"
  says "--identity"
  types HOU 2 statement "$client" --identity --take-away
  types HOU 2 statement "$client" --identity --alone
  types HOU 2 statement "$client" --identity --alone --aloud --html "$work/none.html"
  types HOU 0 statement "$client" --identity --alone --aloud
  says "Sent to Northtown NHS Talking Therapies"
  is_silent_of "█"
  types HOU 0 statement "$client" "${seen[@]}"
  says "We do not tell immigration."
  says "$closing"
  says "Ring us on 0113 496 0100."
  is_silent_of "Adult Social Care"
  types HOU 0 statement "$client" "${seen[@]}" --json
  says '"receiverSystem":"Told Once agent of Northtown NHS Talking Therapies"'
  is_silent_of ASC
}

check_paper() {
  types HOU 0 statement "$client" "${seen[@]}" --html "$work/statement.html"
  [ "$(stat -c %a "$work/statement.html")" = 600 ] || fail "others can read the page"
  cp "$work/statement.html" "$work/out"
  says "<svg"
  says "$closing"
  is_silent_of "<script"
  is_silent_of "$client"
  types HOU 0 slip "$client" "${seen[@]}"
  says "Northtown NHS Talking Therapies got this from"
  types TT 0 slip "$client" "${seen[@]}"
  says "We got this from Northtown Council, Housing Options."
  types HOU 2 slip "$client" --alone
}

check_languages() {
  sed 's/"The Told Once authors"/"Eleri Abbott"/; s/"language": "en"/"language": "cy"/; s/"title": "Who we told about you"/"title": "I bwy y dywedon ni"/' \
    "$source/agents/statement/words/en.json" >"$work/cy.json"
  types HOU 0 statement "$client" "${seen[@]}" --language "$work/cy.json"
  says "I BWY Y DYWEDON NI"
  sed -i 's/Eleri Abbott//' "$work/cy.json"
  types HOU 6 statement "$client" "${seen[@]}" --language "$work/cy.json"
  says "does not name its translator"
  sed '/"closing"/d' "$source/agents/statement/words/en.json" >"$work/short.json"
  types HOU 6 statement "$client" "${seen[@]}" --language "$work/short.json"
  says closing
}

check_safe() {
  local message
  types HOU-practitioner 8 statement off "$client"
  types HOU 0 statement off "$client"
  says "Not for the person."
  says "Adult Social Care"
  types HOU 0 statement off "$client" --json
  message=$(member message)
  types HOU 2 statement safe "$message"
  types HOU 2 statement safe "$message" --review 2020-01-01
  types HOU 1 statement safe "$nobody" --review "$(date -u -d '+30 days' +%F)"
  types TT 1 statement safe "$message" --review "$(date -u -d '+30 days' +%F)"
  types HOU 0 statement safe "$message" --review "$(date -u -d '+30 days' +%F)"
  types HOU 0 statement "$client" "${seen[@]}"
  says "Told in person to Northtown Council, Adult Social Care"
  types HOU 0 statement safe "$message" --take-back
  types HOU 0 statement "$client" "${seen[@]}"
  is_silent_of "Adult Social Care"
}

put_right() {
  "$bin/told" correction ls "$client" --agent "$work/HOU" --as "${token[HOU]}" | grep -qF "put right there"
}

check_doors() {
  local id
  types HOU 2 disagree "$client" --words "I never lived there"
  types HOU 0 disagree "$client" --category HOU.SIT --words "I never lived there" --json
  id=$(member disagreement)
  types HOU 0 story show "$client"
  says 'The person does not agree'
  says 'I never lived there'
  says sofa
  types HOU 0 disagree ls
  says "Due by"
  types HOU-practitioner 8 disagree decide "$id" --outcome kept --why "Looked"
  types HOU 4 disagree decide "$id" --outcome corrected --why "Looked"
  says "--replace"
  types HOU 0 story tell "$client" --section HOU.SIT=hostel --replace
  types HOU 0 disagree decide "$id" --outcome corrected --why "She showed the letter"
  says "Northtown NHS Talking Therapies had it as it was."
  types HOU 0 story show "$client"
  is_silent_of "does not agree"
  types HOU 0 story tell "$client" --section HOU.SIT="hostel since May" --correct
  says "Northtown NHS Talking Therapies had it as it was."
  until_true "it is put right there" put_right
  types HOU 0 correction ls "$client" --json
  says '"applied_ms"'
  types TT 0 story show "$client"
  says "hostel since May"
  says "WRONG: whoever told it corrected it on"
  types TT 0 correction ls "$client"
  says "There is none."
  types HOU 2 complaint record "$client"
  types HOU 0 complaint record "$client" --words "You told my mother" --json
  id=$(member complaint)
  types HOU 0 complaint ls --client "$client"
  says "Due by"
  types HOU 0 statement "$client" "${seen[@]}"
  says "You complained on"
  types HOU 1 complaint answer "$nobody"
  types HOU 0 complaint answer "$id" --outcome "We rang her and said sorry"
  types HOU 0 complaint ls
  says "Acknowledged"
}

# Whoever ordered a copy of the log to check us stands there, and programs are given the same.
check_checks() {
  local field
  operates audit copy "$work/copy.db" --broker "$work/broker" --for partnership --purpose external --asked-by auditor:SUD --until "$(date -u -d '+30 days' +%F)"
  operates audit copy "$work/court.db" --broker "$work/broker" --for HOU --purpose court --asked-by court --until "$(date -u -d '+30 days' +%F)"
  until_true "the order comes" checked
  types HOU 0 statement "$client" "${seen[@]}"
  says "PEOPLE WHO CHECKED US"
  says "looked at our records"
  is_silent_of "a court looked"
  types HOU 0 slip "$client" "${seen[@]}"
  is_silent_of "looked at our records"
  command -v curl >/dev/null || return 0
  usage "?client=$client&identity=true&alone=true&take_away=true&limit=2"
  for field in usages logtime action receiverCode receiverName receiverSystem usagePeriod start end offset limit; do says "\"$field\""; done
  is_silent_of ASC
  usage "?client=$client&identity=true&take_away=true"
  says "--alone"
  usage "/period?client=$client&identity=true&alone=true&aloud=true"
  says '"usagePeriod"'
  is_silent_of receiverCode
  usage "/heartbeat"
  says '"heartbeat"'
  usage "?client=$client&limit=-1"
  is_silent_of logtime
}
checked() {
  "$bin/told" statement "$client" "${seen[@]}" --agent "$work/HOU" --as "${token[HOU]}" --json | grep -qF '"checks":[{'
}
usage() {
  curl -s --unix-socket "$work/HOU/run/api.sock" -H "Authorization: Bearer $(cat "${token[HOU]}")" "http://told/v1/usage$1" >"$work/out"
}

make_world
adds HOU-practitioner practitioner
card
check_given
check_paper
check_languages
check_safe
check_doors
check_checks
echo "the person gets what is safe for them, on paper, aloud and in their language"
