"""What the rules saw of a note, as flags a token: the classifier's third input.

`vigie rules hits` gives for each note the stretches that lexicons and patterns propose; each token gets one flag for
every category and kind of rule that touches it. `src/detect/classifier/hints.rs` is the same in the program.
"""

import json
import subprocess
from pathlib import Path

import numpy as np

import categories

KINDS = ("strong", "context", "weak", "vetoed", "pattern", "proof")
WIDTH = categories.COUNT * len(KINDS)
Hit = tuple[int, int, int]  # column, first character, end character

VIGIE = Path(__file__).resolve().parents[2] / "target" / "release" / "vigie"


def column(category: str, kind: str) -> int:
    """Category by category, the six kinds of each."""
    return categories.INDEX[category] * len(KINDS) + KINDS.index(kind)


def ask(texts: list[str], vigie: Path = VIGIE) -> list[list[Hit]]:
    """The hits of every text, in order, from the program itself."""
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    done = subprocess.run([str(vigie), "rules", "hits", "-"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    rows = [json.loads(line)["hits"] for line in done.stdout.splitlines()]
    if len(rows) != len(texts):
        raise RuntimeError(f"{len(texts)} notes asked, {len(rows)} answered")
    return [[(column(category, kind), start, end) for category, kind, start, end in row] for row in rows]


def places(hits: list[Hit], offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """(token, column) of every flag; offsets are the tokens' characters without blanks, empty for specials."""
    return sorted({(n, col) for col, start, end in hits for n, (a, b) in enumerate(offsets) if a < b and a < end and start < b})


def matrix(hits: list[Hit], offsets: list[tuple[int, int]]) -> np.ndarray:
    """The flags: [tokens, 84] of 0 and 1."""
    flags = np.zeros((len(offsets), WIDTH), np.float32)
    for place in places(hits, offsets):
        flags[place] = 1.0
    return flags
