"""Check the labelled notes: format, spans cut inside words, duplicates, near-duplicates between parts."""

import argparse
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import notes
from notes import MarkError, Note
from vocabulary import plain

PARTS = ("train", "dev", "test", "test-2", "test-3")
GRAM, SHARED = 4, 0.6  # words a shingle, share of shingles that makes a near-duplicate
COMMON = 40  # a shingle in more notes than this tells nothing


def key(text: str) -> tuple[str, ...]:
    """Words without case, accents and punctuation."""
    return tuple(re.findall(r"\w+", plain(text).lower()))


def cut_words(note: Note) -> Iterator[str]:
    """Spans whose edge falls inside a word, or on a blank."""
    for span in note.spans:
        before, after = note.text[: span.start][-1:], note.text[span.end :][:1]
        inside = note.text[span.start : span.end]
        if (before + inside[0]).isalnum() and before or (inside[-1] + after).isalnum() and after:
            yield f"span cut inside a word: {inside}"
        if inside != inside.strip():
            yield f"blank at a span's edge: {inside!r}"


def shingles(words: tuple[str, ...]) -> set[int]:
    """Hashes of runs of GRAM words; a shorter note is one run."""
    runs = [words[at : at + GRAM] for at in range(max(1, len(words) - GRAM + 1))]
    return {zlib.crc32(" ".join(run).encode()) for run in runs}


def repeats(placed: list[tuple[str, Note]]) -> Iterator[str]:
    """Equal notes anywhere, and notes of different parts that share most of their shingles."""
    seen: dict[str, str] = {}
    holders: dict[int, list[int]] = {}
    grams = [shingles(key(note.text)) for _, note in placed]
    for number, (place, note) in enumerate(placed):
        letters = "".join(key(note.text))  # "pace maker" is "pacemaker"
        if letters in seen:
            yield f"{place}: duplicate of {seen[letters]}"
            continue
        seen[letters] = place
        hits = Counter(other for gram in grams[number] for other in holders.get(gram, ()))
        for other, count in hits.most_common(1):
            near = count / min(len(grams[number]), len(grams[other])) >= SHARED
            if near and place.split("/")[0] != placed[other][0].split("/")[0]:
                yield f"{place}: nearly {placed[other][0]}"
        for gram in grams[number]:
            bucket = holders.setdefault(gram, [])
            if len(bucket) < COMMON:
                bucket.append(number)


def main() -> None:
    """Print every complaint and the counts; exit 1 if there was any complaint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=notes.FOLDER)
    folder = parser.parse_args().data
    placed: list[tuple[str, Note]] = []
    complaints: list[str] = []
    for part in PARTS:
        counts, clean, total = Counter[str](), 0, 0
        for path in sorted((folder / part).glob("*.txt")):
            for number, line in notes.lines(path):
                place = f"{part}/{path.name}:{number}"
                try:
                    note = notes.parse(line)
                except MarkError as error:
                    complaints.append(f"{place}: {error}")
                    continue
                placed.append((place, note))
                complaints += [f"{place}: {text}" for text in cut_words(note)]
                counts.update(note.required)
                clean += not note.required
                total += 1
        print(part, total, "notes,", clean, "without findings", dict(counts.most_common()))
    complaints += repeats(placed)
    print("\n".join(complaints))
    raise SystemExit(bool(complaints))


if __name__ == "__main__":
    main()
