"""The French cut and its aliases."""

import unittest
from collections import Counter

import vocabulary

PIECES = [["<s>", 0], ["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["▁été", -3], ["▁client", -4], ["a", -5], ["語", -6], ["<mask>", 0]]


class Cut(unittest.TestCase):
    counts = Counter({4: 9, 5: 5})

    def test_characters_and_specials_always_stay(self) -> None:
        self.assertEqual(vocabulary.choose(PIECES, self.counts, 7), [0, 1, 2, 3, 4, 6, 8])

    def test_aliases_copy_the_usual_spelling(self) -> None:
        kept = vocabulary.choose(PIECES, self.counts, 8)
        found = vocabulary.aliases(PIECES, self.counts, kept, shouted=2)
        self.assertEqual([(piece, source) for piece, _, source in found], [("▁ete", 4), ("▁ETE", 4), ("▁CLIENT", 5)])
        new, origin = vocabulary.trimmed({"model": {"vocab": PIECES}, "added_tokens": [{"id": 8}]}, kept, found)
        self.assertEqual(len(origin), len(new["model"]["vocab"]))
        self.assertEqual(new["added_tokens"][0]["id"], len(origin) - 1)
        self.assertEqual(vocabulary.origins({"model": {"vocab": PIECES}}, new), origin)


if __name__ == "__main__":
    unittest.main()
