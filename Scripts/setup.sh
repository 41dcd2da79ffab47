#!/usr/bin/env bash
# Checks for what a build needs and installs Debian packages for what is missing, quietly and only then.
#
#   Scripts/setup.sh [product|test|bench|proto|all]...      (product when nothing is given; the others include it)
#
# What is there already is found by looking for the file it brings, so nothing is asked of the network, of dpkg or of
# any rights when nothing is missing, and systems other than Debian may provide the same files in their own way.
# Exit status: 0 everything is there, 1 something is missing and could not be installed.
set -euo pipefail
cd "$(dirname "$0")/.."

# Package, then a file or command that shows it is there (patterns allowed; commands start with a colon).
product=(
    "git :git"
    "ca-certificates /etc/ssl/certs/ca-certificates.crt"
    "binutils-gold :ld.gold"
    "libc6-dev /usr/include/stdio.h"
    "gcc /usr/lib/gcc/*/*/libgcc.a"
    "g++ /usr/include/c++/*/vector"
    "libsqlite3-dev /usr/include/sqlite3.h"
    "zlib1g-dev /usr/include/zlib.h"
)
# What the tests set beside the product: certificates, clocks, networks, an independent verifier, a browser that can
# write Chinese, a directory and its client library, what FoundationXML reads with.
test=(
    "openssl :openssl"
    "faketime /usr/lib/*/faketime/libfaketime.so.1"
    "iproute2 :ip /usr/sbin/ip /sbin/ip"
    "nftables :nft /usr/sbin/nft"
    "python3 :python3"
    "procps :pgrep"
    "util-linux :prlimit"
    "chromium :chromium :google-chrome"
    "chromium-driver :chromedriver"
    "slapd /usr/sbin/slapd"
    "ldap-utils :ldapadd"
    "libldap-2.5-0 /usr/lib/*/libldap-2.5.so.0 /usr/lib/*/libldap.so.2"
    "libxml2 /usr/lib/*/libxml2.so.2"
    "fonts-noto-cjk /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
)
# What benches are measured beside.
bench=(
    "libgmp-dev /usr/include/*gmp.h /usr/include/*/gmp.h"
    "python3-pandas /usr/lib/python3/dist-packages/pandas/__init__.py"
)
proto=("protobuf-compiler :protoc")
swift_needed="6.3"

main() {
    local wanted=("${product[@]}") tools=no list
    for list in "${@:-product}"; do
        case "$list" in
        product) ;;
        test) wanted+=("${test[@]}") tools=yes ;;
        bench) wanted+=("${bench[@]}") ;;
        proto) wanted+=("${proto[@]}") ;;
        all) wanted+=("${test[@]}" "${bench[@]}" "${proto[@]}") tools=yes ;;
        *) fail "unknown list '$list'; known are product, test, bench, proto, all" ;;
        esac
    done
    check_swift
    local missing
    mapfile -t missing < <(absent "${wanted[@]}")
    if [ "${#missing[@]}" -gt 0 ]; then
        install_packages "${missing[@]}"
        mapfile -t missing < <(absent "${wanted[@]}")
        if [ "${#missing[@]}" -gt 0 ]; then
            fail "${missing[*]}: installed, and yet what the build looks for is not there (see the list in $0)"
        fi
    fi
    if [ "$tools" = yes ]; then
        provide_promtool
        provide_moto
        provide_schemathesis
    fi
}

fail() {
    echo "set-up: $*" >&2
    exit 1
}

check_swift() {
    command -v swift >/dev/null ||
        fail "swift is not on the PATH; install the Swift $swift_needed toolchain (swift.org/install) and try again"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || fail "\`swift --version\` does not tell a version; is the toolchain complete?"
    if [ "$(printf '%s\n' "$swift_needed" "$version" | sort -V | head -n 1)" != "$swift_needed" ]; then
        fail "Swift $version is too old; Atoll needs $swift_needed or newer (swift.org/install)"
    fi
}

