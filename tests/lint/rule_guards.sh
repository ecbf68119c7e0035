#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every header can be included twice: it has a guard that begins with TOLD_, no two headers the same one. A header that
# is a table of X(...) rows or of words is read into another file on purpose, and needs none.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

# shellcheck disable=SC2016 # awk's own words
check() {
  files -name '*.h' | xargs awk '
    function close_file() {
      if (file == "") return
      if (table) return
      if (guard == "") print file ": no guard TOLD_..._H"
      else if (!defined) print file ": the guard " guard " is never defined"
      else if (guard in where) print file ": same guard as " where[guard]
      else where[guard] = file
    }
    FNR == 1 { close_file(); file = FILENAME; guard = ""; defined = 0; table = 0 }
    /^(X\(|")/ && guard == "" { table = 1 }
    /^#ifndef TOLD_[A-Z0-9_]+_H$/ && guard == "" { guard = $2 }
    /^#define / && $2 == guard { defined = 1 }
    END { close_file() }'
}
judge "every header has a guard of its own" check
