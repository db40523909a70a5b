"""Seeded noise that keeps labels aligned: every change is a list of edits, and spans follow them."""

import dataclasses
import re
import unicodedata
from collections.abc import Callable
from random import Random

from names import FAMILIES, MEN, PLACES, WOMEN
from notes import Note, Span
from spelling import BY_EAR, NEIGHBOURS, SHORT

WORD = re.compile(r"[^\W\d_]+")
CAPITALISED = re.compile(r"\b[A-ZÉÈ][a-zéèêëïîôçàâ]{2,}\b")
SHORTENED = re.compile(r"\b(" + "|".join(sorted(map(re.escape, SHORT), key=len, reverse=True)) + r")\b", re.IGNORECASE)
EARS = tuple((re.compile(pattern), choices) for pattern, choices in BY_EAR)
TITLED = re.compile(r"\b(?:M\.|MM?|Mr|Mme|Mlle|Madame|Monsieur) ([A-ZÉÈ][a-zéèêëïîôçàâ]{2,})\b")
GROUPS = {name: group for group in (PLACES, FAMILIES, WOMEN, MEN) for name in group}
SEPARATORS = (" - ", " / ", ". ", " ", " // ", "\n", " ; ", ", ", " → ", " | ")


@dataclasses.dataclass(frozen=True)
class Edit:
    """Characters start..end become `new`."""

    start: int
    end: int
    new: str


def rewrite(note: Note, edits: list[Edit]) -> Note:
    """Apply edits that are sorted and do not overlap. A span cut by an edit grows to hold the new text."""
    if not edits:
        return note
    text, at = "", 0
    shifts: list[tuple[Edit, int]] = []  # each edit with where its new text starts
    for edit in edits:
        text += note.text[at : edit.start]
        shifts.append((edit, len(text)))
        text += edit.new
        at = edit.end
    text += note.text[at:]

    def place(position: int, is_end: bool) -> int:
        delta = 0
        for edit, start in shifts:
            if edit.end <= position and not (is_end and edit.start == edit.end == position):
                delta = start + len(edit.new) - edit.end
            elif edit.start < position:
                return start + (len(edit.new) if is_end else 0)
            else:
                break
        return position + delta

    moved = (Span(place(s.start, False), place(s.end, True), s.category) for s in note.spans)
    return Note(text, tuple(s for s in moved if s.start < s.end), note.accepted)


def bare(character: str) -> str:
    """One character without its accent; ligatures stay one character only in the plain Latin range."""
    return unicodedata.normalize("NFD", character)[0]


def unaccent(note: Note, _chance: Random) -> Note:
    """hospitalisé → hospitalise. Length never changes."""
    return dataclasses.replace(note, text="".join(map(bare, note.text)))


def upper(character: str) -> str:
    """A capital that is still one character (ß stays ß)."""
    capital = character.upper()
    return capital if len(capital) == 1 else character


def shout(note: Note, chance: Random) -> Note:
    """ALL CAPS, mostly without accents, as old software wants them."""
    if chance.random() < 0.75:
        note = unaccent(note, chance)
    return dataclasses.replace(note, text="".join(map(upper, note.text)))


def whisper(note: Note, _chance: Random) -> Note:
    """No capital anywhere."""
    return dataclasses.replace(note, text="".join(c.lower() if len(c.lower()) == 1 else c for c in note.text))


def finger(word: str, chance: Random) -> str:
    """One slip: a neighbour key, two letters swapped, one doubled, one missing."""
    at = chance.randrange(len(word))
    slip = chance.randrange(4)
    if slip == 0 and word[at].lower() in NEIGHBOURS:
        return word[:at] + chance.choice(NEIGHBOURS[word[at].lower()]) + word[at + 1 :]
    if slip == 1 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if slip == 2:
        return word[: at + 1] + word[at:]
    return word[:at] + word[at + 1 :]


def by_ear(word: str, chance: Random) -> str:
    """One phonetic spelling, where a rule applies."""
    usable = [(pattern, choices) for pattern, choices in EARS if pattern.search(word)]
    if not usable:
        return word
    pattern, choices = chance.choice(usable)
    return pattern.sub(chance.choice(choices), word, count=1)


