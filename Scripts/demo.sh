#!/usr/bin/env bash
# The first look at Atoll: starts a site in a temporary folder, applies an example and shows it, starts a second site,
# joins the two by a code, looks at the route between them, stops both, then has a trial do all of that and a job between
# two sites by one command. Leaves nothing behind.
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

# A port that nobody uses at this moment.
free_port() {
    local port=9370
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/atoll-demo.XXXXXX")
trap 'rmdir "$folder" 2>/dev/null' EXIT
bank=$folder/bank/data partner=$folder/partner/data
address=127.0.0.1:$(free_port)
echo
echo "\$ atoll serve --data $bank --site-name Bank --federation-address $address &"
start_site "$atoll" "$folder/bank" --site-name Bank --federation-address "$address"
show atoll version
show atoll apply -f Examples/first-steps.yaml
show atoll get tenants
show atoll get projects --tenant retail-risk
show atoll history project merchants --tenant retail-risk

echo
echo "A second institution joins: one command at each side, no file copied."
echo
echo "\$ atoll serve --data $partner --site-name Partner &      # it only dials out; no port is open"
start_site "$atoll" "$folder/partner" --site-name Partner
echo
echo "\$ atoll peer invite --name partner --data $bank"
code=$("$atoll" peer invite --name partner --data "$bank" 2>/dev/null)
echo "$code"
show atoll peer accept "$code" --name bank --data "$partner"
show atoll route probe bank --data "$partner"
show atoll peer list --data "$bank"
show atoll ledger show --data "$bank"

echo
echo "\$ kill -TERM %1 %2        # both sites stop gracefully"
stop_sites

echo
echo "The same and more by one command: sites, joining, routes, a job that measures what jobs will run on, teardown."
show atoll trial run Examples/verify.yaml --data "$folder/trial"

echo
echo "And a model: a bank with 20,000 merchants and a payment partner with 30,000, some of them common. They align, train"
echo "boosted trees under encryption, score what no model had seen, and compare with one place."
report=${TMPDIR:-/tmp}/atoll-demo-report
show atoll trial run Examples/sme-demo.yaml --data "$folder/trial" --report "$report"
rm -rf "$folder"
echo
echo "The report stays: $report/report.html"
echo "Every frame of those jobs was checked against its plan and recorded in both ledgers before it left. The folder of the"
echo "demo is removed. Go on in a browser, by the link that this prints:"
echo "  $atoll serve --data ~/atoll --management-address 127.0.0.1:9371"