# The packages of those rows whose file or command is not there, one per line.
absent() {
    local row
    for row in "$@"; do
        present "${row#* }" || echo "${row%% *}"
    done
}

# Whether any of the given patterns is a file, or the command after a colon is known.
present() {
    local sign
    # Word splitting and globbing are meant here.
    for sign in $1; do
        case "$sign" in
        :*) command -v "${sign#:}" >/dev/null && return 0 ;;
        *) [ -e "$sign" ] && return 0 ;;
        esac
    done
    return 1
}

install_packages() {
    local command="apt-get install -y --no-install-recommends $*"
    command -v apt-get >/dev/null ||
        fail "missing: $*. This is no Debian system; install what these Debian packages hold and try again"
    as_root true 2>/dev/null || fail "missing: $*. You may not install packages here; run as root: $command"
    echo "set-up: installing $*"
    local log
    log=$(mktemp)
    # The lists may be absent (fresh images) or stale; they are fetched only when the first attempt shows it.
    if ! apt_install "$@" >"$log" 2>&1; then
        if ! { as_root apt-get update -qq && apt_install "$@"; } >>"$log" 2>&1; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            fail "missing: $*. The installation failed (see above); without a network, install them by hand: $command"
        fi
    fi
    rm -f "$log"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Only the checker is wanted. Installing the package `prometheus` would start a server on this machine, so the
# package is fetched and the one file taken out of it. Two tests ask promtool and are skipped without it.
provide_promtool() {
    local tools=.build-tools folder
    if command -v promtool >/dev/null || [ -x "$tools/usr/bin/promtool" ]; then return 0; fi
    command -v apt-get >/dev/null || { no_promtool; return 0; }
    echo "set-up: fetching promtool (Debian package prometheus)"
    folder=$(mktemp -d)
    mkdir -p "$tools"
    if { fetch_prometheus "$folder" || { as_root apt-get update -qq && fetch_prometheus "$folder"; }; } >/dev/null 2>&1
    then
        dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar -x -C "$tools" ./usr/bin/promtool
    else
        no_promtool
    fi
    rm -rf "$folder"
}

fetch_prometheus() {
    (cd "$1" && apt-get download -qq prometheus)
}

no_promtool() {
    echo "set-up: promtool is not here and could not be fetched; the tests that ask it will say they are skipped"
}

# An S3 server for the tests of the S3 adapter, in an environment of its own. They are skipped without it.
provide_moto() {
    local tools=.build-tools/moto
    if command -v moto_server >/dev/null || [ -x "$tools/bin/moto_server" ]; then return 0; fi
    echo "set-up: fetching moto (an S3 server for tests)"
    if ! { fetch_moto "$tools" || { rm -rf "$tools" && apt_install python3-venv && fetch_moto "$tools"; }; } >/dev/null 2>&1
    then
        rm -rf "$tools"
        echo "set-up: moto is not here and could not be fetched; the tests of the S3 adapter will say they are skipped"
    fi
}

fetch_moto() {
    python3 -m venv "$1" && "$1/bin/pip" install --quiet "moto[server,s3]>=5,<6"
}

# What makes requests out of the API's description, in an environment of its own. The test that runs it is skipped
# without it.
provide_schemathesis() {
    local tools=.build-tools/schemathesis
    if [ -x "$tools/bin/schemathesis" ]; then return 0; fi
    echo "set-up: fetching schemathesis (requests out of the API's description, for a test)"
    if ! { fetch_schemathesis "$tools" || {
        rm -rf "$tools" && apt_install python3-venv && fetch_schemathesis "$tools"
    }; } >/dev/null 2>&1; then
        rm -rf "$tools"
        echo "set-up: schemathesis is not here and could not be fetched; the test of the API's description will say so"
    fi
}

fetch_schemathesis() {
    python3 -m venv "$1" && "$1/bin/pip" install --quiet "schemathesis==4.32.5"
}

main "$@"
