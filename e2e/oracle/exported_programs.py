"""Writes e2e/oracle/exported: torch.export archives (.pt2) in the layouts of 2.1, 2.7 and 2.8, and what the models compute.

    /usr/bin/python3 e2e/oracle/exported_programs.py

PyTorch 1.13.1 has no torch.export, but it has make_fx, which gives the same graphs of aten ops with the same schemas.
What is written here is that graph in the serialized form of later versions, laid out by pytorch's
torch/_export/serde/schema.py (field names, unions, ScalarType) and torch/csrc/export/pt2_archive_constants.h (members).
"""
import io
import json
import math
import operator
import pathlib
import warnings
import zipfile

import torch
import torch.nn.functional as F
from torch import nn
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.utils import stateless

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parent / "exported"
SCALAR_TYPES = {torch.uint8: 1, torch.int8: 2, torch.int16: 3, torch.int32: 4, torch.int64: 5, torch.float16: 6,
                torch.float32: 7, torch.float64: 8, torch.bool: 12, torch.bfloat16: 13}  # fmt: skip


class Images(nn.Module):
    """Convolutions of several kinds, a residual stream, pooling, a classifier."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(inplace=True))
        self.depthwise = nn.Conv2d(6, 6, 3, padding=1, groups=6)
        self.pointwise = nn.Conv2d(6, 6, 1)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(6 * 4, 5)
        self.register_buffer("shift", torch.tensor([0.5]))

    def forward(self, x):
        x = self.stem(x)
        x = x + self.pointwise(F.hardtanh(self.depthwise(x), 0, 6))
        x = self.pool(x) * 0.5
        left, right = x.chunk(2, dim=1)
        x = torch.cat([right, left], dim=1)
        return self.head(x.flatten(1)) + self.shift


class Tokens(nn.Module):
    """One transformer block over token numbers, with a tied output layer."""

    def __init__(self, width=8, heads=2, words=11, length=5):
        super().__init__()
        self.heads, self.width = heads, width
        self.words = nn.Embedding(words, width)
        self.places = nn.Parameter(torch.randn(1, length, width))
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width, bias=False)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, tokens):
        x = self.words(tokens) + self.places
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).split(self.width, dim=-1)
        q, k, v = (part.view(b, t, self.heads, c // self.heads).transpose(1, 2) for part in (q, k, v))
        weights = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(c // self.heads), dim=-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(b, t, c))
        x = x + self.down(F.gelu(self.up(self.norm2(x))))
        return F.linear(x[:, -1], self.words.weight)


def traced(model, x):
    """The aten graph of a model with its tensors as inputs, as torch.export has them."""
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    names = list(tensors)

    def run(*values):
        return stateless.functional_call(model, dict(zip(names, values)), (values[-1],))

    with torch.no_grad():
        graph = make_fx(run)(*[tensor.detach() for tensor in tensors.values()], x).graph
    return names, graph


def meta(tensor):
    ints = lambda values: [{"as_int": value} for value in values]  # noqa: E731
    return {"dtype": SCALAR_TYPES[tensor.dtype], "sizes": ints(tensor.shape), "requires_grad": False,
            "device": {"type": "cpu", "index": None}, "strides": ints(tensor.stride()),
            "storage_offset": {"as_int": tensor.storage_offset()}, "layout": 7}  # fmt: skip


def argument(value, kind):
    if isinstance(value, torch.fx.Node):
        return {"as_tensor": {"name": value.name}}
    if value is None:
        return {"as_none": True}
    if isinstance(value, (list, tuple)):
        if value and isinstance(value[0], torch.fx.Node):
            return {"as_tensors": [{"name": item.name} for item in value]}
        return {"as_floats" if "float" in kind else "as_ints": list(value)}
    if isinstance(value, torch.dtype):
        return {"as_scalar_type": SCALAR_TYPES[value]}
    if isinstance(value, torch.memory_format):
        return {"as_memory_format": 1}
    if isinstance(value, torch.layout):
        return {"as_layout": 7}
    if isinstance(value, torch.device):
        return {"as_device": {"type": value.type, "index": value.index}}
    for type_, form in ((bool, "as_bool"), (int, "as_int"), (float, "as_float"), (str, "as_string")):
        if isinstance(value, type_):
            return {form: value}
    raise TypeError(f"{value!r} of {kind}")


def part(node, at):
    """The name of a result: its getitem node, or, where nothing reads it, one that says so."""
    users = [user for user in node.users if user.target is operator.getitem and user.args[1] == at]
    return {"name": users[0].name if users else f"{node.name}_unused_{at}"}


def results(node):
    returns = node.target._schema.returns
    if len(returns) == 1 and str(returns[0].type) == "Tensor":
        return [{"as_tensor": {"name": node.name}}]
    if len(returns) == 1:
        return [{"as_tensors": [part(node, at) for at in range(len(node.users))]}]
    return [{"as_tensor": part(node, at)} for at in range(len(returns))]


def serialized(node):
    schema = node.target._schema.arguments
    inputs = [(arg, node.args[at], 1) for at, arg in enumerate(schema) if at < len(node.args)]
    inputs += [(arg, node.kwargs[arg.name], 2) for arg in schema if arg.name in node.kwargs]
    return {
        "target": f"torch.ops.{node.target}",
        "inputs": [{"name": arg.name, "arg": argument(value, str(arg.type)), "kind": kind} for arg, value, kind in inputs],
        "outputs": results(node),
        "metadata": {},
    }


class Values(torch.fx.Interpreter):
    """Runs a graph and keeps every value."""

    def __init__(self, graph):
        super().__init__(torch.fx.GraphModule(nn.Module(), graph))
        self.values = {}

    def run_node(self, node):
        self.values[node.name] = super().run_node(node)
        return self.values[node.name]


def program(model, x):
    names, graph = traced(model, x)
    placeholders = [node for node in graph.nodes if node.op == "placeholder"]
    values = Values(graph)
    values.run(*[model.state_dict()[name] for name in names], x)
    parameters = dict(model.named_parameters())
    specs = []
    for name, node in zip(names, placeholders):
        arg = {"name": node.name}
        if name in parameters:
            specs.append({"parameter": {"arg": arg, "parameter_name": name}})
        else:
            specs.append({"buffer": {"arg": arg, "buffer_name": name, "persistent": True}})
    specs.append({"user_input": {"arg": {"as_tensor": {"name": placeholders[-1].name}}}})
    output = next(node for node in graph.nodes if node.op == "output").args[0]
    returned = {"as_tensor": {"name": output.name}}
    calls = [node for node in graph.nodes if node.op == "call_function" and node.target is not operator.getitem]
    tensors = {name: meta(value) for name, value in values.values.items() if isinstance(value, torch.Tensor)}
    return {
        "graph_module": {
            "graph": {
                "inputs": [{"as_tensor": {"name": node.name}} for node in placeholders],
                "outputs": [returned],
                "nodes": [serialized(node) for node in calls],
                "tensor_values": tensors,
                "sym_int_values": {}, "sym_bool_values": {}, "is_single_tensor_return": True, "custom_obj_values": {},
            },
            "signature": {"input_specs": specs, "output_specs": [{"user_output": {"arg": returned}}]},
            "module_call_graph": [],
            "metadata": {},
        },
        "opset_version": {"aten": 10},
        "range_constraints": {},
        "schema_version": {"major": 8, "minor": 2},
        "torch_version": "2.8.0",
    }  # fmt: skip


def saved(value):
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def flat(model, text):
    return {"serialized_exported_program.json": text, "serialized_state_dict.pt": saved(model.state_dict()),
            "serialized_constants.pt": saved({}), "serialized_example_inputs.pt": b"", "version": "8.2"}  # fmt: skip


def packaged(model, text):
    return {"archive_format": "pt2", "archive_version": "0", "models/model.json": text, "byteorder": "little",
            "data/weights/model.pt": saved(model.state_dict()), "data/constants/model.pt": saved({}),
            "data/sample_inputs/model.pt": saved(((), {})), ".data/serialization_id": "0"}  # fmt: skip


def raw(model, text):
    """Raw storages; tensors that share one are views of one file."""
    config, members, files = {}, {}, {}
    for name, tensor in model.state_dict().items():
        storage = tensor.storage().data_ptr()
        if storage not in files:
            files[storage] = f"weight_{len(files)}"
            whole = torch.empty(0, dtype=tensor.dtype).set_(tensor.storage())
            members[f"data/weights/{files[storage]}"] = whole.numpy().tobytes()
        config[name] = {"path_name": files[storage], "is_param": name in dict(model.named_parameters()),
                        "use_pickle": False, "tensor_meta": meta(tensor)}  # fmt: skip
    return {"archive_format": "pt2", "archive_version": "0", "models/model.json": text, "byteorder": "little",
            "data/weights/model_weights_config.json": json.dumps({"config": config}),
            "data/constants/model_constants_config.json": json.dumps({"config": {}}),
            "data/sample_inputs/model.pt": saved(((), {})), **members}  # fmt: skip


LAYOUTS = {"flat": (flat, ""), "packaged": (packaged, "archive/"), "raw": (raw, "net/")}


def write(path, members, root):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(root + name), content)


def sliced(model):
    """Weights that are views of one storage, one of them not contiguous."""
    storage = torch.randn(200)
    model.head.weight.data = storage[10:130].view(24, 5).t()
    model.head.bias.data = storage[130:135]
    return model


def main():
    torch.set_num_threads(1)
    torch.manual_seed(7)
    OUT.mkdir(exist_ok=True)
    images = sliced(Images().eval())
    for name, tensor in images.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            tensor.uniform_(0.5, 1.5)
    cases = {"images": (images, torch.randn(2, 3, 4, 4)), "tokens": (Tokens().eval(), torch.randint(0, 11, (3, 5)))}
    expected = {}
    for name, (model, x) in cases.items():
        text = json.dumps(program(model, x))
        for layout, (members, root) in LAYOUTS.items():
            write(OUT / f"{name}-{layout}.pt2", members(model, text), root)
        with torch.no_grad():
            y = model(x)
        expected[name] = {key: {"shape": list(t.shape), "values": t.reshape(-1).tolist()} for key, t in (("x", x), ("y", y))}
    (OUT / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
