"""A post-norm BERT encoder in plain PyTorch: loads from safetensors, exports cleanly to ONNX."""

import dataclasses
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from dropout import Dropout


@dataclasses.dataclass(frozen=True)
class Shape:
    """Sizes of an encoder. `inner` is the feed-forward's width, in each layer where they differ (prune.py); `gelu` is
    `none` (exact, erf) or `tanh`, as in `torch.nn.functional.gelu`.
    """

    vocabulary: int
    layers: int
    width: int = 384
    heads: int = 12
    inner: int | list[int] = 1536
    positions: int = 256
    gelu: str = "none"
    epsilon: float = 1e-12

    def inners(self) -> list[int]:
        """The feed-forward's width in every layer."""
        return self.inner if isinstance(self.inner, list) else [self.inner] * self.layers


class Layer(nn.Module):
    """Self-attention and feed-forward, each followed by its residual sum and LayerNorm."""

    def __init__(self, shape: Shape, inner: int, dropout: float) -> None:
        super().__init__()
        width = shape.width
        self.heads, self.head_width, self.gelu = shape.heads, width // shape.heads, shape.gelu
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.norm1 = nn.LayerNorm(width, shape.epsilon)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, shape.epsilon)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """x [batch, tokens, width], bias [batch, 1, 1, tokens] (0 or -1e4) → [batch, tokens, width]."""
        batch, tokens, width = x.shape

        def split(y: Tensor) -> Tensor:  # → [batch, heads, tokens, head_width]
            return y.view(batch, tokens, self.heads, self.head_width).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        # Written out for the export, and on a CPU with bf16 units, where the fused kernel's way back takes twice the time.
        if torch.onnx.is_in_onnx_export() or x.device.type == "cpu":
            scores = query @ key.transpose(-1, -2) * self.head_width**-0.5 + bias
            mixed = torch.softmax(scores, -1) @ value
        else:
            mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, width)
        x = self.norm1(x + self.dropout(self.out(mixed)))
        inner = F.gelu(self.up(x), approximate=self.gelu)
        return self.norm2(x + self.dropout(self.down(inner)))


class Encoder(nn.Module):
    """Word and position embeddings, then the layers."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.word = nn.Embedding(shape.vocabulary, shape.width)
        self.position = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, inner, dropout) for inner in shape.inners())

    def forward(self, ids: Tensor, mask: Tensor, extra: Tensor | None = None) -> Tensor:
        """ids, mask [batch, tokens] int64, `extra` [batch, tokens, width] added to the words → [batch, tokens, width]."""
        x = self.word(ids) + self.position.weight[: ids.shape[1]]
        x = self.dropout(self.norm(x if extra is None else x + extra))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x


def cut(encoder: Encoder, layers: list[int], gelu: str, dropout: float = 0.1) -> Encoder:
    """A copy of `encoder` made of the given layers only."""
    inner = [encoder.shape.inners()[n] for n in layers]
    shape = dataclasses.replace(encoder.shape, layers=len(layers), gelu=gelu, inner=inner if len(set(inner)) > 1 else inner[0])
    small = Encoder(shape, dropout)
    source, target = encoder.state_dict(), {}
    for name in small.state_dict():
        parts = name.split(".")
        if parts[0] == "layers":
            parts[1] = str(layers[int(parts[1])])
        target[name] = source[".".join(parts)].clone()
    small.load_state_dict(target)
    return small


def save(encoder: Encoder, path: Path) -> None:
    """Weights and sizes in one safetensors file, replaced atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    save_file(encoder.state_dict(), draft, {"shape": json.dumps(dataclasses.asdict(encoder.shape))})
    draft.replace(path)


def load(path: Path, dropout: float = 0.1) -> Encoder:
    """Read what `save` wrote."""
    with safe_open(path, "pt") as file:
        shape = Shape(**json.loads(file.metadata()["shape"]))
    encoder = Encoder(shape, dropout)
    encoder.load_state_dict(load_file(path))
    return encoder
