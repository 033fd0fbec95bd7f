"""Networks by both ways into the studio: PyTorch's ONNX exporter and fx_export.py. Each must come out right, and the two must agree."""
import json
import shutil
import subprocess
import warnings

import networks
import numpy as np
import torch
from exporter import ROOT, ExporterTest, fx_export
from networks import trained

MAX_RELATIVE_ERROR = 1e-4


class BothWays(ExporterTest):
    def check(self, model, data_of, opset, layers, same_grids=True):
        model, data = trained(model), data_of(8)
        onnx, calibration = self.folder / "network.onnx", self.folder / "calibration.npz"
        fx_export.export(model, self.path, tuple(tensor[:2] for tensor in data.values()))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model, tuple(tensor[:2] for tensor in data.values()), str(onnx), opset_version=opset,
                input_names=list(data), output_names=["y"],
                dynamic_axes={name: {0: "batch"} for name in [*data, "y"]},
            )  # fmt: skip
        np.savez(calibration, **{name: tensor.numpy() for name, tensor in data.items()})
        outcome = self.run_studio(self.path, onnx, calibration)
        self.assertAgree(outcome, layers)
        if same_grids:
            self.assertSameQuality(outcome)
        self.assertLess(outcome["exportError"], MAX_RELATIVE_ERROR)
        self.assertSameFunction(fx_export.load(self.folder / "equalized.safetensors"), model, data_of(5))

    def run_studio(self, *files):
        node = shutil.which("node")
        self.assertIsNotNone(node, "Node 20 or later is needed")
        result = subprocess.run(
            [node, "e2e/pytorch/equalizeBoth.mjs", *map(str, files), str(self.folder)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=300,
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout.splitlines()[-1])

    def assertAgree(self, outcome, layers):
        """The same layers in the same order, whatever the files call them: decisions and scales."""
        fx, onnx = outcome["fx"], outcome["onnx"]
        self.assertEqual([fx["failed"], onnx["failed"]], [False, False])
        self.assertEqual(len(fx["layers"]), layers)
        self.assertEqual(
            [layer["decision"] for layer in onnx["layers"]], [layer["decision"] for layer in fx["layers"]]
        )
        for one, other in zip(fx["layers"], onnx["layers"]):
            np.testing.assert_allclose(other["scale"], one["scale"], rtol=1e-3, err_msg=one["name"])

    def assertSameQuality(self, outcome):
        for kind in ("plain", "equalized"):
            self.assertAlmostEqual(outcome["onnx"]["sqnr"][kind], outcome["fx"]["sqnr"][kind], delta=1)

    def assertSameFunction(self, loaded, model, data):
        with torch.no_grad():
            expected, actual = model(*data.values()), loaded(*data.values())
        error = float((actual - expected).abs().max() / expected.abs().max())
        self.assertLess(error, MAX_RELATIVE_ERROR)

    def test_resnet(self):
        self.check(networks.ResNet(), networks.images, 13, layers=11)

    def test_mobilenet(self):
        self.check(networks.MobileNet(), networks.images, 14, layers=16)

    def test_encoder_13(self):
        # Before opset 17 a LayerNorm is written out, and the sums in it are quantized one by one.
        self.check(networks.Encoder(), networks.sentences, 13, layers=14, same_grids=False)

    def test_encoder_17(self):
        self.check(networks.Encoder(), networks.sentences, 17, layers=14)
