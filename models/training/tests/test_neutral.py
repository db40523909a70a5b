"""Names are read as one name. The cases are those of src/detect/classifier/names.rs."""

import unittest

try:
    from tokenizers import Tokenizer  # noqa: F401 - what neutral.py needs

    import neutral
except ImportError as error:
    raise unittest.SkipTest(str(error)) from error


def names(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], kind) for start, end, kind in neutral.find(text)]


class Names(unittest.TestCase):
    def test_lists(self) -> None:
        expected = [("Karim", "men"), ("Marie", "women"), ("Benali", "families"), ("TRAORE", "families")]
        self.assertEqual(names("Karim et Marie Benali, TRAORE"), expected)
        self.assertEqual(names("il se marie samedi, SE MARIE SAMEDI"), [])

    def test_titles(self) -> None:
        for text, name in (("Mme Sauvage rappelle", "Sauvage"), ("voir M. JUIF au comptoir", "JUIF"), ("monsieur Le Boiteux", "Boiteux")):
            self.assertEqual(names(text), [(name, "families")])
        for text in ("Mme diabétique", "MME DIABETIQUE LIVRER TOT", "Merci Madame. Enceinte de six mois", "Madame, Enceinte de six mois"):
            self.assertEqual(names(text), [], text)

    def test_pieces(self) -> None:
        class Three(neutral.Neutral):
            def __init__(self) -> None:
                self.pieces = {"men": [7], "women": [8, 9], "families": [10]}

        found = Three().tokens("vu Svetlana hier", [0, 1, 2, 3, 4, 2], [(0, 0), (0, 2), (3, 6), (6, 11), (12, 16), (16, 16)])
        self.assertEqual(found, ([0, 1, 8, 9, 4, 2], [(0, 0), (0, 2), (3, 11), (3, 11), (12, 16), (16, 16)]))


if __name__ == "__main__":
    unittest.main()
