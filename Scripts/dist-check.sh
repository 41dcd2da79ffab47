#!/usr/bin/env bash
# Does with a tarball what a newcomer does in the first five minutes, in an empty folder and with a bare environment.
#
#   Scripts/dist-check.sh dist/atoll-VERSION-linux-ARCH.tar.gz
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/..")
tarball=$(readlink -f "$1")

if [ "${ATOLL_DIST_CHECK:-}" != inside ]; then
    exec env -i PATH=/usr/bin:/bin HOME=/nonexistent LANG=C ATOLL_DIST_CHECK=inside "$0" "$tarball"
fi

# shellcheck source=Scripts/site.sh
source "$root/Scripts/site.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar -xzf "$tarball" -C "$folder"
cd "$folder"/atoll-*/

fail() {
    echo "dist: $*" >&2
    exit 1
}

for file in atoll README.md INSTALL Examples/first-steps.yaml; do
    [ -s "$file" ] || fail "$file is missing from the tarball"
done
if ldd ./atoll | grep 'not found'; then fail "the program needs libraries that are not here"; fi
if ldd ./atoll | grep -i 'swift\|Foundation'; then fail "the program needs Swift's libraries beside it"; fi
if readelf -S ./atoll | grep -q '\.symtab'; then fail "the program is not stripped"; fi

# The folder that is removed at the end is the one with everything in it.
./atoll version
start_site ./atoll "$folder"
./atoll apply -f Examples/first-steps.yaml
./atoll get tenants | grep -q retail-risk || fail "the applied tenant is not listed"
./atoll get projects --tenant retail-risk | grep -q merchants || fail "the applied project is not listed"
stop_sites || fail "the site did not stop with status 0"
echo "dist: the first five minutes hold"
