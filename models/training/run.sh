#!/bin/sh
# The whole pipeline, resumable: environment, packages, convert, distil, train, export, fuse.
# Finished steps are skipped; distillation and training go on from their checkpoints.
# MINUTES sets the distillation time, TEXT_DIR the unlabelled text, WORK the scratch folder, MODEL the result.
set -eu
cd "$(dirname "$0")"
WORK=${WORK:-../.work}
MODEL=${MODEL:-../vigie-fr-small}
TEXT_DIR=${TEXT_DIR:-../../../shared/data}
MINUTES=${MINUTES:-50}
PYTHON=$WORK/venv/bin/python
export OMP_WAIT_POLICY=PASSIVE # two threads that wait politely: the machine is shared

if [ ! -x "$PYTHON" ]; then
    python3 -m venv "$WORK/venv"
fi
"$PYTHON" -c 'import torch, onnxruntime' 2>/dev/null || "$PYTHON" -m pip install --quiet -r requirements.txt
"$PYTHON" -m unittest discover --quiet -s tests -t .
"$PYTHON" packages.py --out "$WORK/packages"
if [ ! -f "$WORK/base/teacher.safetensors" ]; then
    "$PYTHON" convert.py --packages "$WORK/packages" --text-dir "$TEXT_DIR" --out "$WORK/base"
fi
"$PYTHON" distill.py --base "$WORK/base" --packages "$WORK/packages" --text-dir "$TEXT_DIR" \
    --out "$WORK/distilled-L4" --minutes "$MINUTES" --resume
"$PYTHON" train.py --base "$WORK/base" --encoder "$WORK/distilled-L4/student.safetensors" --text-dir "$TEXT_DIR" \
    --out "$WORK/trained" --resume
"$PYTHON" export.py --model "$WORK/trained/model.safetensors" --base "$WORK/base" --out "$MODEL"

# Fusion weighs the new model against the rules, so it is fitted with the program itself.
VERSION=${VERSION:-0.1.0}
[ -f "$MODEL/fusion.toml" ] || cp fusion.start.toml "$MODEL/fusion.toml"
"$PYTHON" manifest.py "$MODEL" "$VERSION"
(cd ../.. && cargo run --release -- eval models/data/dev --model-dir models --features models/.work/dev.ndjson)
"$PYTHON" fusion.py ../.work/dev.ndjson "$MODEL/fusion.toml"
"$PYTHON" manifest.py "$MODEL" "$VERSION"
