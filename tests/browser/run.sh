#!/usr/bin/env bash
# Browser tests against the debug build: widget, pages, rich editors. Needs Node 20 or later, npm and Chromium.
# Where one is missing, says so and skips; with --required, fails.
set -euo pipefail
cd "$(dirname "$0")"

missing() {
    echo "!!! BROWSER TESTS SKIPPED: $1 is missing" >&2
    if [[ "$required" == yes ]]; then exit 1; fi
    exit 0
}

required=no
if [[ "${1:-}" == --required ]]; then required=yes; fi
export CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"
for tool in node npm "$CHROMIUM"; do
    command -v "$tool" >/dev/null || missing "$tool"
done
cargo build --locked --quiet
npm ci --no-audit --no-fund --ignore-scripts --loglevel error
node --test --test-concurrency=1 --test-reporter=spec ./*.test.js
