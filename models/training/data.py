"""Notes → token ids and label matrices, in windows the encoder can hold."""

import dataclasses
import functools
import re

import numpy as np
from tokenizers import Tokenizer

import categories
from neutral import Neutral
from notes import Note, Span

WINDOW = 160  # tokens, the two specials included
# Where a long note may be cut, best first: sentence end, dash or slash, comma, any blank.
BOUNDARIES = tuple(map(re.compile, (r"[.!?;\n]\s+", r"\s[-–/→]+\s+", r",\s+", r"\s+")))


@dataclasses.dataclass(frozen=True)
class Example:
    """One window. Weight 0 keeps a category out of the loss: a fair reader may or may not report it."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    token_labels: np.ndarray  # [tokens, 14] 0/1
    token_weights: np.ndarray  # [tokens, 14] 0/1
    note_labels: np.ndarray  # [14] 0/1
    note_weights: np.ndarray  # [14] 0/1


# A tokenizer stays the same for a whole run, and cannot be hashed by what it holds.
@functools.lru_cache(maxsize=4)
def neutral(tokenizer: Tokenizer) -> Neutral:
    """The neutral names of a tokenizer."""
    return Neutral(tokenizer)


def visible(text: str, start: int, end: int) -> tuple[int, int]:
    """A token's characters without the blank that opens its word."""
    while start < end and text[start].isspace():
        start += 1
    return start, end


def encode(note: Note, tokenizer: Tokenizer) -> Example:
    """Labels from character spans: a token is positive when it overlaps a required span."""
    encoding = tokenizer.encode(note.text)
    ids, offsets = neutral(tokenizer).tokens(note.text, encoding.ids, [visible(note.text, *pair) for pair in encoding.offsets])
    labels = np.zeros((len(offsets), categories.COUNT), np.float32)
    for span in note.spans:
        column = categories.INDEX[span.category]
        for row, (start, end) in enumerate(offsets):
            if start < span.end and span.start < end:
                labels[row, column] = 1.0
    weights = np.ones_like(labels)
    for name in note.accepted:
        column = categories.INDEX[name]
        weights[:, column] = labels[:, column]
    special = np.array([start == end for start, end in offsets])
    weights[special] = 0.0
    note_labels = np.zeros(categories.COUNT, np.float32)
    note_weights = np.ones(categories.COUNT, np.float32)
    for name in note.accepted:
        note_weights[categories.INDEX[name]] = 0.0
    for name in note.required:
        note_labels[categories.INDEX[name]] = note_weights[categories.INDEX[name]] = 1.0
    return Example(ids, offsets, labels, weights, note_labels, note_weights)


def slice_note(note: Note, start: int, end: int) -> Note:
    """The characters start..end as a note of their own."""
    spans = tuple(
        Span(max(s.start, start) - start, min(s.end, end) - start, s.category)
        for s in note.spans
        if s.start < end and start < s.end
    )
    return Note(note.text[start:end], spans, note.accepted)


def windows(note: Note, tokenizer: Tokenizer, limit: int = WINDOW) -> list[tuple[int, Note]]:
    """The note in pieces of at most `limit` tokens with each piece's first character, cut at clause ends."""
    offsets = [pair for pair in tokenizer.encode(note.text, add_special_tokens=False).offsets if pair[1] > pair[0]]
    if len(offsets) <= limit - 2:
        return [(0, note)]
    latest, earliest = offsets[limit - 3][1], offsets[limit // 3][0]
    cut = latest
    for pattern in BOUNDARIES:
        places = [m.end() for m in pattern.finditer(note.text) if earliest < m.end() <= latest]
        outside = [p for p in places if not any(s.start < p < s.end for s in note.spans)]
        if outside:
            cut = outside[-1]
            break
    rest = windows(slice_note(note, cut, len(note.text)), tokenizer, limit)
    return [(0, slice_note(note, 0, cut)), *((cut + at, piece) for at, piece in rest)]
