#!/usr/bin/env bash
# Builds the nested package Benchmarks, puts its programs beside the product and runs them through `atoll bench`.
#
#   Scripts/bench.sh [NAME]...      all when none is named; BENCH_FLAGS is passed on ("--check --json")
set -euo pipefail
cd "$(dirname "$0")/.."

build=(swift build --package-path Benchmarks --scratch-path .build-bench -c release)
product=$(readlink -f "${ATOLL_RELEASE_FOLDER:-.build-release}/release")
read -r -a flags <<<"${BENCH_FLAGS:-}"

echo "Building the benches: some minutes the first time."
"${build[@]}"
bin=$("${build[@]}" --show-bin-path)
known=()
for program in "$bin"/atoll-bench-*; do
    # Beside the programs SwiftPM keeps folders and lists of the same beginning.
    if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
    ln -sfn "$program" "$product/$(basename "$program")"
    known+=("${program##*/atoll-bench-}")
done
if [ "${#known[@]}" -eq 0 ]; then
    echo "bench: no program atoll-bench-NAME came out of the package Benchmarks" >&2
    exit 1
fi
if [ $# -eq 0 ]; then set -- "${known[@]}"; fi
status=0
for name in "$@"; do
    "$product/atoll" bench "$name" "${flags[@]}" || status=$?
done
exit "$status"
