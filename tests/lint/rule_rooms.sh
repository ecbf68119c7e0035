#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Includes and links run with the data. The rooms stand below in the order of the flow: a room leans only on rooms before
# it, and includes only headers of rooms that its told_room() line links, directly or through others.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

broker_flow="told_bytes told_page told_evidence told_proto told_base told_agree told_wire told_verify told_decide told_cases told_rule told_sqlite told_record told_deliver"
agent_flow="
told_exit
told_story
told_plan
told_team
told_alert
told_import
told_profile
told_form
told_measure
told_note
told_socket
told_keys
told_client
told_view
told_vault
told_statement
told_explain
told_contact
told_sight
told_referral
told_outcome
told_conference
told_agent_core
told_agent_work
told_agent_call
told_agent
told_api
told_bench
told_demo
told_cli"
audit_flow="told_audit_base told_audit_read told_audit_verify told_audit_prove told_audit_report told_audit_export told_audit_drill told_audit_bench told_audit"
# What agents and told-audit share with the broker: how facts are folded and ruled, how a database forgets. Never its wire, its record, its deliveries.
shared="told_bytes told_page told_evidence told_proto told_base told_agree told_verify told_decide told_cases told_rule told_sqlite"

# Two headers go further than the links, because what stands behind them is handed in at start: the api is given the
# agent's calls, and told-broker reads its folder as `told init` wrote it.
handed="^(agents/api/[^ ]* [0-9]+ agents/agent/agent.h|broker/(main|folder|new_log)\.[ch] [0-9]+ agents/keys/)"

# One line a room: name, folder, rooms that it links.
rooms() {
  files -name CMakeLists.txt | while read -r list; do
    sed 's/#.*//' "$list" | tr '\n' ' ' | seek -oE 'told_room\([^)]*\)' | sed 's/^told_room(//; s/)$//' | while read -r name dir links; do
      at=$(dirname "$list")
      [ "$dir" = . ] || at=$at/$dir
      printf '%s %s %s\n' "$name" "$at" "$(tr ' ' '\n' <<<"$links" | seek '^told_' | tr '\n' ' ')"
    done
  done
}

check_links() {
  rooms | awk -v broker="$broker_flow" -v agents="${agent_flow//$'\n'/ }" -v audit="$audit_flow" -v shared="$shared" '
    BEGIN {
      rank_all(broker, 0); rank_all(agents, 100); rank_all(audit, 200)
      n = split(shared, words, " "); for (i = 1; i <= n; i++) is_shared[words[i]] = 1
      allowed["told_evidence"] = " told_bytes "
      allowed["told_wire"] = " told_bytes told_base told_proto "
    }
    function rank_all(list, from,    i, n, words) {
      n = split(list, words, " "); for (i = 1; i <= n; i++) rank[words[i]] = from + i
    }
    {
      if (!($1 in rank)) { print $2 ": " $1 " has no place in the order of rooms (tests/lint/rule_rooms.sh)"; next }
      for (i = 3; i <= NF; i++) {
        if ($i == "told_schemas" && $1 == "told_proto") continue
        if (!($i in rank) || rank[$i] >= rank[$1]) print $2 ": " $1 " links " $i ", which does not come before it"
        else if (rank[$1] > 100 && rank[$i] < 100 && !($i in is_shared)) print $2 ": " $1 " links " $i ", which is the broker\047s own"
        else if (($1 in allowed) && index(allowed[$1], " " $i " ") == 0) print $2 ": " $1 " may lean on" allowed[$1] "only, not on " $i
      }
    }'
}

# Each quoted include as "file room-folder-or-file".
includes() {
  sources | seek -v '^tests/' | among -nE '^ *# *include "' | sed -E 's/^([^:]*):([0-9]+):[^"]*"([^"]*)".*/\1 \2 \3/'
}

check_includes() {
  {
    rooms | sed 's/^/room /'
    includes | seek -vE "$handed" | sed 's/^/include /'
  } | awk '
    $1 == "room" {
      folder[$2] = $3 "/"
      for (i = 4; i <= NF; i++) links[$2] = links[$2] " " $i
      next
    }
    # The room that a path lies in: the longest folder that it begins with.
    function room_of(path,    name, best) {
      best = ""
      for (name in folder)
        if (index(path, folder[name]) == 1 && length(folder[name]) > length(folder[best])) best = name
      return best
    }
    function reaches(from, to,    i, n, next_rooms) {
      if (from == to) return 1
      n = split(links[from], next_rooms, " ")
      for (i = 1; i <= n; i++) if (reaches(next_rooms[i], to)) return 1
      return 0
    }
    function area(path) { sub("/.*", "", path); return path }
    {
      file = $2; line = $3; what = $4
      if (index(what, "/") == 0 || index(what, "told/") == 1) next
      if (area(file) == "include") { print file ":" line ": a public header includes " what; next }
      from = room_of(file); to = room_of(what)
      if (area(what) == "agents" && area(file) != "agents") print file ":" line ": " what " is an agent\047s own"
      else if (from != "" && to == "") print file ":" line ": " what " lies in no room"
      else if (from != "" && !reaches(from, to)) print file ":" line ": " from " does not link " to " (" what ")"
    }'
}

check() {
  check_links
  check_includes
}
judge "a room leans only on rooms before it" check
