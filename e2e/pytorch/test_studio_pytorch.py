"""There and back in pytorch semantics: the weights that come back are those that PyTorch's own equalization makes."""
import sys

import torch
import torch.nn.functional as F
from exporter import ROOT, spread
from studio import StudioTest
from test_studio import Mlp
from test_studio_convs import images, trained
from torch import nn

sys.path.insert(0, str(ROOT / "e2e" / "oracle"))
from quantize import QCONFIGS, calibrate, equalization_mapping, equalized, prepared, qconfig_mapping  # noqa: E402

WITHIN = 1e-6


def pytorch_equalized(model, data):
    mapping = qconfig_mapping(QCONFIGS["default"])
    observed = prepared(model, mapping, (data,), equalization_mapping())
    return equalized(calibrate(observed, [(data,)]))[0]


def fused(*layers):
    """The layer is the first part of the module that it is fused to."""
    return {f"{layer}.{tensor}": f"{layer}.0.{tensor}" for layer in layers for tensor in ("weight", "bias")}


class Convs(nn.Module):
    """Input [samples, 4, 6, 6]."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn, self.relu = nn.Conv2d(4, 8, 3), nn.BatchNorm2d(8), nn.ReLU()
        self.conv2, self.conv3 = nn.Conv2d(8, 6, 2, bias=False), nn.Conv2d(6, 3, 1)

    def forward(self, x):
        return self.conv3(self.conv2(self.relu(self.bn(self.conv1(x)))))


class Functional(nn.Module):
    """Buffers alone: PyTorch's equalization cannot scale a parameter that a function reads. Input [samples, 4, 5, 5]."""

    def __init__(self):
        super().__init__()
        self.register_buffer("kernel", torch.randn(6, 4, 2, 2) / 4)
        self.register_buffer("bias1", torch.randn(6))
        self.register_buffer("kernel2", torch.randn(3, 6, 2, 2) / 4)

    def forward(self, x):
        return F.conv2d(F.relu(F.conv2d(x, self.kernel, self.bias1)), self.kernel2)


class Sizes(nn.Module):
    """Shapes from sizes, one of which makes PyTorch leave conv2 in float. Input [samples, 3, 4, 4]."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 6, 1), nn.Conv2d(6, 4, 1)
        self.linear1, self.linear2 = nn.Linear(64, 8), nn.Linear(4, 3)

    def forward(self, x):
        y = self.conv2(F.relu(self.conv1(x)))
        y = self.linear1(y.view(y.size(0), -1))
        return self.linear2(y.reshape(y.shape[0] * 2, y.shape[1] // 2))


class PyTorchSemantics(StudioTest):
    semantics = "pytorch"

    def check(self, model, data, renamed=()):
        """`renamed`: (name in the file, name in PyTorch) of tensors that fusing put elsewhere."""
        outcome, loaded = self.equalized(model, data)
        self.assertIs(outcome["failed"], False)
        expected = pytorch_equalized(model, data).state_dict()
        names = {name: name for name in loaded.state_dict()}
        names.update(renamed)
        for name, tensor in loaded.state_dict().items():
            theirs = expected[names[name]]
            self.assertEqual(tensor.shape, theirs.shape, name)
            error = float((tensor - theirs).abs().max() / theirs.abs().max())
            self.assertLess(error, WITHIN, name)
        return loaded

    def test_mlp(self):
        model = Mlp().eval()
        loaded = self.check(model, spread(64, 12), fused("linear1", "linear2"))
        self.assertChanged(loaded, model, ("linear1.weight", "linear2.weight", "linear2.bias", "linear3.weight"))

    def test_convolutions_with_a_folded_normalization(self):
        model = trained(Convs())
        loaded = self.check(model, images(16, 4, 6, 6), fused("conv1"))
        self.assertChanged(loaded, model, ("conv1.weight", "conv1.bias", "conv2.weight", "conv3.weight"))

    def test_functional_layers(self):
        model = Functional().eval()
        loaded = self.check(model, images(16, 4, 5, 5))
        self.assertChanged(loaded, model, ("kernel", "bias1", "kernel2"))

    def test_shapes_from_sizes(self):
        model = Sizes().eval()
        loaded = self.check(model, images(16, 3, 4, 4), fused("conv1"))
        self.assertChanged(loaded, model, ("conv1.weight", "linear1.weight", "linear2.weight"))
        self.assertTrue(torch.equal(loaded.state_dict()["conv2.weight"], model.conv2.weight))
