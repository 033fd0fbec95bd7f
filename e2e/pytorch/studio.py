"""What the tests of the way there and back share: PyTorch → the studio's core in Node, which equalizes → PyTorch."""
import json
import shutil
import subprocess

import numpy as np
import torch
from exporter import ROOT, ExporterTest, fx_export

MAX_RELATIVE_ERROR = 1e-5


class StudioTest(ExporterTest):
    semantics = "exact"

    def equalized(self, model, data):
        """The studio's outcome and what PyTorch loads of the studio's file."""
        out, calibration = self.folder / "equalized.safetensors", self.folder / "calibration.npy"
        fx_export.export(model, self.path, data[:4])
        np.save(calibration, data.numpy())
        node = shutil.which("node")
        self.assertIsNotNone(node, "Node 20 or later is needed")
        result = subprocess.run(
            [node, "e2e/pytorch/equalizeFile.mjs", self.semantics, str(self.path), str(calibration), str(out)],
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
