"""bf16 where the device multiplies in it, fp32 elsewhere: emulated on a CPU without such units, bf16 is sixteen times slower."""

import torch


def device() -> torch.device:
    """Where to train: a GPU where torch sees one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fast(device: torch.device) -> bool:
    """Whether the device multiplies in bf16."""
    return device.type != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


def mixed(device: torch.device) -> torch.autocast:
    """The context in which a model runs."""
    return torch.autocast(device.type, torch.bfloat16, enabled=fast(device))
