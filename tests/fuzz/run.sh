#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs one fuzz target for some seconds on a corpus of its own samples: run.sh PROGRAM SECONDS. The seed of the run is
# printed. An input that breaks it is kept beside the program: PROGRAM FILE runs it again.
set -euo pipefail
program=$1 seconds=$2
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
"$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=32768 -print_final_stats=1 \
  -artifact_prefix="$program-" "$corpus" 2>&1 | grep -vE '^#[0-9]+.*(NEW|REDUCE|pulse|RELOAD)|^INFO: (Loaded|seed)|^(#####|")'
