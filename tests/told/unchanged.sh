#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Whether anything is different after a refusal: every row of both vaults, and what the log has. For tests that have
# sourced world.sh. 77: there is no Python.
set -euo pipefail
declare -A token
bin=${bin:?} work=${work:?}
sender_keeps='meta|outbox|proof|sqlite_sequence'
python3 -c 'import sqlite3' 2>/dev/null || exit 77
here=$(dirname "$0")

# All rows of both vaults into a folder, and what the log has, once nothing moves any more.
look() {
  python3 "$here/rows.py" "$work/$1" "$work" HOU TT || fail "cannot compare"
}
refusals() {
  { "$bin/told-audit" search --store "$work/broker/told.db" --phase refused --json || true; } |
    { grep -oF '"phase":"' || true; } | wc -l
}

knows() {
  "$bin/told" explain "$1" >/dev/null || fail "told explain does not know $1"
}

# Refused by our own agent: worker, rule, words of a command. Every row stays, and the log hears nothing of it.
stopped() {
  local who=$1 rule=$2 code=0
  shift 2
  look before
  "$bin/told" "$@" --agent "$work/${who%%-*}" --as "${token[$who]}" >"$work/out" 2>&1 || code=$?
  [ "$code" != 0 ] || fail "not stopped: $*"
  says "$rule: "
  knows "$rule"
  look after
  diff -r "$work/before" "$work/after" >"$work/out" || fail "something changed: $*"
}

# Refused by the broker. The sender keeps the message with its receipt; every other row stays, and the other side's stay
# all.
refused() {
  local who=$1 rule=$2 other=TT was
  shift 2
  [ "$who" != TT ] || other=HOU
  look before
  was=$(refusals)
  types "$who" 4 "$@"
  says "$rule"
  knows "$rule"
  look after
  [ "$(refusals)" = $((was + 1)) ] || fail "not in the log, or more than once: $*"
  [ "$(wc -l <"$work/after/log")" = $(($(wc -l <"$work/before/log") + 1)) ] || fail "the log has more: $*"
  differs "$who" "^[<>] ($sender_keeps) " "$@"
  differs "$other" '^none' "$@"
  [ "$(grep -c '^outbox ' "$work/after/$who")" = $(($(grep -c '^outbox ' "$work/before/$who") + 1)) ] ||
    fail "not one message more: $*"
}
differs() {
  local party=$1 allowed=$2
  shift 2
  diff "$work/before/$party" "$work/after/$party" | grep '^[<>]' | grep -vE "$allowed" >"$work/out" || true
  [ ! -s "$work/out" ] || fail "something changed at $party: $*"
}
