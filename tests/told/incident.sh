#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The information-governance lead's and the auditor's guides about incidents and looks at the log, typed as they stand
# there; and an agent that is killed while an incident is opened. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"

refer() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID="$1" --section HOU.SIT=sofa
  types HOU 0 consent record "$client" --to TT --for COORD,REFERRAL --category DEM.ID,HOU.SIT --evidence signature --notice 3
  types HOU 0 referral send "$client" --to TT --json
  says '"state":"sent"'
  message=$(member id)
  until_true "TT sees $1" sees "$1"
}

sees() {
  "$bin/told" inbox --agent "$work/TT" --as "${token[TT]}" >"$work/inbox" && grep -qF "$1" "$work/inbox"
}
sees_not() { ! sees "$1"; }

# The number of the recall that TT owes an answer to.
is_asked() {
  "$bin/told" incident ls --agent "$work/TT" --as "${token[TT]}" --json >"$work/asked" && grep -qF '"recall":"' "$work/asked"
}
has_answer() {
  "$bin/told" incident show "$1" --agent "$work/HOU" --as "${token[HOU]}" --json | grep -qF '"answered":1'
}

# The agent is killed as soon as the incident is open; nobody types anything again.
check_killed_in_between() {
  refer Ada
  kill -STOP "${pid[broker]}" # so that nothing of it has gone when the agent dies
  types HOU 7 incident open --kind wrong-recipient --client "$client" --to TT --wait 1
  kill -9 "${pid[HOU]}"
  wait "${pid[HOU]}" 2>/dev/null || true
  kill -CONT "${pid[broker]}"
  start_agent HOU
  until_true "TT is asked" is_asked
  until_true "it is gone at TT" sees_not Ada
  types HOU 0 incident ls --json
  [ "$(grep -o '"kind":"wrong-recipient"' "$work/out" | wc -l)" = 1 ] || fail "not one incident"
  incident=$(tr '{' '\n' <"$work/out" | sed -n 's/.*"incident":"\([0-9a-f]*\)".*/\1/p' | head -n 1)
}

# The lead's guide, "When something went wrong".
check_guide_of_the_lead() {
  types HOU 6 incident open --kind wrong-recipient --client "$client" --to TT
  says "$incident"
  types HOU 0 incident ls
  says wrong-recipient
  types HOU 0 incident show "$incident"
  types HOU 0 incident note "$incident" --measures "Called back" --reported
  types HOU 4 incident close "$incident" --outcome "deleted there"
  recall=$(sed -n 's/.*"recall":"\([0-9a-f]*\)".*/\1/p' "$work/asked" | head -n 1)
  types TT 0 incident answer "$recall" --deleted
  types TT 6 incident answer "$recall" --deleted
  until_true "HOU has the answer" has_answer "$incident"
  types HOU 0 incident close "$incident" --outcome "deleted there"
  types HOU 0 flag record "$client" --kind restricted --party TT --state cleared
  types HOU 0 incident open --kind lost-device --worker 40718 --since 2026-11-20 --known 2026-11-20 --dry-run
  says "told worker suspend 40718"
  types HOU 0 incident open --kind wrong-merge --client "$client" --dry-run
  types HOU 0 audit view --purpose internal --since 2026-11-01
  says "delivered"
}

# An order for an agency that there is not: who there is. Nothing is made.
orders_for_nobody() {
  local code=0
  "$bin/told" audit copy "$work/none.db" --broker "$work/broker" --for HUO --purpose external --asked-by auditor:SUD \
    --until "$(date -u -d '+30 days' +%F)" >"$work/out" 2>&1 || code=$?
  [ "$code" = 2 ] || fail "an order for HUO: exit $code, not 2"
  says "nobody of the partnership is called HUO"
  says "HOU, TT, SUD, EMP"
  [ ! -e "$work/none.db" ] || fail "a copy was made all the same"
}

# The auditor's: a look under an order, without a copy, until the order is over.
check_guide_of_the_auditor() {
  types SUD 4 audit view --of HOU --purpose external
  orders_for_nobody
  operates audit copy "$work/housing.db" --broker "$work/broker" --for HOU --purpose external --asked-by auditor:SUD \
    --until "$(date -u -d '+30 days' +%F)"
  says "Hand it to nobody who works with people"
  types SUD 0 audit view --of HOU --purpose external
  says "delivered"
  types SUD 0 audit view --of HOU --purpose external --flows
  says "RECALL"
  types HOU 0 audit view --message "$message" --purpose log-check --out "$work/one.tlog-proof"
  test -s "$work/one.tlog-proof" || fail "no proof was written"
  audits 0 looks --store "$work/broker/told.db"
  says "SUD"
}

make_world
check_killed_in_between
check_guide_of_the_lead
check_guide_of_the_auditor
echo "ok"
