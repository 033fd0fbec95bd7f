"""PyTorch's observers, graphs and quantized modules as JSON, for goldens.py."""
import re

import numpy as np
import torch
from torch import nn
from torch.ao.quantization.fx._equalize import _InputEqualizationObserver
from torch.ao.quantization.observer import (
    FixedQParamsObserver,
    HistogramObserver,
    MinMaxObserver,
    MovingAverageMinMaxObserver,
    ObserverBase,
)

OBSERVERS = (ObserverBase, _InputEqualizationObserver)
KINDS = {
    MinMaxObserver: "minmax",
    MovingAverageMinMaxObserver: "moving-average",
    HistogramObserver: "histogram",
}


def number(value):
    """A float32 in its shortest decimal form (Math.fround gives the bits); not finite: a string."""
    shortest = float(str(np.float32(float(value))))
    return shortest if np.isfinite(shortest) else str(shortest)


def numbers(tensor):
    return [number(value) for value in tensor.detach().reshape(-1)]


def tensor_json(tensor):
    return {"shape": list(tensor.shape), "data": numbers(tensor)}


def qparams_json(scale, zero_point):
    return {"scale": number(scale), "zeroPoint": int(zero_point)}


def observer_json(name, after, observer):
    if isinstance(observer, _InputEqualizationObserver):
        low, high = observer.get_input_minmax()
        return {"name": name, "after": after, "kind": "equalization", "min": numbers(low), "max": numbers(high)}
    qparams = qparams_json(*observer.calculate_qparams())
    if isinstance(observer, FixedQParamsObserver):
        return {"name": name, "after": after, "kind": "fixed", **qparams}
    kind = KINDS[type(observer)]
    low, high = number(observer.min_val), number(observer.max_val)
    return {"name": name, "after": after, "kind": kind, "min": low, "max": high, **qparams}


def observed(model):
    """(node, observer) for each observer of the graph, in order."""
    modules = dict(model.named_modules(remove_duplicate=False))
    for node in model.graph.nodes:
        if node.op == "call_module" and isinstance(modules[node.target], OBSERVERS):
            yield node, modules[node.target]


def observers_json(model):
    return [observer_json(node.name, node.args[0].name, observer) for node, observer in observed(model)]


def seed_names(model):
    """PyTorch 1.13's observer names -> the names of June 2021, which say what is observed."""
    names, counts = {}, {}
    nodes = [node for node, observer in observed(model) if not isinstance(observer, _InputEqualizationObserver)]
    for node in sorted(nodes, key=lambda node: int(node.name.rsplit("_", 1)[1])):
        value = node.args[0].name
        names[node.name] = f"{value}_activation_post_process_{counts.setdefault(value, 0)}"
        counts[value] += 1
    return names


def renamed(text, names):
    """`text` with each name replaced, also where it begins a longer name (…_equalization_process_0)."""
    pattern = re.compile(r"\bactivation_post_process_\d+(?=\b|_equalization)")
    return pattern.sub(lambda match: names.get(match.group(), match.group()), text)


def graph_text(model, names):
    text = str(model.graph)
    return {"graph": text, "seedGraph": renamed(text, names)}


def params_json(model):
    """Weights and biases by layer; a fused Linear and ReLU keep the layer's name."""
    params = {}
    for node in model.graph.nodes:
        if node.op != "call_module":
            continue
        module = model.get_submodule(node.target)
        linear = module[0] if isinstance(module, nn.Sequential) else module
        if isinstance(linear, nn.Linear):
            params[f"{node.target}.weight"] = tensor_json(linear.weight)
            if linear.bias is not None:
                params[f"{node.target}.bias"] = tensor_json(linear.bias)
    return params


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


def layer_json(module):
    bias = module.bias()
    return {
        "relu": type(module).__name__.endswith("ReLU"),
        "weight": weight_json(module.weight()),
        "bias": None if bias is None else numbers(bias),
        "output": qparams_json(module.scale, module.zero_point),
    }


def in_order(names):
    """FX's numbering of equal names: `dequantize`, `dequantize_1` …"""
    return {
        name: re.sub(r"_\d+$", "", name) + (f"_{index}" if index > 0 else "")
        for index, name in enumerate(names)
    }


def seed_converted(graph):
    """The seed's names: `linear1_input_scale_0` for `_scale_0`; what the lowering removed leaves no gap in numbers."""
    quantized = [node for node in graph.nodes if node.target is torch.quantize_per_tensor]
    dequantized = [node.name for node in graph.nodes if node.target == "dequantize"]
    names = {**in_order([node.name for node in quantized]), **in_order(dequantized)}
    for node in quantized:
        layer = next(iter(node.users)).name
        names[node.args[1].name] = f"{layer}_input_scale_0"
        names[node.args[2].name] = f"{layer}_input_zero_point_0"
    return re.sub(r"\w+", lambda match: names.get(match.group(), match.group()), str(graph))


def converted_json(model):
    """The result of convert_fx: graph, inputs that are quantized, quantized layers."""
    quantized, layers = [], {}
    for node in model.graph.nodes:
        if node.target is torch.quantize_per_tensor:
            scale, zero_point = (getattr(model, argument.target) for argument in node.args[1:3])
            quantized.append(
                {"name": node.name, "after": node.args[0].name, **qparams_json(scale, zero_point)}
            )
        if node.op == "call_module" and hasattr(model.get_submodule(node.target), "_packed_params"):
            layers[node.name] = layer_json(model.get_submodule(node.target))
    return {
        "graph": str(model.graph),
        "seedGraph": seed_converted(model.graph),
        "quantized": quantized,
        "layers": layers,
    }
