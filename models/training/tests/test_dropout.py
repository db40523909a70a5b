"""What dropout leaves. Needs torch; skipped without."""

import unittest

try:
    import torch

    from dropout import Dropout
except ImportError as error:
    raise unittest.SkipTest(str(error)) from error


class Drawn(unittest.TestCase):
    """Dropout in training and out of it."""

    def setUp(self) -> None:
        torch.manual_seed(3)
        self.ones = torch.ones(101, 997)

    def test_a_tenth_goes_and_the_rest_makes_up_for_it(self) -> None:
        left = Dropout(0.1).train()(self.ones)
        self.assertAlmostEqual((left == 0).float().mean().item(), 0.1, delta=0.005)
        self.assertAlmostEqual(left.mean().item(), 1.0, delta=0.005)
        self.assertEqual(left.unique().numel(), 2)

    def test_the_way_back_passes_where_something_was_left(self) -> None:
        given = self.ones.clone().requires_grad_()
        left = Dropout(0.1).train()(given)
        left.sum().backward()
        self.assertTrue(torch.equal(given.grad, left.detach()))

    def test_nothing_goes_when_the_model_is_used(self) -> None:
        self.assertTrue(torch.equal(Dropout(0.5).eval()(self.ones), self.ones))


if __name__ == "__main__":
    unittest.main()
