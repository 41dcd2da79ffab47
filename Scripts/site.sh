# shellcheck shell=bash
# For scripts that need running sites: source this file, then start_site PROGRAM FOLDER [ARGUMENT...] once for each
# site, and stop_sites.
# The sites are stopped and their folders removed however the script ends, Ctrl-C included.

site_pids=()
site_folders=()

# start_site PROGRAM FOLDER [ARGUMENT...]: serves FOLDER/data, which is made, with the arguments, and waits until the
# site answers. ATOLL_DATA names it from then on. FOLDER is removed at the end; FOLDER/serve.log holds what it said.
start_site() {
    local program=$1 folder=$2 waited=0
    shift 2
    mkdir -p "$folder"
    site_folders+=("$folder")
    export ATOLL_DATA="$folder/data"
    trap leave_nothing EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "$program" serve --data "$ATOLL_DATA" "$@" >"$folder/serve.log" 2>&1 </dev/null &
    site_pids+=("$!")
    until "$program" get tenants >/dev/null 2>&1; do
        if ! kill -0 "${site_pids[-1]}" 2>/dev/null || [ "$waited" -ge 300 ]; then
            echo "The site did not come up. It said:" >&2
            tail -n 20 "$folder/serve.log" >&2
            exit 1
        fi
        sleep 0.1
        waited=$((waited + 1))
    done
}

# Asks every site to stop and waits. The status is 1 when one had to be killed after 10 s, else that of the last server
# that did not end with 0.
stop_sites() {
    local pid status=0
    local pids=("${site_pids[@]}")
    site_pids=()
    for pid in "${pids[@]}"; do stop_site "$pid" || status=$?; done
    return "$status"
}

stop_site() {
    local pid=$1 waited=0 status=0
    kill -TERM "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do
        if [ "$waited" -ge 100 ]; then
            kill -KILL "$pid" 2>/dev/null || true
            wait "$pid" 2>/dev/null || true
            echo "The site did not stop within 10 s and was killed." >&2
            return 1
        fi
        sleep 0.1
        waited=$((waited + 1))
    done
    wait "$pid" || status=$?
    return "$status"
}

leave_nothing() {
    trap '' INT TERM
    if [ "${#site_pids[@]}" -gt 0 ]; then stop_sites || true; fi
    if [ "${#site_folders[@]}" -gt 0 ]; then rm -rf "${site_folders[@]}"; fi
}
