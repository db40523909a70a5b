#!/bin/sh
# The whole pipeline, resumable: environment, packages, convert, views, distil, teach, train, export, fuse.
# Finished steps are skipped; distillation and training go on from their checkpoints. A GPU is used where torch sees one.
# MINUTES sets the distillation time, TEACHERS and STUDENTS the seeds trained, EPOCHS the passes over the notes, NOTES the notes,
# COPIES the views of each, PLAIN the unlabelled lines, TEXT_DIR their folder, WORK the scratch folder, MODEL the result.
set -eu
cd "$(dirname "$0")"
WORK=${WORK:-../.work}
MODEL=${MODEL:-../vigie-fr-small}
TEXT_DIR=${TEXT_DIR:-../../../shared/data}
MINUTES=${MINUTES:-60}
TEACHERS=${TEACHERS:-1}
STUDENTS=${STUDENTS:-1 2}
EPOCHS=${EPOCHS:-3}
NOTES=${NOTES:-../data/train}
COPIES=${COPIES:-8}
PLAIN=${PLAIN:-40000}
VERSION=${VERSION:-0.11.0}
mkdir -p "$WORK" "$MODEL"
WORK=$(cd "$WORK" && pwd)
MODEL=$(cd "$MODEL" && pwd)
PYTHON=$WORK/venv/bin/python
export OMP_WAIT_POLICY=PASSIVE # two threads that wait politely: the machine is shared
export ONEDNN_PRIMITIVE_CACHE_CAPACITY=20000 # a kernel compiled for every shape of a batch, each once

if [ ! -x "$PYTHON" ]; then
    python3 -m venv "$WORK/venv"
fi
"$PYTHON" -c 'import torch, onnxruntime' 2>/dev/null || "$PYTHON" -m pip install --quiet -r requirements.txt
"$PYTHON" -m unittest discover --quiet -s tests -t .
"$PYTHON" packages.py --out "$WORK/packages"
(cd ../.. && cargo build --release) # the program tells what its rules see
if [ ! -f "$WORK/base/teacher.safetensors" ]; then
    "$PYTHON" convert.py --packages "$WORK/packages" --text-dir "$TEXT_DIR" --out "$WORK/base"
fi
[ -f "$WORK/views/train.npz" ] || "$PYTHON" views.py --base "$WORK/base" --notes "$NOTES" --copies "$COPIES" \
    --negatives 400 --text-dir "$TEXT_DIR" --out "$WORK/views/train.npz"
[ -f "$WORK/views/dev.npz" ] || "$PYTHON" views.py --base "$WORK/base" --notes ../data/dev --copies 1 --out "$WORK/views/dev.npz"
[ -f "$WORK/views/plain.npz" ] || "$PYTHON" views.py --base "$WORK/base" --unlabelled "$PLAIN" --packages "$WORK/packages" \
    --text-dir "$TEXT_DIR" --out "$WORK/views/plain.npz"
[ -f "$WORK/distilled/done" ] || "$PYTHON" distill.py --base "$WORK/base" --packages "$WORK/packages" --text-dir "$TEXT_DIR" \
    --out "$WORK/distilled" --minutes "$MINUTES" --resume
touch "$WORK/distilled/done"

# Teachers keep all twelve layers; what they think of every view is written once, for the students.
taught=
for seed in $TEACHERS; do
    [ -f "$WORK/teacher-$seed/model.safetensors" ] || "$PYTHON" train.py --encoder "$WORK/base/teacher.safetensors" \
        --views "$WORK/views/train.npz" --watch "$WORK/views/dev.npz" --epochs "$EPOCHS" --seed "$seed" \
        --out "$WORK/teacher-$seed" --resume
    taught="$taught --teacher $WORK/teacher-$seed/model.safetensors"
done
# shellcheck disable=SC2086
[ -f "$WORK/views/plain.soft.npz" ] || "$PYTHON" teach.py $taught --views "$WORK/views/train.npz" --views "$WORK/views/plain.npz"
models=
for seed in $STUDENTS; do
    [ -f "$WORK/student-$seed/model.safetensors" ] || "$PYTHON" train.py --encoder "$WORK/distilled/student.safetensors" \
        --views "$WORK/views/train.npz" --views "$WORK/views/plain.npz" --soft 0.6 --rate 3e-4 --watch "$WORK/views/dev.npz" \
        --epochs "$EPOCHS" --seed "$seed" --out "$WORK/student-$seed" --resume
    models="$models $WORK/student-$seed/model.safetensors"
done
# shellcheck disable=SC2086
"$PYTHON" soup.py $models --out "$WORK/trained/model.safetensors"
"$PYTHON" export.py --model "$WORK/trained/model.safetensors" --base "$WORK/base" --out "$MODEL"

# Fusion weighs the new model against the rules, so it is fitted with the program itself.
[ -f "$MODEL/fusion.toml" ] || cp fusion.start.toml "$MODEL/fusion.toml"
"$PYTHON" manifest.py "$MODEL" "$VERSION"
(cd ../.. && cargo run --release -- eval models/data/dev --model-dir "$(dirname "$MODEL")" --features "$WORK/dev.ndjson")
# Parts that are hard on purpose count twice: the plain fit is surer than test bears out (calibration, see README.md).
HARD="ancien-test aveugle chasse encore erreurs familles mises-a-part plus-loin plusieurs-faits suite traque"
"$PYTHON" fusion.py "$WORK/dev.ndjson" "$MODEL/fusion.toml" $(printf -- '--twice %s ' $HARD)
"$PYTHON" manifest.py "$MODEL" "$VERSION"