def misspell(note: Note, chance: Random, rate: float = 0.15) -> Note:
    """Slips of finger and ear in words of four letters or more."""
    edits = []
    for word in WORD.finditer(note.text):
        if len(word[0]) > 3 and chance.random() < rate:
            change = by_ear if chance.random() < 0.5 else finger
            new = change(word[0], chance)
            if len(new) > 1:
                edits.append(Edit(*word.span(), new))
    return rewrite(note, edits)


def shorten(note: Note, chance: Random, rate: float = 0.6) -> Note:
    """rendez-vous → rdv, pour → pr …"""
    found = (word for word in SHORTENED.finditer(note.text) if chance.random() < rate)
    return rewrite(note, [Edit(*word.span(), chance.choice(SHORT[word[0].lower()])) for word in found if word[0].lower() in SHORT])


def unpunctuate(note: Note, _chance: Random) -> Note:
    """Commas, stops and the like become blanks, except inside numbers and addresses."""
    marks = re.finditer(r"(?<!\d)\s?[,;:!?.…()\"«»]+(?=\s|$)", note.text)
    return rewrite(note, [Edit(*mark.span(), "") for mark in marks])


def unapostrophe(note: Note, chance: Random) -> Note:
    """l'hôpital → l hôpital or lhôpital."""
    new = chance.choice((" ", ""))
    return rewrite(note, [Edit(*mark.span(), new) for mark in re.finditer(r"(?<=\w)['’](?=\w)", note.text)])


def rename(note: Note, chance: Random) -> Note:
    """Swap known given names, family names and places for others of their kind, and any name after a title, outside required spans."""
    titled = {word.start(1) for word in TITLED.finditer(note.text)}
    edits = []
    for word in CAPITALISED.finditer(note.text):
        inside = any(s.start < word.end() and word.start() < s.end for s in note.spans)
        group = FAMILIES if word.start() in titled else GROUPS.get(word[0])
        if group and not inside:
            edits.append(Edit(*word.span(), chance.choice(group)))
    return rewrite(note, edits)


def renamed(note: Note, chance: Random) -> Note:
    """As written, or with other names only: a verdict must not hang on a name."""
    return rename(note, chance) if chance.random() < 0.6 else note


def redial(note: Note, chance: Random) -> Note:
    """Other digits in long numbers: phones, accounts, references. The first digit stays."""
    text = list(note.text)
    for number in re.finditer(r"\d[\d .-]{6,}\d", note.text):
        for at in range(number.start() + 2, number.end()):
            if text[at].isdigit():
                text[at] = chance.choice("0123456789")
    return dataclasses.replace(note, text="".join(text))


def join(parts: list[Note], chance: Random) -> Note:
    """Several notes in one field, as a history grows."""
    text, spans, accepted = "", [], frozenset[str]()
    separator = chance.choice(SEPARATORS)
    for part in parts:
        text += separator if text else ""
        spans += [Span(s.start + len(text), s.end + len(text), s.category) for s in part.spans]
        accepted |= part.accepted
        text += part.text
    return Note(text, tuple(spans), accepted)


Change = Callable[[Note, Random], Note]
# Applied in this order, each with its own probability.
MIXTURE: tuple[tuple[float, Change], ...] = (
    (0.70, rename),
    (0.50, redial),
    (0.20, shorten),
    (0.10, unapostrophe),
    (0.12, unpunctuate),
    (0.30, misspell),
    (0.25, unaccent),
    (0.12, shout),
    (0.15, whisper),
)


def noisy(note: Note, chance: Random) -> Note:
    """One random variant of a note."""
    for probability, change in MIXTURE:
        if chance.random() < probability:
            note = change(note, chance)
    return note


def scribbled(text: str, chance: Random) -> str:
    """A variant of plain text with the same number of blank-separated words: for distillation."""
    note = Note(text)
    if chance.random() < 0.4:
        note = misspell(note, chance, chance.choice((0.1, 0.2, 0.35)))
    if chance.random() < 0.35:
        note = unaccent(note, chance)
    draw = chance.random()
    if draw < 0.2:
        note = shout(note, chance)
    elif draw < 0.35:
        note = whisper(note, chance)
    return note.text
