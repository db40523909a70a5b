"""Unlabelled French text whose licence allows a shipped model: for the vocabulary and for distillation."""

import csv
import gzip
import lzma
import random
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TEXT_DIR = PROJECT.parent / "shared" / "data"


def europarl(folder: Path) -> Iterator[str]:
    """Parliament speech, formal."""
    with lzma.open(folder / "europarl_fr_150k.txt.xz", "rt", encoding="utf-8") as file:
        yield from (line.strip() for line in file)


def ud(folder: Path) -> Iterator[str]:
    """Universal Dependencies treebanks, half of it spoken. Sequoia (LGPL-LR) is left out."""
    for line in (folder / "ud_french.tsv").read_text("utf-8").splitlines():
        name, _, text = line.partition("\t")
        if name != "sequoia":
            yield text


def tweets(folder: Path) -> Iterator[str]:
    """Abusive and ordinary tweets, without the @user and @url placeholders."""
    with open(folder / "mlma_fr_tweets.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield re.sub(r"\s+", " ", re.sub(r"@(user|url)", " ", row["tweet"])).strip()


def hatecheck(folder: Path) -> Iterator[str]:
    """Short cases on protected groups."""
    with open(folder / "multilingual_hatecheck_fr.tsv", encoding="utf-8") as file:
        yield from (row["test_case"] for row in csv.DictReader(file, delimiter="\t"))


def medical(folder: Path) -> Iterator[str]:
    """Questions and answers of pharmacy examinations."""
    yield from (folder / "frenchmedmcqa.txt").read_text("utf-8").splitlines()


def glosses(packages: Path) -> Iterator[str]:
    """Wiktionnaire-style definitions, headword first: "cégétiste : membre du syndicat CGT"."""
    with gzip.open(packages / "glosses.txt.gz", "rt", encoding="utf-8") as file:
        for line in file:
            word, _, senses = line.rstrip("\n").partition("\t")
            if senses:
                yield f"{word} : {senses.split(' | ')[0]}"


def pool(folder: Path, packages: Path, seed: int) -> list[str]:
    """The distillation mixture: every informal source whole, the formal ones sampled."""
    chance = random.Random(seed)

    def some(source: Iterator[str], count: int) -> list[str]:
        lines = [line for line in source if 8 < len(line) < 260]
        return chance.sample(lines, min(count, len(lines)))

    lines = [
        *some(europarl(folder), 40_000),
        *some(ud(folder), 12_000),
        *some(tweets(folder), 5_000),
        *some(hatecheck(folder), 5_000),
        *some(medical(folder), 8_000),
        *some(glosses(packages), 120_000),
    ]
    chance.shuffle(lines)
    return lines
