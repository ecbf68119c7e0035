#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A broker that lost entries, with real processes: its backup is put back, the anchor is kept. It does not start as it is;
# it begins a new log; each agency waits until its lead accepts that; then everything that was ever acknowledged is there
# again, and nothing twice. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
parties=(HOU TT SUD EMP)
broker=$work/broker

run_broker() {
  rm -f "$broker/endpoint"
  "$bin/told-broker" "$broker" >>"$work/broker.log" 2>&1 &
  pid[broker]=$!
  until_true "the broker listens" test -s "$broker/endpoint"
}

stop_broker() {
  kill "${pid[broker]}"
  wait "${pid[broker]}" || fail "the broker did not end in order"
}

# One person's story and a referral to TT, whose number is then in referral.
refer() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID="$1" --section HOU.SIT=sofa
  types HOU 0 consent record "$client" --to TT --for COORD,REFERRAL --category DEM.ID,HOU.SIT --evidence signature --notice 3
  types HOU 0 referral send "$client" --to TT --json
  says '"state":"sent"'
}

sees() {
  "$bin/told" inbox --agent "$work/$1" --as "${token[$1]}" >"$work/inbox" && grep -qF "$2" "$work/inbox"
}

# How often a person's referral stands in an inbox.
times() {
  "$bin/told" inbox --agent "$work/$1" --as "${token[$1]}" | grep -cF "$2" || true
}

connected() {
  "$bin/told" doctor --agent "$work/$1" --as "${token[$1]}" --json | grep -qF '"what":"connected"'
}

offered() {
  "$bin/told" log ls --agent "$work/$1" --as "${token[$1]}" | grep -qF offered
}

nothing_waits() {
  ! "$bin/told" sent --agent "$work/$1" --as "${token[$1]}" | grep -qF waiting
}

back_up() {
  stop_broker
  mkdir -p "$work/backup"
  cp -r "$broker"/told.db* "$broker/spool" "$work/backup/"
  run_broker
}

lose() {
  stop_broker
  rm -rf "$broker"/told.db* "$broker/spool"
  cp -r "$work/backup"/* "$broker/"
}

# What the broker's own program says; the exit code that is right, words.
broker_says() {
  local right=$1 code=0
  shift
  "$bin/told-broker" "$@" >"$work/out" 2>&1 || code=$?
  [ "$code" = "$right" ] || fail "told-broker $*: exit $code, not $right"
}

check_refused() {
  broker_says 5 "$broker"
  says "--new-log"
}

begin_new_log() {
  broker_says 0 --new-log "$broker"
  says "northtown/2 begins"
  broker_says 1 --new-log "$broker"
  says "nothing was lost"
  run_broker
}

check_agencies_wait() {
  local party
  for party in "${parties[@]}"; do until_true "$party hears of the new log" offered "$party"; done
  types HOU 1 doctor
  says "our log has ended"
  types HOU 0 log ls
  says "northtown/2 names northtown/1"
  types HOU 7 story tell "$client" --section RSK.SELF=low --wait 1
  types HOU-practitioner 8 log accept northtown/2
  types HOU 2 log accept northtown/3
  types HOU 0 log ls
  says "ended, waits for you"
}

check_accepted() {
  local party
  for party in "${parties[@]}"; do types "$party" 0 log accept northtown/2; done
  types HOU 1 log accept northtown/2
  for party in "${parties[@]}"; do until_true "$party is connected" connected "$party"; done
  for party in "${parties[@]}"; do until_true "$party has sent all" nothing_waits "$party"; done
  types HOU 0 log ls
  says "northtown/1"
  is_silent_of offered
}

check_all_there_once() {
  local name
  sleep 2
  for name in Ada Bea; do
    until_true "TT sees $name" sees TT "$name"
    [ "$(times TT "$name")" = 1 ] || fail "TT sees $name more than once"
  done
  refer Cid
  until_true "TT sees Cid" sees TT Cid
  operates partner clock --broker "$broker" # it knows no log and follows by itself
}

# One log line a public key, as C2SP wants it; the log that ended stands in a line of ours, with the size it had.
check_policy() {
  [ "$(grep -c '^log ' "$broker/policy")" = 1 ] || fail "the policy names the key of the log in more than one log line"
  grep -q '^log northtown/2+' "$broker/policy" || fail "the policy does not name the log that grows"
  grep -qE '^#told-log northtown/1[+][^ ]+ [0-9]+$' "$broker/policy" || fail "the policy does not say how far northtown/1 went"
  local old
  old=$(grep -l '^northtown/1$' "$work"/HOU/receipts/*.tlog-proof | head -1)
  { grep -vE '^(witness|group|quorum) ' "$broker/policy"; echo "quorum none"; } >"$work/no-quorum"
  audits 0 check-proof "$old" --policy "$work/no-quorum"
}

check_audit() {
  local party receipts=()
  for party in "${parties[@]}"; do receipts+=(--receipts "$work/$party/receipts"); done
  for party in "${parties[@]}"; do
    kill "${pid[$party]}"
    wait "${pid[$party]}" || true
    unset "pid[$party]"
  done
  stop_broker
  unset "pid[broker]"
  audits 0 verify --store "$broker/told.db" --policy "$broker/policy" "${receipts[@]}"
  audits 0 reconcile --store "$broker/told.db" "${receipts[@]}"
}

make_world
adds HOU-practitioner practitioner
refer Ada
until_true "TT sees Ada" sees TT Ada
back_up
for party in "${parties[@]}"; do until_true "$party is back" connected "$party"; done
refer Bea
until_true "TT sees Bea" sees TT Bea
lose
check_refused
begin_new_log
check_agencies_wait
check_accepted
check_all_there_once
check_policy
check_audit
echo "ok"
