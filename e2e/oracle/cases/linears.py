"""Chains of nn.Linear: every preset, selections, qconfigs by name and by type, odd widths and data."""
import torch
from torch import nn

from cases.case import Case, chain, net, only
from data import dead_and_constant, fractions, growing, positive
from networks import Chain


def dead_weight_column(n):
    widths = [n(4), n(5), n(3)]
    model = Chain(widths, "functional")
    with torch.no_grad():
        model.linear2.weight[:, 2] = 0.5  # zero range, not zero
        model.linear1.weight[1] = 0.0
        model.linear1.bias[1] = -1.0  # so that the ReLU's output is dead in column 1
    return model, {"x": (widths[0],)}


def width_one(n):
    model = Chain([1, 1, 1], "functional")
    with torch.no_grad():
        model.linear1.weight[:] = 0.7  # positive, so that the ReLU lives
        model.linear1.bias[:] = 0.1
    return model, {"x": (1,)}


def two_readers(n, width):
    """Two layers that read the same input, their sum."""
    out = n(3)
    parts = {"linear1": nn.Linear(width, out), "linear2": nn.Linear(width, out)}
    return lambda m, x: m.linear1(x) + m.linear2(x), parts


def blocks(n, width):
    """Layers in modules of their own: dotted names."""
    hidden = n(5)
    first = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, width))
    return lambda m, x: m.head(m.body(x)), {"body": first, "head": nn.Linear(width, n(3))}


SHAPES = [
    Case("one-linear", chain(4, 3)),
    Case("connected", chain(2, 2, 2)),
    Case("connected-unequal-widths", chain(5, 7, 3)),
    Case("connected-functional-relu", chain(5, 7, 3, between="functional")),
    Case("connected-module-relu", chain(5, 7, 3, between=nn.ReLU)),
    Case("chain-of-three", chain(6, 5, 4, 3)),
    Case("chain-of-three-relu", chain(6, 8, 5, 3, between=nn.ReLU)),
    Case("no-bias", chain(4, 6, 3, between="functional", bias=False)),
    Case("dead-and-constant-inputs", chain(5, 4), data=dead_and_constant),
    Case("dead-columns-between", dead_weight_column),
    Case("one-row", chain(4, 5, 3), rows=[1]),
    Case("width-one", width_one),
    Case("width-hundred", chain(100, 16, 4, between=nn.ReLU)),
    Case("width-thousand", chain(1000, 4), rows=[5], test_rows=6),
    Case("several-batches", chain(5, 7, 3, between="functional"), rows=[7, 1, 12, 4]),
    Case("relu-last", chain(4, 5, 3, between="functional", last=nn.ReLU)),
    Case("sigmoid-last", chain(4, 5, 3, between="functional", last=nn.Sigmoid)),
    Case("tanh-between", chain(4, 5, 3, between=nn.Tanh)),
    Case("positive-inputs", chain(4, 5, 3), data=positive),
    Case("dotted-names", net(blocks, 4), names={"body.2": "qnnpack"}),
]
PRESETS = [
    Case("per-channel-one-linear", chain(4, 3), qconfig="per-channel"),
    Case("per-channel-connected", chain(5, 7, 3), qconfig="per-channel"),
    Case("per-channel-relu", chain(5, 7, 3, between=nn.ReLU), qconfig="per-channel"),
    Case("fbgemm-one-linear", chain(4, 3), qconfig="fbgemm"),
    Case("fbgemm-relu", chain(5, 7, 3, between=nn.ReLU), qconfig="fbgemm"),
    Case("fbgemm-batches", chain(5, 7, 3, between="functional"), rows=[7, 12, 30, 4], qconfig="fbgemm", data=growing),
    Case("fbgemm-only-second", chain(4, 5, 3), qconfig="fbgemm", **only("linear2")),
    Case("qnnpack-connected", chain(5, 7, 3), qconfig="qnnpack"),
    Case("qnnpack-batches", chain(4, 6, 3, between=nn.ReLU), rows=[9, 1, 40, 16], qconfig="qnnpack", data=growing),
    Case("qnnpack-fractions", chain(4, 5, 3), rows=[6, 20, 6], qconfig="qnnpack", data=fractions),
    Case("qnnpack-constant", chain(5, 4), qconfig="qnnpack", data=dead_and_constant),
    Case("qnnpack-sigmoid-last", chain(4, 5, 3, last=nn.Sigmoid), qconfig="qnnpack"),
    Case("moving-average-batches", chain(5, 7, 3, between=nn.ReLU), rows=[9, 30, 4, 16], qconfig="moving-average", data=growing),
]
LINEAR, RELU, LINEAR_RELU = "torch.nn.Linear", "torch.nn.ReLU", "torch.nn.intrinsic.LinearReLU"
CONFIGURED = [
    Case("only-second-selected", chain(4, 5, 3), **only("linear2")),
    Case("only-first-selected", chain(4, 5, 3), **only("linear1")),
    Case("none-selected", chain(4, 5, 3), **only()),
    Case("all-but-one-selected", chain(4, 5, 6, 3, between=nn.ReLU), equalize_names={"linear2": False}),
    Case("type-selected", chain(4, 5, 3, between="functional"), equalize=False, equalize_types={LINEAR: True, RELU: True, "torch.nn.functional.relu": True}),
    Case("fused-type-selected", chain(4, 5, 3, between=nn.ReLU), equalize=False, equalize_types={LINEAR_RELU: True}),
    Case("name-before-type-selected", chain(4, 5, 3), equalize_types={LINEAR: False}, equalize_names={"linear2": True}),
    Case("selected-in-float", chain(4, 5, 3), names={"linear2": None}, **only("linear2")),
    Case("name-second-float", chain(6, 5, 4, 3), names={"linear2": None}),
    Case("name-first-float", chain(4, 5, 3, between=nn.ReLU), names={"linear1": None}),
    Case("name-last-float", chain(4, 5, 3), names={"linear2": None}),
    Case("name-mixed", chain(6, 8, 5, 3, between=nn.ReLU), names={"linear2": "fbgemm", "linear3": "qnnpack"}),
    Case("branch-two-observers", net(two_readers, 4), names={"linear2": "qnnpack"}),
    Case("branch-one-float", net(two_readers, 4), names={"linear2": None}),
    Case("type-linear-relu", chain(5, 7, 3, between=nn.ReLU), types={LINEAR: "qnnpack", RELU: "qnnpack"}),
    Case("type-fused", chain(5, 7, 3, between=nn.ReLU), types={LINEAR_RELU: "qnnpack"}),
    Case("type-float-name-int8", chain(5, 7, 3), types={LINEAR: None}, names={"linear2": "per-channel"}),
]
CASES = SHAPES + PRESETS + CONFIGURED
