"""Run a model, whatever holds it, over notes: per-category scores and spans, as the product sees them."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

import categories
import data
import hints
from classifier import Classifier
from notes import Note

# ids, mask, flags → token logits, note logits
Run = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
PAD, LOWEST = 1, -30.0


@dataclasses.dataclass
class Prediction:
    """Logits of one note: every token's with its characters, and the note head's highest over windows."""

    offsets: list[tuple[int, int]]
    token: np.ndarray  # [tokens, 14], specials left out
    note: np.ndarray  # [14]

    @property
    def peak(self) -> np.ndarray:
        """The highest token logit of each category: [14]."""
        return self.token.max(0) if len(self.token) else np.full(categories.COUNT, LOWEST, np.float32)


def torch_runner(model: Classifier) -> Run:
    """A runner over a PyTorch model."""
    model.eval()

    def run(ids: np.ndarray, mask: np.ndarray, flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with torch.no_grad():
            token, note = model(torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(flags))
        return token.numpy(), note.numpy()

    return run


def onnx_runner(path: Path) -> Run:
    """A runner over an ONNX file, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda ids, mask, flags: tuple(session.run(None, {"input_ids": ids, "attention_mask": mask, "hints": flags}))


def padded(rows: list[list[int]], flags: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Token ids and their flags → ids, mask [batch, tokens] and flags [batch, tokens, 84]."""
    shape = (len(rows), max(map(len, rows)))
    ids, mask = np.full(shape, PAD, np.int64), np.zeros(shape, np.int64)
    table = np.zeros((*shape, hints.WIDTH), np.float32)
    for n, (row, some) in enumerate(zip(rows, flags, strict=True)):
        ids[n, : len(row)], mask[n, : len(row)], table[n, : len(row)] = row, 1, some
    return ids, mask, table


def predict(run: Run, tokenizer: Tokenizer, notes: list[Note], vigie: Path = hints.VIGIE, batch: int = 32) -> list[Prediction]:
    """Predictions in the order of `notes`; long notes are cut in windows and put together again."""
    cut = [(n, at, piece) for n, note in enumerate(notes) for at, piece in data.windows(note, tokenizer)]
    hits = hints.ask([piece.text for _, _, piece in cut], vigie)
    examples = [data.encode(piece, tokenizer) for _, _, piece in cut]
    flags = [hints.matrix(row, example.offsets) for row, example in zip(hits, examples, strict=True)]
    found = [Prediction([], np.zeros((0, categories.COUNT), np.float32), np.full(categories.COUNT, LOWEST, np.float32)) for _ in notes]
    order = sorted(range(len(cut)), key=lambda i: len(examples[i].ids))
    logits: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        token, note = run(*padded([examples[i].ids for i in chosen], [flags[i] for i in chosen]))
        for row, i in enumerate(chosen):
            logits[i] = token[row, : len(examples[i].ids)], note[row]
    for i, (n, at, _) in enumerate(cut):
        token, note = logits[i]
        real = [row for row, (start, end) in enumerate(examples[i].offsets) if end > start]
        found[n].offsets += [(examples[i].offsets[row][0] + at, examples[i].offsets[row][1] + at) for row in real]
        found[n].token = np.concatenate([found[n].token, token[real]])
        found[n].note = np.maximum(found[n].note, note)
    return found
