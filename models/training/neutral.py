"""Names are read as one name, as in the program: src/detect/classifier/names.rs tells why and how."""

import tomllib
from pathlib import Path

from tokenizers import Tokenizer

from vocabulary import plain

LISTS = Path(__file__).resolve().parents[2] / "src" / "detect" / "classifier" / "names.toml"
NEUTRAL = {"men": "Paul", "women": "Marie", "families": "Martin"}
ABBREVIATIONS = frozenset("m mm mr mme mmes mlle mlles dr me".split())  # a point may follow
TITLES = frozenset("monsieur madame mademoiselle messieurs mesdames maître".split())
PARTICLES = frozenset("le la de du des da dos di el al ben ait aït van von d".split())
Name = tuple[int, int, str]  # first character, end character, list


def known() -> dict[str, str]:
    """Names as they may be written, and their list."""
    lists = tomllib.loads(LISTS.read_text("utf-8"))
    words = frozenset(lists["also_words"])
    found = {}
    for kind in NEUTRAL:
        for name in lists[kind]:
            if name not in words:
                found[name.upper()] = found[plain(name.upper())] = kind
            found[name] = kind
    return found


NAMES = known()


def words(text: str) -> list[tuple[int, int]]:
    """Runs of letters."""
    found, start = [], None
    for at, c in enumerate(text + " "):
        if c.isalpha():
            start = at if start is None else start
        elif start is not None:
            found.append((start, at))
            start = None
    return found


def find(text: str) -> list[Name]:
    """The names of a note, in order."""
    shouting = sum(c.isupper() for c in text) >= sum(c.islower() for c in text)
    found: list[Name] = []
    titled: bool | None = None  # a title was read just before, and whether a point may follow it
    before = 0
    for start, end in words(text):
        word = text[start:end]
        if titled is not None and not all(c.isspace() or c in "'’" or (titled and c == ".") for c in text[before:start]):
            titled = None
        before = end
        lower = word.lower()
        if kind := NAMES.get(word):
            found.append((start, end, kind))
            titled = None
        elif lower in ABBREVIATIONS:
            titled = True
        elif lower in TITLES:
            titled = False
        elif titled is not None and lower in PARTICLES:
            pass  # the name follows
        else:
            loud = not any(c.islower() for c in word)
            if titled is not None and word[0].isupper() and len(word) > 1 and not (loud and shouting):
                found.append((start, end, "families"))
            titled = None
    return found


class Neutral:
    """The pieces of the neutral names, by a tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.pieces = {kind: tokenizer.encode(name, add_special_tokens=False).ids for kind, name in NEUTRAL.items()}

    def tokens(self, text: str, ids: list[int], offsets: list[tuple[int, int]]) -> tuple[list[int], list[tuple[int, int]]]:
        """The tokens with every name replaced; those of a name all stand for the whole of it."""
        names = find(text)
        out: tuple[list[int], list[tuple[int, int]]] = ([], [])
        replaced = None
        for token, (start, end) in zip(ids, offsets, strict=True):
            name = next((n for n in names if start < n[1] and n[0] < end), None)
            if name is None:
                out[0].append(token)
                out[1].append((start, end))
            elif name != replaced:
                replaced = name
                for piece in self.pieces[name[2]]:
                    out[0].append(piece)
                    out[1].append(name[:2])
        return out
