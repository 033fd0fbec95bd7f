"""Writes a PyTorch module as an FX model file: safetensors whose metadata carries the torch.fx graph."""
import inspect
import json

import torch
from torch import fx, nn
from torch.fx.node import _get_qualified_name

import safetensors_file

# Where Python's own name of a function is not its public one.
PUBLIC_NAMES = {"torch._C._nn.linear": "torch.nn.functional.linear"}


def function_name(function):
    name = _get_qualified_name(function)
    return PUBLIC_NAMES.get(name, name.replace("_operator.", "operator."))


def argument(value):
    """An FX argument as JSON; a tuple becomes a list, a node a reference."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, fx.Node):
        return {"node": value.name}
    if isinstance(value, (list, tuple)):
        return [argument(item) for item in value]
    if isinstance(value, slice):
        return {"slice": [argument(value.start), argument(value.stop), argument(value.step)]}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value)}
    if value is Ellipsis:
        return {"ellipsis": True}
    if isinstance(value, dict):
        return {"dict": {key: argument(item) for key, item in value.items()}}
    raise TypeError(f"no form for the argument {value!r}")


def module_spec(module):
    """The public type and plain constructor attributes of a torch.nn module."""
    kind = type(module)
    if getattr(nn, kind.__name__, None) is not kind:
        raise TypeError(f"{kind.__name__} is not a public torch.nn module")
    attrs = {}
    for name in list(inspect.signature(kind.__init__).parameters)[1:]:
        if name in ("device", "dtype") or not hasattr(module, name):
            continue
        value = getattr(module, name)
        attrs[name] = value is not None if name == "bias" else argument(value)
    return {"type": f"torch.nn.{kind.__name__}", "attrs": attrs}


def node_json(node):
    return {
        "name": node.name,
        "op": node.op,
        "target": function_name(node.target) if node.op == "call_function" else node.target,
        "args": argument(node.args),
        "kwargs": {key: argument(value) for key, value in node.kwargs.items()},
    }


def write(path, module):
    """Traces `module` symbolically and writes it; gives the traced GraphModule."""
    traced = fx.symbolic_trace(module)
    called = {node.target for node in traced.graph.nodes if node.op == "call_module"}
    graph = {
        "version": 1,
        "nodes": [node_json(node) for node in traced.graph.nodes],
        "modules": {name: module_spec(traced.get_submodule(name)) for name in sorted(called)},
    }
    tensors = {name: value.detach().numpy() for name, value in traced.state_dict().items()}
    metadata = {"format": "pt", "fx": json.dumps(graph, separators=(",", ":"))}
    safetensors_file.write(path, tensors, metadata)
    return traced
