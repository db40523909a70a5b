"""The exported graphs agree with the model. Needs torch and onnxruntime; skipped without."""

import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np

try:
    import torch

    import onnx

    import graph
    import hints
    import predict
    from classifier import Classifier
    from encoder import Encoder, Shape
    from smooth import smooth, watched
except ImportError as error:
    raise unittest.SkipTest(str(error)) from error


class Graphs(unittest.TestCase):
    def test_half_storage_and_padding(self) -> None:
        warnings.simplefilter("ignore")
        torch.manual_seed(1)
        model = Classifier(Encoder(Shape(vocabulary=200, layers=2, width=48, heads=4, inner=96, positions=32))).eval()
        ids = np.array([[0, 9, 17, 33, 2], [0, 50, 2, 1, 1]])
        mask = (ids != 1).astype(np.int64)
        flags = np.zeros((*ids.shape, hints.WIDTH), np.float32)
        flags[0, 2, 5] = flags[1, 1, 80] = 1
        token, note = predict.torch_runner(model)(ids, mask, flags)
        alone, _ = predict.torch_runner(model)(ids[1:, :3], mask[1:, :3], flags[1:, :3])
        np.testing.assert_allclose(alone[0], token[1, :3], atol=1e-4)  # padding changes nothing
        with tempfile.TemporaryDirectory() as folder:
            plain, half = Path(folder) / "plain.onnx", Path(folder) / "half.onnx"
            graph.write_float(model, plain)
            graph.store_as_half(plain, half)
            self.assertLess(half.stat().st_size, 0.75 * plain.stat().st_size)
            for path, tolerance in ((plain, 1e-4), (half, 1e-2)):
                found = predict.onnx_runner(path)(ids, mask, flags)
                np.testing.assert_allclose(found[0], token, atol=tolerance)
                np.testing.assert_allclose(found[1], note, atol=tolerance)

    def test_smoothing_keeps_the_product_and_helps_int8(self) -> None:
        warnings.simplefilter("ignore")
        torch.manual_seed(1)
        model = Classifier(Encoder(Shape(vocabulary=200, layers=2, width=48, heads=4, inner=96, positions=32))).eval()
        with torch.no_grad():
            model.encoder.layers[0].norm1.weight[7] = 60.0  # a channel far wider than the others
            model.encoder.layers[0].up.weight[:, 7] /= 60.0
        ids = np.array([[0, 9, 17, 33, 50, 61, 2]])
        inputs = ids, np.ones_like(ids), np.zeros((*ids.shape, hints.WIDTH), np.float32)
        with watched(model) as ranges:
            token, _ = predict.torch_runner(model)(*inputs)
        self.assertEqual(len(ranges), 4)
        with tempfile.TemporaryDirectory() as folder:
            plain, smoothed, int8, rough = (Path(folder) / f"{name}.onnx" for name in ("plain", "smoothed", "int8", "rough"))
            graph.write_float(model, plain)
            other = onnx.load(plain)
            smooth(other, ranges)
            onnx.save(other, smoothed)
            np.testing.assert_allclose(predict.onnx_runner(smoothed)(*inputs)[0], token, atol=1e-3)
            graph.write_int8(plain, int8, ranges)
            graph.write_int8(plain, rough, {})
            error = {path: np.abs(predict.onnx_runner(path)(*inputs)[0] - token).mean() for path in (int8, rough)}
            self.assertLess(error[int8], error[rough])


if __name__ == "__main__":
    unittest.main()
