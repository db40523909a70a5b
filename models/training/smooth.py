"""SmoothQuant (Xiao et al., 2023, arXiv:2211.10438): moves outliers of activations into the weights before int8.

One int8 scale holds a whole activation tensor, and a few channels of the feed-forward are ten to twenty times wider than the others. Each
channel j is divided by s_j = max|x_j|^STRENGTH / max|w_j|^(1 - STRENGTH) and its row of the matrix multiplied by it: the product stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from classifier import Classifier

MATRICES = ("up", "down")  # of every layer; the attention's inputs have no such channels
STRENGTH = 0.9  # measured on dev: 0.5 is worse than nothing, 0.8 to 1.0 alike
SMALLEST = 1e-5

# Node of the ONNX graph → largest magnitude seen in each input channel.
Ranges = dict[str, torch.Tensor]


@contextmanager
def watched(model: Classifier) -> Iterator[Ranges]:
    """Fills the ranges from whatever the model reads in the meantime."""
    ranges: Ranges = {}

    def widen(name: str, read: torch.Tensor) -> None:
        top = read.detach().abs().flatten(0, -2).amax(0)
        ranges[name] = torch.maximum(ranges[name], top) if name in ranges else top

    hooks = [
        getattr(layer, matrix).register_forward_pre_hook(lambda _, read, name=f"/encoder/layers.{n}/{matrix}/MatMul": widen(name, read[0]))
        for n, layer in enumerate(model.encoder.layers)
        for matrix in MATRICES
    ]
    try:
        yield ranges
    finally:
        for hook in hooks:
            hook.remove()


def smooth(model: onnx.ModelProto, ranges: Ranges) -> None:
    """Put a Mul before each watched MatMul, and its inverse into the matrix."""
    graph = model.graph
    held = {tensor.name: tensor for tensor in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.name in ranges:
            weight = numpy_helper.to_array(held[node.input[1]])  # [in, out]
            tallest = np.maximum(np.abs(weight).max(1), SMALLEST)
            scale = np.maximum(ranges[node.name].numpy(), SMALLEST) ** STRENGTH / tallest ** (1 - STRENGTH)
            scale = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
            held[node.input[1]].CopyFrom(numpy_helper.from_array(weight * scale[:, None], node.input[1]))
            factor = f"{node.name}/smooth"
            graph.initializer.append(numpy_helper.from_array(1 / scale, factor))
            nodes.append(helper.make_node("Mul", [node.input[0], factor], [f"{factor}_out"], name=factor))
            node.input[0] = f"{factor}_out"
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
