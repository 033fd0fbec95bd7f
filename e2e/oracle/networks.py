"""Small networks for the cases: chains of Linear, and any forward over a few modules and tensors."""
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


class Net(nn.Module):
    """A forward over modules and tensors by name: Net(lambda m, x: F.linear(m.a(x), m.w), a=…, w=a tensor).

    Tensors become buffers, nn.Parameters stay parameters.
    """

    def __init__(self, run, **parts):
        super().__init__()
        self.run = run
        for name, part in parts.items():
            if isinstance(part, torch.Tensor) and not isinstance(part, nn.Parameter):
                self.register_buffer(name, part)
            else:
                setattr(self, name, part)
        self.settle()

    def settle(self):
        """Gives normalizations the statistics of a trained network, so that folding one is no identity."""
        for part in self.modules():
            if isinstance(part, nn.modules.batchnorm._BatchNorm):
                part.running_mean.normal_(0, 0.3)
                part.running_var.uniform_(0.5, 2)
                if part.affine:
                    nn.init.uniform_(part.weight, 0.5, 1.5)
                    nn.init.normal_(part.bias, 0, 0.3)

    def forward(self, x):
        return self.run(self, x)


class NetOfTwo(Net):
    """The same with two inputs."""

    def forward(self, x, y):
        return self.run(self, x, y)


def weight(out, *shape):
    """A weight of `out` rows, as wide as nn.Linear and nn.Conv would make it."""
    size = 1
    for length in shape:
        size *= length
    return (torch.rand(out, *shape) * 2 - 1) / size**0.5


def bias(out):
    return torch.rand(out) - 0.5
