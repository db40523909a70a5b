"""Noise keeps spans on the words they marked."""

import unittest
from random import Random

import augment
from augment import Edit
from notes import Note, Span, parse


def marked(note: Note) -> list[str]:
    return [note.text[s.start : s.end] for s in note.spans]


class Rewrite(unittest.TestCase):
    note = parse("Mme a [health:un cancer], rdv lundi")

    def test_edit_before_shifts(self) -> None:
        self.assertEqual(marked(augment.rewrite(self.note, [Edit(0, 3, "Madame")])), ["un cancer"])

    def test_edit_inside_and_at_the_edges(self) -> None:
        self.assertEqual(marked(augment.rewrite(self.note, [Edit(9, 15, "canser")])), ["un canser"])
        self.assertEqual(marked(augment.rewrite(self.note, [Edit(6, 8, "1")])), ["1 cancer"])
        self.assertEqual(marked(augment.rewrite(self.note, [Edit(15, 16, "")])), ["un cancer"])

    def test_straddling_edit_grows_the_span(self) -> None:
        self.assertEqual(marked(augment.rewrite(self.note, [Edit(4, 8, "1")])), ["1 cancer"])


class Noise(unittest.TestCase):
    note = parse("Cliente [health:hospitalisée] à l'hôpital, voir [sex_life:son ami Éric] pour le rendez-vous")

    def test_same_seed_same_noise(self) -> None:
        self.assertEqual(augment.noisy(self.note, Random(5)), augment.noisy(self.note, Random(5)))

    def test_accents_and_capitals_keep_the_length(self) -> None:
        for change in (augment.unaccent, augment.shout, augment.whisper):
            self.assertEqual(len(change(self.note, Random(1)).text), len(self.note.text))

    def test_shorten(self) -> None:
        short = augment.shorten(self.note, Random(1), rate=1.0)
        self.assertNotIn("rendez-vous", short.text)
        self.assertEqual(marked(short)[1], "son ami Éric")

    def test_spans_stay_in_the_text_and_keep_their_count(self) -> None:
        chance = Random(7)
        for _ in range(500):
            view = augment.noisy(self.note, chance)
            self.assertEqual(len(view.spans), 2)
            for span in view.spans:
                self.assertTrue(0 <= span.start < span.end <= len(view.text))

    def test_join_moves_spans(self) -> None:
        joined = augment.join([self.note, self.note], Random(3))
        self.assertEqual(marked(joined), marked(self.note) * 2)

    def test_scribbled_keeps_the_words(self) -> None:
        chance, text = Random(2), "le client est à l'hôpital depuis mardi, très fatigué"
        for _ in range(200):
            self.assertEqual(len(augment.scribbled(text, chance).split()), len(text.split()))

    def test_rename_spares_spans(self) -> None:
        note = Note("Karim voit Sophie à Lyon", (Span(0, 5, "ethnic_origin"),))
        self.assertEqual(marked(augment.rename(note, Random(1))), ["Karim"])


if __name__ == "__main__":
    unittest.main()
