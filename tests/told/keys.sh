#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An agency's identity key is renewed, with real processes: a new folder, the operator's word, a new version of the
# agreement that names its fingerprint. The old session is cut, nobody hears the old folder any more, and whatever was
# said before still verifies. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
broker=$work/broker

refer() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID="$1" --section HOU.SIT=sofa
  types HOU 0 consent record "$client" --to TT --for COORD,REFERRAL --category DEM.ID,HOU.SIT --evidence signature --notice 3
  types HOU 0 referral send "$client" --to TT --json
}

sees() {
  "$bin/told" inbox --agent "$work/$1" --as "${token[$1]}" >"$work/inbox" && grep -qF "$2" "$work/inbox"
}

# What the doctor says exits with 1 as soon as anything is wrong.
connected() {
  { "$bin/told" doctor --agent "$work/$1" --as "${token[$1]}" --json || true; } | grep -qF '"what":"connected"'
}
cut_off() {
  { "$bin/told" doctor --agent "$work/$1" --as "${token[$1]}" --json || true; } | grep -qF '"what":"not connected"'
}

fingerprint_of() {
  "$bin/told" fingerprint --agent "$work/$1" --as "${token[$1]}" --json | grep -o 'SHA256:[^"]*' | head -1
}

# TT starts anew in another folder, under the same name.
identity_is_renewed() {
  local old new
  old=$(fingerprint_of TT)
  operates init --agency "$source/agents/iapt" "$work/NEW" --partnership "$broker/partnership.json" --json
  token[NEW]=$(member token_file)
  new=$(member identity)
  echo "endpoint-file: \"$broker/endpoint\"" >>"$work/NEW/agent.yaml"
  operates partner rotate TT --broker "$broker" --file "$work/NEW/enrol.json" --fingerprint "$new"
  until_true "the old session is cut" cut_off TT
  start_agent NEW
  until_true "the new one is connected" connected NEW
  [ "$old" != "$new" ] || fail "the new identity is the old one"
  sed -i "s|${old}|${new}|; s|^version: 3\$|version: 4|" "$work/northtown.yaml"
  grep -q '^version: 4$' "$work/northtown.yaml" || fail "the agreement has no newer version"
}

all_sign_again() {
  local party
  for party in HOU NEW SUD EMP; do types "$party" 0 agreement sign "$work/northtown.yaml"; done
  for party in HOU NEW SUD EMP; do until_true "$party sees all signatures" newest_version "$party"; done
}
newest_version() {
  "$bin/told" agreement show --agent "$work/$1" --as "${token[$1]}" | grep -F 'HOU, TT, SUD, EMP' | grep -qF " 4 "
}

# The old folder is whole, and its agent runs: it is heard by nobody.
old_is_not_heard() {
  types TT 0 card new --json
  types TT 7 story tell "$(member client)" --section DEM.ID=Cid --wait 1
  kill "${pid[TT]}"
  wait "${pid[TT]}" || true
  start_agent TT
  cut_off TT || fail "the old session key is let in again"
}

what_was_said_verifies() {
  local party receipts=()
  for party in HOU TT SUD EMP NEW; do
    receipts+=(--receipts "$work/$party/receipts")
    kill "${pid[$party]}"
    wait "${pid[$party]}" || true
    unset "pid[$party]"
  done
  kill "${pid[broker]}"
  wait "${pid[broker]}"
  unset "pid[broker]"
  audits 0 verify --store "$broker/told.db" --policy "$broker/policy" "${receipts[@]}"
}

make_world
refer Ada
until_true "TT sees Ada" sees TT Ada
identity_is_renewed
all_sign_again
refer Bea
says '"state":"sent"'
until_true "the new TT sees Bea" sees NEW Bea
old_is_not_heard
sees TT Ada || fail "the old folder lost what it had"
what_was_said_verifies
echo "ok"
