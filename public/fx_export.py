"""PyTorch to Equalization Studio and back: writes and reads the FX model file.

    import fx_export
    fx_export.export(model, "model.safetensors")           # an nn.Module or a torch.fx.GraphModule
    model = fx_export.load("model-equalized.safetensors")  # a torch.fx.GraphModule with its weights

or, for an nn.Module or a function that returns one:

    python fx_export.py package.file:make_model model.safetensors --load-state weights.pt

Needs torch 1.13 or later, nothing else. The file is safetensors with the graph as JSON in its metadata. A graph is a
program: load files only from people you trust.
"""
import argparse, contextlib, copy, ctypes, dis, importlib, inspect, json, math, operator, os, pickle, struct, sys, traceback
import types

import torch
from torch import fx, nn

DTYPES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "BOOL": "bool"}
DTYPES.update({"I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8"})
# A function that stands in two, as conv2d does, has its name from the first: so FX prints it.
NAMESPACES = ("torch", "torch.nn.functional", "torch.linalg", "torch.fft", "torch.special", "operator", "math")
BUILTINS = (abs, bool, divmod, float, getattr, int, len, max, min, pow, round, sum)
ADVICE = (
    "torch.fx records one path for all inputs: in place of an if, a loop or int() on tensor values use torch.where "
    "and the like, or leave that part out of the model; or write ONNX with torch.onnx.export"
)


class FxFileError(Exception):
    """A model that has no form as an FX model file, or a file that is none."""


def _functions():
    """What a graph may call, by public name."""
    table = {function.__name__: function for function in BUILTINS}
    for prefix in NAMESPACES:
        for name, value in vars(importlib.import_module(prefix)).items():
            own = getattr(value, "__module__", None) in ("torch.functional", "torch.nn.functional")
            is_function = isinstance(value, types.BuiltinFunctionType) or (own and inspect.isfunction(value))
            if is_function and not name.startswith("_"):
                table[f"{prefix}.{name}"] = value
    return table


FUNCTIONS = _functions()


def _function_name(function):
    names = [name for name, value in FUNCTIONS.items() if value == function]  # aliases too: torch.mm == torch.dsmm
    if not names:
        raise FxFileError("it calls no public function of torch, operator or math; write it with those")
    return next((name for name in names if name.split(".")[-1] == function.__name__), names[0])


def _is_public(module):
    return getattr(nn, type(module).__name__, None) is type(module)


class _Tracer(fx.Tracer):
    """Public torch.nn modules become nodes; every other module is traced through."""

    def is_leaf_module(self, m, module_qualified_name):
        return _is_public(m) and not isinstance(m, nn.Sequential)


def _unpacked(proxy):
    """`a, b = proxy`: torch 1.13 looks for the number of names in the wrong place from Python 3.11 on."""
    frame = inspect.currentframe().f_back
    for instruction in dis.get_instructions(frame.f_code):
        if instruction.offset == frame.f_lasti and instruction.opname == "UNPACK_SEQUENCE":
            return (proxy[index] for index in range(instruction.argval))
    return proxy.tracer.iter(proxy)


def _copied(module):
    """A copy in eval mode on the CPU, so that the caller's module keeps all that tracing and running change."""
    owned = [value for part in module.modules() for value in vars(part).values() if isinstance(value, torch.Tensor)]
    computed = {id(tensor): tensor.detach().clone() for tensor in owned if tensor.grad_fn is not None}
    return copy.deepcopy(module, computed).eval().cpu()


def _recorded(module, buffers_are_nodes=False):
    tracer, iterate = _Tracer(), fx.Proxy.__iter__
    tracer.proxy_buffer_attributes = buffers_are_nodes
    try:
        fx.Proxy.__iter__ = _unpacked
        graph = tracer.trace(_copied(module))
    finally:
        fx.Proxy.__iter__ = iterate
    return fx.GraphModule(tracer.root, graph)


def _traced(module):
    if isinstance(module, fx.GraphModule):
        called = (module.get_submodule(node.target) for node in module.graph.nodes if node.op == "call_module")
        if all(map(_is_public, called)):
            return module
    try:
        return _recorded(module)
    except Exception as error:
        # `self.positions[:, : x.size(1)]`: a tensor takes no proxy in its slice, a buffer that is a node does.
        with contextlib.suppress(Exception):
            return _recorded(module, buffers_are_nodes=True)
        skipped = (os.path.dirname(torch.__file__), __file__, "<")
        frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(skipped)]
        place = f" at {frames[-1].filename}:{frames[-1].lineno}, '{frames[-1].line}'" if frames else ""
        raise FxFileError(f"Tracing {type(module).__name__} failed{place}: {error}. {ADVICE}.") from error


