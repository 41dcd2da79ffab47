#!/usr/bin/env bash
# Everything that can be said about the sources without running them. Every part runs; the end says which failed.
set -euo pipefail
cd "$(dirname "$0")/.."

read -r -a flags <<<"${ATOLL_DEBUG_FLAGS:--Xcc -O3}"
failed=()

main() {
    part "form of the Swift files" format_lint
    part "C warnings" c_lint
    part "shell scripts" shell_lint
    # Same flags and folder as `make test`, so the packages we depend on, whose warnings SwiftPM silences, are not
    # built again; our own targets are, since they are compiled with another flag.
    part "build with warnings as errors" swift build --build-tests "${flags[@]}" -Xswiftc -warnings-as-errors
    if [ "${#failed[@]}" -gt 0 ]; then
        echo "lint: failed: $(printf '%s; ' "${failed[@]}" | sed 's/; $//')" >&2
        exit 1
    fi
    echo "lint: nothing to blame"
}

part() {
    local name=$1
    shift
    echo "lint: $name"
    "$@" </dev/null || failed+=("$name")
}

format_lint() {
    Scripts/swift-files.sh | xargs -0 swift format lint --strict --parallel
}

c_lint() {
    local clang status=0 file
    clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
    while IFS= read -r -d '' file; do
        "$clang" -std=c17 -Wall -Wextra -Werror -fsyntax-only -I "$(dirname "$file" | cut -d/ -f1-2)/include" "$file" || status=1
    done < <(git ls-files -z --cached --others --exclude-standard -- 'Sources/*.c')
    return "$status"
}

shell_lint() {
    local files status=0 file
    mapfile -t files < <(git ls-files --cached --others --exclude-standard -- 'Scripts/*.sh' .ci/run)
    for file in "${files[@]}"; do
        bash -n "$file" || status=1
    done
    if command -v shellcheck >/dev/null; then shellcheck --external-sources "${files[@]}" || status=1; fi
    return "$status"
}

main
