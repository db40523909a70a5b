"""Fine-tune an encoder and its two heads on prepared views; teachers' soft labels (teach.py) may help.

The last weights, averaged over steps, are what is kept: the development notes decide nothing here.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import classifier
import encoder
import peaks
import precision
from classifier import Classifier
from sheet import Batch, Sheet

WARM = 0.06  # share of the schedule in which the rate rises
SHARES = 8  # an epoch reads one in so many of the unlabelled lines
SAVED = 300  # seconds between two savings of the state

def loss(token: Tensor, note: Tensor, batch: Batch, positive: float) -> Tensor:
    """Masked cross-entropies: summed over categories, averaged over tokens and over notes."""
    weight = torch.tensor(positive, device=token.device)
    known = batch.labelled[:, None]
    token_weights = batch.token_weights * known[:, None]
    each = F.binary_cross_entropy_with_logits(token, batch.token_labels, token_weights, pos_weight=weight, reduction="sum")
    whole = F.binary_cross_entropy_with_logits(note, batch.note_labels, batch.note_weights * known, pos_weight=weight, reduction="sum")
    tokens, notes = (batch.mask * batch.labelled[:, None]).sum().clamp(min=1), batch.labelled.sum().clamp(min=1)
    return each / tokens * 4 + whole / notes


def peak_loss(token: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of what decides a finding: the highest token of a note, and in a span the best of its tokens.

    For a category that the note does not ask for, the highest token of all must be low; for one that it does, some token
    of its spans must be high. Summed over categories, averaged over notes; accepted categories are out.
    """
    judged = batch.token_weights > 0  # neither padding nor <s>
    inside = judged & (batch.token_labels > 0)
    low = torch.finfo(token.dtype).min
    best, highest = token.masked_fill(~inside, low).amax(1), token.masked_fill(~judged, low).amax(1)
    value = torch.where(batch.note_labels > 0, F.softplus(-best) * inside.any(1), F.softplus(highest))
    return (value * batch.note_weights * batch.labelled[:, None]).sum() / batch.labelled.sum().clamp(min=1)


def soft_loss(token: Tensor, note: Tensor, batch: Batch) -> Tensor:
    """Cross-entropies against the teachers' probabilities, accepted categories included."""
    real = batch.mask[:, :, None].to(token.dtype)
    each = F.binary_cross_entropy_with_logits(token, batch.soft_token, real.expand_as(token), reduction="sum")
    whole = F.binary_cross_entropy_with_logits(note, batch.soft_note, reduction="sum")
    return each / batch.mask.sum() * 4 + whole / len(note)


def groups(model: Classifier, rate: float, decay: float) -> list[dict]:
    """Heads learn fastest, embeddings slowest, lower layers slower than upper ones."""
    depth = model.encoder.shape.layers
    found: list[dict] = [{"params": [], "lr": rate * max(decay**depth, 0.3)}, {"params": [], "lr": rate * 10}]
    found += [{"params": [], "lr": rate * decay ** (depth - 1 - n)} for n in range(depth)]
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        if not parameter.requires_grad:
            continue
        if parts[0] != "encoder":
            found[1]["params"].append(parameter)
        elif parts[1] == "layers":
            found[2 + int(parts[2])]["params"].append(parameter)
        else:
            found[0]["params"].append(parameter)
    return [group for group in found if group["params"]]


def freeze(model: Classifier, layers: int) -> None:
    """Leaves the embeddings and the first layers as they are."""
    for name, parameter in model.encoder.named_parameters():
        parts = name.split(".")
        parameter.requires_grad = parts[0] == "layers" and int(parts[1]) >= layers


def quick(model: Classifier, dev: Sheet) -> dict[str, float]:
    """Note-level macro F1 and false alarms on clean notes at one half, by the highest token: to watch, not to choose."""
    report = peaks.read(model, dev, np.arange(len(dev.lengths))).report(0.0)
    worst = float(np.nanmin(report.f1))
    return {"macro": round(report.macro, 4), "alarms": round(report.false_alarms, 4), "worst": round(worst, 3)}


