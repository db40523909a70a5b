"""Prepare what training reads: notes as written and as hands would mistype them, tokenised, with the rules' flags.

One .npz a set. Tokens of all examples stand one after the other; labels and flags are lists of places in them:

    ids [tokens] uint16            lengths [examples] int32
    label_at, label_is             token index and category of every positive token
    flag_at, flag_is               token index and column of every flag of hints.py
    free [tokens] bool             tokens out of the loss: <s>, </s>
    required, accepted [examples]  bit n is category n; accepted ones are out of the loss
    copy [examples] int16          which pass over the notes the example belongs to; -1: unlabelled text
    note [examples] int32          which note of the pool it is a view of; -1: unlabelled text
"""

import argparse
import random
from array import array
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import augment
import categories
import data
import hints
import negatives
import notes
import texts
from notes import Note

UNLABELLED = -1
# Columns and their types, as `array` names them: millions of tokens do not fit in lists of Python's integers.
COLUMNS = {"ids": "H", "free": "b", "lengths": "i", "label_at": "q", "label_is": "B", "flag_at": "q", "flag_is": "B"}
COLUMNS |= {"required": "H", "accepted": "H", "copy": "h", "note": "i"}


def noisy_pass(pool: list[Note], chance: random.Random, clean: float, joined: float) -> list[Note]:
    """One fresh view of every note: as written save for its names, or noisy; some joined with others."""
    views = []
    for note in pool:
        view = augment.renamed(note, chance) if chance.random() < clean else augment.noisy(note, chance)
        if chance.random() < joined:
            others = [augment.noisy(chance.choice(pool), chance) for _ in range(chance.randint(1, 3))]
            view = augment.join([view, *others], chance)
        views.append(view)
    return views


class Sheet:
    """Collects examples."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer, self.at = tokenizer, 0
        self.columns = {name: array(kind) for name, kind in COLUMNS.items()}

    def add(self, found: list[tuple[Note, int, int]], vigie: Path) -> None:
        """Append views with their pass and note, cut in windows; the program is asked for the hits of each window."""
        pieces = [(piece, copy, number) for view, copy, number in found for _, piece in data.windows(view, self.tokenizer)]
        hits = hints.ask([piece.text for piece, _, _ in pieces], vigie)
        c = self.columns
        for (piece, copy, number), row in zip(pieces, hits, strict=True):
            example = data.encode(piece, self.tokenizer)
            c["ids"].extend(example.ids)
            c["free"].extend(start == end for start, end in example.offsets)
            c["lengths"].append(len(example.ids))
            for token, category in zip(*np.nonzero(example.token_labels), strict=True):
                c["label_at"].append(self.at + int(token))
                c["label_is"].append(int(category))
            for token, column in hints.places(row, example.offsets):
                c["flag_at"].append(self.at + token)
                c["flag_is"].append(column)
            c["required"].append(bits(piece.required))
            c["accepted"].append(bits(piece.accepted - piece.required))
            c["copy"].append(copy)
            c["note"].append(number)
            self.at += len(example.ids)

    def save(self, path: Path) -> None:
        """One compressed file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = {name: np.array(column) for name, column in self.columns.items()}
        np.savez_compressed(path, **columns | {"free": columns["free"].astype(bool)})


def bits(names: frozenset[str]) -> int:
    """A set of categories as bits."""
    return sum(1 << categories.INDEX[name] for name in names)


def main() -> None:
    """Write one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--notes", type=Path, action="append", default=[], help="file or folder of labelled notes")
    parser.add_argument("--out", type=Path, required=True, help=".npz to write")
    parser.add_argument("--copies", type=int, default=8, help="passes over the notes; the first is as written")
    parser.add_argument("--clean", type=float, default=0.35, help="share of notes as written, save for names, in the other passes")
    parser.add_argument("--joined", type=float, default=0.10, help="share of notes joined with others in them")
    parser.add_argument("--negatives", type=int, default=0, help="unlabelled sentences taken as clean")
    parser.add_argument("--unlabelled", type=int, default=0, help="lines of general text without labels, for soft labels")
    parser.add_argument("--text-dir", type=Path, default=texts.TEXT_DIR)
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--vigie", type=Path, default=hints.VIGIE, help="the program, for the rules' hits")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    pool = [note for path in args.notes for note in (notes.read_folder(path) if path.is_dir() else notes.read(path))]
    pool += negatives.sentences(args.text_dir, args.negatives, args.seed) if args.negatives else []
    chance = random.Random(args.seed)
    found = [(note, 0, number) for number, note in enumerate(pool)]
    for copy in range(1, args.copies):
        found += [(view, copy, number) for number, view in enumerate(noisy_pass(pool, chance, args.clean, args.joined))]
    if args.unlabelled:
        lines = texts.pool(args.text_dir, args.packages, args.seed)[: args.unlabelled]
        found += [(Note(augment.scribbled(line, chance) if chance.random() < 0.4 else line), UNLABELLED, UNLABELLED) for line in lines]
    sheet = Sheet(Tokenizer.from_file(str(args.base / "tokenizer.json")))
    for start in range(0, len(found), 20_000):
        sheet.add(found[start : start + 20_000], args.vigie)
    sheet.save(args.out)
    print(f"{len(pool)} notes, {len(sheet.columns['lengths'])} examples, {sheet.at} tokens -> {args.out}")


if __name__ == "__main__":
    main()
