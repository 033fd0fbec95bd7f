"""Calibration and test data: what a case's inputs look like."""
from dataclasses import dataclass
from typing import Tuple

import torch


@dataclass(frozen=True)
class Indices:
    """An int64 input of row numbers below `count`, for an embedding."""

    shape: Tuple[int, ...]
    count: int


def sample(spec, rows, data):
    """One batch of an input: its sample's shape, or Indices. `rows` None: no axis of samples."""
    shape = spec.shape if isinstance(spec, Indices) else spec
    full = tuple(shape) if rows is None else (rows, *shape)
    return torch.randint(spec.count, full) if isinstance(spec, Indices) else data(torch.randn(full))


def along_channels(values, x):
    """`values` along axis 1, or along the only axis."""
    return values.reshape(-1, *[1] * (x.dim() - 2)) if x.dim() > 2 else values


def unequal_columns(x):
    """Columns (channels) whose ranges spread over two decades."""
    channels = x.shape[min(1, x.dim() - 1)]
    return x * along_channels(torch.logspace(-1, 1, channels), x)


def dead_and_constant(x):
    """Column 0 is all zero, column 1 a constant, the others unequal."""
    x = unequal_columns(x).clone()
    x[:, 0], x[:, 1] = 0.0, 3.0
    return x


def fractions(x):
    """Between 0 and 0.9: HistogramObserver cuts both ends to 0, and takes each batch's own range."""
    return torch.sigmoid(x) * 0.9


def growing(x):
    """The more rows, the wider: histograms of different ranges are merged."""
    return unequal_columns(x) * (1 + x.shape[0] / 20)


def positive(x):
    return unequal_columns(x).abs() + 0.1


def with_nan(x):
    x = unequal_columns(x).clone()
    x[0, 1] = float("nan")
    return x


def with_infinity(x):
    x = unequal_columns(x).clone()
    x[0, 1] = float("inf")
    return x
