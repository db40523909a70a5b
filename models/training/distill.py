"""Teach a few-layer cut of the teacher to give the teacher's vectors, on clean and on scribbled text."""

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import augment
import encoder
import notes
import precision
import texts
from encoder import Encoder

PAD, LONGEST, HELD_OUT = 1, 56, 512
PREFIX = "query: "  # the teacher was trained with it; the student learns to do without


def padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids → ids and mask [batch, tokens] int64."""
    longest = max(map(len, rows))
    ids = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def alignment(student: list[int | None], teacher: list[int | None]) -> list[list[float]]:
    """Weights [student tokens, teacher tokens]: one to one where a word splits alike, else the word's mean.

    Both arguments give each token's word (None for specials). Rows of zeros have no counterpart.
    """
    places: dict[int, list[int]] = {}
    for at, word in enumerate(teacher):
        if word is not None:
            places.setdefault(word, []).append(at)
    mine: dict[int, list[int]] = {}
    for at, word in enumerate(student):
        if word is not None:
            mine.setdefault(word, []).append(at)
    rows = [[0.0] * len(teacher) for _ in student]
    for word, tokens in mine.items():
        theirs = places.get(word, [])
        for rank, at in enumerate(tokens):
            if len(tokens) == len(theirs):
                rows[at][theirs[rank]] = 1.0
            else:
                for other in theirs:
                    rows[at][other] = 1.0 / len(theirs)
    return rows


def word_of(text: str, offsets: list[tuple[int, int]]) -> list[int | None]:
    """For each token the rank of the blank-separated word its last character is in."""
    ranks, rank = [], -1
    for at, character in enumerate(text):
        if not character.isspace() and (at == 0 or text[at - 1].isspace()):
            rank += 1
        ranks.append(rank)
    return [ranks[end - 1] if end > start else None for start, end in offsets]


class Pairs:
    """Batches of (scribbled for the student, clean for the teacher)."""

    def __init__(self, tokenizer: Tokenizer, chance: random.Random) -> None:
        self.tokenizer, self.chance = tokenizer, chance
        self.prefix = tokenizer.encode(PREFIX + "x").ids[1:-2]

    def batch(self, clean: list[str], noisy: bool) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Student ids and mask, teacher ids and mask, weights [batch, student tokens, teacher tokens]."""
        dirty = [augment.scribbled(text, self.chance) if noisy and self.chance.random() < 0.6 else text for text in clean]
        student, teacher = self.tokenizer.encode_batch(dirty), self.tokenizer.encode_batch(clean)
        ids, mask = padded([row.ids for row in student])
        rows = [[row.ids[0], *self.prefix, *row.ids[1:]] for row in teacher]
        teacher_ids, teacher_mask = padded(rows)
        weights = torch.zeros(len(clean), ids.shape[1], teacher_ids.shape[1])
        for n, (mine, theirs) in enumerate(zip(student, teacher, strict=True)):
            skipped = [None] * len(self.prefix)
            words = word_of(clean[n], theirs.offsets)
            matrix = alignment(word_of(dirty[n], mine.offsets), [words[0], *skipped, *words[1:]])
            weights[n, : len(matrix), : len(matrix[0])] = torch.tensor(matrix)
        return ids, mask, teacher_ids, teacher_mask, weights


