"""There and back: PyTorch → the studio's core in Node, which equalizes in exact semantics → PyTorch."""
import json
import shutil
import subprocess

import numpy as np
import torch
import torch.nn.functional as F
from exporter import ROOT, ExporterTest, fx_export, spread
from torch import nn

MAX_RELATIVE_ERROR = 1e-5


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(12, 16)
        self.relu = nn.ReLU()
        self.linear2 = nn.Linear(16, 8)
        self.linear3 = nn.Linear(8, 4, bias=False)

    def forward(self, x):
        return self.linear3(F.relu(self.linear2(self.relu(self.linear1(x)))))


class EveryOp(nn.Module):
    """All that the studio computes with, as modules, functions and methods; input [samples, 3, 4]."""

    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.first = nn.Linear(12, 10)
        self.leaky = nn.LeakyReLU(0.2)
        self.drop = nn.Dropout(0.4)
        self.weight = nn.Parameter(torch.randn(10, 10) / 3)
        self.bias = nn.Parameter(torch.randn(10))
        self.second = nn.Linear(10, 6)
        self.identity = nn.Identity()
        self.sigmoid, self.tanh, self.softmax = nn.Sigmoid(), nn.Tanh(), nn.Softmax(dim=-1)
        self.last = nn.Linear(2, 5)
        self.register_buffer("offset", torch.rand(6))

    def forward(self, x):
        x = self.drop(self.leaky(self.first(self.flatten(x))))
        x = x + F.leaky_relu(F.linear(x, self.weight, self.bias), negative_slope=0.05)
        x = self.identity(self.second(F.dropout(x, 0.2, self.training)))
        x = (self.tanh(x) - torch.sigmoid(x) * 0.5) / (self.offset + 2.0)
        x = self.sigmoid(x).reshape(-1, 3, 2)
        return self.softmax(self.last(x).view([-1, 15]))


class Studio(ExporterTest):
    def equalized(self, model, data):
        """The studio's outcome and what PyTorch loads of the studio's file."""
        out, calibration = self.folder / "equalized.safetensors", self.folder / "calibration.npy"
        fx_export.export(model, self.path, data[:4])
        np.save(calibration, data.numpy())
        node = shutil.which("node")
        self.assertIsNotNone(node, "Node 20 or later is needed")
        result = subprocess.run(
            [node, "e2e/pytorch/equalizeFile.mjs", str(self.path), str(calibration), str(out)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=300,
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout), fx_export.load(out)

    def assertSameFunction(self, loaded, model, data):
        with torch.no_grad():
            expected, actual = model.eval()(data), loaded(data)
        self.assertEqual(actual.dtype, expected.dtype)
        error = float((actual - expected).abs().max() / expected.abs().max())
        self.assertLess(error, MAX_RELATIVE_ERROR)

    def assertChanged(self, loaded, model, names):
        before, after = model.state_dict(), loaded.state_dict()
        for name in names:
            self.assertEqual(after[name].shape, before[name].shape)
            self.assertGreater(float((after[name] - before[name]).abs().max()), 1e-3, f"{name} has not changed")

    def test_mlp(self):
        model, data = Mlp(), spread(64, 12)
        outcome, loaded = self.equalized(model, data)
        self.assertEqual(set(outcome["decisions"]), {"linear1", "linear2", "linear3"})
        self.assertIs(outcome["failed"], False)
        self.assertEqual(outcome["decisions"]["linear1"], "mul")
        self.assertSameFunction(loaded, model, spread(100, 12))
        self.assertChanged(loaded, model, ("linear1.weight", "linear2.weight", "linear3.weight"))
        self.assertIn("x_equalization_scale0", loaded.state_dict())

    def test_every_op(self):
        model, data = EveryOp(), spread(48, 3, 4)
        outcome, loaded = self.equalized(model, data)
        self.assertIs(outcome["failed"], False)
        self.assertSameFunction(loaded, model, spread(50, 3, 4))
        self.assertChanged(loaded, model, ("first.weight", "weight"))

    def test_what_came_back_goes_round_again(self):
        model, data = Mlp(), spread(64, 12)
        _, loaded = self.equalized(model, data)
        outcome, again = self.equalized(loaded, data)
        self.assertIs(outcome["failed"], False)
        self.assertSameFunction(again, model, spread(100, 12))
