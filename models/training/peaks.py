"""What a model says of whole notes: the highest token of each category."""

import dataclasses

import numpy as np
import torch

import categories
import metrics
import precision
from classifier import Classifier
from sheet import Sheet

BATCH = 256


@dataclasses.dataclass(frozen=True)
class Peaks:
    """One row an example, in the order asked for."""

    logit: np.ndarray  # [examples, 14] the highest token's logit
    need: np.ndarray  # [examples, 14] bool: a required category
    judged: np.ndarray  # [examples, 14] bool: not one that a fair reader may or may not report

    def clean(self) -> np.ndarray:
        """[examples] whether nothing is required."""
        return ~self.need.any(1)

    def gap(self) -> np.ndarray:
        """[examples, 14] how far a label is from the highest token's probability; 0 where nothing is judged."""
        return np.abs(1 / (1 + np.exp(-self.logit)) - self.need) * self.judged

    def report(self, limit: float) -> metrics.Report:
        """What is found when a category counts above that logit; spans are not looked at."""
        found = self.logit > limit
        right, wrong, missed = (found & self.need).sum(0), (found & ~self.need & self.judged).sum(0), (~found & self.need).sum(0)
        raised = (found & self.judged)[self.clean()].any(1)
        return metrics.Report(right, wrong, missed, float(raised.mean()) if len(raised) else 0.0, overlap=np.nan)


def of_notes(note: np.ndarray, seen: Peaks) -> Peaks:
    """One row a note, from one a window: the highest token anywhere, what any window requires, what every window judges."""
    count = int(note.max()) + 1
    found = Peaks(np.full((count, categories.COUNT), -30, np.float32), np.zeros((count, categories.COUNT), bool), np.ones((count, categories.COUNT), bool))
    np.maximum.at(found.logit, note, seen.logit)
    np.logical_or.at(found.need, note, seen.need)
    np.logical_and.at(found.judged, note, seen.judged)
    return dataclasses.replace(found, judged=found.judged | found.need)


@torch.no_grad()
def read(model: Classifier, sheet: Sheet, chosen: np.ndarray) -> Peaks:
    """Reads some examples of a set with their flags, those of like length together."""
    model.eval()
    device = next(model.parameters()).device
    order = np.argsort(sheet.lengths[chosen], kind="stable")
    shape = (len(chosen), categories.COUNT)
    found = Peaks(np.zeros(shape, np.float32), np.zeros(shape, bool), np.zeros(shape, bool))
    for at in range(0, len(order), BATCH):
        rows = order[at : at + BATCH]
        batch = sheet.batch(chosen[rows], 0.0, np.random.default_rng(0)).to(device)
        with precision.mixed(device):
            token, _ = model(batch.ids, batch.mask, batch.flags)
        found.logit[rows] = token.float().masked_fill(batch.mask[:, :, None] == 0, -30).amax(1).cpu().numpy()
        found.need[rows] = (batch.note_labels > 0).cpu().numpy()
        found.judged[rows] = (batch.note_weights > 0).cpu().numpy()
    return found
