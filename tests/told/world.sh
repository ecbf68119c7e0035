#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A broker, four agencies and the demo's agreement in an empty folder, made by the commands of the README's second part;
# and how a test types a command. Sourced by tests; the folder and the processes are gone when the test ends.
set -euo pipefail

source=${TOLD_SOURCE:?} bin=${TOLD_BIN:?}
[ -x "$bin/told" ] || exit 77
work=$(mktemp -d)
declare -A pid token

stop_all() {
  local each
  for each in "${pid[@]}"; do kill "$each" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap stop_all EXIT

fail() {
  echo "FAILED: $*" >&2
  [ ! -f "$work/out" ] || cat "$work/out" >&2
  exit 1
}

# Until a command succeeds: what, the command.
until_true() {
  local what=$1 tries
  shift
  for ((tries = 0; tries < 300; tries++)); do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.1
  done
  fail "waited in vain: $what"
}

# Types a command as a worker; what it says stands in the file out. Worker, the exit code that is right, words.
types() {
  local who=$1 right=$2 code=0
  shift 2
  "$bin/told" "$@" --agent "$work/${who%%-*}" --as "${token[$who]}" >"$work/out" 2>&1 || code=$?
  [ "$code" = "$right" ] || fail "$who: told $*: exit $code, not $right"
}

# What was said last has these words; or a member of it, as JSON.
says() {
  grep -qF -- "$1" "$work/out" || fail "does not say: $1"
}
is_silent_of() {
  ! grep -qF -- "$1" "$work/out" || fail "says: $1"
}
member() {
  # What must be looked at now stands behind the reply itself, and is about other people too.
  sed 's/,"look_now":.*//' "$work/out" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

audits() {
  local right=$1 code=0
  shift
  "$bin/told-audit" "$@" >"$work/out" 2>&1 || code=$?
  [ "$code" = "$right" ] || fail "told-audit $*: exit $code, not $right"
}

operates() {
  "$bin/told" "$@" >"$work/out" 2>&1 || fail "told $*"
}

start_agent() {
  "$bin/told-agent" "$work/$1" >>"$work/$1.log" 2>&1 &
  pid[$1]=$!
  until_true "$1 answers" "$bin/told" fingerprint --agent "$work/$1" --as "${token[$1]}"
}

start_broker() {
  operates init --broker "$work/broker" --partnership northtown --endpoint tcp://127.0.0.1:0
  "$bin/told-broker" "$work/broker" >"$work/broker.log" 2>&1 &
  pid[broker]=$!
  until_true "the broker listens" test -s "$work/broker/endpoint"
}

# Party, the folder of its profile.
join() {
  operates init --agency "$source/agents/$2" "$work/$1" --partnership "$work/broker/partnership.json" --json
  token[$1]=$(member token_file)
  sed -i "s|KEY_$1\$|$(member identity)|" "$work/northtown.yaml"
  echo "endpoint-file: \"$work/broker/endpoint\"" >>"$work/$1/agent.yaml"
  operates partner enrol "$1" --broker "$work/broker" --file "$work/$1/enrol.json" --fingerprint "$(member identity)"
  start_agent "$1"
}

# A worker of an agency with a role: the name for types, the role.
adds() {
  types "${1%%-*}" 0 worker add --role "$2" --json
  token[$1]=$(member token_file)
}

in_force() {
  "$bin/told" agreement show --agent "$work/$1" --as "${token[$1]}" | grep -qF 'HOU, TT, SUD, EMP'
}

# The demo's agreement, whose clause 7.1 reaches services that have an agent, and carries asks.
make_world() {
  local party
  sed '/clause: 7.1/,/purposes/{s/to: \[ASC\]/to: [ASC, TT, HOU]/;s/types: \[ALERT,/types: [ALERT, ASK,/}' \
    "$source/agents/demo/northtown.yaml.in" >"$work/northtown.yaml"
  start_broker
  join HOU housing
  join TT iapt
  join SUD addiction
  join EMP employability
  for party in HOU TT SUD EMP; do types "$party" 0 agreement sign "$work/northtown.yaml"; done
  for party in HOU TT SUD EMP; do until_true "$party sees all signatures" in_force "$party"; done
}