def _argument(value):
    """An FX argument as JSON; a tuple becomes a list, a node a reference."""
    exact = abs(value) <= 2**53 if isinstance(value, int) else isinstance(value, float) and math.isfinite(value)
    if exact or value is None or isinstance(value, str):  # a number that every reader of JSON keeps as it is
        return value
    if isinstance(value, fx.Node):
        return {"node": value.name}
    if isinstance(value, (list, tuple)):
        return [_argument(item) for item in value]
    if isinstance(value, slice):
        return {"slice": _argument((value.start, value.stop, value.step))}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value)}
    if isinstance(value, torch.device):
        return str(value)
    if value is Ellipsis:
        return {"ellipsis": True}
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"dict": {key: _argument(item) for key, item in value.items()}}
    raise FxFileError(f"the argument {value!r} ({type(value).__name__}) has no form in the file")


def _index(value):
    """x[[0, 2]] takes rows, x[0, 2] an element; a list in the file is a tuple, so the first is kept as x[([0, 2],)]."""
    if isinstance(value, list) and not all(isinstance(item, int) for item in value):
        raise FxFileError(f"the index {value!r} is a list of more than plain integers; write it as a tuple")
    return (value,) if isinstance(value, list) else value


def _node_json(traced, node):
    target, args = node.target, node.args
    if node.op == "call_function":
        if target in (operator.getitem, operator.setitem):
            args = (args[0], _index(args[1]), *args[2:])
        target = _function_name(target)
    if node.op == "get_attr" and not isinstance(operator.attrgetter(target)(traced), torch.Tensor):
        raise FxFileError("it reads what is not a tensor")
    kwargs = {key: _argument(value) for key, value in node.kwargs.items()}
    return {"name": node.name, "op": node.op, "target": target, "args": _argument(args), "kwargs": kwargs}


def _fingerprint(module):
    """Plain values and the shapes of tensors, by dotted name."""
    found = {name: list(tensor.shape) for name, tensor in module.state_dict().items()}
    for prefix, part in module.named_modules():
        for name, value in vars(part).items():
            if isinstance(value, (bool, int, float, str, tuple)) and not name.startswith("_") and name != "training":
                found[f"{prefix}.{name}".lstrip(".")] = list(value) if isinstance(value, tuple) else value
    return found


def _built(kind, attributes):
    """A torch.nn module by its public name; its tensors take no memory where torch can do without."""
    cls = getattr(nn, kind[len("torch.nn.") :], None) if kind.startswith("torch.nn.") else None
    if not (isinstance(cls, type) and issubclass(cls, nn.Module)):
        raise FxFileError(f"'{kind}' is not a public torch.nn module")
    meta = {"device": "meta"} if "device" in inspect.signature(cls.__init__).parameters else {}
    return cls(**{name: _value(value, {}) for name, value in attributes.items()}, **meta)


def _module_json(module):
    """Public type and plain constructor attributes, once they are seen to make the same module again."""
    kind, attributes = f"torch.nn.{type(module).__name__}", {}
    if not _is_public(module):
        raise FxFileError(f"{type(module).__name__} is not a public torch.nn module")
    if module._forward_hooks or module._forward_pre_hooks:
        raise FxFileError(f"{kind} has forward hooks, which a file cannot hold; remove them (handle.remove())")
    for name in list(inspect.signature(type(module).__init__).parameters)[1:]:
        if name not in ("device", "dtype") and hasattr(module, name):
            value = getattr(module, name)
            attributes[name] = value is not None if name == "bias" else _argument(value)
    try:
        made, own = _fingerprint(_built(kind, attributes)), _fingerprint(module)
    except Exception as error:
        raise FxFileError(f"{kind} is not made from plain constructor attributes ({error})") from error
    lost = sorted(name for name in made if made[name] != own.get(name))
    lost += sorted(name for name in module.state_dict() if name not in made)
    if lost:
        raise FxFileError(f"{kind} made again from {attributes} differs in {', '.join(lost)}")
    return {"type": kind, "attrs": attributes}


