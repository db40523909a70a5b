"""Scores as the product would be judged, note by note and category by category."""

import dataclasses

import numpy as np

import categories
from notes import Note
from predict import Prediction


@dataclasses.dataclass(frozen=True)
class Report:
    """Counts per category, and three shares."""

    right: np.ndarray  # [14] required and predicted
    wrong: np.ndarray  # [14] predicted, neither required nor accepted
    missed: np.ndarray  # [14] required, not predicted
    false_alarms: float  # share of clean notes with any prediction
    overlap: float  # share of required spans touched by a predicted token of their category

    @property
    def f1(self) -> np.ndarray:
        """[14]; NaN where a category never occurs and is never predicted."""
        total = 2 * self.right + self.wrong + self.missed
        return np.where(total > 0, 2 * self.right / np.maximum(total, 1), np.nan)

    @property
    def macro(self) -> float:
        """Mean F1 over the categories that occur."""
        occurs = self.right + self.missed > 0
        return float(np.mean(self.f1[occurs])) if occurs.any() else 0.0

    @property
    def micro(self) -> float:
        """F1 over all decisions together."""
        right, wrong, missed = self.right.sum(), self.wrong.sum(), self.missed.sum()
        return float(2 * right / max(2 * right + wrong + missed, 1))

    def table(self) -> str:
        """One row a category, then the totals."""
        rows = [f"{'category':18} {'required':>8} {'precision':>9} {'recall':>7} {'F1':>6}"]
        for n, name in enumerate(categories.CATEGORIES):
            right, wrong, missed = self.right[n], self.wrong[n], self.missed[n]
            precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
            rows.append(f"{name:18} {right + missed:8.0f} {precision:9.3f} {recall:7.3f} {self.f1[n]:6.3f}")
        return "\n".join([*rows, self.line()])

    def line(self) -> str:
        """The totals."""
        return f"macro F1 {self.macro:.4f}  micro F1 {self.micro:.4f}  clean notes flagged {self.false_alarms:.2%}  spans touched {self.overlap:.2%}"


def judge(notes: list[Note], scores: list[np.ndarray], thresholds: np.ndarray, touched: float = 0.0) -> Report:
    """Compare per-category scores [14] with thresholds [14]."""
    right, wrong, missed = (np.zeros(categories.COUNT) for _ in range(3))
    clean = flagged = 0
    for note, score in zip(notes, scores, strict=True):
        predicted = score >= thresholds
        required, accepted = note.required, note.accepted
        for n, name in enumerate(categories.CATEGORIES):
            right[n] += predicted[n] and name in required
            wrong[n] += predicted[n] and name not in required and name not in accepted
            missed[n] += not predicted[n] and name in required
        if not required and not accepted:
            clean += 1
            flagged += bool(predicted.any())
    return Report(right, wrong, missed, flagged / max(clean, 1), touched)


def touching(notes: list[Note], predictions: list[Prediction], limits: np.ndarray) -> float:
    """Share of required spans with one token over its category's logit limit [14]."""
    hit = total = 0
    for note, prediction in zip(notes, predictions, strict=True):
        for span in note.spans:
            n = categories.INDEX[span.category]
            total += 1
            hit += any(
                start < span.end and span.start < end and prediction.token[row, n] >= limits[n]
                for row, (start, end) in enumerate(prediction.offsets)
            )
    return hit / max(total, 1)


def report(notes: list[Note], predictions: list[Prediction], limits: np.ndarray) -> Report:
    """The product's rule: a category is predicted when one of its tokens reaches the category's logit limit."""
    return judge(notes, [p.peak for p in predictions], limits, touching(notes, predictions, limits))
