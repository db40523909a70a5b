"""Batches from a prepared set of views.py, padded, on any device."""

import dataclasses
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import categories
import hints
import precision

PAD = 1
# Lengths are padded to multiples of it: oneDNN, which multiplies in bf16, compiles its kernels anew for every shape.
STEP = 8 if precision.fast(precision.device()) else 1
SORTED = 100  # so many batches are sorted by length together, which leaves little to pad


@dataclasses.dataclass(frozen=True)
class Batch:
    """Padded tensors. Weight 0 keeps a place out of the loss.

    ids, mask [batch, tokens]; flags [batch, tokens, 84]; token_labels, token_weights [batch, tokens, 14];
    note_labels, note_weights [batch, 14]; labelled [batch]: 0 for unlabelled text. Teachers' probabilities, of the
    same shapes, where teach.py wrote them.
    """

    ids: Tensor
    mask: Tensor
    flags: Tensor
    token_labels: Tensor
    token_weights: Tensor
    note_labels: Tensor
    note_weights: Tensor
    labelled: Tensor
    soft_token: Tensor | None = None
    soft_note: Tensor | None = None

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        found = (getattr(self, field.name) for field in dataclasses.fields(self))
        return Batch(*(None if tensor is None else tensor.to(device, non_blocking=True) for tensor in found))


# Places among all tokens, values, and where each example's begin.
Marks = tuple[np.ndarray, np.ndarray, np.ndarray]


def entries(begins: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The entries of some rows that lie one after the other, row n from begins[n] to begins[n + 1]: which of `chosen`, and where."""
    counts = begins[chosen + 1] - begins[chosen]
    row = np.repeat(np.arange(len(chosen)), counts)
    return row, np.arange(len(row)) + (begins[chosen] - np.cumsum(counts) + counts)[row]


class Sheet:
    """A prepared set in memory."""

    def __init__(self, path: Path, step: int = STEP) -> None:
        self.step = step
        data = np.load(path)
        self.ids, self.free, self.lengths = data["ids"], data["free"], data["lengths"]
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)])
        self.required, self.accepted, self.copy, self.note = data["required"], data["accepted"], data["copy"], data["note"]
        self.labels = self._by_example(data["label_at"], data["label_is"])
        self.flags = self._by_example(data["flag_at"], data["flag_is"])
        self.share = np.load(share) if (share := path.with_suffix(".share.npy")).exists() else None  # of focus.py
        if self.share is not None and len(self.share) != self.note.max() + 1:
            raise SystemExit(f"{path.with_suffix('.share.npy')}: of another set of notes; run focus.py again")
        self.soft_token = self.soft_note = None
        if (soft := path.with_suffix(".soft.npz")).exists():
            taught = np.load(soft)
            self.soft_token, self.soft_note = taught["token"], taught["note"]

    def _by_example(self, at: np.ndarray, value: np.ndarray) -> Marks:
        """The marks in order of place."""
        order = np.argsort(at, kind="stable")
        at, value = at[order], value[order]
        return at, value, np.searchsorted(at, self.starts)

    def batch(self, chosen: np.ndarray, blind: float, chance: np.random.Generator) -> Batch:
        """Pad some examples. `blind`: share of examples that lose all their flags, and of others' flags lost."""
        longest = -(-int(self.lengths[chosen].max()) // self.step) * self.step
        shape = (len(chosen), longest)
        first = self.starts[chosen]
        row, place = entries(self.starts, chosen)
        column = place - first[row]
        ids, mask = np.full(shape, PAD, np.int64), np.zeros(shape, np.int64)
        ids[row, column], mask[row, column] = self.ids[place], 1
        labels = np.zeros((*shape, categories.COUNT), np.float32)
        weights, flags = np.zeros_like(labels), np.zeros((*shape, hints.WIDTH), np.float32)
        weights[row, column] = ~self.free[place, None]
        self._mark(labels, self.labels, chosen, first)
        self._mark(flags, self.flags, chosen, first, (blind, chance) if blind else None)
        bit = 1 << np.arange(categories.COUNT)
        required = (self.required[chosen, None] & bit) > 0
        accepted = (self.accepted[chosen, None] & bit) > 0
        weights *= np.where(accepted[:, None, :], labels, 1.0)
        labelled = (self.copy[chosen] >= 0).astype(np.float32)
        arrays = [ids, mask, flags, labels, weights, required.astype(np.float32), (~accepted).astype(np.float32), labelled]
        if self.soft_token is not None:
            taught = np.zeros_like(labels)
            taught[row, column] = self.soft_token[place]
            arrays += [taught, self.soft_note[chosen].astype(np.float32)]
        return Batch(*(torch.from_numpy(a) for a in arrays))

    def _mark(self, target: np.ndarray, marks: Marks, chosen: np.ndarray, first: np.ndarray, lost: tuple | None = None) -> None:
        """Sets the marks of some examples in [examples, tokens, values]; `lost`: a share of both examples and marks, and chance."""
        at, value, begins = marks
        row, mark = entries(begins, chosen)
        if lost:
            share, chance = lost
            kept = (chance.random(len(chosen)) >= share)[row] & (chance.random(len(row)) >= share * 0.5)
            row, mark = row[kept], mark[kept]
        target[row, at[mark] - first[row], value[mark]] = 1.0

    def turn(self, number: int, seed: int) -> np.ndarray:
        """The examples of one epoch: one view of each note, or of the share of them that focus.py asks for."""
        pool = np.flatnonzero(self.copy == number % (int(self.copy.max()) + 1))
        if self.share is None:
            return pool
        drawn = np.random.default_rng([seed, number]).random(len(self.share))
        return pool[(drawn < self.share)[self.note[pool]]]

    def batches(self, pool: np.ndarray, size: int, seed: list[int], blind: float) -> Iterator[Batch]:
        """Shuffled batches of examples of like length; a thread prepares the next ones."""
        chance = np.random.default_rng(seed)
        pool = chance.permutation(pool)
        groups = [pool[at : at + size * SORTED] for at in range(0, len(pool), size * SORTED)]
        groups = [group[np.argsort(self.lengths[group], kind="stable")] for group in groups]
        found = [group[at : at + size] for group in groups for at in range(0, len(group), size)]
        order = chance.permutation(len(found))
        ready: queue.Queue[Batch | None] = queue.Queue(8)

        def fill() -> None:
            for n in order:
                ready.put(self.batch(found[n], blind, chance))
            ready.put(None)

        threading.Thread(target=fill, daemon=True).start()
        while (batch := ready.get()) is not None:
            yield batch
