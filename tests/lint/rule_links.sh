#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A link in a document leads somewhere: each relative link names a file or folder that is there.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

check() {
  local file target
  files -name '*.md' | among -oE '\]\([^)]+\)' | sed -E 's/^([^:]*):\]\(([^)]*)\)$/\1 \2/; s/#.*//' |
    while read -r file target; do
      case $target in '' | *://* | mailto:*) continue ;; esac
      [ -e "$(dirname "$file")/$target" ] || printf '%s: links to %s, which is not there\n' "$file" "$target"
    done
}
judge "links in documents lead somewhere" check
