"""The file itself, the module that it was made from, and what is refused."""
import struct

import torch
import torch.nn.functional as F
from exporter import ExporterTest, fx_export, header_of
from torch import fx, nn

DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
    "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}  # fmt: skip


class Constants(nn.Module):
    """Returns its buffers beside the input, so that each is named by a get_attr node."""

    def __init__(self, **tensors):
        super().__init__()
        self.names = list(tensors)
        for name, tensor in tensors.items():
            self.register_buffer(name, tensor)

    def forward(self, x):
        return [x, *(getattr(self, name) for name in self.names)]


class File(ExporterTest):
    def test_every_dtype_as_it_is(self):
        tensors = {code.lower(): torch.tensor([[0, 1, 2], [1, 0, 3]]).to(dtype) for code, dtype in DTYPES.items()}
        module = Constants(**tensors)
        fx_export.export(module, self.path)
        header, _ = header_of(self.path)
        for code, tensor in tensors.items():
            self.assertEqual((header[code]["dtype"], header[code]["shape"]), (code.upper(), [2, 3]))
            self.assertSame(fx_export.load(self.path).state_dict()[code], tensor)

    def test_strided_empty_and_scalar_tensors(self):
        base = torch.randn(4, 6)
        tensors = {"strided": base[::2, ::3], "transposed": base.T, "expanded": base[:1].expand(3, 6)}
        tensors.update(empty=torch.empty(0, 3), scalar=torch.tensor(2.5))
        fx_export.export(Constants(**tensors), self.path)
        for name, tensor in fx_export.load(self.path).state_dict().items():
            self.assertSame(tensor, tensors[name])

    def test_layout(self):
        fx_export.export(nn.Sequential(nn.Linear(3, 2)), self.path)
        data = self.path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header, _ = header_of(self.path)
        self.assertEqual((length % 8, data[8:9], header["__metadata__"]["format"]), (0, b"{", "pt"))
        ends = [entry["data_offsets"] for name, entry in header.items() if name != "__metadata__"]
        self.assertEqual(ends, [[0, 24], [24, 32]])
        self.assertEqual(len(data), 8 + length + 32)

    def test_tensors_that_no_node_reads_are_kept(self):
        module = nn.Sequential(nn.Linear(3, 2))
        module.register_buffer("spare", torch.ones(2))
        fx_export.export(module, self.path)
        self.assertIn("spare", header_of(self.path)[0])

    def test_parameters_and_buffers_come_back_as_they_were(self):
        module = Constants(kept=torch.ones(2))
        module.weight, module.fc = nn.Parameter(torch.ones(3)), nn.Linear(3, 2)
        fx_export.export(module, self.path)
        self.assertEqual(header_of(self.path)[0]["__metadata__"]["parameters"], '["fc.bias","fc.weight","weight"]')
        loaded = fx_export.load(self.path)
        self.assertEqual([name for name, _ in loaded.named_buffers()], ["kept"])
        fx_export.export(nn.Sequential(nn.Linear(3, 2)), self.path)  # a module's own are known from its type
        self.assertNotIn("parameters", header_of(self.path)[0]["__metadata__"])

    def test_the_module_stays_as_it_is(self):
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout())
                self.register_buffer("calls", torch.zeros(()))
                self.last = None

            def forward(self, x):
                self.calls += 1
                self.last = x
                return self.body(x) + torch.ones(3)

        model = Model().train()
        model.body[1].eval()
        flags = [part.training for part in model.modules()]
        state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        attributes = set(vars(model))
        random = torch.get_rng_state()
        fx_export.export(model, self.path, torch.randn(4, 3, generator=torch.Generator().manual_seed(1)))
        self.assertTrue(torch.equal(torch.get_rng_state(), random))
        self.assertEqual([part.training for part in model.modules()], flags)
        self.assertEqual(set(vars(model)), attributes)
        self.assertIsNone(model.last)
        self.assertSame(dict(model.state_dict()), state)

    def test_example_inputs_are_compared(self):
        class Flips(nn.Module):
            """What tracing records is not what the second call does."""

            calls = 0

            def forward(self, x):
                Flips.calls += 1
                return x if Flips.calls % 2 else -x

        with self.assertRaisesRegex(fx_export.FxFileError, "(?s)does not compute what the module does.* not close"):
            fx_export.export(Flips(), self.path, (torch.ones(3),))
        self.assertFalse(self.path.exists())


