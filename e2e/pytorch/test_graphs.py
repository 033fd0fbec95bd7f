"""Graphs of functions, methods and constants: export, load, and the same outputs bit for bit."""
import math

import torch
import torch.nn.functional as F
from exporter import ExporterTest, header_of
from torch import fx, nn


class Functional(nn.Module):
    """F.linear on weights of its own: parameters, a buffer, a plain tensor."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(5, 4))
        self.bias = nn.Parameter(torch.randn(5))
        self.register_buffer("scale", torch.rand(5))
        self.register_buffer("hidden", torch.rand(5), persistent=False)
        self.shift = torch.rand(5)

    def forward(self, x):
        x = F.linear(x, self.weight, self.bias) * self.scale
        return F.relu(x + self.hidden) - self.shift + torch.ones(5)


class Attention(nn.Module):
    def __init__(self, width=8, heads=2):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))

    def split(self, x):
        return x.view(x.shape[0], -1, self.heads, x.size(2) // self.heads).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.split(self.q(x)), self.split(self.k(x)), self.split(self.v(x))
        scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(q.size(-1))
        mixed = torch.matmul(F.softmax(scores, dim=-1), v)
        return self.out(mixed.permute(0, 2, 1, 3).contiguous().flatten(2))


def module_of(function, **tensors):
    """A module whose forward is `function(self, x, …)`."""
    body = type("Body", (nn.Module,), {"forward": function})()
    for name, tensor in tensors.items():
        body.register_buffer(name, tensor)
    return body


class Graphs(ExporterTest):
    def test_functional_linear_and_constants(self):
        module = Functional()
        loaded = self.roundTrip(module, torch.randn(3, 4))
        named = {"weight", "bias", "scale", "hidden", "shift", "_tensor_constant0"}
        self.assertEqual(set(loaded.state_dict()), named)
        self.assertEqual(set(header_of(self.path)[0]) - {"__metadata__"}, named)
        self.assertIn("torch.nn.functional.linear", self.targets())
        self.assertFalse(hasattr(module, "_tensor_constant0"))

    def test_attention(self):
        self.roundTrip(Attention(), torch.randn(2, 5, 8))

    def test_functional_convolutions_and_pooling(self):
        def forward(self, x):
            x = F.conv2d(x, self.kernel, padding=1)
            x = F.max_pool2d(F.leaky_relu(x, 0.1), 2)
            return torch.flatten(F.adaptive_avg_pool2d(F.avg_pool2d(x, 2), (1, 2)), 1)

        self.roundTrip(module_of(forward, kernel=torch.randn(4, 3, 3, 3)), torch.randn(2, 3, 8, 8))
        self.assertIn("torch.conv2d", self.targets())
        self.assertIn("torch.nn.functional.avg_pool2d", self.targets())

    def test_cat_stack_split(self):
        def forward(self, x, y):
            first, second = torch.split(torch.cat([x, y], dim=1), [2, 4], dim=1)
            return torch.stack((first, first * 2)), second.chunk(2, 1)

        self.roundTrip(module_of(forward), torch.randn(3, 3), torch.randn(3, 3))

    def test_slices_ellipsis_and_lists(self):
        def forward(self, x):
            a, b = x[..., 1:], x[:, None, ::2]
            return a, b, x[0, 2], x[[0, 2]], x[[0, 2], :, [1, 1]], x[(x > 0)], x[: x.size(0) - 1], x[self.rows]

        model = module_of(forward, rows=torch.tensor([2, 0]))
        self.roundTrip(model, torch.randn(3, 4, 5))

    def test_buffer_cut_to_a_size_of_the_input(self):
        class Positions(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("ids", torch.arange(20).expand((1, -1)))
                self.embedding = nn.Embedding(20, 3)

            def forward(self, x):
                return x + self.embedding(self.ids[:, : x.size(1)])

        loaded = self.roundTrip(Positions(), torch.randn(2, 5, 3))
        self.assertEqual(loaded(torch.randn(2, 7, 3)).shape, (2, 7, 3))

    def test_dtypes_and_devices(self):
        def forward(self, x):
            y = x.to(torch.float64).sum(-1, dtype=torch.float64)
            return y, x.half(), x.to(device=torch.device("cpu")), torch.softmax(x, 1, dtype=torch.float64)

        self.roundTrip(module_of(forward), torch.randn(3, 4))

    def test_dict_and_nested_outputs(self):
        def forward(self, x):
            return {"logits": x * 2, "more": (x + 1, {"deep": -x}), "none": None}

        self.roundTrip(module_of(forward), torch.randn(3, 4))

    def test_optional_arguments(self):
        def forward(self, x, scale: float = 2.5, mask=None):
            return x * scale

        loaded = self.roundTrip(module_of(forward), torch.randn(3, 4))
        self.assertSame(loaded(torch.ones(2), scale=3.0), torch.full((2,), 3.0))

    def test_unpacking(self):
        def forward(self, x):
            rows, columns = x.shape
            (low, places), high = torch.min(x, 1), x.amax(1)
            return x.reshape(columns, rows), low, places, high

        self.roundTrip(module_of(forward), torch.randn(4, 3))

    def test_public_names_of_functions(self):
        def forward(self, x):
            y = F.gelu(x) + F.silu(x) - F.logsigmoid(x) * torch.special.expit(x) / torch.linalg.norm(x)
            y = y + torch.einsum("ij,ij->ij", x, x) @ torch.mm(x, x)
            return F.hardswish(y).add(torch.abs(x)).pow(2), x.T, -x

        self.roundTrip(module_of(forward), torch.randn(4, 4))
        functions = ("gelu", "silu", "logsigmoid", "hardswish")
        expected = {f"torch.nn.functional.{name}" for name in functions}
        expected |= {f"operator.{name}" for name in ("add", "sub", "mul", "truediv", "matmul", "neg")}
        expected |= {"torch.special.expit", "torch.linalg.norm", "torch.einsum", "torch.mm", "torch.abs", "getattr"}
        self.assertEqual(set(self.targets()), expected | {"x", "add", "pow", "output"})

    def test_graph_module_is_taken_as_it_is(self):
        traced = fx.symbolic_trace(Attention())
        self.roundTrip(traced, torch.randn(2, 5, 8))
        self.assertEqual(
            [node["name"] for node in header_of(self.path)[1]["nodes"]], [node.name for node in traced.graph.nodes]
        )

    def test_graph_module_with_foreign_leaves_is_traced_through(self):
        class Opaque(fx.Tracer):
            def is_leaf_module(self, m, module_qualified_name):
                return True

        outer = nn.Sequential(Attention(), nn.Linear(8, 2))
        opaque = fx.GraphModule(outer, Opaque().trace(outer))
        self.assertIn("_0", str(opaque.graph))
        self.roundTrip(opaque, torch.randn(2, 5, 8))
        self.assertIn("torch.matmul", self.targets())
