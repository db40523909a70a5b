"""Notes whose labels models that have not read them do not share: what to read again.

    python train.py … --leave 0/3 --out W/0 ; python train.py … --leave 1/3 --out W/1 ; python train.py … --leave 2/3 --out W/2
    python doubts.py --model W/0/model.safetensors --model W/1/model.safetensors --model W/2/model.safetensors \
        --views W/train.npz --notes ../data/train --out doubts.tsv

The notes are those the set was made from, in the same order. Each is judged on its first view by the one model that left it out, by
the highest token of a category; `--held` says that none of the models has read them, and takes the mean of all. One line a doubt, the
surest first: how sure (0 to 1), the category, `missing` (found, not marked) or `extra` (marked, not found), file, line.
"""

import argparse
from pathlib import Path

import numpy as np

import categories
import classifier
import notes
import peaks
from classifier import Classifier
from peaks import Peaks
from sheet import Sheet


def unread(models: list[Classifier], sheet: Sheet, held: bool) -> tuple[np.ndarray, Peaks]:
    """(note of each example, what the models that have not read it say), over the notes as written."""
    written = np.flatnonzero(sheet.copy == 0)
    if held:
        every = [peaks.read(model, sheet, written) for model in models]
        return sheet.note[written], Peaks(np.mean([seen.logit for seen in every], 0), every[0].need, every[0].judged)
    parts = [written[sheet.note[written] % len(models) == part] for part in range(len(models))]
    every = [peaks.read(model, sheet, part) for model, part in zip(models, parts, strict=True)]
    order = np.argsort(np.concatenate(parts))
    logit, need, judged = (np.concatenate(column)[order] for column in zip(*((p.logit, p.need, p.judged) for p in every), strict=True))
    return sheet.note[written], Peaks(logit, need, judged)


def doubts(note: np.ndarray, seen: Peaks, least: float) -> list[tuple[float, int, int, bool]]:
    """(how sure, note, category, whether it is marked), the surest first; windows of one note are taken together."""
    whole = peaks.of_notes(note, seen)
    gap = whole.gap()
    rows, columns = np.nonzero(gap >= least)
    return sorted(((float(gap[n, c]), int(n), int(c), bool(whole.need[n, c])) for n, c in zip(rows, columns, strict=True)), reverse=True)


def main() -> None:
    """Write the doubts of one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, action="append", required=True, help="of train.py, in the order of --leave")
    parser.add_argument("--views", type=Path, required=True, help="a set of views.py")
    parser.add_argument("--notes", type=Path, required=True, help="the file or folder it was made from")
    parser.add_argument("--held", action="store_true", help="no model has read these notes")
    parser.add_argument("--least", type=float, default=0.9, help="how sure to be")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    files = sorted(args.notes.glob("*.txt")) if args.notes.is_dir() else [args.notes]
    places = [(file.stem, number) for file in files for number, _ in notes.lines(file)]
    found = doubts(*unread([classifier.load(path) for path in args.model], Sheet(args.views), args.held), args.least)
    rows = [
        f"{sure:.3f}\t{categories.CATEGORIES[c]}\t{'extra' if marked else 'missing'}\t{places[n][0]}\t{places[n][1]}\n"
        for sure, n, c, marked in found
        if n < len(places)  # unlabelled sentences come after the notes
    ]
    args.out.write_text("".join(rows), "utf-8")
    print(f"{len(places)} notes, {len(rows)} doubts")


if __name__ == "__main__":
    main()
