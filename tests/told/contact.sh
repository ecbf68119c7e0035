#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The contact for conferences at a real agent: named by a senior, with a key under a passphrase that nobody else knows;
# renewed, taken back, gone with the worker. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
nothing=0192f0c1a2b37c4d8e5f60718293a4b5

keeps() {
  printf '%s\n' "$2" >"$work/$1"
  chmod 600 "$work/$1"
}

number_of() {
  basename "${token[$1]}" .token
}

check_naming() {
  types HOU 0 contact ls
  says "Contact: nobody"
  types HOU-practitioner 8 contact name "$(number_of HOU-practitioner)"
  types HOU 1 contact name W000000000
  types HOU 0 contact name "$(number_of HOU-practitioner)"
  says "is our contact"
  types HOU 0 contact name "$(number_of HOU-dsl)" --deputy
  types HOU 1 contact leave W000000000
}

check_key() {
  types HOU 8 contact key --passphrase "$work/passphrase"
  types HOU-practitioner 2 contact key --passphrase "$work/short"
  says "14 characters"
  types HOU-practitioner 0 contact key --passphrase "$work/passphrase"
  says "contact key 1"
  types HOU 0 contact ls
  says "SHA256:"
  types HOU-practitioner 8 contact passphrase --passphrase "$work/wrong" --new "$work/other"
  says "not the passphrase"
  types HOU-practitioner 0 contact closed
  says "Nothing has come"
  types HOU 8 contact closed
  types HOU-practitioner 1 contact open "$nothing" --passphrase "$work/passphrase"
}

check_end() {
  types HOU-dsl 8 contact revoke 1 --worker "$(number_of HOU-practitioner)"
  types HOU-practitioner 1 contact revoke 7
  types HOU-practitioner 0 contact revoke 1
  types HOU-practitioner 0 contact leave "$(number_of HOU-practitioner)"
  types HOU-practitioner 8 contact closed
}

# Who is named sees nothing of it, in the words of a stranger; two people end that.
check_names() {
  local client meeting
  types TT 0 card new --json
  client=$(member client)
  types TT 0 story tell "$client" --section DEM.ID=Ada
  types TT 0 consent record "$client" --to HOU --for MDT --category DEM.ID,NED,PLN --evidence signature
  types TT 0 conference call "$client" --to HOU --grounds "He is looking for her" --json
  meeting=$(member conference)
  until_true "housing hears of it" knows "$meeting"
  types HOU 8 conference name "$meeting" --none
  types HOU-dsl 2 conference name "$meeting"
  types HOU-dsl 1 conference name "$meeting" --alleged W000000000
  types HOU-dsl 0 conference name "$meeting" --alleged "$(number_of HOU-practitioner)"
  says "works with the alleged perpetrator"
  types HOU-practitioner 1 conference show "$meeting"
  types HOU-practitioner 0 conference ls
  is_silent_of "$client"
  types HOU-dsl 0 conference unname "$meeting" "$(number_of HOU-practitioner)"
  says "second person"
  types HOU-dsl 8 conference unname "$meeting" "$(number_of HOU-practitioner)"
  types HOU 0 conference unname "$meeting" "$(number_of HOU-practitioner)"
  says "sees it again"
  types HOU-dsl 0 conference names "$meeting"
  types HOU-practitioner 0 conference ls
}

knows() {
  "$bin/told" conference ls --json --agent "$work/HOU" --as "${token[HOU]}" | grep -qF "$1"
}

make_world
adds HOU-practitioner practitioner
adds HOU-dsl dsl
keeps passphrase "correct horse battery staple"
keeps other "another long passphrase"
keeps wrong "not the right passphrase"
keeps short "short"
check_naming
check_key
check_end
check_names

echo "a contact has a key of their own, and nobody else opens it"
