#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# libtold as others meet it: installed into an empty prefix, found by pkg-config, each header able to stand alone, a
# program built against nothing else. Usage: consume.sh BUILD-FOLDER COMPILER
set -euo pipefail
build=$1
compiler=$2
source=$(cd "$(dirname "$0")" && pwd)
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

cmake --install "$build" --component libtold --prefix "$prefix" >/dev/null
pc=$(find "$prefix" -name libtold.pc)
sed -i "s|^prefix=.*|prefix=$prefix|" "$pc"
export PKG_CONFIG_PATH=${pc%/*}
read -ra flags < <(pkg-config --cflags libtold)
read -ra libs < <(pkg-config --libs libtold)

for header in "$prefix"/include/told/*.h; do
  echo "#include <told/$(basename "$header")>" |
    "$compiler" -std=c11 -Wall -Wextra -Werror -fsyntax-only "${flags[@]}" -x c -
done
"$compiler" -std=c11 -Wall -Wextra -Werror "${flags[@]}" "$source/consumer.c" -o "$prefix/consumer" "${libs[@]}"

libdir=$(pkg-config --variable=libdir libtold)
said=$(LD_LIBRARY_PATH=$libdir "$prefix/consumer")
[ "$said" = 'read: {"text":"a garden"}' ] || {
  echo "consumer said: $said"
  exit 1
}
leaked=$(nm --dynamic --defined-only "$libdir/libtold.so" | awk '$2 ~ /[TDBR]/ && $3 !~ /^told_/ { print $3 }')
[ -z "$leaked" ] || {
  echo "libtold shows what is not its own: $leaked"
  exit 1
}
echo "libtold installs, each header stands alone, and a program built on it seals, signs and reads"
