#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Nothing is left for later, nothing names somebody's machine, no line ends in blanks. A folder for temporary files is
# named in tests, demo, bench and documents only: programs are told where to put things, or ask for TMPDIR and P_tmpdir.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

texts() {
  files ! -name LICENSE ! -name '*.json' ! -name '*.tsv' | among -lI ''
}

check() {
  texts | among -nE '(/[*]|//|#|;|--) *(TO''DO|FIX''ME|XX''X)([^A-Za-z]|$)|(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X)[:(]'
  texts | among -nE '(^|[^A-Za-z0-9_.])/([w]ork|[h]ome|[r]oot|[U]sers)/' | sed 's|$|   (a machine of somebody)|'
  texts | seek -vE '^(tests|docs|agents/demo|agents/bench)/' | among -nE '(^|[^A-Za-z0-9_.])/[t]mp(/|[^a-z])' | sed 's|$|   (temporary files)|'
  texts | among -nE '[[:blank:]]+$' | sed 's|$|<- blanks|'
}
judge "nothing left for later, no machine's path, no trailing blanks" check
