"""python fx_export.py package.file:factory out.safetensors"""
import subprocess
import sys

import torch
from exporter import ROOT, ExporterTest, fx_export

MODELS = """
import torch
from torch import nn

def make():
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(3, 2), nn.ReLU())

instance = make()
number = 5

class Zoo:
    def broken(self):
        raise ValueError("unused")

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc(x)
"""


class Command(ExporterTest):
    def setUp(self):
        super().setUp()
        (self.folder / "zoo").mkdir()
        (self.folder / "zoo" / "models.py").write_text(MODELS)

    def run_command(self, *arguments):
        script = str(ROOT / "public" / "fx_export.py")
        return subprocess.run(
            [sys.executable, script, *arguments], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True,
        )  # fmt: skip

    def refused(self, *arguments):
        result = self.run_command(*arguments)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertNotIn("Traceback", result.stderr)
        return result.stderr

    def test_factory_instance_and_class(self):
        for name, nodes in (("make", 4), ("instance", 4), ("Net", 3)):
            result = self.run_command(f"zoo.models:{name}", "out.safetensors")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(result.stdout, f"out.safetensors: {nodes} nodes\n")
            self.assertEqual(fx_export.load(self.folder / "out.safetensors")(torch.ones(1, 3)).shape, (1, 2))

    def test_load_state(self):
        state = {"fc.weight": torch.full((2, 3), 0.5), "fc.bias": torch.ones(2)}
        torch.save(state, self.folder / "state.pt")
        result = self.run_command("zoo.models:Net", "out.safetensors", "--load-state", "state.pt")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertSame(dict(fx_export.load(self.folder / "out.safetensors").state_dict()), state)

    def test_help(self):
        result = self.run_command("--help")
        self.assertEqual(result.returncode, 0)
        for word in ("factory", "out", "--load-state", "package.file:name"):
            self.assertIn(word, result.stdout)

    def test_mistakes_are_said_in_one_line(self):
        self.assertRegex(self.refused("zoo.missing:make", "o"), "fx_export: .*zoo.missing.*No module named")
        self.assertRegex(self.refused("zoo.models:absent", "o"), "has no attribute 'absent'")
        self.assertRegex(self.refused("zoo.models", "o"), "package.file:name")
        self.assertRegex(self.refused("zoo.models:number", "o"), "gives a int; a torch.nn.Module is needed")
        self.assertRegex(self.refused("zoo.models:make", "missing/o"), "No such file or directory: 'missing/o'")
        torch.save({"fc.weight": torch.ones(2, 3)}, self.folder / "part.pt")
        self.assertRegex(self.refused("zoo.models:Net", "o", "--load-state", "part.pt"), 'Missing key.*"fc.bias"')
        (self.folder / "text.pt").write_text("no pickle")
        self.assertRegex(self.refused("zoo.models:Net", "o", "--load-state", "text.pt"), "fx_export: ")