def _graph_json(traced):
    nodes, modules = [], {}
    for node in traced.graph.nodes:
        try:
            nodes.append(_node_json(traced, node))
            if node.op == "call_module" and node.target not in modules:
                modules[node.target] = _module_json(traced.get_submodule(node.target))
        except FxFileError as error:
            raise FxFileError(f"Node '{node.name}' ({node.op} {node.target}): {error}.") from error
    return {"version": 1, "nodes": nodes, "modules": dict(sorted(modules.items()))}


def _parameter_names(module):
    parts = module.named_modules(remove_duplicate=False)
    return {f"{path}.{name}".lstrip(".") for path, part in parts for name, held in part._parameters.items() if held is not None}


def _tied(tensors):
    """Names of tensors that are one: those of equal shape that lie in the same memory."""
    groups = {}
    for name, tensor in tensors.items():
        if tensor.numel() > 0:
            key = (tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor.stride())
            groups.setdefault(key, []).append(name)
    return sorted(sorted(names) for names in groups.values() if len(names) > 1)


def _write(path, tensors, graph, parameters, tied):
    names = {getattr(torch, name): code for code, name in DTYPES.items()}
    metadata = {"format": "pt", "fx": json.dumps(graph, separators=(",", ":"))}
    loose = [name for name in tensors if name in parameters and name.rpartition(".")[0] not in graph["modules"]]
    if loose:
        metadata["parameters"] = json.dumps(sorted(loose), separators=(",", ":"))
    if tied:
        metadata["tied"] = json.dumps(tied, separators=(",", ":"))
    header, offset, dense = {"__metadata__": metadata}, 0, {}
    for name, tensor in tensors.items():
        if tensor.dtype not in names or tensor.layout is not torch.strided or tensor.is_meta:
            raise FxFileError(f"Tensor '{name}' ({tensor.dtype}, {tensor.layout}, {tensor.device}) has no form in a file.")
        dense[name] = tensor.detach().cpu().contiguous()
        end = offset + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in dense.values():
            file.write(ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size()))


def export(module, path, example_inputs=None):
    """Writes `module` (an nn.Module, or a GraphModule as it is) in eval mode to `path`; gives the traced GraphModule.

    With `example_inputs` (a tensor or a tuple of arguments) the file is read again and must compute what the module
    does. The module itself stays as it is. A FxFileError names the node, module or tensor that has no form.
    """
    traced = _traced(module)
    tensors = {**traced.state_dict(), **module.state_dict()}
    for node in traced.graph.nodes:
        if node.op == "get_attr":
            tensors.setdefault(node.target, operator.attrgetter(node.target)(traced))
    tensors = {name: tensor for name, tensor in tensors.items() if isinstance(tensor, torch.Tensor)}
    parameters = _parameter_names(traced) | _parameter_names(module)
    # Tracing works on a copy: only the caller's own tensors lie where they lay.
    owned = {name: tensor for name, tensor in module.state_dict().items() if name in tensors}
    _write(path, tensors, _graph_json(traced), parameters, _tied(owned))
    if example_inputs is not None:
        inputs = (example_inputs,) if isinstance(example_inputs, torch.Tensor) else tuple(example_inputs)
        with torch.no_grad():
            expected, actual = (run(*copy.deepcopy(inputs)) for run in (_copied(module), load(path)))
        try:
            torch.testing.assert_close(actual, expected, equal_nan=True)
        except AssertionError as error:
            os.remove(path)
            raise FxFileError(f"What was traced does not compute what the module does: {error}") from error
    return traced


def _value(form, nodes):
    """The reverse of `_argument`; every list becomes a tuple."""
    if isinstance(form, list):
        return tuple(_value(item, nodes) for item in form)
    if not isinstance(form, dict):
        return form
    ((kind, content),) = form.items()
    if kind == "node" and content in nodes:
        return nodes[content]
    if kind == "slice":
        return slice(*_value(content, nodes))
    if kind == "dtype" and isinstance(getattr(torch, content.split(".")[-1], None), torch.dtype):
        return getattr(torch, content.split(".")[-1])
    if kind == "ellipsis":
        return ...
    if kind == "dict":
        return {key: _value(item, nodes) for key, item in content.items()}
    raise FxFileError(f"{form} means nothing here")


