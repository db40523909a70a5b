"""Sentences of open corpora that plainly state nothing about a person: a few unlabelled hard negatives."""

import random
import re
from itertools import chain
from pathlib import Path

import texts
from notes import Note

# Anybody human, or anything that could be said of one.
PERSON = re.compile(
    r"\b(je|j|tu|il|elle|ils|elles|on|nous|vous|moi|toi|lui|me|m|te|se|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|"
    r"votre|vos|leur|leurs|qui|monsieur|madame|m|mme|mr|dr|patiente?s?|malades?|hommes?|femmes?|enfants?|m[eè]re|"
    r"p[eè]re|fils|fille|mari|[ée]poux|[ée]pouse|personnes?|gens|citoyens?|collègues?|président|présidente|député|"
    r"commissaire|ministre|groupe|roi|reine|né|née|mort|morte|arabes?|noirs?|juifs?|musulmans?|chrétiens?|gays?|"
    r"femelles?|sujet|ans|âgée?|atteinte?|souffre|celui|celle|ceux|quelqu|chacun|tous|toutes|auteur|acteur)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<=\w\s)[A-ZÉ][a-zé]+")  # a capital inside the sentence may be a name


def usable(line: str) -> bool:
    """Short enough, a sentence, nobody in it."""
    return 25 < len(line) < 200 and not PERSON.search(line) and not NAME.search(line)


def sentences(folder: Path, count: int, seed: int) -> list[Note]:
    """`count` clean notes: as many pharmacy statements as parliament and treebank sentences."""
    chance = random.Random(seed)
    general = [line for line in chain(texts.ud(folder), list(texts.europarl(folder))) if usable(line)]
    medical = [line for line in texts.medical(folder) if usable(line)]
    chosen = chance.sample(general, min(count // 2, len(general))) + chance.sample(medical, min(count // 2, len(medical)))
    return [Note(line) for line in chosen]
