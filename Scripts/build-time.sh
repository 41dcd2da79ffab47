#!/usr/bin/env bash
# Says how long the release build may take, before it starts.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -x "${ATOLL_RELEASE_FOLDER:-.build-release}/release/atoll" ]; then
    echo "Building atoll (release): seconds when nothing changed, about a minute after an edit."
else
    echo "Building atoll (release) for the first time: about 10 minutes on two cores, less on more."
fi
