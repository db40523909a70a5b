"""Which examples an epoch reads. Needs torch; skipped without."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

try:
    from sheet import Sheet
except ImportError as error:
    raise unittest.SkipTest(str(error)) from error


def write(path: Path, copies: int, notes: int) -> None:
    """A set of notes of three tokens without labels."""
    examples = copies * notes
    ids = np.tile(np.array([0, 9, 2], np.uint16), examples)
    none = np.zeros(0, np.int64)
    columns = {"ids": ids, "free": ids != 9, "lengths": np.full(examples, 3, np.int32)}
    columns |= {"label_at": none, "label_is": none, "flag_at": none, "flag_is": none}
    columns |= {"required": np.zeros(examples, np.uint16), "accepted": np.zeros(examples, np.uint16)}
    columns |= {"copy": np.repeat(np.arange(copies, dtype=np.int16), notes), "note": np.tile(np.arange(notes, dtype=np.int32), copies)}
    np.savez(path, **columns)


class Turns(unittest.TestCase):
    """Sheet.turn."""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / "some.npz"
        write(self.path, copies=3, notes=50)

    def test_an_epoch_reads_one_view_of_each_note(self) -> None:
        sheet = Sheet(self.path)
        for number in range(4):
            pool = sheet.turn(number, seed=1)
            self.assertEqual(set(sheet.copy[pool]), {number % 3})
            self.assertEqual(sorted(sheet.note[pool]), list(range(50)))

    def test_shares_say_how_often_a_note_is_read(self) -> None:
        share = np.full(50, 0.2, np.float32)
        share[:2] = 0, 1
        np.save(self.path.with_suffix(".share.npy"), share)
        sheet = Sheet(self.path)
        turns = [sheet.note[sheet.turn(number, seed=1)] for number in range(60)]
        self.assertFalse(any(0 in turn for turn in turns))
        self.assertTrue(all(1 in turn for turn in turns))
        self.assertAlmostEqual(sum(map(len, turns)) / 60, 1 + 48 * 0.2, delta=1.5)
        self.assertEqual(list(turns[7]), list(sheet.note[sheet.turn(7, seed=1)]))

    def test_a_batch_is_padded_to_a_multiple_of_the_step(self) -> None:
        for step, width in ((8, 8), (1, 3)):
            batch = Sheet(self.path, step).batch(np.arange(4), 0.0, np.random.default_rng(1))
            self.assertEqual(batch.ids.shape, (4, width))
            self.assertEqual(batch.mask.sum().item(), 12)
            self.assertEqual(batch.token_weights.sum().item(), 4 * 14)  # one token a note counts

    def test_marks_fall_on_their_tokens_whatever_the_order(self) -> None:
        lengths = np.array([3, 5, 4], np.int32)
        marks = np.array([1, 4, 6, 9])  # places among all twelve tokens
        columns = {"ids": np.arange(10, 22, dtype=np.uint16), "free": np.zeros(12, bool), "lengths": lengths}
        columns |= {"label_at": marks, "label_is": np.array([0, 1, 2, 3]), "flag_at": marks[::-1], "flag_is": np.array([7, 6, 5, 4])}
        columns |= {name: np.zeros(3, np.uint16) for name in ("required", "accepted")}
        columns |= {"copy": np.zeros(3, np.int16), "note": np.arange(3, dtype=np.int32)}
        np.savez(self.path, **columns)
        batch = Sheet(self.path, 1).batch(np.array([2, 0, 1]), 0.0, np.random.default_rng(1))
        self.assertEqual(batch.ids.tolist(), [[18, 19, 20, 21, 1], [10, 11, 12, 1, 1], [13, 14, 15, 16, 17]])
        self.assertEqual(batch.token_labels.nonzero().tolist(), [[0, 1, 3], [1, 1, 0], [2, 1, 1], [2, 3, 2]])
        self.assertEqual(batch.flags.nonzero().tolist(), [[0, 1, 7], [1, 1, 4], [2, 1, 5], [2, 3, 6]])
        blind = Sheet(self.path, 1).batch(np.array([2, 0, 1]), 1.0, np.random.default_rng(1))
        self.assertEqual(blind.flags.sum().item(), 0)


if __name__ == "__main__":
    unittest.main()
