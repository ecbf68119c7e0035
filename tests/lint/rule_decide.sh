#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The decision is a pure function: no allocation, no clock, no input or output, no foreign header. What it needs to know
# comes in as an argument, so that an agent and an auditor get the same answer.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

memory='malloc|calloc|realloc|free|strdup|told_buf_[a-z_]+|told_arena_[a-z_]+'
clocks='time|clock|clock_gettime|gettimeofday|localtime|gmtime|told_clock_[a-z_]+'
outside='printf|fprintf|snprintf|puts|fopen|read|write|open|getenv|rand|random|getrandom|told_random'
headers='(assert|limits|stdbool|stddef|stdint|string|inttypes|stdalign)[.]h'

check() {
  local file
  files -path './broker/decide/*' -name '*.[ch]' | while read -r file; do
    code "$file" | seek -nE "(^|[^a-zA-Z0-9_.>])($memory|$clocks|$outside) *\(" | sed "s|^|$file:|"
  done
  files -path './broker/decide/*' -name '*.[ch]' | among -nE '^ *# *include *<' | seek -vE "<$headers>"
}
judge "broker/decide allocates nothing, reads no clock and includes nothing foreign" check
