#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Calls that nobody makes here: those that cannot be bounded (tests may: their input is their own), that run a shell, that
# guess at randomness, that keep a result for everybody, and waiting by the clock instead of for a state. srand() has one
# place: libzmq makes its routing ids with rand(). A test may choose the instant of a kill by its seed, with usleep().
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

unbounded='strcpy|strcat|strncat|sprintf|vsprintf|gets|atoi|atol|atof|alloca|longjmp'
careless='strtok|tmpnam|tempnam|mktemp|system|popen|rand|srand|random|gmtime|localtime|asctime|ctime'
sleeping='sleep|usleep|nanosleep|clock_nanosleep'

# The files on standard input, judged by a list of names.
calls() {
  local names=$1 file
  among -lwE "$names" | while read -r file; do
    code "$file" | seek -nE "(^|[^a-zA-Z0-9_.>])($names) *\(" | sed "s|^|$file:|"
  done
}

check() {
  sources | calls "$careless|$sleeping" | seek -vE '^broker/wire/.*[^a-z_]srand *\(|usleep\(.*told_test_random\('
  sources | seek -v '^tests/' | calls "$unbounded"
}
judge "no call that cannot be bounded, runs a shell, guesses or sleeps" check
