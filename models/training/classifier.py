"""The classifier: an encoder, a token head and a note head."""

import dataclasses
import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

import categories
import hints
from dropout import Dropout
from encoder import Encoder, Shape


class Classifier(nn.Module):
    """Fourteen logits a token, and fourteen a note pooled by one attention per category."""

    def __init__(self, encoder: Encoder, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = Dropout(dropout)
        width = encoder.shape.width
        self.hints = nn.Linear(hints.WIDTH, width, bias=False)
        nn.init.normal_(self.hints.weight, std=0.02)
        self.token = nn.Linear(width, categories.COUNT)
        self.weight = nn.Linear(width, categories.COUNT)
        self.evidence = nn.Linear(width, categories.COUNT)
        for head in (self.token, self.evidence):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.constant_(head.bias, -3.0)  # findings are rare: start from "nothing"
        nn.init.normal_(self.weight.weight, std=0.02)
        nn.init.zeros_(self.weight.bias)

    def forward(self, ids: Tensor, mask: Tensor, flags: Tensor) -> tuple[Tensor, Tensor]:
        """ids, mask [batch, tokens], flags [batch, tokens, 84] → token logits [batch, tokens, 14], note logits [batch, 14]."""
        hidden = self.dropout(self.encoder(ids, mask, self.hints(flags)))
        bias = (1.0 - mask[:, :, None].to(hidden.dtype)) * -1e4  # [batch, tokens, 1]
        share = torch.softmax(self.weight(hidden) + bias, 1)  # [batch, tokens, 14], sums to 1 over tokens
        return self.token(hidden), (share * self.evidence(hidden)).sum(1)


def save(model: Classifier, path: Path) -> None:
    """Weights and sizes in one safetensors file, replaced atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    save_file(model.state_dict(), draft, {"shape": json.dumps(dataclasses.asdict(model.encoder.shape))})
    draft.replace(path)


def load(path: Path, dropout: float = 0.1) -> Classifier:
    """Read what `save` wrote."""
    with safe_open(path, "pt") as file:
        shape = Shape(**json.loads(file.metadata()["shape"]))
    model = Classifier(Encoder(shape, dropout), dropout)
    model.load_state_dict(load_file(path))
    return model
