"""Writes `models/manifest.toml`: name, version, labels and the SHA-256 of every file of the shipped model.

    python manifest.py models/vigie-fr-small VERSION
"""

import hashlib
import sys
from pathlib import Path

from categories import CATEGORIES

FILES = ("model.onnx", "model.int8.onnx", "tokenizer.json", "calibration.toml", "fusion.toml")


def main() -> None:
    folder, version = Path(sys.argv[1]), sys.argv[2]
    labels = ", ".join(f'"{c}"' for c in CATEGORIES)
    digests = (f'"{f}" = "{hashlib.sha256((folder / f).read_bytes()).hexdigest()}"' for f in FILES)
    text = "\n".join(
        [
            "# The shipped model. Written by models/training/manifest.py; the program refuses files whose digest differs.",
            f'name = "{folder.name}"',
            f'version = "{version}"',
            'licence = "Apache-2.0; starts from intfloat/multilingual-e5-small (MIT)"',
            "# In the order of the model's outputs.",
            f"labels = [{labels}]",
            "",
            "[sha256]",
            *digests,
        ]
    )
    (folder.parent / "manifest.toml").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
