"""Fine-tune the distilled encoder and its two heads on the labelled notes."""

import argparse
import copy
import json
import math
import random
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

import augment
import categories
import classifier
import data
import encoder
import metrics
import negatives
import notes
import predict
import texts
from classifier import Classifier
from data import Batch, Example
from notes import Note

SMALLEST_DEV = 300
LIMIT = np.zeros(categories.COUNT)  # early stopping decides at logit 0: probability one half


def split(folder: Path) -> tuple[list[Note], list[Note]]:
    """train/ and dev/; while dev/ is still too small, a fixed tenth of train/ stands in."""
    train, dev = notes.read_folder(folder / "train"), notes.read_folder(folder / "dev")
    if len(dev) < SMALLEST_DEV:
        held = [zlib.crc32(note.text.encode()) % 10 == 0 for note in train]
        dev = [note for note, out in zip(train, held, strict=True) if out]
        train = [note for note, out in zip(train, held, strict=True) if not out]
    return train, dev


def epoch(pool: list[Note], tokenizer: Tokenizer, chance: random.Random, clean: float, joined: float) -> list[Example]:
    """One fresh view of every note: as written, or noisy; some joined with others."""
    examples = []
    for note in pool:
        view = note if chance.random() < clean else augment.noisy(note, chance)
        if chance.random() < joined:
            others = [augment.noisy(chance.choice(pool), chance) for _ in range(chance.randint(1, 3))]
            view = augment.join([view, *others], chance)
        examples += [data.encode(piece, tokenizer) for _, piece in data.windows(view, tokenizer)]
    return examples


def batches(examples: list[Example], size: int, chance: random.Random) -> Iterator[Batch]:
    """Shuffled batches of examples of like length."""
    chance.shuffle(examples)
    span = size * 20
    groups = [sorted(examples[at : at + span], key=lambda e: len(e.ids)) for at in range(0, len(examples), span)]
    found = [group[at : at + size] for group in groups for at in range(0, len(group), size)]
    chance.shuffle(found)
    yield from map(data.collate, found)


def loss(token: Tensor, note: Tensor, batch: Batch, positive: float) -> Tensor:
    """Masked cross-entropies: summed over categories, averaged over tokens and over notes."""
    weight = torch.tensor(positive)
    each = F.binary_cross_entropy_with_logits(token, batch.token_labels, batch.token_weights, pos_weight=weight, reduction="sum")
    whole = F.binary_cross_entropy_with_logits(note, batch.note_labels, batch.note_weights, pos_weight=weight, reduction="sum")
    return each / batch.mask.sum() * 4 + whole / len(note)


def groups(model: Classifier, rate: float) -> list[dict]:
    """Heads learn fastest, embeddings slowest, lower layers slower than upper ones."""
    depth = model.encoder.shape.layers
    found: list[dict] = [{"params": [], "lr": rate * 0.5}, {"params": [], "lr": rate * 20}]
    found += [{"params": [], "lr": rate * 0.85 ** (depth - 1 - n)} for n in range(depth)]
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        if parts[0] != "encoder":
            found[1]["params"].append(parameter)
        elif parts[1] == "layers":
            found[2 + int(parts[2])]["params"].append(parameter)
        else:
            found[0]["params"].append(parameter)
    return found


def main() -> None:
    """Write the best dev model as `model.safetensors`; `--resume` goes on from the last epoch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--encoder", type=Path, required=True, help="distilled student.safetensors")
    parser.add_argument("--data", type=Path, default=notes.FOLDER)
    parser.add_argument("--text-dir", type=Path, default=texts.TEXT_DIR)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--patience", type=int, default=3)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--positive", type=float, default=2.0, help="weight of a positive label")
    parser.add_argument("--clean", type=float, default=0.4, help="share of notes seen as written")
    parser.add_argument("--joined", type=float, default=0.12, help="share of notes joined with others")
    parser.add_argument("--negatives", type=int, default=400, help="unlabelled sentences taken as clean")
    parser.add_argument("--ema", type=float, default=0.99)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)

    tokenizer = Tokenizer.from_file(str(args.base / "tokenizer.json"))
    train, dev = split(args.data)
    print(f"{len(train)} train notes, {len(dev)} dev notes", flush=True)
    train += negatives.sentences(args.text_dir, args.negatives, args.seed)
    model = Classifier(encoder.load(args.encoder))
    smooth = copy.deepcopy(model)
    optimiser = torch.optim.AdamW(groups(model, args.rate), weight_decay=0.01, fused=True)
    rates = [group["lr"] for group in optimiser.param_groups]
    total = args.epochs * (len(train) // args.batch + 1)
    warm = max(total // 20, 20)
    step, first, best, stale = 0, 0, 0.0, 0
    args.out.mkdir(parents=True, exist_ok=True)
    state_path = args.out / "state.pt"
    if args.resume and state_path.exists():
        state = torch.load(state_path)
        model.load_state_dict(state["model"])
        smooth.load_state_dict(state["smooth"])
        optimiser.load_state_dict(state["optimiser"])
        step, first, best, stale = state["step"], state["epoch"], state["best"], state["stale"]

    for number in range(first, args.epochs):
        if stale >= args.patience:
            break
        began, chance = time.monotonic(), random.Random(args.seed * 1000 + number)
        examples = epoch(train, tokenizer, chance, args.clean, args.joined)
        losses = []
        model.train()
        for batch in batches(examples, args.batch, chance):
            share = min(1.0, step / total)
            factor = min(1.0, (step + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            with torch.autocast("cpu", torch.bfloat16):
                token, note = model(batch.ids, batch.mask)
            value = loss(token.float(), note.float(), batch, args.positive)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            losses.append(value.item())
            decay = min(args.ema, step / (step + 10))
            with torch.no_grad():
                torch._foreach_lerp_(list(smooth.parameters()), list(model.parameters()), 1 - decay)
        found = metrics.report(dev, predict.predict(predict.torch_runner(smooth), tokenizer, dev), LIMIT)
        seconds = round(time.monotonic() - began)
        print(json.dumps({"epoch": number, "step": step, "seconds": seconds, "loss": round(float(np.mean(losses)), 4)}), found.line(), flush=True)
        stale = 0 if found.macro > best else stale + 1
        if found.macro > best:
            best = found.macro
            classifier.save(smooth, args.out / "model.safetensors")
        state = {"model": model.state_dict(), "smooth": smooth.state_dict(), "optimiser": optimiser.state_dict()}
        state |= {"step": step, "epoch": number + 1, "best": best, "stale": stale}
        torch.save(state, state_path.with_suffix(".draft"))
        state_path.with_suffix(".draft").replace(state_path)
    print(f"best dev macro F1 {best:.4f}", flush=True)


if __name__ == "__main__":
    main()
