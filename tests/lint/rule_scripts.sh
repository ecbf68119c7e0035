#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Scripts stop at the first failure, and shellcheck finds nothing to say about them.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

command -v shellcheck >/dev/null || skip "shellcheck is not installed (script/setup installs it)"

check() {
  scripts | while read -r file; do
    grep -qE '^set -euo pipefail$|/lint[.]sh"$' "$file" || printf '%s: lacks "set -euo pipefail"\n' "$file"
    shellcheck --external-sources --format=gcc "$file" || true
  done
}
judge "scripts are strict and shellcheck finds nothing" check
