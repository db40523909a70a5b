"""Write what teachers think of a prepared set: the mean of their probabilities, for students to learn from.

Beside the set SET.npz goes SET.soft.npz: token [tokens, 14] and note [examples, 14], fp16.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import categories
import classifier
import precision
from sheet import Sheet, entries


@torch.no_grad()
def main() -> None:
    """Run every teacher over every example, the rules' flags in full."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", type=Path, action="append", required=True, help="model.safetensors of train.py")
    parser.add_argument("--views", type=Path, action="append", required=True, help="sets of views.py")
    parser.add_argument("--batch", type=int, default=256)
    args = parser.parse_args()
    device = precision.device()
    teachers = [classifier.load(path).to(device).eval() for path in args.teacher]
    for path in args.views:
        sheet = Sheet(path)
        token = np.zeros((len(sheet.ids), categories.COUNT), np.float16)
        note = np.zeros((len(sheet.lengths), categories.COUNT), np.float16)
        order = np.argsort(sheet.lengths, kind="stable")
        chance = np.random.default_rng(0)
        for at in range(0, len(order), args.batch):
            chosen = order[at : at + args.batch]
            batch = sheet.batch(chosen, 0.0, chance).to(device)
            with precision.mixed(device):
                found = [teacher(batch.ids, batch.mask, batch.flags) for teacher in teachers]
            tokens = torch.stack([torch.sigmoid(t.float()) for t, _ in found]).mean(0).cpu().numpy()
            note[chosen] = torch.stack([torch.sigmoid(n.float()) for _, n in found]).mean(0).cpu().numpy()
            row, place = entries(sheet.starts, chosen)
            token[place] = tokens[row, place - sheet.starts[chosen][row]]
        np.savez(path.with_suffix(".soft.npz"), token=token, note=note)
        print(f"{path.name}: {len(sheet.lengths)} examples taught", flush=True)


if __name__ == "__main__":
    main()
