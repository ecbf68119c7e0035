#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Alerts that went wrong, between real processes: the number is not theirs, or out of order; nobody answers; the alert
# was about the wrong person and is called back. What the recipient sees, what is written down, what the caller must do.
# 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"

concern="He is coming back tonight"

# Raises one; its number stands in id.
raises() {
  types HOU 0 override raise "$client" --kind safeguarding --to TT --category DEM.ID --concern "$concern" \
    --reason "Not safe to ask" "$@" --json
  id=$(member id)
}

stands() {
  "$bin/told" alert ls --agent "$work/HOU" --as "${token[HOU]}" --json |
    grep -qE "\"id\":\"$id\",\"client\":\"[^\"]*\",\"state\":\"[a-z]*\",\"stands\":\"$1\""
}

# Above a worker's reply stands this.
raised_to() {
  "$bin/told" duty show --agent "$work/${1%%-*}" --as "${token[$1]}" 2>&1 | grep -qF -- "$2"
}
not_raised_to() { ! raised_to "$@"; }

pages() {
  grep -c "$1" "$work/pages" || true
}
# Their number, and how often it was paged.
paged_by() {
  [ "$(pages "\"page\":\"theirs\".*\"telephone\":\"$1\"")" = "$2" ]
}

check_wrong_number() {
  raises --call-now
  until_true "both are paged" stands paged
  paged_by "01632 960012" 1 || fail "not paged by the first number"
  raised_to HOU "Telephone now: 01632 960012" || fail "not the first number"
  types HOU 0 alert called "$id" --who-answered wrong_number --note "A bakery"
  raised_to HOU "Telephone now: duty desk, 01632 960002" || fail "the second number does not stand there"
  until_true "their contact is paged by the second number" paged_by "duty desk, 01632 960002" 1
  until_true "both are paged again" stands paged
  paged_by "01632 960012" 1 || fail "the wrong number was paged again"
  types HOU 0 alert called "$id" --who-answered nobody
  raised_to HOU "Telephone now: duty desk, 01632 960002" || fail "the wrong number is to be rung again"
  types HOU 0 alert called "$id" --who-answered wrong_number
  raised_to HOU "ring their switchboard" || fail "it does not say that no number is left"
  types HOU 4 alert close "$id"
  types HOU 0 alert called "$id" --who-answered switchboard
  stands called || fail "a call that was put through does not end it"
  not_raised_to HOU "Telephone now" || fail "it still stands there"
  types HOU 0 alert ls
  says "the number is not theirs, or is out of order"
}

check_nobody() {
  raises --call-now
  until_true "it is overdue" raised_to HOU "Telephone now: 01632 960012"
  types HOU 0 alert called "$id" --who-answered nobody
  raised_to HOU "Telephone now: duty desk, 01632 960002" || fail "nobody answered: the other number is next"
  types HOU 0 alert called "$id" --who-answered voicemail
  raised_to HOU "Telephone now: 01632 960012" || fail "and then the first again"
  types HOU 0 alert called "$id" --who-answered worker
}

# Somebody there may be acting on it: a call ends it, and no opening.
check_called_back() {
  local recall
  concern="The wrong man"
  raises
  until_true "it is at TT" raised_to TT "nobody here has opened it"
  types HOU 0 incident open --kind wrong-person --client "$client" --to TT --message "$id"
  stands recalled || fail "it is not called back"
  raised_to HOU "You called this back" || fail "the caller is not told to ring"
  until_true "TT is told" raised_to TT "they called it back. Do not act on it"
  types TT 0 inbox
  is_silent_of "The wrong man"
  until_true "that they opened it is known" opened
  stands recalled || fail "an opening ended it"
  raised_to TT "they called it back" || fail "it went from their screens before they answered"
  types HOU 0 alert called "$id" --who-answered voicemail
  stands recalled || fail "a machine was told"
  types HOU 4 alert close "$id"
  types HOU 0 alert called "$id" --who-answered on_call
  stands called || fail "a call does not end it"
  not_raised_to HOU "You called this back" || fail "it still stands there"
  types TT 0 incident ls --json
  recall=$(member recall)
  types TT 0 incident answer "$recall" --deleted
  not_raised_to TT "they called it back" || fail "it stands there after the answer"
  types HOU 0 alert close "$id"
}

opened() {
  "$bin/told" alert ls --agent "$work/HOU" --as "${token[HOU]}" | grep -A 3 "^$id" | grep -qF "Opened by"
}

make_world
cat >"$work/pager" <<PAGER
#!/bin/bash
cat >>"$work/pages"
PAGER
chmod 700 "$work/pager"
: >"$work/pages"
kill "${pid[HOU]}"
wait "${pid[HOU]}" 2>/dev/null || true
echo "pager: \"$work/pager\"" >>"$work/HOU/agent.yaml"
start_agent HOU
types HOU 0 card new --json
client=$(member client)
types HOU 0 story tell "$client" --section DEM.ID=Sam
check_wrong_number
check_nobody
check_called_back
# What the log has: each call with who answered, and the recall.
types HOU 0 audit view --purpose internal
says ALERT_RECORD
says RECALL
echo "a wrong number ends nothing, and what was called back ends with a call"
