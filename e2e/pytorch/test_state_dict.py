"""Weights (.pt): what the studio writes, torch.load takes without running anything, and the user's own module loads."""
import json
import shutil
import subprocess
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
from exporter import ROOT, ExporterTest, fx_export, spread
from torch import nn


class Folds(nn.Module):
    """A BatchNorm, tied Linears and a buffer of whole numbers."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 6)
        self.out = nn.Linear(6, 4)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        return self.out(F.relu(self.fc(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))))


class StateDictTest(ExporterTest):
    def written(self, model, data, step):
        out, calibration = self.folder / "weights.pt", self.folder / "calibration.npy"
        fx_export.export(model.eval(), self.path, data[:2])
        np.save(calibration, data.numpy())
        result = subprocess.run(
            [shutil.which("node"), "e2e/pytorch/exportFile.mjs", "pt", step, str(self.path), str(calibration), str(out)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=300,
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        return out, json.loads(result.stdout)

    def test_as_opened_it_is_the_state_dict_bit_for_bit(self):
        model, data = Folds(), torch.randn(16, 3, 8, 8)
        path, _ = self.written(model, data, "load")
        loaded = torch.load(path, weights_only=True)
        for name, tensor in loaded.items():
            self.assertTrue(torch.equal(tensor, model.state_dict()[name].to(tensor.dtype)), name)
        Folds().load_state_dict(loaded)

    def test_storages_are_aligned(self):
        path, _ = self.written(Folds(), torch.randn(16, 3, 8, 8), "load")
        data = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            for info in archive.infolist():
                at = info.header_offset
                start = at + 30 + int.from_bytes(data[at + 26 : at + 28], "little")
                start += int.from_bytes(data[at + 28 : at + 30], "little")
                self.assertEqual(start % 64, 0, info.filename)

    def test_equalized_it_computes_the_same_in_the_users_module_where_all_folds(self):
        model, data = Folds(), torch.randn(16, 3, 8, 8)
        path, decisions = self.written(model, data, "equalize")
        loaded = torch.load(path, weights_only=True)
        missing, extra = Folds().load_state_dict(loaded, strict=False)
        self.assertEqual(missing, [])
        muls = [name for name, decision in decisions.items() if decision == "mul"]
        self.assertEqual(len(extra), len(muls), (extra, decisions))
        if not muls:
            own = Folds().eval()
            own.load_state_dict(loaded)
            with torch.no_grad():
                self.assertLess(float((own(data) - model(data)).abs().max()), 1e-5)

    def test_linears_with_spread_columns(self):
        model = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4))
        path, decisions = self.written(model, spread(64, 6), "equalize")
        loaded = torch.load(path, weights_only=True)
        scales = [name for name in loaded if "equalization_scale" in name]
        self.assertEqual(len(scales), sum(decision == "mul" for decision in decisions.values()))
        self.assertGreater(len(scales), 0)
        self.assertEqual(model.load_state_dict(loaded, strict=False).missing_keys, [])
