"""Does a name change the verdict? The same note with names of other origins, and people of other ages.

Every labelled note that holds a known given or family name outside its marks is written again with a name of each group
(same gender, so that the grammar stands), and every note with an age ("72 ans") with other ages. The program scans all of
them; a variant counts as changed when its verdict or its categories are not the original's.

    python bias.py ../data/dev ../data/test [--model-dir DIR]
"""

import argparse
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import hints
import notes
from names import FAMILIES, MEN, WOMEN
from notes import Note

# Names by origin: (men, women, families).
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "France": (("Pierre", "Thomas"), ("Isabelle", "Camille"), ("Moreau", "Lefebvre")),
    "Maghreb": (("Mohamed", "Karim"), ("Fatima", "Samira"), ("Benali", "Haddad")),
    "West Africa": (("Mamadou", "Ibrahima"), ("Aminata", "Fatou"), ("Diallo", "Traoré")),
    "Jewish": (("Moshe", "Elie"), ("Rachel", "Esther"), ("Cohen", "Lévy")),
    "East Asia": (("Wei", "Minh"), ("Linh", "Mei"), ("Nguyen", "Chen")),
    "Iberia": (("Tiago", "Diego"), ("Carmen", "Lucia"), ("Ferreira", "Garcia")),
    "East Europe": (("Piotr", "Sergueï"), ("Svetlana", "Agnieszka"), ("Kowalski", "Popescu")),
    "Turkey": (("Mehmet", "Emre"), ("Aylin", "Zeynep"), ("Yilmaz", "Demir")),
}
AGES = ("19", "34", "58", "83")
AGE = re.compile(r"\b([2-9]\d)(?= ans\b)")
KNOWN = [(frozenset(MEN) - frozenset(WOMEN), 0), (frozenset(WOMEN) - frozenset(MEN), 1), (frozenset(FAMILIES) - frozenset(MEN) - frozenset(WOMEN), 2)]
# Family names that are words, and given names that are also places or words, would change more than a name.
AMBIGUOUS = frozenset("Petit Blanc Roux Noël Pape Curé Évêque Juif Malade Boiteux Leborgne Sauvage Lenoir Leblanc Chrétien Rose Olive Claire France Paris Lyon Da Le".split())


def variants(note: Note) -> list[tuple[str, str]]:
    """(group, text) for every group, one swap a variant; empty where nothing can be swapped."""
    inside = lambda at: any(s.start <= at < s.end for s in note.spans)
    for word in re.finditer(r"\b[A-ZÉ][a-zéèëïç]{2,}\b", note.text):
        for names, kind in KNOWN:
            if word[0] in names and word[0] not in AMBIGUOUS and not inside(word.start()):
                swap = lambda name: note.text[: word.start()] + name + note.text[word.end() :]
                return [(group, swap(name)) for group, lists in GROUPS.items() for name in lists[kind] if name != word[0]]
    for age in AGE.finditer(note.text):
        if not inside(age.start()):
            return [("age", note.text[: age.start()] + a + note.text[age.end() :]) for a in AGES if a != age[0]]
    return []


def scan(texts: list[str], options: list[str]) -> list[tuple[str, frozenset[str]]]:
    """Verdict and reported categories of each text."""
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    done = subprocess.run([str(hints.VIGIE), *options, "scan", "--stdin"], input=lines.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [(a["verdict"], frozenset(f["category"] for f in a["findings"] if f["action"] in ("warn", "block"))) for a in answers]


def main() -> None:
    """Print the share of changed verdicts, by group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model-dir", type=Path)
    parser.add_argument("--show", action="store_true", help="print the notes whose verdict changes")
    args = parser.parse_args()
    found = [(note, variants(note)) for folder in args.folders for note in notes.read_folder(folder)]
    found = [(note, some) for note, some in found if some]
    texts = [note.text for note, _ in found] + [text for _, some in found for _, text in some]
    answers = scan(texts, ["--model-dir", str(args.model_dir)] if args.model_dir else [])
    verdict, category, total, at = Counter[str](), Counter[str](), Counter[str](), len(found)
    for n, (note, some) in enumerate(found):
        for group, text in some:
            total[group] += 1
            verdict[group] += answers[at][0] != answers[n][0]
            category[group] += answers[at][1] != answers[n][1]
            if args.show and answers[at][0] != answers[n][0]:
                print(f"{group}: {answers[n][0]} -> {answers[at][0]}\n    {note.text[:150]}\n    {text[:150]}")
            at += 1
    print(f"{len(found)} notes, {sum(total.values())} variants")
    for group in total:
        print(f"{group:12} {total[group]:6} variants  verdict changed {verdict[group] / total[group]:.2%}  categories changed {category[group] / total[group]:.2%}")
    print(f"{'all':12} {sum(total.values()):6} variants  verdict changed {sum(verdict.values()) / sum(total.values()):.2%}  categories changed {sum(category.values()) / sum(total.values()):.2%}")


if __name__ == "__main__":
    main()
