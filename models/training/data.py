"""Notes → token ids and label matrices, in windows the encoder can hold."""

import dataclasses
import re

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

import categories
from notes import Note, Span

PAD = 1
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


def visible(text: str, start: int, end: int) -> tuple[int, int]:
    """A token's characters without the blank that opens its word."""
    while start < end and text[start].isspace():
        start += 1
    return start, end


def encode(note: Note, tokenizer: Tokenizer) -> Example:
    """Labels from character spans: a token is positive when it overlaps a required span."""
    encoding = tokenizer.encode(note.text)
    offsets = [visible(note.text, *pair) for pair in encoding.offsets]
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
    return Example(encoding.ids, offsets, labels, weights, note_labels, note_weights)


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


@dataclasses.dataclass(frozen=True)
class Batch:
    """Padded tensors: ids, mask [batch, tokens]; token tensors [batch, tokens, 14]; note tensors [batch, 14]."""

    ids: Tensor
    mask: Tensor
    token_labels: Tensor
    token_weights: Tensor
    note_labels: Tensor
    note_weights: Tensor


def collate(examples: list[Example]) -> Batch:
    """Pad to the longest; padding has weight 0."""
    size, longest = len(examples), max(len(e.ids) for e in examples)
    ids = np.full((size, longest), PAD, np.int64)
    mask = np.zeros((size, longest), np.int64)
    labels = np.zeros((size, longest, categories.COUNT), np.float32)
    weights = np.zeros_like(labels)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length], mask[row, :length] = example.ids, 1
        labels[row, :length], weights[row, :length] = example.token_labels, example.token_weights
    arrays = (ids, mask, labels, weights)
    notes = (np.stack([e.note_labels for e in examples]), np.stack([e.note_weights for e in examples]))
    return Batch(*(torch.from_numpy(a) for a in (*arrays, *notes)))
