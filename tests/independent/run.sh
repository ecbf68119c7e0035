#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The second verifier against the log of a real run: it accepts what told-audit exports and proves, and rejects it with
# any one bit changed; the commands in the auditor's guide do what the guide says. 77: the demo cannot run here.
set -euo pipefail

source=${TOLD_SOURCE:?} bin=${TOLD_BIN:?}
verifier=$source/tests/independent/verify_export.py
guide=$source/docs/guides/auditor.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

accepts() {
  python3 "$verifier" "$@" >out 2>&1 || fail "rejected: $* ($(cat out))"
}

# Exit 1 and no Python traceback: it was judged, not stumbled over.
rejects() {
  local code=0
  python3 "$verifier" "$@" >out 2>&1 || code=$?
  if [ "$code" != 1 ] || grep -q Traceback out; then
    fail "not rejected (exit $code): $* ($(cat out))"
  fi
}

# Flips the lowest bit of one byte: file, place.
flip() {
  local byte
  byte=$(dd if="$1" bs=1 skip="$2" count=1 status=none | od -An -tu1 | tr -d ' ')
  # shellcheck disable=SC2059 # the format is the byte
  printf "\\$(printf %03o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" count=1 conv=notrunc status=none
}

# How long a file is, of a note up to the log's own signature: lines of witnesses that the policy does not name are
# nobody's business.
judged_size() {
  sed '/^— /q' "$1" | wc -c
}

# The block behind a "run:" mark in the guide.
block() {
  awk -v mark="<!-- run: $1 -->" '$0 == mark { on = 1; next } on && /^```$/ { exit } on && !/^```sh$/ { print }' "$guide"
}

make_log() {
  "$bin/told" demo --dir "$work/demo" --keep >demo.log 2>&1 || fail "the demo did not end well: $(tail -n 5 demo.log)"
  sed 's/^quorum .*/quorum none/' demo/broker/policy >policy
  "$bin/told-audit" export --store demo/broker/told.db --tiles export
  "$bin/told-audit" prove 17 --store demo/broker/told.db --out message.tlog-proof
}

check_export() {
  local file size at
  accepts export
  accepts --policy policy export
  find export -type f >files
  [ "$(wc -l <files)" -ge 6 ] || fail "an export of fewer files than a log has"
  while read -r file; do
    size=$(stat -c %s "$file")
    [ "$file" != export/checkpoint ] || size=$(judged_size "$file")
    for at in $((size / 3)) $((size - 1)); do
      cp -r export tampered
      flip "tampered${file#export}" "$at"
      rejects --policy policy tampered
      rm -r tampered
    done
    cp -r export tampered
    rm "tampered${file#export}"
    rejects --policy policy tampered
    cp "$file" "tampered${file#export}"
    printf 'x' >>"tampered${file#export}"
    rejects --policy policy tampered
    rm -r tampered
  done <files
}

check_proofs() {
  local at size
  accepts --policy policy message.tlog-proof demo/*/receipts/*.tlog-proof
  size=$(judged_size message.tlog-proof)
  for ((at = 0; at < size; at += 89)); do
    cp message.tlog-proof tampered.tlog-proof
    flip tampered.tlog-proof "$at"
    rejects --policy policy tampered.tlog-proof
    if "$bin/told-audit" check-proof tampered.tlog-proof --policy policy >out 2>&1; then
      fail "told-audit believes a proof with byte $at changed"
    fi
  done
}

# Every event of the log in FHIR, by the published definitions; and an error in any of them is found.
check_fhir() {
  "$bin/told-audit" export --store demo/broker/told.db --fhir >events.ndjson
  [ "$(wc -l <events.ndjson)" -ge 10 ] || fail "fewer FHIR events than the demo delivers"
  python3 "$source/tests/independent/check_fhir.py" --planted events.ndjson >out 2>&1 || fail "FHIR: $(cat out)"
}

# Upstream's own log, key and witness: nobody here made them.
check_upstream() {
  local vectors=${TOLD_SHARED:-$source/../shared}/vectors/derived-proofs.json
  [ -f "$vectors" ] || { echo "no upstream vectors here" && return; }
  python3 - "$vectors" <<'END'
import json, sys
vectors = json.load(open(sys.argv[1], encoding="utf-8"))
with open("upstream.policy", "w", encoding="utf-8") as policy:
    policy.write("log example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\n"
                 "witness w " + vectors["cosigner_vkey"] + "\nquorum w\n")
for proof in vectors["tlog_proofs"]:
    open(f"upstream-{proof['index']}.tlog-proof", "w", encoding="utf-8").write(proof["file"])
END
  local proof
  accepts --policy upstream.policy upstream-*.tlog-proof
  for proof in upstream-*.tlog-proof; do
    "$bin/told-audit" check-proof "$proof" --policy upstream.policy >out 2>&1 || fail "$proof: $(cat out)"
    grep -v Wit1 "$proof" >alone.tlog-proof # without its cosignature
    rejects --policy upstream.policy alone.tlog-proof
  done
}

check_guide() {
  local path
  block signature >signature.sh
  block path >path.sh
  block copy >copy.sh
  sh signature.sh >out 2>&1 || fail "by hand, signature: $(cat out)"
  grep -q 'Signature Verified Successfully' out || fail "by hand, signature: $(cat out)"
  path=$(sh path.sh 2>&1) || fail "by hand, path: $path"
  [ "$(wc -l <<<"$path") $(uniq <<<"$path" | wc -l)" = "2 1" ] || fail "by hand, path: $path"
  sh copy.sh || fail "by hand, copy"
  flip export/checkpoint 14
  ! sh signature.sh >out 2>&1 || fail "by hand, a changed checkpoint has a good signature"
}

[ -x "$bin/told" ] || exit 77
make_log
check_export
check_proofs
check_fhir
check_upstream
check_guide
echo "the second verifier agrees"
