#!/bin/sh
# Runs every C kernel of this machine over the known answers with the address and undefined-behaviour sanitizers.
set -eu
cd "$(dirname "$0")/.."

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# shellcheck disable=SC2046
"${CC:-clang}" -std=c17 -O1 -g -Wall -Wextra -ffp-contract=off -fno-omit-frame-pointer \
    -fsanitize=address,undefined -fno-sanitize-recover=all \
    -ISources/CKernels/include -ITests/Arm64 \
    $(find Sources/CKernels -name '*.c') Tests/Arm64/*.c -o "$out/driver"
"$out/driver" Tests/Vectors/arithmetic.json
