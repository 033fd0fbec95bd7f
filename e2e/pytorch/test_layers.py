"""Networks of torch.nn modules: export, load, and the same outputs bit for bit."""
import torch
import torch.nn.functional as F
from exporter import ExporterTest, fx_export, header_of
from torch import nn


def trained(module, *inputs):
    """Running statistics away from their start, so that losing them shows."""
    with torch.no_grad():
        for _ in range(3):
            module.train()(*inputs)
    return module


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.block = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))

    def forward(self, x):
        return F.relu(x + self.block(x))


class Layers(ExporterTest):
    def test_mlp(self):
        class Mlp(nn.Module):
            def __init__(self):
                super().__init__()
                self.linear1 = nn.Linear(6, 8)
                self.relu = nn.ReLU()
                self.linear2 = nn.Linear(8, 3, bias=False)

            def forward(self, x):
                return self.linear2(self.relu(self.linear1(x)))

        model = Mlp()
        loaded = self.roundTrip(model, torch.randn(5, 6))
        self.assertEqual(list(loaded.state_dict()), list(model.state_dict()))
        self.assertEqual(
            header_of(self.path)[1]["modules"]["linear2"],
            {"type": "torch.nn.Linear", "attrs": {"in_features": 8, "out_features": 3, "bias": False}},
        )

    def test_sequential_in_sequential(self):
        activations = [nn.LeakyReLU(0.2), nn.Sigmoid(), nn.Tanh(), nn.Softmax(dim=-1), nn.Identity(), nn.GELU()]
        model = nn.Sequential(nn.Linear(4, 4), nn.Sequential(*activations), nn.Hardtanh(-0.5, 0.5), nn.PReLU(4))
        self.roundTrip(model, torch.randn(3, 4))
        self.assertIn("1.3", self.targets())

    def test_residual(self):
        self.roundTrip(nn.Sequential(Residual(5), Residual(5)), torch.randn(4, 5))

    def test_conv1d(self):
        model = nn.Sequential(
            nn.Conv1d(3, 6, 3, padding="same"), nn.BatchNorm1d(6), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten()
        )
        x = torch.randn(2, 3, 8)
        self.roundTrip(trained(model, x), x)

    def test_conv2d(self):
        model = nn.Sequential(
            nn.Conv2d(3, 6, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(6),
            nn.ReLU6(inplace=True),
            nn.Conv2d(6, 6, (3, 1), groups=6, dilation=2, padding=2, padding_mode="reflect"),
            nn.AvgPool2d(2),
            nn.AdaptiveAvgPool2d((None, 1)),
            nn.Flatten(),
            nn.Linear(24, 4),
        )
        x = torch.randn(2, 3, 16, 16)
        self.roundTrip(trained(model, x), x)

    def test_conv3d_and_transposed(self):
        model = nn.Sequential(
            nn.Conv3d(2, 4, 3, padding=1),
            nn.BatchNorm3d(4, momentum=None),
            nn.MaxPool3d((1, 2, 2)),
            nn.ConvTranspose3d(4, 2, 2, stride=2, output_padding=1),
        )
        x = torch.randn(1, 2, 4, 6, 6)
        self.roundTrip(trained(model, x), x)

    def test_norms(self):
        model = nn.Sequential(
            nn.LayerNorm([4, 6], eps=1e-3),
            nn.LayerNorm(6, elementwise_affine=False),
            nn.GroupNorm(2, 4),
            nn.InstanceNorm1d(4, affine=True, track_running_stats=True),
        )
        x = torch.randn(3, 4, 6)
        self.roundTrip(trained(model, x), x)

    def test_embedding(self):
        model = nn.Sequential(nn.Embedding(11, 4, padding_idx=0), nn.Linear(4, 2))
        self.roundTrip(model, torch.randint(0, 11, (3, 5)))

    def test_dropout_is_exported_for_inference(self):
        class Twice(nn.Module):
            def __init__(self):
                super().__init__()
                self.drop = nn.Dropout(0.5)

            def forward(self, x):
                return F.dropout(self.drop(x), 0.3, training=self.training)

        self.roundTrip(Twice().train(), torch.randn(4, 9))
        dropout = header_of(self.path)[1]["nodes"][2]
        self.assertIs(dropout["kwargs"]["training"], False)

    def test_module_called_twice(self):
        class Shared(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)
                self.same = self.fc

            def forward(self, x):
                return self.fc(torch.tanh(self.same(x)))

        self.roundTrip(Shared(), torch.randn(3, 4))
        _, graph = header_of(self.path)
        self.assertEqual(self.targets(), ["x", "fc", "torch.tanh", "fc", "output"])
        self.assertEqual(list(graph["modules"]), ["fc"])

    def test_tied_weights_stand_under_every_name(self):
        class Tied(nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = nn.Embedding(7, 4)
                self.head = nn.Linear(4, 7)
                self.head.weight = self.embedding.weight

            def forward(self, x):
                x = self.embedding(x)
                return self.head(x), F.linear(x, self.head.weight)

        loaded = self.roundTrip(Tied(), torch.randint(0, 7, (2, 3)))
        self.assertEqual(set(loaded.state_dict()), {"embedding.weight", "head.weight", "head.bias"})
        header, _ = header_of(self.path)
        self.assertEqual(header["head.weight"]["shape"], header["embedding.weight"]["shape"])
        self.assertNotEqual(header["head.weight"]["data_offsets"], header["embedding.weight"]["data_offsets"])
        self.assertEqual(header["__metadata__"]["tied"], '[["embedding.weight","head.weight"]]')

    def test_learns_on(self):
        """What is loaded has parameters where the module had them."""
        self.roundTrip(nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)), torch.randn(4, 3))
        loaded = fx_export.load(self.path)
        loaded(torch.randn(4, 3)).sum().backward()
        self.assertEqual(len([p for p in loaded.parameters() if p.grad is not None]), 4)
