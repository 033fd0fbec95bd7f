"""PyTorch's tensors, observers and quantized layers as JSON."""
import numpy as np
import torch
from torch import nn
from torch.ao.nn.quantized.reference.modules.utils import ReferenceQuantizedModule
from torch.ao.quantization.fx._equalize import _InputEqualizationObserver, _WeightEqualizationObserver
from torch.ao.quantization.observer import (
    FixedQParamsObserver,
    HistogramObserver,
    MinMaxObserver,
    MovingAverageMinMaxObserver,
    ObserverBase,
    PerChannelMinMaxObserver,
)

OBSERVERS = (ObserverBase, _InputEqualizationObserver, _WeightEqualizationObserver)
KINDS = {
    MinMaxObserver: "minmax",
    MovingAverageMinMaxObserver: "moving-average",
    HistogramObserver: "histogram",
    PerChannelMinMaxObserver: "per-channel-minmax",
}


def number(value):
    """A float32 in its shortest decimal form (Math.fround gives the bits); not finite: a string."""
    shortest = float(str(np.float32(float(value))))
    return shortest if np.isfinite(shortest) else str(shortest)


def numbers(tensor):
    return [number(value) for value in tensor.detach().reshape(-1)]


def tensor_json(tensor):
    if tensor.dtype is torch.int64:
        return {"dtype": "int64", "shape": list(tensor.shape), "data": tensor.reshape(-1).tolist()}
    return {"shape": list(tensor.shape), "data": numbers(tensor)}


def outputs_json(value):
    """The output or outputs, in order."""
    values = value if isinstance(value, (tuple, list)) else [value]
    return [tensor_json(tensor.dequantize() if tensor.is_quantized else tensor) for tensor in values]


def qparams_json(scale, zero_point):
    return {"scale": number(scale), "zeroPoint": int(zero_point)}


def observer_json(name, after, observer):
    if isinstance(observer, _InputEqualizationObserver):
        low, high = observer.get_input_minmax()
        return {"name": name, "after": after, "kind": "equalization", "min": numbers(low), "max": numbers(high)}
    if isinstance(observer, _WeightEqualizationObserver):
        low, high = observer.get_weight_col_minmax()
        return {"name": name, "after": after, "kind": "weight-equalization", "min": numbers(low), "max": numbers(high)}
    try:
        scale, zero_point = observer.calculate_qparams()
    except AssertionError:  # its range is NaN
        return {"name": name, "after": after, "kind": KINDS[type(observer)], "min": "nan", "max": "nan", "scale": "nan", "zeroPoint": 0}
    entry = {"name": name, "after": after, "kind": "fixed"}
    if isinstance(observer, FixedQParamsObserver):
        return {**entry, **qparams_json(scale, zero_point)}
    entry["kind"] = KINDS[type(observer)]
    if isinstance(observer, PerChannelMinMaxObserver):
        entry.update(min=numbers(observer.min_val), max=numbers(observer.max_val))
        return {**entry, "scale": numbers(scale), "zeroPoint": zero_point.reshape(-1).tolist()}
    entry.update(min=number(observer.min_val), max=number(observer.max_val))
    return {**entry, **qparams_json(scale, zero_point)}


def observed(model):
    """(node, observer) for each observer of the graph, in order."""
    modules = dict(model.named_modules(remove_duplicate=False))
    for node in model.graph.nodes:
        if node.op == "call_module" and isinstance(modules[node.target], OBSERVERS):
            yield node, modules[node.target]


def observers_json(model):
    return [observer_json(node.name, node.args[0].name, observer) for node, observer in observed(model)]


WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)


def params_json(model, names):
    """Weights and biases of layers by name; a fused layer keeps its own. `names`: tensors that get_attr may read."""
    params = {}
    for node in model.graph.nodes:
        if node.op == "get_attr" and node.target in names:
            params[node.target] = tensor_json(getattr_of(model, node.target))
        if node.op != "call_module":
            continue
        module = model.get_submodule(node.target)
        layer = module[0] if isinstance(module, nn.Sequential) else module
        if isinstance(layer, WEIGHTED):
            params[f"{node.target}.weight"] = tensor_json(layer.weight)
            if layer.bias is not None:
                params[f"{node.target}.bias"] = tensor_json(layer.bias)
    return params


def getattr_of(model, target):
    *path, last = target.split(".")
    return getattr(model.get_submodule(".".join(path)), last)


def weight_json(weight):
    """A quantized weight: `int` holds the int8 values, row by row."""
    per_channel = weight.qscheme() == torch.per_channel_affine
    scale = weight.q_per_channel_scales() if per_channel else torch.tensor([weight.q_scale()])
    zero = weight.q_per_channel_zero_points() if per_channel else torch.tensor([weight.q_zero_point()])
    return {
        "shape": list(weight.shape),
        "int": weight.int_repr().reshape(-1).tolist(),
        "axis": weight.q_per_channel_axis() if per_channel else None,
        "scale": numbers(scale),
        "zeroPoint": [int(value) for value in zero],
    }


def reference_weights(model):
    """Weight and bias of each reference module, by its target; the ReLU of a fused one stands behind it."""
    weights = {}
    for node in model.graph.nodes:
        module = model.get_submodule(node.target) if node.op == "call_module" else None
        layer = module[0] if isinstance(module, nn.Sequential) else module
        if isinstance(layer, ReferenceQuantizedModule):
            bias = None if layer.bias is None else numbers(layer.bias)
            weights[node.target] = {**weight_json(layer.get_quantized_weight()), "bias": bias}
    return weights


def output_qparams(model):
    """Scale and zero point of each module that quantizes its own output, by its target."""
    called = {node.target: model.get_submodule(node.target) for node in model.graph.nodes if node.op == "call_module"}
    return {target: qparams_json(m.scale, m.zero_point) for target, m in called.items() if hasattr(m, "zero_point")}
