"""Export the trained model: model.onnx, model.int8.onnx, tokenizer.json, calibration.toml, each checked on dev."""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import calibrate
import classifier
import data
import graph
import metrics
import notes
import packages
import predict
from smooth import watched

FILES = ("model.onnx", "model.int8.onnx", "tokenizer.json", "calibration.toml")
LARGEST_LOSS = 0.005  # macro F1 an export may lose
WATCHED = 20  # one development note in so many shows int8 how far activations go


def logit_limits(head: calibrate.Head, limits: np.ndarray) -> np.ndarray:
    """The logits at which the probability reaches the thresholds: [14]."""
    return (np.log(limits / (1 - limits)) - head.bias) * head.temperature


def main() -> None:
    """Write and check every file of the model folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model.safetensors of train.py")
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--data", type=Path, default=notes.FOLDER)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    dev = notes.read_folder(args.data / "dev")
    tokenizer = Tokenizer.from_file(str(args.base / "tokenizer.json"))
    model = classifier.load(args.model)

    with watched(model) as ranges:  # one at a time: padding would widen them
        predict.predict(predict.torch_runner(model), tokenizer, dev[::WATCHED], batch=1)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        graph.write_float(model, plain)
        graph.store_as_half(plain, args.out / "model.onnx")
        graph.write_int8(plain, args.out / "model.int8.onnx", ranges)
    description = json.loads((args.base / "tokenizer.json").read_text("utf-8"))
    (args.out / "tokenizer.json").write_text(json.dumps(description, ensure_ascii=False, separators=(",", ":")), "utf-8")

    reference = predict.predict(predict.torch_runner(model), tokenizer, dev)
    peaks, whole = calibrate.peaks(reference), calibrate.note_logits(reference)
    token, note = calibrate.fit(peaks, dev), calibrate.fit(whole, dev)
    token_limits = calibrate.thresholds(token.probability(peaks), dev)
    note_limits = calibrate.thresholds(note.probability(whole), dev)
    text = calibrate.render(token, note, token_limits, note_limits, data.WINDOW)
    (args.out / "calibration.toml").write_text(text, "utf-8")

    limits = logit_limits(token, token_limits)
    expected = metrics.report(dev, reference, limits)
    print(f"{'torch':16} {expected.line()}")
    poor = []
    for name in ("model.onnx", "model.int8.onnx"):
        # One at a time, as in the program: int8 takes one scale for all that is read together.
        found = predict.predict(predict.onnx_runner(args.out / name), tokenizer, dev, batch=1)
        gap = max(
            float(np.abs(calibrate.sigmoid(a) - calibrate.sigmoid(b)).max())
            for x, y in zip(found, reference, strict=True)
            for a, b in ((x.token, y.token), (x.note, y.note))
        )
        result = metrics.report(dev, found, limits)
        print(f"{name:16} {result.line()}  largest probability gap {gap:.4f}")
        if result.macro < expected.macro - LARGEST_LOSS:
            poor.append(name)
    for path in sorted(args.out / name for name in FILES):
        print(packages.sha256(path), path.stat().st_size, path.name)
    if poor:
        raise SystemExit(f"{', '.join(poor)}: macro F1 fell by more than {LARGEST_LOSS}")


if __name__ == "__main__":
    main()
