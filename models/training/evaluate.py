"""Measure an exported model folder: dev, the committed test part, and the sample notes."""

import argparse
import tomllib
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import calibrate
import export
import metrics
import notes
import predict
import texts


def read_calibration(path: Path) -> tuple[calibrate.Head, np.ndarray]:
    """The token head's calibration and thresholds [14]."""
    rows = [row["token"] for row in tomllib.loads(path.read_text("utf-8"))["category"]]
    head = calibrate.Head(*(np.array([row[key] for row in rows]) for key in ("temperature", "bias")))
    return head, np.array([row["threshold"] for row in rows])


def main() -> None:
    """One table a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="exported folder")
    parser.add_argument("--file", default="model.onnx")
    parser.add_argument("--data", type=Path, default=notes.FOLDER)
    parser.add_argument("--text-dir", type=Path, default=texts.TEXT_DIR)
    parser.add_argument("--sets", default="dev,test,sample")
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    run = predict.onnx_runner(args.model / args.file)
    limits = export.logit_limits(*read_calibration(args.model / "calibration.toml"))
    sources = {
        "dev": lambda: notes.read_folder(args.data / "dev"),
        "test": lambda: notes.read_folder(args.data / "test"),
        "sample": lambda: notes.read(args.text_dir / "sample_notes.txt"),
    }
    for name in args.sets.split(","):
        if chosen := sources[name]():
            print(f"\n{name}: {len(chosen)} notes")
            print(metrics.report(chosen, predict.predict(run, tokenizer, chosen), limits).table())


if __name__ == "__main__":
    main()
