#!/usr/bin/env bash
# Generates Sources/Sites/Generated/*.swift again from Protos/*.proto. The first line of each file names its source and
# the source's SHA-256, which a test compares.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=.build-tools/proto
target=Sources/Sites/Generated
shopt -s nullglob
sources=(Protos/*.proto)

main() {
    if [ "${#sources[@]}" -eq 0 ]; then
        echo "proto: nothing to generate (there is no Protos/*.proto)"
        return 0
    fi
    Scripts/setup.sh proto
    local out swift_plugin
    swift_plugin=$(plugin protoc-gen-swift)
    out=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$out'" EXIT
    local common=Visibility=Internal,FileNaming=PathToUnderscores,UseAccessLevelOnImports=true
    protoc -I Protos --plugin="$swift_plugin" --swift_out="$out" --swift_opt="$common" "${sources[@]}"
    if grep -lq '^service ' "${sources[@]}"; then
        protoc -I Protos --plugin="$(plugin protoc-gen-grpc-swift-2)" --grpc-swift-2_out="$out" \
            --grpc-swift-2_opt="$common,Client=false,Server=false" "${sources[@]}"
    fi
    mkdir -p "$target"
    rm -f "$target"/*.pb.swift "$target"/*.grpc.swift
    local source base file
    for source in "${sources[@]}"; do
        base=$(basename "$source" .proto)
        for file in "$out/$base".*.swift; do
            {
                echo "// Generated from $source, SHA-256 $(sha256sum "$source" | cut -d ' ' -f 1)"
                cat "$file"
            } >"$target/$(basename "$file")"
        done
        echo "proto: $source"
    done
}

# The path of a generator of the packages we depend on, built when it is not there yet.
plugin() {
    if [ ! -x "$tools/release/$1" ]; then
        echo "proto: building $1 (about a minute)" >&2
        swift build -c release --scratch-path "$tools" --product "$1" >&2
    fi
    echo "$PWD/$tools/release/$1"
}

main
