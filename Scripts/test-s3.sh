#!/usr/bin/env bash
# Starts a small Ceph cluster with its S3 gateway on this machine, runs the conformance tests of the S3 adapter against
# it, and takes everything away again.
#
#   Scripts/test-s3.sh        (the tests must be built: `make test` does it)
#
# One monitor and one OSD on a file. There is no manager: it keeps statistics, takes the most memory, and S3 does not ask
# for it. Exit status: that of the tests, or 1 when they could not start.
set -euo pipefail
cd "$(dirname "$0")/.."

read -r -a flags <<<"${ATOLL_DEBUG_FLAGS:--Xcc -O3}"
# Seconds for everything up to a gateway that answers and knows a user.
patience=180
packages=(ceph-mon ceph-osd radosgw)
commands=(ceph ceph-mon ceph-osd radosgw radosgw-admin)

folder=""
started=()
as_ceph=()

main() {
    [ -e .build/debug/atollPackageTests.xctest ] ||
        fail "the tests are not built; run \`make test\`, or: swift build --build-tests ${flags[*]}"
    install_missing
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    folder=$(mktemp -d)
    SECONDS=0
    configure
    start_cluster
    start_gateway
    echo "Ceph's gateway answers on $endpoint after $SECONDS s; its ${#started[@]} processes hold $(memory) MB."
    run_tests
}

fail() {
    echo "test-s3: $*" >&2
    exit 1
}

install_missing() {
    local missing=() command log
    for command in "${commands[@]}"; do
        command -v "$command" >/dev/null || missing+=("$command")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    local by_hand="apt-get install -y --no-install-recommends ${packages[*]}"
    command -v apt-get >/dev/null ||
        fail "missing: ${missing[*]}. This is no Debian system; install Ceph's programs and try again"
    as_root true 2>/dev/null ||
        fail "missing: ${missing[*]}. You may not install packages here; run as root: $by_hand"
    echo "installing ${packages[*]}"
    log=$(mktemp)
    if ! apt_install >"$log" 2>&1 && ! { as_root apt-get update -qq && apt_install; } >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "Ceph could not be installed (see above); without a network, install it by hand: $by_hand"
    fi
    rm -f "$log"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# One file for all of Ceph. Its inner parts are reached from this machine only and ask each other for no keys; the
# gateway does ask its callers.
configure() {
    local ports
    mapfile -t ports < <(free_ports 2)
    endpoint=http://127.0.0.1:${ports[1]}
    mkdir "$folder/mon" "$folder/osd" "$folder/gateway"
    export CEPH_CONF="$folder/ceph.conf"
    cat >"$CEPH_CONF" <<END
[global]
fsid = $(new_uuid)
mon initial members = a
mon host = [v2:127.0.0.1:${ports[0]}/0]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
run dir = $folder
admin socket = ""
pid file = ""
log file = $folder/\$name.log
mon data = $folder/mon
mon data avail crit = 1
mon allow pool size one = true
osd data = $folder/osd
osd objectstore = bluestore
bluestore block size = 4294967296
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
rgw data = $folder/gateway
rgw frontends = beast endpoint=127.0.0.1:${ports[1]}
[osd]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
END
    # Ceph needs no rights: started by root, it gives them up.
    if [ "$(id -u)" = 0 ]; then
        as_ceph=(setpriv --reuid ceph --regid ceph --clear-groups)
        chown -R ceph: "$folder"
    fi
}

free_ports() {
    python3 - "$1" <<'END'
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(one.getsockname()[1] for one in held), sep="\n")
END
}

new_uuid() {
    cat /proc/sys/kernel/random/uuid
}

start_cluster() {
    local disk
    disk=$(new_uuid)
    step ceph-mon --mkfs --id a
    start ceph-mon --id a -f
    step ceph osd new "$disk"
    step ceph-osd --mkfs --id 0 --osd-uuid "$disk"
    start ceph-osd --id 0 -f
}

start_gateway() {
    start radosgw --name client.gateway -f
    until answers; do
        [ "$SECONDS" -lt "$patience" ] || give_up "the gateway does not answer after $patience s"
        all_alive
        sleep 0.3
    done
    access=$(random_word 10)
    secret=$(random_word 20)
    step radosgw-admin user create --uid atoll --display-name atoll --access-key "$access" --secret "$secret"
}

# A process that stays, in a session of its own.
start() {
    setsid "${as_ceph[@]}" "$@" </dev/null >>"$folder/$1.out" 2>&1 &
    started+=($!)
}

# A command that ends within the time left.
step() {
    timeout "$((patience > SECONDS ? patience - SECONDS : 1))" "${as_ceph[@]}" "$@" </dev/null >>"$folder/step.out" 2>&1 ||
        give_up "failed or hung: $1 $2"
}

answers() {
    local line
    # shellcheck disable=SC2016
    line=$(timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "GET / HTTP/1.0\r\n\r\n" >&3 && head -n 1 <&3' \
        "${endpoint##*:}" 2>/dev/null) && [[ $line == *" 200 "* ]]
}

all_alive() {
    local process
    for process in "${started[@]}"; do
        kill -0 "$process" 2>/dev/null || give_up "a process of Ceph ended by itself"
    done
}

give_up() {
    local log
    for log in "$folder"/*.out "$folder"/*.log; do
        [ -s "$log" ] || continue
        echo "-- ${log##*/}"
        tail -n 20 "$log" | cut -c1-300
    done >&2
    fail "$* (the ends of the logs are above)"
}

random_word() {
    od -An -v -N "$1" -tx1 /dev/urandom | tr -d ' \n'
}

memory() {
    local process sum=0
    for process in "${started[@]}"; do
        sum=$((sum + $(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$process/status")))
    done
    echo $((sum / 1024))
}

run_tests() {
    local runner status=0
    ATOLL_TEST_S3=$endpoint ATOLL_TEST_S3_KEYS=$access:$secret setsid swift test --skip-build "${flags[@]}" \
        --no-parallel --filter S3ConformanceTests </dev/null &
    runner=$!
    started+=("$runner")
    wait "$runner" || status=$?
    # Tests of an older build would have passed on something else, or been skipped.
    if [ "$status" = 0 ]; then
        "${as_ceph[@]}" timeout 60 radosgw-admin bucket stats --bucket atoll-test >/dev/null 2>&1 ||
            fail "the tests passed without this gateway; is their build an old one?"
    fi
    return "$status"
}

clean_up() {
    local process
    # The shell would tell of each process that it was killed.
    exec 2>/dev/null
    for process in "${started[@]}"; do
        # With whatever it started: the runner of the tests gives its children groups of their own.
        pkill -KILL --session "$process" || kill -KILL "$process" || true
    done
    wait
    rm -rf "$folder"
}

main
