"""There and back for convolutions, modules and functions, in exact semantics."""

import torch
import torch.nn.functional as F
from studio import StudioTest
from torch import nn


def images(*shape):
    """Normal values whose channels (axis 1) spread over two decades."""
    return torch.randn(*shape) * torch.logspace(-1, 1, shape[1]).reshape(-1, *[1] * (len(shape) - 2))


def trained(model):
    """Normalizations with statistics that are no identity."""
    for part in model.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            part.running_mean.normal_(0, 0.3)
            part.running_var.uniform_(0.5, 2)
            nn.init.uniform_(part.weight, 0.5, 1.5)
    return model.eval()


class Residual(nn.Module):
    """Input [samples, 4, 6, 6]."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(4, 8, 3, padding=1), nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.conv2, self.bn2 = nn.Conv2d(8, 4, 1, bias=False), nn.BatchNorm2d(4)
        self.relu, self.pool = nn.ReLU(), nn.MaxPool2d(2)
        self.fc = nn.Linear(36, 5)

    def forward(self, x):
        y = F.relu(self.depthwise(self.relu(self.bn1(self.conv1(x)))))
        y = self.pool(self.bn2(self.conv2(y)) + x)
        return self.fc(torch.flatten(y, 1))


class Functional(nn.Module):
    """F.conv2d and F.linear over parameters and buffers; input [samples, 4, 5, 5]."""

    def __init__(self):
        super().__init__()
        self.kernel = nn.Parameter(torch.randn(6, 4, 2, 2) / 4)
        self.offset = nn.Parameter(torch.randn(6))
        self.register_buffer("grouped", torch.randn(6, 3, 2, 2) / 4)
        self.weight = nn.Parameter(torch.randn(3, 6) / 3)

    def forward(self, x):
        x = F.relu(F.conv2d(x, self.kernel, self.offset, stride=1, padding=1))
        x = F.conv2d(x, self.grouped, groups=2)
        return F.linear(torch.mean(x, [2, 3]), self.weight)


class OtherDimensions(nn.Module):
    """Conv1d, then Conv3d over what it gives; input [samples, 4, 12]."""

    def __init__(self):
        super().__init__()
        self.line1, self.line2 = nn.Conv1d(4, 6, 3, padding=1), nn.Conv1d(6, 4, 1)
        self.space1, self.space2 = nn.Conv3d(4, 5, 2), nn.Conv3d(5, 2, 1)

    def forward(self, x):
        x = self.line2(F.relu(self.line1(x))).reshape(-1, 4, 3, 2, 2)
        return self.space2(F.relu(self.space1(x)))


class ExactConvs(StudioTest):
    def check(self, model, changed, *shape):
        model = trained(model)
        outcome, loaded = self.equalized(model, images(24, *shape))
        self.assertIs(outcome["failed"], False)
        self.assertSameFunction(loaded, model, images(30, *shape))
        self.assertChanged(loaded, model, changed)
        return loaded

    def test_residual_network(self):
        self.check(Residual(), ("conv1.weight", "depthwise.weight", "conv2.weight"), 4, 6, 6)

    def test_functional_layers(self):
        self.check(Functional(), ("kernel", "grouped"), 4, 5, 5)

    def test_parameters_and_buffers_stay_apart(self):
        loaded = self.check(Functional(), ("kernel", "grouped"), 4, 5, 5)
        self.assertEqual(sorted(name for name, _ in loaded.named_buffers() if "scale" not in name), ["grouped"])
        self.assertEqual(sorted(name for name, _ in loaded.named_parameters()), ["kernel", "offset", "weight"])

    def test_one_and_three_dimensions(self):
        changed = ("line1.weight", "line2.weight", "space1.weight", "space2.weight")
        self.check(OtherDimensions(), changed, 4, 12)
