#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each foreign library has a door: the few places that may include it. Tests may use any library to check ours against.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

# What is included, then where: beginnings of paths.
doors() {
  cat <<'END'
    zmq[.]h            broker/wire/ agents/client/
    sqlite3[.]h        broker/sqlite/ broker/record/ agents/vault/ evidence/audit/
    openssl/           proto/seal evidence/
    sodium[.]h         proto/card.c
    [a-z/]*[.]pb-c[.]h proto/codec.c
    protobuf-c/        proto/
    cyaml/             broker/agree/ agents/profile/
    yaml[.]h           broker/agree/ agents/profile/
    microhttpd[.]h     agents/api/
    jansson[.]h        agents/
    curl/              agents/cli/
    qrencode[.]h       agents/cli/
END
}

check() {
  local library places
  while read -r library places; do
    sources | seek -v '^tests/' | among -nE "^ *# *include *[<\"]$library" |
      seek -vE "^(${places// /|})" | sed "s|\$|   (only in: $places)|"
  done < <(doors)
}
judge "a library is included only through its door" check
