"""Arguments by keyword, a LayerNorm whose output PyTorch takes for quantized, a weight that fusing takes away."""
import torch
import torch.nn.functional as F
from torch import nn

from cases.case import Case, net, only
from networks import bias, weight


def three(op, **tensors):
    """linear `a`, `b` → op → linear `c`"""

    def make(n, width):
        hidden = n(4)
        parts = {"a": nn.Linear(width, hidden), "b": nn.Linear(width, hidden), "c": nn.Linear(hidden, n(3))}
        own = {name: tensor(hidden) for name, tensor in tensors.items()}
        return lambda m, x: m.c(op(m, m.a(x), lambda: m.b(x))), {**parts, **own}

    return net(make, 4)


def norm(run):
    """run(m, x, norm) with linears `a`, `b`, `c` of one width and a LayerNorm of it with a weight of its own."""

    def make(n, width):
        parts = {name: nn.Linear(width, width) for name in ("a", "b", "c")}

        def layer_norm(m, x):
            return F.layer_norm(x, (width,), m.w, m.v)

        return lambda m, x: run(m, x, lambda y: layer_norm(m, y)), {**parts, "w": weight(width), "v": bias(width)}

    return net(make, 5)


def of_fused(n, width):
    hidden = n(5)
    parts = {"a": nn.Linear(width, hidden), "b": nn.Linear(hidden, n(3))}
    return lambda m, x: m.b(F.relu(m.a(x)) + F.linear(x, m.a.weight)), parts


ADD = three(lambda m, a, b: torch.add(a, other=b()))
NONE = only()
CASES = [
    Case("add-keyword", ADD),
    Case("add-keywords", three(lambda m, a, b: torch.add(input=a, other=b()))),
    Case("refused-add-keyword-lowering", ADD, fault="add", **NONE),
    Case("mul-keyword-number", three(lambda m, a, b: torch.mul(a, other=2))),
    Case("mul-keywords-number", three(lambda m, a, b: torch.mul(input=a, other=2))),
    Case("matmul-keyword", three(lambda m, a, b: torch.matmul(a, other=m.w), w=lambda n: weight(n, n))),
    Case("refused-cat-keyword", three(lambda m, a, b: torch.cat(tensors=[a, b()], dim=0)), fault="cat"),
    Case("refused-flatten-keyword", three(lambda m, a, b: torch.flatten(input=a, start_dim=1)), fault="flatten"),
    Case("flatten-keyword-none-selected", three(lambda m, a, b: torch.flatten(input=a, start_dim=1)), **NONE),
    Case("relu-keyword", three(lambda m, a, b: F.relu(input=a * 2))),
    Case("refused-layer-norm-weight", norm(lambda m, x, ln: m.b(ln(m.a(x)))), fault="layer_norm"),
    Case("layer-norm-weight-none-selected", norm(lambda m, x, ln: m.b(ln(m.a(x)))), **NONE),
    Case("layer-norm-weight-first", norm(lambda m, x, ln: m.b(ln(x))), **NONE),
    Case("layer-norm-weight-relu", norm(lambda m, x, ln: m.b(F.relu(ln(m.a(x)))))),
    Case("refused-layer-norm-weight-relu-first", norm(lambda m, x, ln: m.b(F.relu(ln(x)))), fault="relu"),
    Case("refused-layer-norm-behind-relu", norm(lambda m, x, ln: m.b(ln(F.relu(m.a(x) + m.c(x))))), fault="layer_norm"),
    Case("layer-norm-weight-added", norm(lambda m, x, ln: m.b(m.a(x) + ln(m.c(x))))),
    Case("layer-norm-weight-last", norm(lambda m, x, ln: ln(m.a(x)))),
    Case("layer-norm-weight-cat", norm(lambda m, x, ln: m.b(torch.cat([m.a(x), ln(m.c(x))])))),
    Case("layer-norm-weight-cat-input", norm(lambda m, x, ln: torch.cat([m.a(x), ln(x)]))),
    Case("layer-norm-weight-float", norm(lambda m, x, ln: m.b(ln(m.a(x)))), types={"torch.nn.functional.layer_norm": None}),
    Case("refused-fused-weight", net(of_fused, 5), fault="a_weight"),
]
