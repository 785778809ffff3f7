#!/usr/bin/env bash
# Kills a random rank of a training at a random time, and resumes from its checkpoint on another number of ranks. The result must have the
# same bytes as a training that was never killed, and all ranks must end within 10 seconds of the kill.
#
#   dotnet build -c Release samples/DistributedTraining
#   tests/mpi/kill-and-resume.sh openmpi|mpich TIMES [SEED]
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mpi=${1:?openmpi or mpich} times=${2:?number of kills}
RANDOM=${3:-1}
sample=$here/../../samples/DistributedTraining/bin/Release/net10.0/DistributedTraining.dll
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0

train() { # mode, ranks, further arguments
  local mode=$1 ranks=$2; shift 2
  local shards=(); [ "$mode" = ModelParallel ] || shards=(--shards 4)
  "$here/ranks.sh" "$mpi" "$ranks" dotnet "$sample" --mode "$mode" "${shards[@]}" --hidden-units 256 --rows 4000 --epochs 12 \
    --model "$work/model.zip" "$@"
}
hash_of() { grep -o 'SHA-256 of the parameters .*' "$1"; }

modes=(Averaging ModelParallel DataParallel)
for mode in "${modes[@]}"; do train "$mode" 2 >"$work/$mode" 2>&1 || { cat "$work/$mode"; exit 1; }; done
for ((n = 1; n <= times; n++)); do
  mode=${modes[n % 3]} checkpoint=$work/checkpoint-$n
  train "$mode" 2 --checkpoint "$checkpoint" >"$work/killed" 2>&1 & launcher=$!
  # Only the ranks, and only those of this run: the launcher has the same words in its command line.
  for _ in $(seq 100); do
    mapfile -t ranks < <(pgrep -f "^dotnet .*--checkpoint $checkpoint\$")
    [ ${#ranks[@]} -ge 2 ] && break; sleep 0.1
  done
  for _ in $(seq 200); do [ -f "$checkpoint" ] && break; sleep 0.05; done
  sleep "0.$((RANDOM % 10))"
  victim=$((RANDOM % 2))
  kill -9 "${ranks[victim]}" 2>/dev/null && killed=yes || killed=no   # "no" where the training has already ended
  start=$SECONDS; code=0
  timeout 30 tail --pid=$launcher -f /dev/null; wait $launcher || code=$?
  ended=$((SECONDS - start))
  left=$(pgrep -cf "^dotnet .*--checkpoint $checkpoint\$")
  again=$((n % 3 + 1))
  train "$mode" "$again" --checkpoint "$checkpoint" --resume >"$work/resumed" 2>&1
  if [ $killed = yes ] && [ $code -eq 0 ]; then verdict="the launcher's exit code is 0"
  elif [ $ended -gt 10 ] || [ "$left" -gt 0 ]; then verdict="$left ranks were left after $ended s"
  elif [ "$(hash_of "$work/resumed")" != "$(hash_of "$work/$mode")" ]; then verdict="other bytes: $(tail -3 "$work/resumed")"
  else verdict=ok; passed=$((passed + 1)); fi
  echo "$n: $mode, rank $victim killed ($killed), exit code $code after $ended s, resumed on $again ranks: $verdict"
done
echo "$passed of $times killed trainings ended and resumed to the same bytes ($mpi)"
[ $passed -eq "$times" ]
