"""Graphs where PyTorch's equalization changes the function, spoils the ranges, or does nothing: DESIGN's list."""
import torch
import torch.nn.functional as F
from torch import nn

from cases.case import Case, net, only


def relu_like(n, width):
    """A Tanh whose name contains "relu"."""
    parts = {"a": nn.Linear(width, n(5)), "relu_like": nn.Tanh()}
    parts["b"] = nn.Linear(parts["a"].out_features, n(3))
    return lambda m, x: m.b(m.relu_like(m.a(x))), parts


def norm_relu(n, width):
    parts = {"a": nn.Linear(width, width), "norm": nn.LayerNorm(width), "b": nn.Linear(width, n(3))}
    return lambda m, x: m.b(F.relu(m.norm(m.a(x)))), parts


def residual(n, width):
    parts = {name: nn.Linear(width, width) for name in ("a", "b", "c")}

    def run(m, x):
        y = m.a(x)
        return m.c(m.b(y) + y)

    return run, parts


def also_output(n, width):
    parts = {"a": nn.Linear(width, n(5))}
    parts["b"] = nn.Linear(parts["a"].out_features, n(3))

    def run(m, x):
        y = m.a(x)
        return m.b(y), y

    return run, parts


def float_reader(n, width):
    """A second reader that PyTorch does not quantize (gelu of default_qconfig): it sees scaled values."""
    parts = {"a": nn.Linear(width, width), "b": nn.Linear(width, width)}

    def run(m, x):
        y = m.a(x)
        return m.b(y) + torch.exp(y)

    return run, parts


def called_twice(n, width):
    parts = {"a": nn.Linear(width, width), "b": nn.Linear(width, n(3))}
    return lambda m, x: m.b(m.a(F.relu(m.a(x)))), parts


def twice_with_relu(n, width):
    """ReLU after one of two calls: fusing it into the module changes the other call."""
    parts = {"a": nn.Linear(width, width), "relu": nn.ReLU(), "b": nn.Linear(width, n(3))}
    return lambda m, x: m.b(m.a(m.relu(m.a(x)))), parts


def conv_twice_with_norm(n, channels, *size):
    parts = {"a": nn.Conv2d(channels, channels, 1), "bn": nn.BatchNorm2d(channels), "b": nn.Conv2d(channels, n(3), 1)}
    return lambda m, x: m.b(m.a(m.bn(m.a(x)))), parts


def heads(n, width):
    """q, k and v read one tensor."""
    names = ("q", "k", "v")
    parts = {"a": nn.Linear(width, width), **{name: nn.Linear(width, width) for name in names}}
    parts["out"] = nn.Linear(width, n(3))

    def run(m, x):
        y = m.a(x)
        return m.out(m.q(y) + m.k(y) + m.v(y))

    return run, parts


def three_axes(n, steps):
    """A Linear over [samples, T, C] where T = C: PyTorch takes the ranges of axis 1, the steps."""
    return lambda m, x: m.b(F.relu(m.a(x))), {"a": nn.Linear(steps, steps), "b": nn.Linear(steps, steps)}


def square(make):
    """x: [samples, T, T]"""

    def build(n):
        module, inputs = net(make, 4)(n)
        (steps,) = inputs["x"]
        return module, {"x": (steps, steps)}

    return build


def shared_relu(n, width):
    """One nn.ReLU behind two layers."""
    parts = {"a": nn.Linear(width, n(5)), "relu": nn.ReLU()}
    parts["b"] = nn.Linear(parts["a"].out_features, n(4))
    parts["c"] = nn.Linear(parts["b"].out_features, n(3))
    return lambda m, x: m.c(m.relu(m.b(m.relu(m.a(x))))), parts


def conv_and_pool(n, channels, *size):
    """Two readers of one image: a conv, and a pool in front of another."""
    parts = {"a": nn.Conv2d(channels, n(4), 3, padding=1), "pool": nn.MaxPool2d(3, 1, 1)}
    hidden = parts["a"].out_channels
    parts["b"], parts["c"] = nn.Conv2d(hidden, 3, 1), nn.Conv2d(hidden, 3, 1)

    def run(m, x):
        y = F.relu(m.a(x))
        return m.b(y) + m.c(m.pool(y))

    return run, parts


IMAGE = {"rows": [4], "test_rows": 4}
CASES = [
    Case("relu-in-the-name", net(relu_like, 4)),
    Case("layer-norm-relu", net(norm_relu, 4)),
    Case("residual", net(residual, 4)),
    Case("tensor-also-output", net(also_output, 4)),
    Case("tensor-also-output-only-first", net(also_output, 4), **only("a")),
    Case("module-called-twice", net(called_twice, 4)),
    Case("module-called-twice-fbgemm", net(called_twice, 4), qconfig="fbgemm"),
    Case("module-called-twice-relu", net(twice_with_relu, 4)),
    Case("conv-called-twice-norm", net(conv_twice_with_norm, 4, 4, 4), **IMAGE),
    Case("query-key-value", net(heads, 4)),
    Case("query-key-value-one-int8", net(heads, 4), names={"k": None, "v": None}),
    Case("three-axes-equal", square(three_axes), rows=[6], test_rows=6),
    Case("shared-relu", net(shared_relu, 4)),
    Case("conv-and-pool-readers", net(conv_and_pool, 4, 5, 5), **IMAGE),
]
