"""ONNX graphs of a classifier: what tract and ONNX Runtime are given to run."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

import hints
from classifier import Classifier
from smooth import Ranges, smooth

INPUTS = ["input_ids", "attention_mask", "hints"]
OUTPUTS = ["token_logits", "note_logits"]
NOT_QUANTISED = ["/hints/MatMul"]
SMALLEST_HALF = 1024  # shorter initialisers stay fp32: biases and constants weigh nothing


def write_float(model: Classifier, path: Path) -> None:
    """fp32 graph, opset 17, dynamic batch and length."""
    ids = torch.tensor([[0, 5, 6, 7, 2, 1], [0, 8, 9, 2, 1, 1]])
    flags = torch.zeros(*ids.shape, hints.WIDTH)
    both = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        model.eval(),
        (ids, (ids != 1).long(), flags),
        str(path),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes={**{name: both for name in INPUTS}, OUTPUTS[0]: both, OUTPUTS[1]: {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def store_as_half(source: Path, target: Path) -> None:
    """Keep large weights as fp16 initialisers behind a Cast to fp32; the arithmetic stays fp32.

    tract folds such a Cast at load while its result stays under 4 MiB, which every layer's matrices do. The word
    table does not: its Cast goes behind the Gather, where it meets the few rows of one note.
    """
    model = onnx.load(source)
    graph = model.graph
    large = {t.name: t for t in graph.initializer if t.data_type == TensorProto.FLOAT and np.prod(t.dims) >= SMALLEST_HALF}
    readers = Counter(name for node in graph.node for name in node.input)
    for tensor in large.values():
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name))
    nodes = []
    widened = set()
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0] in large and readers[node.input[0]] == 1:
            wide = node.output[0]
            node.output[0] = wide + "_half"
            nodes += [node, helper.make_node("Cast", [wide + "_half"], [wide], to=TensorProto.FLOAT)]
            continue
        for at, name in enumerate(node.input):
            if name in large:
                node.input[at] = name + "_wide"
                if name not in widened:
                    widened.add(name)
                    nodes.append(helper.make_node("Cast", [name], [name + "_wide"], to=TensorProto.FLOAT))
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def write_int8(source: Path, target: Path, ranges: Ranges) -> None:
    """Dynamic quantisation for ONNX Runtime: signed, one scale a channel of the weights, outliers of activations smoothed first."""
    model = onnx.load(source)
    smooth(model, ranges)
    quantize_dynamic(
        model,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=NOT_QUANTISED,
        extra_options={"MatMulConstBOnly": True},
    )
