"""Average the weights of students that started alike: one model that is steadier than any of them.

M. Wortsman et al., "Model soups", 2022.
"""

import argparse
from pathlib import Path

import torch

import classifier


def main() -> None:
    """Write the mean of some model.safetensors, weighted or not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--weights", default="", help="what each counts for: 0.15,0.85; alike where it is left out")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    weights = torch.tensor([float(w) for w in args.weights.split(",")] if args.weights else [1.0] * len(args.models))
    if len(weights) != len(args.models):
        parser.error("--weights needs one number a model")
    weights /= weights.sum()
    found = [classifier.load(path) for path in args.models]
    states = [model.state_dict() for model in found]
    with torch.no_grad():
        found[0].load_state_dict({name: sum(w * state[name] for w, state in zip(weights, states, strict=True)) for name in states[0]})
    classifier.save(found[0], args.out)


if __name__ == "__main__":
    main()
