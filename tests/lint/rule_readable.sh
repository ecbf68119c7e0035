#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/threat-model.md lists every field that the broker can read. A field that is in a schema and not in the list was
# added without anybody asking who learns what from it; a field only in the list is a promise about nothing.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

model=docs/threat-model.md
# What an agent sends: signed headers, the two frames, and of the session what goes to the broker.
schemas="proto/header.proto proto/body.proto"
session_messages="Hello Credit Heartbeat Cosignature"

# Message.field, one a line.
fields() {
  # shellcheck disable=SC2086 # a list of files
  awk '
    /^message / { message = $2 }
    /^}/ { message = "" }
    message != "" && /= [0-9]+;/ { sub(/ *=.*/, ""); print message "." $NF }' $1
}

schema_fields() {
  fields "$schemas"
  fields proto/session.proto | seek -E "^(${session_messages// /|})[.]"
}

# Rows "| `Message.field` | ... |", several fields to a row allowed.
listed_fields() {
  seek -hE '^\| `' "$model" | cut -d '|' -f 2 | tr ',' '\n' | tr -d ' `'
}

check() {
  local schema listed
  schema=$(schema_fields | sort)
  listed=$(listed_fields | sort)
  [ -n "$schema" ] || printf 'proto: no fields found\n'
  comm -23 <(printf '%s\n' "$schema") <(printf '%s\n' "$listed") | sed "s|\$|: the broker can read it and $model does not say so|"
  comm -13 <(printf '%s\n' "$schema") <(printf '%s\n' "$listed") | sed "s|^|$model: |; s|\$| is listed (twice?) and not in the schemas|"
}
judge "$model lists what the broker can read, all of it and nothing else" check
