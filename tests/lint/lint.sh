# SPDX-License-Identifier: Apache-2.0
# What every lint rule shares: where the tree is, which files are in it, and how a breach is told. Sourced, never run.
# A rule is a script rule_NAME.sh: it ends with `judge "the rule in words" FUNCTION`, where FUNCTION prints one line a
# breach ("file:line: what is wrong") and nothing when the rule is kept. TOLD_SOURCE names another tree to judge.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
rules=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${TOLD_SOURCE:-$rules/../..}"

# Every file of the project but build folders and git's own; with find(1)'s own tests to choose among them.
files() {
  find . \( -path ./.git -o -path './build*' -o -name __pycache__ \) -prune -o -type f "$@" -print | sed 's|^\./||' | sort
}
sources() {
  files \( -name '*.c' -o -name '*.h' \)
}
scripts() {
  files \( -path './script/*' -o -path './.ci/*' -o -name '*.sh' \)
}

# grep that does not take "nothing found" for a failure.
seek() {
  grep "$@" || [ $? -eq 1 ]
}
# The same in the files that standard input lists, each hit as file:line:text when asked with -n.
among() {
  # shellcheck disable=SC2016 # the inner shell's own words
  xargs bash -c 'grep -H "$@" /dev/null || [ $? -eq 1 ]' grep "$@"
}

# A C file without comments and without what stands in quotes, line for line, so that only code is judged.
code() {
  awk -v quote="'" '
    {
      line = $0
      out = ""
      while (line != "") {
        if (within) {
          at = index(line, "*/")
          if (at == 0) { line = ""; break }
          line = substr(line, at + 2); within = 0
        } else if (match(line, "/[*]|//|\"|" quote) == 0) {
          out = out line; line = ""
        } else {
          out = out substr(line, 1, RSTART - 1)
          mark = substr(line, RSTART, RLENGTH)
          line = substr(line, RSTART + RLENGTH)
          if (mark == "//") { line = "" }
          else if (mark == "/*") { within = 1; out = out " " }
          else { line = after_quote(line, mark); out = out mark mark }
        }
      }
      print out
    }
    function after_quote(rest, mark,    i, c) {
      for (i = 1; i <= length(rest); i++) {
        c = substr(rest, i, 1)
        if (c == "\\") i++
        else if (c == mark) return substr(rest, i + 1)
      }
      return ""
    }' "$1"
}

skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

judge() {
  local rule=$1 breaches
  breaches=$("$2")
  if [ -n "$breaches" ]; then
    printf '%s\n\nbroken: %s (%d times)\n' "$breaches" "$rule" "$(wc -l <<<"$breaches")"
    exit 1
  fi
  printf 'kept: %s\n' "$rule"
}