def main() -> None:
    """Write `model.safetensors`; `--resume` goes on from the last saved state, with the whole of its epoch."""
    parser = argparse.ArgumentParser(description=__doc__)
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--encoder", type=Path, help="teacher.safetensors, or a distilled student.safetensors")
    start.add_argument("--start", type=Path, help="model.safetensors of an earlier training, to go on from with new notes")
    parser.add_argument("--layers", default="", help="keep these layers of the encoder only: 0,1,10,11")
    parser.add_argument("--views", type=Path, action="append", required=True, help="sets of views.py")
    parser.add_argument("--watch", type=Path, action="append", default=[], help="sets to score after each epoch")
    parser.add_argument("--soft", type=float, default=0.0, help="weight of teach.py's soft labels beside the written ones")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--decay", type=float, default=0.9, help="learning rate of a layer to the one above it")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--positive", type=float, default=1.5, help="weight of a positive label")
    parser.add_argument("--peak", type=float, default=0.5, help="weight of the highest token of a note beside the mean of all")
    parser.add_argument("--blind", type=float, default=0.2, help="share of examples that lose their flags")
    parser.add_argument("--leave", default="", help="K/N: read no note whose number leaves K when divided by N, for doubts.py")
    parser.add_argument("--ema", type=float, default=0.999)
    parser.add_argument("--freeze", type=int, default=0, help="leave the embeddings and this many layers as they are: faster")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0, help="plan the schedule for this much time instead of --epochs")
    parser.add_argument("--compile", action="store_true", help="let torch compile the model: a sixth faster on a CPU, after a minute")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    device = precision.device()

    sheets = [Sheet(path) for path in args.views]
    watched = {path.stem: Sheet(path) for path in args.watch}
    if args.start:
        model = classifier.load(args.start).to(device)
    else:
        whole = encoder.load(args.encoder)
        kept = [int(n) for n in args.layers.split(",")] if args.layers else list(range(whole.shape.layers))
        model = Classifier(encoder.cut(whole, kept, whole.shape.gelu)).to(device)
    if args.freeze:
        freeze(model, args.freeze)
    smooth = copy.deepcopy(model).eval()
    forward = torch.compile(model, dynamic=True) if args.compile else model
    optimiser = torch.optim.AdamW(groups(model, args.rate, args.decay), weight_decay=0.01, fused=True)
    rates = [group["lr"] for group in optimiser.param_groups]
    args.out.mkdir(parents=True, exist_ok=True)
    state_path = args.out / "state.pt"
    step = first = 0
    spent = 0.0
    if args.resume and state_path.exists():
        state = torch.load(state_path, map_location=device)
        model.load_state_dict(state["model"])
        smooth.load_state_dict(state["smooth"])
        optimiser.load_state_dict(state["optimiser"])
        step, first, spent = state["step"], state["epoch"], state["spent"]

    part, parts = map(int, args.leave.split("/")) if args.leave else (-1, 1)

    def pools(epoch: int) -> list[np.ndarray]:
        """Each epoch reads one pass over the notes of each set, and its share of the unlabelled lines."""
        found = []
        for sheet in sheets:
            if sheet.copy.max() >= 0:
                turn = sheet.turn(epoch, args.seed)
                found.append(turn[sheet.note[turn] % parts != part])
            elif args.soft:
                found.append(np.flatnonzero(np.arange(len(sheet.copy)) % SHARES == epoch % SHARES))
            else:
                found.append(np.zeros(0, np.int64))
        return found

    total = 0 if args.minutes else sum(len(p) // args.batch + 1 for epoch in range(args.epochs) for p in pools(epoch) if len(p))
    began = time.monotonic() - spent

    def share() -> float:
        """How much of the schedule has passed: of the minutes where they are given, else of the steps."""
        return (time.monotonic() - began) / 60 / args.minutes if args.minutes else step / total

    def save(epoch: int) -> float:
        """Keeps all that `--resume` needs to go on with that epoch; says when."""
        state = {"model": model.state_dict(), "smooth": smooth.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save(state | {"step": step, "epoch": epoch, "spent": time.monotonic() - began}, state_path.with_suffix(".draft"))
        state_path.with_suffix(".draft").replace(state_path)
        return time.monotonic()

    saved = time.monotonic()
    for number in range(first, args.epochs):
        if share() >= 1:
            break
        losses: list[float] = []
        model.train()
        turns = [(sheet, pool) for sheet, pool in zip(sheets, pools(number), strict=True) if len(pool)]
        streams = [sheet.batches(pool, args.batch, [args.seed, number, step], args.blind) for sheet, pool in turns]
        for batch in interleave(streams, [len(pool) for _, pool in turns]):
            if (passed := share()) >= 1:
                break
            batch = batch.to(device)
            factor = min(1.0, passed / WARM + 0.01) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * passed)))
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            with precision.mixed(device):
                token, note = forward(batch.ids, batch.mask, batch.flags)
            value = loss(token.float(), note.float(), batch, args.positive)
            if args.peak:
                value = value + args.peak * peak_loss(token.float(), batch)
            if args.soft:
                value = (1 - args.soft) * value + args.soft * soft_loss(token.float(), note.float(), batch)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            if step % 20 == 0:
                losses.append(value.item())
            keep = min(args.ema, step / (step + 10))
            with torch.no_grad():
                torch._foreach_lerp_(list(smooth.parameters()), list(model.parameters()), 1 - keep)
            if time.monotonic() - saved > SAVED:
                saved = save(number)
        row = {"epoch": number, "step": step, "seconds": round(time.monotonic() - began), "loss": round(float(np.mean(losses or [0])), 4)}
        print(args.out.name, json.dumps(row | {name: quick(smooth, dev) for name, dev in watched.items()}), flush=True)
        saved = save(number + 1)
    classifier.save(smooth.cpu(), args.out / "model.safetensors")


def interleave(streams: list, sizes: list[int]):
    """Batches of several streams, each spread evenly over the epoch."""
    taken = [0.0] * len(streams)
    live = list(range(len(streams)))
    while live:
        n = min(live, key=lambda k: taken[k] / sizes[k])
        batch = next(streams[n], None)
        if batch is None:
            live.remove(n)
            continue
        taken[n] += len(batch.ids)
        yield batch


if __name__ == "__main__":
    main()
