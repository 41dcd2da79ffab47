#!/usr/bin/env bash
# Prints the Swift files written by hand (tracked or new), separated by NUL.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files -z --cached --others --exclude-standard -- '*.swift' |
    grep -zv -e '^Generated/' -e '/Generated/' |
    while IFS= read -r -d '' file; do
        # A file that is deleted and not yet committed is still listed.
        if [ -f "$file" ]; then printf '%s\0' "$file"; fi
    done
