"""Marked-up notes: `[category:span]`, `[cat1+cat2:span]`, and a tail ` |ok=cat1,cat2`. One note a line."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

from categories import INDEX

FOLDER = Path(__file__).resolve().parents[1] / "data"
MARK = re.compile(r"\[([a-z_+]+):([^\[\]]+)\]")
TAIL = re.compile(r"\s*\|ok=([a-z_,]*)\s*$")


class MarkError(ValueError):
    """A note that does not follow the format."""


@dataclasses.dataclass(frozen=True)
class Span:
    """Characters start..end of the text disclose `category`."""

    start: int
    end: int
    category: str


@dataclasses.dataclass(frozen=True)
class Note:
    """The text without marks, its required findings, and the categories that may also be reported."""

    text: str
    spans: tuple[Span, ...] = ()
    accepted: frozenset[str] = frozenset()

    @property
    def required(self) -> frozenset[str]:
        """Categories that must be reported."""
        return frozenset(span.category for span in self.spans)


def parse(line: str) -> Note:
    """One marked-up line; raises MarkError on unknown ids and stray brackets."""
    accepted: frozenset[str] = frozenset()
    if tail := TAIL.search(line):
        accepted = frozenset(filter(None, tail[1].split(",")))
        line = line[: tail.start()]
    text, spans, at = "", [], 0
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        for category in mark[1].split("+"):
            spans.append(Span(len(text), len(text) + len(mark[2]), category))
        text += mark[2]
        at = mark.end()
    text += line[at:]
    unknown = {*accepted, *(span.category for span in spans)} - INDEX.keys()
    if unknown:
        raise MarkError(f"unknown category {', '.join(sorted(unknown))}")
    if re.search(r"[\[\]|]", text):
        raise MarkError("stray bracket or bar")
    return Note(text, tuple(spans), accepted)


def render(note: Note) -> str:
    """The marked-up line of a note whose spans do not nest."""
    groups: dict[tuple[int, int], list[str]] = {}
    for span in note.spans:
        groups.setdefault((span.start, span.end), []).append(span.category)
    line, at = "", 0
    for (start, end), names in sorted(groups.items()):
        line += note.text[at:start] + f"[{'+'.join(names)}:{note.text[start:end]}]"
        at = end
    line += note.text[at:]
    return line + (f"|ok={','.join(sorted(note.accepted))}" if note.accepted else "")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that hold a note."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def read(path: Path) -> list[Note]:
    """Every note of a file; a malformed one stops with its place."""
    result = []
    for number, line in lines(path):
        try:
            result.append(parse(line))
        except MarkError as error:
            raise MarkError(f"{path.name}:{number}: {error}") from error
    return result


def read_folder(folder: Path) -> list[Note]:
    """Every note of every .txt file, in name order."""
    return [note for path in sorted(folder.glob("*.txt")) for note in read(path)]