class Refusals(ExporterTest):
    def test_control_flow_on_data(self):
        class Gate(nn.Module):
            def forward(self, x):
                if x.sum() > 0:
                    return x
                return -x

        message = self.refusal(Gate())
        self.assertRegex(message, r"Tracing Gate failed at .*test_file\.py:\d+, 'if x.sum\(\) > 0:'")
        self.assertRegex(message, "torch.where.*torch.onnx.export")

    def test_recurrent_layers(self):
        class Recurrent(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(3, 4)

            def forward(self, x):
                return self.rnn(x)[0]

        self.assertRegex(self.refusal(Recurrent()), r"Node 'rnn' \(call_module rnn\): torch.nn.LSTM is not made from")

    def test_modules_that_attributes_do_not_describe(self):
        class Attends(nn.Module):
            def __init__(self):
                super().__init__()
                self.attention = nn.MultiheadAttention(4, 2, bias=False)

            def forward(self, x):
                return self.attention(x, x, x)[0]

        class Distance(nn.Module):
            def __init__(self):
                super().__init__()
                self.distance = nn.PairwiseDistance(p=1.0)

            def forward(self, x, y):
                return self.distance(x, y)

        self.assertRegex(self.refusal(Attends()), "Node 'attention'.*MultiheadAttention made again from .* differs in")
        self.assertRegex(self.refusal(Distance()), "PairwiseDistance made again from .* differs in norm")

    def test_weight_norm_and_hooks(self):
        normed = nn.Sequential(nn.utils.weight_norm(nn.Linear(3, 2)))
        self.assertRegex(self.refusal(normed), "Node '_0'.*hooks")
        hooked = nn.Sequential(nn.Linear(3, 2))
        hooked[0].register_forward_hook(lambda module, inputs, output: output * 2)
        self.assertRegex(self.refusal(hooked), "Node '_0'.*torch.nn.Linear has forward hooks.*remove")

    def test_arguments_without_a_form(self):
        class Masked(nn.Module):
            def forward(self, x, mask):
                return x.masked_fill(mask, float("-inf"))

        class Strided(nn.Module):
            def forward(self, x):
                return x.contiguous(memory_format=torch.channels_last)

        self.assertRegex(self.refusal(Masked()), r"Node 'masked_fill' \(call_method masked_fill\): the argument -inf")
        self.assertRegex(self.refusal(Strided()), "Node 'contiguous'.*channels_last")

    def test_functions_without_a_public_name(self):
        graph = fx.Graph()
        graph.output(graph.call_function(header_of, (graph.placeholder("x"),)))
        message = self.refusal(fx.GraphModule(nn.Module(), graph))
        self.assertRegex(message, r"Node 'header_of' \(call_function .*\): it calls no public function")

    def test_tensors_without_a_form(self):
        complex_module = Constants(spectrum=torch.zeros(2, dtype=torch.complex64))
        self.assertRegex(self.refusal(complex_module), "Tensor 'spectrum' .*complex64")

    def test_files_that_are_none(self):
        self.path.write_bytes(b"not a model")
        self.assertRaisesRegex(fx_export.FxFileError, "is not an FX model file", fx_export.load, self.path)
        fx_export.export(nn.Sequential(nn.Linear(3, 2)), self.path)
        whole = self.path.read_bytes()
        for broken, problem in (
            (whole[:-1], "'0.bias' does not fit its bytes"),
            (whole.replace(b'"fx":', b'"gx":'), "KeyError: 'fx'"),
            (whole.replace(b'version\\":1', b'version\\":2'), "version 2; this reader knows 1"),
            (whole.replace(b"in_features", b"on_features"), "module '0': .*on_features"),
            (whole.replace(b"nn.Linear", b"nn.Loader"), "module '0': 'torch.nn.Loader' is not a public torch.nn module"),
            (whole.replace(b'"0.bias"', b'"0.bios"'), "has no tensor '0.bias'"),
            (whole.replace(b'"shape":[2,3]', b'"shape":[3,2]'), r"Tensor '0.weight' of shape \[3, 2\] does not fit"),
            (whole.replace(b'{\\"node\\":\\"input_1\\"}', b'{\\"node\\":\\"inputt1\\"}'), "node '_0' .*inputt1"),
        ):
            self.assertNotEqual(broken, whole)
            self.path.write_bytes(broken)
            with self.assertRaisesRegex(fx_export.FxFileError, problem):
                fx_export.load(self.path)

    def test_functions_that_a_graph_may_not_call(self):
        def forward(self, x):
            return F.relu(x)

        fx_export.export(type("Body", (nn.Module,), {"forward": forward})(), self.path)
        whole = self.path.read_bytes()
        self.path.write_bytes(whole.replace(b"torch.nn.functional.relu", b"torch.serialization.load"))
        with self.assertRaisesRegex(fx_export.FxFileError, "node 'relu' .call_function torch.serialization.load"):
            fx_export.load(self.path)
