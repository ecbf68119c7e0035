#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Alerts between real processes, with what goes wrong: an agent that is down, a pager that hangs, fails, talks or is not
# there, a kill -9 between sending and paging, two at once, one that is called back; and a conference below its
# threshold. Each alert ends in a call that is written down. 77: the programs are not built.
set -euo pipefail
# shellcheck source=tests/told/world.sh
. "$(dirname "$0")/world.sh"

card() {
  types HOU 0 card new --json
  client=$(member client)
  types HOU 0 story tell "$client" --section DEM.ID=Sam --section DEM.TEL="01632 960123" --section HOU.SIT="On a sofa"
}

# Raises one without waiting for anybody to open it; its number stands in id.
raises() {
  types HOU 0 override raise "$client" --kind safeguarding --to "$1" --category DEM.ID --concern "He is coming back tonight" --reason "Not safe to ask" --call-now --json
  id=$(member id)
}

# How an alert stands with its sender: number, state.
stands() {
  "$bin/told" alert ls --agent "$work/HOU" --as "${token[HOU]}" --json |
    grep -qE "\"id\":\"$1\",\"client\":\"[^\"]*\",\"state\":\"[a-z]*\",\"stands\":\"$2\""
}

# The operator's program: it does as the file says, and keeps what it was given.
make_pager() {
  cat >"$work/pager" <<PAGER
#!/bin/bash
read -r line
case \$(<"$work/mode") in
hangs) exec sleep 300 ;;
fails) exit 3 ;;
talks) printf '\\377\\000{"page":' && head -c 100000 /dev/urandom && echo "\$line" >>"$work/pages" ;;
*) echo "\$line" >>"$work/pages" ;;
esac
PAGER
  chmod 700 "$work/pager"
  pages_are ok
}
pages_are() {
  echo "$1" >"$work/mode"
  : >"$work/pages"
}
paged() {
  [ "$(wc -l <"$work/pages")" -ge "$1" ]
}

stop_agent() {
  kill "$2" "${pid[$1]}"
  wait "${pid[$1]}" 2>/dev/null || true
  unset "pid[$1]"
}

# ---- the pager ----

check_no_program() {
  local code=0
  stop_agent HOU -TERM
  echo "pager: \"$work/nowhere\"" >>"$work/HOU/agent.yaml"
  timeout 60 "$bin/told-agent" "$work/HOU" >"$work/out" 2>&1 || code=$?
  ((code != 0 && code != 124)) || fail "an agent with a pager that is not there started, or hung: $code"
  says "$work/nowhere"
  sed -i "s|^pager: .*|pager: \"$work/pager\"|" "$work/HOU/agent.yaml"
  start_agent HOU
}

check_pages() {
  raises TT
  until_true "both are paged" stands "$id" paged
  paged 2 || fail "not two pages"
  ! grep -qF -e "$client" -e Sam -e tonight "$work/pages" || fail "a page speaks of the person"
  types HOU 0 alert called "$id" --who-answered on_call
  until_true "the call ends it" stands "$id" called
}

check_bad_programs() {
  local how
  pages_are talks
  raises TT
  until_true "what it prints is read by nobody" stands "$id" paged
  types HOU 0 alert called "$id" --who-answered worker
  for how in fails hangs; do
    pages_are "$how"
    raises TT
    until_true "it is overdue" stands "$id" overdue
    types HOU 0 inbox
    says "LOOK NOW"
    says "$id"
    stands "$id" overdue || fail "a program that $how is called a page"
    types HOU 0 alert called "$id" --who-answered nobody
    stands "$id" overdue || fail "a call that reached nobody ends it"
    types HOU 0 alert called "$id" --who-answered switchboard
    stands "$id" called || fail "a call that was put through does not end it"
  done
}

# The page had begun and was not through: it is begun again, and the alert is still there.
check_killed() {
  pages_are hangs
  raises TT
  until_true "it is overdue" stands "$id" overdue
  stop_agent HOU -KILL
  pages_are ok
  start_agent HOU
  until_true "it is paged after all" stands "$id" paged
  paged 2 || fail "not two pages after the kill"
  types HOU 0 alert called "$id" --who-answered on_call
}

check_two_at_once() {
  local first second
  pages_are ok
  raises TT
  first=$id
  raises ASC
  second=$id
  until_true "the first is paged" stands "$first" paged
  until_true "the second is paged" stands "$second" paged
  paged 4 || fail "not four pages of two alerts"
  types HOU 0 alert called "$first" --who-answered on_call
  stands "$first" called || fail "the first is not called"
  stands "$second" paged || fail "a call about one alert ended the other"
  types HOU 4 alert called "$second" --who-answered on_call
  says "disclosure record"
  types HOU 0 alert sheet "$second" --html "$work/sheet.html"
  grep -q 01632 "$work/sheet.html" || fail "no number on the sheet"
  types HOU 0 disclosure record "$client" --to ASC --category DEM.ID,NARR --why "They send somebody" --alert "$second"
  says "It is in the log."
  until_true "what was said by telephone ends it" stands "$second" called
}

# ---- the other side ----

check_agent_is_down() {
  stop_agent TT -TERM
  raises TT
  until_true "their system is silent" stands "$id" paged
  grep -q agent_silent "$work/pages" || fail "the page does not say that their system is silent"
  types HOU 0 alert called "$id" --who-answered on_call
  start_agent TT
  until_true "it comes late" comes TT tonight
  stands "$id" called || fail "what came late changed it"
}

comes() {
  "$bin/told" inbox --agent "$work/$1" --as "${token[$1]}" | grep -qF "$2"
}

# ---- two pairs of eyes, and a threshold ----

check_second_is_author() {
  types HOU 0 override raise "$client" --kind safeguarding --to TT --category DEM.ID,HOU.SIT --concern "Tonight" --reason r \
    --second "$(basename "${token[HOU]}" .token)" --json
  says '"category":"HOU.SIT","effect":"hold"'
  says '"category":"DEM.ID","effect":"release"'
  says '"OVR-03"'
  id=$(member id)
  types HOU 8 override confirm "$id"
  says "OVR-03"
}

check_threshold() {
  local party file="$work/marac.yaml"
  cp "$source/agents/demo/marac.yaml.in" "$file"
  for party in HOU TT SUD EMP; do
    types "$party" 0 fingerprint
    sed -i "s|KEY_$party\$|$(grep -oE 'SHA256:[0-9a-f]{64}' "$work/out" | head -n 1)|" "$file"
  done
  for party in HOU TT SUD EMP; do types "$party" 0 agreement sign "$file"; done
  types EMP 0 card new --json
  client=$(member client)
  types EMP 0 story tell "$client" --section DEM.ID=Ada
  until_true "the second agreement is in force" calls_marac
  says '"OVR-07"'
  is_silent_of '"state":"sent"'
  types HOU 0 conference ls
  says "There is none."
  types EMP 0 conference call "$client" --kind marac --to HOU --grounds "Threats" --tool DASH --score 9 --judgement "She is afraid to go home" --json
  says '"state":"sent"'
}

# Below the score and not argued: held, with the rule named.
calls_marac() {
  "$bin/told" conference call "$client" --kind marac --to HOU --grounds "Threats" --tool DASH --score 9 --json \
    --agent "$work/EMP" --as "${token[EMP]}" >"$work/out" 2>&1
  grep -qF '"state":"held"' "$work/out"
}

make_world
card
make_pager
check_no_program
check_pages
check_bad_programs
check_killed
check_two_at_once
check_agent_is_down
check_second_is_author
check_threshold
