#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The checker of exported FHIR AuditEvents against HL7's own examples: it takes each of them, takes no resource of another
# kind, and finds every error that is planted in one. 77: the examples are not here.
set -euo pipefail

source=${TOLD_SOURCE:?}
checker=$source/tests/independent/check_fhir.py
examples=${TOLD_SHARED:-$source/../shared}/real/fhir-r4
[ -d "$examples" ] || { echo "no FHIR examples here" && exit 77; }

python3 "$checker" --planted "$examples"/AuditEvent-*.json
for other in "$examples"/{Task,Flag,Goal}-example*.json; do
  if python3 "$checker" "$other" >/dev/null; then
    echo "FAILED: taken for an AuditEvent: $other" >&2
    exit 1
  fi
done
