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
    echo "Building the tests: 10 to 16 minutes cold on two cores, seconds when nothing changed."
    swift build --build-tests "${flags[@]}" </dev/null
    local status=0
    run_tests || status=$?
    summarize >"$summary" || { [ "$status" -ne 0 ] || status=1; }
    echo
    cat "$summary"
    exit "$status"
}

# One after the other: what watches clocks and links should not wait for a core behind seven hundred others. Line by line,
# so that a test that hangs is the last one seen. A run that says nothing for ten minutes is looked at and ended: a hang
# must say where it is, and must not take the whole of a pipeline's time.
run_tests() {
    local runner watcher status=0
    stdbuf -oL -eL swift test --skip-build "${flags[@]}" --no-parallel </dev/null > >(tee "$log") 2>&1 &
    runner=$!
    watch_for_silence "$runner" &
    watcher=$!
    wait "$runner" || status=$?
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    return "$status"
}

# Ends the process and its children when the log has not grown for a while; says first what their threads wait for.
watch_for_silence() {
    local before=-1 now still=0
    while kill -0 "$1" 2>/dev/null; do
        sleep 10
        now=$(stat -c %s "$log" 2>/dev/null || echo 0)
        if [ "$now" != "$before" ]; then still=0; else still=$((still + 10)); fi
        before=$now
        [ "$still" -lt "${ATOLL_TEST_SILENCE:-600}" ] && continue
        echo "The tests have said nothing for $still seconds; the last test above hangs. Threads:" | tee -a "$log"
        local process
        for process in $(descendants "$1"); do
            echo "-- process $process: $(tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null | cut -c1-120)"
            if command -v gdb >/dev/null; then
                timeout 60 gdb -p "$process" -batch -ex 'thread apply all backtrace 12' 2>/dev/null | grep -E '^(Thread|#)' || true
            fi
        done | tee -a "$log"
        # Children first: the runner would wait for them.
        kill -KILL $(descendants "$1" | tac) "$1" 2>/dev/null || true
        return
    done
}

descendants() {
    local child
    for child in $(pgrep -P "$1" || true); do
        echo "$child"
        descendants "$child"
    done
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
