"""nn.Conv1d … nn.Conv3d, fused ReLU and folded BatchNorm, and the networks they stand in."""
import torch
import torch.nn.functional as F
from torch import nn

from cases.case import Case, net, only
from data import dead_and_constant, growing

CONV = [nn.Conv1d, nn.Conv2d, nn.Conv3d]
NORM = [nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d]


def two(dims, between=None, kernel=2, **attributes):
    """conv1 → between → conv2; `between`: a function, or a class of modules."""

    def make(n, channels, *size):
        hidden, out = n(5), n(3)
        conv = CONV[dims - 1]
        parts = {
            "conv1": conv(channels, hidden, kernel, **attributes),
            "conv2": conv(hidden, out, kernel, **attributes),
        }
        if isinstance(between, type):
            parts["act"] = between()
            return lambda m, x: m.conv2(m.act(m.conv1(x))), parts
        act = between or (lambda x: x)
        return lambda m, x: m.conv2(act(m.conv1(x))), parts

    return make


def normalized(dims, relu=True):
    """conv → bn (→ relu) → conv"""

    def make(n, channels, *size):
        hidden = n(5)
        parts = {"conv": CONV[dims - 1](channels, hidden, 2), "bn": NORM[dims - 1](hidden)}
        parts["last"] = CONV[dims - 1](hidden, n(3), 2)
        act = F.relu if relu else (lambda x: x)
        return lambda m, x: m.last(act(m.bn(m.conv(x)))), parts

    return make


def linear_normalized(relu):
    def make(n, width):
        hidden = n(5)
        parts = {"linear1": nn.Linear(width, hidden), "bn": nn.BatchNorm1d(hidden), "linear2": nn.Linear(hidden, n(3))}
        parts["relu"] = nn.ReLU() if relu else nn.Identity()
        return lambda m, x: m.linear2(m.relu(m.bn(m.linear1(x)))), parts

    return make


def norm_alone(dims, relu):
    """A BatchNorm that follows no layer, with or without a ReLU to fuse with."""

    def make(n, channels, *size):
        parts = {"bn": NORM[dims - 1](channels), "conv": CONV[dims - 1](channels, n(3), 2), "relu": nn.ReLU()}
        act = (lambda m, x: m.relu(x)) if relu else (lambda m, x: x)
        return lambda m, x: m.conv(act(m, m.bn(x))), parts

    return make


def two_norms(n, channels, *size):
    """conv → bn → bn: only the first folds."""
    hidden = n(4)
    parts = {"conv1": nn.Conv2d(channels, hidden, 2), "bn1": nn.BatchNorm2d(hidden), "bn2": nn.BatchNorm2d(hidden)}
    parts["conv2"] = nn.Conv2d(hidden, n(3), 2)
    return lambda m, x: m.conv2(m.bn2(m.bn1(m.conv1(x)))), parts


def classifier(pool, pooled):
    """conv → relu → pool → flatten → linear; `pooled`: size of an axis -> its size behind the pool"""

    def make(n, channels, height, width):
        hidden = n(4)
        parts = {"conv": nn.Conv2d(channels, hidden, 3, padding=1), "relu": nn.ReLU(), "pool": pool}
        parts["fc"] = nn.Linear(hidden * pooled(height) * pooled(width), n(3))
        return lambda m, x: m.fc(torch.flatten(m.pool(m.relu(m.conv(x))), 1)), parts

    return make


def residual(n, channels, *size):
    """A block as in ResNet: conv-bn-relu-conv-bn, plus its input, relu."""
    parts = {
        "conv1": nn.Conv2d(channels, channels, 3, padding=1, bias=False),
        "bn1": nn.BatchNorm2d(channels),
        "conv2": nn.Conv2d(channels, channels, 3, padding=1, bias=False),
        "bn2": nn.BatchNorm2d(channels),
        "relu": nn.ReLU(),
        "last": nn.Conv2d(channels, n(3), 1),
    }

    def run(m, x):
        y = m.bn2(m.conv2(F.relu(m.bn1(m.conv1(x)))))
        return m.last(m.relu(y + x))

    return run, parts


