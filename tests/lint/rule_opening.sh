#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every file opens with its licence (a script after its first line), and a C file then says what it is for.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

check() {
  {
    files \( -name '*.c' -o -name '*.h' -o -name '*.proto' -o -name '*.py' -o -name '*.cmake' -o -name CMakeLists.txt \)
    scripts
  } | sort -u | xargs awk '
    FNR == 1 { at = 1 }
    FNR == 1 && /^#!/ { at = 2 }
    FNR == at && !/SPDX-License-Identifier: Apache-2.0/ { print FILENAME ":" FNR ": no licence line" }
    FNR == 2 && FILENAME ~ /[.][ch]$/ && !/^\/[*]/ { print FILENAME ":2: does not say what the file is for" }'
}
judge "every file opens with its licence and its purpose" check
