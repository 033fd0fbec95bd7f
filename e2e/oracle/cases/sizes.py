"""Shapes computed from sizes, as CNNs and transformers write them, and what PyTorch takes the sizes' tensors for."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from cases.case import Case, net, only


def cnn(flatten):
    """conv + bn + relu → pool → `flatten` → linear → relu → linear"""

    def make(n, channels, height, width):
        maps, hidden = n(4), n(5)
        parts = {"conv": nn.Conv2d(channels, maps, 3, padding=1), "bn": nn.BatchNorm2d(maps), "pool": nn.MaxPool2d(2)}
        parts["fc1"] = nn.Linear(maps * (height // 2) * (width // 2), hidden)
        parts["fc2"] = nn.Linear(hidden, n(3))

        def run(m, x):
            y = m.pool(F.relu(m.bn(m.conv(x))))
            return m.fc2(F.relu(m.fc1(flatten(m, y, x))))

        return run, parts

    return net(make, 3, 6, 4)


def flat(flatten):
    """conv → `flatten` → linear"""

    def make(n, channels, height, width):
        parts = {"conv": nn.Conv2d(channels, n(3), 1)}
        parts["fc"] = nn.Linear(parts["conv"].out_channels * height * width, n(3))
        return lambda m, x: m.fc(flatten(m, m.conv(x), x)), parts

    return net(make, 3, 3, 4)


def sizes_of(shape, count):
    """What `a, b, c = x.shape` reads; torch.fx of 1.13 cannot trace that itself from Python 3.11 on."""
    return [shape[axis] for axis in range(count)]


def unpacked(m, y, x):
    batch, channels, height, width = sizes_of(y.shape, 4)
    return y.view(batch, channels * height * width)


def unpacked_size(m, y, x):
    batch, channels, height, width = sizes_of(y.size(), 4)
    return y.reshape(batch, channels * height * width)


def halves(m, y, x):
    return y.view(y.size(0) // 1, y.size(1) * y.size(2) * y.size(3))


def attention(split, join, scale=lambda q: 2.0):
    """q, k, v → heads → softmax(q kᵀ / scale) v → out"""

    def make(n, steps, half):
        width = 2 * half
        parts = {name: nn.Linear(width, width) for name in ("q", "k", "v", "out")}

        def run(m, x):
            q, k, v = (split(part(x), x).transpose(1, 2) for part in (m.q, m.k, m.v))
            weights = torch.softmax(torch.matmul(q, k.transpose(-2, -1)) / scale(q), -1)
            return m.out(join(torch.matmul(weights, v).transpose(1, 2), x))

        return run, parts

    def build(n):
        module, inputs = net(make, 3, 2)(n)
        steps, half = inputs["x"]
        # As many steps as columns: PyTorch equalizes axis 1.
        return module, {"x": (2 * half, 2 * half)}

    return build


def split_by_shape(y, x):
    batch, steps, width = sizes_of(x.shape, 3)
    return y.view(batch, steps, 2, width // 2)


def join_by_shape(y, x):
    batch, steps, width = sizes_of(x.shape, 3)
    return y.reshape(batch, steps, width)


def split_by_size(y, x):
    return y.view(x.size(0), x.size(1), 2, -1)


def join_by_size(y, x):
    return y.contiguous().view(y.size(0), y.size(1), -1)


def split_by_list(y, x):
    return y.view(x.size()[:-1] + (2, y.shape[-1] // 2))


def scaled(scale):
    """linear → scaled by a size → linear"""

    def make(n, width):
        hidden = n(4)
        return lambda m, x: m.b(scale(m.a(x))), {"a": nn.Linear(width, hidden), "b": nn.Linear(hidden, n(3))}

    return net(make, 4)


def two_views(n, channels, height, width):
    parts = {"conv1": nn.Conv2d(channels, n(4), 1)}
    parts["conv2"] = nn.Conv2d(parts["conv1"].out_channels, 4, 1)
    parts["fc"] = nn.Linear(4 * height * width, 6)

    def run(m, x):
        y = m.conv2(F.relu(m.conv1(x)))
        samples = y.size(0)
        return m.fc(y.view(samples, -1)).view(samples, 2, 3)

    return run, parts


def image_first(n, channels, height, width):
    """x.view(x.size(0), -1) in front of everything, as an MLP for images has it."""
    parts = {"fc1": nn.Linear(channels * height * width, n(5))}
    parts["fc2"] = nn.Linear(parts["fc1"].out_features, n(3))
    return lambda m, x: m.fc2(F.relu(m.fc1(x.view(x.size(0), -1)))), parts


def linear_first(n, width):
    parts = {"fc1": nn.Linear(width, 6), "fc2": nn.Linear(6, n(3))}
    return lambda m, x: m.fc2(m.fc1(x).view(x.size(0), 6)), parts


IMAGE = {"rows": [4], "test_rows": 4}
TOKENS = {"rows": [4], "test_rows": 6}
NONE = only()
CASES = [
    Case("refused-view-size-cnn", cnn(lambda m, y, x: y.view(y.size(0), -1)), fault="view", **IMAGE),
    Case("view-size-cnn-none-selected", cnn(lambda m, y, x: y.view(y.size(0), -1)), **IMAGE, **NONE),
    Case("reshape-shape-cnn", cnn(lambda m, y, x: y.reshape(y.shape[0], -1)), **IMAGE),
    Case("reshape-shape-cnn-fbgemm", cnn(lambda m, y, x: y.reshape(x.shape[0], -1)), qconfig="fbgemm", **IMAGE),
    Case("view-size", flat(lambda m, y, x: y.view(y.size(0), -1)), **IMAGE),
    Case("view-size-none-selected", flat(lambda m, y, x: y.view(y.size(0), -1)), **IMAGE, **NONE),
    Case("view-size-list", flat(lambda m, y, x: y.view([y.size()[0], -1])), **IMAGE),
    Case("view-shape-unpacked", flat(unpacked), **IMAGE),
    Case("reshape-size-unpacked", flat(unpacked_size), **IMAGE),
    Case("view-size-products", flat(halves), **IMAGE),
    Case("view-size-twice", net(two_views, 3, 3, 4), **IMAGE),
    Case("view-size-of-input", flat(lambda m, y, x: y.view(x.size(0), -1)), **IMAGE),
    Case("view-size-first", net(image_first, 2, 3, 3), rows=[12], test_rows=24),
    Case("attention-shape", attention(split_by_shape, join_by_shape), **TOKENS),
    Case("attention-size", attention(split_by_size, join_by_size, lambda q: math.sqrt(q.size(-1))), **TOKENS),
    Case("attention-list", attention(split_by_list, join_by_shape, lambda q: q.size(-1) ** 0.5), **TOKENS),
    Case("times-size", scaled(lambda y: y * y.size(-1))),
    Case("plus-shape", scaled(lambda y: y + y.shape[1] * 2)),
    Case("divided-by-size", scaled(lambda y: y / y.size(-1))),
    Case("refused-times-power-of-size", scaled(lambda y: y * y.size(-1) ** -0.5), fault="pow_1"),
    Case("linear-size-of-input", net(linear_first, 4)),
]
