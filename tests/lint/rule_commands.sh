#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Commands in documents can be typed: each `told NOUN VERB` and each of its options is in the command's own table.
# shellcheck source=tests/lint/lint.sh
. "$(dirname "$0")/lint.sh"

tables=$(echo agents/cli/commands*.c)
everywhere="--agent --as --wait --json --help"
# Of programs and modes that have no row of options in the table.
elsewhere="demo bench decide"

# shellcheck disable=SC2016 # awk's own words
# file:line:told ... for each command in a code block or between back ticks.
typed() {
  files -name '*.md' | seek -vE '^(tests|agents)/' | xargs awk '
    FNR == 1 { block = 0 }
    /^```/ { block = !block; next }
    block && /^(told|.*[|;&] *told) / { print FILENAME ":" FNR ":" $0; next }
    !block {
      rest = $0
      while (match(rest, /`told [^`]*`/)) {
        print FILENAME ":" FNR ":" substr(rest, RSTART + 1, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
      }
    }'
}

check() {
  typed | awk -v tables="$tables" -v everywhere="$everywhere" -v elsewhere="$elsewhere" '
    BEGIN {
      n = split(everywhere, words, " "); for (i = 1; i <= n; i++) options[words[i]] = 1
      n = split(elsewhere, words, " "); for (i = 1; i <= n; i++) foreign[words[i]] = 1
      n = split(tables, files, " ")
      for (i = 1; i <= n; i++) while ((getline line < files[i]) > 0) text = text " " line
      for (rest = text; match(rest, /[{][ \t]*"[a-z]+",[ \t]*("[a-z-]+"|NULL),[ \t]*("[^"]*"|NULL),/); rest = substr(rest, RSTART + 1)) {
        split(substr(rest, RSTART, RLENGTH), parts, ",")
        nouns[word(parts[1])] = 1
        if (parts[2] ~ /"/) verbs[word(parts[1]) " " word(parts[2])] = 1
        else alone[word(parts[1])] = 1
      }
      for (rest = text; match(rest, /[A-Z]+[(][ \t]*"[a-z-]+",/); rest = substr(rest, RSTART + RLENGTH))
        options["--" word(substr(rest, RSTART, RLENGTH))] = 1
    }
    function word(text) { sub(/^[^"]*"/, "", text); sub(/".*/, "", text); return text }
    {
      where = $0; sub(/:told .*|:[^:]*$/, "", where)
      line = $0; sub(/^[^:]*:[0-9]+:/, "", line); sub(/ +#.*/, "", line); sub(/.*[|;&] *told /, "told ", line)
      n = split(line, words, /[ ,;]+/)
      if (words[2] in foreign || words[2] ~ /^[A-Z-]/) next
      if (!(words[2] in nouns)) print where ": there is no command: " line
      else if (!(words[2] in alone) && words[3] != "" && !((words[2] " " words[3]) in verbs)) print where ": there is no command: " line
      for (i = 3; i <= n; i++)
        if (words[i] ~ /^--/ && !(words[i] in options)) print where ": no command has " words[i] ": " line
    }'
}
judge "commands in documents can be typed" check
