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
from classifier import Classifier
from notes import Note

Run = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]  # ids, mask → token logits, note logits
LOWEST = -30.0


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

    def run(ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with torch.no_grad():
            token, note = model(torch.from_numpy(ids), torch.from_numpy(mask))
        return token.numpy(), note.numpy()

    return run


def onnx_runner(path: Path) -> Run:
    """A runner over an ONNX file, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda ids, mask: tuple(session.run(None, {"input_ids": ids, "attention_mask": mask}))


def predict(run: Run, tokenizer: Tokenizer, notes: list[Note], batch: int = 32) -> list[Prediction]:
    """Predictions in the order of `notes`; long notes are cut in windows and put together again."""
    pieces = [(n, at, data.encode(piece, tokenizer)) for n, note in enumerate(notes) for at, piece in data.windows(note, tokenizer)]
    found = [Prediction([], np.zeros((0, categories.COUNT), np.float32), np.full(categories.COUNT, LOWEST, np.float32)) for _ in notes]
    order = sorted(range(len(pieces)), key=lambda i: len(pieces[i][2].ids))
    logits: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        packed = data.collate([pieces[i][2] for i in chosen])
        token, note = run(packed.ids.numpy(), packed.mask.numpy())
        for row, i in enumerate(chosen):
            logits[i] = token[row, : len(pieces[i][2].ids)], note[row]
    for i, (n, at, example) in enumerate(pieces):
        token, note = logits[i]
        real = [row for row, (start, end) in enumerate(example.offsets) if end > start]
        found[n].offsets += [(example.offsets[row][0] + at, example.offsets[row][1] + at) for row in real]
        found[n].token = np.concatenate([found[n].token, token[real]])
        found[n].note = np.maximum(found[n].note, note)
    return found