def pooled(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean over real tokens: [batch, tokens, width] → [batch, width]."""
    real = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * real).sum(1) / real.sum(1)


class Stream(IterableDataset):
    """Endless batches of lines of like length, made ready by worker processes where there are any."""

    def __init__(self, lines: list[str], tokenizer: Tokenizer, size: int, seed: int) -> None:
        self.lines, self.tokenizer, self.size, self.seed = lines, tokenizer, size, seed

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        worker = get_worker_info()
        chance = random.Random(self.seed * 1000 + (worker.id if worker else 0))
        pairs, lines = Pairs(self.tokenizer, chance), list(self.lines)
        while True:
            chance.shuffle(lines)
            step = self.size * 40
            groups = [sorted(lines[at : at + step], key=len) for at in range(0, len(lines), step)]
            found = [group[at : at + self.size] for group in groups for at in range(0, len(group), self.size)]
            chance.shuffle(found)
            for group in found:
                yield pairs.batch(group, noisy=True)


class Lesson:
    """The two losses of one batch."""

    def __init__(self, teacher: Encoder, student: Encoder, pairs: Pairs, sample: list[str], device: torch.device) -> None:
        self.teacher, self.student, self.pairs, self.device = teacher.eval(), student, pairs, device
        means = []
        for at in range(0, 256, 64):
            _, _, ids, mask, _ = (t.to(device) for t in pairs.batch(sample[at : at + 64], noisy=False))
            means.append(pooled(self.taught(ids, mask), mask))
        self.centre = torch.cat(means).mean(0)

    @torch.no_grad()
    def taught(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The teacher's token vectors, computed in bfloat16."""
        with precision.mixed(self.device):
            return self.teacher(ids, mask).float()

    def losses(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
        """Token mean squared error, and one minus the cosine of centred pooled vectors."""
        ids, mask, teacher_ids, teacher_mask, weights = (t.to(self.device, non_blocking=True) for t in batch)
        theirs = self.taught(teacher_ids, teacher_mask)
        with precision.mixed(self.device):
            mine = self.student(ids, mask).float()
        matched = weights.sum(-1, keepdim=True).clamp(max=1.0).round()  # [batch, student tokens, 1]
        token = ((mine - weights @ theirs) ** 2 * matched).sum() / matched.sum() / mine.shape[-1]
        a, b = pooled(mine, mask) - self.centre, pooled(theirs, teacher_mask) - self.centre
        return token, 1 - F.cosine_similarity(a, b).mean()

    @torch.no_grad()
    def score(self, lines: list[str], noisy: bool) -> tuple[float, float]:
        """Mean token error and centred cosine on held-out lines."""
        self.student.eval()
        found = [self.losses(self.pairs.batch(lines[at : at + 64], noisy)) for at in range(0, len(lines), 64)]
        self.student.train()
        return round(sum(float(a) for a, _ in found) / len(found), 5), round(1 - sum(float(b) for _, b in found) / len(found), 4)


def main() -> None:
    """Train until the minutes are spent; `--resume` goes on from the checkpoint, minutes included."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder written by convert.py")
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--text-dir", type=Path, default=texts.TEXT_DIR)
    parser.add_argument("--notes", type=Path, default=notes.FOLDER / "train")
    parser.add_argument("--out", type=Path, required=True, help="student.safetensors is kept up to date here")
    parser.add_argument("--layers", default="0,1,2,9,10,11")
    parser.add_argument("--gelu", default="none", choices=("none", "tanh"))
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--workers", type=int, default=0, help="processes that prepare batches: for a GPU")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    device = precision.device()
    torch.manual_seed(args.seed)
    chance = random.Random(args.seed)
    lines = texts.pool(args.text_dir, args.packages, args.seed)
    lines += [note.text for note in notes.read_folder(args.notes) for _ in range(2)]
    chance.shuffle(lines)
    held, lines = lines[:HELD_OUT], lines[HELD_OUT:]

    tokenizer = Tokenizer.from_file(str(args.base / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    teacher = encoder.load(args.base / "teacher.safetensors").to(device)
    student = encoder.cut(teacher, [int(n) for n in args.layers.split(",")], args.gelu, dropout=0.0).to(device)
    state_path, spent, step = args.out / "state.pt", 0.0, 0
    words = [p for n, p in student.named_parameters() if n.startswith("word")]
    rest = [p for n, p in student.named_parameters() if not n.startswith("word")]
    optimiser = torch.optim.AdamW([{"params": words, "lr": 1e-4}, {"params": rest, "lr": 4e-4}], weight_decay=0.01, fused=True)
    rates = [group["lr"] for group in optimiser.param_groups]
    args.out.mkdir(parents=True, exist_ok=True)
    if args.resume and state_path.exists():
        state = torch.load(state_path, map_location=device)
        student.load_state_dict(state["student"])
        optimiser.load_state_dict(state["optimiser"])
        spent, step = state["spent"], state["step"]
        chance.seed(args.seed + step)
    lesson = Lesson(teacher, student, Pairs(tokenizer, chance), held, device)
    stream = DataLoader(Stream(lines, tokenizer, args.batch, args.seed + step), batch_size=None, num_workers=args.workers)

    def report() -> None:
        clean, noisy = lesson.score(held[:256], False), lesson.score(held[:256], True)
        row = {"minutes": round(spent / 60, 1), "step": step, "clean": clean, "noisy": noisy}
        print(json.dumps(row), flush=True)

    def keep() -> None:
        encoder.save(student, args.out / "student.safetensors")
        torch.save({"student": student.state_dict(), "optimiser": optimiser.state_dict(), "spent": spent, "step": step}, state_path.with_suffix(".draft"))
        state_path.with_suffix(".draft").replace(state_path)

    print(f"{len(lines)} lines, {sum(p.numel() for p in student.parameters()) / 1e6:.1f} M parameters", flush=True)
    report()
    student.train()
    last, saved = time.monotonic(), spent
    for batch in stream:
        share = spent / 60 / args.minutes
        if share >= 1:
            break
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / 60) * max(0.02, 1 - share)
        token, whole = lesson.losses(batch)
        (token * 10 + whole).backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        now = time.monotonic()
        spent, last = spent + now - last, now
        if spent - saved > 180:
            report()
            keep()
            saved, last = spent, time.monotonic()
    report()
    keep()


if __name__ == "__main__":
    main()
