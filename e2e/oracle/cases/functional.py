"""F.linear and F.conv1d … F.conv3d with weights and biases from get_attr."""
import torch.nn.functional as F
from torch import nn

from cases.case import Case, net, only
from networks import bias, weight

CONV = [F.conv1d, F.conv2d, F.conv3d]


def linears(between=None, biases=("b1", "b2")):
    """Two F.linear; `biases`: names of their buffers (PyTorch scales those whose node's name has "bias" in it)."""

    def make(n, width):
        hidden, out = n(5), n(3)
        parts = {"w1": weight(hidden, width), "w2": weight(out, hidden)}
        for name, size in zip(biases, (hidden, out)):
            if name:
                parts[name] = bias(size)
        act = between or (lambda m, x: x)
        if isinstance(between, nn.Module):
            parts["act"] = between
            act = lambda m, x: m.act(x)
        get = lambda m, name: getattr(m, name) if name else None

        def run(m, x):
            x = act(m, F.linear(x, m.w1, get(m, biases[0])))
            return F.linear(x, m.w2, get(m, biases[1]))

        return run, parts

    return make


relu = lambda m, x: F.relu(x)


def module_then_functional(n, width):
    hidden, out = n(5), n(3)
    run = lambda m, x: F.linear(F.relu(m.linear1(x)), m.weight2, m.bias2)
    return run, {"linear1": nn.Linear(width, hidden), "weight2": weight(out, hidden), "bias2": bias(out)}


def functional_then_module(n, width):
    hidden, out = n(5), n(3)
    run = lambda m, x: m.linear2(F.linear(x, m.weight1, m.bias1))
    return run, {"linear2": nn.Linear(hidden, out), "weight1": weight(hidden, width), "bias1": bias(hidden)}


def shared_weight(n, width):
    run = lambda m, x: F.linear(F.relu(F.linear(x, m.w, m.b)), m.w, m.b)
    return run, {"w": weight(width, width), "b": bias(width)}


def convs(dims, attributes=None, between=relu, biases=("bias1", "bias2")):
    """Two F.conv; attributes: stride, padding, dilation, groups: PyTorch lowers them only with all four, as lists."""
    ones = [1] * dims
    attributes = (ones, [0] * dims, ones, 1) if attributes is None else attributes

    def make(n, channels, *size):
        kernel, hidden, out = [2] * dims, n(5), n(3)
        parts = {"w1": weight(hidden, channels, *kernel), "w2": weight(out, hidden, *kernel)}
        for name, length in zip(biases, (hidden, out)):
            if name:
                parts[name] = bias(length)
        get = lambda m, name: getattr(m, name) if name else None
        conv = CONV[dims - 1]

        def run(m, x):
            x = between(m, conv(x, m.w1, get(m, biases[0]), *attributes))
            return conv(x, m.w2, get(m, biases[1]), *attributes)

        return run, parts

    return make


identity = lambda m, x: x
IMAGE = {"rows": [4], "test_rows": 4}
CASES = [
    Case("functional-linear", net(linears(), 4)),
    Case("functional-linear-relu", net(linears(relu), 4)),
    Case("functional-linear-relu-module", net(linears(nn.ReLU()), 4)),
    Case("functional-linear-bias-name", net(linears(relu, ("bias1", "bias2")), 4)),
    Case("functional-linear-bias-connected", net(linears(None, ("bias1", "bias2")), 4)),
    Case("functional-linear-no-bias", net(linears(relu, (None, None)), 4)),
    Case("functional-linear-per-channel", net(linears(relu), 4), qconfig="per-channel"),
    Case("functional-linear-fbgemm", net(linears(relu, ("bias1", "bias2")), 4), qconfig="fbgemm", rows=[9, 30]),
    Case("functional-linear-qnnpack", net(linears(), 4), qconfig="qnnpack"),
    Case("functional-linear-float-type", net(linears(relu), 4), types={"torch.nn.functional.linear": None}),
    Case("functional-linear-type-selected", net(module_then_functional, 4), equalize=False, equalize_types={"torch.nn.functional.linear": True}),
    Case("functional-linear-none-selected", net(linears(relu), 4), **only()),
    Case("module-then-functional", net(module_then_functional, 4)),
    Case("functional-then-module", net(functional_then_module, 4)),
    Case("functional-shared-weight", net(shared_weight, 4)),
    Case("functional-conv1d", net(convs(1), 4, 7), **IMAGE),
    Case("functional-conv2d", net(convs(2), 4, 5, 6), **IMAGE),
    Case("functional-conv3d", net(convs(3, ([1] * 3, [1] * 3, [1] * 3, 1)), 3, 3, 4, 3), rows=[2], test_rows=2),
    Case("functional-conv2d-stride", net(convs(2, ([2, 1], [1, 0], [1, 2], 1)), 4, 8, 8), **IMAGE),
    Case("functional-conv2d-connected", net(convs(2, None, identity, ("b1", "b2")), 4, 5, 5), **IMAGE),
    Case("functional-conv2d-no-bias", net(convs(2, None, relu, (None, None)), 4, 5, 5), **IMAGE),
    Case("functional-conv2d-per-channel", net(convs(2), 4, 5, 5), qconfig="per-channel", **IMAGE),
    Case("functional-conv2d-fbgemm", net(convs(2), 4, 5, 5), qconfig="fbgemm", **IMAGE),
]
