# shellcheck shell=bash
# For scripts that need a running site: source this file, then start_site PROGRAM FOLDER … stop_site.
# The site is stopped and the folder removed however the script ends, Ctrl-C included.

site_pid=
site_folder=

# start_site PROGRAM FOLDER: serves FOLDER/data, which is made, and waits until the site answers. FOLDER is removed at
# the end; FOLDER/serve.log holds what the server said.
start_site() {
    local program=$1 waited=0
    site_folder=$2
    export ATOLL_DATA="$site_folder/data"
    trap leave_nothing EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "$program" serve --data "$ATOLL_DATA" >"$site_folder/serve.log" 2>&1 </dev/null &
    site_pid=$!
    until "$program" get tenants >/dev/null 2>&1; do
        if ! kill -0 "$site_pid" 2>/dev/null || [ "$waited" -ge 300 ]; then
            echo "The site did not come up. It said:" >&2
            tail -n 20 "$site_folder/serve.log" >&2
            exit 1
        fi
        sleep 0.1
        waited=$((waited + 1))
    done
}

# Asks the site to stop and waits for it. The status is the server's; 1 when it had to be killed after 10 s.
stop_site() {
    local pid=$site_pid waited=0 status=0
    site_pid=
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
    if [ -n "$site_pid" ]; then stop_site || true; fi
    if [ -n "$site_folder" ]; then rm -rf "$site_folder"; fi
}
