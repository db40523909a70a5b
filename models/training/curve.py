"""Quality against cost: a trained classifier cut to several sizes, each healed alike, measured, and drawn as `curve.svg`.

    python curve.py --start model.safetensors --views train.npz --watch voix-nouvelles.npz --watch encore.npz --minutes 5 --out ../.work/curve

Quality is the macro-F1 over the notes of all watched sets, by each note's highest token, at the one limit that lets 2 % of
their clean notes raise something. Cost is the median time of 80 tokens in ONNX Runtime, fp32, on one thread. Finished sizes are kept:
run it again after an interruption.
"""

import argparse
import dataclasses
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

import classifier
import graph
import hints
import peaks
from sheet import Sheet

# Layers kept of the shipped six, feed-forward units of each.
SIZES: list[tuple[list[int], list[int]]] = [
    ([0, 1, 2, 3, 4, 5], [640, 896, 1216, 1216, 1216, 384]),
    ([0, 1, 2, 3, 4, 5], [384, 576, 800, 800, 768, 256]),
    ([0, 1, 4, 5], [640, 896, 1216, 384]),
    ([0, 1, 5], [640, 896, 384]),
]
TOKENS, RUNS = 80, 60
ALARMS = 0.02


def quality(model: classifier.Classifier, sheets: list[Sheet]) -> dict[str, float]:
    """Macro-F1 and recall at the limit that lets `ALARMS` of the clean notes raise something."""
    read = [peaks.read(model, sheet, np.arange(len(sheet.lengths))) for sheet in sheets]
    seen = peaks.Peaks(*(np.concatenate([getattr(one, field.name) for one in read]) for field in dataclasses.fields(peaks.Peaks)))
    limit = np.quantile(np.where(seen.judged, seen.logit, -30)[seen.clean()].max(1), 1 - ALARMS)
    report = seen.report(limit)
    return {"macro": report.macro, "recall": float(report.right.sum() / seen.need.sum())}


def milliseconds(model: classifier.Classifier, path: Path) -> float:
    """Median time of one note of `TOKENS` tokens."""
    graph.write_float(model, path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(0).integers(10, 20_000, (1, TOKENS))
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "hints": np.zeros((1, TOKENS, hints.WIDTH), np.float32)}
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        session.run(None, feed)
        times.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return float(np.median(times))


def draw(points: list[dict]) -> str:
    """The points as SVG: time on one axis, macro-F1 on the other."""
    wide, high, left, low = 640, 360, 60, 48
    most = max(p["ms"] for p in points) * 1.15
    floor, top = (np.floor(min(p["macro"] for p in points) * 100 - 1) / 100, np.ceil(max(p["macro"] for p in points) * 100) / 100)

    def place(ms: float, macro: float) -> tuple[float, float]:
        return left + ms / most * (wide - left - 150), 20 + (top - macro) / (top - floor) * (high - low - 20)

    ordered = sorted(points, key=lambda p: p["ms"])
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(p["ms"], p["macro"]) for p in ordered))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        f'<path d="M{left} 20V{high - low}H{wide - 20}" fill="none" stroke="#888"/>',
        f'<polyline points="{line}" fill="none" stroke="#8ab" stroke-width="2"/>',
    ]
    for step in range(round((top - floor) * 100) + 1):
        x, y = place(0, floor + step / 100)
        out.append(f'<path d="M{left - 4} {y:.1f}h4" stroke="#888"/><text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{floor + step / 100:.2f}</text>')
    for ms in range(0, int(most) + 1, 2):
        x, y = place(ms, floor)
        out.append(f'<path d="M{x:.1f} {y:.1f}v4" stroke="#888"/><text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{ms}</text>')
    for p in ordered:
        x, y = place(p["ms"], p["macro"])
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#146"/><text x="{x + 8:.1f}" y="{y + 16:.1f}">{p["name"]}</text>')
    out.append(f'<text x="{(left + wide) / 2:.0f}" y="{high - 8}" text-anchor="middle">ms for {TOKENS} tokens, one thread, ONNX Runtime, fp32</text>')
    out.append(f'<text x="14" y="{high / 2:.0f}" text-anchor="middle" transform="rotate(-90 14 {high / 2:.0f})">macro-F1 at 2 % of clean notes</text>')
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    """Make, heal and measure every size, then print the table and draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="model.safetensors, trained")
    parser.add_argument("--views", type=Path, action="append", required=True, help="sets to heal on")
    parser.add_argument("--watch", type=Path, action="append", required=True, help="sets to score on")
    parser.add_argument("--minutes", type=float, default=5, help="healing time of each size")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    here = Path(__file__).parent
    sheets = [Sheet(path) for path in args.watch]
    points = []
    for n, (layers, inner) in enumerate(SIZES):
        folder = args.out / str(n)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "point.json").exists():
            cut = ["--start", args.start, "--layers", ",".join(map(str, layers)), "--inner", ",".join(map(str, inner))]
            subprocess.run([sys.executable, here / "prune.py", *cut, "--views", args.views[0], "--out", folder / "cut.safetensors"], check=True)
            heal = [part for path in args.views for part in ("--views", path)]
            heal += ["--minutes", str(args.minutes), "--epochs", "99", "--rate", "2e-4", "--positive", "1.2", "--ema", "0.998", "--batch", "48"]
            subprocess.run([sys.executable, here / "train.py", "--start", folder / "cut.safetensors", *heal, "--out", folder], check=True)
            model = classifier.load(folder / "model.safetensors")
            point = {"name": f"{len(layers)} layers, {sum(inner):,} units", "parameters": sum(p.numel() for p in model.parameters())}
            point |= quality(model, sheets) | {"ms": milliseconds(model, folder / "timed.onnx")}
            (folder / "point.json").write_text(json.dumps(point), "utf-8")
        points.append(json.loads((folder / "point.json").read_text("utf-8")))
    print("| size | parameters | macro-F1 | recall | ms |\n| --- | --- | --- | --- | --- |")
    for p in points:
        print(f"| {p['name']} | {p['parameters'] / 1e6:.1f} M | {p['macro']:.3f} | {p['recall']:.3f} | {p['ms']:.1f} |")
    (args.out / "curve.svg").write_text(draw(points), "utf-8")


if __name__ == "__main__":
    main()
