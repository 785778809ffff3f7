#!/usr/bin/env bash
# Fuzzes the reader of payloads by coverage, for as many seconds as the first argument says (60).
# Needs afl++ (Debian's package) and, once: dotnet tool install --global SharpFuzz.CommandLine
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
dotnet build -c Release --nologo -v q
cp -r bin/Release/net10.0 "$work/program"
dotnet "$work/program/MnistMlNet.Tests.Coverage.dll" seeds "$work/seeds"
sharpfuzz "$work/program/MnistMlNet.dll"
AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 \
  afl-fuzz -V "${1:-60}" -t 10000 -m none -i "$work/seeds" -o "$work/found" -- "$(command -v dotnet)" "$work/program/MnistMlNet.Tests.Coverage.dll" >"$work/log"
grep -E '^(run_time|execs_done|corpus_count|corpus_found|edges_found|saved_crashes|saved_hangs)' "$work/found/default/fuzzer_stats"
echo "What it found is in $work/found"
