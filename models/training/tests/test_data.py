"""Labels, windows and the metrics they feed. Needs torch; skipped without."""

import unittest

import numpy as np

try:
    from tokenizers import Tokenizer, models, pre_tokenizers

    import calibrate
    import data
    import distill
    import metrics
    from predict import Prediction
except ImportError as error:
    raise unittest.SkipTest(str(error)) from error

import categories
from notes import Note, parse

HEALTH, PRIVATE = categories.INDEX["health"], categories.INDEX["private_life"]


def words() -> Tokenizer:
    """One token a word, no specials."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


class Labels(unittest.TestCase):
    def test_span_marks_its_tokens(self) -> None:
        example = data.encode(parse("elle est [health:très malade] hélas"), words())
        self.assertEqual(example.token_labels[:, HEALTH].tolist(), [0, 0, 1, 1, 0])

    def test_accepted_category_is_out_of_the_loss(self) -> None:
        example = data.encode(parse("[health:malade] et seul|ok=private_life,health"), words())
        self.assertEqual(example.token_weights[:, PRIVATE].tolist(), [0, 0, 0])
        self.assertEqual(example.token_weights[:, HEALTH].tolist(), [1, 0, 0])
        self.assertEqual(example.note_weights[[HEALTH, PRIVATE]].tolist(), [1, 0])


class Windows(unittest.TestCase):
    def test_pieces_cover_the_note_and_spare_spans(self) -> None:
        note = parse("un deux trois, quatre [health:cinq, six sept] huit neuf dix onze douze")
        pieces = data.windows(note, words(), limit=8)
        self.assertEqual("".join(piece.text for _, piece in pieces), note.text)
        for start, piece in pieces:
            self.assertEqual(note.text[start : start + len(piece.text)], piece.text)
        self.assertEqual([s for _, p in pieces for s in p.spans if p.text[s.start : s.end] == "cinq, six sept"][0].category, "health")


class Judge(unittest.TestCase):
    def test_product_rule(self) -> None:
        chosen = [parse("[health:malade]"), parse("rien"), Note("seul", accepted=frozenset({"private_life"}))]
        low = np.full((1, categories.COUNT), -5.0)
        high = low.copy()
        high[0, [HEALTH, PRIVATE]] = 5.0
        predictions = [Prediction([(0, 6)], high, high[0]), Prediction([(0, 4)], low, low[0]), Prediction([(0, 4)], high, high[0])]
        found = metrics.report(chosen, predictions, np.zeros(categories.COUNT))
        self.assertEqual((found.right[HEALTH], found.wrong[HEALTH], found.wrong[PRIVATE]), (1, 1, 1))
        self.assertEqual((found.false_alarms, found.overlap), (0.0, 1.0))


class Calibration(unittest.TestCase):
    def test_platt_recovers_a_known_slope(self) -> None:
        chance = np.random.default_rng(1)
        logits = chance.normal(size=20_000) * 3
        target = (chance.random(20_000) < calibrate.sigmoid(0.5 * logits - 1)).astype(float)
        slope, bias = calibrate.platt(logits, target, np.ones(20_000))
        self.assertAlmostEqual(slope, 0.5, places=1)
        self.assertAlmostEqual(bias, -1.0, places=1)


class Alignment(unittest.TestCase):
    def test_same_split_pairs_tokens_else_word_means(self) -> None:
        rows = distill.alignment([None, 0, 1, 1, None], [None, 0, 0, 1, 1, None])
        self.assertEqual(rows[1], [0, 0.5, 0.5, 0, 0, 0])
        self.assertEqual(rows[2], [0, 0, 0, 1, 0, 0])
        self.assertEqual(sum(rows[0]), 0)


if __name__ == "__main__":
    unittest.main()
