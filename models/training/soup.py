"""Average the weights of students that started alike: one model that is steadier than any of them.

M. Wortsman et al., "Model soups", 2022.
"""

import argparse
from pathlib import Path

import torch

import classifier


def main() -> None:
    """Write the mean of some model.safetensors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    found = [classifier.load(path) for path in args.models]
    states = [model.state_dict() for model in found]
    with torch.no_grad():
        found[0].load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    classifier.save(found[0], args.out)


if __name__ == "__main__":
    main()
