#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C is laid out as .clang-format says, so that nobody ever discusses it.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

command -v clang-format >/dev/null || skip "clang-format is not installed (script/setup installs it)"

check() {
	sources | xargs clang-format --dry-run --ferror-limit=1 2>&1 | seek -E 'warning:|error:' | sed 's| code should be clang-formatted.*||'
}
judge "C is laid out by clang-format" check
