#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A file is at most 500 lines and a function at most 60, tests excepted: what is longer holds two ideas.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

file_max=500
function_max=60

# shellcheck disable=SC2016 # awk's own words
check() {
  sources | seek -v '^tests/' | xargs awk -v file_max="$file_max" -v function_max="$function_max" '
    FNR == 1 { begin = 0 }
    FNR == file_max + 1 { print FILENAME ": has more than " file_max " lines" }
    /^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
    /^[{]$/ { begin = FNR }
    /^}$/ {
      lines = FNR - begin + 1
      if (begin && lines > function_max) print FILENAME ":" begin ": " name "() has " lines " lines"
      begin = 0
    }'
}
judge "files have at most $file_max lines, functions at most $function_max" check
