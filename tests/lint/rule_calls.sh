#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Calls that nobody makes here: those that cannot be bounded, those that run a shell, those that guess at randomness, and
# waiting by the clock instead of for a state. srand() has one place: libzmq's routing ids come from rand().
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

unbounded='strcpy|strcat|strncat|sprintf|vsprintf|gets|scanf|sscanf|atoi|atol|atof|strtok|alloca|setjmp|longjmp'
careless='tmpnam|tempnam|mktemp|system|popen|rand|srand|random|gmtime|localtime|asctime|ctime'
sleeping='sleep|usleep|nanosleep|clock_nanosleep'

check() {
	local file
	sources | among -lwE "$unbounded|$careless|$sleeping" | while read -r file; do
		code "$file" | seek -nE "(^|[^a-zA-Z0-9_.>])($unbounded|$careless|$sleeping) *\(" | sed "s|^|$file:|"
	done | seek -vE '^broker/wire/.*[^a-z_]srand *\('
}
judge "no call that cannot be bounded, runs a shell, guesses or sleeps" check
