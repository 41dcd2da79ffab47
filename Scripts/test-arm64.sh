#!/bin/sh
# Builds the C kernels for arm64 with Debian's cross compiler and runs them over the known answers under emulation.
# Covers the portable kernel and the model of the vector kernel; Swift on arm64 is not tested.
set -eu
cd "$(dirname "$0")/.."

if ! command -v aarch64-linux-gnu-gcc >/dev/null || ! command -v qemu-aarch64 >/dev/null; then
    echo "installing the arm64 cross compiler and emulator"
    sudo=""
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user >/dev/null
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# shellcheck disable=SC2046
aarch64-linux-gnu-gcc -std=gnu17 -O2 -Wall -Wextra -Wno-unknown-pragmas -Wno-psabi -ffp-contract=off -static \
    -ISources/CKernels/include -ITests/Arm64 \
    $(find Sources/CKernels -name '*.c') Tests/Arm64/*.c -o "$out/driver"
qemu-aarch64 "$out/driver" Tests/Vectors/arithmetic.json portable ifma-model
