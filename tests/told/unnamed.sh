#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A MARAC typed into the real told at real agents, before any contact has named a worker: the contact, the deputy and who
# called it see it; to everybody else each command says byte for byte what it says of one that does not exist. 77: the
# programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
nowhere=0192f0c1a2b37c4d8e5f60718293a4b5
soon=$(date -u -d '+30 days' +%F)

number_of() {
  basename "${token[$1]}" .token
}

# The second agreement of the demo, signed by all.
agree() {
  local party print
  cp "$source/agents/demo/marac.yaml.in" "$work/marac.yaml"
  for party in HOU TT SUD EMP; do
    print=$(grep -A 8 "^  - party: $party\$" "$work/northtown.yaml" | sed -n 's/.*key: //p')
    sed -i "s|KEY_$party\$|$print|" "$work/marac.yaml"
  done
  for party in HOU TT SUD EMP; do types "$party" 0 agreement sign "$work/marac.yaml"; done
  for party in HOU TT SUD EMP; do until_true "$party has both" has_both "$party"; done
}

has_both() {
  [ "$("$bin/told" agreement show --agent "$work/$1" --as "${token[$1]}" | grep -cF 'HOU, TT, SUD, EMP')" = 2 ]
}

# Of a worker's command: what it says, how long it is, and with what it ends; the number of the conference aside.
answer() {
  local who=$1 code=0
  shift
  "$bin/told" "$@" --agent "$work/${who%%-*}" --as "${token[$who]}" >"$work/said" 2>&1 || code=$?
  sed -i "s/$meeting/NUMBER/g; s/$nowhere/NUMBER/g" "$work/said"
  echo "exit $code"
  cat "$work/said"
}

same() {
  local who=$1
  shift
  [ "$(answer "$who" "${@//NUMBER/$meeting}")" = "$(answer "$who" "${@//NUMBER/$nowhere}")" ] ||
    fail "$who learns of it: told $*"
}

# Each command that takes a conference's number, or that of a message.
nothing_of_it() {
  local who=$1 act
  for act in list start research known not-known promise attend apologies approve acknowledge "end" names; do
    same "$who" conference "$act" NUMBER
  done
  same "$who" conference show NUMBER
  same "$who" conference show NUMBER --json
  same "$who" conference name NUMBER --none
  same "$who" conference unname NUMBER "$(number_of "$who")"
  same "$who" conference decline NUMBER --reason duplicate
  same "$who" conference object NUMBER --because Tuesday
  same "$who" conference contribute NUMBER --view RSK.FROM=Afraid
  same "$who" conference action NUMBER --owner SUD --do Ring --due "$soon"
  same "$who" contact open NUMBER --passphrase "$work/passphrase"
  same "$who" receipt NUMBER
  same "$who" referral show NUMBER
  for act in "conference ls" inbox sent "team news" doctor "statement off $client" "story show $client"; do
    # shellcheck disable=SC2086
    "$bin/told" $act --agent "$work/${who%%-*}" --as "${token[$who]}" 2>&1 |
      grep -vF -e "should a MARAC come" -e "our contact for conferences" >"$work/out" || true # that there is no contact, whether or not one waits
    is_silent_of "$meeting"
    is_silent_of conference
    is_silent_of MARAC
    is_silent_of CONF_
  done
}

sees() {
  "$bin/told" conference ls --agent "$work/${1%%-*}" --as "${token[$1]}" | grep -qF "$meeting"
}

make_world
adds HOU-practitioner practitioner
adds SUD-contact practitioner
adds SUD-deputy practitioner
adds SUD-practitioner practitioner
adds EMP-colleague practitioner
agree
printf 'correct horse battery staple\n' >"$work/passphrase"
chmod 600 "$work/passphrase"
types SUD 0 contact ls
says "Nobody here is our contact for conferences"
types SUD 0 contact name "$(number_of SUD-contact)"
types SUD 0 contact name "$(number_of SUD-deputy)" --deputy
types HOU 0 contact name "$(number_of HOU)"
types SUD 0 contact ls
is_silent_of "Nobody here is our contact"

types EMP 0 card new --json
client=$(member client)
types EMP 0 story tell "$client" --section DEM.ID=Ada
types EMP 0 conference call "$client" --kind marac --to HOU --tool DASH --score 16 --grounds "He follows her" --json
meeting=$(member conference)
until_true "the chair's contact sees it" sees HOU
types HOU 0 conference list "$meeting"
types HOU 0 conference invite "$meeting" --to SUD,TT --until "$soon"
until_true "the contact of SUD sees it" sees SUD-contact

sees SUD-deputy || fail "the deputy does not see it"
sees EMP || fail "who called it does not see it"
nothing_of_it SUD-practitioner
nothing_of_it SUD
nothing_of_it TT
nothing_of_it HOU-practitioner
nothing_of_it EMP-colleague

types SUD-contact 0 conference show "$meeting"
says "PTY-07"
types SUD-contact 0 conference name "$meeting" --alleged "$(number_of SUD-practitioner)"
types SUD 0 conference show "$meeting"
nothing_of_it SUD-practitioner

echo "until the names are there a MARAC is there for its contact alone"
