#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The rules' own test: a rule that cannot fail is none. On a small tree every rule is kept; then one breach at a time is
# planted, and the rule that it breaks must name the file.
# shellcheck disable=SC2016 # what is planted is not for this shell
set -euo pipefail
lint=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
mkdir "$tree"
export TOLD_SOURCE=$tree
licence='SPDX-License-Identifier: Apache-2.0'
wrong=0

put() { # FILE TEXT: a file of the tree, C with its opening lines
  mkdir -p "$tree/$(dirname "$1")"
  case $1 in
  *.[ch]) printf '/* %s */\n/* A planted file. */\n%b' "$licence" "$2" ;;
  *.proto) printf '// %s\n%b' "$licence" "$2" ;;
  *.sh) printf '#!/bin/bash\n# %s\n%b' "$licence" "$2" ;;
  CMakeLists.txt | */CMakeLists.txt) printf '# %s\n%b' "$licence" "$2" ;;
  *) printf '%b' "$2" ;;
  esac >"$tree/$1"
}

# A tree in which every rule is kept.
small_tree() {
  cp "$lint/../../.clang-format" "$tree/"
  put CMakeLists.txt 'project(small)\n'
  put proto/CMakeLists.txt 'told_room(told_bytes bytes)\ntold_room(told_proto . told_bytes)\n'
  put broker/CMakeLists.txt 'told_room(told_base base told_bytes)\ntold_room(told_wire wire told_base)\ntold_room(told_agree agree told_proto)\ntold_room(told_decide decide told_agree)\ntold_room(told_record record told_decide)\n'
  put include/told/status.h '#ifndef TOLD_STATUS_H\n#define TOLD_STATUS_H\n\n#define TOLD_STATUSES(X) \\\n\tX(OK, OK, "done") \\\n\tX(E_LIMIT, PEER, "it is larger or longer than the limit that this sentence makes long enough to allow")\n\n#endif\n'
  put include/told/limits.h '#ifndef TOLD_LIMITS_H\n#define TOLD_LIMITS_H\n\n#define TOLD_PATH_MAX 8u /* a reason */\n\n#endif\n'
  put broker/wire/wire.c '#include <zmq.h>\n'
  put broker/record/record.h '#ifndef TOLD_RECORD_H\n#define TOLD_RECORD_H\n#endif\n'
  put broker/decide/decide.c '#include <string.h>\n\nint told_sum(int a, int b)\n{\n\treturn a + b; /* not malloc(3) */\n}\n'
  put script/do.sh 'set -euo pipefail\necho ready\n'
  put proto/header.proto 'message Header {\n  uint32 version = 1;\n}\n'
  put proto/body.proto 'message Body {\n  bytes salt = 1;\n}\n'
  put proto/session.proto 'message Hello {\n  bytes epoch = 1;\n}\nmessage Answer {\n  bytes note = 1;\n}\n'
  put agents/cli/commands.c '/* clang-format off */\nstatic const struct told_command commands[] = {\n\t{"card", "new", NULL, "Make a card"},\n};\n'
  put docs/threat-model.md '| `Header.version` | x |\n| `Body.salt`, `Hello.epoch` | x |\n'
  if command -v clang-format >/dev/null; then clang-format -i "$tree/include/told/status.h"; fi
}

run() { # RULE: its exit status and what it said
  said=$("$lint/rule_$1.sh" 2>&1) && code=0 || code=$?
}

breaks() { # RULE FILE TEXT [NAMED]: the planted file breaks the rule, and the rule names it, or what NAMED says
  rm -rf "$tree"
  cp -r "$scratch/kept" "$tree"
  put "$2" "$3"
  run "$1"
  [ "$code" -ne 77 ] || return 0
  if [ "$code" -eq 0 ] || [[ $said != *"${4:-$2}"* ]]; then
    printf 'rule_%s let this pass in %s:\n%b\n%s\n\n' "$1" "$2" "$3" "$said"
    wrong=$((wrong + 1))
  fi
}

