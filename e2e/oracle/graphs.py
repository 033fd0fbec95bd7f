"""PyTorch's graphs as JSON: what every node is and reads, free of the names that PyTorch makes up."""
import operator
import re

import fx_file
import torch
from fx_export import FxFileError, _function_name
from record import OBSERVERS, number, observed, tensor_json
from torch import fx
from torch.ao.quantization.fx._equalize import _InputEqualizationObserver, _WeightEqualizationObserver


def public_type(module):
    """torch.nn.Linear for torch.nn.modules.linear.Linear; torch.nn.… for torch.ao.nn.…, its later place."""
    kind = type(module)
    package = re.sub(r"\.modules(\..*)?$", "", kind.__module__)
    return f"{package}.{kind.__name__}".replace("torch.ao.nn.", "torch.nn.")


def function_name(function):
    """As public/fx_export.py spells it; torch.ops.quantized.add for quantized ops."""
    if isinstance(function, torch._ops.OpOverloadPacket):
        return f"torch.ops.{function._qualified_op_name.replace('::', '.')}"
    return _function_name(function)


def argument(value, index):
    """FORMATS' forms, but a node is its place in the graph."""
    if isinstance(value, fx.Node):
        return {"node": index[value]}
    if isinstance(value, (list, tuple)):
        return [argument(item, index) for item in value]
    if isinstance(value, slice):
        return {"slice": argument((value.start, value.stop, value.step), index)}
    if isinstance(value, dict):
        return {"dict": {key: argument(item, index) for key, item in value.items()}}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value)}
    if value is Ellipsis:
        return {"ellipsis": True}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise FxFileError(f"the argument {value!r} has no form")


class GraphJson:
    """One graph; `params`: names of the float model's tensors, which keep their names."""

    def __init__(self, model, params):
        self.model = model
        self.params = params
        self.modules = dict(model.named_modules(remove_duplicate=False))
        self.index = {node: place for place, node in enumerate(model.graph.nodes)}
        self.objects = []

    def nodes(self, names=None):
        """names: the seed's name of each node of PyTorch, recorded too."""
        return [self.node(node, names) for node in self.model.graph.nodes]

    def node(self, node, names):
        entry = {} if names is None else {"name": renamed(node.name, names)}
        entry.update(op=node.op, **self.target(node))
        entry["args"] = argument(node.args, self.index)
        entry["kwargs"] = {key: argument(value, self.index) for key, value in node.kwargs.items()}
        return entry

    def target(self, node):
        if node.op == "call_function":
            return {"target": function_name(node.target)}
        if node.op == "call_module":
            return self.module(node.target)
        if node.op == "get_attr":
            return self.attribute(node.target)
        return {"target": node.target}

    def module(self, target):
        module = self.modules[target]
        if not isinstance(module, OBSERVERS):
            return {"target": target, "type": public_type(module)}
        if not any(module is known for known in self.objects):
            self.objects.append(module)
        place = next(i for i, known in enumerate(self.objects) if known is module)
        return {"type": public_type(module), "observer": place}

    def attribute(self, target):
        if target in self.params:
            return {"target": target}
        value = operator.attrgetter(target)(self.model)
        if isinstance(value, torch.Tensor):
            return {"constant": tensor_json(value)}
        if isinstance(value, (int, float)):
            return {"constant": {"shape": [], "data": [number(value)]}}
        return {"packed": True}


def seed_names(model):
    """PyTorch 1.13's observer names -> the names of June 2021, which say what is observed."""
    names, counts = {}, {}
    equalization = (_InputEqualizationObserver, _WeightEqualizationObserver)
    nodes = [node for node, observer in observed(model) if not isinstance(observer, equalization)]
    for node in sorted(nodes, key=lambda node: int(node.name.rsplit("_", 1)[1])):
        value = node.args[0].name
        names[node.name] = f"{value}_activation_post_process_{counts.setdefault(value, 0)}"
        counts[value] += 1
    return names


def renamed(text, names):
    """`text` with each name replaced, also where it begins a longer name (…_equalization_process_0)."""
    pattern = re.compile(r"\bactivation_post_process_\d+(?=\b|_equalization)")
    return pattern.sub(lambda match: names.get(match.group(), match.group()), text)


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
