"""How often train.py should read each note of a set: always what a model gets wrong, more rarely what it has understood.

    python focus.py --model model.safetensors --views old.npz --floor 0.5

A note's error is the widest gap, over the categories, between its label and its highest token's probability, on the view as written.
An error of one half or more is read in every epoch, none at all in `--floor` of them. Written as `old.share.npy`, [notes] float32.
"""

import argparse
from pathlib import Path

import numpy as np

import classifier
import peaks
from classifier import Classifier
from sheet import Sheet

SURE = 0.5  # an error from which a note is read in every epoch


def errors(model: Classifier, sheet: Sheet) -> np.ndarray:
    """[notes] the error of each note, on its first view."""
    pool = np.flatnonzero(sheet.copy == 0)
    return peaks.of_notes(sheet.note[pool], peaks.read(model, sheet, pool)).gap().max(1)


def main() -> None:
    """Write the shares beside each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--views", type=Path, action="append", required=True)
    parser.add_argument("--floor", type=float, default=0.5, help="share of the epochs that read a note without error; 0.12 made 0.6.0 forget")
    args = parser.parse_args()
    model = classifier.load(args.model)
    for path in args.views:
        found = errors(model, Sheet(path))
        share = np.clip(found / SURE, args.floor, 1.0).astype(np.float32)
        np.save(path.with_suffix(".share.npy"), share)
        print(f"{path.name}: {len(found)} notes, {(found > SURE).mean():.1%} wrong, {share.mean():.1%} of them read in an epoch")


if __name__ == "__main__":
    main()
