"""Every op between layers and in front of one: which get an output observer, share their input's, or none."""
import torch
import torch.nn.functional as F
from torch import nn

from cases.case import Case, net, net_of_two
from data import Indices
from networks import Net


def between(op, **parts):
    """linear `a` → op → linear `b`; op takes (module, value)."""

    def make(n, width):
        made = {name: part() if isinstance(part, type) else part for name, part in parts.items()}
        return lambda m, x: m.b(op(m, m.a(x))), {"a": nn.Linear(width, width), **made, "b": nn.Linear(width, n(3))}

    return make


def module(act):
    return between(lambda m, x: m.act(x), act=act)


def function(act):
    return between(lambda m, x: act(x))


def first(op):
    """op in front of the only layer: it reads the model's input."""

    def make(n, width):
        return lambda m, x: m.b(op(x)), {"b": nn.Linear(width, n(3))}

    return make


def sized(act, *shape):
    """A module whose parameters follow the width: act(width)."""

    def make(n, width):
        parts = {"a": nn.Linear(width, width), "act": act(width), "b": nn.Linear(width, n(3))}
        return lambda m, x: m.b(m.act(m.a(x))), parts

    return make


def two_linears(op):
    """op of two linears' values, then a linear."""

    def make(n, width):
        parts = {"a": nn.Linear(width, width), "c": nn.Linear(width, width), "b": nn.Linear(width, n(3))}
        return lambda m, x: m.b(op(m.a(x), m.c(x))), parts

    return make


def attention(n, length, width):
    """q, k and v read one 3-D tensor; softmax(q kᵀ) v, then a sum with the input."""
    names = ("q", "k", "v")

    def run(m, x):
        scores = torch.matmul(m.q(x), m.k(x).transpose(1, 2))
        return torch.matmul(m.softmax(scores * 0.5), m.v(x)) + x

    return run, {**{name: nn.Linear(width, width) for name in names}, "softmax": nn.Softmax(dim=-1)}


def embedded(n):
    count, width = n(9), n(4)
    parts = {"embedding": nn.Embedding(count, width), "linear": nn.Linear(width, n(3))}
    run = lambda m, x: m.linear(m.embedding(x))
    return Net(run, **parts), {"x": Indices((), count)}


def observed_constant(op):
    """A buffer as an operand: PyTorch observes get_attr like any other value."""

    def make(n, width):
        parts = {"a": nn.Linear(width, width), "c": torch.rand(width) + 0.5, "b": nn.Linear(width, n(3))}
        return lambda m, x: m.b(op(m.a(x), m.c)), parts

    return make


def functional_norm(n, width):
    return between(lambda m, x: F.layer_norm(x, (width,)))(n, width)


ACTIVATIONS = [
    Case("relu-method", net(function(lambda x: x.relu()), 4)),
    Case("relu-torch", net(function(torch.relu), 4)),
    Case("relu6", net(module(nn.ReLU6()), 4)),
    Case("functional-relu6", net(function(F.relu6), 4)),
    Case("leaky-relu", net(module(nn.LeakyReLU(0.1)), 4)),
    Case("functional-leaky-relu", net(function(lambda x: F.leaky_relu(x, 0.1)), 4)),
    Case("prelu", net(module(nn.PReLU()), 4)),
    Case("prelu-channels", net(sized(nn.PReLU), 4)),
    Case("elu", net(module(nn.ELU()), 4)),
    Case("functional-elu", net(function(F.elu), 4)),
    Case("silu", net(module(nn.SiLU()), 4)),
    Case("gelu", net(module(nn.GELU()), 4)),
    Case("functional-gelu", net(function(F.gelu), 4)),
    Case("hardtanh", net(module(nn.Hardtanh(-0.5, 0.8)), 4)),
    Case("functional-hardtanh", net(function(lambda x: F.hardtanh(x, -0.5, 0.8)), 4)),
    Case("clamp", net(function(lambda x: torch.clamp(x, -0.5, 0.8)), 4)),
    Case("sigmoid-functional", net(function(torch.sigmoid), 4)),
    Case("sigmoid-method", net(function(lambda x: x.sigmoid()), 4)),
    Case("sigmoid-first", net(first(torch.sigmoid), 4)),
    Case("tanh-functional", net(function(torch.tanh), 4), qconfig="fbgemm"),
    Case("tanh-first", net(first(torch.tanh), 4), qconfig="qnnpack"),
    Case("softmax", net(module(nn.Softmax(dim=1)), 4)),
    Case("softmax-functional", net(function(lambda x: F.softmax(x, dim=-1)), 4)),
    Case("dropout", net(module(nn.Dropout(0.3)), 4)),
    Case("functional-dropout", net(function(lambda x: F.dropout(x, 0.3, False)), 4)),
    Case("identity", net(module(nn.Identity()), 4)),
    Case("layer-norm", net(sized(nn.LayerNorm), 4)),
    Case("functional-layer-norm", net(functional_norm, 4)),
    Case("to-float", net(function(lambda x: x.to(torch.float32)), 4)),
]
ARITHMETIC = [
    Case("add", net(two_linears(torch.add), 4)),
    Case("add-relu", net(two_linears(lambda x, y: F.relu(x + y)), 4)),
    Case("add-relu-module", net(between(lambda m, x: m.relu(x + m.c(x)), relu=nn.ReLU, c=nn.Identity), 4)),
    Case("add-fbgemm", net(two_linears(torch.add), 4), qconfig="fbgemm"),
    Case("add-itself", net(function(lambda x: x + x), 4)),
    Case("add-scalar", net(function(lambda x: x + 1), 4)),
    Case("add-scalar-relu", net(function(lambda x: F.relu(x + 0.5)), 4)),
    Case("add-in-place", net(two_linears(lambda x, y: x.add(y)), 4)),
    Case("subtract", net(two_linears(lambda x, y: x - y), 4)),
    Case("multiply", net(two_linears(torch.mul), 4)),
    Case("multiply-relu", net(two_linears(lambda x, y: F.relu(x * y)), 4)),
    Case("multiply-scalar", net(function(lambda x: x * 2.5), 4)),
    Case("divide", net(function(lambda x: x / 2), 4)),
    Case("add-constant", net(observed_constant(torch.add), 4)),
    Case("multiply-constant", net(observed_constant(torch.mul), 4)),
    Case("multiply-first", net(first(lambda x: x * 2), 4)),
    Case("two-inputs", net_of_two(lambda n, width: (lambda m, x, y: m.b(m.a(x) + m.c(y)), {"a": nn.Linear(width, width), "c": nn.Linear(width, width), "b": nn.Linear(width, n(3))}), 4)),
    Case("matmul", net(between(lambda m, x: torch.matmul(torch.matmul(x, x.transpose(0, 1)), x)), 4), rows=[8], test_rows=8),
    Case("attention", net(attention, 3, 4), rows=[6], test_rows=6),
    Case("embedding", embedded),
]
CASES = ACTIVATIONS + ARITHMETIC
