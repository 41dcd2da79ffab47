#!/usr/bin/env bash
# The first look at Atoll: starts a site in a temporary folder, applies an example, shows it, stops the site and
# leaves nothing behind.
#
#   Scripts/demo.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=Scripts/site.sh
source Scripts/site.sh

atoll=$(readlink -f "${1:-.build-release/release/atoll}")

# Prints a command as a person would type it, then runs it.
show() {
    echo
    echo "\$ $*"
    "$atoll" "${@:2}"
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/atoll-demo.XXXXXX")
echo
echo "\$ atoll serve --data $folder/data &"
start_site "$atoll" "$folder"
show atoll version
show atoll apply -f Examples/first-steps.yaml
show atoll get tenants
show atoll get projects --tenant retail-risk
show atoll describe project merchants --tenant retail-risk

echo
echo "\$ sed 's/Small-merchant credit/Credit for small merchants/' Examples/first-steps.yaml | atoll apply -f -"
sed 's/Small-merchant credit/Credit for small merchants/' Examples/first-steps.yaml | "$atoll" apply -f -
show atoll history project merchants --tenant retail-risk

echo
echo "\$ kill -TERM \$!        # the site stops gracefully"
stop_site
echo
echo "That was a site with its resource store, history and command line. The folder of the demo is removed."
echo "Go on with: $atoll serve --data ~/atoll"
