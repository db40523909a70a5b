"""What a training step asks of the model. Needs torch; skipped without."""

import unittest

import categories

try:
    import torch

    import train
    from sheet import Batch
except ImportError as error:
    raise unittest.SkipTest(str(error)) from error

HEALTH = categories.INDEX["health"]


def batch(words: int, spans: dict[int, int] | None = None, accepted: int | None = None, padded: int = 0) -> Batch:
    """One note; `spans` gives labelled words their category, `accepted` a category left to the reader."""
    shape = (1, words + padded, categories.COUNT)
    labels, weights, mask = torch.zeros(shape), torch.ones(shape), torch.ones(shape[:2])
    weights[:, words:], mask[:, words:] = 0, 0
    for at, category in (spans or {}).items():
        labels[0, at, category] = 1
    judged = torch.ones(1, categories.COUNT)
    if accepted is not None:
        judged[0, accepted] = 0
        weights[:, :, accepted] = 0
    return Batch(mask.long(), mask.long(), torch.zeros(1), labels, weights, labels.amax(1), judged, torch.ones(1))


def peak(note: Batch, high: list[tuple[int, int]]) -> float:
    """The loss when these tokens are sure of their category and no other token says anything."""
    token = torch.full(note.token_labels.shape, -9.0)
    for at, category in high:
        token[0, at, category] = 9.0
    return train.peak_loss(token, note).item()


class PeakLoss(unittest.TestCase):
    def test_one_loud_token_of_a_clean_note_costs_all_of_it(self) -> None:
        self.assertLess(peak(batch(20), []), 0.01)
        self.assertGreater(peak(batch(20), [(7, HEALTH)]), 8)

    def test_one_token_of_a_span_suffices_and_it_must_be_inside(self) -> None:
        note = batch(6, {2: HEALTH, 3: HEALTH})
        self.assertLess(peak(note, [(3, HEALTH)]), 0.01)
        self.assertGreater(peak(note, []), 8)
        self.assertGreater(peak(note, [(5, HEALTH)]), 8)

    def test_what_a_reader_may_report_and_padding_cost_nothing(self) -> None:
        self.assertLess(peak(batch(4, accepted=HEALTH), [(1, HEALTH)]), 0.01)
        self.assertLess(peak(batch(4, padded=3), [(5, HEALTH)]), 0.01)


if __name__ == "__main__":
    unittest.main()
