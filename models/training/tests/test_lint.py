"""The linter's rules."""

import unittest

import lint
from notes import Note, Span, parse


class Rules(unittest.TestCase):
    def test_cut_word(self) -> None:
        self.assertTrue(list(lint.cut_words(Note("diabétique", (Span(0, 4, "health"),)))))
        self.assertFalse(list(lint.cut_words(parse("l'[health:asthme], rien"))))

    def test_duplicates_ignore_case_accents_and_blanks(self) -> None:
        for other in ("CLIENT PRESSE", "clientpressé"):
            placed = [("train/a:1", parse("Client pressé.")), ("train/a:2", parse(other))]
            self.assertEqual(list(lint.repeats(placed)), ["train/a:2: duplicate of train/a:1"])

    def test_near_duplicates_count_between_parts_only(self) -> None:
        first, second = parse("le client rappelle lundi pour son devis de cuisine"), parse("le client rappelle lundi pour son devis de salle")
        self.assertTrue(list(lint.repeats([("train/a:1", first), ("dev/b:1", second)])))
        self.assertFalse(list(lint.repeats([("train/a:1", first), ("train/b:1", second)])))


if __name__ == "__main__":
    unittest.main()
