#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Whom a person does not want to look is kept from them whatever they type: no list, no preview, no next card says more
# than to a stranger, and nobody lets themselves in again. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"

number() {
  basename "${token[$1]}" .token
}

person() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam --section HOU.SIT=sofa
  types HOU 0 consent record "$client" --to TT --for REFERRAL,COORD --category 'DEM.ID,HOU.SIT' --evidence signature
  types HOU 0 consent record "$client" --refused --to EMP --for COORD --category HOU.SIT
  types HOU 0 referral send "$client" --to TT
  types HOU 0 flag record "$client" --kind worker_excluded --worker "$(number HOU-other)"
}

# As of a card that nobody has told anything of.
check_stranger() {
  types HOU-other 0 story show "$client"
  is_silent_of sofa
  types HOU-other 1 referral send "$client" --to TT --dry-run
  says "There is nothing of this person's story here to send."
  types HOU-other 4 update send "$client" --to TT --category HOU.SIT --dry-run
  says SUB-01
  types HOU-other 0 consent record "$client" --to EMP --for COORD --category HOU.SIT --evidence note
  is_silent_of "said no to this before"
  types HOU-other 0 retention ls
  is_silent_of "$client"
}

check_own_hand() {
  types HOU-other 8 flag record "$client" --kind worker_excluded --worker "$(number HOU-other)" --state cleared
  says PTY-07
  types HOU-other 0 story show "$client"
  is_silent_of sofa
  types HOU 0 flag record "$client" --kind worker_excluded --worker "$(number HOU-other)" --state cleared
  types HOU-other 0 story show "$client"
  says sofa
}

# Another service lifts nothing: in the same words whether it is there or not.
check_another_service() {
  local each
  person
  for each in "$(number HOU-other)" "$(number HOU)"; do
    types TT 4 flag record "$client" --kind worker_excluded --worker "$each" --state cleared
    says WFL-08
  done
  types HOU-other 0 story show "$client"
  is_silent_of sofa
  types TT 0 flag record "$client" --kind worker_excluded --worker "$(number HOU-other)"
  types HOU 0 flag record "$client" --kind worker_excluded --worker "$(number HOU-other)" --state cleared
  types HOU-other 0 story show "$client"
  is_silent_of sofa
  types TT 0 flag record "$client" --kind worker_excluded --worker "$(number HOU-other)" --state cleared
  until_true "HOU has heard that TT lets them in" shows_again
}
shows_again() {
  "$bin/told" story show "$client" --agent "$work/HOU" --as "${token[HOU-other]}" | grep -qF sofa
}

# The next card keeps them out, too, whoever asks for it.
check_next_card() {
  types HOU-other 0 card replace "$client" --json
  types HOU-other 0 story show "$(member client)"
  is_silent_of sofa
  person
  types HOU 0 card replace "$client" --json
  client=$(member client)
  types HOU 0 story show "$client"
  says sofa
  types HOU-other 0 story show "$client"
  is_silent_of sofa
}

make_world
adds HOU-other practitioner
person
check_stranger
check_own_hand
check_another_service
person
check_next_card
echo "excluded: all as it should be"
