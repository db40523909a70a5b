"""Dropout that a CPU draws fast: one random byte an element, where torch draws one number at a time, a tenth of a training step."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FACES = 256


class Dropout(nn.Module):
    """As `torch.nn.Dropout`; on a CPU the probability is rounded to 256ths."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or x.device.type != "cpu":
            return F.dropout(x, self.p, self.training)
        cut = round(self.p * FACES)
        words = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), None)  # all 64 bits
        kept = words.view(torch.uint8)[: x.numel()].view(x.shape) >= cut
        return x * (kept * (FACES / (FACES - cut))).to(x.dtype)