def _read(path):
    """(nodes, modules by name, tensors by name, names of the parameters outside of modules) of a file."""
    with open(path, "rb") as file:
        data = file.read()
    tensors, start = {}, 8 + int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8:start])
        metadata = header.pop("__metadata__")
        graph, parameters = json.loads(metadata["fx"]), set(json.loads(metadata.get("parameters", "[]")))
        if graph["version"] != 1:
            raise ValueError(f"its graph is of version {graph['version']}; this reader knows 1")
        for name, entry in header.items():
            first, end = (start + offset for offset in entry["data_offsets"])
            tensor = torch.empty(entry["shape"], dtype=getattr(torch, DTYPES[entry["dtype"]]))
            if not (start <= first <= end <= len(data) and end - first == tensor.numel() * tensor.element_size()):
                raise ValueError(f"tensor '{name}' does not fit its bytes")
            ctypes.memmove(tensor.data_ptr(), data[first:end], end - first)
            tensors[name] = tensor
        return graph["nodes"], graph["modules"], tensors, parameters
    except (KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        raise FxFileError(f"{path} is not an FX model file ({type(error).__name__}: {error}).") from error


def _place(root, name, item, is_parameter=False):
    """Puts a module or a tensor at its dotted name, in modules made on the way."""
    *prefixes, last = name.split(".")
    for part in prefixes:
        if part not in root._modules:
            root.add_module(part, nn.Module())
        root = root._modules[part]
    if isinstance(item, nn.Module):
        return root.add_module(last, item)
    slot = root._parameters.get(last, root._buffers.get(last))
    if hasattr(root, last) and (slot is None or slot.shape != item.shape):
        raise FxFileError(f"Tensor '{name}' of shape {list(item.shape)} does not fit its module, {root}.")
    if last in root._parameters or (is_parameter and slot is None):
        root._parameters[last] = nn.Parameter(item, requires_grad=item.is_floating_point())
    else:  # the studio keeps int64 as int32
        root.register_buffer(last, item if slot is None or item.is_floating_point() else item.to(slot.dtype))


def load(path):
    """Reads an FX model file as a torch.fx.GraphModule in eval mode.

    Tensors outside of modules are its buffers, but for those that the file calls parameters.
    """
    node_forms, modules, tensors, parameters = _read(path)
    root, graph, nodes = nn.Module(), fx.Graph(), {}
    for name, spec in modules.items():
        try:
            _place(root, name, _built(spec["type"], spec["attrs"]))
        except (FxFileError, KeyError, TypeError, ValueError) as error:
            raise FxFileError(f"{path}: module '{name}': {error}.") from error
    for name, tensor in tensors.items():
        _place(root, name, tensor, name in parameters)
    for name, tensor in root.state_dict().items():
        if name not in tensors:
            raise FxFileError(f"{path} has no tensor '{name}' of shape {list(tensor.shape)}, which a module needs.")
    for node in node_forms:
        name, op, target = node["name"], node["op"], node["target"]
        try:
            args, kwargs = _value(node["args"], nodes), _value({"dict": node["kwargs"]}, nodes)
            called = FUNCTIONS[target] if op == "call_function" else target
        except (FxFileError, KeyError) as error:
            raise FxFileError(f"{path}: node '{name}' ({op} {target}): {error}.") from error
        nodes[name] = graph.create_node(op, called, args, kwargs, name=name)
    graph.lint()
    return fx.GraphModule(root, graph).eval()


def _factory(text):
    """The nn.Module that `package.file:name` names or makes."""
    path, _, name = text.partition(":")
    sys.path.insert(0, os.getcwd())
    try:
        made = operator.attrgetter(name)(importlib.import_module(path))
    except (ImportError, AttributeError, ValueError) as error:
        raise FxFileError(f"'{text}' is not package.file:name of a module or a function: {error}") from error
    made = made() if callable(made) and not isinstance(made, nn.Module) else made
    if not isinstance(made, nn.Module):
        raise FxFileError(f"'{text}' gives a {type(made).__name__}; a torch.nn.Module is needed.")
    return made


def main():
    parser = argparse.ArgumentParser(description="Writes a PyTorch module as an FX model file for Equalization Studio.")
    parser.add_argument("factory", help="package.file:name of an nn.Module, or of what gives one when called")
    parser.add_argument("out", help="the file to write: model.safetensors")
    parser.add_argument("--load-state", metavar="FILE", help="a state_dict (torch.save) to load into the module before")
    options = parser.parse_args()
    try:
        module = _factory(options.factory)
        if options.load_state:
            module.load_state_dict(torch.load(options.load_state, map_location="cpu", weights_only=True))
        graph = export(module, options.out).graph
    except (FxFileError, OSError, RuntimeError, pickle.UnpicklingError) as error:
        sys.exit(f"fx_export: {error}")
    print(f"{options.out}: {len(graph.nodes)} nodes")


if __name__ == "__main__":
    main()
