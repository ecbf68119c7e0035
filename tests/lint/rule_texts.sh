#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Texts that are put into sentences are pieces of a sentence: a status text has no full stop and begins small.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

check() {
  awk '
    /^[ \t]+X\([A-Z_]+, [A-Z]+, "/ {
      count++
      if ($0 ~ /[.!?]"\)/) print FILENAME ":" FNR ": ends like a sentence: " $0
      if ($0 ~ /, "[A-Z]/) print FILENAME ":" FNR ": begins like a sentence: " $0
    }
    END { if (count == 0) print FILENAME ": no table of statuses" }' include/told/status.h
}
judge "a status text fits into a sentence" check