IMAGE = {"rows": [4], "test_rows": 4}
CONV2D, RELU = "torch.nn.Conv2d", "torch.nn.ReLU"
PLAIN = [
    Case("conv1d", net(two(1), 4, 7), **IMAGE),
    Case("conv1d-relu", net(two(1, nn.ReLU), 4, 7), **IMAGE),
    Case("conv2d", net(two(2), 4, 5, 6), **IMAGE),
    Case("conv2d-relu", net(two(2, nn.ReLU), 4, 5, 6), **IMAGE),
    Case("conv2d-functional-relu", net(two(2, F.relu), 4, 5, 6), **IMAGE),
    Case("conv3d", net(two(3), 3, 3, 4, 3), rows=[2], test_rows=2),
    Case("conv3d-relu", net(two(3, nn.ReLU), 3, 3, 4, 3), rows=[2], test_rows=2),
    Case("conv2d-stride-padding", net(two(2, F.relu, kernel=3, stride=2, padding=1), 4, 8, 7), **IMAGE),
    Case("conv2d-dilation", net(two(2, F.relu, kernel=3, padding=2, dilation=2), 3, 6, 5), **IMAGE),
    Case("conv2d-no-bias", net(two(2, F.relu, bias=False), 4, 5, 5), **IMAGE),
    Case("conv2d-dead-channels", net(two(2), 4, 5, 5), data=dead_and_constant, **IMAGE),
    Case("conv2d-batches", net(two(2, F.relu), 4, 5, 5), rows=[2, 5, 1], test_rows=4),
    Case("conv2d-one-channel", net(two(2, F.relu), 1, 5, 5), **IMAGE),
]
PRESETS = [
    Case("conv2d-per-channel", net(two(2, nn.ReLU), 4, 5, 5), qconfig="per-channel", **IMAGE),
    Case("conv2d-fbgemm", net(two(2, nn.ReLU), 4, 5, 5), qconfig="fbgemm", rows=[2, 5], test_rows=4, data=growing),
    Case("conv2d-qnnpack", net(two(2), 4, 5, 5), qconfig="qnnpack", **IMAGE),
    Case("conv1d-fbgemm", net(two(1), 4, 7), qconfig="fbgemm", **IMAGE),
    Case("conv3d-per-channel", net(two(3, nn.ReLU), 3, 3, 3, 3), qconfig="per-channel", rows=[2], test_rows=2),
    Case("conv2d-moving-average", net(two(2), 4, 5, 5), qconfig="moving-average", rows=[2, 5], test_rows=4),
    Case("conv2d-only-second", net(two(2, nn.ReLU), 4, 5, 5), **IMAGE, **only("conv2")),
    Case("conv2d-name-float", net(two(2, nn.ReLU), 4, 5, 5), names={"conv1": None}, **IMAGE),
    Case("conv2d-type", net(two(2, nn.ReLU), 4, 5, 5), types={CONV2D: "qnnpack", RELU: "qnnpack"}, **IMAGE),
]
NORMS = [
    Case("conv1d-bn-relu", net(normalized(1), 4, 7), **IMAGE),
    Case("conv2d-bn", net(normalized(2, relu=False), 4, 5, 5), **IMAGE),
    Case("conv2d-bn-relu", net(normalized(2), 4, 5, 5), qconfig="fbgemm", **IMAGE),
    Case("conv3d-bn-relu", net(normalized(3), 3, 3, 4, 3), rows=[2], test_rows=2),
    Case("conv2d-bn-bn", net(two_norms, 4, 5, 5), **IMAGE),
    Case("linear-bn", net(linear_normalized(False), 4)),
    Case("linear-bn-relu", net(linear_normalized(True), 4)),
    Case("bn1d-alone", net(norm_alone(1, False), 4, 6), **IMAGE),
    Case("bn2d-alone", net(norm_alone(2, False), 4, 5, 5), **IMAGE),
    Case("bn2d-relu", net(norm_alone(2, True), 4, 5, 5), **IMAGE),
    Case("bn3d-relu", net(norm_alone(3, True), 3, 3, 3, 3), rows=[2], test_rows=2),
]
NETWORKS = [
    Case("classifier-max-pool", net(classifier(nn.MaxPool2d(2), lambda size: size // 2), 4, 5, 4), rows=[6], test_rows=8),
    Case("classifier-adaptive-pool", net(classifier(nn.AdaptiveAvgPool2d(2), lambda size: 2), 4, 5, 4), qconfig="fbgemm", rows=[6], test_rows=8),
    Case("residual-block", net(residual, 4, 5, 5), **IMAGE),
]
CASES = PLAIN + PRESETS + NORMS + NETWORKS
