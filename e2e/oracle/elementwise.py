"""Writes elementwise.json: what PyTorch's functions element by element and its reductions compute, on floats with NaN and the
infinities, on whole numbers and on bools."""
import json
import math
import operator
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F

warnings.filterwarnings("ignore")

INF, NAN = math.inf, math.nan
FLOATS = torch.tensor([-30, -3, -1.5, -0.75, -0.5, 0, 0.25, 0.5, 1, 1.5, 2.5, 4, 30, INF, -INF, NAN])
UNIT = torch.tensor([-1, -0.75, -0.5, 0, 0.25, 0.5, 1, 2, -2, NAN])
WHOLE = torch.tensor([-7, -3, -1, 0, 1, 2, 8], dtype=torch.int32)
TRUTH = torch.tensor([False, True, True, False])
ROWS = torch.tensor([[[1.5, -2, 0], [4, 0.5, -1]], [[3, 3, -2], [0.25, 7, 7]]])
COUNTS = torch.tensor([[3, -1, 4], [1, 5, -9]], dtype=torch.int32)
LEFT = torch.tensor([[-5.5], [-2], [0], [3], [7.25], [NAN], [INF]])
RIGHT = torch.tensor([-3, -0.5, 2, 7.25, NAN])
DIVIDEND = torch.tensor([[-7], [-2], [0], [3], [8]], dtype=torch.int32)
DIVISOR = torch.tensor([-3, -1, 2, 5], dtype=torch.int32)
POWERS = torch.tensor([[0, 1, -1, 2, 1, -1, 2, -1, 5, 0], [32, 64, 64, 30, -2, -1, -3, -2, -1, 0]], dtype=torch.int32)
FLAGS = torch.tensor([[True], [False]])

UNARY = """torch.abs torch.neg torch.sign torch.floor torch.ceil torch.round torch.trunc torch.exp torch.expm1 torch.log
torch.log1p torch.sin torch.cos torch.tan torch.atan torch.sinh torch.cosh torch.asinh torch.acosh torch.isnan torch.isinf
torch.logical_not""".split()
ACTIVATIONS = "softsign logsigmoid hardsigmoid hardswish selu mish softplus celu".split()
BINARY = "minimum maximum pow eq ne lt le gt ge fmod remainder floor_divide".split()
REDUCTIONS = "sum amax amin logsumexp".split()


def function(target):
    names = target.split(".")
    module = {"torch": torch, "operator": operator}[names[0]]
    for name in names[1:]:
        module = getattr(module, name)
    return module


def cases():
    for target in UNARY:
        yield target, [FLOATS], {}
    for name in "asin acos atanh".split():
        yield f"torch.{name}", [UNIT], {}
    for name in ACTIVATIONS:
        yield f"torch.nn.functional.{name}", [FLOATS], {}
    yield "torch.nn.functional.softplus", [FLOATS], {"beta": 2, "threshold": 5}
    yield "torch.nn.functional.celu", [FLOATS], {"alpha": 0.5}
    yield "torch.nn.functional.threshold", [FLOATS, 0.5, -1], {}
    for target in "torch.abs torch.neg torch.sign operator.invert torch.exp torch.isnan".split():
        yield target, [WHOLE], {}
    yield "operator.invert", [TRUTH], {}
    for name in BINARY:
        yield f"torch.{name}", [LEFT, RIGHT], {}
    for name in "minimum maximum eq ne lt le gt ge fmod remainder floor_divide".split():
        yield f"torch.{name}", [DIVIDEND, DIVISOR], {}
    yield "torch.pow", [DIVIDEND, torch.tensor([0, 1, 2, 5], dtype=torch.int32)], {}
    yield "torch.pow", [DIVIDEND, 3], {}
    yield "torch.pow", [POWERS[0], POWERS[1]], {}
    for mode in ("floor", "trunc"):
        yield "torch.div", [LEFT, RIGHT], {"rounding_mode": mode}
        yield "torch.div", [DIVIDEND, DIVISOR], {"rounding_mode": mode}
    yield "torch.div", [DIVIDEND, DIVISOR], {}
    for name in "logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor eq ne".split():
        yield f"torch.{name}", [FLAGS, TRUTH], {}
    yield "torch.logical_xor", [RIGHT, FLAGS], {}
    yield "torch.mul", [FLAGS, RIGHT], {}
    yield "torch.add", [DIVIDEND, RIGHT], {}
    yield "torch.gt", [FLOATS, 0.5], {}
    yield "operator.floordiv", [WHOLE, 2], {}
    yield "torch.where", [FLAGS, RIGHT, LEFT[:2]], {}
    yield "torch.where", [TRUTH, WHOLE[:4], 9], {}
    for name in REDUCTIONS:
        for dims, keep in [([-1], False), ([0, 2], True), ([0, 1, 2], False)]:
            yield f"torch.{name}", [ROWS, dims, keep], {}
    yield "torch.sum", [ROWS], {}
    yield "torch.prod", [ROWS, 1], {}
    yield "torch.prod", [ROWS], {}
    yield "torch.amax", [torch.tensor([[1, NAN, 2], [3, 4, INF]]), [1]], {}
    yield "torch.amin", [torch.tensor([[NAN, 1, 2], [3, 4, -INF]]), [1]], {}
    for name in ("sum", "amax", "amin"):
        yield f"torch.{name}", [COUNTS, [1]], {}
    yield "torch.prod", [COUNTS, 1], {}
    yield "torch.sum", [FLAGS & TRUTH, [1]], {}
    for name in ("any", "all"):
        yield f"torch.{name}", [FLAGS | TRUTH, 1], {}
        yield f"torch.{name}", [COUNTS > 0], {}
    for name in ("argmax", "argmin"):
        yield f"torch.{name}", [ROWS], {}
        yield f"torch.{name}", [ROWS, 2], {}
        yield f"torch.{name}", [ROWS, -2, True], {}
        yield f"torch.{name}", [COUNTS, 0], {}
    for dim in (0, 1, -1):
        yield "torch.cumsum", [ROWS, dim], {}
        yield "torch.log_softmax", [ROWS, dim], {}
    yield "torch.cumsum", [COUNTS, 1], {}
    yield "torch.nn.functional.one_hot", [torch.tensor([[0, 2], [1, 1]]), 4], {}
    yield "torch.max", [LEFT, RIGHT], {}
    yield "torch.min", [ROWS], {}


def number(value):
    if isinstance(value, float):
        return float(f"{value:.8g}") if math.isfinite(value) else str(value)
    return value


def tensor(value):
    dtype = "bool" if value.dtype == torch.bool else "float32" if value.dtype.is_floating_point else "int32"
    return {"dtype": dtype, "shape": list(value.shape), "data": [number(v) for v in value.flatten().tolist()]}


def record(target, args, kwargs):
    inputs = [arg for arg in args if torch.is_tensor(arg)]
    return {
        "target": target,
        "args": [{"input": next(i for i, x in enumerate(inputs) if x is arg)} if torch.is_tensor(arg) else arg for arg in args],
        "kwargs": kwargs,
        "inputs": [tensor(x) for x in inputs],
        "output": tensor(function(target)(*args, **kwargs)),
    }


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(record(*case), separators=(",", ":")) for case in cases())
    Path(__file__).with_name("elementwise.json").write_text(f"[\n{lines}\n]\n")
