#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every number in limits.h says why it is that number. Sizes that an algorithm fixes and units of time need no reason.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

limits=include/told/limits.h

check() {
  awk -v file="$limits" '
    /^\/\*/ { given = ($0 ~ /Cryptographic sizes/) }
    /^#define TOLD_[A-Z0-9_]+ +[^ ]/ {
      count++
      if (given || $2 ~ /^TOLD_MS_/ || index($0, "/*") > 0) next
      printf "%s:%d: %s has no reason\n", file, NR, $2
    }
    END { if (count == 0) print file ": no numbers" }' "$limits"
}
judge "every limit has its reason" check
