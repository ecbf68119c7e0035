#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Whatever may not be, typed into the real told at real agents: refused with a rule that told explain knows, in the log
# where a message reached the broker, and nothing is different. Nothing means every row of both vaults, and what
# the log has. 77: no programs are built, or there is no Python.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
# shellcheck source=tests/told/person.sh
. "$(dirname "$0")/person.sh"
# shellcheck source=tests/told/unchanged.sh
. "$(dirname "$0")/unchanged.sh"
yesterday=$(date -u -d yesterday +%F) soon=$(date -u -d '+14 days' +%F)

make_world
person
refer

# ---- a state set by who may not, or to what it may not be ----
refused HOU WFL-08 referral accept "$referral"
refused TT WFL-08 referral mistake "$referral"
refused TT WFL-08 referral start "$referral"

# ---- closing, or declining, without a reason ----
stopped TT ENV-05 referral decline "$referral"
types TT 0 referral accept "$referral"
types TT 0 referral start "$referral"
until_true "they see that it began" stands HOU in-progress
stopped TT ENV-05 referral close "$referral"
refused TT ENV-05 referral close "$referral" --state completed

# ---- a date in the past, or one to come of what has been ----
refused TT WFL-08 referral pause "$referral" --until "$yesterday"
stopped HOU plan-past plan add "$client" --goal "A home" --do "Too late" --due "$yesterday"
stopped HOU day-past hold "$client" --reason complaint --review "$yesterday"
stopped TT day-to-come referral tried "$referral" --way telephone --result met --on "$soon"

# ---- a plan in a circle ----
types HOU 0 plan add "$client" --goal "A place of my own" --do "Register"
types HOU 0 plan add "$client" --do "View a flat" --after 1
stopped HOU plan-cycle plan move "$client" 1 --after 2

# ---- a score out of range, a question that the form has not ----
stopped TT form-range intake "$client" --answer phq9.1='"4"'
stopped TT form-range intake "$client" --answer wsas.home=9
stopped TT form-question intake "$client" --answer phq9.10='"1"'
stopped HOU form-question intake "$client" --answer 99.99=true

# ---- a supporter, and what was not ticked ----
types HOU 0 team supporter "$client" "Aunt Jo" --steps 1 --seen-alone
stopped HOU team-ticked plan print "$client" --for "Aunt Jo" --step 2
stopped HOU team-supporter plan print "$client" --for "Somebody" --step 1

# ---- who has left ----
types HOU 0 worker add --role practitioner --json
token[HOU-gone]=$(member token_file)
types HOU 0 worker leave "$(member number)"
stopped HOU-gone PTY-05 story show "$client"
stopped HOU-gone PTY-05 referral send "$client" --to TT
stopped HOU-gone PTY-05 story tell "$client" --section HOU.SIT=car

types HOU 0 explain WFL-08
says "What to do"
types HOU 1 explain nothing
echo "what may not be is refused with its rule, is in the log where it came so far, and changes no row"
