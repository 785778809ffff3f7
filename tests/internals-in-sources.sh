#!/usr/bin/env bash
# Compares the table of docs/versions.md with ML.NET's own sources, and prints the table for the given tags.
#   tests/internals-in-sources.sh CLONE TAG…
# CLONE is a git clone of ML.NET's repository. A declaration is found if its file contains exactly this text, ignoring comments and white space.
set -euo pipefail
page=$(cd "$(dirname "$0")/.." && pwd)/docs/versions.md
[ $# -ge 2 ] || { sed -n '2,4s/^# \?//p' "$0"; exit 2; }
clone=$1; shift
missing=0
printf '| member | file under `src` | declaration |'; printf ' %s |' "$@"; echo
printf -- '|---|---|---|'; printf -- '---|%.0s' "$@"; echo
while IFS='|' read -r _ name file declaration _; do
  file=${file// /}
  printf '|%s| %s |%s|' "$name" "$file" "$declaration"
  expected=$(sed 's/^ *`//; s/` *$//' <<<"$declaration")
  for tag in "$@"; do
    if git -C "$clone" show "$tag:src/$file" | sed 's|^ *//.*||' | tr -s ' \t\r\n' ' ' | grep -qF -- "$expected"; then
      printf ' yes |'
    else
      printf ' NO |'; missing=$((missing + 1))
    fi
  done
  echo
done < <(grep -E '^\| `.*\.cs \|' "$page")
echo "$missing missing" >&2
[ "$missing" -eq 0 ]
