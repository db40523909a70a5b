"""Read a shipped model.onnx back into the weights train.py goes on from: `--start` without the scratch of the training that made it.

Weights were stored in fp16, so what comes back differs from what was trained by their rounding.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import categories
import classifier
import hints
from classifier import Classifier
from encoder import Encoder, Shape

STEM = "encoder.layers."


def weights(path: Path) -> dict[str, torch.Tensor]:
    """Every parameter by its name in PyTorch; matrices of linear layers are named after the MatMul that reads them."""
    graph = onnx.load(path).graph
    held = {t.name: numpy_helper.to_array(t).astype(np.float32) for t in graph.initializer}
    found = {name: value for name, value in held.items() if not name.startswith("onnx::")}
    for node in graph.node:
        name = node.input[1].removesuffix("_wide") if node.op_type == "MatMul" else ""
        if name.startswith("onnx::"):
            module = node.name.removeprefix("/").removesuffix("/MatMul").replace("/", ".")
            found[f"{module}.weight"] = held[name].T.copy()
    return {name: torch.from_numpy(value.copy()) for name, value in found.items()}


def main() -> None:
    """Write model.safetensors, and the tokenizer's folder stays the model's own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model.onnx")
    parser.add_argument("--out", type=Path, required=True, help="model.safetensors to write")
    args = parser.parse_args()
    found = weights(args.model)
    layers = 1 + max(int(name.removeprefix(STEM).split(".")[0]) for name in found if name.startswith(STEM))
    vocabulary, width = found["encoder.word.weight"].shape
    inner = [found[f"{STEM}{n}.up.weight"].shape[0] for n in range(layers)]
    shape = Shape(vocabulary, layers, width=width, inner=inner, positions=len(found["encoder.position.weight"]))
    if found["token.weight"].shape[0] != categories.COUNT or found["hints.weight"].shape[1] != hints.WIDTH:
        raise SystemExit(f"{args.model}: made for other categories or rules")
    model = Classifier(Encoder(shape))
    model.load_state_dict(found)
    classifier.save(model, args.out)
    print(json.dumps({"layers": layers, "parameters": sum(p.numel() for p in model.parameters())}))


if __name__ == "__main__":
    main()
