#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Somebody with a story and a permission at housing, and a referral of them to talking therapies; for tests that have
# sourced world.sh.
set -euo pipefail
declare -A token
bin=${bin:?} work=${work:?}

person() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam --section HOU.SIT=sofa --section NED="a home"
  types HOU 0 consent record "$client" --to TT --for REFERRAL,COORD --category 'DEM.ID,HOU.SIT,NED,PLN' --evidence signature
}

refer() {
  types HOU 0 referral send "$client" --to TT --note "Mornings are best" --json
  referral=$(member referral)
  until_true "the referral comes" stands TT requested
}

# Worker, state.
stands() {
  "$bin/told" referral show "$referral" --agent "$work/$1" --as "${token[$1]}" --json | grep -qF "\"state\":\"$2\""
}