small_tree
cp -r "$tree" "$scratch/kept"
for rule in "$lint"/rule_*.sh; do
  name=$(basename "$rule" .sh)
  run "${name#rule_}"
  case $code in
  0 | 77) ;;
  *) printf '%s finds fault with a tree that has none:\n%s\n\n' "$name" "$said" && wrong=$((wrong + 1)) ;;
  esac
done

breaks doors broker/agree/a.c '#include <zmq.h>\n'
breaks doors broker/wire/a.c '#  include <sqlite3.h>\n'
breaks doors proto/leaf.c '#include "leaf.pb-c.h"\n'
breaks doors broker/decide/a.c '#include <openssl/evp.h>\n'
breaks rooms broker/wire/a.c '#include "broker/record/record.h"\n'
breaks rooms broker/decide/a.c '#include "agents/keys/keys.h"\n'
breaks rooms include/told/a.h '#ifndef TOLD_A_H\n#define TOLD_A_H\n#include "broker/record/record.h"\n#endif\n'
breaks rooms evidence/CMakeLists.txt 'told_room(told_evidence . told_proto)\n' told_evidence
breaks rooms agents/CMakeLists.txt 'told_room(told_agent agent told_record)\n' told_agent
breaks rooms agents/CMakeLists.txt 'told_room(told_shed shed)\n' told_shed
breaks decide broker/decide/a.c 'void f(void)\n{\n\tvoid *p = malloc(1);\n}\n'
breaks decide broker/decide/a.c 'void f(void)\n{\n\tg(time (NULL));\n}\n'
breaks decide broker/decide/a.c '#include <stdio.h>\n'
breaks calls broker/agree/a.c 'void f(char *a)\n{\n\tstrcpy(a, "x");\n}\n'
breaks calls tests/x/test_a.c 'void f(void)\n{\n\tusleep(1000);\n}\n'
breaks calls agents/a.c 'void f(void)\n{\n\tsystem("ls");\n}\n'
breaks calls broker/record/a.c 'void f(void)\n{\n\tsrand(1);\n}\n'
breaks opening script/b '#!/bin/bash\nset -euo pipefail\n'
breaks sizes broker/base/a.c "$(printf '/* x */\\n%.0s' {1..500})"
breaks sizes broker/base/a.c "int f(void)\n{\n$(printf '\\tg();\\n%.0s' {1..60})}\n"
breaks guards broker/base/a.h 'int x;\n'
breaks guards broker/wire/record.h '#ifndef TOLD_RECORD_H\n#define TOLD_RECORD_H\n#endif\n'
breaks words broker/base/a.c '/* TO'"DO: later */\n"
breaks words docs/a.md 'see /ho'"me/somebody/x\n"
breaks words broker/base/a.c 'int x; \n'
breaks words broker/base/a.c 'char *p = "/t'"mp/x\";\n"
breaks texts include/told/status.h '\tX(E_STALE, PEER, "it is past its expiry.")\n'
breaks limits include/told/limits.h '#define TOLD_MUCH 7u\n'
breaks format broker/base/a.c 'int  f( void ) { return 0; }\n'
breaks scripts script/c.sh 'echo $1\n'
breaks commands docs/a.md 'type `told card burn CLIENT`\n'
breaks commands docs/a.md '```sh\ntold card new --loud\n```\n'
breaks links docs/a.md '[there](nowhere.md)\n'
breaks hazards docs/safety/hazard-log.md '## H1 x\n- **Cause.** x\n- **Effect.** x\n- **Control.** x\n- **Test.** `test_nobody`\n'
breaks hazards docs/safety/hazard-log.md '## H1 x\n- **Cause.** x\n- **Effect.** x\n- **Control.** x\n'
breaks hazards docs/safety/state-tables.md '## A x\n- **States.** x\n- **Events.** x\n- **Test.** `lint_hazards`\n'
breaks readable docs/threat-model.md '| `Header.version` | x |\n'
breaks readable docs/threat-model.md '| `Header.version`, `Body.salt`, `Hello.epoch`, `Header.soul` | x |\n'

[ "$wrong" -eq 0 ] || exit 1
echo "every rule is kept by a small tree and broken by what was planted in it"
