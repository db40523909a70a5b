"""A French cut of the XLM-R vocabulary, with alias pieces for unaccented and upper-case spellings.

Staff type "DIABETIQUE" and "diabetique" for "diabétique". Such a spelling shatters into many pieces that mean
little. An alias is a new piece for it whose embedding starts as a copy of the usual piece's: the three
spellings start equal, and a shouted note costs no more tokens than a calm one.
"""

import copy
import unicodedata
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer

SPECIALS = 4  # <s> <pad> </s> <unk>
MARK = "▁"  # opens a word
EXTRA_CHARACTERS = "€’‘“”«»–—…•→°²³№™" + MARK
ALIAS_PENALTY = 0.05  # log-probability an alias gives up to the spelling it copies


def rank(tokenizer: Tokenizer, sources: Iterable[tuple[Iterable[str], float]]) -> Counter[int]:
    """Weighted piece counts over (texts, weight) pairs."""
    counts: Counter[int] = Counter()
    for texts, weight in sources:
        found: Counter[int] = Counter()
        for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
            found.update(encoding.ids)
        for piece, count in found.items():
            counts[piece] += count * weight
    return counts


def choose(vocabulary: list, counts: Counter[int], size: int) -> list[int]:
    """Old ids to keep, ascending: specials, every plain character, the commonest pieces, and <mask>."""
    mask = len(vocabulary) - 1
    kept = set(range(SPECIALS)) | {mask}
    kept.update(i for i, (piece, _) in enumerate(vocabulary) if len(piece) == 1 and is_basic(piece))
    for piece, _ in counts.most_common():
        if len(kept) >= size:
            break
        kept.add(piece)
    return sorted(kept)


def is_basic(character: str) -> bool:
    """A character that must never become <unk>."""
    return ord(character) < 0x250 or character in EXTRA_CHARACTERS


def plain(text: str) -> str:
    """Without accents and ligatures."""
    split = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("æ", "ae").replace("Œ", "OE"))
    return "".join(c for c in split if not unicodedata.combining(c))


def aliases(vocabulary: list, counts: Counter[int], kept: list[int], shouted: int) -> list[tuple[str, float, int]]:
    """(new piece, score, old id copied): unaccented forms of every kept piece, capitals of the commonest."""
    taken = {vocabulary[i][0] for i in kept}
    ranked = sorted(kept[SPECIALS:-1], key=lambda i: (-counts[i], i))
    found: list[tuple[str, float, int]] = []

    def offer(piece: str, source: int) -> bool:
        if piece in taken:
            return False
        taken.add(piece)
        found.append((piece, vocabulary[source][1] - ALIAS_PENALTY, source))
        return True

    for i in ranked:
        piece = vocabulary[i][0]
        if len(piece) > 2 and piece != plain(piece):
            offer(plain(piece), i)
    for i in ranked:
        word = vocabulary[i][0].lstrip(MARK)
        if shouted and len(word) > 2 and word.isalpha() and word.islower():
            shouted -= offer(plain(vocabulary[i][0]).upper(), i)
    return found


def trimmed(description: dict, kept: list[int], extra: list[tuple[str, float, int]]) -> tuple[dict, list[int]]:
    """A new tokenizer.json, and for each of its ids the old id whose embedding it starts from."""
    result = copy.deepcopy(description)
    old = description["model"]["vocab"]
    origin = [*kept[:-1], *(source for _, _, source in extra), kept[-1]]
    pieces = [old[i] for i in kept[:-1]] + [[piece, score] for piece, score, _ in extra] + [old[kept[-1]]]
    result["model"]["vocab"] = pieces
    place = {i: n for n, i in enumerate(kept)} | {kept[-1]: len(pieces) - 1}
    for token in result["added_tokens"]:
        token["id"] = place[token["id"]]
    result["truncation"] = result["padding"] = None
    return result, origin


def origins(description: dict, trimmed_description: dict) -> list[int]:
    """What `trimmed` said of a tokenizer that it made earlier: the old id of each of its pieces; an alias is told by its form and score."""
    old = description["model"]["vocab"]
    place = {piece: n for n, (piece, _) in enumerate(old)}
    sources: dict[tuple[str, float], int] = {}
    for piece, _ in trimmed_description["model"]["vocab"]:
        if (n := place.get(piece)) is not None:
            for form in (plain(piece), plain(piece).upper()):
                sources.setdefault((form, round(old[n][1] - ALIAS_PENALTY, 4)), n)
    return [place[piece] if piece in place else sources[piece, round(score, 4)] for piece, score in trimmed_description["model"]["vocab"]]
