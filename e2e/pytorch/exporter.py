"""What the tests of the exporter share. They run with: /usr/bin/python3 -m unittest discover -s e2e/pytorch"""
import json
import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True  # public/ is served as it is, __pycache__ and all
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "public"))
import fx_export  # noqa: E402
import torch  # noqa: E402


def header_of(path):
    """(header, graph) of a file, read without the exporter's reader."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    return header, json.loads(header["__metadata__"]["fx"])


def spread(*shape):
    """Normal values whose last axis spreads over two decades."""
    return torch.randn(*shape) * torch.logspace(-1, 1, shape[-1])


class ExporterTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(7)
        torch.set_num_threads(1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "model.safetensors"

    def assertSame(self, actual, expected):
        """Bit for bit, structure and types included."""
        self.assertIs(type(actual), type(expected))
        if isinstance(expected, torch.Tensor):
            self.assertEqual((actual.dtype, actual.shape), (expected.dtype, expected.shape))
            self.assertTrue(torch.equal(actual, expected), f"{actual} is not {expected}")
        elif isinstance(expected, dict):
            self.assertEqual(list(actual), list(expected))
            for key in expected:
                self.assertSame(actual[key], expected[key])
        elif isinstance(expected, (list, tuple)):
            self.assertEqual(len(actual), len(expected))
            for one, other in zip(actual, expected):
                self.assertSame(one, other)
        else:
            self.assertEqual(actual, expected)

    def roundTrip(self, module, *inputs):
        """Export, load: the outputs of the module in eval mode, and the same file at a second export. Gives what was loaded."""
        fx_export.export(module, self.path)
        loaded = fx_export.load(self.path)
        was = module.training
        with torch.no_grad():
            self.assertSame(loaded(*inputs), module.eval()(*inputs))
        module.train(was)
        again = self.folder / "again.safetensors"
        fx_export.export(loaded, again)
        self.assertEqual(header_of(again)[1], header_of(self.path)[1])
        return loaded

    def targets(self):
        return [node["target"] for node in header_of(self.path)[1]["nodes"]]

    def refusal(self, module):
        """The message of the error that exporting gives; nothing may be written."""
        with self.assertRaises(fx_export.FxFileError) as caught:
            fx_export.export(module, self.path)
        self.assertFalse(self.path.exists())
        return str(caught.exception)
