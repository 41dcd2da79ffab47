#!/usr/bin/env bash
# Builds the nested package Fuzz and runs its programs, each for FUZZ_SECONDS (60).
#
#   Scripts/fuzz.sh [NAME]...       all when none is named
#
# What a run learns stays in .build-fuzz/corpus; inputs worth keeping for everybody belong in Fuzz/Corpus/NAME.
# An input that breaks a promise is written to .build-fuzz/findings and makes this end with status 1.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.build-fuzz
seconds=${FUZZ_SECONDS:-60}
build=(swift build --package-path Fuzz --scratch-path "$folder" -c release --sanitize fuzzer --sanitize address)

main() {
    local name failed=()
    "${build[@]}"
    bin=$("${build[@]}" --show-bin-path)
    if [ $# -eq 0 ]; then
        for name in Fuzz/Sources/Fuzz*/; do set -- "$@" "$(basename "$name")"; done
    fi
    for name in "$@"; do
        if [ ! -x "$bin/$name" ]; then
            echo "fuzz: there is no fuzz program '$name'; see Fuzz/Sources" >&2
            exit 1
        fi
        fuzz_one "$name" || failed+=("$name")
    done
    if [ "${#failed[@]}" -gt 0 ]; then
        echo "fuzz: broken: ${failed[*]}; inputs are in $folder/findings" >&2
        exit 1
    fi
    echo "fuzz: $# program(s), $seconds s each, nothing found"
}

fuzz_one() {
    local name=$1 corpus="$folder/corpus/$1" seeds="Fuzz/Corpus/$1" folders
    mkdir -p "$corpus" "$folder/findings"
    folders=("$corpus")
    if [ -d "$seeds" ]; then folders+=("$seeds"); fi
    echo "fuzz: $name for $seconds s"
    # A log per program; the screen gets the end of it, or more when something was found.
    if "$bin/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$folder/findings/$name-" "${folders[@]}" >"$folder/$name.log" 2>&1 </dev/null
    then
        grep -E 'stat::(number_of_executed_units|peak_rss_mb)' "$folder/$name.log" || true
    else
        tail -n 40 "$folder/$name.log" >&2
        return 1
    fi
}

main "$@"
