"""The small networks and data of the goldens. Every case is seeded by its place in the list."""
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional

import torch
import torch.nn.functional as F
from torch import nn


class Chain(nn.Module):
    """linear1 … linearN with an activation between each two, and one at the end if `last` is given.

    widths: [in, hidden …, out]. between: None, "functional" (F.relu), or a module class, one instance a gap.
    """

    def __init__(self, widths, between=None, last=None, bias=True):
        super().__init__()
        self.depth = len(widths) - 1
        self.functional = between == "functional"
        for i in range(self.depth):
            self.add_module(f"linear{i + 1}", nn.Linear(widths[i], widths[i + 1], bias=bias))
            if isinstance(between, type) and i + 1 < self.depth:
                self.add_module(f"{between.__name__.lower()}{i + 1}", between())
        if last is not None:
            self.add_module(last.__name__.lower(), last())
        self.after = {
            i + 1: f"{between.__name__.lower()}{i + 1}"
            for i in range(self.depth - 1)
            if isinstance(between, type)
        }
        self.last = None if last is None else last.__name__.lower()

    def forward(self, x):
        for i in range(1, self.depth + 1):
            x = getattr(self, f"linear{i}")(x)
            if i in self.after:
                x = getattr(self, self.after[i])(x)
            elif self.functional and i < self.depth:
                x = F.relu(x)
        return x if self.last is None else getattr(self, self.last)(x)


class Branch(nn.Module):
    """Two layers that read the same input, their sum."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear1 = nn.Linear(inputs, outputs)
        self.linear2 = nn.Linear(inputs, outputs)

    def forward(self, x):
        return self.linear1(x) + self.linear2(x)


def unequal_columns(x):
    """Columns whose ranges spread over two decades."""
    return x * torch.logspace(-1, 1, x.shape[1])


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


@dataclass
class Case:
    name: str
    model: Callable[[], nn.Module]
    width: int
    rows: List[int] = field(default_factory=lambda: [24])
    qconfig: str = "default"
    selected: Optional[List[str]] = None
    names: Dict[str, Optional[str]] = field(default_factory=dict)
    types: Dict[str, Optional[str]] = field(default_factory=dict)
    data: Callable[[torch.Tensor], torch.Tensor] = unequal_columns


def dead_weight_column():
    model = Chain([4, 5, 3], "functional")
    with torch.no_grad():
        model.linear2.weight[:, 2] = 0.5  # zero range, not zero
        model.linear1.weight[1] = 0.0
        model.linear1.bias[1] = -1.0  # so that the ReLU's output is dead in column 1
    return model


def width_one():
    model = Chain([1, 1, 1], "functional")
    with torch.no_grad():
        model.linear1.weight[:] = 0.7  # positive, so that the ReLU lives
        model.linear1.bias[:] = 0.1
    return model


CASES = [
    Case("one-linear", lambda: Chain([4, 3]), 4),
    Case("connected", lambda: Chain([2, 2, 2]), 2),
    Case("connected-unequal-widths", lambda: Chain([5, 7, 3]), 5),
    Case("connected-functional-relu", lambda: Chain([5, 7, 3], "functional"), 5),
    Case("connected-module-relu", lambda: Chain([5, 7, 3], nn.ReLU), 5),
    Case("chain-of-three", lambda: Chain([6, 5, 4, 3]), 6),
    Case("chain-of-three-relu", lambda: Chain([6, 8, 5, 3], nn.ReLU), 6),
    Case("no-bias", lambda: Chain([4, 6, 3], "functional", bias=False), 4),
    Case("dead-and-constant-inputs", lambda: Chain([5, 4]), 5, data=dead_and_constant),
    Case("dead-columns-between", dead_weight_column, 4),
    Case("one-row", lambda: Chain([4, 5, 3]), 4, rows=[1]),
    Case("width-one", width_one, 1),
    Case("width-hundred", lambda: Chain([100, 16, 4], nn.ReLU), 100),
    Case("several-batches", lambda: Chain([5, 7, 3], "functional"), 5, rows=[7, 1, 12, 4]),
    Case("only-second-selected", lambda: Chain([4, 5, 3]), 4, selected=["linear2"]),
    Case("only-first-selected", lambda: Chain([4, 5, 3]), 4, selected=["linear1"]),
    Case("relu-last", lambda: Chain([4, 5, 3], "functional", last=nn.ReLU), 4),
    Case("sigmoid-last", lambda: Chain([4, 5, 3], "functional", last=nn.Sigmoid), 4),
    Case("tanh-between", lambda: Chain([4, 5, 3], nn.Tanh), 4),
    Case("per-channel-one-linear", lambda: Chain([4, 3]), 4, qconfig="per-channel"),
    Case("per-channel-connected", lambda: Chain([5, 7, 3]), 5, qconfig="per-channel"),
    Case("per-channel-relu", lambda: Chain([5, 7, 3], nn.ReLU), 5, qconfig="per-channel"),
    Case("fbgemm-one-linear", lambda: Chain([4, 3]), 4, qconfig="fbgemm"),
    Case("fbgemm-relu", lambda: Chain([5, 7, 3], nn.ReLU), 5, qconfig="fbgemm"),
    Case("fbgemm-batches", lambda: Chain([5, 7, 3], "functional"), 5, rows=[7, 12, 30, 4], qconfig="fbgemm", data=growing),
    Case("fbgemm-only-second", lambda: Chain([4, 5, 3]), 4, qconfig="fbgemm", selected=["linear2"]),
    Case("qnnpack-connected", lambda: Chain([5, 7, 3]), 5, qconfig="qnnpack"),
    Case("qnnpack-batches", lambda: Chain([4, 6, 3], nn.ReLU), 4, rows=[9, 1, 40, 16], qconfig="qnnpack", data=growing),
    Case("qnnpack-fractions", lambda: Chain([4, 5, 3]), 4, rows=[6, 20, 6], qconfig="qnnpack", data=fractions),
    Case("qnnpack-constant", lambda: Chain([5, 4]), 5, qconfig="qnnpack", data=dead_and_constant),
    Case("qnnpack-sigmoid-last", lambda: Chain([4, 5, 3], last=nn.Sigmoid), 4, qconfig="qnnpack"),
    Case("moving-average-batches", lambda: Chain([5, 7, 3], nn.ReLU), 5, rows=[9, 30, 4, 16], qconfig="moving-average", data=growing),
    Case("name-second-float", lambda: Chain([6, 5, 4, 3]), 6, names={"linear2": None}),
    Case("name-first-float", lambda: Chain([4, 5, 3], nn.ReLU), 4, names={"linear1": None}),
    Case("name-last-float", lambda: Chain([4, 5, 3]), 4, names={"linear2": None}),
    Case("name-mixed", lambda: Chain([6, 8, 5, 3], nn.ReLU), 6, names={"linear2": "fbgemm", "linear3": "qnnpack"}),
    Case("branch-two-observers", lambda: Branch(4, 3), 4, names={"linear2": "qnnpack"}),
    Case("branch-one-float", lambda: Branch(4, 3), 4, names={"linear2": None}),
    Case("type-linear-relu", lambda: Chain([5, 7, 3], nn.ReLU), 5, types={"torch.nn.Linear": "qnnpack", "torch.nn.ReLU": "qnnpack"}),
    Case("type-float-name-int8", lambda: Chain([5, 7, 3]), 5, types={"torch.nn.Linear": None}, names={"linear2": "per-channel"}),
]
