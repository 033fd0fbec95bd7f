"""What PyTorch 1.13.1 refuses, at which step, and the node at fault."""
import torch
import torch.nn.functional as F
from torch import nn

from cases.case import Case, chain, net, only
from cases.convs import two
from cases.functional import convs, identity
from data import with_infinity, with_nan
from networks import weight


def grouped(groups):
    """conv1 of some groups; 0: depthwise."""

    def make(n, half, *size):
        channels = 2 * half
        parts = {"conv1": nn.Conv2d(channels, channels, 2, groups=groups or channels), "conv2": nn.Conv2d(channels, n(3), 1)}
        return lambda m, x: m.conv2(F.relu(m.conv1(x))), parts

    def build(n):
        module, inputs = net(make, 3, 4, 4)(n)
        half, *size = inputs["x"]
        return module, {"x": (2 * half, *size)}

    return build


def parameters(n, width):
    hidden, out = n(5), n(3)
    parts = {"w1": nn.Parameter(weight(hidden, width)), "w2": nn.Parameter(weight(out, hidden))}
    return lambda m, x: F.linear(F.relu(F.linear(x, m.w1)), m.w2), parts


def three_axes(n, steps, width):
    out = n(3)
    return lambda m, x: m.linear2(m.linear1(x)), {"linear1": nn.Linear(width, out), "linear2": nn.Linear(out, out)}


def longer(n, width):
    """[samples, width + 2, width]"""
    return three_axes(n, width + 2, width)


def build_longer(n):
    module, inputs = net(longer, 4)(n)
    (width,) = inputs["x"]
    return module, {"x": (width + 2, width)}


def sigmoid_after(n, width):
    parts = {"linear1": nn.Linear(width, n(3)), "sigmoid": nn.Sigmoid()}
    return lambda m, x: m.sigmoid(m.linear1(x)), parts


IMAGE = {"rows": [4], "test_rows": 4}
LINEAR, RELU = "torch.nn.Linear", "torch.nn.ReLU"
CASES = [
    Case("refused-grouped-conv", grouped(2), fault="conv1", **IMAGE),
    Case("refused-depthwise-conv", grouped(0), fault="conv1", **IMAGE),
    Case("grouped-conv-not-selected", grouped(2), **IMAGE, **only("conv2")),
    Case("refused-parameter-weight", net(parameters, 4), fault="linear"),
    Case("parameter-weight-not-selected", net(parameters, 4), **only()),
    Case("refused-three-axes", build_longer, rows=[6], test_rows=6, fault="linear1"),
    Case("refused-nan", chain(4, 5, 3), data=with_nan, fault="x_activation_post_process_0_equalization_process_0"),
    Case("refused-infinity", chain(4, 5, 3), data=with_infinity, fault="linear2_activation_post_process_0"),
    Case("refused-nan-none-selected", chain(4, 5, 3), data=with_nan, fault="x_activation_post_process_0", **only()),
    Case("refused-one-axis", chain(4, 5), rows=[None], test_rows=None, fault="linear1"),
    Case("refused-six-axes", net(lambda n, *size: (lambda m, x: m.linear1(x), {"linear1": nn.Linear(size[-1], n(3))}), 1, 2, 1, 2, 4), rows=[2], test_rows=2, fault="linear1"),
    Case("refused-one-image", net(two(2), 4, 5, 6), rows=[None], test_rows=None, fault="conv1"),
    Case("refused-fused-types", chain(5, 7, 3, between=nn.ReLU), types={LINEAR: "qnnpack"}, fault="linear1"),
    Case("refused-fused-selection", chain(4, 5, 3, between=nn.ReLU), equalize=False, equalize_types={LINEAR: True}, fault="linear1"),
    Case("refused-fixed-qparams", net(sigmoid_after, 4), types={"torch.nn.Sigmoid": "default"}, fault="sigmoid"),
    Case("refused-conv-same-padding", net(two(2, F.relu, kernel=3, padding="same"), 3, 6, 5), fault="conv1", **IMAGE),
    Case("refused-conv-without-stride", net(convs(2, ()), 4, 5, 5), fault="conv2d", **IMAGE),
    Case("refused-conv-number-for-stride", net(convs(2, (1, 0, 1, 1), identity), 4, 5, 5), fault="conv2d", **IMAGE),
]
