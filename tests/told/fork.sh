#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A broker that lies, with real processes: two copies of one folder go on with the same keys and other entries. An agency
# that is shown the other history (of the same size; shorter; longer) refuses loudly, keeps both notes as files, sends
# nothing more, and an auditor who holds its note sees it too. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
broker=$work/broker
declare -A card

# Starts a broker of a folder, under a name.
run_broker() {
  rm -f "$work/$1/endpoint"
  "$bin/told-broker" "$work/$1" >>"$work/$1.log" 2>&1 &
  pid[$1]=$!
  until_true "$1 listens" test -s "$work/$1/endpoint"
}

stop() {
  kill "${pid[$1]}"
  wait "${pid[$1]}" || true
  unset "pid[$1]"
}

# An agency's agent, started at this broker.
meets() {
  sed -i "s|^endpoint-file:.*|endpoint-file: \"$work/$2/endpoint\"|" "$work/$1/agent.yaml"
  start_agent "$1"
}

# What the doctor says exits with 1 as soon as anything is wrong.
connected() {
  { "$bin/told" doctor --agent "$work/$1" --as "${token[$1]}" --json || true; } | grep -qF '"what":"connected"'
}
says_fork() {
  { "$bin/told" doctor --agent "$work/$1" --as "${token[$1]}" || true; } | grep -qF "two histories"
}

# The size that an agency has seen last, as its receipts folder says.
size_of() {
  sed -n 2p "$work/$1/receipts/checkpoint"
}
has_grown() {
  [ "$(size_of "$1")" -gt "$2" ]
}

# Some more entries, each said by an agency.
grow() {
  local before more
  before=$(size_of "$1")
  for ((more = 0; more < $2; more++)); do types "$1" 0 worker add --role practitioner; done
  until_true "$1 sees its entries" has_grown "$1" "$((before + $2 - 1))"
}

# HOU, TT and EMP stay with the log as it is; SUD alone goes on with the copy.
two_histories() {
  local party
  for party in HOU TT SUD EMP; do stop "$party"; done
  stop broker
  cp -a "$broker" "$work/copy"
  cp -a "$broker" "$work/old"
  run_broker broker
  run_broker copy
  meets SUD copy
  for party in HOU TT EMP; do meets "$party" broker; done
  for party in HOU TT SUD EMP; do until_true "$party is connected" connected "$party"; done
  for party in TT EMP HOU; do grow "$party" 1; done
  # SUD heard of nobody else there; the copy grows until both are of one size.
  stop TT
  stop EMP
  local tries ahead
  for ((tries = 0; tries < 20; tries++)); do
    ahead=$(($(size_of HOU) - $(size_of SUD)))
    [ "$ahead" != 0 ] || return 0
    if [ "$ahead" -gt 0 ]; then grow SUD "$ahead"; else grow HOU "$((-ahead))"; fi
  done
  fail "the two logs are never of one size"
}

# An agency is shown the log of another broker.
is_shown() {
  [ ! -e "$work/$1/receipts/fork-kept" ] || fail "$1 has seen a fork before there was one"
  meets "$1" "$2"
  until_true "$1 sees two histories" says_fork "$1"
}

# The words of a card are stretched for a while; a busy machine may need longer than a command waits.
has_card() {
  "$bin/told" card new --json --agent "$work/$1" --as "${token[$1]}" >"$work/out" 2>&1
}

# Whatever it says waits.
stays_here() {
  types "$1" 7 story tell "${card[$1]}" --section DEM.ID=Ada --wait 1
}

# Loudly, with both notes, and nothing is sent: also not after a restart, nor to the broker that it knew.
refuses() {
  types "$1" 1 doctor
  says "two histories"
  grep -q '"level":"error".*agent.broker_fault' "$work/$1.log" || fail "$1 says nothing in its log"
  stays_here "$1"
  stop "$1"
  meets "$1" broker
  says_fork "$1" || fail "$1 has forgotten that it saw two histories"
  stays_here "$1"
  for note in fork-kept fork-shown; do
    [ "$(head -1 "$work/$1/receipts/$note")" = northtown/1 ] || fail "$1 has no note $note"
  done
}

# How large what it was shown is, beside what it kept: same, shorter or longer; and it has another root.
was_shown_a() {
  local kept shown is=same
  kept=$(sed -n 2p "$work/$1/receipts/fork-kept") shown=$(sed -n 2p "$work/$1/receipts/fork-shown")
  [ "$shown" -ge "$kept" ] || is=shorter
  [ "$shown" -le "$kept" ] || is=longer
  [ "$is" = "$2" ] || fail "$1 kept $kept and was shown $shown: $is, not $2"
  [ "$(sed -n 3p "$work/$1/receipts/fork-kept")" != "$(sed -n 3p "$work/$1/receipts/fork-shown")" ] || fail "one root"
}

# The store that was shown, against the note that the agency kept, and the other way round.
auditor_sees() {
  audits 5 verify --store "$work/$2/told.db" --policy "$work/$2/policy" --against "$work/$1/receipts/fork-kept"
}

make_world
for party in HOU TT EMP; do
  until_true "$party has a card" has_card "$party"
  card[$party]=$(member client)
done
two_histories
stop HOU
is_shown HOU copy
refuses HOU
was_shown_a HOU same
run_broker old
is_shown TT old
refuses TT
was_shown_a TT shorter
grow SUD 6
is_shown EMP copy
refuses EMP
was_shown_a EMP longer
for party in HOU TT SUD EMP broker copy old; do stop "$party"; done
auditor_sees HOU copy
auditor_sees TT old
auditor_sees EMP copy
audits 5 verify --store "$broker/told.db" --policy "$broker/policy" --against "$work/HOU/receipts/fork-shown"
audits 0 verify --store "$broker/told.db" --policy "$broker/policy" --against "$work/HOU/receipts/fork-kept"
echo "ok"
