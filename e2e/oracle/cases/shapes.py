"""Ops that move values: pooling, concatenation, reshaping, indexing; outputs of several values."""
import torch
import torch.nn.functional as F
from torch import nn

from cases.case import Case, Odd, net


def between_convs(op, dims=2, **parts):
    """conv `a` → op → conv `b` of one kernel element."""
    conv = {1: nn.Conv1d, 2: nn.Conv2d}[dims]

    def make(n, channels, *size):
        hidden = n(4)
        layers = {"a": conv(channels, hidden, 3, padding=1), **parts, "b": conv(hidden, n(3), 1)}
        return lambda m, x: m.b(op(m, m.a(x))), layers

    return make


def between_linears(op, factor=1):
    """linear `a` → op → linear `b`, whose input is `factor` times as wide."""

    def make(n, width):
        hidden = n(4)
        layers = {"a": nn.Linear(width, hidden), "b": nn.Linear(hidden * factor, n(3))}
        return lambda m, x: m.b(op(m.a(x))), layers

    return make


def flattened(op):
    """conv → op, which flattens all but the samples → linear"""

    def make(n, channels, height, width):
        hidden = n(3)
        parts = {"conv": nn.Conv2d(channels, hidden, 1), "flatten": nn.Flatten(), "fc": nn.Linear(hidden * height * width, n(3))}
        size = hidden * height * width
        return lambda m, x: m.fc(op(m, m.conv(x), size)), parts

    return make


def concatenated(n, width):
    parts = {"a": nn.Linear(width, n(3)), "c": nn.Linear(width, n(4))}
    parts["b"] = nn.Linear(parts["a"].out_features + parts["c"].out_features, n(3))
    return lambda m, x: m.b(torch.cat([m.a(x), F.relu(m.c(x))], dim=1)), parts


def concatenated_images(n, channels, *size):
    parts = {"a": nn.Conv2d(channels, n(3), 1), "c": nn.Conv2d(channels, n(4), 1)}
    parts["b"] = nn.Conv2d(parts["a"].out_channels + parts["c"].out_channels, n(3), 1)
    return lambda m, x: m.b(torch.cat((m.a(x), m.c(x)), 1)), parts


def several_outputs(n, width):
    parts = {"a": nn.Linear(width, n(4)), "c": nn.Linear(width, n(3))}
    parts["b"] = nn.Linear(parts["a"].out_features, n(3))

    def run(m, x):
        y = F.relu(m.a(x))
        return m.b(y), y, m.c(x)

    return run, parts


def permuted(n, channels, height, width):
    """Channels last in between, as a vision transformer does: conv → permute → linear."""
    parts = {"conv": nn.Conv2d(channels, n(4), 1)}
    parts["linear"] = nn.Linear(parts["conv"].out_channels, n(3))
    return lambda m, x: m.linear(torch.flatten(m.conv(x).permute(0, 2, 3, 1), 0, 2)), parts


def pooled(op):
    return net(between_convs(lambda m, x: op(x)), 4, 6, 5)


IMAGE = {"rows": [4], "test_rows": 4}
POOLS = [
    Case("max-pool", net(between_convs(lambda m, x: m.pool(x), pool=nn.MaxPool2d(2)), 4, 6, 5), **IMAGE),
    Case("max-pool-relu", net(between_convs(lambda m, x: F.relu(m.pool(x)), pool=nn.MaxPool2d(3, 2, 1)), 4, 6, 5), **IMAGE),
    Case("max-pool1d", net(between_convs(lambda m, x: m.pool(x), 1, pool=nn.MaxPool1d(2)), 4, 9), **IMAGE),
    Case("functional-max-pool", pooled(lambda x: F.max_pool2d(x, 2)), **IMAGE),
    Case("avg-pool", net(between_convs(lambda m, x: m.pool(x), pool=nn.AvgPool2d(2)), 4, 6, 5), **IMAGE),
    Case("functional-avg-pool", pooled(lambda x: F.avg_pool2d(x, 2)), qconfig="fbgemm", **IMAGE),
    Case("adaptive-avg-pool", net(between_convs(lambda m, x: m.pool(x), pool=nn.AdaptiveAvgPool2d(1)), 4, Odd(5), Odd(5)), **IMAGE),
    Case("functional-adaptive-avg-pool", pooled(lambda x: F.adaptive_avg_pool2d(x, (2, 1))), **IMAGE),
    Case("mean", net(between_convs(lambda m, x: x.mean([2, 3], True)), 4, Odd(5), Odd(5)), **IMAGE),
    Case("mean-function", net(between_convs(lambda m, x: torch.mean(x, 3, keepdim=True)), 4, 6, Odd(5)), **IMAGE),
]
AXES = [
    Case("flatten-function", net(flattened(lambda m, x, size: torch.flatten(x, 1)), 3, 3, 4), **IMAGE),
    Case("flatten-method", net(flattened(lambda m, x, size: x.flatten(1)), 3, 3, 4), **IMAGE),
    Case("flatten-module", net(flattened(lambda m, x, size: m.flatten(x)), 3, 3, 4), **IMAGE),
    Case("reshape", net(flattened(lambda m, x, size: torch.reshape(x, (-1, size))), 3, 3, 4), **IMAGE),
    Case("reshape-method", net(flattened(lambda m, x, size: x.reshape(-1, size)), 3, 3, 4), **IMAGE),
    Case("view", net(flattened(lambda m, x, size: x.view(-1, size)), 3, 3, 4), **IMAGE),
    Case("permute", net(permuted, 4, 3, 4), **IMAGE),
    Case("transpose", net(between_convs(lambda m, x: x.transpose(2, 3)), 4, 6, 5), **IMAGE),
    Case("squeeze-unsqueeze", net(between_linears(lambda x: torch.squeeze(torch.unsqueeze(x, 1), 1)), 4)),
    Case("squeeze-unsqueeze-methods", net(between_linears(lambda x: x.unsqueeze(1).squeeze(1)), 4)),
    Case("getitem", net(between_linears(lambda x: x[:, :]), 4)),
    Case("getitem-output", net(lambda n, width: (lambda m, x: m.a(x)[:, 0], {"a": nn.Linear(width, n(4))}), 4)),
    Case("contiguous", net(between_linears(lambda x: x.contiguous()), 4)),
    Case("cat", net(concatenated, 4)),
    Case("cat-images", net(concatenated_images, 4, 4, 5), **IMAGE),
    Case("cat-itself", net(between_linears(lambda x: torch.cat([x, x], 1), 2), 4), qconfig="qnnpack"),
    Case("several-outputs", net(several_outputs, 4)),
]
CASES = POOLS + AXES
