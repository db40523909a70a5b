"""Make a trained classifier cheaper: drop whole layers, and the feed-forward units that say least. `train.py --start` heals it.

A unit says as much as the root mean square of its activation, over the tokens of a sample, times the length of what it
adds to the residual (the norm of its column in `down`).
"""

import argparse
import dataclasses
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import classifier
import encoder
from classifier import Classifier
from sheet import Sheet


@torch.no_grad()
def importance(model: Classifier, sheet: Sheet, examples: int) -> list[Tensor]:
    """For each layer, how much each of its feed-forward units says: [inner]."""
    squares = [torch.zeros(inner) for inner in model.encoder.shape.inners()]
    tokens = 0
    chance = np.random.default_rng(0)
    mask = torch.zeros(0)

    def note(layer: int):
        def hook(_: torch.nn.Module, given: tuple[Tensor]) -> None:
            squares[layer] += (given[0].float().square() * mask[:, :, None]).sum((0, 1))

        return hook

    hooks = [layer.down.register_forward_pre_hook(note(n)) for n, layer in enumerate(model.encoder.layers)]
    chosen = chance.permutation(np.flatnonzero(sheet.copy == 0))[:examples]
    for at in range(0, len(chosen), 64):
        batch = sheet.batch(chosen[at : at + 64], 0.2, chance)
        mask = batch.mask.float()
        tokens += int(mask.sum())
        model(batch.ids, batch.mask, batch.flags)
    for hook in hooks:
        hook.remove()
    return [(s / tokens).sqrt() * layer.down.weight.norm(dim=0) for s, layer in zip(squares, model.encoder.layers, strict=True)]


@torch.no_grad()
def narrowed(model: Classifier, keep: list[Tensor]) -> Classifier:
    """The same with these feed-forward units of each layer only."""
    shape = dataclasses.replace(model.encoder.shape, inner=[len(units) for units in keep])
    small = Classifier(encoder.Encoder(shape))
    found = model.state_dict()
    for n, units in enumerate(keep):
        stem = f"encoder.layers.{n}"
        found[f"{stem}.up.weight"] = found[f"{stem}.up.weight"][units].clone()
        found[f"{stem}.up.bias"] = found[f"{stem}.up.bias"][units].clone()
        found[f"{stem}.down.weight"] = found[f"{stem}.down.weight"][:, units].clone()
    small.load_state_dict(found)
    return small


def shortened(model: Classifier, layers: list[int]) -> Classifier:
    """The same with these layers only."""
    small = Classifier(encoder.cut(model.encoder, layers, model.encoder.shape.gelu))
    heads = {name: value for name, value in model.state_dict().items() if not name.startswith("encoder.")}
    small.load_state_dict(heads, strict=False)
    return small


def main() -> None:
    """Write the smaller model.safetensors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="model.safetensors of train.py or unpack.py")
    parser.add_argument("--views", type=Path, required=True, help="a set of views.py to see what units say")
    parser.add_argument("--layers", default="", help="keep these layers only: 0,1,3,4,5")
    parser.add_argument("--inner", default="", help="feed-forward units to keep in each layer: 640,896,1216,1216,1216,384")
    parser.add_argument("--examples", type=int, default=3000)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = classifier.load(args.start).eval()
    if args.layers:
        model = shortened(model, [int(n) for n in args.layers.split(",")]).eval()
    if args.inner:
        kept = [int(n) for n in args.inner.split(",")]
        scores = importance(model, Sheet(args.views), args.examples)
        model = narrowed(model, [s.topk(n).indices.sort().values for s, n in zip(scores, kept, strict=True)])
    classifier.save(model, args.out)
    print(json.dumps(dataclasses.asdict(model.encoder.shape) | {"parameters": sum(p.numel() for p in model.parameters())}))


if __name__ == "__main__":
    main()
