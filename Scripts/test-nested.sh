#!/usr/bin/env bash
# The longer half of `make test-all`: tests of the nested packages, the kernels on arm64, the sanitizers.
# Every part runs, also after a failed one; the list at the end says which failed.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=()

main() {
    part "benches' own tests" swift test --package-path Benchmarks --scratch-path .build-bench-tests
    part "address sanitizer" sanitize address
    part "thread sanitizer" sanitize thread
    part "undefined behaviour sanitizer" sanitize undefined
    if [ -x Scripts/test-arm64.sh ]; then part "arm64" Scripts/test-arm64.sh; fi
    echo
    if [ "${#failed[@]}" -gt 0 ]; then
        echo "Failed: $(printf '%s; ' "${failed[@]}" | sed 's/; $//')"
        exit 1
    fi
    echo "Nested packages, sanitizers and arm64: all passed."
}

part() {
    local name=$1
    shift
    echo
    echo "== $name =="
    "$@" </dev/null || failed+=("$name")
}

# Sanitized code needs a folder of its own per sanitizer, since all of it is built differently.
sanitize() {
    swift test --package-path Sanitize --scratch-path ".build-sanitize-$1" --sanitize "$1" -Xcc -O1
}

main
