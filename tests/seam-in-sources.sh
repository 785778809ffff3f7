#!/usr/bin/env bash
# Compares the table of docs/versions.md with ML.NET's own sources, and prints it anew for the tags that are asked for.
#   tests/seam-in-sources.sh CLONE TAG…
# CLONE is a git clone of ML.NET's repository. A declaration is there if it stands in its file letter by letter, comments and white space aside.
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
  wanted=$(sed 's/^ *`//; s/` *$//' <<<"$declaration")
  for tag in "$@"; do
    if git -C "$clone" show "$tag:src/$file" | sed 's|^ *//.*||' | tr -s ' \t\r\n' ' ' | grep -qF -- "$wanted"; then
      printf ' yes |'
    else
      printf ' NO |'; missing=$((missing + 1))
    fi
  done
  echo
done < <(grep -E '^\| `.*\.cs \|' "$page")
echo "$missing missing" >&2
[ "$missing" -eq 0 ]
