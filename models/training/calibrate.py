"""Platt scaling on dev, and a decision threshold per category."""

import dataclasses

import numpy as np

import categories
from notes import Note
from predict import Prediction

GRID = np.round(np.arange(0.30, 0.81, 0.05), 2)
PRIOR = 4.0  # strength of the pull towards temperature 1, bias 0: rare categories have few examples


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Logistic function."""
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


@dataclasses.dataclass(frozen=True)
class Head:
    """Per category: p = sigmoid(logit / temperature + bias)."""

    temperature: np.ndarray  # [14]
    bias: np.ndarray  # [14]

    def probability(self, logits: np.ndarray) -> np.ndarray:
        """[..., 14] → [..., 14]."""
        return sigmoid(logits / self.temperature + self.bias)


def labels(notes: list[Note]) -> tuple[np.ndarray, np.ndarray]:
    """Required 0/1, and weight 0 where the category is accepted but not required: [notes, 14] each."""
    required = np.zeros((len(notes), categories.COUNT))
    weights = np.ones_like(required)
    for row, note in enumerate(notes):
        for name in note.accepted - note.required:
            weights[row, categories.INDEX[name]] = 0
        for name in note.required:
            required[row, categories.INDEX[name]] = 1
    return required, weights


def platt(logits: np.ndarray, target: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of a logistic fit by Newton steps, pulled towards (1, 0)."""
    slope, bias = 1.0, 0.0
    for _ in range(50):
        p = sigmoid(slope * logits + bias)
        rest, curve = (p - target) * weight, p * (1 - p) * weight
        gradient = np.array([(rest * logits).sum() + PRIOR * (slope - 1), rest.sum() + PRIOR * bias])
        cross = (curve * logits).sum()
        hessian = np.array([[(curve * logits**2).sum() + PRIOR, cross], [cross, curve.sum() + PRIOR]])
        move = np.linalg.solve(hessian, gradient)
        slope, bias = slope - np.clip(move[0], -0.3, 0.3), bias - np.clip(move[1], -1, 1)
        slope = max(slope, 0.2)
    return float(slope), float(bias)


def fit(logits: np.ndarray, notes: list[Note]) -> Head:
    """One Platt fit a category over note-level logits [notes, 14]."""
    required, weights = labels(notes)
    found = [platt(logits[:, n], required[:, n], weights[:, n]) for n in range(categories.COUNT)]
    return Head(np.array([1 / slope for slope, _ in found]), np.array([bias for _, bias in found]))


def thresholds(probabilities: np.ndarray, notes: list[Note], prior: float = 10.0) -> np.ndarray:
    """Best F1 a category on a coarse grid; `prior` imaginary findings, judged like all categories together, steady it."""
    required, weights = labels(notes)
    right, other = np.zeros((len(GRID), categories.COUNT)), np.zeros((len(GRID), categories.COUNT))
    for row, limit in enumerate(GRID):
        predicted = (probabilities >= limit) * weights
        right[row] = (predicted * required).sum(0)
        other[row] = (predicted * (1 - required)).sum(0) + ((1 - (probabilities >= limit)) * required).sum(0)
    everything = 2 * right.sum(1) + other.sum(1)
    shared = (2 * right.sum(1) / np.maximum(everything, 1))[:, None]
    total = 2 * right + other
    score = (2 * right + shared * 2 * prior) / (total + 2 * prior)
    return GRID[score.argmax(0)]


def peaks(predictions: list[Prediction]) -> np.ndarray:
    """Highest token logits [notes, 14]."""
    return np.stack([p.peak for p in predictions])


def note_logits(predictions: list[Prediction]) -> np.ndarray:
    """Note head logits [notes, 14]."""
    return np.stack([p.note for p in predictions])


HEADER = """\
# Calibration of the classifier's logits, fitted on the development notes.
#
# A head's probability for a category is   p = sigmoid(logit / temperature + bias).
# `token`: fitted on the highest token logit of a note. Apply it to every token; a run of neighbouring tokens with
#          p >= threshold is a finding of that category, and its confidence is its highest p.
# `note`:  fitted on the note logit; it says whether the category is anywhere in the window.
# `threshold` applies to the head it stands under. Categories are in the order of the model's outputs.
# max_tokens: longest window the model was trained on, <s> and </s> included; cut longer notes at clause ends.
"""


def render(token: Head, note: Head, token_limits: np.ndarray, note_limits: np.ndarray, window: int) -> str:
    """The calibration.toml."""
    lines = [HEADER + f"format = 1\nmax_tokens = {window}\n"]
    for n, name in enumerate(categories.CATEGORIES):
        lines.append(f'[[category]]\nid = "{name}"')
        for label, head, limits in (("token", token, token_limits), ("note", note, note_limits)):
            lines.append(f"{label} = {{ temperature = {head.temperature[n]:.4f}, bias = {head.bias[n]:.4f}, threshold = {limits[n]:.2f} }}")
        lines.append("")
    return "\n".join(lines)
