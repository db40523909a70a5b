"""Which labels unread models doubt. Needs torch; skipped without."""

import unittest

import numpy as np

import categories

try:
    import doubts
    from peaks import Peaks
except ImportError as error:
    raise unittest.SkipTest(str(error)) from error

HEALTH, OFFENCE = categories.INDEX["health"], categories.INDEX["offence"]


def seen(rows: list[dict[int, float]], need: list[set[int]], accepted: list[set[int]]) -> Peaks:
    """What a model says of some examples: a logit a category, -9 where none is given."""
    logit = np.full((len(rows), categories.COUNT), -9.0, np.float32)
    wanted, judged = np.zeros(logit.shape, bool), np.ones(logit.shape, bool)
    for n, row in enumerate(rows):
        for category, value in row.items():
            logit[n, category] = value
        wanted[n, list(need[n])] = True
        judged[n, list(accepted[n])] = False
    return Peaks(logit, wanted, judged)


class Doubts(unittest.TestCase):
    def test_found_and_not_marked_or_marked_and_not_found(self) -> None:
        told = seen([{HEALTH: 4.0}, {}, {HEALTH: 4.0}], [set(), {OFFENCE}, {HEALTH}], [set(), set(), set()])
        found = doubts.doubts(np.array([0, 1, 2]), told, 0.9)
        self.assertEqual([(n, c, marked) for _, n, c, marked in found], [(1, OFFENCE, True), (0, HEALTH, False)])

    def test_what_a_reader_may_report_is_no_doubt(self) -> None:
        self.assertEqual(doubts.doubts(np.array([0]), seen([{HEALTH: 4.0}], [set()], [{HEALTH}]), 0.9), [])

    def test_a_note_of_two_windows_is_judged_whole(self) -> None:
        told = seen([{}, {HEALTH: 4.0}], [{HEALTH}, {HEALTH}], [set(), set()])
        self.assertEqual(doubts.doubts(np.array([0, 0]), told, 0.5), [])


if __name__ == "__main__":
    unittest.main()
