#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C is laid out as .clang-format says, so that nobody ever discusses it.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

command -v clang-format >/dev/null || skip "clang-format is not installed (script/setup installs it)"

check() {
  sources | xargs clang-format --dry-run 2>&1 | sed -nE 's/^([^ :]+):([0-9]+):.*\[-Wclang-format-violations\]$/\1/p' | sort | uniq -c |
    sed -E 's/^ *([0-9]+) (.*)/\2: \1 places (clang-format -i mends it)/'
}
judge "C is laid out by clang-format" check
