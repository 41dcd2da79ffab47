#!/usr/bin/env bash
# Packs the stripped program with its README, INSTALL and examples into one tarball and checks it in an empty folder.
#
#   Scripts/dist.sh [PROGRAM]       writes dist/atoll-VERSION-linux-ARCH.tar.gz and its SHA-256
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-.build-release/release/atoll}
version=$("$program" version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+[-+.0-9A-Za-z]*' | head -n 1)
if [ -z "$version" ]; then
    echo "dist: \`atoll version\` prints no version" >&2
    exit 1
fi
name="atoll-$version-linux-$(uname -m)"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

mkdir "$stage/$name"
cp -r README.md Examples "$stage/$name/"
cp Scripts/INSTALL.txt "$stage/$name/INSTALL"
strip -o "$stage/$name/atoll" "$(readlink -f "$program")"
chmod 755 "$stage/$name/atoll"

# Same input, same archive: order, owner and times are fixed.
mkdir -p dist
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" \
    -C "$stage" -cf - "$name" | gzip -9n >"dist/$name.tar.gz"
(cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")

Scripts/dist-check.sh "dist/$name.tar.gz"
echo "dist: dist/$name.tar.gz ($(du -h "dist/$name.tar.gz" | cut -f 1)), program $(du -h "$stage/$name/atoll" | cut -f 1)"
