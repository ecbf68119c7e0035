#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every hazard of docs/safety/hazard-log.md has a cause, an effect, a control and a test that is there: a function of a
# test program (a static one that it does not run would not compile), or the name that ctest gives the program, be it a
# day of tests/told. So has
# every life of docs/safety/state-tables.md, with its states, events and actors.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

known_tests() {
  files -path './tests/told/*' -name '*.sh' | sed -E 's|^tests/||; s|/|_|g; s|[.]sh$||'
  files -path './tests/*' -name 'test_*.c' | sed -E 's|^tests/||; s|/|_|g; s|[.]c$||'
  files -path './tests/*' -name 'test_*.c' | among -ohE '^static void [a-z0-9_]+\(void \*\*state\)' | sed -E 's/^[^:]*:?static void //; s/\(.*//'
}

# shellcheck disable=SC2016 # back ticks are markdown's
check_file() { # FILE, its parts, the known tests
  [ -f "$1" ] || return 0
  awk -v parts="$2" '
    function whole() {
      for (part in need) if (!(part in has)) print file ":" at ": " name " has no " part
      delete has
    }
    BEGIN { split(parts, words, " "); for (i in words) need[words[i]] = 1 }
    { file = FILENAME }
    /^## / { if (name != "") whole(); name = substr($0, 4); at = FNR }
    match($0, /^- \*\*[A-Z][a-z]+\.\*\* ./) { split($0, bits, /[*.]+/); has[bits[2]] = 1 }
    END { if (name != "") whole(); else print file ": nothing in it" }' "$1"
  # A test may stand on the lines that follow, too.
  awk '/^- \*\*/ { on = /^- \*\*Test\.\*\*/ } on { line = $0; while (match(line, /`[^`]+`/)) {
      print FNR, substr(line, RSTART + 1, RLENGTH - 2); line = substr(line, RSTART + RLENGTH) } }' "$1" |
    while read -r at name; do
      grep -qxF "$name" <<<"$3" || printf '%s:%s: there is no test %s\n' "$1" "$at" "$name"
    done
}

check() {
  local known
  known=$(known_tests | sort -u)
  check_file docs/safety/hazard-log.md "Cause Effect Control Test" "$known"
  check_file docs/safety/state-tables.md "States Events Actors Test" "$known"
}
judge "every hazard names a test that is there" check
