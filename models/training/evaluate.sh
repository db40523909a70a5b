#!/bin/sh
# Tables on dev, test and the sample notes for the exported model. MODEL, WORK and TEXT_DIR as in run.sh.
set -eu
cd "$(dirname "$0")"
exec "${WORK:-../.work}/venv/bin/python" evaluate.py --model "${MODEL:-../vigie-fr-small}" \
    --text-dir "${TEXT_DIR:-../../../shared/data}" "$@"
