#!/usr/bin/env bash
# Builds all tests and runs them, then repeats what failed and was skipped and ends with the closing line of the run.
# Exit status: 0 only when every test passed and the closing line was seen.
set -euo pipefail
cd "$(dirname "$0")/.."

read -r -a flags <<<"${ATOLL_DEBUG_FLAGS:--Xcc -O3}"
log=.build/test.log
summary=.build/test-summary.txt

main() {
    mkdir -p .build
    rm -f "$log" "$summary"
    echo "Building the tests: about 16 minutes cold on two cores, seconds when nothing changed."
    swift build --build-tests "${flags[@]}" </dev/null
    local status=0
    # One after the other: what watches clocks and links should not wait for a core behind seven hundred others.
    swift test --skip-build "${flags[@]}" --no-parallel </dev/null 2>&1 | tee "$log" || status=$?
    summarize >"$summary" || { [ "$status" -ne 0 ] || status=1; }
    echo
    cat "$summary"
    exit "$status"
}

# Swift Testing closes a run with "✔ Test run with 12 tests in 3 suites passed after 1.2 seconds." The log also has
# the closing lines of the empty XCTest run, which every package prints and which say nothing here.
summarize() {
    local closing
    closing=$(grep -E "Test run with [0-9]+ tests?" "$log" | tail -n 1) || true
    echo "== Summary =="
    grep -E '^. Test .* skipped' "$log" | sort -u || true
    grep -E '^. Test .* failed after|recorded an issue' "$log" | grep -v 'Test run with' | sort -u || true
    if [ -z "$closing" ]; then
        echo "The test run did not come to its end; the last lines above say why (log: $log)."
        return 1
    fi
    echo "$closing"
}

main
