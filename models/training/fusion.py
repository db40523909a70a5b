"""Fits the weights of `src/fuse.rs` on the development notes and writes `fusion.toml`.

    vigie eval models/data/dev --features dev.ndjson
    python fusion.py dev.ndjson models/vigie-fr-small/fusion.toml --twice chasse --twice erreurs

Each line of the input is one fused finding before policy, with its evidence and whether it is right. The model is a
logistic regression on the kind of the strongest rule and on the logits of the scores, one bias a
category, shrunk towards the others' by an L2 penalty: the development part is small.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from categories import CATEGORIES

KINDS = ["strong", "context", "weak", None]
PROVEN = 0.95  # as in src/fuse.rs: a proven pattern keeps its own score


def logit(p: np.ndarray) -> np.ndarray:
    """Log odds, bounded as in src/fuse.rs."""
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def load(path: Path, twice: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Features [findings, 7 + 14] and labels [findings]; findings a fair reader may or may not report are left out.

    `twice`: files of notes, without `.txt`, whose findings count twice.
    """
    rows, labels = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        f = json.loads(line)
        if f["right"] is None or (f["pattern"] and f["rule_score"] >= PROVEN):
            continue
        kind = [float(f["rule"] == k) for k in KINDS]
        category = [float(f["category"] == c) for c in CATEGORIES]
        pattern = float(logit(f["rule_score"])) if f["pattern"] else 0.0
        times = 2 if Path(f["file"]).stem in twice else 1
        rows += [[*kind, pattern, float(logit(f["token"])), float(logit(f["note"])), *category]] * times
        labels += [float(f["right"])] * times
    return np.array(rows), np.array(labels)


def fit(x: np.ndarray, y: np.ndarray, penalty: np.ndarray, steps: int = 50) -> np.ndarray:
    """Newton's method on the penalised log-likelihood."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + penalty * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-8:
            break
    return w


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--twice", action="append", default=[], help="a file of notes, without .txt, whose findings count twice")
    args = parser.parse_args()
    x, y = load(args.source, args.twice)
    penalty = np.concatenate([np.full(7, 0.05), np.full(len(CATEGORIES), 2.0)])
    w = fit(x, y, penalty)
    names = ["strong", "context", "weak", "none", "pattern", "token", "note"]
    lines = [
        "# How fusion weighs the classifier against the rules (src/fuse.rs). Fitted by models/training/fusion.py on",
        f"# {len(y)} findings of the development notes, {int(y.sum())} of them right.",
        *(f"{n} = {v:.4f}" for n, v in zip(names, w)),
        "",
        "[bias]",
        *(f"{c} = {v:.4f}" for c, v in zip(CATEGORIES, w[len(names):])),
    ]
    args.target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    p = 1 / (1 + np.exp(-x @ w))
    print(f"{len(y)} findings, log loss {-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)):.4f} -> {args.target}")


if __name__ == "__main__":
    main()
