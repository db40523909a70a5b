"""The marked-up format."""

import unittest

from notes import MarkError, Span, parse, render


class Parse(unittest.TestCase):
    def test_two_categories_share_a_span(self) -> None:
        note = parse("vit avec [sex_life+private_life:son mari Paul], rdv lundi |ok=health")
        self.assertEqual(note.text, "vit avec son mari Paul, rdv lundi")
        self.assertEqual(note.required, {"sex_life", "private_life"})
        self.assertEqual(note.accepted, {"health"})
        self.assertEqual(note.spans[0], Span(9, 22, "sex_life"))

    def test_render_is_the_inverse(self) -> None:
        line = "a [health:mal] et [offence+health:sort de prison]|ok=judgement,private_life"
        self.assertEqual(render(parse(line)), line)

    def test_unknown_id_and_stray_bracket(self) -> None:
        for line in ("[santé:x]", "[wealth:x]", "a ] b", "x |ok=wealth"):
            with self.assertRaises(MarkError, msg=line):
                parse(line)


if __name__ == "__main__":
    unittest.main()
