#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What may not be in a case conference, typed into the real told at real agents: refused with its rule, in the log, and
# no row is different. 77: no programs are built, or there is no Python.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"
# shellcheck source=tests/told/unchanged.sh
. "$(dirname "$0")/unchanged.sh"
soon=$(date -u -d '+30 days' +%F)
# Beside its outbox, who speaks in a conference notes what it sent and to whom; what it shows of it stays as it was.
sender_keeps="$sender_keeps|kept 1 'conference'"

has() {
  "$bin/told" conference show "$meeting" --agent "$work/$1" --as "${token[$1]}" | grep -qF -- "$2"
}

meet() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam
  types HOU 0 consent record "$client" --to TT --for MDT --category DEM.ID,NED,PLN --evidence signature
  types TT 0 consent record "$client" --to HOU --for MDT --category MH.ATT,NED,PLN --evidence signature
  types HOU 0 conference call "$client" --to TT --grounds "No plan" --json
  meeting=$(member conference)
  types HOU 0 conference list "$meeting"
  types HOU 0 conference invite "$meeting" --to TT --until "$soon"
  until_true "TT is invited" has TT listed
  types TT 0 conference attend "$meeting"
  until_true "the chair hears it" has HOU attends
}

shown() {
  "$bin/told" conference show "$meeting" --json --agent "$work/HOU" --as "${token[HOU]}" | sed 's/"now_ms":[0-9]*//'
  "$bin/told" conference show "$meeting" --json --agent "$work/TT" --as "${token[TT]}" | sed 's/"now_ms":[0-9]*//'
}

# Refused, and both sides are shown what they were shown before.
not_said() {
  local was
  was=$(shown)
  refused "$@"
  [ "$(shown)" = "$was" ] || fail "the conference stands otherwise: $*"
}

make_world
meet

# ---- no minutes yet ----
stopped TT WFL-08 conference acknowledge "$meeting"
stopped TT WFL-08 conference object "$meeting" --because "We said Tuesday"

# ---- who is not the chair decides nothing ----
not_said TT WFL-08 conference start "$meeting"
types HOU 0 conference start "$meeting"
until_true "TT is there" has TT started

# ---- an action for an agency outside, minutes to who is no party ----
not_said HOU WFL-07 conference action "$meeting" --owner SUD --do Come --due "$soon"
not_said HOU WFL-06 conference minutes "$meeting" --text "All of it" --to NOK

# ---- after the close ----
types HOU 0 conference end "$meeting"
until_true "access has ended" has TT "Our access to what was said has ended"
not_said TT WFL-02 conference contribute "$meeting" --fact MH.ATT="One more"
echo "what may not be in a conference is refused with its rule, is in the log, and changes no row"
