#!/usr/bin/env bash
# Runs the clients of LanguageTool and Presidio that nobody here wrote against target/debug/vigie (or $VIGIE_BIN).
# By hand, a client that is not installed is skipped, loudly; with --strict, as continuous integration runs it, that is a
# failure, and Debian's packages are installed first. Needs Python 3.10 or later, and npm.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
work=$root/target/clients
mkdir -p "$work"

if [ "${1:-}" = --strict ]; then
    shift
    export VIGIE_CLIENTS_STRICT=1
    if ! command -v soffice >/dev/null || ! /usr/bin/python3 -c 'import uno' 2>/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            libreoffice-writer-nogui python3-uno >/dev/null
    fi
fi

# Anew only when what is pinned has changed.
stamp=$(cat requirements.txt package-lock.json | sha256sum | cut -d' ' -f1)
if [ "$(cat "$work/stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$work/venv" "$work/node"
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
    if command -v npm >/dev/null; then
        mkdir -p "$work/node"
        cp package.json package-lock.json "$work/node/"
        npm ci --prefix "$work/node" --silent --no-audit --no-fund --ignore-scripts
    fi
    echo "$stamp" >"$work/stamp"
fi
export VIGIE_CLIENTS_NODE=$work/node/node_modules
export PYTHONDONTWRITEBYTECODE=1
# Clients must not look for anything outside.
export LITELLM_LOCAL_MODEL_COST_MAP=True

exec "$work/venv/bin/python" -m pytest -p no:cacheprovider -q -rs --show-capture=no "$@"
